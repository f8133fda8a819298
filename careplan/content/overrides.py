"""What changed in a built-in text under the changes that a clinic made to it.

All three texts are plain values, as files hold them: the clinic's own file, the built-in text
as it was when the clinic took it over, and the built-in text as it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from careplan.content.changes import Change, Path, compare_texts

# Fields that say which text a file is, and change nothing in it.
_ABOUT = ("kind", "id", "extends", "review", "drop")
_ANCHORS = ("before", "after")


@dataclass(frozen=True)
class Moved:
    """A change in the built-in text; *fresh_look* says that the clinic changed the same item."""

    change: Change
    fresh_look: bool


def moved_underneath(
    own: Mapping[str, Any], copy: Mapping[str, Any], current: Mapping[str, Any]
) -> tuple[Moved, ...]:
    """Return what changed from *copy* to *current*, and what of it *own* touches.

    Where a change is around what the clinic changed, or inside it, it asks for a look too.
    """
    touched = tuple(_touched(own, ()))
    dropped = {str(name) for name in _listed(own.get("drop"))} | set(_anchors(own))
    return tuple(
        Moved(change, _is_touched(change.where, touched, dropped))
        for change in compare_texts(_told(copy), _told(current))
    )


def _told(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in _ABOUT}


def _touched(data: Any, where: Path) -> Iterator[Path]:
    """Yield the ways to the items and single fields that *data* gives anew."""
    for key, value in data.items():
        if key in (*_ABOUT, *_ANCHORS):
            continue
        inner = [one for one in _listed(value) if isinstance(one, Mapping) and "id" in one]
        for one in inner:
            yield from _touched(one, (*where, key, str(one["id"])))
        if not inner:
            # Inside an item, a new value for one field asks for a look at the whole item.
            yield where or (key,)


def _anchors(data: Any) -> Iterator[str]:
    """Yield the ids beside which the clinic's own items are to stand."""
    if isinstance(data, Mapping):
        yield from (str(data[key]) for key in _ANCHORS if isinstance(data.get(key), str))
        yield from (name for value in data.values() for name in _anchors(value))
    elif isinstance(data, list):
        yield from (name for value in data for name in _anchors(value))


def _is_touched(where: Path, touched: tuple[Path, ...], named: set[str]) -> bool:
    return bool(named & set(where)) or any(
        where[: len(one)] == one[: len(where)] for one in touched
    )


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value] if value else []
