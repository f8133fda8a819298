"""Grades of texts, against what is published about the formulas."""

import math

import pytest

from careplan.content.readability import (
    Score,
    count,
    load_syllables,
    score,
    sentences_of,
    words_of,
)


def test_the_grade_is_that_of_the_published_example() -> None:
    """The example that comes with the formula in encyclopedias, 13 words of 24 syllables, is at 11.3."""
    sentence = "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."
    found = score([sentence], load_syllables(words_of(sentence)))

    assert (found.sentences, found.words, found.syllables) == (1, 13, 24)
    assert round(found.flesch_kincaid, 1) == 11.3


@pytest.mark.parametrize(("long_words", "grade"), [(6, 5), (12, 6), (20, 7), (30, 8), (42, 9), (56, 10)])
def test_smog_agrees_with_its_table(long_words: int, grade: int) -> None:
    """Over 30 sentences the formula stays within one and a half of McLaughlin's own table."""
    found = Score(30, 400, 500, long_words)

    assert math.isclose(found.smog, grade, abs_tol=1.5)
    assert round(Score(30, 400, 500, 9).smog, 2) == 6.26


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("pain", 1),
        ("muscle", 2),
        ("injection", 3),
        ("epidural", 4),
        ("911", 1),
        ("1,000", 1),
        ("off-label", 3),
        ("doctor's", 2),
        ("zorbling", 2),
        ("blafe", 1),
        ("throzzle", 2),
    ],
)
def test_syllables_are_those_of_speech_or_counted_by_vowels(word: str, syllables: int) -> None:
    """Known words are counted as they are spoken, unknown ones by their groups of vowels."""
    assert count(word, load_syllables([word])) == syllables


def test_sentences_are_those_that_authors_wrote() -> None:
    """Slots and lines to write on count as words; a number with a point does not end a sentence."""
    text = "Call us on {date} at {phone}. Fever of {fever}? Your limit: ____ It is 100.4 degrees."

    assert sentences_of(text) == (
        "Call us on May 2 at 5.",
        "Fever of 100 degrees?",
        "Your limit: five It is 100.4 degrees.",
    )


def test_names_can_be_set_aside() -> None:
    """A procedure's own name can be left out of the count; the sentence stays a sentence."""
    syllables = load_syllables(["epidural", "helps", "some"])

    whole = score(["Epidural helps some."], syllables)
    without = score(["Epidural helps some."], syllables, {"epidural"})

    assert (whole.words, whole.long_words) == (3, 1)
    assert (without.sentences, without.words, without.long_words) == (1, 2, 0)


def test_nothing_has_no_grade() -> None:
    """An empty text is at grade 0 and does not divide by it."""
    nothing = score([], {})

    assert (nothing.flesch_kincaid, nothing.smog) == (0.0, 0.0)
