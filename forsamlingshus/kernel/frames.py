"""What goes to a whole hall is put into a WebSocket frame once, not once for each of its phones.

A frame from a server carries nothing of its receiver (RFC 6455, 5.1), as long as nothing is compressed: with
compression each connection has a history of its own, a quarter of a megabyte for each phone, and each message is
packed anew for each of them. So connections are not compressed here.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from wsproto.frame_protocol import FrameProtocol

COMPRESSION = "HTTP_SEC_WEBSOCKET_EXTENSIONS"
"""Where a browser offers to compress a connection; what is not offered is not taken."""


def share(engine: Any) -> None:
    """Let the connections of an Engine.IO server send frames that are made once."""
    # A copy: the library has one table for all servers of the process, and a second app would wrap the first one's.
    engine._async = {**engine._async, "websocket": _sharing(engine._async["websocket"])}


def _sharing(websocket: type[Any]) -> Callable[..., Any]:
    class SharingWebSocket(websocket):  # type: ignore[misc]
        """The library's connection (of threads or of gevent), but for how a message is sent."""

        def send(self, message: str) -> None:
            """Send one text message; raises OSError when the connection has ended."""
            if not self.ws.connected:
                raise OSError("closed")
            self.ws.sock.sendall(frame(message))

    return SharingWebSocket


@lru_cache(maxsize=64)
def frame(message: str) -> bytes:
    """A text message as it goes over the wire."""
    return bytes(FrameProtocol(client=False, extensions=[]).send_data(message, fin=True))
