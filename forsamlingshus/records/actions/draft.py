"""The draft of minutes, in Danish as everything that the municipality says: from what the system knows, and no more."""

from collections.abc import Sequence
from itertools import groupby

from forsamlingshus.kernel import i18n
from forsamlingshus.meetings.models import AgendaItem, Meeting, Workshop
from forsamlingshus.polls import rules as polls
from forsamlingshus.polls.models import Poll
from forsamlingshus.records.queries import Facts, Shown

FATES = {
    "answered": "besvaret på mødet",
    "written": "besvaret skriftligt",
    "merged": "samlet med et andet",
    "thread": "fortsætter i en tråd",
    "open": "ikke besvaret endnu",
}


def text_of(meeting: Meeting, facts: Facts) -> str:
    """Headings for the numbers, the programme with its slides, the polls, the questions and the workshops."""
    with i18n.in_language("da"):
        parts = [_opening(meeting), _numbers(facts)]
        parts += [_programme(meeting, facts.shown)] if meeting.agenda else []
        parts += [_polls(facts.polls)] if facts.polls else []
        parts += [_questions(facts)] if facts.questions else []
        parts += [_workshops(meeting.workshops, facts)] if meeting.workshops else []
    return "\n\n".join(parts)


def _opening(meeting: Meeting) -> str:
    day, begins = i18n.date_long(meeting.starts_at), i18n.hour(meeting.starts_at)
    return f"{meeting.title_da} blev holdt {day} kl. {begins}–{i18n.hour(meeting.ends_at)}. Sted: {meeting.place}."


def _numbers(facts: Facts) -> str:
    return "\n".join(
        (
            "## Mødet i tal",
            "",
            "Talt er det, der blev skrevet, fra mødet eller workshoppen begyndte, til den sluttede, og som alle kan"
            " læse. Trykkene er dem, det har fået til nu.",
            "",
            f"- Mennesker, der skrev eller spurgte: {facts.people}",
            f"- Spørgsmål: {facts.questions}",
            f"- Indlæg i workshopperne og om slides: {facts.posts}",
            f"- Tryk på »Vigtigt for mig« og »Det vil jeg også vide«: {facts.supports}",
            *([f"- Noter fra papir: {facts.notes}"] if facts.notes else []),
        )
    )


def _programme(meeting: Meeting, shown: Sequence[Shown]) -> str:
    items, rows = meeting.agenda, []
    for item, following in zip(items, [*items[1:], None], strict=True):
        begins, ends = item.starts_at, following.starts_at if following else None
        during = [one for one in shown if begins and begins <= one.at and (ends is None or one.at < ends)]
        rows.append(f"- {_item(item, during)}")
    return "\n".join(("## Programmet", "", *rows))


def _item(item: AgendaItem, shown: Sequence[Shown]) -> str:
    head = f"**Kl. {i18n.hour(item.starts_at)} {item.title_da}**" if item.starts_at else f"**{item.title_da}**"
    told = [head, f" ved {item.speaker}" if item.speaker else ""]
    for deck, some in groupby(shown, lambda one: one.deck):
        numbers = sorted({one.no for one in some})
        slides = f"slide {numbers[0]}" if len(numbers) == 1 else f"slide {numbers[0]} til {numbers[-1]}"
        speaker = f" ved {deck.speaker}" if deck.speaker else ""
        told.append(f". Vist: [{_plain(deck.title)}]({deck.path}){speaker}, {slides}")
    return "".join(told)


def _polls(found: Sequence[Poll]) -> str:
    rows = [
        f"- [{_plain(poll.question)}]({poll.path}) {polls.in_words(poll).removeprefix(poll.question).strip()}"
        for poll in found
    ]
    return "\n".join(("## Afstemninger", "", *rows))


def _questions(facts: Facts) -> str:
    found = [f"- {facts.fates[fate]} {words}" for fate, words in FATES.items() if facts.fates[fate]]
    told = "Alle spørgsmål står under referatet, med det, der blev af dem."
    return "\n".join(("## Spørgsmål fra salen", "", told, "", *found))


def _workshops(workshops: Sequence[Workshop], facts: Facts) -> str:
    rows = []
    for workshop in workshops:
        posts, authors = facts.rooms.get(workshop.forum_id, (0, 0))
        people = "1 menneske" if authors == 1 else f"{authors} mennesker"
        rows.append(f"- [{_plain(workshop.title_da)}]({workshop.path}): {posts} indlæg fra {people}")
    return "\n".join(("## Workshopper", "", *rows))


def _plain(title: str) -> str:
    """A title as the text of a link: brackets would end it."""
    return title.replace("[", "(").replace("]", ")")
