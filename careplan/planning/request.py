"""What the clinician asks for."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from careplan.content.models import (
    Day,
    FilledIds,
    Id,
    Ids,
    Model,
    Span,
    Whole,
    Words,
    YesNo,
    id_or_fields,
    one_or_many,
)
from careplan.planning.editions import EDITIONS, field_name

Paper = Literal["letter", "a4"]


class TherapyChoice(Model):
    """A therapy of the plan, with what the clinician fixes about it."""

    id: Id = Field(description="The therapy's id.")
    region: Id | None = Field(None, description="Where it works; left out, near the procedure.")
    starts: Span | None = Field(None, description="First day wished for: '10 days'.")


class FactorState(Model):
    """A factor that the patient has, or that nobody could tell."""

    id: Id = Field(description="The factor's id.")
    status: Literal["yes", "unknown"] = Field("yes", description="'unknown' counts as strict.")
    since: Day | None = Field(None, description="Its date, where it matters.")


class PastEvent(Model):
    """Something that was done before."""

    event: Id = Field(description="What kind of event.")
    on: Day | None = Field(None, description="When; left out, not known.")
    region: Id | None = Field(None, description="Where; left out, not known.")
    side: Id | None = Field(None, description="Which side; left out, not known.")
    relief: Whole | None = Field(None, ge=0, le=100, description="Relief in percent.")
    steroid: Id | None = Field(None, description="The steroid's name, in small letters.")
    milligrams: Whole | None = Field(None, ge=1, description="Its amount; never converted.")
    sedated: YesNo | None = Field(None, description="Whether relaxing medicine is given.")


class Steroid(Model):
    """The steroid that is planned today, as the clinician states it."""

    name: Id = Field(description="The steroid's name, in small letters.")
    milligrams: Whole = Field(ge=1, description="Its amount; added, never converted.")


class Allowed(Model):
    """A conflict that a named clinician allows."""

    rule: Id = Field(description="The safety rule's id.")
    by: Words = Field(description="Who allows it.")
    reason: Words = Field(description="Why.")


class Patient(Model):
    """Whom the handout is for; printed on the pages and nowhere else."""

    name: Words | None = Field(None, description="The name on every page.")
    date_of_birth: Words | None = Field(None, description="As the clinic writes it.")


TherapyChoices = tuple[Annotated[TherapyChoice, BeforeValidator(id_or_fields)], ...]
FactorStates = tuple[Annotated[FactorState, BeforeValidator(id_or_fields)], ...]


class Request(Model):
    """One plan as it is asked for; can be saved as a file and read again."""

    kind: Literal["request"] = "request"
    intervention: Id = Field(description="The intervention's id.")
    options: dict[Id, FilledIds] = Field(default={}, description="The options of the intervention.")
    conditions: Ids = Field((), description="What the plan is for.")
    factors: FactorStates = Field((), description="What about the patient changes what is safe.")
    therapies: TherapyChoices = Field((), description="The therapies that join the plan.")
    follow_up: Id | None = Field(None, description="The follow-up, if not the usual one.")
    date: Day | None = Field(None, description="The procedure day.")
    arrive_at: Words | None = Field(None, description="Time to arrive, as it is printed.")
    history: Annotated[tuple[PastEvent, ...], BeforeValidator(one_or_many)] | None = Field(
        None, description="What was done before; [] says that nothing was.",
    )
    steroid: Steroid | None = Field(None, description="Today's steroid, where it is to be counted.")
    planned: Ids = Field((), description="Things outside the plan: mri, surgery, diving.")
    allow: tuple[Allowed, ...] = Field((), description="Conflicts that a clinician allows.")
    patient: Patient | None = Field(None, description="Whom the handout is for.")
    language: Id | None = Field(None, description="Language of the handout.")
    paper: Paper | None = Field(None, description="Paper size.")
    large_print: YesNo | None = Field(None, description="Whether to print large.")
    ink_saver: YesNo | None = Field(None, description="Whether to print without filled areas.")
    write_in: YesNo | None = Field(
        None, description="Whether to print nothing about the patient, but a place for a label.",
    )
    fillable: YesNo | None = Field(None, description="Whether blanks can be filled in on a screen.")

    @property
    def editions(self) -> tuple[str, ...]:
        """Return the editions that are asked for, in their usual order."""
        return tuple(edition for edition in EDITIONS if getattr(self, field_name(edition)))


def without_patient(request: Request) -> Request:
    """Return *request* as it would be for anybody else who needs the same plan.

    Names, days and times go, and so does the reason why a rule is allowed, which is told in free
    words. What decides which rules are printed stays, because a plan without it would be another.
    """
    return request.model_copy(update={
        "patient": None,
        "date": None,
        "arrive_at": None,
        "factors": tuple(factor.model_copy(update={"since": None}) for factor in request.factors),
        "history": request.history and tuple(
            past.model_copy(update={"on": None}) for past in request.history
        ),
        "allow": tuple(one.model_copy(update={"reason": "____"}) for one in request.allow),
    })


def days_before(past: PastEvent, starts: dt.date | None) -> int | None:
    """Return how many days before *starts* the event was, or None where that is not known."""
    return (starts - past.on).days if starts and past.on else None
