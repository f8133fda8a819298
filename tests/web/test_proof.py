"""One look at the files: the handout, or why there is none."""

import shutil
from dataclasses import replace
from pathlib import Path

from careplan.content.resources import plans_folder, templates_folder
from careplan.problems import Location, Problem
from careplan.web.proof import Subject, find_problems, in_order, make_proof


def test_a_fragment_is_seen_in_its_plan(subject: Subject) -> None:
    """The handout of the smallest plan is there, and nothing is wrong."""
    proof = make_proof(subject)

    assert "Walk 5 minutes a day." in proof.html
    assert (proof.stops, proof.problems) == ((), ())


def test_a_mistake_is_shown_with_its_place(subject: Subject) -> None:
    """A misspelt field comes back with file, line, column, the line itself and the likely word."""
    file = subject.plans / "therapies" / "walking-class.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("title: W", "titel: W", 1), encoding="utf-8")

    proof = make_proof(subject)

    assert proof.html == ""
    [shown] = [one.shown() for one in proof.problems if one.code == "unknown-field"]
    first, line, caret = shown.splitlines()
    assert first.startswith("plans/therapies/walking-class.yaml:3:1: error: titel is not a field here")
    assert first.endswith("did you mean 'title'? [unknown-field]")
    assert (line, caret) == ("    titel: Walking class", "    ^")


def test_a_rule_that_stops_the_plan_is_shown_as_such() -> None:
    """What stops the plan has the rule, the reason and what a clinician can do."""
    proof = make_proof(Subject(plans_folder(), templates_folder(), "infection"))

    assert proof.html == ""
    assert proof.problems == ()
    assert all(one.rule in one.help and "--allow" in one.help and one.reason for one in proof.stops)
    assert proof.stops


def test_a_request_that_cannot_be_planned_is_shown_at_its_place(subject: Subject, tmp_path: Path) -> None:
    """A therapy that does not exist is a problem of the request's own file."""
    request = tmp_path / "request.yaml"
    request.write_text("intervention: back-injection\ntherapies: [walking-clas]\nkind: request\n")

    proof = make_proof(replace(subject, name="", request=request))

    place = Location(str(request), 1, 15)
    sentence = "There is no therapy 'walking-clas'; did you mean 'walking-class'?"
    assert proof.problems == (Problem(place, sentence, "cannot-be-planned"),)


def test_a_broken_template_is_shown_at_its_line(subject: Subject, tmp_path: Path) -> None:
    """Whoever edits a template sees where it fails, and the preview goes on."""
    templates = tmp_path / "templates"
    shutil.copytree(templates_folder(), templates)
    page = templates / "handout.html.j2"
    page.write_text(page.read_text(encoding="utf-8").replace("{{ plan.title }}", "{{ plan.titel }}"))

    proof = make_proof(replace(subject, templates=templates))

    assert [str(one.location) for one in proof.problems] == ["templates/handout.html.j2:5:1"]
    assert "titel" in proof.problems[0].sentence


def test_a_change_of_a_style_sheet_is_seen(subject: Subject, tmp_path: Path) -> None:
    """The look is read anew for every proof."""
    templates = tmp_path / "templates"
    shutil.copytree(templates_folder(), templates)
    changed = replace(subject, templates=templates)
    make_proof(changed)

    with (templates / "css" / "type.css").open("a", encoding="utf-8") as sheet:
        sheet.write("/* a new line */\n")

    assert "a new line" in make_proof(changed).html


def test_all_problems_are_found(subject: Subject, tmp_path: Path) -> None:
    """The library, the clinic and the request are looked through, whatever else is wrong."""
    file = subject.plans / "conditions" / "back-pain.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("pain: pain", "pian: pain", 1), encoding="utf-8")
    clinic = tmp_path / "clinic.yaml"
    clinic.write_text("kind: clinic\nphon: (555) 010-0142\n", encoding="utf-8")

    found = find_problems(replace(subject, name="", clinic=clinic, request=tmp_path / "gone.yaml"))

    files = {Path(one.location.file).name for one in found}
    assert files == {"back-pain.yaml", "clinic.yaml", "gone.yaml"}


def test_what_is_worse_stands_first() -> None:
    """Errors come before warnings, a missing fragment after other errors, and nothing comes twice."""
    far, near = Location("b.yaml", 9, 1), Location("a.yaml", 1, 1)
    warning = Problem(near, "Hard to read.", "hard", "warning")
    missing = Problem(near, "'x' is not known.", "unknown-id")
    error = Problem(far, "title is missing.", "missing-field")

    assert in_order([warning, missing, error, error]) == (error, missing, warning)
