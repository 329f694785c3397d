"""Reach and silence: who gets what after a commit. Each silence first proves that there was something to hear."""

import pytest

from forsamlingshus.app import GATES
from forsamlingshus.discussions import actions, live, partials
from forsamlingshus.discussions.models import Forum, Post, Thread
from forsamlingshus.kernel import clock
from forsamlingshus.kernel import live as kernel_live
from forsamlingshus.kernel.db import transaction


@pytest.fixture
def pushed(app, monkeypatch):
    """What is handed to the sender."""
    changes = []
    monkeypatch.setattr(app.extensions["forsamlingshus.sender"], "push", changes.extend)
    return changes


def listener(app, topic, client=None):
    """A socket that follows `topic`, and what it was answered."""
    socket = kernel_live.socketio.test_client(app, flask_test_client=client)
    answer = socket.emit("listen", {"topic": topic, "lang": "da"}, callback=True)
    return socket, answer


def heard(socket):
    return [row["args"][0] for row in socket.get_received() if row["name"] == "changes"]


def deliver(app, changes):
    with app.app_context():
        for topic in dict.fromkeys(change.topic for change in changes):
            kernel_live.send(topic, [change for change in changes if change.topic == topic])


def test_a_post_reaches_who_listens_to_its_thread_and_nobody_else(app, talk, pushed):
    here, elsewhere = talk.thread("Den ene"), talk.thread("Den anden")
    near, near_answer = listener(app, here.topic)
    far, far_answer = listener(app, elsewhere.topic)
    assert near_answer["ok"] and far_answer["ok"]
    pushed.clear()
    post = talk.post(here, "Hørt.")
    deliver(app, pushed)
    (message,) = heard(near)
    assert message["changes"][0]["target"] == f"i-{post.id}"
    assert "Hørt." in message["changes"][0]["html"]
    numbers = [(change["target"], change["html"]) for change in message["changes"][1:]]
    assert numbers == [("thread-posts", "2 indlæg"), ("thread-people", "2 personer")]
    assert heard(far) == []


def test_post_that_was_hidden_between_answer_and_push_is_sent_without_its_words(app, talk, session, pushed):
    thread = talk.thread()
    near, answer = listener(app, thread.topic)
    assert answer["ok"]
    pushed.clear()
    post = talk.post(thread, "Sagt og taget væk.")
    with app.test_request_context():
        partials.item(session.get_one(Post, post.id), "da", clock.now())  # as the writer was answered
    deliver(app, pushed)
    assert "Sagt og taget" in str(heard(near)), "no words, nothing to leak"
    told = list(pushed)
    staff = talk.who(talk.build.user(), roles=["staff"])
    with transaction() as writing:
        row, where = writing.get_one(Post, post.id), writing.get_one(Thread, thread.id)
        forum = writing.get_one(Forum, talk.forum.id)
        actions.hide(writing, who=staff, post=row, thread=where, forum=forum, reason_code="other", reason="x")
    deliver(app, told)
    assert "Sagt og taget" not in str(heard(near))


def test_a_held_post_reaches_the_queue_alone_and_without_its_words(app, talk, client, pushed):
    thread = talk.thread()
    staff = talk.build.user(roles=["staff"])
    client.log_in(staff)
    public, answer = listener(app, thread.topic)
    assert answer["ok"]
    queue, queue_answer = listener(app, f"queue:{talk.forum.id}", client)
    assert queue_answer["ok"]
    pushed.clear()
    talk.post(thread, "Hemmeligt ord.", held=True)
    deliver(app, pushed)
    assert heard(public) == []
    (message,) = heard(queue)
    assert message["changes"][0]["action"] == "refresh"
    assert "Hemmeligt" not in str(message)


def test_queue_is_closed_to_strangers(app, talk, client):
    _socket, anonymous = listener(app, f"queue:{talk.forum.id}")
    client.log_in(talk.anne)
    _socket, citizen = listener(app, f"queue:{talk.forum.id}", client)
    assert (anonymous, citizen) == ({"ok": False}, {"ok": False})


def test_thread_whose_first_post_waits_is_closed_to_strangers(app, talk):
    shown, hidden = talk.thread(), talk.thread("Venter", held=True)
    assert listener(app, shown.topic)[1]["ok"] is True
    assert listener(app, hidden.topic)[1] == {"ok": False}


def test_listen_answers_with_the_version_so_that_nothing_is_missed_in_between(app, talk):
    thread = talk.thread()
    talk.post(thread)
    assert listener(app, thread.topic)[1] == {"ok": True, "version": 2}


def test_support_pushes_the_number_alone(talk, pushed):
    post = talk.post(talk.thread())
    pushed.clear()
    with transaction() as session:
        row = session.get_one(Post, post.id)
        forum = session.get_one(Forum, talk.forum.id)
        actions.support_post(session, who=talk.who(talk.anne), post=row, forum=forum, wanted=True)
    (change,) = pushed
    assert (change.action, change.target, change.render("da")) == ("text", f"support-{post.id}", "1")


def test_partial_is_the_same_for_everybody_and_in_both_languages(app, talk, session):
    thread = talk.thread()
    post = talk.first(thread)
    danish, english = partials.neutral(post, "da", clock.now()), partials.neutral(post, "en", clock.now())
    assert "Vigtigt for mig" in danish
    assert "Important to me" in english
    assert 'lang="da"' in english and 'lang="da"' not in danish
    for html in (danish, english):
        assert "\ue000" not in html and "csrf" not in html and f"/i/{post.id}/ret" not in html


def test_partial_follows_the_version_and_the_name(app, talk, session):
    from forsamlingshus.accounts import actions as accounts
    from forsamlingshus.accounts.models import Author

    thread = talk.thread()
    before = partials.neutral(talk.first(thread), "da", clock.now())
    with transaction() as session:
        accounts.change_name(session, author=session.get_one(Author, talk.anne.author_id), name="Anne B.")
    session.expire_all()
    after = partials.neutral(talk.first(thread), "da", clock.now())
    assert "Anne Bjerre" in before
    assert "Anne B." in after and "Anne Bjerre" not in after


def test_gates_cover_every_topic_that_is_pushed(talk, pushed):
    thread = talk.thread()
    talk.post(thread, held=True)
    kinds = {change.topic.partition(":")[0] for change in pushed}
    assert kinds <= set(GATES)
    assert kinds == {"forum", "thread", "queue", "contributions"}


def test_thread_row_is_rendered_without_a_viewer(app, talk):
    with app.app_context():
        assert "1 indlæg" in live.row_html(talk.thread(), "da")


def test_thread_model_names_its_topic():
    assert Thread(id=4).topic == "thread:4"
