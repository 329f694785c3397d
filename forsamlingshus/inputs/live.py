"""What the board hears after a commit, and what lower pages show of the inputs slice."""

from typing import Any

from flask import current_app, render_template

from forsamlingshus.contributions import models as contributions
from forsamlingshus.contributions.events import ContributionChanged
from forsamlingshus.discussions.events import PostShown
from forsamlingshus.inputs import events, queries, rules
from forsamlingshus.inputs.models import Input
from forsamlingshus.kernel import clock, db, topics
from forsamlingshus.kernel.live import Gate
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.kernel.sender import Change

Collected = events.InputCreated | events.InputChanged | events.InputDeleted | events.QuoteAdded | events.QuoteRemoved


def may_listen(session: db.Session, who: Who, year: int) -> bool:
    """The board is the administration's; what moves on it is nobody else's to hear."""
    return rules.may_collect(who)


GATES: dict[str, Gate] = {"contributions": may_listen, "inputs": may_listen}


def on_said(event: PostShown | ContributionChanged) -> None:
    """The board counts what was said. Its words never travel: each board asks with its own filter."""
    _push(contributions.topic_of(event.budget_year), event.said_version)


def on_collected(event: Collected) -> None:
    """Another board hears that an input is new or changed."""
    session = db.session()
    if isinstance(event, events.InputCreated | events.InputDeleted):
        topic = queries.topic_of(event.budget_year)
    else:
        topic = queries.topic_of(session.get_one(Input, event.input_id).budget_year)
    _push(topic, topics.version_of(session, topic))


def _push(topic: str, version: int) -> None:
    current_app.extensions["forsamlingshus.sender"].push([Change(topic, version, "refresh", topic)])


def post_slot(post: Any) -> str:
    """A link beside a post, for staff. Rendered once for each post of a page, so without the frame of a page."""
    template = current_app.jinja_env.get_template("inputs/_post_slot.html")
    return template.render(contribution_id=post.contribution_id)


def thread_slot(thread: Any) -> str:
    """The red thread that leads on from a discussion: inputs that quote it, and published proposals built on those."""
    session = db.session()
    rows = queries.of_topic(session, f"thread:{thread.id}")
    if not rows:
        return ""
    now = clock.now()
    uses = [use for use in queries.uses_of(session, [row.id for row in rows]) if use.is_public(now)]
    proposals = {use.ref_id: use for use in uses}
    return render_template("inputs/_thread_slot.html", inputs=rows, proposals=list(proposals.values()))


def workshop_slot(workshop: Any) -> str:
    """What a workshop's words were used for so far, counted."""
    session = db.session()
    progress = queries.progress(session, theme_id=workshop.theme_id)
    if not progress.total:
        return ""
    newest = queries.inputs(session, theme_id=workshop.theme_id).rows[:5]
    return render_template("inputs/_workshop_slot.html", progress=progress, inputs=newest)
