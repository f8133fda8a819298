"""JSON Schema for every kind of file, made of the models, so that an editor can help while typing.

Draft-07, which is what editors read. Fields, descriptions, the forms of texts and the few rules
beside a model's validators come from the models, the ids from the library. A clinic's file that
`extends` a fragment of ours may leave out what stays as it is.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from careplan.content import fragments as f
from careplan.content import names
from careplan.content.items import Fragment
from careplan.content.models import ID, at_least_one, form_schema, id_or_fields, one_or_many
from careplan.content.offsets import SPAN
from careplan.content.rules import SafetyRuleFragment

Schema = dict[str, Any]
Kinds = Mapping[str, type[BaseModel]]

DRAFT = "http://json-schema.org/draft-07/schema#"
# The name of the schema that chooses by `kind`.
ANY = "careplan"
_DEFINITIONS = "#/definitions/"
_NULL = {"type": "null"}
# Keywords that hold a value of the file, or words about it, and no schema.
_VALUES = frozenset({"const", "default", "enum", "examples"})
# What asks for more than a change has to say.
_COMPLETENESS = frozenset({"required", "anyOf", "oneOf", "not", "if", "then", "dependencies"})


def make_schemas(kinds: Kinds, ids: names.Ids, fields: names.Fields = names.FIELDS) -> dict[str, Schema]:
    """Return a schema for each of *kinds*, and under `ANY` one that chooses by `kind`.

    *ids* are the ids there are, *fields* the places in which they stand.
    """
    generator = type("_Generator", (_Generator,), {"ids": ids, "fields": fields})
    roots, made = models_json_schema(
        [(model, "validation") for model in kinds.values()],
        ref_template=_DEFINITIONS + "{model}", schema_generator=generator,
    )
    # Two models of one name get a long one each, of which the end is enough.
    text = re.sub(r"\b(?:\w+__)*(\w+?)__(\w+)\b", r"\1-\2", json.dumps(made["$defs"]))
    definitions: dict[str, Schema] = json.loads(text)
    finisher = _Finisher(ids, definitions)
    for name in list(definitions):
        definitions[name] = finisher.schema(definitions[name])
    whole = {kind: roots[model, "validation"] for kind, model in kinds.items()}
    for kind, model in kinds.items():
        if issubclass(model, (Fragment, SafetyRuleFragment)):
            based = {"x-ids": [kind]} if kind in ids else form_schema(ID)
            whole[kind] = _whole_or_change(whole[kind], finisher.schema(based), definitions)
    chosen = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": list(kinds), "description": "What the file is about."}},
        "allOf": [
            {"if": {"required": ["kind"], "properties": {"kind": {"const": kind}}}, "then": schema}
            for kind, schema in whole.items()
        ],
    }
    alone = {kind: _standing_alone(whole[kind], definitions) for kind in kinds}
    return {**alone, ANY: _standing_alone(chosen, definitions)}


class _Generator(GenerateJsonSchema):
    """Knows what the validators of the models let through, and which ids a field may name."""

    ids: ClassVar[names.Ids] = {}
    fields: ClassVar[names.Fields] = {}

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic asks
        """Leave titles away: they would only say the field's name again."""
        return False

    def default_schema(self, schema: Any) -> Schema:
        """Name a default only where it says something."""
        made = super().default_schema(schema)
        if made.get("default", ...) in (None, [], {}):
            del made["default"]
        return made

    def function_before_schema(self, schema: Any) -> Schema:
        """Let authors leave out what the models let them leave out."""
        made = super().function_before_schema(schema)
        function = schema["function"]["function"]
        if function is one_or_many:
            return {"anyOf": [made["items"], made]}
        return {"anyOf": [form_schema(ID), made]} if function is id_or_fields else made

    def function_after_schema(self, schema: Any) -> Schema:
        """Ask for an entry where the models do."""
        made = super().function_after_schema(schema)
        if schema["function"]["function"] is at_least_one:
            made["anyOf"][1]["minItems"] = 1
        return made

    def model_schema(self, schema: Any) -> Schema:
        """Say in each field of the model which ids stand in it."""
        made = super().model_schema(schema)
        made.pop("title", None)
        model: type[BaseModel] = schema["cls"]
        written = {name: field.alias or name for name, field in model.model_fields.items()}
        for (owner, name), what in self.fields.items():
            if issubclass(model, owner):
                made["properties"][written[name]] = self._narrowed(made["properties"][written[name]], what)
        if model is f.OptionChoice:
            made["allOf"] = [self._values_of(option) for option in self.ids["option"]]
        return made

    def _narrowed(self, schema: Schema, what: tuple[str, ...]) -> Schema:
        """Return *schema* with ids only of *what* wherever it lets through any id."""
        told: Schema = {key: schema[key] for key in ("description", "default") if key in schema}
        if schema.get("type") == "object":
            choices = {option: {"x-ids": [f"{option}-value"]} for option in self.ids["option"]}
            return {**told, "type": "object", "additionalProperties": False, "properties": {
                option: {"anyOf": [value, _list_of(value, minItems=1)]} for option, value in choices.items()
            }}
        if schema.get("x-form") == "id":
            return {"x-ids": list(what), **told}
        if schema.get("x-form") == "until":
            return {"anyOf": [form_schema(SPAN), {"x-ids": list(what)}]}
        if "$ref" in schema:
            return {"allOf": [schema, {"properties": {"id": {"x-ids": list(what)}}}]}
        narrowed = dict(schema)
        if "anyOf" in schema:
            narrowed["anyOf"] = [self._narrowed(one, what) for one in schema["anyOf"]]
        if "items" in schema:
            narrowed["items"] = self._narrowed(schema["items"], what)
        return narrowed

    @staticmethod
    def _values_of(option: str) -> Schema:
        value = {"x-ids": [f"{option}-value"]}
        return {
            "if": {"required": ["id"], "properties": {"id": {"const": option}}},
            "then": {"properties": {"values": {"anyOf": [value, _list_of(value)]}, "default": value}},
        }


class _Finisher:
    """Turns what pydantic writes into draft-07, with one definition for what stands in many places."""

    def __init__(self, ids: names.Ids, definitions: dict[str, Schema]) -> None:
        self._ids = ids
        self._definitions = definitions

    def schema(self, made: Any) -> Any:
        """Return *made* with references to forms and ids, and nothing beside a reference."""
        if isinstance(made, list):
            return [self.schema(one) for one in made]
        if not isinstance(made, dict):
            return made
        made = {key: self._inside(key, value) for key, value in made.items()}
        if "x-form" in made:
            made = self._named_form(made)
        elif "x-ids" in made:
            made = {**_ref(self._named_ids(made.pop("x-ids"))), **made}
        if "anyOf" in made:
            made = self._simpler_choice(made)
        if "$ref" in made and len(made) > 1:
            made = {"allOf": [{"$ref": made.pop("$ref")}], **made}
        return made

    def _inside(self, key: str, value: Any) -> Any:
        if key in _VALUES:
            return value
        if key == "properties":
            # Fields may be called as the keywords of a schema are.
            return {name: self.schema(one) for name, one in value.items()}
        return self.schema(value)

    def _named_form(self, made: Schema) -> Schema:
        form = made.pop("x-form")
        beside: Schema = {key: made.pop(key) for key in ("description", "default") if key in made}
        self._definitions[form] = made
        return {**_ref(form), **beside}

    def _named_ids(self, what: Sequence[str]) -> str:
        """Return the name of the definition that lists the ids of *what*, and make it."""
        kind, *more = what
        name = "-or-".join([f"{kind}-id", *more])
        known = {**dict.fromkeys(more, ""), **self._ids[kind]}
        self._definitions[name] = {
            "type": "string", "enum": list(known), "enumDescriptions": list(known.values()),
            "errorMessage": f"There is no {kind.replace('-', ' ')} of this name; Ctrl+Space lists them.",
        }
        return name

    def _simpler_choice(self, made: Schema) -> Schema:
        """Return *made* with one level of choice, and without one where only null is the other."""
        parts = [inner for one in made["anyOf"] for inner in (one["anyOf"] if [*one] == ["anyOf"] else [one])]
        rest = [one for one in parts if one != _NULL]
        if len(rest) == 1 and len(parts) > 1:
            made = {key: value for key, value in made.items() if key != "anyOf"}
            return {**self._or_nothing(rest[0]), **made}
        return {**made, "anyOf": parts}

    def _or_nothing(self, schema: Schema) -> Schema:
        """Return *schema* so that it lets through a field that is left empty, too."""
        if "$ref" not in schema:
            return _nullable(schema) if "type" in schema else {"anyOf": [schema, _NULL]}
        name = schema["$ref"].removeprefix(_DEFINITIONS)
        if self._definitions[name].get("type") != "string":
            return {"anyOf": [schema, _NULL]}
        self._definitions[f"{name}-or-nothing"] = _nullable(self._definitions[name])
        return _ref(f"{name}-or-nothing")


def _nullable(schema: Schema) -> Schema:
    nullable = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], None]
    if "enumDescriptions" in schema:
        nullable["enumDescriptions"] = [*schema["enumDescriptions"], "nothing"]
    return nullable


def _whole_or_change(whole: Schema, based: Schema, definitions: dict[str, Schema]) -> Schema:
    """Return the schema of a file that is complete, or only says what it changes in another, *based*."""
    name = whole["$ref"].removeprefix(_DEFINITIONS)
    change = _change(name, definitions)
    definitions[change]["required"] = ["kind", "id", "extends"]
    definitions[change]["properties"] |= {
        "extends": {"allOf": [based], "description": "The built-in file that this one changes."},
        "drop": {"anyOf": [_ref("id"), _list_of(_ref("id"))], "description": "Ids of items to leave out."},
    }
    return {"if": {"required": ["extends"]}, "then": _ref(change), "else": whole}


def _change(name: str, definitions: dict[str, Schema]) -> str:
    """Return the name of the definition for what a clinic changes in *name*, and make it.

    Items in lists are found by their id, so that is all they need.
    """
    changed = f"{name}-change"
    if changed not in definitions:
        whole = definitions[name]
        made = {key: value for key, value in whole.items() if key not in _COMPLETENESS}
        definitions[changed] = made
        made["properties"] = {
            key: _changed_list(value, definitions) for key, value in whole["properties"].items()
        }
        if "id" in made["properties"]:
            made["required"] = ["id"]
    return changed


def _changed_list(field: Schema, definitions: dict[str, Schema]) -> Schema:
    """Return the *field* of a whole fragment as it is in a change of it."""
    entry = field.get("items", {})
    if "$ref" not in entry:
        return field
    name = entry["$ref"].removeprefix(_DEFINITIONS)
    inner = definitions[name].get("properties", {})
    if "id" not in inner:
        return field
    change = definitions[_change(name, definitions)]["properties"]
    for key in ("before", "after"):
        change.setdefault(key, {"allOf": [_ref("id")], "description": f"The item {key} which it stands."})
    kept = {key: value for key, value in field.items() if key != "minItems"}
    return {**kept, "items": _ref(f"{name}-change")}


def _standing_alone(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """Return *schema* with those of *definitions* that it needs."""
    needed: set[str] = set()
    waiting = [schema]
    while waiting:
        found = {name for name in _names_in(waiting.pop()) if name not in needed}
        needed |= found
        waiting += [definitions[name] for name in found]
    kept = {name: definitions[name] for name in sorted(needed)}
    root = {"allOf": [schema]} if "$ref" in schema else schema
    return {"$schema": DRAFT, **root, "definitions": kept}


def _names_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for one in schema:
            yield from _names_in(one)
    elif isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref":
                yield value.removeprefix(_DEFINITIONS)
            else:
                yield from _names_in(value)


def _ref(name: str) -> Schema:
    return {"$ref": _DEFINITIONS + name}


def _list_of(entry: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": entry, **more}


def _short(name: str) -> str:
    return "-".join(name.split("__")[-2:])
