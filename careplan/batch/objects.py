"""Read a roster of JSON lines, each an object with the fields of one row."""

import functools
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from careplan.batch.entries import Entry, Places, column_name, not_a_column, nothing_in
from careplan.problems import FragmentError, Location, Problem

# No row needs more lists and objects, and a reader must not be led deeper than it can follow.
_MOST_BRACKETS = 200

_SPACE = re.compile(r"[ \t\r\n]*")
_UNREADABLE = 'From here on the line cannot be read as JSON; write one object, such as {"intervention": "…"}.'


class Pairs(tuple[tuple[str, Any], ...]):
    """The fields of an object as they were written, each as often as it was written."""

    __slots__ = ()


_DECODER = json.JSONDecoder(object_pairs_hook=Pairs)


def read_entries(text: str, file: str, columns: Sequence[str]) -> Iterator[Entry]:
    """Yield what each line of *text* holds, by the names in *columns*."""
    if not text.strip():
        raise FragmentError([nothing_in(file)])
    for line, written in enumerate(io.StringIO(text, newline=""), 1):
        if written.strip():
            yield _entry(written, Location(file, line, 1), columns)


def _entry(written: str, start: Location, columns: Sequence[str]) -> Entry:
    nothing = Places(start.file, start.line, (), dict)
    try:
        nested = written.count("[") + written.count("{") > _MOST_BRACKETS
        pairs = () if nested else _DECODER.decode(written)
    except ValueError as error:
        # A number of too many digits has no place.
        column = getattr(error, "pos", 0) + 1
        problem = Problem(Location(start.file, start.line, column), _UNREADABLE, "json-syntax")
        return Entry({}, nothing, (problem,), is_whole=False)
    if not isinstance(pairs, Pairs):
        problem = Problem(start, _UNREADABLE, "json-syntax")
        return Entry({}, nothing, (problem,), is_whole=False)
    cells: dict[str, Any] = {}
    wrong: list[tuple[int, str, str]] = []
    for index, (key, value) in enumerate(pairs):
        name = column_name(key)
        if name not in columns:
            wrong.append((index, not_a_column(key, columns), "unknown-field"))
        elif name in cells:
            wrong.append((index, f"'{name}' is given twice in this line.", "duplicate-key"))
        else:
            cells[name] = value
    cells = {name: value for name, value in cells.items() if not _is_empty(value)}
    places = Places(start.file, start.line, tuple(cells), functools.partial(_spots, written, start.line))
    keys = _find_fields(written) if wrong else []
    problems = (
        Problem(Location(start.file, start.line, keys[index][1]), sentence, code)
        for index, sentence, code in wrong
    )
    return Entry(cells, places, tuple(problems))


def _is_empty(value: Any) -> bool:
    text = value.strip() if isinstance(value, str) else value
    return text is None or (isinstance(text, (str, list, Pairs)) and not text)


def _spots(written: str, line: int) -> Mapping[str, tuple[int, int]]:
    return {column_name(key): (line, value) for key, _, value in reversed(_find_fields(written))}


def _find_fields(written: str) -> list[tuple[str, int, int]]:
    """Return each key of the object in *written* with the columns of the key and of its value."""
    found = []
    at = _after_space(written, 0) + 1
    while written[at - 1] != "}":
        key_at = _after_space(written, at)
        if written[key_at] == "}":
            break
        key, end = _DECODER.raw_decode(written, key_at)
        value_at = _after_space(written, _after_space(written, end) + 1)
        _, end = _DECODER.raw_decode(written, value_at)
        found.append((key, key_at + 1, value_at + 1))
        at = _after_space(written, end) + 1
    return found


def _after_space(written: str, at: int) -> int:
    found = _SPACE.match(written, at)
    return found.end() if found else at
