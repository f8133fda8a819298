"""The page's addresses and what each answers."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from careplan.problems import CareplanError, Problem
from careplan.web.guard import Guard, Idleness
from careplan.web.preview import Preview, State

# The handout runs nothing and loads nothing but its own pictures and our fonts.
_HANDOUT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
)
# A browser shows a PDF by a part of its own, which a sandbox would not let start.
_PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
_KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".ttf": "font/ttf"}


def make_site(
    preview: Preview, port: int, token: str, idle_seconds: float, stop: Callable[[], None]
) -> ASGIApp:
    """Return the guarded page of *preview*; *stop* is called when nobody looked for a while."""
    templates = preview.subject.templates
    idleness = Idleness(idle_seconds, stop)

    def over(following: asyncio.Task[None]) -> None:
        if not following.cancelled():
            preview.failure = following.exception()
        stop()

    @asynccontextmanager
    async def follow(_: Starlette) -> AsyncIterator[None]:
        following = asyncio.create_task(preview.follow())
        # Whatever ends the following, such as a disk that is gone, ends the preview.
        following.add_done_callback(over)
        idleness.begin()
        yield
        idleness.cancel()
        preview.end()
        following.cancel()
        await asyncio.wait([following])

    own = {
        "/": templates / "preview" / "page.html",
        "/page.css": templates / "preview" / "page.css",
        "/page.js": templates / "preview" / "page.js",
        "/tokens.css": templates / "css" / "tokens.css",
        **{f"/fonts/{path.name}": path for path in (templates / "fonts").glob("*.ttf")},
    }
    routes = [Route(address, partial(_file, path)) for address, path in own.items()]
    routes += [
        Route("/handout", partial(_handout, preview)),
        Route("/events", partial(_events, preview)),
        Route("/pages", partial(_pages, preview)),
        Route("/handout.pdf", partial(_pdf, preview)),
    ]
    return Guard(Starlette(routes=routes, lifespan=follow), port, token, idleness)


async def _file(path: Path, _: Request) -> Response:
    data = await to_thread.run_sync(path.read_bytes)
    return Response(data, media_type=_KINDS[path.suffix])


async def _handout(preview: Preview, _: Request) -> Response:
    """Return the last good version as it looks on a screen."""
    look = preview.subject.templates / "preview" / "handout.css"
    sheet = await to_thread.run_sync(partial(look.read_text, encoding="utf-8"))
    html = preview.state.good.html or '<!DOCTYPE html><html lang="en"><head><title>-</title></head></html>'
    # First in the head, so that a clinic's own typeface comes after ours.
    html = html.replace("<head>", f"<head><style>{sheet}</style>", 1)
    return Response(html, media_type="text/html", headers={"content-security-policy": _HANDOUT_POLICY})


async def _events(preview: Preview, _: Request) -> Response:
    """Return a stream that tells the state after every change."""

    async def lines() -> AsyncIterator[str]:
        async for state in preview.states():
            yield f"data: {json.dumps(told(preview, state))}\n\n"
        yield "event: end\ndata: {}\n\n"

    return StreamingResponse(lines(), media_type="text/event-stream")


async def _pages(preview: Preview, _: Request) -> Response:
    """Print the last good version and return its number of pages."""
    try:
        printed = await preview.pages()
    except CareplanError as error:
        return JSONResponse({"problem": str(error)})
    return JSONResponse({"version": printed.version, "pages": printed.pages})


async def _pdf(preview: Preview, _: Request) -> Response:
    if preview.printed is None:
        return PlainTextResponse("No pages are printed yet.\n", 404)
    headers = {
        "content-security-policy": _PDF_POLICY,
        "content-disposition": 'inline; filename="preview.pdf"',
    }
    return Response(preview.printed.data, media_type="application/pdf", headers=headers)


def told(preview: Preview, state: State) -> dict[str, Any]:
    """Return *state* as the page reads it; the patient is in the handout and nowhere else."""
    plan = state.good.plan
    return {
        "subject": str(preview.subject),
        "title": plan.title if plan else "",
        "version": state.version,
        "fresh": state.fresh,
        "checked": state.checked,
        "stops": [vars(one) for one in state.stops],
        "problems": [_problem(one) for one in state.problems],
        "rules": [
            {"action": one.action, "rule": one.rule.id, "sentence": one.sentence or one.rule.staff}
            for one in (plan.conflicts if plan else ())
        ],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "level": problem.level, "place": str(problem.location), "sentence": problem.sentence,
        "code": problem.code, "excerpt": problem.excerpt,
        "caret": " " * (max(problem.location.column, 1) - 1) + "^" if problem.excerpt else "",
    }
