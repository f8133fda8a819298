"""What was answered and what the rules say about it, before anything is written."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from careplan.cli.answers import Answers
from careplan.cli.prompts import KEYS, read
from careplan.cli.questions import Desk
from careplan.problems import CareplanError

if TYPE_CHECKING:
    from careplan.planning.plan import Plan


def show_summary(desk: Desk, answers: Answers, titles: Sequence[str]) -> int | None:
    """Show the plan and return which step is to be asked again, or None where it is to be written."""
    from careplan.planning.compose import compose  # noqa: PLC0415 - needs the models

    click.secho("\nYour plan", bold=True)
    try:
        plan, trouble = compose(desk.library, desk.request(answers), desk.clinic, desk.wording), ""
    except CareplanError as error:
        plan, trouble = None, str(error)
    told = list(_told(desk, answers, plan))
    for number, (title, words) in enumerate(zip(titles, told, strict=True), start=1):
        click.echo(f"  {number}  {title:<10} {words}")
    if plan:
        _tell_rules(plan)
    else:
        click.secho("\nIt cannot be written as it stands:", bold=True)
        click.echo(f"  {trouble}")
    return _answer(len(titles), is_possible=plan is not None)


def _answer(steps: int, *, is_possible: bool) -> int | None:
    hint = "Enter writes the handout, a number changes that line"
    hint = hint if is_possible else "Number of the line to change"
    click.echo("")
    while True:
        typed = read(hint)
        if not typed or typed.casefold() in ("y", "yes"):
            if is_possible:
                return None
            click.echo("  Please change a line first, or type q to leave.")
        elif typed.isdecimal() and 1 <= int(typed) <= steps:
            return int(typed) - 1
        else:
            click.echo(KEYS if typed == "?" else f"  Please type a number from 1 to {steps}, or Enter.")


def _told(desk: Desk, answers: Answers, plan: "Plan | None") -> Iterator[str]:
    """Yield the words for each line of the summary, in the order of the steps."""
    library = desk.library
    yield library.interventions[answers.intervention].title
    words = {one.id: one.values for one in library.vocabulary.options}
    yield ", ".join(
        f"{desk.option_title(key)}: {words[key].get(value, 'not known')}"
        for key, value in answers.options.items()
    ) or "as usual"
    yield ", ".join(library.conditions[one].title for one in answers.conditions) or "no problem is named"
    yield "; ".join(_therapies(desk, answers, plan)) or "none"
    yield "; ".join(_factors(desk, answers)) or "none of the questions holds"
    yield plan.date if plan and plan.date else answers.day.isoformat() if answers.day else "lines to write on"
    yield ", ".join([*answers.editions, *([answers.paper] if answers.paper else [])]) or "the usual way"
    name = answers.name or ("a place for a label" if "write-in" in answers.editions else "a line to write on")
    yield f"{name}, in {answers.file}" if answers.file else name


def _therapies(desk: Desk, answers: Answers, plan: "Plan | None") -> Iterator[str]:
    if plan is None:
        yield from (desk.library.therapies[one].title for one in answers.therapies)
        return
    calendar = desk.calendar(answers.day)
    for therapy in plan.therapies:
        first = therapy.first_day
        starts = "" if first is None else f", from {calendar.short(first) if answers.day else f'day {first}'}"
        yield f"{therapy.title}{starts}"


def _factors(desk: Desk, answers: Answers) -> Iterator[str]:
    for one in answers.factors:
        name, _, state = one.partition("=")
        since = f" since {answers.since[name]}" if name in answers.since else ""
        yield desk.library.factors[name].title + (": not known" if state else since)


def _tell_rules(plan: "Plan") -> None:
    """Say what blocks or asks in full, and count what is milder."""
    strict = [one for one in plan.conflicts if one.action in ("block", "ask")]
    milder = [one.action for one in plan.conflicts if one.action not in ("block", "ask")]
    if strict or milder:
        click.secho("\nWhat the safety rules say", bold=True)
    for one in strict:
        click.echo(f"  {one.action:<5}  {one.sentence or one.rule.staff}  [{one.rule.id}]")
    if milder:
        counted = ", ".join(f"{milder.count(action)} {action}" for action in dict.fromkeys(milder))
        click.echo(f"  {'also' if strict else 'only'}   {counted}; all are printed, with their reasons")
