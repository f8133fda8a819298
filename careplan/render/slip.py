"""The sheet on top of each handout in a printer's tray, by which staff find whose it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from careplan.content.wording import Wording
from careplan.planning.editions import field_name
from careplan.problems import OutputError
from careplan.render.html import render_apart

# As many characters of a ref as stand on about two lines in each size of letters.
_FITS = {"short": 9, "long": 26}


@dataclass(frozen=True)
class Slip:
    """What stands on the sheet; *chosen* are words for what was asked for, *day* is told in words.

    It does not name the patient: `ref` leads to who it is.
    """

    ref: str
    title: str
    chosen: tuple[tuple[str, str], ...]
    language: str
    editions: tuple[str, ...]
    day: str
    pages: int
    sheets: int
    copy: int
    copies: int
    place: int
    places: int


@dataclass(frozen=True)
class _Told:
    """A slip in words; *fit* is how large its ref can be."""

    ref: str
    fit: str
    title: str
    facts: tuple[tuple[str, str], ...]


def render_slips(
    slips: Sequence[Slip], paper: str, wording: Wording, templates: Path
) -> tuple[bytes, ...]:
    """Return each of *slips* as a tagged PDF of one page; raises `MissingPartError`, `OutputError`."""
    from careplan.render.pdf import lay_out, write  # noqa: PLC0415 - slow to import

    told = [_Told(one.ref, _fit(one.ref), one.title, tuple(_facts(one, wording))) for one in slips]
    # To lay them out together saves more than half of the time.
    document = lay_out(render_apart("slip.html.j2", wording, templates, paper, slips=told), templates)
    if len(document.pages) != len(slips):
        message = "A slip sheet is longer than a page."
        raise OutputError(message)
    return tuple(write(document.copy([page])) for page in document.pages)


def _fit(ref: str) -> str:
    return next((name for name, most in _FITS.items() if len(ref) <= most), "longest")


def _facts(slip: Slip, wording: Wording) -> Iterator[tuple[str, str]]:
    say, nothing = wording.say, wording.say("staff_none")
    yield from slip.chosen
    yield say("slip_language"), _language(slip.language, wording)
    editions = [say(f"slip_{field_name(one)}") for one in slip.editions]
    yield say("slip_edition"), ", ".join(editions) or say("slip_standard")
    yield say("slip_day"), slip.day or nothing
    yield say("slip_length"), ", ".join([
        wording.count("slip_pages", slip.pages), wording.count("slip_sheets", slip.sheets),
    ])
    yield say("slip_copy"), say("slip_of", number=slip.copy, total=slip.copies)
    yield say("slip_place"), say("slip_of", number=slip.place, total=slip.places)


def _language(tag: str, wording: Wording) -> str:
    """Return how people call the language *tag*."""
    from babel import Locale  # noqa: PLC0415 - slow to import

    return str(Locale.parse(tag, sep="-").get_display_name(wording.locale) or tag)
