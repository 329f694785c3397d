"""What the parts of a loading share: the cast, the frame, and the moments at which things happen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from forsamlingshus.accounts.models import User
from forsamlingshus.demo.loader import supports
from forsamlingshus.demo.loader.supports import Press
from forsamlingshus.demo.told import Person, Texts
from forsamlingshus.discussions.models import Forum, Post
from forsamlingshus.kernel import clock
from forsamlingshus.kernel.files import FileStore
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.process import queries as process
from forsamlingshus.process.models import BudgetYear, Theme
from forsamlingshus.process.queries import Opening

ANSWERS = "birgit-dam"
"""Who answers for the municipality."""


@dataclass(frozen=True, slots=True)
class Support:
    """A person will find a post important; both by their keys."""

    person: str
    post: str
    forum: Forum


@dataclass
class Stage:
    """One loading. `until` is the chapter's moment: nothing that happens later takes place."""

    session: Session
    texts: Texts
    until: datetime
    store: FileStore
    year: BudgetYear
    authors: dict[str, int] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    scopes: dict[str, set[str]] = field(default_factory=dict)
    guest_scopes: dict[str, str] = field(default_factory=dict)
    """The meeting that each guest joined."""
    themes: dict[str, Theme] = field(default_factory=dict)
    forums: dict[str, Forum] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    openings: tuple[Opening, ...] = ()
    _moments: list[tuple[datetime, Callable[[], None] | Support]] = field(default_factory=list)

    def at(self, moment: datetime, happening: Callable[[], None] | Support) -> None:
        """Let something happen at a moment, unless it lies after the chapter's."""
        if moment <= self.until:
            self._moments.append((moment, happening))

    def play(self) -> None:
        """Let everything happen in the order of time, each under the domain clock of its own moment.

        Supports that nothing else comes between are stored together.
        """
        pressed: list[Press] = []
        for moment, happening in sorted(self._moments, key=lambda pair: pair[0]):
            # Of two things in one minute the second must not fall a few milliseconds before the end of the first.
            clock.start_at(max(moment, clock.now()))
            if isinstance(happening, Support):
                pressed.append(Press(self.who(happening.person), self.posts[happening.post], happening.forum))
                continue
            supports.press(self.session, pressed)
            pressed = []
            happening()
        supports.press(self.session, pressed)

    def who(self, key: str) -> Who:
        """A person of the cast, as a request of theirs would build it at this moment."""
        person = self.texts.people[key]
        now = clock.now()
        user = self.users.get(key)
        return Who(
            now=now,
            author_id=self.authors[key],
            # Those whose account nobody can log in to write like all with an account: 0 is no account's number.
            user_id=None if key in self.guest_scopes else user.id if user else 0,
            name=person.name,
            roles=roles_of(person),
            scopes=frozenset(self.scopes.get(key, ())),
            guest_scopes=frozenset({self.guest_scopes[key]} if key in self.guest_scopes else ()),
            opened=process.opened(self.openings, now),
        )


def roles_of(person: Person) -> frozenset[str]:
    """The site-wide role of a person; facilitators have grants instead."""
    return frozenset({person.role}) & {"staff", "council", "admin"}
