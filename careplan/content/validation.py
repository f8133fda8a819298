"""Check data against a model and say in plain words what is wrong.

The only module that knows pydantic's errors; it goes by their stable types.
"""

from collections.abc import Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from careplan.content.source import Key, Source
from careplan.problems import FragmentError, Problem, RequestError, did_you_mean

M = TypeVar("M", bound=BaseModel)

_LONGEST_QUOTE = 40
KINDS_OF_VALUE = {
    "string_type": "text", "int_type": "a whole number", "int_parsing": "a whole number",
    "int_from_float": "a whole number", "int_parsing_size": "a smaller number", "bool_type": "true or false",
    "bool_parsing": "true or false", "tuple_type": "a list", "list_type": "a list",
    "dict_type": "fields", "model_type": "fields with their values",
    "model_attributes_type": "fields with their values",
}
_OWN_CODES = {"extra_forbidden": "unknown-field", "missing": "missing-field", "expected": "not-expected"}
# The other mistakes that have sentences of their own.
_TOLD = ("literal_error", "greater_than_equal", "less_than_equal", "too_short", "string_pattern_mismatch")


def check(model: type[M], source: Source) -> M:
    """Return the data of *source* as a *model*; raises `FragmentError` with all problems."""
    try:
        return model.model_validate(source.data, by_alias=True, by_name=False)
    except ValidationError as error:
        problems = [
            _problem(details, model, source) for details in error.errors(include_url=False)
            # An entry with a mistake of its own counts as missing for pydantic, not for its author.
            if details["type"] != "too_short" or len(details["input"]) < details["ctx"]["min_length"]
        ]
        raise FragmentError(dict.fromkeys(problems)) from None


def check_given(model: type[M], data: Any, where: str) -> M:
    """Return *data* that was not read from a file as a *model*.

    Raises `RequestError` with a sentence for each mistake, which begins with *where*.
    """
    try:
        return check(model, Source(where, data, (), {}, {}))
    except FragmentError as error:
        sentences = "\n".join(f"{where}: {problem.sentence}" for problem in error.problems)
        raise RequestError(sentences) from None


def _problem(details: Any, model: type[BaseModel], source: Source) -> Problem:
    kind, context = details["type"], details.get("ctx", {})
    keys = _author_keys(details["loc"], source.data)
    name = _shown(keys)
    place = source.locate(keys)
    found = _found(details["input"])
    if kind == "missing":
        sentence = f"{name} is missing."
        if len(keys) > 1:
            sentence = f"{_shown(keys[:-1])} needs '{keys[-1]}'."
    elif kind == "extra_forbidden":
        place = source.locate_key(keys)
        sentence = f"{name} is not a field here{_nearest_field(keys, model)}"
        sentence += "" if sentence.endswith("?") else "."
    elif kind == "expected":
        sentence = f"{name} must be {context['expected']}, not {found}."
        if isinstance(details["input"], (dict, list, BaseModel)):
            sentence = f"{name} needs {context['expected']}."
    elif kind == "literal_error":
        choices = context["expected"]
        values = [word.strip(" '") for word in choices.replace(" or ", ",").split(",")]
        sentence = f"{name} must be {choices}, not {found}{did_you_mean(str(details['input']), values)}"
        sentence += "" if sentence.endswith("?") else "."
    elif kind in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le"))
        side = "at least" if "ge" in context else "at most"
        sentence = f"{name} must be {side} {bound}, not {found}."
    elif kind == "too_short":
        sentence = f"{name} must hold at least {context['min_length']}, not {context['actual_length']}."
    elif kind == "string_pattern_mismatch":
        sentence = f"{name} must have the form {context['pattern']}, not {found}."
    else:
        sentence = f"{name} must be {KINDS_OF_VALUE.get(kind, 'another value')}, not {found}."
    return source.problem(place, sentence, _code(kind))


def _code(kind: str) -> str:
    if kind in _OWN_CODES:
        return _OWN_CODES[kind]
    return kind.replace("_", "-") if kind in KINDS_OF_VALUE or kind in _TOLD else "not-expected"


def codes() -> frozenset[str]:
    """Return every code that a check against a model can give."""
    return frozenset(map(_code, [*KINDS_OF_VALUE, *_OWN_CODES, *_TOLD]))


def _author_keys(location: Sequence[Any], data: Any) -> tuple[Key, ...]:
    """Return *location* without the steps that only the model knows."""
    keys: list[Key] = []
    for step in location:
        inside = isinstance(data, dict) and step in data
        counted = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if inside or counted:
            data = data[step]
            keys.append(step)
        elif step is location[-1] and isinstance(data, dict):
            keys.append(step)
    return tuple(keys)


def _shown(keys: Sequence[Key]) -> str:
    words = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in keys)
    return words.lstrip(".") or "The file"


def _found(value: Any) -> str:
    if isinstance(value, (dict, BaseModel)):
        return "fields"
    if isinstance(value, (list, tuple)):
        return "a list"
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return f"'{text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + '…'}'"


def _nearest_field(keys: Sequence[Key], model: type[BaseModel]) -> str:
    inner = model_at(keys[:-1], model)
    if inner is None:
        return ""
    names = [field.alias or name for name, field in inner.model_fields.items()]
    hint = did_you_mean(str(keys[-1]), names)
    return hint or f"; the fields are {', '.join(names)}"


def model_at(keys: Sequence[Key], model: type[BaseModel]) -> type[BaseModel] | None:
    """Return the model that checks what stands at *keys*."""
    current: type[BaseModel] | None = model
    for key in keys:
        if isinstance(key, int) or current is None:
            continue
        fields = {field.alias or name: field for name, field in current.model_fields.items()}
        current = _model_in(fields[key].annotation) if key in fields else None
    return current


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
