"""Live push against bare Flask-SocketIO, and a storm of presses: `.venv/bin/python bench/live.py [--quick]`.

P6 from the post to the last of 250 followers, P7 memory of a follower, and pages while 90 people a second press
'important to me'.
"""

import argparse
import asyncio
import json
import re
import sqlite3
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from clients import Visitor, Writers
from figures import calibrate, middle, quantile, report, summary
from followers import Crowd
from servers import BARE, BENCH, OURS, Server, instance, run
from storm import Presses, Target, press, read

FOLLOWERS = 250
PRESSES = 90.0
"""A second."""
QUIET = 0.35
"""Seconds between two posts: longer than a topic must be silent for its next change to leave at once."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: rounds of deliveries, posts in each, rounds of storms, seconds of calm and of storm."""

    rounds: int
    posts: int
    storms: int
    calm: float
    storm: float
    people: int


FULL = Scale(rounds=5, posts=20, storms=5, calm=10, storm=30, people=60)
QUICK = Scale(rounds=3, posts=5, storms=2, calm=4, storm=6, people=30)


async def delivery(crowd: Crowd, words: str, send: Callable[[], object]) -> list[float]:
    """Milliseconds from before `send` until each follower has the message that holds `words`."""
    crowd.expect(words.encode())
    start = time.monotonic()
    sent = asyncio.get_running_loop().run_in_executor(None, send)
    heard = await crowd.arrivals()
    await sent
    if len(heard) != crowd.size:
        sys.exit(f"{crowd.size - len(heard)} of {crowd.size} followers heard nothing of {words}")
    return [(at - start) * 1000 for at in heard]


async def p6(ours: Crowd, bare: Crowd, servers: tuple[Server, Server], seeded: dict[str, Any], scale: Scale) -> None:
    """One post to the last of the followers, ours and bare in turn; the bare message is ours, byte by byte."""
    path = seeded["quiet"]["path"]
    writers = Writers(servers[0].port, seeded["emails"], seeded["password"], scale.rounds * scale.posts + 1)
    limit = Visitor(servers[1].port)

    async def post() -> list[float]:
        words, person = mark(), writers.next()
        fields = {"body": f"Vi bør åbne hallen tidligere, {words}.", "client_id": str(uuid.uuid4())}
        return await delivery(ours, words, lambda: person.post(path, fields, by_script=True))

    async def say() -> list[float]:
        words = mark()
        return await delivery(bare, words, lambda: limit.send("/say", remade(ours.newest, words)))

    await post()
    await say()
    print(f"   a message of {len(ours.newest)} bytes to {FOLLOWERS} followers; bare {len(bare.newest)} bytes")
    middles, worst = [], []
    for _ in range(scale.rounds):
        calibrate()
        pairs = []
        for _ in range(scale.posts):
            pairs.append((max(await after_quiet(post)), max(await after_quiet(say))))
        mine, limits = ([pair[side] for pair in pairs] for side in (0, 1))
        middles.append((quantile(mine, 0.5), quantile(limits, 0.5)))
        worst.append((quantile(mine, 0.99), quantile(limits, 0.99)))
    for name, found, goal in (("p50", middles, ""), ("p99", worst, "<= 1.3")):
        detail = f"{middle([a for a, _ in found]):.0f} against {middle([b for _, b in found]):.0f} ms"
        report(f"P6 post to the last follower, {name}", [a / b for a, b in found], goal=goal, detail=detail)


def remade(frame: bytes, words: str) -> bytes:
    """The message of a frame of ours, with other words to wait for."""
    return re.sub(rb"maerke[a-p]{32}", words.encode(), frame[len(b'42["changes",') : -1])


async def after_quiet(act: Callable[[], Awaitable[list[float]]]) -> list[float]:
    """Act when the topic was silent for long enough."""
    await asyncio.sleep(QUIET)
    return await act()


def mark() -> str:
    """A word that nobody wrote before, in letters: digits in a post could look like something private."""
    return "maerke" + "".join(chr(97 + int(digit, 16)) for digit in uuid.uuid4().hex)


async def pressing(ours: Crowd, server: Server, folder: Path, seeded: dict[str, Any], scale: Scale) -> None:
    """Pages in calm and in storm, in turn; at the end each follower's numbers are those of the database."""
    people = [Visitor(server.port).log_in(email, seeded["password"]) for email in seeded["emails"][-scale.people :]]
    thread = seeded["thread"]
    database = sqlite3.connect(folder / "forsamlingshus.db")
    posts = database.execute(
        "SELECT id FROM post WHERE thread_id = ? ORDER BY root_position, position LIMIT 50", (thread["id"],)
    )
    target = Target(
        port=server.port,
        path=thread["path"],
        posts=tuple(row[0] for row in posts),
        people=tuple((person.cookie, person.token) for person in people),
    )
    ours.keeps = True
    loop, calm, wild, storms, shares, pressed = asyncio.get_running_loop(), [], [], [], [], 0
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as apart:
        for _ in range(scale.storms):
            calibrate()
            calm.append(await loop.run_in_executor(apart, read, target, scale.calm))
            before, start = server.cpu(), time.monotonic()
            storm = loop.run_in_executor(apart, press, target, PRESSES, scale.storm, pressed)
            wild.append(await loop.run_in_executor(apart, read, target, scale.storm))
            storms.append(await storm)
            shares.append((server.cpu() - before) / (time.monotonic() - start))
            pressed += len(storms[-1].each)
    _report_storm(calm, wild, storms, shares)
    await _compare_numbers(ours, database, thread["id"])
    database.close()


def _report_storm(calm: list[list[float]], wild: list[list[float]], storms: list[Presses], shares: list[float]) -> None:
    presses = [milliseconds for storm in storms for milliseconds in storm.each]
    rate = middle([len(storm.each) / storm.seconds for storm in storms])
    print(
        f"   {rate:.0f} of {PRESSES:.0f} presses a second, p50 {quantile(presses, 0.5):.0f} ms, "
        f"p95 {quantile(presses, 0.95):.0f} ms; the server used {middle(shares):.2f} of a core"
    )
    for name, part in (("p50", 0.5), ("p95", 0.95)):
        pairs = [(quantile(w, part), quantile(c, part)) for w, c in zip(wild, calm, strict=True)]
        detail = f"{middle([w for w, _ in pairs]):.1f} against {middle([c for _, c in pairs]):.1f} ms"
        report(f"storm: a page against calm, {name}", [w / c for w, c in pairs], goal="<= 2", detail=detail)


async def _compare_numbers(crowd: Crowd, database: sqlite3.Connection, thread_id: int) -> None:
    """Print how many followers end with exactly the database's numbers, by sockets alone."""
    topic = f"thread:{thread_id}"
    newest = database.execute("SELECT version FROM topic WHERE name = ?", (topic,)).fetchone()[0]
    pages = [follower.pages[topic] for follower in crowd.followers]
    end = time.monotonic() + 10
    while time.monotonic() < end and any(page.version < newest for page in pages):
        await asyncio.sleep(0.1)
    rows = database.execute("SELECT id, support_count FROM post WHERE thread_id = ?", (thread_id,)).fetchall()
    counted = {f"support-{post_id}": str(count) for post_id, count in rows}
    right = sum(
        page.version == newest and all(counted[name] == said for name, said in page.numbers.items()) for page in pages
    )
    gaps = sum(page.has_gap for page in pages)
    detail = f"{right} of {crowd.size}; {gaps} would re-read, {crowd.closed} were closed"
    report("storm: followers with the database's numbers", [right / crowd.size], goal=">= 1", detail=detail)


async def measure(ours: Server, bare: Server, folder: Path, seeded: dict[str, Any], scale: Scale) -> None:
    """All parts, one after the other."""
    crowds, memory = [], []
    for server, thread in ((ours, seeded["quiet"]), (bare, seeded["quiet"])):
        Visitor(server.port).get(thread["path"] if server is ours else "/bytes/1000")
        before = server.memory()
        crowds.append(Crowd(server.port, FOLLOWERS, f"thread:{thread['id']}"))
        await crowds[-1].join()
        memory.append((server.memory() - before) / FOLLOWERS * 1024)
    detail = f"{memory[0]:.0f} against {memory[1]:.0f} kB; once a run"
    report("P7 memory of a follower", [memory[0] / memory[1]], goal="<= 1.2", detail=detail)
    await p6(crowds[0], crowds[1], (ours, bare), seeded, scale)
    for crowd in crowds:
        await crowd.leave()
    storming = Crowd(ours.port, FOLLOWERS, f"thread:{seeded['thread']['id']}")
    await storming.join()
    await pressing(storming, ours, folder, seeded, scale)
    await storming.leave()


def main() -> None:
    """Start both servers, measure, print one line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few short rounds, to see that everything works")
    scale = QUICK if parser.parse_args().quick else FULL
    with instance() as folder:
        seeded = json.loads(run(folder, sys.executable, BENCH / "seed.py", str(20 + scale.people)))
        with Server("wsgi:app", OURS, folder) as ours, Server("bare:app", BARE, folder) as bare:
            asyncio.run(measure(ours, bare, folder, seeded, scale))
    summary()


if __name__ == "__main__":
    main()
