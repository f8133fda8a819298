"""From rows to files: which rows share a task, and which would share a file."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.batch.journal import Journal
from careplan.batch.pool import Limits, Lost
from careplan.batch.roster import Row, read_roster
from careplan.batch.run import Ready, check_rows, clear_folder, part_same_files, print_rows, told
from careplan.batch.work import Body, Checked, Order, Printed, Refused
from careplan.problems import OutputError

HEAD = "ref,intervention,therapies,name\n"
LIMITS = Limits()
DIGEST = hashlib.sha256(b"pages").hexdigest()


class Desk:
    """Checks everything as right, and remembers the tasks that it is to print."""

    writes = False

    def __init__(self, count: int = 2) -> None:
        self.count = count
        self.tasks: list[Sequence[Order]] = []

    def check(self, bodies: Sequence[Body]) -> Iterator[tuple[Body, Checked | Lost]]:
        """Find nothing wrong."""
        yield from ((body, Checked(body.key, "en-US", "Your care plan")) for body in bodies)

    def print(self, tasks: Sequence[Sequence[Order]]) -> Iterator[tuple[Order, Printed | Refused | Lost]]:
        """Print a few bytes for each order."""
        self.tasks += tasks
        yield from ((order, Printed(1, DIGEST, b"pages")) for task in tasks for order in task)


def rows(*lines: str) -> Sequence[Row]:
    """Return the rows of a roster."""
    return read_roster((HEAD + "\n".join(lines) + "\n").encode(), "day.csv").rows


def ready(*lines: str) -> list[Ready]:
    """Return rows that can be printed."""
    return [one for one in check_rows(rows(*lines), Desk(), LIMITS, "pdf") if isinstance(one, Ready)]


def test_a_file_is_called_by_its_ref() -> None:
    """Neither the name nor anything else about the patient is in it."""
    (one,) = ready("A-1,nerve-block,yoga,Jordan Example")

    assert one.file == "A-1-nerve-block-en.pdf"


def test_the_key_is_of_the_name_too() -> None:
    """Another name is another content; the same name in another row is the same."""
    keys = [one.key for one in ready("a,massage,,Sam", "b,massage,,Jordan", "c,massage,,", "d,massage,,Sam")]

    assert len(set(keys)) == 3
    assert keys[0] == keys[3]


@pytest.mark.parametrize("other", ["A-1-nerve-block-en.pdf", "a-1-NERVE-block-en.pdf"])
def test_two_rows_with_one_file_are_found(other: str) -> None:
    """The second of them is wrong, whatever the capitals, and is told the line of the first."""
    first, second = ready("A-1,nerve-block,,", "b,nerve-block,,")

    good, bad = part_same_files([replace(second, file=other), first])

    assert good == [first]
    assert [one.problems[0].sentence for one in bad] == [f"Its file would be {other}, as that of line 2 is."]
    assert bad[0].problems[0].location.line == 3


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=120), st.integers(1, 8))
@settings(max_examples=20)
def test_rows_are_shared_out_in_tasks(asked: list[tuple[str, bool]], count: int) -> None:
    """Each row is in one task; the rows of a task ask for the same, and all or none have a name."""
    lines = [f"r{number},{body},,{'Jo' if named else ''}" for number, (body, named) in enumerate(asked)]
    desk, chosen = Desk(count), ready(*lines) if lines else []

    with TemporaryDirectory() as name, Journal(Path(name), resume=False) as journal:
        list(print_rows(chosen, Path(name), journal, desk, LIMITS))

    tasks = desk.tasks
    assert sorted(order.row for task in tasks for order in task) == list(range(1, len(asked) + 1))
    shared = [{(order.request.intervention, order.name is None) for order in task} for task in tasks]
    assert all(len(one) == 1 for one in shared)
    assert all(len(task) <= 50 for task in tasks)
    alone = {order.row for task in tasks for order in task if order.is_only}
    assert alone == {number for number, one in enumerate(asked, 1) if asked.count(one) == 1}


def test_what_is_handed_back_is_written(tmp_path: Path) -> None:
    """Where those who print do not write, the files are written here, and noted as finished."""
    chosen = ready("a,massage,,Jordan Example", "b,massage,,")

    with Journal(tmp_path, resume=False) as journal:
        done = list(print_rows(chosen, tmp_path, journal, Desk(), LIMITS))

        assert {one.ready.file for one in done} == set(journal.entries) == {
            "a-massage-en.pdf", "b-massage-en.pdf",
        }
    assert (tmp_path / "a-massage-en.pdf").read_bytes() == b"pages"


def test_what_was_right_and_is_not_any_more_goes(tmp_path: Path) -> None:
    """A file of a row that changed is removed before the row is tried again."""
    (before,) = ready("a,massage,,")
    (after,) = ready("a,massage,yoga,")
    with Journal(tmp_path, resume=False) as journal:
        list(print_rows([before], tmp_path, journal, Desk(), LIMITS))

        right, wrong, removed = clear_folder([after], tmp_path, journal)

    assert (right, wrong, removed) == ([], [after], (before.file,))
    assert not (tmp_path / before.file).exists()


def test_no_room_for_any_file_ends_it(tmp_path: Path) -> None:
    """Where one file cannot be written, the others are not tried."""
    desk = Desk()
    full = Refused("The disk is full.", disk=True)
    desk.print = lambda tasks: iter([(tasks[0][0], full)])  # type: ignore[method-assign]

    with Journal(tmp_path, resume=False) as journal, pytest.raises(OutputError, match=r"The disk is full\."):
        list(print_rows(ready("a,massage,,", "b,massage,,"), tmp_path, journal, desk, LIMITS))


@pytest.mark.parametrize(("lost", "sentence"), [
    (Lost("slow"), "It took longer than 60 seconds and was ended."),
    (Lost("large"), "It took more than 1024 megabytes of memory and was ended."),
    (Lost("died"), "The process that worked on it ended without a word, twice."),
    (
        Lost("raised", "ValueError in work, line 1"),
        "careplan failed on it, which is a mistake in careplan (ValueError in work, line 1).",
    ),
])
def test_each_loss_is_told(lost: Lost, sentence: str) -> None:
    """The sentence says why there is no handout."""
    assert told(lost, LIMITS) == sentence
