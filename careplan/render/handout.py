"""The handout with its pages set as close as they must be, and no closer."""

from pathlib import Path
from typing import Any

from careplan.content.wording import Wording
from careplan.planning.plan import Plan
from careplan.render.estimate import SPACINGS, pages_of
from careplan.render.fit import PLAN_STEPS, TIGHTEST, Fit, first_guess, plan_ends
from careplan.render.html import HANDOUT, Margins, render_html, render_plan_pages
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
    document = lay_out_page(plan, wording, templates, HANDOUT, fit, margins)
    # Large print has as many pages as it needs.
    while not plan.request.large_print and (closer := tighter(document, plan, fit)) != fit:
        fit = closer
        document = lay_out_page(plan, wording, templates, HANDOUT, fit, margins)
    return document, fit


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


def tighter(document: Any, plan: Plan, fit: Fit) -> Fit:
    """Return *fit* with one more step for each part that runs over its last page."""
    from careplan.render.pdf import starts_on_page  # noqa: PLC0415 - slow to import

    begins = starts_on_page(document, "procedure")
    ends = starts_on_page(document, "last-date") - begins + SECOND
    return Fit(
        min(fit.cover + (begins > SECOND), TIGHTEST),
        min(fit.plan + (ends > plan_ends(plan)), len(PLAN_STEPS) - 1),
    )
