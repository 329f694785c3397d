"""The pages of threads over HTTP, as a browser without script uses them."""

import re
from datetime import timedelta

import pytest

from forsamlingshus.accounts.models import Author, Draft
from forsamlingshus.discussions import actions, queries, rules
from forsamlingshus.discussions.models import Forum, Post
from forsamlingshus.discussions.views import page
from forsamlingshus.kernel import db
from forsamlingshus.kernel.db import transaction
from tests.builders import PASSWORD
from tests.pages import readable
from tests.queries import counted

FETCH = {"X-Requested-With": "fetch"}
CPR = "140245-5019"  # a made-up number: born in a year to come


def text(response):
    return response.get_data(as_text=True)


def write(client, thread, body, **kwargs):
    return client.send(thread.path, {"body": body, "client_id": "client-id-1", **kwargs}, token_from=thread.path)


def test_thread_anonymous_shows_posts_and_a_composer_that_leads_to_log_in(talk, client):
    thread = talk.thread()
    talk.post(thread, "Enig. **Klart**.")
    page = text(client.get(thread.path))
    assert "Vi svømmer om morgenen." in page
    assert "<strong>Klart</strong>" in page
    assert "/log-ind/fra-debat" in page
    assert "\ue000" not in page


def test_thread_second_view_comes_from_the_cache_and_is_equal(talk, client):
    thread = talk.thread()
    assert client.get(thread.path).data == client.get(thread.path).data


def test_thread_cached_page_never_holds_another_viewers_bits(app, talk):
    thread = talk.thread()
    anne, jens, nobody = app.test_client(), app.test_client(), app.test_client()
    anne.log_in(talk.anne)
    first = text(anne.get(thread.path))
    jens.log_in(talk.jens)
    second = text(jens.get(thread.path))
    token = re.search(r'name="csrf_token" value="([^"]+)"', first).group(1)
    assert "Anne Bjerre (dig)" in first and 'data-own="' + str(talk.first(thread).id) + '"' in first
    assert "(dig)" not in second and 'data-own=""' in second
    assert token not in second and "csrf_token" in second
    assert "csrf_token" not in text(nobody.get(thread.path)) or 'value=""' in text(nobody.get(thread.path))


def test_thread_kept_page_follows_a_changed_name(talk, client, session):
    from forsamlingshus.accounts import actions as accounts
    from forsamlingshus.accounts.models import Author
    from forsamlingshus.kernel.db import transaction

    thread = talk.thread()
    assert "Anne Bjerre" in text(client.get(thread.path))
    with transaction() as session:
        accounts.change_name(session, author=session.get_one(Author, talk.anne.author_id), name="Anne Bæk")
    assert "Anne Bæk" in text(client.get(thread.path))
    assert "Anne Bjerre" not in text(client.get(thread.path))


def test_thread_unchanged_is_not_sent_again_to_who_has_it(talk, client):
    thread = talk.thread()
    etag = client.get(thread.path).headers["ETag"]
    assert client.get(thread.path, headers={"If-None-Match": etag}).status_code == 304
    talk.post(thread)
    assert client.get(thread.path, headers={"If-None-Match": etag}).status_code == 200


def test_thread_in_english_marks_other_peoples_danish(talk, client):
    thread = talk.thread()
    page = text(client.get(f"{thread.path}?sprog=en"))
    assert '<html lang="en"' in page
    assert '<h1  lang="da">' in page or '<h1 lang="da">' in page
    assert re.search(rf'<li aria-current="page">.*?<span  lang="da">{re.escape(thread.title)}</span>', page, re.DOTALL)
    assert "Important to me" in page


@pytest.mark.parametrize("wrong", ["trivsel/{id}-gammel-titel", "et-andet-tema/{id}-{slug}", "x/{id}-x"])
def test_thread_under_another_address_leads_for_good_to_its_own(talk, client, wrong):
    thread = talk.thread()
    start, slug = thread.path.rsplit("/", 2)[0], thread.path.rsplit("-", 1)[1]
    answer = client.get(f"{start}/{wrong.format(id=thread.id, slug=slug)}?vis=nyeste&sprog=en")
    assert (answer.status_code, answer.location) == (301, f"{thread.path}?vis=nyeste&sprog=en")
    assert client.get(f"{start}/trivsel/999-findes-ikke").status_code == 404


def test_thread_under_another_address_does_not_tell_the_title_of_one_that_waits(app, talk, client):
    thread = talk.thread(held=True)
    client.log_in(talk.anne)
    wrong = f"/budget/2024/temaer/trivsel/{thread.id}-x"
    assert client.get(wrong).location == thread.path
    assert app.test_client().get(wrong).status_code == 404


def test_write_shows_the_post_to_others(app, talk, client):
    thread = talk.thread()
    client.log_in(talk.jens)
    answer = write(client, thread, "Hallen er tom kl. 20.")
    assert answer.status_code == 303
    assert "Hallen er tom kl. 20." in text(app.test_client().get(thread.path)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    "spelled", ["&#xE000;csrf&#xE001;", "&#xE000;findesikke&#xE001;", "[a](/x '&#57344;own:1&#57345;')"]
)
def test_place_of_a_cached_page_cannot_be_written_by_anybody(app, talk, client, spelled):
    """It would show each reader's own token, or be a fault of the whole thread for everybody."""
    thread = talk.thread()
    client.log_in(talk.jens)
    assert write(client, thread, f"Se her: {spelled} slut").status_code == 303
    reader = app.test_client()
    reader.log_in(talk.anne)
    for anybody in (client, reader, app.test_client()):
        answer = anybody.get(thread.path)
        assert answer.status_code == 200
        assert re.search(r"Se her: (csrf|findesikke|<a [^>]*title=\"own:1\"[^>]*>a</a>) slut", text(answer))


def test_write_by_fetch_answers_with_the_change_that_others_get(talk, client):
    thread = talk.thread()
    client.log_in(talk.jens)
    data = {"body": "Hurtigt.", "client_id": "client-id-1", "csrf_token": client.token(thread.path)}
    answer = client.post(thread.path, data=data, headers=FETCH).get_json()
    assert answer["version"] == 2
    assert [change["target"] for change in answer["changes"]] == [f"i-{answer['id']}"]
    again = client.post(thread.path, data=data, headers=FETCH).get_json()
    assert again["id"] == answer["id"]


def resent(client, path, data, token):
    return client.post(path, data={**data, "csrf_token": token})


def test_write_of_other_words_after_going_back_is_asked_about_and_not_lost(talk, client):
    """The browser's way back brings an old form, id and all; without a script nobody makes a fresh one."""
    thread = talk.thread()
    client.log_in(talk.jens)
    token = client.token(thread.path)
    old = {"client_id": "client-id-1"}
    assert resent(client, thread.path, {**old, "body": "De første ord."}, token).status_code == 303
    answer = resent(client, thread.path, {**old, "body": "Helt andre ord."}, token)
    page = text(answer)
    assert answer.status_code == 422
    assert "Du har allerede sendt en tekst herfra." in page
    assert "Helt andre ord.</textarea>" in page
    fresh = re.search(r'name="client_id"[^>]* value="([^"]+)"', page).group(1)
    assert resent(client, thread.path, {"client_id": fresh, "body": "Helt andre ord."}, token).status_code == 303
    page = text(client.get(f"{thread.path}?vis=nyeste"))
    assert "De første ord." in page and "<p>Helt andre ord.</p>" in page


def test_reply_and_thread_of_other_words_after_going_back_are_not_lost(talk, client):
    thread = talk.thread()
    client.log_in(talk.jens)
    token = client.token(thread.path)
    reply, opened = f"/i/{talk.first(thread).id}/svar", f"{thread.path.rpartition('/')[0]}/ny"
    for path, title, again in ((reply, {}, {}), (opened, {"title": "Nummer et"}, {"title": "Nummer to"})):
        old = {"client_id": f"client-id-{len(path)}"}
        assert resent(client, path, {**old, **title, "body": "De første ord."}, token).status_code == 303
        answer = resent(client, path, {**old, **again, "body": "Helt andre ord."}, token)
        assert (answer.status_code, "Helt andre ord.</textarea>" in text(answer)) == (422, True)


def test_write_empty_gives_a_sentence_and_keeps_the_page(talk, client):
    thread = talk.thread()
    client.log_in(talk.jens)
    answer = write(client, thread, "  ")
    assert answer.status_code == 422
    assert "Skriv dit indlæg" in text(answer)
    assert "<title>Fejl: " in text(answer)


def test_write_too_long_says_how_much_and_keeps_the_text(talk, client, session):
    thread = talk.thread()
    client.log_in(talk.jens)
    answer = write(client, thread, "Æ" * 2005)
    assert answer.status_code == 422
    assert "5 tegn for lang" in text(answer)
    assert "Æ" * 2005 in text(answer)
    session.rollback()
    assert session.query(Post).count() == 1


def test_write_cpr_number_is_refused_and_stored_nowhere(talk, client, session, caplog):
    thread = talk.thread()
    client.log_in(talk.jens)
    answer = write(client, thread, f"Mit nummer er {CPR}, ring.")
    assert answer.status_code == 422
    assert f"<mark>{CPR}</mark>" in text(answer)
    assert "Fjern det, før du sender" in text(answer)
    session.rollback()
    assert session.query(Post).count() == 1
    assert CPR not in caplog.text
    assert session.query(Draft).count() == 0


def test_every_box_gives_a_cpr_number_back_and_keeps_no_draft_of_it(talk, client, session):
    """A phone number in the same box is kept, so the draft would have been written."""
    client.log_in(talk.jens)
    thread = talk.thread()
    post = talk.post(thread, user=talk.jens)
    boxes = (thread.path, f"{talk.forum.path}/ny", f"/i/{post.id}/svar", f"/i/{post.id}/ret")
    for number, kept in ((CPR, 0), ("22 33 44 55", 4)):
        for box in boxes:
            fields = {"title": "Et spørgsmål", "body": f"Nummeret er {number}, ring.", "seen": post.source}
            answer = client.send(box, fields)
            assert answer.status_code == 422
            assert f"<mark>{number}</mark>" in text(answer) and f"Nummeret er {number}, ring." in text(answer)
        session.rollback()
        assert session.query(Draft).count() == kept
    # Too long as well: the form stops before the guard looks, and the draft must not slip by.
    session.query(Draft).delete()
    session.commit()
    assert client.send(thread.path, {"body": f"{CPR} {'ord ' * 600}"}).status_code == 422
    session.rollback()
    assert session.query(Draft).count() == 0


def test_write_phone_number_comes_back_once_and_then_waits(app, talk, client, session):
    thread = talk.thread()
    client.log_in(talk.jens)
    body = "Ring til mig på 20 30 40 50, så kører vi sammen."
    asked = write(client, thread, body)
    assert asked.status_code == 422
    confirmed = re.search(r'name="confirmed" value="([0-9a-f]{64})"', text(asked)).group(1)
    assert write(client, thread, body + " Nu.", confirmed=confirmed, confirm_box="1").status_code == 422
    assert write(client, thread, body, confirmed=confirmed, confirm_box="1").status_code == 303
    assert "vises, når vi har set på det" in text(client.get(thread.path))
    assert "20 30 40 50" in text(client.get(thread.path))
    assert "20 30 40 50" not in text(app.test_client().get(thread.path))


def test_write_after_the_debate_closed_gives_the_text_back(talk, client, at):
    thread = talk.thread()
    client.log_in(talk.jens)
    token = client.token(thread.path)
    at("2099-06-01T12:00:00+02:00")
    answer = client.post(thread.path, data={"body": "For sent, men vigtigt.", "csrf_token": token})
    assert answer.status_code == 410
    assert "For sent, men vigtigt." in text(answer)
    assert "Debatten er lukket" in text(answer)
    assert "/budget/2024" in text(answer)


def test_closed_thread_says_why_and_where_it_goes_on(talk, client, at):
    thread = talk.thread()
    at("2099-06-01T12:00:00+02:00")
    page = text(client.get(thread.path))
    assert "Debatten sluttede" in page
    assert "Se, hvad der sker nu i Budget 2024" in page
    assert 'name="body"' not in page


def test_write_too_fast_is_asked_to_wait_and_keeps_the_text(talk, client):
    thread = talk.thread()
    client.log_in(talk.jens)
    token = client.token(thread.path)
    for number in range(12):
        data = {"body": f"Nr. {number}", "client_id": f"client-{number:03}", "csrf_token": token}
        assert client.post(thread.path, data=data).status_code == 303
    answer = client.post(thread.path, data={"body": "Nr. 13", "client_id": "client-013", "csrf_token": token})
    assert answer.status_code == 429
    assert "Nr. 13" in text(answer)


def test_edit_too_fast_is_asked_to_wait_and_keeps_the_text(talk, client, session):
    post = talk.post(talk.thread())
    client.log_in(talk.jens)
    form = f"/i/{post.id}/ret"
    token = client.token(form)
    for number in range(12):
        data = {"body": f"Nr. {number}", "csrf_token": token}
        assert client.post(form, data=data).status_code == 303
    answer = client.post(form, data={"body": "Nr. 13", "csrf_token": token})
    assert answer.status_code == 429
    assert "Nr. 13" in text(answer)
    session.rollback()
    assert session.get_one(Post, post.id, populate_existing=True).source == "Nr. 11"


def test_reply_quotes_exact_words_only(talk, client, session):
    thread = talk.thread("Hallen", "Vi svømmer om morgenen, hele banden.")
    root = talk.first(thread)
    client.log_in(talk.jens)
    form = f"/i/{root.id}/svar"
    wrong = client.send(form, {"body": "Også mig.", "quote": "om aftenen", "client_id": "c" * 12}, token_from=form)
    assert wrong.status_code == 422
    assert "Ordene står ikke i indlægget" in text(wrong) and "Også mig." in text(wrong)
    right = client.send(form, {"body": "Også mig.", "quote": "»om  morgenen«", "client_id": "c" * 12}, token_from=form)
    assert right.status_code == 303
    session.rollback()
    reply = session.query(Post).filter_by(parent_id=root.id).one()
    assert (reply.quote, reply.quote_name) == ("om morgenen", "Anne Bjerre")


def test_reply_to_a_reply_stands_under_the_same_root(talk, client, session):
    thread = talk.thread()
    root = talk.first(thread)
    reply = talk.post(thread, "Første svar.", parent=root)
    client.log_in(talk.anne)
    form = f"/i/{reply.id}/svar"
    client.send(form, {"body": "Andet svar.", "client_id": "c" * 12}, token_from=form)
    session.rollback()
    assert session.query(Post).filter_by(parent_id=root.id).count() == 2


def test_support_pressed_twice_counts_once(talk, client):
    thread = talk.thread()
    root = talk.first(thread)
    client.log_in(talk.jens)
    for _ in range(2):
        answer = client.send(f"/i/{root.id}/vigtigt", {"wanted": "1"}, token_from=thread.path, headers=FETCH)
        assert answer.get_json() == {"pressed": True, "count": 1}
    assert 'aria-pressed="true"' in text(client.get(thread.path))
    answer = client.send(f"/i/{root.id}/vigtigt", {"wanted": "0"}, token_from=thread.path, headers=FETCH)
    assert answer.get_json() == {"pressed": False, "count": 0}


@pytest.mark.parametrize("reader", ["nobody", "member"])
def test_support_shows_on_a_page_that_is_not_built_anew(app, talk, monkeypatch, reader):
    thread = talk.thread()
    root = talk.first(thread)
    jens, other = app.test_client(), app.test_client()
    jens.log_in(talk.jens)
    if reader == "member":
        other.log_in(talk.anne)
    other.get(thread.path)
    number = f'id="support-{root.id}">%d</span>'
    first = other.get(thread.path)
    assert number % 0 in text(first)
    monkeypatch.setattr(page, "build", lambda *_args: pytest.fail("built anew"))
    jens.send(f"/i/{root.id}/vigtigt", {"wanted": "1"}, token_from=f"/i/{root.id}/svar", headers=FETCH)
    second = other.get(thread.path)
    assert number % 1 in text(second)
    assert version_in(second) == version_in(first) + 1
    assert other.get(thread.path, headers={"If-None-Match": first.headers.get("ETag", "none")}).status_code == 200
    monkeypatch.undo()
    talk.post(thread, "Endnu et indlæg.")
    assert "Endnu et indlæg." in text(other.get(thread.path))


def version_in(response):
    return int(re.search(r'data-version="(\d+)"', text(response)).group(1))


def test_support_by_nobody_leads_to_log_in_and_back(talk, client):
    thread = talk.thread()
    answer = client.post(f"/i/{talk.first(thread).id}/vigtigt", headers={"Referer": f"http://localhost{thread.path}"})
    assert answer.status_code == 303
    assert "next=%2Fbudget%2F2024%2Ftemaer" in answer.headers["Location"]


def test_edit_and_withdraw_through_their_pages(app, talk, client):
    thread = talk.thread()
    post = talk.post(thread, "Første ord.")
    client.log_in(talk.jens)
    form = f"/i/{post.id}/ret"
    assert client.send(form, {"body": "Andre ord.", "seen": "Første ord."}, token_from=form).status_code == 303
    assert "Andre ord." in text(app.test_client().get(thread.path))
    form = f"/i/{post.id}/traek-tilbage"
    assert client.send(form, token_from=form).status_code == 303
    page = text(app.test_client().get(thread.path))
    assert "Andre ord." not in page and "Trukket tilbage" in page


def test_own_tools_stand_on_own_posts_alone(talk, client):
    thread = talk.thread()
    post = talk.post(thread)
    client.log_in(talk.jens)
    page = text(client.get(thread.path))
    assert f"/i/{post.id}/ret" in page
    assert f"/i/{talk.first(thread).id}/ret" not in page


@pytest.mark.parametrize("verb", ["ret", "traek-tilbage"])
def test_anothers_post_cannot_be_changed_by_address(talk, client, verb):
    post = talk.post(talk.thread())
    client.log_in(talk.anne)
    assert client.get(f"/i/{post.id}/{verb}").status_code == 403
    assert client.send(f"/i/{post.id}/{verb}", {"body": "x"}, token_from="/min-side/indstillinger").status_code == 403


def test_unread_line_stands_above_the_first_new_post(talk, client):
    thread = talk.thread()
    client.log_in(talk.anne)
    client.send(f"/traad/{thread.id}/laest", token_from=thread.path)
    assert "Nyt, siden du var her sidst" not in text(client.get(thread.path))
    post = talk.post(thread, "Noget nyt.")
    page = text(client.get(thread.path))
    assert page.index("Nyt, siden du var her sidst") < page.index(f'id="i-{post.id}"')
    assert page.index("Vi svømmer") < page.index("Nyt, siden du var her sidst")
    client.send(f"/traad/{thread.id}/laest", token_from=thread.path)
    assert "Nyt, siden du var her sidst" not in text(client.get(thread.path))


def test_draft_comes_back_in_the_composer_and_goes_when_sent(talk, client):
    thread = talk.thread()
    client.log_in(talk.jens)
    data = {"box": f"thread:{thread.id}", "path": f"{thread.path}#skriv", "title": "", "body": "En halv tanke"}
    client.send("/min-side/kladder/gem", data, token_from=thread.path, headers=FETCH)
    assert "En halv tanke</textarea>" in text(client.get(thread.path))
    write(client, thread, "En hel tanke")
    assert "En halv tanke" not in text(client.get(thread.path))


def test_new_thread_opens_with_its_first_post(talk, client):
    client.log_in(talk.jens)
    form = f"{talk.forum.path}/ny"
    data = {"title": "Kan vi låne skolens lokaler?", "body": "De står tomme.", "client_id": "c" * 12, "prompt_no": "1"}
    answer = client.send(form, data, token_from=form)
    assert answer.status_code == 303
    assert re.search(r"/budget/2024/temaer/trivsel/\d+-kan-vi-laane-skolens-lokaler#i-\d+$", answer.headers["Location"])
    assert "De står tomme." in text(client.get(answer.headers["Location"]))


def test_permalink_leads_to_the_page_that_holds_the_post(talk, client):
    thread = talk.thread()
    posts = [talk.post(thread, f"Nr. {n}.", user=talk.jens if n % 2 else talk.anne) for n in range(70)]
    answer = client.get(f"/i/{posts[65].id}")
    assert answer.status_code == 302
    page = text(client.get(answer.headers["Location"].split("#")[0]))
    assert f'id="i-{posts[65].id}"' in page


def test_pages_of_a_long_thread_hold_every_post_once(talk, client):
    thread = talk.thread()
    root = talk.first(thread)
    wanted = {root.id}
    for n in range(60):
        wanted.add(talk.post(thread, f"Nr. {n}.", parent=root if n % 3 == 0 else None).id)
    seen, path = [], thread.path
    while path:
        page = text(client.get(path))
        seen += [int(number) for number in re.findall(r'id="post-(\d+)"', page)]
        following = re.search(r'href="([^"]+)" rel="next"', page)
        path = following.group(1) if following else None
    assert sorted(seen) == sorted(wanted)


def test_re_read_gives_what_changed_after_a_version(talk, client):
    thread = talk.thread()
    post = talk.post(thread, "Ny.")
    answer = client.get(f"{thread.path}?efter=1", headers=FETCH).get_json()
    targets = [f"i-{post.id}", "thread-posts", "thread-people"]
    assert (answer["version"], [row["target"] for row in answer["changes"]]) == (2, targets)
    assert [row["html"] for row in answer["changes"][1:]] == ["2 indlæg", "2 personer"]
    assert client.get(f"{thread.path}?efter=2", headers=FETCH).get_json()["changes"] == []


def test_re_read_keeps_the_order_of_reading_whatever_was_supported_last(talk, client):
    thread = talk.thread()
    first, second = talk.post(thread, "Først."), talk.post(thread, "Så.")
    reader = talk.who(talk.build.user())
    with transaction() as session:
        row, forum = session.get_one(Post, first.id), session.get_one(Forum, thread.forum_id)
        actions.support_post(session, who=reader, post=row, forum=forum, wanted=True)
    rows = client.get(f"{thread.path}?efter=1", headers=FETCH).get_json()["changes"]
    assert [row["target"] for row in rows[:2]] == [f"i-{first.id}", f"i-{second.id}"]


def test_moderation_lists_what_waits_and_releases_it(app, talk, client):
    thread = talk.thread()
    held = talk.post(thread, "I tvivl.", held=True)
    client.log_in(talk.build.user(roles=["staff"]))
    assert "I tvivl." in text(client.get("/arbejde/moderation"))
    seen = re.search(r'name="seen" value="(\w+)"', text(client.get("/arbejde/moderation"))).group(1)
    assert client.send(f"/i/{held.id}/vis", {"seen": seen}, token_from="/arbejde/moderation").status_code == 303
    assert "I tvivl." in text(app.test_client().get(thread.path))


def test_page_of_what_waits_knows_the_version_of_each_queue_and_what_it_missed(talk, client):
    thread = talk.thread()
    talk.post(thread, "I tvivl.", held=True)
    client.log_in(talk.build.user(roles=["staff"]))
    topic = f"queue:{thread.forum_id}"

    def version():
        return int(re.search(rf'data-topic="{topic}" data-version="(\d+)"', text(client.get("/arbejde/moderation")))[1])

    before = version()
    talk.post(thread, "Også i tvivl.", held=True)
    assert version() == before + 1
    missed = client.get(f"/arbejde/moderation?emne={topic}&efter={before}").json
    assert (missed["version"], [row["action"] for row in missed["changes"]]) == (before + 1, ["refresh"])
    assert client.get(f"/arbejde/moderation?emne={topic}&efter={before + 1}").json["changes"] == []
    assert client.get(f"/arbejde/moderation?emne=queue:999&efter={before}").status_code == 404


def test_moderation_says_why_each_post_waits(talk, client, session):
    thread = talk.thread()
    talk.post(thread, "Ring på 22 33 44 55.", held=True)
    client.log_in(talk.build.user(roles=["staff"]))
    page = text(client.get("/arbejde/moderation"))
    assert "<mark >22 33 44 55</mark> ligner et telefonnummer" in page
    assert "bliver alle indlæg læst" not in page


def test_moderation_says_that_posts_of_guests_are_read_first(talk, client, session):
    said = "Ved dette møde læses gæsters indlæg, før de vises"
    talk.post(talk.thread(), "Helt uskyldigt.", held=True)
    client.log_in(talk.build.user(roles=["staff"]))
    assert said not in text(client.get("/arbejde/moderation"))
    with transaction() as writing:
        writing.get_one(Author, talk.jens.author_id).kind = "guest"
    assert said in text(client.get("/arbejde/moderation"))


def test_list_without_reply_says_how_many_it_lists(talk, client):
    talk.thread("Den stille")
    talk.post(talk.thread("Den livlige"))
    rows = queries.thread_rows(db.session(), talk.forum.id, talk.who(talk.anne), sort="uden-svar")
    assert (len(rows.rows), rows.unanswered) == (1, 1)


@pytest.mark.parametrize("place", ["-99999999999999999999999999", "99999999999999999999999999", "-1", "x"])
def test_moderation_takes_a_place_that_no_list_has_as_an_end_of_it(talk, client, build, place):
    client.log_in(build.user(roles=("staff",)))
    assert client.get(f"/arbejde/moderation?fra={place}").status_code == 200


def test_moderation_names_the_workshop_that_holds_every_post(talk, client):
    from forsamlingshus.discussions.models import Forum
    from forsamlingshus.kernel.db import transaction

    thread = talk.thread()
    with transaction() as session:
        session.get_one(Forum, talk.forum.id).hold_first = True
    talk.post(thread, "Helt uskyldigt.")
    client.log_in(talk.build.user(roles=["staff"]))
    page = text(client.get("/arbejde/moderation"))
    assert "I denne workshop bliver alle indlæg læst, før de vises" in page
    assert "ligner" not in page
    assert "Offentliggør indlægget" in page


def test_moderation_hides_with_a_reason_that_the_author_reads(app, talk, client):
    thread = talk.thread()
    post = talk.post(thread, "Grimme ord.")
    client.log_in(talk.build.user(roles=["staff"]))
    form = f"/i/{post.id}/skjul"
    assert client.send(form, {"reason": "Angriber en nabo"}, token_from=form).status_code == 422
    client.send(form, {"reason_code": "tone", "reason": "Angriber en nabo"}, token_from=form)
    jens = app.test_client()
    jens.log_in(talk.jens)
    page = text(jens.get(thread.path))
    assert "Grimme ord." not in page
    assert "Det angriber en person eller en gruppe: <span>Angriber en nabo</span>." in page


def test_hiding_needs_a_sentence_only_where_no_rule_says_why(app, talk, client):
    thread = talk.thread()
    first, second = talk.post(thread, "Grimme ord."), talk.post(thread, "Andre ord.")
    client.log_in(talk.build.user(roles=["staff"]))
    form = f"/i/{second.id}/skjul"
    refused = client.send(form, {"reason_code": "other", "reason": " "}, token_from=form)
    assert refused.status_code == 422 and "Skriv grunden" in text(refused)
    ruled = client.send(f"/i/{first.id}/skjul", {"reason_code": "tone", "reason": ""}, token_from=form)
    assert ruled.status_code == 303
    assert client.send(form, {"reason_code": "other", "reason": "Sendt to gange"}, token_from=form).status_code == 303
    jens = app.test_client()
    jens.log_in(talk.jens)
    page = re.sub(r"\s+", " ", text(jens.get(thread.path)))
    assert "</strong> Det angriber en person eller en gruppe. " in page
    assert "</strong> <span>Sendt to gange</span>. " in page
    assert "Another reason" not in text(jens.get(thread.path, headers={"Accept-Language": "en"}))


def test_moderation_says_how_long_each_post_has_waited(talk, client, at):
    at("2023-05-03T18:35:00+02:00")
    talk.post(talk.thread(), "I tvivl.", held=True)
    at("2023-05-03T18:38:10+02:00")
    client.log_in(talk.build.user(roles=["staff"]))
    page = re.sub(r"\s+", " ", readable(client.get("/arbejde/moderation")))
    assert '<time datetime="2023-05-03T18:35:00+02:00">3. maj kl. 18.35</time> (for 3 minutter siden)' in page
    assert "1 indlæg venter på dig. Det første blev sendt for 3 minutter siden" in page


@pytest.mark.parametrize("path", ["/i/{}/ret", "/i/{}/traek-tilbage", "/i/{}"])
def test_held_post_is_unknown_to_others(app, talk, client, path):
    held = talk.post(talk.thread(), held=True)
    author = app.test_client()
    author.log_in(talk.jens)
    assert author.get(path.format(held.id)).status_code != 404
    client.log_in(talk.anne)
    assert client.get(path.format(held.id)).status_code == 404


def test_thread_costs_as_many_queries_for_one_post_as_for_thirty(app, talk, client):
    small, large = talk.thread("Lille"), talk.thread("Stor")
    root = talk.first(large)
    for n in range(30):
        talk.post(large, f"Nr. {n}.", parent=root if n % 2 else None)
    paths = small.path, large.path
    client.log_in(talk.anne)
    client.get("/")  # the sentence after log-in is said there
    one, thirty = [counted(app, lambda path=path: client.get(path)) for path in paths]
    assert one == thirty


def test_thread_warm_and_anonymous_costs_two_cheap_reads(app, talk, client):
    thread = talk.thread()
    path = thread.path
    client.get(path)
    assert counted(app, lambda: client.get(path)) <= 3


@pytest.mark.sqlite
def test_order_of_reading_uses_the_index(session, talk):
    from sqlalchemy import text as sql

    page = (
        "SELECT * FROM post WHERE thread_id = 1 AND position IS NOT NULL AND (root_position, position) > (5, 5) "
        "ORDER BY root_position, position LIMIT 51"
    )
    plan = session.execute(sql(f"EXPLAIN QUERY PLAN {page}")).all()

    assert "SCAN" not in str(plan) and "ix_post_page" in str(plan) and "TEMP B-TREE" not in str(plan)


def test_thread_page_reads_the_wanted_side(session, talk):
    thread = talk.thread()
    for n in range(60):
        talk.post(thread, f"Nr. {n}.")
    newest = queries.thread_page(session, thread.id, newest=True)
    assert (len(newest.posts), newest.has_before, newest.has_after) == (50, True, False)
    before = queries.thread_page(session, thread.id, before=newest.first)
    assert (len(before.posts), before.has_before, before.has_after) == (11, False, True)


def test_moderation_never_shows_words_that_nobody_read(app, talk, client):
    held = talk.post(talk.thread(), "Ring 20 30 40 50.", held=True)
    client.log_in(talk.build.user(roles=["staff"]))
    seen = re.search(r'name="seen" value="(\w+)"', text(client.get("/arbejde/moderation"))).group(1)
    author = app.test_client()
    author.log_in(talk.jens)
    form = f"/i/{held.id}/ret"
    assert author.send(form, {"body": "Helt andre ord."}, token_from=form).status_code == 303
    assert client.send(f"/i/{held.id}/vis", {"seen": seen}, token_from="/arbejde/moderation").status_code == 409
    assert "Helt andre ord." not in text(app.test_client().get(talk.forum.path + "/1-x"))


def test_quote_goes_through_the_guard_as_well(talk, client, session):
    thread = talk.thread("Tal", "Sagen har 5010203123456 som nummer.")
    root = talk.first(thread)
    client.log_in(talk.jens)
    form = f"/i/{root.id}/svar"
    answer = client.send(form, {"body": "Se.", "quote": "0102031234", "client_id": "c" * 12}, token_from=form)
    assert answer.status_code == 422
    session.rollback()
    assert session.query(Post).count() == 1


@pytest.mark.parametrize("verb", ["ret", "traek-tilbage"])
def test_withdrawn_or_edited_words_are_gone_from_lists_and_descriptions(app, talk, client, session, verb):
    thread = talk.thread("Hallen", "Et hemmeligt ord: kvadratrod.")
    root = talk.first(thread)
    assert "kvadratrod" in text(app.test_client().get(thread.path))
    client.log_in(talk.anne)
    form = f"/i/{root.id}/{verb}"
    assert client.send(form, {"body": "Nye ord."}, token_from=form).status_code == 303
    assert "kvadratrod" not in text(app.test_client().get(thread.path))
    session.rollback()
    session.refresh(thread)
    assert "kvadratrod" not in thread.excerpt


@pytest.mark.parametrize("sort", ["nyeste", "vigtigst", "uden-svar"])
@pytest.mark.parametrize(
    "after", ["5_1", "²_1", "2023-05-01_1", "9" * 20 + "_1", "2023-05-01T00:00:00Z_" + "9" * 20, "_", "x"]
)
def test_list_of_threads_takes_nonsense_as_the_top(session, talk, sort, after):
    thread = talk.thread()
    rows = queries.thread_rows(session, talk.forum.id, talk.who(talk.anne), sort=sort, after=after).rows
    assert [row.id for row in rows] in ([thread.id], [])


def test_write_by_who_is_signed_out_goes_through_log_in_with_its_text(talk, client):
    thread = talk.thread()
    data = {"body": "Husk mig.", "box": f"thread:{thread.id}", "next": f"{thread.path}#skriv"}
    answer = client.post(thread.path, data=data)
    assert (answer.status_code, answer.headers["Location"]) == (307, "/log-ind/fra-debat")
    page = text(client.post(answer.headers["Location"], data=data))
    assert "Husk mig." in page and "Din tekst er gemt her" in page


@pytest.mark.parametrize("data", [{"box": "thread:1"}, {"box": "thread:1", "next": "https://ondt.example/"}])
def test_write_by_who_is_signed_out_without_a_way_back_gives_the_text_back(talk, client, data):
    answer = client.post(talk.thread().path, data={"body": "Husk mig.", **data})
    assert answer.status_code == 403
    assert "Husk mig." in text(answer) and "/log-ind?next=" in text(answer)


def test_write_with_an_old_token_gives_the_text_back_and_a_way_to_the_box(talk, client):
    thread = talk.thread()
    client.log_in(talk.jens)
    data = {"body": "Husk mig.", "box": f"thread:{thread.id}", "next": f"{thread.path}#skriv", "csrf_token": "gammel"}
    page = text(client.post(thread.path, data=data))
    assert "Siden har stået åben for længe" in page and "Husk mig." in page
    kept = {"box": data["box"], "path": data["next"], "title": "", "body": data["body"], "quote": "", "prompt_no": ""}
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.partition("/kladder/gem")[2]))
    token = fields.pop("csrf_token")
    assert fields == kept
    saved = client.post("/min-side/kladder/gem", data={**kept, "csrf_token": token})
    assert saved.headers["Location"] == data["next"]
    assert "Husk mig.</textarea>" in text(client.get(thread.path))


def test_refused_text_is_there_again_in_the_other_language(talk, client):
    thread = talk.thread()
    client.log_in(talk.jens)
    page = text(write(client, thread, "Ring på 22 33 44 55."))
    assert f'href="{thread.path}?sprog=en"' in page
    assert "Ring på 22 33 44 55.</textarea>" in text(client.get(f"{thread.path}?sprog=en"))


def test_reply_asked_to_quote_begins_with_the_words_of_the_post(talk, client):
    post = talk.post(talk.thread(), "Hallen er *tom*.\n\nHver dag.")
    client.log_in(talk.anne)
    assert "Hallen er tom. Hver dag.</textarea>" in text(client.get(f"/i/{post.id}/svar?citat=1"))
    assert "Hallen er tom. Hver dag.</textarea>" not in text(client.get(f"/i/{post.id}/svar"))


def test_thread_in_english_says_once_that_posts_stay_danish(talk, client):
    thread = talk.thread()
    note = "What people wrote stays in Danish."
    assert text(client.get(f"{thread.path}?sprog=en")).count(note) == 1
    assert note not in text(client.get(f"{thread.path}?sprog=da"))


def test_withdrawn_post_that_nobody_saw_leads_to_the_notice(talk, client):
    thread = talk.thread()
    held = talk.post(thread, held=True)
    client.log_in(talk.jens)
    answer = client.send(f"/i/{held.id}/traek-tilbage", token_from="/min-side")
    assert answer.headers["Location"] == f"{thread.path}#main-content"


def test_reply_by_who_is_signed_out_comes_back_from_log_in_with_its_quote(app, talk, build):
    post = talk.first(talk.thread(body="Hallen er tom. Hver dag. Også om morgenen."))
    form = f"/i/{post.id}/svar"
    nobody = app.test_client()
    typed = {"body": "Enig.", "quote": "Også om morgenen", "next": form, "box": f"reply:{post.id}"}
    asked = nobody.post(form, data={**typed, "client_id": "c" * 12})
    assert (asked.status_code, asked.location) == (307, "/log-ind/fra-debat")
    page = text(nobody.post(asked.location, data=typed))
    carried = dict(re.findall(r'<input type="hidden" name="(next|box|title|body|quote)" value="([^"]*)">', page))
    assert carried == typed
    nobody.send("/log-ind", {**carried, "email": talk.jens.email, "password": PASSWORD})
    back = text(nobody.get(form))
    assert "Enig.</textarea>" in back and "Også om morgenen</textarea>" in back


def test_refused_reply_keeps_its_quote_for_when_the_page_is_left(talk, client):
    post = talk.first(talk.thread(body="Hallen er tom. Hver dag."))
    form = f"/i/{post.id}/svar"
    client.log_in(talk.jens)
    answer = client.send(form, {"body": "", "quote": "Hver dag", "box": f"reply:{post.id}"}, token_from=form)
    assert answer.status_code == 422
    assert "Hver dag</textarea>" in text(client.get(f"{form}?sprog=en"))


def test_thread_in_the_middle_leads_both_ways_under_two_names(talk, client):
    thread = talk.thread()
    posts = [talk.post(thread, f"Nummer {n}.") for n in range(2 * queries.PAGE + 1)]
    page = text(client.get(f"{thread.path}?fra={posts[0].id}-{posts[0].position}"))
    assert 'aria-label="Tidligere sider"' in page and 'aria-label="Senere sider"' in page


def test_new_thread_with_nothing_in_it_names_the_fields_in_the_order_of_the_page(talk, client):
    client.log_in(talk.jens)
    form = f"{talk.forum.path}/ny"
    page = text(client.send(form, token_from=form))
    summary = page.partition('id="error-summary"')[2].partition("</ul>")[0]
    assert re.findall(r'<a href="#(\w+)">', summary) == ["title", "body"]


def test_wordings_from_before_a_hiding_never_come_back(app, talk, client):
    post = talk.post(talk.thread(), "Min nabo er en tyv.")
    history = f"/i/{post.id}/historik"
    anyone, author = app.test_client(), app.test_client()
    with transaction() as session:
        session.get_one(Post, post.id).created_at -= rules.FREE_EDIT + timedelta(minutes=1)
    author.log_in(talk.jens)
    form = f"/i/{post.id}/ret"
    author.send(form, {"body": "Min nabo stjæler."}, token_from=form)
    assert "Min nabo er en tyv." in text(anyone.get(history))

    client.log_in(talk.build.user(roles=["staff"]))
    hide = f"/i/{post.id}/skjul"
    client.send(hide, {"reason_code": "tone", "reason": "Angreb"}, token_from=hide)
    assert "Min nabo stjæler." in text(client.get(history))
    author.send(form, {"body": "Jeg låser døren."}, token_from=form)
    seen = re.search(r'name="seen" value="(\w+)"', text(client.get("/arbejde/moderation"))).group(1)
    client.send(f"/i/{post.id}/vis", {"seen": seen}, token_from="/arbejde/moderation")

    shown = text(anyone.get(history))
    assert "Jeg låser døren." in shown and "gemmes ikke længere" in shown
    assert "tyv" not in shown and "stjæler" not in shown
    assert "tyv" not in text(client.get(history))
