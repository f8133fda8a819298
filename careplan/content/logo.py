"""A clinic's logo: a plain picture, and small enough to be printed as it is.

What is kept of an SVG file is its shapes and nothing else: no program, no text, no
address and no entity, so that a page with it can be opened anywhere.
"""

import re
from io import BytesIO
from xml.etree import ElementTree as ET

# The place that a logo has on paper, in millimetres, and how coarse it may be printed.
WIDEST, HIGHEST, THINNEST = 60.0, 16.0, 4.0
DOTS_PER_INCH = 150
MOST_BYTES = 500_000

_MOST_PIXELS = 20_000_000
_MOST_ELEMENTS, _MOST_LEVELS = 5_000, 30
_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_SHAPES = frozenset({
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs",
    "linearGradient", "radialGradient", "stop", "clipPath", "mask", "title", "desc", "style",
})
_TEXTS = ("text", "tspan", "textPath")
_NUMBER = re.compile(r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]{1,2})?")
# What in a style or an attribute would be fetched or run; a shape of the same file may be named.
# An escape could spell any of it.
_REACHES_OUT = re.compile(r"url\((?!\s*['\"]?#)|@import|@font-face|\\|javascript:", re.IGNORECASE)


class NoLogoError(ValueError):
    """The file is no logo that can be printed; says why, without its name."""


def printed_size(ratio: float) -> tuple[float, float]:
    """Return width and height on paper, in millimetres, of a logo *ratio* times as wide as high."""
    width = min(WIDEST, HIGHEST * ratio)
    return round(width, 2), round(width / ratio, 2)


def clean_logo(data: bytes, ending: str) -> tuple[bytes, str, float]:
    """Return what is printed of the logo in *data*, its media type, and its width by its height.

    *ending* says what the file claims to be, `svg` or `png`. Raises `NoLogoError`.
    """
    if len(data) > MOST_BYTES:
        message = f"has {len(data):,} bytes; {MOST_BYTES:,} is the most"
        raise NoLogoError(message)
    if ending == "svg":
        cleaned, ratio = _svg(data)
        media = "image/svg+xml"
    else:
        cleaned, media, ratio = data, "image/png", _png(data)
    if min(printed_size(ratio)) < THINNEST:
        message = f"is too long and thin; in {WIDEST:g} by {HIGHEST:g} mm it would be under {THINNEST:g} mm"
        raise NoLogoError(message)
    return cleaned, media, ratio


def _png(data: bytes) -> float:
    """Return the width by the height of the PNG picture in *data*."""
    from PIL import Image  # noqa: PLC0415 - slow to import

    message = "is not a PNG picture that can be opened"
    # Looked up before Pillow opens it: a small file can unpack to a picture of any size.
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        raise NoLogoError(message)
    width, height = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    if not 0 < width * height <= _MOST_PIXELS:
        message = f"has {width:,} by {height:,} pixels, which is too many"
        raise NoLogoError(message)
    try:
        with Image.open(BytesIO(data), formats=("PNG",)) as picture:
            # Looks at the whole file, also where another library has allowed cut-off ones.
            picture.verify()
        with Image.open(BytesIO(data), formats=("PNG",)) as picture:
            picture.load()
            if getattr(picture, "is_animated", False):
                message = "moves; paper needs a picture that stands still"
                raise NoLogoError(message)
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, NoLogoError):
            raise
        raise NoLogoError(message) from None
    ratio = width / height
    printed = printed_size(ratio)[0]
    least = round(printed / 25.4 * DOTS_PER_INCH)
    if width < least:
        message = f"is {width} pixels wide; for {printed:g} mm of paper it needs at least {least}"
        raise NoLogoError(message)
    return ratio


def _svg(data: bytes) -> tuple[bytes, float]:
    """Return the shapes of the SVG picture in *data*, and its width by its height."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = "is not saved as UTF-8"
        raise NoLogoError(message) from None
    # Without a document type there are no entities, and nothing that the parser would fetch.
    if re.search("<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        message = "has a DOCTYPE or entities; save it as 'plain SVG', or delete that line"
        raise NoLogoError(message)
    try:
        root = ET.fromstring(text)  # noqa: S314 - no entities, see above
    except ET.ParseError as error:
        message = f"is not readable as SVG (line {error.position[0]})"
        raise NoLogoError(message) from None
    if root.tag != f"{_SVG}svg":
        message = "is not an SVG picture; its first element must be svg"
        raise NoLogoError(message)
    ratio = _frame(root)
    _check_shapes(root)
    for kept in ("width", "height", "x", "y"):
        root.attrib.pop(kept, None)
    ET.register_namespace("", _SVG.strip("{}"))
    ET.register_namespace("xlink", _LINK[1:].partition("}")[0])
    return ET.tostring(root, encoding="utf-8"), ratio


def _frame(root: ET.Element) -> float:
    """Give *root* a viewBox if it has only a size; return its width by its height."""
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    if not root.get("viewBox"):
        box = ["0", "0", *(root.get(side, "").removesuffix("px") for side in ("width", "height"))]
    if len(box) != 4 or not all(_NUMBER.fullmatch(one) for one in box):  # noqa: PLR2004 - a frame has four sides
        message = "has no viewBox of four numbers that says how large it is"
        raise NoLogoError(message)
    width, height = float(box[2]), float(box[3])
    if not (0.01 <= width <= 100_000 and 0.01 <= height <= 100_000):  # noqa: PLR2004 - any drawing program's
        message = "has a viewBox without a width or height"
        raise NoLogoError(message)
    root.set("viewBox", " ".join(box))
    return width / height


def _check_shapes(root: ET.Element) -> None:
    """Take from *root* what drawing programs note for themselves; refuse what is no shape."""
    waiting, seen = [(root, 1)], 0
    while waiting:
        element, level = waiting.pop()
        seen += 1
        if seen > _MOST_ELEMENTS or level > _MOST_LEVELS:
            message = f"has more than {_MOST_ELEMENTS:,} shapes, or groups more than {_MOST_LEVELS} deep"
            raise NoLogoError(message)
        name = element.tag.removeprefix(_SVG)
        if name in _TEXTS:
            message = "has text in it; turn text into paths, so that it looks the same everywhere"
            raise NoLogoError(message)
        if name not in _SHAPES:
            message = f"has <{name}> in it; only plain shapes may stand there"
            raise NoLogoError(message)
        _check_attributes(element, name)
        for child in list(element):
            foreign = not isinstance(child.tag, str) or not child.tag.startswith(_SVG)
            if foreign or child.tag == f"{_SVG}metadata":
                element.remove(child)
            else:
                waiting.append((child, level + 1))


def _check_attributes(element: ET.Element, name: str) -> None:
    for key, value in list(element.attrib.items()):
        if key.startswith("{") and key != _LINK:
            del element.attrib[key]
            continue
        if key in (_LINK, "href") and not value.startswith("#"):
            message = "names something outside the file, which is never loaded"
            raise NoLogoError(message)
        if key.lower().startswith("on"):
            message = f"has a program in it ({key})"
            raise NoLogoError(message)
        if _REACHES_OUT.search(value):
            message = f"names something outside the file in {key}, which is never loaded"
            raise NoLogoError(message)
    if name == "style" and _REACHES_OUT.search(element.text or ""):
        message = "has a style that names something outside the file, which is never loaded"
        raise NoLogoError(message)
