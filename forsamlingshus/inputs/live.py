"""What lower pages show of the inputs slice: a tool beside a post, boxes on thread and workshop pages."""

from typing import Any

from flask import current_app, render_template

from forsamlingshus.inputs import queries
from forsamlingshus.kernel import clock, db
from forsamlingshus.kernel.live import Gate

GATES: dict[str, Gate] = {}


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
