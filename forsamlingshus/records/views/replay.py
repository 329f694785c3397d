"""The replay of a meeting or workshop: one page that needs no script, linkable to each of its minutes."""

import re
from typing import Any

from flask import abort, render_template, request
from markupsafe import Markup
from sqlalchemy.orm import Session

from forsamlingshus.kernel import db, i18n, pages, web
from forsamlingshus.kernel.html import trusted
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import PUBLIC, access
from forsamlingshus.meetings import queries as meetings
from forsamlingshus.polls import rules as polls
from forsamlingshus.records import queries
from forsamlingshus.records.queries import Replay
from forsamlingshus.records.views.base import blueprint
from forsamlingshus.stages import queries as stages
from forsamlingshus.stages.models import Stage

_kept: pages.Cache[tuple[Replay, Markup]] = pages.Cache(40)
_CLOCK = re.compile(r"\s*(\d{1,2})\s*[.: ]?\s*([0-5]\d)\s*")


@blueprint.get("/budget/<int:year>/borgermoede/genhoer")
@access(PUBLIC)
def plenary_replay(year: int) -> Any:
    """The plenary of the citizen meeting, as it went."""
    return _page(year, f"/budget/{year}/borgermoede")


@blueprint.get("/budget/<int:year>/temaer/<string:slug>/genhoer")
@access(PUBLIC)
def workshop_replay(year: int, slug: str) -> Any:
    """A workshop, as it went."""
    return _page(year, f"/budget/{year}/temaer/{slug}")


def _page(year: int, place_path: str) -> Any:
    """The page; with ?kl=18.43 on to that minute. While the meeting goes on there is only the live page."""
    session = db.session()
    stage = stages.stage_at(session, f"{place_path}/live") or abort(404)
    if stage.closed_at is None:
        return web.see_other(stage.path)
    found, body = _rendered(session, stage)
    wanted, fault = request.args.get("kl", "").strip()[:20], ""
    if wanted:
        clock = _CLOCK.fullmatch(wanted)
        if clock and int(clock[1]) < 24:
            return web.see_other(f"{request.path}#{found.anchor_at(int(clock[1]), int(clock[2]))}")
        fault = _("Write an hour such as 18.43")
    page = render_template(
        "records/replay.html",
        stage=stage,
        replay=found,
        body=body,
        others=meetings.stages_over(session, year),
        wanted=wanted,
        fault=fault,
    )
    return page, 422 if fault else 200


def _rendered(session: Session, stage: Stage) -> tuple[Replay, Markup]:
    """The replay and its HTML, kept until one of its posts, decks or moments changes; the same for every reader."""
    language = i18n.language()
    key = (language, *queries.fingerprint(session, stage))

    def make() -> tuple[Replay, Markup]:
        found = queries.replay(session, stage)
        body = pages.partial(
            "records/_replay.html", language, replay=found, stage=stage, bars=polls.bars, average=polls.average
        )
        return found, trusted(body)

    return _kept.get_or(key, make)
