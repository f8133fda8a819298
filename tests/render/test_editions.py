"""The editions of one plan, measured on the pages themselves."""

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import page
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from gallery import UNDATED
from PIL import ImageStat
from shelf import Shelf

from careplan.content.resources import templates_folder
from careplan.content.wording import Wording
from careplan.planning.editions import EDITIONS, field_name
from careplan.planning.plan import Plan
from careplan.render import Form, render
from careplan.render.handout import SECOND
from careplan.render.tokens import read_tokens

MM = 72 / 25.4
BLANK = re.compile(r'class="(?:blank(?: wide)?|tick|cell|value open|write-lines|patient-label)"')
Make = Callable[..., bytes]


@pytest.fixture(scope="module")
def printed(shelf: Shelf) -> Make:
    """Return a function that prints the demo's plan with changes, once each."""
    return shelf.data


def letters(data: bytes) -> Iterator[tuple[int, str, float, str]]:
    """Yield page, letter, size in points and font of every letter."""
    with pypdfium2.PdfDocument(data) as document:
        for number, sheet in enumerate(document, start=1):
            words = sheet.get_textpage()
            for one in sheet.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], textpage=words):
                size = one.get_font_size() * abs(one.get_matrix().d)
                yield number, one.extract(), round(size, 1), one.get_font().get_base_name()
            sheet.close()


def boxes(data: bytes, number: int) -> list[tuple[float, float, float, float]]:
    """Return left, bottom, right and top of every drawn line and area of a page, in millimetres."""
    with pypdfium2.PdfDocument(data) as document:
        sheet = document[number]
        found = [one.get_bounds() for one in sheet.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH])]
        sheet.close()
    return [tuple(edge / MM for edge in bounds) for bounds in found]


def darkness(data: bytes) -> list[float]:
    """Return how dark each page is, from 0 for white to 255 for black."""
    with pypdfium2.PdfDocument(data) as document:
        shades = []
        for sheet in document:
            shades.append(255 - ImageStat.Stat(sheet.render(scale=1.5).to_pil().convert("L")).mean[0])
            sheet.close()
        return shades


def fields(data: bytes) -> list[dict[str, Any]]:
    """Return name, label, kind, appearance and rectangle in millimetres of every form field."""
    with pikepdf.open(BytesIO(data)) as document:
        return [
            {
                "name": str(one.T),
                "label": str(one.TU),
                "kind": str(one.FT),
                "look": str(one.get("/DA", "")),
                "flags": int(one.get("/Ff", 0)),
                "box": tuple(float(edge) / MM for edge in one.Rect),
            }
            for one in document.Root.AcroForm.Fields
        ]


def text(data: bytes) -> list[str]:
    """Return the text of each page on one line."""
    with pypdfium2.PdfDocument(data) as document:
        return [" ".join(sheet.get_textpage().get_text_bounded().split()) for sheet in document]


@pytest.mark.parametrize(
    ("editions", "changes"),
    [*(((edition,), {}) for edition in EDITIONS), (tuple(EDITIONS), UNDATED)],
    ids=[*EDITIONS, "all-seven"],
)
def test_a_validator_finds_nothing_against_any_edition(
    printed: Make, editions: tuple[str, ...], changes: dict[str, Any]
) -> None:
    """Every edition, and all of them at once, is as accessible as the standard one."""
    data = printed(**{field_name(edition): True for edition in editions}, **changes)

    report = page.validate_pdf_bytes(data, profile="ua1")

    assert [(failure.rule_id, failure.message) for failure in report.failures] == []


@pytest.mark.parametrize("changes", [{}, UNDATED, {"ink_saver": True, "paper": "a4"}], ids=str)
def test_large_print_has_nothing_smaller_than_18_points(printed: Make, changes: dict[str, Any]) -> None:
    """Text and page numbers are 18 points; headings are 20 or 22 points, and bold."""
    found = [one for one in letters(printed(large_print=True, **changes)) if one[1].strip()]

    assert {size for _, _, size, _ in found} == {18, 20, 22}
    assert [one for one in found if one[2] > 18 and "Bold" not in one[3]] == []
    assert [one for one in found if re.search("(?i)italic|oblique", one[3])] == []
    assert {size for _, letter, size, _ in found if letter.startswith("Page ")} == {18}


def test_large_print_sets_no_capitals_and_no_columns() -> None:
    """The style sheets never slant text, never turn it to capitals, and never set columns."""
    sheets = (templates_folder() / "css").glob("*.css")

    told = " ".join(sheet.read_text(encoding="utf-8") for sheet in sheets)

    assert not re.search(r"text-transform|small-caps|italic|column-count|\bcolumns:", told)


@pytest.mark.parametrize("changes", [{}, UNDATED], ids=["demo", "seven"])
def test_large_print_leaves_no_page_nearly_empty(printed: Make, changes: dict[str, Any]) -> None:
    """Every page but the last has text in its lower half, and none is less than a third full."""
    with pypdfium2.PdfDocument(printed(large_print=True, **changes)) as document:
        lowest = []
        for sheet in document:
            height, content = sheet.get_height(), sheet.get_textpage()
            edges = [content.get_rect(number)[1] for number in range(content.count_rects())]
            lowest.append(min(edge for edge in edges if edge > 24 * MM) / height)

    assert [number for number, low in enumerate(lowest[:-1], start=1) if low > 0.65] == []


def test_large_print_tells_dates_as_a_list(printed: Make) -> None:
    """A date stands over what happens on it, and a word says what the line is for."""
    told = " ".join(text(printed(large_print=True)))

    assert re.search(r"Fri, Dec 4, 2026 Call from our nurse\..*? Time: ", told)


def test_ink_saver_uses_far_less_ink(printed: Make) -> None:
    """Page 1, with its bars and boxes, takes about half of the ink; words take most of the rest."""
    usual, saved = darkness(printed()), darkness(printed(ink_saver=True))

    assert saved[0] / usual[0] < 0.6
    assert sum(saved) / sum(usual) < 0.75


def test_ink_saver_fills_no_area(printed: Make) -> None:
    """On page 1 nothing wider than a mark is filled with anything but a pattern or white."""
    with pikepdf.open(BytesIO(printed())) as usual, pikepdf.open(BytesIO(printed(ink_saver=True))) as saved:
        assert filled(usual.pages[0]) > 50
        assert filled(saved.pages[0]) < 5


def filled(sheet: pikepdf.Page) -> float:
    """Return how many square centimetres of plain rectangles are filled with colour."""
    area, size, white = 0.0, 0.0, False
    for operands, operator in pikepdf.parse_content_stream(sheet):
        if str(operator) == "re":
            size = abs(float(operands[2]) * float(operands[3]))
        elif str(operator) == "n":
            size = 0
        elif str(operator) == "rg":
            white = all(float(one) > 0.98 for one in operands)
        elif str(operator) in ("f", "f*"):
            # A border is the area between two rectangles, filled by the other rule.
            size = size if str(operator) == "f" else 0
            area += 0 if white else size
            size = 0
    return area * 0.75**2 / (10 * MM) ** 2


def test_ink_saver_stays_readable() -> None:
    """Text keeps a contrast of 7 to 1 on white, and no bar is told by its shade."""
    tokens = read_tokens(templates_folder(), editions=["ink-saver"])

    for name in ("ink", "ink-soft", "accent", "alarm"):
        assert contrast(tokens[name]) >= 7
    assert tokens["accent-soft"] == tokens["paper"]


def contrast(colour: str) -> float:
    """Return the contrast of a #rrggbb colour with white."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in shares
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


@pytest.mark.parametrize("form", ["pdf", "html", "staff", "handoff"])
def test_a_write_in_plan_has_nothing_of_the_patient(
    plan_for: Callable[..., Plan], printed: Make, wording: Wording, form: Form
) -> None:
    """Two patients on two days get the same bytes, which name neither."""
    patient = {"name": "Jordan Example", "date_of_birth": "1970-01-02"}
    first = render(
        plan_for(write_in=True, patient=patient, arrive_at="8:15"), form, wording, templates_folder()
    )
    second = printed(form, write_in=True, date=None)

    assert first == second
    assert b"Jordan" not in first


def test_a_write_in_plan_has_a_place_for_a_label(printed: Make) -> None:
    """At the top right of page 1 stands a box of 70 by 37 mm, with small words in it."""
    data = printed(write_in=True)

    found = [
        box for box in boxes(data, 0) if abs(box[2] - box[0] - 70) < 0.5 and abs(box[3] - box[1] - 37) < 0.5
    ]

    assert found
    assert {round(box[2]) for box in found} == {round(8.5 * 25.4 - 16)}
    assert all(box[3] > 11 * 25.4 - 25 for box in found)
    assert "Patient label" in text(data)[0]


@pytest.mark.parametrize("changes", [{}, UNDATED, {"large_print": True}], ids=["demo", "seven", "large"])
def test_a_write_in_plan_has_room_for_handwriting(printed: Make, changes: dict[str, Any]) -> None:
    """Each line is 9 mm high or higher; lines for dates are 40 mm long or longer."""
    lines = [one for one in fields(printed(write_in=True, fillable=True, **changes)) if one["kind"] == "/Tx"]

    assert [one for one in lines if abs(one["box"][1] - one["box"][3]) < 8.9] == []
    dates = [one for one in lines if re.match("Date of|Your injection|Arrive at|.*Dates", one["label"])]
    assert len(dates) > 8
    assert [one for one in dates if one["box"][2] - one["box"][0] < 39.9] == []


def test_rows_of_a_write_in_table_are_9_mm_apart(printed: Make) -> None:
    """The lines of a diary are as far apart as the other lines to write on."""
    rows = [
        one["box"][1]
        for one in fields(printed(write_in=True, fillable=True))
        if one["label"].startswith("My two-week diary, Day ") and one["label"].endswith("Hours of sleep")
    ]

    assert len(rows) > 10
    assert min(upper - lower for upper, lower in itertools.pairwise(rows)) > 8.9


@pytest.mark.parametrize("changes", [{}, UNDATED], ids=["demo", "seven"])
def test_page_1_of_a_write_in_plan_is_one_page(printed: Make, changes: dict[str, Any]) -> None:
    """The label does not push the signs to watch for off page 1."""
    sheets = text(printed(write_in=True, fillable=True, **changes))

    assert "Tell us at your next visit" in sheets[0]
    assert sheets[SECOND - 1].count("Your injection A doctor") == 1


@pytest.mark.parametrize("changes", [{}, UNDATED, {"write_in": True, "large_print": True}], ids=str)
@pytest.mark.parametrize("form", ["pdf", "handoff", "staff"])
def test_every_blank_is_a_field_with_a_label(printed: Make, form: str, changes: dict[str, Any]) -> None:
    """There are as many fields as blanks on paper; each says what it is and has its own name."""
    blanks = len(BLANK.findall(printed("html", **changes).decode())) if form == "pdf" else None

    found = fields(printed(form, fillable=True, **changes))

    assert blanks in (None, len(found))
    assert all(one["label"].strip() for one in found)
    assert len({one["name"] for one in found}) == len(found)
    assert page.validate_pdf_bytes(printed(form, fillable=True, **changes), profile="ua1").failures == []


def test_labels_say_what_a_field_is_for(printed: Make) -> None:
    """A listener hears the visit, the row and the column, the task or the sentence."""
    labels = {one["label"]: one for one in fields(printed(fillable=True))}

    assert labels["Name"]["kind"] == "/Tx"
    assert "Time of: Call from our nurse, Fri, Dec 4, 2026" in labels
    assert "My two-week diary, Thu, Dec 3: Hours of sleep" in labels
    assert labels["Tick: Your MRI or CT reports."]["kind"] == "/Btn"
    assert labels["Your notes and questions"]["flags"] == 1 << 12


def test_what_is_typed_is_12_points_high(printed: Make) -> None:
    """Typed text is as large as printed text, in standard and in large print."""
    for edition, size in (({}, 12), ({"write_in": True, "large_print": True}, 18)):
        found = fields(printed(fillable=True, **edition))

        looks = [one["look"] for one in found if one["kind"] == "/Tx"]
        assert {look.split()[-2] for look in looks} == {str(size)}


def test_fields_are_high_enough_to_type_in(printed: Make) -> None:
    """No field is so flat that its letters are cut off."""
    lines = [one for one in fields(printed(fillable=True)) if one["kind"] == "/Tx"]

    assert [one["label"] for one in lines if abs(one["box"][1] - one["box"][3]) < 12 / MM] == []


def test_a_fillable_page_looks_as_the_printed_one(printed: Make) -> None:
    """Every word stands where it stands on paper; only the last page has another fingerprint."""
    def places(data: bytes) -> list[tuple[int, str, int, int]]:
        with pypdfium2.PdfDocument(data) as document:
            return sorted(
                (number, one.extract(), *map(round, one.get_bounds()[:2]))
                for number, sheet in enumerate([*document][:-1])
                for one in sheet.get_objects(
                    filter=[pdfium.FPDF_PAGEOBJ_TEXT], textpage=sheet.get_textpage()
                )
            )

    paper, screen = places(printed()), places(printed(fillable=True))

    assert [one[:2] for one in paper] == [one[:2] for one in screen]
    far = [
        (one, other) for one, other in zip(paper, screen, strict=True)
        if abs(one[2] - other[2]) > 2 or abs(one[3] - other[3]) > 1
    ]
    assert far == []


def test_only_the_fillable_edition_is_a_form(printed: Make) -> None:
    """Paper editions hold no fields at all."""
    with pikepdf.open(BytesIO(printed(date=dt.date(2026, 12, 3)))) as document:
        assert "/AcroForm" not in document.Root
