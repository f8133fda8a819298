"""What can be wrong, and where: the one thing every room knows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["problem", "warning", "note"]
# What a level is called where people know it from compilers and editors.
SHOWN: dict[Level, str] = {"problem": "error", "warning": "warning", "note": "note"}

# Words further apart than this are not a misspelling but another word.
_LIKENESS = 0.6


@dataclass(frozen=True, order=True)
class Location:
    """A place in a file; *line* and *column* count from 1, and 0 means the whole file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return the place as editors and terminals link it."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, order=True)
class Problem:
    """A mistake in the data: where, what is expected, and a stable code.

    A problem stops what is being done; a warning should be looked at, and a note need not be.
    *excerpt* is the author's line, *write* the line as it should be, where that is known.
    """

    location: Location
    sentence: str
    code: str
    level: Level = "problem"
    excerpt: str = field(default="", compare=False)
    write: str = field(default="", compare=False)

    def __str__(self) -> str:
        """Return the problem on one line."""
        return f"{self.location}: {SHOWN[self.level]}: {self.sentence} [{self.code}]"

    def shown(self) -> str:
        """Return the problem with the author's line, a caret under the place, and the line to write."""
        lines = [str(self)]
        if self.excerpt:
            lines += [self.excerpt, " " * (max(self.location.column, 1) - 1) + "^"]
        if self.write:
            lines += ["Write:", self.write]
        return "\n    ".join(lines)


class CareplanError(Exception):
    """What cannot go on; the command line shows it without a traceback."""

    exit_code = 1


class RequestError(CareplanError):
    """The request names something that does not exist or leaves out what is needed.

    *field* is the field of the request that it is about, where that is known.
    """

    exit_code = 2

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class FragmentError(CareplanError):
    """Fragments or other data files are wrong; carries all *problems* found."""

    exit_code = 3

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep *problems* in the order of their places."""
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnsafePlanError(CareplanError):
    """A safety rule stops the plan and nobody has allowed it.

    *reasons* say for each such rule which it is and why, without what can be done on a command line.
    """

    exit_code = 4

    def __init__(self, message: str, reasons: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.reasons = tuple(reasons)


class UnapprovedPlanError(CareplanError):
    """The clinic prints approved texts only, and some text of the plan is not."""

    exit_code = 4


class MissingPartError(CareplanError):
    """This computer lacks a part that the chosen form needs."""

    exit_code = 5


class ClusterError(CareplanError):
    """The cluster that is to do the work cannot be reached, or is not fit for it."""

    exit_code = 5


class OutputError(CareplanError):
    """A file could not be read or written."""

    exit_code = 6


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" for the nearest of *known*, or nothing."""
    import difflib  # noqa: PLC0415 - only when a word is wrong

    nearest = difflib.get_close_matches(word, list(known), n=1, cutoff=_LIKENESS)
    return f"; did you mean '{nearest[0]}'?" if nearest else ""
