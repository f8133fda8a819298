"""A clinic's typeface."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._f_v_a_r import Axis

from careplan.content.faces import LETTERS, MOST_BYTES, NoFaceError, check_face
from careplan.content.resources import plans_folder, templates_folder

OURS = templates_folder() / "fonts" / "AtkinsonHyperlegibleNext-Regular.ttf"


def changed(change: Callable[[Any], None]) -> bytes:
    """Return our own typeface after *change*."""
    file = BytesIO()
    with TTFont(OURS) as face:
        change(face)
        face.save(file)
    return file.getvalue()


def make_variable(face: Any) -> None:
    """Turn *face* into one with a range of weights."""
    axis = Axis()
    axis.axisTag, axis.minValue, axis.defaultValue, axis.maxValue = "wght", 300, 400, 700
    axis.axisNameID = 256
    face["fvar"] = newTable("fvar")
    face["fvar"].axes, face["fvar"].instances = [axis], []


def without_degree_and_bullet(face: Any) -> None:
    """Take two letters out of *face*."""
    for table in face["cmap"].tables:
        table.cmap = {code: name for code, name in table.cmap.items() if code not in (0xB0, 0x2022)}


def restrict(face: Any) -> None:
    """Set the licence bit that forbids putting *face* into documents."""
    face["OS/2"].fsType = 2


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_our_own_typeface_has_all_letters(weight: str) -> None:
    """What is asked of a clinic's typeface holds for the built-in one."""
    check_face(OURS.with_name(f"AtkinsonHyperlegibleNext-{weight}.ttf").read_bytes())


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (changed(make_variable), "is a variable font; give a static file for each weight"),
        (changed(without_degree_and_bullet), "lacks letters that are printed: ° •"),
        (changed(restrict), "may not be put into documents"),
        (OURS.read_bytes()[:3000], "not readable as a TrueType face"),
        (b"wOF2" + bytes(100), "is not a TrueType face"),
        (b"OTTO" + bytes(100), "is not a TrueType face"),
        (b"", "is not a TrueType face"),
        (bytes(MOST_BYTES + 1), "2,000,000 is the most"),
    ],
)
def test_a_face_that_cannot_be_printed_says_why(data: bytes, why: str) -> None:
    """Another kind of file, a range of weights or a missing letter is refused with its reason."""
    with pytest.raises(NoFaceError, match=why):
        check_face(data)


@pytest.mark.parametrize("folder", [plans_folder(), templates_folder() / "locales"])
def test_every_letter_that_we_print_is_asked_for(folder: Path) -> None:
    """No shipped text has a letter that a clinic's typeface might lack."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.yaml"))]

    assert texts
    assert {one for text in texts for one in text if one.isprintable()} - LETTERS == set()
