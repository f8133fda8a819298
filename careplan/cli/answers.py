"""What was answered so far, and the one line that says the same."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Answers:
    """What was answered so far; it grows with each question."""

    intervention: str = ""
    options: dict[str, str] = field(default_factory=dict)
    conditions: tuple[str, ...] = ()
    therapies: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()
    since: dict[str, dt.date] = field(default_factory=dict)
    day: dt.date | None = None
    editions: tuple[str, ...] = ()
    paper: str | None = None
    name: str = ""
    born: str = ""
    file: str = ""


def given(answers: Answers) -> dict[str, Any]:
    """Return the answers as `build` takes its options."""
    return {
        "options": tuple(f"{key}={value}" for key, value in answers.options.items()),
        "conditions": answers.conditions,
        "therapies": answers.therapies,
        "factors": answers.factors,
        "date": answers.day.isoformat() if answers.day else None,
        "paper": answers.paper,
        **{edition.replace("-", "_"): True for edition in answers.editions},
    }


def command_words(answers: Answers) -> list[str]:
    """Return what stands behind `careplan build`; a name stands in a file and never here."""
    if answers.file:
        return [answers.file]
    words = [answers.intervention]
    for letter, values in (
        ("--option", [f"{key}={value}" for key, value in answers.options.items()]),
        ("-c", answers.conditions), ("-t", answers.therapies), ("--factor", answers.factors),
    ):
        for value in values:
            words += [letter, value]
    words += ["-d", answers.day.isoformat()] if answers.day else []
    words += [f"--{edition}" for edition in answers.editions]
    return words + (["--paper", answers.paper] if answers.paper else [])
