"""A crew for tests that prints next to nothing, and fails where a row is told to."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache

from careplan.batch.pool import Lost
from careplan.batch.work import Body, Checked, Order, Printed, Refused
from careplan.content.resources import templates_folder
from careplan.render.pdf import render_pdf

# What stands in a row's list of therapies when it is to fail, and how.
FAILS = ("refused", "unreadable", "slow", "died", "page", "disk")


class Crowd:
    """Does what the therapies of a request say; *printed* counts what was printed for each row."""

    writes = False
    count = 2

    def __init__(self) -> None:
        self.printed: list[int] = []

    def check(self, bodies: Sequence[Body]) -> Iterator[tuple[Body, Checked | Lost]]:
        """Refuse the requests with the therapy 'refused'."""
        for body in reversed(bodies):
            wish = _wish(body.request.therapies)
            if wish == "refused":
                yield body, Checked(refused="It is refused.", code="row-request", field="therapies")
            elif wish == "unreadable":
                yield body, Lost("raised", "ValueError in check, line 1")
            else:
                key = hashlib.sha256(body.key.encode()).hexdigest()
                yield body, Checked(key, "en-US", "Your care plan", asks=("some-rule",))

    def print(self, tasks: Sequence[Sequence[Order]]) -> Iterator[tuple[Order, Printed | Refused | Lost]]:
        """Print as many pages as the request has therapies."""
        for order in (order for task in tasks for order in task):
            self.printed.append(order.row)
            wish = _wish(order.request.therapies)
            if wish in ("slow", "died"):
                yield order, Lost("slow" if wish == "slow" else "died")
            elif wish in ("page", "disk"):
                yield order, Refused("The page cannot be printed as it should.", disk=wish == "disk")
            else:
                data = blank(len(order.request.therapies) + 1)
                yield order, Printed(len(order.request.therapies) + 1, hashlib.sha256(data).hexdigest(), data)


def _wish(therapies: Sequence[object]) -> str:
    named = [getattr(one, "id", "") for one in therapies]
    return next((one for one in named if one in FAILS), "")


@lru_cache
def blank(pages: int) -> bytes:
    """Return a tagged PDF with next to nothing on its *pages*."""
    body = "".join('<h1 style="break-after: page">Page</h1>' for _ in range(pages - 1))
    html = f'<!DOCTYPE html><html lang="en"><title>Plan</title><body>{body}<p>The end.'
    return render_pdf(html, templates_folder())
