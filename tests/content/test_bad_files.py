"""A wrong fragment in `data/bad/` is a test by being there, with its expected lines beside it.

`pytest --renew` rewrites the expected lines; read each as a nurse with a text editor would.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from careplan.content.library import check_library

# The day on which the reviews in the corpus are due or not.
TODAY = dt.date(2026, 12, 3)
CORPUS = Path(__file__).resolve().parent.parent / "data" / "bad"
Small = dict[str, str]
Plans = Callable[[Mapping[str, str]], Path]


def check_bad_file(path: Path, folder: Path, *, renew: bool) -> None:
    """Fail unless *path*, laid into the library in *folder*, shows what is written beside it."""
    (folder / path.name).write_bytes(path.read_bytes())
    shown = "".join(f"{problem.shown()}\n" for problem in check_library(folder, today=TODAY))
    beside = path.with_suffix(".txt")
    if renew:
        beside.write_text(shown, encoding="utf-8")

    assert shown, f"{path.name} has no mistake"
    assert beside.is_file(), f"{beside.name} is missing; run pytest --renew and read it"
    assert shown == beside.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_wrong_file_shows_each_mistake_with_its_place(
    path: Path,
    plans: Plans,
    small: Small,
    renew: bool,  # noqa: FBT001 - a fixture
) -> None:
    """Each wrong file shows all its problems, with line, sentence and code, and nothing else."""
    folder = plans(small)

    check_bad_file(path, folder, renew=renew)


def test_no_expected_lines_are_left_behind() -> None:
    """Every file with expected lines belongs to a wrong file, and there are many."""
    wrong = {path.stem for path in CORPUS.glob("*.yaml")}
    expected = {path.stem for path in CORPUS.glob("*.txt")}

    assert expected == wrong
    assert len(wrong) >= 140


def test_the_guard_notices_a_file_without_a_mistake(plans: Plans, small: Small, tmp_path: Path) -> None:
    """A right file among the wrong ones fails, even where nothing is expected of it."""
    right = tmp_path / "old-injury.yaml"
    right.write_text(
        small["factors/blood-thinner.yaml"].replace("id: blood-thinner", "id: old-injury"),
        encoding="utf-8",
    )
    right.with_suffix(".txt").write_text("", encoding="utf-8")

    with pytest.raises(AssertionError, match="has no mistake"):
        check_bad_file(right, plans(small), renew=False)


@pytest.mark.parametrize(
    "expected",
    [
        "plans/old-injury.yaml:1:7: error: kind must be known. [unknown-kind]\n",
        "",
        None,
    ],
    ids=["another sentence", "nothing", "no file"],
)
def test_the_guard_notices_another_expectation(
    expected: str | None,
    plans: Plans,
    small: Small,
    tmp_path: Path,
) -> None:
    """A wrong file fails when what is written beside it is not what it shows."""
    wrong = tmp_path / "old-injury.yaml"
    wrong.write_text("kind: injury\n", encoding="utf-8")
    if expected is not None:
        wrong.with_suffix(".txt").write_text(expected, encoding="utf-8")

    with pytest.raises(AssertionError):
        check_bad_file(wrong, plans(small), renew=False)


def test_renewing_writes_what_the_guard_then_accepts(plans: Plans, small: Small, tmp_path: Path) -> None:
    """What is renewed is what a wrong file shows, and it passes from then on."""
    wrong = tmp_path / "old-injury.yaml"
    wrong.write_text("kind: factr\n", encoding="utf-8")

    check_bad_file(wrong, plans(small), renew=True)

    check_bad_file(wrong, plans(small), renew=False)
    written = wrong.with_suffix(".txt").read_text(encoding="utf-8")
    assert written.startswith("plans/old-injury.yaml:1:7: error: ")
