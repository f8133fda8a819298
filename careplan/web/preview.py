"""What the page shows: the last good version, what is wrong at the moment, and who is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from functools import partial

from anyio import CapacityLimiter, to_thread

from careplan.problems import CareplanError, Problem
from careplan.web.proof import Proof, Stop, Subject, find_problems, in_order, make_proof, print_pages
from careplan.web.saves import folders_of, saves

_NONE = Proof()


@dataclass(frozen=True)
class State:
    """What is known after a save.

    *good* is the last version that could be made, and *version* counts these; *fresh* says
    whether it is the files as they are saved. *checked* says whether every problem of the
    library is known already.
    """

    version: int = 0
    good: Proof = _NONE
    fresh: bool = False
    checked: bool = False
    stops: tuple[Stop, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Printed:
    """The pages of one version."""

    version: int
    data: bytes
    pages: int


class Preview:
    """Makes the handout anew after every save and tells everybody who listens."""

    def __init__(
        self,
        subject: Subject,
        make: Callable[[Subject], Proof] = make_proof,
        find: Callable[[Subject], tuple[Problem, ...]] = find_problems,
    ) -> None:
        """Preview *subject*; *make* and *find* are how."""
        self.subject = subject
        self.state = State()
        self.printed: Printed | None = None
        self.failure: BaseException | None = None
        self.ended = False
        self._make, self._find = make, find
        self._turn = asyncio.Event()
        # The handout never waits for pages to be printed; two handouts at once gain nothing.
        self._makes, self._finds, self._prints = (CapacityLimiter(1) for _ in range(3))

    async def follow(self) -> None:
        """Make the handout, and again after every save, until this is cancelled."""
        subject = self.subject
        folders = partial(folders_of, subject.plans, subject.templates, subject.clinic, subject.request)
        searching: asyncio.Task[None] | None = None
        async with aclosing(saves(folders)) as saved:
            try:
                async for _ in saved:
                    if searching:
                        searching.cancel()
                    await self._refresh()
                    searching = asyncio.create_task(self._search())
            finally:
                if searching:
                    searching.cancel()
                    with suppress(asyncio.CancelledError):
                        await searching

    async def states(self) -> AsyncIterator[State]:
        """Yield the state as it is and each that follows, until the preview ends."""
        while not self.ended:
            # Taken before the state is read, so that no change falls between.
            turn = self._turn
            if self.state != State():
                yield self.state
            await turn.wait()

    async def pages(self) -> Printed:
        """Return the printed pages of the last good version; raises `CareplanError`."""
        state = self.state
        if not state.version:
            message = "There is no version to print yet."
            raise CareplanError(message)
        if self.printed is None or self.printed.version != state.version:
            data, pages = await to_thread.run_sync(
                print_pages, state.good, self.subject.templates, limiter=self._prints, abandon_on_cancel=True
            )
            self.printed = Printed(state.version, data, pages)
        return self.printed

    def end(self) -> None:
        """Let everybody go who listens."""
        self.ended = True
        self._turn.set()

    async def _refresh(self) -> None:
        proof = await to_thread.run_sync(
            self._make, self.subject, limiter=self._makes, abandon_on_cancel=True
        )
        if proof.html:
            last = self.state
            version = last.version + (proof.html != last.good.html)
            # What stopped the handout is mended; what did not is looked for again.
            known = last.problems if last.fresh else ()
            self._tell(State(version, proof, fresh=True, problems=known))
        else:
            self._tell(replace(
                self.state, fresh=False, checked=False, stops=proof.stops, problems=in_order(proof.problems)
            ))

    async def _search(self) -> None:
        """Find every problem there is, which takes longer than the handout."""
        stopping = () if self.state.fresh else self.state.problems
        found = await to_thread.run_sync(
            self._find, self.subject, limiter=self._finds, abandon_on_cancel=True
        )
        self._tell(replace(self.state, checked=True, problems=in_order([*stopping, *found])))

    def _tell(self, state: State) -> None:
        self.state = state
        turn, self._turn = self._turn, asyncio.Event()
        turn.set()
