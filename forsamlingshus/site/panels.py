"""What front page and budget page show, put into words: the steps, the panel `Lige nu`, the red thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from forsamlingshus.kernel import clock, i18n
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import ngettext
from forsamlingshus.process import queries as process
from forsamlingshus.process.models import BudgetYear, Milestone, Precision
from forsamlingshus.process.queries import Step
from forsamlingshus.site.now import RightNow, Stage
from forsamlingshus.site.queries import Figures, Overview
from forsamlingshus.site.words import Words


@dataclass(frozen=True, slots=True)
class StepRow:
    """A gable of the row of steps."""

    name: str
    date: str
    state: str


HAPPENS = {
    "borgermoede": "meeting",
    "katalog": "hearing_opens",
    "budgetaftale": "agreement_signed",
    "aftale": "agreement_signed",
    "vedtagelse": "second_reading",
}
"""Steps that lead up to one day: their key, and the kind of the date that readers look for."""


def step_rows(budget_year: BudgetYear, found: Sequence[Step], now: datetime) -> list[StepRow]:
    """The steps with their dates in words."""
    days = {
        milestone.kind: milestone.starts_at
        for milestone in budget_year.milestones
        if milestone.has_day and milestone.starts_at is not None
    }
    return [_step_row(step, days.get(HAPPENS.get(step.key, "")), now) for step in found]


def _step_row(step: Step, happens: datetime | None, now: datetime) -> StepRow:
    """A step with the day on which it happens, else the first and last day on which it is open."""
    last = step.closes_at - timedelta(microseconds=1)  # a step that closes at midnight is not open on that day
    if happens is not None:
        date = _on_the_way(step, happens, now)
    elif step.state == "now":
        date = _("today") if _is_today(last, now) else _("until and including %(date)s", date=i18n.day_month(last))
    elif step.is_open:
        date = _("open until and including %(date)s", date=i18n.day_month(last))
    else:
        first = i18n.day_month(step.opens_at)
        date = first if first == i18n.day_month(last) else f"{first} – {i18n.day_month(last)}"
    return StepRow(step.title, date, step.state)


def _on_the_way(step: Step, happens: datetime, now: datetime) -> str:
    """The day on which a step happens; until then the step is under way."""
    if step.state == "now" and _is_today(happens, now):
        return str(_("today"))
    if step.state == "now" and happens > now:
        return str(_("on the way to %(date)s", date=i18n.day_month(happens)))
    return i18n.day_month(happens)


def _is_today(moment: datetime, now: datetime) -> bool:
    return clock.local(moment).date() == clock.local(now).date()


def now_card(
    budget_year: BudgetYear, answer: RightNow, said: Words, coming: Sequence[Milestone], now: datetime
) -> dict[str, Any]:
    """The panel: the stage in words, its deadline, and the next date for the calendar. `coming` is in order of time."""
    card: dict[str, Any] = {
        "title": said.title,
        "text": said.text,
        "deadline": answer.deadline,
        "days": answer.days,
        "button": said.button,
        "url": said.url,
    }
    following = _following(coming, answer, now)
    if following is not None:
        card |= {
            "after": _after(following, answer),
            "after_url": f"{budget_year.path}/tidsplan/{following.key}.ics",
            "after_link": _("Add to calendar"),
        }
    return card


def _following(coming: Sequence[Milestone], answer: RightNow, now: datetime) -> Milestone | None:
    """The next date that the deadline has not told already; in the hearing the meeting that gets the responses."""
    told = clock.local(answer.deadline).date() if answer.deadline else None
    later = [
        m for m in coming if m.starts_at is not None and m.starts_at > now and clock.local(m.starts_at).date() != told
    ]
    if answer.stage == Stage.HEARING:
        later.sort(key=lambda milestone: milestone.kind != "theme_meeting")
    return later[0] if later else None


def _after(following: Milestone, answer: RightNow) -> str:
    if answer.stage == Stage.HEARING and following.kind == "theme_meeting":
        return _("The council receives all responses before the meeting on %(date)s.", date=_date_of(following))
    return _("Next: %(title)s, %(date)s.", title=following.title, date=_date_of(following))


def red_thread(overview: Overview, answer: RightNow, now: datetime) -> list[dict[str, Any]]:
    """From posts to agreement, as far as it has come; what has not happened yet is `next`, with its date."""
    return [
        _posts(overview),
        _inputs(overview.figures, answer),
        _proposals(overview) if answer.published else _catalogue_to_come(overview),
        _agreement(overview, now),
    ]


def proposals_by_theme(figures: Figures) -> dict[int, list[str]]:
    """How many proposals each theme has, in words, by its id."""
    return {
        theme_id: [ngettext("%(num)s proposal", "%(num)s proposals", count)]
        for theme_id, count in figures.proposals_by_theme.items()
    }


def _posts(overview: Overview) -> dict[str, Any]:
    return {
        "icon": "chat",
        "figure": overview.posts,
        "title": ngettext("post from citizens", "posts from citizens", overview.posts),
        "url": f"{overview.budget_year.path}/temaer" if overview.workshops else "",
        "text": ngettext("in %(num)s thread", "in %(num)s threads", overview.threads) if overview.posts else "",
        "next": not overview.posts,
    }


def _inputs(figures: Figures, answer: RightNow) -> dict[str, Any]:
    if not figures.inputs and not answer.published:
        return {
            "icon": "note",
            "figure": _("Afterwards"),
            "title": _("collected inputs"),
            "text": _("The administration gathers what was said"),
            "next": True,
        }
    return {
        "icon": "note",
        "figure": figures.inputs,
        "title": ngettext("collected input", "collected inputs", figures.inputs),
        "text": ngettext(
            "with words from %(num)s contribution", "with words from %(num)s contributions", figures.posts_used
        ),
    }


def _catalogue_to_come(overview: Overview) -> dict[str, Any]:
    return {
        "icon": "file",
        "figure": _date_of(_milestone(overview, "hearing_opens")),
        "title": _("the budget catalogue"),
        "text": _("Then you can see which proposals it became"),
        "next": True,
    }


def _proposals(overview: Overview) -> dict[str, Any]:
    figures = overview.figures
    money = _("DKK %(amount)s million when all is in place", amount=i18n.mio(figures.full_phase_in))
    behind = ngettext(
        "Words from %(num)s contribution are behind them",
        "Words from %(num)s contributions are behind them",
        figures.posts_behind,
    )
    return {
        "icon": "file",
        "figure": figures.proposals,
        "title": ngettext("proposal in the catalogue", "proposals in the catalogue", figures.proposals),
        "url": f"{overview.budget_year.path}/katalog",
        "text": f"{money}. {behind}" if figures.posts_behind else money,
    }


def _agreement(overview: Overview, now: datetime) -> dict[str, Any]:
    signed = _milestone(overview, "agreement_signed")
    return {
        "icon": "clock",
        "figure": _date_of(signed),
        "title": _("the budget agreement"),
        "text": _("Then you can see what the politicians chose"),
        "next": signed is None or not process.is_past(signed, now),
    }


def _milestone(overview: Overview, kind: str) -> Milestone | None:
    return next((m for m in overview.budget_year.milestones if m.kind == kind and m.has_day), None)


def _date_of(milestone: Milestone | None) -> str:
    if milestone is None or milestone.starts_at is None:
        return _("Later")
    if milestone.precision == Precision.MOMENT:
        return i18n.when(milestone.starts_at)
    return i18n.day_month(milestone.starts_at)
