"""`careplan batch` with real workers, and what goes wrong around them."""

import csv
import resource
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from careplan.render.provenance import read_record

# Rows that are soon printed: the staff sheet is the shortest form. Each day is a plan of its own.
DAYS = ("2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04", "2026-12-07", "2026-12-08")
STAFF = ("-f", "staff")


def roster(folder: Path, days: Sequence[str] = DAYS, therapies: str = "yoga", name: str = "") -> str:
    """Write a roster with a row for each of *days*; return its name."""
    lines = [
        f"{day},trigger-point-injection,site=neck,{therapies},{day},{name}" for day in days
    ]
    heading = "ref,intervention,options,therapies,date,name"
    (folder / "day.csv").write_text("\n".join([heading, *lines, ""]), encoding="utf-8")
    return "day.csv"


def run(folder: Path, *words: str, **settings: object) -> subprocess.CompletedProcess[str]:
    """Return what `careplan batch` in *folder* came to."""
    return subprocess.run(
        [sys.executable, "-m", "careplan", "batch", *words],
        cwd=folder, capture_output=True, text=True, check=False, **settings,  # type: ignore[call-overload]
    )


@contextmanager
def started(folder: Path, *words: str, **settings: object) -> Iterator["subprocess.Popen[str]"]:
    """Start `careplan batch` in *folder*; the first row is printed when the block begins."""
    command = [sys.executable, "-m", "careplan", "batch", *words, "--json"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        **settings,  # type: ignore[call-overload]
    ) as process:
        try:
            assert select.select([process.stdout], [], [], 60)[0], "nothing was printed for a minute"
            assert '"event": "row"' in process.stdout.readline()
            yield process
        finally:
            process.kill()


def report(folder: Path) -> dict[str, str]:
    """Return the status of each row by its ref."""
    with (folder / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        return {one["ref"]: one["status"] for one in csv.DictReader(file)}


def test_a_killed_worker_costs_nothing(tmp_path: Path) -> None:
    """The row that it was at is printed by another one, and no row is lost or printed twice."""
    with started(tmp_path, roster(tmp_path), *STAFF, "--workers", "2") as process:
        psutil.Process(process.pid).children()[0].kill()
        out, err = process.communicate(timeout=60)

    assert process.returncode == 0, err
    assert report(tmp_path / "day-staff") == dict.fromkeys(DAYS, "printed")
    assert len([line for line in out.splitlines() if '"event": "row"' in line]) == len(DAYS) - 1


def test_ctrl_c_keeps_what_is_finished(tmp_path: Path) -> None:
    """Stopped in the middle, it says how to go on; going on prints the rest and nothing twice."""
    file, folder = roster(tmp_path), tmp_path / "day-staff"
    with started(tmp_path, file, *STAFF, "--workers", "1") as process:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    before = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.pdf")}
    stopped = report(folder)

    again = run(tmp_path, file, *STAFF, "--resume")

    assert process.returncode == 130, err
    assert "Stopped." in err
    assert "--resume" in err
    assert "Traceback" not in err
    assert 0 < len(before) < len(DAYS)
    assert set(stopped.values()) == {"printed", "stopped"}
    assert again.returncode == 0, again.stderr
    after = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.pdf")}
    assert len(after) == len(DAYS)
    assert {name: after[name] for name in before} == before
    assert not [*folder.glob(".*.part")]


def test_no_worker_outlives_a_batch_that_was_killed(tmp_path: Path) -> None:
    """Where the command itself is killed, its workers end, its folder is free, and the rest is printed."""
    file = roster(tmp_path)
    with started(tmp_path, file, *STAFF) as process:
        workers = psutil.Process(process.pid).children()
        process.kill()
        process.communicate()

    gone, alive = psutil.wait_procs(workers, timeout=60)
    again = run(tmp_path, file, *STAFF, "--resume")

    assert (len(gone), alive) == (len(workers), [])
    assert again.returncode == 0, again.stderr
    assert set(report(tmp_path / "day-staff")) == set(DAYS)


def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    """Where no file of that size can be written, nothing half is there, and it says what to do."""
    file, folder = roster(tmp_path), tmp_path / "day-staff"

    done = run(tmp_path, file, *STAFF, preexec_fn=_small_files)

    assert done.returncode == 6, done.stderr
    assert "was not written" in done.stderr
    assert "--resume" in done.stderr
    assert [path.name for path in folder.iterdir() if path.suffix != ".csv"] == []
    assert set(report(folder).values()) == {"stopped"}


def _small_files() -> None:
    # As on a disk without room, no file can grow beyond this.
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def test_a_folder_that_nobody_may_write_to_is_told(tmp_path: Path) -> None:
    """Where the folder cannot be made, nothing is printed."""
    (tmp_path / "print").touch()

    done = run(tmp_path, roster(tmp_path), *STAFF, "-o", "print")

    assert (done.returncode, done.stdout) == (6, "")
    assert "careplan: The folder print cannot be used: " in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"print", "day.csv"}


def test_a_fragment_that_is_edited_meanwhile_waits_for_the_next_batch(tmp_path: Path) -> None:
    """All handouts of a batch say the same; with `--resume`, those with the old text are printed anew."""
    (tmp_path / "clinic.yaml").write_text("kind: clinic\nname: Example Clinic\n", encoding="utf-8")
    (tmp_path / "therapies").mkdir()
    fragment = tmp_path / "therapies" / "yoga.yaml"
    text = (
        "kind: therapy\nid: yoga\nextends: yoga\ntitle: {}\n"
        "review: {{status: draft, version: 9, due: 2099-01-01}}\n"
    )
    fragment.write_text(text.format("Chair yoga"), encoding="utf-8")
    file, folder = roster(tmp_path), tmp_path / "day-staff"
    with started(tmp_path, file, *STAFF, "--workers", "1") as process:
        fragment.write_text(text.format("Mat yoga"), encoding="utf-8")
        _, err = process.communicate(timeout=60)
    first = texts(folder)

    again = run(tmp_path, file, *STAFF, "--resume")

    assert process.returncode == 0, err
    assert len(first) == 1
    assert again.returncode == 0, again.stderr
    assert set(report(folder).values()) == {"printed"}
    assert texts(folder) & first == set()


def texts(folder: Path) -> set[str]:
    """Return the fingerprints of the yoga text that the handouts in *folder* were made from."""
    return {
        one.fingerprint for path in folder.glob("*.pdf")
        for one in read_record(path.read_bytes(), path.name).texts if one.name == "therapy/yoga"
    }


def test_a_handout_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """A row over the time limit fails, and the command ends by itself."""
    long = "physical-therapy;psychotherapy;acupuncture;massage-therapy;yoga;tai-chi;chiropractic-care"
    (tmp_path / "day.csv").write_text(
        "ref,intervention,options,therapies,edition\n"
        f"slow,spinal-cord-stimulation,phase=implant,{long},large-print\n",
        encoding="utf-8",
    )

    done = run(tmp_path, "day.csv", "--time-limit", "1", "-q")

    assert done.returncode == 7
    assert done.stderr == "day.csv:2:1: error: It took longer than 1 seconds and was ended. [row-lost]\n"


def test_a_thousand_rows(tmp_path: Path) -> None:
    """A thousand rows are a thousand files and a thousand lines, with a name on the pages of its own row."""
    heading = "ref,intervention,options,name"
    named = {number: f"Patient {number} Example" for number in range(0, 1000, 250)}
    lines = [
        f"r{number},trigger-point-injection,site={'neck' if number % 2 else 'chest'},{named.get(number, '')}"
        for number in range(1000)
    ]
    (tmp_path / "day.csv").write_text("\n".join([heading, *lines, ""]), encoding="utf-8")

    done = run(tmp_path, "day.csv")
    again = run(tmp_path, "day.csv", "--resume")

    assert (done.returncode, again.returncode) == (0, 0), done.stderr
    folder = tmp_path / "day-handouts"
    assert set(report(folder).values()) == {"unchanged"}
    assert len([*folder.glob("*.pdf")]) == len(report(folder)) == 1000
    assert "1000 handouts are ready" in done.stderr.replace(",", "")
    assert "1000 of them were right already" in again.stderr.replace(",", "")
