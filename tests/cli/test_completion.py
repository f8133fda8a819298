"""Tab completes ids, options and values, in every shell."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from ran import Ran

from careplan.cli import complete, main
from careplan.cli.shells import SHELLS

Run = Callable[..., Ran]

# Parameters whose values nobody can know beforehand.
FREE = {
    "date", "by", "reason", "role", "until", "on", "port", "paths", "due", "idle", "copies", "split",
    "workers", "time_limit", "memory_limit", "scheduler",
}
# What the files of the folder are offered for, which may have none.
FILES = {("approve", "for_"), ("batch", "roster")}


def tab(careplan: Run, *words: str) -> list[str]:
    """Return what Bash is offered for the last of *words*, cut at the spaces and equals signs."""
    line = " ".join(words)
    ran = careplan(
        _CAREPLAN_COMPLETE="bash_complete", COMP_WORDS=f"careplan {line}", COMP_CWORD=str(len(words)),
    )
    assert (ran.code, ran.err) == (0, "")
    return [one.partition(",")[2] for one in ran.out.splitlines() if one]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("buil",), ["build"]),
        (("build", "epid"), ["epidural-steroid-injection"]),
        (("build", "--larg"), ["--large-print"]),
        (("build", "x", "-t", "acu"), ["acupuncture"]),
        (("build", "x", "-t", "yoga,tai"), ["yoga,tai-chi"]),
        (("build", "x", "-t", "yoga", "-t", "yog"), []),
        (("build", "x", "--without", "acu"), ["acupuncture"]),
        (("build", "x", "-c", "sci"), ["sciatica"]),
        (("build", "x", "--factor", "pregnan"), ["pregnancy-possible", "pregnant"]),
        (("build", "x", "--factor", "pregnant", "="), ["unknown"]),
        (("build", "x", "--factor", "pregnant", "=", "u"), ["unknown"]),
        (("build", "x", "-s", "pump-t"), ["pump-trial"]),
        (("build", "x", "--allow", "n08a"), ["n08a-needles-near-fresh-injection"]),
        (("build", "x", "--paper", "a"), ["a4"]),
        (("build", "x", "-f", "st"), ["staff"]),
        (("build", "x", "-l", "e"), ["en"]),
        (("build", "spinal-cord-stimulation", "--option", "ph"), ["phase=trial", "phase=implant"]),
        (("build", "spinal-cord-stimulation", "--option", "phase", "=", "t"), ["trial"]),
        (("build", "spinal-cord-stimulation", "--option", "=", "phase", "=", "t"), ["trial"]),
        (("build", "spinal-cord-stimulation", "--option", "side=l"), ["left"]),
        (("list", "the"), ["therapies"]),
        (("list", "conflicts", "trigger"), ["trigger-point-injection"]),
        (("list", "therapies", "--for", "radio"), ["radiofrequency-ablation"]),
        (("show", "n08a"), ["n08a-needles-near-fresh-injection"]),
        (("batch", "x", "--sort", "intervention,l"), ["intervention,lang"]),
        (("completion", "p"), ["powershell"]),
    ],
    ids=" ".join,
)
def test_what_fits_is_offered(careplan: Run, words: tuple[str, ...], offered: list[str]) -> None:
    """Commands, options, ids, KEY=VALUE for the intervention that was typed, forms and papers."""
    assert tab(careplan, *words) == offered


def test_request_files_stand_beside_the_interventions(careplan: Run, tmp_path: Path) -> None:
    """A file that is a request is offered to build, also in a folder; other files are not."""
    request = "kind: request\nintervention: spinal-cord-stimulation\n"
    (tmp_path / "recall.yaml").write_text(request, encoding="utf-8")
    (tmp_path / "clinic.yaml").write_text("kind: clinic\n", encoding="utf-8")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "first.yaml").write_text(request, encoding="utf-8")

    assert tab(careplan, "build", "rec") == ["recall.yaml"]
    assert tab(careplan, "build", "cl") == []
    assert tab(careplan, "build", "old/") == ["old/first.yaml"]
    assert tab(careplan, "build", "recall.yaml", "--option", "phase", "=", "im") == ["implant"]


def test_the_clinics_own_fragments_are_offered(careplan: Run, tmp_path: Path) -> None:
    """What a clinic adds is completed like what is built in."""
    (tmp_path / "clinic.yaml").write_text("kind: clinic\n", encoding="utf-8")
    (tmp_path / "therapies").mkdir()
    (tmp_path / "therapies" / "qigong.yaml").write_text(
        "kind: therapy\nid: qigong\ntitle: Qigong\nsummary: Slow moves\nrank: 30\n", encoding="utf-8",
    )

    assert tab(careplan, "build", "x", "-t", "qi") == ["qigong"]


def test_what_is_broken_keeps_the_shell_quiet(careplan: Run, tmp_path: Path) -> None:
    """A wrong file or folder offers nothing, and says nothing into the line that is typed."""
    (tmp_path / "broken.yaml").write_text("kind: [request\n", encoding="utf-8")

    assert tab(careplan, "build", "bro") == []
    assert tab(careplan, "build", "nowhere/") == []


def test_completing_loads_no_slow_library() -> None:
    """Tab answers at once, because nothing is checked and no model is loaded."""
    code = (
        "import sys, contextlib\n"
        "from careplan.cli.main import main\n"
        "with contextlib.suppress(SystemExit):\n    main()\n"
        "print('slow', {'pydantic', 'weasyprint', 'jinja2'} & set(sys.modules))\n"
    )
    asked = {"_CAREPLAN_COMPLETE": "bash_complete", "COMP_WORDS": "careplan show x", "COMP_CWORD": "2"}

    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **asked}, capture_output=True, text=True, check=True,
    )

    assert done.stdout.endswith("slow set()\n")


def untaught(command: click.Command) -> list[str]:
    """Return the parameters of *command* for which Tab would offer nothing."""
    complete.teach(command)
    context = click.Context(command)
    return [
        f"{command.name} {one.name}" for one in command.params
        if one.name not in FREE and (command.name, one.name) not in FILES
        and not getattr(one, "is_flag", False)
        and not one.shell_complete(context, "")
    ]


def test_every_parameter_is_completed() -> None:
    """A new option is either completed or stands among those that nobody can know."""
    context = click.Context(main.careplan)
    commands = [main.careplan.get_command(context, name) for name in main.careplan.list_commands(context)]

    assert [one for command in commands if command for one in untaught(command)] == []


def test_the_guard_sees_a_parameter_without_completion() -> None:
    """The guard can fail: a parameter with a name that nobody knows is found."""
    assert untaught(click.Command("x", params=[click.Option(["--colour-of-hair"])])) == ["x colour_of_hair"]


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_a_script_and_is_told_how_to_keep_it(careplan: Run, shell: str) -> None:
    """The script goes to standard output, how to install it to the person."""
    ran = careplan("completion", shell)

    assert ran.code == 0
    assert f"{shell}_complete" in ran.out
    assert "_CAREPLAN_COMPLETE" in ran.out
    assert f"careplan completion {shell} --install" in ran.err


def test_powershell_gets_type_word_and_meaning(careplan: Run) -> None:
    """The line up to the cursor goes in, tabs stand between what comes out."""
    asked = {"_CAREPLAN_COMPLETE": "powershell_complete"}

    whole = careplan(COMP_WORDS="careplan build -t yoga,tai", COMP_CWORD="yoga,tai", **asked)
    part = careplan(COMP_WORDS="careplan build -t yoga,tai", COMP_CWORD="tai", **asked)
    empty = careplan(COMP_WORDS="careplan build --paper ", COMP_CWORD="", **asked)

    assert whole.out == "plain\tyoga,tai-chi\tTai chi\n"
    assert part.out == "plain\ttai-chi\tTai chi\n"
    assert empty.out == "plain\tletter\t\nplain\ta4\t\n"


def test_the_powershell_script_is_whole(careplan: Run) -> None:
    """It registers a completer for careplan and closes what it opens."""
    script = careplan("completion", "powershell").out

    assert script.startswith("Register-ArgumentCompleter -Native -CommandName careplan -ScriptBlock {")
    assert all(script.count(start) == script.count(end) for start, end in ("{}", "()", "[]"))
    assert "%(" not in script


def run_in(shell: str, script: str, folder: Path) -> str:
    """Return what *script* prints in *shell*, with this careplan first on the path."""
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not here")
    bin_folder = folder / "bin"
    bin_folder.mkdir()
    started = bin_folder / "careplan"
    started.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m careplan "$@"\n', encoding="utf-8")
    started.chmod(0o755)
    environment = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "HOME": str(folder)}
    done = subprocess.run(
        [program, "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=True,
    )
    return done.stdout


def test_bash_completes_with_the_script(tmp_path: Path) -> None:
    """Bash itself takes the script and offers only what it will replace."""
    shown = run_in("bash", """
source <(careplan completion bash 2>/dev/null)
COMP_WORDS=(careplan build spinal-cord-stimulation --option phase = t) COMP_CWORD=6
_careplan_completion careplan; printf '%s|' "${COMPREPLY[@]}"; COMPREPLY=()
COMP_WORDS=(careplan build x -t "") COMP_CWORD=4
_careplan_completion careplan; printf '%s|' "${COMPREPLY[0]}"
complete -p careplan
""", tmp_path)

    assert shown == "trial|physical-therapy|complete -o nosort -F _careplan_completion careplan\n"


def test_fish_completes_with_the_script(tmp_path: Path) -> None:
    """Fish takes words with a comma and meanings with one whole."""
    shown = run_in(
        "fish", "careplan completion fish 2>/dev/null | source; complete -C 'careplan build x -t yoga,tai'",
        tmp_path,
    )

    assert shown == "yoga,tai-chi\tTai chi\n"


def test_zsh_takes_the_script(tmp_path: Path) -> None:
    """Zsh registers the function for careplan."""
    shown = run_in("zsh", """
autoload -Uz compinit && compinit -u
source <(careplan completion zsh 2>/dev/null)
print $_comps[careplan]
""", tmp_path)

    assert shown == "_careplan_completion\n"


def install(careplan: Run, shell: str, home: Path, *more: str) -> Ran:
    """Run `completion SHELL --install` with *home* as the home folder."""
    elsewhere = dict.fromkeys(("ZDOTDIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), "")
    folders = {"HOME": str(home), "USERPROFILE": str(home), **elsewhere}
    return careplan("completion", shell, "--install", *more, **folders)


@pytest.mark.parametrize("shell", SHELLS)
def test_nothing_is_installed_without_a_yes(careplan: Run, tmp_path: Path, shell: str) -> None:
    """Where nobody can be asked, installing says what it would write, and writes nothing."""
    home = tmp_path / "home"
    home.mkdir()

    ran = install(careplan, shell, home)

    assert ran.code == 2
    assert "This writes " in ran.err
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("shell", SHELLS)
def test_installing_twice_adds_one_line(careplan: Run, tmp_path: Path, shell: str) -> None:
    """What is in the person's file stays, and the line stands there once."""
    home = tmp_path / "home it's"
    home.mkdir()
    (home / ".bashrc").write_text("alias ll='ls -l'", encoding="utf-8")

    first = install(careplan, shell, home, "--yes")
    second = install(careplan, shell, home, "--yes")

    assert (first.code, second.code) == (0, 0)
    script = Path(first.out.strip())
    assert f"{shell}_complete" in script.read_text(encoding="utf-8")
    if shell == "bash":
        lines = (home / ".bashrc").read_text(encoding="utf-8").splitlines()
        assert lines[0] == "alias ll='ls -l'"
        assert len(lines) == 2
