"""Asking, what becomes of questions, what the wall shows, the record, and a rehearsal that leaves nothing."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions import partials as discussion_partials
from forsamlingshus.discussions import queries as discussion_queries
from forsamlingshus.discussions import rules as question_rules
from forsamlingshus.discussions.models import Forum, Post, Question, Reaction, Thread
from forsamlingshus.kernel import clock, db
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Closed, Conflict, Forbidden
from forsamlingshus.slides import actions as slides
from forsamlingshus.stages import actions, partials, queries, rules
from forsamlingshus.stages.models import Mode, Stage
from tests.queries import listened


def test_each_place_has_a_stage_of_its_own(hall):
    plenary, room = hall.stage, hall.room
    assert (plenary.path, room.path) == ("/budget/2024/borgermoede/live", "/budget/2024/temaer/trivsel/live")
    assert (plenary.control_path, room.control_path) == (
        "/styring/2024/borgermoede/live",
        "/styring/2024/trivsel/live",
    )
    assert plenary.thread_id != room.thread_id
    assert plenary.display_key != room.display_key
    assert set(plenary.display_key) <= {*rules.KEY_ALPHABET, "-"} and len(plenary.display_key) == 19


@pytest.mark.parametrize(
    ("asked_at", "minutes", "end"),
    [("19:01:23", 7, "19:09:00"), ("19:01:00", 7, "19:08:00"), ("19:01:00.000001", 1, "19:03:00")],
)
def test_pause_lasts_no_shorter_than_was_asked_and_ends_at_a_whole_minute(asked_at, minutes, end):
    day = "2023-05-03T{}+02:00"
    asked, whole = datetime.fromisoformat(day.format(asked_at)), datetime.fromisoformat(day.format(end))
    assert rules.pause_end(asked, minutes) == whole


def test_question_sent_twice_is_one(hall, session):
    first = hall.ask(client_id="det-samme-1")
    again = hall.ask(client_id="det-samme-1")
    assert (again.id, session.scalar(select(func.count()).select_from(Question))) == (first.id, 1)


def test_other_words_under_a_known_id_are_not_swallowed(hall, session):
    hall.ask(client_id="det-samme-1")
    with pytest.raises(discussions.SentBefore):
        hall.ask("Andre ord", client_id="det-samme-1")
    assert session.scalar(select(func.count()).select_from(Question)) == 1


def test_questions_are_numbered_on_each_stage_and_no_forum_counts_them(hall, session):
    posts = [hall.ask(f"Spørgsmål {n}") for n in (1, 2, 3)]
    assert [hall.whole(post).position for post in posts] == [1, 2, 3]
    with transaction() as writing:
        forum = writing.get_one(Forum, hall.room.forum_id)
        thread = writing.get_one(Thread, hall.room.thread_id)
        other = discussions.ask_question(
            writing, who=hall.who("citizen"), thread=thread, forum=forum, body="Og her?", client_id="det-andet-1"
        )
    assert hall.whole(other).position == 1
    counts = session.execute(select(Forum.thread_count, Forum.post_count, Forum.author_count)).all()
    assert set(counts) == {(0, 0, 0)}
    assert discussion_queries.thread_rows(session, hall.stage.forum_id, hall.who("citizen")).rows == []


def test_question_remembers_the_slide_that_was_shown(hall):
    before = hall.ask()
    deck = hall.show(hall.ready("En", "To"), 2)
    after = hall.ask("Hvad betyder det?")
    assert hall.whole(before).question.about_path == ""
    assert hall.whole(after).question.about_path == f"{deck.path}/2"


def test_anonymous_question_names_nobody_anywhere(hall, session):
    post = hall.whole(hall.ask(anonymous=True))
    assert post.contribution.author.name == "Anne Bjerre"
    assert post.contribution.author_name == "Anonym"
    assert "Anne" not in discussion_partials.put_changes([post], "da", clock.now())[0]["html"]


@pytest.mark.parametrize("state", ["before", "closed"])
def test_nobody_asks_before_or_after_the_meeting(hall, at, state):
    if state == "before":
        at("2023-05-03T18:29:00+02:00")
    else:
        hall.steer(actions.start_stage)
        hall.steer(actions.close_stage)
    with pytest.raises(Closed):
        hall.ask()


def test_meeting_opens_by_itself_at_its_hour_or_earlier_by_a_press(hall, at):
    at("2023-05-03T18:10:00+02:00")
    assert rules.is_before(hall.stage, clock.now())
    hall.steer(actions.start_stage)
    assert rules.is_live(hall.stage, clock.now())
    assert hall.moments() == [("started", None)]
    at("2023-05-03T18:30:00+02:00")
    assert rules.is_live(hall.room, clock.now())


def test_closed_list_takes_neither_support_nor_edit_and_opens_again(hall):
    post = hall.ask()
    hall.steer(actions.close_stage)
    with pytest.raises(Closed):
        hall.want(post)
    hall.steer(actions.start_stage)
    hall.want(post)
    assert hall.whole(post).support_count == 1


def test_question_is_edited_for_five_minutes_and_withdrawn_while_unanswered(hall):
    post = hall.whole(hall.ask())
    soon, late = (hall.who("citizen", year=2024) for _ in (1, 2))
    forum = post.thread.forum
    assert question_rules.may_edit(soon, post, forum)
    later = late.__class__(**{**{n: getattr(late, n) for n in late.__slots__}, "now": late.now + timedelta(minutes=6)})
    assert not question_rules.may_edit(later, post, forum)
    assert question_rules.may_withdraw(later, post)
    hall.settle(post, "answered")
    post = hall.whole(post)
    assert not question_rules.may_edit(soon, post, forum)
    assert not question_rules.may_withdraw(soon, post)


@pytest.mark.parametrize("fate", ["answered", "written"])
def test_fate_is_told_and_can_be_taken_back(hall, fate):
    post = hall.ask()
    hall.settle(post, fate)
    question = hall.whole(post).question
    assert (question.fate, question.fate_at is not None) == (fate, True)
    assert (question.answer_due is not None) == (fate == "written")
    hall.settle(post, "open")
    question = hall.whole(post).question
    assert (question.fate, question.fate_at, question.answer_due) == ("open", None, None)


def test_merging_brings_the_supporters_along_once_each_and_parting_takes_them_back(hall, session):
    first, second = hall.ask(), hall.ask("Hvor stort er hullet?", who="neighbour")
    hall.want(first, "staff")
    hall.want(second, "staff")
    hall.want(second, "rival")
    hall.merge(second, first)
    # staff wanted both and counts once; the rival and the one who asked the second come along
    assert (hall.whole(first).support_count, hall.whole(second).support_count) == (3, 2)
    assert hall.whole(second).question.merged_into_id == first.id
    with pytest.raises(Forbidden):
        hall.want(second, "host")
    hall.settle(second, "open")
    assert hall.whole(first).support_count == 1
    assert session.scalar(select(func.count()).where(Reaction.via_id.is_not(None))) == 0


def test_merging_own_question_gives_nobody_support_for_the_own(hall):
    first, second = hall.ask(), hall.ask("Hvor stort er hullet?")
    hall.merge(second, first)
    assert hall.whole(first).support_count == 0


def test_merging_into_what_is_merged_or_the_other_way_round_is_a_conflict(hall):
    a, b, c = (hall.ask(f"Spørgsmål {n}") for n in "abc")
    hall.merge(a, b)
    with pytest.raises(Conflict):
        hall.merge(c, a)
    with pytest.raises(Conflict):
        hall.merge(b, c)


def test_merging_across_stages_is_refused(hall):
    here = hall.ask()
    with transaction() as writing:
        there = discussions.ask_question(
            writing,
            who=hall.who("citizen"),
            thread=writing.get_one(Thread, hall.room.thread_id),
            forum=writing.get_one(Forum, hall.room.forum_id),
            body="Og her?",
            client_id="det-andet-1",
        )
    with pytest.raises(Forbidden):
        hall.merge(here, there)


def test_written_answer_makes_the_fate_and_a_second_writer_is_told(hall):
    post = hall.ask()

    def answer(body, seen=""):
        with transaction() as session:
            forum = session.get_one(Forum, hall.stage.forum_id)
            full = hall.post(session, post)
            discussions.answer_post(session, who=hall.who("staff"), post=full, forum=forum, body=body, seen=seen)

    answer("23 millioner.")
    full = hall.whole(post)
    assert (full.question.fate, full.answer.source, full.answer.edited_at) == ("written", "23 millioner.", None)
    with pytest.raises(Conflict):
        answer("24 millioner.")
    answer("23 millioner om året.", seen="23 millioner.")
    assert hall.whole(post).answer.edited_at is not None


@pytest.mark.parametrize("who", ["citizen", "rival", "nobody"])
def test_outsiders_steer_nothing(hall, who):
    post = hall.ask()
    presses = [
        (actions.start_stage, {}),
        (actions.close_stage, {}),
        (actions.set_mode, {"mode": Mode.BLACK}),
        (actions.show_question, {"post": post}),
        (actions.pause, {"until": clock.now()}),
        (actions.set_message, {"message": "Kaffe"}),
        (actions.set_frozen, {"frozen": True}),
        (actions.show_names, {"shown": True}),
        (actions.rehearse, {"on": True}),
        (actions.renew_display_key, {}),
    ]
    for verb, values in presses:
        with pytest.raises(Forbidden):
            hall.steer(verb, who, **values)
    with pytest.raises(Forbidden):
        hall.settle(post, "answered", who)


def test_record_holds_slides_questions_and_modes_in_their_order(hall):
    post = hall.ask()
    deck = hall.show(hall.ready("En", "To"), 2)
    hall.steer(actions.show_question, post=post)
    hall.steer(actions.set_mode, mode=Mode.SLIDE)
    with transaction() as session:
        slides.stop_presenting(session, who=hall.who(), deck_id=deck.id)
    assert hall.moments() == [
        ("started", None),
        ("slide", 1),
        ("slide", 2),
        ("question", post.id),
        ("mode", "question"),
        ("mode", "slide"),
        ("slides_ended", None),
    ]


def test_one_question_is_on_the_screen_at_a_time(hall, session):
    first, second = hall.ask(), hall.ask("Og hvad så?")
    hall.steer(actions.show_question, post=first)
    hall.steer(actions.show_question, post=second)
    assert [hall.whole(post).question.on_screen for post in (first, second)] == [False, True]
    assert (hall.stage.mode, hall.stage.question_id) == ("question", second.id)
    hall.steer(actions.set_mode, mode=Mode.SLIDE)
    assert (hall.whole(second).question.on_screen, hall.stage.question_id) == (False, None)


def wall(hall):
    session = db.session()
    return partials.wall_values(session, queries.whole_stage(session, hall.stage.id))


def test_hidden_question_leaves_the_wall_at_once(hall):
    post = hall.ask()
    hall.steer(actions.show_question, post=post)
    assert wall(hall)["single"].text == "Hvor mange penge mangler der?"
    hall.hide(post)
    values = wall(hall)
    assert (values["single"], values["mode"], values["questions"]) == (None, "slide_questions", [])


def test_wall_shows_three_open_questions_without_names_unless_chosen(hall):
    posts = [hall.ask(f"Spørgsmål {n}") for n in range(5)]
    for post in posts[2:4]:
        hall.want(post)
    hall.settle(posts[0], "answered")
    assert [(q.text, q.name) for q in wall(hall)["questions"]] == [
        ("Spørgsmål 2", ""),
        ("Spørgsmål 3", ""),
        ("Spørgsmål 1", ""),
    ]
    hall.steer(actions.show_names, shown=True)
    assert wall(hall)["questions"][0].name == "Anne Bjerre"
    hall.steer(actions.set_frozen, frozen=True)
    assert wall(hall)["questions"] == []


def test_hidden_deck_is_not_shown(hall):
    deck = hall.show(hall.ready("En", "To"))
    assert wall(hall)["slide"].no == 1
    with transaction() as session:
        slides.hide_deck(session, who=hall.who(), deck=session.merge(deck))
    assert wall(hall)["slide"] is None
    assert partials.scene_values(db.session(), hall.stage)["deck"] is None


def rows_of(session):
    """All that a rehearsal must leave alone: every table but the stage's own switches and the versions."""
    session.rollback()
    kept = {}
    for table in db.Base.metadata.sorted_tables:
        if table.name not in {"stage", "topic"}:
            kept[table.name] = sorted(map(tuple, session.execute(table.select())), key=repr)
    return kept


def test_rehearsal_shows_samples_and_leaves_nothing(hall, session, pushed):
    hall.ask()
    deck = hall.ready("En", "To", "Tre")
    before, public = rows_of(session), db.session().scalar(select(Stage.started_at))
    pushed.clear()
    hall.steer(actions.rehearse, on=True, deck_id=deck.id)
    hall.steer(actions.rehearse_slide, no=2)
    for mode in (Mode.QUESTIONS, Mode.QUESTION, Mode.SLIDE_QUESTIONS, Mode.BLACK):
        hall.steer(actions.set_mode, mode=mode)
    values = wall(hall)
    assert values["slide"].no == 2
    assert all("Prøve" in question.text for question in values["questions"]) and len(values["questions"]) == 3
    # What the public sees has not moved: no deck, no question on the screen, and nothing was sent to phones.
    assert partials.scene_values(db.session(), hall.stage)["deck"] is None
    assert {change.topic.partition(":")[0] for change in pushed} == {"control", "projector"}
    hall.steer(actions.rehearse, on=False)
    assert rows_of(session) == before
    assert (hall.stage.started_at, hall.stage.mode, hall.stage.rehearsal) == (public, "slide_questions", False)


def test_rehearsal_marks_no_question_on_the_phones(hall, session):
    post = hall.ask()
    hall.steer(actions.rehearse, on=True)
    hall.steer(actions.show_question, post=post)
    assert hall.whole(post).question.on_screen is False
    assert hall.moments() == []


def test_showing_a_slide_in_earnest_ends_the_rehearsal(hall):
    deck = hall.ready("En", "To")
    hall.steer(actions.rehearse, on=True, deck_id=deck.id)
    hall.show(deck, 2)
    assert hall.stage.rehearsal is False
    assert wall(hall)["slide"].no == 2
    with pytest.raises(Conflict):
        hall.steer(actions.rehearse, on=True, deck_id=deck.id)


@pytest.mark.parametrize("way", ["button", "slide", "end"])
def test_nothing_that_was_tried_out_stands_on_the_wall_whichever_way_the_rehearsal_ends(hall, way):
    post, deck = hall.ask(), hall.ready("En", "To")
    fresh = wall_switches(hall)
    hall.steer(actions.rehearse, on=True, deck_id=deck.id)
    hall.steer(actions.pause, until=clock.now() + timedelta(minutes=90))
    hall.steer(actions.set_message, message="PRØVE")
    hall.steer(actions.show_names, shown=True)
    hall.steer(actions.set_frozen, frozen=True)
    hall.steer(actions.show_question, post=post)
    assert wall(hall)["mode"] == "question" and wall_switches(hall) != fresh
    if way == "button":
        hall.steer(actions.rehearse, on=False)
    elif way == "slide":
        hall.show(deck)
        assert wall(hall)["slide"].no == 1
    else:
        hall.steer(actions.close_stage)
    assert wall_switches(hall) == fresh
    assert (wall(hall)["mode"], wall(hall)["single"]) == ("slide_questions", None)


def wall_switches(hall):
    stage = hall.stage
    names = ("mode", "question_id", "pause_until", "message", "frozen", "show_names", "rehearsal")
    return {name: getattr(stage, name) for name in (*names, "rehearsal_deck_id", "rehearsal_no")}


def test_rehearsal_takes_the_question_that_stood_there_off_the_phones_too(hall):
    post = hall.ask()
    hall.steer(actions.show_question, post=post)
    assert hall.whole(post).question.on_screen is True
    hall.steer(actions.rehearse, on=True)
    assert hall.whole(post).question.on_screen is False


def test_end_of_a_rehearsal_that_is_over_leaves_the_wall_alone(hall):
    post = hall.ask()
    hall.steer(actions.show_question, post=post)
    hall.steer(actions.set_message, message="Kaffe i foyeren")
    hall.steer(actions.rehearse, on=False)
    assert (hall.stage.question_id, hall.stage.message) == (post.id, "Kaffe i foyeren")


def test_rehearsal_takes_no_deck_of_another_place_and_no_hidden_one(hall):
    foreign = hall.ready("Fremmed", who=hall.who("rival"), scope_key=hall.other_scope)
    hidden = hall.ready("Skjult", title="Skjult")
    hall.do(slides.hide_deck, hidden, who=hall.who())
    for deck in (foreign, hidden):
        with pytest.raises(Conflict):
            hall.steer(actions.rehearse, on=True, deck_id=deck.id)
    assert hall.stage.rehearsal is False


def test_hidden_deck_begins_no_meeting_and_ends_no_other_deck(hall):
    hidden, shown = hall.ready("Skjult"), hall.ready("En", "To", title="Vist")
    hall.do(slides.hide_deck, hidden, who=hall.who())
    with pytest.raises(Conflict, match="skjult"):
        hall.show(hidden)
    assert (hall.stage.started_at, hall.moments()) == (None, [])
    hall.show(shown)
    with pytest.raises(Conflict, match="skjult"):
        hall.show(hidden)
    assert queries.shown_deck(db.session(), hall.stage).id == shown.id


def test_a_part_of_the_control_view_that_is_sent_reads_no_other(app, hall, session):
    """Each press on a question sends the parts to those who steer: each costs what it shows, and no more."""
    hall.ask()
    hall.ask(held=True)
    hall.show(hall.ready("En", "To"))
    changes = {change.target.partition("-")[0]: change for change in partials.control_changes(hall.stage, 1)}
    sent = {}
    for part in ("panel", "held", "asked"):
        with listened(app) as statements:
            assert changes[part].render("da")
        sent[part] = {table for table in ("slide", "post") for row, _ in statements if f" {table}" in f" {_from(row)}"}
    assert sent == {"panel": {"slide"}, "held": {"post"}, "asked": {"post"}}


def _from(statement):
    """The table that a statement reads first."""
    return statement.partition("FROM ")[2].split()[0] if "FROM " in statement else ""


def test_held_question_is_seen_by_those_who_lead_alone(hall, session):
    post = hall.ask(held=True)
    assert hall.whole(post).position is None
    assert wall(hall)["questions"] == []
    assert [row.id for row in discussion_queries.held_in(session, hall.stage.forum_id)] == [post.id]
    assert session.scalar(select(Contribution.public).join(Post, Post.contribution_id == Contribution.id)) is False
