"""Writes tests/contracts/routes.json anew: `python -m tests.contracts.routes`. Review the difference."""

import json
from pathlib import Path

FILE = Path(__file__).with_name("routes.json")


def routes(app):
    """Each route as the list keeps it: methods, access, and whether a POST needs a token."""
    from forsamlingshus.kernel.web import NO_CSRF

    found = {}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        entry = {
            "endpoint": rule.endpoint,
            "methods": sorted(rule.methods - {"HEAD", "OPTIONS"}),
            "access": getattr(view, "access", None),
        }
        if rule.endpoint in NO_CSRF:
            entry["no_csrf"] = True
        found[f"{rule.rule} {'/'.join(entry['methods'])}"] = entry
    return dict(sorted(found.items()))


def main():
    import tempfile

    from forsamlingshus.app import create_app

    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"FORSAMLINGSHUS_DATA_DIR": folder}, immediate_jobs=True)
        FILE.write_text(json.dumps(routes(app), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
