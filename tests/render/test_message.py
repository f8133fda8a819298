"""The one thing to remember stands first on page 1."""

from collections.abc import Callable

import pytest

from careplan.content.library import Library
from careplan.content.resources import templates_folder
from careplan.content.wording import Wording
from careplan.planning.plan import Plan
from careplan.render.fit import MESSAGE_ALONE, TIGHTEST, Fit
from careplan.render.html import render_html


@pytest.mark.parametrize(
    ("purpose", "begins"), [("treatment", "The block may ease"), ("diagnostic", "This block is a test")]
)
def test_a_test_and_a_treatment_have_their_own(
    plan_for: Callable[..., Plan], purpose: str, begins: str
) -> None:
    """The message is the one for what is planned."""
    plan = plan_for(intervention="nerve-block", options={"purpose": purpose, "nerve": "medial-branch"})

    assert plan.message.text.startswith(begins)


def test_it_is_printed_at_every_step(plan_for: Callable[..., Plan], wording: Wording) -> None:
    """The message is on page 1 but at the last resort; the purpose leaves it first."""
    plan = plan_for()

    pages = [render_html(plan, wording, templates_folder(), fit=Fit(step)) for step in range(TIGHTEST + 1)]

    assert [plan.message.text in page for page in pages] == [True] * TIGHTEST + [False]
    said = [plan.purpose in page or plan.short_purpose in page for page in pages]
    assert said == [step < MESSAGE_ALONE for step in range(TIGHTEST + 1)]


def test_it_fits_a_line(library: Library) -> None:
    """A message is one line of page 1, and says who stands behind it."""
    for intervention in library.interventions.values():
        assert all(len(one.text) <= 96 and one.sources for one in intervention.message)
