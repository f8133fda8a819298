"""Read a YAML file and remember where every value was written.

Only the part of YAML that two people read alike is accepted: no anchors, aliases,
tags or merge keys, no key twice, and scalars by the YAML 1.2 core rules with fewer
surprises: `no`, `12:30`, `010` and dates stay text.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from careplan.problems import FragmentError, Location, OutputError, Problem

Key = str | int
Keys = tuple[Key, ...]

MOST_BYTES = 200_000
MOST_LEVELS = 20

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None}
# Everything but plain characters and white space, to be looked at more closely.
_UNUSUAL = re.compile(r"[^\x20-\x7e\t\n\r]")
# Unicode categories that leave nothing to see: control, format, surrogate, private use,
# line and paragraph separator (which YAML, but no editor, counts as the end of a line).
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# Characters that turn the direction of text, so that a line reads other than it is.
_DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Source:
    """The data of one file, with the place of every key and value."""

    file: str
    data: Any
    lines: tuple[str, ...]
    _values: dict[Keys, tuple[int, int]]
    _keys: dict[Keys, tuple[int, int]]

    def locate(self, keys: Sequence[Key]) -> Location:
        """Return where *keys* lead, stopping at the last one that exists.

        A missing key has no place of its own, so it is reported at its parent.
        """
        path = tuple(keys)
        while path and path not in self._values:
            path = path[:-1]
        return Location(self.file, *self._values.get(path, (1, 1)))

    def locate_key(self, keys: Sequence[Key]) -> Location:
        """Return where the last of *keys* itself is written, not its value."""
        place = self._keys.get(tuple(keys))
        return Location(self.file, *place) if place else self.locate(keys)

    def problem(self, location: Location, sentence: str, code: str) -> Problem:
        """Return a problem at *location* with the line that it is about."""
        return Problem(location, sentence, code, excerpt=_excerpt(self.lines, location.line))


def read_source(path: Path, name: str | None = None) -> Source:
    """Return the data in *path*; *name* is what problems call the file.

    Raises `FragmentError` with every problem that keeps the file from being read,
    and `OutputError` when the system does not hand it out.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        message = f"{name or path} cannot be read: {reason}."
        raise OutputError(message) from None
    return parse_source(raw, name or str(path))


# Who reads the library again after a save, or for each row of a batch, reads the same bytes.
@lru_cache(maxsize=512)
def parse_source(raw: bytes, file: str) -> Source:
    """Return the data written in *raw*; raises `FragmentError`.

    The same bytes give the same `Source`, so nobody may change its data.
    """
    text = _decode(raw, file)
    lines = tuple(text.splitlines())
    _refuse_hidden_characters(text, tuple(text.split("\n")), file)
    try:
        events = list(_checked_events(text, lines, file))
    except yaml.YAMLError as error:
        raise FragmentError([_syntax_problem(error, lines, file)]) from None
    builder = _Builder(iter(events), lines, file)
    data = builder.document()
    if builder.problems:
        raise FragmentError(builder.problems)
    return Source(file, data, lines, builder.values, builder.keys)


def _decode(raw: bytes, file: str) -> str:
    if len(raw) > MOST_BYTES:
        sentence = f"The file has {len(raw):,} bytes; {MOST_BYTES:,} is the most."
        raise FragmentError([Problem(Location(file), sentence, "too-large")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        kind = "UTF-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "another encoding"
        sentence = f"The file must be saved as UTF-8; this looks like {kind}."
        raise FragmentError([Problem(Location(file, line, column), sentence, "not-utf-8")]) from None


def _refuse_hidden_characters(text: str, lines: tuple[str, ...], file: str) -> None:
    problems = []
    for found in _UNUSUAL.finditer(text):
        character = found[0]
        if unicodedata.category(character) not in _HIDDEN:
            continue
        what = "turns the direction of text" if character in _DIRECTIONS else "cannot be seen"
        sentence = f"The character U+{ord(character):04X} {what}; remove it."
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        place = Location(file, line, column)
        problems.append(Problem(place, sentence, "hidden-character", excerpt=_excerpt(lines, line)))
    if problems:
        raise FragmentError(problems)


def _hides(value: str) -> bool:
    """Return whether *value* holds a character that leaves nothing to see."""
    return not (value.isascii() and value.isprintable()) and any(
        unicodedata.category(found[0]) in (*_HIDDEN, "Zl", "Zp") for found in _UNUSUAL.finditer(value)
    )


def _checked_events(text: str, lines: tuple[str, ...], file: str) -> Iterator[yaml.Event]:
    """Yield the events of *text*, refusing what a fragment may not hold."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        refused = _refusal(event)
        if depth > MOST_LEVELS:
            refused = (f"Lists and fields are nested more than {MOST_LEVELS} deep.", "too-deep")
        elif documents > 1:
            refused = ("A file holds one document; remove the line '---'.", "two-documents")
        if refused:
            raise FragmentError([_problem_at(event.start_mark, *refused, lines, file)])
        yield event


def _refusal(event: yaml.Event) -> tuple[str, str] | None:
    """Return why *event* has no place in a fragment, and the code of that."""
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        return "'&' and '*' references are not used here; write the value out.", "no-references"
    if getattr(event, "tag", None):
        return "'!' tags are not used here; put text that starts with '!' in quotes.", "no-tags"
    if isinstance(event, yaml.ScalarEvent) and _hides(event.value):
        return "An escape brings in a character that cannot be seen; remove it.", "hidden-character"
    return None


class _Builder:
    """Builds plain values out of events and remembers their places."""

    def __init__(self, events: Iterator[yaml.Event], lines: tuple[str, ...], file: str) -> None:
        self._events = events
        self._lines = lines
        self._file = file
        self.values: dict[Keys, tuple[int, int]] = {}
        self.keys: dict[Keys, tuple[int, int]] = {}
        self.problems: list[Problem] = []

    def document(self) -> Any:
        for event in self._events:
            if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
                return self._value(event, ())
        return None

    def _value(self, event: yaml.Event, path: Keys) -> Any:
        self.values[path] = _place(event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            is_plain = event.style in (None, "") and event.implicit[0]
            return _scalar(event.value) if is_plain else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _sequence(self, path: Keys) -> list[Any]:
        values: list[Any] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            values.append(self._value(event, (*path, len(values))))
        return values

    def _mapping(self, path: Keys) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = event.value if isinstance(event, yaml.ScalarEvent) else None
            if key is None or key == "<<":
                sentence = "A field name must be one plain word, not a list, fields or '<<'."
                self._refuse(event, sentence, "bad-key")
                self._value(event, (*path, "?"))
                self._value(next(self._events), (*path, "?"))
                continue
            if key in values:
                first = self.keys[(*path, key)][0]
                self._refuse(event, f"'{key}' is given twice; the first is in line {first}.", "duplicate-key")
                self._value(next(self._events), (*path, "?"))
                continue
            self.keys[(*path, key)] = _place(event.start_mark)
            values[key] = self._value(next(self._events), (*path, key))
        return values

    def _refuse(self, event: yaml.Event, sentence: str, code: str) -> None:
        self.problems.append(_problem_at(event.start_mark, sentence, code, self._lines, self._file))


def _scalar(text: str) -> str | int | float | bool | None:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return text


def _place(mark: Any) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


def _excerpt(lines: tuple[str, ...], line: int) -> str:
    written = lines[line - 1].rstrip("\r") if 0 < line <= len(lines) else ""
    # A control or a turned direction must not reach the terminal that shows the line.
    return "".join(character if character.isprintable() else " " for character in written)


def _problem_at(mark: Any, sentence: str, code: str, lines: tuple[str, ...], file: str) -> Problem:
    line, column = _place(mark)
    return Problem(Location(file, line, column), sentence, code, excerpt=_excerpt(lines, line))


def _syntax_problem(error: yaml.YAMLError, lines: tuple[str, ...], file: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return Problem(Location(file), "The file is not readable as YAML.", "yaml-syntax")
    line, _ = _place(mark)
    author_line = _excerpt(lines, line)
    sentence = "This is not readable as YAML; check indents, quotes and colons near here."
    opened = getattr(error, "context_mark", None)
    if "\t" in (lines[line - 1] if line <= len(lines) else ""):
        sentence = "A tab stands here; indent with spaces."
    elif opened and _excerpt(lines, opened.line + 1)[opened.column :][:1] in ("'", '"'):
        sentence, mark = "A quote is opened here and not closed.", opened
    elif author_line.count(": ") > 1:
        sentence = "A text with ': ' inside must be in quotes."
    return _problem_at(mark, sentence, "yaml-syntax", lines, file)
