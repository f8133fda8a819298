"""The house keeps its shape: what is imported when, and what stands where."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent / "careplan"
SLOW = {"weasyprint", "fontTools", "jinja2", "pydantic", "babel", "holidays", "PIL"}


def imported_by(*arguments: str) -> set[str]:
    """Return the top-level modules that are loaded after `careplan ARGUMENTS` has run."""
    code = (
        "import sys, json, contextlib, io\n"
        "from careplan.cli.main import main\n"
        f"sys.argv = ['careplan', *{list(arguments)!r}]\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        "    main()\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (("--help",), set()),
        (("list",), set()),
        (("completion", "bash"), set()),
        (("show", "physical-therapy"), {"pydantic"}),
        (("check",), {"pydantic"}),
    ],
)
def test_quick_commands_load_no_slow_library(arguments: tuple[str, ...], allowed: set[str]) -> None:
    """Help and lists come at once, because nothing slow is loaded for them."""
    assert imported_by(*arguments) & SLOW == allowed


def test_the_guard_sees_a_slow_library() -> None:
    """The guard can fail: a build does load what the quick commands must not."""
    loaded = imported_by("build", "epidural-steroid-injection", "--option", "site=lumbar", "--dry-run")

    assert "pydantic" in loaded & SLOW


def modules() -> list[Path]:
    """Return every module of the product."""
    return sorted(HOUSE.rglob("*.py"))


@pytest.mark.parametrize("module", modules(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_module_says_what_it_is_for_and_stays_readable(module: Path) -> None:
    """Every module begins with a docstring and stays well under what one reading takes in."""
    text = module.read_text(encoding="utf-8")

    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= 420


def test_init_files_are_empty() -> None:
    """Apart from their docstring, only render's __init__ has something in it."""
    filled = [
        str(path.relative_to(HOUSE))
        for path in modules()
        if path.name == "__init__.py" and len(ast.parse(path.read_text(encoding="utf-8")).body) > 1
    ]

    assert filled == ["render/__init__.py"]
