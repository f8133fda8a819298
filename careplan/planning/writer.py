"""Turn authored texts into what one patient reads: chosen, dated, with slots filled."""

from collections.abc import Iterable, Mapping, Sequence

from careplan.content import slots
from careplan.content.clinic import Clinic, Country
from careplan.content.items import Item
from careplan.content.library import Library
from careplan.content.vocabulary import Option
from careplan.planning.calendar import Calendar
from careplan.planning.matching import UNKNOWN_VALUE, Facts, holds
from careplan.planning.plan import Said

BLANK = "____"


class Writer:
    """Says authored items for one plan and keeps which sources were cited."""

    def __init__(self, library: Library, facts: Facts, calendar: Calendar) -> None:
        self._library = library
        self._facts = facts
        self._calendar = calendar
        self._cited: dict[str, None] = {}

    @property
    def cited(self) -> tuple[str, ...]:
        """Return the ids of the sources behind all that was said, in that order."""
        return tuple(self._cited)

    @property
    def options(self) -> tuple[Option, ...]:
        """Return every option that there is, with its words."""
        return self._library.vocabulary.options

    def say(self, items: Iterable[Item]) -> tuple[Said, ...]:
        """Return the *items* that hold for this plan."""
        return tuple(self._said(item) for item in items if holds(item.only, self._facts))

    def cite(self, sources: Sequence[str]) -> None:
        """Remember the first of *sources*, the main one, for the list at the end.

        A patient is told where a statement comes from, not everyone who agrees; staff
        find all sources in the fragment.
        """
        self._cited.update(dict.fromkeys(sources[:1]))

    def fill(self, text: str) -> str:
        """Return *text* with its slots filled; what is not known becomes a line to write on."""
        return slots.fill(text, self._value)

    def _said(self, item: Item) -> Said:
        self.cite(item.sources)
        return Said(item.id, self.fill(item.text), self.fill(item.title or ""), item.sources)

    def _value(self, name: str, word: str) -> str:
        if name == "option":
            return self.option_words(word)
        if name in ("date", "day"):
            return self._calendar.words(int(word or 0))
        clinic, countries = self._calendar.clinic, self._library.countries
        known = {
            "phone": clinic.phone,
            "emergency": emergency_number(clinic, countries),
            "crisis": crisis_line(clinic, countries),
            "fever": clinic.fever,
        }
        return known[name] or BLANK

    def option_words(self, option: str) -> str:
        """Return the chosen values of *option* in plain words."""
        values = next(one.values for one in self._library.vocabulary.options if one.id == option)
        chosen = [
            values[value] for value in sorted(self._facts.options.get(option, ())) if value != UNKNOWN_VALUE
        ]
        wording = self._calendar.wording
        return wording.joined(chosen) if chosen else wording.say("treated_place")


def emergency_number(clinic: Clinic, countries: Mapping[str, Country]) -> str:
    """Return whom to call when life is in danger; empty if neither clinic nor country says."""
    return clinic.emergency or _country(clinic, countries).emergency


def crisis_line(clinic: Clinic, countries: Mapping[str, Country]) -> str:
    """Return how to reach the crisis line; empty if neither clinic nor country says."""
    return clinic.crisis or _country(clinic, countries).crisis or ""


def _country(clinic: Clinic, countries: Mapping[str, Country]) -> Country:
    return countries.get(clinic.country) or Country(emergency=BLANK)
