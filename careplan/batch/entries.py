"""A row of a roster as it was written: what its cells hold, and where they stand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from careplan.problems import Location, Problem, did_you_mean

# More than any list of ids; a longer cell is a quote that nobody closed.
LONGEST_CELL = 10_000
TOO_LONG = f"has more than {LONGEST_CELL:,} characters; is a quote missing where it ends?"

_LONGEST_QUOTE = 40


class Places(Mapping[str, Location]):
    """Where each filled column of a row stands, looked up only when somebody asks."""

    __slots__ = ("_file", "_filled", "_find", "_line")

    def __init__(
        self, file: str, line: int, filled: Sequence[str], find: Callable[[], Mapping[str, tuple[int, int]]],
    ) -> None:
        """Keep *find*, which returns line and column by column name, for a row that begins in *line*."""
        self._file, self._line, self._filled, self._find = file, line, tuple(filled), find

    def __getitem__(self, column: str) -> Location:
        if column not in self._filled:
            raise KeyError(column)
        return self.nearest(column)

    def __iter__(self) -> Iterator[str]:
        return iter(self._filled)

    def __len__(self) -> int:
        return len(self._filled)

    @property
    def line(self) -> int:
        """Return the line in which the row begins."""
        return self._line

    @property
    def file(self) -> str:
        """Return the file in which the row stands."""
        return self._file

    def nearest(self, column: str) -> Location:
        """Return where the cell of *column* stands, be it empty; the row's start if it has none."""
        return Location(self._file, *self._find().get(column, (self._line, 1)))


@dataclass(frozen=True)
class Entry:
    """What the filled cells of a row hold, by column, and what is wrong with the row as such.

    *spill* is what is wrong if the row turns out not to fit its columns: its cells may stand one
    column off, and none of them may be quoted then.
    """

    cells: Mapping[str, Any] = field(repr=False)
    places: Places = field(repr=False)
    problems: tuple[Problem, ...] = ()
    spill: Problem | None = None
    # Whether all cells could be read; without it only the ref may be there.
    is_whole: bool = True


def column_name(written: str) -> str:
    """Return the column that a heading names, however it is spaced and capitalised."""
    return "_".join(written.replace("-", " ").replace("_", " ").lower().split())


def quoted(text: str) -> str:
    """Return *text* in quotes on one line, cut where it is long, with nothing that cannot be seen."""
    plain = "".join(one if one.isprintable() else " " for one in text).strip()
    return f"'{plain if len(plain) <= _LONGEST_QUOTE else plain[: _LONGEST_QUOTE - 1] + '…'}'"


def not_a_column(written: str, columns: Sequence[str]) -> str:
    """Return a sentence that says that there is no column *written*, with the nearest or with all."""
    hint = did_you_mean(column_name(written), columns) or f"; the columns are {', '.join(columns)}."
    return f"{quoted(written)} is not a column of a roster{hint}"


def nothing_in(file: str) -> Problem:
    """Return the problem that *file* holds no rows at all."""
    sentence = "The roster is empty; its first line names the columns, such as intervention,date,copies."
    return Problem(Location(file), sentence, "no-heading")
