"""Write a file whole or not at all, for its owner's eyes only."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from careplan.problems import OutputError

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is used up",
    errno.EACCES: "this folder does not let you write",
    errno.EPERM: "this folder does not let you write",
    errno.EROFS: "this disk can only be read",
    errno.ENOENT: "the folder does not exist",
    errno.ENOTDIR: "part of the path is a file, not a folder",
    errno.EISDIR: "it is a folder",
    errno.ENAMETOOLONG: "the name is too long",
}


def write_whole(target: Path, data: bytes, *, private: bool = True) -> None:
    """Write *data* beside *target* and rename it, so that no half file is ever seen.

    What is not *private* is for everyone who shares the folder, as its other files are.
    Raises `OutputError` with the reason; what was there before is then untouched.
    """
    with write_through(target, private=private) as file:
        file.write(data)


@contextmanager
def write_through(target: Path, *, private: bool = True) -> Iterator[BinaryIO]:
    """Hand out a file beside *target*, which takes its place at the end; as `write_whole` otherwise."""
    part = target.with_name(f".{target.name[:40]}.{os.getpid()}.part")
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "")  # noqa: TRY301 - told like the others
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666)
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        reason = _REASONS.get(error.errno or 0, (error.strerror or "unknown reason").lower())
        message = f"{target} was not written: {reason}."
        raise OutputError(message) from None
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
