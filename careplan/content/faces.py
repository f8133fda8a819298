"""The bundled typeface, and a clinic's own: files that can be printed and have the letters we print."""

import struct
import unicodedata
from io import BytesIO
from pathlib import Path

from careplan.problems import MissingPartError

# The faces that come with careplan, and the file by which they are found.
BUNDLED = ("Regular", "Bold")
_FOUND_BY = "fonts.conf"

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


def bundled_face(templates: Path, name: str) -> Path:
    """Return the file of the bundled face *name*."""
    return templates / "fonts" / f"AtkinsonHyperlegibleNext-{name}.ttf"


def broken_faces(templates: Path) -> tuple[str, ...]:
    """Return the names of the files of the bundled typeface that are missing or damaged."""
    paths = [bundled_face(templates, name) for name in BUNDLED]
    broken = [path.name for path in paths if not _is_whole(path)]
    found_by = templates / "fonts" / _FOUND_BY
    return (*broken, *([] if found_by.is_file() else [_FOUND_BY]))


def require_faces(templates: Path) -> None:
    """Raise `MissingPartError` unless the bundled typeface is whole: without it letters would be lost."""
    broken = broken_faces(templates)
    if broken:
        message = (
            f"The typeface that comes with careplan cannot be read: {', '.join(broken)}. "
            "Install careplan again."
        )
        raise MissingPartError(message)


def _is_whole(path: Path) -> bool:
    """Return whether a TrueType file holds every table that its directory names."""
    try:
        data = path.read_bytes()
        _, count = struct.unpack_from(">IH", data)
        ends = [sum(struct.unpack_from(">II", data, 12 + 16 * table + 8)) for table in range(count)]
    except (OSError, struct.error):
        return False
    return data[:4] == _TRUETYPE[0] and bool(ends) and max(ends) <= len(data)


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
