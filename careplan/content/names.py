"""The ids that authors may write, and the fields in which they stand.

What `references` refuses in a file, an editor can refuse while it is typed: the schema lists
for each field below the ids that exist.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel

from careplan.content import fragments as f
from careplan.content import items, rules
from careplan.content.catalogue import list_fragments
from careplan.content.clinic import ThinnerValue
from careplan.content.library import Library
from careplan.content.when import PastEvent, When

# By what they name, every id with a few words about it.
Ids = Mapping[str, Mapping[str, str]]

Fields = Mapping[tuple[type[BaseModel], str], tuple[str, ...]]

# The options of an intervention with their values, as fields of their own.
CHOICES = "choices"
# What the ids in a field name; words behind it are possible there as well.
FIELDS: Fields = {
    (When, "traits"): ("trait",),
    (When, "interventions"): ("intervention",),
    (When, "options"): (CHOICES,),
    (When, "regions"): ("region", "same", "other"),
    (When, "therapies"): ("therapy",),
    (When, "modalities"): ("modality",),
    (When, "factors"): ("factor",),
    (When, "factors_all"): ("factor",),
    (When, "conditions"): ("condition",),
    (When, "planned"): ("activity",),
    (PastEvent, "event"): ("event",),
    (PastEvent, "region"): ("region", "same"),
    (items.Item, "sources"): ("source",),
    (f.OptionChoice, "id"): ("option",),
    (f.Diary, "sources"): ("source",),
    (f.Card, "options"): ("option",),
    (f.Intervention, "traits"): ("trait",),
    (f.Intervention, "regions"): ("region",),
    (f.Intervention, "factors"): ("factor",),
    (f.Intervention, "red_flags"): ("red-flag",),
    (f.Intervention, "follow_ups"): ("follow-up",),
    (f.Phase, "needs"): ("modality",),
    (f.Therapy, "core"): ("modality",),
    (f.Therapy, "techniques"): ("modality",),
    (f.Therapy, "red_flags"): ("red-flag",),
    (f.Visit, "therapy"): ("therapy",),
    (f.Visit, "sources"): ("source",),
    (f.Measure, "sources"): ("source",),
    (f.FollowUp, "measures"): ("measure",),
    (f.FollowUp, "red_flags"): ("red-flag",),
    (f.HealthCondition, "red_flags"): ("red-flag",),
    (f.Factor, "event"): ("event",),
    (f.Factor, "red_flags"): ("red-flag",),
    (f.Factor, "sources"): ("source",),
    (rules.Effect, "avoid_area"): ("area",),
    (rules.Effect, "until"): ("state",),
    (rules.SafetyRule, "red_flags"): ("red-flag",),
    (rules.SafetyRule, "sources"): ("source",),
    (rules.RedFlag, "sources"): ("source",),
    (ThinnerValue, "drug"): ("drug-class",),
}
# Where the clinic's own fragments of each kind stand.
FOLDERS = {
    "intervention": "interventions", "therapy": "therapies", "follow-up": "follow-ups",
    "condition": "conditions", "factor": "factors", "safety-rule": "safety-rules",
}


def ids_of(library: Library, folder: Path | None = None) -> Ids:
    """Return what the fields of a fragment may name: all of *library*, and what is in *folder*.

    The clinic's own fragments below *folder* are not checked, so that a mistake in one of them
    does not keep an editor from helping with it.
    """
    words = library.vocabulary
    found: dict[str, dict[str, str]] = {
        "trait": _meanings(words.traits), "modality": _meanings(words.modalities),
        "region": _meanings(words.regions), "area": _meanings(words.areas),
        "state": _meanings(words.states), "event": _meanings(words.events),
        "activity": _meanings(words.activities),
        "option": {one.id: one.title for one in words.options},
        **{f"{one.id}-value": {**one.values, "unknown": "not known"} for one in words.options},
        "intervention": _titles(library.interventions), "therapy": _titles(library.therapies),
        "follow-up": _titles(library.follow_ups), "condition": _titles(library.conditions),
        "factor": _titles(library.factors), "measure": _titles(library.measures),
        "drug-class": _titles(library.drug_classes),
        "safety-rule": {one.id: one.patient or one.staff for one in library.rules.values()},
        "red-flag": {one.id: one.text for one in library.red_flags.values()},
        "source": {one.id: f"{one.organisation}: {one.title}" for one in library.references.values()},
    }
    for kind, name in FOLDERS.items():
        if folder and (folder / name).is_dir():
            own = (one for one in list_fragments(folder / name) if one.kind == kind)
            found[kind] |= {one.id: one.title for one in own}
    return found


def _meanings(words: Iterable[object]) -> dict[str, str]:
    return {one.id: one.meaning for one in words}  # type: ignore[attr-defined]


def _titles(shelf: Mapping[str, object]) -> dict[str, str]:
    return {name: one.title for name, one in shelf.items()}  # type: ignore[attr-defined]
