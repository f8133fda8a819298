"""What `careplan check` found, told to people, to programs, to GitHub and to code scanning."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from careplan.content.codes import find_code
from careplan.problems import SHOWN, Level, Problem

# Raised when a field of the JSON report changes its meaning or goes away.
JSON_VERSION = 1
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: tuple[Level, ...] = ("problem", "warning", "note")
_GITHUB: Mapping[Level, str] = {"problem": "error", "warning": "warning", "note": "notice"}


def render(form: str, problems: Sequence[Problem], files: int) -> str:
    """Return the report of *problems*, found in so many *files*, as text that ends with a line end."""
    forms: dict[str, Callable[[Sequence[Problem], int], str]] = {
        "text": _as_text, "json": _as_json, "github": _as_github, "sarif": _as_sarif,
    }
    return forms[form](problems, files)


def summary(problems: Iterable[Problem], files: int) -> str:
    """Return in one line how many files were checked and how many problems of each level there are."""
    counts = _counts(problems)
    told = [_counted(counts[level], level) for level in _LEVELS if counts[level] or level == "problem"]
    return f"{_counted(files, 'file')} checked, {', '.join(told)}."


def _counts(problems: Iterable[Problem]) -> dict[Level, int]:
    counts = dict.fromkeys(_LEVELS, 0)
    for problem in problems:
        counts[problem.level] += 1
    return counts


def _counted(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


def _as_text(problems: Sequence[Problem], files: int) -> str:
    shown = [problem.shown() for problem in problems]
    return "".join(f"{one}\n" for one in (*shown, summary(problems, files)))


def _as_json(problems: Sequence[Problem], files: int) -> str:
    counts = _counts(problems)
    report = {
        "version": JSON_VERSION,
        "files": files,
        **{f"{level}s": counts[level] for level in _LEVELS},
        "found": [
            {
                "file": _slashed(one.location.file), "line": one.location.line, "column": one.location.column,
                "level": one.level, "code": one.code, "sentence": one.sentence,
                "excerpt": one.excerpt, "write": one.write,
            }
            for one in problems
        ],
    }
    return json.dumps(report, indent=2) + "\n"


def _as_github(problems: Sequence[Problem], _: int) -> str:
    return "".join(f"{_annotation(problem)}\n" for problem in problems)


def _annotation(problem: Problem) -> str:
    place = problem.location
    properties = {"file": _relative(place.file)}
    if place.line:
        properties |= {"line": str(place.line), "col": str(place.column)}
    properties["title"] = f"{find_code(problem.code).title} [{problem.code}]"
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_GITHUB[problem.level]} {written}::{_escaped(_message(problem))}"


def _escaped(text: str) -> str:
    """Return *text* as a workflow command takes it, which ends at the end of a line."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _message(problem: Problem) -> str:
    return f"{problem.sentence}\nWrite: {problem.write.strip()}" if problem.write else problem.sentence


def _as_sarif(problems: Sequence[Problem], _: int) -> str:
    names = sorted({problem.code for problem in problems})
    run = {
        "tool": {
            "driver": {
                "name": "careplan",
                "version": version("careplan"),
                "rules": [_rule(name) for name in names],
            },
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, names.index(problem.code)) for problem in problems],
    }
    return json.dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(name: str) -> dict[str, Any]:
    code = find_code(name)
    return {
        "id": name,
        "name": "".join(map(str.capitalize, name.split("-"))),
        "shortDescription": {"text": f"{code.title[:1].upper()}{code.title[1:]}."},
        "fullDescription": {"text": code.means},
        "help": {"text": code.told()},
    }


def _result(problem: Problem, index: int) -> dict[str, Any]:
    place = problem.location
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
    if place.line:
        physical["region"] = {"startLine": place.line, "startColumn": place.column}
    return {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": SHOWN[problem.level],
        "message": {"text": _message(problem)},
        "locations": [{"physicalLocation": physical}],
    }


def _uri(file: str) -> str:
    """Return *file* as a URI: relative to the current folder where it is in there."""
    relative = _relative(file)
    return Path(file).as_uri() if PurePath(relative).is_absolute() else quote(relative)


def _relative(file: str) -> str:
    path = Path(file)
    here = Path.cwd()
    return _slashed(str(path.relative_to(here)) if path.is_relative_to(here) else file)


def _slashed(file: str) -> str:
    return PurePath(file).as_posix()
