"""Rules that cannot fire, rules that contradict, and words that nobody uses."""

from collections.abc import Callable
from pathlib import Path

import pytest

from careplan.content.library import check_library

Plans = Callable[[dict[str, str]], Path]
Small = dict[str, str]


def rules_file(*rules: str) -> str:
    """Return a file of rules; each is given as its `when` and `then`."""
    lines = ["kind: safety-rules", "id: more", "title: More rules", "rules:"]
    for number, rule in enumerate(rules):
        lines += [f"  - id: x{number}-rule", *(f"    {line}" for line in rule.splitlines())]
        lines += ["    staff: A reason.", "    basis: Common practice.", "    confidence: low"]
    return "\n".join([*lines, "review: {status: draft, version: 1, due: 2027-11-01}"]) + "\n"


def found(plans: Plans, small: Small, *rules: str, **changed: str) -> list[tuple[int, str]]:
    """Return line and code of the problems that more *rules* make."""
    folder = plans({**small, **changed, "safety-rules/more.yaml": rules_file(*rules)})
    return [
        (one.location.line, one.code)
        for one in check_library(folder)
        if one.code in ("never-fires", "contradiction")
    ]


@pytest.mark.parametrize(
    ("when", "fires"),
    [
        ("{traits: [needle]}", True),
        ("{traits: [needle], options: {site: [lumbar]}}", True),
        ("{traits: [needle], options: {site: [unknown]}}", True),
        ("{traits: [steroid]}", False),
        ("{options: {site: [thoracic]}}", False),
        ("{traits: [needle], modalities: [gentle-movement]}", True),
    ],
)
def test_a_rule_that_can_never_fire_is_shown(plans: Plans, small: Small, when: str, *, fires: bool) -> None:
    """A trait that no intervention brings, or an option value that none has, makes a rule dead."""
    problems = found(plans, small, f"when: {when}\nthen: ask")

    assert problems == ([] if fires else [(6, "never-fires")])


@pytest.mark.parametrize(
    ("one", "other", "contradict"),
    [
        ("{wait: 2 days}", "{wait: 3 days}", True),
        ("{wait: 2 days}", "{wait: 2 days}", False),
        ("{wait: 2 days}", "ask", False),
        ("block", "ask", True),
        ("block", "info", True),
        ("ask", "caution", False),
    ],
)
def test_two_rules_that_contradict_are_shown(
    plans: Plans, small: Small, one: str, other: str, *, contradict: bool
) -> None:
    """Under the very same conditions a block cannot stand beside a question, nor two waits."""
    when = "when: {traits: [needle], modalities: [gentle-movement]}"

    problems = found(plans, small, f"{when}\nthen: {one}", f"{when}\nthen: {other}")

    assert problems == ([(13, "contradiction")] if contradict else [])


def test_rules_under_other_conditions_do_not_contradict(plans: Plans, small: Small) -> None:
    """A stricter rule for a narrower case is what rules are for."""
    problems = found(
        plans,
        small,
        "when: {traits: [needle], modalities: [gentle-movement]}\nthen: {wait: 2 days}",
        "when: {traits: [needle, sedation], modalities: [gentle-movement]}\nthen: {wait: 3 days}",
    )

    assert problems == []


def test_a_word_that_nobody_uses_is_shown(plans: Plans, small: Small) -> None:
    """The vocabulary holds no trait, modality, area, state or activity that no fragment uses."""
    word = "  - {id: contrast, meaning: Dye is used.}\nmodalities:\n"
    text = small["vocabulary.yaml"].replace("modalities:\n", word, 1)

    problems = check_library(plans({**small, "vocabulary.yaml": text}))

    assert ("unused-word", "No rule and no fragment uses 'contrast'; remove it or use it.") in [
        (one.code, one.sentence) for one in problems
    ]


@pytest.mark.parametrize(
    ("only", "holds"),
    [
        ("{traits: [needle]}", True),
        ("{options: {site: [lumbar, thoracic]}}", True),
        ("{options: {site: [unknown]}}", True),
        ("{options: {relaxing: [planned]}}", True),
        ("{therapies: [massage]}", True),
        ("{factors: [blood-thinner]}", True),
        ("{options: {site: [thoracic]}}", False),
        ("{traits: [steroid]}", False),
        ("{regions: [low-back], traits: [steroid]}", False),
    ],
)
def test_an_item_that_is_never_printed_is_shown(
    plans: Plans, small: Small, only: str, *, holds: bool
) -> None:
    """A condition that no plan with the fragment meets is a problem where it is written."""
    name, text = "interventions/back-injection.yaml", "text: Tell us about your medicines. Call {phone}."
    changed = small[name].replace(text, f"{text}\n    only: {only}")
    assert changed != small[name]

    problems = check_library(plans({**small, name: changed}))

    assert [one.code for one in problems] == ([] if holds else ["never-holds"])
