"""Verbs on the catalogue. Whatever changes what the public reads also tells the inputs, and they the posts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from forsamlingshus.catalogue import events, queries, rules
from forsamlingshus.catalogue.models import Catalogue, Proposal, ProposalSource
from forsamlingshus.inputs import actions as input_actions
from forsamlingshus.inputs.models import Input
from forsamlingshus.kernel import topics
from forsamlingshus.kernel.errors import Closed, Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand
from forsamlingshus.ledger import actions as ledger
from forsamlingshus.ledger import queries as ledger_queries
from forsamlingshus.ledger.models import AmountKind, Line
from forsamlingshus.process import phases
from forsamlingshus.process.models import Activity

WORDS = frozenset(
    {
        "number", "title", "lead", "theme_id", "committee", "type", "status", "source",
        "content", "citizens", "staff", "fte", "legal", "implementation", "risk",
    }
)  # fmt: skip
"""What of a proposal may be written; its money goes through the ledger."""


def add_proposal(
    session: Session,
    *,
    who: Who,
    budget_year: int,
    theme_id: int,
    title: str,
    amounts: Mapping[int, int],
    number: int | None = None,
    kind: AmountKind = AmountKind.OPERATING,
    permanent: bool | None = None,
    inputs: Sequence[Input] = (),
    **words: Any,
) -> Proposal:
    """Write a proposal. `amounts` are year → 1.000 kr., `inputs` the sources to link at once, `words` any of WORDS.

    Without a number it gets the next one. Raises Conflict for a number in use, and for a proposal that is no draft but
    lacks words or amounts, or has neither a source nor the word that it comes from the administration.
    """
    version = _begin(session, who, budget_year)
    number = queries.next_number(session, budget_year) if number is None else number
    _demand_free(session, budget_year, number)
    line = ledger.add_line(session, budget_year=budget_year)
    proposal = Proposal(
        number=number,
        budget_year=budget_year,
        theme_id=theme_id,
        line_id=line.id,
        title=title,
        kind=kind,
        created_at=who.now,
        changed_at=who.now,
        version=version,
    )
    _write(proposal, words)
    session.add(proposal)
    session.flush()
    added = events.ProposalAdded(
        proposal_id=proposal.id, budget_year=budget_year, number=number, actor_id=who.author_id
    )
    record(session, added)
    ledger.set_amounts(session, line=line, amounts=amounts, kind=kind, permanent=permanent, actor_id=who.author_id)
    for row in inputs:
        link_input(session, who=who, proposal=proposal, input=row)
    _demand_source(proposal)
    _demand_complete(session, proposal)
    return proposal


def change_proposal(
    session: Session,
    *,
    who: Who,
    proposal: Proposal,
    seen: int | None = None,
    amounts: Mapping[int, int] | None = None,
    **words: Any,
) -> Proposal:
    """Write other words or amounts; marks on the posts follow number, title and status.

    `seen` is the edition that the writer began from: Conflict when somebody wrote another one meanwhile. Conflict too
    for another number once the proposal is public.
    """
    version = _begin(session, who, proposal.budget_year)
    if seen is not None and seen != proposal.edition:
        raise Conflict(_("Somebody has changed the proposal meanwhile."))
    if words.get("number", proposal.number) != proposal.number:
        if rules.keeps_number(queries.catalogue_of(session, proposal.budget_year), proposal, who.now):
            raise Conflict(_("A published proposal keeps its number: others have linked to it."))
        _demand_free(session, proposal.budget_year, words["number"])
    changed = _write(proposal, words)
    proposal.version, proposal.changed_at, proposal.edition = version, who.now, proposal.edition + 1
    _demand_source(proposal)
    session.flush()
    if amounts is not None:
        line = session.get_one(Line, proposal.line_id)
        kind = AmountKind(proposal.kind)
        ledger.set_amounts(session, line=line, amounts=amounts, kind=kind, actor_id=who.author_id)
    _demand_complete(session, proposal)
    _tell(session, proposal, queries.sources_of(session, proposal.id), who.author_id)
    record(session, events.ProposalChanged(proposal_id=proposal.id, changed=tuple(changed), actor_id=who.author_id))
    return proposal


def link_input(session: Session, *, who: Who, proposal: Proposal, input: Input) -> Proposal:
    """Make an input a source of a proposal. Raises Conflict when it is one, or belongs to another year."""
    proposal.version = _begin(session, who, proposal.budget_year, link=True)
    if input.budget_year != proposal.budget_year:
        raise Conflict(_("Input and proposal belong to different budget years."))
    if queries.source(session, proposal.id, input.id) is not None:
        raise Conflict(
            _("Input %(input)s is already linked to proposal %(number)s.", input=input.number, number=proposal.number)
        )
    session.add(ProposalSource(proposal_id=proposal.id, input_id=input.id))
    proposal.source_count += 1
    session.flush()
    _tell(session, proposal, [input], who.author_id)
    record(session, events.InputLinked(proposal_id=proposal.id, input_id=input.id, actor_id=who.author_id))
    return proposal


def unlink_input(session: Session, *, who: Who, proposal: Proposal, input: Input) -> Proposal:
    """Undo a link; the posts lose the mark, unless another input of the proposal quotes them.

    Raises Conflict for the last source of a proposal that is no draft and names citizens' words as its origin.
    """
    proposal.version = _begin(session, who, proposal.budget_year, link=True)
    link = queries.source(session, proposal.id, input.id)
    if link is None:
        raise Conflict(
            _("Input %(input)s is not linked to proposal %(number)s.", input=input.number, number=proposal.number)
        )
    session.delete(link)
    proposal.source_count -= 1
    if not proposal.is_draft and proposal.lacks_source:
        raise Conflict(
            _("This is the last input behind the proposal. Link another one first, choose the administration as the "
              "origin, or make the proposal a draft")
        )  # fmt: skip
    session.flush()
    input_actions.take_back_use(session, input=input, ref_id=proposal.id, actor_id=who.author_id)
    record(session, events.InputUnlinked(proposal_id=proposal.id, input_id=input.id, actor_id=who.author_id))
    return proposal


def publish(session: Session, *, budget_year: int, at: datetime | None) -> Catalogue:
    """Set the moment from which the catalogue is public (aware); None takes it back. For commands and demo data.

    Nothing else happens at that moment: pages compare it with the clock, and the marks on the posts carry it already.
    """
    topics.next_version(session, queries.topic_of(budget_year))
    topics.next_version(session, topics.SITE)  # every page's navigation names a public catalogue
    catalogue = _catalogue(session, budget_year)
    catalogue.published_at = at
    session.flush()
    for link in queries.links_of_year(session, budget_year):
        _tell(session, link.proposal, [link.input], None)
    record(session, events.CatalogueDated(budget_year=budget_year, published_at=at.isoformat() if at else ""))
    return catalogue


def set_control(session: Session, *, budget_year: int, count: int, tkr: int) -> Catalogue:
    """Declare what the catalogue must come to: number of proposals, and 1.000 kr. at full phase-in, signed."""
    topics.next_version(session, queries.topic_of(budget_year))
    catalogue = _catalogue(session, budget_year)
    catalogue.control_count, catalogue.control_tkr = count, tkr
    record(session, events.ControlTotalSet(budget_year=budget_year, count=count, tkr=tkr))
    return catalogue


def _begin(session: Session, who: Who, year: int, *, link: bool = False) -> int:
    """Check who and when, and take the next version of the catalogue's topic."""
    demand(rules.may_edit(who), _("Only the municipality's staff write proposals."))
    if not (rules.may_link(who, year) if link else rules.is_open(who, year)):
        raise Closed(
            _("The catalogue is closed for changes.")
            + " "
            + phases.closed_reason(session, year, Activity.EDIT_CATALOGUE, who.now),
            next_url=f"/arbejde/forslag?aar={year}",
            next_title=_("Proposals"),
        )
    return topics.next_version(session, queries.topic_of(year))


def _catalogue(session: Session, year: int) -> Catalogue:
    catalogue = queries.catalogue_of(session, year)
    if catalogue is None:
        catalogue = Catalogue(budget_year=year)
        session.add(catalogue)
    return catalogue


def _demand_free(session: Session, year: int, number: int) -> None:
    if queries.is_taken(session, year, number):
        raise Conflict(_("Another proposal has number %(number)s.", number=number))


def _demand_source(proposal: Proposal) -> None:
    """A proposal names its origin before it can be public: citizens' words, or plainly the administration."""
    if not proposal.is_draft and proposal.lacks_source:
        raise Conflict(_("Link an input first, or choose the administration as the origin. Until then it is a draft"))


def _demand_complete(session: Session, proposal: Proposal) -> None:
    """What the form asks for holds for whoever else writes: readers get a proposal with its sentence and its money."""
    if proposal.is_draft:
        return
    known = ledger_queries.amounts(session, proposal.line_id).get(AmountKind(proposal.kind), {})
    if not rules.is_complete(proposal, session.get_one(Line, proposal.line_id).years, known):
        raise Conflict(
            _("Say in short what is proposed, name the committee and write an amount for each year. "
              "Until then it is a draft")
        )  # fmt: skip


def _write(proposal: Proposal, words: Mapping[str, Any]) -> list[str]:
    """Set the fields that differ; returns their names. Raises TypeError for a field that is none of WORDS."""
    unknown = set(words) - WORDS
    if unknown:
        raise TypeError(f"not a field of a proposal: {', '.join(sorted(unknown))}")
    changed = [name for name, value in words.items() if getattr(proposal, name) != value]
    for name in changed:
        setattr(proposal, name, words[name])
    return changed


def _tell(session: Session, proposal: Proposal, sources: Sequence[Input], actor_id: int | None) -> None:
    """Tell inputs, and through them the posts, where they are used and from when everybody may see it."""
    catalogue = queries.catalogue_of(session, proposal.budget_year)
    public_from = rules.public_from(catalogue, proposal)
    for row in sources:
        input_actions.record_use(
            session,
            input=row,
            ref_id=proposal.id,
            number=proposal.number,
            title=proposal.title,
            path=proposal.path,
            public_from=public_from,
            actor_id=actor_id,
        )
