"""Many handouts in one file: each is heard, found, filled in and looks as it does alone."""

import re
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import page
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops
from tagged import Element, Tagged, read

from careplan.content.resources import templates_folder
from careplan.content.wording import Wording
from careplan.files import write_through
from careplan.planning.plan import Plan
from careplan.problems import OutputError
from careplan.render import pdf, render
from careplan.render.joining import KEY, Joined, Piece, join
from careplan.render.provenance import KEY as RECORD

# All that has a name or number in a file: bookmarks, a link to a place, header cells, fields.
BODY = """
<h1>{title}</h1><p><a href="#there">below</a> and <a href="https://example.org/">example.org</a></p>
<table><thead><tr><th scope="col">When</th><th scope="col">What</th></tr></thead>
<tbody><tr><th scope="row">Day 1</th><td>Walk.</td></tr></tbody></table>
<p><input name="mine" title="Name of {title}"> <input type="checkbox" name="tick" title="Done {title}"></p>
<h2 id="there" style="break-before: page">Last page of {title}</h2>
"""


@pytest.fixture(scope="module")
def short() -> Callable[..., bytes]:
    """Return a function that prints two short pages about a *title*."""

    def make(title: str, language: str = "en-US", size: str = "letter", body: str = BODY) -> bytes:
        style = (
            f"<style>@page {{ size: {size}; @top-left {{ content: 'Clinic' }} }} html, input "
            "{ font-family: 'Atkinson Hyperlegible Next' }</style>"
        )
        head = f'<html lang="{language}"><head><title>{title}</title>{style}</head>'
        html = f"<!DOCTYPE html>{head}<body>{body.format(title=title)}</body></html>"
        return pdf.write(pdf.lay_out(html, templates_folder(), fillable=True))

    return make


@pytest.fixture(scope="module")
def pieces(short: Callable[..., bytes], plan_for: Callable[..., Plan], wording: Wording) -> list[bytes]:
    """Return five files: three of two pages, a staff sheet of two and a device card of one."""
    implant = {
        "intervention": "spinal-cord-stimulation", "options": {"phase": "implant"},
        "conditions": "severe-chronic-pain", "therapies": ["physical-therapy"],
    }
    plan, templates = plan_for(**implant), templates_folder()
    return [
        short("Alpha"), render(plan, "card", wording, templates), short("Beta", size="a4"),
        render(plan, "staff", wording, templates), short("Alpha"),
    ]


def joined(pieces: Sequence[bytes], *, duplex: bool = False, mark: str = "") -> tuple[bytes, Joined]:
    """Return *pieces* in one file, and what was said of it."""
    target = BytesIO()
    named = [Piece(data, f"Row {number}") for number, data in enumerate(pieces, start=1)]
    said = join(named, "Print file", mark, target, duplex=duplex)
    return target.getvalue(), said


@pytest.fixture(scope="module")
def both(pieces: list[bytes]) -> bytes:
    """Return the five files in one, printed on both sides."""
    return joined(pieces, duplex=True)[0]


@pytest.fixture
def tagged(both: bytes) -> Tagged:
    """Return the structure of the five files in one."""
    return read(both)


def heard(top: Element) -> list[tuple[str, str]]:
    """Return what a listener gets below *top*, in order."""
    return [(one.kind, one.own) for one in top.all()]


def pictures(data: bytes) -> list[Image.Image]:
    """Return how the pages look."""
    with pypdfium2.PdfDocument(data) as document:
        document.init_forms()
        return [one.render(scale=1).to_pil() for one in document]


def annotations(tagged: Tagged, kind: str) -> list[tuple[int, Any]]:
    """Return the annotations of the *kind* with the numbers of their pages."""
    return [
        (number, one)
        for number, sheet in enumerate(tagged.document.pages)
        for one in sheet.obj.get("/Annots", []) if one.Subtype == kind
    ]


def found(tree: Any, kind: str) -> dict[Any, Any]:
    """Return what is found in a tree of names or numbers."""
    flat = [part for leaf in tree.Kids for part in leaf[kind]]
    keys = [bytes(one) if kind == "/Names" else int(one) for one in flat[::2]]
    assert keys == sorted(set(keys))
    assert all(leaf.is_indirect for leaf in tree.Kids)
    return dict(zip(keys, flat[1::2], strict=True))


@pytest.mark.parametrize("duplex", [False, True])
def test_a_validator_finds_nothing(pieces: list[bytes], duplex: bool) -> None:  # noqa: FBT001
    """An independent validator of PDF/UA-1 has nothing to say, nor has a checker of the file itself."""
    data, _ = joined(pieces, duplex=duplex)

    report = page.validate_pdf_bytes(data, profile="ua1")

    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert pikepdf.open(BytesIO(data)).check_pdf_syntax() == []


def test_each_piece_is_heard_as_alone(pieces: list[bytes], tagged: Tagged) -> None:
    """Each piece is a part of the document, in the order of the pages, and reads as it does alone."""
    assert tagged.top.kind == "Document"
    assert [part.kind for part in tagged.top.children] == ["Part"] * len(pieces)
    assert [heard(part) for part in tagged.top.children] == [heard(read(data).top) for data in pieces]


def test_pages_look_as_alone(pieces: list[bytes]) -> None:
    """No dot of any page changes, fields and ticks included."""
    data, _ = joined(pieces)

    alone = [picture for piece in pieces for picture in pictures(piece)]

    pairs = zip(pictures(data), alone, strict=True)
    assert all(ImageChops.difference(one, other).getbbox() is None for one, other in pairs)


def test_with_duplex_each_piece_begins_on_a_front(pieces: list[bytes], both: bytes) -> None:
    """Behind an odd number of pages stands a blank one of the same size, but not at the end."""
    _, simplex = joined(pieces)
    _, duplex = joined(pieces, duplex=True)
    sheets = pikepdf.open(BytesIO(both)).pages

    assert (simplex.starts, simplex.pages) == ((1, 3, 4, 6, 8), 9)
    assert (duplex.starts, duplex.pages) == ((1, 3, 5, 7, 9), len(sheets)) == ((1, 3, 5, 7, 9), 10)
    assert sheets[3].obj.get("/Contents", None) is None or not sheets[3].Contents.read_bytes().strip()
    assert sheets[3].mediabox == sheets[2].mediabox
    assert joined(pieces[1:2], duplex=True)[1].pages == 1


def test_each_piece_has_its_bookmark_and_its_own_below(tagged: Tagged) -> None:
    """Bookmarks list the pieces; below each stand its own headings, and all lead to their pages."""
    numbers = {sheet.objgen: number for number, sheet in enumerate(tagged.document.pages, start=1)}
    with tagged.document.open_outline() as outline:
        tops = list(outline.root)
        first = list(tops[2].children)

        assert [str(item.title) for item in tops] == [f"Row {number}" for number in range(1, 6)]
        assert all(item.is_closed for item in tops)
        assert [numbers[item.obj.Dest[0].objgen] for item in tops] == [1, 3, 5, 7, 9]
        assert [str(item.title) for item in first] == ["Beta"]
        assert [str(item.title) for item in first[0].children] == ["Last page of Beta"]
        assert numbers[first[0].children[0].obj.Dest[0].objgen] == 6


def test_a_piece_without_a_title_has_no_bookmark(short: Callable[..., bytes]) -> None:
    """What is not looked for is not listed."""
    target = BytesIO()
    data = short("Alpha")
    join([Piece(data), Piece(data, "Row 1")], "Print file", "", target, duplex=False)

    with pikepdf.open(target).open_outline() as outline:
        assert [str(item.title) for item in outline.root] == ["Row 1"]


def test_a_link_leads_into_its_own_piece(tagged: Tagged) -> None:
    """A link to a place in the third handout leads there, and not into the first."""
    places = found(tagged.document.Root.Names.Dests, "/Names")
    numbers = {sheet.objgen: number for number, sheet in enumerate(tagged.document.pages)}

    links = [(number, one) for number, one in annotations(tagged, "/Link") if "/Dest" in one]

    assert [number for number, _ in links] == [0, 4, 8]
    assert [numbers[places[bytes(one.Dest)][0].objgen] for _, one in links] == [1, 5, 9]


def test_header_cells_are_found_in_their_own_piece(tagged: Tagged) -> None:
    """Every cell's headers are cells of the same piece, and each name is there once."""
    known = found(tagged.document.Root.StructTreeRoot.IDTree, "/Names")
    cells = [
        (number, cell) for number, part in enumerate(tagged.top.children) for cell in part.all("TH", "TD")
    ]
    owners = {bytes(cell.node.ID): number for number, cell in cells if cell.kind == "TH"}

    used = [
        (number, bytes(name))
        for number, cell in cells for name in cell.node.get("/A", {}).get("/Headers", [])
    ]

    assert set(known) == set(owners)
    assert len({number for number, _ in used}) > 3
    assert all(owners[name] == number for number, name in used)
    assert all(bytes(cell.ID) == name for name, cell in known.items())


def test_numbers_of_tags_lead_to_the_own_page(tagged: Tagged) -> None:
    """From each page, link and field its tags are found by a number that nothing else has."""
    known = found(tagged.document.Root.StructTreeRoot.ParentTree, "/Nums")
    tree = tagged.document.Root.StructTreeRoot
    sheets = [sheet.obj for sheet in tagged.document.pages if "/StructParents" in sheet.obj]
    things = [(sheet, one) for sheet in sheets for one in sheet.get("/Annots", [])]

    for sheet in sheets:
        assert {one.Pg.objgen for one in known[int(sheet.StructParents)] if one} == {sheet.objgen}
    for sheet, one in things:
        inside = [kid for kid in known[int(one.StructParent)].K if isinstance(kid, pikepdf.Dictionary)]
        assert [(kid.Obj.objgen, kid.Pg.objgen) for kid in inside] == [(one.objgen, sheet.objgen)]
    numbers = [int(sheet.StructParents) for sheet in sheets] + [int(one.StructParent) for _, one in things]
    assert sorted(numbers) == sorted(known) == list(range(tree.ParentTreeNextKey))


def test_own_kinds_of_elements_are_kept(short: Callable[..., bytes]) -> None:
    """What a file calls its own kinds is kept; where two files differ in it, the second is told."""
    paragraph, heading = (own_kind(short("Alpha"), kind) for kind in ("/P", "/H2"))

    document = pikepdf.open(BytesIO(joined([short("Alpha"), paragraph, paragraph])[0]))

    kinds = document.Root.StructTreeRoot.RoleMap
    assert {name: str(kind) for name, kind in kinds.items()} == {"/Said": "/P"}
    with pytest.raises(OutputError):
        joined([paragraph, heading])


def own_kind(data: bytes, kind: str) -> bytes:
    """Return *data* with a kind of element of its own."""
    document, changed = pikepdf.open(BytesIO(data)), BytesIO()
    document.Root.StructTreeRoot.RoleMap = pikepdf.Dictionary(Said=pikepdf.Name(kind))
    document.save(changed)
    return changed.getvalue()


def test_typing_in_one_field_fills_no_other(tagged: Tagged) -> None:
    """Each field has a name of its own, and finds the letters that it is written with."""
    form = tagged.document.Root.AcroForm
    widgets = [one for _, one in annotations(tagged, "/Widget")]

    names = [str(field.T) for field in form.Fields]

    assert len(set(names)) == len(names) == 6
    assert {field.objgen for field in form.Fields} == {one.objgen for one in widgets}
    for one in widgets:
        for name in re.findall(r"(/\S+) [\d.]+ Tf", str(one.get("/DA", ""))):
            assert name in form.DR.Font
    assert {str(one.TU) for one in widgets} == {
        "Name of Alpha", "Done Alpha", "Name of Beta", "Done Beta",
    }


def test_fields_keep_their_own_letters(short: Callable[..., bytes]) -> None:
    """Where two files call different letters by one name, each field still has its own."""
    other = pikepdf.open(BytesIO(short("Alpha")))
    for font in other.Root.AcroForm.DR.Font.values():
        font.Marked = True
    changed = BytesIO()
    other.save(changed)

    tagged = read(joined([short("Alpha"), changed.getvalue()])[0])

    fonts = tagged.document.Root.AcroForm.DR.Font
    used = [
        fonts[re.findall(r"(/\S+) [\d.]+ Tf", str(one.DA))[0]]
        for _, one in annotations(tagged, "/Widget") if "/DA" in one
    ]
    assert ["/Marked" in font for font in used] == [False, True]


def test_another_language_stands_on_its_part(short: Callable[..., bytes]) -> None:
    """The file has the first piece's language; a piece in another one says so."""
    data, _ = joined([short("Alpha"), short("Beta", language="es-US")])
    tagged = read(data)

    assert str(tagged.document.Root.Lang) == "en-US"
    assert [str(part.node.get("/Lang", "")) for part in tagged.top.children] == ["", "es-US"]
    assert page.validate_pdf_bytes(data, profile="ua1").failures == []


def test_the_file_says_what_it_is_and_keeps_its_mark(pieces: list[bytes]) -> None:
    """It shows its title, is tagged and PDF/UA, and a later run finds the mark; else only its texts."""
    document = pikepdf.open(BytesIO(joined(pieces, duplex=True, mark="0123abcd")[0]))
    kept = {name: str(value) for name, value in document.docinfo.items()}
    with document.open_metadata() as metadata:
        about = {name: metadata[name] for name in ("dc:title", "pdfuaid:part")}

    assert about == {"dc:title": "Print file", "pdfuaid:part": "1"}
    assert {**kept, RECORD: ""} == {"/Title": "Print file", KEY: "0123abcd", RECORD: ""}
    assert document.Root.MarkInfo.Marked
    assert document.Root.ViewerPreferences.DisplayDocTitle


def test_the_same_pieces_give_the_same_bytes(pieces: list[bytes], both: bytes) -> None:
    """No clock and no chance is in it; other pieces give another number."""
    assert joined(pieces, duplex=True)[0] == both
    assert pikepdf.open(BytesIO(both)).trailer.ID != pikepdf.open(BytesIO(joined(pieces)[0])).trailer.ID


def test_what_is_equal_is_stored_once(pieces: list[bytes]) -> None:
    """Copies share page contents, letters and pictures, while each has pages of its own."""
    once, many = joined(pieces[3:4])[0], joined(pieces[3:4] * 20)[0]

    def streams(data: bytes) -> list[bytes]:
        document = pikepdf.open(BytesIO(data))
        return [
            one.read_raw_bytes() for one in document.objects
            if isinstance(one, pikepdf.Stream) and one.get("/Type") not in ("/ObjStm", "/XRef")
        ]

    assert len(streams(many)) == len(streams(once))
    assert len(many) < 10 * len(once)
    sheets = pikepdf.open(BytesIO(many)).pages
    assert len({sheet.objgen for sheet in sheets}) == 40
    assert len({sheet.Contents.objgen for sheet in sheets}) == 2


def damaged(data: bytes) -> dict[str, tuple[bytes, str]]:
    """Return files that are no pieces, and what is said of them."""
    parts = re.finditer(rb"(?<=[^d]stream\n).*?(?=\nendstream)", data, re.DOTALL)
    streams = [part.span() for part in parts]
    letters = sum(max(streams, key=lambda span: span[1] - span[0])) // 2
    tree = streams[0][0] + 20
    untagged, locked = BytesIO(), BytesIO()
    pikepdf.open(BytesIO(data)).save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    bare = pikepdf.open(BytesIO(data))
    del bare.Root.StructTreeRoot
    bare.save(untagged)
    return {
        "no PDF": (b"Jordan Example", "is no PDF file, or it is damaged"),
        "empty": (b"", "is no PDF file, or it is damaged"),
        "cut off": (data[: len(data) // 2], "is no PDF file, or it is damaged"),
        "wrong tree": (changed(data, tree), "is no PDF file, or it is damaged"),
        "wrong letters": (changed(data, letters), "is no PDF file, or it is damaged"),
        "untagged": (untagged.getvalue(), "was not written by careplan"),
        "locked": (locked.getvalue(), "is locked with a password"),
    }


def changed(data: bytes, place: int) -> bytes:
    """Return *data* with one byte changed."""
    return data[:place] + bytes([data[place] ^ 255]) + data[place + 1:]


@pytest.mark.parametrize(
    "kind", ["no PDF", "empty", "cut off", "wrong tree", "wrong letters", "untagged", "locked"]
)
def test_a_bad_piece_is_named_and_nothing_is_written(
    short: Callable[..., bytes], tmp_path: Path, kind: str
) -> None:
    """A damaged or foreign file is told by its name; no print file appears, not even half of one."""
    data, said = damaged(short("Alpha"))[kind]
    bad, target = tmp_path / "A-2.pdf", tmp_path / "print.pdf"
    bad.write_bytes(data)

    with pytest.raises(OutputError, match=rf"A-2\.pdf {said}"), write_through(target) as file:
        join([Piece(short("Alpha"), "A-1"), Piece(bad, "A-2")], "Print file", "", file, duplex=False)

    assert [path.name for path in tmp_path.iterdir()] == ["A-2.pdf"]


def test_a_missing_piece_is_named(tmp_path: Path) -> None:
    """A file that somebody removed meanwhile is told by its name."""
    with pytest.raises(OutputError, match=r"A-1\.pdf cannot be read: no such file"):
        join([Piece(tmp_path / "A-1.pdf", "A-1")], "Print file", "", BytesIO(), duplex=False)
