"""The forms in which problems are told to programs."""

import json
from pathlib import Path
from typing import Any

import pytest

from careplan.cli.reports import render, summary
from careplan.problems import Location, Problem

WRONG = Problem(
    Location("my plans/a,b.yaml", 3, 8), "100 % wrong: see\nbelow.", "jargon",
    excerpt="title: x", write="title: y",
)
WHOLE = Problem(Location("c.yaml"), "The file is too large.", "too-large", "warning")
NOTE = Problem(Location("d.yaml", 1, 1), "Soon due.", "review-soon", "note")


def sarif(*problems: Problem) -> Any:
    """Return the only run of the SARIF report of *problems*."""
    log = json.loads(render("sarif", problems, 1))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    return run


def test_github_gets_one_escaped_line_a_problem() -> None:
    """Signs with a meaning in a workflow command are escaped; a whole file has no line."""
    place = "::error file=my plans/a%2Cb.yaml,line=3,col=8"
    title = "a word that patients do not use [jargon]"

    assert render("github", (WRONG, WHOLE, NOTE), 3).splitlines() == [
        f"{place},title={title}::100 %25 wrong: see%0Abelow.%0AWrite: title: y",
        "::warning file=c.yaml,title=the file is too large [too-large]::The file is too large.",
        "::notice file=d.yaml,line=1,col=1,title=the review is due soon [review-soon]::Soon due.",
    ]


def test_sarif_results_point_at_rules_and_places() -> None:
    """Each result names its rule, level and place; places are relative URIs."""
    run = sarif(WRONG, WHOLE, NOTE)

    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] == "careplan"
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == ["jargon", "too-large", "review-soon"]
    assert [one["ruleId"] for one in run["results"]] == ["jargon", "too-large", "review-soon"]
    assert [one["level"] for one in run["results"]] == ["error", "warning", "note"]
    first, second, _ = (one["locations"][0]["physicalLocation"] for one in run["results"])
    assert first == {
        "artifactLocation": {"uri": "my%20plans/a%2Cb.yaml"}, "region": {"startLine": 3, "startColumn": 8},
    }
    assert second == {"artifactLocation": {"uri": "c.yaml"}}


def test_sarif_has_what_its_schema_requires() -> None:
    """A run has a tool with a named driver, a result a message, and every rule a unique id and texts."""
    run = sarif(WRONG, WHOLE, NOTE)

    assert run["columnKind"] == "unicodeCodePoints"
    assert all(one["message"]["text"] for one in run["results"])
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["shortDescription"]["text"].endswith(".")
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"].startswith(f"{rule['id']}:")


def test_a_place_in_the_current_folder_is_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An absolute path is told relative to the current folder, or else as a URI of its own."""
    monkeypatch.chdir(tmp_path)
    inside = Problem(Location(str(tmp_path / "a.yaml"), 1, 1), "Wrong.", "tab")
    outside = Problem(Location("/elsewhere/a.yaml", 1, 1), "Wrong.", "tab")

    places = [one["locations"][0]["physicalLocation"] for one in sarif(inside, outside)["results"]]

    assert [one["artifactLocation"]["uri"] for one in places] == ["a.yaml", "file:///elsewhere/a.yaml"]


def test_nothing_found_is_a_report_too() -> None:
    """Without a problem every form is still whole."""
    assert render("text", (), 2) == "2 files checked, no problems.\n"
    assert render("github", (), 2) == ""
    assert json.loads(render("json", (), 2))["found"] == []
    assert sarif()["results"] == []


def test_each_level_is_counted() -> None:
    """The last line counts problems always, warnings and notes where there are some."""
    assert summary((WRONG, WRONG, WHOLE), 1) == "1 file checked, 2 problems, 1 warning."
    assert summary((NOTE,), 3) == "3 files checked, no problems, 1 note."
