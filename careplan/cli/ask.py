"""Ask step by step what to build, and say the one line that would have done it."""

import os
import shlex
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from careplan.cli.answers import Answers, command_words
from careplan.cli.make import as_yaml, build
from careplan.cli.prompts import Back
from careplan.cli.questions import Desk, Questions
from careplan.cli.summary import show_summary
from careplan.files import write_whole
from careplan.problems import CareplanError

if TYPE_CHECKING:
    from collections.abc import Callable

# Each question with what the summary calls its answer. In this order, because what comes later
# depends on what stands before: whether a therapy fits, on the procedure.
STEPS = (
    ("procedure", "Procedure"), ("choices", "Choices"), ("conditions", "For"), ("therapies", "Therapies"),
    ("factors", "Patient"), ("day", "Day"), ("printing", "Print"), ("patient", "Name"),
)
# The steps after which a therapy that was chosen may no longer fit.
_BEARING = (1, 2, 4)


def ask(context: click.Context) -> None:
    """Ask for the parts of a plan with plain numbered prompts, then build it."""
    desk = Desk.open()
    click.echo("One question after another. ? explains what you can type, b goes back, q leaves.")
    click.echo("Nothing is written before you say yes at the end.")
    answers = interview(desk)
    _write(context, desk, answers)


def interview(desk: Desk) -> Answers:
    """Return the answers that the person has agreed to; raises `click.Abort` where they leave."""
    answers = Answers()
    questions = Questions(desk, answers)
    steps: list[Callable[[], None]] = [getattr(questions, name) for name, _ in STEPS]
    done: set[int] = set()
    position = 0
    while True:
        try:
            if position == len(steps):
                wanted = show_summary(desk, answers, [title for _, title in STEPS])
                if wanted is None:
                    return answers
                done.discard(wanted)
            else:
                steps[position]()
                done.add(position)
                if position == 0 and questions.changed:
                    done.discard(1)
                elif position in _BEARING and questions.is_stopped():
                    # It is asked again, and says what no longer fits.
                    done.discard(3)
        except Back:
            if position == 0:
                click.echo("  This is the first question; q leaves.")
            done -= {position, position - 1}
        position = next((one for one in range(len(steps)) if one not in done), len(steps))


def _write(context: click.Context, desk: Desk, answers: Answers) -> None:
    """Write what was agreed to; where that fails, the line is still worth having."""
    words = command_words(answers)
    line = f"careplan build {_as_typed(words)}"
    kept = Path(answers.file) if answers.file else None
    if kept:
        write_whole(kept, as_yaml(desk.request(answers)))
    try:
        with build.make_context("build", words, parent=context) as made:
            build.invoke(made)
    except CareplanError:
        click.echo(f"\nThe same in one line, to try again:\n  {line}", err=True)
        raise
    except (click.Abort, KeyboardInterrupt):
        # Leaving means that nothing was written.
        if kept:
            with suppress(OSError):
                kept.unlink()
        raise
    click.echo(f"\nThe same in one line:\n  {line}")


def _as_typed(words: list[str]) -> str:
    """Return *words* as this system's shell takes them."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
