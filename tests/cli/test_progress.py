"""How far a batch is, as people and programs are told."""

import json
from collections.abc import Iterator

import pytest

from careplan.cli.progress import Progress, event, in_words, manner, shown


def clock(*seconds: float) -> Iterator[float]:
    """Yield what a clock shows each time it is looked at."""
    yield from seconds


def test_lines_come_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is no terminal, a line comes every few seconds and at the end, and not for each row."""
    times = clock(0, 1, 6, 6, 7, 8, 8)
    progress = Progress("lines", "Printing", 4, times.__next__)

    for failed in (False, True, False, False):
        progress.row(failed=failed)

    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "Printing: 2 of 4 rows, 1 failed, 0.3 a second, 6 s left",
        "Printing: 4 of 4 rows, 1 failed, 0.5 a second",
    ]


def test_before_the_first_row_nothing_is_foretold() -> None:
    """Without anything to measure by there is no rate and no time left."""
    assert not str(Progress("bar", "Printing", 4, clock(0, 0).__next__))


@pytest.mark.parametrize(("seconds", "told"), [(0.2, "1 s"), (59, "59 s"), (600, "10 min"), (9000, "2.5 h")])
def test_time_is_told_roughly(seconds: float, told: str) -> None:
    """Nobody needs the seconds of an hour."""
    assert in_words(seconds) == told


def test_programs_get_events_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON there is neither a bar nor a line."""
    with shown("events", "Printing", 2) as progress:
        progress.row()
        event("events", "row", {"ref": "A-1"})
    event("lines", "row", {"ref": "A-2"})

    out, err = capsys.readouterr()
    assert [json.loads(line) for line in out.splitlines()] == [{"event": "row", "ref": "A-1"}]
    assert err == ""


def test_a_bar_is_shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets a bar, a pipe gets lines; --json and -q go before both."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert manner(as_json=False, quiet=False) == "bar"
    assert manner(as_json=True, quiet=True) == "events"
    assert manner(as_json=False, quiet=True) == "quiet"
    monkeypatch.setattr("sys.stderr.isatty", lambda: False)
    assert manner(as_json=False, quiet=False) == "lines"
