"""Careplan as a process of its own that need not load its libraries first.

Most of what a short command takes is starting Python and loading libraries. A starter has loaded
them and makes a copy of itself for each run, so that every run has its own memory, folder,
environment and streams, and ends as a program ends. What only a new interpreter shows, such as
which libraries are loaded at all, is tested with one.
"""

import atexit
import gc
import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout, suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from ran import Ran

import careplan
from careplan.cli.main import main
from careplan.content.library import load_library
from careplan.content.resources import plans_folder

# Windows cannot copy a process.
CAN_COPY = hasattr(os, "fork")
# More than a file name, a request file or an answer has, and less than a pipe holds.
_MOST = 4096
_LENGTH = 8


def in_new_interpreter(
    arguments: Sequence[str], folder: Path, typed: str = "", environment: Mapping[str, str] | None = None
) -> Ran:
    """Run `careplan` with *arguments* in *folder*, as its users do."""
    done = subprocess.run(
        [sys.executable, "-m", "careplan", *arguments],
        cwd=folder,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **(environment or {})},
        encoding="utf-8",
    )
    return Ran(done.returncode, done.stdout, done.stderr)


class Starter:
    """Runs `careplan` in copies of one process, one after the other."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self._socket = ours
        # Its session is its own, so that Ctrl+C ends the tests and shows nothing of it.
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())], pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()

    def close(self) -> None:
        """End the process."""
        self._socket.close()
        self._process.wait()

    def run(
        self, arguments: Sequence[str], folder: Path, typed: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> Ran:
        """Run `careplan` with *arguments* in *folder*; it reads *typed* from a pipe."""
        data = typed.encode()
        assert len(data) <= _MOST
        stdin, keyboard = os.pipe()
        os.write(keyboard, data)
        os.close(keyboard)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            self.start(arguments, folder, (stdin, out.fileno(), err.fileno()), environment)
            os.close(stdin)
            code = self.ended()
            out.seek(0)
            err.seek(0)
            return Ran(code, _text(out.read()), _text(err.read()))

    def start(
        self, arguments: Sequence[str], folder: Path, streams: Sequence[int],
        environment: Mapping[str, str] | None = None,
    ) -> int:
        """Start `careplan` with *streams* for its input, output and errors; return its number.

        A terminal among them becomes its own: what is typed to leave reaches it and not the tests.
        """
        around = {**os.environ, **(environment or {})}
        told = json.dumps({"arguments": arguments, "folder": str(folder), "environment": around}).encode()
        socket.send_fds(self._socket, [len(told).to_bytes(_LENGTH)], list(streams))
        self._socket.sendall(told)
        return int.from_bytes(self._read())

    def ended(self) -> int:
        """Wait for what was started; return its exit code, or less than zero if it was stopped."""
        return int.from_bytes(self._read(), signed=True)

    def _read(self) -> bytes:
        data = self._socket.recv(_LENGTH, socket.MSG_WAITALL)
        assert len(data) == _LENGTH, "The starter has ended."
        return data


def _text(data: bytes) -> str:
    return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8").read()


def _load() -> None:
    """Load what commands load, without looking at a terminal, the environment or the folder."""
    for module in walk_packages(careplan.__path__, "careplan."):
        # A part that is not installed is missed by the command that needs it.
        with suppress(ImportError):
            import_module(module.name)
    with suppress(ImportError, OSError), redirect_stdout(io.StringIO()):
        import_module("weasyprint")
    # Models are finished when they are first used.
    load_library(plans_folder())


def _serve(line: socket.socket) -> None:
    """Make a copy for each run that is asked for; return in each copy, and at the end."""
    while True:
        length, streams, _, _ = socket.recv_fds(line, _LENGTH, 3)
        if not length:
            sys.exit()
        told = json.loads(line.recv(int.from_bytes(length), socket.MSG_WAITALL))
        number = os.fork()
        if not number:
            line.close()
            _become(told["folder"], told["arguments"], told["environment"], streams)
            return
        for stream in streams:
            os.close(stream)
        line.sendall(number.to_bytes(_LENGTH))
        code = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
        line.sendall(code.to_bytes(_LENGTH, signed=True))


def _become(
    folder: str, arguments: Sequence[str], environment: Mapping[str, str], streams: Sequence[int]
) -> None:
    """Make this copy look like a program that was started just now."""
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    if os.isatty(0):
        import fcntl  # noqa: PLC0415 - unknown to Windows
        import termios  # noqa: PLC0415

        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None
    sys.argv = ["careplan", *arguments]
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - a stream has no path
    sys.stdout, sys.stderr = (
        open(number, "w", encoding="utf-8", errors=errors, closefd=False, buffering=1)  # noqa: SIM115
        for number, errors in ((1, "strict"), (2, "backslashreplace"))
    )


def _run() -> None:
    """Run what was asked for and end as copies end: whatever has to be tidied up is, the rest is dropped."""
    code = 1
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - shown as it would be
        traceback.print_exc()
    atexit._run_exitfuncs()  # noqa: SLF001 - taking all libraries apart takes longer than a short command
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _load()
    gc.freeze()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    _run()
