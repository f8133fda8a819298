"""The clinic: what is printed about it, how its pages look, and which days it is open."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, PlainSerializer, PlainValidator

from careplan.content.colours import COLOUR, parse_colour
from careplan.content.forms import Form
from careplan.content.models import Day, Id, Model, Words, expects, formed, one_or_many, written

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)


COUNTRY = Form("country", "[A-Z]{2}", "a country's two capitals, such as US", "US")
SUBDIVISION = Form(
    "subdivision", "[A-Z0-9]{1,3}", "a state's or province's code in capitals, such as CA", "CA",
)


CountryCode = Annotated[str, formed(COUNTRY)]
SubdivisionCode = Annotated[str, formed(SUBDIVISION)]


class Country(Model):
    """What a country fixes: whom to call when life is in danger."""

    emergency: Words = Field(description="The emergency number.")
    crisis: Words | None = Field(None, description="How to reach the suicide and crisis line.")


class Countries(Model):
    """The countries whose numbers are known; a clinic elsewhere states its own."""

    kind: Literal["countries"]
    countries: dict[str, Country] = Field(description="By ISO 3166 code, such as US.")


class ThinnerValue(Model):
    """What the clinic has decided about one kind of blood thinner; printed for staff only."""

    drug: Id = Field(description="The row of drug-classes.yaml.")
    low: Words | None = Field(None, description="For procedures of low bleeding risk.")
    intermediate: Words | None = Field(None, description="For intermediate bleeding risk.")
    high: Words | None = Field(None, description="For high bleeding risk.")


@dataclass(frozen=True)
class Asset:
    """A file beside clinic.yaml: its name as it is written there, and later what is in it.

    *ratio* is its width by its height, for pictures.
    """

    name: str
    data: bytes = field(default=b"", repr=False)
    media: str = ""
    ratio: float = 1.0

    def __str__(self) -> str:
        """Return the name with a digest of the content, so that no other file passes for it."""
        return f"{self.name} {hashlib.sha256(self.data).hexdigest()}"


# A file in the clinic's folder; never one outside of it, on Windows neither.
_INSIDE = r"(?!/)(?!(.*/)?\.\.(/|$))[^\\:]*"
LOGO = Form(
    "logo", _INSIDE + r"\.([sS][vV][gG]|[pP][nN][gG])",
    "the name of an SVG or PNG file beside clinic.yaml, such as logo.svg", "logo.svg",
)
FACE = Form(
    "face", _INSIDE + r"\.[tT][tT][fF]",
    "the name of a TTF file beside clinic.yaml, such as fonts/regular.ttf", "fonts/regular.ttf",
)


def _file(value: Any, endings: tuple[str, ...], expected: str) -> Asset:
    if isinstance(value, Asset):
        return value
    if isinstance(value, str) and value.lower().endswith(endings):
        path = PurePosixPath(value)
        # A drive and a backslash lead out of the folder on Windows.
        if not path.is_absolute() and ".." not in path.parts and not re.search(r"[\\:]", value):
            return Asset(value)
    raise ValueError(expected)


def _logo(value: Any) -> Asset:
    return _file(value, (".svg", ".png"), LOGO.expected)


def _face(value: Any) -> Asset:
    return _file(value, (".ttf",), FACE.expected)


_WIDEST_SPACE, _NARROWEST_SPACE = 90, 20
PREPRINTED = 40.0
SPACE = Form(
    "space", r"preprinted|0?([2-8][0-9](\.[0-9])?|90(\.0)?) ?mm",
    f"a height from {_NARROWEST_SPACE} to {_WIDEST_SPACE} millimetres, such as 40 mm", "40 mm",
)


def _space(value: Any) -> float:
    if value == "preprinted":
        return PREPRINTED
    found = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9])?) ?mm", value) if isinstance(value, str) else None
    if found and _NARROWEST_SPACE <= float(found[1]) <= _WIDEST_SPACE:
        return float(found[1])
    raise ValueError(SPACE.expected)


_AS_DIGEST = PlainSerializer(str, return_type=str)
Logo = Annotated[Asset, PlainValidator(expects(_logo), json_schema_input_type=written(LOGO)), _AS_DIGEST]
Face = Annotated[Asset, PlainValidator(expects(_face), json_schema_input_type=written(FACE)), _AS_DIGEST]
# May be left out, but not left empty: without quotes, YAML takes a colour for a comment.
Colour = Annotated[str | None, PlainValidator(expects(parse_colour), json_schema_input_type=written(COLOUR))]
Millimetres = Annotated[float, PlainValidator(expects(_space), json_schema_input_type=written(SPACE))]


class Letterhead(Model):
    """What stands at the top of page 1: a logo, or nothing where the paper has it already."""

    model_config = ConfigDict(json_schema_extra={
        "oneOf": [{"required": ["logo"]}, {"required": ["preprinted"]}],
    })

    logo: Logo | None = Field(None, description="An SVG or PNG file beside clinic.yaml.")
    preprinted: Millimetres | None = Field(
        None, description="Paper with a letterhead: how much of page 1 stays blank at the top.",
    )


def _preprinted(value: Any) -> Any:
    """Let authors write the bare word where the usual space will do."""
    if isinstance(value, str) and value != "preprinted":
        message = "either 'preprinted' or fields, such as {logo: logo.svg}"
        raise ValueError(message)
    return {"preprinted": value} if value == "preprinted" else value


def _either(letterhead: Letterhead | None) -> Letterhead | None:
    if letterhead and (letterhead.logo is None) is (letterhead.preprinted is None):
        message = "either a logo or preprinted paper"
        raise ValueError(message)
    return letterhead


class Fonts(Model):
    """The clinic's own typeface, in the two weights that a handout uses."""

    regular: Face = Field(description="A static TrueType file for plain text.")
    bold: Face = Field(description="A static TrueType file for titles and what counts.")


class Theme(Model):
    """The clinic's colours and typeface; shades that are left out follow from the accent."""

    accent: Colour = Field(None, description="Titles, bars, the numbers of steps.")
    accent_soft: Colour = Field(None, description="Behind boxes and bars on your own.")
    accent_middle: Colour = Field(None, description="Bars of weeks with visits.")
    alarm: Colour = Field(None, description="The box with the emergency number.")
    wait: Colour = Field(None, description="Stripes and frames of waiting.")
    wait_soft: Colour = Field(None, description="Behind a sentence about waiting.")
    fonts: Fonts | None = Field(None, description="A typeface, if not the built-in one.")


class Clinic(Model):
    """What is printed about the clinic; every fact left out becomes a line to write on."""

    kind: Literal["clinic"]
    name: Words | None = Field(None, description="The clinic's name.")
    address: Words | None = Field(None, description="One line.")
    phone: Words | None = Field(None, description="The number to call with questions.")
    phone_hours: Words | None = Field(None, description="When it is answered: 'any time'.")
    after_hours_phone: Words | None = Field(None, description="The number to call at other times.")
    letterhead: Annotated[
        Letterhead | None, AfterValidator(expects(_either)),
        BeforeValidator(
            expects(_preprinted), json_schema_input_type=Literal["preprinted"] | Letterhead | None,
        ),
    ] = Field(None, description="The top of page 1: a logo, or 'preprinted'.")
    theme: Theme | None = Field(None, description="The clinic's colours and typeface.")
    country: CountryCode = Field("US", description="ISO 3166 code; sets holidays.")
    subdivision: SubdivisionCode | None = Field(
        None, description="State or province code; sets holidays.",
    )
    clinic_days: Annotated[tuple[Weekday, ...], BeforeValidator(one_or_many)] = Field(
        ("monday", "tuesday", "wednesday", "thursday", "friday"),
        min_length=1, description="Weekdays on which the clinic sees patients.",
    )
    closed_days: Annotated[tuple[Day, ...], BeforeValidator(one_or_many)] = Field(
        (), description="More days on which the clinic is closed.",
    )
    open_days: Annotated[tuple[Day, ...], BeforeValidator(one_or_many)] = Field(
        (), description="Holidays and other days on which it is open all the same.",
    )
    emergency: Words | None = Field(None, description="Emergency number, if not the country's.")
    crisis: Words | None = Field(None, description="Crisis line, if not the country's.")
    fever: Words = Field("100.4 °F (38 °C)", description="From which temperature to call.")
    blood_thinners: tuple[ThinnerValue, ...] = Field(
        (), description="The clinic's own values for the staff sheet; nothing is built in.",
    )
    language: Id = Field("en", description="Language of handouts unless the request says.")
