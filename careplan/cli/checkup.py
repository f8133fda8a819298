"""What careplan needs on a computer, looked at one by one; each finding names its repair.

Nothing here may need what it looks for: libraries are loaded inside the check that is about them.
"""

import ctypes
import ctypes.util
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Literal

from careplan.content.faces import broken_faces
from careplan.content.libraries import SONAMES, pango_command, system_family
from careplan.content.resources import plans_folder, templates_folder
from careplan.problems import CareplanError, FragmentError

State = Literal["ok", "warning", "missing"]

OLDEST = (3, 11)
_MEGABYTE = 1_000_000
_ROOM, _LEAST_ROOM = 200 * _MEGABYTE, 20 * _MEGABYTE
_AGAIN = "install careplan again"
_PAGE = '<!DOCTYPE html><html lang="en"><head><title>Test</title></head><body><h1>Test</h1></body></html>'


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; *repair* is empty where nothing is to be done."""

    check: str
    state: State
    said: str
    repair: str = ""


def examine(clinic: str | None) -> Iterator[Finding]:
    """Yield the findings in the order in which one rests on the other."""
    checks: list[Callable[[], Finding]] = [
        _python, _packages, _pango, _fonts, _templates, _plans, _library, _pdf,
        partial(_clinic, clinic), _temp, _folder, _disk, _terminal, _printer,
    ]
    for check in checks:
        try:
            yield check()
        except Exception as error:  # noqa: BLE001 - a doctor who faints helps nobody
            name = check.__name__.strip("_") if hasattr(check, "__name__") else "clinic"
            yield Finding(name, "missing", f"This check failed: {type(error).__name__}.", _AGAIN)


def _python() -> Finding:
    least = ".".join(map(str, OLDEST))
    said = f"{platform.python_version()} on {platform.system() or 'an unknown system'}"
    if sys.version_info < OLDEST:
        return Finding("Python", "missing", f"{said}; {least} or newer is needed", f"install Python {least}")
    return Finding("Python", "ok", f"{said}; {least} or newer is needed")


def _packages() -> Finding:
    """Return whether each package is here and new enough."""
    lacking, wanted = [], _requirements()
    for name, least in wanted.items():
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            lacking.append((name, least, "not here"))
            continue
        if _numbers(found) < _numbers(least):
            lacking.append((name, least, f"{found}, too old"))
    if not wanted:
        return Finding("packages", "warning", "What careplan needs is not recorded here", _AGAIN)
    if not lacking:
        return Finding("packages", "ok", f"all {len(wanted)} are here and new enough")
    said = "; ".join(f"{name} is {what} ({least} or newer is needed)" for name, least, what in lacking)
    wishes = " ".join(f'"{name}>={least}"' for name, least, _ in lacking)
    return Finding("packages", "missing", said, f"{_quoted(sys.executable)} -m pip install {wishes}")


def _requirements() -> dict[str, str]:
    """Return the packages that careplan needs with their lowest versions."""
    project = templates_folder().parent / "pyproject.toml"
    if project.is_file():
        import tomllib  # noqa: PLC0415 - unknown to a Python that is too old

        lines = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
    else:
        lines = metadata.requires("careplan") or []
    needed = [line for line in lines if "extra ==" not in line]
    found = (re.match(r"([A-Za-z0-9._-]+)\s*>=\s*([0-9.]+)", line) for line in needed)
    return {one[1]: one[2] for one in found if one}


def _numbers(version: str) -> tuple[int, ...]:
    start = re.match(r"[0-9]+(?:\.[0-9]+)*", version)
    numbers = [int(number) for number in start[0].split(".")] if start else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _pango() -> Finding:
    """Return whether the libraries that print text can be loaded."""
    lacking = [name for name in SONAMES if not _loads(name)]
    needed = [name for name in lacking if name != "harfbuzz-subset"]
    if needed:
        said = f"{', '.join(needed)} cannot be loaded; without it only -f html works"
        return Finding("Pango", "missing", said, pango_command())
    if lacking:
        said = "HarfBuzz-subset is not here; fonts are cut more slowly, and just as well"
        return Finding("Pango", "warning", said, pango_command())
    return Finding("Pango", "ok", f"Pango {_pango_version()}, HarfBuzz and HarfBuzz-subset can be loaded")


def _loads(name: str) -> bool:
    found = SONAMES[name] if platform.system() == "Linux" else _find(name)
    if not found:
        return False
    try:
        ctypes.CDLL(found)
    except OSError:
        return False
    return True


def _find(name: str) -> str | None:
    return next(filter(None, map(ctypes.util.find_library, (name, f"lib{name}-0", f"lib{name}"))), None)


def _pango_version() -> str:
    found = SONAMES["pango-1.0"] if platform.system() == "Linux" else _find("pango-1.0")
    version = ctypes.CDLL(found).pango_version_string
    version.restype = ctypes.c_char_p
    return bytes(version()).decode()


def _fonts() -> Finding:
    broken = broken_faces(templates_folder())
    if broken:
        return Finding("fonts", "missing", f"{', '.join(broken)} cannot be read", _AGAIN)
    return Finding("fonts", "ok", "Atkinson Hyperlegible Next, regular and bold")


def _templates() -> Finding:
    folder = templates_folder()
    wanted = ["handout.html.j2", "staff.html.j2", "handoff.html.j2", "card.html.j2", "css/tokens.css",
              "locales/en.yaml"]
    lacking = [name for name in wanted if not (folder / name).is_file()]
    if lacking:
        return Finding("templates", "missing", f"{', '.join(lacking)} is not here", _AGAIN)
    languages = sorted(path.stem for path in (folder / "locales").glob("*.yaml"))
    return Finding("templates", "ok", f"all are here; languages: {', '.join(languages)}")


def _plans() -> Finding:
    counts = _counts(plans_folder())
    lacking = [name for name, number in counts.items() if not number]
    if lacking:
        return Finding("plans", "missing", f"there are no {', '.join(lacking)}", _AGAIN)
    return Finding("plans", "ok", ", ".join(f"{number} {name}" for name, number in counts.items()))


def _counts(folder: Path) -> dict[str, int]:
    kinds = ("interventions", "therapies", "follow-ups", "conditions", "factors", "safety-rules")
    return {kind: sum(1 for _ in (folder / kind).glob("*.yaml")) for kind in kinds}


def _library() -> Finding:
    try:
        from careplan.content.library import load_library  # noqa: PLC0415 - may not be importable

        library = load_library(plans_folder())
    except ImportError as error:
        return Finding("library", "missing", f"{error.name or 'a package'} cannot be loaded", _pip(error))
    except FragmentError as error:
        said = f"{_counted(len(error.problems), 'problem')} in the built-in plans"
        return Finding("library", "missing", said, "careplan check")
    return Finding("library", "ok", f"read without a problem; {len(library.rules)} safety rules")


def _pdf() -> Finding:
    try:
        from careplan.render.pdf import render_pdf  # noqa: PLC0415 - may not be importable

        data = render_pdf(_PAGE, templates_folder())
    except ImportError as error:
        return Finding("PDF", "missing", f"{error.name or 'a package'} cannot be loaded", _pip(error))
    except CareplanError as error:
        return Finding("PDF", "missing", str(error), pango_command())
    if not data.startswith(b"%PDF"):
        return Finding("PDF", "missing", "the test page did not become a PDF", _AGAIN)
    return Finding("PDF", "ok", f"a test page was written in memory, {len(data) // 1000} kB")


def _pip(error: ImportError) -> str:
    name = (error.name or "").split(".")[0].replace("_", "-") or "careplan"
    return f"{_quoted(sys.executable)} -m pip install --force-reinstall {name}"


def _clinic(given: str | None) -> Finding:
    """Return what is known of the clinic's folder: what is in it, and nothing of what it says."""
    from careplan.cli.house import find_clinic, load_clinic  # noqa: PLC0415

    try:
        path = find_clinic(given)
    except CareplanError as error:
        repair = "correct --clinic or CAREPLAN_CLINIC, or put clinic.yaml there"
        return Finding("clinic", "missing", str(error).replace(str(Path.home()), "~"), repair)
    if path is None:
        example = _shown(plans_folder() / "examples" / "clinic.yaml")
        said = "no clinic.yaml here; its facts become lines to write on"
        return Finding("clinic", "ok", said, f"to have yours printed: copy {example} here and change it")
    own = [f"{number} {name}" for name, number in _counts(path.parent).items() if number]
    there = f"{_shown(path)}; " + (f"beside it {', '.join(own)}" if own else "no texts of its own beside it")
    try:
        load_clinic(path)
    except ImportError:
        return Finding("clinic", "warning", f"{there}; it could not be read without the packages above")
    except FragmentError as error:
        said = f"{there}; {_counted(len(error.problems), 'problem')} in it"
        return Finding("clinic", "warning", said, f"careplan check {_quoted(path)}")
    return Finding("clinic", "ok", f"{there}; no problem in it")


def _temp() -> Finding:
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"careplan")
    except OSError:
        repair = f"set {'TEMP' if os.name == 'nt' else 'TMPDIR'} to a folder that you may write to"
        return Finding("temp folder", "missing", "nothing can be written to it", repair)
    return Finding("temp folder", "ok", "can be written to")


def _folder() -> Finding:
    if os.access(Path.cwd(), os.W_OK):
        return Finding("this folder", "ok", "handouts can be written here")
    said = "handouts cannot be written here"
    return Finding("this folder", "warning", said, "go to a folder of your own, or build with -o FOLDER")


def _disk() -> Finding:
    free = shutil.disk_usage(Path.cwd()).free
    said = f"{free // _MEGABYTE:,} MB free here"
    if free < _LEAST_ROOM:
        return Finding("disk", "missing", f"{said}; too little for a handout", "make room on this disk")
    if free < _ROOM:
        return Finding("disk", "warning", f"{said}; that is little", "make room on this disk")
    return Finding("disk", "ok", said)


def _terminal() -> Finding:
    encoding = (sys.stdout.encoding or "unknown").lower()
    if encoding.replace("-", "").replace("_", "") == "utf8":
        return Finding("terminal", "ok", "shows every letter (UTF-8)")
    repair = '$env:PYTHONUTF8 = "1"' if os.name == "nt" else "export PYTHONUTF8=1"
    return Finding("terminal", "warning", f"{encoding}, not UTF-8; some letters may look wrong", repair)


def _printer() -> Finding:
    """Return the printers that the system knows; handouts are written without one, too."""
    if os.name == "nt":
        repair = "Get-Printer (in PowerShell) lists your printers; print from the PDF viewer with Ctrl+P"
        return Finding("printer", "ok", "not looked at on Windows", repair)
    program = shutil.which("lpstat")
    if not program:
        return Finding("printer", "warning", "the command lpstat is not here, so none was found", _cups())
    queues = _ask_lpstat(program, "-e").split()
    if not queues:
        repair = "add one in the system's settings, or print from the PDF viewer"
        return Finding("printer", "warning", "no printer is set up", repair)
    usual = _ask_lpstat(program, "-d").rpartition(":")[2].strip()
    if usual not in queues:
        repair = f"lpoptions -d {queues[0]}"
        return Finding("printer", "warning", f"{', '.join(queues)}; none is the usual one", repair)
    return Finding("printer", "ok", f"{usual} is the usual one of {len(queues)}")


def _ask_lpstat(program: str, flag: str) -> str:
    # Its answers are sentences in the language of the system, unless it is told otherwise.
    told = {**os.environ, "LC_ALL": "C"}
    try:
        asked = subprocess.run(  # noqa: S603 - the system's own program, with a flag of ours
            [program, flag], capture_output=True, text=True, timeout=5, check=False, env=told,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout if asked.returncode == 0 else ""


def _cups() -> str:
    family = system_family()
    if "fedora" in family or "rhel" in family:
        return "sudo dnf install cups-client"
    if "alpine" in family:
        return "sudo apk add cups-client"
    return "sudo apt install cups-client" if family else "print from the PDF viewer"


def _shown(path: Path | str) -> str:
    """Return *path* without the name of the person whose home it is in."""
    text, home = str(path), str(Path.home())
    return f"~{text[len(home):]}" if text.startswith(home + os.sep) else text


def _quoted(path: Path | str) -> str:
    shown = _shown(path)
    # Inside quotes the shell would not know the home folder by its sign.
    return f'"{path}"' if " " in shown else shown


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
