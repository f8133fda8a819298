"""How long words are in print. Lengths are in points."""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from PIL import ImageFont

from careplan.content.clinic import Fonts
from careplan.content.faces import bundled_face, require_faces
from careplan.content.resources import templates_folder

PLAIN, BOLD = 400, 700


@dataclass(frozen=True)
class Lettering:
    """A size in points, a weight as in CSS, and the clinic's typeface if it has one."""

    size: float
    weight: int = PLAIN
    fonts: Fonts | None = None

    def length(self, text: str) -> float:
        """Return how long *text* is on one line."""
        return _length(text, self.weight, self.fonts) * self.size

    def cut(self, text: str, room: float) -> str:
        """Return *text*, or as much of its beginning as fits *room*."""
        if self.length(text) <= room:
            return text
        ends = range(len(text) - 1, 0, -1)
        shorter = (f"{text[:end].rstrip()}…" for end in ends)
        return next((one for one in shorter if self.length(one) <= room), "")


@lru_cache(maxsize=20_000)
def _length(text: str, weight: int, fonts: Fonts | None) -> float:
    """Return the length of *text* at a size of 1 point."""
    return _font(weight, fonts).getlength(text) / 100


@lru_cache
def _font(weight: int, fonts: Fonts | None) -> ImageFont.FreeTypeFont:
    name = "Bold" if weight >= BOLD else "Regular"
    if not fonts:
        require_faces(templates_folder())
    file = BytesIO(getattr(fonts, name.lower()).data) if fonts else bundled_face(templates_folder(), name)
    return ImageFont.truetype(file, 100, layout_engine=ImageFont.Layout.BASIC)
