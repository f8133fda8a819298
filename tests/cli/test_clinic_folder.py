"""A clinic's folder on the command line: its fragments, its settings, and where each text comes from."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from ran import Ran

Run = Callable[..., Ran]
RULE = "n08a-needles-near-fresh-injection"
SHOT = ("epidural-steroid-injection", "--option", "site=lumbar")
BUILD = ("build", *SHOT, "-t", "acupuncture", "-d", "2026-12-03")
HTML = (*BUILD, "-f", "html", "-o", "a.html")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Write the folder of a clinic that changed a therapy and shortened a wait; return it."""
    texts = {
        "clinic.yaml": "kind: clinic\nname: Riverside\n",
        "therapies/acupuncture.yaml": (
            "kind: therapy\nid: acupuncture\nextends: acupuncture\ntitle: Acupuncture at Riverside\n"
        ),
        f"safety-rules/{RULE}.yaml": (
            f"kind: safety-rule\nid: {RULE}\nextends: {RULE}\nthen: {{wait: 3 days}}\n"
            "by: Dr. Example\nreason: We see the site.\n"
        ),
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_plan_is_built_from_the_clinics_texts(careplan: Run, home: Path) -> None:
    """The handout has the clinic's text and says so; the staff sheet tells what was loosened."""
    built = careplan(*HTML)
    careplan(*BUILD, "-f", "staff", "-o", "staff.pdf")
    shown = (home / "a.html").read_text(encoding="utf-8")

    assert built.code == 0
    assert f"less strict at your clinic, see the staff sheet: {RULE}" in built.err
    assert "Acupuncture at Riverside" in shown
    assert "acupuncture 2, changed by your clinic; standard-injection 2" in shown
    assert (home / "staff.pdf").is_file()


@pytest.mark.usefixtures("home")
def test_the_list_says_where_each_comes_from(careplan: Run) -> None:
    """With a clinic's folder the list has a column for it, and ends with what is less strict."""
    listed = careplan("list").out.splitlines()
    rows = json.loads(careplan("list", "therapies", "--json").out)

    assert [line.split()[:4] for line in listed if line.startswith("  acupuncture ")] == [
        ["acupuncture", "clinic,", "from", "built-in"],
    ]
    assert f"  {RULE}: then: wait 3 days instead of wait 7 days (Dr. Example: We see the site.)" in listed
    assert {row["id"]: row["from"] for row in rows}["tai-chi"] == "built-in"


@pytest.mark.usefixtures("home")
def test_show_names_the_files_and_the_changes(careplan: Run) -> None:
    """A changed text is shown as it is, with its files and what the clinic changed in it."""
    therapy, rule = careplan("show", "acupuncture").out, careplan("show", RULE).out

    assert "files: plans/therapies/acupuncture.yaml, therapies/acupuncture.yaml" in therapy
    assert "changes: changed title" in therapy
    assert f"files: plans/safety-rules/after-needle.yaml, safety-rules/{RULE}.yaml" in rule
    assert f"  {RULE}: then: wait 3 days instead of wait 7 days" in rule


def test_a_dropped_rule_is_still_shown(careplan: Run, home: Path) -> None:
    """Who looks for a rule that the clinic dropped finds it, and who dropped it."""
    file = home / "safety-rules" / f"{RULE}.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("then: {wait: 3 days}", "drop: true"), "utf-8")

    shown = careplan("show", RULE).out

    assert "wait: 7 days" in shown
    assert f"  {RULE}: dropped (Dr. Example: We see the site.)" in shown


def test_check_alone_looks_through_the_clinics_folder(careplan: Run, home: Path) -> None:
    """In a clinic's folder, its fragments, clinic.yaml and careplan.toml are checked as well."""
    assert careplan("check").out == "3 files checked, no problems.\n"
    (home / "careplan.toml").write_text('papr = "a4"\n', encoding="utf-8")
    (home / "therapies" / "acupuncture.yaml").write_text(
        "kind: therapy\nid: acupuncture\nextends: acupunture\n", encoding="utf-8"
    )
    (home / "upstream").mkdir()
    (home / "upstream" / "acupuncture.yaml").write_text("kind: nothing\n", encoding="utf-8")

    ran, listed = careplan("check"), careplan("list", "therapies")

    assert ran.code == 3
    assert "careplan.toml:1:1: error: papr is not a field here; did you mean 'paper'?" in ran.out
    assert "therapies/acupuncture.yaml:3:10: error: There is no therapy 'acupunture' to extend" in ran.out
    assert ran.out.splitlines()[-1] == "4 files checked, 2 problems."
    assert listed.code == 0
    assert "There are problems in the clinic's folder: careplan check" in listed.err


def test_nothing_is_built_with_a_loosened_rule_that_nobody_stands_behind(careplan: Run, home: Path) -> None:
    """The build stops with the place, the rule, and what is to be written."""
    file = home / "safety-rules" / f"{RULE}.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("by: Dr. Example\n", ""), encoding="utf-8")

    ran = careplan(*HTML)

    assert ran.code == 3
    assert f"safety-rules/{RULE}.yaml:4:7: error: This makes the safety rule '{RULE}' less strict" in ran.err
    assert not (home / "a.html").exists()


def test_settings_go_behind_the_request_and_the_environment(careplan: Run, home: Path) -> None:
    """The command line goes before the environment, that before careplan.toml, that before nothing."""
    (home / "sheets").mkdir()
    (home / "careplan.toml").write_text(
        'paper = "a4"\neditions = ["ink-saver"]\nout = "sheets"\n', encoding="utf-8"
    )
    papers = {"letter": "8.5in 11in", "a4": "210mm 297mm"}

    def paper(*more: str, **environment: str) -> str:
        ran = careplan(*BUILD, "-f", "html", *more, **environment)
        shown = (home / ran.out.strip()).read_text(encoding="utf-8")
        return next(name for name, size in papers.items() if f"size: {size}" in shown)

    assert paper() == "a4"
    assert len(list((home / "sheets").glob("*.html"))) == 1
    assert paper(CAREPLAN_PAPER="letter") == "letter"
    assert paper("--paper", "a4", CAREPLAN_PAPER="letter") == "a4"


def test_a_folder_to_write_to_that_is_missing_is_told(careplan: Run, home: Path) -> None:
    """A file is not written under the name of a folder that does not exist."""
    (home / "careplan.toml").write_text('out = "sheets"\n', encoding="utf-8")

    ran = careplan(*BUILD, "-f", "html")

    assert (ran.code, ran.out) == (6, "")
    assert "that careplan.toml names under 'out' does not exist" in ran.err


def test_a_folder_with_settings_alone_is_a_clinics_folder(careplan: Run, tmp_path: Path) -> None:
    """careplan.toml is enough; a folder with neither file is no clinic."""
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "careplan.toml").write_text('editions = "large-print"\n', encoding="utf-8")
    (tmp_path / "empty").mkdir()

    assert careplan(*HTML, "--clinic", "ours").code == 0
    assert careplan(*HTML, CAREPLAN_CLINIC="empty").code == 6
