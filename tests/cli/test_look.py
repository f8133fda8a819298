"""`careplan list`, `show` and `check`, as processes."""

import json
from collections.abc import Callable
from pathlib import Path

import click
from ran import Ran

from careplan.cli import main

Run = Callable[..., Ran]
CORE = ["physical-therapy", "psychotherapy", "chiropractic-care", "acupuncture", "massage-therapy"]


def test_help_shows_examples_before_options(careplan: Run) -> None:
    """Each help text shows how it is used before it lists options."""
    for command in ("build", "demo", "list", "show", "check"):
        told = careplan(command, "--help").out

        assert 0 < told.index("Example") < told.index("Options:")


def test_the_help_tells_of_each_command_what_the_command_tells_of_itself() -> None:
    """The overview, which loads no command, says what each command's own help begins with."""
    context = click.Context(main.careplan)
    told = {name: words for group in main.COMMANDS.values() for name, (_, words) in group.items()}

    own = {
        name: command.get_short_help_str(200)
        for name in main.careplan.list_commands(context)
        if (command := main.careplan.get_command(context, name))
    }

    assert told == own


def test_a_misspelt_command_gets_the_nearest(careplan: Run) -> None:
    """A command that does not exist is told with the one that was likely meant."""
    ran = careplan("bild")

    assert (ran.code, ran.out) == (2, "")
    assert "There is no command 'bild'; did you mean 'build'?" in ran.err


def test_the_five_therapies_of_the_mission_come_first(careplan: Run) -> None:
    """The list of therapies begins with the five that every clinic has."""
    listed = [line.split()[0] for line in careplan("list", "therapies").out.splitlines()]

    assert listed[:5] == CORE


def test_the_list_is_there_for_scripts(careplan: Run) -> None:
    """--json lists the same as the text."""
    rows = json.loads(careplan("list", "therapies", "--json").out)

    assert [row["id"] for row in rows[:5]] == CORE
    assert set(rows[0]) == {"kind", "id", "title", "summary"}


def test_show_tells_a_rule_with_its_reasons(careplan: Run) -> None:
    """A rule is shown with what it needs, what it does, both reasons, basis and sources."""
    shown = careplan("show", "n08a-needles-near-fresh-injection").out

    for label in ("when:", "then:", "wait: 7 days", "patient:", "staff:", "basis:", "confidence:"):
        assert label in shown


def test_show_finds_anything_or_says_what_is_near(careplan: Run) -> None:
    """An unknown id gets the nearest one."""
    ran = careplan("show", "physical-terapy")

    assert (ran.code, ran.out) == (2, "")
    assert "did you mean 'physical-therapy'?" in ran.err


def test_the_shipped_plans_have_no_problem(careplan: Run) -> None:
    """`careplan check` alone looks through everything that comes with careplan."""
    ran = careplan("check", "--on", "2026-12-03")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("files checked, no problems.\n")


def test_a_new_fragment_is_checked_against_the_shipped_plans(careplan: Run, tmp_path: Path) -> None:
    """All mistakes of a file are shown at once, each with its place and the likely word."""
    (tmp_path / "tai-chi-2.yaml").write_text(
        "kind: therapy\nid: tai-chi-2\ntitel: Tai chi\nmodalities: [balance]\n",
        encoding="utf-8",
    )

    ran = careplan("check", "tai-chi-2.yaml")

    assert ran.code == 3
    assert (
        "tai-chi-2.yaml:3:1: error: titel is not a field here; did you mean 'title'? [unknown-field]"
        in ran.out
    )
    assert ran.out.splitlines()[-1].endswith("problems.")


def test_requests_and_clinics_are_checked_too(careplan: Run, tmp_path: Path) -> None:
    """A request that cannot become a plan and a wrong clinic file are problems with a place."""
    (tmp_path / "r.yaml").write_text(
        "kind: request\nintervention: epidural-steroid-injection\ntherapies: [yogga]\n",
        encoding="utf-8",
    )
    (tmp_path / "clinic.yaml").write_text("kind: clinic\ncountry: America\n", encoding="utf-8")

    ran = careplan("check", "r.yaml", "clinic.yaml")

    assert ran.code == 3
    assert "r.yaml:2:15: error:" in ran.out
    assert "clinic.yaml:2:10: error:" in ran.out


def test_a_path_that_is_not_there_is_told(careplan: Run) -> None:
    """Checking a file that does not exist ends with the code for files."""
    ran = careplan("check", "missing.yaml")

    assert (ran.code, ran.err) == (6, "careplan: There is no file or folder missing.yaml.\n")


def test_alone_without_a_terminal_it_shows_help(careplan: Run) -> None:
    """`careplan` in a script asks nothing; it shows the help."""
    ran = careplan()

    assert ran.code == 0
    assert ran.out.startswith("Usage:")
