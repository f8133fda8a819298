"""What a clinic's colours come to, and whether everything can be read in them."""

import re

import pytest

from careplan.content.clinic import Clinic, Theme
from careplan.content.resources import templates_folder
from careplan.content.source import parse_source
from careplan.content.theme import PAIRS, check_theme, theme_tokens, unreadable
from careplan.content.tokens import default_tokens
from careplan.content.validation import check

TOKENS = default_tokens(templates_folder())


def problems(text: str) -> list[str]:
    """Return what is wrong with the theme written in *text*."""
    source = parse_source(f"kind: clinic\n{text}".encode(), "clinic.yaml")
    theme = check(Clinic, source).theme
    assert theme is not None
    return [str(problem) for problem in check_theme(theme, TOKENS, source)]


def test_our_own_colours_can_be_read() -> None:
    """Every text of the default theme has the contrast that a clinic's must have."""
    assert unreadable(TOKENS) == ()


def test_the_guard_sees_a_colour_that_cannot_be_read() -> None:
    """The check of our own colours can fail."""
    assert unreadable({**TOKENS, "accent": "#767676"})[0] == PAIRS[2]


def test_style_sheets_name_colours_only_as_tokens() -> None:
    """No colour is written anywhere but in tokens.css, so that a theme reaches all of them."""
    sheets = (templates_folder() / "css").glob("*.css")
    found = {one.name: re.findall("#[0-9a-fA-F]{3,6}", one.read_text(encoding="utf-8")) for one in sheets}

    assert found.pop("tokens.css")
    saver = (templates_folder() / "css" / "ink-saver.css").read_text(encoding="utf-8")
    assert found.pop("ink-saver.css") == re.findall("--[a-z-]+: (#[0-9a-fA-F]{3,6});", saver)
    assert {"components.css", "large-print.css", "page.css", "type.css", "write-in.css"} <= set(found)
    assert not any(found.values())


def test_without_a_theme_nothing_changes() -> None:
    """A clinic without a theme has our tokens."""
    assert theme_tokens(None, TOKENS) == {}
    assert theme_tokens(Theme(), TOKENS) == {}


def test_shades_follow_from_the_accent() -> None:
    """One colour is enough: the soft and middle shades and the lines are mixed from it."""
    values = theme_tokens(Theme(accent="#0f4d2a"), TOKENS)

    assert values == {
        "accent": "#0f4d2a",
        "accent-soft": "#e9efec",
        "accent-middle": "#9fb8aa",
        "line": "#87a694",
    }


def test_a_shade_that_is_given_is_kept() -> None:
    """What a clinic states is not mixed."""
    values = theme_tokens(Theme(accent="#0f4d2a", accent_soft="#eeffee", wait="#7a4a00"), TOKENS)

    assert values["accent-soft"] == "#eeffee"
    assert values["wait-soft"] == "#efe9e0"


@pytest.mark.parametrize("accent", ["#000000", "#0f4d2a", "#4b1d6b", "#5a2d00", "#700020", "#00307a"])
def test_a_dark_accent_needs_nothing_else(accent: str) -> None:
    """With a dark accent everything can be read, whatever its hue."""
    assert problems(f'theme: {{accent: "{accent}"}}') == []


def test_a_pale_accent_is_a_problem_at_its_place() -> None:
    """The problem names the line, the ratio, what is needed and the nearest shade that passes."""
    found = problems('theme:\n  accent: "#3a8fb7"')

    assert found == [
        (
            "clinic.yaml:3:11: error: theme.accent must have a contrast of 7:1 or more with the accent_soft "
            "that follows from it (#edf5f9); '#3a8fb7' has 3.28:1. The nearest darker shade that passes is "
            "'#22546c'. [low-contrast]"
        )
    ]
    assert problems('theme: {accent: "#22546c"}') == []


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ('alarm: "#ff0000"', "theme.alarm must have a contrast of 7:1 or more with the paper", "'#b50000'."),
        ('wait: "#ffcc00"', "theme.wait must have a contrast of 3:1 or more with the paper", "'#b28f00'."),
        (
            'accent_middle: "#0b3c4d"',
            "theme.accent_middle must have a contrast of 7:1 or more with the text",
            "The nearest lighter shade that passes is '#96abb2'.",
        ),
        (
            'wait_soft: "#a8660f"',
            "theme.wait_soft must have a contrast of 7:1 or more with the text",
            "The nearest lighter shade that passes is '#c9a06a'.",
        ),
        (
            'accent_soft: "#808080"',
            "theme.accent_soft must have a contrast of 7:1 or more with the accent (#0b3c4d)",
            "The nearest lighter shade that passes is '",
        ),
    ],
)
def test_each_colour_is_checked_on_what_it_is_printed_on(text: str, start: str, end: str) -> None:
    """Text needs 7:1 and shapes 3:1, and the shade that is suggested passes."""
    found = problems(f"theme: {{{text}}}")

    assert len(found) == 1
    assert start in found[0]
    assert end in found[0]
    better = found[0].rpartition("is '")[2][:7]
    assert problems(f"theme: {{{text.partition(':')[0]}: \"{better}\"}}") == []


def test_bars_can_be_told_apart_in_grey() -> None:
    """Bars of weeks with visits are darker than bars of weeks on your own, whatever their hue."""
    found = problems('theme: {accent_middle: "#e0f0e0", accent_soft: "#e8f0f3"}')

    assert len(found) == 1
    assert "must have a contrast of 1.5:1 or more" in found[0]


def test_two_colours_are_two_problems() -> None:
    """Every colour that fails is told at once, each at its own place."""
    found = problems('theme:\n  accent: "#3a8fb7"\n  alarm: "#ff0000"')

    assert [line.split(": error")[0] for line in found] == ["clinic.yaml:3:11", "clinic.yaml:4:10"]
