"""The roles web and live on PostgreSQL and Redis: `.venv/bin/python bench/roles.py [--quick]`.

1,000 followers on one live process with gevent, posts to two web processes in turn, beside bare Flask-SocketIO with
gevent: once by itself, and once as ours is split, with Redis between. At the end Redis is killed and started again
while people write. PostgreSQL and Redis are started by the script, and write to the disk before they acknowledge.
"""

import argparse
import asyncio
import json
import sys
import threading
import time
import uuid
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from clients import Visitor, Writers
from figures import calibrate, middle, quantile, report, summary
from followers import Crowd
from live import after_quiet, delivery, mark, remade
from servers import BARE, BENCH, OURS, ROOT, Server, allow_many_sockets, instance, run

sys.path.append(str(ROOT))

from tests.services import Postgres, Redis

CAP = "1100"
OPEN_FILES = 8192
"""Each server holds a crowd's sockets, and this process those of all three crowds."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Followers, rounds of deliveries and posts in each; seconds of writing, and when Redis goes and comes back."""

    followers: int
    rounds: int
    posts: int
    writing: float
    goes: float
    comes: float


FULL = Scale(followers=1000, rounds=5, posts=20, writing=40, goes=10, comes=20)
QUICK = Scale(followers=200, rounds=3, posts=5, writing=12, goes=3, comes=7)


@dataclass(slots=True)
class Town:
    """Our processes, what is in the database, and how to ask it."""

    web: list[Server]
    live: Server
    seeded: dict[str, Any]
    database: str
    redis: Redis

    def rows(self, query: str, *values: object) -> list[Any]:
        """What the database says now."""
        with psycopg.connect(self.database) as connection:
            return connection.execute(query, values).fetchall()


@dataclass(slots=True)
class Written:
    """What was acknowledged, in milliseconds and ids, and what was refused."""

    each: list[float] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


async def p6(town: Town, crowds: dict[str, Crowd], says: dict[str, Server], scale: Scale) -> None:
    """One post to the last of the followers: ours, bare, and bare with Redis between, in turn."""
    path, seeded = town.seeded["quiet"]["path"], town.seeded
    writers = [
        Writers(web.port, emails, seeded["password"], scale.rounds * scale.posts)
        for web, emails in zip(town.web, (seeded["emails"][:20], seeded["emails"][20:40]), strict=True)
    ]
    limits, turn, acknowledged = {name: Visitor(server.port) for name, server in says.items()}, 0, []
    ours = crowds["ours"]

    async def post() -> list[float]:
        nonlocal turn
        turn += 1
        words, person = mark(), writers[turn % 2].next()
        fields = {"body": f"Vi bør åbne hallen tidligere, {words}.", "client_id": str(uuid.uuid4())}

        def send() -> None:
            begun = time.perf_counter()
            person.post(path, fields, by_script=True)
            acknowledged.append((time.perf_counter() - begun) * 1000)

        return await delivery(ours, words, send)

    async def say(name: str) -> list[float]:
        words = mark()
        return await delivery(crowds[name], words, lambda: limits[name].send("/say", remade(ours.newest, words)))

    await post()
    found: dict[str, list[list[float]]] = {name: [] for name in crowds}
    for number in range(scale.rounds + 1):
        calibrate()
        worst: dict[str, list[float]] = {name: [] for name in crowds}
        client, began = time.process_time(), time.monotonic()
        for _ in range(scale.posts):
            worst["ours"].append(max(await after_quiet(post)))
            for name in limits:
                worst[name].append(max(await after_quiet(lambda name=name: say(name))))
        if number:  # the first round warms up
            for name, each in worst.items():
                found[name].append(each)
    share = (time.process_time() - client) / (time.monotonic() - began)
    print(
        f"   a message of {len(ours.newest)} bytes to {ours.size} followers; the client used {share:.2f} of a core; "
        f"a post is acknowledged after p50 {quantile(acknowledged, 0.5):.0f}, p99 {quantile(acknowledged, 0.99):.0f} ms"
    )
    for name in limits:
        for label, part, goal in (("p50", 0.5, ""), ("p99", 0.99, "<= 1.3")):
            pairs = [(quantile(a, part), quantile(b, part)) for a, b in zip(found["ours"], found[name], strict=True)]
            detail = f"{middle([a for a, _ in pairs]):.0f} against {middle([b for _, b in pairs]):.0f} ms"
            report(
                f"P6 last of {ours.size}, against {name}, {label}", [a / b for a, b in pairs], goal=goal, detail=detail
            )


def write(town: Town, path: str, hand: int, seconds: float, written: Written) -> None:
    """Write every second for some seconds, to the web processes in turn; nothing is sent again."""
    seeded, start = town.seeded, time.monotonic()
    emails = seeded["emails"][40 + hand * 4 : 44 + hand * 4]
    people = [Visitor(town.web[hand % 2].port).log_in(email, seeded["password"]) for email in emails]
    others = [Visitor(town.web[1 - hand % 2].port, person.cookie, person.token) for person in people]
    number = 0
    while time.monotonic() < start + seconds:
        person = (people, others)[number % 2][number // 2 % len(people)]
        fields = {"body": f"Vi bør åbne hallen tidligere, {mark()}.", "client_id": str(uuid.uuid4())}
        begun = time.perf_counter()
        try:
            written.ids.append(json.loads(person.post(path, fields, by_script=True))["id"])
        except SystemExit as refused:
            written.refused.append(str(refused))
        written.each.append((time.perf_counter() - begun) * 1000)
        number += 1
        time.sleep(max(0.0, start + number - time.monotonic()))


async def without_redis(town: Town, crowd: Crowd, scale: Scale) -> None:
    """People write to both web processes while Redis is killed and comes back; all pages end as the database."""
    thread, written = town.seeded["thread"], Written()
    first = town.rows("SELECT max(position) FROM post WHERE thread_id = %s", thread["id"])[0][0]
    crowd.keeps = True
    hands = [
        threading.Thread(target=write, args=(town, thread["path"], hand, scale.writing, written)) for hand in range(4)
    ]
    start = time.monotonic()
    for hand in hands:
        hand.start()
    await asyncio.sleep(scale.goes)
    town.redis.kill()
    before = [len(follower.pages[crowd.topics[0]].added) for follower in crowd.followers]
    await asyncio.sleep(start + scale.comes - time.monotonic())
    meanwhile = [len(f.pages[crowd.topics[0]].added) - n for f, n in zip(crowd.followers, before, strict=True)]
    town.redis.start()
    while any(hand.is_alive() for hand in hands):
        await asyncio.sleep(0.1)
    query = "SELECT id FROM post WHERE thread_id = %s AND position > %s ORDER BY position"
    stored = [f"i-{row[0]}" for row in town.rows(query, thread["id"], first)]
    newest = town.rows("SELECT version FROM topic WHERE name = %s", crowd.topics[0])[0][0]
    pages = [follower.pages[crowd.topics[0]] for follower in crowd.followers]
    until = time.monotonic() + 10
    while time.monotonic() < until and any(page.version < newest for page in pages):
        await asyncio.sleep(0.1)
    lost = {f"i-{number}" for number in written.ids} - set(stored)
    print(
        f"   Redis away for {scale.comes - scale.goes:.0f} s: {len(written.ids)} posts acknowledged, "
        f"{len(written.refused)} refused, {len(lost)} lost, {len(stored)} stored; p50 "
        f"{quantile(written.each, 0.5):.0f}, longest {max(written.each):.0f} ms; meanwhile each follower heard at "
        f"least {min(meanwhile)}"
    )
    for refused in written.refused[:3]:
        print(f"   {refused[:200]}")
    report("posts that failed while Redis was away", [len(written.refused) + len(lost)], goal="<= 0")
    same = sum(page.added == stored and not page.has_gap for page in pages)
    detail = f"{sum(page.has_gap for page in pages)} would re-read, {crowd.closed} were closed"
    report("followers with all posts once, in order", [same / crowd.size], goal=">= 1", detail=detail)


async def measure(town: Town, bare: dict[str, Server], says: dict[str, Server], scale: Scale) -> None:
    """Memory, then deliveries, then the evening without Redis."""
    topic = f"thread:{town.seeded['quiet']['id']}"
    crowds, memory = {}, {}
    for name, server in {"ours": town.live, **bare}.items():
        before = server.memory()
        crowds[name] = Crowd(server.port, scale.followers, topic)
        await crowds[name].join()
        memory[name] = (server.memory() - before) / scale.followers * 1024
    for name in bare:
        detail = f"{memory['ours']:.0f} against {memory[name]:.0f} kB; once a run"
        report(
            f"P7 memory of a follower, against {name}", [memory["ours"] / memory[name]], goal="<= 1.2", detail=detail
        )
    await p6(town, crowds, says, scale)
    for crowd in crowds.values():
        await crowd.leave()
    crowd = Crowd(town.live.port, scale.followers, f"thread:{town.seeded['thread']['id']}")
    await crowd.join()
    await without_redis(town, crowd, scale)
    await crowd.leave()


def _serve(folder: Path, postgres: Postgres, redis: Redis, stack: ExitStack, scale: Scale) -> None:
    """Fill the database, start all processes, measure."""
    database = postgres.database()
    settings = {"database_url": database, "redis_url": redis.url}
    run(folder, sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade", **settings)
    seeded = json.loads(run(folder, sys.executable, BENCH / "seed.py", "80", **settings))

    def start(target: str, config: Path, role: str) -> Server:
        return stack.enter_context(Server(target, config, folder, role=role, socket_cap=CAP, **settings))

    web = [start("wsgi:app", OURS, "web") for _ in range(2)]
    town = Town(web, start("wsgi_live:app", OURS, "live"), seeded, database, redis)
    alone, split = start("bare:app", BARE, "live"), start("bare_queued:app", BARE, "live")
    says = {"bare": alone, "bare with Redis": start("bare_queued:app", BARE, "web")}
    asyncio.run(measure(town, {"bare": alone, "bare with Redis": split}, says, scale))


def main() -> None:
    """Start everything, measure, print one line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few short rounds, to see that everything works")
    scale = QUICK if parser.parse_args().quick else FULL
    allow_many_sockets(OPEN_FILES)
    with instance() as folder, ExitStack() as stack:
        postgres, redis = Postgres(durable=True), Redis()
        stack.callback(postgres.close)
        stack.callback(redis.close)
        _serve(folder, postgres, redis, stack, scale)
    summary()


if __name__ == "__main__":
    main()
