"""How far a batch is: a bar on a terminal, lines where it is piped, events as JSON, or nothing."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

import click

Manner = Literal["bar", "lines", "events", "quiet"]
# Seconds between two lines where there is no bar.
_PAUSE = 5.0
_MINUTE, _HOUR = 60, 3600


def manner(*, as_json: bool, quiet: bool) -> Manner:
    """Return how progress is shown."""
    if as_json:
        return "events"
    if quiet:
        return "quiet"
    return "bar" if sys.stderr.isatty() else "lines"


class Progress:
    """Tells how many of *total* rows are done; *clock* counts seconds."""

    def __init__(
        self, how: Manner, label: str, total: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._how = how
        self._label = label
        self._total = total
        self._clock = clock
        self._began = self._told = clock()
        self._done = self._failed = 0
        self._bar: Any = None

    def row(self, *, failed: bool = False) -> None:
        """Count one more row."""
        self._failed += failed
        self.rows(1)

    def rows(self, number: int) -> None:
        """Count so many more rows."""
        self._done += number
        if self._bar is not None:
            self._bar.update(number, self)
        elif self._how == "lines":
            now = self._clock()
            if self._done == self._total or now - self._told >= _PAUSE:
                self._told = now
                click.echo(f"{self._label}: {self._done} of {self._total} rows{self}", err=True)

    def __str__(self) -> str:
        """Return what is told beside the number of rows: failures, rows a second, and the time left."""
        seconds = self._clock() - self._began
        failed = f", {self._failed} failed" if self._failed else ""
        if not self._done or seconds <= 0:
            return failed
        left = seconds / self._done * (self._total - self._done)
        going = f", {in_words(left)} left" if self._done < self._total else ""
        return f"{failed}, {self._done / seconds:.1f} a second{going}"


@contextmanager
def shown(how: Manner, label: str, total: int) -> Iterator[Progress]:
    """Show the progress of *total* rows for as long as the work lasts."""
    progress = Progress(how, label, total)
    if how != "bar" or not total:
        yield progress
        return
    with click.progressbar(
        length=total, label=label, file=sys.stderr, show_eta=False, show_percent=False, show_pos=True,
        item_show_func=lambda one: str(one).removeprefix(", ") if one else "",
    ) as progress._bar:  # noqa: SLF001 - ours
        yield progress


def event(how: Manner, kind: str, facts: Mapping[str, Any]) -> None:
    """Print *facts* as one line of JSON, where events are wanted."""
    if how == "events":
        click.echo(json.dumps({"event": kind, **facts}, ensure_ascii=False))


def in_words(seconds: float) -> str:
    """Return about how long *seconds* are."""
    if seconds < _MINUTE:
        return f"{max(1, round(seconds))} s"
    if seconds < _HOUR:
        return f"{round(seconds / _MINUTE)} min"
    return f"{seconds / _HOUR:.1f} h"
