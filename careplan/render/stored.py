"""What pages are drawn with, each thing once, however many files bring it."""

import zlib
from hashlib import sha256
from typing import Any

# One file's things by their places in it, as they are in the print file; None while one is being put there.
Seen = dict[tuple[int, int], Any]


class Stored:
    """Page contents, fonts and pictures of a print file; equal ones are one."""

    def __init__(self, document: Any) -> None:
        """Store into *document*."""
        self._document = document
        self._kept: dict[bytes, Any] = {}

    def put(self, one: Any, seen: Seen) -> Any:
        """Return *one*, a thing of another file, as it is in this one; *seen* is kept for each file.

        Raises ValueError where it holds itself, and `zlib.error` where it is damaged.
        """
        import pikepdf  # noqa: PLC0415 - slow to import

        if isinstance(one, pikepdf.Array) and not one.is_indirect:
            return pikepdf.Array([self.put(part, seen) for part in one])
        if isinstance(one, pikepdf.Dictionary) and not one.is_indirect:
            return pikepdf.Dictionary({name: self.put(part, seen) for name, part in one.items()})
        if not isinstance(one, pikepdf.Object) or not one.is_indirect:
            return one
        place = one.objgen
        if place not in seen:
            seen[place] = None
            seen[place] = self._once(one, seen)
        if seen[place] is None:
            raise ValueError(place)
        return seen[place]

    def _once(self, one: Any, seen: Seen) -> Any:
        """Return what is equal to *one* and stored already; or *one*, stored."""
        import pikepdf  # noqa: PLC0415 - slow to import

        data = b""
        about: Any
        if isinstance(one, pikepdf.Array):
            about = pikepdf.Array([self.put(part, seen) for part in one])
        else:
            parts = {name: self.put(part, seen) for name, part in one.items() if name != "/Length"}
            about = pikepdf.Dictionary(parts)
        is_stream = isinstance(one, pikepdf.Stream)
        if is_stream:
            data = one.read_raw_bytes()
        # Its parts are stored already: where they are equal, what is written here is.
        key = sha256(b"%d %s %s" % (is_stream, about.unparse(), data)).digest()
        if key not in self._kept:
            if is_stream and about.get("/Filter") == "/FlateDecode":
                zlib.decompress(data)
            made = pikepdf.Stream(self._document, data, about) if is_stream else about
            self._kept[key] = self._document.make_indirect(made)
        return self._kept[key]
