"""The words that fragments are written in, and the publications behind them."""

from typing import Literal

from pydantic import Field

from careplan.content.models import Id, Model, Text, Whole, Words, YesNo


class Reference(Model):
    """A publication that stands behind a statement."""

    id: Id = Field(description="Short name: organisation, topic, year.")
    organisation: Words = Field(description="Who published it.")
    title: Words = Field(description="Its title.")
    year: Whole | None = Field(None, ge=1900, le=2100, description="Year, if known.")
    address: Words = Field(description="Where it can be read; ' ; ' stands between two places.")

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return each place where it can be read on the web."""
        places = (place.strip() for place in self.address.split(" ; "))
        return tuple(place for place in places if place.startswith(("https://", "http://")))


class Sources(Model):
    """All publications that fragments may name."""

    kind: Literal["sources"]
    sources: tuple[Reference, ...] = Field(min_length=1, description="The publications.")


class Jargon(Model):
    """A word that patients do not need, and the one to use instead."""

    word: Words = Field(description="The word, in small letters.")
    say: Words = Field(description="What to say instead.")


class JargonList(Model):
    """All words that do not belong on a handout."""

    kind: Literal["jargon"]
    jargon: tuple[Jargon, ...] = Field(min_length=1, description="The words.")


class DrugClass(Model):
    """A kind of medicine that thins the blood; a row of the staff sheet."""

    id: Id = Field(description="The row's name.")
    title: Words = Field(description="The medicines, as staff call them.")


class DrugClasses(Model):
    """All rows about medicines that thin the blood."""

    kind: Literal["drug-classes"]
    drug_classes: tuple[DrugClass, ...] = Field(min_length=1, description="The rows.")


class Term(Model):
    """A word of the vocabulary: a trait, region or past event."""

    id: Id = Field(description="The word.")
    meaning: Text = Field(description="What it means, for authors and staff.")


class Modality(Term):
    """A technique that a therapy may use."""

    called: Text = Field(description="The technique in the patient's words: 'heat packs'.")


class Area(Term):
    """A part of the body to keep away from."""

    called: Text = Field(description="The area within a sentence: 'any numb skin'.")


class State(Term):
    """Something that must be so before a wait ends."""

    called: Text = Field(description="Behind 'and': 'until your wounds have healed'.")


class Activity(Term):
    """Something outside the plan that a device or a fresh wound does not bear."""

    called: Text = Field(description="The activity within a sentence: 'an MRI scan'.")


class Option(Model):
    """A choice inside an intervention, with every value it can have anywhere."""

    id: Id = Field(description="The option: 'site'.")
    title: Text = Field(description="The option in the patient's words: 'Where'.")
    values: dict[Id, Text] = Field(min_length=1, description="Each value in the patient's words.")
    everywhere: YesNo = Field(
        default=False, description="Whether every intervention has it, with 'unknown' as default.",
    )


class Vocabulary(Model):
    """The words that fragments are written in."""

    kind: Literal["vocabulary"]
    traits: tuple[Term, ...] = Field(description="What an intervention brings along.")
    modalities: tuple[Modality, ...] = Field(description="Techniques of therapies.")
    regions: tuple[Term, ...] = Field(description="Regions of the body.")
    areas: tuple[Area, ...] = Field(description="Areas to avoid.")
    states: tuple[State, ...] = Field(description="States that end a wait.")
    events: tuple[Term, ...] = Field(description="Kinds of past event.")
    activities: tuple[Activity, ...] = Field((), description="Things outside a plan that matter.")
    options: tuple[Option, ...] = Field(description="Choices inside interventions.")

