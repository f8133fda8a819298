"""Lay one file's fields over another's, item by item, and remember where every value was written.

Single fields and lists of words are replaced. A list of entries with an `id` is changed entry
by entry: a known id replaces only the fields that it names, `drop: true` takes the entry out,
and a new id is added at the end, or beside the id that `before` or `after` names.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal, NamedTuple, Self, get_args, get_origin

from pydantic import BaseModel

from careplan.content.source import Key, Keys, Source
from careplan.problems import Level, Location, Problem, did_you_mean

# What an entry says about the change itself; a model's own field of that name goes before.
# From this likeness on, an id is taken for a misspelt one.
_MISSPELT = 0.85
_ABOUT_THE_CHANGE = frozenset({"extends", "drop", "before", "after", "by", "reason"})


class Written(NamedTuple):
    """A value with the place where its author wrote it."""

    source: Source
    keys: Keys
    data: Any

    def at(self, key: Key) -> "Written":
        """Return what stands below *key*."""
        return Written(self.source, (*self.keys, key), self.data[key])

    def mistake(self, sentence: str, code: str, *keys: Key) -> Problem:
        """Return a problem at this place, or at *keys* below it."""
        return self.source.problem(self.source.locate((*self.keys, *keys)), sentence, code)


@dataclass(frozen=True)
class Change:
    """One thing that was changed; *path* leads to it by the names of fields and the ids of items."""

    what: Literal["changed", "added", "dropped", "moved"]
    path: tuple[str, ...]

    def __str__(self) -> str:
        """Return the change as a list shows it: "changed after, first-days, items, soak: text"."""
        *way, last = self.path
        return f"{self.what} {', '.join(way)}: {last}" if way else f"{self.what} {last}"


@dataclass(frozen=True)
class LaidOver(Source):
    """Data of several files, each value with its place in the file that it was written in."""

    parts: tuple[Source, ...] = ()
    places: Mapping[Keys, tuple[Source, Keys]] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Any, parts: tuple[Source, ...], places: Mapping[Keys, tuple[Source, Keys]]) -> Self:
        """Return *data* that came of *parts*, the last of which was laid over the others."""
        return cls(parts[-1].file, data, (), {}, {}, parts=parts, places=places)

    def locate(self, keys: Sequence[Key]) -> Location:
        """Return where *keys* lead in the file that the value was written in."""
        source, own = self._place(keys)
        return source.locate(own)

    def locate_key(self, keys: Sequence[Key]) -> Location:
        """Return where the last of *keys* itself is written, not its value."""
        source, own = self._place(keys)
        return source.locate_key(own)

    def problem(
        self, location: Location, sentence: str, code: str, level: Level = "problem", write: str = "",
    ) -> Problem:
        """Return a problem at *location* with the line of the file that it is in."""
        part = next((one for one in self.parts if _holds(one, location.file)), self.parts[-1])
        return part.problem(location, sentence, code, level, write)

    def written(self) -> tuple[Source, ...]:
        """Return the files that the data were written in."""
        return tuple(file for part in self.parts for file in part.written())

    def digest(self) -> str:
        """Return a SHA-256 that changes with the text of each part."""
        return hashlib.sha256("\n".join(part.digest() for part in self.parts).encode()).hexdigest()

    def _place(self, keys: Sequence[Key]) -> tuple[Source, Keys]:
        path = tuple(keys)
        while path and path not in self.places:
            path = path[:-1]
        source, own = self.places[path]
        return source, (*own, *keys[len(path):])


def _holds(source: Source, file: str) -> bool:
    if isinstance(source, LaidOver):
        return any(_holds(part, file) for part in source.parts)
    return source.file == file


def files_of(source: Source) -> tuple[str, ...]:
    """Return the files that *source* came of, the nearest last, each once."""
    if not isinstance(source, LaidOver):
        return (source.file,)
    return tuple(dict.fromkeys(file for part in source.parts for file in files_of(part)))


@dataclass
class _Entry:
    """An entry of a list in the making: what it was, and what was laid over it."""

    id: str | None
    base: Written | None
    own: Written | None = None


class Merger:
    """Lays entries and fields over others, and collects places, changes and problems.

    *drops* are ids to be taken out wherever they stand, with the places that say so.
    """

    def __init__(self, drops: Iterable[tuple[str, Written]] = ()) -> None:
        self.places: dict[Keys, tuple[Source, Keys]] = {}
        self.changes: list[Change] = []
        self.problems: list[Problem] = []
        self._drops = dict(drops)
        self._dropped: dict[str, tuple[str, ...]] = {}
        self._met: set[str] = set()

    def fields(
        self, base: Written, own: Written | None, model: type[BaseModel] | None, keys: Keys = (),
        trail: tuple[str, ...] = (),
    ) -> dict[str, Any]:
        """Return the fields of *base* with those of *own* laid over them."""
        self.places[keys] = (own or base)[:2]
        given = _given(own, model) if own else {}
        return {
            name: self.field(
                base.at(name) if name in base.data else None, given.get(name), model, (*keys, name),
                (*trail, name),
            )
            for name in dict.fromkeys([*base.data, *given])
        }

    def field(
        self, base: Written | None, own: Written | None, model: type[BaseModel] | None, keys: Keys,
        trail: tuple[str, ...],
    ) -> Any:
        """Return one field; at least one of *base* and *own* is there."""
        name = trail[-1]
        inner = _entries(model, name)
        if inner and all(isinstance(one.data, list) for one in (base, own) if one):
            return self.entries(base, own, _listed(own), inner, keys, trail)
        if own:
            if base is None or base.data != own.data:
                self.changes.append(Change("changed" if base else "added", trail))
            return self._kept(own, keys)
        assert base is not None
        below = _fields(model).get(name)
        if self._drops and below and isinstance(base.data, dict):
            return self.fields(base, None, below, keys, trail)
        return self._kept(base, keys)

    def entries(  # noqa: PLR0913, PLR0917 - a list, what is laid over it, and where it stands
        self, base: Written | None, own: Written | None, laid: Sequence[Written],
        model: type[BaseModel], keys: Keys, trail: tuple[str, ...],
    ) -> list[Any]:
        """Return the list *base* with the entries *laid* over it; *own* is the list they stand in."""
        order = [_Entry(id_of(one.data), one) for one in _listed(base)]
        self._met.update(one.id for one in order if one.id)
        self.places[keys] = (own or base or laid[0])[:2]
        for entry in laid:
            self._lay(order, entry, model, trail)
        for one in [one for one in order if one.id in self._drops]:
            order.remove(one)
            self._drop(one.id or "", keys, trail)
        return [self._built(one, model, (*keys, index), trail) for index, one in enumerate(order)]

    def finish(self) -> None:
        """Add a problem for each id that was to be dropped and stands nowhere."""
        for name, place in self._drops.items():
            if name not in self._dropped:
                hint = did_you_mean(name, self._met) or "."
                sentence = f"There is no item '{name}' to drop{hint}"
                self.problems.append(place.mistake(sentence, "unknown-item"))

    def _drop(self, name: str, keys: Keys, trail: tuple[str, ...]) -> None:
        place = self._drops[name]
        if self._dropped.setdefault(name, trail) != trail:
            sentence = (
                f"'{name}' stands in {self._dropped[name][-1]} and in {trail[-1]}; write 'drop: true' "
                "beside its id in the list that you mean."
            )
            self.problems.append(place.mistake(sentence, "ambiguous-item"))
        self.changes.append(Change("dropped", (*trail, name)))
        self.places[keys] = place[:2]

    def _lay(
        self, order: list[_Entry], entry: Written, model: type[BaseModel], trail: tuple[str, ...]
    ) -> None:
        name = id_of(entry.data)
        if name is None:
            order.append(_Entry(None, None, entry))  # the model says what is wrong with it
            return
        data = entry.data if isinstance(entry.data, dict) else {"id": name}
        about = {key: data[key] for key in _ABOUT_THE_CHANGE - _fields(model).keys() if key in data}
        known = [one for one in order if one.id == name]
        names = [one.id for one in order if one.id]
        if "drop" in about:
            self._lay_drop(order, known, entry, name, trail)
            return
        if any(one.own for one in known):
            sentence = f"'{name}' is given twice in this list."
            self.problems.append(entry.mistake(sentence, "duplicate-id", "id"))
            return
        if len(known) > 1 and data.keys() - about.keys() - {"id"}:
            sentence = f"'{name}' stands {len(known)} times in this list, so it cannot be changed by its id."
            self.problems.append(entry.mistake(sentence, "ambiguous-item"))
            return
        if known:
            place = order.index(known[0])
            known[0].own = entry
        else:
            place = len(order)
            order.append(_Entry(name, None, entry))
            self.changes.append(Change("added", (*trail, name)))
            alike = get_close_matches(name, names, 1, _MISSPELT)
            if alike and not about.keys() & {"before", "after"}:
                # A misspelt id would add a second sentence where one was to be changed.
                sentence = (
                    f"There is no item '{name}' to change; did you mean '{alike[0]}'? If it is new, "
                    "say with 'before:' or 'after:' where it stands."
                )
                self.problems.append(entry.mistake(sentence, "unknown-item", "id"))
        target = self._beside(entry, data, about, names)
        if target is None and not known and data.get("after") in names:
            target = ("after", data["after"])  # a visit is counted from the one that it comes after
        if target and target[1] != name:
            moved = order.pop(place)
            beside = next(index for index, one in enumerate(order) if one.id == target[1])
            order.insert(beside + (target[0] == "after"), moved)
            if known:
                self.changes.append(Change("moved", (*trail, name)))

    def _lay_drop(
        self, order: list[_Entry], known: Iterable[_Entry], entry: Written, name: str,
        trail: tuple[str, ...],
    ) -> None:
        more = entry.data.keys() - _ABOUT_THE_CHANGE - {"id", "kind", "review"}
        if entry.data["drop"] is not True or more:
            sentence = "To drop an item write its id and 'drop: true', and nothing else about it."
            self.problems.append(entry.mistake(sentence, "not-expected", "drop"))
        elif not known:
            hint = did_you_mean(name, [one.id for one in order if one.id]) or "."
            sentence = f"There is no item '{name}' to drop{hint}"
            self.problems.append(entry.mistake(sentence, "unknown-item", "id"))
        for one in known:
            order.remove(one)
        self.changes.append(Change("dropped", (*trail, name)))

    def _beside(
        self, entry: Written, data: Mapping[str, Any], about: Mapping[str, Any], names: Sequence[str]
    ) -> tuple[str, str] | None:
        """Return the side and the id that a new place is given by."""
        sides = [side for side in ("before", "after") if side in about]
        if len(sides) > 1:
            sentence = "Give either 'before' or 'after', not both."
            self.problems.append(entry.mistake(sentence, "not-expected", "after"))
        for side in sides:
            if data[side] in names:
                return side, data[side]
            hint = did_you_mean(str(data[side]), names) or "."
            sentence = f"There is no item '{data[side]}' in this list{hint}"
            self.problems.append(entry.mistake(sentence, "unknown-item", side))
        return None

    def _built(
        self, one: _Entry, model: type[BaseModel], keys: Keys, trail: tuple[str, ...]
    ) -> Any:
        here = (*trail, one.id or "?")
        if one.base and (one.own or self._drops):
            base = one.base if isinstance(one.base.data, dict) else one.base._replace(data={"id": one.id})
            own = one.own if one.own and isinstance(one.own.data, dict) else None
            return self.fields(base, own, model, keys, here)
        if one.own and one.id and isinstance(one.own.data, dict):
            self.places[keys] = one.own[:2]
            return {name: value.data for name, value in _given(one.own, model).items()}
        kept = one.own or one.base
        assert kept is not None
        return self._kept(kept, keys)

    def _kept(self, value: Written, keys: Keys) -> Any:
        self.places[keys] = value[:2]
        return value.data


def id_of(entry: Any) -> str | None:
    """Return the id of an entry, which may be the entry itself."""
    name = entry.get("id") if isinstance(entry, dict) else entry
    return name if isinstance(name, str) else None


def _listed(value: Written | None) -> list[Written]:
    return [value.at(index) for index in range(len(value.data))] if value else []


def _given(own: Written, model: type[BaseModel] | None) -> dict[str, Written]:
    """Return the fields of *own* without what it says about the change itself."""
    about = _ABOUT_THE_CHANGE - _fields(model).keys()
    if not own.keys:
        about -= {"before", "after"}  # a file as a whole stands beside nothing
    return {name: own.at(name) for name in own.data if name not in about}


@cache
def _fields(model: type[BaseModel] | None) -> Mapping[str, type[BaseModel] | None]:
    """Return the names that authors give the fields of *model*, with the model of each that has one."""
    if model is None:
        return {}
    return {
        info.alias or name: _model_in(info.annotation) for name, info in model.model_fields.items()
    }


@cache
def _entries(model: type[BaseModel] | None, name: str) -> type[BaseModel] | None:
    """Return the model of the entries in the list *name*, if they have ids."""
    if model is None:
        return None
    for field_name, info in model.model_fields.items():
        if name == (info.alias or field_name) and _is_list(info.annotation):
            inner = _model_in(info.annotation)
            return inner if inner and "id" in inner.model_fields else None
    return None


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is tuple or any(_is_list(part) for part in get_args(annotation))


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
