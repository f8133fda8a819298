"""Check that what fragments name exists, and that nothing has one name twice.

Works on the gathered fragments of a library; a place in a file is found again through
the fragment's source.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, get_args

from pydantic import BaseModel

from careplan.content import fragments as f
from careplan.content.items import Granted, Item, Period, RedFlagUse
from careplan.content.rules import Effect, RedFlag, SafetyRule
from careplan.content.slots import options_in
from careplan.content.source import Keys, Source
from careplan.content.vocabulary import Reference, Vocabulary
from careplan.content.when import PastEvent, When
from careplan.problems import Problem, did_you_mean

# Sections whose items state no medical fact, so that they need no source.
_NEARNESS = frozenset({"same", "other"})
_WITHOUT_FACTS = frozenset({"names", "bring", "questions", "tell_your_therapist"})

_Sourced = Item | f.Visit | f.Diary | f.Factor | f.Measure | SafetyRule | RedFlag


@dataclass(frozen=True)
class Names:
    """Every name that a fragment may use, by what it names."""

    vocabulary: Vocabulary
    interventions: Mapping[str, f.Intervention]
    therapies: Collection[str]
    follow_ups: Collection[str]
    conditions: Collection[str]
    factors: Collection[str]
    red_flags: Collection[str]
    references: Collection[str]
    measures: Collection[str]

    def words(self, kind: str) -> frozenset[str]:
        """Return the ids of the vocabulary list *kind*."""
        return self._words[kind]

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        kinds = type(self.vocabulary).model_fields.keys() - {"kind"}
        return {kind: frozenset(word.id for word in getattr(self.vocabulary, kind)) for kind in kinds}


def check_references(
    read: Iterable[tuple[BaseModel, Source]], names: Names
) -> Iterator[Problem]:
    """Yield a problem for each name that leads nowhere and each name given twice."""
    for fragment, source in read:
        yield from _Checker(fragment, source, names).problems()


@dataclass
class _Checker:
    fragment: BaseModel
    source: Source
    names: Names
    _seen: dict[str, Keys] = field(default_factory=dict)

    def problems(self) -> Iterator[Problem]:
        for keys, model in walk(self.fragment):
            yield from self._model(keys, model)

    def _model(self, keys: Keys, model: BaseModel) -> Iterator[Problem]:
        """Yield what each check finds that is meant for this kind of model."""
        for name in _checks_for(type(model)):
            yield from getattr(self, name)(keys, model)

    def _red_flag_use(self, keys: Keys, use: RedFlagUse) -> Iterator[Problem]:
        yield from self._known((*keys, "id"), [use.id], self.names.red_flags, "sign in red-flags.yaml")

    def _granted(self, keys: Keys, granted: Granted) -> Iterator[Problem]:
        kind = str(keys[0])
        known = self.names.factors if kind == "factors" else self.names.words(kind)
        yield from self._known((*keys, "id"), [granted.id], known, kind)

    def _factor(self, keys: Keys, factor: f.Factor) -> Iterator[Problem]:
        events = self.names.words("events")
        yield from self._known((*keys, "event"), filter(None, [factor.event]), events, "event")

    def _follow_up_use(self, keys: Keys, use: f.FollowUpUse) -> Iterator[Problem]:
        yield from self._known((*keys, "id"), [use.id], self.names.follow_ups, "follow-up")

    def _therapy(self, keys: Keys, therapy: f.Therapy) -> Iterator[Problem]:
        known = self.names.words("modalities")
        yield from self._known((*keys, "core"), therapy.core, known, "modality")
        yield from self._known((*keys, "techniques"), therapy.techniques, known, "modality")
        for index, phase in enumerate(therapy.phases):
            used = therapy.core + therapy.techniques
            place = (*keys, "phases", index, "needs")
            yield from self._known(place, phase.needs, used, "modality of this therapy")

    def _effect(self, keys: Keys, effect: Effect) -> Iterator[Problem]:
        areas = self.names.words("areas")
        yield from self._known((*keys, "avoid-area"), effect.avoid_area, areas, "area")
        if isinstance(effect.until, str):
            states = self.names.words("states")
            yield from self._known((*keys, "until"), [effect.until], states, "state")

    def _visits(self, _: Keys, follow_up: f.FollowUp) -> Iterator[Problem]:
        yield from self._known(("measures",), follow_up.measures, self.names.measures, "measure")
        earlier: list[str] = []
        for index, visit in enumerate(follow_up.visits):
            keys: Keys = ("visits", index)
            yield from self._known((*keys, "after"), filter(None, [visit.after]), earlier, "earlier visit")
            yield from self._known(
                (*keys, "therapy"), filter(None, [visit.therapy]), self.names.therapies, "therapy",
            )
            earlier.append(visit.id)

    def _when(self, keys: Keys, when: When) -> Iterator[Problem]:
        names = self.names
        known: dict[str, Collection[str]] = {
            "traits": names.words("traits"), "interventions": names.interventions,
            "regions": names.words("regions") | _NEARNESS, "therapies": names.therapies,
            "modalities": names.words("modalities"), "factors": names.factors,
            "factors_all": names.factors, "conditions": names.conditions,
            "planned": names.words("activities"),
        }
        for key, words in known.items():
            used = getattr(when, key) or ()
            what = "activity" if key == "planned" else key.removesuffix("_all")
            yield from self._known((*keys, key), used, words, what)
        for option, values in (when.options or {}).items():
            yield from self._option_values((*keys, "options", option), option, values)
        for index, past in enumerate(when.history or ()):
            yield from self._past((*keys, "history", index), past)

    def _past(self, keys: Keys, past: PastEvent) -> Iterator[Problem]:
        yield from self._known((*keys, "event"), past.event, self.names.words("events"), "event")
        if past.region:
            regions = {*self.names.words("regions"), "same"}
            yield from self._known((*keys, "region"), [past.region], regions, "region")

    def _option(self, keys: Keys, choice: f.OptionChoice) -> Iterator[Problem]:
        yield from self._option_values(keys, choice.id, choice.values or filter(None, [choice.default]))
        if choice.default and choice.values and choice.default not in (*choice.values, "unknown"):
            yield from self._known((*keys, "default"), [choice.default], choice.values, "value here")

    def _card(self, keys: Keys, card: f.Card) -> Iterator[Problem]:
        yield from self._known((*keys, "options"), card.options, self._own_options, "option here")

    def _option_values(self, keys: Keys, option: str, values: Iterable[str]) -> Iterator[Problem]:
        options = {known.id: known.values for known in self.names.vocabulary.options}
        if option not in options:
            yield self._unknown(keys, option, options, "option")
            return
        yield from self._known(keys, values, {*options[option], "unknown"}, f"value of '{option}'")

    def _options_in_text(self, keys: Keys, model: BaseModel) -> Iterator[Problem]:
        """Yield a problem for each `{option …}` that the fragment's plans do not have."""
        texts = {name: value for name, value in model.__dict__.items() if isinstance(value, str)}
        for name, text in texts.items():
            yield from self._known((*keys, name), options_in(text), self._own_options, "option here")

    @cached_property
    def _own_options(self) -> frozenset[str]:
        if not isinstance(self.fragment, f.Intervention):
            return self.names.words("options")
        everywhere = {known.id for known in self.names.vocabulary.options if known.everywhere}
        return frozenset({choice.id for choice in self.fragment.options} | everywhere)

    def _vocabulary(self, _: Keys, vocabulary: Vocabulary) -> Iterator[Problem]:
        """Yield a problem for each word that stands twice in one list."""
        for kind in sorted(type(vocabulary).model_fields.keys() - {"kind"}):
            seen: set[str] = set()
            for index, word in enumerate(getattr(vocabulary, kind)):
                if word.id in seen:
                    place = self.source.locate((kind, index, "id"))
                    sentence = f"'{word.id}' stands twice among the {kind}."
                    yield self.source.problem(place, sentence, "duplicate-id")
                seen.add(word.id)

    def _once(self, keys: Keys, model: Item | Period | f.Phase | f.Visit | f.Diary) -> Iterator[Problem]:
        if model.id in self._seen:
            first = self.source.locate((*self._seen[model.id], "id")).line
            place = self.source.locate((*keys, "id"))
            sentence = f"The id '{model.id}' is given twice in this file; the first is in line {first}."
            yield self.source.problem(place, sentence, "duplicate-id")
        self._seen.setdefault(model.id, keys)

    def _sources(self, keys: Keys, model: _Sourced) -> Iterator[Problem]:
        known = self.names.references
        yield from self._known((*keys, "sources"), model.sources, known, "source in sources.yaml")

    def _facts(self, keys: Keys, model: Item | f.Visit | f.Diary | RedFlag) -> Iterator[Problem]:
        if not model.sources and not model.basis and keys[0] not in _WITHOUT_FACTS:
            sentence = "A statement of fact needs 'sources', or 'basis' where no source gives it."
            yield self.source.problem(self.source.locate(keys), sentence, "no-source")

    def _known(
        self, keys: Keys, used: Iterable[str], known: Collection[str], what: str
    ) -> Iterator[Problem]:
        for word in used:
            if word not in known:
                yield self._unknown(keys, word, known, what)

    def _unknown(self, keys: Keys, word: str, known: Collection[str], what: str) -> Problem:
        hint = did_you_mean(word, known)
        one = f"{what[:-3]}y" if what.endswith("ies") else what.removesuffix("s")
        sentence = f"'{word}' is not a known {one}{hint or '.'}"
        place = self.source.locate(_place_of(keys, word, self.source))
        return self.source.problem(place, sentence, "unknown-id")


# What is checked of each kind of model; one may fall under several.
_CHECKS: dict[str, Any] = {
    "_when": When,
    "_red_flag_use": RedFlagUse,
    "_granted": Granted,
    "_option": f.OptionChoice,
    "_card": f.Card,
    "_factor": f.Factor,
    "_follow_up_use": f.FollowUpUse,
    "_therapy": f.Therapy,
    "_visits": f.FollowUp,
    "_effect": Effect,
    "_options_in_text": BaseModel,
    "_vocabulary": Vocabulary,
    "_once": Item | Period | f.Phase | f.Visit | f.Diary,
    "_sources": _Sourced,
    "_facts": Item | f.Visit | f.Diary | RedFlag,
}


@cache
def _checks_for(kind: type[BaseModel]) -> tuple[str, ...]:
    return tuple(name for name, kinds in _CHECKS.items() if issubclass(kind, kinds))


def uncited_sources(read: Iterable[tuple[BaseModel, Source]]) -> Iterator[Problem]:
    """Yield a problem for each publication that no fragment cites."""
    cited: set[str] = set()
    listed: list[tuple[str, Source, Keys]] = []
    for fragment, source in read:
        for keys, model in walk(fragment):
            if isinstance(model, Reference):
                listed.append((model.id, source, keys))
            elif isinstance(model, _Sourced):
                cited.update(model.sources)
    for name, source, keys in listed:
        if name not in cited:
            place = source.locate((*keys, "id"))
            yield source.problem(place, f"No fragment cites '{name}'; remove it.", "uncited-source")


def _place_of(keys: Keys, word: str, source: Source) -> Keys:
    """Return the keys of *word* itself where *keys* leads to a list that holds it."""
    data: Any = source.data
    written: Keys = ()
    for key in keys:
        if key == 0 and not isinstance(data, list):
            continue  # the author left out the brackets around a single value
        written = (*written, key)
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return written
    return (*written, data.index(word)) if isinstance(data, list) and word in data else written


def walk(value: object, keys: Keys = ()) -> Iterator[tuple[Keys, BaseModel]]:
    """Yield every model inside *value* with the keys that its author gave it."""
    if isinstance(value, BaseModel):
        yield keys, value
        for name, written in _inner_fields(type(value)):
            yield from walk(getattr(value, name), (*keys, written))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from walk(inner, (*keys, index))


@cache
def _inner_fields(kind: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """Return the fields of *kind* that can hold models, each with the name its author writes."""
    return tuple(
        (name, info.alias or name)
        for name, info in kind.model_fields.items() if _holds_models(info.annotation)
    )


def _holds_models(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return True
    return any(_holds_models(part) for part in get_args(annotation))
