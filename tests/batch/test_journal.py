"""The journal of a folder: what is finished, and whose the folder is."""

import hashlib
import os
from pathlib import Path

import pytest

from careplan.batch.journal import JOURNAL, LOCK, Entry, Journal
from careplan.problems import OutputError


def finish(journal: Journal, folder: Path, file: str, data: bytes = b"pages", key: str = "k") -> None:
    """Write *file* and note it as finished."""
    (folder / file).write_bytes(data)
    journal.add(Entry(file, key, 1, hashlib.sha256(data).hexdigest()))


def test_what_is_finished_is_known_again(tmp_path: Path) -> None:
    """A later batch finds what an earlier one has finished, and what it was made from."""
    with Journal(tmp_path, resume=False) as journal:
        finish(journal, tmp_path, "a.pdf")

    with Journal(tmp_path, resume=True) as journal:
        assert journal.is_right("a.pdf", "k")
        assert not journal.is_right("a.pdf", "other")
        assert not journal.is_right("b.pdf", "k")


@pytest.mark.parametrize("data", [b"page", None])
def test_a_file_that_changed_or_is_gone_is_not_right(tmp_path: Path, data: bytes | None) -> None:
    """What stands on the disk decides, not its date."""
    with Journal(tmp_path, resume=False) as journal:
        finish(journal, tmp_path, "a.pdf")
        (tmp_path / "a.pdf").unlink()
        if data:
            (tmp_path / "a.pdf").write_bytes(data)

        assert not journal.is_right("a.pdf", "k")


def test_a_torn_line_is_left_out(tmp_path: Path) -> None:
    """After a crash in the middle of a line, the lines before and those that follow count."""
    with Journal(tmp_path, resume=False) as journal:
        finish(journal, tmp_path, "a.pdf")
    path = tmp_path / JOURNAL
    path.write_bytes(path.read_bytes()[:-1] + b'\n{"file": "b.pdf", "ke')
    with Journal(tmp_path, resume=True) as journal:
        finish(journal, tmp_path, "c.pdf")

    with Journal(tmp_path, resume=True) as journal:
        assert sorted(journal.entries) == ["a.pdf", "c.pdf"]


def test_a_name_that_leads_elsewhere_is_left_out(tmp_path: Path) -> None:
    """A journal that somebody changed does not reach files outside its folder."""
    (tmp_path / JOURNAL).write_text('{"file": "../a.pdf", "key": "k", "pages": 1, "digest": "d"}\n[1]\n3\n')

    with Journal(tmp_path, resume=True) as journal:
        assert journal.entries == {}


def test_a_folder_belongs_to_one_batch(tmp_path: Path) -> None:
    """A folder with handouts of a batch is not taken by another one."""
    with Journal(tmp_path, resume=False) as journal:
        finish(journal, tmp_path, "a.pdf")

    with pytest.raises(OutputError, match=r"holds the handouts of another batch\. Go on with .*--resume"), \
            Journal(tmp_path, resume=False):
        pass
    assert (tmp_path / "a.pdf").exists()


def test_another_roster_does_not_go_on_with_it(tmp_path: Path) -> None:
    """Its rows would all be gone from the other roster, and their handouts removed."""
    with Journal(tmp_path, resume=False, owner="friday.csv") as journal:
        finish(journal, tmp_path, "a.pdf")

    with pytest.raises(OutputError, match=r"the handouts of friday\.csv, not of monday\.csv\."), \
            Journal(tmp_path, resume=True, owner="monday.csv"):
        pass
    with Journal(tmp_path, resume=True, owner="friday.csv") as journal:
        assert journal.is_right("a.pdf", "k")


def test_two_batches_at_once_do_not_mix(tmp_path: Path) -> None:
    """While a batch is at work in a folder, no other begins there."""
    with Journal(tmp_path, resume=True), \
            pytest.raises(OutputError, match="Another batch is at work in"), \
            Journal(tmp_path, resume=True):
        pass


def test_a_batch_that_finished_nothing_leaves_nothing(tmp_path: Path) -> None:
    """A folder that was made for nothing goes again; what others left there stays."""
    with Journal(tmp_path / "new", resume=False):
        pass
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "note.txt").touch()
    with Journal(tmp_path / "old", resume=False):
        pass

    assert [path.name for path in sorted(tmp_path.rglob("*"))] == ["old", "note.txt"]


def test_files_of_rows_that_are_gone_are_removed(tmp_path: Path) -> None:
    """Only what a batch wrote itself, and nobody has changed since, is removed."""
    with Journal(tmp_path, resume=False) as journal:
        for file in ("kept.pdf", "gone.pdf", "marked.pdf"):
            finish(journal, tmp_path, file)
        (tmp_path / "marked.pdf").write_bytes(b"with notes")
        (tmp_path / "own.pdf").write_bytes(b"")

        dropped = journal.drop_others({"kept.pdf"})

    assert dropped == ("gone.pdf",)
    assert {path.name for path in tmp_path.glob("*.pdf")} == {"kept.pdf", "marked.pdf", "own.pdf"}


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    """The journal says for whom there are handouts, so it is private."""
    with Journal(tmp_path, resume=False) as journal:
        finish(journal, tmp_path, "a.pdf")

        assert (tmp_path / JOURNAL).stat().st_mode & 0o077 == 0
    assert not (tmp_path / LOCK).exists()


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that could not be written whole is an error."""
    with Journal(tmp_path, resume=False) as journal:
        real = os.write
        monkeypatch.setattr(os, "write", lambda file, data: real(file, data[:5]))

        with pytest.raises(OutputError, match=r"cannot be written: no space left on device\."):
            finish(journal, tmp_path, "a.pdf")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """Where a file stands in the way of the folder, the batch does not begin."""
    (tmp_path / "file").touch()

    with pytest.raises(OutputError, match="cannot be used"), Journal(tmp_path / "file", resume=False):
        pass


def test_what_nobody_finished_is_swept_away(tmp_path: Path) -> None:
    """Parts of files, as a crash leaves them, go; other hidden files stay."""
    for name in (".a-massage-en.pdf.4711.part", ".mine.part", "b.pdf"):
        (tmp_path / name).touch()

    with Journal(tmp_path, resume=True):
        left = {path.name for path in tmp_path.iterdir()} - {JOURNAL, LOCK}

    assert left == {".mine.part", "b.pdf"}
