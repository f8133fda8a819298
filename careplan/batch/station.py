"""At a worker of a cluster: work is done in processes of careplan's own, so that limits hold there, too.

Dask calls these functions in its worker processes. Nothing here imports Dask, and no
function raises what could quote a patient's data, because Dask logs what a task raises.
"""

import multiprocessing as mp
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TypeVar

from careplan.batch.pool import Limits, Lost, Pool
from careplan.batch.stock import Stock, made_with
from careplan.batch.work import Body, Checked, Order, Printed, Refused, check_bodies, print_orders
from careplan.content.clinic import Clinic
from careplan.content.resources import templates_folder
from careplan.files import write_whole
from careplan.problems import MissingPartError, OutputError

Piece = Body | Order
Result = Checked | Printed | Refused | Lost
_Held = TypeVar("_Held")

# A process that is started afresh loads all that it needs again, so it is renewed less often.
_RENEW = 200


@dataclass(frozen=True)
class Unfit:
    """A worker that cannot do what is asked of it, and why."""

    why: str


@dataclass(frozen=True)
class Sort:
    """What kind of careplan a worker has: its version, and the state of all that decides on its pages."""

    version: str
    made_with: str


_Bench = Pool[Piece, Checked | Printed | Refused | Unfit]
# The processes that wait for work, each with the batch that it has the stock of; one for each
# task that Dask runs at a time. A batch that is over gets nothing done any more.
_idle: list[tuple[str, _Bench]] = []
_over: set[str] = set()
_lock = Lock()


def sort_here() -> Sort:
    """Return what kind of careplan works here."""
    return Sort(version("careplan"), made_with(templates_folder()))


def hold(held: _Held) -> _Held:
    """Return *held*: as the result of a task it is sent to each worker once, and is made again if lost."""
    return held


def sees(folder: Path, word: str) -> str:
    """Return the name of a file that was written into *folder*; nothing where that is not the one meant.

    The command left *word* there, and looks for the file.
    """
    name = f"seen-{secrets.token_hex(8)}"
    try:
        if (folder / "word").read_text(encoding="utf-8") != word:
            return ""
        write_whole(folder / name, word.encode())
    except (OSError, OutputError):
        return ""
    return name


def do(batch: str, stock: Stock, limits: Limits, pieces: Sequence[Piece]) -> list[Result] | Unfit:
    """Return what came of each of *pieces*, which belong to *batch*, in their order."""
    if stock.made_with != sort_here().made_with:
        return Unfit("it has another careplan than the command")
    # A worker of Dask may not have processes of its own unless it says that it is no daemon.
    mp.current_process().daemon = False
    bench = _take(batch, stock, limits)
    done: dict[int | str, Result] = {}
    try:
        for piece, result in bench.run([pieces]):
            if isinstance(result, Unfit):
                bench.close()
                return result
            done[_name(piece)] = result
            if batch in _over:
                bench.close()
                return Unfit("the batch is over")
    except BaseException:
        bench.close()
        raise
    with _lock:
        _idle.append((batch, bench))
    return [done[_name(piece)] for piece in pieces]


def end(batch: str) -> None:
    """End the processes that have worked for *batch*, the busy ones after the handout they are at."""
    _over.add(batch)
    for bench in _drop(batch):
        bench.close()


def _take(batch: str, stock: Stock, limits: Limits) -> _Bench:
    """Return an idle process of *batch*, or a new one instead of one of another batch."""
    with _lock:
        mine = next((one for one in _idle if one[0] == batch), None)
        other = _idle[0] if _idle and mine is None else None
        for one in (mine, other):
            if one:
                _idle.remove(one)
    if other:
        other[1].close()
    return mine[1] if mine else Pool(partial(_work, stock), 1, limits, renew=_RENEW, method="spawn")


def _drop(batch: str) -> list[_Bench]:
    with _lock:
        dropped = [bench for one, bench in _idle if one == batch]
        _idle[:] = [one for one in _idle if one[0] != batch]
    return dropped


def _name(piece: Piece) -> int | str:
    return piece.row if isinstance(piece, Order) else piece.key


def _work(stock: Stock, pieces: Sequence[Piece]) -> Iterator[Checked | Printed | Refused | Unfit]:
    """Check or print *pieces*, in a process of careplan's own."""
    bodies = [piece for piece in pieces if isinstance(piece, Body)]
    yield from check_bodies(stock, bodies)
    if orders := [piece for piece in pieces if isinstance(piece, Order)]:
        try:
            _warm_up()
        except MissingPartError as error:
            yield Unfit(str(error))
            return
        yield from print_orders(stock, orders)


@lru_cache
def _warm_up() -> None:
    from careplan.render.pdf import warm_up  # noqa: PLC0415 - slow to import

    warm_up(templates_folder(), Clinic(kind="clinic"))
