"""`careplan batch`: each row of a roster has one outcome, and the report says which."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner, Result
from crowd import FAILS, Crowd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careplan.batch import crew as crew_module
from careplan.batch.journal import JOURNAL
from careplan.cli import job as job_module
from careplan.cli.main import careplan as command
from careplan.content.clinic import Clinic
from careplan.problems import MissingPartError

Batch = Callable[..., Result]
HEAD = "ref,intervention,therapies,copies,name\n"


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> Crowd:
    """Let the command work with a crowd that prints next to nothing."""
    one = Crowd()
    monkeypatch.setattr(crew_module, "Crew", lambda *_: one)
    stock = SimpleNamespace(made_with="this careplan", clinic=Clinic(kind="clinic"))
    monkeypatch.setattr(job_module, "load_stock", lambda *_: stock)
    return one


@pytest.fixture
def batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Batch:
    """Return a function that writes a roster and runs `careplan batch` with it in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(roster: str, *options: str, file: str = "day.csv") -> Result:
        if file != "-":
            Path(file).write_text(roster, encoding="utf-8")
        return CliRunner().invoke(
            command, ["batch", file, *options], input=roster if file == "-" else "", standalone_mode=False,
        )

    return run


def report(path: Path) -> list[dict[str, str]]:
    """Return the lines of a report."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [*csv.DictReader(file)]


def outcomes(folder: Path) -> list[str]:
    """Return what the report says of each row of the roster."""
    return [one["status"] for one in report(folder / "day-handouts" / "report.csv")]


ROWS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["yoga", "tai-chi", *(one for one in FAILS if one != "disk")]), max_size=2,
                 unique=True),
        st.integers(1, 3),
        st.sampled_from(["", "Jordan Example", "=Sam"]),
    ),
    min_size=1, max_size=8,
)


@given(rows=ROWS, options=st.sampled_from([(), ("--json",), ("-q",)]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_no_row_is_lost_and_none_is_printed_twice(
    batch: Batch, crowd: Crowd, tmp_path_factory: pytest.TempPathFactory, rows: list[Any], options: tuple[str]
) -> None:
    """Whatever fails, the report has each row once, and agrees with the files and their pages."""
    folder = tmp_path_factory.mktemp("batch") / "out"
    crowd.printed.clear()
    lines = [
        f"r{number},massage,{';'.join(therapies)},{copies},{name}"
        for number, (therapies, copies, name) in enumerate(rows)
    ]

    done = batch(HEAD + "\n".join(lines) + "\n", "-o", str(folder), *options)

    failed = sum(any(one in FAILS for one in therapies) for therapies, _, _ in rows)
    assert done.return_value == (7 if failed else None), done.output
    told = report(folder / "report.csv")
    assert [one["ref"] for one in told] == [f"r{number}" for number in range(len(rows))]
    assert sorted(crowd.printed) == sorted(set(crowd.printed))
    files = {one["file"]: int(one["pages"]) for one in told if one["status"] == "printed"}
    assert {path.name: pages(path) for path in folder.glob("*.pdf")} == files
    assert len(files) == len(rows) - failed
    assert all(one["problem"] for one in told if one["status"] == "failed")


def pages(path: Path) -> int:
    """Return the number of pages of a PDF file."""
    with pikepdf.open(path) as document:
        return len(document.pages)


def test_a_name_is_on_the_page_only(batch: Batch, crowd: Crowd, tmp_path: Path) -> None:  # noqa: ARG001
    """Neither what is said nor any file beside the handouts has the name."""
    done = batch(HEAD + "a,massage,yoga,1,Jordan Example\nb,massage,slow,2,Sam Example\n", "--json")

    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.name != "day.csv"]
    said = [done.output.encode(), *written, *(str(path).encode() for path in tmp_path.rglob("*"))]
    assert not [one for one in said if b"Example" in one]


def test_what_is_right_is_not_printed_again(batch: Batch, crowd: Crowd, tmp_path: Path) -> None:
    """`--resume` prints the rows that failed, that changed, and that are new, and removes what is gone."""
    batch(HEAD + "a,massage,yoga,1,\nb,massage,slow,1,\nc,massage,yoga,1,Sam Example\nd,massage,,1,\n")
    crowd.printed.clear()

    done = batch(
        HEAD + "a,massage,yoga,2,\nb,massage,yoga,1,\nc,massage,yoga,1,Jordan Example\ne,massage,,1,\n",
        "--resume",
    )

    assert done.return_value is None
    assert crowd.printed == [2, 3, 4]
    told = report(tmp_path / "day-handouts" / "report.csv")
    assert [(one["ref"], one["status"]) for one in told] == [
        ("a", "unchanged"), ("b", "printed"), ("c", "printed"), ("e", "printed"),
    ]
    assert {path.name for path in (tmp_path / "day-handouts").glob("*.pdf")} == {one["file"] for one in told}
    assert "removed" in done.output


def test_an_old_handout_is_gone_when_its_row_is_wrong(batch: Batch, crowd: Crowd, tmp_path: Path) -> None:  # noqa: ARG001
    """What was right for the row as it was is not left to be printed for the row as it is."""
    batch(HEAD + "a,massage,yoga,1,\nb,massage,,1,\n")

    batch(HEAD + "a,massage,refused,1,\nb,massage,slow,1,\n", "--resume")

    assert [*tmp_path.glob("day-handouts/*.pdf")] == []


def test_another_batch_does_not_take_the_folder(batch: Batch, crowd: Crowd) -> None:
    """A second roster does not mix with the first one's handouts."""
    batch(HEAD + "a,massage,yoga,1,\n", "-o", "out")
    crowd.printed.clear()

    done = batch(HEAD + "a,massage,,1,\n", "-o", "out")

    assert (done.exception.exit_code, crowd.printed) == (6, [])  # type: ignore[union-attr]
    assert "--resume" in str(done.exception)


def test_a_foreign_file_is_not_replaced(batch: Batch, crowd: Crowd, tmp_path: Path) -> None:
    """A file that no batch wrote stands in the way before anything is printed."""
    (tmp_path / "out").mkdir()
    mine = tmp_path / "out" / "a-massage-en.pdf"
    mine.write_bytes(b"mine")

    done = batch(HEAD + "a,massage,yoga,1,\n", "-o", "out")

    assert (done.return_value, crowd.printed, mine.read_bytes()) == (6, [], b"mine")
    assert "is there already" in done.output


def test_a_full_disk_ends_the_batch(batch: Batch, crowd: Crowd, tmp_path: Path) -> None:
    """Where nothing can be written any more, the rest is not tried, and `--resume` goes on."""
    rows = HEAD + "a,massage,yoga,1,\nb,massage,disk,1,\nc,massage,tai-chi,1,\n"

    done = batch(rows)

    assert done.return_value == 6
    assert "--resume" in done.output
    assert outcomes(tmp_path) == ["printed", "stopped", "stopped"]
    crowd.printed.clear()
    assert batch(rows.replace("disk", "yoga"), "--resume").return_value is None
    assert crowd.printed == [2, 3]


def test_an_interrupted_batch_says_how_to_go_on(
    batch: Batch, crowd: Crowd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl+C keeps what is finished and leaves with 130."""
    real = crowd.print

    def interrupted(tasks: Any) -> Iterator[Any]:
        yield next(real(tasks))
        raise KeyboardInterrupt

    monkeypatch.setattr(crowd, "print", interrupted)

    done = batch(HEAD + "a,massage,yoga,1,\nb,massage,,1,\n")

    assert done.return_value == 130
    assert "Stopped." in done.output
    assert "1 of 2 handouts" in done.output
    assert outcomes(tmp_path) == ["printed", "stopped"]


def test_strict_prints_all_or_nothing(batch: Batch, crowd: Crowd, tmp_path: Path) -> None:
    """With `--strict` one wrong row keeps all others from being printed, and nothing is written."""
    done = batch(HEAD + "a,massage,yoga,1,\nb,massage,refused,0,\nc,massage,refused,1,\n", "--strict")

    assert done.exception.exit_code == 3  # type: ignore[union-attr]
    assert [problem.location.line for problem in done.exception.problems] == [3, 4]  # type: ignore[union-attr]
    assert crowd.printed == []
    assert [path.name for path in tmp_path.iterdir()] == ["day.csv"]


def test_a_dry_run_writes_nothing(batch: Batch, crowd: Crowd, tmp_path: Path) -> None:
    """It says which files there would be, and what is wrong."""
    done = batch(HEAD + "a,massage,yoga,1,\nb,massage,refused,1,\n", "--dry-run")

    assert done.return_value == 7
    assert "a-massage-en.pdf" in done.output
    assert "day.csv:3:11: error: It is refused. [row-request]" in done.output
    assert crowd.printed == []
    assert [path.name for path in tmp_path.iterdir()] == ["day.csv"]


def test_problems_say_where_they_are(batch: Batch, crowd: Crowd) -> None:  # noqa: ARG001
    """A row that cannot be read and one that cannot be printed are told with line and column."""
    done = batch(HEAD + 'a,massage,"yoga;\nrefused",1,\nb,massage,yoga,many,\nc,massage,slow,1,\n')

    assert "day.csv:2:11: error: It is refused. [row-request]" in done.output
    assert "day.csv:4:16: error:" in done.output
    assert "day.csv:5:1: error: It took longer than 60 seconds and was ended. [row-lost]" in done.output


def test_events_are_lines_of_json(batch: Batch, crowd: Crowd) -> None:  # noqa: ARG001
    """With `--json`, standard output has one event a line, and the last one sums up."""
    done = batch(HEAD + "a,massage,yoga,2,\nb,massage,refused,1,\n", "--json")

    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["event"] for one in events] == ["failed", "row", "end"]
    assert events[1]["status"] == "printed"
    assert (events[2]["handouts"], events[2]["failed"], events[2]["pages_with_copies"]) == (1, 1, 4)


def test_quiet_says_what_is_wrong_only(batch: Batch, crowd: Crowd) -> None:  # noqa: ARG001
    """With `-q` a batch without mistakes says nothing at all."""
    assert batch(HEAD + "a,massage,yoga,2,\n", "-q").output == ""
    assert "It is refused." in batch(HEAD + "a,massage,refused,2,\n", "-q", "-o", "other").output


def test_a_roster_can_be_piped(batch: Batch, crowd: Crowd, tmp_path: Path) -> None:  # noqa: ARG001
    """`-` reads standard input, as JSON lines too."""
    done = batch('{"ref": "a", "intervention": "massage"}\n', "-o", "out", file="-")

    assert done.return_value is None
    assert (tmp_path / "out" / "a-massage-en.pdf").exists()


def test_files_are_looked_at_again(
    batch: Batch, crowd: Crowd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is not the one whose pages were counted is found, and its row fails."""
    real = crowd.print

    def spoilt(tasks: Any) -> Iterator[Any]:
        yield from real(tasks)
        (tmp_path / "day-handouts" / "a-massage-en.pdf").write_bytes(b"%PDF-1.7")

    monkeypatch.setattr(crowd, "print", spoilt)

    done = batch(HEAD + "a,massage,yoga,1,\n")

    assert done.return_value == 7
    assert "is not as it was printed." in done.output
    assert outcomes(tmp_path) == ["failed"]


def test_nothing_is_kept_where_no_row_was_right(batch: Batch, crowd: Crowd, tmp_path: Path) -> None:  # noqa: ARG001
    """Where every row is wrong, there is a report and no journal, so the mended roster can go there."""
    assert batch(HEAD + "a,massage,refused,1,\n").return_value == 7

    assert [path.name for path in (tmp_path / "day-handouts").iterdir()] == ["report.csv"]
    assert not (tmp_path / "day-handouts" / JOURNAL).exists()


MERGE = ("--merge", "day.pdf", "--slip-sheets", "--duplex")


def test_a_file_for_the_printer_takes_the_place_of_the_others(
    batch: Batch, crowd: Crowd, tmp_path: Path  # noqa: ARG001
) -> None:
    """The report says on which page of it each row begins, and how much paper there has to be."""
    done = batch(HEAD + "a,massage,yoga,2,Jordan Example\nb,massage,,1,\n", *MERGE)

    assert done.return_value is None, done.output
    assert {path.name for path in tmp_path.iterdir()} == {"day.csv", "day.pdf", "day-report.csv"}
    told = report(tmp_path / "day-report.csv")
    assert [(one["file"], one["page"], one["pages"], one["copies"]) for one in told] == [
        ("day.pdf", "3", "2", "2"), ("day.pdf", "11", "1", "1"),
    ]
    assert pages(tmp_path / "day.pdf") == 11
    assert "put 6 sheets of paper in the printer, and print day.pdf" in done.output
    assert done.stdout == "day.pdf\n"


def test_handouts_are_kept_until_all_are_in_one_file(batch: Batch, crowd: Crowd, tmp_path: Path) -> None:
    """Where a row failed, the others are printed and kept; once it is mended, nothing is left over."""
    rows = HEAD + "a,massage,yoga,1,\nb,massage,slow,1,\n"
    done = batch(rows, *MERGE)
    assert (done.return_value, pages(tmp_path / "day.pdf")) == (7, 4)
    assert "day-parts" in done.output
    assert [path.name for path in (tmp_path / "day-parts").glob("*.pdf")] == ["a-massage-en.pdf"]
    crowd.printed.clear()

    again = batch(rows.replace("slow", "yoga"), *MERGE, "--resume")

    assert (again.return_value, crowd.printed) == (None, [2])
    assert pages(tmp_path / "day.pdf") == 8
    assert not (tmp_path / "day-parts").exists()


def test_a_print_file_that_is_right_is_not_made_again(batch: Batch, crowd: Crowd, tmp_path: Path) -> None:
    """With `--resume` the same rows are known by what their file was made from."""
    rows = HEAD + "a,massage,yoga,1,\nb,massage,,1,\n"
    batch(rows, *MERGE)
    before = (tmp_path / "day.pdf").stat().st_mtime_ns
    crowd.printed.clear()

    again = batch(rows, *MERGE, "--resume")
    changed = batch(rows.replace("yoga", "tai-chi"), *MERGE, "--resume")

    assert (again.return_value, "2 of them were right already" in again.output) == (None, True)
    assert (changed.return_value, crowd.printed) == (None, [1, 2])
    assert (tmp_path / "day.pdf").stat().st_mtime_ns > before
    assert [one["status"] for one in report(tmp_path / "day-report.csv")] == ["printed", "printed"]


def test_an_old_print_file_is_gone_when_its_rows_changed(batch: Batch, crowd: Crowd, tmp_path: Path) -> None:  # noqa: ARG001
    """Where the new one cannot be made, nobody prints the old one instead."""
    batch(HEAD + "a,massage,yoga,1,\n", *MERGE)

    done = batch(HEAD + "a,massage,slow,1,\n", *MERGE, "--resume")

    assert done.return_value == 7
    assert {path.name for path in tmp_path.iterdir()} == {"day.csv", "day-report.csv"}


def test_a_file_in_the_way_is_seen_before_anything_is_printed(
    batch: Batch, crowd: Crowd, tmp_path: Path
) -> None:
    """Neither somebody's own file nor another batch's is replaced."""
    (tmp_path / "day.pdf").write_bytes(b"mine")

    done = batch(HEAD + "a,massage,yoga,1,\n", *MERGE)

    assert done.exception.exit_code == 6  # type: ignore[union-attr]
    assert (crowd.printed, (tmp_path / "day.pdf").read_bytes()) == ([], b"mine")


def test_what_this_computer_lacks_ends_it_before_a_page(
    batch: Batch, crowd: Crowd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the typeface no row is tried, and nothing is written."""

    def lacking(_: Any) -> Iterator[Any]:
        message = "The typeface that comes with careplan cannot be read."
        raise MissingPartError(message)

    monkeypatch.setattr(crowd, "print", lacking)

    done = batch(HEAD + "a,massage,yoga,1,\n")

    assert done.exception.exit_code == 5  # type: ignore[union-attr]
    assert [path.name for path in tmp_path.iterdir()] == ["day.csv"]


def test_a_roster_without_rows_is_a_mistake(batch: Batch) -> None:
    """A heading alone asks for nothing, which nobody means."""
    told = "day.csv:1:1: error: The roster has a heading, but no rows. [no-rows]"

    assert str(batch(HEAD).exception) == told


@pytest.mark.parametrize(("options", "told"), [
    (["--duplex"], "--duplex goes with --merge PATH."),
    (["--slip-sheets", "--split", "9"], "--slip-sheets and --split go with --merge PATH."),
    (["--merge", "a.pdf", "-o", "b"], "--merge says where to print to; leave out -o."),
    (["--merge", "a.txt"], "--merge a.txt: a file for the printer ends in .pdf."),
    (["--merge", "a.pdf", "--sort", "ref,page"],
     "--sort page: handouts cannot be sorted by that; did you mean 'pages'?"),
])
def test_options_that_mean_nothing_are_refused(batch: Batch, options: list[str], told: str) -> None:
    """An option that would do nothing is a mistake."""
    assert str(batch(HEAD + "a,massage,,,\n", *options).exception) == told
