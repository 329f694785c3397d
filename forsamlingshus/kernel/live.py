"""Live push: a topic's changes go from the commit to its listeners. Sockets carry no writes and no state of record."""

import logging
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from flask import Flask, current_app, request
from flask_socketio import SocketIO, join_room

from forsamlingshus.kernel import db, door, permissions, static, topics
from forsamlingshus.kernel.limits import TokenBucket
from forsamlingshus.kernel.presence import Presence
from forsamlingshus.kernel.watcher import SessionWatcher

log = logging.getLogger(__name__)
socketio = SocketIO()

QUIET = 0.25
"""Seconds: a topic that was silent for so long is sent at once, else its changes are gathered (4 messages a second)."""
QUIET_FOR_NUMBERS = 0.8
"""The same while nothing but numbers changes: a hall that presses at once leaves the server time for its pages."""
LANGUAGES = ("da", "en")

_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")  # one spelling for each, so one room

Render = Callable[[str], str]
Gate = Callable[[db.Session, permissions.Who, int], bool]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a page: what to do with which element, and the partial that the page itself uses.

    `action` is append (`target` at the end of `parent`), replace, remove, text (the words of an element) or refresh
    (read the page's part anew); `render(lang)` gives the HTML or words, when the change is sent and not before. Two
    changes of the same `target` in one message: the newer one is enough.
    """

    topic: str
    version: int
    action: str
    target: str
    render: Render = lambda _lang: ""
    parent: str = ""


@dataclass(slots=True)
class _Pending:
    changes: list[Change] = field(default_factory=list)
    due: float = 0.0


class Sender:
    """The one sender of a process: renders and sends each topic's changes in the order of their versions."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._pending: dict[str, _Pending] = {}
        self._sent_at: dict[str, float] = {}
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None

    def push(self, changes: list[Change]) -> None:
        """Take changes of committed writes; they leave at once when their topic was quiet, else after QUIET seconds.

        What nobody listens to is dropped: who begins to listen from now on is answered with a version that covers it.
        """
        changes = [change for change in changes if _is_heard(change.topic)]
        if not changes:
            return
        with self._wake:
            if self._thread is None:  # started here, so after a server's fork and only where something is sent
                self._thread = threading.Thread(target=self._run, name="live-sender", daemon=True)
                self._thread.start()
            now = time.monotonic()
            for change in changes:
                quiet = QUIET_FOR_NUMBERS if change.action == "text" else QUIET
                due = max(now, self._sent_at.get(change.topic, 0.0) + quiet)
                waiting = self._pending.setdefault(change.topic, _Pending(due=due))
                waiting.due = min(waiting.due, due)
                waiting.changes.append(change)
            self._wake.notify()

    def _run(self) -> None:
        while True:
            for topic, changes in self._take_due():
                try:
                    with self._app.app_context():
                        send(topic, changes)
                except Exception:
                    log.exception("sending %s failed; its listeners will re-read", topic)

    def _take_due(self) -> list[tuple[str, list[Change]]]:
        with self._wake:
            while True:
                now = time.monotonic()
                due = [name for name, waiting in self._pending.items() if waiting.due <= now]
                if due:
                    self._forget(now)
                    self._sent_at.update(dict.fromkeys(due, now))
                    return [(name, self._pending.pop(name).changes) for name in due]
                next_due = min((waiting.due for waiting in self._pending.values()), default=now + 60)
                self._wake.wait(timeout=next_due - now)

    def _forget(self, now: float) -> None:
        if len(self._sent_at) > 1000:
            self._sent_at = {name: at for name, at in self._sent_at.items() if now - at < QUIET_FOR_NUMBERS}


def send(topic: str, changes: list[Change]) -> None:
    """Render `changes` once per language that somebody listens in, and emit them in runs without a gap."""
    for language in LANGUAGES:
        room = _room(topic, language)
        if not _members.get(room):
            continue
        for run in _runs(sorted(changes, key=lambda change: change.version)):
            newest = {change.target: change for change in run}
            message = {
                "topic": topic,
                "first": run[0].version,
                "last": run[-1].version,
                "changes": [
                    {
                        "action": change.action,
                        "target": change.target,
                        "parent": change.parent,
                        "html": change.render(language),
                    }
                    for change in run
                    if newest[change.target] is change
                ],
            }
            socketio.emit("changes", message, to=room)


def _runs(changes: list[Change]) -> list[list[Change]]:
    """Split at each gap in the versions: a client must never believe that it has seen what is still on its way."""
    runs: list[list[Change]] = []
    for change in changes:
        if runs and change.version <= runs[-1][-1].version + 1:
            runs[-1].append(change)
        else:
            runs.append([change])
    return runs


# Sockets of this process: who holds which log-in session, and how many listen in which room.
_sockets: dict[str, str] = {}
_members: dict[str, set[str]] = defaultdict(set)
_buckets: dict[str, TokenBucket] = {}
_lock = threading.Lock()


def _room(topic: str, language: str) -> str:
    return f"{topic}|{language}"


def _is_heard(topic: str) -> bool:
    return any(_members.get(_room(topic, language)) for language in LANGUAGES)


def reset(topic: str) -> None:
    """Throw everybody out of a topic: they must ask again, and the gate decides anew."""
    for language in LANGUAGES:
        room = _room(topic, language)
        socketio.emit("reset", {"topic": topic}, to=room)
        socketio.close_room(room)
        _members.pop(room, None)


def close_sockets(token_hash: str) -> None:
    """Close the sockets of one log-in session at once (logout, password change, block)."""
    with _lock:
        sids = [sid for sid, held in _sockets.items() if held == token_hash]
    for sid in sids:
        socketio.server.disconnect(sid)


def connected() -> int:
    """How many sockets this process holds."""
    return len(_sockets)


def listeners(topic: str) -> int:
    """How many sockets follow a topic."""
    with _lock:
        return len(set().union(*(_members.get(_room(topic, language), ()) for language in LANGUAGES)))


def _tell(topic: str, name: str, message: dict[str, Any]) -> None:
    """Send something that has no version to those who follow a topic."""
    for language in LANGUAGES:
        if _members.get(_room(topic, language)):
            socketio.emit(name, message, to=_room(topic, language))


def init(
    app: Flask,
    *,
    gates: Mapping[str, Gate],
    socket_cap: int,
    counted: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    gevent: bool = False,
) -> Sender:
    """Bind Socket.IO to the app and register its three handlers; returns the process's sender.

    A process of the role live holds its many sockets with gevent, every other one with threads.
    """
    socketio.init_app(
        app,
        async_mode="gevent" if gevent else "threading",
        transports=["websocket"],
        manage_session=False,
        logger=_quiet("socketio.server"),
        engineio_logger=_quiet("engineio.server"),
        max_http_buffer_size=16_384,
    )
    door.close_on_nonsense(socketio.server.eio)
    app.wsgi_app = door.Door(app.wsgi_app, socket_cap, static.plain_headers(app))  # type: ignore[method-assign]
    presence = Presence(counted, listeners, _tell)
    app.extensions["forsamlingshus.session-watcher"] = SessionWatcher(app, _sockets, _lock, close_sockets)

    @socketio.on("connect")  # type: ignore[untyped-decorator]
    def connect(_auth: object = None) -> bool:
        with _lock:
            _sockets[request.sid] = permissions.session_token_hash()  # type: ignore[attr-defined]
            _buckets[request.sid] = TokenBucket(burst=30, per_second=2)  # type: ignore[attr-defined]
        # Of the app that was asked: these handlers serve every app of the process, and the newest replaced the others'.
        current_app.extensions["forsamlingshus.session-watcher"].watch(request.sid)  # type: ignore[attr-defined]
        return True

    @socketio.on("disconnect")  # type: ignore[untyped-decorator]
    def disconnect(_reason: object = None) -> None:
        with _lock:
            _sockets.pop(request.sid, None)  # type: ignore[attr-defined]
            _buckets.pop(request.sid, None)  # type: ignore[attr-defined]
            left = [room for room, members in _members.items() if request.sid in members]  # type: ignore[attr-defined]
            for room in left:
                _members[room].discard(request.sid)  # type: ignore[attr-defined]
        for room in left:
            presence.moved(room.partition("|")[0])

    @socketio.on("listen")  # type: ignore[untyped-decorator]
    def listen(*wanted: object) -> dict[str, Any]:  # a stranger may send any number of arguments
        asked = wanted[0] if wanted else None
        answer = _listen(request.sid, asked, gates)  # type: ignore[attr-defined]
        if answer["ok"]:
            presence.moved(str(asked["topic"]))  # type: ignore[index]
        return answer

    return Sender(app)


def _quiet(name: str) -> logging.Logger:
    """A library's logger that tells of errors alone, by way of our log: its own would write each of them twice."""
    logger = logging.getLogger(name)
    logger.setLevel(logging.ERROR)
    return logger


def _listen(sid: str, wanted: object, gates: Mapping[str, Gate]) -> dict[str, Any]:
    """Gate, join, done. Answers with the topic's version, so that the page knows whether it missed something.

    `deck:7/presenter` is a part of a topic: it has a gate and listeners of its own, and the versions of the whole.
    """
    bucket = _buckets.get(sid)
    if bucket is None or not bucket.take() or not isinstance(wanted, dict):
        return {"ok": False}
    topic, language = str(wanted.get("topic", "")), wanted.get("lang")
    whole, slash, part = topic.partition("/")
    kind, _, number = whole.partition(":")
    gate = gates.get(f"{kind}{slash}{part}")
    if gate is None or not _NUMBER.fullmatch(number) or language not in LANGUAGES:
        return {"ok": False}
    session = db.session()
    person = permissions.with_proof(permissions.who_now(), wanted.get("proof"))
    if not gate(session, person, int(number)):
        return {"ok": False}
    if not _join(sid, _room(topic, str(language))):
        return {"ok": False}
    session.rollback()  # what the gate read is a snapshot from before the join; a change since then would be missed
    return {"ok": True, "version": topics.version_of(session, whole)}


def _join(sid: str, room: str) -> bool:
    """Take a socket into a room; False when it closed meanwhile, for its handlers run beside each other."""
    try:
        join_room(room)
    except (ValueError, KeyError):  # python-socketio no longer knows it
        return False
    with _lock:
        if sid not in _sockets:  # nobody would take it out of the room's members again
            return False
        _members[room].add(sid)
    return True
