"""Texts in another language, beside their original: complete, and made from what stands there today.

`tai-chi.es.yaml` beside `tai-chi.yaml` holds the texts by the id of their item; what
belongs to the fragment itself stands under the fragment's own id, or under its kind where it has none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, PlainValidator

from careplan.content import fragments as f
from careplan.content.items import Answer, Fragment, Item, Period, Review
from careplan.content.models import Id, Model, Text, expects
from careplan.content.references import walk
from careplan.content.rules import RedFlag, SafetyRule
from careplan.content.slots import slots_in
from careplan.content.source import Keys, Source
from careplan.problems import Problem, did_you_mean

# As many signs of a fingerprint say for certain which text was meant.
SHORTEST = 12

_FINGERPRINT = re.compile(rf"[0-9a-f]{{{SHORTEST},64}}")

# What a patient reads, by the model that holds it; a text in a list counts as one text each.
_READ: dict[type[BaseModel], tuple[str, ...]] = {
    Fragment: ("title",),
    f.Intervention: ("called",),
    f.Therapy: ("called", "therapist"),
    f.HealthCondition: ("pain",),
    Item: ("title", "text"),
    Answer: ("question",),
    Period: ("title",),
    f.Phase: ("title",),
    f.Visit: ("title", "short", "text", "bring"),
    f.Diary: ("title", "how", "rows", "later", "columns", "sample"),
    f.Card: ("device",),
    f.Measure: ("title", "intro"),
    f.Question: ("text",),
    RedFlag: ("text",),
    SafetyRule: ("patient", "patient_if_allowed"),
}


def _fingerprint(value: Any) -> str:
    if isinstance(value, str) and _FINGERPRINT.fullmatch(value):
        return value
    message = f"the first {SHORTEST} or more signs of the original's fingerprint, in quotes"
    raise ValueError(message)


class Translation(Model):
    """The texts of one fragment in another language."""

    kind: Literal["translation"]
    original: Id = Field(description="The kind of the original: 'therapy'.")
    language: Id = Field(description="The language, as in the file's name: 'es'.")
    made_from: Annotated[str, PlainValidator(expects(_fingerprint), json_schema_input_type=str)] = Field(
        description="The first signs of the original's fingerprint on the day of the translation.",
    )
    texts: dict[Id, dict[str, Text | tuple[Text, ...]]] = Field(
        description="By the item's id, and in it by field: {text: …}.",
    )
    review: Review = Field(description="Who signed, which version, until when.")


def texts_to_translate(fragment: BaseModel) -> dict[str, dict[str, Any]]:
    """Return every text of *fragment* that a patient reads, by the id of its item and by field."""
    texts: dict[str, dict[str, Any]] = {}
    for _, model in walk(fragment):
        name = str(getattr(model, "id", "") or getattr(model, "kind", "card"))
        for kind, fields in _READ.items():
            if isinstance(model, kind):
                said = {field: getattr(model, field) for field in fields if getattr(model, field)}
                texts.setdefault(name, {}).update(said)
    return {name: said for name, said in texts.items() if said}


def check_translations(read: Iterable[tuple[Any, Source]]) -> Iterator[Problem]:
    """Yield what is missing, left over or out of date in each translation."""
    originals = {source.file: (fragment, source) for fragment, source in read}
    for translation, source in read:
        if isinstance(translation, Translation):
            yield from _check(translation, source, originals)


def _check(
    translation: Translation, source: Source, originals: Mapping[str, tuple[Any, Source]]
) -> Iterator[Problem]:
    path = PurePath(source.file)
    name, _, language = path.stem.partition(".")
    if language != translation.language:
        place = source.locate(("language",))
        sentence = f"The file's name must end in .{translation.language}.yaml, as its language says."
        yield source.problem(place, sentence, "language-not-file-name")
        return
    beside = str(path.with_name(f"{name}.yaml"))
    if beside not in originals:
        sentence = f"The original must stand beside its translation; there is no right {beside}."
        yield source.problem(source.locate(()), sentence, "no-original")
        return
    original, written = originals[beside]
    if original.kind != translation.original:
        sentence = f"original must be '{original.kind}', as {path.with_name(name).name}.yaml is."
        yield source.problem(source.locate(("original",)), sentence, "wrong-original")
        return
    current = written.digest()
    if not current.startswith(translation.made_from):
        sentence = (
            f"{beside} has changed since this was translated. Compare the two, then write"
            f' made_from: "{current[:SHORTEST]}".'
        )
        yield source.problem(source.locate(("made_from",)), sentence, "stale-translation", "warning")
    yield from _check_texts(translation, source, texts_to_translate(original))


def _check_texts(
    translation: Translation, source: Source, needed: Mapping[str, Mapping[str, Any]]
) -> Iterator[Problem]:
    for name, fields in needed.items():
        missing = [field for field in fields if field not in translation.texts.get(name, {})]
        if missing:
            place = source.locate(("texts", name))
            sentence = f"The translation of '{name}' lacks {', '.join(missing)}."
            yield source.problem(place, sentence, "missing-translation")
    for name, said in translation.texts.items():
        keys: Keys = ("texts", name)
        if name not in needed:
            sentence = f"'{name}' is no text of the original{did_you_mean(name, needed) or '.'}"
            yield source.problem(source.locate_key(keys), sentence, "unknown-text")
            continue
        for field, text in said.items():
            if field not in needed[name]:
                hint = did_you_mean(field, needed[name]) or "."
                sentence = f"'{name}' has no {field} in the original{hint}"
                yield source.problem(source.locate_key((*keys, field)), sentence, "unknown-text")
            elif problem := _differs(text, needed[name][field]):
                yield source.problem(source.locate((*keys, field)), problem, "not-like-original")


def _differs(text: str | tuple[str, ...], original: str | tuple[str, ...]) -> str:
    """Return in which way *text* cannot stand for *original*, or nothing."""
    if isinstance(text, str) != isinstance(original, str):
        return "This must be a text." if isinstance(original, str) else "This must be a list of texts."
    if not isinstance(text, str) and len(text) != len(original):
        return f"The original has {len(original)} texts here, the translation {len(text)}."
    said, needed = slots_in(" ".join(_texts(text))), slots_in(" ".join(_texts(original)))
    if sorted(said) != sorted(needed):
        return f"The original has the slots {_listed(needed)} here, the translation {_listed(said)}."
    return ""


def _texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _listed(slots: Iterable[str]) -> str:
    return ", ".join(f"{{{slot}}}" for slot in sorted(slots)) or "none"
