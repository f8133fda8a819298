"""The sheet on top of each handout of a print job."""

from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import page
import pikepdf
import pytest
from onpaper import read_pages
from tagged import read

from careplan.content.resources import templates_folder
from careplan.content.wording import Wording
from careplan.planning.editions import EDITIONS
from careplan.problems import OutputError
from careplan.render.slip import Slip, render_slips

SLIP = Slip(
    ref="A-0017", title="Your care plan: epidural steroid injection", chosen=(("Where", "low back"),),
    language="en-US", editions=(), day="Thu, Dec 3, 2026",
    pages=14, sheets=7, copy=1, copies=2, place=3, places=40,
)
# As much as there can be: long words everywhere, letters that are wide, and nothing known.
FULL = replace(
    SLIP, ref="W" * 60, title="Your care plan: intrathecal pain pump with a name longer than is usual",
    chosen=(("Where", "low back"), ("Step", "implant"), ("Medicine in the pump", "opioid"),
            ("Maker", "Flowonix Prometra"), ("Relaxing medicine", "planned")),
    language="es-US", editions=tuple(EDITIONS), day="", pages=1, sheets=1,
)
WORDS = replace(SLIP, ref="Riverside-Pain-Center/2026-12-03/Morning-List/Room-4/No-0017")

SIZES = {"letter": (215.9, 279.4), "a4": (210, 297)}


@pytest.fixture(scope="module", params=["letter", "a4"])
def slips(request: pytest.FixtureRequest, wording: Wording) -> tuple[str, tuple[bytes, ...]]:
    """Return a paper, and three slips printed on it."""
    return request.param, render_slips([SLIP, FULL, WORDS], request.param, wording, templates_folder())


def test_a_slip_says_what_lies_behind_it(slips: tuple[str, tuple[bytes, ...]]) -> None:
    """Staff read the ref first, then what it is, how much paper, which copy, and where in the job."""
    said = read(slips[1][0]).top.text

    assert said == (
        "For staff. Not for the patient. A-0017 Your care plan: epidural steroid injection Where low back "
        "Language English (United States) Edition standard print Procedure day Thu, Dec 3, 2026 "
        "Behind this sheet 14 pages, 7 sheets of paper Copy 1 of 2 In this print job 3 of 40 "
        "Hand out what lies behind this sheet. Then shred the sheet."
    )


def test_one_page_and_one_sheet_are_said_so(slips: tuple[str, tuple[bytes, ...]]) -> None:
    """Every edition has words, an unknown day is said to be none, and one is not told as many."""
    said = read(slips[1][1]).top.text

    assert "Language Spanish (United States)" in said
    assert "Edition large print, ink saver, to write in, to fill in on a screen" in said
    assert "Procedure day none stated" in said
    assert "Behind this sheet 1 page, 1 sheet of paper" in said


def test_a_validator_finds_nothing(slips: tuple[str, tuple[bytes, ...]]) -> None:
    """A slip is PDF/UA like all that is joined with it, and its title is no more than what it is."""
    for data in slips[1]:
        assert page.validate_pdf_bytes(data, profile="ua1").failures == []
        with pikepdf.open(BytesIO(data)) as document:
            assert str(document.docinfo["/Title"]) == "Slip sheet"


def test_every_slip_is_one_page_with_its_whole_ref(slips: tuple[str, tuple[bytes, ...]]) -> None:
    """The longest ref is broken and stays between the margins; the ref is the largest on the page."""
    paper, printed = slips

    for slip, data in zip((SLIP, FULL, WORDS), printed, strict=True):
        top = read(data).top
        sheet, = read_pages(data, top).sheets
        sizes = [run.size for run in sheet.runs]
        assert "".join(next(top.all("H1")).text.split()) == slip.ref
        assert sizes[1] == max(sizes) >= 24
        assert min(sizes) >= 12
        assert (sheet.width, sheet.height) == pytest.approx(SIZES[paper])
        assert all(run.box.left > 15.9 and run.box.right < sheet.width - 15.9 for run in sheet.runs)
        assert all(run.box.bottom < sheet.height - 13 for run in sheet.runs)


def test_a_short_ref_is_larger_than_a_long_one(slips: tuple[str, tuple[bytes, ...]]) -> None:
    """What can be read from across the room is."""
    largest = [max(run.size for run in read_pages(data, read(data).top).sheets[0].runs) for data in slips[1]]

    assert largest == sorted(largest, reverse=True)
    assert largest[0] == 72


def test_the_same_slips_give_the_same_bytes(wording: Wording) -> None:
    """A print file can be told from another by its content; each slip counts on its own."""
    alone, = render_slips([SLIP], "letter", wording, templates_folder())
    many = render_slips([SLIP, FULL, SLIP], "letter", wording, templates_folder())

    assert alone == render_slips([SLIP], "letter", wording, templates_folder())[0]
    assert [read(one).top.text for one in many[::2]] == [read(alone).top.text] * 2
    assert all(one != other for one, other in pairwise(many))


def test_a_slip_that_is_too_long_is_told(wording: Wording) -> None:
    """Nothing is cut off in silence."""
    endless = replace(SLIP, title="word " * 400)

    with pytest.raises(OutputError, match="longer than a page"):
        render_slips([endless], "letter", wording, templates_folder())
