"""What is doubtful in a plan on the day it is printed, but not wrong."""

import datetime as dt

from careplan.planning.plan import Plan


def doubts(plan: Plan, day: dt.date) -> tuple[str, ...]:
    """Return a sentence for each text that was to be reviewed before *day*, and for a procedure before it."""
    found = [
        f"{one.kind} {one.id} was to be reviewed by {one.due}."
        for one in plan.origins if one.due and one.due < day
    ]
    if plan.request.date and plan.request.date < day:
        found.append(f"The procedure day, {plan.date}, has passed.")
    return tuple(found)
