"""What differs between two texts, field by field and word by word.

Texts are plain values, as files hold them. Entries of lists are known by their ids, so that
one that moved is still the same entry.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Path = tuple[str, ...]
Kind = Literal["added", "removed", "changed"]
_WORDS = re.compile(r"\S+\s*")
# Texts that share less are another text, and are shown one below the other.
_ALIKE = 0.4
# What an entry is told by where all of it is new or gone, the most telling first.
_TELLING = ("text", "title", "patient", "staff", "label", "organisation", "meaning", "called")


@dataclass(frozen=True)
class Change:
    """One field or entry that differs; *where* leads to it, and is empty for the whole text."""

    kind: Kind
    where: Path
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Piece:
    """Some words, which stay (`same`), are gone (`old`) or come in (`new`)."""

    kind: Literal["same", "old", "new"]
    text: str


def compare_texts(before: Any, after: Any) -> tuple[Change, ...]:
    """Return what has to change in *before* to become *after*, in the order of reading."""
    return tuple(_compare(before, after, ()))


def compare_words(before: str, after: str) -> tuple[Piece, ...]:
    """Return both texts in one, word by word; texts that have little in common are not mixed."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = difflib.SequenceMatcher(
        None, [word.strip() for word in old], [word.strip() for word in new], autojunk=False
    )
    if matcher.ratio() < _ALIKE:
        return tuple(
            Piece(kind, text) for kind, text in (("old", before), ("new", after)) if text  # type: ignore[arg-type]
        )
    pieces: list[Piece] = []
    for what, start, end, other_start, other_end in matcher.get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", "".join(new[other_start:other_end]).strip()))
            continue
        if start < end:
            pieces.append(Piece("old", "".join(old[start:end]).strip()))
        if other_start < other_end:
            pieces.append(Piece("new", "".join(new[other_start:other_end]).strip()))
    return tuple(pieces)


def entries(data: Any, where: Path = ()) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield every entry with an id inside *data*, and the way to it."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from entries(value, (*where, key))
    elif isinstance(data, (list, tuple)):
        for one in data:
            if isinstance(one, Mapping) and "id" in one:
                here = (*where, str(one["id"]))
                yield here, one
                for key, value in one.items():
                    yield from entries(value, (*here, key))


def _compare(before: Any, after: Any, where: Path) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in (*before, *(key for key in after if key not in before)):
            if key not in after:
                yield from _whole("removed", before[key], (*where, key))
            elif key not in before:
                yield from _whole("added", after[key], (*where, key))
            else:
                yield from _compare(before[key], after[key], (*where, key))
    elif _are_named(before, after):
        yield from _compare_entries(before, after, where)
    else:
        yield Change("changed", where, _shown(before), _shown(after))


def _compare_entries(before: Sequence[Any], after: Sequence[Any], where: Path) -> Iterator[Change]:
    """Yield what differs between two lists of entries that are known by their ids."""
    old, new = ({_id(one): one for one in entry_list} for entry_list in (before, after))
    for name in (*old, *(name for name in new if name not in old)):
        if name not in new:
            yield Change("removed", (*where, name), before=_entry(old[name]))
        elif name not in old:
            yield Change("added", (*where, name), after=_entry(new[name]))
        else:
            yield from _compare(_fields(old[name]), _fields(new[name]), (*where, name))
    stayed = [[name for name in order if name in old and name in new] for order in (old, new)]
    if stayed[0] != stayed[1]:
        yield Change("changed", (*where, "order"), ", ".join(stayed[0]), ", ".join(stayed[1]))


def _whole(kind: Kind, value: Any, where: Path) -> Iterator[Change]:
    """Yield a field that is there on one side only; each entry in it for itself."""
    if _are_named(value):
        for one in value:
            yield from _whole(kind, _fields(one), (*where, _id(one)))
        return
    shown = _entry(value) if isinstance(value, Mapping) else _shown(value)
    yield Change(kind, where, *(("", shown) if kind == "added" else (shown, "")))


def _are_named(*lists: Any) -> bool:
    """Return whether all *lists* hold entries with ids, or ids alone, and some an entry; none twice."""
    if not all(isinstance(one, (list, tuple)) for one in lists):
        return False
    names = [[_id(entry) for entry in one] for one in lists]
    return any(isinstance(entry, Mapping) for one in lists for entry in one) and all(
        all(one) and len(set(one)) == len(one) for one in names
    )


def _id(entry: Any) -> str:
    return str(entry.get("id", "")) if isinstance(entry, Mapping) else str(entry)


def _fields(entry: Any) -> Any:
    if isinstance(entry, Mapping):
        return {key: value for key, value in entry.items() if key != "id"}
    return {}


def _entry(value: Any) -> str:
    """Return what an entry says, in one line."""
    if not isinstance(value, Mapping):
        return _shown(value)
    said = [_shown(value[key]) for key in ("title", "text") if key in value]
    said = said or [_shown(value[key]) for key in _TELLING if key in value][:1]
    return " ".join(said) or _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_shown(inner)}" for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_entry(one) for one in value)
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(str(value).split())
