"""Handouts that differ in the name only: each is what it would be if it were printed alone."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import page
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops
from tagged import read

from careplan.content.resources import templates_folder
from careplan.content.wording import Wording
from careplan.planning.plan import Plan
from careplan.render import Form, render
from careplan.render import press as press_module
from careplan.render import shared as shared_module
from careplan.render.shared import SharedPages

NAME = "Jordan Example"
# The shortest handouts that there are of each kind.
SHORT: Mapping[str, Any] = {
    "intervention": "trigger-point-injection", "options": {"site": "neck"}, "conditions": (),
    "therapies": ["massage-therapy"],
}
IMPLANT: Mapping[str, Any] = {
    "intervention": "spinal-cord-stimulation", "options": {"phase": "implant"}, "conditions": (),
    "therapies": [],
}
# As much on page 1 as there can be.
FULL: Mapping[str, Any] = {
    "intervention": "epidural-steroid-injection", "options": {"site": "lumbar"}, "conditions": "sciatica",
    "therapies": ["physical-therapy", "psychotherapy", "acupuncture"],
}
Printer = Callable[..., tuple[bytes, bytes]]


@pytest.fixture(scope="module")
def shared(plan_for: Callable[..., Plan], wording: Wording) -> Printer:
    """Return a function that prints a plan from shared pages, for the second of two names, and alone."""
    known: dict[str, tuple[bytes, bytes]] = {}

    def make(name: str | None = NAME, form: Form = "pdf", **changes: Any) -> tuple[bytes, bytes]:
        key = repr((name, form, changes))
        known[key] = known.get(key) or made(name, form, {**SHORT, **changes})
        return known[key]

    def made(name: str | None, form: Form, changes: Mapping[str, Any]) -> tuple[bytes, bytes]:
        pages = SharedPages(plan_for(**changes), form, wording, templates_folder())
        pages.printed("Sam Example")
        named = {"patient": {"name": name}} if name else {}
        alone = render(plan_for(**changes, **named), form, wording, templates_folder())
        return pages.printed(name), alone

    return make


def pictures(data: bytes) -> list[Image.Image]:
    """Return what is printed on each page, at 60 dots an inch."""
    with pypdfium2.PdfDocument(data) as document:
        return [sheet.render(scale=60 / 72).to_pil().convert("L") for sheet in document]


def spoken(data: bytes) -> list[tuple[str, str]]:
    """Return what is read aloud: each kind of element with its text."""
    return [(one.kind, one.text) for one in read(data).top.all()]


@pytest.mark.parametrize("changes", [
    {},
    {"ink_saver": True, "paper": "a4", "date": None},
    {"fillable": True},
], ids=["usual", "other editions", "fillable"])
def test_pages_look_and_read_as_if_printed_alone(shared: Printer, changes: Mapping[str, Any]) -> None:
    """Joined from shared pages, a handout has the same pictures and is read the same way."""
    joined, alone = shared(**changes)

    assert all(
        ImageChops.difference(one, other).getbbox() is None
        for one, other in zip(pictures(joined), pictures(alone), strict=True)
    )
    assert spoken(joined) == spoken(alone)
    assert page.validate_pdf_bytes(joined, profile="ua1").failures == []


def test_the_name_is_on_every_page_and_nowhere_else(shared: Printer) -> None:
    """A page that is lost does not reach another patient; the file says nothing beside its pages."""
    joined, _ = shared()

    with pypdfium2.PdfDocument(joined) as document:
        texts = [sheet.get_textpage().get_text_bounded() for sheet in document]
        told = str(document.get_metadata_dict())
    assert all(f"{NAME} · Your care plan" in text and "Sam Example" not in text for text in texts)
    assert "Example" not in told


def test_bookmarks_lead_to_their_pages(shared: Printer) -> None:
    """The bookmarks of a joined handout are those of one that is printed alone."""
    joined, alone = shared()

    assert bookmarks(joined) == bookmarks(alone) != []


def bookmarks(data: bytes) -> list[tuple[str, int | None]]:
    """Return each bookmark with the page to which it leads."""
    with pypdfium2.PdfDocument(data) as document:
        return [
            (one.get_title(), dest.get_index() if (dest := one.get_dest()) else None)
            for one in document.get_toc()
        ]


def test_pages_are_laid_out_once(
    plan_for: Callable[..., Plan], wording: Wording, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For each further patient only the first page and a line are laid out."""
    laid: list[str] = []
    real = press_module.render_html
    monkeypatch.setattr(
        press_module, "render_html", lambda *given: (laid.append(given[3]), real(*given))[1],
    )
    pages = SharedPages(plan_for(**SHORT), "pdf", wording, templates_folder())
    pages.printed("Sam Example")
    laid.clear()

    pages.printed(NAME)

    assert laid == ["first-pages.html.j2", "owner.html.j2"]


def test_a_name_of_many_lines_is_printed_alone(shared: Printer) -> None:
    """Where a name makes page 1 run over, so that page 2 is another one, the handout is laid out whole."""
    joined, alone = shared(" ".join(["Longname"] * 60), **FULL)

    assert joined == alone


@pytest.mark.parametrize(("form", "name", "changes", "printed_for"), [
    ("pdf", None, {}, None),
    ("pdf", NAME, {"write_in": True}, None),
    ("pdf", NAME, {"large_print": True}, NAME),
    ("pdf", NAME, IMPLANT, NAME),
    ("staff", NAME, {}, NAME),
], ids=["no name", "write-in", "large print", "card for the wallet", "staff sheet"])
def test_where_pages_cannot_be_shared_the_plan_is_printed_alone(  # noqa: PLR0913, PLR0917 - a plan and a form
    plan_for: Callable[..., Plan], wording: Wording, monkeypatch: pytest.MonkeyPatch, form: Form,
    name: str | None, changes: Mapping[str, Any], printed_for: str | None,
) -> None:
    """Where the name is on no page, or changes others than the first, each handout is printed whole."""
    printed: list[tuple[str | None, Form]] = []

    def alone(plan: Plan, form: Form, *_: object) -> bytes:
        printed.append((plan.request.patient and plan.request.patient.name, form))
        return b"alone"

    monkeypatch.setattr(shared_module, "render", alone)

    pages = SharedPages(plan_for(**{**SHORT, **changes}), form, wording, templates_folder())

    assert pages.printed(name) == b"alone"
    assert printed == [(printed_for, form)]


def test_what_lies_over_the_pages_is_drawn_once(shared: Printer) -> None:
    """The line with the name is one drawing that all pages show as page furniture."""
    joined, _ = shared()

    with pikepdf.open(BytesIO(joined)) as document:
        shown = [sheet.Contents[-1].read_bytes().decode() for sheet in document.pages[1:]]
        drawn = {
            sheet.Resources.XObject[text.split()[-3]].objgen
            for sheet, text in zip(document.pages[1:], shown, strict=True)
        }
    assert len(drawn) == 1
    assert all(text.startswith("Q\n/Artifact") and text.endswith(" Do\nEMC\n") for text in shown)


def test_one_handout_alone_is_laid_out_whole(
    plan_for: Callable[..., Plan], wording: Wording, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody shares the pages, none are kept, and the handout is the same."""
    plan = plan_for(**SHORT)
    alone = render(plan_for(**SHORT, patient={"name": NAME}), "pdf", wording, templates_folder())
    monkeypatch.setattr(SharedPages, "_others", property(lambda _: pytest.fail("laid out to be shared")))

    pages = SharedPages(plan, "pdf", wording, templates_folder())

    assert pages.printed(NAME, is_only=True) == alone


def test_the_same_name_gives_the_same_bytes(
    plan_for: Callable[..., Plan], wording: Wording
) -> None:
    """What is printed again, on another computer or after a crash, is what it was."""
    first, second = (
        SharedPages(plan_for(**SHORT), "pdf", wording, templates_folder()).printed(NAME) for _ in range(2)
    )

    assert first == second
