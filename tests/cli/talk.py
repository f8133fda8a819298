"""A conversation with `careplan` on a terminal."""

import os
import re
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="Windows has no such terminals")

# How long a computer may think, and how often it is asked again.
_SECONDS, _PATIENCE = 1, 60

LEAVES = "\x03"
ENDS = "\x04"


def converse(folder: Path, *answers: str, ended: str = "") -> tuple[int, str]:
    """Type *answers* into `careplan` on a terminal; return its exit code and what it showed."""
    ours, theirs = pty.openpty()
    typed = [f"{answer}\n" for answer in answers] + ([ended] if ended else [])
    with subprocess.Popen(
        [sys.executable, "-m", "careplan"],
        cwd=folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "dumb", "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"},
        # The terminal is its own: what is typed to leave it ends careplan and not the tests.
        preexec_fn=_own_terminal(theirs),  # noqa: PLW1509 - no threads are running
    ) as process:
        os.close(theirs)
        shown = b""
        while chunk := _read(ours, process, "" if typed else ended):
            shown += chunk
            if typed and shown.endswith(b" > "):
                os.write(ours, typed.pop(0).encode())
        code = process.wait()
    os.close(ours)
    return code, re.sub(r"\x1b\[\d*m", "", shown.decode().replace("\r\n", "\n"))


def _own_terminal(terminal: int) -> Callable[[], None]:
    import fcntl  # noqa: PLC0415 - unknown to Windows
    import termios  # noqa: PLC0415

    def take() -> None:
        os.setsid()
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)

    return take


def _read(terminal: int, process: "subprocess.Popen[bytes]", ended: str) -> bytes:
    """Return what is shown next; whoever waits too long presses the last key again, and then gives up."""
    for _ in range(_PATIENCE):
        if select.select([terminal], [], [], _SECONDS)[0]:
            break
        os.write(terminal, ended.encode())
    else:
        process.kill()
    try:
        return os.read(terminal, 65536)
    except OSError:
        # On Linux a terminal whose other side has closed is an error, not an end.
        return b""
