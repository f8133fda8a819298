"""`careplan build` and `careplan demo`, as processes."""

import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ran import Ran

Run = Callable[..., Ran]
EPIDURAL = ("build", "epidural-steroid-injection", "--option", "site=lumbar")
DATED = (*EPIDURAL, "-d", "2026-12-03")


def files(folder: Path) -> list[str]:
    """Return the names of what is in *folder*."""
    return sorted(path.name for path in folder.iterdir())


def test_the_main_line_writes_one_pdf(new_careplan: Run, tmp_path: Path) -> None:
    """The line in the README writes a PDF, names it on stdout and says the next step on stderr."""
    ran = new_careplan(
        *DATED,
        "-c",
        "sciatica",
        "-t",
        "physical-therapy",
        "-t",
        "psychotherapy,acupuncture",
        "-s",
        "standard-injection",
        "-o",
        "handout.pdf",
    )

    assert (ran.code, ran.out) == (0, "handout.pdf\n")
    assert "Next: print it" in ran.err
    assert (tmp_path / "handout.pdf").read_bytes().startswith(b"%PDF-")
    assert files(tmp_path) == ["handout.pdf"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_handout_is_for_its_owner_only(careplan: Run, tmp_path: Path) -> None:
    """The written file can be read by its owner and nobody else."""
    careplan(*DATED, "-f", "html", "-o", "handout.html")

    assert stat.S_IMODE((tmp_path / "handout.html").stat().st_mode) == 0o600


def test_names_of_files_say_nothing_about_the_patient(careplan: Run, tmp_path: Path) -> None:
    """The name is made of intervention, language and fingerprint, and does not change with the patient."""
    request = "kind: request\nintervention: epidural-steroid-injection\noptions: {site: lumbar}\n"
    (tmp_path / "a.yaml").write_text(request + "patient: {name: Jordan Example}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text(request, encoding="utf-8")

    first, second = careplan("build", "a.yaml", "-f", "html"), careplan("build", "b.yaml", "-f", "html")

    assert first.out == second.out
    assert first.out.startswith("epidural-steroid-injection-en-")
    assert "Jordan" not in first.out + first.err


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("build", "epidural-steroid-injektion"), 2, "did you mean 'epidural-steroid-injection'?"),
        (("build", "epidural-steroid-injection"), 2, "VALUE is one of cervical, thoracic, lumbar, unknown."),
        ((*EPIDURAL[:-1], "site=lumber"), 2, "did you mean 'lumbar'?"),
        ((*EPIDURAL[:-1], "site"), 2, "write it as KEY=VALUE"),
        ((*EPIDURAL, "-d", "2026-02-30"), 2, "a day that exists, written as YYYY-MM-DD"),
        ((*EPIDURAL, "-d", "1926-12-03"), 2, "a day from 2000 to 2099, not '1926-12-03'"),
        ((*EPIDURAL, "-d", "2026-12-05"), 2, "closed on Sat, Dec 5, 2026 (Saturday is not a clinic day)"),
        ((*EPIDURAL, "-d", "2026-12-25"), 2, "closed on Fri, Dec 25, 2026 (Christmas Day)"),
        ((*EPIDURAL, "-t", "acupuncture,acupuncture"), 2, "The therapy 'acupuncture' is named 2 times"),
        ((*EPIDURAL, "-t", "acupunture"), 2, "did you mean 'acupuncture'?"),
        ((*EPIDURAL, "-c", "sciatika"), 2, "did you mean 'sciatica'?"),
        ((*EPIDURAL, "--factor", "diabetis"), 2, "did you mean 'diabetes'?"),
        ((*EPIDURAL, "-f", "card"), 2, "This plan leaves no device in the body"),
        ((*EPIDURAL, "-f", "handoff"), 2, "This plan has no therapy"),
        ((*EPIDURAL, "-s", "standard"), 2, "There is no follow-up 'standard'"),
        ((*EPIDURAL, "-l", "xx"), 2, "There is no handout in the language 'xx'; there is en"),
        ((*EPIDURAL, "-f", "docx"), 2, "'docx' is not one of 'pdf', 'html'"),
        ((*EPIDURAL, "--allow", "n01"), 2, "--allow needs --by NAME and --reason TEXT"),
        ((*EPIDURAL, "--without", "yoga"), 2, "the request has no therapy 'yoga'"),
        ((*EPIDURAL, "--factor", "pregnant"), 4, "This stops the plan."),
        ((*DATED, "-f", "html", "-o", "missing/handout.html"), 6, "the folder does not exist"),
        (("build", "missing.yaml"), 6, "missing.yaml cannot be read: no such file or directory."),
        ((*EPIDURAL, "--clinic", "missing"), 6, "There is no clinic file missing."),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_is_written(
    careplan: Run, tmp_path: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    """Whatever a person types wrongly ends with one clear sentence, the right code and no file."""
    ran = careplan(*arguments)

    assert (ran.code, ran.out) == (code, "")
    assert sentence in ran.err
    assert "Traceback" not in ran.err
    assert files(tmp_path) == []


def test_a_block_can_be_taken_on_by_a_named_clinician(careplan: Run, tmp_path: Path) -> None:
    """With rule, name and reason the plan is built; a rule that did not fire is refused."""
    why = ("--by", "Dr. Example", "--reason", "Needed now.")
    stopped = careplan(*EPIDURAL, "--factor", "pregnant", "-f", "html")
    rule = stopped.err.split("--allow ")[1].split()[0]

    allowed = careplan(*EPIDURAL, "--factor", "pregnant", "--allow", rule, *why, "-f", "html", "-o", "a.html")
    refused = careplan(*EPIDURAL, "--allow", rule, *why, "-f", "html")

    assert (stopped.code, allowed.code, refused.code) == (4, 0, 2)
    assert f"block: {rule}, allowed by Dr. Example" in allowed.err
    assert f"'{rule}' does not fire in this plan" in refused.err
    assert "Dr. Example" not in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_a_saved_request_builds_the_same_handout(new_careplan: Run, tmp_path: Path) -> None:
    """--save writes a request that gives the same file when it is built again."""
    asked = ("-t", "yoga", "--factor", "diabetes")

    new_careplan(*DATED, *asked, "-f", "html", "-o", "a.html", "--save", "r.yaml")
    again = new_careplan("build", "r.yaml", "-f", "html", "-o", "b.html")

    assert again.code == 0
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_a_dry_run_shows_the_dates_and_writes_nothing(careplan: Run, tmp_path: Path) -> None:
    """--dry-run prints every date and leaves the folder empty."""
    ran = careplan(*DATED, "--dry-run")

    assert ran.code == 0
    assert ran.out.splitlines()[:2] == [
        "Thu, Dec 3, 2026  Your injection",
        "Fri, Dec 4, 2026  Call from our nurse",
    ]
    assert files(tmp_path) == []


def test_json_holds_the_result(careplan: Run) -> None:
    """--json prints what was written and every conflict, for scripts."""
    result = json.loads(careplan(*DATED, "-t", "acupuncture", "--dry-run", "--json").out)

    assert result["file"] is None
    assert result["date"] == "2026-12-03"
    assert {"rule": "n08a-needles-near-fresh-injection", "action": "wait", "allowed": False} in result[
        "conflicts"
    ]


def test_a_request_can_come_through_a_pipe(careplan: Run, tmp_path: Path) -> None:
    """A dash reads the request from standard input, and -o - writes the handout to standard output."""
    request = "kind: request\nintervention: epidural-steroid-injection\noptions: {site: lumbar}\n"

    ran = careplan("build", "-", "-f", "html", "-o", "-", typed=request)

    assert ran.code == 0
    assert ran.out.startswith("<!DOCTYPE html>")
    assert files(tmp_path) == []


def test_a_wrong_request_is_shown_with_its_line(careplan: Run, tmp_path: Path) -> None:
    """A misspelt field in a request file is shown with file, line, caret and the likely word."""
    (tmp_path / "r.yaml").write_text(
        "kind: request\nintervntion: epidural-steroid-injection\n", encoding="utf-8"
    )

    ran = careplan("build", "r.yaml")

    assert ran.code == 3
    assert ran.err.splitlines()[:6] == [
        "r.yaml:1:1: error: intervention is missing. [missing-field]",
        "    kind: request",
        "    ^",
        "r.yaml:2:1: error: intervntion is not a field here; did you mean 'intervention'? [unknown-field]",
        "    intervntion: epidural-steroid-injection",
        "    ^",
    ]


def test_a_date_that_has_passed_is_a_warning_and_strict_makes_it_an_error(careplan: Run) -> None:
    """An old date is built with a warning; --strict refuses it."""
    old = (*EPIDURAL, "-d", "2020-12-03", "-f", "html")

    warned, refused = careplan(*old), careplan(*old, "--strict")

    assert (warned.code, refused.code) == (0, 2)
    assert "warning: The procedure day, Thu, Dec 3, 2020, has passed." in warned.err
    assert "has passed" in refused.err


def test_the_clinic_in_this_folder_is_printed(careplan: Run, tmp_path: Path) -> None:
    """A clinic.yaml in the folder is used without being named; what it leaves out is a line."""
    (tmp_path / "clinic.yaml").write_text(
        "kind: clinic\nname: Hill Clinic\nphone: 555 0100\n", encoding="utf-8"
    )

    careplan(*DATED, "-f", "html", "-o", "a.html")

    html = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert '"Hill Clinic"' in html
    assert "Call us today: 555 0100" in html


def test_the_demo_makes_a_handout_for_a_day_to_come(careplan: Run, tmp_path: Path) -> None:
    """The demo needs no arguments and names the file that it wrote."""
    ran = careplan("demo", "-f", "html")

    assert ran.code == 0
    assert files(tmp_path) == [ran.out.strip()]


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is a Linux device")
def test_a_full_disk_leaves_no_half_file(careplan: Run) -> None:
    """Standard output that cannot take the handout is told, and ends with the code for files."""
    ran = careplan("build", "/dev/full/x.yaml")

    assert ran.code == 6
    assert "Traceback" not in ran.err


@pytest.mark.skipif(os.name == "nt", reason="the library's name is that of Linux and macOS")
def test_without_pango_html_still_works(new_careplan: Run, tmp_path: Path) -> None:
    """Where WeasyPrint does not find Pango, PDF ends with code 5 and the command; HTML is written."""
    (tmp_path / "sitecustomize.py").write_text(
        "import cffi\n"
        "def refuse(self, name, flags=0):\n"
        "    raise OSError('cannot load library')\n"
        "cffi.FFI.dlopen = refuse\n",
        encoding="utf-8",
    )
    broken = {"PYTHONPATH": str(tmp_path)}

    pdf = new_careplan(*DATED, "-o", "a.pdf", **broken)
    html = new_careplan(*DATED, "-f", "html", "-o", "a.html", **broken)

    assert (pdf.code, html.code) == (5, 0)
    assert "This computer lacks Pango" in pdf.err
    assert "WeasyPrint could not import" not in pdf.out + pdf.err
    assert "a.pdf" not in files(tmp_path)


def test_editions_are_flags_that_combine(careplan: Run, tmp_path: Path) -> None:
    """All editions at once are one handout, and the saved request asks for the same again."""
    flags = ("--large-print", "--ink-saver", "--write-in", "--fillable")

    first = careplan(*EPIDURAL, *flags, "-f", "html", "-o", "a.html", "--save", "request.yaml")
    again = careplan("build", "request.yaml", "-f", "html", "-o", "b.html")

    assert (first.code, again.code) == (0, 0)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    saved = (tmp_path / "request.yaml").read_text(encoding="utf-8")
    assert all(f"{flag[2:].replace('-', '_')}: true" in saved for flag in flags)


def test_a_write_in_plan_drops_the_patient_of_the_request(careplan: Run, tmp_path: Path) -> None:
    """A request of one patient, printed to write in, is the plan of anybody."""
    request = "kind: request\nintervention: epidural-steroid-injection\noptions: {site: lumbar}\n"
    known = "date: 2026-12-03\narrive_at: '8:15'\npatient: {name: Jordan Example}\n"
    (tmp_path / "a.yaml").write_text(request + known, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(request, encoding="utf-8")

    first = careplan("build", "a.yaml", "--write-in", "-f", "html")
    page = (tmp_path / first.out.strip()).read_text(encoding="utf-8")
    second = careplan("build", "b.yaml", "--write-in", "-f", "html")

    assert first.out == second.out
    assert page == (tmp_path / second.out.strip()).read_text(encoding="utf-8")
    assert "Jordan" not in page


def test_the_demo_comes_in_every_edition(careplan: Run) -> None:
    """Whoever wants to see an edition asks the demo for it."""
    ran = careplan("demo", "--write-in", "-f", "html", "-o", "-")

    assert ran.code == 0
    assert "Patient label" in ran.out
