"""Tests of the places in a text that a plan fills in."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.content import slots

ALL = "{date} {day 3} {day -7} {option site} {phone} {emergency} {crisis} {fever}"


@pytest.mark.parametrize(
    "text",
    ["", "No slot.", "Date: ____", ALL, "{phone}{phone}", "Call {phone}, or {emergency}."],
)
def test_known_slots_are_no_problem(text: str) -> None:
    """Every known slot with the word it needs is accepted, and lines to write on are no slots."""
    slots.check(text)


@pytest.mark.parametrize(
    "text",
    ["{", "}", "Call {phone.", "Call phone}.", "{{phone}}", "}{", "{day {date}}"],
)
def test_a_brace_without_its_partner_is_refused(text: str) -> None:
    """An opening brace without its closing one, or one inside another, is refused."""
    with pytest.raises(ValueError, match=r"^text in which every '\{' has its '\}'$"):
        slots.check(text)


@pytest.mark.parametrize(
    "written",
    ["telephone", "Phone", "", " phone", "phone.__class__", "0", "phone!r", "phone:>9"],
)
def test_an_unknown_slot_is_refused_by_its_name(written: str) -> None:
    """What is no slot is named, together with every slot there is."""
    known = "{date}, {day}, {option}, {phone}, {emergency}, {crisis}, {fever}"
    expected = f"one of the slots {known}, not '{{{written}}}'"

    with pytest.raises(ValueError, match=f"^{re.escape(expected)}$"):
        slots.check(f"Call {{{written}}}.")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("day", "a number of days behind 'day' in '{day}'"),
        ("day ", "a number of days behind 'day' in '{day }'"),
        ("day three", "a number of days behind 'day' in '{day three}'"),
        ("day 3 days", "a number of days behind 'day' in '{day 3 days}'"),
        ("day  3", "a number of days behind 'day' in '{day  3}'"),
        ("option", "the id of an option behind 'option' in '{option}'"),
        ("phone 911", "nothing behind 'phone' in '{phone 911}'"),
        ("date 3", "nothing behind 'date' in '{date 3}'"),
    ],
)
def test_a_slot_with_another_word_than_it_needs_is_refused(written: str, expected: str) -> None:
    """A slot without the word it needs, or with one that it does not, says which."""
    with pytest.raises(ValueError, match=f"^{re.escape(expected)}$"):
        slots.check(f"Wait until {{{written}}}.")


def test_each_slot_is_filled_with_its_value() -> None:
    """Each slot is asked for by name and word, and everything around it stays."""
    text = f"A ____ {ALL} z."

    filled = slots.fill(text, lambda name, word: f"<{name}|{word}>")

    assert filled == (
        "A ____ <date|> <day|3> <day|-7> <option|site> <phone|> <emergency|> <crisis|> <fever|> z."
    )


@given(st.text())
def test_a_value_is_not_filled_again(value: str) -> None:
    """A value that looks like a slot is printed as it is."""
    filled = slots.fill("Call {phone}.", lambda _name, _word: value + "{date}\\1")

    assert filled == f"Call {value}{{date}}\\1."


@given(st.text(st.characters(exclude_characters="{}")))
def test_a_text_without_slots_stays_as_it_is(text: str) -> None:
    """Nothing but slots is replaced."""
    slots.check(text)

    assert slots.fill(text, lambda _name, _word: "X") == text


def test_the_options_of_a_text_are_found() -> None:
    """The options that a text names come in its order, and days are no options."""
    assert slots.options_in("{option site}, {day 3}, {option steroid} and {option site}") == (
        "site",
        "steroid",
        "site",
    )
    assert slots.options_in(ALL.replace("{option site}", "")) == ()
