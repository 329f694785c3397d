"""Reading the minutes of a meeting, and the facts that their draft is made from."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from forsamlingshus.discussions import queries as discussions
from forsamlingshus.discussions.models import Forum, Post, PostKind, PostState, Question, Thread
from forsamlingshus.kernel import clock, html
from forsamlingshus.meetings.models import Meeting
from forsamlingshus.notes.models import TableNote
from forsamlingshus.polls import queries as polls
from forsamlingshus.polls.models import Poll
from forsamlingshus.records.models import Minutes
from forsamlingshus.slides import queries as slides
from forsamlingshus.slides.models import Deck
from forsamlingshus.stages import queries as stages
from forsamlingshus.stages.models import MomentKind, Stage

OFFERED = 40
"""Posts that are offered for the minutes: those that most people find important."""
ASKED = 300
MOMENTS = 2_000
_HEADING = re.compile(r"^##[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)


def minutes_of(session: Session, meeting_id: int) -> Minutes | None:
    """The minutes of a meeting with its corrections and the posts that belong to them."""
    return session.scalar(
        select(Minutes)
        .where(Minutes.meeting_id == meeting_id)
        .options(selectinload(Minutes.posts), selectinload(Minutes.corrections))
    )


def sections(body: str) -> list[tuple[str, Markup]]:
    """The text as headings (empty for what stands before the first) with clean HTML below each."""
    parts = _HEADING.split(body)
    found = [("", parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]
    return [(heading, html.render_markdown(words.strip())) for heading, words in found if heading or words.strip()]


def scope_keys(meeting: Meeting) -> list[str]:
    """The keys of a meeting and its workshops."""
    return [meeting.scope_key, *(workshop.scope_key for workshop in meeting.workshops)]


def offered(session: Session, meeting: Meeting, chosen: Collection[int]) -> list[Post]:
    """The posts that staff may choose for the minutes: the most important ones, and those chosen already."""
    ids = list(session.scalars(_readable(meeting).order_by(Post.support_count.desc(), Post.id).limit(OFFERED)))
    posts = discussions.posts_by_ids(session, readable(session, meeting, chosen) | set(ids))
    return sorted(posts.values(), key=lambda post: (post.id not in chosen, -post.support_count, post.id))


def readable(session: Session, meeting: Meeting, ids: Collection[int]) -> set[int]:
    """Those of some posts that everybody may read and that were written at the meeting or its workshops."""
    return set(session.scalars(_readable(meeting).where(Post.id.in_(ids))))


def _readable(meeting: Meeting) -> Select[int]:
    """The ids of posts that everybody may read."""
    places = select(Forum.id).where(Forum.scope_key.in_(scope_keys(meeting)))
    here = select(Post.id).join(Post.thread).where(Thread.forum_id.in_(places))
    return here.where(Post.kind == PostKind.POST, discussions.EVERYBODY_READS)


def chosen_posts(session: Session, minutes: Minutes, *, public: bool) -> list[Post]:
    """The posts of the minutes that may be read today, in the order in which they were written."""
    ids = [row.post_id for row in minutes.posts if (row.public if public else row.chosen)]
    return sorted(discussions.readable_posts(session, ids).values(), key=lambda post: post.id)


def asked(session: Session, meeting: Meeting) -> list[tuple[str, list[Post]]]:
    """The questions that may be read today by the title of the plenary or workshop, each place in its order."""
    places = [meeting.stage, *(workshop.stage for workshop in meeting.workshops)]
    threads = {place.thread_id: place.title for place in places}
    found = select(Post.id).where(
        Post.thread_id.in_(threads), Post.state == PostState.VISIBLE, Post.position.is_not(None)
    )
    ids = list(session.scalars(found.order_by(Post.thread_id, Post.position).limit(ASKED)))
    posts = discussions.posts_by_ids(session, ids)
    groups = groupby((posts[id_] for id_ in ids), lambda post: post.thread_id)
    return [(threads[thread_id], list(some)) for thread_id, some in groups]


@dataclass(frozen=True, slots=True)
class Shown:
    """A slide that was shown, and when."""

    at: datetime
    deck: Deck
    no: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What the system knows of a meeting: the numbers of its minutes are counted, never typed."""

    people: int
    posts: int
    questions: int
    supports: int
    notes: int
    rooms: Mapping[int, tuple[int, int]]
    """Posts and the people who wrote them, by forum."""
    fates: Counter[str]
    shown: Sequence[Shown]
    polls: Sequence[Poll]
    """The closed ones, in the order in which they were opened."""


def facts(session: Session, meeting: Meeting) -> Facts:
    """The numbers and polls of the plenary and of all workshops together, and the slides of the plenary.

    What was written counts while its place was open, and is what everybody may read today.
    """
    here = (_while_open(meeting), discussions.EVERYBODY_READS)
    said = select(Post.kind, func.count(), func.sum(Post.support_count)).join(Post.thread)
    said = said.where(*here).group_by(Post.kind)
    counts = {kind: (number, supports) for kind, number, supports in session.execute(said)}
    rooms = select(Thread.forum_id, func.count(), func.count(Post.author_id.distinct())).join(Post.thread)
    rooms = rooms.where(*here, Post.kind == PostKind.POST).group_by(Thread.forum_id)
    people = select(func.count(Post.author_id.distinct())).join(Post.thread)
    people = people.where(*here)
    fates = select(Question.fate, func.count()).join(Post, Post.id == Question.post_id).join(Post.thread)
    fates = fates.where(*here).group_by(Question.fate)
    return Facts(
        people=session.scalar(people) or 0,
        posts=counts.get(PostKind.POST, (0, 0))[0],
        questions=counts.get(PostKind.QUESTION, (0, 0))[0],
        supports=sum(supports for _number, supports in counts.values()),
        notes=session.scalar(select(func.count()).where(TableNote.meeting_id == meeting.id)) or 0,
        rooms={forum_id: (posts, authors) for forum_id, posts, authors in session.execute(rooms)},
        fates=Counter({row[0]: row[1] for row in session.execute(fates)}),
        shown=_shown(session, meeting.stage),
        polls=polls.closed_polls(session, [meeting.stage.id, *(workshop.stage.id for workshop in meeting.workshops)]),
    )


def _while_open(meeting: Meeting) -> ColumnElement[bool]:
    """Posts of the plenary and of each workshop from its beginning to its end, as in their replays.

    A workshop that nobody ended is over with the plenary.
    """
    ended = meeting.stage.closed_at or clock.now()
    places = [meeting.stage, *(workshop.stage for workshop in meeting.workshops)]
    return or_(
        *(
            (Thread.forum_id == place.forum_id)
            & Post.created_at.between(place.started_at or place.starts_at, place.closed_at or ended)
            for place in places
        )
    )


def _shown(session: Session, stage: Stage) -> list[Shown]:
    decks = {deck.id: deck for deck in slides.decks_of(session, [stage.scope_key], listed_only=True)}
    return [
        Shown(moment.at, decks[moment.deck_id], moment.slide_no or 1)
        for moment in stages.moments(session, stage.id, limit=MOMENTS)
        if moment.kind == MomentKind.SLIDE and moment.deck_id in decks
    ]
