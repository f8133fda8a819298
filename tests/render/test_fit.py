"""Page 1 fits on one page and the plan on four, tightened no more than they must be."""

import itertools
from collections.abc import Callable

import pytest
from gallery import PROCEDURES, SEVEN
from markupsafe import escape

from careplan.content.library import Library
from careplan.content.resources import templates_folder
from careplan.content.wording import Wording
from careplan.planning.plan import Plan, Said
from careplan.problems import CareplanError
from careplan.render import render
from careplan.render.fit import PARTS, PLAN_STEPS, TIGHTEST, Fit, first_guess, halves, plan_ends
from careplan.render.handout import SECOND, guess, lay_out_handout
from careplan.render.html import render_html
from careplan.render.pdf import lay_out, starts_on_page


def cover(plan: Plan, wording: Wording, tight: int) -> str:
    """Return the first page alone when it is *tight*."""
    html = render_html(plan, wording, templates_folder(), fit=Fit(tight))
    return html[: html.index('<div class="plan-pages')] + "</body></html>"


def pages_of_the_cover(plan: Plan, wording: Wording, tight: int) -> int:
    """Return how many pages the first page alone takes when it is *tight*."""
    return len(lay_out(cover(plan, wording, tight), templates_folder()).pages)


def ugliest(library: Library, intervention: str) -> list[dict[str, object]]:
    """Return requests with seven therapies, the longest titles, no date, and each value of each option."""
    by_length = sorted(library.therapies.values(), key=lambda one: -len(one.title))
    wanted = {
        "intervention": intervention,
        "therapies": [one.id for one in by_length[:7]],
        "conditions": max(library.conditions.values(), key=lambda one: len(one.pain)).id,
        "date": None,
    }
    values = {one.id: list(one.values) for one in library.vocabulary.options}
    options = library.interventions[intervention].options
    changes = [{}] + [
        {one.id: value} for one in options for value in (one.values or values[one.id])
    ]
    return [{**wanted, "options": {**PROCEDURES[intervention], **change}} for change in changes]


@pytest.mark.parametrize("intervention", PROCEDURES)
def test_page_1_fits_over_the_whole_library(
    plan_for: Callable[..., Plan], wording: Wording, library: Library, intervention: str
) -> None:
    """The ugliest case fits: the seven longest therapies, a long condition, no date, any option."""
    seen = set()
    for request in ugliest(library, intervention):
        try:
            plan = plan_for(**request)
        except CareplanError:
            continue
        # Many options change nothing on page 1 that takes room.
        size = len(plan.red_flags["emergency"]), len(plan.red_flags["today"]), len(plan.first_steps)
        if size in seen:
            continue
        seen.add(size)

        # The tightest step, which nearly always fits, spares the others.
        assert any(
            pages_of_the_cover(plan, wording, tight) == 1
            for tight in range(TIGHTEST, first_guess(plan) - 1, -1)
        ), request


def test_the_fullest_page_1_with_a_label_fits(plan_for: Callable[..., Plan], wording: Wording) -> None:
    """Seven therapies, a pump, no date and a place for a label: page 1 tells of weeks only, and fits."""
    plan = plan_for(
        intervention="intrathecal-pain-pump", options=PROCEDURES["intrathecal-pain-pump"], therapies=SEVEN,
        conditions="spinal-stenosis", date=None, write_in=True,
    )

    document = lay_out_handout(plan, wording, templates_folder())

    assert starts_on_page(document, "procedure") == SECOND


@pytest.mark.parametrize("intervention", PROCEDURES)
def test_three_therapies_fit_four_pages(
    plan_for: Callable[..., Plan], wording: Wording, intervention: str
) -> None:
    """All that there is to do stands on pages 1 to 4, the dates among them; tools follow."""
    plan = plan_for(intervention=intervention, options=PROCEDURES[intervention])

    document = lay_out_handout(plan, wording, templates_folder())

    assert starts_on_page(document, "procedure") == SECOND
    assert starts_on_page(document, "last-date") <= plan_ends(plan) == 4


def test_what_moves_is_still_said(plan_for: Callable[..., Plan], wording: Wording) -> None:
    """Whatever step the pages take, every sentence of the plan is printed, and only once."""
    plan = plan_for(intervention="spinal-cord-stimulation", options={"phase": "implant"}, date=None)
    sentences = [
        said.text
        for items in (
            *(section.items for section in (*plan.procedure, *plan.conditions)),
            *(period.items for period in plan.after),
            *(section.items for therapy in plan.therapies for section in therapy.sections),
        )
        for said in items
    ] + [reason.sentence for group in plan.safety.reasons for reason in group.said]

    for step in range(len(PLAN_STEPS)):
        page = render_html(plan, wording, templates_folder(), fit=Fit(0, step))
        page = page[page.index('id="procedure"') : page.index('<section class="tools')]
        missing = [one for one in sentences if "____" not in one and str(escape(one)) not in page]
        reasons = [one.sentence for group in plan.safety.reasons for one in group.said]
        told = [one for one in reasons if "____" not in one]
        assert [one for one in missing if one not in answers(plan)] == []
        assert [page.count(str(escape(one))) for one in told] == [1] * len(told)


def answers(plan: Plan) -> list[str]:
    """Return what stands among the tools: questions to ask, and short answers."""
    return [said.text for name in ("questions", "answers", "bring") for said in plan.section(name)]


def test_a_small_plan_is_not_tightened(plan_for: Callable[..., Plan], wording: Wording) -> None:
    """Where there is room, page 1 keeps its air and its full sentences, and everything its place."""
    plan = plan_for(intervention="trigger-point-injection", options={"site": "low-back"}, therapies=["tens"])

    assert guess(plan, wording, templates_folder()) == Fit(0, 0)
    assert pages_of_the_cover(plan, wording, 0) == 1
    assert plan.purpose in render(plan, "html", wording, templates_folder()).decode()


def test_each_step_moves_more(plan_for: Callable[..., Plan]) -> None:
    """A later step never brings back what an earlier one moved, and more therapies get more pages."""
    moved = [parts for parts, _ in PLAN_STEPS]

    assert all(before <= after for before, after in itertools.pairwise(moved))
    assert moved[-1] == PARTS
    assert [plan_ends(plan_for(therapies=SEVEN[:number])) for number in (0, 3, 4, 6, 7)] == [4, 4, 5, 5, 6]


def test_two_columns_are_about_equally_high() -> None:
    """Signs are divided in their order, no sign is lost, and the higher column is as low as can be."""
    flags = tuple(Said(f"sign-{number}", "A sign " * (1 + number % 3)) for number in range(9))

    left, right = halves(flags)

    assert left + right == flags
    assert abs(len(left) - len(right)) <= 1
    assert halves(()) == ((), ())
    uneven = tuple(Said(f"sign-{size}", "x" * 40 * size) for size in (1, 2, 3))
    assert halves(uneven) == (uneven[:2], uneven[2:])
