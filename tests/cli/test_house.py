"""The clinic's file on the command line."""

from collections.abc import Callable
from pathlib import Path

from ran import Ran

from careplan.content.resources import templates_folder

WRONG = """\
kind: clinic
letterhead: {logo: logo.svg}
theme: {accent: "#3a8fb7"}
"""


def test_check_finds_what_is_wrong_with_a_clinic(careplan: Callable[..., Ran], tmp_path: Path) -> None:
    """A missing logo and a pale colour are shown with file, line and column."""
    (tmp_path / "clinic.yaml").write_text(WRONG, encoding="utf-8")

    ran = careplan("check", "clinic.yaml")

    assert ran.code == 3
    assert "clinic.yaml:2:20: error: letterhead.logo: logo.svg is not in the folder" in ran.out
    assert "clinic.yaml:3:17: error: theme.accent must have a contrast of 7:1 or more" in ran.out


def test_build_refuses_a_wrong_clinic(careplan: Callable[..., Ran], tmp_path: Path) -> None:
    """Nothing is written with a logo that is missing or a colour that cannot be read."""
    (tmp_path / "clinic.yaml").write_text(WRONG, encoding="utf-8")

    ran = careplan("build", "trigger-point-injection", "--option", "site=low-back", "-o", "a.pdf")

    assert ran.code == 3
    assert "2 problems." in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["clinic.yaml"]


def test_a_clinics_folder_is_found_from_elsewhere(careplan: Callable[..., Ran], tmp_path: Path) -> None:
    """The logo is looked for beside clinic.yaml, not where the command is called."""
    folder = tmp_path / "our clinic"
    folder.mkdir()
    (folder / "clinic.yaml").write_text(
        "kind: clinic\nname: Riverside\nletterhead: {logo: logo.svg}\n", encoding="utf-8"
    )
    (folder / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><rect width="9" height="9"/></svg>',
        encoding="utf-8",
    )

    ran = careplan(
        "build", "trigger-point-injection", "--option", "site=low-back", "-f", "html", "-o", "a.html",
        "--clinic", "our clinic",
    )

    assert ran.code == 0
    assert "data:image/svg+xml;base64," in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert str(tmp_path) not in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_a_clinics_typeface_leaves_nothing_behind(careplan: Callable[..., Ran], tmp_path: Path) -> None:
    """Whatever was copied to print with the clinic's fonts is gone with the command."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    for weight in ("Regular", "Bold"):
        face = templates_folder() / "fonts" / f"AtkinsonHyperlegibleNext-{weight}.ttf"
        (tmp_path / face.name).write_bytes(face.read_bytes())
    (tmp_path / "clinic.yaml").write_text(
        "kind: clinic\ntheme:\n  fonts:\n    regular: AtkinsonHyperlegibleNext-Regular.ttf\n"
        "    bold: AtkinsonHyperlegibleNext-Bold.ttf\n",
        encoding="utf-8",
    )

    ran = careplan(
        "build", "trigger-point-injection", "--option", "site=low-back", "-o", "a.pdf", TMPDIR=str(temporary)
    )

    assert ran.code == 0
    assert (tmp_path / "a.pdf").is_file()
    assert list(temporary.iterdir()) == []
