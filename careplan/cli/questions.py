"""The questions of the dialogue, one method each; each starts from what was answered before."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from careplan.cli.answers import Answers, given
from careplan.cli.prompts import Back, Row, ask_text, pick, pick_many
from careplan.planning.editions import EDITIONS

if TYPE_CHECKING:
    from careplan.content.clinic import Clinic
    from careplan.content.fragments import OptionChoice
    from careplan.content.library import Library
    from careplan.content.wording import Wording
    from careplan.planning.calendar import Calendar
    from careplan.planning.outlook import Outlook
    from careplan.planning.request import Request

# The groups in the order in which they are asked about, with what the list calls them.
GROUPS = {
    "medicine": "Medicines and supplements", "allergy": "Allergies",
    "blood-heart-lungs": "Blood, heart and lungs", "device": "Devices in the body",
    "operation": "Operations, done or planned", "bones": "Bones, neck and spine",
    "pregnancy-age": "Pregnancy and age", "vaccine": "Vaccines", "mind": "Mood and substances",
    "other": "Other health problems",
}
_PAPERS = {"letter": "Letter paper", "a4": "A4 paper"}
_DAY = "Type the day as year-month-day, such as 2026-12-03; Enter leaves lines to write on."
_PRINTED = "It is printed on every page, kept in the request file, and stands nowhere else."
_FIRST_NAME = "request.yaml"


@dataclass(frozen=True)
class Desk:
    """What the questions are asked from."""

    library: "Library"
    clinic: "Clinic"
    wording: "Wording"

    @classmethod
    def open(cls) -> "Desk":
        """Return the library, the clinic and the words that a build would use here."""
        from careplan.cli.house import open_house  # noqa: PLC0415
        from careplan.content.resources import templates_folder  # noqa: PLC0415
        from careplan.content.wording import load_wording  # noqa: PLC0415

        house = open_house(None)
        wording = load_wording(templates_folder(), house.settings.language or house.clinic.language)
        return cls(house.load_library(), house.clinic, wording)

    def request(self, answers: Answers) -> "Request":
        """Return the request that the answers come to."""
        from careplan.cli.make import read_request  # noqa: PLC0415 - needs the models
        from careplan.planning.request import Patient  # noqa: PLC0415

        request = read_request(answers.intervention, given(answers))
        factors = tuple(
            one.model_copy(update={"since": answers.since.get(one.id)}) for one in request.factors
        )
        born = answers.born or None
        patient = Patient(name=answers.name, date_of_birth=born) if answers.name else None
        return request.model_copy(update={"factors": factors, "patient": patient})

    def calendar(self, day: dt.date | None) -> "Calendar":
        """Return the clinic's calendar for a procedure on *day*."""
        from careplan.planning.calendar import Calendar  # noqa: PLC0415 - needs the models

        return Calendar(self.clinic, self.wording, day, "")

    def option_title(self, name: str) -> str:
        """Return how the option is called."""
        return next(one.title for one in self.library.vocabulary.options if one.id == name)

    def values(self, choice: "OptionChoice") -> dict[str, str]:
        """Return the values that an option has here, with the words for each."""
        words = next(one.values for one in self.library.vocabulary.options if one.id == choice.id)
        values = {value: words[value] for value in choice.values or words}
        return values if choice.must_be_known else {**values, "unknown": "not known"}

    def why(self, rule_id: str) -> str:
        """Return the sentence of a rule with what it rests on."""
        rule = self.library.rules[rule_id]
        lines = [rule.patient or rule.staff, f"Basis: {rule.basis}"]
        for name in rule.sources[:2]:
            source = self.library.references[name]
            year = f", {source.year}" if source.year else ""
            lines.append(f"Source: {source.organisation}: {source.title}{year}")
        return "\n      ".join([*lines, f"More: careplan show {rule_id}"])


class Questions:
    """The questions; *changed* tells that another procedure was chosen, with other options."""

    def __init__(self, desk: Desk, answers: Answers) -> None:
        self.desk = desk
        self.answers = answers
        self.changed = False

    def procedure(self) -> None:
        """Ask which procedure it is."""
        ranked = sorted(self.desk.library.interventions.values(), key=lambda one: one.rank)
        rows = [
            Row(one.id, one.title, one.summary, " ".join(said.text for said in one.names))
            for one in ranked
        ]
        chosen = pick("Which procedure?", rows, self.answers.intervention or None)
        self.changed = chosen != self.answers.intervention
        if self.changed:
            self.answers.intervention, self.answers.options = chosen, {}

    def choices(self) -> None:
        """Ask for the options that are needed, then offer the others in one list."""
        own = self.desk.library.interventions[self.answers.intervention].options
        needed = [one for one in own if one.default is None]
        position = 0
        while position <= len(needed):
            try:
                if position < len(needed):
                    self._value(needed[position])
                else:
                    self._details()
                position += 1
            except Back:
                if position == 0:
                    raise
                position -= 1

    def _value(self, choice: "OptionChoice") -> None:
        rows = [Row(value, words) for value, words in self.desk.values(choice).items()]
        default = self.answers.options.get(choice.id, choice.default)
        chosen = pick(f"{self.desk.option_title(choice.id)}?", rows, default)
        if chosen == choice.default:
            self.answers.options.pop(choice.id, None)
        else:
            self.answers.options[choice.id] = chosen

    def _details(self) -> None:
        """Offer the options that have a default, until the person is content."""
        choices = {one.id: one for one in self._with_default()}
        while choices:
            rows = [
                Row(name, self.desk.option_title(name), self._value_words(choice))
                for name, choice in choices.items()
            ]
            hint = "Number to change one, or Enter to go on"
            name = pick("More about it, as it stands now:", rows, "", hint)
            if not name:
                return
            try:
                self._value(choices[name])
            except Back:
                continue

    def _with_default(self) -> "list[OptionChoice]":
        from careplan.content.fragments import OptionChoice  # noqa: PLC0415 - needs the models

        own = self.desk.library.interventions[self.answers.intervention].options
        named = {one.id for one in own}
        everywhere = [
            OptionChoice(id=one.id, default="unknown")
            for one in self.desk.library.vocabulary.options if one.everywhere and one.id not in named
        ]
        return [*everywhere, *(one for one in own if one.default is not None)]

    def _value_words(self, choice: "OptionChoice") -> str:
        value = self.answers.options.get(choice.id, choice.default or "")
        return self.desk.values(choice).get(value, value)

    def conditions(self) -> None:
        """Ask what the plan is for."""
        rows = [
            Row(one.id, one.title, more=" ".join(said.text for said in one.what_it_is))
            for one in self.desk.library.conditions.values()
        ]
        self.answers.conditions = pick_many(
            "For which health problems?", rows, self.answers.conditions, none="None is named",
        )

    def therapies(self) -> None:
        """Ask which therapies join; each says whether it fits, from when, or why not."""
        from careplan.planning.outlook import foresee_therapies  # noqa: PLC0415 - needs the models

        request = self.desk.request(self.answers)
        rows = [self._fit(one) for one in foresee_therapies(self.desk.library, request)]
        refused = {row.id: row for row in rows if row.refused}
        for name in self.answers.therapies:
            if name in refused:
                click.echo(f"\n  {refused[name].title} no longer fits: {refused[name].more}")
        kept = [name for name in self.answers.therapies if name not in refused]
        self.answers.therapies = pick_many(
            "Which therapies join? Day 0 is the procedure; why 3 tells what holds number 3 back.", rows, kept,
            none="No therapy",
        )

    def _fit(self, outlook: "Outlook") -> Row:
        day = "" if outlook.first_day is None else f"from day {outlook.first_day}"
        if outlook.verdict == "blocked":
            note = f"{'does not fit' if outlook.stops else 'no day yet'}: {outlook.why}"
        elif outlook.verdict == "asks":
            note = ", ".join(filter(None, ["ask the clinic first", day]))
            note += f": {outlook.why}" if outlook.why else ""
        else:
            note = ", ".join(filter(None, ["fits", day]))
        therapy = self.desk.library.therapies[outlook.therapy]
        more = " ".join(said.text for said in therapy.why)
        if outlook.rule:
            more = f"{note}\n      {self.desk.why(outlook.rule)}"
        return Row(outlook.therapy, outlook.title, note, more, refused=outlook.stops)

    def factors(self) -> None:
        """Ask what about the patient changes what is safe, and since when where that matters."""
        library = self.desk.library
        rows = [
            Row(one.id, one.title, one.question, f"{one.meaning} {one.question}", GROUPS[one.group])
            for group in GROUPS for one in library.factors.values() if one.group == group
        ]
        while True:
            self.answers.factors = pick_many(
                "What holds for the patient? 12? says of number 12 that nobody knows.", rows,
                self.answers.factors, none="None of these", careful=True,
            )
            try:
                self._since()
            except Back:
                continue
            return

    def _since(self) -> None:
        self.answers.since = {
            name: day for name, day in self.answers.since.items() if name in self.answers.factors
        }
        for name in self.answers.factors:
            factor = self.desk.library.factors.get(name)
            if factor and factor.needs_date:
                day = ask_text(f"{factor.title}: which day? Enter if not known", _day, _DAY)
                if day:
                    self.answers.since[name] = day
                else:
                    self.answers.since.pop(name, None)

    def is_stopped(self) -> bool:
        """Return whether a therapy that was chosen no longer fits."""
        from careplan.planning.outlook import foresee_therapies  # noqa: PLC0415 - needs the models

        if not self.answers.therapies:
            return False
        outlooks = foresee_therapies(self.desk.library, self.desk.request(self.answers))
        return any(one.stops and one.therapy in self.answers.therapies for one in outlooks)

    def day(self) -> None:
        """Ask for the procedure day; a day on which the clinic is closed is refused with the reason."""
        click.secho("\nOn which day is it?", bold=True)
        if self.answers.day:
            click.echo(f"  So far: {self._weekday(self.answers.day)}.")
        self.answers.day = ask_text("Year-month-day, or Enter for none", self._open_day, _DAY)
        if self.answers.day:
            click.echo(f"  {self._weekday(self.answers.day)}.")

    def _open_day(self, typed: str) -> dt.date | None:
        day = _day(typed)
        calendar = self.desk.calendar(day)
        closed = calendar.closed_because(0) if day else None
        if day and closed:
            nearest = calendar.date(calendar.next_open(0))
            message = f"The clinic is closed on {self._weekday(day)} ({closed}); it opens again on {nearest}."
            raise ValueError(message)
        return day

    def _weekday(self, day: dt.date) -> str:
        passed = ", which has passed" if day < dt.date.today() else ""  # noqa: DTZ011 - the clinic's own day
        calendar = self.desk.calendar(day)
        return f"{calendar.weekday(0)}, {calendar.words(0)}, {day.year}{passed}"

    def printing(self) -> None:
        """Ask in which editions and on which paper it is printed."""
        rows = [Row(name, name.replace("-", " ").capitalize(), told) for name, told in EDITIONS.items()]
        rows += [Row(name, told) for name, told in _PAPERS.items()]
        before = [*self.answers.editions, *([self.answers.paper] if self.answers.paper else [])]
        chosen = pick_many("How is it printed?", rows, before, none="The usual way")
        self.answers.editions = tuple(one for one in chosen if one in EDITIONS)
        self.answers.paper = next((one for one in reversed(chosen) if one in _PAPERS), None)

    def patient(self) -> None:
        """Ask for the name on the pages, which needs a file to stand in."""
        answers = self.answers
        answers.name = answers.born = answers.file = ""
        click.secho("\nWhose handout is it?", bold=True)
        if "write-in" in answers.editions:
            click.echo("  The write-in edition has a place for a label instead of a name.")
        else:
            click.echo("  A name is kept in a request file and never stands on the command line.")
            answers.name = ask_text("Name, or Enter for a line to write on", _one_line, _PRINTED)
        if answers.name:
            hint = "Date of birth as you write it, or Enter for a line to write on"
            answers.born = ask_text(hint, _one_line, _PRINTED)
        if not (answers.name or answers.since):
            return
        if answers.since and not answers.name:
            click.echo("  The days that you gave for the patient need a request file, too.")
        usual = _free_name()
        answers.file = ask_text(
            f"Save the request as (Enter: {usual}; no: leave this out)",
            lambda typed: _new_file(typed or usual),
            "The file holds all answers; careplan build FILE makes the same handout again.",
        )
        if not answers.file:
            answers.name, answers.born, answers.since = "", "", {}


def _one_line(typed: str) -> str:
    from careplan.planning.request import Patient  # noqa: PLC0415 - needs the models

    try:
        return Patient(name=typed).name or "" if typed else ""
    except ValueError:
        message = "Please type it on one line, with letters and digits only."
        raise ValueError(message) from None


def _day(typed: str) -> dt.date | None:
    if typed.casefold() in ("", "none"):
        return None
    try:
        return dt.datetime.strptime(typed, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        message = "Please type a day that exists as year-month-day, such as 2026-12-03, or none."
        raise ValueError(message) from None


def _free_name() -> str:
    number, name = 1, _FIRST_NAME
    while Path(name).exists():
        number += 1
        name = f"request-{number}.yaml"
    return name


def _new_file(typed: str) -> str:
    """Return where the request is saved, or nothing; what exists already is never replaced."""
    if typed.casefold() in ("no", "n", "none"):
        return ""
    name = typed if typed.endswith((".yaml", ".yml")) else f"{typed}.yaml"
    path = Path(name).expanduser()
    if path.exists():
        message = f"{name} exists already; choose another name."
        raise ValueError(message)
    if not path.parent.is_dir():
        message = f"There is no folder {path.parent}."
        raise ValueError(message)
    return str(path)
