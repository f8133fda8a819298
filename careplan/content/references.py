"""Check that what fragments name exists, and that nothing has one name twice.

Works on the gathered fragments of a library; a place in a file is found again through
the fragment's source.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from careplan.content import fragments as f
from careplan.content.items import Granted, Item, Period, RedFlagUse
from careplan.content.rules import Effect, RedFlag, SafetyRule
from careplan.content.slots import options_in
from careplan.content.source import Keys, Source
from careplan.content.vocabulary import Sources, Vocabulary
from careplan.content.when import PastEvent, When
from careplan.problems import Problem, did_you_mean

# Sections whose items state no medical fact, so that they need no source.
_WITHOUT_FACTS = frozenset({"names", "bring", "questions", "tell_your_therapist"})
_NAMED_ONCE = (Item, Period, f.Phase, f.Visit, f.Diary)


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

    def words(self, kind: str) -> Collection[str]:
        """Return the ids of the vocabulary list *kind*."""
        return {word.id for word in getattr(self.vocabulary, kind)}


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
        for keys, model in _walk(self.fragment, ()):
            yield from self._model(keys, model)

    def _model(self, keys: Keys, model: BaseModel) -> Iterator[Problem]:
        names = self.names
        if isinstance(model, When):
            yield from self._when(keys, model)
        elif isinstance(model, RedFlagUse):
            yield from self._known((*keys, "id"), [model.id], names.red_flags, "sign in red-flags.yaml")
        elif isinstance(model, Granted):
            kind = str(keys[0])
            known = names.factors if kind == "factors" else names.words(kind)
            yield from self._known((*keys, "id"), [model.id], known, kind)
        elif isinstance(model, f.OptionChoice):
            yield from self._option(keys, model)
        elif isinstance(model, f.FollowUpUse):
            yield from self._known((*keys, "id"), [model.id], names.follow_ups, "follow-up")
        elif isinstance(model, f.Therapy):
            for name in ("core", "techniques"):
                yield from self._known((name,), getattr(model, name), names.words("modalities"), "modality")
        elif isinstance(model, f.Phase):
            used = self.fragment.core + self.fragment.techniques  # type: ignore[attr-defined]
            yield from self._known((*keys, "needs"), model.needs, used, "modality of this therapy")
        elif isinstance(model, f.FollowUp):
            yield from self._visits(model)
        elif isinstance(model, Effect):
            yield from self._known((*keys, "avoid-area"), model.avoid_area, names.words("areas"), "area")
            if isinstance(model.until, str):
                yield from self._known((*keys, "until"), [model.until], names.words("states"), "state")
        if isinstance(model, _NAMED_ONCE):
            yield from self._once(keys, model)
        if isinstance(model, Item):
            yield from self._options_in_text(keys, model)
        if "sources" in type(model).model_fields and not isinstance(model, Sources):
            yield from self._sources(keys, model)

    def _visits(self, follow_up: f.FollowUp) -> Iterator[Problem]:
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
            "regions": {*names.words("regions"), "same", "other"}, "therapies": names.therapies,
            "modalities": names.words("modalities"), "factors": names.factors,
            "factors_all": names.factors, "conditions": names.conditions,
        }
        for key, words in known.items():
            used = getattr(when, key) or ()
            yield from self._known((*keys, key), used, words, key.removesuffix("_all"))
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
        yield from self._option_values(keys, choice.id, choice.values)
        if choice.default and choice.values and choice.default not in (*choice.values, "unknown"):
            yield from self._known((*keys, "default"), [choice.default], choice.values, "value here")

    def _option_values(self, keys: Keys, option: str, values: Iterable[str]) -> Iterator[Problem]:
        options = {known.id: known.values for known in self.names.vocabulary.options}
        if option not in options:
            yield self._unknown(keys, option, options, "option")
            return
        yield from self._known(keys, values, {*options[option], "unknown"}, f"value of '{option}'")

    def _options_in_text(self, keys: Keys, item: Item) -> Iterator[Problem]:
        if not isinstance(self.fragment, f.Intervention):
            return
        own = {choice.id for choice in self.fragment.options}
        everywhere = {known.id for known in self.names.vocabulary.options if known.everywhere}
        yield from self._known((*keys, "text"), options_in(item.text), own | everywhere, "option here")

    def _once(self, keys: Keys, model: BaseModel) -> Iterator[Problem]:
        identity: str = getattr(model, "id")
        if identity in self._seen:
            first = self.source.locate((*self._seen[identity], "id")).line
            place = self.source.locate((*keys, "id"))
            sentence = f"The id '{identity}' is given twice in this file; the first is in line {first}."
            yield self.source.problem(place, sentence, "duplicate-id")
        self._seen.setdefault(identity, keys)

    def _sources(self, keys: Keys, model: BaseModel) -> Iterator[Problem]:
        used: tuple[str, ...] = getattr(model, "sources")
        yield from self._known((*keys, "sources"), used, self.names.references, "source in sources.yaml")
        says_facts = isinstance(model, (Item, f.Visit, f.Diary, RedFlag))
        if says_facts and not used and not getattr(model, "basis") and keys[0] not in _WITHOUT_FACTS:
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
        sentence = f"'{word}' is not a known {what.removesuffix('s')}{hint or '.'}"
        place = self.source.locate(_place_of(keys, word, self.source))
        return self.source.problem(place, sentence, "unknown-id")


def _place_of(keys: Keys, word: str, source: Source) -> Keys:
    """Return the keys of *word* itself where *keys* leads to a list that holds it."""
    data = source.data
    for key in keys:
        if isinstance(data, dict) and key in data:
            data = data[key]
        elif isinstance(data, list) and isinstance(key, int) and key < len(data):
            data = data[key]
        else:
            return keys
    if isinstance(data, list) and word in data:
        return (*keys, data.index(word))
    return keys


def _walk(value: object, keys: Keys) -> Iterator[tuple[Keys, BaseModel]]:
    """Yield every model inside *value* with the keys that its author gave it."""
    if isinstance(value, BaseModel):
        yield keys, value
        for name, info in type(value).model_fields.items():
            yield from _walk(getattr(value, name), (*keys, info.alias or name))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _walk(inner, (*keys, index))


def rule_models(rule: SafetyRule) -> Iterator[BaseModel]:
    """Yield every model inside *rule*."""
    return (model for _, model in _walk(rule, ()))
