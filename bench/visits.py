"""Readers of pages that cost the client next to nothing: raw requests on kept connections."""

import asyncio
import time
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reading:
    """Which page is read, on how many connections at once; each cookie takes its turn ("" is nobody)."""

    port: int
    path: str
    cookies: tuple[str, ...]
    connections: int = 8

    def requests(self) -> list[bytes]:
        """One whole request for each cookie."""
        return [
            f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept: text/html\r\n"
            f"{f'Cookie: {cookie}{chr(13)}{chr(10)}' if cookie else ''}\r\n".encode()
            for cookie in self.cookies
        ]


@dataclass(slots=True)
class Visits:
    """Milliseconds of each page, counted from when it was due, and how long they took in all, in seconds."""

    each: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Pages a second."""
        return len(self.each) / self.seconds


def as_fast_as_possible(reading: Reading, seconds: float) -> Visits:
    """Read as fast as answers come: what the server can do."""
    return asyncio.run(_read(reading, seconds, 0.0))


def at_rate(reading: Reading, seconds: float, per_second: float) -> Visits:
    """Read so many pages a second, whether or not the earlier ones were quick."""
    return asyncio.run(_read(reading, seconds, per_second))


async def _read(reading: Reading, seconds: float, rate: float) -> Visits:
    visits, asked = Visits(), reading.requests()
    start = time.monotonic() + 0.05

    async def one(hand: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", reading.port, limit=2**20)
        number = hand
        while True:
            due = start + number / rate if rate else max(start, time.monotonic())
            if due > start + seconds:
                break
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            writer.write(asked[number // reading.connections % len(asked)])
            await _answer(reader)
            visits.each.append((time.monotonic() - due) * 1000)
            number += reading.connections
        writer.close()

    await asyncio.gather(*(one(hand) for hand in range(reading.connections)))
    visits.seconds = time.monotonic() - start
    return visits


async def _answer(reader: asyncio.StreamReader) -> None:
    """Read one answer; anything but 200 with a length ends the run."""
    head = await reader.readuntil(b"\r\n\r\n")
    status, _line, fields = head.partition(b"\r\n")
    length = next((line[15:] for line in fields.split(b"\r\n") if line.lower().startswith(b"content-length:")), b"")
    if b" 200 " not in status or not length:
        raise SystemExit(f"a page was answered with {head[:300]!r}")
    await reader.readexactly(int(length))
