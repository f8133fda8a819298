"""The timeline's shapes and labels."""

from itertools import combinations

import pytest

from careplan.content.resources import templates_folder
from careplan.planning.plan import Bar, Column, Lane, Mark, Timeline
from careplan.render.picture import WIDTH, Picture, Words, draw_timeline
from careplan.render.tokens import read_tokens


def timeline(*lanes: Lane, weeks: int = 13, dated: bool = True) -> Timeline:
    """Return a timeline of *weeks* weeks with *lanes*."""
    columns = tuple(
        Column(week * 7, f"Wk {week}", f"Dec {week + 10}" if dated else "") for week in range(weeks)
    )
    return Timeline("Your first weeks", "How to read it.", weeks * 7, columns, lanes)


def draw(*lanes: Lane, weeks: int = 13) -> Picture:
    """Return the picture of a timeline with *lanes*."""
    templates = templates_folder()
    return draw_timeline(timeline(*lanes, weeks=weeks), read_tokens(templates), templates)


def width(words: Words) -> float:
    """Return a careful guess of how wide *words* are, in points."""
    return 0.62 * words.size * len(words.text)


def boxes(picture: Picture) -> list[tuple[float, float, float, float]]:
    """Return the box of every text: left, top, right, bottom."""
    return [(text.x, text.y - text.size * 0.75, text.x + 0.4 * width(text), text.y) for text in picture.texts]


MARKS = tuple(
    Mark(day, word, "visit") for day, word in ((1, "Call"), (2, "Call"), (3, "Check-up"), (90, "Review"))
)


@pytest.mark.parametrize("weeks", [4, 8, 13])
def test_labels_stay_inside_the_picture(weeks: int) -> None:
    """No label begins or ends outside the page's text."""
    picture = draw(Lane("Contact with us", (), MARKS, ""), weeks=weeks)

    assert all(0 <= text.x <= WIDTH for text in picture.texts)
    assert all(0 <= text.y <= picture.height for text in picture.texts)
    review = next(text for text in picture.texts if text.text == "Review")
    assert review.x + width(review) * 0.8 <= WIDTH


def test_labels_of_near_visits_do_not_lie_on_each_other() -> None:
    """Three visits on three days have three labels that can be read."""
    picture = draw(Lane("Contact with us", (), MARKS, ""))

    for one, other in combinations(boxes(picture), 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart, (one, other)


def test_a_label_that_does_not_fit_its_bar_is_left_out() -> None:
    """A short bar has no text that runs over its edge."""
    short, long = Bar(0, 3, "Getting started", "visits"), Bar(10, 60, "Getting started", "visits")
    picture = draw(Lane("Pain-coping therapy", (short, long), (), ""))

    assert [text.text for text in picture.texts].count("Getting started") == 1


def test_a_wait_is_striped_and_not_only_coloured() -> None:
    """A wait can be told from a visit in grey: it has stripes, the other bars have none."""
    tokens = read_tokens(templates_folder())
    waiting = draw(Lane("Acupuncture", (Bar(0, 7, "", "wait"),), (), ""))
    working = draw(Lane("Acupuncture", (Bar(0, 7, "", "visits"),), (), ""))

    assert sum(shape.stroke == tokens["wait"] and shape.fill == "none" for shape in waiting.shapes) > 3
    assert all(shape.fill != "none" for shape in working.shapes)


def test_a_long_name_breaks_into_rows() -> None:
    """A long name of a therapy takes more height instead of running into the bars."""
    title = "Occupational therapy and activity pacing"
    picture = draw(Lane(title, (), (), ""))

    rows = [text.text for text in picture.texts if text.text in title]
    assert len(rows) > 1
    assert " ".join(rows) == title
