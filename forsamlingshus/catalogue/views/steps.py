"""The knots of the red thread on a proposal's page: workshop, words, inputs, proposal, and what is still to come."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from forsamlingshus.catalogue.models import Catalogue, Proposal
from forsamlingshus.inputs.models import Input, Quote
from forsamlingshus.kernel import i18n
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import ngettext
from forsamlingshus.ledger.rules import Sums, word
from forsamlingshus.meetings.models import Workshop
from forsamlingshus.process import queries as process_queries
from forsamlingshus.process.models import BudgetYear, Milestone


@dataclass(frozen=True, slots=True)
class Words:
    """A citizen's words as the macro `thread_path` shows them."""

    text: str
    name: str
    url: str
    link: str
    lang: str


@dataclass(frozen=True, slots=True)
class Step:
    """A knot as the macro `thread_path` draws it; `next` is dashed."""

    icon: str
    title: str
    when: str = ""
    text: str = ""
    url: str = ""
    link: str = ""
    next: bool = False
    quotes: list[Words] = field(default_factory=list)


def steps_of(
    proposal: Proposal,
    *,
    sums: Sums,
    inputs: Sequence[Input],
    quotes: Sequence[Quote],
    workshops: Sequence[Workshop],
    catalogue: Catalogue | None,
    year: BudgetYear,
    now: datetime,
) -> list[Step]:
    """The whole thread. People may have written long before the meeting, so those two knots stand in order of time."""
    said = [(workshop.meeting.starts_at, _workshop(workshop)) for workshop in workshops]
    if quotes:
        said.append((min(quote.contribution.created_at for quote in quotes), _words(quotes)))
    return [
        *(step for _moment, step in sorted(said, key=lambda pair: pair[0])),
        *(_input(row) for row in inputs),
        _proposal(proposal, sums, catalogue),
        _ahead(
            _milestone(year, "hearing_closes"),
            now,
            icon="pen",
            title=_("The hearing"),
            text=_("Everybody can respond to the proposal."),
        ),
        _ahead(
            _milestone(year, "second_reading"),
            now,
            icon="clock",
            title=_("The decision"),
            text=_("The municipal council adopts the budget."),
        ),
    ]


def _workshop(workshop: Workshop) -> Step:
    return Step(
        icon="people",
        title=_("Workshop: %(theme)s", theme=workshop.theme.name),
        when=_("%(date)s, the citizen meeting", date=i18n.date(workshop.meeting.starts_at)),
        url=workshop.path,
        link=_("See the workshop"),
    )


def _whose(quotes: Sequence[Quote]) -> str:
    """How many people said it; how many contributions it was, where some of them stand for a table or the hall."""
    if all(quote.contribution.is_personal for quote in quotes):
        people = len({quote.contribution.author_id for quote in quotes})
        return ngettext("The words of %(num)s person were used", "The words of %(num)s people were used", people)
    said = len({quote.contribution_id for quote in quotes})
    return ngettext("%(num)s contribution was used", "%(num)s contributions were used", said)


def _words(quotes: Sequence[Quote]) -> Step:
    moments = [quote.contribution.created_at for quote in quotes]
    first, last = i18n.day_month(min(moments)), i18n.day_month(max(moments))
    language = "" if i18n.language() == "da" else "da"
    return Step(
        icon="chat",
        title=_whose(quotes),
        when=first if first == last else f"{first} – {last}",
        quotes=[
            Words(
                text=quote.text,
                name=f"{quote.contribution.author_name}, {i18n.day_month(quote.contribution.created_at)}.",
                url=quote.path,
                link=quote.contribution.way_there,
                lang=language,
            )
            for quote in quotes
        ],
    )


def _input(row: Input) -> Step:
    return Step(
        icon="note",
        title=_("Input %(number)s", number=row.number) + f": {row.title}",
        when=_("%(date)s, the administration", date=i18n.day_month(row.created_at)),
        text=ngettext("%(num)s quote was gathered.", "%(num)s quotes were gathered.", row.quote_count),
        url=row.path,
        link=_("See the input"),
    )


def _proposal(proposal: Proposal, sums: Sums, catalogue: Catalogue | None) -> Step:
    published_at = catalogue.published_at if catalogue else None
    amount = i18n.mio(sums.full_phase_in)
    return Step(
        icon="file",
        title=_("Proposal %(number)s", number=proposal.number),
        when=_("%(date)s, the catalogue", date=i18n.day_month(published_at))
        if published_at
        else _("Not published yet"),
        text=_("At full phase-in: %(word)s of DKK %(amount)s million.", word=word(sums.full_phase_in), amount=amount)
        if sums.full_phase_in
        else "",
    )


def _milestone(year: BudgetYear, kind: str) -> Milestone | None:
    return next((one for one in year.milestones if one.kind == kind), None)


def _ahead(milestone: Milestone | None, now: datetime, *, icon: str, title: str, text: str) -> Step:
    """What the timeline still holds; dashed until it is over."""
    past = milestone is not None and process_queries.is_past(milestone, now)
    when = i18n.date(milestone.starts_at) if milestone is not None and milestone.starts_at else ""
    return Step(icon=icon, title=title, text=text, when=when, next=not past)
