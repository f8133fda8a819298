"""What all rows of a batch share, gathered once before the first row is looked at."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from careplan.content.approvals import Approval
from careplan.content.clinic import Clinic
from careplan.content.library import Library
from careplan.content.wording import Wording, load_wording
from careplan.planning.plan import Plan
from careplan.planning.request import Request
from careplan.render import Form

# What decides, beside careplan's own files, how a page looks.
_PARTS = ("careplan", "weasyprint", "pydyf", "pikepdf")


@dataclass(frozen=True)
class Stock:
    """The texts, the clinic and the form of a batch, as they were when it began.

    *approved* are the signatures that hold on *day*; with *approved_only*, no other text is printed.
    *made_with* is the state of careplan itself, which has to be the same wherever rows are printed.
    """

    library: Library
    clinic: Clinic
    approved: Mapping[str, Approval]
    day: dt.date
    form: Form
    made_with: str
    approved_only: bool = False

    def language_of(self, request: Request) -> str:
        """Return the language in which *request* is printed."""
        return request.language or self.clinic.language

    def key_of(self, plan: Plan) -> str:
        """Return a SHA-256 over all that the pages of *plan* depend on, but for the patient's name."""
        signed = [(one.name, one.by, str(one.until)) for one in (*plan.origins, *plan.shared)]
        parts = [self.made_with, self.form, plan.fingerprint, repr(signed)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def key_for(key: str, name: str | None) -> str:
    """Return *key* for the pages that also carry the patient's *name*."""
    return hashlib.sha256(f"{key}\n{name}".encode()).hexdigest() if name else key


@lru_cache
def wording_in(templates: Path, language: str) -> Wording:
    """Return the words of *language*, read once; raises `RequestError` if there are none."""
    return load_wording(templates, language)


@lru_cache
def made_with(templates: Path) -> str:
    """Return a SHA-256 over the versions and files that decide how a page looks."""
    state = hashlib.sha256(" ".join(f"{one} {version(one)}" for one in _PARTS).encode())
    for path in sorted(path for path in templates.rglob("*") if path.is_file()):
        state.update(path.relative_to(templates).as_posix().encode() + b"\0")
        state.update(hashlib.sha256(path.read_bytes()).digest())
    return state.hexdigest()
