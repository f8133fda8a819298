"""`careplan verify`."""

import json
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from ran import Ran

Run = Callable[..., Ran]
TODAY = {"CAREPLAN_TODAY": "2026-11-22"}


@pytest.fixture
def sheet(careplan: Run, tmp_path: Path) -> Path:
    """Return a staff sheet, whose texts nobody signed."""
    (tmp_path / "clinic.yaml").write_text("kind: clinic\n", encoding="utf-8")
    careplan("build", "trigger-point-injection", "--option", "site=low-back", "-f", "staff", "-o", "a.pdf")
    return tmp_path / "a.pdf"


def rewrite(path: Path, old: str, new: str) -> None:
    """Change what the file says that it was made from."""
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        written = str(document.docinfo["/CareplanPlan"])
        assert old in written
        document.docinfo["/CareplanPlan"] = written.replace(old, new, 1)
        document.save(path)


def test_every_text_is_named_with_its_version(careplan: Run, sheet: Path) -> None:
    """Just after printing, all is as it was printed."""
    ran = careplan("verify", sheet.name)

    assert ran.code == 0
    assert "intervention/trigger-point-injection 2 " in ran.out
    assert "unchanged; not approved" in ran.out
    assert "red-flags " in ran.out
    assert "all as printed" in ran.err


def test_a_changed_text_and_one_that_is_gone_are_told(careplan: Run, sheet: Path) -> None:
    """Other fingerprints and unknown names are what changed since."""
    listed = json.loads(careplan("verify", sheet.name, "--json").out)
    rewrite(sheet, '["follow-up","trigger-point-injection"', '["follow-up","retired"')
    rewrite(sheet, '["red-flags","",null,"', '["red-flags","",null,"000000000000",""],["sources","",null,"')
    ran = careplan("verify", sheet.name)

    assert listed["same"]
    assert ran.code == 3
    assert "follow-up/retired 1" in ran.out
    assert "no longer in the library" in ran.out
    assert "changed since" in ran.out
    assert "3 not as printed" in ran.err


def test_versions_then_and_today_are_told(careplan: Run, sheet: Path) -> None:
    """A text that has another version today says which."""
    with pikepdf.open(sheet, allow_overwriting_input=True) as document:
        record = json.loads(str(document.docinfo["/CareplanPlan"]))
        record["texts"][0][2:4] = [7, "0" * 12]
        record["texts"][1][3] = "0" * 12
        document.docinfo["/CareplanPlan"] = json.dumps(record)
        document.save(sheet)

    ran = careplan("verify", sheet.name)

    assert "changed since; it is version 2 today" in ran.out
    assert "changed since, and still called version 1" in ran.out


def test_an_approval_that_was_printed_and_no_longer_holds_is_told(careplan: Run, tmp_path: Path) -> None:
    """A lapsed approval makes a printed file other than it was, though no word changed."""
    (tmp_path / "clinic.yaml").write_text("kind: clinic\n", encoding="utf-8")
    careplan(
        "approve", "intervention/trigger-point-injection", "--by", "Dr. Example", "--until", "2027-10-31",
        "--yes", **TODAY,
    )
    careplan(
        "build", "trigger-point-injection", "--option", "site=low-back", "-f", "staff", "-o", "a.pdf", **TODAY
    )

    holds = careplan("verify", "a.pdf", **TODAY)
    ended = careplan("verify", "a.pdf", CAREPLAN_TODAY="2027-11-01")

    assert (holds.code, ended.code) == (0, 3)
    assert "unchanged; approved by Dr. Example until 2027-10-31" in holds.out
    assert "unchanged; the approval by Dr. Example ended on 2027-10-31" in ended.out


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7\n"])
def test_a_file_that_is_none_of_ours_is_refused(careplan: Run, tmp_path: Path, data: bytes) -> None:
    """What is no PDF is told in a sentence, without a traceback."""
    (tmp_path / "letter.pdf").write_bytes(data)

    ran = careplan("verify", "letter.pdf")

    assert ran.code == 6
    assert ran.err == "careplan: letter.pdf is no PDF file, or it is damaged.\n"


def test_a_missing_file_is_told(careplan: Run) -> None:
    """A file that is not there is trouble with a file."""
    ran = careplan("verify", "nowhere.pdf")

    assert ran.code == 6
    assert "nowhere.pdf cannot be read" in ran.err
