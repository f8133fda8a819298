"""The handout as a tagged PDF."""

import logging
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import page
import pikepdf
import pypdfium2
import pytest
from shelf import Shelf

from careplan.content.resources import templates_folder
from careplan.content.wording import Wording
from careplan.planning.plan import Plan
from careplan.problems import MissingPartError, OutputError
from careplan.render import render
from careplan.render.pdf import missing_pango, render_pdf

GOLDEN = Path(__file__).parent.parent / "golden"


def pages(data: bytes) -> list[str]:
    """Return the text of each page, as a reader program takes it out."""
    with pypdfium2.PdfDocument(data) as document:
        texts = []
        for sheet in document:
            text = sheet.get_textpage()
            texts.append(text.get_text_bounded().replace("\r\n", "\n"))
            text.close()
            sheet.close()
        return texts


def page_with(body: str) -> str:
    """Return a small whole page around *body*."""
    return f'<!DOCTYPE html><html lang="en"><head><title>Test</title></head><body>{body}</body></html>'


@pytest.fixture(scope="module")
def demo(shelf: Shelf) -> bytes:
    """Return the PDF of the demo's plan."""
    return shelf.data()


def test_the_text_of_the_demo_is_as_agreed(demo: bytes, golden: Callable[[Path, str], None]) -> None:
    """The text of every page of the demo is as it was when somebody last read it."""
    text = "\n\f\n".join(pages(demo)) + "\n"

    golden(GOLDEN / "demo.txt", text)


def test_page_1_works_alone(demo: bytes) -> None:
    """Page 1 holds the title, the date, the first steps, the timeline and every sign to watch for."""
    first = " ".join(pages(demo)[0].split())

    for words in (
        "Your care plan: epidural steroid injection",
        "Thu, Dec 3, 2026",
        "Do these things first",
        "Your first 13 weeks",
        "Call 911 now",
        "Call us today: (555) 010-0142",
        "Tell us at your next visit",
        "Thoughts of self-harm: call or text 988 now",
    ):
        assert words in first


def test_the_file_says_that_it_is_accessible(demo: bytes) -> None:
    """The PDF is tagged, says its language and title, and declares PDF/UA-1."""
    with pikepdf.open(BytesIO(demo)) as document:
        root = document.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "en-US"
        assert root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Your care plan: epidural steroid injection"


def test_the_validator_sees_a_page_that_cannot_be_read_aloud() -> None:
    """The guard can fail: a picture without words is found."""
    data = render_pdf(page_with("<ul><li><div>block in a marker item</div></li></ul>"), templates_folder())

    assert not page.validate_pdf_bytes(data, profile="ua1").is_compliant


def test_the_same_plan_gives_the_same_bytes(
    demo: bytes, plan_for: Callable[..., Plan], wording: Wording
) -> None:
    """Printing again gives the same file to the last byte."""
    again = render(plan_for(), "pdf", wording, templates_folder())

    assert again == demo


def test_the_patient_is_on_every_page_and_not_in_the_metadata(shelf: Shelf) -> None:
    """A page that gets lost says whose it is; the file's own data do not."""
    data = shelf.data(patient={"name": "Jordan Example"}, therapies=[])

    assert ["Jordan Example" in page for page in pages(data)] == [True] * len(pages(data))
    with pypdfium2.PdfDocument(data) as document:
        assert "Jordan" not in " ".join(document.get_metadata_dict().values())


def test_every_page_says_which_it_is(demo: bytes) -> None:
    """Each page carries its number and how many there are."""
    texts = pages(demo)

    for number, text in enumerate(texts, start=1):
        assert f"Page {number} of {len(texts)}" in text


def test_only_the_bundled_fonts_are_embedded(demo: bytes) -> None:
    """The page looks the same on every computer, because no font of the system is used."""
    with pikepdf.open(BytesIO(demo)) as document:
        names = {
            str(one.FontName).split("+")[-1]
            for one in document.objects
            if isinstance(one, pikepdf.Dictionary) and "/FontName" in one
        }

    assert len(names) == 2
    assert all(name.startswith("Atkinson-Hyperlegible-Next") for name in names)


@pytest.mark.parametrize(
    "body",
    [
        '<img src="https://example.org/a.png" alt="a">',
        '<img src="file:///etc/hostname" alt="a">',
        '<img src="data:image/png;base64,AAAA" alt="a">',
        '<link rel="stylesheet" href="http://example.org/a.css">',
        "<style>@font-face{font-family:x;src:url(file:///etc/hostname)} p{font-family:x}</style><p>a</p>",
        "<p>no such letter: \u2713</p>",
        '<p style="colour: red">a</p>',
    ],
)
def test_a_hole_in_the_page_is_an_error(body: str) -> None:
    """What would be fetched from elsewhere, a missing letter or a wrong style is never let through."""
    with pytest.raises(OutputError):
        render_pdf(page_with(body), templates_folder())


def test_nothing_is_written_to_the_log(demo: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """Printing leaves no trace in the log."""
    with caplog.at_level(logging.INFO):
        assert demo

    assert caplog.records == []


@pytest.mark.parametrize(
    ("editions", "size"),
    [
        ({}, (612, 792)),
        ({"large_print": True}, (612, 792)),
        ({"paper": "a4"}, (595, 842)),
        ({"paper": "a4", "large_print": True, "ink_saver": True}, (595, 842)),
    ],
    ids=["letter", "large", "a4", "a4 large"],
)
def test_each_paper_has_its_size(shelf: Shelf, editions: dict[str, object], size: tuple[int, int]) -> None:
    """Letter and A4 pages have the size of the sheet, in standard and in large print."""
    data = shelf.data(**editions)

    with pypdfium2.PdfDocument(data) as document:
        width, height = document[0].get_size()
    assert (round(width), round(height)) == size


def test_a_missing_pango_is_told_with_a_command() -> None:
    """Whoever lacks Pango reads one command that brings it, and what works without it."""
    told = missing_pango()

    assert "Install it with: " in told
    assert "-f html works" in told


@pytest.mark.parametrize("harm", ["gone", "cut off"])
def test_a_missing_typeface_is_told_and_nothing_is_printed(tmp_path: Path, harm: str) -> None:
    """Without its letters a page would be blank or bold, or the program would end: it is refused."""
    folder = tmp_path / "templates"
    shutil.copytree(templates_folder(), folder)
    face = folder / "fonts" / "AtkinsonHyperlegibleNext-Regular.ttf"
    if harm == "gone":
        face.unlink()
    else:
        face.write_bytes(face.read_bytes()[:-2000])

    with pytest.raises(MissingPartError, match=r"cannot be read: AtkinsonHyperlegibleNext-Regular\.ttf\."):
        render_pdf(page_with("<p>Hello"), folder)
