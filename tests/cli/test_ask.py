"""`careplan` alone on a terminal asks step by step."""

import shlex
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import get_args

import pytest
import yaml
from starter import Starter
from talk import ENDS, LEAVES
from talk import converse as talk

from careplan.cli.questions import GROUPS
from careplan.content.fragments import FactorGroup

# An epidural steroid injection in the low back, with nothing else to say about it.
EPIDURAL = ("2", "3", "")
# No condition, no therapy, no factor; no day, printed the usual way, no name.
NOTHING = ("0", "0", "0", "", "", "")
Converse = Callable[..., tuple[int, str]]


@pytest.fixture
def converse(starter: Starter) -> Converse:
    """Return a function that types answers into `careplan` in a folder."""
    return partial(talk, starter)


def written(folder: Path) -> list[str]:
    """Return the endings of what was written."""
    return sorted(path.suffix for path in folder.iterdir())


def test_the_answers_become_a_handout_and_the_line_that_does_the_same(
    converse: Converse, tmp_path: Path
) -> None:
    """Numbers choose; the end is a handout, its path, and the one line that makes it again."""
    code, shown = converse(tmp_path, *EPIDURAL, "0", "1,4", "", "0", "2026-12-03", "", "", "")

    line = (
        "careplan build epidural-steroid-injection --option site=lumbar "
        "-t physical-therapy -t acupuncture -d 2026-12-03"
    )
    made = next(tmp_path.iterdir())
    assert code == 0
    assert shown.endswith(f"The same in one line:\n  {line}\n")
    assert made.name in shown
    again = subprocess.run(
        [sys.executable, "-m", *shlex.split(line)], cwd=tmp_path, capture_output=True, text=True, check=True,
    )
    assert again.stdout.strip() == made.name


def test_part_of_a_word_searches_and_numbers_stay(converse: Converse, tmp_path: Path) -> None:
    """A search narrows the list; each line keeps its number, and an exact id chooses at once."""
    code, shown = converse(
        tmp_path, "epid", "2", "low", "3", "", "sciatica", "", "acu", "4", "", "zzz", "diabetes", "",
        "", "", "", "",
    )

    assert code == 0
    assert "Number > epid\n   2  Epidural steroid injection" in shown
    assert "Chosen: Sciatica." in shown
    assert "Nothing here has 'zzz' in it" in shown
    assert "-c sciatica -t acupuncture --factor diabetes" in shown


def test_a_wrong_number_is_asked_again(converse: Converse, tmp_path: Path) -> None:
    """What is no number of the list is said, and the question comes again."""
    code, shown = converse(tmp_path, "99", "1,2", *EPIDURAL, *NOTHING, "")

    assert shown.count("Please type a number from 1 to 8.") == 2
    assert code == 0


def test_back_returns_to_the_question_before_and_keeps_what_was_said(
    converse: Converse, tmp_path: Path
) -> None:
    """After b the question before comes again with what was chosen, and Enter keeps it."""
    code, shown = converse(
        tmp_path, "b", *EPIDURAL, "0", "1", "", "b", "", "0", "b", "0", "", "", "", "",
    )

    assert code == 0
    assert "This is the first question" in shown
    assert shown.count("Which therapies join?") == 2
    assert " * 1  Physical therapy" in shown
    assert "site=lumbar -t physical-therapy\n" in shown


def test_back_inside_the_choices_goes_to_the_choice_before(converse: Converse, tmp_path: Path) -> None:
    """From the list of further choices, b returns to the one that is needed."""
    code, shown = converse(tmp_path, "2", "3", "b", "1", "4", "2", "", *NOTHING, "")

    assert code == 0
    assert "--option site=cervical --option steroid=planned" not in shown
    assert "--option site=cervical" in shown


def test_a_therapy_that_does_not_fit_says_why_and_is_not_taken(converse: Converse, tmp_path: Path) -> None:
    """Each therapy tells whether it fits; why gives the rule's sentence, its basis and its name."""
    code, shown = converse(
        tmp_path, *EPIDURAL, "0", "5", "", "cord-compression", "", "why 5", "5", "1", "", "", "", "", "q",
    )

    assert code == 130
    assert "Massage therapy no longer fits" in shown
    assert "does not fit: hands on work with cord compression" in shown
    assert "Basis: " in shown
    assert "More: careplan show " in shown
    assert "It cannot be chosen here." in shown


def test_why_tells_the_rule_and_its_source(converse: Converse, tmp_path: Path) -> None:
    """Why and a number names the publication behind the rule."""
    _, shown = converse(tmp_path, *EPIDURAL, "0", "why 4", "why nobody", "q")

    assert "Needles near the" in shown
    assert "Source: " in shown
    assert "Nothing here is called 'nobody'." in shown


def test_that_nothing_holds_for_the_patient_is_said_and_not_passed_over(
    converse: Converse, tmp_path: Path
) -> None:
    """Enter alone does not answer what is safe for the patient; 0 does, and a fact may be unknown."""
    code, shown = converse(
        tmp_path, *EPIDURAL, "0", "0", "", "pregnancy", "41?", "diabetes", "", "", "", "", "q",
    )

    assert code == 130
    assert "Type 0 if none of these holds." in shown
    assert "(not known)" in shown


def test_a_closed_day_is_refused_with_the_reason(converse: Converse, tmp_path: Path) -> None:
    """A holiday, a weekend and a word are refused; the weekday of the day that is taken is said."""
    code, shown = converse(
        tmp_path, *EPIDURAL, "0", "0", "0", "2026-11-26", "2026-12-05", "soon", "2026-12-03", "", "", "",
    )

    assert code == 0
    assert "Thanksgiving" in shown
    assert "it opens again on 2026-12-07" in shown
    assert "Please type a day that exists" in shown
    assert "Thursday, December 3, 2026." in shown


def test_a_plan_that_is_stopped_is_told_and_can_be_changed(converse: Converse, tmp_path: Path) -> None:
    """A rule that stops the plan stands in the summary; Enter does not write, a changed line does."""
    code, shown = converse(
        tmp_path, *EPIDURAL, "0", "1", "", "pregnant", "", "", "", "", "", "5", "0", "",
    )

    assert code == 0
    assert "It cannot be written as it stands" in shown
    assert "Please change a line first" in shown
    assert "--allow " in shown
    assert written(tmp_path) == [".pdf"]


def test_another_procedure_asks_again_what_depends_on_it(converse: Converse, tmp_path: Path) -> None:
    """From the summary a number changes its line, and only what hangs on it is asked again."""
    code, shown = converse(tmp_path, *EPIDURAL, *NOTHING, "1", "3", "knee", "6", "", "")

    assert code == 0
    assert shown.count("For which health problems?") == 1
    assert "careplan build radiofrequency-ablation --option site=knee\n" in shown


def test_a_name_stands_in_a_request_file_and_nowhere_else(converse: Converse, tmp_path: Path) -> None:
    """The name goes into a file that the person names; the line names the file."""
    (tmp_path / "request.yaml").write_text("mine", encoding="utf-8")

    code, shown = converse(
        tmp_path, *EPIDURAL, "0", "0", "0", "", "1", "", "Jordan Example", "May 5, 1970", "request", "", "",
    )

    saved = yaml.safe_load((tmp_path / "request-2.yaml").read_text(encoding="utf-8"))
    assert code == 0
    assert "request.yaml exists already" in shown
    assert saved["patient"] == {"name": "Jordan Example", "date_of_birth": "May 5, 1970"}
    assert saved["large_print"] is True
    assert shown.endswith("  careplan build request-2.yaml\n")
    assert (tmp_path / "request.yaml").read_text(encoding="utf-8") == "mine"


def test_without_a_file_the_name_is_left_blank(converse: Converse, tmp_path: Path) -> None:
    """Who wants no file gets a line to write on, and the name is in nothing that is written."""
    code, shown = converse(tmp_path, *EPIDURAL, "0", "0", "0", "", "", "Jordan Example", "", "no", "")

    assert code == 0
    assert "8  Name       a line to write on" in shown
    assert "Jordan" not in shown.rpartition("Your plan")[2]
    assert written(tmp_path) == [".pdf"]


def test_the_day_of_an_implant_needs_a_file(converse: Converse, tmp_path: Path) -> None:
    """A date that matters is asked for, and the line names the file in which it stands."""
    code, shown = converse(
        tmp_path, *EPIDURAL, "0", "0", "stimulator-in-place", "", "2024-05-06", "2026-12-03", "", "", "", "",
    )

    saved = yaml.safe_load((tmp_path / "request.yaml").read_text(encoding="utf-8"))
    assert code == 0
    assert str(saved["factors"][0]["since"]) == "2024-05-06"
    assert shown.endswith("  careplan build request.yaml\n")


@pytest.mark.parametrize("ended", ["q\n", LEAVES, ENDS], ids=["q", "ctrl-c", "ctrl-d"])
@pytest.mark.parametrize(
    "answers", [(), (*EPIDURAL, "0"), (*EPIDURAL, *NOTHING)], ids=["first", "middle", "last"],
)
def test_whoever_leaves_finds_nothing_written(
    converse: Converse, tmp_path: Path, answers: tuple[str, ...], ended: str
) -> None:
    """Ctrl+C, Ctrl+D and q end with 130 at every question, and no file is there."""
    code, shown = converse(tmp_path, *answers, ended=ended)

    assert code == 130
    assert "Stopped. Nothing was written." in shown
    assert list(tmp_path.iterdir()) == []


def test_a_question_mark_tells_what_can_be_typed(converse: Converse, tmp_path: Path) -> None:
    """Help is one letter away, at lists, at lines and at the end."""
    _, shown = converse(tmp_path, "?", *EPIDURAL, "0", "0", "?", "0", "?", "", "", "?", "", "?", "q")

    assert shown.count("part of a word searches the list") == 3
    assert "12?        says of number 12 that it is not known" in shown
    assert "Type the day as year-month-day" in shown


def test_a_long_list_comes_in_pieces(converse: Converse, tmp_path: Path) -> None:
    """No list scrolls away what was asked: at most twenty lines, then m shows more."""
    _, shown = converse(tmp_path, *EPIDURAL, "0", "0", "m", "m", "m", "q")

    first = shown.partition("What holds for the patient?")[2].partition("Numbers, or 0")[0]
    assert len(first.splitlines()) <= 24
    assert "46 more: m shows them" in first
    assert "  63  " in shown


@pytest.mark.parametrize("stream", ["stdin", "stdout"])
def test_nothing_is_asked_where_there_is_no_terminal(tmp_path: Path, stream: str) -> None:
    """With a pipe on either side, careplan alone shows its help and asks nothing."""
    import pty  # noqa: PLC0415 - unknown to Windows

    ours, theirs = pty.openpty()
    streams = {"stdin": theirs, "stdout": theirs, stream: subprocess.PIPE}

    with subprocess.Popen(
        [sys.executable, "-m", "careplan"], cwd=tmp_path, stderr=subprocess.DEVNULL, **streams,
    ) as process:
        process.communicate(timeout=30)

    assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []
    del ours


def test_each_group_of_factors_is_asked_about() -> None:
    """No factor falls through: every group that a factor may have stands in the dialogue."""
    assert set(GROUPS) == set(get_args(FactorGroup))
