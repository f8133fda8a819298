"""The slips that everybody makes in YAML: what each looks like and the line as it should be.

YAML's own messages name what a reader of files expected at the place where it gave up,
which is often a line too late. A slip is found by how the author's lines look.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# A field with its value, perhaps the first of an entry: "  - text: Walk."
_FIELD = re.compile(r"(?P<lead>\s*(?:- +)*[\w-]+: +)(?P<value>\S.*)")
_KEY = re.compile(r"(?P<lead> *(?:- +)*)(?P<key>[\w-]+):(?= |$)")
_NO_SPACE = re.compile(r"(?P<lead> *(?:- +)?[A-Za-z_]+:)(?P<value>[^\s:/].*)")
_NO_SPACE_AFTER_DASH = re.compile(r"(?P<lead> *-)(?P<value>[A-Za-z{\"'].*)")
_IN_BRACES = re.compile(r"(?P<lead>[{,] *[\w-]+: )(?P<value>[^\"'{\[][^,}]*:(?: [^,}]*)?)(?=[,}])")
_BRACKETS = {"[": "]", "{": "}"}
# With one of these a value is not text for YAML, whatever stands behind it.
_SPECIAL = "@`%*&!|>{[,]}"
SMART = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb"
_SMART_QUOTED = re.compile(f"[{SMART}](?P<text>[^{SMART}]*)[{SMART}]")
_LOOKS_BACK = 8


@dataclass(frozen=True)
class Slip:
    """A slip: its line and column, counted from 1, what to do, its code and the line to write."""

    line: int
    column: int
    sentence: str
    code: str
    write: str = ""


def quoted(text: str) -> str:
    """Return *text* in quotes that every reader of YAML takes alike."""
    if '"' in text and "'" not in text:
        return f"'{text}'"
    backslash = "\\"
    return '"' + text.replace(backslash, backslash * 2).replace('"', backslash + '"') + '"'


def find_slip(lines: Sequence[str], line: int, column: int, opened: int) -> Slip | None:
    """Return the slip that made YAML give up at *line* and *column*, or nothing.

    All count from 1; *opened* is the line where what was being read began.
    """
    at = min(line, len(lines))
    for find in _BY_LINE:
        # The slip stands where reading stopped, or in a line shortly before it.
        for number in (at, *range(at - 1, max(min(opened, at - 1), at - _LOOKS_BACK, 1) - 1, -1)):
            if number >= 1 and (slip := find(lines, number, column if number == at else 0)):
                return slip
    return _indent(lines, at, column) if at else None


def _tab(lines: Sequence[str], line: int, _: int) -> Slip | None:
    written = lines[line - 1]
    found = re.match(r" *\t\s*", written)
    if not found:
        return None
    text = written[found.end() :]
    sentence = "A tab stands at the beginning of this line; indent with spaces."
    right = " " * _usual_indent(lines, line, text) + text
    return Slip(line, found[0].index("\t") + 1, sentence, "tab", right)


def _usual_indent(lines: Sequence[str], line: int, text: str) -> int:
    """Return the indent that *text* has most likely, by the line before it."""
    before = next((one for one in reversed(lines[: line - 1]) if one.strip()), "").expandtabs(2)
    start = len(before) - len(before.lstrip())
    dash = before.lstrip().startswith("- ")
    if before.rstrip().endswith(":"):
        return start + (4 if dash else 2)
    if dash and not text.startswith("-"):
        return start + 2
    return start


def _smart_quotes(lines: Sequence[str], line: int, _: int) -> Slip | None:
    found = _FIELD.fullmatch(lines[line - 1].rstrip())
    inside = found and _SMART_QUOTED.fullmatch(found["value"])
    return smart_quotes(lines, line, len(found["lead"]) + 1) if found and inside else None


def smart_quotes(lines: Sequence[str], line: int, column: int) -> Slip:
    """Return the slip of curved quotes around the value at *line* and *column*."""
    written = lines[line - 1].rstrip()
    right = written[: column - 1] + _SMART_QUOTED.sub(
        lambda found: quoted(found["text"]), written[column - 1 :], count=1,
    )
    sentence = "These curved quotes would be printed; quotes around a value must be straight ones."
    return Slip(line, column, sentence, "smart-quotes", right)


def is_in_smart_quotes(text: str) -> bool:
    """Return whether the whole of *text* stands in curved quotes."""
    return text[:1] in SMART and _SMART_QUOTED.fullmatch(text) is not None


def _quote(lines: Sequence[str], line: int, _: int) -> Slip | None:
    written = lines[line - 1].rstrip()
    found = _FIELD.fullmatch(written) or re.fullmatch(r"(?P<lead> *- +)(?P<value>\S.*)", written)
    if not found or found["value"][0] not in "'\"":
        return None
    quote, column = found["value"][0], len(found["lead"]) + 1
    end = _end_of_quote(found["value"])
    if end is None:
        closing = next((one for one in lines[line:] if quote in one), "")
        if closing.rstrip().endswith(quote) and not _FIELD.fullmatch(closing.rstrip()):
            return None
        sentence = "A quote is opened here and not closed."
        return Slip(line, column, sentence, "open-quote", written + quote)
    if found["value"][end:].strip() and not found["value"][end:].lstrip().startswith("#"):
        sentence = "The quote ends before the text does; put the whole text in the other kind of quotes."
        return Slip(line, column + end, sentence, "text-after-quote", found["lead"] + quoted(found["value"]))
    return None


def _end_of_quote(value: str) -> int | None:
    """Return where the quoted text at the beginning of *value* ends, or nothing."""
    pattern = r'"(?:[^"\\]|\\.)*"' if value[0] == '"' else r"'(?:[^']|'')*'"
    found = re.match(pattern, value)
    return found.end() if found else None


def _special_start(lines: Sequence[str], line: int, _: int) -> Slip | None:
    written = lines[line - 1].rstrip()
    found = _FIELD.fullmatch(written) or re.fullmatch(r"(?P<lead> *- +)(?P<value>\S.*)", written)
    if not found:
        return None
    value, column = found["value"], len(found["lead"]) + 1
    first = value[0]
    if first in _BRACKETS:
        if _is_closed(value):
            return None
        end = value.find(_BRACKETS[first])
        if end < 0:
            sentence = f"'{first}' is opened here and not closed."
            return Slip(line, column, sentence, "open-bracket", written + _BRACKETS[first])
        if not value[end + 1 :].strip() or value[end + 1 :].lstrip()[0] in ",]}":
            return None
    elif not (first in _SPECIAL or value.startswith("- ")) or re.fullmatch(r"[|>][-+]?\d?", value):
        return None
    return special_start(lines, line, column)


def special_start(lines: Sequence[str], line: int, column: int) -> Slip:
    """Return the slip of a text that begins, at *line* and *column*, with a sign that YAML uses."""
    written = lines[line - 1].rstrip()
    value = written[column - 1 :]
    sentence = f"A text that starts with '{value[:1]}' must be in quotes."
    return Slip(line, column, sentence, "special-start", written[: column - 1] + quoted(value))


def _is_closed(value: str) -> bool:
    """Return whether the bracket at the beginning of *value* closes at its end."""
    plain = re.sub(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'', "x", value.split(" #", maxsplit=1)[0]).rstrip()
    depth = 0
    for index, character in enumerate(plain):
        depth += (character in "[{") - (character in "]}")
        if not depth:
            return index == len(plain) - 1
    return False


def _no_space_after_colon(lines: Sequence[str], line: int, _: int) -> Slip | None:
    written = lines[line - 1].rstrip()
    found = _NO_SPACE.fullmatch(written)
    if not found or _KEY.match(written):
        return None
    sentence = "A space is missing after the colon."
    return Slip(line, len(found["lead"]) + 1, sentence, "no-space-after-colon", " ".join(found.groups()))


def _no_space_after_dash(lines: Sequence[str], line: int, _: int) -> Slip | None:
    found = _NO_SPACE_AFTER_DASH.fullmatch(lines[line - 1].rstrip())
    return dash_without_space(lines, line) if found else None


def dash_without_space(lines: Sequence[str], line: int) -> Slip:
    """Return the slip of a dash in *line* that touches what stands behind it."""
    written = lines[line - 1].rstrip()
    dash = written.index("-")
    sentence = "A space is missing after the dash of a list."
    return Slip(line, dash + 1, sentence, "dash", f"{written[: dash + 1]} {written[dash + 1 :]}")


def _colon_in_text(lines: Sequence[str], line: int, column: int) -> Slip | None:
    written = lines[line - 1].rstrip()
    sentence = "A text with ': ' inside must be in quotes."
    if "{" in written and (found := _IN_BRACES.search(written)):
        right = written[: found.start("value")] + quoted(found["value"].rstrip()) + written[found.end() :]
        place = found.start("value") + found["value"].index(":") + 1
        return Slip(line, place, sentence, "colon-in-text", right)
    found = _FIELD.fullmatch(written)
    inner = found and re.search(r":(?= |$)", found["value"])
    if not column or not found or not inner or found["value"][0] in "'\"{[|>":
        return None
    place = len(found["lead"]) + inner.start() + 1
    return Slip(line, place, sentence, "colon-in-text", found["lead"] + quoted(found["value"]))


def _missing_dash(lines: Sequence[str], line: int, _: int) -> Slip | None:
    """Find a field that stands in the column of the dashes and begins an entry."""
    written = lines[line - 1].rstrip()
    found = _KEY.match(written)
    if not found or "-" in found["lead"]:
        return None
    indent = len(found["lead"])
    for before in reversed(lines[: line - 1]):
        start = len(before) - len(before.lstrip())
        if not before.strip() or start > indent:
            continue
        if start == indent and before.startswith(f"- {found['key']}:", indent):
            return missing_dash(lines, line, indent + 1)
        return None
    return None


def missing_dash(lines: Sequence[str], line: int, column: int) -> Slip:
    """Return the slip of an entry of a list that begins at *line* and *column* without its dash."""
    text = lines[line - 1].rstrip()[column - 1 :]
    sentence = "A new entry of a list begins with a dash and a space."
    return Slip(line, column, sentence, "dash", f"{' ' * (column - 1)}- {text}")


_BY_LINE: tuple[Callable[[Sequence[str], int, int], Slip | None], ...] = (
    _tab, _smart_quotes, _quote, _special_start, _colon_in_text, _no_space_after_colon,
    _no_space_after_dash, _missing_dash,
)


def _indent(lines: Sequence[str], line: int, column: int) -> Slip | None:
    """Find a line that begins in a column where nothing around it begins."""
    written = lines[line - 1].rstrip()
    text = written.lstrip()
    indent = len(written) - len(text)
    if not (_KEY.match(written) or text.startswith("- ")) or column > indent + len(text.split(":")[0]) + 1:
        return None
    right = _nearest_column(lines, line, indent, is_entry=text.startswith("- "))
    if right is None or right == indent:
        return None
    what = "a space" if abs(right - indent) == 1 else f"{abs(right - indent)} spaces"
    side = "too far to the right" if indent > right else "too far to the left"
    sentence = f"This line begins {what} {side}."
    return Slip(line, indent + 1, sentence, "indent", " " * right + text)


def _nearest_column(lines: Sequence[str], line: int, indent: int, *, is_entry: bool) -> int | None:
    """Return the column, counted from 0, of what is around *line* that is nearest to *indent*."""
    columns: list[int] = []
    inside = 10_000
    for before in reversed(lines[: line - 1]):
        text = before.lstrip()
        start = len(before) - len(text)
        if not text or text.startswith("#") or start > inside:
            continue
        dash = text.startswith("- ")
        if not is_entry:
            columns += [start + 2] if dash else [start]
        elif dash:
            columns.append(start)
        inside = start
        if not start:
            break
    return min(columns, key=lambda one: abs(one - indent), default=None)
