"""The clinic on its pages: letterhead, colours and typeface."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import page
import pikepdf
import pypdfium2
import pytest
from PIL import Image
from shelf import Shelf

from careplan.content.clinic import Asset, Clinic, Fonts, Letterhead, Theme
from careplan.content.logo import clean_logo
from careplan.content.resources import templates_folder
from careplan.content.wording import Wording
from careplan.planning.plan import Plan
from careplan.problems import OutputError
from careplan.render import render
from careplan.render.fit import TIGHTEST, Fit, first_guess
from careplan.render.handout import SECOND
from careplan.render.html import render_html
from careplan.render.pdf import lay_out, starts_on_page
from careplan.render.stationery import letterhead, own_files
from careplan.render.tokens import read_tokens

TEMPLATES = templates_folder()
POINTS = 72 / 25.4
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><circle cx="15" cy="15" r="14" '
    b'fill="#0f4d2a"/><path d="M4 18c6-6 8-6 12 0" stroke="#fff" fill="none" opacity="0.8"/></svg>'
)
PlanWith = Callable[..., Plan]
# Where only the letterhead, colours and letters are looked at.
SHORT = {"therapies": []}


def png() -> bytes:
    """Return a PNG picture with an edge that can be seen through."""
    file = BytesIO()
    Image.new("RGBA", (360, 120), (11, 60, 77, 200)).save(file, "PNG")
    return file.getvalue()


def logo(name: str) -> Letterhead:
    """Return a letterhead with a logo, as it comes from a clinic's folder."""
    ending = name.rpartition(".")[2]
    return Letterhead(logo=Asset(name, *clean_logo(SVG if ending == "svg" else png(), ending)))


def own_face() -> Theme:
    """Return a theme with a typeface of the clinic's own."""
    faces = {
        weight: Asset(
            f"{weight}.ttf",
            (TEMPLATES / "fonts" / f"AtkinsonHyperlegibleNext-{weight.title()}.ttf").read_bytes(),
            "font/ttf",
        )
        for weight in ("regular", "bold")
    }
    return Theme(fonts=Fonts(**faces))


OWN_LOOK = {"letterhead": logo("logo.png"), "theme": own_face()}


@pytest.fixture(scope="session")
def plan_with(shelf: Shelf) -> PlanWith:
    """Return a function that makes the demo's plan for a clinic with *changes*."""
    return lambda request=None, **changes: shelf.plan(request or {}, changes)


def lines(data: bytes, number: int = 0) -> list[tuple[float, str]]:
    """Return the lines of text of a page with how far below its upper edge each ends, in points."""
    with pypdfium2.PdfDocument(data) as document:
        sheet = document[number]
        height = sheet.get_height()
        text = sheet.get_textpage()
        found = []
        for index in range(text.count_rects()):
            box = text.get_rect(index)
            found.append((height - box[3], text.get_text_bounded(*box)))
        text.close()
        sheet.close()
    return found


def figures(data: bytes) -> list[str]:
    """Return the words that stand for each picture of the document."""
    with pikepdf.open(BytesIO(data)) as document:
        return [
            str(one.Alt)
            for one in document.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure" and "/Alt" in one
        ]


def test_without_address_or_logo_the_margin_says_it_all(plan_with: PlanWith, wording: Wording) -> None:
    """A clinic with a name and a phone has them in the margin of page 1 as of any other."""
    plan = plan_with()

    assert letterhead(plan.clinic) is None
    assert "<header" not in render_html(plan, wording, TEMPLATES)


def test_an_address_is_printed_once_on_page_1(shelf: Shelf) -> None:
    """Page 1 has name, address and both phones; later pages have the name and the phone."""
    clinic = {"address": "12 River Road, Springfield", "after_hours_phone": "(555) 010-0199"}

    data = shelf.copy(clinic=clinic, **SHORT).data

    first = " ".join(" ".join(text for _, text in lines(data)).split())
    second = " ".join(text for _, text in lines(data, 1))
    assert first.count("Riverside Pain Center") == 1
    assert first.count("12 River Road, Springfield") == 1
    assert first.count("Questions? Call (555) 010-0142, any time") == 1
    assert first.count("After hours, call (555) 010-0199") == 2
    assert "Riverside Pain Center" in second
    assert "River Road" not in second


def test_an_address_takes_next_to_no_room_from_page_1(clinic: Clinic) -> None:
    """Two lines stand where the margin of other pages is, and take 2 mm more at most."""
    top = letterhead(clinic.model_copy(update={"address": "12 River Road, Springfield"}))

    assert top is not None
    assert 0 <= top.extra <= 2


@pytest.mark.parametrize("name", ["logo.svg", "logo.png"])
@pytest.mark.parametrize("request_", [{}, {"large_print": True, "paper": "a4"}])
def test_a_logo_is_a_picture_with_words(shelf: Shelf, name: str, request_: dict[str, object]) -> None:
    """The logo is read aloud as the clinic's name, and an independent validator agrees."""
    data = shelf.copy(clinic={"letterhead": logo(name)}, **request_, **SHORT).data

    report = page.validate_pdf_bytes(data, profile="ua1")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert figures(data).count("Riverside Pain Center") == 1


def test_a_png_is_in_the_file_and_an_svg_is_drawn(shelf: Shelf) -> None:
    """A PNG logo becomes an image of the PDF; an SVG logo stays lines that are sharp at any size."""
    images = {}
    for name in ("logo.svg", "logo.png"):
        data = shelf.copy(clinic={"letterhead": logo(name)}, **SHORT).data
        with pikepdf.open(BytesIO(data)) as document:
            images[name] = [
                (int(one.Width), int(one.Height))
                for one in document.objects
                if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
            ]

    assert images["logo.svg"] == []
    assert (360, 120) in images["logo.png"]


def test_a_logo_without_a_name_still_has_words(plan_with: PlanWith, wording: Wording) -> None:
    """A picture that nobody named is read aloud as what it is."""
    html = render_html(plan_with(name=None, letterhead=logo("logo.svg")), wording, TEMPLATES)

    assert 'alt="Logo of the clinic"' in html


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_preprinted_paper_is_left_blank_at_the_top(shelf: Shelf, paper: str, *, large: bool) -> None:
    """No word stands in the space of the letterhead; page 2 has its running head."""
    clinic = {"letterhead": Letterhead(preprinted="55 mm")}

    data = shelf.copy(clinic=clinic, paper=paper, large_print=large, **SHORT).data

    assert min(top for top, _ in lines(data)) >= 55 * POINTS
    assert "Riverside Pain Center" not in " ".join(text for _, text in lines(data))
    assert min(top for top, _ in lines(data, 1)) < 20 * POINTS


def test_only_the_handout_is_a_letter(plan_with: PlanWith, wording: Wording) -> None:
    """Sheets for staff and therapists have no letterhead and keep their whole page."""
    plan = plan_with(letterhead=logo("logo.svg"))

    for form in ("staff.html.j2", "handoff.html.j2"):
        assert 'class="letterhead' not in render_html(plan, wording, TEMPLATES, form)


@pytest.mark.parametrize(
    "changes",
    [
        {"letterhead": logo("logo.svg"), "address": "12 River Road, Springfield"},
        {"letterhead": Letterhead(preprinted="preprinted")},
    ],
    ids=["logo", "preprinted"],
)
def test_page_1_still_works_alone(
    plan_with: PlanWith, wording: Wording, changes: dict[str, Any]
) -> None:
    """With six therapies and a letterhead page 1 is tightened until it fits."""
    therapies = ["physical-therapy", "psychotherapy", "acupuncture", "massage-therapy", "yoga", "tens"]
    plan = plan_with({"therapies": therapies}, after_hours_phone="(555) 010-0199", **changes)
    own = own_files(plan.clinic)

    # The tightest step, which nearly always fits, spares the others.
    assert any(
        starts_on_page(
            lay_out(render_html(plan, wording, TEMPLATES, fit=Fit(tight)), TEMPLATES, own), "procedure"
        ) == SECOND
        for tight in range(TIGHTEST, first_guess(plan) - 1, -1)
    )


def test_the_first_guess_knows_the_letterhead(plan_with: PlanWith) -> None:
    """A letterhead takes room, so that page 1 is laid out tighter at once."""
    assert first_guess(plan_with(letterhead=Letterhead(preprinted="60 mm"))) > first_guess(plan_with())


def test_colours_reach_page_margin_and_picture(
    shelf: Shelf, plan_with: PlanWith, wording: Wording
) -> None:
    """Nothing of our own accent is left on a page in the clinic's accent."""
    theme = {"theme": Theme(accent="#4b1d6b")}

    html = render_html(plan_with(**theme), wording, TEMPLATES)

    ours = {read_tokens(TEMPLATES)[name] for name in ("accent", "accent-soft", "accent-middle", "line")}
    body = html[html.index("</head>") :]
    assert not any(colour in body for colour in ours)
    assert "#4b1d6b" in body
    data = shelf.copy(clinic=theme, **SHORT).data
    with pikepdf.open(BytesIO(data)) as document:
        drawn = b"".join(one.Contents.read_bytes() for one in document.pages).decode("latin-1")
    assert "0.294118 0.113725 0.419608 rg" in drawn
    assert "0.043137 0.235294 0.301961" not in drawn


def test_a_theme_only_gives_tokens_new_values(plan_with: PlanWith, wording: Wording) -> None:
    """The clinic's style sheet names tokens of tokens.css and nothing else."""
    theme = Theme(accent="#4b1d6b", wait="#7a4a00", alarm="#700020")
    html = render_html(plan_with(theme=theme), wording, TEMPLATES)

    sheet = html.partition("/* Theme: the clinic's own. */")[2].partition("</style>")[0]

    declared = re.findall("([a-z-]+): ([^;]+);", sheet)
    assert declared
    assert all(name.startswith("--") and name[2:] in read_tokens(TEMPLATES) for name, _ in declared)


def test_the_clinics_typeface_is_the_only_one(shelf: Shelf) -> None:
    """Text, margins and picture are set in it, and PDF/UA holds."""
    data = shelf.copy(clinic=OWN_LOOK, **SHORT).data

    with pikepdf.open(BytesIO(data)) as document:
        names = {
            str(one.FontName).split("+")[-1]
            for one in document.objects
            if isinstance(one, pikepdf.Dictionary) and "/FontName" in one
        }
    assert names == {"Clinic", "Clinic-Bold"}
    assert page.validate_pdf_bytes(data, profile="ua1").is_compliant


def test_the_same_clinic_gives_the_same_bytes(
    shelf: Shelf, plan_with: PlanWith, wording: Wording
) -> None:
    """With logo, colours and typeface the file is the same to the last byte."""
    again = render(plan_with(SHORT, **OWN_LOOK), "pdf", wording, TEMPLATES)

    assert again == shelf.copy(clinic=OWN_LOOK, **SHORT).data


def test_only_the_clinics_own_files_are_answered(plan_with: PlanWith, wording: Wording) -> None:
    """A page with a logo still cannot fetch anything else, not even another picture inside itself."""
    plan = plan_with(letterhead=logo("logo.svg"))
    html = render_html(plan, wording, TEMPLATES)
    other = html.replace("</header>", '<img src="data:image/svg+xml;base64,PHN2Zy8+" alt="a"></header>')

    with pytest.raises(OutputError):
        lay_out(other, TEMPLATES, own_files(plan.clinic))
    with pytest.raises(OutputError):
        lay_out(html, TEMPLATES)


def test_another_logo_is_another_plan(plan_with: PlanWith) -> None:
    """The fingerprint on the last page changes with the picture."""
    first, second = (plan_with(letterhead=logo(name)).fingerprint for name in ("logo.svg", "logo.png"))

    assert first != second
