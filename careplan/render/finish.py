"""The last pass over a written PDF: what WeasyPrint leaves out of PDF/UA.

Page furniture becomes an artifact, so that it is not read aloud on every page; each header
cell says whether it heads a column or a row, and can be found by its name; links are printed.
The file also keeps what it was made from.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from careplan.render.provenance import KEY

# How WeasyPrint marks text; text itself is written in hex, so nothing in it looks like this.
_MARK = re.compile(rb"/[A-Za-z]+\s+<</MCID (\d+)>>\s+BDC")
_FURNITURE = b"/Artifact\n<</Type /Pagination>>\nBDC"
_PRINTED = 4

_Place = tuple[int, int]


@dataclass(frozen=True)
class Overlay:
    """A page, as a PDF of its own, that is laid over all pages behind the first *after* ones."""

    data: bytes
    after: int


def finish(data: bytes, record: str = "", overlay: Overlay | None = None) -> bytes:
    """Return the tagged PDF *data* finished for PDF/UA; the same bytes give the same bytes.

    *record* is what the file keeps of what it was made from, and *overlay* becomes page furniture.
    """
    import pikepdf  # noqa: PLC0415 - only needed to print

    finished = BytesIO()
    with pikepdf.open(BytesIO(data)) as document:
        root = document.Root.StructTreeRoot
        _hide_furniture(root, document.pages)
        names = {}
        for one in document.objects:
            if isinstance(one, pikepdf.Dictionary):
                if one.get("/S") == "/TH":
                    one.A.Scope = pikepdf.Name(f"/{_scope(one)}")
                    names[bytes(one.ID)] = one
                elif one.get("/Subtype") == "/Link":
                    one.F = _PRINTED
        if overlay:
            _lay_over(document, overlay)
        if names:
            pairs = [part for name in sorted(names) for part in (pikepdf.String(name), names[name])]
            root.IDTree = pikepdf.Dictionary(Names=pikepdf.Array(pairs))
        if record:
            document.docinfo[KEY] = record
        # The file's number is made from its content instead of the clock.
        document.save(finished, deterministic_id=True)
    return finished.getvalue()


def _hide_furniture(root: Any, pages: Iterable[Any]) -> None:
    """Make artifacts of all marked text whose element hangs outside the structure tree."""
    top = root.K[0]
    # Whether the element at a place in the file can be reached from the root.
    reached = {child.objgen: True for child in top.K}
    marked = dict(_pairs(list(root.ParentTree.Nums)))
    for page in pages:
        elements = marked[int(page.obj.StructParents)]
        loose = {
            number for number, element in enumerate(elements)
            if not _is_reached(element, reached, top.objgen)
        }
        if loose:
            content = page.obj.Contents
            content.write(_MARK.sub(partial(_unmarked, loose), content.read_bytes()))
            for number in loose:
                elements[number] = None


def _lay_over(document: Any, overlay: Overlay) -> None:
    """Draw the page of *overlay* once, and show it in the margins of its pages."""
    import pikepdf  # noqa: PLC0415 - only needed to print

    with pikepdf.open(BytesIO(overlay.data)) as other:
        drawn = document.copy_foreign(other.pages[0].as_form_xobject())
    for page in document.pages[overlay.after :]:
        # A name of our own, for the same bytes each time; WeasyPrint's names are small letters and numbers.
        page.add_resource(drawn, pikepdf.Name.XObject, pikepdf.Name.Overlay)
        shown = b"Q\n" + _FURNITURE + b"\n/Overlay Do\nEMC\n"
        # WeasyPrint turns a page's coordinates upside down and leaves them so.
        page.contents_add(document.make_stream(b"q\n"), prepend=True)
        page.contents_add(document.make_stream(shown))


def _pairs(nums: list[Any]) -> Iterator[tuple[int, Any]]:
    return zip(map(int, nums[::2]), nums[1::2], strict=True)


def _is_reached(element: Any, reached: dict[_Place, bool], top: _Place) -> bool:
    """Return whether *element* hangs in the tree; what does not says *top* is its parent all the same."""
    place = element.objgen
    if place not in reached:
        parent = element.P
        reached[place] = parent.objgen != top and _is_reached(parent, reached, top)
    return reached[place]


def _unmarked(loose: set[int], mark: re.Match[bytes]) -> bytes:
    return _FURNITURE if int(mark[1]) in loose else mark[0]


def _scope(cell: Any) -> str:
    """Return what a header cell heads: a row if it stands beside cells that are no headers."""
    row = cell.P
    is_beside_cells = row.P.S != "/THead" and any(other.S == "/TD" for other in row.K)
    return "Row" if is_beside_cells else "Column"
