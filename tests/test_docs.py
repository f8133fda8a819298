"""The page about the handout keeps its word: its commands work and its pictures are there."""

import re
import shlex
from pathlib import Path

import pytest
from starter import Starter, in_new_interpreter

ROOT = Path(__file__).parent.parent
HANDOUT = ROOT / "docs" / "handout.md"


def commands(text: str) -> list[str]:
    """Return the lines of *text* that are set as commands of careplan."""
    return re.findall(r"^ {4}(careplan .+)$", text, re.MULTILINE)


def missing_pictures(page: Path) -> list[str]:
    """Return the pictures that *page* links to and that are not there."""
    linked = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    return [link for link in linked if not (page.parent / link).is_file()]


@pytest.mark.parametrize("line", commands(HANDOUT.read_text(encoding="utf-8")))
def test_each_command_works(starter: Starter | None, line: str) -> None:
    """Each command of the page makes its plan; nothing is written."""
    careplan = starter.run if starter else in_new_interpreter

    ran = careplan((*shlex.split(line)[1:], "--dry-run"), ROOT)

    assert ran.code == 0, ran.err


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=str)
def test_each_picture_is_there(page: Path) -> None:
    """Each picture that a page shows is in the folder that it names."""
    assert missing_pictures(page) == []


def test_each_page_of_the_handout_is_shown_once() -> None:
    """The page shows the handout from its first page to its last, in order."""
    shown = re.findall(r"images/handout-page-(\d+)\.png", HANDOUT.read_text(encoding="utf-8"))
    drawn = list((ROOT / "docs" / "images").glob("handout-page-*.png"))

    assert shown == [str(number) for number in range(1, len(drawn) + 1)]


def test_a_lost_picture_and_a_set_command_are_found(tmp_path: Path) -> None:
    """The look-ups find what they look for: a picture that is gone, and a line set as a command."""
    page = tmp_path / "page.md"
    text = "![A page](images/gone.png)\n\n    careplan list\n\nSay careplan aloud.\n"
    page.write_text(text, encoding="utf-8")

    assert missing_pictures(page) == ["images/gone.png"]
    assert commands(text) == ["careplan list"]
