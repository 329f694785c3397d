"""The words for each stage of a budget, in the page's language: the hero of the front page and the panel `Lige nu`."""

from collections.abc import Callable
from dataclasses import dataclass

from forsamlingshus.kernel import i18n
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import ngettext
from forsamlingshus.site.now import Course, RightNow, Stage


@dataclass(frozen=True, slots=True)
class Words:
    """`headline` and `lead` are the hero's, `title` and `text` the panel's; the links are of both."""

    headline: str
    lead: str
    title: str
    text: str = ""
    button: str = ""
    url: str = ""
    second: str = ""
    second_url: str = ""


def words(course: Course, now: RightNow) -> Words:
    """What to say at this stage."""
    return _WORDS[now.stage](course, now)


def _undated(course: Course, now: RightNow) -> Words:
    return Words(
        headline=_("Budget %(year)s is on its way", year=course.year),
        lead=_("The dates are not set yet. They will stand here as soon as they are."),
        title=_("The dates are not set yet"),
    )


def _ahead(course: Course, now: RightNow) -> Words:
    if now.deadline is not None and now.deadline == (course.debate or (None,))[0]:
        headline = _("The debate opens %(date)s", date=i18n.day_month(now.deadline))
    else:
        headline = _("The citizen meeting is soon")
    return Words(
        headline=headline,
        lead=_("Here you can soon write what matters to you in the municipality's budget. Anyone can read along."),
        title=headline,
        **_first_links(course, meeting=course.meeting is not None),
    )


def _debate(course: Course, now: RightNow) -> Words:
    return Words(
        headline=_("The debate is open. What matters to you?"),
        lead=_("Read what others say, and write yourself. The municipality reads it all before it writes proposals."),
        title=_("The debate is open"),
        text=_("Write in the theme that matters to you. Anyone can read along."),
        **_first_links(course, meeting=now.meeting_ahead),
    )


def _meeting(course: Course, now: RightNow) -> Words:
    write = {"second": _("Write in a theme"), "second_url": _themes(course)} if course.has_workshops else {}
    return Words(
        headline=_("The meeting is under way. Follow it here"),
        lead=_("You can follow the presentations and write in the themes while the meeting runs, wherever you are."),
        title=_("The meeting is under way"),
        text=_("Follow the presentations, and write in the themes."),
        button=_("Follow the meeting"),
        url=f"{_year(course)}/borgermoede",
        **write,
    )


def _work(course: Course, now: RightNow) -> Words:
    return Words(
        headline=_("The administration is writing the proposals"),
        lead=_("The debate is over. The administration gathers what was said and prepares the budget catalogue."),
        title=_("The administration is preparing the catalogue"),
        text=_("You can still read everything that was said."),
        **_reading(course, published=False),
    )


def _catalogue(course: Course, now: RightNow) -> Words:
    return Words(
        headline=_("The budget catalogue is ready. Read the proposals"),
        lead=_("The debate has become %(proposals)s. You can see where each comes from.", proposals=_count(course)),
        title=_("The budget catalogue is ready"),
        text=_("You can see where each proposal comes from."),
        **_reading(course, published=True),
    )


def _hearing(course: Course, now: RightNow) -> Words:
    how = {"second": _("How to respond"), "second_url": f"{_year(course)}#hoering"}
    if now.published:
        lead = _(
            "Citizens have talked about the municipality's economy. It has become %(proposals)s. Now you can say what "
            "you think of them.",
            proposals=_count(course),
        )
    else:
        lead = _("Now you can say what you think of the budget.")
    return Words(
        headline=_("The hearing is open. What do you think?"),
        lead=lead,
        title=_("The hearing is open. Anyone can respond"),
        text=_("Read the proposals, and send your response by mail."),
        **{**_reading(course, published=now.published), **how},
    )


def _after(course: Course, now: RightNow) -> Words:
    return Words(
        headline=_("The politicians are negotiating the budget"),
        lead=_("The hearing is over. The politicians read all responses. They decide themselves what to do with them."),
        title=_("The politicians are negotiating"),
        text=_("They read all responses, and decide themselves what to do with them."),
        **_reading(course, published=now.published),
    )


def _adopted(course: Course, now: RightNow) -> Words:
    return Words(
        headline=_("Budget %(year)s has been adopted", year=course.year),
        lead=_("Here you can still read what was said, and what it became."),
        title=_("Budget %(year)s has been adopted", year=course.year),
        **_reading(course, published=now.published),
    )


_WORDS: dict[Stage, Callable[[Course, RightNow], Words]] = {
    Stage.UNDATED: _undated,
    Stage.AHEAD: _ahead,
    Stage.DEBATE: _debate,
    Stage.MEETING: _meeting,
    Stage.WORK: _work,
    Stage.CATALOGUE: _catalogue,
    Stage.HEARING: _hearing,
    Stage.AFTER: _after,
    Stage.ADOPTED: _adopted,
}


def _first_links(course: Course, *, meeting: bool) -> dict[str, str]:
    """Write in a theme, or see the meeting; whichever of them exists."""
    links = [(_("See the citizen meeting"), f"{_year(course)}/borgermoede")] if meeting else []
    if course.has_workshops:
        title = _("See the themes") if course.debate is None else _("Write in a theme")
        links.insert(0, (title, _themes(course)))
    return _as_links(links)


def _reading(course: Course, *, published: bool) -> dict[str, str]:
    """Read the catalogue once it is public, and what was said."""
    links = []
    if published:
        title = ngettext("Read the %(num)s proposal", "Read the %(num)s proposals", course.proposals)
        links.append((title, f"{_year(course)}/katalog"))
    if course.has_workshops:
        links.append((_("Read the debate"), _themes(course)))
    return _as_links(links)


def _as_links(links: list[tuple[str, str]]) -> dict[str, str]:
    names = (("button", "url"), ("second", "second_url"))
    return {name: part for pair, link in zip(names, links, strict=False) for name, part in zip(pair, link, strict=True)}


def _count(course: Course) -> str:
    return ngettext("%(num)s proposal", "%(num)s proposals", course.proposals)


def _year(course: Course) -> str:
    return f"/budget/{course.year}"


def _themes(course: Course) -> str:
    return f"{_year(course)}/temaer"
