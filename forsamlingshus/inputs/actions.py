"""Verbs of collecting. What an input is used for is told from above, and the marks on the posts follow it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forsamlingshus.contributions.actions import record_fate, take_back_fate
from forsamlingshus.contributions.models import Contribution, FateKind
from forsamlingshus.inputs import events, queries, rules
from forsamlingshus.inputs.models import Input, InputUse, Quote
from forsamlingshus.kernel import topics
from forsamlingshus.kernel.errors import Closed, Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand
from forsamlingshus.process import phases
from forsamlingshus.process.models import Activity


def create_input(session: Session, *, who: Who, budget_year: int, theme_id: int, title: str, note: str = "") -> Input:
    """Begin an input; it gets the year's next number."""
    version = _begin(session, who, budget_year)
    newest = session.scalar(select(func.max(Input.number)).where(Input.budget_year == budget_year)) or 0
    row = Input(
        number=newest + 1,
        budget_year=budget_year,
        theme_id=theme_id,
        title=title,
        note=note,
        created_at=who.now,
        created_by=who.author_id,
        version=version,
    )
    session.add(row)
    session.flush()
    created = events.InputCreated(input_id=row.id, budget_year=budget_year, number=row.number, actor_id=who.author_id)
    record(session, created)
    return row


def change_input(session: Session, *, who: Who, input: Input, title: str, theme_id: int, note: str = "") -> Input:
    """Give an input another title, theme or note; the marks on the posts follow the title."""
    input.version = _begin(session, who, input.budget_year)
    renamed = input.title != title
    input.title, input.theme_id, input.note = title, theme_id, note
    session.flush()
    if renamed:
        for contribution in queries.quoted(session, [input.id]):
            _mark_input(session, input, contribution.id, who.author_id)
    record(session, events.InputChanged(input_id=input.id, actor_id=who.author_id))
    return input


def delete_input(session: Session, *, who: Who, input: Input) -> None:
    """Delete an input that holds nothing. Raises Conflict while it has quotes or is used."""
    _begin(session, who, input.budget_year)
    if input.quote_count or queries.uses_of(session, [input.id]):
        raise Conflict(_("Only an empty input can be deleted. Take out its quotes and links first."))
    deleted = events.InputDeleted(
        input_id=input.id, budget_year=input.budget_year, number=input.number, actor_id=who.author_id
    )
    session.delete(input)
    session.flush()
    record(session, deleted)


def add_quote(session: Session, *, who: Who, input: Input, contribution: Contribution, text: str) -> Quote:
    """Quote words of a contribution in an input; the post gets its marks.

    Raises Conflict when the words do not stand there (any more), when the post is not public, or when exactly these
    words are in the input already.
    """
    input.version = _begin(session, who, input.budget_year)
    found = rules.find_quote(contribution.text, text)
    if found is None or not contribution.public or contribution.budget_year != input.budget_year:
        raise Conflict(_("These words no longer stand in the post. Look at it again."))
    start, words = found
    if queries.has_quote(session, input.id, contribution.id, start):
        raise Conflict(_("These words are already in input %(number)s.", number=input.number))
    quote = Quote(
        input_id=input.id,
        contribution_id=contribution.id,
        text=words,
        start=start,
        path=contribution.path,
        created_at=who.now,
        created_by=who.author_id,
    )
    session.add(quote)
    input.quote_count += 1
    session.flush()
    _mark_input(session, input, contribution.id, who.author_id)
    for use in queries.uses_of(session, [input.id]):
        _mark_use(session, use, [contribution.id], who.author_id)
    added = events.QuoteAdded(
        quote_id=quote.id, input_id=input.id, contribution_id=contribution.id, actor_id=who.author_id
    )
    record(session, added)
    return quote


def remove_quote(session: Session, *, who: Who, input: Input, quote: Quote) -> Input:
    """Take a quote out of an input; marks go that nothing carries any more."""
    input.version = _begin(session, who, input.budget_year)
    removed = events.QuoteRemoved(
        quote_id=quote.id, input_id=input.id, contribution_id=quote.contribution_id, actor_id=who.author_id
    )
    contribution_id = quote.contribution_id
    session.delete(quote)
    input.quote_count -= 1
    session.flush()
    if not queries.is_quoted(session, input.id, contribution_id):
        take_back_fate(
            session,
            contribution_id=contribution_id,
            kind=FateKind.INPUT,
            ref_id=input.id,
            actor_id=who.author_id,
        )
    for use in queries.uses_of(session, [input.id]):
        _mark_use(session, use, [contribution_id], who.author_id)
    record(session, removed)
    return input


def record_use(
    session: Session,
    *,
    input: Input,
    ref_id: int,
    number: int,
    title: str,
    path: str,
    public_from: datetime | None,
    actor_id: int | None = None,
) -> InputUse:
    """Told from above, where the right was checked: a proposal is built on this input.

    Each quoted contribution is marked with the proposal, to be seen from `public_from`; without a moment there is no
    mark at all. Telling the same again does nothing, telling it with other words or another moment updates the marks.
    """
    told = (number, title[:200], path, public_from)
    use = session.scalar(select(InputUse).where(InputUse.input_id == input.id, InputUse.ref_id == ref_id))
    if use is not None and (use.number, use.title, use.path, use.public_from) == told:
        return use
    input.version = topics.next_version(session, queries.topic_of(input.budget_year))
    use = use or InputUse(input_id=input.id, ref_id=ref_id)
    use.number, use.title, use.path, use.public_from = told
    session.add(use)
    session.flush()
    _mark_use(session, use, [row.id for row in queries.quoted(session, [input.id])], actor_id)
    return use


def take_back_use(session: Session, *, input: Input, ref_id: int, actor_id: int | None = None) -> None:
    """Told from above: the proposal is no longer built on this input; marks stay that another input carries."""
    use = session.scalar(select(InputUse).where(InputUse.input_id == input.id, InputUse.ref_id == ref_id))
    if use is None:
        return
    input.version = topics.next_version(session, queries.topic_of(input.budget_year))
    session.delete(use)
    session.flush()
    quoted = [row.id for row in queries.quoted(session, [input.id])]
    other = queries.use_at(session, ref_id)
    if other is not None:
        _mark_use(session, other, quoted, actor_id)
        return
    for contribution_id in quoted:
        _take_back(session, ref_id, contribution_id, actor_id)


def _begin(session: Session, who: Who, year: int) -> int:
    """Check who and when, and take the next version of the year's topic, whose lock keeps the numbers in order."""
    demand(rules.may_collect(who), _("Only the municipality's staff collect input."))
    if not rules.is_open(who, year):
        raise Closed(
            _("Collecting input is closed.") + " " + phases.closed_reason(session, year, Activity.COLLECT, who.now),
            next_url=f"/arbejde/input?aar={year}",
            next_title=_("The input board"),
        )
    return topics.next_version(session, queries.topic_of(year))


def _mark_input(session: Session, input: Input, contribution_id: int, actor_id: int | None) -> None:
    record_fate(
        session,
        contribution_id=contribution_id,
        kind=FateKind.INPUT,
        ref_id=input.id,
        number=input.number,
        title=input.title,
        path=input.path,
        actor_id=actor_id,
    )


def _mark_use(session: Session, use: InputUse, contribution_ids: Collection[int], actor_id: int | None) -> None:
    """Let contributions say what a proposal uses of them, and nothing when that is nothing (any more)."""
    used = queries.words_used(session, use.ref_id, contribution_ids)
    for contribution_id in contribution_ids:
        if use.public_from is None or contribution_id not in used:
            _take_back(session, use.ref_id, contribution_id, actor_id)
            continue
        record_fate(
            session,
            contribution_id=contribution_id,
            kind=FateKind.PROPOSAL,
            ref_id=use.ref_id,
            number=use.number,
            title=use.title,
            path=use.path,
            public_from=use.public_from,
            words=used[contribution_id],
            actor_id=actor_id,
        )


def _take_back(session: Session, ref_id: int, contribution_id: int, actor_id: int | None) -> None:
    take_back_fate(session, contribution_id=contribution_id, kind=FateKind.PROPOSAL, ref_id=ref_id, actor_id=actor_id)
