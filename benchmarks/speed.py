"""Print how fast careplan is, as ratios taken in one run: `python benchmarks/speed.py`.

Machines differ and are noisy, so no seconds are quoted. Each ratio is the median over
pairs that were run one after the other; the aims are those of the project's performance
guide. Nothing here is a test: a slow machine must not fail a build.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from careplan.cli.house import load_clinic
from careplan.content.library import load_library
from careplan.content.resources import plans_folder, templates_folder
from careplan.content.validation import check_given
from careplan.content.wording import load_wording
from careplan.planning.compose import compose
from careplan.planning.request import Request
from careplan.render import render
from careplan.render.pdf import render_pdf

PAIRS = 7
REQUEST = {
    "intervention": "epidural-steroid-injection", "options": {"site": "lumbar"}, "conditions": "sciatica",
    "therapies": ["physical-therapy", "psychotherapy", "acupuncture"], "date": "2026-12-03",
}
BARE = (
    "import sys, weasyprint; "
    "weasyprint.HTML(filename=sys.argv[1]).write_pdf(sys.argv[2], pdf_variant='pdf/ua-1')"
)

# What a script does that only reads the files, with the faster of PyYAML's two readers.
LOAD = (
    "import pathlib, sys, yaml; loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader); "
    "[yaml.load(path.read_bytes(), loader) for path in pathlib.Path(sys.argv[1]).rglob('*.yaml')]"
)


def cpu(*command: str) -> float:
    """Return the CPU seconds of *command* and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ratio(one: Callable[[], float], other: Callable[[], float], pairs: int = PAIRS) -> float:
    """Return the median of *one* over *other*, measured in pairs."""
    one(), other()
    return statistics.median(one() / other() for _ in range(pairs))


def careplan(*arguments: str) -> Callable[[], float]:
    """Return a measurement of one `careplan` process."""
    command = str(Path(sys.executable).parent / "careplan")
    return lambda: cpu(command, *arguments)


def warm(action: Callable[[], object]) -> Callable[[], float]:
    """Return a measurement of *action* in this process."""

    def measure() -> float:
        start = time.process_time()
        action()
        return time.process_time() - start

    return measure


def processes(command: Sequence[str]) -> int | None:
    """Return how many processes *command* starts beside itself, where strace can tell."""
    trace = ["strace", "-f", "-qq", "-e", "trace=execve", "-o", "/dev/stdout"]
    try:
        done = subprocess.run([*trace, *command], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.count("execve(") - 1


def main() -> None:
    """Measure and print each aim with its ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["TMPDIR"] = name
        rows = measure(folder)
        left = [path.name for path in folder.iterdir() if path.name not in ("a.html", "a.pdf", "b.pdf")]
    rows.append(("folders left in the temporary directory", "none", str(len(left) or "none")))
    for title, aim, value in rows:
        print(f"{title:<66} {aim:>8} {value:>8}")


def measure(folder: Path) -> list[tuple[str, str, str]]:
    """Return what was measured: title, aim, value."""
    clinic_file = plans_folder() / "examples" / "clinic.yaml"
    wording, templates = load_wording(templates_folder(), "en"), templates_folder()
    library, clinic = load_library(plans_folder()), load_clinic(clinic_file)
    request = check_given(Request, REQUEST, "benchmark")
    plan = compose(library, request, clinic, wording)
    html = render(plan, "html", wording, templates).decode()
    page = folder / "a.html"
    page.write_text(html, encoding="utf-8")
    request_file = folder / "request.yaml"
    lines = ["kind: request", *(f"{key}: {value}" for key, value in REQUEST.items())]
    request_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    build = ("build", str(request_file), "--clinic", str(clinic_file), "-o", str(folder / "b.pdf"))
    nothing, help_ = lambda: cpu(sys.executable, "-c", "pass"), careplan("--help")
    bare = lambda: cpu(sys.executable, "-c", BARE, str(page), str(folder / "a.pdf"))  # noqa: E731
    whole = warm(lambda: render(compose(library, request, clinic, wording), "pdf", wording, templates))
    only_pdf = warm(lambda: render_pdf(html, templates))
    started = processes([sys.executable, "-m", "careplan", *build])
    request_row = [
        ("careplan --help / python -c pass", "5.0", ratio(help_, nothing)),
        ("careplan list / careplan --help", "1.6", ratio(careplan("list"), help_)),
        ("careplan check (whole library) / careplan --help", "4.0", ratio(careplan("check"), help_)),
        (
            "careplan check (whole library) / bare PyYAML load of the same files", "5.0",
            ratio(careplan("check"), lambda: cpu(sys.executable, "-c", LOAD, str(plans_folder()))),
        ),
        ("cold build / bare WeasyPrint process on the same page", "0.80", ratio(careplan(*build), bare)),
        ("warm build / bare WeasyPrint in one process", "1.05", ratio(whole, only_pdf)),
    ]
    request_file.unlink()
    rows = [(title, aim, f"{value:.2f}") for title, aim, value in request_row]
    counted = "?" if started is None else str(started or "none")
    rows.append(("processes started by a cold build", "none", counted))
    return rows


if __name__ == "__main__":
    main()
