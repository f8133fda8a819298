#!/usr/bin/env python3
"""Set careplan up beside this file, then run it: `python3 run.py demo`, `python3 run.py test`.

Needs Python 3.11 or newer and pip, nothing else. What it does, in this order:

1. makes a virtual environment in .venv,
2. installs careplan there, and for `test` and `check` the tools for developers,
3. looks for Pango, the library that prints text, and brings it where it can,
4. hands the rest of the line to careplan, to pytest (`test`) or to the checks (`check`).

Steps 1 to 3 are skipped when nothing has changed since the last time.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)

# What `python3 run.py check` runs, each from the environment's own folder.
CHECKS = (
    ("ruff", "check", "."),
    ("mypy",),
    ("lint-imports",),
    ("careplan", "check"),
)

DEBIAN_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
_FINDS_PANGO = "import warnings; warnings.simplefilter('ignore'); import weasyprint"


def main(words: list[str]) -> int:
    """Set up what is missing, run what *words* ask for, and return its exit code."""
    if sys.version_info < OLDEST:
        say(f"careplan needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {platform.python_version()}.")
        return 5
    command = words[0] if words else ""
    for_developers = command in ("test", "check")
    try:
        set_up(for_developers=for_developers)
    except subprocess.CalledProcessError as error:
        say(f"Setting up failed: {' '.join(map(str, error.cmd[:6]))} … ended with {error.returncode}.")
        say("Read its last lines above; the network or a package may be out of reach.")
        return 5
    if command == "test":
        # All of the tests use all processors; a few are quicker in one process.
        return run(PYTHON, "-m", "pytest", *(words[1:] or ["-n", "auto", "--dist", "loadfile"]))
    if command == "check":
        # All of them run, so that one reading shows every problem.
        return max(run(BIN / name, *arguments) for name, *arguments in CHECKS)
    return run(BIN / "careplan", *words)


def set_up(*, for_developers: bool) -> None:
    """Make the environment and install into it, unless that was done for these very files."""
    if not PYTHON.exists():
        say("Making a virtual environment in .venv …")
        make_environment()
    done = ENVIRONMENT / ("careplan-dev.done" if for_developers else "careplan.done")
    state = fingerprint()
    if not done.exists() or done.read_text(encoding="utf-8") != state:
        say("Installing careplan" + (" and the tools for developers …" if for_developers else " …"))
        install(for_developers=for_developers)
        bring_pango()
        done.write_text(state, encoding="utf-8")


def make_environment() -> None:
    """Make .venv without pip in it: Debian's Python cannot put one there."""
    venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(ENVIRONMENT)


def install(*, for_developers: bool) -> None:
    """Install careplan, as it stands here, with the versions it was tested with."""
    pip = [sys.executable, "-m", "pip", "--python", str(PYTHON), "--disable-pip-version-check"]
    wanted = ["--quiet", "--constraint", str(HERE / "constraints.txt"), "--editable", f"{HERE}[web]"]
    if for_developers:
        wanted += developer_tools()
    subprocess.run([*pip, "install", *wanted], check=True)


def developer_tools() -> list[str]:
    """Return the packages of the dependency group `dev` in pyproject.toml."""
    import tomllib  # noqa: PLC0415 - unknown to a Python that is too old, which is told so above

    with (HERE / "pyproject.toml").open("rb") as file:
        group: list[str] = tomllib.load(file)["dependency-groups"]["dev"]
    return group


def fingerprint() -> str:
    """Return what an installation depends on: the versions, and where this stands."""
    state = hashlib.sha256(f"{HERE} {sys.version}".encode())
    for name in ("pyproject.toml", "constraints.txt"):
        state.update((HERE / name).read_bytes())
    return state.hexdigest()


def bring_pango() -> None:
    """Make sure that WeasyPrint finds Pango; install it where that is possible."""
    if finds_pango():
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        say("Installing Pango, which prints the text …")
        run("apt-get", "update", "-qq")
        run("apt-get", "install", "-y", "-qq", *DEBIAN_PACKAGES)
    if not finds_pango():
        say("Pango, which prints the text, is missing. Without it only -f html works.")
        say(f"Install it with: {pango_command()}")


def finds_pango() -> bool:
    """Return whether WeasyPrint starts, and on Debian whether fonts are cut quickly."""
    found = subprocess.run(
        [str(PYTHON), "-c", _FINDS_PANGO], capture_output=True, check=False,
    ).returncode == 0
    if found and shutil.which("dpkg-query"):
        query = [str(shutil.which("dpkg-query")), "-W", *DEBIAN_PACKAGES]
        asked = subprocess.run(query, capture_output=True, check=False)
        return asked.returncode == 0
    return found


def pango_command() -> str:
    """Return the one command that brings Pango to this system."""
    if platform.system() == "Darwin":
        return "brew install pango"
    if platform.system() == "Windows":
        return "pacman -S mingw-w64-ucrt-x86_64-pango   (in the MSYS2 shell)"
    if shutil.which("dnf"):
        return "sudo dnf install pango harfbuzz"
    if shutil.which("apk"):
        return "sudo apk add pango harfbuzz-subset"
    return "sudo apt-get install " + " ".join(DEBIAN_PACKAGES)


def run(program: str | Path, *arguments: str) -> int:
    """Run *program* and return its exit code; Ctrl+C reaches it and not us."""
    try:
        return subprocess.run([str(program), *arguments], check=False).returncode
    except KeyboardInterrupt:
        return 130


def say(sentence: str) -> None:
    """Tell the person at the terminal what happens."""
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
