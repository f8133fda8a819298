"""What a listener meets in every edition and sheet: headings, lists, tables, pictures, links, order."""

from collections.abc import Callable, Mapping
from functools import cache
from itertools import pairwise

import page
import pytest
from gallery import IMPLANT
from shelf import Shelf
from tagged import Tagged, read

from careplan.content.resources import templates_folder
from careplan.content.wording import Wording
from careplan.planning.plan import Plan
from careplan.render import Form, pdf, render

FORMS: dict[str, tuple[Form, Mapping[str, object]]] = {
    "demo": ("pdf", {}),
    "undated": ("pdf", {"date": None}),
    "large print": ("pdf", {"large_print": True}),
    "A4": ("pdf", {"paper": "a4"}),
    "implant": ("pdf", IMPLANT),
    "staff": ("staff", {"factors": ["diabetes"]}),
    "hand-off": ("handoff", {"factors": ["diabetes"]}),
    "card": ("card", IMPLANT),
    "large card": ("card", {**IMPLANT, "large_print": True}),
}


@pytest.fixture(scope="module")
def printed(shelf: Shelf) -> Callable[[str], bytes]:
    """Return a function that prints one of the forms, once each."""

    def make(name: str) -> bytes:
        form, changes = FORMS[name]
        return shelf.data(form, **changes)

    return make


@pytest.fixture(scope="module")
def structure(printed: Callable[[str], bytes]) -> Callable[[str], Tagged]:
    """Return a function that reads the structure of one of the forms, once each."""
    return cache(lambda name: read(printed(name)))


@pytest.fixture(params=FORMS)
def data(request: pytest.FixtureRequest, printed: Callable[[str], bytes]) -> bytes:
    """Return each form in turn as a PDF."""
    return printed(request.param)


@pytest.fixture(params=FORMS)
def tagged(request: pytest.FixtureRequest, structure: Callable[[str], Tagged]) -> Tagged:
    """Return the structure of each form in turn."""
    return structure(request.param)


def test_a_validator_finds_nothing(data: bytes) -> None:
    """An independent validator of PDF/UA-1 has nothing to say against any form."""
    report = page.validate_pdf_bytes(data, profile="ua1")

    assert [(failure.rule_id, failure.message) for failure in report.failures] == []


def test_headings_begin_at_one_and_skip_no_level(tagged: Tagged) -> None:
    """One first-level heading stands first; no level is skipped on the way down; none is empty."""
    headings = list(tagged.top.all("H1", "H2", "H3", "H4", "H5", "H6"))
    levels = [int(heading.kind[1]) for heading in headings]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []
    assert all(heading.text for heading in headings)


def test_bookmarks_are_the_headings(tagged: Tagged) -> None:
    """The outline has one root, the title; every bookmark is a heading of the page."""
    headings = {heading.text for heading in tagged.top.all("H1", "H2", "H3")}
    roots = list(tagged.document.open_outline().root)
    chapters = [str(item.title) for item in roots[0].children]

    assert [str(item.title) for item in roots] == [next(tagged.top.all("H1")).text]
    assert set(chapters) <= headings
    assert chapters == [
        heading.text for heading in tagged.top.all("H2")
    ]


def test_tables_have_headers_with_scope(tagged: Tagged) -> None:
    """Every table has header cells, each says what it heads, and all rows are as long as the first."""
    for table in tagged.top.all("Table"):
        headers = list(table.all("TH"))
        assert headers
        assert {header.attribute("Scope") for header in headers} <= {"Column", "Row"}
        assert all(header.text for header in headers)
        assert len({len(list(row.all("TH", "TD"))) for row in table.all("TR")}) == 1


def test_pictures_have_words(tagged: Tagged) -> None:
    """Every picture says in words what it shows."""
    assert all(str(figure.node.get("/Alt", "")).strip() for figure in tagged.top.all("Figure"))


def test_lists_are_lists(tagged: Tagged) -> None:
    """A list holds items and lists, an item a label and a body, each at most once."""
    for one in tagged.top.all("L"):
        assert {child.kind for child in one.children} <= {"LI", "L"}
    for item in tagged.top.all("LI"):
        assert [child.kind for child in item.children] in (["Lbl", "LBody"], ["LBody"])
        assert item.text


def test_links_say_where_they_lead(tagged: Tagged) -> None:
    """Each link has a description, and its address can be read on paper."""
    text = tagged.top.text.replace(" ", "")
    for sheet in tagged.document.pages:
        for link in sheet.obj.get("/Annots", []):
            assert str(link.Contents)
            assert int(link.F) == 4
            assert str(link.A.URI).replace(" ", "") in text


def test_page_furniture_is_not_read(tagged: Tagged) -> None:
    """What stands in the margins of each page is an artifact, and nothing else is."""
    pages = len(tagged.document.pages)

    for number, furniture in enumerate(tagged.furniture, start=1):
        assert len(furniture) == 4
        assert f"Page {number} of {pages}" in furniture
    assert f"of {pages}" not in tagged.top.text


def test_language_and_title_are_set(tagged: Tagged) -> None:
    """The file says its language, and shows a title in which no patient is named."""
    root = tagged.document.Root
    title = tagged.document.open_metadata()["dc:title"]

    assert str(root.Lang) == "en-US"
    assert root.ViewerPreferences.DisplayDocTitle
    assert title == next(tagged.top.all("H1")).text


@pytest.mark.parametrize("name", ["demo", "undated", "A4"])
def test_page_1_is_read_as_it_is_seen(structure: Callable[[str], Tagged], name: str) -> None:
    """A listener hears page 1 from top to bottom, the left box before the right one."""
    first = " ".join(part.text for part in structure(name).top.children if part.page == 0)

    seen = (
        "Your care plan", "Name", "Your injection", "Do these things first",
        "Tell us about any blood thinner", "Call 911 now", "Chest pain", "Call us today",
        "Tell us at your next visit",
    )
    places = [first.find(words) for words in seen]
    assert -1 not in places
    assert places == sorted(places)


def test_the_picture_is_between_the_steps_and_the_signs(structure: Callable[[str], Tagged]) -> None:
    """The timeline is met where it is seen."""
    kinds = [
        (one.kind, one.text) for one in structure("demo").top.all("H2", "Figure") if one.page == 0
    ]
    names = ["Figure" if kind == "Figure" else text.split(":")[0] for kind, text in kinds]

    assert names[:2] == ["Do these things first", "Your first 13 weeks, then month by month"]
    assert names[2:] == ["Figure", "Call 911 now", "Call us today"]


def test_metadata_holds_no_name(plan_for: Callable[..., Plan], wording: Wording) -> None:
    """The card names the patient on paper and nowhere in the file's own data."""
    plan = plan_for(**IMPLANT, patient={"name": "Jordan Example"})
    tagged = read(render(plan, "card", wording, templates_folder()))

    assert "Jordan Example" in tagged.top.text
    assert "Jordan" not in str(tagged.document.docinfo)
    assert b"Jordan" not in bytes(tagged.document.Root.Metadata.read_bytes())


def test_the_checks_see_a_page_that_cannot_be_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks can fail: without the last pass, margins are read and headers say nothing."""
    monkeypatch.setattr(pdf, "finish", lambda data, *_: data)
    body = "<h1>A</h1><h3>B</h3><table><tr><th>When</th></tr><tr><td>Day 1</td></tr></table>"
    html = f'<html lang="en"><head><title>A</title></head><body>{body}</body></html>'
    tagged = read(pdf.render_pdf(html, templates_folder()))

    with pytest.raises(AssertionError):
        test_headings_begin_at_one_and_skip_no_level(tagged)
    with pytest.raises(AssertionError):
        test_tables_have_headers_with_scope(tagged)
    with pytest.raises(AssertionError):
        test_page_furniture_is_not_read(tagged)
    with pytest.raises(AssertionError):
        test_language_and_title_are_set(tagged)
