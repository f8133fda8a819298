"""Colours as numbers: how well one can be read on another, and the shades between them."""

import re
from functools import lru_cache

from careplan.content.forms import Form

WHITE, BLACK = "#ffffff", "#000000"

_COLOUR = re.compile("#[0-9A-Fa-f]{6}")
COLOUR = Form(
    "colour", _COLOUR.pattern,
    'a colour of # and six digits from 0 to f, in quotes, such as "#0b3c4d"', "#0b3c4d",
)


def parse_colour(value: object) -> str:
    """Return the colour that *value* names, as # and six small digits; raises ValueError."""
    if isinstance(value, str) and _COLOUR.fullmatch(value):
        return value.lower()
    raise ValueError(COLOUR.expected)


@lru_cache
def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 for the same to 21 for black and white.

    This is the ratio that WCAG 2.2 defines (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
    It rests on luminance alone and not on the hue, so a page that is printed in greys of the
    same luminance has the same ratios.
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """Return the shade that is *share* of *colour*, from 0 to 1, and *other* for the rest."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(share * one + (1 - share) * two):02x}" for one, two in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def _luminance(colour: str) -> float:
    """Return the relative luminance, by the formula of WCAG 2.2."""
    red, green, blue = (_linear(value / 255) for value in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004
