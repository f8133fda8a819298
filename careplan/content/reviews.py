"""Which texts must be looked at again: the day in their review is past, or near."""

import datetime as dt
from collections.abc import Iterable, Iterator

from pydantic import BaseModel

from careplan.content.source import Source
from careplan.problems import Problem

# So long before its day a review is worth planning.
SOON = 60


def check_reviews(
    read: Iterable[tuple[BaseModel, Source]], today: dt.date, soon: int = SOON
) -> Iterator[Problem]:
    """Yield a warning for each review that is overdue on *today*, a note for one within *soon* days."""
    for fragment, source in read:
        review = getattr(fragment, "review", None)
        if review is None:
            continue
        place = source.locate(("review", "due"))
        left = (review.due - today).days
        if left < 0:
            sentence = f"The review was due on {review.due}, {_days(-left)} ago. Look at the text again."
            yield source.problem(place, sentence, "review-overdue", "warning")
        elif left <= soon:
            when = f"in {_days(left)}" if left else "today"
            yield source.problem(place, f"The review is due {when}, on {review.due}.", "review-soon", "note")


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
