"""The one condition language: what a rule's `when` and an item's `only` may say.

Every key that is given must match; within a key any one value will do.
"""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from careplan.content.models import FilledIds, Id, Model, Span, Whole, YesNo, not_as_expected, one_or_many


class PastEvent(Model):
    """What the request's history must hold for the rule to match."""

    event: FilledIds = Field(description="Kinds of past event, any of them counts.")
    region: Id | None = Field(
        None, description="'same' counts only events in a region of today's procedure.",
    )
    side: Literal["same"] | None = Field(
        None, description="'same' counts only events on today's side.",
    )
    within: Span | None = Field(None, description="How long before the procedure day at most.")
    at_least: Whole = Field(1, ge=1, description="How many such events there must be.")
    relief_below: Whole | None = Field(
        None, ge=1, le=100, description="Percent of relief that the last event stayed under.",
    )
    sedated: YesNo | None = Field(None, description="Whether the event is under relaxing medicine.")
    milligrams_above: Whole | None = Field(
        None, ge=1,
        description="Milligrams that the events and today come to, of one and the same steroid.",
    )
    milligrams: Whole | None = Field(
        None, ge=1, description="The same sum, when it is exactly this.",
    )


class When(Model):
    """When something holds for a request; at least one key is given."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    traits: FilledIds | None = Field(None, description="Traits that today's procedure brings.")
    interventions: FilledIds | None = Field(None, description="Ids of interventions.")
    options: dict[Id, FilledIds] | None = Field(
        None, description="Options of the intervention with the values that match.",
    )
    regions: FilledIds | None = Field(
        None, description="Body regions of the procedure; for a therapy also 'same' and 'other'.",
    )
    therapies: FilledIds | None = Field(None, description="Ids of therapies in the plan.")
    modalities: FilledIds | None = Field(None, description="Techniques that a therapy uses.")
    factors: FilledIds | None = Field(None, description="Patient factors, any of them.")
    factors_all: FilledIds | None = Field(None, description="Patient factors, all of them.")
    conditions: FilledIds | None = Field(None, description="Health problems the plan is for.")
    planned: FilledIds | None = Field(
        None, description="Things outside the plan, such as 'mri', that the request lists.",
    )
    history: Annotated[tuple[PastEvent, ...], BeforeValidator(one_or_many)] | None = Field(
        None, description="Past events; each one listed must be there.",
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            expected = "at least one key"
            raise not_as_expected(expected)
        return self

    @property
    def about_therapies(self) -> bool:
        """Return whether it asks about therapies and not only the procedure."""
        return bool(self.modalities or self.therapies)
