"""The frame of the demo: municipality, year, phases, dates, themes, the meeting with its workshops, and the decks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from forsamlingshus.demo.loader.stage import ANSWERS, Stage
from forsamlingshus.demo.told import DeckText, SaidText, Texts
from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions.models import Forum
from forsamlingshus.kernel import topics
from forsamlingshus.kernel.events import Event, record
from forsamlingshus.meetings import actions as meetings
from forsamlingshus.meetings import queries as meetings_queries
from forsamlingshus.meetings.models import AgendaItem, Meeting, Workshop
from forsamlingshus.process import actions as process
from forsamlingshus.process.models import BudgetYear
from forsamlingshus.slides import actions as slides
from forsamlingshus.slides import queries as slide_queries
from forsamlingshus.slides.events import PresentingStarted, PresentingStopped, SlideShown
from forsamlingshus.slides.models import Deck

_MEETING = (
    "slug",
    "title_da",
    "title_en",
    "lead_da",
    "lead_en",
    "starts_at",
    "ends_at",
    "place",
    "address",
    "sign_up_required",
    "capacity",
    "join_code",
    "wifi_name",
    "wifi_password",
)


EACH_SLIDE = timedelta(minutes=3)
"""How long a workshop looks at one slide."""


def begins(texts: Texts) -> datetime:
    """When the first phase opens: the frame stands from then on."""
    moment: datetime = min(phase["opens_at"] for phase in texts.frame["phases"])
    return moment


def set_up_year(session: Session, texts: Texts, chapter: str) -> BudgetYear:
    """Municipality, budget year with the chapter's texts, phases, dates and themes."""
    frame = texts.frame
    process.set_municipality(session, **frame["municipality"])
    words = {name: text for name, text in frame["chapters"][chapter].items() if name != "moment"}
    year = process.add_year(session, **frame["year"], **words)
    for phase in frame["phases"]:
        process.add_phase(session, budget_year=year, **phase)
    for milestone in frame["milestones"]:
        process.add_milestone(session, budget_year=year, **milestone)
    for theme in frame["themes"]:
        process.add_theme(session, budget_year=year, **theme)
    session.flush()
    return year


def set_up_meeting(stage: Stage) -> None:
    """The meeting with its programme and workshops, who facilitates what, and when the decks come."""
    texts = stage.texts
    meeting = meetings.add_meeting(
        stage.session, budget_year=stage.year, **{name: texts.meeting[name] for name in _MEETING}
    )
    for item in texts.agenda:
        words = {name: text for name, text in item.items() if name not in {"at", "demo"}}
        meetings.add_agenda_item(stage.session, meeting=meeting, starts_at=item["at"], **words)
    _facilitate(stage, texts.meeting["facilitator"], meeting)
    _plan_deck(stage, meeting, meeting.title_da, texts.deck, texts.meeting["facilitator"])
    stage.themes = {theme.slug: theme for theme in stage.year.themes}
    for text in texts.workshops:
        theme = stage.themes[text.slug]
        workshop = meetings.add_workshop(
            stage.session,
            meeting=meeting,
            theme=theme,
            lead_da=text.lead_da,
            lead_en=text.lead_en,
            question_da=text.question_da,
            question_en=text.question_en,
            prompts=text.prompts,
            room=text.room,
        )
        stage.forums[text.slug] = stage.session.get_one(Forum, workshop.forum_id)
        _facilitate(stage, text.facilitator, workshop)
        _plan_deck(stage, workshop, theme.name_da, text.deck, text.facilitator)


def _facilitate(stage: Stage, key: str, place: Meeting | Workshop) -> None:
    # The scope holds for those without an account too: they wear the badge in what they wrote.
    stage.scopes.setdefault(key, set()).add(place.scope_key)
    user = stage.users.get(key)
    if user is not None:
        meeting, workshop = (place, None) if isinstance(place, Meeting) else (None, place)
        meetings.grant_facilitator(stage.session, user=user, meeting=meeting, workshop=workshop)


def _plan_deck(stage: Stage, place: Meeting | Workshop, title: str, text: DeckText, key: str) -> None:
    decks: list[Deck] = []

    def upload() -> None:
        file_key = stage.store.put_file(text.file)
        deck = slides.upload_deck(
            stage.session,
            who=stage.who(key),
            scope_key=place.scope_key,
            budget_year=stage.year.year,
            place_title=title,
            place_path=place.path,
            manage_path=f"{place.run_path}/oplaeg",
            forum_id=meetings_queries.forum_id_of(stage.session, place),
            title=text.title,
            speaker=text.speaker,
            file_key=file_key,
            file_size=text.file.stat().st_size,
            file_name=f"{text.slug}.pdf",
        )
        # As with a file of an office program: its slides get their notes when they are drawn.
        deck.file_notes = [str(slide.get("notes", "")) for slide in text.slides]
        decks.append(deck)
        _put_in_programme(stage, deck)

    stage.at(text.uploaded, upload)
    shown, stopped = _times(stage, place, text)
    for no, moment in enumerate(shown, 1):
        stage.at(moment, partial(_show, stage, decks, key, no))
    for said in text.said:
        stage.at(said.at, partial(_say, stage, decks, said))
        if said.answered:
            stage.at(said.answered, partial(_answer, stage, decks, said))
    if stopped:
        stage.at(stopped, partial(_show, stage, decks, key, None))


def _times(stage: Stage, place: Meeting | Workshop, text: DeckText) -> tuple[Sequence[datetime], datetime | None]:
    """When each slide of a deck is shown, and when that is over; a workshop goes through its own evenly."""
    if isinstance(place, Meeting):
        return text.shown, text.stopped
    evening = next(one for one in stage.texts.after.workshops if one.slug == place.slug)
    times = [evening.first_slide_at + no * EACH_SLIDE for no in range(len(text.slides) + 1)]
    return times[:-1], times[-1]


def _put_in_programme(stage: Stage, deck: Deck) -> None:
    """Let the point of the programme that has the deck's title lead to it."""
    item = stage.session.scalar(select(AgendaItem).where(AgendaItem.title_da == deck.title))
    if item is not None:
        item.deck_id = deck.id


def _say(stage: Stage, decks: list[Deck], said: SaidText) -> None:
    """Write about a slide that is not drawn yet, in the talk that it will have."""
    session, (deck,) = stage.session, decks
    forum = session.get_one(Forum, deck.forum_id)
    talk = slide_queries.talk_at(session, deck.id, said.no) or slides.open_talk(session, deck, forum.id, said.no)
    session.flush()
    discussions.show_owned(session, thread_ids=[talk.thread_id], shown=True)
    session.refresh(talk.thread)
    who = stage.who(said.author)
    stage.posts[said.key] = discussions.write_post(
        session, who=who, thread=talk.thread, forum=forum, body=said.text, client_id=said.key
    )


def _answer(stage: Stage, decks: list[Deck], said: SaidText) -> None:
    forum = stage.session.get_one(Forum, decks[0].forum_id)
    post = stage.posts[said.key]
    discussions.answer_post(stage.session, who=stage.who(ANSWERS), post=post, forum=forum, body=said.answer)


def _show(stage: Stage, decks: list[Deck], key: str, no: int | None) -> None:
    """Show a slide of the deck, or with None end the presentation: the rows that the actions of presenting leave.

    The actions themselves refuse, rightly, a deck whose slides are not drawn; the demo's are drawn at the first start.
    """
    deck = decks[0]
    version = topics.next_version(stage.session, deck.topic)
    actor_id = stage.authors[key]
    event: Event
    if no is None:
        event = PresentingStopped(deck_id=deck.id, version=version, actor_id=actor_id)
    elif deck.presenting:
        event = SlideShown(deck_id=deck.id, slide_no=no, version=version, actor_id=actor_id)
    else:
        event = PresentingStarted(deck_id=deck.id, slide_no=no, version=version, actor_id=actor_id)
    deck.presenting, deck.showing, deck.version = no is not None, no or deck.showing, version
    record(stage.session, event)
