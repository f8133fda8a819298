"""Writing a file whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from careplan.files import write_through, write_whole
from careplan.problems import OutputError


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """What was there before is gone, what is written is there, and nothing else."""
    target = tmp_path / "handout.pdf"
    target.write_bytes(b"old")

    write_whole(target, b"new")

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("handout.pdf", b"new")]


@pytest.mark.parametrize("call", ["fsync", "open"])
def test_a_full_disk_keeps_the_old_file_and_leaves_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """When the disk is full, the old handout stays and no half of the new one is left."""
    target = tmp_path / "handout.pdf"
    target.write_bytes(b"old")

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(OutputError, match="was not written: the disk is full"):
        write_whole(target, b"new")

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("handout.pdf", b"old")]


def test_an_interruption_leaves_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C in the middle of writing leaves the folder as it was."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "handout.pdf", b"new")

    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    """A target that is a folder is refused in words."""
    (tmp_path / "handout.pdf").mkdir()

    with pytest.raises(OutputError, match="was not written: it is a folder"):
        write_whole(tmp_path / "handout.pdf", b"new")


def test_a_file_is_written_bit_by_bit(tmp_path: Path) -> None:
    """What is too large for memory is handed over in parts, and is seen only when it is whole."""
    target = tmp_path / "print.pdf"

    with write_through(target) as file:
        file.write(b"one ")
        file.write(b"two")
        assert not target.exists()

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("print.pdf", b"one two")]


def test_what_goes_wrong_in_between_leaves_the_old_file(tmp_path: Path) -> None:
    """A mistake of who writes is passed on as it is, and the old file stays."""
    target = tmp_path / "print.pdf"
    target.write_bytes(b"old")

    with pytest.raises(TypeError), write_through(target) as file:
        file.write(None)  # type: ignore[arg-type]

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("print.pdf", b"old")]
