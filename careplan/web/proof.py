"""One look at the files as they are saved: the handout, or why there is none."""

import datetime as dt
import io
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from careplan.content.clinic import Clinic
from careplan.content.library import check_library, load_library, read_fragment
from careplan.content.source import read_source
from careplan.content.wording import Wording, load_wording
from careplan.planning.compose import compose
from careplan.planning.plan import Plan
from careplan.planning.request import Request
from careplan.planning.specimen import specimen
from careplan.problems import CareplanError, FragmentError, Location, Problem, UnsafePlanError
from careplan.render import render
from careplan.render.html import forget_styles

# The intervention of the demo, which a therapy or a factor joins to be seen.
_USUAL = {"intervention": "epidural-steroid-injection", "options": {"site": ["lumbar"]}}


@dataclass(frozen=True)
class Subject:
    """What is looked at: a fragment or rule by its id, or the request in a file."""

    plans: Path
    templates: Path
    name: str = ""
    request: Path | None = None
    clinic: Path | None = None
    folder: Path | None = None
    date: dt.date | None = None

    def __str__(self) -> str:
        """Return its name as the page and the terminal show it."""
        return self.request.name if self.request else self.name


@dataclass(frozen=True)
class Stop:
    """A safety rule that stops the plan: what it says, and what can be done."""

    rule: str
    reason: str
    help: str


@dataclass(frozen=True)
class Proof:
    """The handout of the files as they are saved; without one, why."""

    plan: Plan | None = None
    wording: Wording | None = None
    html: str = ""
    stops: tuple[Stop, ...] = ()
    problems: tuple[Problem, ...] = ()


def make_proof(subject: Subject) -> Proof:
    """Return the handout of *subject*; whatever keeps it from being made is part of the answer."""
    try:
        plan, wording = _plan(subject)
        forget_styles()
        html = render(plan, "html", wording, subject.templates).decode()
    except UnsafePlanError as error:
        return Proof(stops=_stops(str(error)))
    except FragmentError as error:
        return Proof(problems=error.problems)
    except CareplanError as error:
        return Proof(problems=_told(subject, error))
    except Exception as error:  # noqa: BLE001 - a template that is being edited may fail in any way
        return Proof(problems=(_crash(error, subject.templates),))
    return Proof(plan, wording, html)


def find_problems(subject: Subject) -> tuple[Problem, ...]:
    """Return every problem of the library and of the files of *subject*, the worst first."""
    problems: list[Problem] = []
    try:
        problems += check_library(subject.plans, clinic_folder=subject.folder)
    except CareplanError as error:
        problems += _told(subject, error)
    for read in (_clinic_of, _request_of):
        try:
            read(subject)
        except FragmentError as error:
            problems += error.problems
        except CareplanError as error:
            problems += _told(subject, error)
    return in_order(problems)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return *problems* once each: what must be mended first, then by place."""
    levels = ("problem", "warning", "note")
    # What a reference misses is often a fragment that has a mistake of its own.
    return tuple(sorted(
        set(problems),
        key=lambda one: (levels.index(one.level), one.code == "unknown-id", one.location, one.code),
    ))


def print_pages(proof: Proof, templates: Path) -> tuple[bytes, int]:
    """Return the PDF of *proof* and its number of pages; raises `CareplanError`."""
    import pikepdf  # noqa: PLC0415 - slow to import, and only for who asks for pages

    assert proof.plan is not None
    assert proof.wording is not None
    data = render(proof.plan, "pdf", proof.wording, templates)
    with pikepdf.Pdf.open(io.BytesIO(data)) as pdf:
        return data, len(pdf.pages)


def _plan(subject: Subject) -> tuple[Plan, Wording]:
    clinic = _clinic_of(subject)
    library = load_library(subject.plans, subject.folder)
    usual = Request.model_validate({**_USUAL, "date": subject.date})
    request = _request_of(subject) or specimen(library, subject.name, usual)
    wording = load_wording(subject.templates, request.language or clinic.language)
    return compose(library, request, clinic, wording), wording


def _clinic_of(subject: Subject) -> Clinic:
    if subject.clinic is None:
        return Clinic(kind="clinic")
    clinic, _ = read_fragment(subject.clinic, kinds={"clinic": Clinic})
    assert isinstance(clinic, Clinic)
    return clinic


def _request_of(subject: Subject) -> Request | None:
    if subject.request is None:
        return None
    request, _ = read_fragment(subject.request, kinds={"request": Request})
    assert isinstance(request, Request)
    return request.model_copy(update={"date": subject.date}) if subject.date else request


def _stops(message: str) -> tuple[Stop, ...]:
    """Return the rules that *message* names: a line for each, and indented below it what to do."""
    stops: list[Stop] = []
    for line in message.splitlines():
        if line.startswith("  ") and stops:
            stops[-1] = replace(stops[-1], help=f"{stops[-1].help} {line.strip()}".strip())
        else:
            rule, _, reason = line.partition(": ")
            stops.append(Stop(rule, reason, ""))
    return tuple(stops)


def _told(subject: Subject, error: CareplanError) -> tuple[Problem, ...]:
    """Return what *error* says, at the request where there is one."""
    place = Location(str(subject))
    if subject.request:
        try:
            source = read_source(subject.request)
        except CareplanError:
            place = Location(str(subject.request))
        else:
            place = source.locate(("intervention",))
            return (source.problem(place, str(error), "cannot-be-planned"),)
    return (Problem(place, str(error), "cannot-be-planned"),)


def _crash(error: Exception, templates: Path) -> Problem:
    """Return what went wrong where nothing should: in a template that somebody edits, or in careplan."""
    frames = [(frame.filename, frame.lineno or 0) for frame in traceback.extract_tb(error.__traceback__)]
    # A template that cannot be read knows its own place; one that fails later is the last one called.
    own = (str(getattr(error, "filename", None) or ""), int(getattr(error, "lineno", None) or 0))
    inside = [one for one in [own, *reversed(frames)] if one[0].startswith(str(templates))]
    file, line = (inside or [*reversed(frames), ("careplan", 0)])[0]
    lines = Path(file).read_text(encoding="utf-8").splitlines() if inside else []
    excerpt = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    where = f"templates/{Path(file).relative_to(templates).as_posix()}" if inside else file
    sentence = f"{type(error).__name__}: {error}"
    return Problem(Location(where, line, 1 if line else 0), sentence, "cannot-be-printed", excerpt=excerpt)
