"""Find what other YAML tools would read as another value than careplan does."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pydantic import BaseModel

from careplan.content.dialects import other_reading
from careplan.content.slips import quoted
from careplan.content.source import Keys, Source
from careplan.content.validation import model_at
from careplan.problems import Level, Problem

_A_DATE = "a date"


def check_portable(read: Iterable[tuple[BaseModel, Source]]) -> Iterator[Problem]:
    """Yield a warning, or a note for a date, at each value that needs quotes to be read alike."""
    for fragment, source in ((fragment, part) for fragment, laid in read for part in laid.written()):
        for keys in source.foreign_keys:
            if not _is_field(keys, type(fragment)):
                yield _problem(source, keys, str(keys[-1]), is_key=True)
        for keys in source.foreign:
            word = _value_at(source.data, keys)
            if other_reading(word) != _A_DATE or not _is_day(keys, type(fragment)):
                yield _problem(source, keys, word, is_key=False)


def _problem(source: Source, keys: Keys, word: str, *, is_key: bool) -> Problem:
    reading = other_reading(word)
    place = source.locate_key(keys) if is_key else source.locate(keys)
    sentence = f"Other YAML tools read {word} as {reading}; in quotes it is the same text everywhere."
    line = source.lines[place.line - 1]
    before, after = line[: place.column - 1], line[place.column - 1 + len(word) :]
    level: Level = "note" if reading == _A_DATE else "warning"
    return source.problem(place, sentence, "other-reading", level, f"{before}{quoted(word)}{after}")


def _value_at(data: Any, keys: Keys) -> str:
    for key in keys:
        data = data[key]
    return str(data)


def _is_field(keys: Keys, model: type[BaseModel]) -> bool:
    inner = model_at(keys[:-1], model)
    return inner is not None and any(
        keys[-1] in (name, field.alias) for name, field in inner.model_fields.items()
    )


def _is_day(keys: Keys, model: type[BaseModel]) -> bool:
    """Return whether the field at *keys* holds a day, which is read from a date as from text."""
    names = [key for key in keys if isinstance(key, str)]
    inner = model_at(names[:-1], model)
    if inner is None or not names:
        return False
    return any(
        _holds_day(field.annotation) for name, field in inner.model_fields.items()
        if names[-1] in (name, field.alias)
    )


def _holds_day(annotation: Any) -> bool:
    return annotation is dt.date or any(map(_holds_day, get_args(annotation)))
