"""A look that cannot rot: pictures of pages, and what the paper itself says about text, edges and breaks."""

import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from gallery import GALLERY
from likeness import differences, keep, load, side_by_side
from onpaper import HEADINGS, Block, Printed, read_pages
from PIL import Image, ImageChops, ImageDraw
from shelf import WHOLE, Copy, Leaf, Shelf, copy_of
from tagged import read

from careplan.content.colours import contrast
from careplan.content.resources import templates_folder
from careplan.render.pdf import lay_out
from careplan.render.tokens import read_tokens

PICTURES = Path(__file__).parent.parent / "golden" / "pages"
# Pages of a handout of which pictures are kept: the plan's own.
OWN_PAGES = 4
# Millimetres at each edge that printers leave blank, and how far a letter may stand out of its line.
EDGE, INK = 6.0, 0.5
READABLE = 7.0
# Points: the least size in a picture and in a page's margin.
LABEL, MARGIN = 9.0, 10.0
# Characters: a longer line is running text; the longest line; the middle of all full lines; the
# narrowest column of a paragraph.
RUNNING, LONGEST, MIDDLE, NARROWEST = 60, 106, (55, 80), 30
HANDOUTS = [name for name, one in GALLERY.items() if one.form == "pdf"]
LARGE = "large-print"
# Chapters in small print, by their headings.
FINE_PRINT = ("The main sources", "About this plan")
# A card as large as a bank card has letters as small as a picture's.
CARDS = ("Your device card",)


class Look(NamedTuple):
    """A handout or sheet as it was laid out and as it is printed."""

    leaves: tuple[Leaf, ...]
    printed: Printed


@pytest.fixture(scope="session")
def gallery(shelf: Shelf) -> Callable[[str], Look]:
    """Return a function that looks at a handout or sheet of the gallery, once each."""
    return cache(lambda name: look(shelf.of_gallery(name)))


def look(copy: Copy) -> Look:
    """Return what stands on the pages of *copy*."""
    return Look(copy.leaves, read_pages(copy.data, read(copy.data).top))


def page_of(body: str, style: str = "") -> Look:
    """Return a page of our style sheets that holds *body*, to show that a guard can fail."""
    css = templates_folder() / "css"
    sheets = [
        (css / f"{name}.css").read_text(encoding="utf-8") for name in ("tokens", "page", "type", "components")
    ]
    document = lay_out(
        f'<html lang="en"><head><title>Test</title><style>@layer tokens, page, type, components;\n'
        f'{" ".join(sheets)} @page {{ size: 8.5in 11in }} {style}</style></head>'
        f"<body><h1>Test</h1>{body}</body></html>",
        templates_folder(),
    )
    return look(copy_of(document))


def pictures(shown: Look) -> Iterator[tuple[int, Image.Image]]:
    """Yield number and picture of the pages of which pictures are kept."""
    yield from enumerate([sheet.picture for sheet in shown.printed.sheets][:OWN_PAGES], start=1)


@pytest.mark.parametrize("name", GALLERY)
def test_pages_look_as_they_did(
    gallery: Callable[[str], Look], name: str, tmp_path: Path, *, renew: bool
) -> None:
    """Each page looks as its kept picture; `--renew` keeps those that do not, to be looked at."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    changed = []
    for number, new in pictures(gallery(name)):
        path = PICTURES / f"{name}-{number}.png"
        if not path.exists() and not renew:
            changed.append(f"{path.name} is not there")
        elif not path.exists() or (told := differences(new, load(path))):
            if renew:
                keep(new, path)
                continue
            new.save(tmp_path / path.name)
            side_by_side(new, load(path)).save(tmp_path / f"{path.stem}-was-is-apart.png")
            changed.append(f"{path.name}: {told}; see {tmp_path / path.stem}-was-is-apart.png")
    assert changed == []


def test_no_picture_is_kept_in_vain(gallery: Callable[[str], Look], *, renew: bool) -> None:
    """Every kept picture is one of a page that there is, and all are small together."""
    wanted = {f"{name}-{number}.png" for name in GALLERY for number, _ in pictures(gallery(name))}
    for path in PICTURES.glob("*.png"):
        if renew and path.name not in wanted:
            path.unlink()
    kept = list(PICTURES.glob("*.png"))

    assert {path.name for path in kept} == wanted
    assert sum(path.stat().st_size for path in kept) < 1_700_000


def test_a_changed_page_does_not_pass(gallery: Callable[[str], Look]) -> None:
    """A line moved by two millimetres, a box that is gone and another colour are all noticed."""
    sheet = gallery("demo").printed.sheets[1]
    page, dots = sheet.picture, sheet.picture.width / sheet.width
    line = next(run.box for run in sheet.runs if run.mark >= 0 and run.box.right - run.box.left > 100)
    edges = tuple(round(edge * dots) for edge in (line.left, line.top, line.right + 1, line.bottom + 1))
    moved, cover = page.copy(), gallery("demo").printed.sheets[0].picture
    ImageDraw.Draw(moved).rectangle(edges, fill="white")
    moved.paste(page.crop(edges), (edges[0], edges[1] + round(2 * dots)))
    soft = read_tokens(templates_folder())["accent-soft"]
    gone, other = (repainted(cover, soft, colour) for colour in ("#ffffff", "#fdf4dc"))

    assert differences(page, page) == ""
    assert "strongly" in differences(moved, page)
    assert "colour" in differences(gone, cover)
    assert "colour" in differences(other, cover)
    assert "size" in differences(page.crop((0, 0, 9, 9)), page)


def repainted(picture: Image.Image, colour: str, other: str) -> Image.Image:
    """Return *picture* with *other* wherever it has *colour* or is within a shade of it."""
    apart = ImageChops.difference(picture, Image.new("RGB", picture.size, colour)).convert("L")
    there = apart.point(lambda value: 255 if value <= 1 else 0)
    return Image.composite(Image.new("RGB", picture.size, other), picture, there)


@pytest.mark.parametrize("name", GALLERY)
def test_text_is_as_large_as_its_token(gallery: Callable[[str], Look], name: str) -> None:
    """Words have the sizes of the tokens: no text is smaller, and no running text is small print."""
    assert small_text(gallery(name), *least_sizes(name)) == []


def least_sizes(name: str) -> tuple[float, float, float]:
    """Return the least size of running text, of other words, and of words in pictures, in points."""
    large = GALLERY[name].request.get("large_print")
    tokens = read_tokens(templates_folder(), editions=[LARGE] if large else [])
    prefix = {"handoff": "sheet-", "staff": "staff-", "card": "card-"}.get(GALLERY[name].form, "")
    text = float(tokens[f"{prefix}text"].removesuffix("pt"))
    small = float(tokens.get(f"{prefix}small", tokens[f"{prefix}text"]).removesuffix("pt"))
    if name == "hand-off-full":
        # The tightest sheet for staff is set as their own sheet is.
        text = small = float(tokens["staff-text"].removesuffix("pt"))
    return (text, small, text if large else LABEL)


def small_text(shown: Look, text: float, small: float, label: float) -> list[str]:
    """Return words smaller than *small*, or *label* in pictures, and running text smaller than *text*."""
    printed, found = shown.printed, []
    for sheet in printed.sheets:
        least = max(MARGIN, label)
        found += [f"{one.page + 1}: {one.text}" for one in sheet.runs if one.mark < 0 and one.size < least]
    before = chapter = ""
    for block in printed.blocks:
        chapter = block.element.text if block.kind in HEADINGS else chapter
        least = label if block.kind == "Figure" or chapter in CARDS else small
        found += [
            f"{one.page + 1}: {one.text}" for one in printed.runs(block.element) if one.size < least
        ]
        # What stands in small print: tables, captions below pictures and tables, and two chapters.
        fine = block.kind in ("Figure", "TR") or before in ("Figure", "TR") or chapter in FINE_PRINT
        long = [line for line in block.lines if len(line.text) > RUNNING and line.size < text]
        found += [] if fine or chapter in CARDS else [f"{one.page + 1}: {one.text}" for one in long]
        before = before if fine and block.kind == "P" else block.kind
    return found


@pytest.mark.parametrize("name", GALLERY)
def test_text_stands_out_from_what_is_behind_it(gallery: Callable[[str], Look], name: str) -> None:
    """Words have a contrast of 7 to 1 or more with every colour that fills the space around them."""
    assert faint_text(gallery(name)) == []


def faint_text(shown: Look) -> list[str]:
    """Return words that are hard to tell from what they stand on."""
    return [
        f"{run.page + 1}: {run.colour} on {ground}: {run.text}"
        for sheet in shown.printed.sheets for run in sheet.runs for ground in run.grounds
        if contrast(run.colour, ground) < READABLE
    ]


@pytest.mark.parametrize("name", GALLERY)
def test_nothing_stands_at_the_edge(gallery: Callable[[str], Look], name: str) -> None:
    """Printers reach everything that is printed, and the text stays between its margins."""
    assert too_far_out(gallery(name)) == []


def too_far_out(shown: Look) -> list[str]:
    """Return what stands where printers do not print, and text outside its page's margins."""
    found = []
    pages = zip(shown.printed.sheets, shown.leaves, strict=True)
    for number, (sheet, leaf) in enumerate(pages, start=1):
        margins = [edge - INK for edge in leaf.margins]
        boxes = [(one, "a shape", [EDGE] * 4) for one in sheet.shapes]
        boxes += [(run.box, run.text, [EDGE] * 4 if run.mark < 0 else margins) for run in sheet.runs]
        for one, what, least in boxes:
            edges = (one.left, one.top, sheet.width - one.right, sheet.height - one.bottom)
            if any(edge < limit for edge, limit in zip(edges, least, strict=True)):
                found.append(f"{number}: {what}: {edges}")
    return found


@pytest.mark.parametrize("name", GALLERY)
def test_no_words_lie_over_others(gallery: Callable[[str], Look], name: str) -> None:
    """Every word has its own place on the paper."""
    assert overprinted(gallery(name)) == []


def overprinted(shown: Look) -> list[str]:
    """Return pairs of words of which one covers a quarter of the other or more."""
    return [
        f"{one.page + 1}: {one.text} / {other.text}"
        for sheet in shown.printed.sheets for number, one in enumerate(sheet.runs)
        for other in sheet.runs[number + 1 :] if one.box.covers(other.box) > 1 / 4
    ]


@pytest.mark.parametrize("name", HANDOUTS)
def test_lines_are_neither_long_nor_short(gallery: Callable[[str], Look], name: str) -> None:
    """Running text has lines that an eye finds its way back from, and columns that hold a few words."""
    assert odd_lines(gallery(name)) == []


def odd_lines(shown: Look) -> list[str]:
    """Return the lines of running text that are too long, and the columns that are too narrow."""
    paragraphs = [block for block in shown.printed.blocks if block.kind in ("P", "LI")]
    text = Counter(line.size for block in paragraphs for line in block.lines if len(block.lines) > 1)
    usual = [block for block in paragraphs if block.lines[0].size >= 12]
    full = [line for block in usual for line in block.lines[:-1]]
    found = [f"{line.page + 1}: long: {line.text}" for line in full if len(line.text) > LONGEST]
    for block in usual:
        widest = max(len(line.text) for line in block.lines)
        if len(block.lines) > 2 and widest < NARROWEST:
            found.append(f"{block.lines[0].page + 1}: narrow: {block.element.text}")
    middle = statistics.median(len(line.text) for line in full) if full else MIDDLE[0]
    large = min(text, default=0) >= 18
    return found if large or MIDDLE[0] <= middle <= MIDDLE[1] else [*found, f"lines of {middle} characters"]


@pytest.mark.parametrize("name", GALLERY)
def test_no_page_ends_with_a_lone_heading(gallery: Callable[[str], Look], name: str) -> None:
    """What stands under a heading begins on its page."""
    assert lone_headings(gallery(name)) == []


def lone_headings(shown: Look) -> list[str]:
    """Return the headings with nothing below them on their page."""
    last: dict[int, Block] = {}
    for block in shown.printed.blocks:
        last.update(dict.fromkeys(block.pages, block))
    return [
        f"{page + 1}: {block.element.text}" for page, block in last.items()
        if block.kind in HEADINGS and not any(
            shape.top > block.lines[-1].box.bottom for shape in shown.printed.sheets[page].shapes
        )
    ]


@pytest.mark.parametrize("name", GALLERY)
def test_nothing_breaks_badly(gallery: Callable[[str], Look], name: str) -> None:
    """No box, row or picture is split, and no line or item stands alone before or after a break."""
    # In large print the outline of the body with its lines is higher than a page.
    longer = {"body-outline"} if GALLERY[name].request.get("large_print") else set()

    assert bad_breaks(gallery(name), WHOLE - longer) == []


def bad_breaks(shown: Look, names: AbstractSet[str] = WHOLE) -> list[str]:
    """Return what of the classes *names* and what row is split, and what a page leaves alone of the rest."""
    pieces = [{one.element: one for one in leaf.pieces} for leaf in shown.leaves]
    found = []
    for number, (here, there) in enumerate(pairwise(pieces), start=1):
        for one in (here[element] for element in here.keys() & there.keys()):
            if one.tag in ("p", "li", "ul", "ol"):
                found += [f"{number}: {one.words}"] if min(one.number, there[one.element].number) < 2 else []
            elif one.tag == "tr" or names.intersection(one.classes):
                found.append(f"{number}: {one.tag} {one.words}")
    return found


@pytest.mark.parametrize("name", GALLERY)
def test_every_page_is_a_third_full(gallery: Callable[[str], Look], name: str) -> None:
    """Only the last page, of the whole or of a therapist's sheet, may be nearly empty."""
    assert nearly_empty(gallery(name)) == []


def nearly_empty(shown: Look) -> list[str]:
    """Return the pages but the last that end in their upper third."""
    found = []
    for number, sheet in enumerate(shown.printed.sheets[:-1], start=1):
        ends = [run.box.bottom for run in sheet.runs if run.mark >= 0] + [one.bottom for one in sheet.shapes]
        found += [f"{number}: {max(ends) / sheet.height:.2f}"] if max(ends) < sheet.height / 3 else []
    return found


def usual_sizes(shown: Look) -> list[str]:
    """Return what is smaller than the text and small print of a handout."""
    return small_text(shown, 12, 10, LABEL)


GUARDS: dict[str, tuple[Callable[[Look], list[str]], str, str]] = {
    "small body": (usual_sizes, f"<p>{'small words ' * 9}</p>", "p {font-size: 10pt}"),
    "small label": (usual_sizes, "<p>label</p>", "p {font-size: 9pt}"),
    "grey": (faint_text, "<p>grey words</p>", "p {color: #767676}"),
    "grey on colour": (faint_text, "<p>grey words</p>", "p {color: #454545; background: #8db9c7}"),
    "edge": (too_far_out, "<div>.</div>", "div {border: 1pt solid; margin-left: -11mm}"),
    "margin": (too_far_out, "<p>words</p>", "p {margin-left: -3mm}"),
    "over": (overprinted, "<p>words</p><p>other</p>", "p {height: 2pt}"),
    "long": (odd_lines, f"<p>{'words ' * 60}</p>", "@page {size: 14in 11in} p {max-width: none}"),
    "usually long": (odd_lines, f"<p>{'words ' * 60}</p>", "p {width: 170mm; max-width: none}"),
    "narrow": (odd_lines, f"<p>{'words ' * 60}</p>", "p {width: 40mm}"),
    "heading": (lone_headings, "<h2>Heading</h2><p>words</p>", "p {break-before: page}"),
    "row": (bad_breaks, f'<div class="row">{"<p>words</p>" * 70}</div>', ".row {break-inside: auto}"),
    "line": (bad_breaks, f"<p>{'words ' * 900}</p>", "p {orphans: 1; widows: 1; margin-top: 234mm}"),
    "item": (bad_breaks, f"<ul><li>one</li>{'<li>two</li>' * 3}</ul>", "li:first-child {break-after: page}"),
    "empty": (nearly_empty, "<p>words</p><h2>Heading</h2>", "h2 {break-before: page}"),
}


@pytest.mark.parametrize("name", GUARDS)
def test_each_guard_can_fail(name: str) -> None:
    """A page with just this fault is found out; the same page without it is not."""
    guard, body, style = GUARDS[name]

    assert guard(page_of(body, style)) != []
    assert guard(page_of(f"<h2>Heading</h2><p>{'words ' * 60}</p>", "p {max-width: 145mm}")) == []
