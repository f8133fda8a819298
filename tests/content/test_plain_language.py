"""Whether the texts that patients read are plain."""

from collections.abc import Callable
from pathlib import Path

import pytest

from careplan.content.library import check_library

Plans = Callable[[dict[str, str]], Path]
Small = dict[str, str]

NAME = "interventions/back-injection.yaml"
JARGON = "kind: jargon\njargon:\n  - {word: incision, say: cut}\n  - {word: prior to, say: before}\n"


def problems_with(plans: Plans, small: Small, text: str, field: str = "why") -> list[str]:
    """Return the problems of the small library with *text* as what an intervention says."""
    old = small[NAME]
    new = old.replace("text: It may ease the pain in your {option site}.", f"text: {text}")
    assert new != old
    if field != "why":
        new = new.replace("why:\n", f"{field}:\n", 1)
    folder = plans({**small, NAME: new, "jargon.yaml": JARGON})
    return [f"{one.location.line} {one.code}" for one in check_library(folder)]


@pytest.fixture
def line(small: Small) -> int:
    """Return the line of the intervention that the tests write anew."""
    lines = small[NAME].splitlines()
    return next(number for number, one in enumerate(lines, start=1) if "It may ease" in one)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wash the cut before you sleep.", []),
        ("Keep the incision dry.", ["jargon"]),
        ("Incision care is easy.", ["jargon"]),
        ("Ask for the Incision Society.", []),
        ("Eat prior to the visit.", ["jargon"]),
        ("It was a prior visit to us.", []),
        ("One two three four five six seven eight nine ten " * 2 + "more.", ["long-sentence"]),
        ("One two three four five six seven eight nine ten " * 2 + ".", []),
    ],
)
def test_long_sentences_and_hard_words_are_shown_with_their_line(
    plans: Plans, small: Small, line: int, text: str, found: list[str]
) -> None:
    """Over twenty words, or a word from the list in any place of a sentence, is a problem."""
    assert problems_with(plans, small, text) == [f"{line} {code}" for code in found]


def test_names_that_patients_hear_may_be_hard(plans: Plans, small: Small) -> None:
    """The section of names is not searched for hard words: it is there to tell them."""
    assert problems_with(plans, small, "An incision block.", "names") == []


def test_a_fragment_that_is_hard_to_read_is_shown(plans: Plans, small: Small) -> None:
    """A fragment of a hundred words above grade 7 is a problem of the whole file."""
    hard = "Interventional rehabilitation necessitates considerable individual determination. " * 20

    assert problems_with(plans, small, hard) == ["1 hard-to-read"]


def test_a_source_that_nothing_cites_is_a_problem(plans: Plans, small: Small) -> None:
    """The list of sources holds nothing that no statement stands on."""
    more = (
        "  - {id: nobody-reads-this, organisation: Nobody, title: Nothing, "
        "address: 'https://example.org/nothing'}\n"
    )
    folder = plans({**small, "sources.yaml": small["sources.yaml"] + more})

    found = [(one.code, one.sentence) for one in check_library(folder)]

    assert found == [("uncited-source", "No fragment cites 'nobody-reads-this'; remove it.")]
