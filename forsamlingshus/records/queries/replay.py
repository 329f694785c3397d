"""Reading the replay of a stage: each slide at its moment, with what was asked, said and answered while it stood there.

Only what everybody may read today is in it: what was hidden or withdrawn, even long afterwards, is not there. That
holds for the talk about a slide as well, which goes with its deck.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.discussions import queries as discussions
from forsamlingshus.discussions.models import Post, PostKind, QuestionFate, Thread, ThreadKind
from forsamlingshus.kernel import clock, topics
from forsamlingshus.notes import queries as notes
from forsamlingshus.notes.models import TableNote
from forsamlingshus.polls import queries as polls
from forsamlingshus.polls.models import Poll, topic_of
from forsamlingshus.slides import queries as slides
from forsamlingshus.slides.models import Deck
from forsamlingshus.slides.queries import Thumb
from forsamlingshus.stages import queries as stages
from forsamlingshus.stages.models import Mode, MomentKind, Stage, StageMoment

MOST = 2_000
"""Moments and posts of one meeting that a page shows; a long evening of a full hall has some hundred."""
SETTLED = {QuestionFate.ANSWERED: "answered", QuestionFate.WRITTEN: "written", QuestionFate.MERGED: "merged"}


@dataclass
class Entry:
    """Something that happened while a slide stood there; `anchor` names its minute when it is the first in it."""

    at: datetime
    kind: str
    """started, closed, pause, question, post, talk (about a slide), screen, answered, written, merged, poll (opened),
    result (of a poll) or note (from paper)."""
    post: Post | None = None
    poll: Poll | None = None
    note: TableNote | None = None
    anchor: str = ""


@dataclass
class Scene:
    """From one slide to the next. `slide` is None before the first, and where the deck is no longer public."""

    at: datetime
    deck: Deck | None = None
    slide: Thumb | None = None
    gone: bool = False
    """True where a slide was shown that nobody may see any more."""
    entries: list[Entry] = field(default_factory=list)
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Replay:
    """A meeting as it went, with its numbers."""

    scenes: list[Scene]
    slide_count: int
    question_count: int
    post_count: int
    poll_count: int
    note_count: int
    other_notes: int
    """Notes from paper that somebody typed in before or after the meeting: they have no minute in it."""
    author_count: int

    def anchor_at(self, hour: int, minute: int) -> str:
        """The anchor of that minute on the meeting's first day, else of the last thing that happened before it."""
        marks = [mark for mark in _marks(self.scenes) if mark.anchor]
        if not marks:
            return ""
        wanted = clock.local(marks[0].at).replace(hour=hour, minute=minute, second=59)
        before = [mark for mark in marks if mark.at <= wanted]
        return (before[-1] if before else marks[0]).anchor


def fingerprint(session: Session, stage: Stage) -> tuple[object, ...]:
    """What the replay depends on: it is another one whenever one of its posts, decks or moments is."""
    read = func.sum(case((discussions.EVERYBODY_READS, 1), else_=0))  # a talk goes out of sight without a version
    said = select(func.count(Post.id), read, func.sum(Contribution.version)).join(Post.thread).join(Post.contribution)
    posts = session.execute(said.where(*_said(stage))).one()
    decks = select(func.count(Deck.id), func.sum(Deck.version)).where(Deck.scope_key == stage.scope_key)
    versions = topics.two_versions(session.connection(), stage.topic, topics.SITE)
    others = (*notes.print_of_notes(session, stage), topics.version_of(session, topic_of(stage.id)))
    return (stage.id, stage.closed_at, *posts, *session.execute(decks).one(), *others, *versions)


def replay(session: Session, stage: Stage) -> Replay:
    """The replay of a stage that was closed."""
    moments = stages.moments(session, stage.id, limit=MOST)
    said = _posts(session, stage)
    posts = [entry.post for entry in said if entry.post]
    paper = notes.notes_beside(session, stage)
    began, ended = _hours(stage)
    timed = [note for note in paper if began <= note.entered_at <= ended]
    found = [*said, *_polls(session, stage), *(Entry(note.entered_at, "note", note=note) for note in timed)]
    found += _entries(moments, posts)  # last, for of what happens in one instant the end of the meeting is the last
    scenes = list(_scenes(session, stage, moments))
    _fill(scenes, sorted(found, key=lambda entry: entry.at))
    _name_minutes(scenes)
    questions = sum(post.kind == PostKind.QUESTION for post in posts)
    return Replay(
        scenes=scenes,
        slide_count=len({(scene.deck.id, scene.slide.no) for scene in scenes if scene.deck and scene.slide}),
        question_count=questions,
        post_count=len(posts) - questions,
        poll_count=sum(entry.kind == "result" for entry in found),
        note_count=len(timed),
        other_notes=len(paper) - len(timed),
        author_count=len({post.author_id for post in posts}),
    )


def _said(stage: Stage) -> tuple[ColumnElement[bool], ...]:
    """What was written beside a stage from its beginning to its end, whatever became of it."""
    began, ended = _hours(stage)
    return Thread.forum_id == stage.forum_id, Post.created_at >= began, Post.created_at <= ended


def _hours(stage: Stage) -> tuple[datetime, datetime]:
    assert stage.closed_at is not None
    return stage.started_at or stage.starts_at, stage.closed_at


def _posts(session: Session, stage: Stage) -> list[Entry]:
    """What was said and everybody may read today."""
    found = select(Post.id, Thread.kind).join(Post.thread).where(*_said(stage), discussions.EVERYBODY_READS)
    rows = session.execute(found.order_by(Post.created_at, Post.id).limit(MOST)).all()
    posts = discussions.posts_by_ids(session, [id_ for id_, _kind in rows])
    return [
        Entry(posts[id_].created_at, "talk" if kind == ThreadKind.SLIDE else str(posts[id_].kind), posts[id_])
        for id_, kind in rows
    ]


def _polls(session: Session, stage: Stage) -> Iterator[Entry]:
    """That a poll was opened, and what it came to: only a poll that is over has a result to read."""
    for poll in polls.closed_polls(session, [stage.id]):
        assert poll.opened_at is not None and poll.closed_at is not None
        yield Entry(poll.opened_at, "poll", poll=poll)
        # The poll that a meeting's end closes is closed a moment after it, and belongs to the meeting all the same.
        yield Entry(min(poll.closed_at, _hours(stage)[1]), "result", poll=poll)


def _scenes(session: Session, stage: Stage, moments: Sequence[StageMoment]) -> Iterator[Scene]:
    shown = {moment.deck_id for moment in moments if moment.deck_id is not None}
    decks = {deck.id: deck for deck in slides.decks_of(session, [stage.scope_key], listed_only=True)}
    thumbs = slides.thumbs(session, shown & decks.keys())
    yield Scene(at=stage.started_at or stage.starts_at)
    before = None
    for moment in moments:
        here = (moment.deck_id, moment.slide_no)
        if moment.kind == MomentKind.SLIDES_ENDED and before is not None:
            yield Scene(at=moment.at)
            before = None
        elif moment.kind == MomentKind.SLIDE and here != before:
            before = here
            deck = decks.get(moment.deck_id or 0)
            slide = thumbs.get((moment.deck_id or 0, moment.slide_no or 0))
            yield Scene(at=moment.at, deck=deck, slide=slide, gone=slide is None)


def _entries(moments: Sequence[StageMoment], posts: Sequence[Post]) -> Iterator[Entry]:
    asked = {post.id: post for post in posts}
    for moment in moments:
        if moment.kind in {MomentKind.STARTED, MomentKind.CLOSED, MomentKind.REOPENED}:
            yield Entry(moment.at, str(moment.kind))
        elif moment.kind == MomentKind.MODE and moment.mode == Mode.PAUSE:
            yield Entry(moment.at, "pause")
        elif moment.kind == MomentKind.QUESTION and moment.question_id in asked:
            yield Entry(moment.at, "screen", asked[moment.question_id])
    ends = moments[-1].at if moments else None
    for post in posts:
        fate = post.question
        if fate is not None and fate.fate in SETTLED and fate.fate_at and ends and fate.fate_at <= ends:
            yield Entry(fate.fate_at, SETTLED[QuestionFate(fate.fate)], post)


def _fill(scenes: list[Scene], entries: list[Entry]) -> None:
    """Put each entry under the slide that stood there at its moment."""
    at = 0
    for entry in entries:
        while at + 1 < len(scenes) and scenes[at + 1].at <= entry.at:
            at += 1
        scenes[at].entries.append(entry)
    # The time before the first slide and between two presentations is only told where something happened in it.
    scenes[:] = [scene for scene in scenes if scene.slide or scene.gone or scene.entries]


def _marks(scenes: list[Scene]) -> Iterator[Scene | Entry]:
    for scene in scenes:
        yield scene
        yield from scene.entries


def _name_minutes(scenes: list[Scene]) -> None:
    """Give the first thing of each minute its anchor: `kl-18-43`, on a later day with the day before it."""
    first_day, named = None, set()
    for mark in _marks(scenes):
        moment = clock.local(mark.at)
        first_day = first_day or moment.date()
        day = "" if moment.date() == first_day else f"{moment:%d}-"
        anchor = f"kl-{day}{moment:%H-%M}"
        if anchor not in named:
            named.add(anchor)
            mark.anchor = anchor
