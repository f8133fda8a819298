"""The command `careplan`: its groups, and the one place where errors are shown."""

import os
import sys
from importlib import import_module
from typing import NoReturn

import click
from click.shell_completion import CompletionItem

from careplan.problems import CareplanError, FragmentError, did_you_mean

INTERRUPTED = 130


# Each command under the heading of what people come to do, with its module and what the
# help says; a module is loaded when its command is called for.
COMMANDS: dict[str, dict[str, tuple[str, str]]] = {
    "Make": {
        "build": ("make:build", "Build one handout."),
        "batch": ("batch:batch", "Print a handout for each row of a roster."),
        "demo": ("make:demo", "Build an example: an epidural steroid injection with three therapies."),
    },
    "Look up": {
        "list": ("look:list_", "List what plans are made of, or what would happen if."),
        "show": ("look:show", "Show one fragment or rule: what it says, when, and who says so."),
        "diff": ("compare:diff", "Show what differs between two plans or two versions of a text."),
    },
    "Edit": {
        "new": ("new:new", "Write a file to start from, with a note on every line."),
        "check": ("edit:check", "Find every problem in the built-in plans, or in files and folders."),
        "preview": ("preview:preview", "See the handout in your browser; it follows every save."),
        "schema": ("schema:schema", "Write JSON Schema, with which an editor underlines mistakes."),
        "approve": ("approve:approve", "Sign texts: who stands behind them, and until when."),
    },
    "Set up": {
        "verify": ("verify:verify", "Say what a printed file was made from, and what changed since."),
        "doctor": ("doctor:doctor", "Check what careplan needs on this computer, and name each repair."),
        "completion": (
            "setup:completion", "Print the script that completes ids, options and values with Tab.",
        ),
    },
}


class _Groups(click.Group):
    """Shows the commands under their headings and loads only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands, in the order of the help."""
        return [name for group in COMMANDS.values() for name in group]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command called *cmd_name*, or nothing."""
        for group in COMMANDS.values():
            if cmd_name in group:
                module, _, attribute = group[cmd_name][0].partition(":")
                found = getattr(import_module(f"careplan.cli.{module}"), attribute)
                assert isinstance(found, click.Command)
                if ctx.resilient_parsing:
                    from careplan.cli.complete import teach  # noqa: PLC0415 - only for the Tab key

                    teach(found)
                return found
        return None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands that begin with *incomplete*, or the options; no command is loaded."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return [
            CompletionItem(name, help=told)
            for group in COMMANDS.values() for name, (_, told) in group.items() if name.startswith(incomplete)
        ]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that *args* begin with; a misspelt one gets the nearest name."""
        names = self.list_commands(ctx)
        if args[0] not in names and not args[0].startswith("-"):
            hint = did_you_mean(args[0], names) or f"; there is {', '.join(names)}."
            ctx.fail(f"There is no command '{args[0]}'{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the commands, grouped."""
        for heading, group in COMMANDS.items():
            with formatter.section(heading):
                formatter.write_dl([(name, told) for name, (_, told) in group.items()])


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


def main() -> NoReturn:
    """Run the command line and leave with one of the exit codes of the design."""
    if "_CAREPLAN_COMPLETE" in os.environ:
        from careplan.cli.shells import register  # noqa: PLC0415 - only for the Tab key

        register()
    try:
        # The name is the same however it was started: shells ask for completions by it.
        sys.exit(careplan.main(prog_name="careplan", standalone_mode=False) or 0)
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
