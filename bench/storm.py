"""Presses of 'important to me' at a fixed rate, and a reader of the page; each runs in a process of its own."""

import threading
import time
from dataclasses import dataclass, field

from clients import Visitor

HANDS = 48
"""Connections that press: enough to keep the rate while each answer takes half a second."""
READ_EVERY = 0.1
"""Seconds from one page to the next."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where the presses go, and who presses: pairs of cookie and CSRF token."""

    port: int
    path: str
    posts: tuple[int, ...]
    people: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Presses:
    """Milliseconds of each press, and how long they took in all, in seconds."""

    each: list[float] = field(default_factory=list)
    seconds: float = 0.0


def press(target: Target, per_second: float, seconds: float, first: int) -> Presses:
    """Press `per_second` times a second for `seconds`, beginning with press number `first`."""
    presses = Presses()
    count = round(per_second * seconds)
    start = time.monotonic() + 0.2
    hands = [
        threading.Thread(target=_press, args=(target, presses, start, per_second, first, count, hand))
        for hand in range(HANDS)
    ]
    for thread in hands:
        thread.start()
    for thread in hands:
        thread.join()
    presses.seconds = time.monotonic() - start
    return presses


def read(target: Target, seconds: float) -> list[float]:
    """Read the page for `seconds`; the milliseconds of each time.

    Apart from the hands: in one process with them, a page would also wait for the thread that reads its answer.
    """
    visitor = Visitor(target.port)
    visitor.get(target.path)
    pages: list[float] = []
    due = start = time.monotonic() + 0.2
    while due < start + seconds:
        time.sleep(max(0.0, due - time.monotonic()))
        begun = time.perf_counter()
        visitor.get(target.path)
        pages.append((time.perf_counter() - begun) * 1000)
        due = max(due + READ_EVERY, time.monotonic())
    return pages


def _press(target: Target, presses: Presses, start: float, rate: float, first: int, count: int, hand: int) -> None:
    visitor = Visitor(target.port)
    people, posts = target.people, target.posts
    for number in range(hand, count, HANDS):
        time.sleep(max(0.0, start + number / rate - time.monotonic()))
        press = first + number
        # Everybody presses every post once before the next lap takes it back, so each press changes something.
        lap, step = divmod(press, len(people) * len(posts))
        visitor.cookie, visitor.token = people[step % len(people)]
        post = posts[(step // len(people) + step) % len(posts)]
        begun = time.perf_counter()
        visitor.post(f"/i/{post}/vigtigt", {"wanted": "0" if lap % 2 else "1"}, by_script=True)
        presses.each.append((time.perf_counter() - begun) * 1000)
