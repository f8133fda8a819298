"""The clinic's own files, read and checked."""

from pathlib import Path

import pytest

from careplan.content.clinic import Clinic
from careplan.content.library import read_fragment
from careplan.content.resources import templates_folder
from careplan.problems import FragmentError

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><rect width="9" height="9"/></svg>'
FONTS = templates_folder() / "fonts"


def read(folder: Path, text: str) -> Clinic:
    """Return the clinic that *text* in *folder* describes, with its files."""
    file = folder / "clinic.yaml"
    file.write_text(f"kind: clinic\n{text}\n", encoding="utf-8")
    clinic, _ = read_fragment(file, "clinic.yaml")
    assert isinstance(clinic, Clinic)
    return clinic


def problems(folder: Path, text: str) -> list[str]:
    """Return what is wrong with that clinic."""
    with pytest.raises(FragmentError) as caught:
        read(folder, text)
    return [str(problem) for problem in caught.value.problems]


def test_a_logo_comes_with_the_clinic(tmp_path: Path) -> None:
    """The logo is read from beside clinic.yaml, cleaned, and knows its shape."""
    (tmp_path / "logo.svg").write_text(LOGO, encoding="utf-8")

    letterhead = read(tmp_path, "letterhead: {logo: logo.svg}").letterhead

    assert letterhead is not None
    assert letterhead.logo is not None
    assert (letterhead.logo.media, letterhead.logo.ratio) == ("image/svg+xml", 3)
    assert b"<rect" in letterhead.logo.data


def test_another_picture_is_another_clinic(tmp_path: Path) -> None:
    """What is written down about a clinic changes with its logo, and holds no folder."""
    (tmp_path / "logo.svg").write_text(LOGO, encoding="utf-8")
    first = read(tmp_path, "letterhead: {logo: logo.svg}").model_dump_json()
    (tmp_path / "logo.svg").write_text(LOGO.replace("9", "8"), encoding="utf-8")

    second = read(tmp_path, "letterhead: {logo: logo.svg}").model_dump_json()

    assert '"logo":"logo.svg ' in first
    assert first != second
    assert str(tmp_path) not in first


def test_every_problem_is_told_at_its_place(tmp_path: Path) -> None:
    """Missing and wrong files and pale colours are all shown at once."""
    (tmp_path / "bad.svg").write_text(LOGO.replace("<rect", "<script/><rect"), encoding="utf-8")
    (tmp_path / "a.ttf").write_bytes(b"no font")

    found = problems(
        tmp_path,
        'letterhead:\n  logo: bad.svg\ntheme:\n  accent: "#777777"\n'
        "  fonts: {regular: a.ttf, bold: b.ttf}",
    )

    assert found[0] == (
        "clinic.yaml:3:9: error: letterhead.logo: bad.svg has <script> in it; "
        "only plain shapes may stand there. [bad-logo]"
    )
    assert found[1].startswith("clinic.yaml:5:11: error: theme.accent must have a contrast of 7:1")
    assert found[2].startswith("clinic.yaml:6:20: error: theme.fonts.regular: a.ttf is not a TrueType face")
    assert found[3] == (
        "clinic.yaml:6:33: error: theme.fonts.bold: b.ttf is not in the folder of clinic.yaml. [no-such-file]"
    )
    assert len(found) == 4


def test_a_link_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    """A file that only seems to be beside clinic.yaml is not read."""
    folder = tmp_path / "clinic"
    folder.mkdir()
    (tmp_path / "logo.svg").write_text(LOGO, encoding="utf-8")
    (folder / "logo.svg").symlink_to(tmp_path / "logo.svg")

    assert problems(folder, "letterhead: {logo: logo.svg}") == [
        (
            "clinic.yaml:2:20: error: letterhead.logo: logo.svg leads out of the folder of clinic.yaml. "
            "[outside-folder]"
        )
    ]


def test_a_folder_is_no_logo(tmp_path: Path) -> None:
    """What the system does not hand out is a problem and no crash."""
    (tmp_path / "logo.png").mkdir()

    found = problems(tmp_path, "letterhead: {logo: logo.png}")

    assert "letterhead.logo: logo.png cannot be read: " in found[0]


def test_fonts_come_with_the_clinic(tmp_path: Path) -> None:
    """Both weights are read, from a folder below if need be."""
    (tmp_path / "fonts").mkdir()
    for weight in ("Regular", "Bold"):
        data = (FONTS / f"AtkinsonHyperlegibleNext-{weight}.ttf").read_bytes()
        (tmp_path / "fonts" / f"{weight}.ttf").write_bytes(data)

    theme = read(tmp_path, "theme: {fonts: {regular: fonts/Regular.ttf, bold: fonts/Bold.ttf}}").theme

    assert theme is not None
    assert theme.fonts is not None
    assert theme.fonts.regular.data[:4] == theme.fonts.bold.data[:4] == b"\0\1\0\0"
    assert theme.fonts.regular.media == "font/ttf"
