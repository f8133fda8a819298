"""The handout with its pages set as close as they must be, and no closer."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from careplan.content.wording import Wording
from careplan.planning.plan import Plan
from careplan.render.estimate import SPACINGS, pages_of
from careplan.render.fit import PLAN_STEPS, TIGHTEST, Fit, first_guess, plan_ends
from careplan.render.html import FIRST_PAGES, HANDOUT, Margins, render_html, render_plan_pages
from careplan.render.stationery import own_fonts

# Where the procedure's own chapter begins, so that page 1 works alone.
SECOND = 2
_ALL = Margins()


def handout_html(plan: Plan, wording: Wording, templates: Path) -> str:
    """Return the handout as one HTML page."""
    return render_html(plan, wording, templates, fit=guess(plan, wording, templates))


def lay_out_handout(plan: Plan, wording: Wording, templates: Path) -> Any:
    """Return the handout as WeasyPrint's document; raises `MissingPartError`, `OutputError`."""
    return lay_out_fitted(plan, wording, templates)[0]


def lay_out_fitted(
    plan: Plan, wording: Wording, templates: Path, margins: Margins = _ALL
) -> tuple[Any, Fit]:
    """Return the handout as WeasyPrint's document, and how it was made to fit; raises as above."""
    from careplan.render.press import lay_out_page  # noqa: PLC0415 - slow to import

    fit = guess(plan, wording, templates)
    # Large print has as many pages as it needs.
    if plan.request.large_print:
        return lay_out_page(plan, wording, templates, HANDOUT, fit, margins), fit
    # Page 1 is soon laid out alone; the whole is only laid out again where the dates come too late.
    while fit.cover < TIGHTEST and len(lay_out_page(plan, wording, templates, FIRST_PAGES, fit).pages) > 1:
        fit = replace(fit, cover=fit.cover + 1)
    document = lay_out_page(plan, wording, templates, HANDOUT, fit, margins)
    while fit.plan < len(PLAN_STEPS) - 1 and _ends(document) > plan_ends(plan):
        fit = replace(fit, plan=fit.plan + 1)
        document = lay_out_page(plan, wording, templates, HANDOUT, fit, margins)
    return document, fit


def _ends(document: Any) -> int:
    """Return the page on which the plan's own pages end, where they begin on the second."""
    from careplan.render.pdf import starts_on_page  # noqa: PLC0415 - slow to import

    return starts_on_page(document, "last-date") - starts_on_page(document, "procedure") + SECOND


def guess(plan: Plan, wording: Wording, templates: Path) -> Fit:
    """Return how close the pages probably have to be set; large print is never tightened."""
    if plan.request.large_print:
        return Fit()
    last, paper, fonts = plan_ends(plan), plan.request.paper or "letter", own_fonts(plan.clinic)
    step = 0
    for step, (_, spacing) in enumerate(PLAN_STEPS):
        html = render_plan_pages(plan, wording, templates, step)
        if 1 + pages_of(html, SPACINGS[spacing], paper, fonts) <= last:
            break
    return Fit(first_guess(plan), step)
