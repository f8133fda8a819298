"""Workers: each piece of work has one result, whatever becomes of the process that does it."""

import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.batch.pool import Limits, Lost, Pool

# What a worker does with a piece: a word, and for some words a file that remembers the first try.
Piece = tuple[str, str]


def work(pieces: Sequence[Piece]) -> Iterator[tuple[str, int]]:
    """Do what the word of each piece says; the result is the word and the process."""
    for word, memory in pieces:
        if word == "die" or (word == "die-once" and _is_first(memory)):
            os.kill(os.getpid(), signal.SIGKILL)
        if word == "hang":
            signal.pause()
        if word == "grow":
            grown = [bytes(range(256)) * 4096 for _ in range(2000)]
            signal.pause()
            del grown
        if word == "raise":
            message = "Jordan Example"
            raise ValueError(message)
        if word == "leave":
            raise SystemExit
        yield word, os.getpid()


def _is_first(memory: str) -> bool:
    path = Path(memory)
    if path.exists():
        return False
    path.touch()
    return True


def run(tasks: list[list[Piece]], count: int = 2, **limits: float) -> list[tuple[Piece, object]]:
    """Return what a pool makes of *tasks*, in the order of the pieces."""
    with Pool(work, count, Limits(**limits)) as pool:
        return sorted(pool.run(tasks), key=lambda one: one[0])


def words(*named: str) -> list[Piece]:
    """Return pieces for the words *named*."""
    return [(word, "") for word in named]


@settings(max_examples=25)
@given(st.lists(st.lists(st.sampled_from(["a", "b", "raise"]), max_size=4), max_size=4))
def test_each_piece_has_one_result(tasks: list[list[str]]) -> None:
    """Whatever fails, no piece is lost and none is done twice."""
    pieces = [
        [(word, f"{row}-{column}") for column, word in enumerate(task)] for row, task in enumerate(tasks)
    ]

    done = run(pieces)

    assert [piece for piece, _ in done] == sorted(piece for task in pieces for piece in task)
    assert all(isinstance(result, Lost) == (piece[0] == "raise") for piece, result in done)


def test_work_is_shared_out() -> None:
    """Two processes do two tasks, and neither is this one."""
    done = run([words("a"), words("b")])

    processes = {result[1] for _, result in done}  # type: ignore[index]
    assert len(processes) == 2
    assert os.getpid() not in processes


def test_a_worker_that_dies_takes_one_piece_with_it(tmp_path: Path) -> None:
    """A piece whose worker dies is tried once more; when that dies too it is lost, and the rest goes on."""
    pieces = [("a", ""), ("die-once", str(tmp_path / "first")), ("b", ""), ("die", ""), ("c", "")]

    done = dict(run([pieces], count=1))

    lost = [piece[0] for piece, result in done.items() if result == Lost("died")]
    assert lost == ["die"]
    assert [piece[0] for piece in done if piece[0] != "die"] == ["a", "b", "c", "die-once"]


def test_what_takes_too_long_is_ended() -> None:
    """A piece over the time limit is lost; those before and behind it are done."""
    done = dict(run([words("a", "hang", "b")], count=1, seconds=1))

    assert done["hang", ""] == Lost("slow")
    assert {word for word, _ in done} == {"a", "b", "hang"}


def test_what_a_task_shares_is_waited_for_once() -> None:
    """When the first piece takes too long, so do those that share its pages: all are lost at once."""
    done = run([[("hang", ""), ("hang", "2"), ("hang", "3")]], seconds=1)

    assert [result for _, result in done] == [Lost("slow")] * 3


def test_what_grows_too_large_is_ended() -> None:
    """A piece over the memory limit is lost, and the rest goes on."""
    done = dict(run([words("a", "grow", "b")], count=1, megabytes=600))

    assert done["grow", ""] == Lost("large")
    assert len(done) == 3


def test_an_error_is_told_by_its_place() -> None:
    """What an error says may quote the patient, so only its kind and place are told."""
    (done,) = run([words("raise")])

    assert isinstance(done[1], Lost)
    assert done[1].why == "raised"
    assert done[1].where.startswith("ValueError in work, line ")


def test_leaving_is_an_error_too() -> None:
    """A library that ends the process ends one piece."""
    done = dict(run([words("leave", "a")], count=1))

    assert [type(done[word, ""]) for word in ("leave", "a")] == [Lost, tuple]


def test_a_process_is_renewed() -> None:
    """After so many pieces another process goes on."""
    with Pool(work, 1, Limits(), renew=2) as pool:
        done = [result for _, result in pool.run([words("a", "b"), words("c")])]

    assert done[0][1] == done[1][1] != done[2][1]  # type: ignore[index]


def test_no_process_is_left() -> None:
    """However it ends, nothing works on."""
    before = {one.pid for one in psutil.Process().children()}
    with Pool(work, 2, Limits()) as pool:
        next(pool.run([words("a", "hang"), words("b", "hang")]))

    left = [one for one in psutil.Process().children() if one.pid not in before]
    assert not [one for one in left if one.is_running()]


def test_processes_can_be_started_afresh() -> None:
    """Where a process cannot be copied, it gets the work as it is sent."""
    with Pool(work, 1, Limits(), method="spawn") as pool:
        ((piece, result),) = pool.run([words("a")])

    assert (piece, result[0]) == (("a", ""), "a")  # type: ignore[index]
