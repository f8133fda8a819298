"""A conversation with `careplan` on a terminal."""

import os
import re
import select
import signal
from pathlib import Path

import pytest
from starter import Starter

pty = pytest.importorskip("pty", reason="Windows has no such terminals")

# How long a computer may think, and how often it is asked again.
_SECONDS, _PATIENCE = 0.2, 300

LEAVES = "\x03"
ENDS = "\x04"


def converse(starter: Starter, folder: Path, *answers: str, ended: str = "") -> tuple[int, str]:
    """Type *answers* into `careplan` on a terminal; return its exit code and what it showed."""
    ours, theirs = pty.openpty()
    typed = [f"{answer}\n" for answer in answers] + ([ended] if ended else [])
    number = starter.start((), folder, (theirs, theirs, theirs), {"TERM": "dumb", "COLUMNS": "200"})
    os.close(theirs)
    shown = b""
    while chunk := _read(ours, number, "" if typed else ended):
        shown += chunk
        if typed and shown.endswith(b" > "):
            os.write(ours, typed.pop(0).encode())
    code = starter.ended()
    os.close(ours)
    return code, re.sub(r"\x1b\[\d*m", "", shown.decode().replace("\r\n", "\n"))


def _read(terminal: int, number: int, ended: str) -> bytes:
    """Return what is shown next; whoever waits too long presses the last key again, and then gives up."""
    for _ in range(_PATIENCE):
        if select.select([terminal], [], [], _SECONDS)[0]:
            break
        os.write(terminal, ended.encode())
    else:
        os.kill(number, signal.SIGKILL)
    try:
        return os.read(terminal, 65536)
    except OSError:
        # On Linux a terminal whose other side has closed is an error, not an end.
        return b""
