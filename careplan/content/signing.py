"""The texts that somebody signs, and how each stands with its signature."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from careplan.content.approvals import Approval
from careplan.content.fragments import FollowUpUse, OptionChoice
from careplan.content.items import Granted, RedFlagUse
from careplan.content.library import SHARED, Library
from careplan.content.references import walk

State = Literal["approved", "never", "changed", "lapsed", "not-yet"]
# Kinds that a plan is made of; what else a folder holds, nobody signs.
_OWN = ("intervention", "therapy", "follow-up", "condition", "factor")
# Models with an id that point to something else and say nothing themselves.
_POINTERS = (FollowUpUse, OptionChoice, Granted, RedFlagUse)


@dataclass(frozen=True)
class SignedText:
    """A text as it stands in the library; *version* and *due* are None where it has no review.

    *name* is its kind and id, or its kind alone where every plan rests on all of that kind.
    """

    name: str
    title: str
    version: int | None
    due: dt.date | None
    fingerprint: str
    models: tuple[Any, ...]

    @property
    def items(self) -> int:
        """Return of how many items, rules, signs or other entries the text is made."""
        return sum(
            1 for model in self.models for keys, inner in walk(model)
            if keys and hasattr(inner, "id") and not isinstance(inner, _POINTERS)
        )

    @property
    def data(self) -> dict[str, Any]:
        """Return what the text says, as plain values."""
        dumped = [
            one.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
            for one in self.models
        ]
        return {key: value for one in dumped for key, value in one.items()}


@dataclass(frozen=True)
class Standing:
    """A text with its signature, if it has one, and what that is worth on one day."""

    text: SignedText
    approval: Approval | None
    state: State


@dataclass(frozen=True)
class Deadline:
    """A day by which something about a text must be done.

    An `approval` ends, or a `review` is due; an approval is void because the text `changed`
    or is `gone`, and that is due at once.
    """

    day: dt.date
    name: str
    what: Literal["approval", "review", "changed", "gone"]
    by: str = ""


def signed_texts(library: Library) -> dict[str, SignedText]:
    """Return every text of *library* that can be signed, by its name."""
    files: dict[str, list[str]] = {}
    for key, model in library.files.items():
        kind = model.kind
        if kind in SHARED or kind in _OWN:
            files.setdefault(key if hasattr(model, "id") else kind, []).append(key)
    return {name: _text(name, sorted(keys), library) for name, keys in sorted(files.items())}


def shared_texts(texts: Mapping[str, SignedText]) -> tuple[SignedText, ...]:
    """Return those of *texts* on which every plan rests: rules, signs, forms, words, sources."""
    return tuple(text for name, text in texts.items() if name.partition("/")[0] in SHARED)


def stand(text: SignedText, approval: Approval | None, day: dt.date) -> Standing:
    """Return what *approval* is worth for *text* as it is on *day*."""
    state: State = "approved"
    if approval is None:
        state = "never"
    elif approval.fingerprint != text.fingerprint:
        state = "changed"
    elif day > approval.until:
        state = "lapsed"
    elif day < approval.on:
        state = "not-yet"
    return Standing(text, approval, state)


def valid_approvals(
    texts: Mapping[str, SignedText], approvals: Mapping[str, Approval], day: dt.date
) -> dict[str, Approval]:
    """Return the signatures that hold on *day*: for the text as it is, and not past their end."""
    return {
        name: approval for name, approval in approvals.items()
        if name in texts and stand(texts[name], approval, day).state == "approved"
    }


def deadlines(
    texts: Mapping[str, SignedText], approvals: Mapping[str, Approval], now: dt.date, last: dt.date
) -> tuple[Deadline, ...]:
    """Return what lapses or is to be reviewed up to the day *last*, earliest first."""
    found = [Deadline(text.due, text.name, "review") for text in texts.values() if text.due]
    found += [_deadline(approval, texts.get(name), now) for name, approval in approvals.items()]
    return tuple(sorted(
        (one for one in found if one.day <= last), key=lambda one: (one.day, one.name, one.what)
    ))


def _deadline(approval: Approval, text: SignedText | None, now: dt.date) -> Deadline:
    if text is None:
        return Deadline(now, approval.fragment, "gone", approval.by)
    if approval.fingerprint != text.fingerprint:
        return Deadline(now, text.name, "changed", approval.by)
    return Deadline(approval.until, text.name, "approval", approval.by)


def _text(name: str, keys: list[str], library: Library) -> SignedText:
    models = tuple(library.files[key] for key in keys)
    prints = [library.fingerprints[key] for key in keys]
    fingerprint = prints[0] if len(prints) == 1 else hashlib.sha256("\n".join(prints).encode()).hexdigest()
    first = models[0]
    review = getattr(first, "review", None)
    # A single rule is called by what it says.
    title = next(
        (str(said) for field in ("title", "patient", "staff") if (said := getattr(first, field, None))),
        name.replace("-", " ").capitalize(),
    )
    return SignedText(
        name, title, review.version if review else None, review.due if review else None, fingerprint, models,
    )
