"""The clinic's signatures as commands need them: read, judged on one day, and written."""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careplan.cli.house import load_settings
from careplan.files import write_whole
from careplan.problems import OutputError, UnapprovedPlanError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from careplan.content.approvals import Approval
    from careplan.content.signing import SignedText, Standing
    from careplan.planning.plan import Plan

FILE = "approvals.yaml"
_HEAD = """\
# Who stands behind which text, and until when: one line for each text.
# `careplan approve` writes this file; a change of a text ends its approval.
kind: approvals
"""


@dataclass(frozen=True)
class Signatures:
    """The signatures of one clinic; *required* says that it prints approved texts only."""

    approvals: "Mapping[str, Approval]"
    required: bool


def read_signatures(folder: Path | None) -> Signatures:
    """Return what `approvals.yaml` and `careplan.toml` in *folder* say; raises `FragmentError`."""
    if folder is None:
        return Signatures({}, required=False)
    return Signatures(read_approvals(folder), load_settings(folder).require_approval)


def read_approvals(folder: Path) -> "Mapping[str, Approval]":
    """Return the signatures in *folder* by text; none where nobody has signed yet."""
    from careplan.content.approvals import Approvals  # noqa: PLC0415 - slow to import
    from careplan.content.library import read_fragment  # noqa: PLC0415

    if not (folder / FILE).is_file():
        return {}
    approvals, _ = read_fragment(folder / FILE, kinds={"approvals": Approvals})
    assert isinstance(approvals, Approvals)
    return approvals.by_text


def write_approvals(folder: Path, approvals: "Iterable[Approval]") -> None:
    """Write the signatures, one on a line in the order of their texts."""
    lines = [_line(one) for one in sorted(approvals, key=lambda one: one.fragment)]
    body = "approvals:\n" + "\n".join(lines) + "\n" if lines else "approvals: []\n"
    write_whole(folder / FILE, (_HEAD + body).encode(), private=False)


def _line(approval: "Approval") -> str:
    fields = approval.model_dump(mode="json", exclude_none=True)
    # A quoted word is the same in JSON and in YAML, whatever a name is made of.
    quoted = ("by", "role", "fingerprint")
    words = [
        f"{key}: {json.dumps(value, ensure_ascii=False) if key in quoted else value}"
        for key, value in fields.items()
    ]
    return f"  - {{{', '.join(words)}}}"


def signed_copy(folder: Path, text: "SignedText", approval: "Approval | None") -> dict[str, Any] | None:
    """Return what *text* said when it was signed; None where that is not known."""
    path = _copy_of(folder, text.name)
    if approval is None or not path.is_file():
        return None
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        data = kept["text"] if kept["fingerprint"] == approval.fingerprint else None
    except (ValueError, KeyError, TypeError):
        return None
    return data if isinstance(data, dict) else None


def keep_copy(folder: Path, text: "SignedText") -> None:
    """Keep what *text* says, so that the next signature can show what changed since."""
    path = _copy_of(folder, text.name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{path.parent} cannot be made: {(error.strerror or 'unknown reason').lower()}."
        raise OutputError(message) from None
    kept = {"fingerprint": text.fingerprint, "text": text.data}
    write_whole(path, (json.dumps(kept, indent=1, ensure_ascii=False) + "\n").encode(), private=False)


def drop_copy(folder: Path, name: str) -> None:
    """Forget what the text *name* said when it was signed."""
    _copy_of(folder, name).unlink(missing_ok=True)


def _copy_of(folder: Path, name: str) -> Path:
    return folder / "signed" / f"{name}.json"


def told(standing: "Standing") -> str:
    """Return in a sentence how a text stands with its signature."""
    text, approval = standing.text, standing.approval
    if approval is None:
        return "never signed"
    if standing.state == "changed":
        versions = "" if approval.version in (None, text.version) else (
            f" (version {approval.version} then, {text.version} today)"
        )
        return f"changed since {approval.by} signed it on {approval.on}{versions}"
    if standing.state == "lapsed":
        return f"the approval by {approval.by} ended on {approval.until}"
    if standing.state == "not-yet":
        return f"the approval by {approval.by} begins on {approval.on}"
    return f"approved by {approval.signer} until {approval.until}"


def refuse_unapproved(
    plan: "Plan", texts: "Mapping[str, SignedText]", signatures: Signatures, day: dt.date
) -> None:
    """Raise `UnapprovedPlanError` with what to sign, where the clinic prints approved texts only."""
    to_sign = what_to_sign(plan, texts, signatures, day) if signatures.required else ()
    if to_sign:
        names = [one.text.name for one in to_sign]
        listed = "\n".join(f"  {one.text.name}: {told(one)}" for one in to_sign)
        message = (
            "This clinic prints approved texts only (require_approval in careplan.toml). Not approved:\n"
            f"{listed}\nRead them, then sign:\n"
            f"  careplan approve {' '.join(names)} --by NAME --until YYYY-MM-DD"
        )
        raise UnapprovedPlanError(message)


def what_to_sign(
    plan: "Plan", texts: "Mapping[str, SignedText]", signatures: Signatures, day: dt.date
) -> "Sequence[Standing]":
    """Return every text of *plan* without a signature that holds on *day*."""
    from careplan.content.signing import stand  # noqa: PLC0415 - slow to import

    return [
        stand(texts[one.name], signatures.approvals.get(one.name), day)
        for one in (*plan.origins, *plan.shared) if one.until is None
    ]
