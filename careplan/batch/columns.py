"""What the cells of a row ask for: from words in columns to a request and its copies."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from careplan.batch.entries import LONGEST_CELL, TOO_LONG, Entry, quoted
from careplan.batch.objects import Pairs
from careplan.content.models import parse_date
from careplan.content.source import Keys, Source
from careplan.content.validation import check
from careplan.planning.editions import EDITIONS, field_name
from careplan.planning.request import Patient, Request
from careplan.planning.shorthand import factor_state, option_values, split_words
from careplan.problems import FragmentError, Problem, did_you_mean

MOST_COPIES = 99
LONGEST_NAME = 80
LONGEST_REF = 60

# Alt+Enter in a spreadsheet begins a line inside the cell.
_LISTED = ";,\r\n"
_BETWEEN_OPTIONS = ";\r\n"
_COPIES = re.compile(r"0*([1-9][0-9]?)")
_REF = re.compile(rf"[A-Za-z0-9_-][A-Za-z0-9_.-]{{0,{LONGEST_REF - 1}}}")
# What exports write so that a spreadsheet keeps the zeros in front of a number.
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
# A spreadsheet stores days as a count from 1900.
_COUNTED_DAY = re.compile(r"[0-9]{5}(\.[0-9]*)?")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
# Unicode categories of characters that break a line or print nothing, and those that turn text.
_NO_TEXT = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Where a column has another name than the field of the request.
_FIELDS: Mapping[str, str] = {"condition": "conditions", "lang": "language"}
_COLUMNS: Mapping[str, str] = {field: column for column, field in _FIELDS.items()}


# What is asked for without what belongs to one row alone, by the cells that ask for it.
Bodies = dict[tuple[tuple[str, Any], ...], Request]
_OWN = frozenset({"ref", "date", "copies", "name"})


@dataclass
class Asked:
    """What a row asks for as far as it can be read, and what is wrong in it."""

    ref: str = ""
    copies: int = 1
    request: Request | None = field(default=None, repr=False)
    problems: list[Problem] = field(default_factory=list)
    # The columns in which something is wrong.
    refused: set[str] = field(default_factory=set)


def read_cells(entry: Entry, bodies: Bodies) -> Asked:
    """Return what the cells of *entry* ask for; without problems there is a request.

    *bodies* grows with what was read: most rows of a day ask for what another one asks for.
    """
    reading = _Reading(entry)
    shared = []
    for cell in entry.cells.items():
        if cell[0] in _OWN:
            reading.read(*cell)
        else:
            shared.append(cell)
    if entry.is_whole:
        reading.body(tuple(shared), bodies)
    asked = reading.asked
    if asked.request and reading.own:
        asked.request = asked.request.model_copy(update=reading.own)
    return asked


class _Reading:
    """One row while it is read."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self.asked = Asked(problems=list(entry.problems))
        self.data: dict[str, Any] = {}
        # The fields of the request that belong to this row alone.
        self.own: dict[str, Any] = {}

    def read(self, column: str, value: Any) -> None:
        """Read one cell."""
        if len(value if isinstance(value, str) else str(value)) > LONGEST_CELL:
            self._refuse(column, TOO_LONG, "too-long")
        else:
            _READERS[column](self, column, value)

    def _refuse(self, column: str, sentence: str, code: str) -> None:
        self.asked.refused.add(column)
        place = self._entry.places.nearest(column)
        self.asked.problems.append(Problem(place, f"{column} {sentence}", code))

    def _text(self, column: str, value: Any, found: str = "") -> str:
        """Return the text of a cell without space around it; "" where it has none or is refused."""
        if not isinstance(value, str):
            self._refuse(column, f"must be text{found}.", "string-type")
            return ""
        text = value.strip()
        if not text.isprintable():
            for one in text:
                if not (one.isprintable() or one.isspace()):
                    sentence = f"holds the character U+{ord(one):04X}, which cannot be seen; remove it."
                    self._refuse(column, sentence, "hidden-character")
                    return ""
        return text

    def _words(self, column: str, value: Any) -> list[str]:
        if isinstance(value, list):
            return [text for one in value if (text := self._text(column, one, " or a list of texts"))]
        return split_words(self._text(column, value, " or a list of texts"), _LISTED)

    def one_id(self, column: str, value: Any) -> None:
        """Read a cell that holds one id."""
        text = " ".join(self._text(column, value).split())
        if text:
            self.data[_FIELDS.get(column, column)] = text

    def ids(self, column: str, value: Any) -> None:
        """Read a cell that lists ids."""
        if words := self._words(column, value):
            self.data[_FIELDS.get(column, column)] = words

    def factors(self, column: str, value: Any) -> None:
        """Read a cell that lists factors, some with their status."""
        if words := self._words(column, value):
            self.data[column] = [factor_state(word) for word in words]

    def options(self, column: str, value: Any) -> None:
        """Read a cell that holds options; an option that is given twice has both values."""
        options: dict[str, list[str]] = {}
        if isinstance(value, Pairs):
            for key, inner in value:
                name, values = self._text(column, key), self._words(column, inner)
                if name and (values or not inner):
                    options.setdefault(name, []).extend(values)
        else:
            is_list = isinstance(value, list)
            words = self._words(column, value) if is_list else split_words(
                self._text(column, value, " or an object"), _BETWEEN_OPTIONS
            )
            for word in words:
                try:
                    key, values = option_values(word)
                except ValueError as error:
                    sentence = f"must be written as {error}, not {quoted(word)}."
                    self._refuse(column, sentence, "not-expected")
                    continue
                options.setdefault(key, []).extend(values)
        if options:
            self.data[column] = options

    def date(self, column: str, value: Any) -> None:
        """Read the day; a spreadsheet's count of days gets a sentence of its own."""
        text = str(value) if isinstance(value, (int, float)) else self._text(column, value)
        if _COUNTED_DAY.fullmatch(text):
            sentence = (
                f"is {quoted(text)}, which is how a spreadsheet counts days; "
                "write the day as YYYY-MM-DD, such as 2026-12-03."
            )
            self._refuse(column, sentence, "not-expected")
        elif text:
            try:
                self.own[column] = parse_date(text)
            except ValueError as error:
                self._refuse(column, f"must be {error}, not {quoted(text)}.", "not-expected")

    def editions(self, column: str, value: Any) -> None:
        """Read the editions in which the handout is printed."""
        for word in self._words(column, value):
            if word not in EDITIONS:
                hint = did_you_mean(word, EDITIONS) or "."
                sentence = f"must be one of {', '.join(EDITIONS)}, not {quoted(word)}{hint}"
                self._refuse(column, sentence, "literal-error")
            else:
                self.data[field_name(word)] = True

    def copies(self, column: str, value: Any) -> None:
        """Read how many copies are printed."""
        is_number = isinstance(value, int) and not isinstance(value, bool)
        text = str(value) if is_number else self._text(column, value, " or a number")
        found = _COPIES.fullmatch(text)
        if found:
            self.asked.copies = int(found[1])
        elif text:
            sentence = f"must be a whole number from 1 to {MOST_COPIES}, not {quoted(text)}."
            self._refuse(column, sentence, "not-expected")

    def name(self, column: str, value: Any) -> None:
        """Read the patient's name, of which no problem may show anything."""
        text = value.strip() if isinstance(value, str) else ""
        if not isinstance(value, str):
            self._refuse(column, "must be text.", "string-type")
        elif not text.isprintable() and not all(map(_is_text, text)):
            sentence = "holds a line break or a character that cannot be seen; type it anew on one line."
            self._refuse(column, sentence, "hidden-character")
        elif len(text) > LONGEST_NAME:
            self._refuse(column, f"has {len(text):,} characters; {LONGEST_NAME} are the most.", "too-long")
        elif text:
            self.own["patient"] = Patient(name=text)

    def ref(self, column: str, value: Any) -> None:
        """Read how staff call the row, which is not quoted: some write the patient's name there."""
        text = self._text(column, value, ' in quotes, such as "0042"')
        if kept := _KEPT_AS_TEXT.fullmatch(text):
            text = kept[1].strip()
        if _RESERVED.fullmatch(text):
            sentence = "is a name that Windows keeps for itself, so no file can have it; choose another."
            self._refuse(column, sentence, "not-expected")
        elif text and not _REF.fullmatch(text):
            sentence = (
                f"must be at most {LONGEST_REF} letters, digits, '-', '_' or '.', and not begin with '.'; "
                "names of patients do not belong here."
            )
            self._refuse(column, sentence, "not-expected")
        else:
            self.asked.ref = text

    def body(self, cells: tuple[tuple[str, Any], ...], bodies: Bodies) -> None:
        """Make the request that *cells* ask for, or gather what is wrong with it."""
        # Lists of JSON cannot be looked up by.
        is_key = all(isinstance(value, str) for _, value in cells)
        if is_key and (known := bodies.get(cells)):
            self.asked.request = known
            return
        for column, value in cells:
            self.read(column, value)
        data = {"kind": "request", **self.data}
        try:
            # Places are looked up only where something is wrong.
            self.asked.request = check(Request, Source("", data, (), {}, {}))
        except FragmentError:
            self._tell(data)
            return
        if is_key and self.asked.refused <= _OWN:
            bodies[cells] = self.asked.request

    def _tell(self, data: dict[str, Any]) -> None:
        """Gather what is wrong with *data*, at the cells where it is."""
        places: dict[Keys, tuple[int, int]]
        places = {(name,): self._place(_COLUMNS.get(name, name)) for name in data if name != "kind"}
        places[()] = self._place("intervention")
        try:
            check(Request, Source(self._entry.places.file, data, (), places, {}))
        except FragmentError as error:
            self.asked.problems += [
                _in_columns(one) for one in error.problems
                if one.code != "missing-field" or "intervention" not in self.asked.refused
            ]

    def _place(self, column: str) -> tuple[int, int]:
        place = self._entry.places.nearest(column)
        return place.line, place.column


def _is_text(character: str) -> bool:
    return character not in _TURNS and unicodedata.category(character) not in _NO_TEXT


def _in_columns(problem: Problem) -> Problem:
    """Return *problem* with the column's name in place of the field's."""
    for name, column in _COLUMNS.items():
        if problem.sentence.startswith(name):
            sentence = column + problem.sentence.removeprefix(name)
            return Problem(problem.location, sentence, problem.code)
    return problem


_READERS: Mapping[str, Callable[[_Reading, str, Any], None]] = {
    "ref": _Reading.ref,
    "intervention": _Reading.one_id,
    "options": _Reading.options,
    "therapies": _Reading.ids,
    "condition": _Reading.ids,
    "factors": _Reading.factors,
    "follow_up": _Reading.one_id,
    "date": _Reading.date,
    "lang": _Reading.one_id,
    "edition": _Reading.editions,
    "copies": _Reading.copies,
    "name": _Reading.name,
}
