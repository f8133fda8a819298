"""A clinic's logo: plain, and fine enough for paper."""

from io import BytesIO

import pytest
from PIL import Image

from careplan.content.logo import MOST_BYTES, NoLogoError, clean_logo, printed_size

OPEN = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 30 10">'
)


def svg(inside: str, opening: str = OPEN) -> bytes:
    """Return an SVG picture that holds *inside*."""
    return f"{opening}{inside}</svg>".encode()


def png(width: int, height: int, **more: object) -> bytes:
    """Return a PNG picture of that many pixels."""
    file = BytesIO()
    Image.new("RGB", (width, height), "navy").save(file, "PNG", **more)
    return file.getvalue()


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ('<rect width="3" height="3" onclick="alert(1)"/>', "program"),
        ('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">a</p></foreignObject>', "<foreignObject>"),
        ('<image href="https://example.org/a.png"/>', "<image>"),
        ('<image xlink:href="file:///etc/hostname"/>', "<image>"),
        ('<use href="https://example.org/a.svg#a"/>', "<use>"),
        ('<a href="https://example.org"><rect/></a>', "<a>"),
        ('<animate attributeName="x"/>', "<animate>"),
        ('<linearGradient id="a" xlink:href="https://example.org/a.svg#b"/>', "outside the file"),
        ('<linearGradient id="a" href="b.svg#b"/>', "outside the file"),
        ('<rect fill="url(https://example.org/a.svg#b)"/>', "outside the file in fill"),
        ('<rect style="fill:url( \'file:///etc/hostname\')"/>', "outside the file in style"),
        ('<rect style="fill:\\75rl(a)"/>', "outside the file in style"),
        ("<style>@import 'https://example.org/a.css';</style>", "a style that names something outside"),
        ("<style>@font-face{font-family:a;src:local(a)}</style>", "a style that names something outside"),
        ("<style>rect{fill:url(https://example.org/a.svg)}</style>", "a style that names something outside"),
        ("<text>Clinic</text>", "turn text into paths"),
        ("<g>" * 40 + "</g>" * 40, "groups more than 30 deep"),
        ("<path/>" * 6000, "more than 5,000 shapes"),
        ("<g>", "not readable as SVG"),
    ],
)
def test_what_is_no_plain_shape_is_refused(inside: str, why: str) -> None:
    """Programs, addresses, text and endless nesting have no place in a logo."""
    with pytest.raises(NoLogoError, match=why):
        clean_logo(svg(inside), "svg")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + svg("&a;"), "DOCTYPE or entities"),
        (b'<!DOCTYPE svg SYSTEM "http://example.org/a.dtd">' + svg(""), "DOCTYPE or entities"),
        (svg("").decode().encode("utf-16"), "UTF-8"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "first element must be svg"),
        (b"", "not readable as SVG"),
        (svg("", '<svg xmlns="http://www.w3.org/2000/svg">'), "no viewBox"),
        (svg("", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 nan 10">'), "no viewBox"),
        (svg("", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 10">'), "without a width"),
        (svg("", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 1">'), "too long and thin"),
        (svg(" " * MOST_BYTES), "500,000 is the most"),
    ],
)
def test_a_file_that_is_no_logo_says_why(data: bytes, why: str) -> None:
    """A file that cannot be a logo is refused with its reason."""
    with pytest.raises(NoLogoError, match=why):
        clean_logo(data, "svg")


def test_what_drawing_programs_note_is_left_out() -> None:
    """Names of files, comments and metadata do not reach a handout; the shapes do."""
    opening = OPEN.replace("<svg", '<svg xmlns:ink="http://example.org/ink" ink:file="C:\\Users\\jordan"')
    inside = '<!-- mine --><metadata><ink:a/></metadata><ink:view/><rect ink:b="c" width="3" height="3"/>'

    data, media, ratio = clean_logo(svg(inside, opening), "svg")

    assert (media, ratio) == ("image/svg+xml", 3)
    assert data.decode() == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><rect width="3" height="3" /></svg>'
    )


def test_a_size_will_do_for_a_frame() -> None:
    """A picture with width and height only is framed by them, so that it can be scaled."""
    data, _, ratio = clean_logo(
        svg("", '<svg xmlns="http://www.w3.org/2000/svg" width="40px" height="20">'), "svg"
    )

    assert ratio == 2
    assert b'viewBox="0 0 40 20"' in data
    assert b"width" not in data


def test_shapes_may_name_each_other() -> None:
    """Gradients and clips inside the file are part of a plain picture."""
    inside = (
        '<defs><linearGradient id="a"><stop stop-color="red"/></linearGradient></defs>'
        '<style>.b{fill:url(#a)}</style><rect class="b"/><rect fill="url(#a)"/>'
    )

    data, _, _ = clean_logo(svg(inside), "svg")

    assert data.count(b"url(#a)") == 2


def test_a_logo_fits_its_place() -> None:
    """A logo is as large as its place of 60 by 16 millimetres lets it be."""
    assert printed_size(1) == (16, 16)
    assert printed_size(3) == (48, 16)
    assert printed_size(6) == (60, 10)


def test_a_png_is_printed_as_it_is() -> None:
    """A picture with enough pixels for its printed width is kept."""
    data = png(355, 90)

    assert clean_logo(data, "png") == (data, "image/png", 355 / 90)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (png(90, 30), "90 pixels wide; for 48 mm of paper it needs at least 283"),
        (png(400, 8), "too long and thin"),
        (png(300, 100)[:100], "cannot be opened|not a PNG picture"),
        (b"GIF89a" + bytes(40), "not a PNG picture"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0\1\0\0" * 2, "too many"),
        (
            png(300, 100, save_all=True, append_images=[Image.new("RGB", (300, 100), "red")]),
            "moves",
        ),
    ],
)
def test_a_png_that_cannot_be_printed_says_why(data: bytes, why: str) -> None:
    """Too coarse, broken, moving or another kind of file: each is told in a sentence."""
    with pytest.raises(NoLogoError, match=why):
        clean_logo(data, "png")
