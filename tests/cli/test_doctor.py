"""`careplan doctor` says what this computer lacks and how to get it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ran import Ran

from careplan.cli import checkup

Run = Callable[..., Ran]
CHECKS = [
    "Python", "packages", "Pango", "fonts", "templates", "plans", "library", "PDF", "clinic", "temp folder",
    "this folder", "disk", "terminal", "printer",
]


def findings(ran: Ran) -> dict[str, dict[str, str]]:
    """Return the findings of `doctor --json` by the name of the check."""
    return {one["check"]: one for one in json.loads(ran.out)["checks"]}


def test_a_computer_that_has_everything_is_told_so(careplan: Run) -> None:
    """Where all that is needed is here, doctor ends with 0 and says what to do next."""
    ran = careplan("doctor")

    assert ran.code == 0
    assert {line.split()[0] for line in ran.out.splitlines()} <= {"ok", "warning", "repair:", "hint:"}
    assert "Next: careplan demo" in ran.err


def test_the_json_holds_every_check(careplan: Run) -> None:
    """--json has one finding for each check, in the order of the text."""
    ran = careplan("doctor", "--json")

    assert json.loads(ran.out)["ok"] is True
    assert list(findings(ran)) == CHECKS


@pytest.mark.parametrize("package", ["pydantic", "weasyprint", "pikepdf", "jinja2"])
def test_it_runs_without_the_packages_it_looks_for(tmp_path: Path, package: str) -> None:
    """A package that cannot be loaded is a finding with a repair, and no traceback."""
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "from careplan.cli.main import main\n"
        "sys.argv = ['careplan', 'doctor', '--json']\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False,
    )
    ran = Ran(done.returncode, done.stdout, done.stderr)

    if package == "jinja2":
        # The test page needs no template; that jinja2 is there at all is read from its metadata.
        assert ran.code == 0
        return
    assert ran.code == 5
    assert findings(ran)["PDF"]["state"] == "missing"
    assert f"pip install --force-reinstall {package}" in findings(ran)["PDF"]["repair"]
    assert "Traceback" not in ran.err


def test_a_package_that_is_too_old_is_named_with_its_repair(monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions are compared as numbers, and the repair asks for the one that is needed."""
    monkeypatch.setattr(checkup, "_requirements", lambda: {"click": "99.10", "no-such-package": "1"})

    finding = checkup._packages()  # noqa: SLF001 - one check of many

    assert finding.state == "missing"
    assert "too old (99.10 or newer is needed)" in finding.said
    assert "no-such-package is not here" in finding.said
    assert 'pip install "click>=99.10" "no-such-package>=1"' in finding.repair


def test_each_package_of_the_project_is_looked_for() -> None:
    """What the project declares is what doctor compares, with its lowest version."""
    wanted = checkup._requirements()  # noqa: SLF001 - one check of many

    assert {"click", "weasyprint", "pydantic", "pyyaml"} <= wanted.keys()
    assert all(version[0].isdigit() for version in wanted.values())


@pytest.mark.parametrize(
    ("lacking", "state"), [({"harfbuzz-subset"}, "warning"), ({"pango-1.0", "harfbuzz"}, "missing")],
)
def test_libraries_that_are_not_here_name_the_command(
    monkeypatch: pytest.MonkeyPatch, lacking: set[str], state: str
) -> None:
    """Without Pango nothing is printed; without HarfBuzz-subset it only takes longer."""
    monkeypatch.setattr(checkup, "_loads", lambda name: name not in lacking)

    finding = checkup._pango()  # noqa: SLF001 - one check of many

    assert finding.state == state
    assert finding.repair


def test_a_font_that_was_cut_short_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A font file that is there but not whole, as after a copy that broke off, is told by its name."""
    fonts = tmp_path / "fonts"
    shutil.copytree(checkup.templates_folder() / "fonts", fonts)
    bold = fonts / "AtkinsonHyperlegibleNext-Bold.ttf"
    bold.write_bytes(bold.read_bytes()[: bold.stat().st_size // 2])
    monkeypatch.setattr(checkup, "templates_folder", lambda: tmp_path)

    finding = checkup._fonts()  # noqa: SLF001 - one check of many

    assert (finding.state, finding.said) == ("missing", f"{bold.name} cannot be read")


def test_the_clinic_is_named_and_its_problems_counted(careplan: Run, tmp_path: Path) -> None:
    """Which clinic, what is beside it and how many problems; a saved request is not told."""
    (tmp_path / "clinic.yaml").write_text("kind: clinic\nnam: Riverside\n", encoding="utf-8")
    (tmp_path / "jordan-example.yaml").write_text("kind: request\n", encoding="utf-8")
    (tmp_path / "therapies").mkdir()
    (tmp_path / "therapies" / "own.yaml").write_text("kind: therapy\n", encoding="utf-8")

    ran = careplan("doctor", "--json")

    clinic = findings(ran)["clinic"]
    assert (ran.code, clinic["state"]) == (0, "warning")
    assert "1 therapies" in clinic["said"]
    assert "1 problem in it" in clinic["said"]
    assert "careplan check" in clinic["repair"]
    assert "jordan" not in ran.out + ran.err


def test_a_clinic_that_is_named_and_not_there_is_missing(careplan: Run) -> None:
    """Every build would stop there, so doctor ends with 5."""
    ran = careplan("doctor", "--clinic", "nowhere")

    assert ran.code == 5
    assert "missing  clinic" in ran.out
    assert "repair: correct --clinic" in ran.out


@pytest.mark.skipif(os.name == "nt", reason="lpstat is not a program of Windows")
@pytest.mark.parametrize(
    ("queues", "usual", "state"),
    [("front\\nback", "back", "ok"), ("front", "", "warning"), ("", "", "warning")],
)
def test_the_printer_is_asked_of_the_system(
    careplan: Run, tmp_path: Path, queues: str, usual: str, state: str
) -> None:
    """The usual printer is named where there is one; no printer is never more than a warning."""
    told = f"system default destination: {usual}" if usual else "no system default destination"
    program = tmp_path / "bin" / "lpstat"
    program.parent.mkdir()
    script = f'#!/bin/sh\n[ "$1" = -e ] && printf "{queues}\\n" || echo "{told}"\n'
    program.write_text(script, encoding="utf-8")
    program.chmod(0o755)

    ran = careplan("doctor", "--json", PATH=f"{program.parent}:{os.environ['PATH']}")

    assert ran.code == 0
    assert findings(ran)["printer"]["state"] == state


def test_a_check_that_fails_is_told_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A doctor who faints helps nobody: the failed check is a finding of its own."""

    def faint() -> None:
        raise RuntimeError

    monkeypatch.setattr(checkup, "_fonts", faint)

    found = list(checkup.examine(None))

    assert len(found) == len(CHECKS)
    assert "RuntimeError" in next(one.said for one in found if one.check == "faint")


def test_a_path_below_home_does_not_tell_whose_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A home folder's name is a person's; only the tilde is shown."""
    monkeypatch.setattr(Path, "home", lambda: Path("/home/jordan"))

    assert checkup._shown("/home/jordan/x/clinic.yaml") == f"~{os.sep}x/clinic.yaml"  # noqa: SLF001
