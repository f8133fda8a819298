"""Who does the work on other computers: the workers of a Dask cluster."""

import secrets
import shutil
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from queue import Empty, Full, Queue, SimpleQueue
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self, TypeVar

from careplan.batch import station
from careplan.batch.pool import Limits, Lost
from careplan.batch.reach import connect, in_time
from careplan.batch.stock import Stock
from careplan.batch.work import Body, Checked, Order, Printed, Refused
from careplan.problems import ClusterError, OutputError

_Answer = TypeVar("_Answer")

# Tasks that are given out for each thread of the workers: one at work, one ready, one on its way.
_AHEAD = 3
# Bodies that are checked in one task: a check is quick, and a task has its price.
_CHECKED_AT_ONCE = 20
# Seconds that the results of a task may be on their way.
_FETCH = 60.0
# As many results wait here to be written before the cluster has to wait.
_TOLD = 100
# Seconds between two looks at the cluster.
_LOOK = 2.0
# How often in a row a task may come back undone, without a word on why.
_TRIES = 5
# What hidden folder takes the handouts until the command has taken note of them.
_PARTS = ".careplan-parts-"


class Cluster:
    """The workers of the Dask cluster at *address*, who check and print with *stock*.

    With *shared* they write the files themselves, because they see the folder for them under the
    same path. A cluster is waited for as long as *patience* says, in seconds. Raises
    `ClusterError` where it cannot be reached or is not fit for the work, `RequestError` where
    *address* is none, and `MissingPartError` where Dask is not installed.
    """

    def __init__(
        self, address: str, stock: Stock, limits: Limits, *, shared: bool = False, patience: float = 20.0
    ) -> None:
        self.writes = shared
        self._address = address
        self._stock = stock
        self._limits = limits
        self._patience = patience
        # Keys of tasks are seen by all who use the cluster: they say nothing, and are never used again.
        self._batch = secrets.token_hex(8)
        self._number = 0
        self._held: Any = None
        self._client = connect(address, patience)
        try:
            # How many handouts it can print at a time.
            self.count = self._first_threads()
            self._refuse_unlike()
        except BaseException:
            self.close()
            raise
        self._looked = self._worked = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave the cluster, and have it forget the batch."""
        with suppress(Exception):
            self._ask(lambda: self._client.run(station.end, self._batch, on_error="ignore"), 5)
        with suppress(Exception):
            self._ask(lambda: self._client.close(timeout=5), 10)

    def check(self, bodies: Sequence[Body]) -> Iterator[tuple[Body, Checked | Lost]]:
        """Yield each of *bodies* with what is known of it."""
        size = max(1, min(_CHECKED_AT_ONCE, len(bodies) // self.count))
        yield from self._run([bodies[start : start + size] for start in range(0, len(bodies), size)])

    def print(
        self, tasks: Sequence[Sequence[Order]]
    ) -> Iterator[tuple[Order, Printed | Refused | Lost]]:
        """Yield each order with what came of it; the orders of a task ask for the same plan.

        Raises `OutputError` where a file that a worker wrote cannot be taken.
        """
        first = next((task[0].target for task in tasks), None)
        if first is None:
            yield from self._run(tasks)
            return
        folder = first.parent
        with self._parts(folder) as parts:
            for order, result in self._run([[_moved(order, parts) for order in task] for task in tasks]):
                if isinstance(result, Printed):
                    _take(parts, folder, order)
                elif isinstance(result, Refused):
                    result = replace(result, why=result.why.replace(str(parts), str(folder)))  # noqa: PLW2901
                yield _moved(order, folder), result

    @contextmanager
    def _parts(self, folder: Path) -> Iterator[Path]:
        """Keep a hidden folder in *folder*, from which the command takes each handout that it knows of.

        What a worker writes too late, after the batch was stopped, finds no folder, and so
        never lies over what was printed since.
        """
        parts = folder / f"{_PARTS}{self._batch}"
        try:
            for left in folder.glob(f"{_PARTS}*"):
                shutil.rmtree(left)
            parts.mkdir(mode=0o700)
            word = secrets.token_hex(8)
            (parts / "word").write_text(word, encoding="utf-8")
        except OSError as error:
            message = f"The folder {folder} cannot be used: {(error.strerror or 'unknown reason').lower()}."
            raise OutputError(message) from None
        try:
            self._refuse_blind(parts, word)
            yield parts
        finally:
            # A worker that writes at this moment may keep the folder from going.
            for _ in range(3):
                shutil.rmtree(parts, ignore_errors=True)

    def _run(self, tasks: Sequence[Sequence[Any]]) -> Iterator[tuple[Any, Any]]:
        """Yield each piece of *tasks* once, with its result.

        Dask is spoken to by a thread of its own: Ctrl+C, which comes to the main one, would
        get lost or do harm in the middle of what Dask does.
        """
        done, told, is_left = SimpleQueue[Any](), Queue[Any](_TOLD), Event()

        def follow() -> None:
            ending: BaseException | None = None
            try:
                for one in self._flow(tasks, done):
                    _hand_over(told, one, is_left)
            except BaseException as error:  # noqa: BLE001 - raised where it is waited for
                ending = error
            _hand_over(told, _Ending(ending), is_left)

        thread = Thread(target=follow, daemon=True)
        thread.start()
        try:
            while True:
                try:
                    # Without an end to the waiting, Ctrl+C is not seen everywhere.
                    one = told.get(timeout=_LOOK)
                except Empty:
                    continue
                if not isinstance(one, _Ending):
                    yield one
                elif one.error:
                    raise one.error
                else:
                    return
        finally:
            is_left.set()
            done.put(None)
            thread.join(self._patience)

    def _flow(
        self, tasks: Sequence[Sequence[Any]], done: "SimpleQueue[Any]"
    ) -> Iterator[tuple[Any, Any]]:
        """Yield each piece of *tasks* with its result, until *done* has a None among the tasks done.

        Only as many tasks are at the cluster as keep it busy. Where workers die over a task, its
        pieces are tried one by one when all else is done; the one that does it again is lost.
        """
        waiting, suspects = deque((task, 0) for task in tasks), deque[Any]()
        flying: dict[str, tuple[Any, Sequence[Any], int]] = {}
        self._worked = time.monotonic()
        try:
            while waiting or flying or suspects:
                while waiting and len(flying) < _AHEAD * self.count:
                    self._submit(*waiting.popleft(), flying, done)
                if suspects and not flying:
                    self._submit([suspects.popleft()], -1, flying, done)
                self._look()
                with suppress(Empty):
                    future = done.get(timeout=_LOOK)
                    if future is None:
                        return
                    if future.key not in flying:
                        continue
                    _, pieces, tries = flying.pop(future.key)
                    outcome = self._outcome(future)
                    if isinstance(outcome, list):
                        yield from zip(pieces, outcome, strict=True)
                    elif outcome == "killed" and tries < 0:
                        yield pieces[0], Lost("died")
                    elif outcome == "killed":
                        suspects.extend(pieces)
                    else:
                        self._refuse_lost(tries)
                        waiting.appendleft((pieces, abs(tries) + 1))
        finally:
            if flying:
                with suppress(Exception):
                    self._ask(lambda: self._client.cancel([one for one, _, _ in flying.values()]), 5)

    def _submit(
        self, pieces: Sequence[Any], tries: int, flying: dict[str, tuple[Any, Sequence[Any], int]],
        done: SimpleQueue[Any],
    ) -> None:
        """Give *pieces* to the cluster as one task."""
        if self._held is None or self._held.status in ("cancelled", "lost"):
            self._held = self._client.submit(station.hold, self._stock, key=self._key("stock"), pure=False)
        what = "check" if isinstance(pieces[0], Body) else "print"
        future = self._client.submit(
            station.do, self._batch, self._held, self._limits, tuple(pieces), key=self._key(what), pure=False,
        )
        flying[future.key] = future, pieces, tries
        future.add_done_callback(done.put)

    def _key(self, what: str) -> str:
        self._number += 1
        return f"careplan-{what}-{self._batch}-{self._number}"

    def _outcome(self, future: Any) -> Any:
        """Return the results of a task; "killed" or "undone" where there are none."""
        if future.status == "error":
            error = self._ask(future.exception)
            if isinstance(error, import_module("distributed").KilledWorker):
                return "killed"
            message = f"A worker of the cluster cannot work: {type(error).__name__}."
            raise ClusterError(message)
        if future.status != "finished":
            return "undone"
        try:
            outcome = self._ask(future.result, _FETCH)
        except ClusterError:
            return "undone"
        if isinstance(outcome, station.Unfit):
            message = f"A worker of the cluster cannot work: {outcome.why}."
            raise ClusterError(message)
        self._worked = time.monotonic()
        return outcome

    def _refuse_lost(self, tries: int) -> None:
        """Wait for the cluster to come back, after it gave a task back undone."""
        until = time.monotonic() + self._patience
        while self._client.status != "running":
            if self._client.status == "closed" or time.monotonic() > until:
                raise self._gone()
            time.sleep(0.1)
        if tries >= _TRIES:
            raise self._gone()

    def _look(self) -> None:
        """See how many threads there are to work; raise `ClusterError` where there are none for long."""
        now = time.monotonic()
        if now - self._looked < _LOOK:
            return
        self._looked = now
        if self._client.status != "running":
            self._refuse_lost(0)
        threads = self._ask(self._client.nthreads)
        if threads:
            self.count, self._worked = sum(threads.values()), now
        elif now - self._worked > self._patience:
            raise self._empty()

    def _first_threads(self) -> int:
        """Return how many threads the cluster has as soon as it has any."""
        until = time.monotonic() + self._patience
        while not (threads := self._ask(self._client.nthreads)):
            if time.monotonic() > until:
                raise self._empty()
            time.sleep(0.1)
        return sum(threads.values())

    def _refuse_unlike(self) -> None:
        """Raise `ClusterError` where a worker would print other pages than this computer."""
        here = station.sort_here()
        for worker, there in self._ask_workers(station.sort_here).items():
            if not isinstance(there, station.Sort):
                message = f"The worker {worker} has no careplan like this one: install {here.version} there."
                raise ClusterError(message)
            if replace(here, made_with=self._stock.made_with) != there:
                what = "other templates or libraries" if here.version == there.version else there.version
                message = (
                    f"The worker {worker} has another careplan than this computer: {what}, not those of "
                    f"{here.version} here. Install the same on all computers."
                )
                raise ClusterError(message)

    def _refuse_blind(self, parts: Path, word: str) -> None:
        """Raise `ClusterError` where a worker does not see *parts*, which the command has left *word* in."""
        for worker, name in self._ask_workers(station.sees, parts, word).items():
            try:
                is_seen = bool(name) and (parts / name).read_text(encoding="utf-8") == word
            except (OSError, TypeError):
                is_seen = False
            if not is_seen:
                message = (
                    f"The worker {worker} does not share the folder {parts.parent} with this computer, or "
                    "may not write there for you. Mount it under the same path, or leave out --shared."
                )
                raise ClusterError(message)

    def _ask_workers(self, question: Callable[..., Any], *given: Any) -> dict[str, Any]:
        """Return the answer of each worker to *question*; an exception where it has none."""
        answers: dict[str, Any] = self._ask(
            lambda: self._client.run(question, *given, on_error="return"), self._patience * 2,
        )
        return answers

    def _ask(self, question: Callable[[], _Answer], seconds: float = 0) -> _Answer:
        """Return what *question* does, which may have to wait for the cluster for ever."""
        try:
            return in_time(question, seconds or self._patience)
        except Exception as error:
            raise self._gone() from error

    def _gone(self) -> ClusterError:
        return ClusterError(f"The cluster at {self._address} does not answer any more.")

    def _empty(self) -> ClusterError:
        return ClusterError(
            f"The cluster at {self._address} has no workers. Start some: dask worker {self._address}"
        )


@dataclass(frozen=True)
class _Ending:
    """The last that is told of the work, with the error that ended it."""

    error: BaseException | None


def _hand_over(queue: "Queue[Any]", one: Any, is_left: Event) -> None:
    """Put *one* into *queue* as soon as there is room, or drop it when nobody waits for it any more."""
    while not is_left.is_set():
        with suppress(Full):
            queue.put(one, timeout=_LOOK)
            return


def _moved(order: Order, folder: Path) -> Order:
    """Return *order* to be written into *folder*, if it is to be written at all."""
    return replace(order, target=folder / order.target.name) if order.target else order


def _take(parts: Path, folder: Path, order: Order) -> None:
    """Move the handout of *order* from *parts* to its place in *folder*."""
    assert order.target
    try:
        (parts / order.target.name).replace(folder / order.target.name)
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        message = f"{folder / order.target.name} was not written: {why}."
        raise OutputError(message) from None
