"""The command line, run as its users run it: as a process, in an empty folder."""

from collections.abc import Callable
from pathlib import Path

import pytest
from ran import Ran
from starter import Starter, in_new_interpreter


@pytest.fixture
def careplan(tmp_path: Path, starter: Starter | None) -> Callable[..., Ran]:
    """Return a function that runs `careplan` in an empty folder."""

    def run(*arguments: str, typed: str = "", **environment: str) -> Ran:
        started = starter.run if starter else in_new_interpreter
        return started(arguments, tmp_path, typed, environment)

    return run


@pytest.fixture
def new_careplan(tmp_path: Path) -> Callable[..., Ran]:
    """Return a function that does the same in a new interpreter, which shares nothing with other runs."""

    def run(*arguments: str, typed: str = "", **environment: str) -> Ran:
        return in_new_interpreter(arguments, tmp_path, typed, environment)

    return run
