"""How many pages the plan's own pages will probably take, without laying them out.

The HTML is read once, its words are measured with the bundled font, and lines and gaps are
added up as the style sheet sets them. The laid-out pages decide in the end; a good estimate
means that they are laid out only once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from careplan.content.clinic import Fonts
from careplan.render.lettering import BOLD, PLAIN, Lettering

POINT = 25.4 / 72
# Millimetres of a page between its margins, and the width of its text.
ROOM = {"letter": (251.4, 183.9), "a4": (269.0, 178.0)}
_TEXT, _SMALL, _BAND = 12.0, 10.0, 13.5
# What stands for a weight: the small note under a label.
_NOTE = 1
_LABEL, _BLANK, _TICK = 33.0, 20.0, 4.9
# Columns of the table of dates: when, what without the space between, time.
_WHEN, _WRITE, _CELL_GAP = 42.0, 25.0, 2.4

@dataclass(frozen=True)
class Spacing:
    """Line heights as multiples of the text size, gaps in millimetres, chapter headings in points."""

    line: float
    tight: float
    row: float
    small: float
    middle: float
    large: float
    chapter: float = 17.0


# As components.css has them under the same names.
SPACINGS = {
    "roomy": Spacing(1.27, 1.22, 0.8, 1.2, 2.4, 3.6),
    "close": Spacing(1.2, 1.16, 0.5, 0.8, 1.6, 2.6),
    "closest": Spacing(1.15, 1.12, 0.4, 0.6, 1.2, 2.0, 15.0),
}


@dataclass
class _Block:
    """A piece that is not split: its tag and class, and its words in one or more columns."""

    kind: str
    columns: list[list[tuple[str, int]]] = field(default_factory=lambda: [[]])


def pages_of(html: str, spacing: Spacing, paper: str, fonts: Fonts | None) -> int:
    """Return how many pages the blocks of *html* fill on *paper*, set with *spacing*."""
    room, width = ROOM[paper]
    reader = _Reader()
    reader.feed(html)
    pages, used, held = 1, 0.0, 0.0
    for block in reader.blocks:
        height = _height(block, spacing, width, fonts)
        if block.kind in ("h2", "band", "head", "lead", "starts"):
            # A heading and what introduces it go where the first row goes.
            held += height
            continue
        if used + held + height > room:
            pages, used = pages + 1, 0.0
        used += held + height
        held = 0.0
    return pages


def _height(block: _Block, spacing: Spacing, width: float, fonts: Fonts | None) -> float:
    """Return the height of *block* in millimetres on text that is *width* millimetres wide."""
    line, tight = _TEXT * POINT * spacing.line, _TEXT * POINT * spacing.tight
    fixed = {
        "h2": spacing.chapter * POINT * spacing.tight + spacing.middle + spacing.large,
        "band": _BAND * POINT * spacing.tight + 2 * spacing.small + spacing.middle + 0.4,
        "head": _SMALL * POINT * spacing.line + 0.2,
        "starts": line + 1.2 + spacing.small,
    }
    if block.kind in fixed:
        return fixed[block.kind]
    if block.kind == "row":
        label, text = block.columns
        labels = _lines(label, _LABEL - 2, fonts) * tight
        return max(labels, _lines(text, width - _LABEL, fonts) * line) + 2 * spacing.row + 0.2
    if block.kind == "tr":
        when, what, _ = block.columns
        room = width - _WHEN - _WRITE - _CELL_GAP
        lines = max(_lines(when, _WHEN - _CELL_GAP, fonts), _lines(what, room, fonts))
        # The line to write the time on stands a little lower than text does.
        return max(lines * line, line + 0.5) + 2 * spacing.row + 0.2
    return _lines(block.columns[0], width, fonts) * line + spacing.small


def _lines(words: Iterable[tuple[str, int]], width: float, fonts: Fonts | None) -> int:
    lines, used, space = 1, 0.0, _word(" ", PLAIN, fonts)
    for word, weight in words:
        if word == "\n":
            lines, used = lines + 1, 0.0
            continue
        length = _word(word, weight, fonts)
        if used and used + space + length > width:
            lines, used = lines + 1, length
        else:
            used += length + (space if used else 0)
    return lines


def _word(word: str, weight: int, fonts: Fonts | None) -> float:
    """Return the width of *word* in millimetres at the size of plain text."""
    plain = Lettering(_TEXT, PLAIN, fonts)
    if word == "\0blank":
        return _BLANK
    if word == "\0tick":
        return _TICK - plain.length(" ") * POINT
    if weight == _NOTE:
        return Lettering(_SMALL, PLAIN, fonts).length(word) * POINT
    return Lettering(_TEXT, weight, fonts).length(word) * POINT


class _Reader(HTMLParser):
    """Reads the blocks of the plan's pages, in the markup of the partials."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[_Block] = []
        self._open: _Block | None = None
        self._depth = 0
        self._bold = 0
        self._note = False

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Begin a block, or something inside the open one."""
        kind = dict(attrs).get("class") or ""
        block = self._open
        if block is not None:
            self._inside(block, tag, kind)
        elif kind == "row" or tag in ("tr", "h2", "h3", "p"):
            self._open = _Block("band" if kind == "band" else kind or tag, [] if tag == "tr" else [[]])
            self._depth = 1
            self.blocks.append(self._open)

    def _inside(self, block: _Block, tag: str, kind: str) -> None:
        """Begin a column, a weight or a word that is drawn."""
        self._depth += tag == "div"
        if tag in ("td", "th") or kind == "row-text":
            block.kind = "head" if tag == "th" else block.kind
            block.columns.append([])
        elif tag in ("h3", "h4", "strong"):
            self._bold += 1
        elif kind == "dates":
            self._note = True
        elif tag == "br" or kind in ("blank", "tick"):
            block.columns[-1].append(("\n" if tag == "br" else f"\0{kind}", PLAIN))

    def handle_endtag(self, tag: str) -> None:
        """End a block or a weight."""
        block = self._open
        self._note = self._note and tag != "span"
        if block is None:
            return
        self._depth -= tag == "div"
        if tag in ("h3", "h4", "strong") and block.kind != "band":
            self._bold -= 1
        if (
            (block.kind == "row" and not self._depth)
            or (block.kind in ("tr", "head") and tag == "tr")
            or (block.kind not in ("row", "tr", "head") and tag in ("h2", "h3", "p"))
        ):
            self._open = None

    def handle_data(self, data: str) -> None:
        """Put the words where they are printed."""
        block = self._open
        if block is None or not block.columns:
            return
        # The first column of a table is bold.
        first = block.kind == "tr" and len(block.columns) == 1
        weight = _NOTE if self._note else BOLD if self._bold or first else PLAIN
        block.columns[-1] += [(word, weight) for word in data.split()]
