"""The sheets for staff and therapists and the device card, made from the same plan as the handout."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pypdfium2
import pytest
from gallery import FACTORS, IMPLANT, PROCEDURES
from shelf import Shelf

from careplan.content.library import Library
from careplan.content.resources import templates_folder
from careplan.content.wording import Wording
from careplan.planning.plan import Plan
from careplan.problems import RequestError, UnsafePlanError
from careplan.render import render
from careplan.render.html import render_html
from careplan.render.pdf import lay_out
from careplan.render.sheets import TIGHTEST, first_guess, too_long

# All that an author can bring on: the longest card there is.
PUMP = {
    "intervention": "intrathecal-pain-pump",
    "options": {"phase": "implant", "drug": "opioid", "maker": "flowonix-prometra"},
    "conditions": "severe-chronic-pain",
    "therapies": ["physical-therapy"],
}
LONGEST = ("physical-therapy", "chiropractic-care", "acupuncture", "massage-therapy", "heat-cold", "yoga")


def texts(data: bytes) -> list[str]:
    """Return the text of each page on one line."""
    with pypdfium2.PdfDocument(data) as document:
        found = []
        for sheet in document:
            text = sheet.get_textpage()
            found.append(" ".join(text.get_text_bounded().split()))
            text.close()
            sheet.close()
        return found


def boxes(box: Any, name: str) -> Iterator[Any]:
    """Yield the laid-out boxes of the elements with the class *name*."""
    if getattr(box, "element", None) is not None and name in (box.element.get("class") or "").split():
        yield box
        return
    for child in getattr(box, "children", ()):
        yield from boxes(child, name)


def test_the_staff_sheet_of_a_usual_plan_has_two_pages(
    plan_for: Callable[..., Plan], shelf: Shelf
) -> None:
    """Three therapies fit two pages, with every rule that fired and every blood thinner."""
    plan = plan_for()

    sheets = texts(shelf.data("staff"))

    assert len(sheets) == 2
    assert all(row.id in "".join(" ".join(sheets).split(" ")) for row in plan.staff.fired)
    assert all(row.title.split()[0] in " ".join(sheets) for row in plan.staff.thinners)


def test_each_therapist_gets_a_page_of_his_own(plan_for: Callable[..., Plan], shelf: Shelf) -> None:
    """One page each says what was done, when to start, what to avoid and whom to call."""
    plan = plan_for(factors=["diabetes"])

    sheets = texts(shelf.data("handoff", factors=["diabetes"]))

    assert len(sheets) == len(plan.therapies)
    for sheet, therapy in zip(sheets, plan.therapies, strict=True):
        assert "Hand-off: epidural steroid injection" in sheet
        assert f"For: {therapy.title}" in sheet
        assert therapy.starts in sheet
        assert "Diabetes" in sheet
        assert "(555) 010-0142" in sheet


def test_a_therapist_reads_only_what_concerns_the_therapy(plan_for: Callable[..., Plan]) -> None:
    """The acupuncturist reads about needles and not about strength exercise."""
    therapies = {therapy.id: therapy for therapy in plan_for().therapies}

    needles = " ".join(line.what for line in therapies["acupuncture"].safety.starts).lower()
    talking = therapies["psychotherapy"].safety

    assert "acupuncture needles" in needles
    assert "strength" not in needles
    assert not talking


def test_every_therapist_reads_of_the_device(shelf: Shelf) -> None:
    """A device in the body is on every sheet, with the machines that it does not bear."""
    for sheet in texts(shelf.data("handoff", **IMPLANT)):
        assert "Spinal cord stimulator in the body" in sheet
        assert "Not for this patient: Short-wave or microwave diathermy." in sheet


@pytest.mark.parametrize("intervention", PROCEDURES)
def test_a_hand_off_sheet_is_always_one_page(
    plan_for: Callable[..., Plan], library: Library, wording: Wording, intervention: str
) -> None:
    """The therapies with the most rules, without a date and with many factors: a page each."""
    plan = plan_that_may_be(
        plan_for, library, LONGEST,
        intervention=intervention, options=PROCEDURES[intervention], factors=FACTORS,
        date=None, conditions=(),
    )

    assert_a_page_each(plan, wording)


def test_all_twenty_therapies_have_a_page_each(
    plan_for: Callable[..., Plan], library: Library, wording: Wording
) -> None:
    """No therapy of the library is too long or too short for a sheet, on A4 too."""
    plan = plan_for(therapies=list(library.therapies), date=None, paper="a4")

    assert len(plan.therapies) == len(library.therapies)
    assert_a_page_each(plan, wording)


def plan_that_may_be(
    plan_for: Callable[..., Plan], library: Library, therapies: Sequence[str], **changes: Any
) -> Plan:
    """Return the plan of those *therapies* that no rule stops."""
    try:
        return plan_for(therapies=therapies, **changes)
    except UnsafePlanError as error:
        said = str(error)
        kept = [one for one in therapies if one not in said and library.therapies[one].title not in said]
        assert 0 < len(kept) < len(therapies)
        return plan_that_may_be(plan_for, library, kept, **changes)


def assert_a_page_each(plan: Plan, wording: Wording) -> None:
    """Assert that each therapy's sheet begins and ends on one page of its own."""
    sheets = texts(render(plan, "handoff", wording, templates_folder()))

    assert len(sheets) == len(plan.therapies)
    for sheet, therapy in zip(sheets, plan.therapies, strict=True):
        assert f"For: {therapy.title}" in sheet
        assert "(555) 010-0142, any time" in sheet.partition("Call us")[2]


def test_a_short_sheet_keeps_its_air(plan_for: Callable[..., Plan], wording: Wording) -> None:
    """A sheet is tightened no more than it must be, and only that one."""
    plan = plan_for(factors=["diabetes", "anticoagulant", "pacemaker", "osteoporosis", "seizures"])
    sheets = first_guess(plan)
    templates = templates_folder()
    airy = lay_out(render_html(plan, wording, templates, "handoff.html.j2"), templates)

    assert too_long(plan, airy) == {"physical-therapy"}
    assert {name for name, step in sheets.items() if step} >= {"physical-therapy"}
    assert sheets["psychotherapy"] == 0
    assert all(step < TIGHTEST for step in sheets.values())


def test_large_print_leaves_a_therapists_sheet_on_its_page(shelf: Shelf) -> None:
    """Large print is for the patient; staff and therapists read the same sheets as ever."""
    for form in ("handoff", "staff"):
        usual, large = (texts(shelf.data(form, large_print=size)) for size in (None, True))
        assert len(large) == len(usual)


@pytest.mark.parametrize("form", ["handoff", "card"])
def test_a_form_without_content_is_refused(
    plan_for: Callable[..., Plan], wording: Wording, form: str
) -> None:
    """Without a therapy there is nobody to hand off to, without an implant there is no card."""
    plan = plan_for(therapies=[])

    with pytest.raises(RequestError, match=r"This plan (has no therapy|leaves no device in the body), so"):
        render(plan, form, wording, templates_folder())


@pytest.mark.parametrize("changes", [IMPLANT, PUMP], ids=["stimulator", "pump"])
def test_the_card_is_as_large_as_a_bank_card(
    plan_for: Callable[..., Plan], wording: Wording, changes: dict[str, Any]
) -> None:
    """Front and back are 85.6 by 54 mm each, side by side on one page, whatever is filled in."""
    plan = plan_for(**changes, patient={"name": "Jordan Example"})
    templates = templates_folder()
    document = lay_out(render_html(plan, wording, templates, "card.html.j2"), templates)

    sides = list(boxes(document.pages[0]._page_box, "card-side"))  # noqa: SLF001 - no other way to measure

    assert len(document.pages) == 1
    assert len(sides) == 2
    assert sides[0].position_y == sides[1].position_y
    for side in sides:
        assert side.border_width() * 25.4 / 96 == pytest.approx(85.6, abs=0.1)
        assert side.border_height() * 25.4 / 96 == pytest.approx(54, abs=0.1)


def test_the_card_says_what_others_must_know(plan_for: Callable[..., Plan], wording: Wording) -> None:
    """Whose it is, what was placed when, whom to call, and what must never be done."""
    plan = plan_for(**PUMP, patient={"name": "Jordan Example"})

    (card,) = texts(render(plan, "card", wording, templates_folder()))

    for words in (
        "Pain pump", "Jordan Example", "Thu, Dec 3, 2026", "Flowonix Prometra", "opioid",
        "Riverside Pain Center", "(555) 010-0142", "Emergency: 911", "No diathermy", "MRI:",
    ):
        assert words in card


def test_the_handout_of_an_implant_holds_the_card(shelf: Shelf) -> None:
    """The card is cut out of the handout, after the tools; other handouts have none."""
    with_card, without = texts(shelf.data(**IMPLANT)), texts(shelf.data())

    places = [" ".join(with_card).find(words) for words in ("Your notes", "No diathermy", "The main sources")]
    assert -1 not in places
    assert places == sorted(places)
    assert "No diathermy" not in " ".join(without)


def test_a_large_card_is_one_page_of_large_print(plan_for: Callable[..., Plan], wording: Wording) -> None:
    """In large print the card is twice as large, its back under its front."""
    plan = plan_for(**PUMP, large_print=True)
    templates = templates_folder()
    document = lay_out(render_html(plan, wording, templates, "card.html.j2"), templates)

    front, back = boxes(document.pages[0]._page_box, "card-side")  # noqa: SLF001 - no other way to measure

    assert len(document.pages) == 1
    assert front.position_x == back.position_x
    assert front.border_height() == pytest.approx(back.border_height(), abs=1)
