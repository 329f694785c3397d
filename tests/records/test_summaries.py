"""The summary of a workshop: points that cite posts, and a list of unused posts that shrinks."""

import re

import pytest

from forsamlingshus.discussions import actions as discussions
from forsamlingshus.kernel import db
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict, Forbidden
from forsamlingshus.meetings import queries as meetings
from forsamlingshus.records import actions, queries, rules
from forsamlingshus.stages import actions as stages
from tests.queries import counted
from tests.records.test_minutes import say
from tests.records.test_replay import text

WORK = "/styring/2024/trivsel/opsamling"


@pytest.fixture
def posts(hall):
    return [
        say(hall, f"Indlæg {name}", who) for name, who in (("et", "citizen"), ("to", "neighbour"), ("tre", "citizen"))
    ]


def room(session):
    return meetings.workshop_page(session, 2024, "trivsel")


def summary():
    session = db.session()
    session.rollback()
    session.expire_all()
    return queries.summary_of(session, room(session).id)


def write(hall, body, cited, who="rival"):
    with transaction() as session:
        return actions.write_point(
            session, who=hall.who(who), workshop=room(session), body=body, posts=[post.id for post in cited]
        )


def change(hall, verb, no=1, who="rival", **values):
    with transaction() as session:
        workshop = room(session)
        whole = queries.summary_of(session, workshop.id)
        if verb is not actions.publish_summary:
            values["point"] = next(point for point in whole.points if point.no == no)
        return verb(session, who=hall.who(who), workshop=workshop, summary=whole, **values)


def send(client, path=WORK, **data):
    return client.send(path, data, token_from=WORK)


def test_a_point_links_to_its_posts_and_the_unused_list_shrinks(hall, posts, client):
    leader = hall.client("rival")
    assert "0 af 3 indlæg og spørgsmål er brugt" in text(leader.get(WORK))
    answer = send(leader, body="Hallen skal **åbne** før", posts=[posts[0].id, posts[1].id])
    assert answer.status_code == 303
    page = leader.get(WORK).get_data(as_text=True)
    assert "2 af 3 indlæg og spørgsmål er brugt" in text(leader.get(WORK))
    assert re.findall(r'name="posts" id="post-(\d+)"', page) == [str(posts[2].id)]
    send(leader, f"{WORK}/offentliggoer")
    public = client.get(hall.room.place_path).get_data(as_text=True)
    assert "Hallen skal <strong>åbne</strong> før" in public
    for post in posts[:2]:
        assert f'href="/i/{post.id}"' in public
    assert client.get(f"/i/{posts[0].id}").status_code == 302


def test_turning_the_page_keeps_words_and_ticks(hall, posts, client, monkeypatch):
    monkeypatch.setattr("forsamlingshus.records.queries.summaries.PAGE", 2)
    leader = hall.client("rival")
    page = leader.get(WORK).get_data(as_text=True)
    assert 'name="side" value="2"' in page and f'id="post-{posts[2].id}"' not in page
    turned = send(leader, body="Et halvt punkt", posts=[posts[0].id], side="2")
    assert turned.status_code == 200 and summary() is None
    page = turned.get_data(as_text=True)
    ticked = re.findall(r'id="post-(\d+)" value="\d+" checked', page)
    assert (ticked, "Et halvt punkt" in page) == ([str(posts[0].id)], True)
    assert "Valgt på andre sider" in page and f'id="post-{posts[2].id}"' in page and 'name="side" value="1"' in page


def test_control_page_leads_to_the_summary_of_a_workshop(hall):
    pages = {who: hall.client(who).get("/styring").get_data(as_text=True) for who in ("rival", "host")}
    assert f'href="{WORK}"' in pages["rival"]
    assert "/opsamling" not in pages["host"]


def test_nobody_else_sees_a_summary_before_it_is_published(hall, posts, client):
    write(hall, "Et punkt", posts[:1])
    assert "Et punkt" not in text(client.get(hall.room.place_path))
    change(hall, actions.publish_summary)
    assert "Et punkt" in text(client.get(hall.room.place_path))


def test_summing_up_is_for_those_who_lead_that_workshop(hall, posts):
    assert [hall.client(name).get(WORK).status_code for name in ("citizen", "host", "rival", "staff")] == [
        403,
        403,
        200,
        200,
    ]
    for who in ("citizen", "host"):
        with pytest.raises(Forbidden):
            write(hall, "Et punkt", posts, who)
    write(hall, "Et punkt", posts)
    with pytest.raises(Forbidden):
        change(hall, actions.publish_summary, who="host")
    assert hall.client("staff").get("/styring/2024/borgermoede/opsamling").status_code == 404


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"body": "Et punkt"}, "Vælg mindst ét indlæg"),
        ({"body": "", "posts": 1}, "Skriv punktet"),
        ({"body": "x" * 1_001, "posts": 1}, "1 tegn for lang"),
        ({"body": "Ring på 22 33 44 55", "posts": 1}, "ligner et telefonnummer"),
        ({"body": "Et punkt", "posts": "alle"}, "Vælg mindst ét indlæg"),
    ],
)
def test_what_cannot_be_a_point_comes_back_with_its_words(hall, posts, data, sentence):
    answer = send(hall.client("rival"), **data)
    assert answer.status_code == 422 and sentence in text(answer)
    assert summary() is None
    assert data["body"][:30] in answer.get_data(as_text=True)


def test_only_posts_of_the_workshop_that_may_be_read_are_cited(hall, posts):
    elsewhere = hall.ask("Et spørgsmål i salen?")
    with transaction() as session:
        discussions.withdraw_post(session, who=hall.who("citizen"), post=hall.post(session, posts[0]))
    with pytest.raises(Conflict):
        write(hall, "Et punkt", [elsewhere, posts[0]])
    write(hall, "Et punkt", [elsewhere, *posts])
    (point,) = summary().points
    assert [row.post_id for row in point.cited] == [posts[1].id, posts[2].id]


def test_a_cited_post_that_is_withdrawn_later_is_no_longer_linked(hall, posts, client):
    write(hall, "Et punkt", posts[:2])
    change(hall, actions.publish_summary)
    assert f'href="/i/{posts[0].id}"' in client.get(hall.room.place_path).get_data(as_text=True)
    with transaction() as session:
        discussions.withdraw_post(session, who=hall.who("citizen"), post=hall.post(session, posts[0]))
    page = client.get(hall.room.place_path)
    assert f'href="/i/{posts[0].id}"' not in page.get_data(as_text=True)
    assert "og 1 indlæg, der ikke kan læses længere" in text(page)


def test_a_point_is_changed_and_taken_out(hall, posts):
    leader = hall.client("rival")
    write(hall, "Et punkt", posts[:1])
    write(hall, "Et andet", posts[1:2])
    form = {"body": "Et bedre punkt", "posts": [posts[0].id, posts[2].id], "seen": rules.digest("Et punkt")}
    assert send(leader, f"{WORK}/1", **form).status_code == 303
    assert [(point.source, len(point.cited)) for point in summary().points] == [("Et bedre punkt", 2), ("Et andet", 1)]
    assert send(leader, f"{WORK}/2", do="fjern").status_code == 303
    assert [point.source for point in summary().points] == ["Et bedre punkt"]
    assert "2 af 3 indlæg" in text(leader.get(WORK))
    assert leader.get(f"{WORK}/2").status_code == 404


def test_of_two_who_change_a_point_at_once_the_second_is_told_and_keeps_the_text(hall, posts):
    write(hall, "Et punkt", posts[:1])
    leader = hall.client("rival")
    send(leader, f"{WORK}/1", body="Den enes", posts=[posts[0].id], seen=rules.digest("Et punkt"))
    late = send(leader, f"{WORK}/1", body="Den andens", posts=[posts[0].id], seen=rules.digest("Et punkt"))
    assert late.status_code == 409 and "Den andens" in text(late)
    assert summary().points[0].source == "Den enes"


def test_the_same_point_sent_twice_is_one(hall, posts):
    write(hall, "Et punkt", posts[:1])
    write(hall, "Et punkt", posts[:1])
    assert len(summary().points) == 1


def test_a_published_summary_says_when_it_was_changed_and_keeps_a_point(hall, posts, client, at):
    at("2023-05-04T10:00:00+02:00")
    write(hall, "Et punkt", posts[:1])
    first = change(hall, actions.publish_summary).published_at
    at("2023-05-09T10:00:00+02:00")
    assert change(hall, actions.publish_summary).published_at == first
    change(hall, actions.edit_point, body="Et andet", posts=[posts[0].id], seen=rules.digest("Et punkt"))
    said = text(client.get(hall.room.place_path)).replace("\xa0", " ")
    assert "Offentliggjort 4. maj 2023. Rettet 9. maj 2023." in said
    with pytest.raises(Conflict):
        change(hall, actions.remove_point)


def test_an_empty_summary_is_not_published(hall):
    answer = send(hall.client("rival"), f"{WORK}/offentliggoer")
    assert answer.status_code == 409 and "Skriv et punkt først" in text(answer)


def test_pages_take_the_same_queries_with_1_and_30_points(app, hall, posts, client):
    leader = hall.client("rival")
    write(hall, "Punkt 0", posts[:1])
    change(hall, actions.publish_summary)
    pages = ((leader, WORK), (client, hall.room.place_path))

    def look():
        for browser, path in pages:
            browser.get(path)
        return [counted(app, lambda browser=browser, path=path: browser.get(path)) for browser, path in pages]

    one = look()
    for number in range(1, 30):
        write(hall, f"Punkt {number}", [*posts, say(hall, f"Mere {number}")])
    say(hall, "Endnu ikke brugt")
    assert look() == one


def test_those_who_lead_find_the_way_from_the_control_view(hall, client):
    hall.steer(stages.close_stage, "rival", stage=hall.room)
    page = hall.client("rival").get(hall.room.control_path).get_data(as_text=True)
    assert f'href="{WORK}"' in page and f'href="{hall.room.place_path}/genhoer"' in page
    hall.steer(stages.close_stage)
    plenary = hall.stage.control_path
    assert "/styring/2024/borgermoede/referat" in hall.client("staff").get(plenary).get_data(as_text=True)
    assert "/referat" not in hall.client("host").get(plenary).get_data(as_text=True)


def test_a_point_of_several_lines_can_be_changed_as_a_browser_sends_it(hall, posts):
    leader = hall.client("rival")
    write(hall, "Første linje\nog en anden", posts[:1])
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', leader.get(f"{WORK}/1").get_data(as_text=True))[1]
    assert "\n" not in seen  # a browser would send a line break back as two characters
    answer = send(leader, f"{WORK}/1", body="Første linje\r\nog en tredje", posts=[posts[0].id], seen=seen)
    assert answer.status_code == 303
    assert summary().points[0].source == "Første linje\nog en tredje"


def test_more_posts_than_a_database_takes_are_refused_with_a_sentence(hall, posts):
    leader = hall.client("rival")
    many = [posts[0].id, *range(10_000, 15_001)]
    answer = send(leader, body="Et punkt", posts=many)
    assert answer.status_code == 422 and "Vælg højst 5000" in text(answer) and "Et punkt" in text(answer)
    assert send(leader, body="Et punkt", posts=many[:5000]).status_code == 303
