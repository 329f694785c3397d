"""The embedded default is killed under load, as by a power cut: what was acknowledged is there, once and whole."""

import random
import sqlite3
import sys
import threading
import time
from collections import Counter

from tests.processes.people import Listener, Writer, until
from tests.processes.town import Town

WRITERS = 10


def test_server_killed_again_and_again_keeps_what_it_acknowledged(tmp_path, full, capsys):
    kills = full(5, 20)
    town = Town(tmp_path, accounts=4 * WRITERS if kills > 5 else 2 * WRITERS)
    server = town.serve("all")
    town.web, town.live = [server], server
    listeners, ended = [], threading.Event()
    try:
        server.answers()
        thread = town.thread
        listeners = [Listener(server.url, server.url, thread, posts=town.posts(thread), version=1) for _ in range(5)]
        people = [Writer(server.url, email, town.seeded["password"]) for email in town.seeded["emails"]]
        deck_id, acknowledged, failed = town.upload(40), [], []

        def write(number):
            turn = 0
            while not ended.is_set():
                person = people[(number + WRITERS * turn) % len(people)]  # each account may write so many a minute
                turn += 1
                words = f"Nr. {turn} fra {number}, og hallen skal åbne før."
                try:
                    acknowledged.append((person.write_until_stored(thread["path"], words)[0], words))
                except Exception as error:  # told by the test itself, not by its thread
                    if "(429" not in str(error):
                        failed.append(error)
                        return
                time.sleep(0.3)

        writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
        for writer in writers:
            writer.start()
        dice, back = random.Random(7), []
        for _ in range(kills):
            time.sleep(dice.uniform(0.5, 2.0))
            server.kill()
            _nothing_is_half(town, deck_id)
            server.start()
            back.append(server.answers())
        ended.set()
        for writer in writers:
            writer.join()
        assert failed == []
        _everything_is_there_once(town, thread, acknowledged)
        until(lambda: town.deck(deck_id) == ("ready", 40, 40), 60)
        stored = town.posts(thread)
        for listener in listeners:
            until(lambda listener=listener: len(listener.log) == len(stored), 30)
            assert listener.log == stored
        with capsys.disabled():
            sys.stdout.write(f" {len(acknowledged)} acknowledged, {kills} kills, back after at most {max(back):.1f} s ")
        # Five seconds is the aim on a quiet machine; what the suite holds is that nobody has to help.
        assert max(back) < 30
    finally:
        ended.set()
        for listener in listeners:
            listener.leave()
        town.close()


def _everything_is_there_once(town, thread, acknowledged):
    rows = town.rows("SELECT id, source FROM post WHERE thread_id = :id", id=thread["id"])
    sources = dict(rows)
    assert [pair for pair in acknowledged if sources.get(pair[0]) != pair[1]] == []
    counted = Counter(rows[number][1] for number in range(len(rows)))
    assert {words for words, count in counted.items() if count > 1} == set()
    assert len(acknowledged) > WRITERS


def _nothing_is_half(town, deck_id):
    with sqlite3.connect(town.folder / "data" / "forsamlingshus.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    state, pages, drawn = town.deck(deck_id)
    assert state != "ready" or pages == drawn == 40
