"""Live push: a topic's changes go from the commit to its listeners. Sockets carry no writes and no state of record."""

import logging
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from flask import Flask, current_app, request
from flask_socketio import SocketIO, join_room

from forsamlingshus.kernel import db, door, frames, permissions, static, topics
from forsamlingshus.kernel.limits import TokenBucket
from forsamlingshus.kernel.presence import Presence
from forsamlingshus.kernel.sender import LANGUAGES, Change, Message, Sender, messages
from forsamlingshus.kernel.shares import Shares
from forsamlingshus.kernel.watcher import SessionWatcher

log = logging.getLogger(__name__)
socketio = SocketIO()


_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")  # one spelling for each, so one room; nine digits fit every column

Gate = Callable[[db.Session, permissions.Who, int], bool]


# Sockets of this process: who holds which log-in session, and how many listen in which room.
_sockets: dict[str, str] = {}
_members: dict[str, set[str]] = defaultdict(set)
_buckets: dict[str, TokenBucket] = {}
_lock = threading.Lock()


def _room(topic: str, language: str) -> str:
    return f"{topic}|{language}"


def _audience(topic: str, language: str) -> list[str]:
    with _lock:
        return list(_members.get(_room(topic, language), ()))


def _emit(message: Message, to: str | list[str]) -> None:
    socketio.emit("changes", message, to=to)


def send(topic: str, changes: list[Change]) -> None:
    """Render `changes` once per language that somebody listens in, and send them to all who do."""
    for language in LANGUAGES:
        if _members.get(_room(topic, language)):
            for message in messages(topic, changes, language):
                _emit(message, _room(topic, language))


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


def present(topic: str) -> int:
    """How many sockets follow a topic, in all processes of the instance."""
    return _total(current_app.extensions.get("forsamlingshus.shares"), topic)


def _total(shares: Shares | None, topic: str) -> int:
    here = listeners(topic)
    return here if shares is None else shares.total(topic, here)


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
    redis_url: str = "",
) -> Sender:
    """Bind Socket.IO to the app and register its three handlers; returns the process's sender.

    A process of the role live holds its many sockets with gevent, every other one with threads.
    """
    _open(app, socket_cap, gevent=gevent)
    presence = Presence(counted, lambda topic: _total(shares, topic), _tell)
    shares = Shares(redis_url, lambda: _counts(counted), presence.moved) if redis_url else None
    app.extensions["forsamlingshus.shares"] = shares
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
            if shares is not None:
                shares.begin()
            presence.moved(str(asked["topic"]))  # type: ignore[index]
        return answer

    return Sender(app, send, _audience, _emit)


def _open(app: Flask, socket_cap: int, *, gevent: bool) -> None:
    """Let the app take live connections, through a door that counts them and an ear that hears what they say."""
    socketio.init_app(
        app,
        async_mode="gevent" if gevent else "threading",
        transports=["websocket"],
        manage_session=False,
        logger=_quiet("socketio.server"),
        engineio_logger=_quiet("engineio.server"),
        max_http_buffer_size=16_384,
    )
    door.Ear(socketio.server.eio)
    frames.share(socketio.server.eio)
    app.wsgi_app = door.Door(app.wsgi_app, socket_cap, static.plain_headers(app))  # type: ignore[method-assign]


def _counts(counted: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """How many follow each topic that is counted here, and 0 for those whose number somebody here is told."""
    with _lock:
        rooms = [room.partition("|")[0].partition(":") for room, members in _members.items() if members]
    topics_ = {f"{one}:{no}" for kind, _colon, no in rooms for one, told in counted.items() if kind in (one, *told)}
    return {topic: listeners(topic) for topic in topics_}


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
