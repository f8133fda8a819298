"""The timeline as shapes with places, in points; the template only writes them down."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import ImageFont

from careplan.content.clinic import Fonts
from careplan.planning.plan import Bar, Lane, Mark, Timeline

WIDTH = 521.0
_TEXT, _SMALL = 10.0, 8.6
# Heights of the labels over the lanes, with dates under the weeks and without.
_HEAD, _HEAD_UNDATED = 24.0, 14.0
# Heights of a lane, in points, by how tight page 1 has to be.
LANES = (20.0, 20.0, 17.0, 15.0, 14.0)
_GAP = 3.0
_LABELS_MOST = 132.0
_MARK = 5.0


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
    """A filled outline, as an SVG path."""

    path: str
    fill: str
    stroke: str
    width: float = 1.0


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
    """All shapes of the timeline, in drawing order."""

    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    texts: list[Words] = field(default_factory=list)


def draw_timeline(
    timeline: Timeline, tokens: Mapping[str, str], templates: Path, lane: float = LANES[0],
    fonts: Fonts | None = None,
) -> Picture:
    """Return the picture of *timeline*, as wide as the page's text, with lanes *lane* points high.

    *fonts* is the clinic's typeface, if it has one.
    """
    return _Draughtsman(timeline, tokens, templates, lane, fonts).draw()


@lru_cache
def _font(templates: Path, weight: int, fonts: Fonts | None) -> ImageFont.FreeTypeFont:
    name = "Bold" if weight > 400 else "Regular"  # noqa: PLR2004 - the CSS weight of plain text
    path = templates / "fonts" / f"AtkinsonHyperlegibleNext-{name}.ttf"
    file = BytesIO(getattr(fonts, name.lower()).data) if fonts else path
    return ImageFont.truetype(file, 100, layout_engine=ImageFont.Layout.BASIC)


class _Draughtsman:
    def __init__(
        self, timeline: Timeline, tokens: Mapping[str, str], templates: Path, lane: float,
        fonts: Fonts | None,
    ) -> None:
        self._lane_room, self._bar_height = lane, lane - 6
        self._timeline = timeline
        self._tokens = tokens
        self._templates = templates
        self._fonts = fonts
        titles = [self._length(lane.title, _TEXT, 700) for lane in timeline.lanes]
        self._left = min(max(titles) + 10, _LABELS_MOST)
        self._day = (WIDTH - self._left) / timeline.days
        self._picture = Picture(WIDTH, 0)

    def draw(self) -> Picture:
        dated = any(column.date for column in self._timeline.columns)
        top = _HEAD if dated else _HEAD_UNDATED
        bottom = top
        for lane in self._timeline.lanes:
            bottom += self._lane_height(lane)
        self._grid(top, bottom)
        y = top
        for lane in self._timeline.lanes:
            y = self._lane(lane, y)
        self._picture.height = _round(bottom + 1)
        return self._picture

    def _grid(self, top: float, bottom: float) -> None:
        step = self._label_step()
        for number, column in enumerate(self._timeline.columns):
            x = self._x(column.day)
            self._line(x, top - 3, x, bottom, "line", 0.4)
            if number % step == 0:
                self._words(x + 1, 9, column.label, _SMALL + 0.4, 700, "accent")
                self._words(x + 1, 19, column.date, _SMALL, 400, "ink-soft")

    def _label_step(self) -> int:
        """Return every how many columns a label fits beside the next."""
        widest = max(
            max(self._length(one.label, _SMALL + 0.4, 700), self._length(one.date, _SMALL, 400))
            for one in self._timeline.columns
        )
        return 1 if widest + _GAP <= 7 * self._day else 2

    def _lane_height(self, lane: Lane) -> float:
        rows = self._title_rows(lane.title)
        marks = max((row for _, row, _, _ in self._placed(lane.marks)), default=0) + 1
        return self._lane_room + (max(len(rows), marks) - 1) * 11

    def _title_rows(self, title: str) -> list[str]:
        rows: list[str] = []
        for word in title.split():
            longer = f"{rows[-1]} {word}" if rows else word
            if rows and self._length(longer, _TEXT, 700) <= self._left - 6:
                rows[-1] = longer
            else:
                rows.append(word)
        return rows

    def _lane(self, lane: Lane, top: float) -> float:
        bottom = top + self._lane_height(lane)
        self._line(0, top, WIDTH, top, "line", 0.6)
        for number, words in enumerate(self._title_rows(lane.title)):
            baseline = top + self._lane_room / 2 + 3.5 + number * 11
            self._words(0, baseline, words, _TEXT, 700, "ink")
        for bar in lane.bars:
            self._bar(bar, top + (self._lane_room - self._bar_height) / 2)
        middle = top + self._lane_room / 2
        for mark, row, x, centre in self._placed(lane.marks):
            self._mark(mark, centre, middle)
            self._words(x, middle + 3.4 + row * 11, mark.text, _SMALL + 0.4, 400, "ink")
        self._line(0, bottom, WIDTH, bottom, "line", 0.6)
        return bottom

    def _bar(self, bar: Bar, y: float) -> None:
        x, right = self._x(bar.start) + 0.7, self._x(bar.end) - 0.7
        fill = {"visits": "accent-middle", "home": "accent-soft", "wait": "paper"}[bar.kind]
        stroke = "wait" if bar.kind == "wait" else "accent"
        path = f"M{_round(x)} {_round(y)}H{_round(right)}V{_round(y + self._bar_height)}H{_round(x)}Z"
        self._picture.shapes.append(Shape(path, self._tokens[fill], self._tokens[stroke]))
        if bar.kind == "wait":
            self._stripes(x, right, y)
        elif self._length(bar.text, _SMALL + 0.4, 400) <= right - x - 4:
            self._words(x + 3, y + self._bar_height / 2 + 3.2, bar.text, _SMALL + 0.4, 400, "ink")

    def _stripes(self, left: float, right: float, y: float) -> None:
        x = left - self._bar_height
        while x < right:
            from_x, to_x = max(x, left), min(x + self._bar_height, right)
            if from_x < to_x:
                low = y + self._bar_height
                foot, head = _round(low - (from_x - x)), _round(low - (to_x - x))
                path = f"M{_round(from_x)} {foot}L{_round(to_x)} {head}"
                self._picture.shapes.append(Shape(path, "none", self._tokens["wait"], 0.8))
            x += 4.5

    def _mark(self, mark: Mark, centre: float, y: float) -> None:
        c, m = _round(centre), _MARK
        if mark.kind == "procedure":
            path = f"M{_round(centre - m)} {y}a{m} {m} 0 1 0 {2 * m} 0a{m} {m} 0 1 0 {-2 * m} 0Z"
        else:
            path = f"M{c} {y - m}L{_round(centre + m)} {y}L{c} {y + m}L{_round(centre - m)} {y}Z"
        self._picture.shapes.append(Shape(path, self._tokens["accent"], self._tokens["paper"], 0.8))

    def _placed(self, marks: Iterable[Mark]) -> list[tuple[Mark, int, float, float]]:
        """Return each mark with the row and left edge of its text and its own place.

        Right of the mark is tried first, then left of it, then the same a row lower.
        """
        listed = list(marks)
        centres = self._centres(listed)
        taken: list[tuple[int, float, float]] = [
            (0, centre - _MARK, centre + _MARK) for centre in centres
        ]
        placed = []
        for mark, centre in zip(listed, centres, strict=True):
            length = self._length(mark.text, _SMALL + 0.4, 400)
            options = [
                (row, x)
                for row in range(3)
                for x in (centre + _MARK + 2, centre - _MARK - 2 - length)
            ]
            row, x = next(
                (
                    (row, x) for row, x in options
                    if x >= self._left and x + length <= WIDTH
                    and not any(
                        other == row and x < right + 1 and x + length > left - 1
                        for other, left, right in taken
                    )
                ),
                (2, max(self._left, min(options[0][1], WIDTH - length))),
            )
            taken.append((row, x, x + length))
            placed.append((mark, row, x, centre))
        return placed

    def _centres(self, marks: Iterable[Mark]) -> list[float]:
        """Return where each mark is drawn: on its day, or beside the mark before it."""
        centres: list[float] = []
        for mark in marks:
            day = self._x(mark.day) + (_MARK if mark.kind == "procedure" else 0)
            centres.append(max([day, *(one + 2 * _MARK for one in centres[-1:])]))
        return centres

    def _x(self, day: float) -> float:
        return self._left + min(day, self._timeline.days) * self._day

    def _length(self, text: str, size: float, weight: int) -> float:
        return _font(self._templates, weight, self._fonts).getlength(text) * size / 100

    def _line(self, x1: float, y1: float, x2: float, y2: float, colour: str, width: float) -> None:  # noqa: PLR0913, PLR0917 - two points
        line = Line(_round(x1), _round(y1), _round(x2), _round(y2), self._tokens[colour], width)
        self._picture.lines.append(line)

    def _words(self, x: float, y: float, text: str, size: float, weight: int, colour: str) -> None:  # noqa: PLR0913, PLR0917
        if text:
            words = Words(_round(x), _round(y), text, size, weight, self._tokens[colour])
            self._picture.texts.append(words)


def _round(number: float) -> float:
    return round(number, 2)
