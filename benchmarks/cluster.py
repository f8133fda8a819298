"""Print what handouts cost on a cluster, and 100,000 of them: `python benchmarks/cluster.py`.

A scheduler and two workers run on this computer; nothing else is needed. What is counted is CPU
time, which other programs change less than the clock. Machines differ all the same: the ratios
hold elsewhere, the seconds are to be measured on the computers that will do the work. A cost is
the difference between a longer and a shorter batch, so that what every batch costs once is left out.
"""

import csv
import datetime as dt
import json
import math
import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median

import psutil

ROOT = Path(__file__).parent.parent
SHORT, LONG = 10, 50
SHARING = 10
MANY = 100_000
MEGABYTE, GIGABYTE = 1e6, 1e9
TUESDAY = dt.date(2026, 12, 1)
HEAD = "ref,intervention,options,therapies,condition,date,name\n"
ROW = "epidural-steroid-injection,site=lumbar,physical-therapy; psychotherapy; acupuncture,sciatica"
BUILD = (
    "build", "epidural-steroid-injection", "--option", "site=lumbar", "-c", "sciatica",
    "-t", "physical-therapy,psychotherapy,acupuncture", "-d", str(TUESDAY),
)


@dataclass
class Cost:
    """What a batch took: CPU seconds of the workers, the scheduler and the command, and bytes sent."""

    workers: float
    scheduler: float
    command: float
    sent: int

    def a_row(self, shorter: "Cost", rows: int) -> "Cost":
        """Return what each of *rows* took that this batch has more than the *shorter* one."""
        return Cost(
            (self.workers - shorter.workers) / rows, (self.scheduler - shorter.scheduler) / rows,
            (self.command - shorter.command) / rows, round((self.sent - shorter.sent) / rows),
        )

    @property
    def cpu(self) -> float:
        """Return the CPU seconds of all together."""
        return self.workers + self.scheduler + self.command


@dataclass
class Cluster:
    """A scheduler behind a door that counts what goes through, and its workers."""

    scheduler: psutil.Process
    nannies: list[psutil.Process]
    address: str = ""
    sent: int = 0
    # The largest that each kind of process was, in bytes.
    peak: dict[str, int] = field(default_factory=dict)

    def working(self) -> list[psutil.Process]:
        """Return the processes of Dask in which tasks run."""
        children = [child for nanny in self.nannies for child in nanny.children()]
        return [one for one in children if "multiprocessing-fork" in " ".join(one.cmdline())]

    def watch(self) -> None:
        """See how large the processes are, again and again."""
        while True:
            with suppress(psutil.Error):
                workers = self.working()
                kinds = {
                    "scheduler": [self.scheduler], "nanny": self.nannies, "worker of Dask": workers,
                    "process of careplan": [child for one in workers for child in one.children()],
                }
                for kind, found in kinds.items():
                    self.peak[kind] = max([self.peak.get(kind, 0), *(one.memory_info().rss for one in found)])
            time.sleep(0.1)

    def door(self, port: int) -> str:
        """Open a door to the scheduler at *port* and return its address."""
        listening = socket.create_server(("127.0.0.1", 0))

        def carry(one: socket.socket, other: socket.socket) -> None:
            with suppress(OSError):
                while data := one.recv(65536):
                    self.sent += len(data)
                    other.sendall(data)
            with suppress(OSError):
                other.shutdown(socket.SHUT_WR)

        def let_in() -> None:
            while True:
                guest, _ = listening.accept()
                host = socket.create_connection(("127.0.0.1", port))
                for pair in ((guest, host), (host, guest)):
                    threading.Thread(target=carry, args=pair, daemon=True).start()

        threading.Thread(target=let_in, daemon=True).start()
        return f"tcp://127.0.0.1:{listening.getsockname()[1]}"


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Run a scheduler and two workers of one thread each."""
    begun: list[psutil.Popen] = []
    common = ("--scheduler-file", str(folder / "scheduler.json"), "--host", "127.0.0.1", "--no-dashboard")

    def begin(*arguments: str) -> psutil.Popen:
        with (folder / "log").open("ab") as log:
            process = psutil.Popen(
                [sys.executable, "-m", "dask", *arguments, *common], stdout=log, stderr=log, cwd=folder,
            )
        begun.append(process)
        return process

    try:
        scheduler = begin("scheduler", "--port", "0")
        until((folder / "scheduler.json").exists)
        local = ("--nthreads", "1", "--local-directory", str(folder))
        running = Cluster(scheduler, [begin("worker", *local) for _ in range(2)])
        until(lambda: (folder / "log").read_text(encoding="utf-8").count("Registered to:") == len(begun) - 1)
        address = json.loads((folder / "scheduler.json").read_text(encoding="utf-8"))["address"]
        running.address = running.door(int(address.rpartition(":")[2]))
        threading.Thread(target=running.watch, daemon=True).start()
        yield running
    finally:
        for one in begun:
            for child in (*one.children(recursive=True), one):
                child.kill()
            one.wait()


def until(holds: Callable[[], bool]) -> None:
    """Wait for *holds*."""
    while not holds():
        time.sleep(0.1)


def cpu_of(process: psutil.Process) -> float:
    """Return the CPU seconds of *process* and of its children that have ended."""
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def careplan(*arguments: str) -> float:
    """Return the CPU seconds of one careplan process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    clinic = str(ROOT / "plans" / "examples" / "clinic.yaml")
    command = [sys.executable, "-m", "careplan", *arguments, "--clinic", clinic]
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def batch(running: Cluster, folder: Path, rows: int, sharing: int, *options: str) -> Cost:
    """Print *rows*, of which *sharing* have the same plan, into *folder*."""
    lines = [
        f"A-{row:03},{ROW},{TUESDAY + dt.timedelta(weeks=row // sharing)},Jordan Example {row}"
        for row in range(rows)
    ]
    roster = folder.with_suffix(".csv")
    roster.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    workers = running.working()
    before = [sum(map(cpu_of, workers)), cpu_of(running.scheduler), running.sent]
    command = careplan(
        "batch", str(roster), "-o", str(folder), "--scheduler", running.address, "-q", *options,
    )
    # The processes of careplan are counted when they have ended.
    until(lambda: not any(one.children() for one in workers))
    after = [sum(map(cpu_of, workers)), cpu_of(running.scheduler), running.sent]
    workers_took, scheduler_took, sent = (late - early for late, early in zip(after, before, strict=True))
    return Cost(workers_took, scheduler_took, command, int(sent))


def a_row(running: Cluster, folder: Path, name: str, sharing: int, *options: str) -> Cost:
    """Return what a row costs where *sharing* rows have the same plan."""
    costs = [
        batch(running, folder / f"{name}-{rows}", rows, sharing, *options) for rows in (SHORT, LONG)
    ]
    return costs[1].a_row(costs[0], LONG - SHORT)


def main() -> None:
    """Measure, and print what came of it."""
    os.environ["PYTHONPATH"] = str(ROOT)
    with tempfile.TemporaryDirectory() as name, cluster(Path(name)) as running:
        folder = Path(name)
        build = median(careplan(*BUILD, "-o", str(folder / f"{number}.pdf")) for number in range(3))
        costs = {
            "each row has a plan of its own": a_row(running, folder, "own", 1),
            f"{SHARING} rows share a plan": a_row(running, folder, "shared", SHARING),
            "each of its own, written by the workers": a_row(running, folder, "written", 1, "--shared"),
        }
        # It is so little that it is measured more than once.
        again = [a_row(running, folder, "own", 1, "--resume") for _ in range(5)]
        costs["unchanged, with --resume"] = sorted(again, key=lambda one: one.cpu)[2]
        files = [path.stat().st_size for path in (folder / f"own-{LONG}").glob("*.pdf")]
        with (folder / f"own-{LONG}" / "report.csv").open(encoding="utf-8-sig", newline="") as file:
            pages = [int(one["pages"]) for one in csv.DictReader(file)]
        tell(build, costs, running, mean(files), mean(pages))


def tell(build: float, costs: dict[str, Cost], running: Cluster, size: float, pages: float) -> None:
    """Print what was measured, and what it comes to for many handouts."""
    print("A handout                                  CPU s  workers  scheduler  command  / build   sent kB")
    print(f"{'one careplan build process':<40} {build:>7.3f} {'':>27} {1:>8.3f}")
    for title, cost in costs.items():
        print(
            f"{title:<40} {cost.cpu:>7.3f} {cost.workers:>8.3f} {cost.scheduler:>10.4f} {cost.command:>8.4f} "
            f"{cost.cpu / build:>8.3f} {cost.sent / 1000:>9.1f}"
        )
    sheets = math.ceil(pages / 2)
    print(f"\nOn disk {size / 1000:.0f} kB and {pages:.1f} pages, {sheets} sheets on both sides.")
    for kind, peak in running.peak.items():
        print(f"Memory of a {kind}: {peak / MEGABYTE:.0f} MB at most")
    print(f"\n{MANY:,} handouts")
    for title, cost in costs.items():
        hours, sent = cost.cpu * MANY / 3600, cost.sent * MANY / GIGABYTE
        print(f"{title:<40} {hours:>7.1f} core-hours {sent:>7.1f} GB sent")
    print(f"On disk {size * MANY / GIGABYTE:.1f} GB, and {sheets * MANY:,} sheets of paper.")


if __name__ == "__main__":
    main()
