"""Page 1 fits on one page, tightened no more than it must be."""

from collections.abc import Callable

import pytest

from careplan.content.resources import templates_folder
from careplan.content.wording import Wording
from careplan.planning.plan import Plan, Said
from careplan.render import SECOND, render
from careplan.render.fit import TIGHTEST, first_guess, halves
from careplan.render.html import render_html
from careplan.render.pdf import lay_out, starts_on_page

SEVEN = [
    "physical-therapy",
    "psychotherapy",
    "chiropractic-care",
    "acupuncture",
    "massage-therapy",
    "occupational-therapy-pacing",
    "yoga",
]
CASES = {
    "nerve-block": {"purpose": "treatment", "nerve": "stellate"},
    "epidural-steroid-injection": {"site": "cervical"},
    "radiofrequency-ablation": {"site": "cervical"},
    "facet-joint-injection": {"site": "cervical"},
    "trigger-point-injection": {"site": "upper-back"},
    "spinal-cord-stimulation": {"phase": "implant"},
    "intrathecal-pain-pump": {"phase": "implant", "drug": "baclofen", "maker": "medtronic-synchromed"},
    "image-guided-injection": {"joint": "sacroiliac"},
}


def second_chapter(plan: Plan, wording: Wording, tight: int) -> int:
    """Return the page on which the procedure's chapter begins when page 1 is *tight*."""
    templates = templates_folder()
    document = lay_out(render_html(plan, wording, templates, tight=tight), templates)
    return starts_on_page(document, "procedure")


@pytest.mark.parametrize("intervention", CASES)
def test_page_1_holds_seven_therapies_without_a_date(
    plan_for: Callable[..., Plan], wording: Wording, intervention: str
) -> None:
    """The ugliest case fits: seven therapies, a long condition and no date."""
    plan = plan_for(
        intervention=intervention,
        options=CASES[intervention],
        therapies=SEVEN,
        conditions="spinal-stenosis",
        date=None,
    )

    assert SECOND in {
        second_chapter(plan, wording, tight) for tight in range(first_guess(plan), TIGHTEST + 1)
    }


def test_a_small_plan_is_not_tightened(plan_for: Callable[..., Plan], wording: Wording) -> None:
    """Where there is room, page 1 keeps its air and its full sentences."""
    plan = plan_for(intervention="trigger-point-injection", options={"site": "low-back"}, therapies=["tens"])

    assert first_guess(plan) == 0
    assert second_chapter(plan, wording, 0) == SECOND
    assert plan.purpose in render(plan, "html", wording, templates_folder()).decode()


def test_two_columns_are_about_equally_high() -> None:
    """Signs are divided in their order, and no sign is lost."""
    flags = tuple(Said(f"sign-{number}", "A sign " * (1 + number % 3)) for number in range(9))

    left, right = halves(flags)

    assert left + right == flags
    assert abs(len(left) - len(right)) <= 1
    assert halves(()) == ((), ())
