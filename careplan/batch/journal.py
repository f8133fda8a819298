"""What a batch has finished in its folder, so that it can go on where it stopped.

A folder belongs to one batch. Each finished file is one line of the journal, with what it was
made from and what it came to; a file that is not as its line says is made again.
"""

import errno
import hashlib
import json
import os
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from filelock import FileLock, Timeout

from careplan.problems import OutputError

JOURNAL, LOCK = ".careplan-batch.jsonl", ".careplan-batch.lock"
# How a file is called until it is whole.
_PART = re.compile(r"\..{1,40}\.\d+\.part", re.DOTALL)
_HEAD = {"careplan": "batch", "form": 1}
_OWNER = "of"


@dataclass(frozen=True)
class Entry:
    """A finished file: its name, the key of what it was made from, its pages and its SHA-256."""

    file: str
    key: str
    pages: int
    digest: str


class Journal:
    """The journal of the batch that owns *folder*, as long as it is open."""

    @staticmethod
    def refuse_taken(folder: Path) -> None:
        """Raise `OutputError` where *folder* holds what a batch has finished."""
        if (folder / JOURNAL).exists():
            message = (
                f"The folder {folder} holds the handouts of another batch. Go on with that one with "
                "--resume, or choose another folder with -o."
            )
            raise OutputError(message)

    def __init__(self, folder: Path, *, resume: bool, owner: str = "") -> None:
        """Keep *folder*; with *resume* it may hold what an earlier batch of the same *owner* has finished."""
        self._folder = folder
        self._owner = owner
        self.resumes = resume
        self._entries: dict[str, Entry] = {}

    def __enter__(self) -> Self:
        """Make the folder and take hold of it.

        Raises `OutputError` where another batch is at work there, or has left files without
        *resume*, or with it those of another owner.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(self._folder / LOCK, timeout=0, mode=0o600)
            self._lock.acquire()
        except Timeout:
            message = f"Another batch is at work in {self._folder}; wait for it, or choose another folder."
            raise OutputError(message) from None
        except OSError as error:
            reason = (error.strerror or "unknown reason").lower()
            message = f"The folder {self._folder} cannot be used: {reason}."
            raise OutputError(message) from None
        try:
            self._open()
            self._sweep()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)
        self._sweep()
        if not self._entries:
            # Nothing was finished, so nothing is kept for.
            (self._folder / JOURNAL).unlink(missing_ok=True)
        with suppress(OSError):
            # While it is held, so that nobody else takes hold of a file that goes.
            (self._folder / LOCK).unlink()
        self._lock.release()
        with suppress(OSError):
            # Only an empty folder goes.
            self._folder.rmdir()

    @property
    def entries(self) -> Mapping[str, Entry]:
        """Return what is finished, by the name of the file."""
        return self._entries

    def is_right(self, file: str, key: str) -> bool:
        """Return whether *file* is there, made from what *key* stands for, and as it was written."""
        entry = self._entries.get(file)
        if entry is None or entry.key != key:
            return False
        try:
            data = (self._folder / file).read_bytes()
        except OSError:
            return False
        return hashlib.sha256(data).hexdigest() == entry.digest

    def add(self, entry: Entry) -> None:
        """Note a file that is finished; raises `OutputError`."""
        self._entries[entry.file] = entry
        self._append(asdict(entry))

    def clear(self) -> None:
        """Remove every finished file: each is kept elsewhere."""
        self.drop_others(())

    def drop_others(self, files: Collection[str]) -> tuple[str, ...]:
        """Remove the finished files that are none of *files*, and return their names.

        They are of rows that are gone or have changed, and must not be printed with the others.
        What somebody has changed since it was written is left alone.
        """
        dropped = []
        for name, entry in [*self._entries.items()]:
            if name not in files:
                if self.is_right(name, entry.key):
                    (self._folder / name).unlink()
                    dropped.append(name)
                del self._entries[name]
        return tuple(dropped)

    def _sweep(self) -> None:
        """Remove the parts of files that nobody finished: of workers that were ended, or of a crash."""
        for path in self._folder.glob(".*.part"):
            if _PART.fullmatch(path.name):
                path.unlink(missing_ok=True)

    def _open(self) -> None:
        path = self._folder / JOURNAL
        if not self.resumes:
            self.refuse_taken(self._folder)
        try:
            lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
            # Nobody but its owner may read what is printed for whom.
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except (OSError, UnicodeDecodeError) as error:
            message = f"{path} cannot be used: {getattr(error, 'strerror', None) or 'it is damaged'}."
            raise OutputError(message) from None
        owner = _owner(lines[0]) if lines else ""
        if owner and owner != self._owner:
            os.close(self._file)
            message = (
                f"The folder {self._folder} holds the handouts of {owner}, not of {self._owner}. "
                "Choose another folder with -o."
            )
            raise OutputError(message)
        for line in lines:
            entry = _entry(line)
            if entry:
                self._entries[entry.file] = entry
        # A line that a crash tore must not spoil the next one.
        self._append(None if lines and lines[-1] else {**_HEAD, _OWNER: self._owner})

    def _append(self, data: Mapping[str, Any] | None) -> None:
        text = (json.dumps(data) if data else "") + "\n"
        try:
            if os.write(self._file, text.encode()) < len(text.encode()):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # noqa: TRY301 - told like the others
            os.fsync(self._file)
        except OSError as error:
            reason = (error.strerror or "unknown reason").lower()
            message = f"{self._folder / JOURNAL} cannot be written: {reason}."
            raise OutputError(message) from None


def _owner(line: str) -> str:
    """Return whose batch it is, as the first line of a journal says; "" where it does not."""
    try:
        return str(json.loads(line).get(_OWNER, ""))
    except (ValueError, AttributeError):
        return ""


def _entry(line: str) -> Entry | None:
    """Return what a line of the journal says; None for the first line, and for one that is torn."""
    try:
        entry = Entry(**json.loads(line))
        # A name that leads elsewhere is none of ours.
        return entry if Path(entry.file).name == entry.file else None
    except (ValueError, TypeError):
        return None
