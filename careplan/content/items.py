"""What every fragment is made of: items, steps, periods and their review.

Every sentence a patient may read is an item with an id of its own, so that a
translation or a clinic can address it.
"""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from careplan.content.models import (
    Day,
    Id,
    Ids,
    Model,
    Moment,
    Span,
    Text,
    Whole,
    Words,
    id_or_fields,
    not_as_expected,
)
from careplan.content.when import When

Tier = Literal["emergency", "today", "next-visit"]
TIERS: tuple[Tier, ...] = ("emergency", "today", "next-visit")
# What a drawing can say beside an item; `no-` is the same drawing with a line through it.
Picture = Literal["walk", "ice", "heat", "no-heat", "no-lift", "no-bath", "no-pool", "no-drive"]


class Review(Model):
    """Who stands behind a text, and until when."""

    model_config = ConfigDict(json_schema_extra={
        "if": {"required": ["status"], "properties": {"status": {"const": "approved"}}},
        "then": {"required": ["by", "on"]},
    })

    status: Literal["draft", "approved"] = Field(description="'draft' until a named person signs.")
    version: Whole = Field(ge=1, description="Raised by one with every change of meaning.")
    due: Day = Field(description="The day by which the text must be looked at again.")
    by: Words | None = Field(None, description="Name and role of the person who signed.")
    on: Day | None = Field(None, description="The day of the signature.")

    @model_validator(mode="after")
    def _approval_is_signed(self) -> Self:
        if self.status == "approved" and not (self.by and self.on):
            expected = "'by' and 'on' beside status: approved"
            raise not_as_expected(expected)
        return self


class Item(Model):
    """One thing said to the patient, with who says so."""

    id: Id = Field(description="Stable name of the item within its fragment.")
    title: Text | None = Field(None, description="A few words in bold before the text.")
    text: Text = Field(description="One or two short sentences; verb first where it is a step.")
    picture: Picture | None = Field(
        None, description="A small drawing of a limit, in 'after' and 'flare'; 'no-…' for not yet.",
    )
    only: When | None = Field(None, description="When the item is printed; without it, always.")
    sources: Ids = Field((), description="Ids from sources.yaml that stand behind the text.")
    basis: Text | None = Field(
        None, description="What the text rests on where no source gives it, or where sources differ.",
    )


class Answer(Item):
    """A short answer to a question that every patient asks."""

    question: Text = Field(description="The question in the patient's words.")


class Step(Item):
    """Something to do at a time before or after the procedure."""

    at: Moment = Field(description="When, counted from the procedure day: '-7 days'.")


class Period(Model):
    """A stretch of time after the procedure and what to do in it."""

    id: Id = Field(description="Stable name of the period within its fragment.")
    title: Text = Field(description="The period in words: 'Days 2 to 3'.")
    start: Span = Field(alias="from", description="First day of the period.")
    end: Span = Field(alias="to", description="Last day of the period.")
    items: tuple[Item, ...] = Field(min_length=1, description="What to do and what to expect.")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.end.days < self.start.days:
            expected = "a 'to' that is not before its 'from'"
            raise not_as_expected(expected)
        return self


class Granted(Model):
    """A trait or region that an intervention brings along, perhaps only for some options."""

    id: Id = Field(description="The trait or region, one of those in vocabulary.yaml.")
    only: When | None = Field(None, description="For which options it is brought along.")


class RedFlagUse(Model):
    """A sign of something serious that this fragment asks to be watched for."""

    id: Id = Field(description="The sign, one of those in red-flags.yaml.")
    tier: Tier | None = Field(None, description="A more urgent tier than the usual one.")
    only: When | None = Field(None, description="When the sign is watched for.")


Items = Annotated[tuple[Item, ...], Field(default=())]
Granteds = tuple[Annotated[Granted, BeforeValidator(id_or_fields)], ...]
RedFlagUses = tuple[Annotated[RedFlagUse, BeforeValidator(id_or_fields)], ...]


class Fragment(Model):
    """What every reviewed, reusable piece of a plan has."""

    kind: str
    id: Id = Field(description="The file's name without its ending.")
    title: Text = Field(description="The name that patients read.")
    review: Review = Field(description="Who signed, which version, until when.")
