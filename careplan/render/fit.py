"""What has to fit its pages: page 1 fits one page, and the plan of three therapies four.

Both are tightened in steps: fewer words first, then smaller gaps and lanes; the text never
gets smaller. A first guess counts lines, so that most handouts are laid out once.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from careplan.planning.plan import Plan, Said
from careplan.render.picture import draw_timeline
from careplan.render.stationery import letterhead, own_fonts

TIGHTEST = 5
# The page on which a plan of so many therapies ends, and how many more each further page holds.
PLAN_ENDS, THERAPIES = 4, 3

# Parts of the plan's pages that move behind them, one step after the other, and how close the
# rest is then set. Each step moves what the steps before it moved, too.
_MOVES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset(), "roomy"),
    (frozenset({"background", "how_it_is_done"}), "roomy"),
    (frozenset(), "close"),
    (frozenset({"reasons"}), "close"),
    (frozenset({"cautions", "visit"}), "close"),
    (frozenset({"other_choices", "kept_away"}), "close"),
    (frozenset({"later"}), "closest"),
    (frozenset({"barred", "common_effects", "what_to_expect"}), "closest"),
)
PLAN_STEPS = tuple(
    (frozenset[str]().union(*(parts for parts, _ in _MOVES[: number + 1])), spacing)
    for number, (_, spacing) in enumerate(_MOVES)
)
PARTS = PLAN_STEPS[-1][0]
# What is said about the days after this one can move: six weeks after the procedure.
SOON = 42
# From this step on each box is as wide as the page, with its signs in two columns.
STACKED = 4

# From this step on the message stands under the title without the purpose.
MESSAGE_ALONE = 3

# Millimetres of a Letter page between its margins, and of what stands on page 1.
_ROOM = {"letter": 251.0, "a4": 269.0}
_FIXED, _LINE, _ITEM_GAP = 48.0, 6.0, 0.5
_POINT = 25.4 / 72
# What the place for a patient's label adds, with the taller lines to write on.
_LABEL = 28.0
# Characters that fit a line: of the page, of a step, of each box.
_PAGE, _STEP, _LEFT, _RIGHT = 92, 88, 42, 37
# What each step of tightness saves, in millimetres, apart from the picture and lines.
_SAVED = (0.0, 24.0, 24.0, 24.0, 24.0)
_FLAG_LINES = (5.17, 5.17, 4.9, 4.65, 4.65)


@dataclass(frozen=True)
class Fit:
    """How much page 1 and each therapist's sheet is tightened, and which step the plan's pages take."""

    cover: int = 0
    plan: int = 0
    sheets: Mapping[str, int] = field(default_factory=dict)


def plan_ends(plan: Plan) -> int:
    """Return the page on which the plan's own pages should end."""
    more = max(0, len(plan.therapies) - THERAPIES)
    return PLAN_ENDS + math.ceil(more / THERAPIES)


def first_guess(plan: Plan) -> int:
    """Return the least tightness at which page 1 probably fits; 0 for large print."""
    if plan.request.large_print:
        return 0
    top = letterhead(plan.clinic)
    room = _ROOM[plan.request.paper or "letter"] - (top.extra if top else 0)
    return next((step for step in range(STACKED) if _height(plan, step) <= room), STACKED)


def _height(plan: Plan, step: int) -> float:
    flags = plan.red_flags
    after_hours = _LINE if plan.clinic.after_hours_phone else 0
    boxes = max(_box(flags["emergency"], _LEFT, step), _box(flags["today"], _RIGHT, step) + after_hours)
    strip = math.ceil(sum(len(flag.text) + 3 for flag in flags["next-visit"]) / _PAGE + 0.3)
    words = _lines(_opening(plan, step), _PAGE) + sum(
        _lines(f"{one.title} {one.text}", _STEP) for one in plan.first_steps
    )
    picture = draw_timeline(
        plan.timeline, plan.request.paper or "letter", step, own_fonts(plan.clinic)
    ).height * _POINT
    fixed = _FIXED + (_LABEL if plan.request.write_in else 0)
    return fixed - _SAVED[step] + words * _LINE + picture + boxes + strip * _FLAG_LINES[step]


def _opening(plan: Plan, step: int) -> str:
    """Return what stands under the title: the message, and the purpose where there is room."""
    if step >= MESSAGE_ALONE:
        return plan.message.text
    return f"{plan.message.text} {plan.short_purpose if step else plan.purpose}"


def _box(flags: tuple[Said, ...], width: int, step: int) -> float:
    lines = sum(_lines(flag.text, width) for flag in flags)
    return lines * _FLAG_LINES[step] + len(flags) * (_ITEM_GAP if step == 0 else 0) + 10


def _lines(text: str, width: int) -> int:
    return max(1, math.ceil(len(text) / width))


def halves(flags: tuple[Said, ...]) -> tuple[tuple[Said, ...], tuple[Said, ...]]:
    """Return *flags* as two columns, of which the higher one is as low as it can be."""
    heights = [_lines(flag.text, _LEFT) for flag in flags]
    number = min(
        range(len(flags), -1, -1), key=lambda here: max(sum(heights[:here]), sum(heights[here:])),
    )
    return flags[:number], flags[number:]
