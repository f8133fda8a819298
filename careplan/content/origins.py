"""Where a text comes from, and what a clinic made less strict."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from careplan.content.items import Fragment
from careplan.content.rules import SafetyRule, SafetyRuleFragment, SafetyRules
from careplan.content.source import Keys, Source

# Only a clinic's folder needs to load what compares and merges.
if TYPE_CHECKING:
    from careplan.content.merging import Change
    from careplan.content.strictness import Weaker

Read = tuple[Any, Source]
Name = tuple[str, str]
# Files without an id of their own, with the field that holds their entries; they extend the
# one of their kind.
CATALOGUES = {
    "red-flags": "red_flags", "sources": "sources", "measures": "measures", "drug-classes": "drug_classes",
    "vocabulary": "",
}
From = Literal["built-in", "clinic", "clinic, from built-in"]


@dataclass(frozen=True)
class Origin:
    """Whose a fragment or rule is, the files it was made of, and what the clinic changed of ours."""

    where: From
    files: tuple[str, ...]
    changes: "tuple[Change, ...]" = ()


@dataclass(frozen=True)
class Loosened:
    """What a clinic made less strict than it is with us, who stands behind it, and why.

    *weaker* is empty where it was dropped. *rule* is our rule, to see where it would have fired.
    """

    kind: str
    id: str
    weaker: "tuple[Weaker, ...]"
    by: str
    reason: str
    rule: SafetyRule | None = None


def built_in_origins(read: Iterable[Read]) -> dict[str, Origin]:
    """Return the origins of fragments that nothing is laid over."""
    return {
        f"{kind}/{name}": Origin("built-in", (source.file,))
        for fragment, source in read for (kind, name), _ in names_in(fragment)
    }


def names_in(fragment: Any) -> Iterator[tuple[Name, Keys]]:
    """Yield the kind and id of *fragment* and of what stands in it, with its place."""
    if fragment.kind in CATALOGUES:
        yield (fragment.kind, fragment.kind), ()
        entries = CATALOGUES[fragment.kind]
        for index, one in enumerate(getattr(fragment, entries) if entries else ()):
            yield (f"{fragment.kind}/entry", one.id), (entries, index)
    elif isinstance(fragment, (Fragment, SafetyRuleFragment)):
        yield (fragment.kind, fragment.id), ()
    if isinstance(fragment, SafetyRules):
        for index, rule in enumerate(fragment.rules):
            yield ("safety-rule", rule.id), ("rules", index)
