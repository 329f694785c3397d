"""Verbs on the drafts of an author, account or guest: private, so no event tells of them."""

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from forsamlingshus.accounts import queries
from forsamlingshus.accounts.actions.base import flush
from forsamlingshus.accounts.models import Draft
from forsamlingshus.kernel import clock
from forsamlingshus.kernel.db import connection
from forsamlingshus.kernel.i18n import gettext as _

MAX_DRAFT = 40_000
"""Characters that one draft may grow to by what is appended to it."""


def save_draft(
    session: Session,
    *,
    author_id: int,
    box: str,
    path: str,
    title: str = "",
    body: str = "",
    quote: str = "",
    prompt_no: int = 0,
) -> Draft | None:
    """Keep what an author has typed in a box; nothing typed drops the draft. Private, so no event tells of it.

    Whoever calls has asked the guard: its slowest text would hold up every other writer in here.
    """
    if not title and not body and not quote:
        drop_draft(session, author_id=author_id, box=box)
        return None
    draft = queries.draft_of(session, author_id, box)
    if draft is None:
        draft = Draft(author_id=author_id, box=box)
        session.add(draft)
    draft.path, draft.title, draft.body, draft.quote, draft.prompt_no = path, title, body, quote, prompt_no
    draft.saved_at = clock.now()
    flush(session, _("Your draft was saved from another page in this moment"))
    _drop_oldest(session, author_id)
    return draft


def carry_draft(
    session: Session,
    *,
    author_id: int,
    box: str,
    path: str,
    title: str = "",
    body: str = "",
    quote: str = "",
    prompt_no: int = 0,
) -> Draft | None:
    """Keep what somebody typed before logging in. A draft that waits in the box stays whole: the new comes below."""
    known = queries.draft_of(session, author_id, box)
    if known is None:
        return save_draft(
            session,
            author_id=author_id,
            box=box,
            path=path,
            title=title,
            body=body,
            quote=quote,
            prompt_no=prompt_no,
        )
    if title and known.title not in ("", title):
        title, body = known.title, f"{title}\n{body}"
    if body in known.body:
        body = known.body
    elif known.body not in body:
        body = f"{known.body}\n\n{body}"[-MAX_DRAFT:]
    return save_draft(
        session,
        author_id=author_id,
        box=box,
        path=path,
        title=title or known.title,
        body=body,
        quote=quote or known.quote,
        prompt_no=prompt_no or known.prompt_no,
    )


_DROP_DRAFT = delete(Draft).where(Draft.author_id == bindparam("author_id"), Draft.box == bindparam("box"))


def drop_draft(session: Session, *, author_id: int, box: str) -> None:
    """Forget what an author typed in a box: it was sent, or given up."""
    # Past the session, which would look through all that it holds: every post asks this.
    connection(session).execute(_DROP_DRAFT, {"author_id": author_id, "box": box})


def delete_draft(session: Session, *, author_id: int, draft_id: int) -> bool:
    """Delete one of the author's own drafts; False when there is none with that id."""
    own = delete(Draft).where(Draft.author_id == author_id, Draft.id == draft_id)
    return bool(session.scalars(own.returning(Draft.id)).all())


def _drop_oldest(session: Session, author_id: int) -> None:
    # A bound for machines: nobody writes a hundred things at once.
    kept = select(Draft.id).where(Draft.author_id == author_id).order_by(Draft.saved_at.desc(), Draft.id.desc())
    session.execute(
        delete(Draft)
        .where(Draft.author_id == author_id, Draft.id.not_in(kept.limit(queries.MOST)))
        .execution_options(synchronize_session=False)
    )
