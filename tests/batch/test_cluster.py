"""A Dask cluster does the work of a batch: nothing is lost and nothing comes twice, whoever dies."""

import csv
import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import deadly
import psutil
import pytest

from careplan.batch import station
from careplan.batch.cluster import Cluster
from careplan.batch.journal import JOURNAL
from careplan.batch.pool import Limits, Lost
from careplan.batch.stock import Stock, made_with
from careplan.batch.work import Order, Printed, body_of, count_pages
from careplan.content.clinic import Clinic
from careplan.content.library import Library
from careplan.content.resources import templates_folder
from careplan.planning.request import Request
from careplan.problems import ClusterError, MissingPartError, RequestError

ROOT = Path(__file__).parent.parent.parent
# Seconds that anything may take that comes for certain.
DEADLINE = 60.0
TUESDAY = dt.date(2026, 12, 1)
HEAD = "ref,intervention,options,date,name\n"


@dataclass(frozen=True)
class Running:
    """A scheduler with its workers, and the folder with what they log."""

    address: str
    folder: Path
    workers: tuple[psutil.Process, ...]

    def at_work(self) -> list[psutil.Process]:
        """Return the processes of Dask that tasks are done in; the ones found above start and watch them."""
        children = [child for one in self.workers for child in one.children()]
        return [one for one in children if "multiprocessing-fork" in " ".join(one.cmdline())]

    def logged(self) -> str:
        """Return all that scheduler and workers have logged."""
        return "".join(path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("*.log")))


def until(holds: Callable[[], Any]) -> Any:
    """Return what *holds* returns as soon as it is something."""
    ends = time.monotonic() + DEADLINE
    while not (held := holds()):
        assert time.monotonic() < ends
        time.sleep(0.02)
    return held


def start(folder: Path, name: str, *arguments: str) -> psutil.Popen:
    """Start a program of Dask that logs to a file and finds careplan and these tests."""
    settings = {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent)]),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    }
    with (folder / f"{name}.log").open("wb") as log:
        return psutil.Popen(
            [sys.executable, "-m", "dask", *arguments, "--scheduler-file", str(folder / "scheduler.json"),
             "--host", "127.0.0.1", "--no-dashboard"],
            stdout=log, stderr=log, cwd=folder, env={**os.environ, **settings},
        )


def run_cluster(folder: Path, workers: int) -> Iterator[Running]:
    """Run a scheduler and *workers* of one thread each for as long as they are wanted."""
    with ExitStack() as stack:

        def begin(*arguments: str) -> psutil.Popen:
            process = start(folder, f"{arguments[0]}-{len(begun)}", *arguments)
            begun.append(process)
            stack.callback(end, process)
            return process

        begun: list[psutil.Popen] = []
        begin("scheduler", "--port", "0")
        there = folder / "scheduler.json"
        local = ("--nthreads", "1", "--local-directory", str(folder))
        until(lambda: there.exists() and there.read_text(encoding="utf-8").endswith("}"))
        nannies = tuple(begin("worker", *local) for _ in range(workers))
        address = json.loads(there.read_text(encoding="utf-8"))["address"]
        running = Running(address, folder, nannies)
        until(lambda: running.logged().count("Registered to:") >= workers)
        yield running


def end(process: psutil.Popen) -> None:
    """End *process* and all that it has started."""
    for one in [*process.children(recursive=True), process]:
        one.kill()
    process.wait()


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run a scheduler with two workers."""
    yield from run_cluster(tmp_path_factory.mktemp("dask"), 2)


@pytest.fixture
def stock(library: Library, clinic: Clinic) -> Stock:
    """Return the shipped texts, to print staff sheets."""
    return Stock(library, clinic, {}, dt.date(2026, 12, 1), "staff", made_with(templates_folder()))


def orders(number: int, folder: Path | None = None) -> list[list[Order]]:
    """Return tasks of one staff sheet each."""
    return [
        [Order(row, Request(
            kind="request", intervention="trigger-point-injection", options={"site": "neck"},
            date=TUESDAY + dt.timedelta(weeks=row),
        ), "Jordan Example", folder / f"{row}.pdf" if folder else None)]
        for row in range(1, number + 1)
    ]


def roster(folder: Path, rows: int) -> Path:
    """Write a roster with *rows*, of which the last asks for what there is not."""
    lines = [
        f"A-{row},trigger-point-injection,site=neck,{TUESDAY + dt.timedelta(weeks=row)},Jordan Example"
        for row in range(1, rows)
    ]
    path = folder / "day.csv"
    path.write_text(HEAD + "\n".join([*lines, "A-0,no-such-thing,,,Jordan Example"]) + "\n", encoding="utf-8")
    return path


def begin_batch(folder: Path, rows: int, *options: str) -> "subprocess.Popen[str]":
    """Start `careplan batch` over a roster with *rows*."""
    command = [sys.executable, "-m", "careplan", "batch", str(roster(folder, rows)), "-f", "staff", "--json"]
    return subprocess.Popen(
        [*command, "-o", "out", *options], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the lines of a report."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [*csv.DictReader(file)]


def test_a_worker_is_killed_and_nothing_is_lost_or_twice(dask: Running, tmp_path: Path) -> None:
    """Each row is reported once and each file is whole, and what the worker had started ends with it."""
    running = begin_batch(tmp_path, 7, "--scheduler", dask.address)
    assert running.stdout
    events = []
    for line in running.stdout:
        events.append(json.loads(line))
        if len([one for one in events if one["event"] == "row"]) == 1:
            victim = until(lambda: next((one for one in dask.at_work() if one.children()), None))
            started = victim.children()
            victim.kill()
            break
    rest, told = running.communicate(timeout=DEADLINE)
    events += [json.loads(line) for line in rest.splitlines()]

    report = rows_of(tmp_path / "out" / "report.csv")
    printed = [one for one in report if one["status"] == "printed"]
    files = sorted(path.name for path in (tmp_path / "out").glob("*.pdf"))
    assert running.returncode == 7, told
    assert [one["ref"] for one in report] == [*(f"A-{row}" for row in range(1, 7)), "A-0"]
    assert len([one for one in events if one["event"] == "row"]) == len(printed) == 6
    assert files == sorted(one["file"] for one in printed)
    assert all(count_pages(tmp_path / "out" / one["file"]) == int(one["pages"]) for one in printed)
    assert {(tmp_path / "out" / name).stat().st_mode & 0o777 for name in files} == {0o600}
    assert "distributed" not in told
    until(lambda: not any(one.is_running() for one in started))
    assert "Jordan" not in dask.logged()


def test_a_row_that_kills_its_workers_is_lost_alone(
    dask: Running, stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that share a task with it are printed; it is tried again alone, and then given up."""
    monkeypatch.setattr(station, "do", deadly.do)
    (first,), (second,) = orders(2)
    tasks = [[first, replace(first, row=deadly.DEADLY)], [second]]

    with Cluster(dask.address, stock, Limits()) as cluster:
        done = {order.row: result for order, result in cluster.print(tasks)}

    assert done.pop(deadly.DEADLY) == Lost("died")
    assert [*sorted(done)] == [1, 2]
    assert all(isinstance(one, Printed) and one.data.startswith(b"%PDF") for one in done.values())


def test_limits_hold_at_the_workers(dask: Running, stock: Stock) -> None:
    """A handout that takes longer than the limit is ended there and told, like here."""
    with Cluster(dask.address, stock, Limits(seconds=0.01)) as cluster:
        done = list(cluster.print(orders(2)))

    assert [result for _, result in done] == [Lost("slow"), Lost("slow")]


def test_rows_are_checked_there(dask: Running, stock: Stock) -> None:
    """Each body comes back once with what is known of it."""
    bodies = [body_of(order.request) for (order,) in orders(5)]

    with Cluster(dask.address, stock, Limits()) as cluster:
        done = {body.key: checked for body, checked in cluster.check(bodies)}

    assert {*done} == {body.key for body in bodies}
    assert len({one.key for one in done.values() if not isinstance(one, Lost)}) == 5


def test_a_stopped_batch_leaves_nothing_at_work(dask: Running, stock: Stock, tmp_path: Path) -> None:
    """What is written stays; the rest is called off, and nothing is written any more."""
    with Cluster(dask.address, stock, Limits()) as cluster:
        printing = cluster.print(orders(30, tmp_path))
        order, _ = next(printing)
        printing.close()

    until(lambda: not any(one.children() for one in dask.at_work()))
    assert order.target
    assert [*tmp_path.iterdir()] == [order.target]


def test_an_unlike_careplan_is_refused(dask: Running, stock: Stock) -> None:
    """A worker that would print other pages is named before any work is done."""
    with pytest.raises(ClusterError, match=r"worker tcp://.* has another careplan than this computer"):
        Cluster(dask.address, replace(stock, made_with="other"), Limits())


def test_a_folder_that_is_not_shared_is_refused(
    dask: Running, stock: Stock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --shared, each worker has to see the folder before any work is done."""
    monkeypatch.setattr(station, "sees", deadly.sees)

    with Cluster(dask.address, stock, Limits(), shared=True) as cluster, \
            pytest.raises(ClusterError, match="does not share the folder"):
        list(cluster.print(orders(1, tmp_path)))
    assert [*tmp_path.iterdir()] == []


def test_a_worker_that_cannot_work_stops_the_batch(
    dask: Running, stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would fail quickly and so draw all rows to it; what it says may quote a name and is left out."""
    monkeypatch.setattr(station, "do", deadly.refuse)

    with Cluster(dask.address, stock, Limits()) as cluster, pytest.raises(ClusterError) as raised:
        list(cluster.print(orders(1)))
    assert str(raised.value) == "A worker of the cluster cannot work: ValueError."


def test_a_cluster_without_workers_or_lost_is_told(tmp_path: Path, stock: Stock) -> None:
    """Nobody waits for ever: for workers that never come, and for a scheduler that is gone."""
    (tmp_path / "dask").mkdir()
    clusters = run_cluster(tmp_path / "dask", 0)
    running = next(clusters)

    with pytest.raises(ClusterError, match=r"has no workers\. Start some: dask worker tcp://"):
        Cluster(running.address, stock, Limits(), patience=0.2)
    worker = start(tmp_path / "dask", "late", "worker", "--no-nanny", "--nthreads", "1")
    try:
        until(lambda: "Registered to:" in running.logged())
        with Cluster(running.address, stock, Limits(), patience=2) as cluster:
            printing = cluster.print(orders(20))
            next(printing)
            clusters.close()  # type: ignore[attr-defined]
            with pytest.raises(ClusterError, match="does not answer any more"):
                list(printing)
    finally:
        end(worker)
    with pytest.raises(ClusterError, match="There is no Dask scheduler at"):
        Cluster(running.address, stock, Limits(), patience=1)


def test_an_address_needs_a_scheme(stock: Stock) -> None:
    """Anything but tcp:// and tls:// is refused with the way to write it."""
    with pytest.raises(RequestError, match="write tcp://HOST:8786"):
        Cluster("somewhere:8786", stock, Limits())


def test_certificates_are_needed_for_tls(stock: Stock) -> None:
    """Where Dask has none, that is what is told."""
    with pytest.raises(ClusterError, match="Dask has no certificates"):
        Cluster("tls://127.0.0.1:8786", stock, Limits())


def test_dask_is_a_part_of_its_own(stock: Stock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it, the line that installs it is told."""
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(MissingPartError, match=r"pip install 'careplan\[dask\]'"):
        Cluster("tcp://127.0.0.1:8786", stock, Limits())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--scheduler", "tcp://127.0.0.1:1", "--workers", "2"), "leave out --workers"),
        (("--shared",), "--shared goes with --scheduler"),
    ],
)
def test_options_that_do_not_go_together(tmp_path: Path, options: tuple[str, ...], told: str) -> None:
    """They are refused before anybody is asked."""
    running = begin_batch(tmp_path, 2, *options)

    _, said = running.communicate(timeout=DEADLINE)

    assert running.returncode == 2
    assert told in said


def test_the_command_leaves_on_ctrl_c(dask: Running, tmp_path: Path) -> None:
    """What is finished stays and is reported, for its owner only; nothing else is in the folder."""
    running = begin_batch(tmp_path, 30, "--scheduler", dask.address, "--shared")
    assert running.stdout
    next(line for line in running.stdout if '"event": "row"' in line)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=DEADLINE)

    assert running.returncode == 130, told
    assert "Traceback" not in told, told
    printed = [one["file"] for one in rows_of(tmp_path / "out" / "report.csv") if one["status"] == "printed"]
    files = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "out").iterdir()}
    assert 1 <= len(printed) < 29
    assert files == dict.fromkeys([*printed, "report.csv", JOURNAL], 0o600)
