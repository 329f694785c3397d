"""Who may see and change proposals, and how a catalogue adds up."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from forsamlingshus.catalogue.models import Catalogue, Proposal, Status
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.ledger.rules import NOTHING, Sums, add_up
from forsamlingshus.process.models import Activity, Theme


def may_edit(who: Who) -> bool:
    """Proposals are written by the administration."""
    return who.is_staff


def is_open(who: Who, year: int) -> bool:
    """True while a phase of the budget year opens the catalogue for changes."""
    return who.open(year, Activity.EDIT_CATALOGUE)


def may_link(who: Who, year: int) -> bool:
    """Links are made from either side, so either kind of work opens them."""
    return is_open(who, year) or who.open(year, Activity.COLLECT)


def sees_drafts(who: Who) -> bool:
    """Staff see what is not published yet; nobody else does, the council neither."""
    return who.is_staff


def may_see(who: Who, catalogue: Catalogue | None, proposal: Proposal) -> bool:
    """Everybody, once the catalogue is published and the proposal is no draft."""
    published = catalogue is not None and catalogue.is_public(who.now)
    return sees_drafts(who) or (published and not proposal.is_draft)


def public_from(catalogue: Catalogue | None, proposal: Proposal) -> datetime | None:
    """From when a proposal is public: what its marks on the posts are told. None while no moment is set."""
    return None if catalogue is None or proposal.is_draft else catalogue.published_at


NEEDED_WHEN_READY = ("lead", "committee")
"""Words without which a proposal stays a draft, as it does without an amount for each of its four years."""


def is_complete(proposal: Proposal, years: Iterable[int], known: Collection[int]) -> bool:
    """True when nothing is missing that readers need; `known` are those of `years` that have an amount."""
    said = all(str(getattr(proposal, name) or "").strip() for name in NEEDED_WHEN_READY)
    return said and set(years) <= set(known)


def keeps_number(catalogue: Catalogue | None, proposal: Proposal, now: datetime) -> bool:
    """True once the number is part of a public address: an address that was public answers for ever."""
    moment = public_from(catalogue, proposal)
    return moment is not None and moment <= now


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal in a list, with what it comes to. A withdrawn one comes to nothing."""

    proposal: Proposal
    sums: Sums


def row(proposal: Proposal, sums: Sums | None) -> Row:
    """The row of a proposal whose line comes to `sums`."""
    counts = sums is not None and proposal.status != Status.WITHDRAWN
    return Row(proposal, sums if counts and sums is not None else NOTHING)


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one theme and what they come to."""

    theme: Theme
    rows: list[Row]
    total: Sums


@dataclass(frozen=True, slots=True)
class Table:
    """Rows grouped by theme, with the total of them all."""

    groups: list[Group]
    total: Sums
    count: int


def table(rows: Iterable[Row]) -> Table:
    """Group rows by theme, in the themes' order, and add them up."""
    by_theme: dict[int, list[Row]] = {}
    for one in rows:
        by_theme.setdefault(one.proposal.theme_id, []).append(one)
    parts = sorted(by_theme.values(), key=lambda part: part[0].proposal.theme.no)
    groups = [Group(part[0].proposal.theme, part, add_up(one.sums for one in part)) for part in parts]
    return Table(groups, add_up(group.total for group in groups), sum(len(group.rows) for group in groups))


@dataclass(frozen=True, slots=True)
class Control:
    """The declared total beside the real one. `difference` is real minus declared, in 1.000 kr."""

    count: int
    tkr: int
    real_count: int
    real_tkr: int

    @property
    def difference(self) -> int:
        """How far the money is off."""
        return self.real_tkr - self.tkr

    @property
    def agrees(self) -> bool:
        """True when both number and money are as declared, to the thousand."""
        return self.real_count == self.count and not self.difference


def control(catalogue: Catalogue | None, whole: Table) -> Control | None:
    """The control total of the whole catalogue; None when none is declared."""
    if catalogue is None or catalogue.control_count is None or catalogue.control_tkr is None:
        return None
    return Control(catalogue.control_count, catalogue.control_tkr, whole.count, whole.total.full_phase_in)


def only(rows: Sequence[Row], *, theme_id: int | None, status: str) -> list[Row]:
    """The rows of one theme, one status, or both."""
    return [
        one
        for one in rows
        if (theme_id is None or one.proposal.theme_id == theme_id) and (not status or one.proposal.status == status)
    ]
