"""Tests of careplan.toml."""

from pathlib import Path
from typing import get_args

import pytest

from careplan.content.settings import Edition, Settings, read_settings
from careplan.planning.editions import EDITIONS
from careplan.problems import FragmentError


def write(folder: Path, text: str | bytes) -> Path:
    """Write a careplan.toml and return it."""
    path = folder / "careplan.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_every_setting_is_read(tmp_path: Path) -> None:
    """All that the tool does otherwise can be said."""
    text = """\
# Our clinic.
require_approval = true
language = "en"
paper = "a4"
editions = [
  "large-print",
  "ink-saver",
]
out = "handouts"
strict = true
"""

    assert read_settings(write(tmp_path, text)) == Settings(
        require_approval=True, language="en", paper="a4", editions=("large-print", "ink-saver"),
        out="handouts", strict=True,
    )  # fmt: skip


def test_nothing_said_changes_nothing(tmp_path: Path) -> None:
    """An empty file is like none."""
    assert read_settings(write(tmp_path, "")) == Settings()


def test_there_is_a_setting_for_each_edition() -> None:
    """The editions of the settings are those of the plan."""
    assert get_args(Edition) == tuple(EDITIONS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('paper = "a4"\npapr = "a4"\n', "2:1: error: papr is not a field here; did you mean 'paper'?"),
        ('paper = "a5"\n', "1:9: error: paper must be 'letter' or 'a4', not 'a5'"),
        ('  strict = "yes"\n', "1:12: error: strict must be true or false, not 'yes'."),
        ("strict = True\n", "1:10: error: This is not readable as TOML"),
        ("paper = a4\n", "1:9: error: This is not readable as TOML"),
        ('paper = "a4\n', "1:12: error: This is not readable as TOML"),
        ('paper = "a4"\n\npaper = "letter"\n', "3:17: error: 'paper' is given twice; the first is"),
        ("strict\n", "1:7: error: This is not readable as TOML"),
        ("[prining]\nstrict = true\n", "1:2: error: prining is not a field here"),
        ('editions = ["large-prnt"]\n', "1:12: error: editions[1] must be 'large-print', 'ink-saver'"),
        (b'out = "\xff"\n', "1:8: error: The file must be saved as UTF-8"),
        ('out = """', ": error: This is not readable as TOML"),
    ],
)
def test_a_mistake_is_shown_with_line_and_column(text: str | bytes, expected: str, tmp_path: Path) -> None:
    """What is wrong has a place, and what was likely meant."""
    path = write(tmp_path, text)

    with pytest.raises(FragmentError) as caught:
        read_settings(path, "careplan.toml")

    assert expected in str(caught.value.problems[0])
    assert str(caught.value.problems[0]).startswith("careplan.toml:")
