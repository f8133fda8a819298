"""Which texts a plan is made of, and who stands behind each."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from careplan.content.approvals import Approval
from careplan.content.library import Library
from careplan.content.signing import shared_texts, signed_texts
from careplan.content.wording import Wording
from careplan.planning.plan import Origin, Signature
from careplan.planning.selection import Selection


def list_origins(
    library: Library, chosen: Selection, approved: Mapping[str, Approval]
) -> tuple[Origin, ...]:
    """Return the fragments that were chosen; *approved* are the signatures that hold."""
    fragments = [
        chosen.intervention, *chosen.therapies, *chosen.follow_ups, *chosen.conditions, *chosen.factors,
    ]
    return tuple(
        Origin(
            one.kind, one.id, one.review.version, one.review.status, one.review.due,
            library.fingerprint(one.kind, one.id), whose=library.where_from(one.kind, one.id),
            **_signed(approved.get(f"{one.kind}/{one.id}")),
        )
        for one in fragments
    )


def list_shared(library: Library, approved: Mapping[str, Approval]) -> tuple[Origin, ...]:
    """Return the texts on which every plan rests, rules and signs among them."""
    return tuple(
        Origin(
            text.name.partition("/")[0], text.name.partition("/")[2], text.version, "draft", text.due,
            text.fingerprint, **_signed(approved.get(text.name)),
        )
        for text in shared_texts(signed_texts(library))
    )


def group_signatures(
    origins: Iterable[Origin], shared: Iterable[Origin], wording: Wording
) -> tuple[Signature, ...]:
    """Return the texts by who signed them until when, the first to end first; unsigned texts are last.

    The shared texts are told as one where they have one signature.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for one in origins:
        groups.setdefault(_key(one), []).append(f"{one.id} {one.version}")
    resting = tuple(shared)
    if len({_key(one) for one in resting}) == 1:
        groups.setdefault(_key(resting[0]), []).append(wording.say("shared_texts"))
    else:
        for one in resting:
            groups.setdefault(_key(one), []).append(one.id or one.kind)
    return tuple(
        Signature(by, _words(until, wording) if until else "", tuple(texts))
        for (until, by), texts in sorted(groups.items(), key=lambda one: (not one[0][1], one[0]))
    )


def _signed(approval: Approval | None) -> dict[str, Any]:
    return {"by": approval.signer, "until": approval.until} if approval else {}


def _key(origin: Origin) -> tuple[str, str]:
    return (origin.until.isoformat() if origin.until else "", origin.by)


def _words(day: str, wording: Wording) -> str:
    """Return *day* as the handout's language writes it."""
    from babel.dates import format_date  # noqa: PLC0415 - slow to import

    words: str = format_date(dt.date.fromisoformat(day), "medium", locale=wording.locale)
    return words
