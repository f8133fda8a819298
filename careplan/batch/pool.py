"""Worker processes that do pieces of work: one that dies, hangs or grows loses one piece, not the batch.

A task is a row of pieces that share something, such as pages; a worker does them one after the
other and hands each over as soon as it is done.
"""

import gc
import multiprocessing as mp
import os
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Generic, Literal, Self, TypeVar

import psutil

Piece = TypeVar("Piece")
Result = TypeVar("Result")
Why = Literal["died", "slow", "large", "raised"]

# Where a process can be copied, a worker has in memory all that is loaded; elsewhere it loads it again.
METHOD = "fork" if sys.platform == "linux" else "spawn"
# Seconds between two looks at how long the workers take and how large they are.
_LOOK = 0.2
_MEGABYTE = 1024 * 1024
# How often a piece is tried whose worker died.
_TRIES = 2


@dataclass(frozen=True)
class Limits:
    """What one piece may take: *seconds*, and *megabytes* of its worker's memory."""

    seconds: float = 60.0
    megabytes: float = 1024.0


@dataclass(frozen=True)
class Lost:
    """A piece without a result: its worker died, or it was too slow, too large, or raised an error.

    *where* is the place of an error in the code; what the error said is left out, as it may
    quote the patient's data.
    """

    why: Why
    where: str = ""


@dataclass
class _Task(Generic[Piece]):
    pieces: Sequence[Piece]
    # How often the first piece was begun before.
    tries: int = 0


@dataclass
class _Worker(Generic[Piece]):
    process: Any
    pipe: Connection
    task: _Task[Piece] | None = None
    # Of the task, how many pieces are done; in all, how many were done; when the present one began.
    done: int = 0
    done_ever: int = 0
    began: float = field(default_factory=time.monotonic)

    def is_over(self, limits: Limits) -> Why | None:
        """Return which of the *limits* the worker is over."""
        if time.monotonic() - self.began > limits.seconds:
            return "slow"
        try:
            used = psutil.Process(self.process.pid).memory_info().rss
        except psutil.Error:
            return None
        return "large" if used > limits.megabytes * _MEGABYTE else None

    def kill(self) -> None:
        """End the process at once."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Pool(Generic[Piece, Result]):
    """Processes that call *work* with the pieces of a task, and get a result for each piece in turn.

    A process is renewed after *renew* pieces, before what libraries leave behind adds up.
    """

    def __init__(
        self, work: Callable[[Sequence[Piece]], Iterator[Result]], count: int, limits: Limits,
        *, renew: int = 500, method: str = METHOD,
    ) -> None:
        self._work = work
        self._count = count
        self._limits = limits
        self._renew = renew
        self._method = method
        self._context: Any = mp.get_context(method)
        self._workers: list[_Worker[Piece]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all processes at once."""
        for worker in self._workers:
            worker.kill()
        self._workers.clear()

    def run(self, tasks: Iterable[Sequence[Piece]]) -> Iterator[tuple[Piece, Result | Lost]]:
        """Yield each piece of *tasks* once, with its result, in the order in which they are done."""
        waiting = deque(_Task[Piece](pieces) for pieces in tasks if pieces)
        while waiting or any(worker.task for worker in self._workers):
            self._hand_out(waiting)
            busy = [worker for worker in self._workers if worker.task]
            ready = wait([worker.pipe for worker in busy], timeout=_LOOK)
            for worker in busy:
                if worker.pipe in ready:
                    yield from self._receive(worker, waiting)
                elif why := worker.is_over(self._limits):
                    yield from self._give_up(worker, why, waiting)

    def _hand_out(self, waiting: deque[_Task[Piece]]) -> None:
        """Give each idle worker a task; start workers up to the number wanted."""
        for worker in [one for one in self._workers if not one.task]:
            if waiting and worker.done_ever >= self._renew:
                self._drop(worker)
        while waiting and (idle := self._idle()):
            idle.task, idle.done, idle.began = waiting.popleft(), 0, time.monotonic()
            try:
                idle.pipe.send(idle.task.pieces)
            except OSError:
                # It died while it was idle, so no piece is to blame.
                waiting.appendleft(idle.task)
                self._drop(idle)

    def _idle(self) -> _Worker[Piece] | None:
        idle = next((one for one in self._workers if not one.task), None)
        if idle is None and len(self._workers) < self._count:
            ours, theirs = self._context.Pipe()
            # A copied process holds the ends of all pipes: it would never see one of them closed.
            pipes = [worker.pipe for worker in self._workers] + [ours] if self._method == "fork" else []
            given = (theirs, pipes, self._work, self._limits.seconds)
            process = self._context.Process(target=_serve, args=given, daemon=True)
            process.start()
            theirs.close()
            idle = _Worker(process, ours)
            self._workers.append(idle)
        return idle

    def _receive(
        self, worker: _Worker[Piece], waiting: deque[_Task[Piece]]
    ) -> Iterator[tuple[Piece, Result | Lost]]:
        """Take one result from *worker*; end or begin what follows from it."""
        task = worker.task
        assert task
        try:
            result = worker.pipe.recv()
        except (EOFError, OSError):
            yield from self._bury(worker, waiting)
            return
        piece = task.pieces[worker.done]
        worker.done += 1
        worker.done_ever += 1
        worker.began = time.monotonic()
        rest = task.pieces[worker.done :]
        if isinstance(result, Lost) and rest:
            waiting.appendleft(_Task(rest))
        if isinstance(result, Lost) or not rest:
            worker.task = None
        yield piece, result

    def _bury(
        self, worker: _Worker[Piece], waiting: deque[_Task[Piece]]
    ) -> Iterator[tuple[Piece, Result | Lost]]:
        """Replace a worker that died; the piece it was at is tried once more."""
        task, done = worker.task, worker.done
        assert task
        self._drop(worker)
        tries = (0 if done else task.tries) + 1
        if tries < _TRIES:
            waiting.appendleft(_Task(task.pieces[done:], tries))
            return
        if rest := task.pieces[done + 1 :]:
            waiting.appendleft(_Task(rest))
        yield task.pieces[done], Lost("died")

    def _give_up(
        self, worker: _Worker[Piece], why: Why, waiting: deque[_Task[Piece]]
    ) -> Iterator[tuple[Piece, Result | Lost]]:
        """End a worker that is over a limit."""
        task, done = worker.task, worker.done
        assert task
        self._drop(worker)
        # What takes too much before the first result is what all pieces of the task share.
        lost = task.pieces[done : done + 1] if done else task.pieces
        if rest := task.pieces[done + len(lost) :]:
            waiting.appendleft(_Task(rest))
        for piece in lost:
            yield piece, Lost(why)

    def _drop(self, worker: _Worker[Piece]) -> None:
        self._workers.remove(worker)
        worker.kill()


def _serve(
    pipe: Connection, foreign: Sequence[Connection], work: Callable[[Sequence[Any]], Iterator[Any]],
    seconds: float,
) -> None:
    """Do tasks from *pipe* until it is closed, and at most *seconds* longer than there is a parent."""
    # Ctrl+C is for the one who hands out the work.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for one in foreign:
        one.close()
    threading.Thread(target=_outlive, args=(seconds,), daemon=True).start()
    # Collecting between pieces instead of within them is quicker, and leaves copied memory alone.
    gc.freeze()
    gc.disable()
    try:
        while True:
            pieces = pipe.recv()
            for result in _results(work, pieces):
                pipe.send(result)
                # What the pieces share has grown old after the first, and is not looked through again.
                gc.collect(1)
            gc.collect()
    except (EOFError, OSError):
        # Nobody is there any more to hand out work.
        return


def _outlive(seconds: float) -> None:
    """End this process *seconds* after its parent: a piece that hangs never sees that its pipe is closed."""
    if parent := mp.parent_process():
        parent.join()
        time.sleep(seconds)
        os._exit(1)


def _results(work: Callable[[Sequence[Any]], Iterator[Any]], pieces: Sequence[Any]) -> Iterator[Any]:
    """Yield what *work* yields; an error ends it, and is told by its place."""
    try:
        yield from work(pieces)
    except MemoryError:
        yield Lost("large")
    except BaseException as error:  # noqa: BLE001 - the next task goes on
        yield Lost("raised", _place(error))


def _place(error: BaseException) -> str:
    """Return what kind of error it is and where it was raised, without its text."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {frame.name}, line {frame.lineno}"
