"""Lines to write on and boxes to tick, on paper and on a screen."""

import pytest

from careplan.content.wording import Wording
from careplan.render.blanks import Blanks


def labels(html: str) -> list[str]:
    """Return the labels of the fields in *html*."""
    return [part.split('"')[0] for part in html.split('title="')[1:]]


def test_on_paper_a_blank_is_an_empty_box(wording: Wording) -> None:
    """Without fields, text keeps its words, and each run of underscores becomes one line."""
    blank = Blanks(wording, fillable=False)

    assert blank.in_text("No food after ____. Clear <drinks>") == (
        'No food after <span class="blank"></span>. Clear &lt;drinks&gt;'
    )
    assert blank.tick("Bring a list.") == '<span class="tick"></span>'
    assert not blank.cell("Diary", "Day 1", "Sleep")
    assert blank.lines("Notes", 2) == '<div class="write-lines"><p></p><p></p></div>'


@pytest.mark.parametrize(
    ("text", "about", "expected"),
    [
        ("Never stop it. Dates: ____", "", ["Dates"]),
        ("Never stop it. Dates: ____", "Blood thinners.", ["Blood thinners: Dates"]),
        ("No food after ____. Clear drinks until ____.", "", ["No food after", "Clear drinks until"]),
        ("Your amount: ____ minutes, ____ times a day.", "",
         ["Your amount \u2026 minutes", "minutes \u2026 times a day"]),
        ("Drive from: ____ You may work from: ____", "", ["Drive from", "You may work from"]),
        ("____", "", ["Write here"]),
        ('Say "yes": ____', "", ["Say &#34;yes&#34;"]),
    ],
)
def test_a_label_says_what_to_write(wording: Wording, text: str, about: str, expected: list[str]) -> None:
    """The label of a line in a text is the sentence around it."""
    assert labels(Blanks(wording, fillable=True).in_text(text, about)) == expected


def test_each_field_has_a_name_of_its_own(wording: Wording) -> None:
    """Fields are numbered, so that no two are filled in at once."""
    blank = Blanks(wording, fillable=True)

    html = blank.line("A") + blank.line("A") + blank.tick("A") + blank.lines("A", 3) + blank.field("A")

    names = [part.split('"')[0] for part in html.split('name="')[1:]]
    assert names == [f"blank-{number}" for number in range(1, 6)]


def test_a_word_before_a_line_is_no_part_of_its_label(wording: Wording) -> None:
    """Where no column says what the line is for, a word before it does."""
    html = Blanks(wording, fillable=True).line("Time of: Call", "Time")

    assert html.startswith('<span class="blank-word">Time: </span>')
    assert labels(html) == ["Time of: Call"]
