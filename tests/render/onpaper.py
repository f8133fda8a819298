"""What stands where on the pages of a PDF, read from the file alone: words, drawn shapes and blocks."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import pypdfium2
from PIL import Image
from pypdfium2 import raw
from tagged import Element, text_of

MM = 72 / 25.4
# Dots per inch at which pages are looked at, and of the pictures that are kept.
FINE, COARSE = 108, 40
# What part of the space around words a colour has to fill to be what they stand on.
_GROUND = 0.2
# Letters that are placed one by one make a word: parts of their size between letters, and between words.
_LETTER, _SPACE = 0.15, 0.5
HEADINGS = ("H1", "H2", "H3", "H4")
# Elements that stand on their own lines and hold words.
_BLOCKS = (*HEADINGS, "P", "LI", "TR", "Figure")


@dataclass(frozen=True)
class Box:
    """Where something stands: millimetres from the left and upper edges of its sheet."""

    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "Box") -> float:
        """Return the share of the smaller of two boxes that lies in the other one."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        least = min(self.area, other.area)
        return wide * high / least if wide > 0 and high > 0 and least else 0

    @property
    def area(self) -> float:
        """Return its square millimetres."""
        return (self.right - self.left) * (self.bottom - self.top)


@dataclass(frozen=True)
class Run:
    """Words of one line in one size and colour, and the colours that they stand on.

    *base* is how far below the upper edge their feet stand; *mark* is -1 in the margins of a page.
    """

    page: int
    text: str
    size: float
    colour: str
    box: Box
    base: float
    mark: int
    grounds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One page: its size in millimetres, words, drawn shapes and coarse picture."""

    width: float
    height: float
    runs: tuple[Run, ...]
    shapes: tuple[Box, ...]
    picture: Image.Image


@dataclass(frozen=True)
class Line:
    """What stands on one line of a block, from left to right."""

    page: int
    text: str
    box: Box
    size: float


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, item of a list, table row or picture, with its lines in reading order."""

    element: Element
    path: tuple[Element, ...]
    lines: tuple[Line, ...]

    @property
    def kind(self) -> str:
        """Return the kind of its element."""
        return self.element.kind

    @property
    def pages(self) -> tuple[int, ...]:
        """Return the pages it stands on."""
        return tuple(sorted({line.page for line in self.lines}))


@dataclass(frozen=True)
class Printed:
    """A PDF as it lies on the table."""

    sheets: tuple[Sheet, ...]
    top: Element

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Return the blocks that hold words, in reading order."""
        return tuple(self._blocks(self.top, ()))

    def _blocks(self, element: Element, path: tuple[Element, ...]) -> Iterator[Block]:
        for child in element.children:
            if child.kind in _BLOCKS:
                if lines := self.lines(child):
                    yield Block(child, (*path, element), lines)
            else:
                yield from self._blocks(child, (*path, element))

    @cached_property
    def _by_mark(self) -> dict[tuple[int, int], list[Run]]:
        found: dict[tuple[int, int], list[Run]] = {}
        for sheet in self.sheets:
            for run in sheet.runs:
                found.setdefault((run.page, run.mark), []).append(run)
        return found

    def runs(self, element: Element) -> list[Run]:
        """Return the words of *element* and all below it."""
        marks = [*element.marks, *(mark for child in element.all() for mark in child.marks)]
        return [run for mark in marks for run in self._by_mark.get(mark, ())]

    def lines(self, element: Element) -> tuple[Line, ...]:
        """Return the lines of *element*, from the first page to the last and from top to bottom."""
        rows: dict[tuple[int, int], list[Run]] = {}
        for run in self.runs(element):
            # Words on one line stand on the same base, whatever their size.
            rows.setdefault((run.page, round(run.base)), []).append(run)
        return tuple(_line(rows[key]) for key in sorted(rows))


def read_pages(data: bytes, top: Element) -> Printed:
    """Return what stands on the pages of the PDF *data*, whose structure is *top*."""
    with pypdfium2.PdfDocument(data) as document:
        sheets = []
        for number, page in enumerate(document):
            sheets.append(_sheet(number, page))
            page.close()
    return Printed(tuple(sheets), top)


def _sheet(number: int, page: pypdfium2.PdfPage) -> Sheet:
    width, height = page.get_size()
    words = page.get_textpage()
    runs, shapes = [], []
    for one in page.get_objects([raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE]):
        # What is drawn with letters in the middle is kept apart, and placed as a whole.
        place = one.container.get_matrix() if one.container else pypdfium2.PdfMatrix()
        left, bottom, right, top = place.on_rect(*one.get_bounds())
        box = Box(left / MM, (height - top) / MM, right / MM, (height - bottom) / MM)
        if one.type != raw.FPDF_PAGEOBJ_TEXT:
            shapes.append(box)
        elif text := " ".join(text_of(one, words).split()):
            matrix = one.get_matrix().multiply(place)
            size = round(one.get_font_size() * abs(matrix.d), 1)
            mark = raw.FPDFPageObj_GetMarkedContentID(one.container or one)
            base = (height - matrix.f) / MM
            runs.append(Run(number, text, size, _colour(one), box, base, mark))
    words.close()
    picture = page.render(scale=FINE / 72).to_pil().convert("RGB")
    size = round(width / 72 * COARSE), round(height / 72 * COARSE)
    coarse = picture.resize(size, Image.Resampling.BOX)
    seen = tuple(replace(run, grounds=_grounds(picture, run)) for run in _words(runs))
    return Sheet(width / MM, height / MM, seen, tuple(shapes), coarse)


def _words(runs: Sequence[Run]) -> list[Run]:
    """Return *runs* with letters that follow each other put together."""
    made: list[Run] = []
    for run in runs:
        last = made[-1] if made else run
        gap = (run.box.left - last.box.right) * MM / run.size
        alike = (last.mark, last.size, last.colour) == (run.mark, run.size, run.colour)
        if made and alike and abs(last.base - run.base) < 1 / MM and -_LETTER < gap < _SPACE:
            box = Box(
                last.box.left, min(last.box.top, run.box.top),
                run.box.right, max(last.box.bottom, run.box.bottom),
            )
            text = last.text + (" " if gap > _LETTER else "") + run.text
            made[-1] = replace(last, text=text, box=box)
        else:
            made.append(run)
    return made


def _grounds(picture: Image.Image, run: Run) -> tuple[str, ...]:
    """Return the colours, apart from their own, that fill much of the space around words."""
    scale, box = FINE / 25.4, run.box
    around = picture.crop((
        int(box.left * scale) - 1, int(box.top * scale) - 1,
        int(box.right * scale) + 2, int(box.bottom * scale) + 2,
    ))
    counted = around.getcolors(around.width * around.height) or []
    ranked = sorted(((count, f"#{bytes(colour).hex()}") for count, colour in counted), reverse=True)
    others = [(count, colour) for count, colour in ranked if colour != run.colour]
    least = _GROUND * around.width * around.height
    return tuple(colour for number, (count, colour) in enumerate(others) if count > least or number == 0)


def _colour(one: pypdfium2.PdfObject) -> str:
    parts = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFPageObj_GetFillColor(one, *parts)
    return "#" + "".join(f"{part.value:02x}" for part in parts[:3])


def _line(runs: Sequence[Run]) -> Line:
    ordered = sorted(runs, key=lambda run: run.box.left)
    text = ordered[0].text
    for before, run in pairwise(ordered):
        # A drawn blank or box leaves a gap; a word that is set in two pieces leaves none.
        text += (" " if run.box.left - before.box.right > run.size / 72 * 25.4 / 8 else "") + run.text
    edges = [run.box for run in runs]
    box = Box(
        min(one.left for one in edges), min(one.top for one in edges),
        max(one.right for one in edges), max(one.bottom for one in edges),
    )
    return Line(runs[0].page, text, box, max(run.size for run in runs))
