"""What the last page says of where its text comes from, and what the file itself keeps of it."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from careplan.content.wording import Wording
from careplan.planning.plan import Origin, Plan
from careplan.problems import OutputError

# Where the file keeps what it was made from; other programs leave entries they do not know.
KEY = "/CareplanPlan"
# As many characters of a fingerprint as are printed.
SHORT = 12
_FORM = 1
_ID = re.compile(r"([a-z0-9]+(-[a-z0-9]+)*)?")
_PRINT = re.compile(rf"[0-9a-f]{{{SHORT}}}")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)?")
_LONGEST = 100


@dataclass(frozen=True)
class Printed:
    """A text as it was printed; *until* is the end of its approval then, if it had one."""

    name: str
    version: int | None
    fingerprint: str
    until: str


@dataclass(frozen=True)
class Record:
    """What a file says that it was made from."""

    plan: str
    texts: tuple[Printed, ...]


def provenance(plan: Plan, wording: Wording) -> str:
    """Return one line: the fragments with their versions by review date, and the fingerprint."""
    from babel.dates import format_date  # noqa: PLC0415 - slow to import

    by_due: dict[Any, list[str]] = {}
    for one in plan.origins:
        by_due.setdefault(one.due, []).append(_told_origin(one, wording))
    # A comma stands before "changed by your clinic" already.
    between = "; " if any(one.whose != "built-in" for one in plan.origins) else ", "
    origins = [
        wording.say(
            "origins", origins=between.join(names), due=format_date(due, "long", locale=wording.locale),
        )
        for due, names in sorted(by_due.items())
    ]
    return wording.say("made_from", origins=" ".join(origins), fingerprint=plan.fingerprint[:SHORT])


def _told_origin(one: Origin, wording: Wording) -> str:
    """Return a fragment with its version, and whether the clinic wrote or changed it."""
    told = f"{one.id} {one.version}"
    if one.whose == "built-in":
        return told
    return wording.say("origin_written" if one.whose == "clinic" else "origin_changed", origin=told)


def signed_lines(plan: Plan, wording: Wording) -> tuple[str, ...]:
    """Return who approved what until when; what nobody approved is called a template."""
    groups = plan.signatures
    if not any(one.by for one in groups):
        return (wording.say("template_note"),)
    if len(groups) == 1:
        return (wording.say("signed_all", by=groups[0].by, until=groups[0].until),)
    return tuple(
        wording.say("signed_some" if one.by else "unsigned_some", by=one.by, until=one.until,
                    texts=", ".join(one.texts))
        for one in groups
    )


def record_of(plan: Plan) -> str:
    """Return what the file keeps for `careplan verify`: texts and fingerprints, nothing of the patient."""
    record = {
        "careplan": _FORM,
        "plan": plan.fingerprint[:SHORT],
        "texts": [_printed(one) for one in (*plan.origins, *plan.shared)],
    }
    return json.dumps(record, separators=(",", ":"))


def joined_record(records: Iterable[str]) -> str:
    """Return the record of a file that holds the files with *records*; "" where none of them has one."""
    known = [record for text in dict.fromkeys(records) if (record := _record(text))]
    if not known:
        return ""
    plans = sorted({one.plan for one in known})
    texts = dict.fromkeys(text for one in known for text in one.texts)
    return json.dumps({
        "careplan": _FORM,
        "plan": plans[0] if len(plans) == 1 else hashlib.sha256("".join(plans).encode()).hexdigest()[:SHORT],
        "texts": [
            [*_kind_and_id(one.name), one.version, one.fingerprint, one.until] for one in texts
        ],
    }, separators=(",", ":"))


def _kind_and_id(name: str) -> tuple[str, str]:
    kind, _, own = name.partition("/")
    return kind, own


def _printed(one: Origin) -> list[Any]:
    until = one.until.isoformat() if one.until else ""
    return [one.kind, one.id, one.version, one.fingerprint[:SHORT], until]


def read_record(data: bytes, file: str) -> Record:
    """Return what the PDF *data* was made from.

    Raises `OutputError` where *file* is no PDF, is damaged or says nothing that careplan wrote.
    """
    import pikepdf  # noqa: PLC0415 - slow to import

    try:
        with pikepdf.open(BytesIO(data)) as document:
            written = document.docinfo.get(KEY)
            text = str(written) if written is not None else ""
    except pikepdf.PasswordError:
        message = f"{file} is locked with a password."
        raise OutputError(message) from None
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError):
        message = f"{file} is no PDF file, or it is damaged."
        raise OutputError(message) from None
    if not text:
        message = f"{file} was not written by careplan, or before careplan kept what a file is made from."
        raise OutputError(message)
    record = _record(text)
    if record is None:
        message = f"{file} does not say in a form that careplan knows what it was made from."
        raise OutputError(message)
    return record


def _record(text: str) -> Record | None:
    """Return what *text* says; None where anything in it is not as careplan writes it."""
    try:
        data = json.loads(text)
        if data["careplan"] != _FORM or not _PRINT.fullmatch(data["plan"]):
            return None
        texts = tuple(_texts(data["texts"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return Record(data["plan"], texts) if texts else None


def _texts(rows: Any) -> Iterator[Printed]:
    for kind, name, version, fingerprint, until in rows:
        is_known = (
            bool(kind) and all(_ID.fullmatch(word) and len(word) <= _LONGEST for word in (kind, name))
            and (version is None or type(version) is int) and _PRINT.fullmatch(fingerprint)
            and _DAY.fullmatch(until)
        )
        if not is_known:
            raise ValueError(name)
        yield Printed(f"{kind}/{name}" if name else kind, version, fingerprint, until)
