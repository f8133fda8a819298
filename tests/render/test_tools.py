"""The tools of the handout: drawings, diaries and goals."""

import re
from collections.abc import Callable
from typing import Any, get_args

import page
import pypdfium2
import pytest
from shelf import Shelf

from careplan.content.items import Picture
from careplan.content.library import Library
from careplan.content.resources import templates_folder
from careplan.content.wording import Wording
from careplan.planning.plan import Plan
from careplan.render import render
from careplan.render.html import render_html

CASES: dict[str, dict[str, Any]] = {
    "demo": {},
    "block": {
        "intervention": "nerve-block",
        "options": {"purpose": "diagnostic", "nerve": "medial-branch", "site": "lumbar"},
        "therapies": ["physical-therapy"],
    },
    "trial": {
        "intervention": "spinal-cord-stimulation",
        "options": {"phase": "trial"},
        "therapies": ["psychotherapy"],
        "date": None,
    },
    "ablation": {"intervention": "radiofrequency-ablation", "options": {"site": "lumbar"}},
    "pump": {"intervention": "intrathecal-pain-pump", "options": {"phase": "implant"}, "therapies": []},
    "trigger": {
        "intervention": "trigger-point-injection",
        "options": {"site": "neck"},
        "therapies": ["massage-therapy"],
        "paper": "a4",
    },
}
# Longer than this, a way to use a diary needs a second line in standard print.
ONE_LINE = 100
POINTS = 72 / 25.4


def tools(plan: Plan, wording: Wording) -> str:
    """Return the tools of *plan* as HTML."""
    html = render_html(plan, wording, templates_folder())
    return html[html.index('<section class="tools') : html.index('<section class="sources')]


def lowest(sheet: pypdfium2.PdfPage) -> float:
    """Return how far down the page text reaches, from 0 to 1, without what stands in the margin."""
    text, height = sheet.get_textpage(), sheet.get_height()
    bottoms = [text.get_rect(number)[1] for number in range(text.count_rects())]
    text.close()
    return float(1 - min(one for one in bottoms if one > 15 * POINTS) / height)


@pytest.mark.parametrize("picture", get_args(Picture))
def test_every_picture_is_drawn_and_told(picture: str, wording: Wording) -> None:
    """Each picture that a fragment may name has a drawing and words for those who cannot see it."""
    drawing = picture.removeprefix("no-")

    assert (templates_folder() / "pictures" / f"{drawing}.svg").is_file()
    assert wording.say(f"picture_{drawing}").startswith("Drawing: ")


def test_every_drawing_is_used() -> None:
    """No drawing lies about that nothing prints."""
    limits = {picture.removeprefix("no-") for picture in get_args(Picture)}
    drawings = {path.stem for path in (templates_folder() / "pictures").iterdir()}

    assert drawings == limits | {"not-yet", "body", "pain-scale"}


@pytest.mark.parametrize("case", CASES)
def test_limits_say_what_the_plan_says(
    plan_for: Callable[..., Plan], wording: Wording, case: str
) -> None:
    """Each drawing has words first and, as its caption, a sentence that stands in the plan."""
    plan = plan_for(**CASES[case])
    page_html = tools(plan, wording)

    said = [*plan.section("flare"), *(item for period in plan.after for item in period.items)]
    assert len(plan.pictured) >= 4
    assert all(one.said in said for one in plan.pictured)
    assert len({one.picture for one in plan.pictured}) == len(plan.pictured)
    assert all(re.match(r"\s*<title>[^<]+</title>", part) for part in re.split("<svg[^>]*>", page_html)[1:])
    assert page_html.count(", crossed out</title>") == sum(not one.allowed for one in plan.pictured)


@pytest.mark.parametrize("case", CASES)
def test_tools_are_there(plan_for: Callable[..., Plan], wording: Wording, case: str) -> None:
    """Every plan has the limits, the body, the goals, the scale and a diary, each with a filled sample."""
    plan = plan_for(**CASES[case])
    page_html = tools(plan, wording)

    for name in ("limits-pictures", "body-outline", "goals", "pain-scale"):
        assert page_html.count(f'class="{name}"') == 1
    assert page_html.count('<div class="diary">') == len(plan.diaries)
    assert page_html.count('<tr class="sample">') == len(plan.diaries) + 1


def test_diaries_are_used_as_one_line_says(library: Library, wording: Wording) -> None:
    """How to use a diary, the goals and the log fits one line, and no sample is longer than its row."""
    listed = [diary for one in library.interventions.values() for diary in one.diaries]
    ways = [diary.how for diary in listed] + [wording.say("goals_how"), wording.say("log_how")]

    assert [way for way in ways if len(way) > ONE_LINE] == []
    assert all(len(diary.sample) == len(diary.columns) + 1 for diary in listed)


def test_no_diary_names_a_pass_mark(library: Library) -> None:
    """No share of relief that counts as a success stands on a diary, in its sample neither."""
    for intervention in library.interventions.values():
        for diary in intervention.diaries:
            words = " ".join((diary.title, diary.how, *diary.columns, *diary.rows, *diary.sample))
            assert not re.search(r"\b(50|80|half|success|pass)\b|%", words), diary.id


def test_a_trial_counts_pain_sleep_steps_and_medicine(plan_for: Callable[..., Plan]) -> None:
    """The log of a stimulator trial has a row a day and the four things that are compared."""
    (log,) = plan_for(**(CASES["trial"] | {"therapies": []})).diaries

    words = " ".join(log.columns).lower()
    assert all(word in words for word in ("pain", "sleep", "steps", "medicine, how many times"))
    assert log.rows == ("Before", *(f"Day {day}" for day in range(1, 8)))


@pytest.mark.parametrize("case", CASES)
def test_tools_are_accessible_and_fill_their_pages(shelf: Shelf, wording: Wording, case: str) -> None:
    """A validator finds nothing against PDF/UA, and each page of tools is a third full or more."""
    data = shelf.data(**CASES[case])

    assert page.validate_pdf_bytes(data, profile="ua1").is_compliant
    with pypdfium2.PdfDocument(data) as document:
        texts = [sheet.get_textpage().get_text_bounded() for sheet in document]
        first = next(number for number, text in enumerate(texts) if wording.say("tools_title") in text)
        filled = [lowest(document[number]) for number in range(first, len(texts) - 1)]
    assert [round(one, 2) for one in filled if one < 1 / 3] == []


def test_a_long_diary_repeats_its_head_and_keeps_rows_together(
    plan_for: Callable[..., Plan], wording: Wording
) -> None:
    """In large print a diary needs two tables and more pages: each has the head and at least three rows."""
    plan = plan_for(large_print=True, therapies=[])
    data = render(plan, "pdf", wording, templates_folder())

    with pypdfium2.PdfDocument(data) as document:
        texts = [sheet.get_textpage().get_text_bounded() for sheet in document]
    first = next(number for number, text in enumerate(texts) if plan.diaries[0].title in text)
    counted = [(sum(text.count(row) for row in plan.diaries[0].rows), text) for text in texts[first:]]
    found = [(count, text) for count, text in counted[:3] if count]
    assert sum(count for count, _ in found) >= 2 * len(plan.diaries[0].rows)
    assert min(count for count, _ in found) >= 3
    assert all(wording.say("when") in text for _, text in found)


def test_pictures_come_from_the_templates_alone() -> None:
    """Drawings have no address, no style and no text that a reader would miss."""
    for path in (templates_folder() / "pictures").iterdir():
        drawing = path.read_text(encoding="utf-8")
        assert not re.search(r"href|url\(|<style|<image|#[0-9a-fA-F]{3,6}", drawing), path.name
