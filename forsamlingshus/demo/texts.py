"""Reads the demo's texts from content/*.toml: people, the budget year, the meeting and four workshops."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from forsamlingshus.demo.told import (
    AfterTexts,
    DeckText,
    EveningText,
    InputText,
    LaterFate,
    NoteText,
    Person,
    PollText,
    PostText,
    ProposalText,
    QuestionText,
    SaidText,
    Texts,
    ThreadText,
    WorkshopText,
)
from forsamlingshus.kernel.clock import COPENHAGEN

FOLDER = Path(__file__).parent / "content"
CHAPTERS = ("borgermoede", "efter-moedet", "katalog")


def read() -> Texts:
    """Read all files. Raises KeyError or TypeError where one is malformed, which a test finds first."""
    frame, plenum = raw("budget"), raw("plenum")
    people = {key: Person(key, **values) for key, values in raw("people")["people"].items()}
    workshops = tuple(_workshop(theme["slug"], raw(theme["slug"])) for theme in frame["themes"])
    questions = tuple(QuestionText(**question) for question in plenum["questions"])
    polls = tuple(PollText(**poll) for poll in plenum["polls"])
    notes = tuple(NoteText(**note) for note in plenum["notes"])
    return Texts(
        people=people,
        frame=frame,
        meeting=plenum["meeting"],
        sign_ups=plenum["sign_ups"],
        agenda=tuple(plenum["agenda"]),
        deck=_deck(plenum["deck"]),
        questions=questions,
        polls=polls,
        notes=notes,
        after=_after(raw("efter-moedet")),
        workshops=workshops,
    )


def raw(name: str) -> dict[str, Any]:
    """One file; its local times are Danish ones, and texts lose the line breaks around them."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        values: dict[str, Any] = _aware(tomllib.load(file))
    return values


def _aware(value: Any) -> Any:
    match value:
        case dict():
            return {key: _aware(inner) for key, inner in value.items()}
        case list():
            return [_aware(inner) for inner in value]
        case datetime():
            return value.replace(tzinfo=COPENHAGEN)
        case str():
            return value.strip()
    return value


def _workshop(slug: str, values: dict[str, Any]) -> WorkshopText:
    workshop = values["workshop"]
    prompts = tuple((prompt["da"], prompt["en"]) for prompt in workshop.pop("prompts"))
    return WorkshopText(
        slug=slug,
        **workshop,
        prompts=prompts,
        threads=tuple(_thread(thread) for thread in values["threads"]),
        inputs=tuple(_input(item) for item in values["inputs"]),
        proposals=tuple(ProposalText(**item | {"amounts": tuple(item["amounts"])}) for item in values["proposals"]),
        deck=_deck(values["deck"]),
    )


def _after(values: dict[str, Any]) -> AfterTexts:
    return AfterTexts(
        minutes=values["minutes"],
        fates=tuple(LaterFate(**fate) for fate in values["fates"]),
        questions=tuple(QuestionText(**question) for question in values["questions"]),
        workshops=tuple(_evening(workshop) for workshop in values["workshops"]),
        continued=tuple(values["continued"]),
    )


def _evening(values: dict[str, Any]) -> EveningText:
    given = {name: tuple(values[name]) for name in ("posts", "points")}
    return EveningText(**values | given | {"questions": tuple(QuestionText(**one) for one in values["questions"])})


def _thread(values: dict[str, Any]) -> ThreadText:
    return ThreadText(**values | {"posts": tuple(PostText(**post) for post in values["posts"])})


def _input(values: dict[str, Any]) -> InputText:
    quotes = tuple((quote["post"], quote["text"]) for quote in values["quotes"])
    return InputText(**values | {"quotes": quotes, "proposals": tuple(values["proposals"])})


def _deck(values: dict[str, Any]) -> DeckText:
    said = tuple(SaidText(**one) for one in values.get("said", ()))
    slides, shown = tuple(values["slides"]), tuple(values.get("shown", ()))
    return DeckText(**values | {"slides": slides, "shown": shown, "said": said})
