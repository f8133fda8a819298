"""Serve the preview on this computer until nobody looks any more."""

import asyncio
import secrets
import socket
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType

import uvicorn

from careplan.problems import OutputError, RequestError
from careplan.web.preview import Preview
from careplan.web.proof import Subject
from careplan.web.site import make_site

_HERE = "127.0.0.1"


class _Server(uvicorn.Server):
    """Ends at once on Ctrl+C: whoever listens is let go first."""

    leave: Callable[[], object]

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.leave()
        super().handle_exit(sig, frame)


def serve(subject: Subject, port: int, idle_seconds: float, ready: Callable[[str], None]) -> None:
    """Serve the page of *subject* until nobody has looked for *idle_seconds*.

    *ready* gets the address, which opens once. Raises `RequestError` where *port* is
    taken, and KeyboardInterrupt on Ctrl+C.
    """
    with _listen(port) as listening:
        asyncio.run(_serve(subject, listening, idle_seconds, ready))


async def _serve(
    subject: Subject, listening: socket.socket, idle_seconds: float, ready: Callable[[str], None]
) -> None:
    loop, preview, token = asyncio.get_running_loop(), Preview(subject), secrets.token_urlsafe(32)
    port = listening.getsockname()[1]

    def stop() -> None:
        preview.end()
        server.should_exit = True

    site = make_site(preview, port, token, idle_seconds, stop)
    server = _Server(uvicorn.Config(
        site, http="h11", ws="none", lifespan="on", proxy_headers=False, server_header=False,
        date_header=False, access_log=False, log_config=None, timeout_graceful_shutdown=1,
    ))
    server.leave = partial(loop.call_soon_threadsafe, preview.end)
    ready(f"http://{_HERE}:{port}/?token={token}")
    await server.serve([listening])
    if isinstance(preview.failure, OSError):
        message = f"Saves can no longer be noticed: {preview.failure}."
        raise OutputError(message) from None
    if preview.failure:
        raise preview.failure


def _listen(port: int) -> socket.socket:
    """Return a socket that takes requests from this computer only; *port* 0 is any free one."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":
            # So that the same port can be had again at once; on Windows it would let others share it.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((_HERE, port))
        listening.listen()
    except OSError as error:
        listening.close()
        reason = (error.strerror or "unknown reason").lower()
        message = f"Port {port} cannot be had: {reason}. Without --port a free one is taken."
        raise RequestError(message) from None
    return listening
