"""The door: one reader on this computer, and nothing from elsewhere."""

import asyncio
import secrets
from collections.abc import Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The page itself: its own files and nothing else.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "img-src data:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": PAGE_POLICY,
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_CLOSED = "This page is closed. Open the address that careplan preview printed; it opens once.\n"


class Idleness:
    """Calls *stop* when nobody has asked or listened for some *seconds*."""

    def __init__(self, seconds: float, stop: Callable[[], None]) -> None:
        """Count from `begin` on."""
        self._seconds, self._stop = seconds, stop
        self._open = 0
        self._alarm: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Set the alarm; each request sets it anew."""
        self.cancel()
        if not self._open:
            self._alarm = asyncio.get_running_loop().call_later(self._seconds, self._stop)

    def cancel(self) -> None:
        """Stop the alarm."""
        if self._alarm:
            self._alarm.cancel()
            self._alarm = None

    def __enter__(self) -> None:
        self._open += 1
        self.cancel()

    def __exit__(self, *_: object) -> None:
        self._open -= 1
        self.begin()


class Guard:
    """Lets through who comes from this computer with the cookie that the one-time token buys.

    The Host header keeps out pages elsewhere whose name was turned to this computer; the
    cookie and Sec-Fetch-Site keep out other pages and programs on it.
    """

    def __init__(self, app: ASGIApp, port: int, token: str, idleness: Idleness) -> None:
        """Guard *app*, which answers on *port*; *token* opens it once."""
        self._app = app
        self._hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        # Cookies know no ports, so its name does: two previews do not close each other.
        self._cookie = f"careplan_preview_{port}"
        self._token: str | None = token
        self._session = secrets.token_urlsafe(32)
        self._idleness = idleness

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or hand it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers = _Headers(scope)
        bought = False
        if headers.one("host") not in self._hosts:
            answer: ASGIApp = PlainTextResponse("Only this computer is answered.\n", 400)
        elif scope["method"] not in ("GET", "HEAD"):
            answer = PlainTextResponse("This page can only be read.\n", 405)
        elif (headers.is_own and self._knows(headers)) or (bought := self._buys(scope)):
            answer = self._app
        else:
            answer = PlainTextResponse(_CLOSED, 403)

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _with_ours(message["headers"], self._cookie_line() if bought else None)
            await send(message)

        if answer is not self._app:
            await answer(scope, receive, send_safely)
            return
        with self._idleness:
            await answer(scope, receive, send_safely)

    def _knows(self, headers: "_Headers") -> bool:
        try:
            cookies = SimpleCookie(headers.one("cookie"))
        except CookieError:
            return False
        held = cookies.get(self._cookie)
        return held is not None and _same(held.value, self._session)

    def _buys(self, scope: Scope) -> bool:
        """Return whether the request brings the token, which is then spent."""
        shown = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if scope["path"] != "/" or self._token is None or not _same(shown, self._token):
            return False
        self._token = None
        return True

    def _cookie_line(self) -> str:
        return f"{self._cookie}={self._session}; Path=/; HttpOnly; SameSite=Strict"


class _Headers:
    """The headers of a request, each of which may come once."""

    def __init__(self, scope: Scope) -> None:
        self._all: list[tuple[bytes, bytes]] = scope["headers"]

    def one(self, name: str) -> str:
        """Return the header *name*; nothing where it is missing or comes twice."""
        found = [value for key, value in self._all if key == name.encode()]
        return found[0].decode("latin-1") if len(found) == 1 else ""

    @property
    def is_own(self) -> bool:
        """Return whether no other page asks: browsers say so, and other programs say nothing."""
        return self.one("sec-fetch-site") in ("", "none", "same-origin")


def _with_ours(headers: Any, cookie: str | None) -> list[tuple[bytes, bytes]]:
    """Return *headers* with ours, which a response may have set stricter itself."""
    given: MutableMapping[bytes, bytes] = dict(headers)
    lines = [(key.encode(), value.encode()) for key, value in _HEADERS.items() if key.encode() not in given]
    if cookie:
        lines.append((b"set-cookie", cookie.encode()))
    return [*headers, *lines]


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())
