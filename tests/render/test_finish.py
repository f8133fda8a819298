"""The last pass over a written PDF."""

import re
from collections.abc import Iterator
from io import BytesIO

import page
import pikepdf
import pytest
from tagged import read

from careplan.content.resources import templates_folder
from careplan.render import pdf
from careplan.render.finish import finish

STYLE = '<style>@page { @top-left { content: "Clinic" } }</style>'
HEAD = f'<!DOCTYPE html><html lang="en"><head><title>Test</title>{STYLE}</head>'
TABLE = """
<table><thead><tr><th scope="col">When</th><th scope="col">What</th></tr></thead>
<tbody><tr><th scope="row">Day 1</th><td>Walk.</td></tr>
<tr><th scope="row">Day 2</th><td>Rest.</td></tr></tbody></table>
"""


def written(body: str, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Return a page around *body* as WeasyPrint writes it, before the last pass."""
    with monkeypatch.context() as patched:
        patched.setattr(pdf, "finish", lambda data, *_: data)
        return pdf.render_pdf(f"{HEAD}<body><h1>Test</h1>{body}</body></html>", templates_folder())


def header_scopes(data: bytes) -> dict[str, str]:
    """Return what each header cell says that it heads."""
    tagged = read(data)
    return {cell.text: cell.attribute("Scope") for cell in tagged.top.all("TH")}


def links(data: bytes) -> Iterator[pikepdf.Object]:
    """Yield the link annotations of every page."""
    document = pikepdf.open(BytesIO(data))
    for sheet in document.pages:
        yield from sheet.obj.get("/Annots", [])


def test_header_cells_say_what_they_head(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell in the head of a table heads its column, one beside other cells heads its row."""
    before = written(TABLE, monkeypatch)

    assert set(header_scopes(before).values()) == {""}
    assert header_scopes(finish(before)) == {
        "When": "Column", "What": "Column", "Day 1": "Row", "Day 2": "Row",
    }


def test_a_row_of_headers_outside_a_head_heads_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a whole row is headers, each of them stands over its column."""
    table = "<table><tr><th>When</th><th>What</th></tr><tr><td>Day 1</td><td>Walk.</td></tr></table>"

    assert set(header_scopes(finish(written(table, monkeypatch))).values()) == {"Column"}


def test_a_header_cell_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name that a cell gives for its headers leads to a header cell."""
    document = pikepdf.open(BytesIO(finish(written(TABLE, monkeypatch))))
    names = list(document.Root.StructTreeRoot.IDTree.Names)

    known = {bytes(name): cell for name, cell in zip(names[::2], names[1::2], strict=True)}
    used = [
        bytes(name)
        for one in document.objects
        if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/TD"
        for name in one.A.Headers
    ]

    assert list(known) == sorted(known)
    assert {str(cell.S) for cell in known.values()} == {"/TH"}
    assert used
    assert set(used) <= set(known)


def test_what_stands_in_the_margins_is_no_content(monkeypatch: pytest.MonkeyPatch) -> None:
    """A running header is an artifact and no longer mapped; the text of the page stays."""
    before = written("<p>Walk each day.</p>", monkeypatch)
    after = finish(before)

    assert read(before).furniture == [[]]
    assert [text.strip() for text in read(after).furniture[0]] == ["Clinic"]
    assert read(after).top.text == read(before).top.text == "Test Walk each day."
    document = pikepdf.open(BytesIO(after))
    content = document.pages[0].obj.Contents.read_bytes()
    assert content.count(b"/Pagination") == 1
    marks = [int(one) for one in re.findall(rb"MCID (\d+)", content)]
    mapped = document.Root.StructTreeRoot.ParentTree.Nums[1]
    assert all(mapped[mark] is not None for mark in marks)


def test_links_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A link's own mark is on paper too, as PDF/UA asks."""
    before = written('<p><a href="https://example.org/">example.org</a></p>', monkeypatch)

    assert [int(link.F) for link in links(finish(before))] == [4]


def test_a_page_without_tables_links_and_margins_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing to finish is no mistake."""
    bare = "<!DOCTYPE html><html lang='en'><head><title>Test</title></head><body><h1>Test</h1></body></html>"
    with monkeypatch.context() as patched:
        patched.setattr(pdf, "finish", lambda data, *_: data)
        before = pdf.render_pdf(bare, templates_folder())

    assert page.validate_pdf_bytes(finish(before), profile="ua1").failures == []


def test_the_same_bytes_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """No clock and no chance is in it; the file's own number comes from its content."""
    before, other = written(TABLE, monkeypatch), written("<p>Other.</p>", monkeypatch)

    assert finish(before) == finish(before)
    assert pikepdf.open(BytesIO(finish(before))).trailer.ID != pikepdf.open(BytesIO(finish(other))).trailer.ID
