"""What is said about slides: each slide of a public deck has a talk, in the forum of its meeting or workshop."""

from sqlalchemy.orm import Session

from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions import events as discussion_events
from forsamlingshus.discussions.models import ThreadKind
from forsamlingshus.kernel import topics
from forsamlingshus.kernel.events import announce
from forsamlingshus.slides import events, queries
from forsamlingshus.slides.models import Deck, SlideTalk


def open_talks(session: Session, deck: Deck) -> None:
    """Give each slide its talk. Those that an older version had go on; those of slides that went are closed."""
    if deck.forum_id is None:
        return
    known = {talk.no: talk for talk in queries.talks(session, deck.id)}
    for no in range(1, deck.page_count + 1):
        if no not in known:
            open_talk(session, deck, deck.forum_id, no)
    for no, talk in known.items():
        discussions.close_owned(session, thread=talk.thread, closed=no > deck.page_count)
    session.flush()
    show_talks(session, deck)


def open_talk(session: Session, deck: Deck, forum_id: int, no: int) -> SlideTalk:
    """Open the talk about one slide, which nobody but those who lead the place sees yet."""
    title, path = talk_title(deck, no), f"{deck.path}/{no}"
    thread = discussions.open_owned(session, forum_id=forum_id, kind=ThreadKind.SLIDE, title=title, path=path)
    talk = SlideTalk(deck_id=deck.id, no=no, thread=thread)
    session.add(talk)
    return talk


def show_talks(session: Session, deck: Deck) -> None:
    """Let everybody follow the talks of a deck that is public, and only those who lead the place when it is hidden.

    Called before the deck's topic is locked, as a post is counted in its thread before the deck hears of it.
    """
    ids = [talk.thread_id for talk in queries.talks(session, deck.id)]
    discussions.show_owned(session, thread_ids=ids, shown=deck.listed)


def rename_talks(session: Session, deck: Deck) -> None:
    """Tell the talks what their deck is called now."""
    for talk in queries.talks(session, deck.id):
        discussions.rename_owned(session, thread=talk.thread, title=talk_title(deck, talk.no))


def talk_title(deck: Deck, no: int) -> str:
    """The title of a talk, in both languages."""
    return f"Slide {no}: {deck.title}"


def on_post(session: Session, event: discussion_events.PostShown | discussion_events.PostChanged) -> None:
    """Witness posts about slides: the number beside the slide moves with them."""
    # Asked for in the order of what it costs: most posts are questions, or stand in talks that a forum lists.
    if event.question or (isinstance(event, discussion_events.PostShown) and event.forum_version):
        return
    talk = queries.talk_of_thread(session, event.thread_id)
    if talk is None:
        return
    deck = session.get_one(Deck, talk.deck_id)
    deck.version = topics.next_version(session, deck.topic)
    announce(session, events.SlideTalked(deck_id=deck.id, slide_no=talk.no, version=deck.version))
