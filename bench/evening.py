"""A whole meeting evening on the embedded default: `.venv/bin/python bench/evening.py [--quick]`.

The demo's plenary with 250 people on sockets and 50 who read again: questions, bursts of questions, presses of 'I want
to know this too', slides, and a hall that logs in. At the end each page must hold what the database holds, once and in
its order.
"""

import argparse
import asyncio
import json
import sqlite3
import sys
import threading
import time
import uuid
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from clients import Visitor
from figures import calibrate, quantile, report, summary
from followers import Crowd
from servers import BENCH, BIN, OURS, Server, instance, run
from storm import READ_EVERY, Target, press, read

FOLLOWERS, READERS = 250, 50
REREADS = 8.0
"""Seconds between two re-reads of a page whose socket is away, as its script asks."""
SLIDE_EVERY = 10.0
PER_MINUTE = 12
"""Posts that one account may write."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Seconds of the evening, of the presses and of the log-ins, and how many there are of what."""

    evening: float
    presses: float
    log_ins: int
    log_in_seconds: float
    people: int


FULL = Scale(evening=300, presses=60, log_ins=300, log_in_seconds=60, people=340)
QUICK = Scale(evening=30, presses=10, log_ins=40, log_in_seconds=8, people=60)


@dataclass(slots=True)
class Written:
    """What a load process did: milliseconds of each request, and the ids that were acknowledged."""

    each: list[float] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)


def moments(seconds: float) -> list[float]:
    """When questions are asked: two a second, and each 30 seconds twenty within one second."""
    steady = [number / 2 for number in range(int(seconds * 2))]
    bursts = [at + number / 20 for at in range(15, int(seconds), 30) for number in range(20)]
    return sorted(steady + bursts)


def ask(port: int, path: str, people: list[tuple[str, str]], due: list[float]) -> Written:
    """Ask a question at each moment, each from the next account; twenty may be under way at once."""
    written, start, hands = Written(), time.monotonic() + 1, 20

    def one(hand: int) -> None:
        visitor = Visitor(port)
        for number in range(hand, len(due), hands):
            time.sleep(max(0.0, start + due[number] - time.monotonic()))
            visitor.cookie, visitor.token = people[number % len(people)]
            fields = {"body": f"Hvorfor {_letters(number)} ikke længere?", "client_id": str(uuid.uuid4())}
            begun = time.perf_counter()
            answer = json.loads(visitor.post(path, fields, by_script=True))
            written.each.append((time.perf_counter() - begun) * 1000)
            written.ids.append(answer["id"])

    _all([threading.Thread(target=one, args=(hand,)) for hand in range(hands)])
    return written


def show_slides(port: int, control: str, deck: int, person: tuple[str, str], seconds: float) -> Written:
    """Show another slide each ten seconds."""
    leader, written = Visitor(port, *person), Written()
    start, number = time.monotonic(), 0
    while time.monotonic() < start + seconds:
        begun = time.perf_counter()
        leader.post(f"{control}/vis", {"no": str(number % 8 + 1), "deck": str(deck)}, by_script=True)
        written.each.append((time.perf_counter() - begun) * 1000)
        number += 1
        time.sleep(max(0.0, start + number * SLIDE_EVERY - time.monotonic()))
    return written


def read_again(port: int, path: str, version: int, seconds: float) -> list[tuple[int, list[str]]]:
    """Fifty pages without a socket: each asks what came since; at the end the version and the posts of each."""
    pages: list[tuple[int, list[str]]] = [(version, []) for _ in range(READERS)]
    start = time.monotonic()

    def one(number: int) -> None:
        visitor, (known, added) = Visitor(port), pages[number]
        due = start + REREADS * number / READERS
        last = False
        while not last:
            last = due > start + seconds
            time.sleep(max(0.0, due - time.monotonic()))
            found = json.loads(visitor.get(f"{path}?del=questions&efter={known}"))
            if found.get("reload"):
                sys.exit("a page without a socket was told to load anew")
            new = [change["target"] for change in found["changes"] if change["target"] not in added]
            added.extend(new)
            known = found["version"]
            due += REREADS
        pages[number] = (known, added)

    _all([threading.Thread(target=one, args=(number,)) for number in range(READERS)])
    return pages


def log_in(port: int, emails: list[str], password: str, seconds: float) -> Written:
    """Everybody logs in once through the form, spread evenly over the seconds; twenty at once at most."""
    written, start, hands = Written(), time.monotonic(), 20

    def one(hand: int) -> None:
        for number in range(hand, len(emails), hands):
            time.sleep(max(0.0, start + seconds * number / len(emails) - time.monotonic()))
            begun = time.perf_counter()
            Visitor(port).log_in(emails[number], password)
            written.each.append((time.perf_counter() - begun) * 1000)

    _all([threading.Thread(target=one, args=(hand,)) for hand in range(hands)])
    return written


def _all(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _letters(number: int) -> str:
    """A number in letters: digits in a post could look like something private."""
    return "".join(chr(97 + int(digit)) for digit in f"{number:04d}")


class Evening:
    """The server, the demo's plenary and the people."""

    def __init__(self, server: Server, folder: Path, hall: dict[str, Any], scale: Scale) -> None:
        self.port, self.server, self.hall, self.scale = server.port, server, hall, scale
        self.path, self.control = hall["stage"]["path"], hall["stage"]["control"]
        self.topics = f"thread:{hall['stage']['thread']}", f"stage:{hall['stage']['id']}"
        self.database = sqlite3.connect(folder / "forsamlingshus.db")
        seated = scale.people - scale.log_ins
        people = [Visitor(self.port).log_in(email, hall["password"]) for email in hall["emails"][:seated]]
        self.people = [(person.cookie, person.token) for person in people]
        self._begin(people[0])

    def _begin(self, leader: Visitor) -> None:
        deck = self.hall["decks"][0]
        until = time.monotonic() + 120
        while not self._rows("SELECT 1 FROM deck WHERE id = ? AND state = 'ready'", deck):
            if time.monotonic() > until:
                sys.exit("the demo's slides were not drawn within two minutes")
            time.sleep(0.5)
        leader.post(f"{self.control}/oplaeg", {"deck": str(deck)}, by_script=True)

    def _rows(self, query: str, *values: object) -> list[Any]:
        return self.database.execute(query, values).fetchall()

    def version(self, topic: str) -> int:
        """The newest version of a topic."""
        found = self._rows("SELECT version FROM topic WHERE name = ?", topic)
        return int(found[0][0]) if found else 0

    async def run(self) -> None:
        """The evening, then the log-ins, then what everybody has."""
        scale, thread = self.scale, self.hall["stage"]["thread"]
        crowd = Crowd(self.port, FOLLOWERS, *self.topics)
        crowd.keeps = True
        first = self._rows("SELECT coalesce(max(position), 0) FROM post WHERE thread_id = ?", thread)[0][0]
        version = self.version(self.topics[0])
        await crowd.join()
        due = moments(scale.evening)
        askers = self.people[1 : 1 + max(20, len(due) * 60 // int(scale.evening) // PER_MINUTE * 2)]
        cpu, start = self.server.cpu(), time.monotonic()
        with ProcessPoolExecutor(6, mp_context=get_context("spawn")) as apart:
            slides = apart.submit(
                show_slides, self.port, self.control, self.hall["decks"][0], self.people[0], scale.evening
            )
            asked = apart.submit(ask, self.port, self.path, askers, due)
            reread = apart.submit(read_again, self.port, self.path, version, scale.evening + 5)
            pages = apart.submit(read, self._target(), scale.evening)
            await asyncio.sleep(scale.evening / 3)
            pressed = apart.submit(press, self._target(), 50.0, scale.presses, 0)
            await self._wait(slides, asked, reread, pages, pressed)
            share = (self.server.cpu() - cpu) / (time.monotonic() - start)
            _say("question sent until acknowledged", asked.result().each)
            _say("press", pressed.result().each)
            _say("slide shown", slides.result().each)
            _say(f"page, one each {READ_EVERY} s", pages.result())
            print(f"   the server used {share:.2f} of a core")
            await self._compare(crowd, first, asked.result(), reread.result())
            await self._hall_logs_in(apart)
        await crowd.leave()

    def _target(self) -> Target:
        open_ones = (
            "SELECT id FROM post JOIN question ON post_id = id WHERE state = 'visible' AND fate = 'open' LIMIT 6"
        )
        posts = [row[0] for row in self._rows(open_ones)]
        return Target(port=self.port, path=self.path, posts=tuple(posts), people=tuple(self.people[1:]))

    async def _wait(self, *futures: "Future[Any]") -> None:
        await asyncio.gather(*(asyncio.wrap_future(future) for future in futures))

    async def _compare(self, crowd: Crowd, first: int, asked: Written, reread: list[tuple[int, list[str]]]) -> None:
        thread, newest = self.hall["stage"]["thread"], self.version(self.topics[0])
        pages = [follower.pages[self.topics[0]] for follower in crowd.followers]
        stages = [follower.pages[self.topics[1]] for follower in crowd.followers]
        until = time.monotonic() + 10
        while time.monotonic() < until and any(page.version < newest for page in pages):
            await asyncio.sleep(0.1)
        query = "SELECT id, position FROM post WHERE thread_id = ? AND position > ? ORDER BY position"
        stored = [row[0] for row in self._rows(query, thread, first)]
        order = [f"i-{post_id}" for post_id in stored]
        counts = {f"support-{row[0]}": str(row[1]) for row in self._rows("SELECT id, support_count FROM post")}
        lost = len(set(asked.ids) - set(stored))
        print(f"   {len(asked.ids)} questions acknowledged, {len(stored)} stored, {lost} lost")
        same = sum(page.added == order for page in pages)
        right = sum(all(counts[name] == said for name, said in page.numbers.items()) for page in pages)
        report("followers with all questions once, in order", [same / FOLLOWERS], goal=">= 1", detail=_of(pages))
        report("followers with the database's numbers", [right / FOLLOWERS], goal=">= 1")
        newest_stage = self.version(self.topics[1])
        there = sum(stage.version == newest_stage for stage in stages)
        report("followers at the newest slide", [there / FOLLOWERS], goal=">= 1", detail=_of(stages))
        # What a re-read brings may also be an older question that got presses.
        again = sum(
            version == newest and [name for name in added if name in order] == order for version, added in reread
        )
        report("pages without a socket with all, in order", [again / READERS], goal=">= 1")

    async def _hall_logs_in(self, apart: ProcessPoolExecutor) -> None:
        scale = self.scale
        emails = self.hall["emails"][-scale.log_ins :]
        calibrate()
        calm = apart.submit(show_slides, self.port, self.control, self.hall["decks"][0], self.people[0], SLIDE_EVERY)
        await self._wait(calm)
        seconds = scale.log_in_seconds
        slides = apart.submit(show_slides, self.port, self.control, self.hall["decks"][0], self.people[0], seconds)
        pages = apart.submit(read, self._target(), seconds)
        logged = apart.submit(log_in, self.port, emails, self.hall["password"], seconds)
        await self._wait(slides, pages, logged)
        print(f"   {len(logged.result().each)} of {scale.log_ins} logged in within {seconds:.0f} s")
        _say("log-in, three requests", logged.result().each)
        _say("slide shown meanwhile", slides.result().each)
        _say(f"page meanwhile, one each {READ_EVERY} s", pages.result())


def _of(pages: list[Any]) -> str:
    return f"{sum(page.has_gap for page in pages)} of {len(pages)} would re-read"


def _say(name: str, each: list[float]) -> None:
    print(
        f"   {name}: {len(each)} times, p50 {quantile(each, 0.5):.0f}, p95 {quantile(each, 0.95):.0f}, "
        f"p99 {quantile(each, 0.99):.0f}, longest {max(each):.0f} ms",
        flush=True,
    )


def main() -> None:
    """Load the demo, serve it as it is deployed, run the evening."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a short evening, to see that everything works")
    scale = QUICK if parser.parse_args().quick else FULL
    with instance() as folder:
        run(folder, BIN / "flask", "--app", "wsgi", "demo", "load")
        hall = json.loads(run(folder, sys.executable, BENCH / "seed.py", "--hall", str(scale.people)))
        with Server("wsgi:app", OURS, folder) as server:
            calibrate()
            asyncio.run(Evening(server, folder, hall, scale).run())
    summary()


if __name__ == "__main__":
    main()
