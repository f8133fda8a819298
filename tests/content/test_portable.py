"""Values that other YAML tools read as something else."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml

from careplan.content.dialects import other_reading
from careplan.content.library import check_library

Small = dict[str, str]
Plans = Callable[[Mapping[str, str]], Path]


@pytest.mark.parametrize(
    "word",
    ["no", "Yes", "on", "OFF", "True", "~", "Null", "010", "0x1F", "0b1", "12:30", "1:30:00", "1_000",
     "1.5e+3", ".5", "5.", ".inf", "-.inf", ".nan", "2026-12-03"],
)
def test_what_a_yaml_1_1_reader_takes_for_no_text_is_known(word: str) -> None:
    """Each of these is no text for a reader of YAML 1.1, and one kind of value is named for it."""
    assert not isinstance(yaml.safe_load(word), str)
    assert other_reading(word)


@pytest.mark.parametrize("word", ["y", "n", "1e3", "0o17", "=", "<<"])
def test_what_other_readers_take_for_no_text_is_known(word: str) -> None:
    """Some readers take these for true, false, numbers or signs."""
    assert other_reading(word)


@pytest.mark.parametrize(
    "word", ["yoga", "nope", ".", "+", "1-2", "5-10", "12:75", "a1", "1.2.3", "3 days", "-7 days", "½", "x"],
)
def test_plain_words_are_read_alike(word: str) -> None:
    """A word that every reader takes for text needs no quotes."""
    assert other_reading(word) == ""
    assert isinstance(yaml.safe_load(f"a: {word}")["a"], str)


@pytest.mark.parametrize(("written", "found"), [("no", 1), ('"no"', 0), ("'12:30'", 0), ("12:30", 1)])
def test_quotes_settle_it(plans: Plans, small: Small, written: str, found: int) -> None:
    """In quotes the same word is no problem."""
    name = "factors/blood-thinner.yaml"
    text = small[name].replace("title: Blood thinner", f"title: {written}")

    problems = check_library(plans({**small, name: text}))

    assert [one.code for one in problems] == ["other-reading"] * found


def test_days_and_known_fields_need_no_quotes(plans: Plans, small: Small) -> None:
    """A date where a day is expected, and a field that is called `on`, are read by careplan alone."""
    name = "factors/blood-thinner.yaml"
    review = "review: {status: approved, version: 1, due: 2027-11-01, by: Ann Example, on: 2026-11-01}"
    text = small[name].replace("review: {status: draft, version: 1, due: 2027-11-01}", review)
    assert text != small[name]

    assert check_library(plans({**small, name: text})) == ()


def test_names_of_the_authors_own_need_quotes(plans: Plans, small: Small) -> None:
    """A key that is no field but an author's own word is told with its place."""
    old, new = "{none: none, planned: planned}", "{none: none, planned: x, on: it}"
    text = small["vocabulary.yaml"].replace(old, new)

    problems = check_library(plans({**small, "vocabulary.yaml": text}))

    assert [one.level for one in problems] == ["warning"]
    assert problems[0].write.endswith('{none: none, planned: x, "on": it}')
