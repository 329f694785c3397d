"""Drafts of the boxes on these pages: begin from one, keep a refused text as one, drop it once the text is sent."""

from sqlalchemy.orm import Session

from forsamlingshus.accounts import actions as accounts
from forsamlingshus.accounts import queries as account_queries
from forsamlingshus.accounts.forms import MAX_BODY, MAX_TITLE
from forsamlingshus.discussions import forms
from forsamlingshus.kernel import guard
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.permissions import Who


def start_from(session: Session, who: Who, form: forms.ThreadForm, box: str) -> None:
    """Fill an unsent form with what this person wrote before."""
    draft = account_queries.draft_of(session, who.author_id, box) if who.author_id is not None else None
    form.client_id.data = forms.new_client_id()
    if draft is not None:
        form.title.data, form.body.data = draft.title, draft.body
        if draft.prompt_no in [choice.value for choice in form.prompt_no.choices]:
            form.prompt_no.data = draft.prompt_no


def keep(
    who: Who,
    *,
    box: str,
    path: str,
    body: str | None,
    title: str | None = "",
    quote: str | None = "",
    prompt_no: int | None = 0,
) -> None:
    """Keep a refused text, so that it is there again when its page is left for another language or by mistake.

    Pages with script keep their drafts themselves. What the guard blocks stays in the page that is given back alone.
    """
    title, body, quote = title or "", body or "", quote or ""
    if who.author_id is None or max(len(body), len(quote)) > MAX_BODY or len(title) > MAX_TITLE:
        return
    if guard.blocks(title, body, quote):
        return
    with transaction() as session:
        accounts.save_draft(
            session,
            author_id=who.author_id,
            box=box,
            path=path,
            title=title,
            body=body,
            quote=quote,
            prompt_no=prompt_no or 0,
        )


def drop(session: Session, who: Who, box: str) -> None:
    """The text was sent: its draft has done its work."""
    if who.author_id is not None:
        accounts.drop_draft(session, author_id=who.author_id, box=box)
