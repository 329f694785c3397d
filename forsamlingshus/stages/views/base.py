"""What the pages of this slice share."""

from typing import Any

from flask import Blueprint, abort, request
from sqlalchemy.orm import Session

from forsamlingshus.kernel import i18n, permissions
from forsamlingshus.kernel.addresses import small_number
from forsamlingshus.kernel.sender import Change
from forsamlingshus.stages import queries, rules
from forsamlingshus.stages.models import Stage

blueprint = Blueprint("stages", __name__)

CONTROL = "/styring/<int:year>/<string:slug>/live"
"""The address of a control view, below which all its presses lie."""


def steered(session: Session, year: int, slug: str) -> Stage:
    """The stage that is steered from there, by somebody who may."""
    stage = queries.stage_steered_at(session, f"/styring/{year}/{slug}/live") or abort(404)
    permissions.demand(rules.may_steer(permissions.who(), stage))
    return stage


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
