"""Colours as numbers."""

import pytest

from careplan.content.colours import contrast, mix, parse_colour


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#000000", 21.0),
        ("#767676", "#ffffff", 4.54),
        ("#595959", "#ffffff", 7.0),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
        ("#8f1519", "#8f1519", 1.0),
    ],
)
def test_contrast_is_the_one_that_wcag_defines(one: str, other: str, ratio: float) -> None:
    """The ratios are those of WCAG's own examples and of its public checkers."""
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


def test_contrast_holds_in_grey() -> None:
    """A colour and the grey of the same luminance have the same contrast with any other."""
    green, grey = "#008000", "#737373"

    assert contrast(green, grey) < 1.1
    assert contrast(green, "#ffffff") == pytest.approx(contrast(grey, "#ffffff"), rel=0.1)


def test_a_shade_lies_between_two_colours() -> None:
    """Nothing of a colour leaves the other, all of it leaves itself."""
    assert mix("#0b3c4d", "#ffffff", 0) == "#ffffff"
    assert mix("#0b3c4d", "#ffffff", 1) == "#0b3c4d"
    assert mix("#000000", "#ffffff", 0.5) == "#808080"


@pytest.mark.parametrize("value", ["0b3c4d", "#0b3", "green", "#0b3c4g", "#0b3c4d; x", None, 7])
def test_a_colour_has_six_digits(value: object) -> None:
    """Anything else is refused, so that nothing but a colour reaches a style sheet."""
    with pytest.raises(ValueError, match="six digits"):
        parse_colour(value)


def test_a_colour_is_written_in_small_digits() -> None:
    """Capitals are the same colour."""
    assert parse_colour("#0B3C4D") == "#0b3c4d"
