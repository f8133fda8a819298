"""How a text and its translation fit together, for people who read only one of the languages."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from careplan.content.changes import Change, entries

_NUMBER = re.compile(r"\d+")


def compare_languages(original: Mapping[str, Any], translation: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return items that only one of them has, and items whose numbers differ."""
    return tuple(_compare(_said(original), _said(translation)))


def _compare(original: dict[str, str], translated: dict[str, str]) -> Iterator[Change]:
    for name, text in original.items():
        if name not in translated:
            yield Change("removed", (name,), before=text)
        elif sorted(_NUMBER.findall(text)) != sorted(_NUMBER.findall(translated[name])):
            yield Change("changed", (name,), text, translated[name])
    for name in translated.keys() - original.keys():
        yield Change("added", (name,), after=translated[name])


def _said(data: Mapping[str, Any]) -> dict[str, str]:
    """Return what each item of *data* says, by its id; an item without words says nothing.

    A translation holds its texts by the ids of their items; its own are under the original's id.
    """
    texts = data.get("texts")
    if isinstance(texts, Mapping):
        found = [(str(name), said) for name, said in texts.items() if isinstance(said, Mapping)]
    else:
        found = [(str(data.get("id", data.get("kind"))), data)]
        found += [(where[-1], entry) for where, entry in entries(data)]
    told = {name: " ".join(str(one[key]) for key in ("title", "text") if key in one) for name, one in found}
    return {name: words for name, words in told.items() if words}
