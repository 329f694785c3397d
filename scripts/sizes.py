"""Holds files, functions, templates and scripts to their sizes: `python scripts/sizes.py` prints what is too long."""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIMITS = {"module": 320, "function": 60, "template": 130, "script": 260, "scripts in all": 1500, "readme": 110}


def lines(path: Path) -> int:
    """The lines of a file."""
    return path.read_text(encoding="utf-8").count("\n")


def functions(path: Path) -> list[tuple[str, int]]:
    """Name and length in lines of each function of a module, nested ones included."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [(node.name, (node.end_lineno or 0) - node.lineno + 1) for node in ast.walk(tree) if isinstance(node, kinds)]


def main() -> int:
    """Print each breach and the figures; 1 when there is a breach."""
    breaches: list[str] = []
    modules = sorted((ROOT / "forsamlingshus").rglob("*.py"))
    for path in modules:
        if lines(path) > LIMITS["module"]:
            breaches.append(f"{path.relative_to(ROOT)}: {lines(path)} lines")
        breaches += [
            f"{path.relative_to(ROOT)}: {name}() has {length} lines"
            for name, length in functions(path)
            if length > LIMITS["function"]
        ]
    templates = sorted((ROOT / "templates").rglob("*.html"))
    breaches += [f"{p.relative_to(ROOT)}: {lines(p)} lines" for p in templates if lines(p) > LIMITS["template"]]
    scripts = sorted((ROOT / "static" / "js").glob("*.js"))
    breaches += [f"{p.relative_to(ROOT)}: {lines(p)} lines" for p in scripts if lines(p) > LIMITS["script"]]
    in_all = sum(lines(p) for p in scripts)
    if in_all > LIMITS["scripts in all"]:
        breaches.append(f"static/js: {in_all} lines in all")
    if lines(ROOT / "README.md") > LIMITS["readme"]:
        breaches.append(f"README.md: {lines(ROOT / 'README.md')} lines")
    for breach in breaches:
        print(f"too long  {breach}")
    middle = sorted(lines(p) for p in modules)
    median = middle[len(middle) // 2]
    print(f"{len(modules)} modules, median {median} lines; {len(templates)} templates; {in_all} lines of script")
    return int(bool(breaches))


if __name__ == "__main__":
    sys.exit(main())
