"""Pages and posts against their bare limits in the same run: `.venv/bin/python bench/pages.py [--quick] [P1 P3 …]`.

P1 and P2 warm pages, P3 cold pages, P4 growth, P5 a post, P10 the weight of a cold page in a browser.
"""

import argparse
import itertools
import json
import shutil
import sqlite3
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clients import Visitor, Writers, load
from figures import Sample, calibrate, interleaved, middle, report, report_cost, report_rate, report_time, summary
from servers import BARE, BENCH, OURS, ROOT, Server, instance, run

BODY = (
    "Vi har brug for en hal, der åbner tidligt om morgenen, så flere kan svømme før arbejde og skole.\n\n"
    "Det koster vikarer og penge, og derfor foreslår jeg, at frivillige hjælper til, så længe kommunen står for "
    "det tekniske. Kan vi begynde med to morgener om ugen og se, hvor mange der kommer?"
)


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured."""

    rounds: int
    seconds: float
    cold: int
    posts: int
    sizes: tuple[int, ...]
    accounts: int


FULL = Scale(rounds=5, seconds=4, cold=60, posts=36, sizes=(100, 10_000, 100_000), accounts=75)
QUICK = Scale(rounds=3, seconds=1, cold=15, posts=12, sizes=(100, 10_000), accounts=40)


@dataclass(frozen=True, slots=True)
class Bench:
    """The servers of a run, and what the seeded database holds."""

    ours: Server
    bare: Server
    flat: Server
    folder: Path
    seeded: dict[str, Any]
    scale: Scale


def warm(server: Server, path: str, bench: Bench, connections: int, cookie: str = "") -> Sample:
    """One round of load on one page."""
    before = server.cpu()
    count, seconds = load(f"{server.url}{path}", connections=connections, seconds=bench.scale.seconds, cookie=cookie)
    return Sample(count / seconds, (server.cpu() - before) / count * 1000)


def one_by_one(server: Server, times: int, ask: Callable[[], object], prepare: Callable[[], object]) -> Sample:
    """`times` requests, each after `prepare`, which the server has no part in."""
    spent, before = 0.0, server.cpu()
    for _ in range(times):
        prepare()
        start = time.perf_counter()
        ask()
        spent += time.perf_counter() - start
    return Sample(times / spent, (server.cpu() - before) / times * 1000)


def warm_pages(bench: Bench, name: str, cookie: str, goal: str) -> None:
    """P1 and P2: the first page of a thread again and again, against ready bytes of the same size."""
    path = bench.seeded["thread"]["path"]
    size = len(Visitor(bench.ours.port, cookie).get(path))
    for connections in (1, 32):
        pairs = interleaved(
            bench.scale.rounds,
            lambda c=connections: warm(bench.ours, path, bench, c, cookie),
            lambda c=connections: warm(bench.bare, f"/bytes/{size}", bench, c),
        )
        title = f"{name}, {size / 1000:.0f} kB, {connections} at once"
        report_rate(title, pairs, goal if connections == 1 else "")
        report_cost(title, pairs)


def p1(bench: Bench) -> None:
    """The thread page, warm, for somebody who is not logged in."""
    warm_pages(bench, "P1 warm", "", ">= 0.45")


def p2(bench: Bench) -> None:
    """The thread page, warm, logged in."""
    visitor = Visitor(bench.ours.port).log_in(bench.seeded["emails"][-1], bench.seeded["password"])
    warm_pages(bench, "P2 logged in", visitor.cookie, ">= 0.35")


def ageing(folder: Path, thread_id: int, *, posts: bool) -> Callable[[], None]:
    """What makes the thread's page stale: a new version of its topic and, when `posts`, of every post on it.

    The bare rows are written to as well, so that SQLite's page cache is stale on both sides.
    """
    topic = f"thread:{thread_id}"
    ours, bare = (sqlite3.connect(folder / name, isolation_level=None) for name in ("forsamlingshus.db", "bare.db"))
    ours.execute("PRAGMA synchronous=OFF")
    bare.execute("PRAGMA synchronous=OFF")

    def age() -> None:
        ours.execute("BEGIN IMMEDIATE")
        ours.execute("UPDATE topic SET version = version + 1000, page_version = version WHERE name = ?", (topic,))
        if posts:
            ours.execute("UPDATE contribution SET version = version + 1000 WHERE topic = ?", (topic,))
        ours.execute("COMMIT")
        bare.execute("UPDATE row SET version = version + 1")

    return age


def p3(bench: Bench) -> None:
    """The thread page with nothing cached, against 50 flat rows by the ORM and the same templates."""
    thread = bench.seeded["thread"]
    reader, flat = Visitor(bench.ours.port), Visitor(bench.flat.port)
    print(f"   bytes: ours {len(reader.get(thread['path']))}, bare {len(flat.get('/bare'))}")
    sides = (("P3 cold, nothing kept", True, "<= 2"), ("P3 rebuilt, fragments kept", False, ""))
    for name, posts, goal in sides:
        age = ageing(bench.folder, thread["id"], posts=posts)
        pairs = interleaved(
            bench.scale.rounds,
            lambda age=age: one_by_one(bench.ours, bench.scale.cold, lambda: reader.get(thread["path"]), age),
            lambda age=age: one_by_one(bench.flat, bench.scale.cold, lambda: flat.get("/bare"), age),
        )
        report_cost(name, pairs, goal)
        report_time(name, pairs)


def p4(bench: Bench) -> None:
    """The first, a middle and the last page of small and large threads, rebuilt for each request."""
    reader = Visitor(bench.ours.port)
    grown = bench.seeded["grown"]
    small = grown[0]["size"]
    for where in ("first", "middle", "last"):
        costs: dict[int, list[float]] = {thread["size"]: [] for thread in grown}
        for number in range(bench.scale.rounds):
            calibrate()
            for thread in grown if number % 2 else reversed(grown):
                asked = {"first": "", "middle": f"?fra={thread['size'] // 2}-0", "last": "?vis=nyeste"}[where]
                path = f"{thread['path']}{asked}"
                age = ageing(bench.folder, thread["id"], posts=False)
                reader.get(path)
                sample = one_by_one(bench.ours, bench.scale.cold, lambda path=path: reader.get(path), age)
                costs[thread["size"]].append(sample.cpu)
        for size in list(costs)[1:]:
            ratios = [large / little for large, little in zip(costs[size], costs[small], strict=True)]
            detail = f"{middle(costs[size]):.2f} against {middle(costs[small]):.2f} ms CPU"
            report(f"P4 {where} page, {size} against {small} posts", ratios, goal="<= 1.2", detail=detail)


def p5(bench: Bench) -> None:
    """A post nobody listens to against one ORM insert and commit: alone, and behind bare HTTP."""
    rounds, count = bench.scale.rounds, bench.scale.posts
    path, limit, numbers = bench.seeded["quiet"]["path"], Visitor(bench.bare.port), itertools.count()
    writers = Writers(bench.ours.port, bench.seeded["emails"], bench.seeded["password"], 2 * rounds * count + 4)

    def write(*, by_script: bool) -> None:
        person = writers.next()
        fields = {"body": f"{BODY} {_letters(next(numbers))}", "client_id": str(uuid.uuid4())}
        answer = person.post(path, fields, by_script=by_script)
        if "#i-" not in person.location and b'"changes"' not in answer:
            sys.exit(f"the post did not come onto the page: {answer[:300]!r}")

    def store(times: int) -> None:
        limit.send(f"/line?times={times}", f"body={BODY}".encode(), "application/x-www-form-urlencoded")

    def nothing() -> None:
        pass

    for by_script in (True, False) * 2:
        write(by_script=by_script)  # the first ones fill caches that every later one finds
    for way, by_script in (("by the page's script", True), ("by the form alone", False)):
        found = interleaved(
            rounds,
            lambda by_script=by_script: one_by_one(bench.ours, count, lambda: write(by_script=by_script), nothing),
            lambda: one_by_one(bench.bare, count * 4, lambda: store(1), nothing),
            lambda: _one_of(one_by_one(bench.bare, count // 4, lambda: store(20), nothing), 20),
        )
        for name, side, goal in ((f"P5 post {way}", 2, "<= 12"), (f"P5 post {way}, bare with HTTP", 1, "")):
            pairs = [(samples[0], samples[side]) for samples in found]
            report_cost(name, pairs, goal)
            report_time(name, pairs, goal)
    parts_of_p5(bench)


def parts_of_p5(bench: Bench) -> None:
    """What the goal names of a post, and no HTTP on either side, in one process and in turn."""
    thread, scale = str(bench.seeded["quiet"]["id"]), bench.scale
    calibrate()
    found = json.loads(run(bench.folder, sys.executable, BENCH / "parts.py", thread, str(scale.rounds), "100"))
    detail = f"{middle([mine for mine, _ in found]):.2f} against {middle([bare for _, bare in found]):.2f} ms"
    ratios = [mine / bare for mine, bare in found]
    report("P5 guard, sanitise, store, event, render: CPU", ratios, goal="<= 12", detail=detail)


def _one_of(sample: Sample, parts: int) -> Sample:
    return Sample(sample.rate * parts, sample.cpu / parts)


def _letters(number: int) -> str:
    """A number in letters: digits in a post could look like something private."""
    return "".join(chr(97 + int(digit)) for digit in f"{number:05d}")


def p10(bench: Bench) -> None:
    """Requests and bytes of a thread page in a browser that has nothing yet."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("P10 left out: playwright is not installed")
        return
    if not any((ROOT / "static").rglob("*.br")):
        print("P10: the static files are not compressed yet; `make run` does that")
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 390, "height": 844})
        wire = tab.context.new_cdp_session(tab)
        wire.send("Network.enable")
        wire.on("Network.responseReceived", lambda e: kinds.__setitem__(e["requestId"], e["type"]))
        wire.on("Network.loadingFinished", lambda e: sizes.__setitem__(e["requestId"], e["encodedDataLength"]))
        tab.goto(f"{bench.ours.url}{bench.seeded['thread']['path']}", wait_until="load")
        tab.wait_for_timeout(2000)
        browser.close()
    count, weight = Counter(kinds.values()), Counter[str]()
    for number, size in sizes.items():
        weight[kinds.get(number, "Other")] += size / 1000
    what = ", ".join(f"{count[kind]} {kind.lower()} {weight[kind]:.0f} kB" for kind in count)
    report("P10 cold page, compressed kB", [weight.total()], goal="<= 150", detail=what)
    report("P10 cold page, requests", [count.total()], goal="<= 12")


PARTS = {"P1": p1, "P2": p2, "P3": p3, "P4": p4, "P5": p5, "P10": p10}


def main() -> None:
    """Start the servers, measure the parts that were asked for, print one line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few short rounds, to see that everything works")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all if none is named")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}")
    scale = QUICK if chosen.quick else FULL
    with instance() as folder:
        sizes = [str(size) for size in scale.sizes]
        seeded = json.loads(run(folder, sys.executable, BENCH / "seed.py", str(scale.accounts), *sizes))
        with (
            Server("wsgi:app", OURS, folder) as ours,
            Server("bare:app", BARE, folder) as bare,
            Server("bare:page()", BARE, folder) as flat,
        ):
            bench = Bench(ours, bare, flat, folder, seeded, scale)
            for name in chosen.parts or PARTS:
                PARTS[name](bench)
    summary()


if __name__ == "__main__":
    main()
