"""The embedded default under a full hall: one order for all, nothing lost, nothing twice."""

import random
import threading
import time

import requests

from tests.processes.people import Writer, all_at_once, until

REASON = {"reason_code": "off_topic", "reason": "Det handler om noget andet."}


def log_in(town, numbers):
    return [Writer(town.web[0].url, town.seeded["emails"][number], town.seeded["password"]) for number in numbers]


def test_many_post_at_once_in_one_order_that_all_see(whole, follow, full):
    thread = whole.seeded["threads"][0]
    people = log_in(whole, range(full(60, 200)))
    listeners = [follow(whole, thread) for _ in range(full(10, 40))]
    assert all(listener.joined.wait(20) for listener in listeners)
    written = all_at_once(lambda person: person.write(thread["path"], "Det synes jeg også."), people)
    stored = whole.posts(thread)
    assert sorted(stored[1:]) == sorted(written)
    assert len(set(written)) == len(people)
    for listener in listeners:
        until(lambda listener=listener: len(listener.log) == len(stored))
        assert listener.log == stored


def test_many_presses_of_one_person_at_once_are_one(whole, full):
    thread = whole.seeded["threads"][1]
    (person,) = log_in(whole, [0])
    post = log_in(whole, [1])[0].write(thread["path"], "Hallen skal åbne før.")
    token, headers = person.token(), {"Cookie": person.cookie}

    def press(_number):
        return requests.post(
            f"{whole.web[0].url}/i/{post}/vigtigt",
            data={"wanted": "1", "csrf_token": token},
            headers=headers,
            timeout=30,
            allow_redirects=False,
        ).status_code

    assert set(all_at_once(press, range(full(80, 200)))) == {303}
    assert whole.rows("SELECT support_count FROM post WHERE id = :id", id=post) == [(1,)]
    assert whole.rows("SELECT count(*) FROM reaction WHERE post_id = :id", id=post) == [(1,)]


def test_two_moderators_decide_at_once_and_one_is_told(whole):
    """Each of some posts is hidden by two at the same moment: one decision stands, the other is a conflict."""
    thread = whole.seeded["threads"][2]
    (author,) = log_in(whole, [2])
    moderators = [Writer(whole.web[0].url, whole.seeded["staff"], whole.seeded["password"]) for _ in range(2)]
    for _ in range(5):
        post = author.write(thread["path"], "Det hører ikke til her.")
        answers = all_at_once(lambda one, post=post: one.send(f"/i/{post}/skjul", REASON).status_code, moderators)
        assert sorted(answers) == [303, 409]


def test_torn_connections_lose_nothing_and_double_nothing(whole, follow, full):
    thread = whole.seeded["threads"][3]
    people = log_in(whole, range(10, 10 + full(12, 125)))
    listeners = [follow(whole, thread) for _ in range(full(8, 25))]
    assert all(listener.joined.wait(20) for listener in listeners)
    dice, ended = random.Random(20), threading.Event()
    cuts = full(60, 500)
    others = [log_in(whole, [5])[0].write(thread["path"], f"Forslag nr. {number}.") for number in range(10)]

    def talk(person):
        for number in range(8):
            person.write(thread["path"], f"Nr. {number} fra mig.")
            for _ in range(full(2, 4)):
                person.support(dice.choice(others), dice.choice((0, 1)))
                time.sleep(0.02)

    def cut():
        for _ in range(cuts):
            dice.choice(listeners).cut()
            time.sleep(0.05)
        ended.set()

    cutting = threading.Thread(target=cut)
    cutting.start()
    all_at_once(talk, people)
    cutting.join()
    assert ended.is_set()
    stored = whole.posts(thread)
    assert len(stored) == 11 + 8 * len(people)
    newest = whole.rows("SELECT version FROM topic WHERE name = :name", name=thread["topic"])[0][0]
    numbers = {f"support-{post}": str(count) for post, count in whole.rows("SELECT id, support_count FROM post")}
    for listener in listeners:
        until(lambda listener=listener: listener.version == newest, 20)
        assert listener.log == stored
        assert {name: numbers[name] for name in listener.numbers} == listener.numbers
    assert sum(listener.connects for listener in listeners) > len(listeners) + cuts / 4


def test_logs_tell_of_no_fault(whole):
    assert whole.faults() == []
