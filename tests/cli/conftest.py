"""The command line, run as its users run it: as a process, in an empty folder."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ran import Ran


@pytest.fixture
def careplan(tmp_path: Path) -> Callable[..., Ran]:
    """Return a function that runs `careplan` in an empty folder."""

    def run(*arguments: str, typed: str = "", **environment: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "careplan", *arguments],
            cwd=tmp_path,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **environment},
            encoding="utf-8",
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run
