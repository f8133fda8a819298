"""Safety rules, and the signs of something serious that fragments name."""

from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, PlainValidator, model_validator

from careplan.content.items import Fragment, RedFlagUses, Review, Tier
from careplan.content.models import (
    UNTIL,
    Id,
    Ids,
    Model,
    Span,
    Text,
    YesNo,
    expects,
    not_as_expected,
    one_or_many,
    parse_until,
    written,
)
from careplan.content.offsets import Offset
from careplan.content.when import When

Action = Literal["block", "ask", "wait", "avoid-area", "caution", "info"]
ACTIONS: tuple[Action, ...] = ("block", "ask", "wait", "avoid-area", "caution", "info")


Until = Annotated[
    str | Offset, PlainValidator(expects(parse_until), json_schema_input_type=written(UNTIL)),
    PlainSerializer(str, return_type=str),
]


class Effect(Model):
    """What a rule does to the plan: one action with its details."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [
        {"required": ["block"], "properties": {"block": {"const": True}}},
        {"required": ["ask"], "properties": {"ask": {"const": True}}},
        {"required": ["wait"], "properties": {"wait": {"type": "string"}}},
        {"required": ["avoid-area"], "properties": {"avoid-area": {"minItems": 1}}},
        {"required": ["caution"], "properties": {"caution": {"const": True}}},
        {"required": ["info"], "properties": {"info": {"const": True}}},
    ]})

    block: YesNo = Field(default=False, description="The modality leaves the plan, or it stops.")
    ask: YesNo = Field(default=False, description="Only after the clinic says yes.")
    wait: Span | None = Field(None, description="First day allowed, after the event of the rule.")
    avoid_area: Ids = Field((), alias="avoid-area", description="Areas to keep away from.")
    caution: YesNo = Field(default=False, description="Allowed with a printed sentence.")
    info: YesNo = Field(default=False, description="A printed sentence.")
    until: Until | None = Field(None, description="A state, or a number of days, that ends it.")
    never_before: Span | None = Field(
        None, description="A floor in time that no allowing passes.",
    )

    @property
    def action(self) -> Action:
        """Return the one action."""
        given = {"avoid-area": self.avoid_area, "wait": self.wait}
        return next(name for name in ACTIONS if given.get(name, getattr(self, name, False)))

    @model_validator(mode="after")
    def _has_one_action(self) -> Self:
        given = [self.block, self.ask, self.wait, self.avoid_area, self.caution, self.info]
        if sum(map(bool, given)) != 1:
            expected = f"one action: {', '.join(ACTIONS)}"
            raise not_as_expected(expected)
        return self


_Bare = Literal["block", "ask", "caution", "info"]
_BARE: tuple[str, ...] = get_args(_Bare)


def _action_or_fields(value: Any) -> Any:
    if isinstance(value, str):
        if value not in _BARE:
            expected = f"one action: {', '.join(ACTIONS)}"
            raise not_as_expected(expected)
        return {value: True}
    return value


class SafetyRule(Model):
    """When these meet, then this happens, because of that source."""

    id: Id = Field(description="The rule's name; it starts with its number in the rules sheet.")
    when: When = Field(description="What must meet for the rule to fire.")
    unless: When | None = Field(None, description="What keeps the rule from firing.")
    then: Annotated[
        Effect, BeforeValidator(_action_or_fields, json_schema_input_type=_Bare | Effect),
    ] = Field(
        description="What happens: block, ask, wait, avoid-area, caution or info.",
    )
    patient: Text | None = Field(
        None, description="The reason in plain words; without it the rule is for staff only.",
    )
    patient_if_allowed: Text | None = Field(
        None, description="What the patient reads when a clinician allowed it.",
    )
    check: Text | None = Field(
        None, description="What staff tick off before the procedure when the rule fires.",
    )
    staff: Text = Field(description="The reason and its limits, for staff.")
    basis: Text = Field(description="What the rule rests on, and whether it is contested.")
    confidence: Literal["high", "medium", "low"] = Field(description="How sure the sheet is.")
    red_flags: RedFlagUses = Field((), description="Signs to watch for when the rule fires.")
    sources: Ids = Field((), description="Ids from sources.yaml.")


class SafetyRuleFragment(SafetyRule):
    """A file that holds one safety rule."""

    kind: Literal["safety-rule"]
    review: Review = Field(description="Who signed, which version, until when.")


class SafetyRules(Fragment):
    """A file that holds the safety rules of one theme."""

    kind: Literal["safety-rules"]
    rules: tuple[SafetyRule, ...] = Field(min_length=1, description="The rules.")


class RedFlag(Model):
    """A sign of something serious, with what to do."""

    id: Id = Field(description="The sign's one name in every fragment.")
    tier: Tier = Field(description="'emergency', 'today' or 'next-visit'.")
    text: Text = Field(description="The sign in a few words, without a full stop.")
    everyone: YesNo = Field(default=False, description="Whether it is on every handout.")
    only: Annotated[tuple[When, ...], BeforeValidator(one_or_many)] = Field(
        (), description="When the sign can occur; of several, any one will do.",
    )
    sources: Ids = Field((), description="Ids from sources.yaml.")
    basis: Text | None = Field(None, description="What it rests on without a source.")


class RedFlags(Model):
    """All signs that fragments may name."""

    kind: Literal["red-flags"]
    red_flags: tuple[RedFlag, ...] = Field(min_length=1, description="The signs.")
