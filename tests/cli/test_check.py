"""`careplan check`: what it prints, in which form, and how it ends."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ran import Ran

from careplan.cli import edit
from careplan.problems import MissingPartError

CORPUS = Path(__file__).resolve().parent.parent / "data" / "bad"
DAY = "2026-12-03"
Run = Callable[..., Ran]
Small = dict[str, str]
Plans = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def check(plans: Plans, small: Small, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Return a function that runs `check` in this process with the small library as the built-in one."""
    folder = plans(small)
    monkeypatch.setattr(edit, "plans_folder", lambda: folder)
    monkeypatch.chdir(folder.parent)
    monkeypatch.setattr("gc.disable", lambda: None)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(edit.check, ["--on", DAY, *arguments], catch_exceptions=False)

    return run


def given(name: str) -> str:
    """Return the text of a factor called *name* with a warning in it and a note."""
    return (
        f"kind: factor\nid: {name}\ntitle: yes\nmeaning: Was hurt.\nquestion: Were you hurt?\n"
        "review: {status: draft, version: 1, due: 2027-01-01}\n"
    )


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_exit_code_goes_by_the_worst_level(
    path: Path, check: Callable[..., Result], plans: Plans, small: Small
) -> None:
    """Each file of the corpus ends with 3 if it has a problem, and with 0 if it deserves a look."""
    (plans(small) / path.name).write_bytes(path.read_bytes())
    expected = path.with_suffix(".txt").read_text(encoding="utf-8")

    ran = check()

    assert ran.exit_code == (3 if ": error: " in expected else 0)
    assert ran.stdout.startswith(expected)


@pytest.mark.parametrize("name", ["tab", "open-quote", "latin-1", "colon-in-text", "dash-missing", "anchor"])
def test_a_process_prints_the_same(name: str, careplan: Run, tmp_path: Path) -> None:
    """A wrong file of one's own is told on standard output, and the process ends with 3."""
    path = CORPUS / f"{'quote-not-closed' if name == 'open-quote' else name}.yaml"
    (tmp_path / path.name).write_bytes(path.read_bytes())
    expected = path.with_suffix(".txt").read_text(encoding="utf-8").replace("plans/", "")

    ran = careplan("check", path.name, "--on", DAY)

    assert (ran.code, ran.out) == (3, f"{expected}1 file checked, 1 problem.\n")
    assert "careplan check --explain" in ran.err


def test_warnings_and_notes_are_no_problems(check: Callable[..., Result]) -> None:
    """What deserves a look is counted by level and ends well."""
    Path("a.yaml").write_text(given("a"), encoding="utf-8")

    ran = check("a.yaml")

    assert ran.exit_code == 0
    assert ran.stdout.splitlines()[-1] == "1 file checked, no problems, 1 warning, 1 note."


def test_strict_takes_warnings_for_problems(check: Callable[..., Result]) -> None:
    """With --strict a warning ends with 3; a note alone does not."""
    Path("a.yaml").write_text(given("a"), encoding="utf-8")
    Path("b.yaml").write_text(given("b").replace("yes", "Old injury"), encoding="utf-8")

    assert check("a.yaml", "--strict").exit_code == 3
    assert check("b.yaml", "--strict").exit_code == 0


def test_what_deserves_a_look_elsewhere_is_not_told(
    check: Callable[..., Result], plans: Plans, small: Small
) -> None:
    """Of files that were not asked about only problems are told, for these stop every plan."""
    folder = plans({**small, "factors/c.yaml": given("c")})
    Path("a.yaml").write_text(given("a").replace("yes", "Old injury"), encoding="utf-8")

    assert "c.yaml" not in check("a.yaml").stdout

    (folder / "factors" / "c.yaml").write_text("kind: factr\n", encoding="utf-8")

    assert "plans/factors/c.yaml:1:7: error" in check("a.yaml").stdout


def test_the_json_report_has_its_fields(check: Callable[..., Result]) -> None:
    """Programs get counts and, for each problem, place, level, code, sentence and both lines."""
    Path("a.yaml").write_text(given("a"), encoding="utf-8")

    ran = check("a.yaml", "--format", "json")

    report = json.loads(ran.stdout)
    assert {key: report[key] for key in ("version", "files", "problems", "warnings", "notes")} == {
        "version": 1, "files": 1, "problems": 0, "warnings": 1, "notes": 1,
    }
    assert report["found"][0] == {
        "file": "a.yaml", "line": 3, "column": 8, "level": "warning", "code": "other-reading",
        "sentence": "Other YAML tools read yes as true; in quotes it is the same text everywhere.",
        "excerpt": "title: yes", "write": 'title: "yes"',
    }
    assert ran.stderr == "1 file checked, no problems, 1 warning, 1 note.\n"


def test_a_report_goes_to_a_file(check: Callable[..., Result]) -> None:
    """With --out nothing but the count is shown, and the file holds the report."""
    Path("a.yaml").write_text(given("a"), encoding="utf-8")

    ran = check("a.yaml", "-f", "github", "-o", "report.txt")

    assert ran.stdout == ""
    assert Path("report.txt").read_text(encoding="utf-8").startswith("::warning file=a.yaml,line=3,col=8,")


def test_a_code_is_explained(careplan: Run) -> None:
    """A code is explained with an example; a misspelt one gets the nearest."""
    ran = careplan("check", "--explain", "[jargon]")
    wrong = careplan("check", "--explain", "jargn")

    assert ran.code == 0
    assert "Wrong:\n    text: Keep the incision dry." in ran.out
    assert (wrong.code, wrong.err) == (2, "careplan: There is no code 'jargn'; did you mean 'jargon'?\n")


def test_watching_looks_again_after_each_save(
    check: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is checked at once and after each save, until Ctrl+C, which is no failure."""
    Path("a.yaml").write_text("kind: factr\n", encoding="utf-8")
    watched: list[Path] = []

    def watch(*folders: Path, watch_filter: Callable[[object, str], bool], **_: object) -> Iterator[object]:
        watched.extend(folders)
        assert watch_filter(1, "a.yaml")
        assert not watch_filter(1, ".a.yaml.swp")
        Path("a.yaml").write_text(given("a"), encoding="utf-8")
        yield {}
        Path("a.yaml").unlink()
        yield {}
        raise KeyboardInterrupt

    monkeypatch.setattr("watchfiles.watch", watch)

    ran = check("a.yaml", "--watch")

    assert ran.exit_code == 0
    assert "1 file checked, 1 problem." in ran.stdout
    assert "1 file checked, no problems, 1 warning, 1 note." in ran.stdout
    assert "careplan: There is no file or folder a.yaml." in ran.stderr
    assert watched == [Path.cwd()]


def test_watching_needs_a_part(check: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library that watches is missing, a sentence says how to get it."""
    monkeypatch.setitem(__import__("sys").modules, "watchfiles", None)

    with pytest.raises(MissingPartError, match=r"pip install 'careplan\[web\]'"):
        check("--watch")


def test_the_day_may_be_given() -> None:
    """The day on which reviews count as due is an option, so that a check can be repeated."""
    late = edit.check_all((), dt.date(2099, 12, 31))

    assert {problem.code for problem in late.problems} == {"review-overdue"}
    assert late.count("warning") == len(late.problems)
