"""When the meeting is over the record stands still, and what belongs to a meeting that goes on is refused in words."""

import re

import pytest

from forsamlingshus.kernel import clock
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Closed
from forsamlingshus.polls import actions as poll_actions
from forsamlingshus.polls import queries as polls
from forsamlingshus.polls.models import PollKind
from forsamlingshus.slides import actions as slides
from forsamlingshus.stages import actions, queries
from forsamlingshus.stages.models import Mode

OVER = "Mødet er slut. Åbn det igen først"


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.get_data(as_text=True)))


@pytest.fixture
def over(hall):
    """A meeting that showed two slides, was asked something, and is over."""
    hall.post = hall.ask()
    hall.deck = hall.show(hall.ready("En", "To", "Tre"), 2)
    hall.steer(actions.close_stage)
    return hall


def presses(hall):
    path, deck = hall.stage.control_path, hall.deck.control_path
    return [
        (f"{deck}/start", {}),
        (f"{deck}/vis", {"no": 3}),
        (f"{path}/vis", {"no": 3}),
        (f"{path}/oplaeg", {"deck": hall.deck.id}),
        (f"{path}/pause", {"minutes": 10}),
        (f"{path}/spoergsmaal/{hall.post.id}", {"show": "on"}),
        (f"{path}/proeve", {"on": 1}),
        (f"{path}/afstemninger/ny", {"kind": "single", "question": "Hvad?", "options": "Ja\nNej"}),
    ]


def test_what_belongs_to_a_meeting_that_goes_on_is_refused_with_a_sentence_and_keeps_nothing(over, session):
    host = over.client("host")
    before = over.moments()
    token = host.token(over.stage.control_path)
    for path, values in presses(over):
        answer = host.post(path, data={**values, "csrf_token": token})
        assert (path, answer.status_code) == (path, 410) and OVER in text(answer)
    assert over.moments() == before and before[-1] == ("closed", None)
    assert over.fresh(over.deck).showing == 2
    assert (over.stage.mode, over.whole(over.post).question.on_screen) == ("slide_questions", False)
    assert polls.last_number(session, over.stage.id) == 0


def test_the_same_presses_work_before_the_end_and_once_the_meeting_is_open_again(over):
    over.steer(actions.start_stage)
    host = over.client("host")
    token = host.token(over.stage.control_path)
    answers = [host.post(path, data={**values, "csrf_token": token}) for path, values in presses(over)[:6]]
    assert [answer.status_code for answer in answers] == [303] * 6


def test_the_page_offers_nothing_of_it(over):
    host = over.client("host")

    def offered():
        page = host.get(over.stage.control_path).get_data(as_text=True)
        parts = ("/pause", "/proeve", "/afstemninger/ny", 'name="show" value="on"', 'data-step="1"', 'id="deck-')
        return [part for part in parts if part in page]

    assert offered() == []
    over.steer(actions.start_stage)
    assert offered() == ["/pause", "/proeve", "/afstemninger/ny", 'name="show" value="on"', 'data-step="1"']
    over.steer(actions.close_stage)
    with transaction() as session:
        slides.stop_presenting(session, who=over.who(), deck_id=over.deck.id)
    assert offered() == []
    over.steer(actions.start_stage)
    assert offered()[-1] == 'id="deck-'


def test_the_wall_is_still_steered_and_that_is_not_kept(over):
    before = over.moments()
    over.steer(actions.set_mode, mode=Mode.JOIN)
    over.steer(actions.set_message, message="Tak for i aften")
    with transaction() as session:
        slides.stop_presenting(session, who=over.who(), deck_id=over.deck.id)
    assert (over.stage.mode, over.stage.message) == ("join", "Tak for i aften")
    assert over.moments() == before


def test_opening_it_again_is_kept_and_the_record_reaches_to_the_last_end(over, session):
    over.steer(actions.start_stage)
    over.steer(actions.pause, until=clock.now())
    over.steer(actions.close_stage)
    kinds = [moment.kind for moment in queries.moments(session, over.stage.id, limit=99)]
    assert kinds[-4:] == ["closed", "reopened", "mode", "closed"]


def test_a_new_poll_is_refused_by_the_action_itself(over):
    wording = poll_actions.Wording(kind=PollKind.SINGLE, question="Hvad?", options=["Ja", "Nej"])
    with pytest.raises(Closed):
        over.steer(poll_actions.make_poll, wording=wording)
