"""Notice every save of a file that a handout is made of."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from pathlib import Path

from watchfiles import awatch

# Milliseconds: so long nothing more may come before a save counts as done, and so long at most.
_QUIET, _LONGEST = 50, 200
# The folders of a clinic that hold what a plan is made of; it may keep much else beside them.
_SHELVES = ("interventions", "therapies", "follow-ups", "conditions", "factors", "safety-rules")


def folders_of(plans: Path, templates: Path, clinic: Path | None, request: Path | None) -> frozenset[Path]:
    """Return every folder in which a save matters, as they are at the moment.

    *clinic* and *request* are files; their folders are watched and not what is below them,
    apart from the clinic's own fragments. An editor may write a new file and rename it, so
    that a file by itself cannot be watched.
    """
    roots = [plans, templates]
    folders = {path.resolve().parent for path in (clinic, request) if path}
    if clinic:
        roots += [clinic.resolve().parent / shelf for shelf in _SHELVES]
    for root in roots:
        folders |= {root, *(path for path in root.rglob("*") if path.is_dir())}
    return frozenset(folder for folder in folders if folder.is_dir())


async def saves(folders: Callable[[], frozenset[Path]]) -> AsyncGenerator[None, None]:
    """Yield at once, and then after every save in what *folders* returns at that time.

    Who reads the files after each of these has missed nothing: watching begins first.
    """
    while True:
        watched = folders()
        async with aclosing(awatch(*watched, recursive=False, step=_QUIET, debounce=_LONGEST)) as watcher:
            coming = asyncio.ensure_future(anext(watcher))
            try:
                # With its first step the watcher listens.
                await asyncio.sleep(0)
                yield
                while folders() == watched:
                    await coming
                    coming = asyncio.ensure_future(anext(watcher))
                    if folders() == watched:
                        yield
            finally:
                coming.cancel()
                with suppress(asyncio.CancelledError, StopAsyncIteration):
                    await coming
