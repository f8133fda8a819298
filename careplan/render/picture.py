"""The timeline as shapes with places, in points; the template only writes them down.

Colours are names of tokens.
"""

from dataclasses import dataclass, field
from itertools import pairwise

from careplan.content.clinic import Fonts
from careplan.planning.plan import Band, Bar, Lane, Timeline
from careplan.render.labels import GAP, MARK, Free, Spot, in_rows, place_labels, place_marks
from careplan.render.lettering import BOLD, PLAIN, Lettering

# As wide as the page's text.
WIDTHS = {"letter": 521.0, "a4": 504.0}
# Titles of lanes; everything else.
_TITLE, _TEXT = 10.0, 9.0
# Heights of a lane, in points, by how tight page 1 has to be.
LANES = (20.0, 20.0, 17.0, 15.0, 14.0, 14.0)
# From these steps of tightness on, the months show visits only, and a picture with very many
# lanes has none for home practice: the therapies' own pages tell of it. At last there are only
# weeks: the visits of later months stand among the dates.
VISITS_ONLY, FEWER_LANES, WEEKS_ONLY = 3, 4, 5
_MOST_LANES = 9
# Heights of the labels over a band, without dates and with; of a row of titles and of marks.
_HEAD, _DATES, _TITLE_ROW, _MARK_ROW = 14.0, 11.0, 11.0, 12.0
_BETWEEN = 4.0
# How far below the middle of its row a text has its baseline.
_DROP = 3.2
_TITLES_MOST = 132.0
_FILLS = {"visits": "accent-middle", "home": "accent-soft", "wait": "paper"}


@dataclass(frozen=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str
    width: float


@dataclass(frozen=True)
class Shape:
    """A filled outline, as an SVG path; *dash* breaks its edge."""

    path: str
    fill: str
    stroke: str = "none"
    width: float = 1.0
    dash: str = "none"


@dataclass(frozen=True)
class Words:
    """A text that starts at a point on its baseline."""

    x: float
    y: float
    text: str
    size: float
    weight: int
    colour: str


@dataclass
class Picture:
    """All shapes of the timeline, in drawing order, under a title that says what is shown."""

    title: str
    width: float
    height: float = 0
    lines: list[Line] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    texts: list[Words] = field(default_factory=list)


def draw_timeline(
    timeline: Timeline, paper: str = "letter", tight: int = 0, fonts: Fonts | None = None
) -> Picture:
    """Return the picture of *timeline*, as wide as the text on *paper*, for a page 1 so *tight*.

    *fonts* is the clinic's typeface, if it has one.
    """
    letters = _Letters(
        Lettering(_TITLE, BOLD, fonts), Lettering(_TEXT, BOLD, fonts), Lettering(_TEXT, PLAIN, fonts)
    )
    bands = _bands(timeline, tight)
    whole = len(bands) == len(timeline.bands)
    picture = Picture(timeline.title if whole else timeline.weeks_title, WIDTHS[paper])
    titles = [letters.title.length(lane.title) for band in bands for lane in band.lanes]
    left = min(max(titles, default=0) + 10, _TITLES_MOST)
    for band in bands:
        top = picture.height + (_BETWEEN if picture.height else 0)
        picture.height = _Draughtsman(picture, band, letters, left, LANES[tight]).draw(top)
    picture.height = _round(picture.height + 1)
    return picture


def _bands(timeline: Timeline, tight: int) -> list[Band]:
    """Return what there is room for."""
    bands = []
    for number, band in enumerate(timeline.bands):
        lanes = [
            lane for lane in band.lanes
            if (not number or tight < (WEEKS_ONLY if lane.kind == "visits" else VISITS_ONLY))
            and (lane.kind != "home" or len(band.lanes) <= _MOST_LANES or tight < FEWER_LANES)
        ]
        if lanes:
            bands.append(Band(band.title, band.start, band.end, band.columns, tuple(lanes)))
    return bands


@dataclass(frozen=True)
class _Letters:
    """How titles, labels and everything else are written."""

    title: Lettering
    bold: Lettering
    plain: Lettering


@dataclass(frozen=True)
class _Row:
    """A lane with places for all its words; *beside* are words next to a bar."""

    lane: Lane
    titles: list[str]
    spots: list[Spot]
    beside: list[tuple[float, str]]
    height: float


class _Draughtsman:
    """Draws one band."""

    def __init__(
        self, picture: Picture, band: Band, letters: _Letters, left: float, lane: float
    ) -> None:
        self._picture, self._band, self._letters, self._left = picture, band, letters, left
        self._lane_room, self._bar_height = lane, lane - 5
        self._day = (picture.width - left) / (band.end - band.start)

    def draw(self, top: float) -> float:
        """Draw the band from *top* on and return where it ends."""
        rows = [self._row(lane) for lane in self._band.lanes]
        dated = any(column.date for column in self._band.columns)
        first = top + _HEAD + (_DATES if dated else 0)
        self._head(top, first, first + sum(row.height for row in rows))
        y = first
        for row in rows:
            self._line(0, y, self._picture.width, y, "line", 0.6)
            self._draw_row(row, y)
            y += row.height
        self._line(0, y, self._picture.width, y, "line", 0.6)
        return y

    def _head(self, top: float, first: float, bottom: float) -> None:
        columns, width = self._band.columns, self._picture.width
        title = self._letters.title.cut(self._band.title, self._left - 6)
        self._words(0, top + 10, title, _TITLE, 700, "accent")
        places = [self._x(column.day) + 1 for column in columns]
        zero = next((number for number, column in enumerate(columns) if column.day >= 0), 0)
        labels = place_labels([one.label for one in columns], places, zero, width, self._letters.bold)
        dates = place_labels([one.date for one in columns], places, zero, width, self._letters.plain)
        for _, x, text in labels:
            self._words(x, top + 10, text, _TEXT, 700, "accent")
        for _, x, text in dates:
            self._words(x, top + 21, text, _TEXT, 400, "ink-soft")
        # Where weeks or months are too slim to be told apart, those with a label are enough.
        labelled = {number for number, _, _ in labels}
        slim = any(later - one < 2 * MARK for one, later in pairwise(places[zero:]))
        for number, column in enumerate(columns):
            if not slim or number in labelled or column.day == 0:
                colour, thick = ("accent", 0.9) if column.day == 0 else ("line", 0.4)
                self._line(self._x(column.day), first - 3, self._x(column.day), bottom, colour, thick)

    def _row(self, lane: Lane) -> _Row:
        titles = in_rows(lane.title, self._letters.title, self._left - 6)
        edges = (self._left, self._picture.width)
        free = Free(*edges, [self._ends(bar) for bar in lane.bars])
        marks = [
            (self._x(mark.day) + (MARK if mark.kind == "procedure" else 0), mark) for mark in lane.marks
        ]
        spots = place_marks(marks, free, edges, self._letters.plain)
        beside = [
            placed for bar in lane.bars
            if bar.short and not self._inside(bar) and (placed := self._beside(bar, free))
        ]
        rows = max((spot.row for spot in spots), default=0)
        height = self._lane_room + max((len(titles) - 1) * _TITLE_ROW, rows * _MARK_ROW)
        return _Row(lane, titles, spots, beside, height)

    def _inside(self, bar: Bar) -> str:
        """Return what a bar has room for: all of its text, its short one, or nothing."""
        start, end = self._ends(bar)
        texts = (text for text in (bar.text, bar.short) if text)
        return next((text for text in texts if self._letters.plain.length(text) <= end - start - 3 * GAP), "")

    def _beside(self, bar: Bar, free: Free) -> tuple[float, str] | None:
        start, end = self._ends(bar)
        long = self._letters.plain.length(bar.short)
        for x in (end + GAP + 0.5, start - GAP - 0.5 - long):
            if free.has(0, x, x + long):
                free.take(0, x, x + long)
                return x, bar.short
        return None

    def _draw_row(self, row: _Row, top: float) -> None:
        middle = top + self._lane_room / 2
        for number, words in enumerate(row.titles):
            self._words(0, middle + 3.5 + number * _TITLE_ROW, words, _TITLE, 700, "ink")
        for bar in row.lane.bars:
            self._bar(bar, middle)
        for x, text in row.beside:
            self._plate(x, middle + _DROP, text)
        for spot in row.spots:
            y = middle + spot.row * _MARK_ROW
            self._plate(spot.x, y + _DROP, spot.text)
            self._mark(spot.mark.kind, spot.centre, y)

    def _bar(self, bar: Bar, middle: float) -> None:
        left, right = self._ends(bar)
        high, low = _round(middle - self._bar_height / 2), _round(middle + self._bar_height / 2)
        x, end = _round(left), _round(right)
        self._shape(f"M{x} {high}H{end}V{low}H{x}Z", _FILLS[bar.kind])
        text = self._inside(bar)
        if bar.kind == "wait":
            self._stripes(left, right, middle)
            self._plate(left + 2 * GAP, middle + _DROP, text)
        else:
            self._words(left + GAP + 0.5, middle + _DROP, text, _TEXT, 400, "ink")
        # What goes on in another band has no edge on that side.
        sides = f"M{x} {high}H{end}M{x} {low}H{end}"
        sides += f"M{x} {high}V{low}" if bar.start >= self._band.start else ""
        sides += f"M{end} {high}V{low}" if bar.end <= self._band.end else ""
        stroke = "ink" if bar.ask else "wait" if bar.kind == "wait" else "accent"
        self._shape(sides, "none", stroke, 1.4 if bar.ask else 1.0, "4 2.5" if bar.ask else "none")

    def _stripes(self, left: float, right: float, middle: float) -> None:
        high, low = middle - self._bar_height / 2, middle + self._bar_height / 2
        x = left - self._bar_height
        while x < right:
            start, end = max(x, left), min(x + self._bar_height, right)
            if start < end:
                foot, head = _round(low - (start - x)), _round(max(high, low - (end - x)))
                self._shape(f"M{_round(start)} {foot}L{_round(end)} {head}", "none", "wait", 0.8)
            x += 4.5

    def _mark(self, kind: str, centre: float, y: float) -> None:
        c, m, y = _round(centre), MARK, _round(y)
        left, right = _round(centre - m), _round(centre + m)
        path = f"M{c} {_round(y - m)}L{right} {y}L{c} {_round(y + m)}L{left} {y}Z"
        if kind == "procedure":
            path = f"M{left} {y}a{m} {m} 0 1 0 {2 * m} 0a{m} {m} 0 1 0 {-2 * m} 0Z"
        self._shape(path, "accent", "paper", 0.8)

    def _plate(self, x: float, y: float, text: str) -> None:
        """Write *text* on a blank plate, so that no line or stripe runs through it."""
        if text:
            left, right = _round(x - 1), _round(x + self._letters.plain.length(text) + 1)
            self._shape(f"M{left} {_round(y - 7.2)}H{right}V{_round(y + 2.2)}H{left}Z", "paper")
            self._words(x, y, text, _TEXT, 400, "ink")

    def _ends(self, bar: Bar) -> tuple[float, float]:
        """Return where a bar begins and ends, with a hair of white to the next."""
        return self._x(max(bar.start, self._band.start)) + 0.7, self._x(min(bar.end, self._band.end)) - 0.7

    def _x(self, day: float) -> float:
        return self._left + (day - self._band.start) * self._day

    def _shape(
        self, path: str, fill: str, stroke: str = "none", width: float = 1.0, dash: str = "none"
    ) -> None:
        self._picture.shapes.append(Shape(path, fill, stroke, width, dash))

    def _line(self, x1: float, y1: float, x2: float, y2: float, colour: str, width: float) -> None:  # noqa: PLR0913, PLR0917 - two points
        line = Line(_round(x1), _round(y1), _round(x2), _round(y2), colour, width)
        self._picture.lines.append(line)

    def _words(self, x: float, y: float, text: str, size: float, weight: int, colour: str) -> None:  # noqa: PLR0913, PLR0917
        if text:
            words = Words(_round(x), _round(y), text, size, weight, colour)
            self._picture.texts.append(words)


def _round(number: float) -> float:
    return round(number, 2)
