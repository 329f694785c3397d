"""Writing, editing, withdrawing, supporting and judging, against the real database."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.discussions import actions, queries
from forsamlingshus.discussions.models import Forum, Post, PostState, PostVersion, Reaction, Thread
from forsamlingshus.kernel import topics
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict, Forbidden
from forsamlingshus.kernel.events import EventRow
from tests.queries import listened


def reload(session, row):
    session.rollback()
    return session.get_one(type(row), row.id)


def do(session_action, who, post, **kwargs):
    """Run a verb on a freshly loaded post with its thread and forum."""
    with transaction() as session:
        post = session.get_one(Post, post.id)
        thread = session.get_one(Thread, post.thread_id)
        forum = session.get_one(Forum, thread.forum_id)
        known = {"thread": thread, "forum": forum}
        wanted = session_action.__kwdefaults__ or {}
        names = session_action.__code__.co_varnames
        return session_action(
            session, who=who, post=post, **{k: v for k, v in known.items() if k in names and k not in wanted}, **kwargs
        )


def test_write_post_takes_the_next_place_and_version(talk, session):
    thread = talk.thread()
    first, second = talk.post(thread, "Et."), talk.post(thread, "To.")
    assert (first.position, second.position) == (2, 3)
    versions = [session.get_one(Contribution, p.contribution_id).version for p in (first, second)]
    assert versions == [2, 3]
    assert topics.version_of(session, thread.topic) == 3


def test_write_post_counts_posts_and_people_once(talk, session):
    thread = talk.thread()
    talk.post(thread, user=talk.jens)
    talk.post(thread, user=talk.jens)
    thread, forum = reload(session, thread), reload(session, talk.forum)
    assert (thread.post_count, thread.author_count) == (3, 2)
    assert (forum.post_count, forum.thread_count, forum.author_count) == (3, 1, 2)


def test_write_post_sent_twice_is_one_post(talk, session):
    thread = talk.thread()
    once = talk.post(thread, client_id="the-same-client-id")
    again = talk.post(thread, client_id="the-same-client-id")
    assert again.id == once.id
    assert session.scalar(select(func.count(Post.id))) == 2


@pytest.mark.parametrize("edits", [["Rettet."], ["Rettet.", "Rettet igen."]])
def test_write_post_sent_again_after_an_edit_is_still_one_post(talk, session, edits):
    thread = talk.thread(body="Vi svømmer.")
    once = talk.post(thread, "De første ord.", client_id="the-same-client-id")
    for words in edits:
        do(actions.edit_post, talk.who(talk.jens), once, body=words)
    for words in ("De første ord.", edits[-1]):
        assert talk.post(thread, words, client_id="the-same-client-id").id == once.id
    with pytest.raises(actions.SentBefore):
        talk.post(thread, "Helt andre ord.", client_id="the-same-client-id")
    do(actions.withdraw_post, talk.who(talk.jens), once)
    assert reload(session, once).first_trace == ""


def test_open_thread_sent_again_after_an_edit_is_still_one_thread(talk):
    words = {"forum": talk.forum, "title": "Hallen", "body": "De første ord.", "client_id": "the-same-client-id"}
    with transaction() as session:
        thread, first = actions.open_thread(session, who=talk.who(talk.jens), **words)
    do(actions.edit_post, talk.who(talk.jens), first, body="Rettet.")
    with transaction() as session:
        again, post = actions.open_thread(session, who=talk.who(talk.jens), **words)
    assert (again.id, post.id) == (thread.id, first.id)


def test_write_post_other_words_or_place_under_a_known_id_are_no_retry(talk, session):
    thread, elsewhere = talk.thread(), talk.thread(title="En anden tråd")
    talk.post(thread, "De første ord.", client_id="the-same-client-id")
    root = talk.first(thread)
    for place, words, parent in (
        (thread, "Andre ord.", None),
        (elsewhere, "De første ord.", None),
        (thread, "De første ord.", root),
    ):
        with pytest.raises(actions.SentBefore):
            talk.post(place, words, client_id="the-same-client-id", parent=parent)
    assert session.scalar(select(func.count(Post.id)).where(Post.client_id == "the-same-client-id")) == 1


def test_write_post_same_client_id_of_another_author_is_another_post(talk):
    thread = talk.thread()
    mine = talk.post(thread, client_id="the-same-client-id", user=talk.jens)
    other = talk.post(thread, client_id="the-same-client-id", user=talk.anne)
    assert mine.id != other.id


def test_write_post_closed_debate_is_refused(talk, session):
    thread = talk.thread()
    with pytest.raises(Forbidden), transaction() as session:
        actions.write_post(
            session,
            who=talk.who(talk.jens, activities=()),
            thread=session.get_one(Thread, thread.id),
            forum=session.get_one(Forum, talk.forum.id),
            body="For sent.",
            client_id="x" * 12,
        )
    assert session.scalar(select(func.count(Post.id))) == 1


def test_reply_stands_under_its_root_in_the_order_of_reading(talk, session):
    thread = talk.thread()
    root = talk.first(thread)
    later = talk.post(thread, "Senere.")
    reply = talk.post(thread, "Svar.", parent=root)
    order = [post.id for post in queries.thread_page(session, thread.id).posts]
    assert order == [root.id, reply.id, later.id]
    assert reply.position > later.position


def test_held_post_has_no_place_no_count_and_no_word_in_public(talk, session):
    thread = talk.thread()
    held = talk.post(thread, "Ring på mit nummer.", held=True)
    assert (held.state, held.position) == (PostState.HELD, None)
    assert [post.id for post in queries.thread_page(session, thread.id).posts] != [held.id]
    assert len(queries.thread_page(session, thread.id).posts) == 1
    assert session.get_one(Contribution, held.contribution_id).public is False
    assert reload(session, thread).post_count == 1


def test_release_gives_the_post_the_place_of_its_release(talk, session):
    thread = talk.thread()
    held = talk.post(thread, "Tvivl.", held=True)
    talk.post(thread, "Imens.")
    staff = talk.build.user(roles=["staff"])
    released = do(actions.release, talk.who(staff, roles=["staff"]), held)
    assert (released.state, released.position) == (PostState.VISIBLE, 3)
    assert reload(session, thread).post_count == 3


def test_release_twice_tells_the_second_moderator(talk):
    held = talk.post(talk.thread(), held=True)
    staff = talk.who(talk.build.user(), roles=["staff"])
    do(actions.release, staff, held)
    with pytest.raises(Conflict):
        do(actions.release, staff, held)


def test_hide_needs_a_moderator_of_this_workshop(talk):
    post = talk.post(talk.thread())
    other = talk.who(talk.build.user(), scopes=["workshop:2"])
    with pytest.raises(Forbidden):
        do(actions.hide, other, post, reason_code="tone", reason="Hård tone")
    own = talk.who(talk.build.user(), scopes=["workshop:1"])
    assert do(actions.hide, own, post, reason_code="tone", reason="Hård tone").state == PostState.HIDDEN


def test_hide_takes_the_post_out_of_counts_and_public_but_keeps_its_place(talk, session):
    thread = talk.thread()
    post = talk.post(thread)
    do(actions.hide, talk.who(talk.build.user(), roles=["staff"]), post, reason_code="tone", reason="Hård tone")
    hidden = reload(session, post)
    assert hidden.position == 2
    assert session.get_one(Contribution, hidden.contribution_id).public is False
    assert reload(session, thread).post_count == 1
    assert reload(session, talk.forum).post_count == 1


def test_hide_silences_the_words_where_others_quoted_them(talk, session):
    thread = talk.thread()
    post = talk.post(thread, "Navn og adresse på en nabo.")
    quoting = talk.post(thread, "Uenig.", user=talk.anne, quoted=post, quote="på en nabo", quote_name="Jens P.")
    assert quoting.quote_shown is True
    staff = talk.who(talk.build.user(), roles=["staff"])
    do(actions.hide, staff, post, reason_code="personal_data", reason="Nævner en nabo")
    assert reload(session, quoting).quote_shown is False
    do(actions.release, staff, post)
    assert reload(session, quoting).quote_shown is True


def test_log_of_a_hidden_post_holds_the_code_but_no_words(talk, session):
    post = talk.post(talk.thread(), "Et hemmeligt ord: kvadratrod.")
    do(actions.hide, talk.who(talk.build.user(), roles=["staff"]), post, reason_code="tone", reason="Hård tone")
    rows = session.scalars(select(EventRow)).all()
    judged = [row for row in rows if row.name == "PostJudged"]
    assert [row.data["reason_code"] for row in judged] == ["tone"]
    assert not any("kvadratrod" in str(row.data) or "Hård" in str(row.data) for row in rows)


def test_edit_in_the_first_minutes_leaves_no_mark(talk, session):
    post = talk.post(talk.thread())
    do(actions.edit_post, talk.who(talk.jens), post, body="Bedre ord.")
    edited = reload(session, post)
    assert (edited.edited_at, edited.source) == (None, "Bedre ord.")
    assert session.scalar(select(func.count(PostVersion.id))) == 0


def test_edit_later_keeps_the_older_wording(talk, session, at):
    post = talk.post(talk.thread(), "Første ord.")
    at((post.created_at + timedelta(minutes=6)).isoformat())
    do(actions.edit_post, talk.who(talk.jens), post, body="Andre ord.")
    versions = queries.versions_of(session, post.id)
    assert [str(version.html) for version in versions] == ["<p>Første ord.</p>\n"]
    assert reload(session, post).edited_at is not None


def test_edit_of_what_another_tab_changed_is_a_conflict(talk):
    post = talk.post(talk.thread(), "Første ord.")
    do(actions.edit_post, talk.who(talk.jens), post, body="Andre ord.", seen="Første ord.")
    with pytest.raises(Conflict):
        do(actions.edit_post, talk.who(talk.jens), post, body="Tredje ord.", seen="Første ord.")


def test_edit_of_anothers_post_is_refused(talk):
    post = talk.post(talk.thread())
    with pytest.raises(Forbidden):
        do(actions.edit_post, talk.who(talk.anne), post, body="Ikke mine ord.")


def test_withdraw_removes_the_words_everywhere(talk, session, at):
    post = talk.post(talk.thread(), "Første ord.")
    at((post.created_at + timedelta(minutes=6)).isoformat())
    do(actions.edit_post, talk.who(talk.jens), post, body="Andre ord.")
    do(actions.withdraw_post, talk.who(talk.jens), post)
    gone = reload(session, post)
    contribution = session.get_one(Contribution, gone.contribution_id)
    assert (gone.state, gone.source, str(gone.html), contribution.text) == (PostState.WITHDRAWN, "", "", "")
    assert list(queries.versions_of(session, post.id)) == []


def test_support_twice_counts_once_and_can_be_undone(talk, session):
    post = talk.post(talk.thread())
    anne = talk.who(talk.anne)
    for wanted, count in [(True, 1), (True, 1), (False, 0), (False, 0), (True, 1)]:
        do(actions.support_post, anne, post, wanted=wanted)
        assert reload(session, post).support_count == count
    assert session.scalar(select(func.count(Reaction.id))) == 1


def test_support_own_post_is_refused(talk):
    post = talk.post(talk.thread())
    with pytest.raises(Forbidden):
        do(actions.support_post, talk.who(talk.jens), post, wanted=True)


def test_mark_read_never_moves_back_nor_past_the_end(talk, session):
    thread = talk.thread()
    talk.post(thread)
    anne = talk.who(talk.anne)

    def read(position):
        with transaction() as session:
            actions.mark_read(session, who=anne, thread=session.get_one(Thread, thread.id), position=position)
        return queries.personal(thread.id, anne.author_id).read_to

    assert [read(1), read(99), read(1)] == [1, 2, 2]


@pytest.mark.sqlite  # PostgreSQL decides by the number of rows, and here are few
def test_what_a_reader_did_is_found_by_reader_and_not_by_walking_the_thread(app, talk, session):
    thread = talk.thread()
    anne = talk.who(talk.build.user())
    with listened(app) as sent:
        queries.personal(thread.id, anne.author_id)
    ((statement, values),) = sent
    plan = [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(values))]
    searches = [line for line in plan if line.startswith(("SEARCH", "SCAN"))]
    assert len(searches) == 5
    assert [line for line in searches if "author_id=?" not in line] == [
        "SEARCH post USING INTEGER PRIMARY KEY (rowid=?)"  # of a post that this reader pressed
    ]


def test_thread_is_shown_only_with_its_first_visible_post(talk, session):
    thread = talk.thread(held=True)
    assert (thread.shown, reload(session, talk.forum).thread_count) == (False, 0)
    do(actions.release, talk.who(talk.build.user(), roles=["staff"]), session.scalars(select(Post)).one())
    assert (reload(session, thread).shown, reload(session, talk.forum).thread_count) == (True, 1)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Skal svømmehallen have kortere åbningstid?", "skal-svoemmehallen-have-kortere-aabningstid"),
        ("Ægte øl – og å", "aegte-oel-og-aa"),
        ("???", "traad"),
        ("日本語", "traad"),
    ],
)
def test_slug_of_a_title(title, slug):
    from forsamlingshus.kernel import addresses

    assert addresses.slug(title, "traad") == slug
