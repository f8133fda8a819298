"""What a listener gets from a tagged PDF: its elements in reading order, each with its text."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

import pikepdf
import pypdfium2
from pypdfium2 import raw


@dataclass
class Element:
    """An element of the structure tree; *marks* are the pages and numbers of its own pieces."""

    kind: str
    page: int
    node: pikepdf.Object = field(repr=False)
    children: list["Element"] = field(repr=False)
    own: str = ""
    marks: tuple[tuple[int, int], ...] = ()

    @property
    def text(self) -> str:
        """Return the text of the element and of all below it, in reading order."""
        return " ".join(" ".join([self.own, *(child.text for child in self.children)]).split())

    def all(self, *kinds: str) -> Iterator["Element"]:
        """Yield the elements below this one, in reading order; only of *kinds* where given."""
        for child in self.children:
            if not kinds or child.kind in kinds:
                yield child
            yield from child.all(*kinds)

    def attribute(self, name: str) -> str:
        """Return the attribute *name*, or nothing."""
        return str(self.node.get("/A", {}).get(f"/{name}", "")).removeprefix("/")


@dataclass
class Tagged:
    """A tagged PDF: its tree, and what stands on each page outside the tree."""

    document: pikepdf.Pdf
    top: Element
    furniture: list[list[str]]


def read(data: bytes) -> Tagged:
    """Return the structure of the PDF *data*."""
    document = pikepdf.open(BytesIO(data))
    texts, furniture = _texts(data)
    numbers = {page.objgen: number for number, page in enumerate(document.pages)}
    top = _element(document.Root.StructTreeRoot.K[0], numbers, texts)
    return Tagged(document, top, furniture)


def _element(
    node: pikepdf.Object, numbers: dict[tuple[int, int], int], texts: dict[tuple[int, int], str]
) -> Element:
    page = numbers.get(node.Pg.objgen, 0) if "/Pg" in node else 0
    made = Element(str(node.S)[1:], page, node, [])
    own, marks = [], []
    for kid in node.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary):
            if "/S" in kid:
                made.children.append(_element(kid, numbers, texts))
        else:
            own.append(texts.get((page, int(kid)), ""))
            marks.append((page, int(kid)))
    made.own, made.marks = " ".join(own), tuple(marks)
    return made


def _texts(data: bytes) -> tuple[dict[tuple[int, int], str], list[list[str]]]:
    """Return the text of each mark on each page, and the texts of each page without a mark."""
    marked: dict[tuple[int, int], str] = {}
    furniture: list[list[str]] = []
    with pypdfium2.PdfDocument(data) as document:
        for number, page in enumerate(document):
            words = page.get_textpage()
            furniture.append([])
            for one in page.get_objects([raw.FPDF_PAGEOBJ_TEXT]):
                text = text_of(one, words)
                # Letters that stand in the middle are kept apart in a picture, which has the mark.
                mark = raw.FPDFPageObj_GetMarkedContentID(one.container or one)
                if mark < 0:
                    furniture[-1].append(text)
                else:
                    marked[number, mark] = marked.get((number, mark), "") + text
            words.close()
            page.close()
    return marked, furniture


def text_of(one: pypdfium2.PdfObject, words: pypdfium2.PdfTextPage) -> str:
    """Return the text of a piece of text on the page with the *words*."""
    length = raw.FPDFTextObj_GetText(one, words, None, 0)
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFTextObj_GetText(one, words, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    # At the end of a line PDFium takes a hyphen for one that was put in to break a word.
    return buffer.raw.decode("utf-16-le").rstrip("\0").replace("\x02", "-")
