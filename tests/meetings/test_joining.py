"""Joining by code: two taps, three policies, a hall behind one address, and no way to collect codes or guests."""

import re

import pytest
from sqlalchemy import func, select

from forsamlingshus.accounts.models import Author, AuthorKind, Guest
from forsamlingshus.kernel import limits
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Closed
from forsamlingshus.meetings import actions, queries, rules
from forsamlingshus.meetings.models import GuestPolicy, Meeting
from forsamlingshus.meetings.views import joining

FETCH = {"X-Requested-With": "fetch"}
EVENING = "2023-05-03T19:00:00+02:00"
UNKNOWN = "Vi kender ikke koden"


def text_of(response):
    return response.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def meeting(meetings, at):
    found = meetings.add(join_code="K7QFX")
    at(EVENING)
    return found


def count(session):
    session.rollback()
    return session.scalar(select(func.count(Guest.id)))


def set_policy(build, meeting, policy):
    with transaction() as session:
        staff = build.who(roles=["staff"])
        actions.set_guest_policy(session, who=staff, meeting=session.get_one(Meeting, meeting.id), policy=policy)


class TestCode:
    @pytest.mark.parametrize("typed", ["K7QFX", "k7qfx", " k7 qfx ", "K7-QFX", "k 7 q f x"])
    def test_case_and_spaces_are_ignored(self, client, meeting, typed):
        answer = client.get("/m", query_string={"kode": typed})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/m/K7QFX")
        assert "Borgermøde" in text_of(client.get(f"/m/{typed.strip()}"))

    def test_unknown_code_is_said_and_kept_in_the_box(self, client, meeting):
        answer = client.get("/m", query_string={"kode": "K7QFY"})
        page = text_of(answer)
        assert answer.status_code == 404
        assert f"{UNKNOWN} K7QFY. Tjek koden på skærmen" in page
        assert 'value="K7QFY"' in page

    def test_a_long_text_as_code_is_cut_and_escaped(self, client, meeting):
        page = text_of(client.get("/m", query_string={"kode": "<b>" + "X" * 500}))
        assert "&lt;B&gt;XXXXXXXXX." in page
        assert "<b>X" not in page
        assert f'value="&lt;b&gt;{"X" * 9}"' in page

    def test_nothing_typed_is_the_page_without_a_fault(self, client, meeting):
        answer = client.get("/m?kode=+")
        assert answer.status_code == 200
        assert UNKNOWN not in text_of(answer)

    def test_codes_hold_no_vowels_and_nothing_that_looks_alike(self, meetings):
        codes = {meetings.add(year=2030 + n).join_code for n in range(8)}
        assert all(rules.is_code(code) for code in codes)
        assert set(rules.CODE_LETTERS).isdisjoint("AEIOUYL01")
        assert (len(rules.CODE_LETTERS), len(codes)) == (27, 8)

    def test_wrong_codes_from_one_address_end_while_right_ones_do_not_count(self, client, meeting, monkeypatch):
        monkeypatch.setattr(joining, "WRONG_CODE", limits.Limit("few wrong codes", 3, 10))
        for _try in range(5):
            assert client.get("/m/K7QFX").status_code == 200
        tries = [
            client.get(path).status_code for path in ("/m/B2222", "/m/B3333/qr.svg", "/m/B4444/plakat", "/m/B5555")
        ]
        assert tries == [404, 404, 404, 429]
        assert client.get("/m/K7QFX").status_code == 429

    def test_who_is_in_is_not_held_up_by_the_wrong_codes_of_others(self, app, client, meeting, monkeypatch):
        monkeypatch.setattr(joining, "WRONG_CODE", limits.Limit("few wrong codes", 1, 10))
        client.join(meeting)
        stranger = app.test_client()
        assert [stranger.get("/m/B2222").status_code for _try in range(2)] == [404, 429]
        assert client.get("/m/K7QFX").status_code == 303

    def test_another_code_makes_the_old_one_lead_nowhere(self, client, meeting):
        with transaction() as session:
            code = actions.change_code(session, meeting=session.get_one(Meeting, meeting.id))
        assert client.get("/m/K7QFX").status_code == 404
        assert client.get(f"/m/{code}").status_code == 200

    def test_qr_code_is_an_svg_of_the_address_in_the_settings(self, client, meeting, monkeypatch):
        seen = []
        monkeypatch.setattr(joining.qr, "svg", lambda address: seen.append(address) or b"<svg/>")
        answer = client.get("/m/K7QFX/qr.svg", headers={"Host": "localhost"})
        assert (answer.mimetype, seen) == ("image/svg+xml", ["http://127.0.0.1:8000/m/K7QFX"])

    def test_poster_names_code_address_and_hour(self, client, meeting):
        page = text_of(client.get("/m/K7QFX/plakat"))
        assert "K7QFX" in page and "127.0.0.1:8000/m" in page and "kl. 18.30" in page
        assert 'src="/m/K7QFX/qr.svg"' in page


class TestTwoTaps:
    def test_link_and_button_and_in(self, client, meeting, session):
        page = text_of(client.get("/m/K7QFX"))
        assert "Hvad skal vi kalde dig? (Du må gerne være anonym)" in page
        answer = client.join(meeting)
        live = f"{meeting.path}/live"
        assert answer.headers["Location"] == live
        after = text_of(client.get(live))
        assert "Spørg uden mit navn (<span data-own-name>Gæst 1</span>)" in after
        assert "Du er med og skriver som Gæst 1" in after
        assert "Gæst 1 (gæst)" in after
        author = session.scalars(select(Author).join(Guest)).one()
        assert (author.kind, author.name, author.name_key) == (AuthorKind.GUEST, "Gæst 1", None)

    def test_a_name_may_be_given_and_two_guests_may_share_it(self, app, meeting, session):
        for _n in range(2):
            app.test_client().join(meeting, "Mette")
        assert list(session.scalars(select(Author.name).join(Guest))) == ["Mette", "Mette"]

    @pytest.mark.parametrize("name", ["Anne Bjerre", "Kommunen", "Gæst 7", "x", "a@b.dk"])
    def test_names_that_deceive_are_refused_and_kept(self, client, meeting, build, session, name):
        build.user("Anne Bjerre")
        answer = client.send("/m/K7QFX", {"name": name}, token_from="/m/K7QFX")
        assert answer.status_code == 422
        assert f'value="{name}"' in text_of(answer)
        assert count(session) == 0

    def test_joining_twice_from_one_device_is_one_guest(self, client, meeting, session):
        token = client.token("/m/K7QFX")
        answers = [client.post("/m/K7QFX", data={"name": "", "csrf_token": token})]
        answers.append(client.send("/m/K7QFX", token_from="/gaest"))
        assert [answer.status_code for answer in answers] == [303, 303]
        assert count(session) == 1

    def test_an_account_takes_part_without_becoming_a_guest(self, client, meeting, build, session):
        client.log_in(build.user())
        assert client.get("/m/K7QFX").headers["Location"] == f"{meeting.path}/live"
        assert client.send("/m/K7QFX", token_from="/min-side/indstillinger").status_code == 303
        assert count(session) == 0

    def test_without_a_token_nobody_joins(self, client, meeting, session):
        assert client.post("/m/K7QFX", data={"name": "Ove"}).status_code == 400
        assert count(session) == 0

    def test_cookie_that_was_there_before_is_emptied(self, client, meeting):
        client.get("/m/K7QFX")
        with client.session_transaction() as cookie:
            cookie["planted"] = "x"
        before = client.token("/m/K7QFX")
        client.post("/m/K7QFX", data={"csrf_token": before})
        with client.session_transaction() as cookie:
            assert "planted" not in cookie and "guest" in cookie
        assert client.post("/gaest/navn", data={"name": "Ove", "csrf_token": before}).status_code == 400

    def test_joining_another_meeting_leaves_the_first(self, client, meetings, meeting, session):
        other = meetings.add(year=2025)
        client.join(meeting)
        assert "Du er gæst ved et andet møde" in text_of(client.get(other.join_path))
        client.join(other)
        session.rollback()
        guests = session.scalars(select(Guest).order_by(Guest.id)).all()
        assert [guest.ended_at is None for guest in guests] == [False, True]


class TestDoors:
    @pytest.mark.parametrize(
        ("moment", "status"),
        [
            ("2023-05-03T16:29:00+02:00", 303),
            ("2023-05-03T16:30:00+02:00", 200),
            ("2023-05-03T23:29:00+02:00", 200),
            ("2023-05-03T23:30:00+02:00", 303),
            ("2023-05-10T12:00:00+02:00", 303),
        ],
    )
    def test_same_link_is_the_way_in_and_later_the_record(self, client, meeting, at, session, moment, status):
        token = client.token("/m/K7QFX")
        at(moment)
        answer = client.get("/m/K7QFX")
        assert answer.status_code == status
        if status == 303:
            assert answer.headers["Location"] == meeting.path
            client.post("/m/K7QFX", data={"csrf_token": token})
            assert count(session) == 0

    def test_closed_to_guests_says_so_and_lets_nobody_in(self, client, meeting, build, session):
        token = client.token("/m/K7QFX")
        set_policy(build, meeting, GuestPolicy.OFF)
        assert client.get("/m/K7QFX").headers["Location"] == f"{meeting.path}/live"
        assert "Ved dette møde skal du have en bruger" in text_of(client.get(meeting.path))
        client.post("/m/K7QFX", data={"csrf_token": token})
        assert count(session) == 0


class TestHall:
    def test_closed_to_guests_in_the_very_moment_lets_nobody_in(self, client, meeting, build, session, monkeypatch):
        class Meanwhile:
            """The last thing that the view asks before its transaction; at that very time the policy changes."""

            @staticmethod
            def wait(_network):
                set_policy(build, meeting, GuestPolicy.OFF)
                return 0

        token = client.token("/m/K7QFX")
        monkeypatch.setattr(joining, "NEW_GUEST", Meanwhile)
        answer = client.post("/m/K7QFX", data={"name": "Mette", "csrf_token": token})
        assert answer.status_code == 410
        assert "Du kan ikke være med uden bruger ved dette møde nu" in text_of(answer)
        assert count(session) == 0

    @pytest.mark.parametrize(
        ("moment", "policy"), [("2023-05-02T19:00:00+02:00", GuestPolicy.ON), (EVENING, GuestPolicy.OFF)]
    )
    def test_action_itself_knows_hour_and_policy(self, meeting, build, session, at, moment, policy):
        set_policy(build, meeting, policy)
        at(moment)
        with pytest.raises(Closed), transaction() as writing:
            fresh = writing.get_one(Meeting, meeting.id)
            actions.join_meeting(writing, who=build.who(None), meeting=fresh, name="Mette", days=30)
        assert count(session) == 0

    def test_three_hundred_join_from_one_address_and_a_machine_ends(self, app, meeting, session, machine_time, at):
        at(EVENING)
        cookie, token = None, None
        answers = []
        for _n in range(700):
            device = app.test_client()
            if cookie is None:  # one page gives a token; each device goes on from that cookie alone
                token = device.token("/m/K7QFX")
                cookie = device.get_cookie("fh_session").value
            device.set_cookie("fh_session", cookie)
            machine_time.shift(0.5)  # 300 in two and a half minutes
            answers.append(device.post("/m/K7QFX", data={"csrf_token": token}))
            if answers[-1].status_code == 429:
                break
        statuses = [answer.status_code for answer in answers]
        assert (statuses.count(303), statuses[-1], len(statuses)) == (600, 429, 601)
        assert "Log ind, eller prøv igen om lidt" in text_of(answers[-1])
        assert int(answers[-1].headers["Retry-After"]) > 0
        assert count(session) == 600

    def test_a_hall_that_scans_the_wall_within_half_a_minute_is_let_in(self, app, meeting, session, machine_time, at):
        at(EVENING)
        first = app.test_client()
        token, cookie = first.token("/m/K7QFX"), first.get_cookie("fh_session").value
        statuses = []
        for _no in range(300):
            device = app.test_client()
            device.set_cookie("fh_session", cookie)
            machine_time.shift(0.1)
            statuses.append(device.post("/m/K7QFX", data={"csrf_token": token}).status_code)
        assert (set(statuses), count(session)) == ({303}, 300)

    def test_a_machine_is_no_hall_in_two_seconds(self, app, meeting, session, machine_time, at):
        at(EVENING)
        first = app.test_client()
        token, cookie = first.token("/m/K7QFX"), first.get_cookie("fh_session").value
        devices = [app.test_client() for _no in range(100)]
        for device in devices:
            device.set_cookie("fh_session", cookie)
        send = [device.post("/m/K7QFX", data={"csrf_token": token, "name": "Mette"}) for device in devices]
        assert [answer.status_code for answer in send] == [303] * 80 + [429] * 20
        assert "Prøv igen om få sekunder" in text_of(send[-1]) and 'value="Mette"' in text_of(send[-1])
        assert 0 < int(send[-1].headers["Retry-After"]) <= 5
        machine_time.shift(6)
        assert devices[-1].post("/m/K7QFX", data={"csrf_token": token}).status_code == 303

    def test_a_meeting_takes_so_many_guests_and_no_more(self, client, meeting, session, monkeypatch, app):
        from forsamlingshus.accounts.actions import guests

        monkeypatch.setattr(guests, "MOST_GUESTS", 1)
        client.join(meeting)
        late = app.test_client()
        answer = late.send("/m/K7QFX", {"name": "Sen"}, token_from="/m/K7QFX")
        assert answer.status_code == 409
        assert "vi ikke tager flere med" in text_of(answer)
        assert count(session) == 1
        with transaction() as writing:  # who has left takes no place
            author = writing.scalars(select(Guest)).one().author_id
            guests.end_guest(writing, author_id=author, reason="log-out")
        assert late.send("/m/K7QFX", {"name": "Sen"}, token_from="/m/K7QFX").status_code == 303


class TestPolicyPage:
    def test_facilitator_of_the_meeting_sets_the_policy(self, client, meeting, meetings, session):
        client.log_in(meetings.facilitator(meeting=meeting))
        page = client.get("/styring/2024/borgermoede/gaester")
        assert re.search(r'checked[^>]*value="moderated"', text_of(page))
        answer = client.send(
            "/styring/2024/borgermoede/gaester", {"guests": "on"}, token_from="/styring/2024/borgermoede/gaester"
        )
        assert answer.status_code == 303
        session.rollback()
        session.expire_all()
        assert queries.meeting_of(session, 2024).guests == "on"

    def test_facilitator_of_a_workshop_does_not(self, client, meeting, meetings):
        workshop = meetings.workshop(meeting)
        client.log_in(meetings.facilitator(workshop=workshop))
        assert client.get("/styring/2024/borgermoede/gaester").status_code == 403
        assert client.get("/styring/2024/trivsel/gaester").status_code == 404

    def test_nonsense_is_refused(self, client, meeting, build, session):
        client.log_in(build.user(roles=["staff"]))
        path = "/styring/2024/borgermoede/gaester"
        assert client.send(path, {"guests": "everybody"}, token_from=path).status_code == 422
        assert queries.meeting_of(session, 2024).guests == "moderated"

    def test_press_on_the_control_view_sets_it_and_moves_those_of_the_workshops_too(self, client, meeting, meetings):
        workshop = meetings.workshop(meeting)
        client.log_in(meetings.facilitator(meeting=meeting))
        control = meetings.stage_of(meeting).control_path
        versions = meetings.control_versions(meeting, workshop)
        answer = client.send(f"{control}/gaester", {"guests": "on"}, token_from=control, headers=FETCH).get_json()
        part = next(row["html"] for row in answer["changes"] if row["target"].startswith("more-"))
        assert re.search(r'value="on" id="guests-on" aria-pressed="true"', part)
        assert meetings.control_versions(meeting, workshop) == [version + 1 for version in versions]
        plain = client.send(f"{control}/gaester", {"guests": "off"}, token_from=control)
        assert (plain.status_code, plain.headers["Location"]) == (303, control)
        assert re.search(r'id="guests-off" aria-pressed="true"', text_of(client.get(control)))
        wrong = client.send(f"{control}/gaester", {"guests": "alle"}, token_from=control, headers=FETCH)
        assert (wrong.status_code, wrong.get_json()["message"]) == (409, "Vælg en fra listen")

    def test_control_view_of_a_workshop_only_says_it_and_leads_to_notes_and_poster(self, client, meeting, meetings):
        workshop = meetings.workshop(meeting)
        client.log_in(meetings.facilitator(workshop=workshop))
        control = meetings.stage_of(workshop).control_path
        page = text_of(client.get(control))
        assert "Gennemses først" in page
        assert 'id="guests-on"' not in page
        for way in ("/styring/2024/trivsel/bordnoter", f"{meeting.join_path}/plakat", "/arbejde/moderation"):
            assert f'href="{way}"' in page
