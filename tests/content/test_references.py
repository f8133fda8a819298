"""Tests of names that lead nowhere and names given twice, beyond those in `data/bad/`."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from careplan.content.library import check_library

Small = dict[str, str]
Plans = Callable[[Mapping[str, str]], Path]


def lines_for(folder: Path) -> list[str]:
    """Return the problems of the library in *folder*, each on its line."""
    return [str(problem) for problem in check_library(folder)]


def test_a_library_in_which_every_name_leads_somewhere_is_right(plans: Plans, small: Small) -> None:
    """The small library has no problem; the tests of this folder stand on it."""
    assert lines_for(plans(small)) == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("interventions/back-injection.yaml", "default: lumbar", "default: unknown"),
        (
            "safety-rules/after-needle.yaml",
            "{factors: [blood-thinner], traits: [needle]}",
            "{modalities: [heat], regions: [same, other, low-back]}",
        ),
        (
            "safety-rules/after-needle.yaml",
            "{factors: [blood-thinner], traits: [needle]}",
            "{options: {site: [unknown]}}",
        ),
        (
            "safety-rules/after-needle.yaml",
            "{factors: [blood-thinner], traits: [needle]}",
            "{history: [{event: steroid-injection, region: same}]}",
        ),
        ("safety-rules/after-needle.yaml", "then: ask", "then: {avoid-area: [needle-spot], until: 3 days}"),
        ("safety-rules/after-needle.yaml", "then: ask", "then: {ask: true, until: wounds-healed}"),
        ("interventions/back-injection.yaml", "{option site}", "{option relaxing}"),
        ("therapies/walking-class.yaml", "needs: [gentle-movement]", "needs: [stretching]"),
        ("follow-ups/check-ups.yaml", "after: first-call", "therapy: massage"),
    ],
)
def test_names_with_a_meaning_of_their_own_are_known(
    file: str,
    old: str,
    new: str,
    plans: Plans,
    small: Small,
) -> None:
    """What always exists, such as 'unknown' and 'same', and every real name is no problem."""
    assert old in small[file]
    small[file] = small[file].replace(old, new)

    assert lines_for(plans(small)) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        (
            "red-flags.yaml",
            "only: {traits: [needle]}",
            "only: {traits: [nedle]}",
            "red-flags.yaml:11:21: error: 'nedle' is not a known trait; did you mean 'needle'? [unknown-id]",
        ),
        (
            "interventions/back-injection.yaml",
            "regions: [low-back]",
            "regions: [low-back]\nfactors: [implant]",
            "interventions/back-injection.yaml:12:11: error: 'implant' is not a known factor. [unknown-id]",
        ),
        (
            "interventions/back-injection.yaml",
            "only: {options: {relaxing: [planned]}}",
            "only: {regions: [same, sme]}",
            (
                "interventions/back-injection.yaml:10:43: error: 'sme' is not a known region; "
                "did you mean 'same'? [unknown-id]"
            ),
        ),
        (
            "follow-ups/check-ups.yaml",
            "after: first-call",
            "therapy: massge",
            (
                "follow-ups/check-ups.yaml:18:14: error: 'massge' is not a known therapy; "
                "did you mean 'massage'? [unknown-id]"
            ),
        ),
        (
            "follow-ups/check-ups.yaml",
            "id: review",
            "id: first-call",
            (
                "follow-ups/check-ups.yaml:12:9: error: The id 'first-call' is given twice in this file; "
                "the first is in line 5. [duplicate-id]"
            ),
        ),
        (
            "interventions/back-injection.yaml",
            "id: no-bath",
            "id: first-days",
            (
                "interventions/back-injection.yaml:27:13: error: The id 'first-days' is given twice in this "
                "file; the first is in line 22. [duplicate-id]"
            ),
        ),
        (
            "therapies/walking-class.yaml",
            "id: short-walks",
            "id: gentle",
            (
                "therapies/walking-class.yaml:24:13: error: The id 'gentle' is given twice in this file; "
                "the first is in line 18. [duplicate-id]"
            ),
        ),
        (
            "interventions/back-injection.yaml",
            "id: pain-diary",
            "id: no-bath",
            (
                "interventions/back-injection.yaml:36:9: error: The id "
                "'no-bath' is given twice in this file; "
                "the first is in line 27. [duplicate-id]"
            ),
        ),
        (
            "factors/blood-thinner.yaml",
            "review:",
            "sources: example-guideline-2002\nreview:",
            (
                "factors/blood-thinner.yaml:6:10: error: 'example-guideline-2002' is not a known source in "
                "sources.yaml; did you mean 'example-guideline-2020'? [unknown-id]"
            ),
        ),
    ],
)
def test_a_name_that_leads_nowhere_is_shown_where_it_stands(  # noqa: PLR0913 - two fixtures and four columns
    file: str,
    old: str,
    new: str,
    line: str,
    *,
    plans: Plans,
    small: Small,
) -> None:
    """Wherever a fragment names something, a wrong name is one problem at that name."""
    assert old in small[file]
    small[file] = small[file].replace(old, new, 1)

    assert lines_for(plans(small)) == [f"plans/{line}"]


_NO_SOURCE = "error: A statement of fact needs 'sources', or 'basis' where no source gives it. [no-source]"


@pytest.mark.parametrize(
    ("section", "places"),
    [("names", []), ("bring", []), ("risks", ["13:5"]), ("what_it_is", ["13:5"])],
)
def test_sections_without_facts_need_no_source(
    section: str,
    places: list[str],
    plans: Plans,
    small: Small,
) -> None:
    """What to bring and other names state no fact; whatever does needs someone behind it."""
    file = "interventions/back-injection.yaml"
    text = small[file].replace("why:\n", f"{section}:\n", 1)
    small[file] = text.replace("    sources: [example-guideline-2020]\n", "", 1)

    assert lines_for(plans(small)) == [f"plans/{file}:{place}: {_NO_SOURCE}" for place in places]


def test_a_name_in_a_single_event_is_shown_where_it_stands(plans: Plans, small: Small) -> None:
    """A past event written without brackets has its mistakes at their places."""
    file = "safety-rules/after-needle.yaml"
    small[file] = small[file].replace(
        "{factors: [blood-thinner], traits: [needle]}",
        "{history: {event: nothing}}",
    )

    assert lines_for(plans(small)) == [
        "plans/safety-rules/after-needle.yaml:14:29: error: 'nothing' is not a known event. [unknown-id]",
    ]


@pytest.mark.parametrize("word", ["needle", "gentle-movement", "feeling-back", "site"])
def test_a_word_of_the_vocabulary_stands_there_once(word: str, plans: Plans, small: Small) -> None:
    """Two meanings of one word, of which one would silently win, are a problem."""
    others = {
        "needle": "steroid",
        "gentle-movement": "heat",
        "feeling-back": "wounds-healed",
        "site": "relaxing",
    }
    small["zz.yaml"] = small.pop("vocabulary.yaml").replace(f"id: {others[word]}", f"id: {word}")

    assert "duplicate-id" in [problem.code for problem in check_library(plans(small))]
