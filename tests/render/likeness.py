"""How much two pictures of one page are alike, whatever computer drew them."""

from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

# Colours that a kept picture has; drawing letters a little differently changes less than these limits.
_COLOURS = 48
# The side of a tile in dots (8 mm), and how far its mean colour may be off, of 255.
_TILE, _OFF = 12, 10
# How far a dot may be off after a slight blur, and what share of the dots may be further off.
_STRONG, _SHARE = 56, 0.0006


def keep(picture: Image.Image, path: Path) -> None:
    """Write *picture* in few colours, so that it stays small."""
    few = picture.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(path, "PNG", optimize=True)


def load(path: Path) -> Image.Image:
    """Return a picture that was kept."""
    with Image.open(path) as picture:
        return picture.convert("RGB")


def differences(one: Image.Image, other: Image.Image) -> str:
    """Return in words in what two pictures differ, or nothing."""
    if one.size != other.size:
        return f"its size is {one.size} and was {other.size}"
    off = max(edge for _, edge in _apart(one.reduce(_TILE), other.reduce(_TILE)).getextrema())
    if off > _OFF:
        return f"an area has another colour, {off} of 255 apart"
    share = _strong(one, other)
    return f"{share:.2%} of its dots differ strongly" if share > _SHARE else ""


def side_by_side(one: Image.Image, other: Image.Image) -> Image.Image:
    """Return both pictures and, at the right, where they differ in black."""
    wide, high = max(one.width, other.width), max(one.height, other.height)
    sheet = Image.new("RGB", (3 * wide, high), "white")
    sheet.paste(other, (0, 0))
    sheet.paste(one, (wide, 0))
    if one.size == other.size:
        sheet.paste(ImageChops.invert(_apart(one, other).convert("L")), (2 * wide, 0))
    return sheet


def _strong(one: Image.Image, other: Image.Image) -> float:
    """Return the share of dots that differ strongly in any of their three colours."""
    blur = ImageFilter.BoxBlur(1)
    red, green, blue = _apart(one.filter(blur), other.filter(blur)).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return sum(most.histogram()[_STRONG + 1 :]) / (one.width * one.height)


def _apart(one: Image.Image, other: Image.Image) -> Image.Image:
    return ImageChops.difference(one, other)
