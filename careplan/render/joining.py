"""Many handouts in one file to print.

Each one stays what it is in a file of its own: it is read aloud in the same order and found by
its bookmarks, and its links, cells and fields are its own. What several are drawn with is there once.
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from careplan.problems import OutputError
from careplan.render.provenance import KEY as RECORD
from careplan.render.provenance import joined_record
from careplan.render.stored import Seen, Stored

# Where a print file keeps what it was made from; other programs leave entries they do not know.
KEY = "/CareplanPrint"
# What a field may name to say how its text looks.
_LOOKS = ("/ColorSpace", "/ExtGState", "/Font")
_NAME = re.compile(r"/[^\s/\[\]()<>]+")
_DAMAGE = (zlib.error, ValueError, TypeError, KeyError, AttributeError)


@dataclass(frozen=True)
class Piece:
    """A tagged PDF, in a file or in memory, and what its bookmark says: never who the patient is.

    Without a *title* it has no bookmarks.
    """

    source: Path | bytes
    title: str = ""


@dataclass(frozen=True)
class Joined:
    """What was written: how many pages, and the page, counted from 1, on which each piece begins."""

    pages: int
    starts: tuple[int, ...]


def join(pieces: Sequence[Piece], title: str, mark: str, target: BinaryIO, *, duplex: bool) -> Joined:
    """Write *pieces* one after the other to *target*; the same pieces give the same bytes.

    With *duplex* each begins on the front of a sheet. The file is called *title* and keeps *mark*.
    Raises `OutputError` that names the file which is missing, damaged or not tagged.
    """
    file = _PrintFile()
    starts = []
    for number, piece in enumerate(pieces, start=1):
        if duplex and file.pages % 2:
            file.add_blank_page()
        starts.append(file.pages + 1)
        with _opened(piece.source) as document:
            # All as long, so that the names of one piece stand before those of the next.
            file.add(document, f"{number:0{len(str(len(pieces)))}}-", piece.title)
    file.save(target, title, mark, duplex=duplex)
    return Joined(file.pages, tuple(starts))


def read_mark(path: Path) -> str:
    """Return what the print file *path* keeps; nothing where it is none, or cannot be read."""
    import pikepdf  # noqa: PLC0415 - slow to import

    try:
        with pikepdf.open(path) as document:
            return str(document.docinfo.get(KEY, ""))
    except (pikepdf.PdfError, OSError, *_DAMAGE):
        return ""


@contextmanager
def _opened(source: Path | bytes) -> Iterator[Any]:
    """Open a piece, and tell in words what is wrong with it."""
    import pikepdf  # noqa: PLC0415 - slow to import

    name = str(source) if isinstance(source, Path) else "A page of the print file"
    damaged = f"{name} is no PDF file, or it is damaged."
    try:
        data = source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        message = f"{name} cannot be read: {(error.strerror or 'unknown reason').lower()}."
        raise OutputError(message) from None
    try:
        with pikepdf.open(BytesIO(data), attempt_recovery=False) as document:
            if "/StructTreeRoot" not in document.Root:
                message = f"{name} was not written by careplan: it cannot be read aloud."
                raise OutputError(message)
            yield document
            if document.get_warnings():
                raise OutputError(damaged)
    except pikepdf.PasswordError:
        message = f"{name} is locked with a password."
        raise OutputError(message) from None
    except (pikepdf.PdfError, *_DAMAGE):
        raise OutputError(damaged) from None


class _PrintFile:
    """A print file as it grows: one structure, one outline and one form for all its pieces."""

    def __init__(self) -> None:
        import pikepdf  # noqa: PLC0415 - slow to import

        self._pdf = pikepdf.new()
        self._stored = Stored(self._pdf)
        make = self._pdf.make_indirect
        self._tree = make(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
        self._whole = make(pikepdf.Dictionary(
            Type=pikepdf.Name.StructElem, S=pikepdf.Name.Document, P=self._tree,
        ))
        self._outline = make(pikepdf.Dictionary(Type=pikepdf.Name.Outlines))
        self._parts: list[Any] = []
        self._entries: list[Any] = []
        # Each piece's own leaf of the trees in which things are found by number or name.
        self._parents: list[Any] = []
        self._ids: list[Any] = []
        self._places: list[Any] = []
        self._next = 0
        # What the files call their own kinds of elements and attributes.
        self._kinds: dict[str, dict[str, Any]] = {"/RoleMap": {}, "/ClassMap": {}}
        self._fields: list[Any] = []
        self._looks: dict[str, dict[str, Any]] = {}
        self._language = ""
        self._records: list[str] = []
        self.pages = 0

    def add_blank_page(self) -> None:
        """Add an empty page as large as the last one."""
        box = [float(edge) for edge in self._pdf.pages[-1].mediabox]
        self._pdf.add_blank_page(page_size=(box[2] - box[0], box[3] - box[1]))
        self.pages += 1

    def add(self, source: Any, prefix: str, title: str) -> None:
        """Add all of *source*; every name in it begins with *prefix* from then on."""
        import pikepdf  # noqa: PLC0415 - slow to import

        seen: Seen = {}
        self._records.append(str(source.docinfo.get(RECORD, "")))
        _rename(source, prefix)
        form = source.Root.get("/AcroForm", {})
        self._take_looks(source, form, prefix, seen)
        drawn = [self._take_drawn(page.obj, seen) for page in source.pages]
        for page in source.pages:
            self._pdf.pages.append(page)
        # What names pages can be copied once the pages are.
        moved = self._pdf.copy_foreign(source.make_indirect(pikepdf.Dictionary(
            Tree=source.Root.StructTreeRoot,
            Places=pikepdf.Array([part for pair in _places(source, prefix) for part in pair]),
            Outline=source.Root.get("/Outlines", pikepdf.Dictionary()),
            Fields=form.get("/Fields", pikepdf.Array()),
        )))
        pages = [page.obj for page in self._pdf.pages[self.pages:]]
        self.pages += len(pages)
        for page, parts in zip(pages, drawn, strict=True):
            _give_back(page, parts, self._next)
        self._add_tags(moved.Tree, title, str(source.Root.Lang))
        self._add_leaf(self._places, "/Names", list(moved.Places))
        if title:
            self._add_bookmarks(moved.Outline, title, pages[0])
        self._fields.extend(moved.Fields)

    def _take_looks(self, source: Any, form: Any, prefix: str, seen: Seen) -> None:
        """Keep what the fields' texts look like; what has another's name gets one of its own."""
        renamed = {}
        for kind in _LOOKS:
            kept = self._looks.setdefault(kind, {})
            for name, one in form.get("/DR", {}).get(kind, {}).items():
                stored = self._stored.put(one, seen)
                if name in kept and kept[name].unparse() != stored.unparse():
                    renamed[name] = f"/{prefix}{name[1:]}"
                kept[renamed.get(name, name)] = stored
        for annotation in _annotations(source) if renamed else ():
            if "/DA" in annotation:
                annotation.DA = _NAME.sub(lambda one: renamed.get(one[0], one[0]), str(annotation.DA))

    def _take_drawn(self, page: Any, seen: Seen) -> "_Drawn":
        """Take from *page* what it and the fields on it are drawn with, and return it as it is stored."""
        looks = []
        for number, annotation in enumerate(page.get("/Annots", ())):
            if "/AP" in annotation:
                looks.append((number, self._stored.put(annotation.AP, seen)))
                del annotation.AP
        drawn = _Drawn(self._stored.put(page.Contents, seen), self._stored.put(page.Resources, seen), looks)
        del page.Contents, page.Resources
        return drawn

    def _add_tags(self, tree: Any, title: str, language: str) -> None:
        import pikepdf  # noqa: PLC0415 - slow to import

        part, = tree.K
        # A document holds parts; one document inside another is for later versions of PDF.
        part.S, part.P = pikepdf.Name.Part, self._whole
        if title:
            part.T = title
        self._language = self._language or language
        if language != self._language:
            part.Lang = language
        self._parts.append(part)
        for kind, kept in self._kinds.items():
            for name, one in tree.get(kind, {}).items():
                if kept.setdefault(name, one) != one:
                    raise ValueError(name)
        numbers = {self._next + int(key): value for key, value in _pairs(tree.ParentTree, "/Nums")}
        self._add_leaf(self._parents, "/Nums", [
            part for key in sorted(numbers) for part in (key, numbers[key])
        ])
        self._next = max(numbers, default=self._next - 1) + 1
        self._add_leaf(self._ids, "/Names", [
            part for _, cell in _pairs(tree.get("/IDTree", {}), "/Names") for part in (cell.ID, cell)
        ])

    def _add_bookmarks(self, outline: Any, title: str, page: Any) -> None:
        import pikepdf  # noqa: PLC0415 - slow to import

        top = page.MediaBox[3]
        entry = self._pdf.make_indirect(pikepdf.Dictionary(
            Title=title, Parent=self._outline, Dest=[page, pikepdf.Name.XYZ, 0, top, 0],
        ))
        if "/First" in outline:
            entry.First, entry.Last = outline.First, outline.Last
            # Closed, so that the pieces are seen as a list.
            entry.Count = -int(outline.Count)
            child = outline.First
            while child is not None:
                child.Parent = entry
                child = child.get("/Next")
        if self._entries:
            self._entries[-1].Next, entry.Prev = entry, self._entries[-1]
        self._entries.append(entry)

    def _add_leaf(self, leaves: list[Any], kind: str, pairs: list[Any]) -> None:
        """Add to the *leaves* of a tree one that holds *pairs*, if there are any."""
        import pikepdf  # noqa: PLC0415 - slow to import

        if pairs:
            leaf = {"/Limits": pikepdf.Array([pairs[0], pairs[-2]]), kind: pikepdf.Array(pairs)}
            leaves.append(self._pdf.make_indirect(pikepdf.Dictionary(leaf)))

    def save(self, target: BinaryIO, title: str, mark: str, *, duplex: bool) -> None:
        """Write the file to *target*, with what it says of itself."""
        import pikepdf  # noqa: PLC0415 - slow to import

        root = self._pdf.Root
        self._whole.K, self._tree.K = pikepdf.Array(self._parts), pikepdf.Array([self._whole])
        self._tree.ParentTree = pikepdf.Dictionary(Kids=self._parents)
        self._tree.ParentTreeNextKey = self._next
        for kind, kept in self._kinds.items():
            if kept:
                self._tree[kind] = pikepdf.Dictionary(kept)
        if self._ids:
            self._tree.IDTree = pikepdf.Dictionary(Kids=self._ids)
        root.StructTreeRoot = self._tree
        if self._places:
            root.Names = pikepdf.Dictionary(Dests=pikepdf.Dictionary(Kids=self._places))
        if self._entries:
            self._outline.First, self._outline.Last = self._entries[0], self._entries[-1]
            self._outline.Count = len(self._entries)
            root.Outlines = self._outline
        if self._fields:
            root.AcroForm = pikepdf.Dictionary(
                Fields=self._fields, DR=pikepdf.Dictionary(self._looks), NeedAppearances=True,
            )
        root.Lang, root.MarkInfo = self._language, pikepdf.Dictionary(Marked=True)
        root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        if duplex:
            root.ViewerPreferences.Duplex = pikepdf.Name.DuplexFlipLongEdge
        with self._pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            metadata["dc:title"], metadata["pdfuaid:part"] = title, "1"
        self._pdf.docinfo["/Title"], self._pdf.docinfo[KEY] = title, mark
        if record := joined_record(self._records):
            self._pdf.docinfo[RECORD] = record
        self._pdf.save(
            target, min_version="1.7", deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )


@dataclass(frozen=True)
class _Drawn:
    """What a page is drawn with, and what those of its annotations look like that say it."""

    contents: Any
    resources: Any
    looks: list[tuple[int, Any]]


def _give_back(page: Any, drawn: _Drawn, first: int) -> None:
    """Give *page* what it is drawn with, and count it and its annotations from *first* on."""
    page.Contents, page.Resources = drawn.contents, drawn.resources
    if "/StructParents" in page:
        page.StructParents += first
    for annotation in page.get("/Annots", ()):
        if "/StructParent" in annotation:
            annotation.StructParent += first
    for number, look in drawn.looks:
        page.Annots[number].AP = look


def _rename(document: Any, prefix: str) -> None:
    """Put *prefix* before the names by which cells, places and fields of *document* are found."""
    import pikepdf  # noqa: PLC0415 - slow to import

    for one in document.objects:
        if isinstance(one, pikepdf.Dictionary) and "/S" in one and "/P" in one:
            if "/ID" in one:
                one.ID = _own(one.ID, prefix)
            about = one.get("/A")
            if isinstance(about, pikepdf.Dictionary) and "/Headers" in about:
                about.Headers = pikepdf.Array([_own(name, prefix) for name in about.Headers])
    for annotation in _annotations(document):
        for holder, key in ((annotation, "/Dest"), (annotation.get("/A", {}), "/D")):
            if isinstance(holder.get(key), pikepdf.String):
                holder[key] = _own(holder[key], prefix)
    for field in document.Root.get("/AcroForm", {}).get("/Fields", ()):
        field.T = f"{prefix}{field.T}"


def _own(name: Any, prefix: str) -> Any:
    import pikepdf  # noqa: PLC0415 - slow to import

    return pikepdf.String(prefix.encode() + bytes(name))


def _annotations(document: Any) -> Iterator[Any]:
    for page in document.pages:
        yield from page.obj.get("/Annots", ())


def _places(document: Any, prefix: str) -> Iterator[tuple[Any, Any]]:
    """Yield the places of *document* that have a name, by names that begin with *prefix*."""
    for name, place in _pairs(document.Root.get("/Names", {}).get("/Dests", {}), "/Names"):
        yield _own(name, prefix), place


def _pairs(tree: Any, kind: str) -> Iterator[tuple[Any, Any]]:
    """Yield what is found in a *tree* of names or numbers, with what each leads to."""
    for branch in tree.get("/Kids", ()):
        yield from _pairs(branch, kind)
    flat = list(tree.get(kind, ()))
    yield from zip(flat[::2], flat[1::2], strict=True)
