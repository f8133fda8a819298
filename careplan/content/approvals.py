"""Who stands behind which text, and until when, as the clinic's `approvals.yaml` says it."""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from careplan.content.forms import Form
from careplan.content.models import Day, Model, Whole, Words, formed, not_as_expected

# A text's name: its kind and id, or its kind alone where there is one of it.
NAME = Form(
    "name", r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?",
    "a text's kind and id, such as 'therapy/acupuncture', or a shared text, such as 'red-flags'",
    "therapy/acupuncture",
)
PRINT = Form(
    "print", "[0-9a-f]{64}", "64 digits or letters from a to f, as careplan approve writes them", "0" * 64,
)


class Approval(Model):
    """A named person's signature under one text as it was that day."""

    fragment: Annotated[str, formed(NAME)] = Field(
        description="The text's kind and id: 'therapy/acupuncture'.",
    )
    by: Words = Field(description="Who signed.")
    role: Words | None = Field(None, description="What they are: 'pharmacist'.")
    on: Day = Field(description="The day of the signature.")
    until: Day = Field(description="The last day on which it holds.")
    version: Whole | None = Field(None, ge=1, description="The version that was signed.")
    fingerprint: Annotated[str, formed(PRINT)] = Field(
        description="SHA-256 of the text as signed, and of what it extends.",
    )

    @model_validator(mode="after")
    def _holds_for_a_while(self) -> Self:
        if self.until < self.on:
            expected = "an 'until' that is not before its 'on'"
            raise not_as_expected(expected)
        return self

    @property
    def signer(self) -> str:
        """Return who signed, with their role if it is known."""
        return f"{self.by} ({self.role})" if self.role else self.by

    def holds_on(self, day: dt.date) -> bool:
        """Return whether *day* is between the signature and its end; both count."""
        return self.on <= day <= self.until


class Approvals(Model):
    """Every signature that a clinic keeps, one for each text."""

    kind: Literal["approvals"]
    approvals: tuple[Approval, ...] = Field((), description="The signatures.")

    @field_validator("approvals")
    @classmethod
    def _one_for_each_text(cls, approvals: tuple[Approval, ...]) -> tuple[Approval, ...]:
        names = [one.fragment for one in approvals]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            expected = f"each text once; '{twice}' stands there twice"
            raise not_as_expected(expected)
        return approvals

    @property
    def by_text(self) -> dict[str, Approval]:
        """Return the signatures by the names of their texts."""
        return {one.fragment: one for one in self.approvals}
