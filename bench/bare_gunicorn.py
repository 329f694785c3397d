"""gunicorn for the bare limits: the deployed settings, without the product's own start-up."""

import runpy
from pathlib import Path

deployed = runpy.run_path(str(Path(__file__).resolve().parents[1] / "deploy" / "gunicorn.conf.py"))
plain = {name: value for name, value in deployed.items() if isinstance(value, str | int)}
globals().update({name: value for name, value in plain.items() if not name.startswith("_")})
