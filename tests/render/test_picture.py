"""The timeline's shapes and labels."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from itertools import combinations

import pytest
from fontTools.ttLib import TTFont
from gallery import DEMO, SEVEN
from hypothesis import given
from hypothesis import strategies as st

from careplan.content.resources import templates_folder
from careplan.planning.plan import Band, Bar, Column, Lane, Mark, Plan, Timeline
from careplan.render.labels import Free, place_marks
from careplan.render.lettering import Lettering
from careplan.render.picture import (
    FEWER_LANES,
    LANES,
    VISITS_ONLY,
    WEEKS_ONLY,
    WIDTHS,
    Picture,
    Words,
    draw_timeline,
)

Box = tuple[float, float, float, float]

LEAST_SIZE = 9
SHIPPED = {
    "nerve-block": {"purpose": "diagnostic", "nerve": "occipital"},
    "epidural-steroid-injection": {"site": "cervical"},
    "radiofrequency-ablation": {"site": "lumbar"},
    "facet-joint-injection": {"site": "lumbar"},
    "trigger-point-injection": {"site": "neck"},
    "spinal-cord-stimulation": {"phase": "implant"},
    "intrathecal-pain-pump": {"phase": "implant", "drug": "baclofen", "maker": "medtronic-synchromed"},
    "image-guided-injection": {"joint": "knee"},
}
FONTS = {
    weight: TTFont(templates_folder() / "fonts" / f"AtkinsonHyperlegibleNext-{name}.ttf")
    for weight, name in ((400, "Regular"), (700, "Bold"))
}
MARKS = tuple(
    Mark(day, word, "visit") for day, word in ((1, "Call"), (2, "Call"), (3, "Check-up"), (90, "Review"))
)


def band(*lanes: Lane, start: int = 0, weeks: int = 13, dated: bool = True, title: str = "") -> Band:
    """Return a band of *weeks* weeks after the procedure with *lanes*."""
    columns = tuple(
        Column(week * 7, f"Wk {week}", f"Dec {week + 10}" if dated else "") for week in range(weeks)
    )
    before = (Column(start, "Get ready", "Nov 26" if dated else ""),) if start < 0 else ()
    return Band(title, start, weeks * 7, before + columns, lanes)


def draw(*lanes: Lane, weeks: int = 13, tight: int = 0) -> Picture:
    """Return the picture of one band with *lanes*."""
    return draw_timeline(Timeline("Weeks", "", "", (band(*lanes, weeks=weeks),), ()), tight=tight)


def box(words: Words) -> Box:
    """Return left, top, right and bottom of *words*, measured letter by letter."""
    font = FONTS[words.weight]
    letters, widths = font.getBestCmap(), font["hmtx"]
    units = sum(widths[letters.get(ord(letter), ".notdef")][0] for letter in words.text)
    right = words.x + units * words.size / font["head"].unitsPerEm
    return words.x, words.y - 0.72 * words.size, right, words.y + 0.22 * words.size


def bars(picture: Picture) -> list[Box]:
    """Return the boxes of all bars."""
    edges = [re.match(r"M(\S+) (\S+)H([\d.-]+)M\S+ (\S+)H", shape.path) for shape in picture.shapes]
    found = [tuple(map(float, edge.groups())) for edge in edges if edge]
    return [(left, high, right, low) for left, high, right, low in found]


def marks(picture: Picture) -> list[Box]:
    """Return the boxes of all diamonds and dots."""
    found = []
    for shape in picture.shapes:
        if shape.fill == "accent":
            x, y = map(float, re.findall(r"[\d.-]+", shape.path)[:2])
            found.append((x, y - 5, x + 10, y + 5) if "a" in shape.path else (x - 5, y, x + 5, y + 10))
    return found


def apart(one: Box, other: Box) -> bool:
    """Return whether two boxes do not overlap, but for less than can be seen."""
    hair = 0.4
    return (
        one[2] <= other[0] + hair
        or other[2] <= one[0] + hair
        or one[3] <= other[1] + hair
        or other[3] <= one[1] + hair
    )


def within(one: Box, other: Box) -> bool:
    """Return whether *one* lies inside *other* from left to right, on its row."""
    return other[0] <= one[0] and one[2] <= other[2] and one[1] < (other[1] + other[3]) / 2 < one[3]


def check(picture: Picture) -> None:
    """Assert that every text can be read: large enough, inside, and on nothing else."""
    texts = [box(words) for words in picture.texts]
    assert all(words.size >= LEAST_SIZE for words in picture.texts)
    for one in texts:
        assert one[0] >= 0
        assert one[1] >= 0
        assert one[2] <= picture.width
        assert one[3] <= picture.height
        assert all(apart(one, mark) for mark in marks(picture)), one
        assert all(apart(one, bar) or within(one, bar) for bar in bars(picture)), one
    for one, other in combinations(texts, 2):
        assert apart(one, other), (one, other)
    for one, other in combinations(marks(picture), 2):
        assert apart(one, other), (one, other)
    assert all(mark[0] >= 0 and mark[2] <= picture.width for mark in marks(picture))


WORDS = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyzMWÄéß-", min_size=1, max_size=18), min_size=1, max_size=6
).map(" ".join)


@st.composite
def lanes(draw: st.DrawFn, start: int, end: int) -> Lane:
    """Return a lane with bars one after the other, and marks on any days."""
    cuts = sorted(draw(st.lists(st.integers(start - 20, end + 20), max_size=8, unique=True)))
    some_bars = [
        Bar(
            first, last, draw(st.just("") | WORDS), draw(st.sampled_from(["visits", "home", "wait"])),
            ask=draw(st.booleans()), short=draw(st.sampled_from(["", "Ask us"])),
        )
        for first, last in zip(cuts[::2], cuts[1::2], strict=False)
        if first < end and last > start
    ]
    some_marks = [
        Mark(day, draw(st.just("") | WORDS), draw(st.sampled_from(["visit", "procedure"])))
        for day in sorted(draw(st.lists(st.integers(start, end - 1), max_size=12)))
    ]
    kind = draw(st.sampled_from(["procedure", "therapy", "home", "visits"]))
    return Lane(draw(WORDS), kind, tuple(some_bars), tuple(some_marks))


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Return one or two bands with anything in them."""
    start, weeks = -draw(st.integers(0, 42)), draw(st.integers(2, 18))
    dated, many = draw(st.booleans()), st.lists(lanes(start, weeks * 7), min_size=1, max_size=4)
    bands = [band(*draw(many), start=start, weeks=weeks, dated=dated)]
    if draw(st.booleans()):
        end = weeks * 7 + draw(st.integers(60, 3600))
        days = range(weeks * 7, end, draw(st.integers(15, 60)))
        columns = tuple(Column(day, f"Month {number}") for number, day in enumerate(days))
        later = draw(st.lists(lanes(weeks * 7, end), min_size=1, max_size=4))
        bands.append(Band(draw(WORDS), weeks * 7, end, columns, tuple(later)))
    return Timeline("", "", "", tuple(bands), ())


def test_a_mark_on_the_edge_finds_a_place() -> None:
    """Sums of lengths are off by a hair, which keeps no mark and no word from its row."""
    edges = (125.7, 504.0)

    spots = place_marks([(125.7, Mark(0, "Call", "visit"))], Free(*edges, []), edges, Lettering(9, 400))

    assert [(one.row, one.text) for one in spots] == [(0, "Call")]


@given(timelines(), st.sampled_from(sorted(WIDTHS)), st.integers(0, len(LANES) - 1))
def test_nothing_collides_in_any_picture(timeline: Timeline, paper: str, tight: int) -> None:
    """No text leaves the picture or lies on another, on a mark or on the edge of a bar."""
    check(draw_timeline(timeline, paper, tight))


@pytest.mark.parametrize("therapies", [(), DEMO["therapies"], SEVEN], ids=len)
@pytest.mark.parametrize("date", [dt.date(2026, 12, 3), dt.date(2026, 9, 30), None])
@pytest.mark.parametrize("intervention", SHIPPED)
def test_nothing_collides_in_a_shipped_plan(
    plan_for: Callable[..., Plan], intervention: str, date: dt.date | None, therapies: Sequence[str]
) -> None:
    """What we ship can be read at every tightness, on both papers, with a date and without."""
    plan = plan_for(
        intervention=intervention, options=SHIPPED[intervention], therapies=therapies, date=date
    )

    for paper in WIDTHS:
        for tight in range(len(LANES)):
            check(draw_timeline(plan.timeline, paper, tight))


def test_a_collision_is_found() -> None:
    """The check above can fail: a picture with a text drawn over another does not pass it."""
    picture = draw(Lane("Contact with us", "visits", (), MARKS))
    first = picture.texts[0]
    picture.texts.append(Words(first.x + 3, first.y, "Over", 9, 400, "ink"))

    with pytest.raises(AssertionError):
        check(picture)


def test_a_text_that_does_not_fit_its_bar_is_left_out() -> None:
    """A short bar has no text that runs over its edge."""
    short, long = Bar(0, 3, "Getting started", "visits"), Bar(10, 60, "Getting started", "visits")
    picture = draw(Lane("Pain-coping therapy", "therapy", (short, long)))

    assert [text.text for text in picture.texts].count("Getting started") == 1


def test_ask_us_stands_beside_a_bar_that_is_too_short_for_it() -> None:
    """That a yes is needed is said in the bar, or in fewer words, or next to it."""
    wide = Bar(0, 60, "Ask us: Gentle", "visits", ask=True, short="Ask us")
    slim = Bar(0, 10, "Ask us: Gentle", "visits", ask=True, short="Ask us")
    slimmest = Bar(0, 2, "Ask us: Gentle", "visits", ask=True, short="Ask us")

    said = [
        next(text for text in draw(Lane("Yoga", "therapy", (bar,))).texts if "Ask" in text.text)
        for bar in (wide, slim, slimmest)
    ]

    assert [text.text for text in said] == ["Ask us: Gentle", "Ask us", "Ask us"]
    assert said[2].x > said[1].x


def test_every_kind_of_bar_can_be_told_in_grey() -> None:
    """Visits are dark, home practice is light, a wait has stripes, and what needs a yes a dashed edge."""

    def kinds(bar: Bar) -> tuple[str, bool, bool]:
        shapes = draw(Lane("Yoga", "therapy", (bar,))).shapes
        stripes = sum("L" in shape.path for shape in shapes)
        return shapes[0].fill, stripes > 3, any(shape.dash != "none" for shape in shapes)

    assert kinds(Bar(0, 7, "", "visits")) == ("accent-middle", False, False)
    assert kinds(Bar(0, 7, "", "home")) == ("accent-soft", False, False)
    assert kinds(Bar(0, 7, "", "wait")) == ("paper", True, False)
    assert kinds(Bar(0, 7, "", "visits", ask=True)) == ("accent-middle", False, True)


def test_a_bar_that_goes_on_has_no_edge_there() -> None:
    """A bar that goes on in the next band ends open; one that ends there is closed."""
    on, over = (
        [shape.path for shape in draw(Lane("Yoga", "therapy", (Bar(0, end, "", "visits"),))).shapes]
        for end in (120, 91)
    )

    assert [path.count("V") for path in on] == [1, 1]
    assert [path.count("V") for path in over] == [1, 2]


def test_a_mark_of_what_comes_again_gives_way() -> None:
    """A repeat without words is left out where it would lie on another mark, never the first or last."""
    days = [Mark(day, "", "visit") for day in range(1, 90)]
    picture = draw(Lane("Contact with us", "visits", (), (Mark(0, "Watch", "visit"), *days)))

    assert 10 < len(marks(picture)) < 45
    assert "Watch" in [text.text for text in picture.texts]
    check(picture)


def test_a_long_name_breaks_into_rows() -> None:
    """A long name of a therapy takes more height instead of running into the bars."""
    title = "Occupational therapy and activity pacing"
    picture = draw(Lane(title, "therapy"))

    rows = [text.text for text in picture.texts if text.text in title]
    assert len(rows) > 1
    assert " ".join(rows) == title


def test_a_name_without_end_is_cut() -> None:
    """A name that no three rows hold ends with three dots."""
    picture = draw(Lane("Movement " * 12 + "extraordinarilylongwordwithoutanyspaces", "therapy"))

    assert [text.text.endswith("…") for text in picture.texts[-3:]] == [False, False, True]
    check(picture)


def test_the_tightest_pages_show_less() -> None:
    """On a full page 1 the months show visits only, and at last they are not shown."""
    every = tuple(Lane(kind, kind) for kind in ("procedure", "therapy", "home", "visits"))
    months = Band("Then by month", 91, 200, (Column(91, "Month 3"),), every)
    timeline = Timeline("Weeks and months", "Weeks", "", (band(*every), months), ())

    shown = {
        tight: [text.text for text in draw_timeline(timeline, tight=tight).texts if text.weight == 700]
        for tight in (0, VISITS_ONLY, WEEKS_ONLY)
    }

    assert [shown[0].count(kind) for kind in ("procedure", "therapy", "home", "visits")] == [2, 2, 2, 2]
    assert [shown[VISITS_ONLY].count(kind) for kind in ("therapy", "home", "visits")] == [1, 1, 2]
    assert [shown[WEEKS_ONLY].count(kind) for kind in ("therapy", "home", "visits")] == [1, 1, 1]


@pytest.mark.parametrize(("therapies", "homes"), [(6, 1), (7, 0)])
def test_a_full_page_with_very_many_therapies_has_no_lane_for_home(therapies: int, homes: int) -> None:
    """Home practice gives way at the tightest step, and only where there are very many lanes."""
    kinds = ["procedure", *["therapy"] * therapies, "home", "visits"]
    picture = draw(*(Lane(kind, kind) for kind in kinds), tight=FEWER_LANES)

    assert [text.text for text in picture.texts].count("home") == homes


def test_the_title_promises_no_months_that_are_left_out() -> None:
    """Where months without a visit have no room, the title is that of the weeks."""
    months = Band("Then by month", 91, 200, (Column(91, "Month 3"),), (Lane("Yoga", "therapy"),))
    weeks = band(Lane("Yoga", "therapy"))
    timeline = Timeline("Weeks and months", "Weeks", "", (weeks, months), ())

    assert draw_timeline(timeline).title == "Weeks and months"
    assert draw_timeline(timeline, tight=VISITS_ONLY).title == "Weeks"
