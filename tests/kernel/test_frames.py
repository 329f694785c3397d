"""Frames that are made once for a whole hall: what a connection gets that could be compressed, and what it costs."""

import socket
import threading
from contextlib import contextmanager

import pytest
from flask import Flask
from flask_socketio import SocketIO
from werkzeug.serving import make_server
from wsproto.frame_protocol import FrameProtocol

from forsamlingshus.app import create_app
from forsamlingshus.kernel import frames, live

HELLO = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"
)


@contextmanager
def connection(app):
    """A real connection to a real server, as a browser opens it: it offers to compress."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    wire = socket.create_connection(server.server_address, timeout=10)
    try:
        wire.sendall(HELLO.encode())
        yield wire
    finally:
        wire.close()
        server.shutdown()


def until(wire, end):
    """What arrives up to and with `end`."""
    heard = b""
    while not heard.endswith(end):
        part = wire.recv(1)
        assert part, heard
        heard += part
    return heard


def read(wire):
    """The words of the next frame, and whether it was compressed."""
    protocol = FrameProtocol(client=True, extensions=[])
    head = wire.recv(2)
    length = head[1]
    if length == 126:
        head += (more := wire.recv(2))
        length = int.from_bytes(more, "big")
    payload = b""
    while len(payload) < length:
        payload += wire.recv(length - len(payload))
    compressed = bool(head[0] & 0x40)
    if compressed:
        return payload, True
    protocol.receive_bytes(head + payload)
    return b"".join(part.payload.encode() for part in protocol.received_frames()), False


def test_the_library_alone_compresses_what_a_browser_offers():
    """So that the next test could fail."""
    plain = Flask(__name__)
    SocketIO(plain, async_mode="threading", transports=["websocket"])
    with connection(plain) as wire:
        assert b"permessage-deflate" in until(wire, b"\r\n\r\n")
        assert read(wire)[1]


def test_no_connection_is_compressed_and_all_get_the_same_frame(tmp_path):
    app = create_app({"FORSAMLINGSHUS_SECRET_KEY": "k" * 40, "FORSAMLINGSHUS_DATA_DIR": str(tmp_path)})
    frames.frame.cache_clear()
    message = {"topic": "thread:1", "first": 1, "last": 1, "changes": [{"html": "<p>Blåbærgrød</p>" * 20}]}
    with connection(app) as first, connection(app) as second:
        for wire in (first, second):
            assert b"extensions" not in until(wire, b"\r\n\r\n").lower()
            assert read(wire)[0].startswith(b"0{")
            wire.sendall(FrameProtocol(client=True, extensions=[]).send_data("40"))
            assert read(wire)[0].startswith(b"40{")
        made = frames.frame.cache_info().misses
        live.socketio.emit("changes", message)
        words = [read(wire) for wire in (first, second)]
    assert words[0] == words[1]
    assert "Blåbærgrød".encode() in words[0][0].decode("unicode_escape").encode() and not words[0][1]
    assert frames.frame.cache_info().misses == made + 1


@pytest.mark.parametrize("length", [0, 125, 126, 65_535, 65_536])
def test_a_frame_says_its_message(length):
    protocol = FrameProtocol(client=True, extensions=[])
    protocol.receive_bytes(frames.frame("ø" * (length // 2) + "x" * (length % 2)))
    (found,) = protocol.received_frames()
    assert found.message_finished and len(found.payload.encode()) == length


def test_nothing_is_written_to_a_connection_that_has_ended():
    class Ended:
        connected = False

    class Kind:
        ws = Ended()

    engine = type("Engine", (), {"_async": {"websocket": Kind}})()
    frames.share(engine)
    with pytest.raises(OSError, match="closed"):
        engine._async["websocket"]().send("2")
