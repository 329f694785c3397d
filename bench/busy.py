"""P8, deliveries while pages are served: `.venv/bin/python bench/busy.py [--quick]`.

500 people follow a thread on the embedded default and hear of each post; first nobody reads pages, then they are read
at half of what the server can serve, in turn.
"""

import argparse
import asyncio
import json
import sys
import time
import uuid
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from clients import Visitor, Writers
from figures import calibrate, middle, quantile, report, summary
from followers import Crowd
from live import after_quiet, delivery, mark
from servers import BENCH, OURS, Server, allow_many_sockets, instance, run
from visits import Reading, Visits, as_fast_as_possible, at_rate

OPEN_FILES = 4096
SETTINGS = {"threads": "640", "socket_cap": "560"}


@dataclass(frozen=True, slots=True)
class Scale:
    """Followers, rounds, posts in each half of a round, and seconds in which the capacity is measured."""

    followers: int
    rounds: int
    posts: int
    capacity: float


FULL = Scale(followers=500, rounds=5, posts=20, capacity=5)
QUICK = Scale(followers=100, rounds=3, posts=5, capacity=2)


async def p8(crowd: Crowd, server: Server, seeded: dict[str, Any], scale: Scale) -> None:
    """Deliveries in calm and beside readers, in turn."""
    writers = Writers(server.port, seeded["emails"][1:], seeded["password"], 2 * scale.rounds * scale.posts + 1)
    reader = Visitor(server.port).log_in(seeded["emails"][0], seeded["password"])
    reading = Reading(server.port, seeded["thread"]["path"], ("", reader.cookie))

    async def post() -> list[float]:
        words, person = mark(), writers.next()
        fields = {"body": f"Vi bør åbne hallen tidligere, {words}.", "client_id": str(uuid.uuid4())}
        return await delivery(crowd, words, lambda: person.post(seeded["quiet"]["path"], fields, by_script=True))

    async def posts() -> list[list[float]]:
        return [await after_quiet(post) for _ in range(scale.posts)]

    await post()
    rounds, loop = [], asyncio.get_running_loop()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        for _ in range(scale.rounds):
            calibrate()
            most = await loop.run_in_executor(apart, as_fast_as_possible, reading, scale.capacity)
            calm = await posts()
            seconds = scale.posts * 0.7
            pages = loop.run_in_executor(apart, at_rate, reading, seconds, most.rate / 2)
            cpu, began = server.cpu(), time.monotonic()
            await asyncio.sleep(0.5)
            busy = await posts()
            share = (server.cpu() - cpu) / (time.monotonic() - began)
            if pages.done():
                sys.exit("the readers had gone before the last post: measure with more seconds")
            rounds.append((calm, busy, most, await pages, share))
    _tell(rounds, crowd)


def _tell(rounds: list[tuple[list[list[float]], list[list[float]], Visits, Visits, float]], crowd: Crowd) -> None:
    most, served = middle([r[2].rate for r in rounds]), middle([r[3].rate for r in rounds])
    pages = [milliseconds for r in rounds for milliseconds in r[3].each]
    print(
        f"   {served:.0f} of at most {most:.0f} pages a second, every other one logged in; a page p50 "
        f"{quantile(pages, 0.5):.1f}, p99 {quantile(pages, 0.99):.1f} ms; the server used "
        f"{middle([r[4] for r in rounds]):.2f} of a core; {crowd.closed} followers were closed"
    )
    for label, part, goal in (("p50", 0.5, ""), ("p99", 0.99, "<= 2")):
        pairs = [tuple(quantile([ms for heard in half for ms in heard], part) for half in r[:2]) for r in rounds]
        detail = f"{middle([busy for _, busy in pairs]):.0f} against {middle([calm for calm, _ in pairs]):.0f} ms"
        name = f"P8 delivery to {crowd.size} beside pages against calm, {label}"
        report(name, [busy / calm for calm, busy in pairs], goal=goal, detail=detail)


async def measure(server: Server, seeded: dict[str, Any], scale: Scale) -> None:
    """Let the crowd in, measure, let it out."""
    crowd = Crowd(server.port, scale.followers, f"thread:{seeded['quiet']['id']}")
    await crowd.join()
    await p8(crowd, server, seeded, scale)
    await crowd.leave()


def main() -> None:
    """Start the server, measure, print one line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few short rounds, to see that everything works")
    scale = QUICK if parser.parse_args().quick else FULL
    allow_many_sockets(OPEN_FILES)
    with instance() as folder:
        _serve(folder, scale)
    summary()


def _serve(folder: Path, scale: Scale) -> None:
    """Make the people and the threads, and serve them."""
    seeded = json.loads(run(folder, sys.executable, BENCH / "seed.py", "60"))
    with Server("wsgi:app", OURS, folder, **SETTINGS) as server:
        asyncio.run(measure(server, seeded, scale))


if __name__ == "__main__":
    main()
