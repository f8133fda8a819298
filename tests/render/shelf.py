"""Handouts and sheets that are printed once and looked at by many tests."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from gallery import DEMO, GALLERY

from careplan.content.clinic import Clinic
from careplan.content.library import Library
from careplan.content.resources import templates_folder
from careplan.content.validation import check_given
from careplan.content.wording import Wording
from careplan.files import write_whole
from careplan.planning.compose import compose
from careplan.planning.plan import Plan
from careplan.planning.request import Request
from careplan.render import Form, render
from careplan.render.handout import lay_out_handout
from careplan.render.pdf import write
from careplan.render.provenance import record_of
from careplan.render.sheets import lay_out_handoff, lay_out_sheet

# What stays in one piece, by its class.
WHOLE = frozenset({
    "row", "help-box", "starts", "limits-pictures", "pictured-row", "body-outline", "goals", "pain-scale",
    "measure", "write-lines", "provenance", "device-card",
})


class Piece(NamedTuple):
    """What of an element is on a page: its lines or items, or 1 for what stays whole."""

    element: int
    tag: str
    classes: list[str]
    words: str
    number: int


class Leaf(NamedTuple):
    """What only the layout knows of a page: margins in millimetres, and pieces of elements.

    *margins* are left, top, right and bottom.
    """

    margins: list[float]
    pieces: list[Piece]


@dataclass(frozen=True)
class Copy:
    """A handout or sheet as it was printed."""

    data: bytes
    leaves: tuple[Leaf, ...]


class Shelf:
    """Prints what is asked for once; its folder is shared by all processes that test."""

    def __init__(self, folder: Path, library: Library, clinic: Clinic, wording: Wording) -> None:
        self._folder, self._known = folder, dict[str, Copy]()
        self._library, self._clinic, self._wording = library, clinic, wording

    def plan(
        self, request: Mapping[str, Any], clinic: Mapping[str, Any] = MappingProxyType({})
    ) -> Plan:
        """Return the plan of the demo with other fields in its *request* and for another *clinic*."""
        asked = check_given(Request, {**DEMO, **request}, "test")
        return compose(self._library, asked, self._clinic.model_copy(update=dict(clinic)), self._wording)

    def copy(
        self, form: Form = "pdf", clinic: Mapping[str, Any] = MappingProxyType({}), **request: Any
    ) -> Copy:
        """Return the demo's plan, with other fields in its *request* or for another *clinic*, in a *form*."""
        plan = self.plan(request, clinic)
        # A plan's fingerprint is the same for every patient.
        asked = f"{plan.fingerprint} {plan.request.patient} {form}"
        name = hashlib.sha256(asked.encode()).hexdigest()
        if name not in self._known:
            path = self._folder / name
            if not path.exists():
                # Two processes may print the same at the same time; one of the two alike files stays.
                write_whole(path, _packed(printed(plan, form, self._wording)))
            self._known[name] = _unpacked(path.read_bytes())
        return self._known[name]

    def data(self, form: Form = "pdf", **request: Any) -> bytes:
        """Return the same as the bytes of a file."""
        return self.copy(form, **request).data

    def of_gallery(self, name: str) -> Copy:
        """Return a handout or sheet of the gallery."""
        one = GALLERY[name]
        return self.copy(one.form, one.clinic, **one.request)


def printed(plan: Plan, form: Form, wording: Wording) -> Copy:
    """Print *plan* as `render` does, and keep what its layout knows."""
    if form == "html":
        return Copy(render(plan, form, wording, templates_folder()), ())
    if form == "pdf":
        document = lay_out_handout(plan, wording, templates_folder())
    elif form == "handoff":
        document = lay_out_handoff(plan, wording, templates_folder())
    else:
        document = lay_out_sheet(plan, wording, templates_folder(), form)
    return copy_of(document, record_of(plan))


def copy_of(document: Any, record: str = "") -> Copy:
    """Return what a laid-out *document* is on paper."""
    known: dict[Any, int] = {}
    leaves = []
    for page in document.pages:
        box = page._page_box  # noqa: SLF001 - it alone knows the margins of a named page
        edges = (box.margin_left, box.margin_top, box.margin_right, box.margin_bottom)
        leaves.append(Leaf([edge * 25.4 / 96 for edge in edges], list(_pieces(box, known))))
    return Copy(write(document, record), tuple(leaves))


def _pieces(box: Any, known: dict[Any, int]) -> Iterator[Piece]:
    """Yield what of elements is in a laid-out box; *known* numbers the elements."""
    element, kind = box.element, box.element_tag
    classes = (element.get("class") or "").split() if element is not None else []
    children = getattr(box, "children", ())
    number = 0
    if kind == "thead":
        return
    if kind in ("p", "li"):
        number = sum(type(one).__name__ == "LineBox" for one in _below(box))
    elif kind in ("ul", "ol"):
        number = sum(child.element_tag == "li" for child in children)
    elif kind == "tr" or WHOLE.intersection(classes):
        number = 1
    if number:
        words = " ".join("".join(element.itertext()).split())[:60]
        yield Piece(known.setdefault(element, len(known)), element.tag, classes, words, number)
    for child in children:
        yield from _pieces(child, known)


def _below(box: Any) -> Iterator[Any]:
    """Yield the boxes in a box, at any depth."""
    for child in getattr(box, "children", ()):
        yield child
        yield from _below(child)


def _packed(copy: Copy) -> bytes:
    return json.dumps(copy.leaves).encode() + b"\n" + copy.data


def _unpacked(packed: bytes) -> Copy:
    leaves, _, data = packed.partition(b"\n")
    return Copy(data, tuple(
        Leaf(margins, [Piece(*one) for one in pieces]) for margins, pieces in json.loads(leaves)
    ))


def shared_folder(own: Path) -> Path:
    """Return a folder for all processes that test; *own* is that of this one."""
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shelf"
    folder.mkdir(exist_ok=True)
    return folder
