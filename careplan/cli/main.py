"""The command `careplan`: its groups, and the one place where errors are shown."""

import sys
from typing import NoReturn

import click

from careplan.cli import edit, look, make
from careplan.problems import CareplanError, FragmentError

INTERRUPTED = 130


class _Groups(click.Group):
    """Shows the commands under the headings of what people come to do."""

    headings = (("Make", ("build", "demo")), ("Look up", ("list", "show")), ("Edit", ("check",)))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, grouped."""
        for heading, names in self.headings:
            commands = [(name, self.get_command(ctx, name)) for name in names]
            rows = [(name, command.get_short_help_str(72)) for name, command in commands if command]
            with formatter.section(heading):
                formatter.write_dl(rows)


@click.group(
    cls=_Groups, invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="careplan", message="careplan %(version)s")
@click.pass_context
def careplan(context: click.Context) -> None:
    """Print one safe, plain handout for a pain procedure and the care around it.

    \b
    Examples:
      careplan demo
      careplan list therapies
      careplan build epidural-steroid-injection --option site=lumbar \\
          -t physical-therapy -t acupuncture -d 2026-12-03
    """
    if context.invoked_subcommand is None:
        if sys.stdin.isatty() and sys.stdout.isatty():
            from careplan.cli.ask import ask  # noqa: PLC0415 - only for people who ask

            ask(context)
        else:
            click.echo(context.get_help())


for _command in (make.build, make.demo, look.list_, look.show, edit.check):
    careplan.add_command(_command)


def main() -> NoReturn:
    """Run the command line and leave with one of the exit codes of the design."""
    try:
        sys.exit(careplan.main(standalone_mode=False) or 0)
    except FragmentError as error:
        for problem in error.problems:
            click.echo(problem.shown(), err=True)
        click.echo(_count(len(error.problems)), err=True)
        sys.exit(error.exit_code)
    except CareplanError as error:
        click.echo(f"careplan: {error}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. Nothing was written.", err=True)
        sys.exit(INTERRUPTED)


def _count(number: int) -> str:
    return "1 problem." if number == 1 else f"{number} problems."
