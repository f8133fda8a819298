"""What an editor is told about a text is what the models accept."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.content import clinic, colours, models, offsets, slots
from careplan.content.forms import Form


def _check_text(value: str) -> str:
    if not value.strip():
        raise ValueError(value)
    slots.check(value)
    return value


# Each form with the function that reads a text in it.
READERS: list[tuple[Form, Callable[[str], object]]] = [
    (offsets.SPAN, offsets.parse_span), (offsets.MOMENT, offsets.parse_offset),
    (offsets.WINDOW, offsets.parse_window), (models.DAY, models.parse_date),
    (models.UNTIL, models.parse_until), (colours.COLOUR, colours.parse_colour),
    (slots.TEXT, _check_text), (clinic.SPACE, clinic._space),  # noqa: SLF001 - they are the models'
    (clinic.LOGO, clinic._logo), (clinic.FACE, clinic._face),  # noqa: SLF001
]
IDS = [form.name for form, _ in READERS]
# Pieces that such texts are made of, right and wrong ones.
PIECES = st.lists(
    st.sampled_from([
        "2", "0", "7", "12", "040", "41", "2026", "02", "29", "30", "31", "-", "+", "±", " ", "/", "..", ".",
        "day", "days", "weeks", "months", "visit", "business-day", "{", "}", "{phone}",
        "{day 3}", "{option a}", "{day}", "{date}", "a", "A", "mm", "#0b3c4d", "preprinted", ".svg",
        ".TTF", "\\", ":", "\t",
    ]),
    max_size=7,
).map("".join)


def reads(reader: Callable[[str], object], text: str) -> bool:
    """Return whether *reader* accepts *text*."""
    try:
        reader(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(("form", "reader"), READERS, ids=IDS)
def test_the_example_of_a_form_has_the_form(form: Form, reader: Callable[[str], object]) -> None:
    """What an editor proposes is accepted."""
    assert re.fullmatch(form.pattern, form.example)
    assert reads(reader, form.example)


@pytest.mark.parametrize(("form", "reader"), READERS, ids=IDS)
def test_a_form_and_its_reader_agree(form: Form, reader: Callable[[str], object]) -> None:
    """Whatever is put together from such pieces is refused by both or by neither."""
    right = st.from_regex(form.pattern, fullmatch=True, alphabet=st.characters(codec="ascii"))

    @given(st.one_of(PIECES, right))
    def agree(text: str) -> None:
        assert bool(re.fullmatch(form.pattern, text)) == reads(reader, text)

    agree()


def test_every_day_that_exists_has_the_form_of_a_day() -> None:
    """Of all texts like a date in a leap year, another and the bounds, the real days match."""
    for year in (1999, 2000, 2024, 2027, 2096, 2099, 2100):
        for month in range(14):
            for day in range(33):
                text = f"{year:04}-{month:02}-{day:02}"
                assert bool(re.fullmatch(models.DAY.pattern, text)) == reads(models.parse_date, text), text


def test_every_count_of_clinic_days_has_the_form_or_not() -> None:
    """Up to 40 clinic days or visits can be written, with zeros before the number or without."""
    for number in range(120):
        for width in range(1, 5):
            text = f"visit {number:0{width}}"
            assert bool(re.fullmatch(offsets.MOMENT.pattern, text)) == reads(offsets.parse_offset, text), text
