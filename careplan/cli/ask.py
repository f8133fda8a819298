"""Ask step by step what to build, and say the one line that would have done it."""

import shlex
from collections.abc import Sequence

import click

from careplan.cli.make import build


def ask(context: click.Context) -> None:
    """Ask for the parts of a plan with plain numbered prompts, then build it."""
    from careplan.content.library import load_library  # noqa: PLC0415 - slow to import
    from careplan.content.resources import plans_folder  # noqa: PLC0415

    library = load_library(plans_folder())
    by_rank = sorted(library.interventions.values(), key=lambda one: one.rank)
    chosen = _choose("Which procedure?", [(one.id, one.title) for one in by_rank])[0]
    words = [chosen]
    options = {option.id: option.values for option in library.vocabulary.options}
    for choice in library.interventions[chosen].options:
        if choice.default is None:
            values = {**options[choice.id], "unknown": "not known"}
            listed = [(value, values[value]) for value in (*(choice.values or options[choice.id]), "unknown")]
            words += ["--option", f"{choice.id}={_choose(f'{choice.id}?', listed)[0]}"]
    conditions = [(one.id, one.title) for one in library.conditions.values()]
    therapies = sorted(library.therapies.values(), key=lambda one: one.rank)
    factors = [(one.id, one.title) for one in library.factors.values()]
    for letter, question, rows in (
        ("-c", "For which problems?", conditions),
        ("-t", "Which therapies?", [(one.id, one.title) for one in therapies]),
        ("--factor", "What about the patient changes what is safe?", factors),
    ):
        for name in _choose(question, rows, many=True):
            words += [letter, name]
    date = click.prompt("Procedure day, YYYY-MM-DD (Enter for none)", default="", show_default=False)
    words += ["-d", date] if date else []
    click.echo(f"\nThe same in one line:\n  careplan build {shlex.join(words)}\n", err=True)
    with build.make_context("build", words, parent=context) as made:
        build.invoke(made)


def _choose(
    question: str, rows: Sequence[tuple[str, str]], *, many: bool = False
) -> Sequence[str]:
    """Return the ids of the rows whose numbers were typed; with *many* also none."""
    click.echo(f"\n{question}")
    for number, (_, title) in enumerate(rows, start=1):
        click.echo(f"  {number:>2}  {title}")
    hint = "Numbers with commas (Enter for none)" if many else "Number"
    while True:
        typed = click.prompt(hint, default="" if many else None, show_default=False)
        numbers = [word.strip() for word in str(typed).split(",") if word.strip()]
        legal = [word for word in numbers if word.isdecimal() and 1 <= int(word) <= len(rows)]
        if len(legal) == len(numbers) and (many or len(numbers) == 1):
            return [rows[int(word) - 1][0] for word in legal]
        click.echo(f"Please type {'numbers' if many else 'a number'} from 1 to {len(rows)}.")
