"""The sheets for staff and therapists, made from the same plan as the handout."""

from collections.abc import Callable

import page
import pypdfium2
import pytest

from careplan.content.resources import templates_folder
from careplan.content.wording import Wording
from careplan.planning.plan import Plan
from careplan.render import render


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


@pytest.mark.parametrize("form", ["staff", "handoff"])
def test_each_sheet_is_accessible(plan_for: Callable[..., Plan], wording: Wording, form: str) -> None:
    """A sheet passes the same validator as the handout."""
    data = render(plan_for(factors=["diabetes"]), form, wording, templates_folder())

    assert page.validate_pdf_bytes(data, profile="ua1").failures == []


def test_the_staff_sheet_of_a_usual_plan_has_two_pages(
    plan_for: Callable[..., Plan], wording: Wording
) -> None:
    """Three therapies fit two pages, with every rule that fired and every blood thinner."""
    plan = plan_for()

    sheets = texts(render(plan, "staff", wording, templates_folder()))

    assert len(sheets) == 2
    assert all(row.id in "".join(" ".join(sheets).split(" ")) for row in plan.staff.fired)
    assert all(row.title.split()[0] in " ".join(sheets) for row in plan.staff.thinners)


def test_each_therapist_gets_a_page_of_his_own(plan_for: Callable[..., Plan], wording: Wording) -> None:
    """One page each says what was done, when to start, what to avoid and whom to call."""
    plan = plan_for(factors=["diabetes"])

    sheets = texts(render(plan, "handoff", wording, templates_folder()))

    assert len(sheets) == len(plan.therapies)
    for sheet, therapy in zip(sheets, plan.therapies, strict=True):
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
