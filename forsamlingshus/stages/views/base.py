"""What the pages of this slice share."""

from typing import Any

from flask import Blueprint, request

from forsamlingshus.kernel import i18n
from forsamlingshus.kernel.requests import small_number
from forsamlingshus.kernel.sender import Change

blueprint = Blueprint("stages", __name__)


def changes(version: int, missed: list[Change]) -> dict[str, Any]:
    """Changes as JSON for the page's script, as the live push would have said them."""
    language = i18n.language()
    rows = [
        {"action": change.action, "target": change.target, "parent": change.parent, "html": change.render(language)}
        for change in missed
    ]
    return {"version": version, "changes": rows}


def asked_version() -> int:
    """The version that the page has, of `?efter=N`."""
    return small_number(request.args.get("efter")) or 0


def number(name: str, default: int | None = None) -> int | None:
    """A small whole number of the form or address; `default` for anything else."""
    found = small_number(request.values.get(name))
    return default if found is None else found
