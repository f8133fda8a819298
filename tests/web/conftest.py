"""A preview of the small library."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from careplan.content.resources import templates_folder
from careplan.web.proof import Subject


@pytest.fixture
def subject(plans: Callable[[Mapping[str, str]], Path], small: dict[str, str]) -> Subject:
    """Return the walking class of the small library, which a test may write over."""
    return Subject(plans(small), templates_folder(), "walking-class")
