"""Lay a clinic's fragments over ours: what its files add, change and drop, and who stands behind it.

A file with `extends: ID` changes that fragment item by item, or makes a new one from it where
its own id is another. Everything is merged as data before it is checked, so that the merged
text obeys the same models and references as any other.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from careplan.content.loosening import find_loosened
from careplan.content.merging import Change, LaidOver, Merger, Written, files_of, id_of
from careplan.content.origins import CATALOGUES, Loosened, Name, Origin, Read, names_in
from careplan.content.rules import SafetyRule, SafetyRuleFragment, SafetyRules
from careplan.content.source import Keys, Source
from careplan.content.validation import check
from careplan.problems import FragmentError, Problem, did_you_mean

_RULE, _RULES = "safety-rule", "safety-rules"
# What a file with one rule has, and a rule in a list has not.
_OF_FILES = frozenset({"kind", "review", "extends"})


@dataclass
class Overlay:
    """Our fragments with the clinic's laid over them.

    *made_from* tells for a fragment that was made from others, by kind and id, which.
    """

    read: list[Read]
    problems: list[Problem] = field(default_factory=list)
    origins: dict[str, Origin] = field(default_factory=dict)
    loosened: tuple[Loosened, ...] = ()
    made_from: dict[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Patch:
    """A clinic's file, or a rule in one, that extends something."""

    written: Written
    name: Name
    extends: str

    @property
    def base(self) -> Name:
        return (self.name[0], self.extends)


def lay_over(
    ours: Sequence[Read], own: Iterable[Source], understand: Callable[[Source], Any], kinds: Collection[str]
) -> Overlay:
    """Return *ours* with the clinic's *own* files laid over them, everything checked.

    *understand* returns the checked fragment of a file that extends nothing, or raises
    `FragmentError`; *kinds* are the kinds of file that it knows. Whatever of ours is less strict
    afterwards is told in `loosened`, or is a problem where nobody stands behind it.
    """
    return _Layers(ours, understand, kinds).lay(own)


class _Layers:
    def __init__(
        self, ours: Sequence[Read], understand: Callable[[Source], Any], kinds: Collection[str]
    ) -> None:
        self._ours = ours
        self._understand = understand
        self._kinds = frozenset(kinds)
        self._result = Overlay(list(ours))
        self._index: dict[Name, int] = {}
        self._models: list[type[BaseModel]] = [type(fragment) for fragment, _ in ours]
        self._patches: dict[Name, _Patch] = {}
        self._done: dict[Name, bool] = {}
        self._touched: dict[int, None] = {}
        self._changes: dict[int, list[Change]] = {}
        self._gone: set[int] = set()
        for index, (fragment, _) in enumerate(ours):
            self._enter(index, fragment)

    def lay(self, own: Iterable[Source]) -> Overlay:
        result = self._result
        for source in own:
            try:
                self._take(source)
            except FragmentError as error:
                result.problems += error.problems
        # Files of rules go before single rules: a rule may extend one that such a file adds.
        for name in sorted(self._patches, key=lambda one: one[0] != _RULES):
            self._resolve(name)
        for index in self._touched:
            if index not in self._gone:
                self._check(index)
        self._tell_origins()
        result.read = [read for index, read in enumerate(result.read) if index not in self._gone]
        if not result.problems:
            patches = [patch.written for patch in self._patches.values()]
            result.loosened, problems = find_loosened(self._ours, result.read, patches, result.made_from)
            result.problems += problems
        return result

    def _take(self, source: Source) -> None:
        """Sort what *source* holds into fragments that stand alone and what extends another."""
        data = source.data
        kind = data.get("kind") if isinstance(data, dict) else None
        whole = Written(source, (), data)
        if not isinstance(kind, str) or kind not in self._kinds:
            self._understand(source)  # says what is wrong with its kind
            return
        if "extends" in data:
            self._note(whole, kind)
            return
        rules = data.get("rules") if kind == _RULES else None
        laid = [
            index for index, rule in enumerate(rules if isinstance(rules, list) else [])
            if isinstance(rule, dict) and "extends" in rule
        ]
        for index in laid:
            self._note(whole.at("rules").at(index), _RULE)
        if laid and len(laid) == len(rules or ()):
            return
        if laid:
            source = _without(source, laid)
        fragment = self._understand(source)
        taken = [problem for name, keys in names_in(fragment) if (problem := self._taken(name, keys, source))]
        if taken:
            raise FragmentError(taken)
        self._append(fragment, source)

    def _taken(self, name: Name, keys: Keys, source: Source) -> Problem | None:
        if name not in self._index or name[0] == name[1] != "vocabulary":
            return None
        kind = name[0].partition("/")[0]
        extended = kind if kind in CATALOGUES else name[1]
        there = self._result.read[self._index[name]][1].file
        sentence = (
            f"The id '{name[1]}' is taken already, in {there}; to change what stands there write "
            f"'extends: {extended}', or choose another id."
        )
        return source.problem(source.locate((*keys, "id")), sentence, "duplicate-id")

    def _note(self, written: Written, kind: str) -> None:
        """Keep what extends another until everything is read."""
        data = written.data
        extends, own = data["extends"], data.get("id", kind if kind in CATALOGUES else None)
        if not (isinstance(extends, str) and isinstance(own, str)):
            sentence = "What extends another needs 'kind', its own 'id', and the id that it extends."
            raise FragmentError([written.mistake(sentence, "not-expected", "extends")])
        name = (kind, own)
        if name in self._patches:
            first = self._patches[name].written
            place = first.source.locate(first.keys)
            sentence = f"'{own}' is changed already, in {place.file}:{place.line}; write all changes there."
            raise FragmentError([written.mistake(sentence, "duplicate-id", "id")])
        if kind == "factor" and own != extends:
            sentence = "Safety rules ask for a factor by its id, so it is changed under the same id."
            raise FragmentError([written.mistake(sentence, "not-expected", "extends")])
        stem = written.source.file.replace("\\", "/").rpartition("/")[2].split(".")[0]
        if not written.keys and "id" in data and own != stem:
            sentence = f"The id '{own}' must be the file's name, '{stem}'."
            raise FragmentError([written.mistake(sentence, "id-not-file-name", "id")])
        self._patches[name] = _Patch(written, name, extends)

    def _resolve(self, name: Name) -> None:
        """Lay one patch, after the one that it extends."""
        if name in self._done:
            if not self._done[name]:
                sentence = f"'{name[1]}' extends itself, by way of others."
                self._refuse(self._patches[name], sentence, "extends-itself")
            return
        self._done[name] = False
        patch = self._patches[name]
        if patch.base != name and patch.base in self._patches:
            self._resolve(patch.base)
        self._done[name] = True
        if patch.base not in self._index or not self._is_there(patch.base):
            known = [one for kind, one in self._index if kind == name[0]]
            hint = did_you_mean(patch.extends, known) or "."
            sentence = f"There is no {name[0].replace('-', ' ')} '{patch.extends}' to extend{hint}"
            self._refuse(patch, sentence, "unknown-id")
        elif patch.base == name:
            self._change(patch, self._index[name])
        else:
            self._derive(patch, self._index[patch.base])

    def _is_there(self, name: Name) -> bool:
        """Return whether *name* was not dropped by another of the clinic's files."""
        index = self._index[name]
        if name[0] != _RULE or self._models[index] is not SafetyRules:
            return index not in self._gone
        return name[1] in map(id_of, self._result.read[index][1].data["rules"])

    def _refuse(self, patch: _Patch, sentence: str, code: str) -> None:
        self._result.problems.append(patch.written.mistake(sentence, code, "extends"))

    def _change(self, patch: _Patch, index: int) -> None:
        """Lay *patch* over the file it changes, in its place."""
        source = self._result.read[index][1]
        base, model = Written(source, (), source.data), self._models[index]
        drops = [] if patch.written.data.get("drop") is True else self._drops(patch)
        merger = Merger(drops)
        if patch.name[0] == _RULE and model is SafetyRules:
            data = {name: base.data[name] for name in base.data}
            for name in base.data:
                merger.places[(name,)] = (source, (name,))
            merger.places[()] = (source, ())
            laid = [_as_rule(patch.written)]
            data["rules"] = merger.entries(base.at("rules"), None, laid, SafetyRule, ("rules",), ("rules",))
            self._gone |= set() if data["rules"] else {index}
        elif patch.written.data.get("drop") is True:
            if patch.name[0] != _RULE:
                sentence = "drop must be a list of item ids; a whole fragment cannot be dropped."
                self._result.problems.append(patch.written.mistake(sentence, "not-expected", "drop"))
            self._gone.add(index)
            return
        else:
            data = merger.fields(base, patch.written, model)
            _take_back_approval(data, patch.written)
        self._put(index, data, merger, (source, patch.written.source))

    def _derive(self, patch: _Patch, index: int) -> None:
        """Make a new fragment from the one at *index*, which stays as it is."""
        source = self._result.read[index][1]
        base, model = Written(source, (), source.data), self._models[index]
        merger = Merger(self._drops(patch))
        if patch.name[0] == _RULE and model is SafetyRules:
            number = next(at for at, rule in enumerate(source.data["rules"]) if id_of(rule) == patch.extends)
            model = SafetyRuleFragment
            own = patch.written._replace(data=dict(patch.written.data) | {"kind": _RULE})
            data = merger.fields(base.at("rules").at(number), own, model)
            if "review" not in data:
                data["review"] = merger.field(base.at("review"), None, model, ("review",), ("review",))
        else:
            data = merger.fields(base, patch.written, model)
        _take_back_approval(data, patch.written)
        self._append(None, source, model)
        new = len(self._models) - 1
        self._index[patch.name] = new
        kind, own_id = patch.name
        older = self._result.made_from.get(f"{kind}/{patch.extends}", frozenset())
        self._result.made_from[f"{kind}/{own_id}"] = older | {patch.extends}
        self._put(new, data, merger, (source, patch.written.source))

    def _drops(self, patch: _Patch) -> list[tuple[str, Written]]:
        """Return the ids that the patch wants dropped, wherever they stand."""
        data = patch.written.data
        if "drop" not in data:
            return []
        ids = data["drop"]
        if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
            sentence = "drop must be a list of item ids, such as [soak, no-drive]."
            self._result.problems.append(patch.written.mistake(sentence, "not-expected", "drop"))
            return []
        return [(one, patch.written.at("drop").at(index)) for index, one in enumerate(ids)]

    def _put(self, index: int, data: Any, merger: Merger, parts: tuple[Source, ...]) -> None:
        merger.finish()
        self._result.problems += merger.problems
        self._changes.setdefault(index, []).extend(merger.changes)
        self._touched[index] = None
        self._result.read[index] = (
            self._result.read[index][0], LaidOver.of(data, parts, merger.places),
        )
        rules = data.get("rules") if self._models[index] is SafetyRules else None
        for rule in rules if isinstance(rules, list) else ():
            self._index.setdefault((_RULE, id_of(rule) or ""), index)

    def _append(self, fragment: Any, source: Source, model: type[BaseModel] | None = None) -> None:
        self._result.read.append((fragment, source))
        self._models.append(model or type(fragment))
        if fragment is not None:
            self._enter(len(self._models) - 1, fragment)

    def _enter(self, index: int, fragment: Any) -> None:
        for name, _ in names_in(fragment):
            self._index.setdefault(name, index)

    def _check(self, index: int) -> None:
        source = self._result.read[index][1]
        try:
            self._result.read[index] = (check(self._models[index], source), source)
        except FragmentError as error:
            self._result.problems += error.problems

    def _tell_origins(self) -> None:
        """Say of each fragment and rule whose it is, and what the clinic changed."""
        ours = {source.file for _, source in self._ours}
        for index, (fragment, source) in enumerate(self._result.read):
            if fragment is None or index in self._gone:
                continue
            files, changes = files_of(source), self._changes.get(index, [])
            for (kind, name), keys in names_in(fragment):
                here = (str(keys[0]), name) if keys else ()
                mine = [one for one in changes if one.path[: len(here)] == here]
                added = bool(here) and any(one.what == "added" and one.path == here for one in mine)
                # Of all the files laid over a list, those count that have to do with this entry.
                named = files if not keys else (source.locate(keys).file,)
                if files[0] not in ours or added:
                    where = Origin("clinic", named)
                elif index >= len(self._ours) or mine:
                    named = tuple(dict.fromkeys((files[0], *named)))
                    where = Origin("clinic, from built-in", named, tuple(mine))
                else:
                    where = Origin("built-in", files[:1])
                self._result.origins[f"{kind}/{name}"] = where


def _as_rule(written: Written) -> Written:
    """Return what changes a rule, without what only a file of its own has."""
    data = {name: value for name, value in written.data.items() if name not in _OF_FILES}
    return written._replace(data=data)


def _without(source: Source, indexes: Sequence[int]) -> Source:
    """Return a file of rules without those at *indexes*."""
    rules = Written(source, ("rules",), source.data["rules"])
    kept = [rules.at(index) for index in range(len(rules.data)) if index not in indexes]
    places: dict[Keys, tuple[Source, Keys]] = {(): (source, ())}
    places |= {("rules", index): rule[:2] for index, rule in enumerate(kept)}
    data = source.data | {"rules": [rule.data for rule in kept]}
    return LaidOver.of(data, (source,), places)


def _take_back_approval(data: dict[str, Any], own: Written) -> None:
    """Make the text a draft unless the clinic's file says who signed it: ours was signed as it was."""
    review = data.get("review")
    if "review" not in own.data and isinstance(review, dict):
        signed = {"status", "by", "on"}
        data["review"] = {"status": "draft"} | {key: review[key] for key in review if key not in signed}
