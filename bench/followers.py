"""Followers: many sockets in one process that listen to a topic and keep what they hear, as the page's script does."""

import asyncio
import json
import time
from contextlib import suppress
from functools import lru_cache
from typing import Any

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

AT_ONCE = 25
"""Sockets that are opened side by side."""


@lru_cache(maxsize=256)
def _parse(frame: bytes) -> dict[str, Any]:
    """The message of a frame; all followers get the same bytes, so it is parsed once."""
    message: dict[str, Any] = json.loads(frame[len(b'42["changes",') : -1])
    return message


class Page:
    """What a topic's page holds: `version` is the newest without a gap, `numbers` the words pushed for each element."""

    def __init__(self, version: int) -> None:
        self._early: list[dict[str, Any]] = []
        self.version = version
        self.numbers: dict[str, str] = {}
        self.added: list[str] = []
        """What was put at the end of the page, in that order."""

    @property
    def has_gap(self) -> bool:
        """True when a message is missing: a browser would re-read now."""
        return bool(self._early)

    def receive(self, message: dict[str, Any]) -> None:
        """Apply what is next, keep what came too early, ignore what is older."""
        if message["last"] <= self.version:
            return
        if message["first"] > self.version + 1:
            self._early.append(message)
            return
        for change in message["changes"]:
            if change["action"] == "text":
                self.numbers[change["target"]] = change["html"]
            elif change["action"] == "append":
                self.added.append(change["target"])
        self.version = message["last"]
        fitting = [early for early in self._early if early["first"] <= self.version + 1]
        self._early = [early for early in self._early if early["first"] > self.version + 1]
        for early in sorted(fitting, key=lambda early: early["first"]):
            self.receive(early)


class Follower(WSListener):
    """One socket that listens to the crowd's topics; `pages` holds what it heard of each."""

    def __init__(self, crowd: "Crowd") -> None:
        self._crowd = crowd
        self.pages: dict[str, Page] = {}
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Keep the way to answer."""
        self.transport = transport

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """A socket that closes before the end spoils the run."""
        self._crowd.closed += 1
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("the server closed a socket before it listened"))

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Speak as much of Engine.IO 4 and Socket.IO 5 as a listener needs."""
        heard = time.monotonic()
        if frame.msg_type == WSMsgType.PING:
            transport.send_pong(frame.get_payload_as_bytes())
            return
        content = frame.get_payload_as_bytes()
        if content == b"2":
            transport.send(WSMsgType.TEXT, b"3")
        elif content.startswith(b"0"):
            transport.send(WSMsgType.TEXT, b"40")
        elif content.startswith(b"40"):
            for number, topic in enumerate(self._crowd.topics):
                wanted = json.dumps({"topic": topic, "lang": "da"})
                transport.send(WSMsgType.TEXT, f'42{number}["listen",{wanted}]'.encode())
        elif content.startswith(b"43"):
            number, _bracket, answer = content[2:].decode().partition("[")
            self._begin(self._crowd.topics[int(number)], json.loads(f"[{answer}")[0])
        elif content.startswith(b'42["changes",'):
            self._crowd.hear(content, heard)
            if self._crowd.keeps:
                message = _parse(content)
                self.pages[message["topic"]].receive(message)

    def _begin(self, topic: str, answer: dict[str, Any]) -> None:
        if not answer.get("ok"):
            self.ready.set_exception(PermissionError(f"the server refused a listener: {answer}"))
            return
        self.pages[topic] = Page(answer["version"])
        if len(self.pages) == len(self._crowd.topics):
            self.ready.set_result(None)


class Crowd:
    """`size` followers of the same topics on one server."""

    def __init__(self, port: int, size: int, *topics: str) -> None:
        self._url = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
        self.topics = topics
        self.size = size
        self.keeps = False
        """Whether the followers keep what they hear, which costs the client some time."""
        self.closed = 0
        self.followers: list[Follower] = []
        self.newest = b""
        """The newest frame that carried the expected words."""
        self._words = b""
        self._heard: list[float] = []
        self._all_heard = asyncio.Event()

    async def join(self) -> None:
        """Open the sockets and listen."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one() -> None:
            async with gate:
                _transport, follower = await ws_connect(
                    lambda: Follower(self), self._url, enable_auto_ping=False, websocket_handshake_timeout=60
                )
                await asyncio.wait_for(follower.ready, 60)
                self.followers.append(follower)

        await asyncio.gather(*(one() for _ in range(self.size)))

    def expect(self, words: bytes) -> None:
        """Measure from now on when each follower hears these words."""
        self._words, self._heard = words, []
        self._all_heard.clear()

    def hear(self, frame: bytes, at: float) -> None:
        """Note one follower's frame."""
        if self._words and self._words in frame:
            self._heard.append(at)
            self.newest = frame
            if len(self._heard) == self.size:
                self._all_heard.set()

    async def arrivals(self, patience: float = 10) -> list[float]:
        """When each follower heard the words, on the monotonic clock; fewer than `size` when some did not in time."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._all_heard.wait(), patience)
        self._words = b""
        return self._heard

    async def leave(self) -> None:
        """Close the sockets."""
        for follower in self.followers:
            follower.transport.disconnect()
        await asyncio.sleep(0.5)
