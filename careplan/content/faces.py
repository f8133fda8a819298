"""A clinic's typeface: one TrueType file that can be printed, and has the letters we print."""

import unicodedata
from io import BytesIO

MOST_BYTES = 2_000_000

# Not even the built-in typeface has the micro sign.
_MICRO = 0xB5
# Latin letters and signs that can be seen, and the bullet, dash and quotes that
# handouts set.
_LATIN = (chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x100)) if code != _MICRO)
_SIGNS = "\u2022\u2013\u2018\u2019\u201c\u201d\u2026"
LETTERS = frozenset(one for one in _LATIN if unicodedata.category(one) != "Cf") | frozenset(_SIGNS)
_TRUETYPE = (b"\x00\x01\x00\x00", b"true")
# The bit of a font's licence that forbids to put it into a document.
_RESTRICTED = 0x0002
_MOST_SHOWN = 12


class NoFaceError(ValueError):
    """The file is no typeface that can be printed; says why, without its name."""


def check_face(data: bytes) -> None:
    """Raise `NoFaceError` unless *data* is a static TrueType face with every letter of `LETTERS`."""
    if len(data) > MOST_BYTES:
        message = f"has {len(data):,} bytes; {MOST_BYTES:,} is the most"
        raise NoFaceError(message)
    if data[:4] not in _TRUETYPE:
        message = "is not a TrueType face; OpenType with PostScript outlines, WOFF and collections are not"
        raise NoFaceError(message)
    tables, licence, letters = _look_into(data)
    if "fvar" in tables:
        message = "is a variable font; give a static file for each weight"
        raise NoFaceError(message)
    if licence & _RESTRICTED:
        message = "may not be put into documents, by its licence"
        raise NoFaceError(message)
    missing = sorted(LETTERS - letters)
    if missing:
        more = f" and {len(missing) - _MOST_SHOWN} more" if len(missing) > _MOST_SHOWN else ""
        message = f"lacks letters that are printed: {' '.join(missing[:_MOST_SHOWN])}{more}"
        raise NoFaceError(message)


def _look_into(data: bytes) -> tuple[frozenset[str], int, frozenset[str]]:
    """Return the tables of the face in *data*, its licence bits, and the letters that it can draw."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - slow to import

    try:
        with TTFont(BytesIO(data), lazy=True) as face:
            drawn = set(face["glyf"].keys())
            codes = face.getBestCmap() or {}
            letters = frozenset(chr(code) for code, name in codes.items() if name in drawn)
            return frozenset(face.keys()), int(face["OS/2"].fsType), letters
    # A damaged table raises whatever its reader trips over.
    except Exception:  # noqa: BLE001
        message = "is not readable as a TrueType face"
        raise NoFaceError(message) from None
