"""Plans on shipped content, for what comes out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from shelf import Shelf, shared_folder

from careplan.content.clinic import Clinic
from careplan.content.library import Library
from careplan.content.wording import Wording
from careplan.planning.plan import Plan


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Return a function that compares all of a text with its golden file; `--renew` rewrites it."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--renew"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session")
def shelf(
    tmp_path_factory: pytest.TempPathFactory, library: Library, clinic: Clinic, wording: Wording
) -> Shelf:
    """Return what prints each handout and sheet once; nobody changes what is taken from it."""
    return Shelf(shared_folder(tmp_path_factory.getbasetemp()), library, clinic, wording)


@pytest.fixture(scope="session")
def plan_for(shelf: Shelf) -> Callable[..., Plan]:
    """Return a function that makes a plan; without arguments the plan of the demo."""
    return lambda **changes: shelf.plan(changes)
