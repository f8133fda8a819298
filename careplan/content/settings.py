"""How the tool behaves at a clinic: careplan.toml beside clinic.yaml."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from careplan.content.models import Id, Model, Words, YesNo, one_or_many
from careplan.content.source import Keys, Source, decode
from careplan.content.validation import check
from careplan.problems import FragmentError, Location, OutputError, Problem

Edition = Literal["large-print", "ink-saver", "write-in", "fillable"]

# A field or a heading as it stands at the beginning of a line.
_FIELD = re.compile(r"""^[ \t]*\[{0,2}[ \t]*(["']?)([A-Za-z0-9_-]+)\1[ \t]*(?:[=.\]][ \t]*)""", re.MULTILINE)
_PLACE = re.compile(r"line (\d+), column (\d+)")


class Settings(Model):
    """What careplan.toml may say; a request, the environment and the command line go before it."""

    require_approval: YesNo = Field(
        default=False, description="Whether only texts that somebody signed are printed.",
    )
    language: Id | None = Field(None, description="Language of handouts unless the request says.")
    paper: Literal["letter", "a4"] | None = Field(None, description="Paper size.")
    editions: Annotated[tuple[Edition, ...], BeforeValidator(one_or_many)] = Field(
        (), description="Editions in which everything is printed.",
    )
    out: Words | None = Field(None, description="The folder to write to, from that of careplan.toml.")
    strict: YesNo = Field(default=False, description="Whether warnings are taken for errors.")


def read_settings(path: Path, name: str | None = None) -> Settings:
    """Return the settings in *path*; raises `FragmentError` with every problem of the file."""
    file = name or str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        message = f"{file} cannot be read: {(error.strerror or 'unknown reason').lower()}."
        raise OutputError(message) from None
    return check(Settings, parse_toml(raw, file))


def parse_toml(raw: bytes, file: str) -> Source:
    """Return the data written in *raw* with the places of its top-level fields; raises `FragmentError`."""
    import tomllib  # noqa: PLC0415 - few clinics have such a file

    text = decode(raw, file).replace("\r\n", "\n")
    lines = tuple(text.split("\n"))
    keys: dict[Keys, tuple[int, int]] = {}
    values: dict[Keys, tuple[int, int]] = {(): (1, 1)}
    twice = ""
    for found in _FIELD.finditer(text):
        line = text.count("\n", 0, found.start(2)) + 1
        begin = text.rfind("\n", 0, found.start(2)) + 1
        if (found[2],) in keys:
            twice = twice or f"'{found[2]}' is given twice; the first is in line {keys[(found[2],)][0]}."
            continue
        keys[(found[2],)] = (line, found.start(2) - begin + 1)
        values[(found[2],)] = (line, found.end() - begin + 1)
    try:
        return Source(file, tomllib.loads(text), lines, values, keys)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place else (len(lines), 1)
        sentence = twice or (
            "This is not readable as TOML; write one 'name = value' a line, with text in quotes and true or "
            "false in small letters."
        )
        excerpt = "".join(one if one.isprintable() else " " for one in lines[line - 1])
        problem = Problem(Location(file, line, column), sentence, "toml-syntax", excerpt=excerpt)
        raise FragmentError([problem]) from None
