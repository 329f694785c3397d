"""What the demo is told: people, posts, questions, decks, proposals and what follows, as frozen rows of words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

DECKS = Path(__file__).parent / "decks"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented. `account` is the demo log-in that speaks with this name, empty for most."""

    key: str
    name: str
    role: str = "citizen"
    account: str = ""


@dataclass(frozen=True, slots=True)
class PostText:
    """A post. `text` is its last wording; an edited one began as `edited_from`. `supports` is a number of people."""

    key: str
    author: str
    at: datetime
    text: str
    supports: int = 0
    reply_to: str = ""
    quote_of: str = ""
    quote: str = ""
    hidden: str = ""
    hidden_code: str = ""
    withdrawn: bool = False
    edited_at: datetime | None = None
    edited_from: str = ""


@dataclass(frozen=True, slots=True)
class QuestionText:
    """A question to the plenary. `fate` is answered, written, merged or hidden, `fate_at` when that came about.

    `into` is the key of the question it was merged with; `reason` why it was hidden; `answer` the written answer.
    """

    key: str
    author: str
    at: datetime
    text: str
    supports: int = 0
    anonymous: bool = False
    held: bool = False
    fate: str = ""
    fate_at: datetime | None = None
    into: str = ""
    reason: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class PollText:
    """A poll of the plenary, about a point of the programme or a slide. `answers`: what so many people chose."""

    kind: str
    question: str
    options: tuple[str, ...]
    prepared_at: datetime
    opened_at: datetime
    closed_at: datetime
    answers: tuple[Mapping[str, Any], ...]
    points: int = 0
    agenda: int = 0
    slide: int = 0


@dataclass(frozen=True, slots=True)
class NoteText:
    """A note from a table: `people` and `prompt` are 0 where the sheet does not say, `theme` empty for the plenary."""

    table: int
    at: datetime
    text: str
    theme: str = ""
    people: int = 0
    prompt: int = 0


@dataclass(frozen=True, slots=True)
class ThreadText:
    """A thread with its posts in order of time; `prompt` numbers the facilitator's question it answers."""

    key: str
    title: str
    posts: tuple[PostText, ...]
    prompt: int | None = None


@dataclass(frozen=True, slots=True)
class InputText:
    """What staff gather: (key of a post, its words) for each quote, and the numbers of the proposals it led to."""

    key: str
    title: str
    created: datetime
    note: str
    quotes: tuple[tuple[str, str], ...]
    proposals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ProposalText:
    """A proposal. `amounts` are 1.000 kr. for the budget year and three estimate years; twelve have the full text."""

    number: int
    title: str
    lead: str
    committee: str
    kind: str
    type: str
    amounts: tuple[int, int, int, int]
    source: str
    content: str = ""
    citizens: str = ""
    staff: str = ""
    fte: str = ""
    legal: str = ""
    implementation: str = ""
    risk: str = ""


@dataclass(frozen=True, slots=True)
class SaidText:
    """A post about slide `no` of a deck, and the municipality's answer where there is one."""

    key: str
    no: int
    author: str
    at: datetime
    text: str
    answer: str = ""
    answered: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeckText:
    """A deck; the committed file is drawn from its slides. `shown` is when each slide comes on the screen, if ever."""

    slug: str
    title: str
    speaker: str
    uploaded: datetime
    slides: tuple[Mapping[str, Any], ...]
    shown: tuple[datetime, ...] = ()
    stopped: datetime | None = None
    said: tuple[SaidText, ...] = ()

    @property
    def file(self) -> Path:
        """The committed PDF."""
        return DECKS / f"{self.slug}.pdf"


@dataclass(frozen=True, slots=True)
class WorkshopText:
    """All that belongs to one theme."""

    slug: str
    facilitator: str
    lead_da: str
    lead_en: str
    question_da: str
    question_en: str
    prompts: tuple[tuple[str, str], ...]
    threads: tuple[ThreadText, ...]
    inputs: tuple[InputText, ...]
    proposals: tuple[ProposalText, ...]
    deck: DeckText
    room: str = ""


@dataclass(frozen=True, slots=True)
class LaterFate:
    """What became of an earlier question: `fate` at a moment, and an answer in writing some days later."""

    question: str
    fate: str = ""
    at: datetime | None = None
    shown_at: datetime | None = None
    answered_at: datetime | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class EveningText:
    """The evening in one workshop, and its summary: `posts` stand in the thread of the post they come `after`."""

    slug: str
    host: str
    first_slide_at: datetime
    published_at: datetime
    questions: tuple[QuestionText, ...]
    posts: tuple[Mapping[str, Any], ...]
    points: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class AfterTexts:
    """The rest of the meeting evening and the week after it."""

    minutes: Mapping[str, Any]
    fates: tuple[LaterFate, ...]
    questions: tuple[QuestionText, ...]
    workshops: tuple[EveningText, ...]
    continued: tuple[Mapping[str, Any], ...]
    """Posts in the threads in which questions without an answer go on."""

    def all_questions(self) -> Iterator[QuestionText]:
        """Those of the plenary, then those of the workshops."""
        yield from self.questions
        for workshop in self.workshops:
            yield from workshop.questions


@dataclass(frozen=True, slots=True)
class Texts:
    """Everything. `frame`, `meeting` and `sign_ups` are as in budget.toml and plenum.toml, with aware moments."""

    people: Mapping[str, Person]
    frame: Mapping[str, Any]
    meeting: Mapping[str, Any]
    sign_ups: Mapping[str, Any]
    agenda: tuple[Mapping[str, Any], ...]
    deck: DeckText
    questions: tuple[QuestionText, ...]
    polls: tuple[PollText, ...]
    notes: tuple[NoteText, ...]
    after: AfterTexts
    workshops: tuple[WorkshopText, ...]

    def posts(self) -> Iterator[PostText]:
        """Every post of every thread."""
        for workshop in self.workshops:
            for thread in workshop.threads:
                yield from thread.posts

    def decks(self) -> Iterator[DeckText]:
        """The plenary deck, then those of the workshops."""
        yield self.deck
        yield from (workshop.deck for workshop in self.workshops)

    def said(self) -> Iterator[SaidText]:
        """Every post about a slide."""
        for deck in self.decks():
            yield from deck.said

    def moment(self, chapter: str) -> datetime:
        """The moment that a chapter shows."""
        moment: datetime = self.frame["chapters"][chapter]["moment"]
        return moment
