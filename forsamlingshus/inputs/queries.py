"""Reading what was collected: the board, one input, and what quotes a thread or a theme."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.inputs.models import Input, InputUse, Quote
from forsamlingshus.process import queries as process_queries
from forsamlingshus.process.models import BudgetYear

PAGE = 15
"""Rows of a column of the board: on a phone one column is the page."""
LISTED = 30
"""How many inputs stand beside a thread."""
CHOICES = 200
"""How many inputs a list to choose from offers, newest first."""
MAX_WORDS = 5


def topic_of(year: int) -> str:
    """The topic of everything that is collected for a budget year."""
    return f"inputs:{year}"


def year_asked(session: Session, asked: int | None) -> BudgetYear | None:
    """The budget year that an address names, else the newest one."""
    return process_queries.current_year(session) if asked is None else process_queries.year_of(session, asked)


@dataclass(frozen=True, slots=True)
class Posts:
    """A page of contributions, newest first; `next_after` is the id to go on after when there are more."""

    rows: list[Contribution]
    next_after: int | None


def posts(
    session: Session,
    *,
    year: int | None = None,
    theme_id: int | None = None,
    unhandled: bool = True,
    words: str = "",
    after: int | None = None,
) -> Posts:
    """The public contributions of a year or theme with author, theme and fates; all `words` stand in the text."""
    conditions = [*_public(year, theme_id), *(_contains(word) for word in words.split()[:MAX_WORDS])]
    if after is not None:
        conditions.append(Contribution.id < after)
    # One walk along the board's index for each value of `used`: asked in one go, the rows would have to be sorted.
    walks = [
        select(Contribution.id)
        .where(*conditions, Contribution.used.is_(used))
        .order_by(Contribution.id.desc())
        .limit(PAGE + 1)
        .subquery()
        for used in ((False,) if unhandled else (False, True))
    ]
    statement = (
        select(Contribution)
        .where(Contribution.id.in_(union_all(*(select(walk.c.id) for walk in walks))))
        .options(
            joinedload(Contribution.author, innerjoin=True),
            joinedload(Contribution.theme),
            selectinload(Contribution.fates),
        )
        .order_by(Contribution.id.desc())
        .limit(PAGE + 1)
    )
    rows = list(session.scalars(statement))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    return Posts(rows, rows[-1].id if more else None)


def _public(year: int | None, theme_id: int | None) -> tuple[ColumnElement[bool], ...]:
    """A theme belongs to one year, so it takes the year's place: each is the first column of an index."""
    place = Contribution.budget_year == year if theme_id is None else Contribution.theme_id == theme_id
    return place, Contribution.public.is_(True)


def _contains(word: str) -> ColumnElement[bool]:
    """A word anywhere in the text. SQLite folds only a-z, so the usual spellings of æ, ø and å are asked for each."""
    spellings = {word, word.lower(), word.upper(), word.capitalize()}
    return or_(*(Contribution.text.icontains(spelling, autoescape=True) for spelling in sorted(spellings)))


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the public contributions have become part of something."""

    used: int
    total: int

    @property
    def left(self) -> int:
        """How many have not."""
        return self.total - self.used


def progress(session: Session, *, year: int | None = None, theme_id: int | None = None) -> Progress:
    """Of a year or theme; counted in the board's index, without touching a contribution."""
    counted = select(Contribution.used, func.count()).where(*_public(year, theme_id)).group_by(Contribution.used)
    found = dict(session.execute(counted).all())
    return Progress(found.get(True, 0), sum(found.values()))


@dataclass(frozen=True, slots=True)
class Inputs:
    """A page of inputs, newest first, with a quote of each and where each is used; `count` is of all pages."""

    rows: list[Input]
    count: int
    first_quotes: dict[int, str]
    uses: dict[int, list[InputUse]]
    next_before: int | None


def inputs(
    session: Session, *, year: int | None = None, theme_id: int | None = None, before: int | None = None
) -> Inputs:
    """The inputs of a year or theme; `before` is the number to go on from."""
    place = Input.budget_year == year if theme_id is None else Input.theme_id == theme_id
    statement = select(Input).where(place)
    if before is not None:
        statement = statement.where(Input.number < before)
    statement = statement.options(joinedload(Input.theme, innerjoin=True)).order_by(Input.number.desc())
    rows = list(session.scalars(statement.limit(PAGE + 1)))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    ids = [row.id for row in rows]
    first = select(func.min(Quote.id)).where(Quote.input_id.in_(ids)).group_by(Quote.input_id)
    quotes = session.execute(select(Quote.input_id, Quote.text).where(Quote.id.in_(first)))
    uses: dict[int, list[InputUse]] = {}
    for use in uses_of(session, ids):
        uses.setdefault(use.input_id, []).append(use)
    count = session.scalar(select(func.count()).select_from(Input).where(place)) or 0
    return Inputs(rows, count, dict(quotes.all()), uses, rows[-1].number if more else None)


def changed_inputs(session: Session, *, year: int, theme_id: int | None, version: int) -> int:
    """How many inputs of a year or theme are new or changed since that version of the year's topic."""
    place = Input.budget_year == year if theme_id is None else Input.theme_id == theme_id
    return session.scalar(select(func.count()).select_from(Input).where(place, Input.version > version)) or 0


def has_inputs(session: Session, year: int) -> bool:
    """True once anything was collected in the year."""
    return session.scalar(select(Input.id).where(Input.budget_year == year).limit(1)) is not None


def choices(session: Session, year: int) -> Sequence[Input]:
    """The newest inputs of a year, to choose from."""
    return session.scalars(
        select(Input).where(Input.budget_year == year).order_by(Input.number.desc()).limit(CHOICES)
    ).all()


def input_of(session: Session, year: int, number: int) -> Input | None:
    """An input by its public number, with its theme."""
    return session.scalar(
        select(Input)
        .where(Input.budget_year == year, Input.number == number)
        .options(joinedload(Input.theme, innerjoin=True))
    )


def quotes_of(session: Session, input_ids: Collection[int], *, public_only: bool) -> Sequence[Quote]:
    """The quotes of inputs with contribution and author. In public, the words of a hidden post are not repeated."""
    statement = (
        select(Quote)
        .join(Contribution, Contribution.id == Quote.contribution_id)
        .where(Quote.input_id.in_(input_ids))
        .options(joinedload(Quote.contribution, innerjoin=True).joinedload(Contribution.author, innerjoin=True))
        .order_by(Contribution.created_at, Quote.id)
    )
    if public_only:
        statement = statement.where(Contribution.public.is_(True))
    return session.scalars(statement).all()


def quote_of(session: Session, input_id: int, quote_id: int) -> Quote | None:
    """A quote of that input."""
    return session.scalar(select(Quote).where(Quote.id == quote_id, Quote.input_id == input_id))


def uses_of(session: Session, input_ids: Collection[int]) -> Sequence[InputUse]:
    """Where inputs are used, by number."""
    return session.scalars(
        select(InputUse).where(InputUse.input_id.in_(input_ids)).order_by(InputUse.number, InputUse.id)
    ).all()


def contribution(session: Session, contribution_id: int) -> Contribution | None:
    """A public contribution with author and theme."""
    return session.scalar(
        select(Contribution)
        .where(Contribution.id == contribution_id, Contribution.public.is_(True))
        .options(joinedload(Contribution.author, innerjoin=True), joinedload(Contribution.theme))
    )


def quotes_on(session: Session, contribution_id: int) -> Sequence[Quote]:
    """The quotes that were taken from a contribution, with their inputs."""
    return session.scalars(
        select(Quote)
        .where(Quote.contribution_id == contribution_id)
        .options(joinedload(Quote.input, innerjoin=True))
        .order_by(Quote.start, Quote.id)
    ).all()


def quoted(session: Session, input_ids: Collection[int]) -> Sequence[Contribution]:
    """The contributions that inputs quote, each once, in the order of their topics: topics are locked in that order."""
    ids = select(Quote.contribution_id).where(Quote.input_id.in_(input_ids))
    return session.scalars(
        select(Contribution).where(Contribution.id.in_(ids)).order_by(Contribution.topic, Contribution.id)
    ).all()


def has_quote(session: Session, input_id: int, contribution_id: int, start: int) -> bool:
    """True when the input holds a quote that begins at that place of the contribution."""
    found = select(Quote.id).where(
        Quote.input_id == input_id, Quote.contribution_id == contribution_id, Quote.start == start
    )
    return session.scalar(found) is not None


def is_quoted(session: Session, input_id: int, contribution_id: int) -> bool:
    """True when the input quotes the contribution at all."""
    found = select(Quote.id).where(Quote.input_id == input_id, Quote.contribution_id == contribution_id).limit(1)
    return session.scalar(found) is not None


def words_used(session: Session, ref_id: int, contribution_ids: Collection[int]) -> dict[int, list[str]]:
    """What the inputs that a proposal is built on quote of contributions, in the order of reading, each text once."""
    statement = (
        select(Quote.contribution_id, Quote.text)
        .join(InputUse, InputUse.input_id == Quote.input_id)
        .where(InputUse.ref_id == ref_id, Quote.contribution_id.in_(contribution_ids))
        .order_by(Quote.start, Quote.id)
    )
    found: dict[int, dict[str, None]] = {}
    for contribution_id, words in session.execute(statement):
        found.setdefault(contribution_id, {})[words] = None
    return {contribution_id: list(words) for contribution_id, words in found.items()}


def use_at(session: Session, ref_id: int) -> InputUse | None:
    """What was told of a proposal, by one of the inputs that it is built on: all tell the same."""
    return session.scalar(select(InputUse).where(InputUse.ref_id == ref_id).limit(1))


def of_topic(session: Session, topic: str) -> Sequence[Input]:
    """The inputs that quote public contributions of a topic (`thread:7`), by number.

    Only contributions that were used are looked at: a long thread holds a hundred thousand others.
    """
    ids = (
        select(Quote.input_id)
        .join(Contribution, Contribution.id == Quote.contribution_id)
        .where(Contribution.topic == topic, Contribution.used.is_(True), Contribution.public.is_(True))
    )
    return session.scalars(select(Input).where(Input.id.in_(ids)).order_by(Input.number).limit(LISTED)).all()
