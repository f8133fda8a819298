"""Taking over a fragment: under its own id as a change, under another as a copy."""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from careplan.content.library import read_fragment
from careplan.content.resources import plans_folder
from careplan.content.source import parse_source
from careplan.content.takeover import Original, change_of, copy_as, originals

DUE = dt.date(2027, 11, 1)
KINDS = ("intervention", "therapy", "follow-up", "condition", "factor", "safety-rule")
EVERY = [one for kind in KINDS for one in originals(kind, plans_folder())]
Small = dict[str, str]
Plans = Callable[[Mapping[str, str]], Path]


@pytest.mark.parametrize("original", EVERY, ids=lambda one: f"{one.kind}-{one.id}")
def test_a_copy_is_the_original_under_another_id(original: Original, tmp_path: Path) -> None:
    """Whatever is copied says the same as before, is called otherwise and is nobody's yet."""
    path = tmp_path / "my-own.yaml"
    path.write_text(copy_as(original, "my-own", DUE), encoding="utf-8")

    copy, _ = read_fragment(path)

    same = {"id", "review"}
    (tmp_path / f"{original.id}.yaml").write_text(original.text, encoding="utf-8")
    model, _ = read_fragment(tmp_path / f"{original.id}.yaml")
    assert copy.model_dump(exclude=same) == model.model_dump(exclude=same)
    assert copy.id == "my-own"
    assert (copy.review.status, copy.review.version, copy.review.due) == ("draft", 1, DUE)


@pytest.mark.parametrize("original", EVERY, ids=lambda one: f"{one.kind}-{one.id}")
def test_a_change_names_what_it_changes_and_nothing_else(original: Original) -> None:
    """As long as no example is switched on, everything stays as it is built in."""
    data = parse_source(change_of(original, DUE).encode(), "a.yaml").data

    assert {key: data[key] for key in ("kind", "id", "extends")} == {
        "kind": original.kind, "id": original.id, "extends": original.id,
    }
    assert data.keys() == {"kind", "id", "extends", "review"}


def test_a_copy_keeps_the_notes(plans: Plans, small: Small) -> None:
    """Comments stand where they stood, but for the review, which begins again."""
    small["factors/blood-thinner.yaml"] = (
        "# Why we ask.\nkind: factor\nid: blood-thinner  # ours\ntitle: Blood thinner\n"
        "review:\n  status: approved\n  version: 3\n  due: 2027-01-01\n  by: Dr. A\n  on: 2026-01-01\n\n"
        "# What staff ask.\nmeaning: Takes a blood thinner.\nquestion: Do you take one?\n"
    )
    folder = plans(small)
    [original] = originals("factor", folder)

    assert copy_as(original, "our-own", DUE) == (
        "# Why we ask.\nkind: factor\nid: our-own  # ours\ntitle: Blood thinner\n"
        "review:\n  status: draft\n  version: 1\n  due: 2027-11-01\n\n"
        "# What staff ask.\nmeaning: Takes a blood thinner.\nquestion: Do you take one?\n"
    )


def test_a_rule_is_found_among_the_rules_of_its_theme(plans: Plans, small: Small) -> None:
    """A rule of a file with many becomes a file of its own, with the review of that file."""
    folder = plans(small)

    found = {one.id: one for one in originals("safety-rule", folder)}

    assert [*found] == ["r1-heat", "r2-blood-thinner", "r3-scan", "r4-spot"]
    assert found["r2-blood-thinner"].text == (
        "kind: safety-rule\nid: r2-blood-thinner\nwhen: {factors: [blood-thinner], traits: [needle]}\n"
        "then: ask\npatient: A needle can bleed more with a blood thinner.\nstaff: The prescriber decides.\n"
        "basis: Guideline.\nconfidence: high\nsources: [example-guideline-2020]\n"
        "review:\n  status: draft\n  version: 1\n  due: 2027-11-01\n"
    )


def test_the_examples_of_a_change_are_about_the_fragment_itself(plans: Plans, small: Small) -> None:
    """They name a field and an item that there are, so that switching them on does something."""
    [original] = [one for one in originals("therapy", plans(small)) if one.id == "walking-class"]

    text = change_of(original, DUE)

    assert "#starts: 1 day\n" in text
    assert "#drop: [builds-strength]\n" in text
    assert "#why:\n#  - id: builds-strength\n#    text: Replace this sentence.\n#  - id: why-added\n" in text
    assert "#    after: builds-strength\n" in text


@pytest.mark.parametrize(
    "text",
    [
        "{kind: factor, id: x, title: X, meaning: M., question: Q?, review: {status: draft}}\n",
        "id: 'x'\nkind: factor\ntitle: X\nmeaning: M.\nquestion: Q?\n",
        "kind: factor\nreview: {status: draft}\ntitle: X\nmeaning: M.\nquestion: Q?\nid: x",
    ],
    ids=["in braces", "without review", "review first"],
)
def test_however_it_is_written_it_can_be_copied(text: str) -> None:
    """An unusual way of writing costs the notes at most, never the content."""
    original = Original("factor", "x", Path("x.yaml"), text)

    data = parse_source(copy_as(original, "y", DUE).encode(), "y.yaml").data

    assert {**data, "review": None} == {
        "kind": "factor", "id": "y", "title": "X", "meaning": "M.", "question": "Q?", "review": None,
    }
    assert data["review"]["due"] == "2027-11-01"
