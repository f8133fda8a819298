"""Where words stand in a picture: none lies on another, and none leaves it. Lengths are in points."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, pairwise

from careplan.planning.plan import Mark
from careplan.render.lettering import Lettering

# Half of a mark's width, and what is left free between a mark, its words and the next thing.
MARK, GAP = 5.0, 2.5
# What sums of lengths may be off: 125.7 + 5 - 5 is less than 125.7.
_HAIR = 1e-6
_MOST_ROWS = 3


@dataclass(frozen=True)
class Spot:
    """Where a mark is drawn, and its words; *row* counts from the top of its lane."""

    mark: Mark
    row: int
    centre: float
    x: float
    text: str


class Free:
    """What is taken in each row between two edges; a mark may touch one of the *bars*."""

    def __init__(self, left: float, right: float, bars: Sequence[tuple[float, float]]) -> None:
        self._left, self._right = left, right
        self._rows = [[(start + GAP, max(start + GAP, end - GAP)) for start, end in bars]]

    def has(self, row: int, start: float, end: float) -> bool:
        """Return whether nothing lies between *start* and *end*, nor beyond the edges."""
        if start < self._left - _HAIR or end > self._right + _HAIR:
            return False
        taken = self._rows[row] if row < len(self._rows) else []
        return all(end + GAP <= first or start >= last + GAP for first, last in taken)

    def take(self, row: int, start: float, end: float) -> None:
        """Remember that something lies there."""
        self._rows += [[] for _ in range(row + 1 - len(self._rows))]
        self._rows[row].append((start, end))


def in_rows(text: str, letters: Lettering, room: float) -> list[str]:
    """Return *text* broken between words; the last row is cut where there would be too many."""
    rows: list[str] = []
    for word in text.split():
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and (letters.length(longer) <= room or len(rows) == _MOST_ROWS):
            rows[-1] = longer
        else:
            rows.append(word)
    return [letters.cut(row, room) for row in rows]


def place_labels(
    texts: Sequence[str], places: Sequence[float], zero: int, right: float, letters: Lettering
) -> list[tuple[int, float, str]]:
    """Return the labels over columns that can be written, each with its number and left edge.

    All are, or every second and so on, counted from the column *zero*. The one over the
    first of the columns before it always is; it may reach out to the left.
    """
    placed: list[tuple[int, float, str]] = []
    end = 0.0
    if zero:
        room = places[zero] - 2 * GAP
        text = letters.cut(texts[0], room)
        start = min(places[0], room - letters.length(text))
        placed, end = [(0, start, text)], start + letters.length(text) + GAP
    slimmest = min((later - one for one, later in pairwise(places[zero:])), default=right)
    widest = max(letters.length(text) for text in texts[zero:]) + GAP
    step = math.ceil(widest / slimmest)
    for number, (text, start) in enumerate(zip(texts, places, strict=True)):
        after = start + letters.length(text)
        if (number - zero) % step == 0 and start >= end and after <= right:
            placed.append((number, start, text))
            end = after + GAP
    return placed


def place_marks(
    marks: Sequence[tuple[float, Mark]], free: Free, edges: tuple[float, float], letters: Lettering
) -> list[Spot]:
    """Return where each mark with its words stands: near where its day is, as high as can be.

    Words stand right of their mark, or left of it, in the same row. A visit without words
    is one more of another; it is left out where it has no room.
    """
    left, right = edges
    spots = []
    for day, mark in sorted(marks, key=lambda one: bool(one[1].text)):
        extra = mark.kind == "visit" and not mark.text
        centre = min(max(day, left + MARK), right - MARK)
        text = letters.cut(mark.text, max(right - centre, centre - left) - MARK - GAP)
        long = letters.length(text)
        sides = (centre + MARK + GAP, centre - MARK - GAP - long) if text else (centre,)
        found = (
            (row, x)
            for row in (range(1) if extra else count())
            for x in sides
            if free.has(row, min(x, centre - MARK), max(x + long, centre + MARK))
        )
        row, x = next(found, (-1, 0.0))
        if row >= 0:
            free.take(row, min(x, centre - MARK), max(x + long, centre + MARK))
            spots.append(Spot(mark, row, centre, x, text))
    return spots
