"""Read a YAML file and remember where every value was written.

Only the part of YAML that two people read alike is accepted: no anchors, aliases,
tags or merge keys, no key twice, and scalars by the YAML 1.2 core rules with fewer
surprises: `no`, `12:30`, `010` and dates stay text.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from careplan.content import slips
from careplan.content.dialects import other_reading
from careplan.problems import FragmentError, Level, Location, OutputError, Problem

Key = str | int
Keys = tuple[Key, ...]

MOST_BYTES = 200_000
MOST_LEVELS = 20

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
# The first characters of what other tools may take for something else than text.
_FOREIGN = frozenset("+-.0123456789<=~FNOTYfnoty")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None}
# Everything but plain characters and white space, to be looked at more closely.
_UNUSUAL = re.compile(r"[^\x20-\x7e\t\n\r]")
# Unicode categories that leave nothing to see: control, format, surrogate, private use,
# line and paragraph separator (which YAML, but no editor, counts as the end of a line).
_MAY_BE_TEXT = ("no-references", "no-tags")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# Characters that turn the direction of text, so that a line reads other than it is.
_CUT_OFF = "A '#' after a space begins a note, so the text ends before it; put the text in quotes."
_DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Source:
    """The data of one file, with the place of every key and value."""

    file: str
    data: Any
    lines: tuple[str, ...]
    _values: dict[Keys, tuple[int, int]]
    _keys: dict[Keys, tuple[int, int]]
    # Values and field names without quotes that other YAML tools take for something else.
    foreign: tuple[Keys, ...] = ()
    foreign_keys: tuple[Keys, ...] = ()

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

    def problem(
        self, location: Location, sentence: str, code: str, level: Level = "problem", write: str = "",
    ) -> Problem:
        """Return a problem at *location* with the line that it is about; *write* is that line mended."""
        return Problem(location, sentence, code, level, _excerpt(self.lines, location.line), write)

    def written(self) -> "tuple[Source, ...]":
        """Return the files that the data were written in."""
        return (self,)

    def digest(self) -> str:
        """Return the SHA-256 of the lines, however they end, in hexadecimal."""
        return hashlib.sha256("\n".join(self.lines).encode()).hexdigest()


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
    text = decode(raw, file)
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
    foreign = tuple(builder.foreign), tuple(builder.foreign_keys)
    return Source(file, data, lines, builder.values, builder.keys, *foreign)


def decode(raw: bytes, file: str) -> str:
    """Return the text in *raw*; raises `FragmentError` if it is too long or not UTF-8."""
    if len(raw) > MOST_BYTES:
        sentence = f"The file has {len(raw):,} bytes; {MOST_BYTES:,} is the most."
        raise FragmentError([Problem(Location(file), sentence, "too-large")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        kind, lines = "another encoding", tuple[str, ...]()
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            kind = "UTF-16"
        else:
            with suppress(UnicodeDecodeError):
                lines = tuple(_mixed(raw).splitlines())
                kind = f"Windows-1252, with '{raw[error.start : error.start + 1].decode('cp1252')}' here"
        sentence = f"The file must be saved as UTF-8; this looks like {kind}."
        place = Location(file, line, column)
        problem = Problem(place, sentence, "not-utf-8", excerpt=_excerpt(lines, line))
        raise FragmentError([problem]) from None


def _mixed(raw: bytes) -> str:
    """Return the text of *raw* where some lines are UTF-8 and others as old Windows programs save them."""
    before = raw.decode("utf-8", "surrogateescape")
    return re.sub("[\udc80-\udcff]", lambda one: bytes([ord(one[0]) - 0xDC00]).decode("cp1252"), before)


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
            right = _quoted_line(lines, event.start_mark) if refused[1] in _MAY_BE_TEXT else ""
            raise FragmentError([_problem_at(event.start_mark, *refused, lines, file, right)])
        yield event


def _quoted_line(lines: tuple[str, ...], mark: Any) -> str:
    """Return the line at *mark* with its value in quotes, where that is a text of some words."""
    line, column = _place(mark)
    before, value = lines[line - 1][: column - 1], lines[line - 1][column - 1 :].rstrip()
    is_text = value[1:2].isalpha() and " " in value and before.endswith((": ", "- "))
    return slips.special_start(lines, line, column).write if is_text else ""


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
        self._hashes = any(" #" in line for line in lines)
        self._lines = lines
        self._file = file
        self.values: dict[Keys, tuple[int, int]] = {}
        self.keys: dict[Keys, tuple[int, int]] = {}
        self.foreign: list[Keys] = []
        self.foreign_keys: list[Keys] = []
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
            return self._plain_scalar(event, path) if is_plain else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _plain_scalar(self, event: yaml.ScalarEvent, path: Keys) -> Any:
        value = _scalar(event.value)
        if not isinstance(value, str):
            return value
        if value[0] in _FOREIGN and other_reading(value):
            self.foreign.append(path)
        (line, column), (last, end) = _place(event.start_mark), _place(event.end_mark)
        if slips.is_in_smart_quotes(value) and line == last:
            self._slip(slips.smart_quotes(self._lines, line, column))
        if value[0] == "-" and value[1:2].isalpha() and not self._lines[line - 1][: column - 1].strip():
            self._slip(slips.dash_without_space(self._lines, line))
        rest = self._lines[last - 1][end - 1 :] if self._hashes else ""
        if rest.startswith(" #") and rest[2:3].isalnum():
            place = Location(self._file, last, end + 1)
            written = self._lines[line - 1].rstrip()
            right = f"{written[: column - 1]}{slips.quoted(written[column - 1 :])}"
            self.problems.append(
                Problem(place, _CUT_OFF, "text-cut-off", "problem", _excerpt(self._lines, line), right)
            )
        return value

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
                sentence = f"'{key}' is given twice; the first is in line {first}."
                line, column = _place(event.start_mark)
                right = ""
                if key == next(iter(values)) == "id" and path and isinstance(path[-1], int):
                    sentence += " A new entry of the list begins with a dash."
                    right = slips.missing_dash(self._lines, line, column).write[2:]
                self._refuse(event, sentence, "duplicate-key", right)
                self._value(next(self._events), (*path, "?"))
                continue
            self.keys[(*path, key)] = _place(event.start_mark)
            if isinstance(event, yaml.ScalarEvent) and event.style in (None, ""):
                self._plain_key(event, (*path, key))
            values[key] = self._value(next(self._events), (*path, key))
        return values

    def _plain_key(self, event: yaml.Event, path: Keys) -> None:
        key = str(path[-1])
        if key[:1] == "-" and key[1:2].isalpha():
            self._slip(slips.dash_without_space(self._lines, _place(event.start_mark)[0]))
        if key[:1] in _FOREIGN and other_reading(key):
            self.foreign_keys.append(path)

    def _refuse(self, event: yaml.Event, sentence: str, code: str, right: str = "") -> None:
        self.problems.append(_problem_at(event.start_mark, sentence, code, self._lines, self._file, right))

    def _slip(self, slip: slips.Slip) -> None:
        self.problems.append(_slipped(slip, self._lines, self._file))


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


def _problem_at(  # noqa: PLR0913, PLR0917 - a mark, what is wrong there, and the file around it
    mark: Any, sentence: str, code: str, lines: tuple[str, ...], file: str, right: str = ""
) -> Problem:
    line, column = _place(mark)
    return Problem(Location(file, line, column), sentence, code, "problem", _excerpt(lines, line), right)


def _slipped(slip: slips.Slip, lines: tuple[str, ...], file: str) -> Problem:
    place = Location(file, slip.line, slip.column)
    return Problem(
        place, slip.sentence, slip.code, "problem", _excerpt(lines, slip.line), slip.write.expandtabs(2),
    )


def _syntax_problem(error: yaml.YAMLError, lines: tuple[str, ...], file: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return Problem(Location(file), "The file is not readable as YAML.", "yaml-syntax")
    line, column = _place(mark)
    opened = getattr(error, "context_mark", None) or mark
    slip = slips.find_slip(lines, line, column, opened.line + 1)
    if slip:
        return _slipped(slip, lines, file)
    sentence = "This is not readable as YAML; check indents, quotes and colons near here."
    return _problem_at(mark, sentence, "yaml-syntax", lines, file)
