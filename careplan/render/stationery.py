"""The clinic on its pages: its colours and typeface as a style sheet, and its letterhead."""

import base64
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from careplan.content.clinic import Asset, Clinic, Fonts
from careplan.content.logo import printed_size
from careplan.content.theme import FACE, theme_tokens
from careplan.content.tokens import default_tokens

_WEIGHTS = {"regular": 400, "bold": 700}

# Millimetres: of the top margin that every page has; of page 1's own, the quarter of an inch
# that every printer can print; of a line of the letterhead; of the space below it, and below a logo.
_MARGIN, _TOP, _LINE, _BELOW, _BELOW_LOGO = 15.0, 6.4, 4.3, 2.0, 3.0
# Of the page's text, of a character, and of the space beside a logo.
_WIDTH, _CHARACTER, _BESIDE = 178.0, 1.95, 5.0


@dataclass(frozen=True)
class Letterhead:
    """The top of page 1; sizes in millimetres.

    *top* is its margin, and *extra* how much less room there is than on other pages. On
    preprinted paper nothing else is there. *logo* is the address of a picture that is
    written out in itself.
    """

    top: float
    extra: float
    preprinted: bool = False
    logo: str = ""
    width: float = 0.0
    height: float = 0.0


def letterhead(clinic: Clinic) -> Letterhead | None:
    """Return the top of page 1; None for a clinic whose name in the margin says it all."""
    wish = clinic.letterhead
    if wish and wish.preprinted:
        return Letterhead(wish.preprinted, wish.preprinted - _MARGIN, preprinted=True)
    logo = wish.logo if wish else None
    if not (logo or clinic.address or clinic.after_hours_phone):
        return None
    width, height = printed_size(logo.ratio) if logo else (0.0, 0.0)
    lines = _lines_beside(clinic, width) if logo else _lines_in_two(clinic)
    extra = _TOP + max(height, lines * _LINE) + (_BELOW_LOGO if logo else _BELOW) - _MARGIN
    return Letterhead(
        _TOP, max(0.0, extra), logo=_address(logo) if logo else "", width=width, height=height,
    )


def _lines_beside(clinic: Clinic, width: float) -> int:
    """Return how many lines stand beside a logo *width* millimetres wide."""
    room = _WIDTH - width - _BESIDE
    call = f"Questions? Call {clinic.phone or ''} {clinic.phone_hours or ''}"
    after = clinic.after_hours_phone and f"After hours, call {clinic.after_hours_phone}"
    texts = (clinic.name, clinic.address, call, after)
    return sum(_lines(text, room) for text in texts if text)


def _lines_in_two(clinic: Clinic) -> int:
    """Return how many lines two columns come to, each half as wide as the page."""
    room = _WIDTH / 2
    left = sum(_lines(text, room) for text in (clinic.name, clinic.address) if text)
    return max(left, 2 if clinic.after_hours_phone else 1)


def _lines(text: str, room: float) -> int:
    return math.ceil(len(text) * _CHARACTER / room)


def theme_styles(clinic: Clinic, templates: Path) -> Markup:
    """Return the style sheet that gives tokens the clinic's values; empty without a theme."""
    if clinic.theme is None:
        return Markup()
    fonts = clinic.theme.fonts or ()
    faces = "".join(_font_face(asset, _WEIGHTS[weight]) for weight, asset in fonts)
    changed = theme_tokens(clinic.theme, default_tokens(templates))
    values = "".join(f"    --{name}: {value};\n" for name, value in changed.items())
    sheet = f"\n/* Theme: the clinic's own. */\n{faces}@layer theme {{\n  :root {{\n{values}  }}\n}}\n"
    return Markup(sheet)  # noqa: S704 - colours that were checked, and names of ours


def _font_face(asset: Asset, weight: int) -> str:
    source = f'url("{_address(asset)}")'
    return f'@font-face {{ font-family: "{FACE}"; font-weight: {weight}; src: {source}; }}\n'


def _address(asset: Asset) -> str:
    """Return the address that is the file itself."""
    return f"data:{asset.media};base64,{base64.b64encode(asset.data).decode()}"


def own_files(clinic: Clinic) -> Mapping[str, Asset]:
    """Return the clinic's files by the addresses under which its pages name them."""
    assets: list[Asset] = []
    if clinic.letterhead and clinic.letterhead.logo:
        assets.append(clinic.letterhead.logo)
    if clinic.theme and clinic.theme.fonts:
        assets += [clinic.theme.fonts.regular, clinic.theme.fonts.bold]
    return {_address(asset): asset for asset in assets}


def own_fonts(clinic: Clinic) -> Fonts | None:
    """Return the clinic's typeface, if it has one."""
    return clinic.theme.fonts if clinic.theme else None
