"""On a terminal `careplan approve` asks before it signs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="Windows has no such terminals")
SIGN = ("approve", "yoga", "--by", "Dr. Example", "--until", "2027-10-31")


def answer(folder: Path, typed: str) -> tuple[int, str]:
    """Type *typed* when a signature is asked for; return the exit code and what was shown."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "careplan", *SIGN],
        cwd=folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "dumb", "COLUMNS": "200", "CAREPLAN_TODAY": "2026-11-22"},
    ) as process:
        os.close(theirs)
        os.write(ours, f"{typed}\n".encode())
        shown = b""
        while chunk := _read(ours):
            shown += chunk
        code = process.wait()
    os.close(ours)
    return code, shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        # On Linux a terminal whose other side has closed is an error, not an end.
        return b""


@pytest.mark.parametrize(("typed", "code"), [("y", 0), ("n", 130), ("", 130)])
def test_only_a_yes_signs(tmp_path: Path, typed: str, code: int) -> None:
    """The text is shown, the question names the signer, and anything but yes leaves all as it was."""
    (tmp_path / "clinic.yaml").write_text("kind: clinic\n", encoding="utf-8")

    left, shown = answer(tmp_path, typed)

    assert left == code
    assert "therapy/yoga: Yoga" in shown
    assert "Sign this text as Dr. Example? [y/N]" in shown
    assert (tmp_path / "approvals.yaml").exists() is (code == 0)
    assert (tmp_path / "signed").exists() is (code == 0)
