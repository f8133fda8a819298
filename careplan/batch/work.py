"""What a worker does: check what is asked for, and print the rows that ask for the same plan."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from careplan.batch.stock import Stock, wording_in
from careplan.content.resources import templates_folder
from careplan.files import write_whole
from careplan.planning.compose import compose
from careplan.planning.doubts import doubts
from careplan.planning.plan import Plan
from careplan.planning.request import Request
from careplan.problems import CareplanError, OutputError, RequestError, UnsafePlanError
from careplan.render import refuse_empty

if TYPE_CHECKING:
    from careplan.render.shared import SharedPages


@dataclass(frozen=True)
class Body:
    """What rows ask for that differ in the patient's name only; *key* tells one from another."""

    key: str
    request: Request


def body_of(request: Request) -> Body:
    """Return *request* without the patient."""
    bare = request.model_copy(update={"patient": None})
    return Body(bare.model_dump_json(), bare)


@dataclass(frozen=True)
class Checked:
    """What is known of a body before it is printed.

    *key* stands for all that its pages are made of. *title*, *date* and the *chosen* options are as
    they are printed; *asks* are the rules that leave something to be answered. Where it cannot be
    printed, *refused* says why, *code* what kind of problem that is, and *field* where in the request
    it is.
    """

    key: str = ""
    language: str = ""
    title: str = ""
    date: str = ""
    chosen: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    refused: str = ""
    code: str = ""
    field: str = ""


@dataclass(frozen=True)
class Order:
    """A handout to be printed: the *request* without the patient, whose *name* goes on its pages.

    It is written to *target*; without one, its bytes are handed back. *is_only* says that no other
    handout of the batch shares its pages.
    """

    row: int
    request: Request
    name: str | None = field(repr=False)
    target: Path | None = None
    is_only: bool = False


@dataclass(frozen=True)
class Printed:
    """A handout as it was printed, with the number of its *pages* and the SHA-256 of its bytes."""

    pages: int
    digest: str
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Refused:
    """A handout that could not be printed, and why; *disk* says that no other could be written."""

    why: str
    disk: bool = False


def check_bodies(stock: Stock, bodies: Sequence[Body]) -> Iterator[Checked]:
    """Yield what becomes of each of *bodies*, without printing it."""
    for body in bodies:
        yield _checked(stock, body.request)


def _checked(stock: Stock, request: Request) -> Checked:
    try:
        plan = _plan(stock, request)
        refuse_empty(plan, stock.form, wording_in(templates_folder(), stock.language_of(request)))
    except UnsafePlanError as error:
        way_out = (
            " Leave the therapy out, or a clinician who takes it on builds this one alone, "
            "with careplan build and --allow."
        )
        return Checked(refused=" ".join(error.reasons) + way_out, code="row-unsafe", field="therapies")
    except RequestError as error:
        return Checked(refused=str(error), code="row-request", field=error.field)
    unsigned = [one.name for one in (*plan.origins, *plan.shared) if one.until is None]
    if stock.approved_only and unsigned:
        told = f"This clinic prints approved texts only; not approved: {', '.join(unsigned)}."
        return Checked(refused=told, code="row-unapproved", field="intervention")
    return Checked(
        key=stock.key_of(plan),
        language=plan.language,
        title=plan.title,
        date=plan.date,
        chosen=plan.chosen,
        doubts=doubts(plan, stock.day),
        asks=tuple(one.rule.id for one in plan.conflicts if one.action in ("ask", "block")),
    )


def print_orders(stock: Stock, orders: Sequence[Order]) -> Iterator[Printed | Refused]:
    """Print *orders*, which ask for the same plan; what their pages share is laid out once."""
    shared = _shared_pages(stock, orders[0].request)
    for order in orders:
        yield _printed(shared, order, is_only=order.is_only)


# The rows of a body come in several shares, but one soon after the other.
_LAID_OUT = 2
_laid_out: "OrderedDict[str, SharedPages]" = OrderedDict()


def _shared_pages(stock: Stock, request: Request) -> "SharedPages":
    """Return the pages of *request*, perhaps laid out already."""
    from careplan.render.shared import SharedPages  # noqa: PLC0415 - slow to import

    templates, plan = templates_folder(), _plan(stock, request)
    key = stock.key_of(plan)
    if key not in _laid_out:
        wording = wording_in(templates, stock.language_of(request))
        _laid_out[key] = SharedPages(plan, stock.form, wording, templates)
    _laid_out.move_to_end(key)
    while len(_laid_out) > _LAID_OUT:
        _laid_out.popitem(last=False)
    return _laid_out[key]


def _printed(shared: "SharedPages", order: Order, *, is_only: bool) -> Printed | Refused:
    try:
        data = shared.printed(order.name, is_only=is_only)
    except CareplanError as error:
        return Refused(str(error))
    if order.target:
        try:
            write_whole(order.target, data)
        except OutputError as error:
            return Refused(str(error), disk=True)
    pages, digest = _counted(data)
    return Printed(pages, digest, b"" if order.target else data)


# Without a name, the rows of a body are the same bytes.
@lru_cache(maxsize=1)
def _counted(data: bytes) -> tuple[int, str]:
    """Return the number of pages of a PDF file, and its SHA-256."""
    return count_pages(data), hashlib.sha256(data).hexdigest()


def _plan(stock: Stock, request: Request) -> Plan:
    wording = wording_in(templates_folder(), stock.language_of(request))
    return compose(stock.library, request, stock.clinic, wording, stock.approved)


def count_pages(pdf: bytes | Path) -> int:
    """Return the number of pages of a PDF file; raises `OutputError` where it is none."""
    import pikepdf  # noqa: PLC0415 - only needed to print

    try:
        with pikepdf.open(BytesIO(pdf) if isinstance(pdf, bytes) else pdf) as document:
            return len(document.pages)
    except (pikepdf.PdfError, OSError):
        message = f"{pdf if isinstance(pdf, Path) else 'This'} is no PDF file, or it is damaged."
        raise OutputError(message) from None
