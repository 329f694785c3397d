"""The roles web, live and jobs as real processes on PostgreSQL and Redis."""

import threading
import time

import requests

from forsamlingshus.slides.models import image_url
from tests.processes.people import until


def test_post_of_one_process_is_seen_by_who_read_the_page_of_the_other(split, follow, account):
    thread = split.seeded["threads"][0]
    listener = follow(split, thread, page=1)
    assert listener.joined.wait(10)
    writers = [account(split, page=0), account(split, page=1)]
    written = [
        writers[number % 2].write(thread["path"], f"Hallen skal åbne før, siger nr. {number}.") for number in range(6)
    ]
    until(lambda: listener.log[-6:] == written, 5)
    assert listener.rereads == 0
    assert listener.log == split.posts(thread)


def test_pages_take_no_sockets_and_sockets_no_pages(split):
    assert requests.get(f"{split.web[0].url}/socket.io/?EIO=4&transport=polling", timeout=5).status_code == 404
    assert requests.get(f"{split.live.url}/log-ind", timeout=5).status_code == 404
    assert requests.get(f"{split.live.url}/healthz", timeout=5).text == "ok\n"


def test_log_out_closes_the_sockets_that_another_process_holds(split, follow, account):
    thread = split.seeded["threads"][1]
    person, other = account(split), account(split)
    own, foreign = follow(split, thread, writer=person), follow(split, thread, writer=other)
    assert own.joined.wait(10) and foreign.joined.wait(10)
    assert person.send("/log-ud", {}).status_code == 303
    until(lambda: own.closed_by_server == 1, 5)
    assert foreign.closed_by_server == 0


def test_redis_killed_and_started_again_fails_no_post_and_leaves_no_gap(split, follow, account):
    thread = split.seeded["threads"][2]
    listeners = [follow(split, thread, page=number % 2) for number in range(4)]
    assert all(listener.joined.wait(10) for listener in listeners)
    writers = [account(split, page=number % 2) for number in range(4)]
    failed, ended = [], threading.Event()

    def write(writer, name):
        for number in range(10):
            try:
                writer.write(thread["path"], f"Nr. {number} fra {name}.")
            except AssertionError as error:
                failed.append(error)
            time.sleep(0.25)
        ended.set()

    threads = [threading.Thread(target=write, args=pair) for pair in zip(writers, "abcd", strict=True)]
    for one in threads:
        one.start()
    time.sleep(0.6)
    split.redis.kill()
    time.sleep(1.2)
    seen_without = [len(listener.log) for listener in listeners]
    assert not ended.is_set()
    split.redis.start()
    for one in threads:
        one.join()
    assert failed == []
    stored = split.posts(thread)
    assert len(stored) == 41
    for listener in listeners:
        until(lambda listener=listener: len(listener.log) == 41, 10)
        assert listener.log == stored
    # Not even the outage itself holds posts back: who waits for a nudge looks by himself.
    assert min(seen_without) > 1


def test_limits_count_in_all_processes_together(split, account):
    thread = split.seeded["threads"][3]
    person = account(split)
    answers = [
        person.send(thread["path"], {"body": f"Nr. {number} i dag."}, url=split.web[number % 2].url).status_code
        for number in range(14)
    ]
    assert answers.count(303) == 12
    assert answers[-1] != 303


def test_deck_is_drawn_by_the_process_for_jobs_alone_and_shown_by_all_others(split):
    deck_id = split.upload(3, role="web")
    until(lambda: split.deck(deck_id) == ("ready", 3, 3), 30)
    key = split.rows("SELECT image_key FROM slide WHERE deck_id = :id AND no = 1", id=deck_id)[0][0]
    pictures = [requests.get(web.url + image_url(key), timeout=10) for web in split.web]
    assert [(picture.status_code, picture.headers["Content-Type"]) for picture in pictures] == [(200, "image/webp")] * 2


def test_logs_tell_of_no_fault(split):
    assert split.faults() == []
