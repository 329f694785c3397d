"""What stands in the database after a chapter was loaded."""

import logging
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from forsamlingshus.accounts import rules as account_rules
from forsamlingshus.accounts.models import Author, RoleGrant, User
from forsamlingshus.catalogue import queries as catalogue_queries
from forsamlingshus.catalogue.models import Catalogue, Proposal, ProposalSource
from forsamlingshus.contributions.models import Contribution, Fate
from forsamlingshus.demo import queries, texts
from forsamlingshus.demo.loader import cast
from forsamlingshus.discussions.models import Forum, OfficialAnswer, Post, PostVersion, Question, Reaction, Thread
from forsamlingshus.inputs.models import Input, Quote
from forsamlingshus.kernel import clock, db
from forsamlingshus.kernel.db import UtcDateTime
from forsamlingshus.kernel.events import EventRow
from forsamlingshus.kernel.topics import Topic
from forsamlingshus.ledger.models import Amount
from forsamlingshus.meetings import queries as meetings
from forsamlingshus.meetings.models import AgendaItem, Meeting, SignUp, Workshop
from forsamlingshus.notes.models import TableNote
from forsamlingshus.polls.models import Poll, PollAnswer
from forsamlingshus.process import queries as process
from forsamlingshus.records.models import Minutes, PointPost, Summary
from forsamlingshus.slides import jobs
from forsamlingshus.slides.models import Deck, DeckState, Slide
from forsamlingshus.stages.models import Stage as LiveStage
from forsamlingshus.stages.models import StageMoment

TEXTS = texts.read()
ACCOUNTS = [person for person in TEXTS.people.values() if person.role != "guest"]
AFTER = [*TEXTS.after.all_questions(), *(post for one in TEXTS.after.workshops for post in one.posts)]
"""What was said in the evening after the first chapter."""

# Plans for the future, moments told in advance, and the machine's own time.
PLANNED = {
    "phase",
    "milestone",
    "meeting",
    "agenda_item",
    "demo_state",
    "catalogue.published_at",
    "fate.public_from",
    "input_use.public_from",
    "user.created_at",
    "guest",
    "stage.starts_at",
    "question.answer_due",
}


def number(session, what, *where):
    return session.scalar(select(func.count()).select_from(what).where(*where))


def written(session):
    """How many posts and questions a chapter after the meeting has."""
    return len([*TEXTS.posts(), *TEXTS.said(), *TEXTS.questions, *AFTER, *TEXTS.after.continued]) + goes_on(session)


def goes_on(session):
    """How many questions go on in threads: each of those begins with a post of the municipality."""
    return number(session, Question, Question.thread_id.is_not(None))


@pytest.mark.parametrize("name", texts.CHAPTERS)
def test_nothing_is_dated_after_the_chapter(chapter, session, name):
    moment = chapter(name).moment + timedelta(seconds=1)
    seen = 0
    for table in db.Base.metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, UtcDateTime) or {table.name, f"{table.name}.{column.name}"} & PLANNED:
                continue
            newest = session.scalar(select(func.max(column)))
            assert newest is None or newest <= moment, column
            seen += newest is not None
    assert seen >= 6


def test_meeting_night_holds_what_was_written_until_then(meeting_night, session):
    written = [post for post in (*TEXTS.posts(), *TEXTS.said()) if post.at <= meeting_night.moment]
    assert number(session, Post, Post.kind == "post") == len(written) >= 250
    assert number(session, Thread, Thread.shown, Thread.kind == "talk") == 28
    assert number(session, Input) == number(session, Proposal) == number(session, Catalogue) == 0
    assert number(session, Author, Author.kind == "account") == len(ACCOUNTS) + 1
    assert number(session, Author, Author.is_demo.is_(False)) == 0
    assert number(session, User) == 9
    assert {state for (state,) in session.execute(select(Deck.state))} == {DeckState.WAITING}
    assert number(session, Deck) == 5
    assert clock.now() - meeting_night.moment < timedelta(minutes=1)


def test_catalogue_day_holds_everything(catalogue_day, session):
    assert number(session, Post) == written(session)
    assert number(session, Input) == 20
    assert number(session, Quote) == sum(len(i.quotes) for w in TEXTS.workshops for i in w.inputs)
    assert number(session, ProposalSource) == sum(len(i.proposals) for w in TEXTS.workshops for i in w.inputs)


def test_meeting_night_has_a_closed_an_open_and_a_prepared_poll_and_notes_from_paper(meeting_night, session):
    polls = session.scalars(select(Poll).order_by(Poll.no)).all()
    assert [(bool(poll.opened_at), bool(poll.closed_at), bool(poll.result)) for poll in polls] == [
        (True, True, True),
        (True, False, False),
        (False, False, False),
    ]
    assert polls[0].answer_count == sum(polls[0].result) == 43
    assert number(session, PollAnswer) == polls[1].answer_count > 20
    assert number(session, TableNote) == sum(note.at <= meeting_night.moment for note in TEXTS.notes) == 6
    assert number(session, Contribution, Contribution.kind == "poll_result") == 1


def test_catalogue_day_has_the_results_of_all_polls_and_no_answers(catalogue_day, session):
    results = [poll.result for poll in session.scalars(select(Poll).order_by(Poll.no))]
    told = [
        [sum(answer["people"] * answer["weights"][no] for answer in poll.answers) for no in range(len(poll.options))]
        for poll in TEXTS.polls
    ]
    assert results == told
    assert number(session, PollAnswer) == 0
    assert number(session, TableNote) == len(TEXTS.notes)


def test_every_moment_is_that_of_the_text(catalogue_day, session):
    by_key = {post.client_id: post for post in session.scalars(select(Post))}
    for text in TEXTS.said():
        assert abs(by_key[text.key].created_at - text.at) < timedelta(seconds=1)
    for text in TEXTS.posts():
        post = by_key[text.key]
        assert abs(post.created_at - text.at) < timedelta(seconds=1)
        assert text.edited_at is None or abs(post.edited_at - text.edited_at) < timedelta(seconds=1)
    assert number(session, PostVersion) == 8


def test_order_on_the_page_is_the_order_of_writing(catalogue_day, session):
    last = {}
    for post in session.scalars(select(Post).where(Post.state != "held").order_by(Post.created_at, Post.id)):
        assert post.position == last.get(post.thread_id, 0) + 1
        last[post.thread_id] = post.position


def test_events_stand_in_the_order_of_time(catalogue_day, session):
    moments = list(session.scalars(select(EventRow.at).order_by(EventRow.id)))
    assert len(moments) > 3_000
    assert moments == sorted(moments)


def test_text_before_an_edit_is_shown_until_the_edit(meeting_night, session):
    later = next(post for post in TEXTS.posts() if post.edited_at and post.at > meeting_night.moment)
    assert session.scalar(select(Post).where(Post.client_id == later.key)) is None
    earlier = next(post for post in TEXTS.posts() if post.edited_at and post.edited_at < meeting_night.moment)
    row = session.scalar(select(Post).where(Post.client_id == earlier.key))
    assert row.source == earlier.text
    assert number(session, PostVersion, PostVersion.post_id == row.id) == 1


def test_hidden_and_withdrawn_posts_keep_their_place_and_reason(meeting_night, session):
    states = Counter(session.scalars(select(Post.state).where(Post.kind == "post")))
    assert (states["hidden"], states["withdrawn"], states["held"]) == (4, 4, 0)
    hidden = next(post for post in TEXTS.posts() if post.hidden)
    row = session.scalar(select(Post).where(Post.client_id == hidden.key))
    assert (row.reason, row.reason_code) == (hidden.hidden, hidden.hidden_code)
    assert row.position is not None
    assert session.get(Contribution, row.contribution_id).public is False


def test_supports_are_rows_of_different_people(catalogue_day, session):
    counts = dict(session.execute(select(Reaction.post_id, func.count()).group_by(Reaction.post_id)).all())
    own = select(Reaction.id).join(Post, Post.id == Reaction.post_id).where(Post.author_id == Reaction.author_id)
    assert session.execute(own).all() == []
    by_key = {post.client_id: post for post in session.scalars(select(Post))}
    for text in TEXTS.posts():
        assert by_key[text.key].support_count == counts.get(by_key[text.key].id, 0) == text.supports, text.key
    for thread in session.scalars(select(Thread)):
        mine = [post for post in by_key.values() if post.thread_id == thread.id]
        assert thread.support_count == sum(post.support_count for post in mine)


def test_versions_of_rows_never_pass_their_topic(catalogue_day, session):
    newest = dict(session.execute(select(Topic.name, Topic.version)).all())
    shown = Post.position.is_not(None)
    rows = session.execute(
        select(Contribution.topic, Contribution.version)
        .join(Post, Post.contribution_id == Contribution.id)
        .where(shown)
    ).all()
    assert len(rows) == written(session)
    assert all(0 < row.version <= newest[row.topic] for row in rows)


def test_badges_are_worn_where_they_count(meeting_night, session):
    worn = session.execute(
        select(Author.name, Contribution.author_role, Contribution.theme_id)
        .join(Contribution, Contribution.author_id == Author.id)
        .distinct()
    ).all()
    roles = {(row.name, row.author_role) for row in worn if row.author_role}
    assert {("Birgit Dam", "staff"), ("Yasmin T.", "staff"), ("Oskar Friis", "council")} <= roles
    assert {("Mette Holm", "facilitator"), ("Line Storm", "facilitator")} <= roles
    citizens = {person.name for person in TEXTS.people.values() if person.role == "citizen"}
    assert not citizens & {name for name, _role in roles}


def test_counts_of_forums_are_those_of_their_posts(catalogue_day, session):
    for forum in session.scalars(select(Forum)):
        is_talk = (Thread.forum_id == forum.id) & (Thread.kind == "talk")
        threads = select(Thread.id).where(is_talk)
        assert forum.thread_count == number(session, Thread, is_talk) >= (4 if forum.theme_id else 0)
        assert forum.post_count == number(session, Post, Post.thread_id.in_(threads), Post.state == "visible")
        authors = select(func.count(Post.author_id.distinct())).where(Post.thread_id.in_(threads))
        assert forum.author_count == session.scalar(authors)


def test_plenary_deck_is_presenting_slide_three(meeting_night, session):
    deck = session.scalar(select(Deck).where(Deck.presenting))
    assert (deck.title, deck.showing) == ("Kommunens økonomi: hvor står vi?", 3)
    assert session.scalar(select(Topic.version).where(Topic.name == deck.topic)) == deck.version


def test_presentation_is_over_on_the_catalogue_day(catalogue_day, session):
    assert session.scalars(select(Deck).where(Deck.presenting)).all() == []


def test_job_draws_the_plenary_deck_while_it_is_shown(meeting_night, session, caplog):
    caplog.set_level(logging.ERROR)
    deck_id = session.scalar(select(Deck.id).where(Deck.presenting))
    assert ("render_deck", deck_id) in jobs.unfinished(session)
    jobs.render_deck(deck_id)
    session.expire_all()
    deck = session.get(Deck, deck_id)
    assert (deck.state, deck.hidden, deck.showing, deck.presenting) == (DeckState.READY, False, 3, True)
    third = session.scalar(select(Slide).where(Slide.deck_id == deck_id, Slide.no == 3))
    assert "mio. kr. om året i kommunens drift" in third.text.replace("\n", " ")
    assert (third.notes, third.notes_typed) == (TEXTS.deck.slides[2]["notes"], False)
    assert "Borgermøde 3. maj" not in third.text  # what stands at the foot of each slide is no part of its text
    assert caplog.records == []


def test_facilitators_and_roles_are_granted(meeting_night, session):
    places = {place.scope_key: place.slug for kind in (Meeting, Workshop) for place in session.scalars(select(kind))}
    granted = {}
    for user in session.scalars(select(User)):
        scopes = sorted(places[scope] for scope in meetings.scopes_of(user.id))
        roles = sorted(session.scalars(select(RoleGrant.role).where(RoleGrant.user_id == user.id)))
        granted[user.email.removesuffix("@forsamlingshus.example")] = (roles, scopes)
    assert granted == {
        "borger": ([], []),
        "borger2": ([], []),
        "facilitator": ([], ["borgermoede", "rehabilitering-og-sundhed"]),
        "facilitator2": ([], ["effektiv-administration-og-digitalisering"]),
        "medarbejder": (["staff"], []),
        "byraad": (["council"], []),
        "admin": (["admin"], []),
        "line-storm": ([], ["trivsel-laering-og-faellesskaber"]),
        "peter-moelgaard": ([], ["baeredygtig-og-groen-kommune"]),
    }


def test_each_account_logs_in(meeting_night, client):
    assert client.log_in("borger@forsamlingshus.example", "en anden adgangskode").status_code == 422
    for person in cast.with_accounts(TEXTS.people):
        answer = client.log_in(cast.email_of(person), meeting_night.password)
        assert answer.status_code == 303, person.account


def test_what_waits_on_the_evening_was_written_by_guests(meeting_night, session):
    kinds = select(Author.kind).join(Post, Post.author_id == Author.id).where(Post.state == "held")
    assert list(session.scalars(kinds)) == ["guest", "guest"]


def test_meeting_begins_at_its_hour_and_each_slide_belongs_to_the_talk_of_its_point(meeting_night, session):
    plenary = session.scalars(select(LiveStage).order_by(LiveStage.id)).first()
    assert abs(plenary.started_at - TEXTS.meeting["starts_at"]) < timedelta(seconds=1)
    assert min(question.at for question in TEXTS.questions) > TEXTS.meeting["starts_at"]
    talk, following = (point["at"] for point in TEXTS.agenda[1:3])
    assert TEXTS.agenda[1]["title_da"] == TEXTS.deck.title
    assert all(talk <= moment < following for moment in TEXTS.deck.shown)


def test_questions_that_nobody_answered_go_on_among_people(chapter, session):
    chapter("efter-moedet")
    counts = select(Thread.post_count).join(Question, Question.thread_id == Thread.id)
    assert sorted(session.scalars(counts), reverse=True)[:3] == [4, 3, 3]


def test_no_name_of_the_cast_imitates_a_role():
    names = [person.name for person in (*TEXTS.people.values(), cast.ADMIN)]
    assert [name for name in names if account_rules.imitates_a_role(name)] == []


def test_activities_are_open_as_planned(meeting_night, session):
    found = process.openings(session)
    assert process.opened(found, meeting_night.moment) == {
        (2024, activity) for activity in ("discuss", "present", "collect", "edit_catalogue")
    }
    assert process.opened(found, TEXTS.moment("katalog")) == {
        (2024, activity) for activity in ("respond", "collect", "edit_catalogue")
    }


def test_step_of_the_evening_is_the_meeting(meeting_night, session):
    steps = process.steps(process.year_of(session, 2024), meeting_night.moment)
    assert [step.key for step in steps if step.state == "now"] == ["borgermoede"]
    assert [step.key for step in steps] == ["borgermoede", "debat", "katalog", "hoering", "budgetaftale", "vedtagelse"]


def test_catalogue_comes_to_the_control_total(catalogue_day, session):
    catalogue = catalogue_queries.catalogue_of(session, 2024)
    assert catalogue.is_public(catalogue_day.moment)
    assert not catalogue.is_public(catalogue_day.moment - timedelta(hours=4))
    assert (catalogue.control_count, catalogue.control_tkr) == (47, -28_000)
    assert number(session, Proposal) == 47
    sums = dict(session.execute(select(Amount.year, func.sum(Amount.tkr)).group_by(Amount.year)).all())
    assert sums == {2024: -12_400, 2025: -20_100, 2026: -25_600, 2027: -28_000}
    assert number(session, Proposal, Proposal.content != "") == 12


def test_each_quoted_post_shows_what_became_of_it(catalogue_day, session):
    posts = {post.client_id: post.contribution_id for post in session.scalars(select(Post))}
    inputs = {item.title: item for item in session.scalars(select(Input))}
    fates = {
        (fate.contribution_id, fate.kind, fate.number)
        for fate in session.scalars(select(Fate))
        if fate.is_public(catalogue_day.moment)
    }
    expected = set()
    for workshop in TEXTS.workshops:
        for text in workshop.inputs:
            for key, _words in text.quotes:
                expected.add((posts[key], "input", inputs[text.title].number))
                expected |= {(posts[key], "proposal", number) for number in text.proposals}
    assert fates == expected
    used = set(session.scalars(select(Contribution.id).where(Contribution.used)))
    assert used == {contribution_id for contribution_id, _kind, _number in expected}


def test_demo_remembers_chapter_and_moment(catalogue_day, session):
    state = queries.state(session)
    assert (state.chapter, state.moment) == ("katalog", catalogue_day.moment)
    assert queries.chapter_moment(session) == catalogue_day.moment


def test_hall_has_questions_with_every_fate_on_the_meeting_night(meeting_night, session):
    posts = {post.client_id: post for post in session.scalars(select(Post).where(Post.kind == "question"))}
    fates = Counter(session.scalars(select(Question.fate)))
    assert len(posts) == len(TEXTS.questions) >= 14
    assert (fates["answered"], fates["written"], fates["merged"]) == (2, 2, 1)
    assert Counter(post.state for post in posts.values()) == {"visible": len(posts) - 3, "held": 2, "hidden": 1}
    merged, into = posts["sp-6"], posts["sp-1"]
    assert session.get(Question, merged.id).merged_into_id == into.id
    wanting = set(session.scalars(select(Reaction.author_id).where(Reaction.post_id == into.id)))
    came_along = set(session.scalars(select(Reaction.author_id).where(Reaction.post_id == merged.id)))
    assert {merged.author_id, *came_along} <= wanting
    answered = select(OfficialAnswer.source).where(OfficialAnswer.post_id == posts["sp-13"].id)
    assert "koster penge hver dag" in session.scalar(answered)
    assert session.get(Question, posts["sp-14"].id).about_title == "slide 3"


def test_stages_are_live_on_the_night(chapter, session):
    chapter("borgermoede")
    plenary, *rooms = session.scalars(select(LiveStage).order_by(LiveStage.id)).all()
    assert (plenary.started_at is not None, plenary.closed_at, len(rooms)) == (True, None, 4)
    kinds = Counter(session.scalars(select(StageMoment.kind).where(StageMoment.stage_id == plenary.id)))
    # Two polls have been put on the wall, and after each the slides again; the first one's result when it was closed.
    assert (kinds, plenary.mode) == ({"started": 1, "slide": 3, "mode": 5}, "slide_questions")


def test_stages_are_closed_on_the_catalogue_day(chapter, session):
    chapter("katalog")
    assert all(one.closed_at for one in session.scalars(select(LiveStage)))


@pytest.fixture
def week_after(chapter):
    return chapter("efter-moedet")


def test_evening_is_over_and_each_question_has_its_fate(week_after, session):
    assert all(one.started_at and one.closed_at for one in session.scalars(select(LiveStage)))
    visible = select(Question.fate).join(Post, Post.id == Question.post_id).where(Post.state == "visible")
    fates = Counter(session.scalars(visible))
    assert fates["open"] == 0 and number(session, Post, Post.state == "held") == 0
    assert fates["thread"] == goes_on(session) >= 5
    promised = select(Question.post_id).join(Post, Post.id == Question.post_id).outerjoin(OfficialAnswer)
    assert session.execute(promised.where(Question.fate == "written", OfficialAnswer.id.is_(None))).all() == []


def test_each_slide_was_shown_at_its_minute(week_after, session):
    shown = Counter(session.scalars(select(StageMoment.stage_id).where(StageMoment.kind == "slide")))
    slides = [len(TEXTS.deck.slides), *(len(workshop.deck.slides) for workshop in TEXTS.workshops)]
    assert sorted(shown.values()) == sorted(slides)


def test_minutes_and_summaries_are_published_and_the_minutes_corrected(week_after, session, client):
    assert session.scalar(select(Minutes.published_at)) is not None
    summaries = session.scalars(select(Summary)).all()
    assert len(summaries) == 4 and all(one.published_at and not one.corrected_at for one in summaries)
    assert number(session, PointPost) == sum(
        len(point["posts"]) for one in TEXTS.after.workshops for point in one.points
    )
    page = client.get("/budget/2024/borgermoede/referat").get_data(as_text=True)
    assert TEXTS.after.minutes["correction"] in page and TEXTS.after.minutes["corrected_promise"] in page
    for one in TEXTS.workshops:
        workshop = client.get(f"/budget/2024/temaer/{one.slug}").get_data(as_text=True)
        assert "Opsamling fra workshoppen" in workshop
        assert client.get(f"/budget/2024/temaer/{one.slug}/genhoer").status_code == 200


def test_nobody_has_collected_anything_yet(week_after, session):
    assert number(session, Input) == number(session, Proposal) == 0


def test_the_hall_is_full_and_a_cancelled_seat_went_to_the_first_who_waited(meeting_night, session):
    meeting = session.scalars(select(Meeting)).one()
    assert meetings.seats(session, meeting.id) == (meeting.capacity, 2) == (30, 2)
    moved = session.scalars(select(SignUp).where(SignUp.seated_at.is_not(None))).all()
    assert [row.name for row in moved] == [TEXTS.people["karim-a"].name]
    assert TEXTS.people[TEXTS.sign_ups["cancelled"]].name not in session.scalars(select(SignUp.name)).all()
    assert meeting.attendance is None


def test_afterwards_staff_have_counted_who_came(catalogue_day, session):
    assert session.scalars(select(Meeting.attendance)).one() == TEXTS.sign_ups["attendance"]


def test_the_programme_leads_to_the_presentation(meeting_night, session):
    deck = session.scalars(select(AgendaItem.deck_id).where(AgendaItem.deck_id.is_not(None))).one()
    assert session.get(Deck, deck).title == TEXTS.deck.title
