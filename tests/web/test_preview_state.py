"""The last good version stays, and everybody who listens is told."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from careplan.problems import CareplanError, Location, Problem
from careplan.web.preview import Preview, State
from careplan.web.proof import Proof, Subject

SECONDS = 60


def run(preview: Preview, story: Callable[["Listener"], Awaitable[None]]) -> None:
    """Follow the files of *preview* while *story* is told."""

    async def told() -> None:
        following = asyncio.create_task(preview.follow())
        try:
            async with asyncio.timeout(SECONDS):
                await story(Listener(preview))
        finally:
            following.cancel()
            await asyncio.wait([following])

    asyncio.run(told())


class Listener:
    """Somebody who listens."""

    def __init__(self, preview: Preview) -> None:
        """Begin to listen."""
        self._states = preview.states()

    async def until(self, wanted: Callable[[State], bool]) -> State:
        """Return the first state that is *wanted*."""
        async for state in self._states:
            if wanted(state):
                return state
        pytest.fail("The preview ended.")


def rewrite(file: Path, old: str, new: str) -> None:
    """Save *file* with *old* replaced."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_save_brings_a_new_version(subject: Subject) -> None:
    """Who listens is told of the new text without asking."""
    file = subject.plans / "therapies" / "walking-class.yaml"

    async def story(listener: Listener) -> None:
        first = await listener.until(lambda state: state.fresh)
        assert first.version == 1

        rewrite(file, "Walk 5 minutes", "Walk 6 minutes")
        second = await listener.until(lambda state: state.version == 2)

        assert "Walk 6 minutes" in second.good.html

    run(Preview(subject), story)


def test_the_last_good_version_stays_while_a_file_is_broken(subject: Subject) -> None:
    """The old text stands beside the problems, and the mended file replaces both."""
    file = subject.plans / "therapies" / "walking-class.yaml"

    async def story(listener: Listener) -> None:
        good = await listener.until(lambda state: state.checked)

        rewrite(file, "title: Walking", "titel: Walking")
        broken = await listener.until(lambda state: not state.fresh)
        looked_through = await listener.until(lambda state: state.checked)

        assert (broken.version, broken.good) == (1, good.good)
        assert "unknown-field" in [one.code for one in broken.problems]
        assert {*broken.problems} <= {*looked_through.problems}

        rewrite(file, "titel: Walking", "title: Walking")
        mended = await listener.until(lambda state: state.fresh)
        assert (mended.version, mended.problems) == (1, ())

    run(Preview(subject), story)


def test_a_new_file_in_a_new_folder_is_noticed(subject: Subject) -> None:
    """A folder that is made later is watched as well."""

    async def story(listener: Listener) -> None:
        await listener.until(lambda state: state.checked)

        more = subject.plans / "more"
        more.mkdir()
        (more / "broken.yaml").write_text("kind: therapie\n", encoding="utf-8")
        broken = await listener.until(lambda state: not state.fresh)
        assert [one.location.file for one in broken.problems] == ["plans/more/broken.yaml"]

        (more / "broken.yaml").unlink()
        await listener.until(lambda state: state.fresh)

    run(Preview(subject), story)


def test_problems_that_stop_nothing_follow_the_handout(subject: Subject) -> None:
    """The text is there first; what a long look finds comes after it."""
    doubt = Problem(Location("a.yaml", 1, 1), "Hard to read.", "hard", "warning")

    async def story(listener: Listener) -> None:
        first = await listener.until(lambda state: state.fresh)
        assert (first.checked, first.problems) == (False, ())

        second = await listener.until(lambda state: state.checked)
        assert second.problems == (doubt,)

    run(Preview(subject, lambda _: Proof(html="<html>"), lambda _: (doubt,)), story)


def test_the_end_lets_everybody_go(subject: Subject) -> None:
    """Who listens is not left waiting."""

    async def told() -> list[State]:
        preview = Preview(subject)
        listening = asyncio.create_task(anext(preview.states(), None))
        await asyncio.sleep(0)
        preview.end()
        assert await asyncio.wait_for(listening, SECONDS) is None
        return [state async for state in preview.states()]

    assert asyncio.run(told()) == []


def test_pages_are_printed_once_for_each_version(subject: Subject) -> None:
    """Asking again for the pages of the same text gives the same file, and before it there is none."""

    async def told() -> None:
        preview = Preview(subject)
        with pytest.raises(CareplanError, match="no version"):
            await preview.pages()
        following = asyncio.create_task(preview.follow())
        async with asyncio.timeout(SECONDS):
            await anext(preview.states())
            first = await preview.pages()
            assert await preview.pages() is first
        following.cancel()
        await asyncio.wait([following])
        assert (first.version, first.data[:5]) == (1, b"%PDF-")
        assert first.pages > 1

    asyncio.run(told())
