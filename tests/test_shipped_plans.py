"""Tests of the plans that come with careplan."""

from pathlib import Path

import pytest

from careplan.content.library import check_library, read_fragment
from careplan.content.resources import plans_folder

# Files of words, numbers and publications state nothing to a patient, so nobody signs them.
_UNSIGNED = (
    "clinic",
    "countries",
    "drug-classes",
    "jargon",
    "measures",
    "red-flags",
    "request",
    "sources",
    "vocabulary",
)


def status_of(path: Path) -> str:
    """Return the review status of the fragment in *path*, or that it needs none."""
    fragment, _ = read_fragment(path)
    return "unsigned" if fragment.kind in _UNSIGNED else fragment.review.status


def test_the_shipped_plans_have_no_problem() -> None:
    """Every shipped fragment is right and every name in it leads somewhere."""
    problems = check_library(plans_folder())

    assert "\n".join(problem.shown() for problem in problems) == ""


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(plans_folder().rglob("*.yaml")) if "examples" not in path.parts],
    ids=lambda path: path.stem,
)
def test_every_shipped_fragment_has_a_review(path: Path) -> None:
    """A shipped fragment is a draft or approved; only lists of words have no review."""
    status = status_of(path)

    assert status in ("draft", "approved") or path.parent == plans_folder()
    assert status in ("draft", "approved", "unsigned")


def test_the_guard_notices_a_fragment_without_review(tmp_path: Path) -> None:
    """A fragment that nobody signs is refused before its status could be asked."""
    path = tmp_path / "old-injury.yaml"
    path.write_text(
        "kind: factor\nid: old-injury\ntitle: Old injury\nmeaning: Was hurt.\nquestion: Were you hurt?\n",
        encoding="utf-8",
    )

    with pytest.raises(Exception, match="review is missing"):
        status_of(path)
