"""Who does the work on this computer: as many processes as it has processors."""

import os
from collections.abc import Iterator, Sequence
from functools import partial

from careplan.batch.pool import Limits, Lost, Pool
from careplan.batch.stock import Stock
from careplan.batch.work import Body, Checked, Order, Printed, Refused, check_bodies, print_orders
from careplan.content.resources import templates_folder


class Crew:
    """*count* processes that check and print with *stock*, each piece within *limits*."""

    # Whether those who print write the files, too.
    writes = True

    def __init__(self, stock: Stock, count: int, limits: Limits) -> None:
        self.count = count
        self._stock = stock
        self._limits = limits

    def check(self, bodies: Sequence[Body]) -> Iterator[tuple[Body, Checked | Lost]]:
        """Yield each of *bodies* with what is known of it."""
        work = partial(check_bodies, self._stock)
        with Pool(work, min(self.count, len(bodies)), self._limits) as pool:
            yield from pool.run([body] for body in bodies)

    def print(
        self, tasks: Sequence[Sequence[Order]]
    ) -> Iterator[tuple[Order, Printed | Refused | Lost]]:
        """Yield each order with what came of it; the orders of a task ask for the same plan."""
        if not tasks:
            return
        from careplan.render.pdf import warm_up  # noqa: PLC0415 - slow to import

        # What is loaded before the processes are made is loaded once for all of them.
        warm_up(templates_folder(), self._stock.clinic)
        work = partial(print_orders, self._stock)
        with Pool(work, min(self.count, len(tasks)), self._limits) as pool:
            yield from pool.run(tasks)


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
