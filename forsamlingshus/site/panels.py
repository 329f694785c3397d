"""What front page and budget page show, put into words: the steps, the panel `Lige nu`, the red thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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


def step_row(step: Step, now: datetime) -> StepRow:
    """A step with its date in words: until when it lasts, or the day on which it ends or ended."""
    day = i18n.day_month(step.closes_at)
    ends_today = clock.local(step.closes_at).date() == clock.local(now).date()
    if step.state == "now":
        date = _("today") if ends_today else _("until %(moment)s", moment=day)
    elif step.is_open and step.activities:
        date = _("open until %(date)s", date=day)
    else:
        date = day
    return StepRow(step.title, date, step.state)


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
        "text": ngettext("%(num)s post is used", "%(num)s posts are used", figures.posts_used),
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
    return {
        "icon": "file",
        "figure": figures.proposals,
        "title": ngettext("proposal in the catalogue", "proposals in the catalogue", figures.proposals),
        "url": f"{overview.budget_year.path}/katalog",
        "text": _("DKK %(amount)s million when all is in place", amount=i18n.mio(figures.full_phase_in)),
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
