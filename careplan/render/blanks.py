"""The blanks of a handout: lines to write on and boxes to tick.

On paper a blank is an empty box. In the fillable edition each also holds a form field that
fills it, with a label that says what to write; the page looks the same.
"""

import itertools
import re

from markupsafe import Markup, escape

from careplan.content.wording import Wording

_RUN = re.compile("_{4,}")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")


class Blanks:
    """Makes the blanks of one page, numbered in the order in which they are read."""

    def __init__(self, wording: Wording, *, fillable: bool) -> None:
        self._wording = wording
        self._fillable = fillable
        self._count = 0

    def line(self, about: str, word: str = "", *, wide: bool = False) -> Markup:
        """Return a line to write *about* on; *word* stands before it where nothing else says it."""
        before = Markup('<span class="blank-word">{}: </span>').format(word) if word else Markup()
        kind = "blank wide" if wide else "blank"
        return before + Markup('<span class="{}">{}</span>').format(kind, self.field(about))

    def tick(self, text: str) -> Markup:
        """Return a box to tick for what *text* says."""
        about = self._wording.say("blank_tick", what=_RUN.sub("\u2026", text).strip())
        return Markup('<span class="tick">{}</span>').format(self._input(about, "checkbox"))

    def field(self, about: str) -> Markup:
        """Return the field of a blank that stands there already, such as a table's cell."""
        return self._input(about, "text")

    def cell(self, table: str, row: str, column: str) -> Markup:
        """Return the field of one cell of a table."""
        return self.field(self._wording.say("blank_cell", table=table, row=row, column=column))

    def lines(self, about: str, number: int) -> Markup:
        """Return *number* lines to write *about* on, as one blank."""
        rules = Markup("<p></p>") * number
        area = Markup()
        if self._fillable:
            self._count += 1
            area = Markup('<div><textarea class="fill" name="blank-{}" title="{}"></textarea></div>').format(
                self._count, about
            )
        return Markup('<div class="write-lines">{}{}</div>').format(rules, area)

    def in_text(self, text: str, about: str = "") -> Markup:
        """Return *text* with each run of four or more underscores as a line to write on.

        The label of a line is the sentence around it, after *about*.
        """
        parts = _RUN.split(str(text))
        said = escape(parts[0])
        for before, after in itertools.pairwise(parts):
            said += self.line(self._label(before, after, about)) + escape(after)
        return said

    def _label(self, before: str, after: str, about: str) -> str:
        asked = _SENTENCE_END.split(before)[-1].strip(" :,;.")
        goes_on = after.lstrip()[:1].islower()
        rest = re.split(r"[.,;:?!]", after)[0].strip() if goes_on else ""
        asked = " \u2026 ".join(filter(None, [asked, rest])) or self._wording.say("blank_here")
        return f"{about.rstrip('.: ')}: {asked}" if about else asked

    def _input(self, about: str, kind: str) -> Markup:
        if not self._fillable:
            return Markup()
        self._count += 1
        return Markup('<input class="fill" type="{}" name="blank-{}" title="{}">').format(
            kind, self._count, about
        )
