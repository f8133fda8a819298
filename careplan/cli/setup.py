"""Set careplan up in a shell: `completion`."""

import os
import sys
from pathlib import Path

import click

from careplan.cli.shells import SHELLS, VARIABLE
from careplan.problems import OutputError, RequestError

_ENDINGS = {"bash": "bash", "zsh": "zsh", "fish": "fish", "powershell": "ps1"}


@click.command()
@click.argument("shell", type=click.Choice(list(SHELLS)))
@click.option("--install", is_flag=True, help="Write it where the shell finds it, after you say yes.")
@click.option("--yes", is_flag=True, help="Say yes beforehand.")
def completion(shell: str, *, install: bool, yes: bool) -> None:
    """Print the script that completes ids, options and values with Tab.

    \b
    Examples:
      careplan completion bash --install
      careplan completion zsh > ~/.careplan.zsh      # and: source ~/.careplan.zsh
      careplan completion powershell | Out-String | Invoke-Expression
    """
    from careplan.cli.main import careplan  # noqa: PLC0415 - it loads this module

    script = SHELLS[shell](careplan, {}, "careplan", VARIABLE).source()
    if install:
        _install(shell, script, yes=yes)
        return
    click.echo(script, nl=False)
    click.echo(f"Next: careplan completion {shell} --install, or {_BY_HAND[shell]}", err=True)


_BY_HAND = {
    "bash": 'put into ~/.bashrc: eval "$(careplan completion bash 2>/dev/null)"',
    "zsh": 'put into ~/.zshrc, below compinit: eval "$(careplan completion zsh 2>/dev/null)"',
    "fish": "careplan completion fish > ~/.config/fish/completions/careplan.fish",
    "powershell": (
        "put into the file $PROFILE: careplan completion powershell 2>$null | Out-String | Invoke-Expression"
    ),
}


def _install(shell: str, script: str, *, yes: bool) -> None:
    """Write the script and the line that loads it, if the person agrees."""
    target, profile = _places(shell)
    line = _loading(shell, target) if profile else ""
    click.echo(f"This writes {target}", err=True)
    if profile:
        click.echo(f"and adds to {profile}:\n  {line}", err=True)
    if not yes:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            message = "Nobody is there to say yes, so nothing was written; --yes says it beforehand."
            raise RequestError(message)
        if not click.confirm("Write it?", default=False, err=True):
            raise click.Abort
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(script, encoding="utf-8", newline="\n")
        if profile:
            _add_line(profile, line)
    except OSError as error:
        message = f"{error.filename} was not written: {(error.strerror or 'unknown reason').lower()}."
        raise OutputError(message) from None
    click.echo(str(target))
    click.echo("Next: open a new terminal and press Tab behind careplan.", err=True)


def _add_line(profile: Path, line: str) -> None:
    """Add *line* at the end of *profile*, which may be a link, unless it stands there already."""
    # What is in it is the person's own, in an encoding of their own.
    before = profile.read_bytes() if profile.exists() else b""
    if line.encode() in before.splitlines():
        return
    profile.parent.mkdir(parents=True, exist_ok=True)
    with profile.open("ab") as file:
        file.write((b"" if not before or before.endswith(b"\n") else b"\n") + line.encode() + b"\n")


def _places(shell: str) -> tuple[Path, Path | None]:
    """Return where the script goes, and the file that has to load it; fish looks by itself."""
    home = Path.home()
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    target = data / "careplan" / f"completion.{_ENDINGS[shell]}"
    if shell == "fish":
        return config / "fish" / "completions" / "careplan.fish", None
    if shell == "bash":
        return target, home / ".bashrc"
    if shell == "zsh":
        return target, Path(os.environ.get("ZDOTDIR") or home) / ".zshrc"
    folder = home / "Documents" / "PowerShell" if os.name == "nt" else config / "powershell"
    return target, folder / "Microsoft.PowerShell_profile.ps1"


def _loading(shell: str, target: Path) -> str:
    quoted = "'" + str(target).replace("'", "''" if shell == "powershell" else "'\\''") + "'"
    if shell == "powershell":
        return f". {quoted}"
    # The script calls compdef, which is there after compinit and not before.
    before = "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }; "
    start = before if shell == "zsh" else ""
    return f"{start}[ -r {quoted} ] && . {quoted}"
