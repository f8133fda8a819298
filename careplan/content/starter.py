"""A file to start from: valid at once, with a note on every line that comes from the models.

It is made of the schema of its kind. Fields that are needed stand there with a placeholder;
the others are switched off by a '#' before them.
"""

import datetime as dt
import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from careplan.content.schema import Schema
from careplan.content.source import parse_source

# What every sentence begins with that is to be replaced; it states nothing.
PLACEHOLDER = "Replace this"
_VALUE = "replace this value"

_WIDTH = 100
# A longer list of ids is left to `careplan list` and the editor.
_MOST_LISTED = 40
# A list this short is given again wherever it is needed.
_FEW = 8
_HEAD = (
    f"'{PLACEHOLDER} …' is a placeholder and says nothing: write your own words there.",
    (
        "A line that begins with '# ' is a note. A line with a word directly behind the '#' is a field "
        "that is switched off: take the '#' away, in all lines of the field, to switch it on."
    ),
)
# Fields that most files need although the models can do without them.
_WANTED = {
    "intervention": ("regions", "what_it_is", "why", "getting_ready", "after"),
    "therapy": ("core", "why", "visit", "tell_your_therapist"),
    "condition": ("what_it_is",),
    "safety-rule": (),
    "clinic": ("country", "clinic_days"),
}
# What stands for a text, by the field's name; anything else is a sentence.
_NOUNS = {
    "title": "title", "called": "name", "therapist": "name", "short": "word", "question": "question",
    "by": "name", "name": "name", "address": "address",
}
_BASIS = f"{PLACEHOLDER}: say what it rests on, or name sources."
# Values that hold together, or are plainer than what the schema alone would give.
_SAMPLES: dict[tuple[str, str], Any] = {
    ("SafetyRuleFragment", "then"): "info",
    ("SafetyRuleFragment", "confidence"): "low",
    ("Diary", "rows"): ["Morning", "Evening"],
    ("Diary", "columns"): ["Pain, 0 to 10"],
    ("Diary", "sample"): ["Morning", "4"],
    ("Period", "from"): "0 days",
    ("Period", "to"): "3 days",
    ("Visit", "contact"): "visit",
    ("Visit", "at"): "2 weeks",
    ("Request", "patient"): {"name": "Jordan Example"},
    ("Request", "arrive_at"): "8:30 in the morning",
    ("Request", "language"): "en",
    ("Clinic", "phone"): "(555) 010-0142",
    ("Clinic", "after_hours_phone"): "(555) 010-0142",
    ("Clinic", "phone_hours"): "any time",
    ("Clinic", "letterhead"): "preprinted",
    ("Clinic", "theme"): {"accent": "#0b3c4d"},
    ("Clinic", "emergency"): "911",
    ("Clinic", "subdivision"): "CA",
    ("Clinic", "closed_days"): ["2026-12-24"],
    ("Clinic", "open_days"): ["2026-11-11"],
}
# With these fields alone, an entry says something.
_ENOUGH = {"When": ("traits",), "Diary": ("rows",)}


def make_start(kind: str, schema: Schema, values: Mapping[str, Any]) -> str:
    """Return the text of a new file of *kind*; *values* are what is known of its fields already."""
    definitions = schema["definitions"]
    name = _name_of(schema.get("else", schema))
    head = [
        line for text in (definitions[name]["description"], *_HEAD) for line in note(text)
    ]
    blocks = _Writer(definitions).fields(name, {"kind": kind, **values}, _WANTED.get(kind, ()))
    return "\n\n".join("\n".join(block) for block in (head, *blocks)) + "\n"


def review(due: dt.date) -> dict[str, Any]:
    """Return the review of a text that nobody has signed."""
    return {"status": "draft", "version": 1, "due": due.isoformat()}


def note(text: str) -> list[str]:
    """Return *text* as lines of notes; words with hyphens stay whole, because ids have them."""
    return [f"# {line}" for line in textwrap.wrap(text, _WIDTH, break_on_hyphens=False)]


def written(key: str, value: Any) -> list[str]:
    """Return the lines of YAML that give *key* the *value*."""
    if isinstance(value, dict) and value:
        inner = [line for name, one in value.items() for line in written(name, one)]
        return [f"{key}:", *(f"  {line}" for line in inner)]
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], dict):
        lines = [f"{key}:"]
        for entry in value:
            inner = [line for name, one in entry.items() for line in written(name, one)]
            lines += [f"  {'- ' if index == 0 else '  '}{line}" for index, line in enumerate(inner)]
        return lines
    return [f"{key}: {scalar(value)}"]


def scalar(value: Any) -> str:
    """Return *value* in one line of YAML, in quotes only where it needs them."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(scalar, value))}]"
    if not isinstance(value, str):
        return json.dumps(value)
    plain = re.fullmatch(r"[A-Za-z0-9±(-][A-Za-z0-9 ./()'_…±-]*", value) and value == value.strip()
    if plain and parse_source(value.encode(), "").data == value:
        return value
    return json.dumps(value, ensure_ascii=False)


class _Writer:
    """Writes the fields of a model, each with its note; explains a model where it comes first."""

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions
        self._ids: set[str] = set()
        self._explained: set[str] = set()
        # Where a list of words has been given already, by the words.
        self._listed: dict[str, str] = {}

    def fields(
        self, owner: str, given: Mapping[str, Any], wanted: Sequence[str], under: str = ""
    ) -> list[list[str]]:
        """Return the lines of each field of *owner*; *under* is the field that it stands below."""
        needed = {*self._needed(owner), *wanted, *given}
        # In a list, what is needed comes first, so that the dash stands before it.
        order = sorted(
            self._properties(owner),
            key=lambda name: (name != "kind", name == "review", bool(under) and name not in needed),
        )
        if owner in self._explained:
            shown = [name for name in order if name in needed]
            return [self._field(owner, name, given.get(name), under, is_on=True) for name in shown]
        self._explained.add(owner)
        return [
            [
                *note(self._note(name, self._properties(owner)[name])),
                *self._field(owner, name, given.get(name), under, is_on=name in needed),
            ]
            for name in order
        ]

    def _field(self, owner: str, name: str, given: Any, under: str, *, is_on: bool) -> list[str]:
        told = self._properties(owner)[name]
        model = self._model(told)
        if not is_on:
            return [f"#{line}" for line in written(name, self._value(owner, name, under))]
        if model and (given is None or isinstance(given, dict)) and (owner, name) not in _SAMPLES:
            inner = self.fields(model, given or {}, _ENOUGH.get(model, ()), under=name)
            lines = [line for one in inner for line in one]
            return [f"{name}:", *_indented(lines, is_list=self._is_list(told))]
        if given is not None:
            return written(name, given)
        lines = written(name, self._value(owner, name, under))
        # A text says itself that it is to be replaced; another value cannot.
        says_so = PLACEHOLDER in lines[-1] or name == "id"
        return [*lines[:-1], lines[-1] + ("" if says_so else f"  # {_VALUE}")]

    def _properties(self, owner: str) -> Mapping[str, Schema]:
        properties: Mapping[str, Schema] = self._definitions[owner]["properties"]
        return properties

    def _needed(self, owner: str) -> list[str]:
        """Return the fields that an entry needs, what it rests on among them."""
        rests = ("basis",) if {"sources", "basis"} <= self._properties(owner).keys() else ()
        required = self._definitions[owner].get("required", ())
        return [*dict.fromkeys((*required, *rests, *_ENOUGH.get(owner, ())))]

    def _note(self, name: str, told: Schema) -> str:
        words = [told.get("description", "What the file is about.")]
        kinds = self._leaf(told)
        known = ", ".join(one for one in kinds.get("enum", ()) if one is not None)
        first = self._listed.setdefault(known, name)
        if first != name and known.count(",") > _FEW:
            words.append(f"The words are those of '{first}'.")
        elif 0 < known.count(",") < _MOST_LISTED:
            words.append(f"One of: {known}.")
        if "boolean" in kinds.get("type", ()):
            words.append("true or false.")
        if told.get("default") not in (None, False):
            words.append(f"Left out, it is {scalar(told['default'])}.")
        return " ".join(words)

    def _leaf(self, told: Schema) -> Schema:
        """Return what a single value in the field must be."""
        told = self._resolved(told)
        if "anyOf" in told:
            return self._leaf(told["anyOf"][0])
        return self._leaf(told["items"]) if "items" in told else told

    def _resolved(self, told: Schema) -> Schema:
        name = _name_of(told)
        return self._resolved(self._definitions[name]) if name else told

    def _model(self, told: Schema) -> str | None:
        """Return the model of the field or of its entries; nothing where a bare id will do."""
        if "anyOf" in told:
            return self._model(told["anyOf"][0])
        if "items" in told:
            return self._model(told["items"])
        name = _name_of(told)
        return name if name and "properties" in self._definitions[name] else None

    def _is_list(self, told: Schema) -> bool:
        return "items" in told or any("items" in one for one in told.get("anyOf", ()))

    def _value(self, owner: str, name: str, under: str) -> Any:
        """Return a value for the field that careplan accepts."""
        if (owner, name) in _SAMPLES:
            return _SAMPLES[owner, name]
        told = self._properties(owner)[name]
        if "default" in told:
            return not told["default"] if isinstance(told["default"], bool) else told["default"]
        return self._example(told, name, under)

    def _example(self, told: Schema, name: str, under: str) -> Any:
        if "anyOf" in told:
            parts = told["anyOf"]
            return self._example(next((one for one in parts if "items" in one), parts[0]), name, under)
        if "items" in told:
            return [self._example(told["items"], name, name)]
        form, told = _name_of(told).removesuffix("-or-nothing"), self._resolved(told)
        if "properties" in told:
            if form:
                return {field: self._value(form, field, name) for field in self._needed(form)}
            # Options are fields by their ids; the first shows how they are written.
            first, inner = next(iter(told["properties"].items()))
            return {first: self._example(inner, first, name)}
        return self._single(told, form, name, under)

    def _single(self, told: Schema, form: str, name: str, under: str) -> Any:
        """Return a single value as *told*, of the *form* that a definition gives it."""
        if "enum" in told:
            return next(one for one in told["enum"] if one not in (None, "unknown"))
        if form == "id":
            return self._free_id(under or name)
        if form in ("text", "words"):
            words = f"{PLACEHOLDER} {_NOUNS[name]}" if name in _NOUNS else f"{PLACEHOLDER} sentence."
            return _BASIS if name == "basis" else words
        if "examples" in told:
            return told["examples"][0]
        return True if "boolean" in told["type"] else max(1, told.get("minimum", 1))

    def _free_id(self, name: str) -> str:
        stem = name.replace("_", "-")
        found = next(f"{stem}-{number}" for number in range(1, 1000) if f"{stem}-{number}" not in self._ids)
        self._ids.add(found)
        return found


def _indented(lines: Sequence[str], *, is_list: bool) -> Iterator[str]:
    """Yield *lines* below their field, the first one that is no note behind a dash."""
    dash = "- " if is_list else ""
    for line in lines:
        if dash and not line.startswith("#"):
            yield f"  {dash}{line}"
            dash = "  "
        else:
            yield f"  {'  ' if is_list and dash != '- ' else ''}{line}"


def _name_of(told: Schema) -> str:
    """Return the name of the definition that *told* refers to, or nothing."""
    first: Schema = told if "$ref" in told else next(iter(told.get("allOf", ())), {})
    return str(first.get("$ref", "")).rpartition("/")[2]
