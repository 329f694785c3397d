"""Reading the catalogue: its table, one proposal, and the chain from citizens' words to it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from forsamlingshus.catalogue import rules
from forsamlingshus.catalogue.models import Catalogue, Proposal, ProposalSource, Status
from forsamlingshus.contributions.models import Contribution
from forsamlingshus.inputs import queries as input_queries
from forsamlingshus.inputs.models import Input, Quote
from forsamlingshus.ledger import queries as ledger
from forsamlingshus.meetings.models import Workshop


def topic_of(year: int) -> str:
    """The topic of the catalogue of a budget year."""
    return f"catalogue:{year}"


def catalogue_of(session: Session, year: int) -> Catalogue | None:
    """The catalogue of a budget year; None before anything was set."""
    return session.scalar(select(Catalogue).where(Catalogue.budget_year == year))


def is_published(session: Session, year: int, now: datetime) -> bool:
    """True once everybody may read the catalogue of that year."""
    catalogue = catalogue_of(session, year)
    return catalogue is not None and catalogue.is_public(now)


def rows(session: Session, year: int, *, drafts: bool) -> list[rules.Row]:
    """Every proposal of a year by number, with theme and sums: two queries, whatever their number."""
    statement = select(Proposal).where(Proposal.budget_year == year)
    return _with_sums(session, statement if drafts else statement.where(Proposal.status != Status.DRAFT))


def rows_of_theme(session: Session, theme_id: int) -> list[rules.Row]:
    """The proposals of a theme by number, without drafts."""
    return _with_sums(session, select(Proposal).where(Proposal.theme_id == theme_id, Proposal.status != Status.DRAFT))


def _with_sums(session: Session, statement: Select) -> list[rules.Row]:  # type: ignore[type-arg]
    found = session.scalars(statement.options(joinedload(Proposal.theme, innerjoin=True)).order_by(Proposal.number))
    proposals = list(found)
    sums = ledger.totals(session, [proposal.line_id for proposal in proposals])
    return [rules.row(proposal, sums.get(proposal.line_id)) for proposal in proposals]


def proposal_of(session: Session, year: int, number: int) -> Proposal | None:
    """A proposal by its public number, with theme and line."""
    return session.scalar(
        select(Proposal)
        .where(Proposal.budget_year == year, Proposal.number == number)
        .options(joinedload(Proposal.theme, innerjoin=True), joinedload(Proposal.line, innerjoin=True))
    )


def row_of(session: Session, proposal: Proposal) -> rules.Row:
    """One proposal with its sums."""
    return rules.row(proposal, ledger.totals(session, [proposal.line_id]).get(proposal.line_id))


def next_number(session: Session, year: int) -> int:
    """The number after the highest one in use."""
    return (session.scalar(select(func.max(Proposal.number)).where(Proposal.budget_year == year)) or 0) + 1


def is_taken(session: Session, year: int, number: int) -> bool:
    """True when a proposal of the year has that number."""
    found = select(Proposal.id).where(Proposal.budget_year == year, Proposal.number == number)
    return session.scalar(found) is not None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a proposal stands in the catalogue: its neighbours' numbers and how many there are."""

    before: int | None
    after: int | None
    count: int


def place_of(session: Session, proposal: Proposal, *, drafts: bool) -> Place:
    """The neighbours of a proposal among those that the reader may see."""
    statement = select(Proposal.number).where(Proposal.budget_year == proposal.budget_year)
    if not drafts:
        statement = statement.where(Proposal.status != Status.DRAFT)
    numbers = list(session.scalars(statement.order_by(Proposal.number)))
    at = numbers.index(proposal.number) if proposal.number in numbers else 0
    after = numbers[at + 1] if at + 1 < len(numbers) else None
    return Place(numbers[at - 1] if at else None, after, len(numbers))


def contributions_behind(session: Session, year: int) -> int:
    """How many public contributions the year's proposals are built on, drafts apart, each counted once."""
    statement = (
        select(func.count(Quote.contribution_id.distinct()))
        .join(Contribution, Contribution.id == Quote.contribution_id)
        .join(ProposalSource, ProposalSource.input_id == Quote.input_id)
        .join(Proposal, Proposal.id == ProposalSource.proposal_id)
        .where(Proposal.budget_year == year, Proposal.status != Status.DRAFT, Contribution.public.is_(True))
    )
    return session.scalar(statement) or 0


def sources_of(session: Session, proposal_id: int) -> Sequence[Input]:
    """The inputs that a proposal is built on, by number."""
    return session.scalars(
        select(Input)
        .join(ProposalSource, ProposalSource.input_id == Input.id)
        .where(ProposalSource.proposal_id == proposal_id)
        .order_by(Input.number)
    ).all()


def quotes_behind(session: Session, inputs: Sequence[Input]) -> Sequence[Quote]:
    """The words that stand on a proposal's page: all public quotes of its inputs, oldest first."""
    return input_queries.quotes_of(session, [row.id for row in inputs], public_only=True)


def links_of(session: Session, input_id: int) -> Sequence[Proposal]:
    """The proposals that an input is linked to, by number."""
    return session.scalars(
        select(Proposal)
        .join(ProposalSource, ProposalSource.proposal_id == Proposal.id)
        .where(ProposalSource.input_id == input_id)
        .order_by(Proposal.number)
    ).all()


def source(session: Session, proposal_id: int, input_id: int) -> ProposalSource | None:
    """The link between a proposal and an input."""
    return session.get(ProposalSource, (proposal_id, input_id))


def choices(session: Session, year: int) -> Sequence[Proposal]:
    """The proposals of a year by number, to choose from."""
    return session.scalars(select(Proposal).where(Proposal.budget_year == year).order_by(Proposal.number)).all()


def links_of_year(session: Session, year: int) -> Sequence[ProposalSource]:
    """Every link of a year, with proposal and input."""
    return session.scalars(
        select(ProposalSource)
        .join(Proposal, Proposal.id == ProposalSource.proposal_id)
        .where(Proposal.budget_year == year)
        .options(joinedload(ProposalSource.proposal, innerjoin=True), joinedload(ProposalSource.input, innerjoin=True))
        .order_by(Proposal.number, ProposalSource.input_id)
    ).all()


def workshops_of(session: Session, theme_ids: Collection[int]) -> Sequence[Workshop]:
    """The workshops of themes, with meeting and theme."""
    return session.scalars(
        select(Workshop)
        .where(Workshop.theme_id.in_(theme_ids))
        .options(joinedload(Workshop.meeting, innerjoin=True), joinedload(Workshop.theme, innerjoin=True))
        .order_by(Workshop.no)
    ).all()
