"""Print how fast `careplan batch` is, as ratios taken in one run: `python benchmarks/batch.py`.

What is measured stands in README.md beside this file. Each ratio is the median over rounds in
which all were run one after the other, or over pairs. Nothing here is a test: a slow machine
must not fail a build.
"""

import argparse
import datetime as dt
import gc
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import peers
import psutil
import yaml
from speed import REQUEST

from careplan.batch.crew import Crew
from careplan.batch.pool import Limits, Pool
from careplan.batch.stock import Stock, made_with
from careplan.batch.work import Order, count_pages, print_orders
from careplan.cli.house import load_clinic
from careplan.content.library import load_library
from careplan.content.resources import plans_folder, templates_folder
from careplan.content.validation import check_given
from careplan.content.wording import load_wording
from careplan.planning.compose import compose
from careplan.planning.request import Request
from careplan.render.handout import lay_out_fitted
from careplan.render.html import render_html
from careplan.render.pdf import warm_up

CLINIC = plans_folder() / "examples" / "clinic.yaml"
FIRST_DAY = dt.date(2026, 12, 3)
BODIES = ("shared", "distinct")
ROSTER = ("ref", "intervention", "options", "therapies", "condition", "date", "name")
WIDE_LIMITS = Limits(seconds=600, megabytes=8192)
THERAPIES = (
    "physical-therapy", "psychotherapy", "acupuncture", "massage-therapy", "yoga", "tai-chi",
    "pain-education", "sleep-cbti", "heat-cold",
)
# Says what a command took. It stands between, because a large process lends its size to the next.
MEASURE = (
    "import json, resource, subprocess, sys, time; began = time.monotonic(); "
    "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); "
    "wall = time.monotonic() - began; used = resource.getrusage(resource.RUSAGE_CHILDREN); "
    "print(json.dumps([used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024]))"
)
Line = tuple[str, str, str]


@dataclass(frozen=True)
class Used:
    """What something took: seconds of *cpu* and by the clock, and the *peak* of its memory in MiB."""

    cpu: float
    wall: float
    peak: float = 0

    def each(self, number: int) -> "Used":
        """Return what one of *number* took."""
        return Used(self.cpu / number, self.wall / number, self.peak)


def day(number: int) -> dt.date:
    """Return a weekday of its own for each *number*."""
    weeks, rest = divmod(number, 4)
    return FIRST_DAY + dt.timedelta(days=7 * weeks + (0, 4, 5, 6)[rest])


def name(number: int) -> str:
    """Return a patient's name."""
    return f"Jordan Example {number}"


def request_for(number: int, bodies: str, **more: Any) -> Request:
    """Return the request of a row: its day makes it a body of its own, its name does not."""
    date = day(number if bodies == "distinct" else 0).isoformat()
    return check_given(Request, {**REQUEST, "date": date, **more}, "benchmark")


def run(*command: str, **environment: str) -> Used:
    """Return what *command* took, with all that it started and waited for."""
    done = subprocess.run(
        (sys.executable, "-c", MEASURE, *command), capture_output=True, text=True, check=True,
        env={**os.environ, **environment},
    )
    return Used(*json.loads(done.stdout))


def careplan(*arguments: str) -> tuple[str, ...]:
    """Return the command of a careplan process."""
    return (sys.executable, "-m", "careplan", *arguments)


def write_roster(file: Path, rows: int, bodies: str) -> Path:
    """Write a roster of *rows*, which share a body or have one each."""
    lines = [",".join(ROSTER)]
    for number in range(rows):
        date = day(number if bodies == "distinct" else 0)
        cells = (
            f"B-{number:04}", REQUEST["intervention"], "site=lumbar", "; ".join(REQUEST["therapies"]),
            REQUEST["conditions"], date.isoformat(), name(number),
        )
        lines.append(",".join(map(str, cells)))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def write_request(file: Path, **given: Any) -> Path:
    """Write a request for `careplan build`."""
    file.write_text(yaml.safe_dump({"kind": "request", **given}), encoding="utf-8")
    return file


def batch(folder: Path, rows: int, bodies: str, *more: str) -> Used:
    """Return what `careplan batch` takes; the handouts are left where `--resume` finds them."""
    out = folder / f"out-{bodies}-{rows}"
    if "--resume" not in more:
        shutil.rmtree(out, ignore_errors=True)
    roster = write_roster(folder / f"{bodies}-{rows}.csv", rows, bodies)
    return run(*careplan("batch", str(roster), "-o", str(out), "--clinic", str(CLINIC), *more))


def stock() -> Stock:
    """Return what all rows share, with everything loaded that pages are printed with."""
    clinic = load_clinic(CLINIC)
    warm_up(templates_folder(), clinic)
    made = made_with(templates_folder())
    return Stock(load_library(plans_folder()), clinic, {}, FIRST_DAY, "pdf", made)


def measure_peers(folder: Path, rows: int, rounds: int) -> Iterator[Line]:
    """Yield careplan's batch beside other ways to print the same handouts."""
    pages = folder / "pages"
    pages.mkdir()
    write_pages(pages, rows)
    there = [one for one in peers.PEERS if peers.is_there(one)]
    taken: dict[str, list[Used]] = {}
    numbers: dict[str, float] = {}
    for _ in range(rounds):
        for bodies in BODIES:
            taken.setdefault(f"batch {bodies}", []).append(batch(folder, rows, bodies).each(rows))
        builds = [build(folder, number) for number in range(3)]
        one = Used(*(statistics.mean(getattr(used, key) for used in builds) for key in ("cpu", "wall")))
        taken.setdefault("careplan build, one process a row", []).append(one)
        for peer in there:
            used, numbers[peer] = print_with(peer, pages)
            taken.setdefault(peer, []).append(used.each(rows))
        for bodies in BODIES:
            used = resumed(folder, rows, bodies)
            taken.setdefault(f"resume {bodies}", []).append(used)
    numbers["careplan"] = count_pages(next((folder / f"out-shared-{rows}").glob("*.pdf")))
    yield (f"pages of a handout: careplan {numbers['careplan']:.0f}, " + ", ".join(
        f"{peer} {numbers[peer]:.0f}" for peer in there), "", "")
    yield from compared(taken)
    for peer in peers.PEERS:
        if peer not in there:
            yield f"{peer} is not installed", "", "skipped"


def compared(taken: Mapping[str, Sequence[Used]]) -> Iterator[Line]:
    """Yield what each took, against a build and against careplan's batches."""

    def over(one: str, other: str, key: str = "cpu") -> str:
        pairs = zip(taken[one], taken[other], strict=True)
        return f"{statistics.median(getattr(a, key) / getattr(b, key) for a, b in pairs):.3f}"

    builder = "careplan build, one process a row"
    others = [one for one in taken if one.split()[0] not in ("batch", "resume")]
    for bodies in BODIES:
        for other in others:
            yield f"CPU a handout: {other} / batch, {bodies} bodies", "", over(other, f"batch {bodies}")
    for bodies in BODIES:
        for other in others:
            title = f"handouts a second: batch, {bodies} bodies / {other}"
            yield title, "", over(other, f"batch {bodies}", "wall")
    yield "6: CPU a handout: batch, shared bodies / a build", "0.35", over("batch shared", builder)
    warm = "weasyprint"
    if warm in taken:
        yield "6: the same / bare WeasyPrint, warm", "0.35", over("batch shared", warm)
    for peer in ("chromium", "fpdf2", "xhtml2pdf"):
        if peer in taken:
            yield f"6: the same / {peer}", "1.00", over("batch shared", peer)
    for bodies in BODIES:
        title = f"6: CPU of an unchanged row / a build, {bodies} bodies"
        yield title, "0.01", over(f"resume {bodies}", builder)


def write_pages(folder: Path, rows: int) -> None:
    """Write the HTML that careplan prints for rows with plans of their own."""
    held, templates = stock(), templates_folder()
    wording = load_wording(templates, "en")
    plan = compose(held.library, request_for(0, "distinct"), held.clinic, wording)
    _, fit = lay_out_fitted(plan, wording, templates)
    for number in range(rows):
        request = request_for(number, "distinct", patient={"name": name(number)})
        plan = compose(held.library, request, held.clinic, wording)
        page = folder / f"{number:04}.html"
        page.write_text(render_html(plan, wording, templates, fit=fit), encoding="utf-8")


def build(folder: Path, number: int) -> Used:
    """Return what one `careplan build` takes for a row."""
    given = {**REQUEST, "date": day(number).isoformat(), "patient": {"name": name(number)}}
    request = write_request(folder / "row.yaml", **given)
    out = folder / "row.pdf"
    out.unlink(missing_ok=True)
    return run(*careplan("build", str(request), "--clinic", str(CLINIC), "-o", str(out)))


def print_with(peer: str, pages: Path) -> tuple[Used, float]:
    """Return what a *peer* takes for all *pages*, and how many it makes of each."""
    fonts = templates_folder() / "fonts"
    done = subprocess.run(
        (sys.executable, peers.__file__, peer, str(pages), str(fonts)), capture_output=True, text=True,
        check=True, env={**os.environ, "FONTCONFIG_FILE": str(fonts / "fonts.conf")},
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return Used(told["cpu"], told["wall"]), told["pages"]


def resumed(folder: Path, rows: int, bodies: str) -> Used:
    """Return what one more unchanged row takes, beyond a batch of one such row."""
    few = 1
    batch(folder, few, bodies)
    cpu = [statistics.median(batch(folder, number, bodies, "--resume").cpu for _ in range(3))
           for number in (rows, few)]
    return Used((cpu[0] - cpu[1]) / (rows - few), 0)


def measure_workers(_: Path, rows: int, rounds: int) -> Iterator[Line]:
    """Yield what a second worker brings, with everything loaded."""
    held = stock()
    tasks = [[order(number, "distinct")] for number in range(rows)]

    def printed(count: int) -> Used:
        before, began = children(), time.monotonic()
        list(Crew(held, count, WIDE_LIMITS).print(tasks))
        return Used(children() - before, time.monotonic() - began)

    printed(2)
    pairs = [(printed(1), printed(2)) for _ in range(max(rounds, 5))]
    faster = statistics.median(one.wall / two.wall for one, two in pairs)
    dearer = statistics.median(two.cpu / one.cpu for one, two in pairs)
    got = [statistics.median(used.cpu / used.wall for used in side) for side in zip(*pairs, strict=True)]
    yield "5: handouts a second: two workers / one", "1.90", f"{faster:.2f}"
    yield "   CPU a handout: two workers / one", "1.00", f"{dearer:.2f}"
    yield f"   processors that one and two workers got: {got[0]:.2f}, {got[1]:.2f}", "", ""
    yield "   the same if two workers had got twice what one got", "1.90", f"{2 / dearer:.2f}"


def order(number: int, bodies: str) -> Order:
    """Return a row's order, to be handed back."""
    return Order(number, request_for(number, bodies), name(number))


def children() -> float:
    """Return the CPU seconds of all processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure_memory(_: Path, __: int, ___: int) -> Iterator[Line]:
    """Yield what a worker that is never renewed holds after 500 handouts, against 50."""
    held = stock()
    for bodies in BODIES:
        share = 50 if bodies == "shared" else 1
        orders = [order(number, bodies) for number in range(500)]
        tasks = [orders[start : start + share] for start in range(0, len(orders), share)]
        sizes = []
        with Pool(partial(print_orders, held), 1, WIDE_LIMITS, renew=10**6) as pool:
            for _piece, _result in pool.run(tasks):
                worker = psutil.Process().children()[0].memory_full_info()
                sizes.append((worker.rss, worker.uss))
        for kind, seen in zip(("RSS", "USS"), zip(*sizes, strict=True), strict=True):
            # A worker is looked at while it works, so the middle of ten looks is taken.
            after_50, after_500 = statistics.median(seen[40:50]), statistics.median(seen[490:])
            value = f"{after_500 / after_50:.2f}"
            yield f"5: {kind} of a worker after 500 handouts / 50, {bodies} bodies", "1.20", value


def measure_pages(folder: Path, _: int, rounds: int) -> Iterator[Line]:
    """Yield how CPU and memory of a build grow with its pages."""
    for kind, large in (("usual print", False), ("large print", True)):
        points = sorted(sizes(folder, rounds, large=large), key=lambda point: point[0])
        counts = [pages for pages, _used in points]
        yield f"{kind}: {len(points)} builds of {counts[0]} to {counts[-1]} pages", "", ""
        for key in ("cpu", "peak"):
            values = [getattr(used, key) for _pages, used in points]
            slope, base = statistics.linear_regression(counts, values)
            lines = (base + slope * pages for pages in counts)
            off = max(abs(value / line - 1) for value, line in zip(values, lines, strict=True))
            if key == "cpu":
                yield f"7: CPU, {kind}: the build furthest from a line over pages", "0%", f"{off:.0%}"
                share = slope * counts[0] / (base + slope * counts[0])
                yield f"   share of the CPU at {counts[0]} pages that grows with pages", "", f"{share:.0%}"
            else:
                yield f"7: peak memory, {kind}: MiB + MiB a page", "70 + 5", f"{base:.0f} + {slope:.1f}"
        over = [used.peak / (70 + 5 * pages) for pages, used in points]
        yield "   peak / (70 + 5 MiB a page): fewest and most pages", "1.00", f"{over[0]:.2f} {over[-1]:.2f}"


def sizes(folder: Path, rounds: int, *, large: bool) -> Iterator[tuple[int, Used]]:
    """Yield builds of few and many therapies: their pages, and what each took.

    Their CPU is told in that of a usual build, which is run before each: so a busy machine
    matters less.
    """
    out = folder / "size.pdf"

    def built(**given: Any) -> Used:
        request = write_request(folder / "size.yaml", **{**REQUEST, **given})
        out.unlink(missing_ok=True)
        return run(*careplan("build", str(request), "--clinic", str(CLINIC), "-o", str(out)))

    for number in range(0, len(THERAPIES) + 1, 2):
        pairs = [
            (built(), built(therapies=list(THERAPIES[:number]), large_print=large)) for _ in range(rounds)
        ]
        cpu = statistics.median(one.cpu / usual.cpu for usual, one in pairs)
        yield count_pages(out), Used(cpu, 0, statistics.median(one.peak for _usual, one in pairs))


def measure_quiet(folder: Path, rows: int, _: int) -> Iterator[Line]:
    """Yield what a batch starts, leaves behind and calls."""
    temporary, log = folder / "temporary", folder / "calls"
    temporary.mkdir()
    roster = write_roster(folder / "quiet.csv", rows, "distinct")
    command = careplan("batch", str(roster), "-o", str(folder / "quiet"), "--clinic", str(CLINIC))
    trace = ("strace", "-f", "-qq", "-e", "trace=execve,connect,sendto,sendmsg", "-o", str(log))
    has_strace = shutil.which("strace") is not None
    subprocess.run(
        (*trace, *command) if has_strace else command, check=True, capture_output=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    calls = log.read_text(encoding="utf-8") if has_strace else ""
    started = calls.count("execve(") - 1
    yield "8: programs started beside the workers", "none", str(started or "none") if has_strace else "?"
    outside = len(re.findall(r"AF_INET", calls))
    yield "8: calls to the network", "none", str(outside or "none") if has_strace else "?"
    yield "8: left in the temporary directory", "none", str(len(list(temporary.iterdir())) or "none")


PARTS: dict[str, Callable[[Path, int, int], Iterator[Line]]] = {
    "peers": measure_peers, "workers": measure_workers, "memory": measure_memory, "pages": measure_pages,
    "quiet": measure_quiet,
}


@contextmanager
def place() -> Iterator[Path]:
    """Give a folder for one part; what is measured sees nothing of the clinic around it."""
    with tempfile.TemporaryDirectory() as here:
        gc.collect()
        yield Path(here)


def main() -> None:
    """Measure the parts that are asked for, and print each aim with its value."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="|".join(PARTS), help="What to measure; all unless said.")
    parser.add_argument("--rows", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    for part in given.parts or PARTS:
        with place() as folder:
            for title, aim, value in PARTS[part](folder, given.rows, given.rounds):
                print(f"{title:<76} {aim:>8} {value:>10}", flush=True)
        load = " ".join(f"{one:.1f}" for one in os.getloadavg())
        print(f"({part}: load {load} on {len(os.sched_getaffinity(0))} processors)", flush=True)


if __name__ == "__main__":
    main()
