"""Each therapist's sheet fits on one page: how tight it has to be printed.

Tightness is a number of steps: fewer lines to write on first, then smaller gaps and
margins; the text never gets smaller. A count of lines guesses the step, and the pages decide.
"""

import math
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from careplan.content.wording import Wording
from careplan.planning.plan import Plan, TherapyPlan
from careplan.render.fit import Fit
from careplan.render.pdf import starts_on_page
from careplan.render.press import lay_out_page

TIGHTEST = 5

# Points of a page between its margins, and of what stands on every sheet.
_ROOM = {"letter": 701.0, "a4": 752.0}
_FIXED, _LINE, _BOX_LINE = 335.0, 12.6, 12.2
# What each step leaves of the height, in parts.
_LEFT = (1.0, 0.96, 0.86, 0.70, 0.66, 0.58)
# Characters that fit a line: beside a label, of the page, of the box with the signs.
_BESIDE, _WHOLE, _BOX = 82, 108, 72


def lay_out_sheet(plan: Plan, wording: Wording, templates: Path, form: str) -> Any:
    """Return the sheet *form*, set as it is; raises `MissingPartError`, `OutputError`."""
    return lay_out_page(plan, wording, templates, f"{form}.html.j2", Fit())


def lay_out_handoff(plan: Plan, wording: Wording, templates: Path) -> Any:
    """Return a sheet for each therapist, each tightened until it fits its page; raises as above."""

    def laid(sheets: Mapping[str, int]) -> Any:
        return lay_out_page(plan, wording, templates, "handoff.html.j2", Fit(sheets=sheets))

    sheets = first_guess(plan)
    document = laid(sheets)
    while long := {one for one in too_long(plan, document) if sheets[one] < TIGHTEST}:
        sheets = tighter(sheets, long)
        document = laid(sheets)
    return document


def first_guess(plan: Plan) -> Mapping[str, int]:
    """Return for each therapy the least tightness at which its sheet probably fits."""
    room = _ROOM[plan.request.paper or "letter"]
    return {
        therapy.id: next(
            (step for step in range(TIGHTEST) if _height(plan, therapy) * _LEFT[step] <= room), TIGHTEST
        )
        for therapy in plan.therapies
    }


def too_long(plan: Plan, document: Any) -> frozenset[str]:
    """Return the therapies whose sheets run over a page of the laid-out *document*."""
    firsts = [starts_on_page(document, f"for-{therapy.id}") for therapy in plan.therapies]
    ends = [*firsts[1:], len(document.pages) + 1]
    return frozenset(
        therapy.id
        for therapy, first, end in zip(plan.therapies, firsts, ends, strict=True) if end > first + 1
    )


def tighter(sheets: Mapping[str, int], long: Collection[str]) -> Mapping[str, int]:
    """Return *sheets* with each *long* one a step tighter."""
    return {name: step + 1 if name in long else step for name, step in sheets.items()}


def _height(plan: Plan, therapy: TherapyPlan) -> float:
    """Return about how many points the sheet of *therapy* needs when it is not tightened."""
    safety = therapy.safety
    beside = [". ".join(plan.factors), therapy.starts, *(f"{one.what} {one.note}" for one in safety.starts)]
    beside += [one.where for one in safety.kept_away]
    if plan.devices:
        beside.append(f"{plan.devices.never} {plan.devices.ask}")
    reasons = [
        " ".join(reason.sentence + " " * 25 * reason.answer for reason in group.said)
        for group in safety.reasons
    ]
    signs = " ".join(flag.text for flag in plan.red_flags["emergency"])
    lines = sum(_lines(text, _BESIDE) + 0.4 for text in beside) + sum(_lines(one, _WHOLE) for one in reasons)
    return _FIXED + lines * _LINE + _lines(signs, _BOX) * _BOX_LINE


def _lines(text: str, width: int) -> int:
    return max(1, math.ceil(len(text) / width))
