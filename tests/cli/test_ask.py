"""`careplan` alone on a terminal asks step by step."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="Windows has no such terminals")


def converse(folder: Path, *answers: str) -> tuple[int, str]:
    """Type *answers* into `careplan` on a terminal; return its exit code and what it showed."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "careplan"],
        cwd=folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "dumb", "COLUMNS": "200"},
    ) as process:
        os.close(theirs)
        os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
        shown = b""
        while chunk := _read(ours):
            shown += chunk
        code = process.wait()
    os.close(ours)
    return code, shown.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        # On Linux a terminal whose other side has closed is an error, not an end.
        return b""


def test_the_answers_become_a_handout_and_the_line_that_does_the_same(tmp_path: Path) -> None:
    """Numbers choose; the end is a handout and the one line that would have made it."""
    code, shown = converse(tmp_path, "2", "3", "", "1,4", "", "2026-12-03")

    assert code == 0
    assert (
        "careplan build epidural-steroid-injection --option site=lumbar "
        "-t physical-therapy -t acupuncture -d 2026-12-03\n"
    ) in shown
    assert [path.suffix for path in tmp_path.iterdir()] == [".pdf"]


def test_a_wrong_number_is_asked_again(tmp_path: Path) -> None:
    """What is no number of the list is said, and the question comes again."""
    code, shown = converse(tmp_path, "99", "two", "2", "3", "", "", "", "soon")

    assert shown.count("Please type a number from 1 to 8.") == 2
    assert code == 2
    assert "date must be a day that exists" in shown
    assert list(tmp_path.iterdir()) == []
