"""The clinic: what is printed about it and which days it is open."""

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator

from careplan.content.models import Day, Id, Model, Words, expects, one_or_many

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)


def _country(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch("[A-Z]{2}", value):
        return value
    message = "a country's two capitals, such as US"
    raise ValueError(message)


def _subdivision(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch("[A-Z0-9]{1,3}", value):
        return value
    message = "a state's or province's code in capitals, such as CA"
    raise ValueError(message)


CountryCode = Annotated[str, PlainValidator(expects(_country), json_schema_input_type=str)]
SubdivisionCode = Annotated[str, PlainValidator(expects(_subdivision), json_schema_input_type=str)]


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


class Clinic(Model):
    """What is printed about the clinic; every fact left out becomes a line to write on."""

    kind: Literal["clinic"]
    name: Words | None = Field(None, description="The clinic's name.")
    address: Words | None = Field(None, description="One line.")
    phone: Words | None = Field(None, description="The number to call with questions.")
    phone_hours: Words | None = Field(None, description="When it is answered: 'any time'.")
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
