"""Plain numbered prompts that understand the same few words everywhere.

A number chooses, part of a word searches, `b` goes back, `?` explains and `q` leaves. Numbers stay
the same while a list is searched, so that a number read once is never another's later.
"""

import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import click

from careplan.problems import did_you_mean

T = TypeVar("T")

# More lines than this scroll away what was asked.
LINES = 20
UNKNOWN = "unknown"

KEYS = """\
  1          a number chooses; several go with commas where several are asked for
  diab       part of a word searches the list; Enter shows all of it again
  why 3      says more about number 3, with the rule and its source where there is one
  m          shows more of a long list
  b          goes back to the question before
  q          leaves; nothing is written before you say yes at the end"""


class Back(Exception):  # noqa: N818 - a wish, not an error
    """The person wants the question before."""


@dataclass(frozen=True)
class Row:
    """A line to choose; *note* stands behind the title and *more* answers `why`.

    A *refused* line can be asked about and not chosen.
    """

    id: str
    title: str
    note: str = ""
    more: str = ""
    group: str = ""
    refused: bool = False


def read(hint: str) -> str:
    """Return what is typed; raises `Back`, and `click.Abort` where the person leaves."""
    typed = str(click.prompt(hint, default="", show_default=False, prompt_suffix=" > ")).strip()
    if typed.casefold() in ("q", "quit"):
        raise click.Abort
    if typed.casefold() in ("b", "back"):
        raise Back
    return typed


def ask_text(hint: str, parse: Callable[[str], T], help_: str) -> T:
    """Return what *parse* makes of the answer, which it may refuse with a `ValueError`."""
    while True:
        typed = read(hint)
        if typed == "?":
            click.echo(help_)
            continue
        try:
            return parse(typed)
        except ValueError as error:
            click.echo(f"  {error}")


def pick(question: str, rows: Sequence[Row], chosen: str | None = None, hint: str = "") -> str:
    """Return the id of the one row that is chosen; Enter keeps *chosen*, which may be none of them."""
    menu = Menu(question, rows, [chosen] if chosen else [])
    menu.show()
    while True:
        typed = read(hint or ("Number" if chosen is None else "Number, or Enter to keep *"))
        if not typed and not menu.is_narrow and chosen is not None:
            return chosen
        numbers = menu.understand(typed, many=False)
        if numbers and not menu.refuse(numbers):
            return menu.rows[next(iter(numbers))].id
        if not typed:
            menu.show_all()


def pick_many(
    question: str, rows: Sequence[Row], chosen: Iterable[str], *, none: str, careful: bool = False
) -> tuple[str, ...]:
    """Return the ids of the rows that are chosen, in the order of the list.

    With *careful*, that none holds is said by 0 and not by Enter alone, and `12?` says that nobody
    could tell, which comes back as `id=unknown`.
    """
    menu = Menu(question, rows, chosen, none=none, unknown=careful)
    menu.show()
    while True:
        may_end = bool(menu.chosen) or not careful
        typed = read("Numbers, 0 for none, or Enter when done" if may_end else "Numbers, or 0 for none")
        if not typed:
            if menu.is_narrow:
                menu.show_all()
            elif may_end:
                return menu.result()
            else:
                click.echo("  Type 0 if none of these holds.")
            continue
        if typed.casefold() in ("0", "none"):
            return ()
        numbers = menu.understand(typed, many=True)
        if numbers and not menu.refuse(numbers):
            menu.toggle(numbers)


class Menu:
    """A numbered list, shown at most twenty lines at a time."""

    def __init__(
        self, question: str, rows: Sequence[Row], chosen: Iterable[str], *, none: str = "",
        unknown: bool = False,
    ) -> None:
        self.question = question
        self.rows = dict(enumerate(rows, start=1))
        self.none = none
        self.unknown = unknown
        numbers = {row.id: number for number, row in self.rows.items()}
        states = dict(one.partition("=")[::2] for one in chosen)
        self.chosen = {numbers[name]: state for name, state in states.items() if name in numbers}
        self.listed = list(self.rows)
        self.start = 0

    @property
    def is_narrow(self) -> bool:
        """Return whether a search leaves something out."""
        return len(self.listed) < len(self.rows)

    def show(self) -> None:
        """Show the question and the first lines."""
        click.secho(f"\n{self.question}", bold=True)
        if self.none:
            click.echo(f"   0  {self.none}")
        self._show_lines()

    def show_all(self) -> None:
        """Show the list from its beginning, whatever was searched for."""
        self.listed, self.start = list(self.rows), 0
        self._show_lines()

    def _show_lines(self) -> None:
        widest = max(len(row.title) for row in self.rows.values()) if self.rows else 0
        room = max(shutil.get_terminal_size().columns - 8, 50)
        left, group, start = LINES, "", self.start
        for number in self.listed[start:]:
            row = self.rows[number]
            needed = 1 + (row.group != group)
            if needed > left:
                break
            if row.group != group:
                click.secho(f"  {row.group}", dim=True)
                group = row.group
            mark = "*" if number in self.chosen else " "
            line = f"{row.title:<{min(widest, 40)}}  {row.note}" if row.note else row.title
            cut = line if len(line) <= room else f"{line[: room - 1]}…"
            click.echo(f" {mark}{number:>2}  {cut}".rstrip())
            left -= needed
            self.start += 1
        more = len(self.listed) - self.start
        if more:
            click.echo(f"      … {more} more: m shows them, part of a word searches")

    def understand(self, typed: str, *, many: bool) -> dict[int, str] | None:
        """Return the numbers in *typed* with their state, or None where it was something else.

        Searches, pages and explanations are done here.
        """
        words = re.split(r"[\s,]+", typed.strip(", "))
        if not typed:
            return {}
        if typed.casefold() in ("m", "more"):
            if self.start >= len(self.listed):
                self.start = 0
            self._show_lines()
        elif words[0].casefold() in ("?", "why"):
            self._explain(words[1:])
        elif all(re.fullmatch(r"[0-9]+\??", word) for word in words):
            return self._numbers(words, many=many)
        else:
            same = [number for number, row in self.rows.items() if row.id == typed.casefold()]
            if same:
                return {same[0]: ""}
            self._search(typed)
        return None

    def _numbers(self, words: Sequence[str], *, many: bool) -> dict[int, str] | None:
        states = {int(word.rstrip("?")): UNKNOWN if word.endswith("?") else "" for word in words}
        asks_unknown = any(states.values())
        if not all(number in self.rows for number in states) or (len(states) > 1 and not many):
            click.echo(f"  Please type {'numbers' if many else 'a number'} from 1 to {len(self.rows)}.")
        elif asks_unknown and not self.unknown:
            click.echo("  Type why and the number to hear more about it.")
        else:
            return states
        return None

    def _search(self, typed: str) -> None:
        looked_for = typed.casefold().split()
        if len(typed) == 1:
            click.echo("  Type at least two letters to search, or ? for help.")
            return
        texts = {
            number: f"{row.id} {row.title} {row.note} {row.group}".casefold()
            for number, row in self.rows.items()
        }
        found = [number for number, text in texts.items() if all(word in text for word in looked_for)]
        if not found:
            known = sorted({word for text in texts.values() for word in re.findall(r"\w+", text)})
            hint = did_you_mean(looked_for[0], known) or "; ? explains what can be typed."
            click.echo(f"  Nothing here has '{typed}' in it{hint}")
            return
        self.listed, self.start = found, 0
        self._show_lines()
        if self.is_narrow:
            click.echo("      Enter shows all again.")

    def _explain(self, words: Sequence[str]) -> None:
        """Say more about the numbers or words in *words*, or how to answer and what does not fit."""
        if not words:
            click.echo(KEYS)
            if self.unknown:
                click.echo("  12?        says of number 12 that it is not known, which counts as strict")
            asked = [number for number, row in self.rows.items() if row.refused]
        else:
            asked = [
                number for number, row in self.rows.items()
                if any(word == str(number) or _names(row, word) for word in words)
            ]
            if not asked:
                click.echo(f"  Nothing here is called '{' '.join(words)}'.")
        for number in asked:
            row = self.rows[number]
            click.echo(f"  {number:>2}  {row.title}: {row.more or row.note or 'nothing more is known.'}")

    def refuse(self, numbers: Iterable[int]) -> bool:
        """Say why, and return True, where one of *numbers* cannot be chosen."""
        refused = [number for number in numbers if self.rows[number].refused and number not in self.chosen]
        if refused:
            self._explain([str(number) for number in refused])
            click.echo("  It cannot be chosen here.")
        return bool(refused)

    def toggle(self, numbers: dict[int, str]) -> None:
        """Add *numbers*, or take away what was chosen in the same way, and say what is chosen."""
        for number, state in numbers.items():
            if self.chosen.get(number) == state:
                del self.chosen[number]
            else:
                self.chosen[number] = state
        titles = [
            self.rows[number].title + (" (not known)" if state else "")
            for number, state in sorted(self.chosen.items())
        ]
        click.echo(f"  Chosen: {'; '.join(titles) or 'none'}. A number again takes it away.")
        self.listed, self.start = list(self.rows), 0

    def result(self) -> tuple[str, ...]:
        """Return the ids that are chosen, with their state where it is not known."""
        return tuple(
            f"{self.rows[number].id}={state}" if state else self.rows[number].id
            for number, state in sorted(self.chosen.items())
        )


def _names(row: Row, word: str) -> bool:
    return len(word) > 1 and word.casefold() in f"{row.id} {row.title}".casefold()
