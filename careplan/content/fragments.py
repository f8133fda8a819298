"""The kinds of fragment, as authors write them.

Fields stand in the order a patient would ask: what, what for, how, how much, who says so.
"""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from careplan.content.items import (
    Answer,
    Fragment,
    Granteds,
    Item,
    Items,
    Period,
    RedFlagUses,
    Step,
)
from careplan.content.models import (
    Id,
    Ids,
    Model,
    Moment,
    Span,
    Text,
    VisitWindow,
    Whole,
    YesNo,
    id_or_fields,
    not_as_expected,
    one_or_many,
)
from careplan.content.when import When


class OptionChoice(Model):
    """An option of an intervention and which of its values are possible."""

    id: Id = Field(description="The option, one of those in vocabulary.yaml.")
    values: Ids = Field((), description="The values possible here; without it, all of them.")
    default: Id | None = Field(None, description="Taken when none is given; without it, required.")
    must_be_known: YesNo = Field(
        default=False, description="Whether 'unknown' is refused, because no plan could be made.",
    )


class FollowUpUse(Model):
    """The follow-up that goes with an intervention unless the request names another."""

    id: Id = Field(description="The follow-up's id.")
    only: When | None = Field(None, description="For which options; the first that holds is taken.")


class Diary(Model):
    """A table for the patient to fill in."""

    model_config = ConfigDict(json_schema_extra={
        "anyOf": [
            {"required": ["rows"], "properties": {"rows": {"minItems": 1}}},
            {"required": ["every", "until"]},
        ],
        "dependencies": {
            "from": ["every", "until"], "every": ["until"], "until": ["every"], "later": ["every", "until"],
        },
    })

    id: Id = Field(description="Stable name of the diary.")
    title: Text = Field(description="Its heading.")
    how: Text = Field(description="How to use it, in one line.")
    rows: tuple[Text, ...] = Field((), description="Rows in words; dated rows follow them.")
    start: Span | None = Field(
        None, alias="from", description="Day of the first dated row; without it, the procedure day.",
    )
    every: Span | None = Field(None, description="Time between two dated rows.")
    until: Span | None = Field(None, description="Day of the last dated row.")
    later: tuple[Text, ...] = Field((), description="Rows in words after the dated ones.")
    columns: tuple[Text, ...] = Field(min_length=1, description="What is written down.")
    sample: tuple[Text, ...] = Field(description="A filled row: when, then one value a column.")
    only: When | None = Field(None, description="When this diary is printed.")
    sources: Ids = Field((), description="Ids from sources.yaml.")
    basis: Text | None = Field(None, description="What the diary rests on without a source.")

    @model_validator(mode="after")
    def _rows_fit(self) -> Self:
        expected = None
        dated = self.every and self.until
        if not (self.rows or dated):
            expected = "'rows' in words, or 'every' and 'until' for dated rows"
        elif not dated and (self.start or self.every or self.until or self.later):
            expected = "'every' and 'until' beside 'from' and 'later'"
        elif len(self.sample) != len(self.columns) + 1:
            expected = "a 'sample' with one value for the row's name and one for each column"
        if expected:
            raise not_as_expected(expected)
        return self


class Card(Model):
    """What stands on a card about the device that stays in the body, to cut out and carry."""

    device: Text = Field(description="The device, as every team calls it: 'Spinal cord stimulator'.")
    only: When | None = Field(None, description="When there is a card; without it, always.")
    options: Ids = Field((), description="Options whose values are written on it: 'maker'.")
    never: Item = Field(description="What must never be done; its title is printed large.")
    items: tuple[Item, ...] = Field(min_length=1, description="What else other teams must know.")


class Intervention(Fragment):
    """A procedure that the clinic does."""

    kind: Literal["intervention"]
    rank: Whole = Field(100, ge=1, description="Place in lists; small numbers first.")
    called: Text = Field(description="The short noun in 'your injection'.")
    summary: Text = Field(description="What it is for in a few words, for lists.")
    options: tuple[OptionChoice, ...] = Field((), description="Choices inside the procedure.")
    traits: Granteds = Field(min_length=1, description="What the procedure brings along.")
    regions: Granteds = Field((), description="Body regions that are treated.")
    factors: Granteds = Field((), description="What it leaves in the body, as factors.")
    message: tuple[Item, ...] = Field(
        min_length=1,
        description="The one thing to remember, first on page 1; the first that holds is taken.",
    )
    names: Items = Field(description="Other names that patients hear.")
    what_it_is: Items = Field(description="What is done, in one to three sentences.")
    why: Items = Field(description="Why it is offered.")
    may_help: Items = Field(description="Whom it may help, and how.")
    not_known: Items = Field(description="What is not known or where experts differ.")
    how_it_is_done: Items = Field(description="How it is done and how long it takes.")
    first_steps: tuple[Item, ...] = Field((), description="The few things to do first, for page 1.")
    getting_ready: tuple[Step, ...] = Field((), description="The countdown to the procedure.")
    bring: Items = Field(description="What to bring on the day.")
    on_the_day: Items = Field(description="The day in steps.")
    after: tuple[Period, ...] = Field((), description="From the first hours to the last weeks.")
    what_to_expect: Items = Field(description="When benefit may start and end.")
    flare: Items = Field(description="What to do if the pain flares.")
    common_effects: Items = Field(description="Effects that are common and pass.")
    risks: Items = Field(description="Rare serious harm, with a number in words.")
    red_flags: RedFlagUses = Field((), description="Signs to watch for.")
    other_choices: Items = Field(description="Other choices, doing nothing among them.")
    questions: Items = Field(description="Questions to ask the doctor.")
    answers: tuple[Answer, ...] = Field((), description="Short answers to what patients ask.")
    follow_ups: tuple[Annotated[FollowUpUse, BeforeValidator(id_or_fields)], ...] = Field(
        (), description="The follow-up that goes with it.",
    )
    diaries: tuple[Diary, ...] = Field((), description="The diary that fits.")
    card: Card | None = Field(None, description="The card about the device that it leaves in the body.")


class Phase(Model):
    """A stretch of a therapy with one rhythm and one home programme."""

    id: Id = Field(description="Stable name of the phase within its therapy.")
    title: Text = Field(description="One or two words for the timeline's bar.")
    weeks: Whole = Field(ge=1, le=52, description="How many weeks the phase lasts.")
    visits_per_week: Whole = Field(
        ge=0, le=5, description="Visits a week; 0 means on your own.",
    )
    needs: Ids = Field((), description="Techniques without which the phase cannot begin.")
    at_home: Items = Field(description="What to do at home, with amounts.")


class Therapy(Fragment):
    """A course of care by another discipline."""

    kind: Literal["therapy"]
    rank: Whole = Field(100, ge=1, description="Place in lists; small numbers first.")
    called: Text = Field(description="The name within a sentence: 'physical therapy'.")
    therapist: Text = Field(description="Whom the patient sees: 'physical therapist'.")
    summary: Text = Field(description="What it is in a few words, for lists.")
    core: Ids = Field((), description="Modalities that the therapy cannot go on without.")
    techniques: Ids = Field((), description="Modalities that the therapy may use.")
    starts: Span = Field(description="The therapy's own first day after the procedure.")
    may_start_before: YesNo = Field(
        default=False, description="Whether visits before the procedure make sense.",
    )
    same_day: Annotated[tuple[When, ...], BeforeValidator(one_or_many)] = Field(
        (), description="When a visit that is asked for may fall on the procedure day.",
    )
    counts_as_new: YesNo = Field(
        description="Whether it counts for 'one new hands-on therapy a week'.",
    )
    passive: YesNo = Field(description="Whether it counts for 'one passive therapy a day'.")
    why: Items = Field(description="Why it joins this plan.")
    visit: Items = Field(description="What happens at a visit.")
    phases: tuple[Phase, ...] = Field(min_length=1, description="The course from its first day.")
    provider: Items = Field(description="Who provides it and how to know a good one.")
    tell_your_therapist: Items = Field(description="What to tell the therapist.")
    cautions: Items = Field(description="What may happen and what to be careful with.")
    evidence: Items = Field(description="How strong the evidence is, in one honest sentence.")
    red_flags: RedFlagUses = Field((), description="Signs to watch for.")
    questions: Items = Field(description="Questions to ask the therapist.")


class Visit(Model):
    """One contact in a follow-up, or a row of them."""

    model_config = ConfigDict(json_schema_extra={
        "not": {"required": ["after", "therapy"]},
        "dependencies": {"times": ["every"]},
        "if": {"required": ["at"], "properties": {"at": {"pattern": "^visit "}}},
        "then": {"required": ["therapy"]},
    })

    id: Id = Field(description="Stable name of the visit within its follow-up.")
    title: Text = Field(description="What the patient reads: 'Call from our nurse'.")
    short: Text = Field(description="One word for the timeline.")
    contact: Literal["call", "patient-call", "visit", "device-visit", "form", "procedure"] = Field(
        description="Who does what: a call from the clinic, a call by the patient, a visit …",
    )
    at: Moment | None = Field(
        None, description="When: 'business-day 1', '2 weeks'; without it the clinic writes the date.",
    )
    window: VisitWindow | None = Field(None, description="How far it may move: '± 3 days'.")
    after: Id | None = Field(
        None, description="An earlier visit of this follow-up from which 'at' counts.",
    )
    therapy: Id | None = Field(
        None, description="A therapy from whose first day 'at' counts; 'visit 10' is its tenth.",
    )
    every: Span | None = Field(None, description="How often it comes again after the first time.")
    times: Whole | None = Field(
        None, ge=2, le=24, description="How many there are in all; without it, no end is set.",
    )
    review: YesNo = Field(
        default=False, description="Whether the clinic clears hands-on care at this visit.",
    )
    text: Text = Field(description="What it is for, to the patient.")
    bring: Text | None = Field(None, description="What to bring.")
    only: When | None = Field(None, description="When the visit is planned; without it, always.")
    sources: Ids = Field((), description="Ids from sources.yaml.")
    basis: Text | None = Field(None, description="What the time rests on; say if a clinic may change it.")

    @model_validator(mode="after")
    def _counts_from_one_thing(self) -> Self:
        expected = None
        if self.after and self.therapy:
            expected = "either 'after' or 'therapy', not both"
        elif self.at and self.at.unit == "visit" and not self.therapy:
            expected = "'therapy' beside a time such as 'visit 10'"
        elif self.times and not self.every:
            expected = "'every' beside 'times'"
        if expected:
            raise not_as_expected(expected)
        return self


class Question(Model):
    """A question of a measure, word for word as it was published."""

    id: Id = Field(description="Stable name of the question.")
    text: Text = Field(description="The question.")


class Measure(Model):
    """A short form that may be printed, with its credit."""

    id: Id = Field(description="The measure's name.")
    title: Text = Field(description="Its heading.")
    intro: Text = Field(description="How to answer.")
    questions: tuple[Question, ...] = Field(min_length=1, description="The questions.")
    credit: Text | None = Field(None, description="Whom the measure comes from; printed with it.")
    sources: Ids = Field((), description="Ids from sources.yaml.")
    basis: Text | None = Field(None, description="What its wording rests on.")


class Measures(Model):
    """All measures that follow-ups may name."""

    kind: Literal["measures"]
    measures: tuple[Measure, ...] = Field(min_length=1, description="The measures.")


class FollowUp(Fragment):
    """A schedule of visits and calls after a procedure."""

    kind: Literal["follow-up"]
    joins: When | None = Field(
        None, description="Plans that it is added to beside their own follow-up.",
    )
    visits: tuple[Visit, ...] = Field(min_length=1, description="The contacts, earliest first.")
    measures: Ids = Field((), description="Short forms to fill in before each visit.")
    red_flags: RedFlagUses = Field((), description="Signs to watch for.")


class HealthCondition(Fragment):
    """A health problem that a plan is for."""

    kind: Literal["condition"]
    pain: Text = Field(description="Ends the sentence 'This plan is for …'.")
    what_it_is: Items = Field(description="What it is, in one to three sentences.")
    red_flags: RedFlagUses = Field((), description="Signs to watch for.")


FactorGroup = Literal[
    "medicine", "allergy", "blood-heart-lungs", "device", "operation", "bones", "vaccine",
    "pregnancy-age", "mind", "other",
]


class Factor(Fragment):
    """Something about the patient that changes what is safe."""

    kind: Literal["factor"]
    group: FactorGroup = Field("other", description="Among which questions it is asked.")
    meaning: Text = Field(description="What it covers, for staff.")
    question: Text = Field(description="How staff ask the patient.")
    needs_date: YesNo = Field(default=False, description="Whether its date matters.")
    event: Id | None = Field(
        None, description="The past event that its date stands for: 'device-implant'.",
    )
    device: YesNo = Field(
        default=False, description="Whether it is a device in the body, of which every therapist is told.",
    )
    red_flags: RedFlagUses = Field((), description="Signs to watch for.")
    sources: Ids = Field((), description="Ids from sources.yaml.")
