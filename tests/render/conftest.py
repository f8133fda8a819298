"""Plans on shipped content, for what comes out."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from careplan.content.clinic import Clinic
from careplan.content.library import Library
from careplan.content.validation import check_given
from careplan.content.wording import Wording
from careplan.planning.compose import compose
from careplan.planning.plan import Plan
from careplan.planning.request import Request


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Return a function that compares all of a text with its golden file; `--renew` rewrites it."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--renew"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session")
def plan_for(library: Library, wording: Wording, clinic: Clinic) -> Callable[..., Plan]:
    """Return a function that makes a plan; without arguments the plan of the demo."""

    def make(**changes: Any) -> Plan:
        data = {
            "kind": "request",
            "intervention": "epidural-steroid-injection",
            "options": {"site": "lumbar"},
            "conditions": "sciatica",
            "therapies": ["physical-therapy", "psychotherapy", "acupuncture"],
            "date": dt.date(2026, 12, 3),
            **changes,
        }
        return compose(library, check_given(Request, data, "test"), clinic, wording)

    return make
