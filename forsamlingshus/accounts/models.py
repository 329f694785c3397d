"""Users, guests, authors, log-in sessions, site-wide role grants, mutes and drafts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forsamlingshus.kernel.db import Base, UtcDateTime


class Role(StrEnum):
    """Roles for the whole site; facilitators are granted by the meetings slice, for one meeting or workshop."""

    STAFF = "staff"
    COUNCIL = "council"
    ADMIN = "admin"


class AuthorKind(StrEnum):
    """What an author is: an account, a guest at a meeting, a table that wrote on paper, or a hall that answered."""

    ACCOUNT = "account"
    GUEST = "guest"
    PAPER = "paper"
    HALL = "hall"


class Author(Base):
    """Whoever said something. Posts belong to authors, so guests and paper need no account."""

    __tablename__ = "author"
    __table_args__ = (CheckConstraint("kind IN ('account', 'guest', 'paper', 'hall')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(40))
    # What no two accounts may share: rules.name_key of the name. Guests, paper and deleted users have none.
    name_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    is_demo: Mapped[bool] = mapped_column(default=False)


class User(Base):
    """An account: an e-mail address, a password hash and one author with the public name."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    blocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    author: Mapped[Author] = relationship(lazy="joined", innerjoin=True)
    grants: Mapped[list["RoleGrant"]] = relationship(back_populates="user", cascade="all, delete-orphan")


class RoleGrant(Base):
    """A role that a user holds for the whole site."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("user_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(10))

    user: Mapped[User] = relationship(back_populates="grants")


class LoginSession(Base):
    """One log-in on one device. Holds the hash of the cookie's token: a stolen database opens no session."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    device: Mapped[str] = mapped_column(String(80), default="")


class Guest(Base):
    """Somebody who takes part in one meeting without an account, on one device; holds the hash of the cookie's token.

    The row outlives its session: it tells where the author came in, and keeps two guests from getting one number.
    """

    __tablename__ = "guest"
    __table_args__ = (UniqueConstraint("scope_key", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"), unique=True)
    scope_key: Mapped[str] = mapped_column(String(40))
    """The meeting that was joined; this slice knows no meetings and was told."""
    number: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    author: Mapped[Author] = relationship(lazy="joined", innerjoin=True)


class Mute(Base):
    """The word taken from an author in one place, or in the whole house; the moments are domain time."""

    __tablename__ = "mute"
    __table_args__ = (Index(None, "author_id", "lifted_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    scope_key: Mapped[str] = mapped_column(String(40))
    reason_code: Mapped[str] = mapped_column(String(20))
    anonymous_no: Mapped[int | None]
    """Of a mute for a question that was asked anonymously, its number (0: it never got one): whoever reads of such a
    mute is told the number and never the name. None for all others. This slice knows no questions and was told."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None holds until somebody lifts it."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("author.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("author.id"))

    author: Mapped[Author] = relationship(lazy="raise", foreign_keys=[author_id])

    def holds(self, now: datetime) -> bool:
        """True while the person may not write."""
        return self.lifted_at is None and (self.until is None or self.until > now)


class Draft(Base):
    """What an author has typed in a box and not sent. The box's key (`thread:5`) and its path tell where it stands."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("author_id", "box"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id", ondelete="CASCADE"))
    box: Mapped[str] = mapped_column(String(40))
    path: Mapped[str] = mapped_column(String(500))
    title: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text)
    quote: Mapped[str] = mapped_column(Text, default="")
    """Words of the post that is answered."""
    prompt_no: Mapped[int] = mapped_column(default=0)
    """The facilitator's question that a new thread answers; 0 for none."""
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
