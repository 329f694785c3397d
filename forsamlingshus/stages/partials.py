"""The pieces of HTML that the pages of a stage and live push share; read afresh when sent, so never too old."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from forsamlingshus.discussions import partials as discussions
from forsamlingshus.discussions import queries as question_queries
from forsamlingshus.discussions import rules as question_rules
from forsamlingshus.discussions.models import Post, PostKind
from forsamlingshus.discussions.queries import Personal
from forsamlingshus.kernel import clock, db, html, i18n, pages
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.kernel.sender import Change, Render
from forsamlingshus.slides import partials as slides
from forsamlingshus.slides import queries as slide_queries
from forsamlingshus.stages import queries
from forsamlingshus.stages.models import Stage


def frame_of(stage: Stage) -> slides.Frame:
    """The live page, as the parts of a presentation are told of it."""
    return slides.Frame(f"stage-{stage.id}", f"{stage.path}?slide=", stage.path, stage.path)


def scene_values(session: Session, stage: Stage, no: int | None = None) -> dict[str, Any]:
    """What the live page shows: of the presented deck slide `no`, else the one being shown; None without a deck."""
    deck = queries.shown_deck(session, stage)
    frame = frame_of(stage)
    if deck is None:
        return {"deck": None, "slide": None, "slides": [], "frame": frame, "current": None, "next_image": ""}
    values = slides.stage_values(session, deck, no or deck.showing or 1, frame)
    if values["slide"] is None:
        values = slides.stage_values(session, deck, deck.showing or 1, frame)
    current = values["slide"].no if values["slide"] else None
    return {**values, "slides": slide_queries.strip(session, deck.id), "current": current}


def public_changes(stage: Stage, version: int, *, scene: bool, state: bool = False) -> list[Change]:
    """What live pages do: the bar for all, slide or scene for those who follow, and a new page in another state."""
    part = frame_of(stage).part
    change = partial(Change, stage.topic, version, "replace")
    found = [change(f"follow-{part}", partial(_follow, stage.id))]
    found.append(change(f"show-{part}", partial(_scene, stage.id)) if scene else change(f"stage-{part}", _of(stage)))
    if state:
        found.append(Change(stage.topic, version, "refresh", stage.topic))
    return found


def _of(stage: Stage) -> Render:
    return partial(_slide, stage.id)


def _follow(stage_id: int, language: str) -> str:
    session = db.session()
    stage = queries.whole_stage(session, stage_id)
    values = {"deck": queries.shown_deck(session, stage), "frame": frame_of(stage)}
    return pages.partial("slides/_follow.html", language, **values, **slides.follow_values())


def _scene(stage_id: int, language: str) -> str:
    session = db.session()
    stage = queries.whole_stage(session, stage_id)
    return pages.partial("stages/_scene.html", language, **scene_values(session, stage))


def _slide(stage_id: int, language: str) -> str:
    session = db.session()
    values = scene_values(session, queries.whole_stage(session, stage_id))
    return pages.partial("slides/_stage.html", language, **values) if values["slide"] else ""


def slide_alone(session: Session, stage: Stage, no: int, language: str) -> str:
    """One slide of what is presented, for somebody who leafs; empty when there is none."""
    values = scene_values(session, stage, no)
    return pages.partial("slides/_stage.html", language, **values) if values["slide"] else ""


def question_rows(posts: Sequence[Post], language: str, now: datetime) -> list[tuple[int, Markup]]:
    """Questions by id, their personal places still open."""
    return [(post.id, html.trusted(discussions.body(post, language, now))) for post in posts]


def question_places(who: Who, stage: Stage, posts: Sequence[Post], mine: Personal, *, open_: bool) -> dict[str, str]:
    """The personal places of a page's questions: own ones, wanted ones, and what may be done with them."""
    values: dict[str, str] = {}
    moderates = question_rules.may_moderate(who, stage.forum)
    you = " (" + _("you") + ")"
    for post in posts:
        if post.id in mine.supported:
            values |= {f"pressed:{post.id}": "true", f"want:{post.id}": "0"}
        own = post.id in mine.own
        if own or not open_:
            values[f"off:{post.id}"] = " disabled"
        if own:
            values[f"you:{post.id}"] = you
        if (own or moderates) and post.kind == PostKind.QUESTION and post.state == "visible":
            values[f"own:{post.id}"] = pages.partial(
                "discussions/_question_tools.html",
                i18n.language(),
                id=post.id,
                edits=question_rules.may_edit(who, post, stage.forum),
                withdraws=question_rules.may_withdraw(who, post),
                answers=moderates,
            )
    return values


WALL_QUESTIONS = 3
"""More than three cannot be read from the last row."""


@dataclass(frozen=True, slots=True)
class WallQuestion:
    """A question as the wall shows it; `name` is empty unless names were chosen."""

    text: str
    count: int
    name: str = ""


def samples() -> list[WallQuestion]:
    """Invented questions for a rehearsal: nothing of it is stored anywhere."""
    return [
        WallQuestion(_("Sample: how many people will sit in the last row?"), 31),
        WallQuestion(_("Sample: can everybody read this line from where they sit?"), 22),
        WallQuestion(_("Sample: is the projector bright enough with the lights on?"), 17),
    ]


def wall_values(session: Session, stage: Stage) -> dict[str, Any]:
    """What the wall shows now: the slide, the questions, and the one question or the pause that takes their place."""
    deck, no = queries.on_wall(session, stage)
    slide = slide_queries.slide_at(session, deck.id, no) if deck else None
    following = slide_queries.slide_at(session, deck.id, no + 1) if deck else None
    asked = [] if stage.frozen else _on_wall(session, stage)
    single = _single(session, stage)
    mode = "slide_questions" if stage.mode == "question" and single is None else stage.mode
    return {
        "stage": stage,
        "mode": mode,
        "deck": deck,
        "slide": slide,
        "next_image": following.image_url if following else "",
        "questions": asked,
        "single": single,
    }


def _on_wall(session: Session, stage: Stage) -> list[WallQuestion]:
    if stage.rehearsal:
        return samples()
    found = question_queries.waiting_questions(session, stage.thread_id, limit=WALL_QUESTIONS)
    return [_wall_question(stage, post) for post in found]


def _single(session: Session, stage: Stage) -> WallQuestion | None:
    if stage.rehearsal:
        return samples()[0]
    if stage.question_id is None:
        return None
    post = question_queries.posts_by_ids(session, [stage.question_id]).get(stage.question_id)
    return _wall_question(stage, post) if post is not None and post.state == "visible" else None


def _wall_question(stage: Stage, post: Post) -> WallQuestion:
    name = post.contribution.author_name if stage.show_names else ""
    return WallQuestion(post.contribution.text, post.support_count, name)


def wall_change(stage: Stage, version: int) -> Change:
    """What a wall does: it is one part, and the newest is enough."""
    return Change(stage.hall_topic, version, "replace", f"hall-{stage.id}", partial(_wall, stage.id))


def _wall(stage_id: int, language: str) -> str:
    session = db.session()
    stage = queries.whole_stage(session, stage_id)
    with i18n.in_language(language):  # the sample questions of a rehearsal are words of the interface
        values = wall_values(session, stage)
    return pages.partial("stages/_hall.html", language, **values)


def _panel(session: Session, stage: Stage, _sort: str) -> dict[str, Any]:
    """The slide now and the next, and the decks that could be shown."""
    deck, no = queries.on_wall(session, stage)
    pair = slide_queries.slides_at(session, deck.id, [no, no + 1]) if deck else {}
    return {
        "deck": deck,
        "no": no,
        "slide": pair.get(no),
        "next_slide": pair.get(no + 1),
        "decks": list(queries.showable(session, stage).values()),
    }


def _more(session: Session, stage: Stage, _sort: str) -> dict[str, Any]:
    """The notes to the slide that is shown, and all slides to choose from."""
    deck, no = queries.on_wall(session, stage)
    return {
        "deck": deck,
        "no": no,
        "slide": slide_queries.slide_at(session, deck.id, no) if deck else None,
        "slides": slide_queries.strip(session, deck.id) if deck else [],
    }


def _held(session: Session, stage: Stage, _sort: str) -> dict[str, Any]:
    held = question_queries.held_in(session, stage.forum_id)
    return {
        "held": [(post, question_rules.digest(post)) for post in held],
        "held_count": question_queries.held_count(session, stage.forum_id),
    }


def _asked(session: Session, stage: Stage, sort: str) -> dict[str, Any]:
    return {
        "questions": question_queries.questions(session, stage.thread_id, sort=sort).posts,
        "sort": sort,
        "question_count": question_queries.question_count(session, stage.thread_id),
    }


def _polls(session: Session, stage: Stage, _sort: str) -> dict[str, Any]:
    return {}  # the slice above reads them


_PARTS: Mapping[str, Callable[[Session, Stage, str], dict[str, Any]]] = {
    "panel": _panel,
    "held": _held,
    "polls": _polls,
    "asked": _asked,
    "more": _more,
}
"""The parts of a control view in their order, and what each of them shows: one that is sent reads for no other."""


def control_values(session: Session, stage: Stage, sort: str = question_queries.SUPPORT) -> dict[str, Any]:
    """What those who steer see, all parts together, the questions in the order `sort`."""
    values: dict[str, Any] = {"stage": stage, "now_moment": clock.now()}
    for read in _PARTS.values():
        values |= read(session, stage, sort)
    return values


def control_changes(stage: Stage, version: int, sort: str = question_queries.SUPPORT) -> list[Change]:
    """What control views do: the panel, and the lists beside it, the questions in their usual order or the other."""
    change = partial(Change, stage.control_topic, version, "replace")
    parts = [change(f"{part}-{stage.id}", partial(_control, part, stage.id)) for part in _PARTS if part != "asked"]
    if sort == question_queries.NEWEST:
        return [*parts, newest_change(stage, version)]
    return [*parts, change(f"asked-{stage.id}", partial(_control, "asked", stage.id))]


def newest_change(stage: Stage, version: int) -> Change:
    """The questions, newest first: a part of the topic, so that they are put together only while somebody looks."""
    render = partial(_control, "asked", stage.id, sort=question_queries.NEWEST)
    return Change(stage.newest_topic, version, "replace", f"asked-{stage.id}-nyeste", render)


def _control(part: str, stage_id: int, language: str, *, sort: str = question_queries.SUPPORT) -> str:
    session = db.session()
    stage = queries.whole_stage(session, stage_id)
    return pages.partial(f"stages/_{part}.html", language, stage=stage, **_PARTS[part](session, stage, sort))


NEUTRAL = discussions.NEUTRAL
