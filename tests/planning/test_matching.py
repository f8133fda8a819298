"""A `when` holds, does not hold or is not known, key by key."""

from typing import Any

import pytest
from small_library import (
    THURSDAY,
    a_condition,
    a_factor,
    a_library,
    a_request,
    a_therapy,
    an_intervention,
    facts_of,
)

from careplan.content.when import When
from careplan.planning.matching import Facts, Truth, holds, match, matched_modalities, perhaps

NO, UNKNOWN, YES = Truth.NO, Truth.UNKNOWN, Truth.YES


def some_facts(**more: Any) -> Facts:
    """Return the facts of a lumbar shot with two therapies, a factor, an unknown one and a condition."""
    site = {"id": "site", "values": ["cervical", "lumbar"], "default": "lumbar"}
    maker = {"id": "maker", "default": "unknown"}
    library = a_library(
        an_intervention(options=[site, maker]),
        a_therapy("class", core=("stretching",), techniques=("heat",)),
        a_therapy("talks", core=("talking",)),
        a_factor("diabetes"),
        a_factor("pregnant"),
        a_factor("smoker"),
        a_condition("sciatica"),
    )
    asked = {
        "factors": ["diabetes", {"id": "pregnant", "status": "unknown"}],
        "conditions": ["sciatica"],
        "planned": ["mri"],
        "date": THURSDAY,
    }
    therapies = more.pop("therapies", ["class", "talks"])
    return facts_of(library, a_request(*therapies, **(asked | more)))


def when(**keys: Any) -> When:
    """Return the condition with *keys*."""
    return When.model_validate(keys)


@pytest.mark.parametrize(
    ("keys", "truth"),
    [
        ({"interventions": ["small-shot"]}, YES),
        ({"interventions": ["other-shot", "small-shot"]}, YES),
        ({"interventions": ["other-shot"]}, NO),
        ({"options": {"site": ["lumbar"]}}, YES),
        ({"options": {"site": ["cervical", "lumbar"]}}, YES),
        ({"options": {"site": ["cervical"]}}, NO),
        ({"options": {"site": ["unknown"]}}, NO),
        ({"options": {"maker": ["northern"]}}, UNKNOWN),
        ({"options": {"maker": ["northern", "unknown"]}}, YES),
        ({"options": {"side": ["left"]}}, UNKNOWN),
        ({"options": {"battery": ["rechargeable"]}}, NO),
        ({"options": {"site": ["lumbar"], "maker": ["northern"]}}, UNKNOWN),
        ({"options": {"site": ["cervical"], "maker": ["northern"]}}, NO),
        ({"traits": ["needle"]}, YES),
        ({"traits": ["steroid", "needle"]}, YES),
        ({"traits": ["steroid"]}, NO),
        ({"regions": ["low-back"]}, YES),
        ({"regions": ["neck"]}, NO),
        ({"regions": ["same"]}, YES),
        ({"regions": ["other"]}, NO),
        ({"therapies": ["class"]}, YES),
        ({"therapies": ["swimming"]}, NO),
        ({"modalities": ["heat"]}, YES),
        ({"modalities": ["needling", "talking"]}, YES),
        ({"modalities": ["needling"]}, NO),
        ({"factors": ["diabetes"]}, YES),
        ({"factors": ["pregnant"]}, UNKNOWN),
        ({"factors": ["pregnant", "diabetes"]}, YES),
        ({"factors": ["smoker", "pregnant"]}, UNKNOWN),
        ({"factors": ["smoker"]}, NO),
        ({"factors_all": ["diabetes"]}, YES),
        ({"factors_all": ["diabetes", "pregnant"]}, UNKNOWN),
        ({"factors_all": ["diabetes", "pregnant", "smoker"]}, NO),
        ({"conditions": ["sciatica"]}, YES),
        ({"conditions": ["neck-pain"]}, NO),
        ({"planned": ["mri", "diving"]}, YES),
        ({"planned": ["diving"]}, NO),
        ({"traits": ["needle"], "factors": ["diabetes"], "modalities": ["heat"]}, YES),
        ({"traits": ["needle"], "factors": ["pregnant"]}, UNKNOWN),
        ({"traits": ["steroid"], "factors": ["pregnant"]}, NO),
        ({"factors": ["pregnant"], "conditions": ["neck-pain"]}, NO),
    ],
)
def test_every_key_must_match(keys: dict[str, Any], truth: Truth) -> None:
    """Every key must match, any value in a key will do; unknown stays unknown unless a key says no."""
    facts = some_facts()

    answer = match(when(**keys), facts)

    assert answer is truth
    assert holds(when(**keys), facts) is (truth is not NO)


def test_without_a_condition_it_holds() -> None:
    """Something without an `only` is always part of the plan."""
    facts = some_facts()

    answer = holds(None, facts)

    assert answer is True


@pytest.mark.parametrize(
    ("keys", "therapy", "truth"),
    [
        ({"modalities": ["heat"]}, "class", YES),
        ({"modalities": ["heat"]}, "talks", NO),
        ({"therapies": ["talks"]}, "talks", YES),
        ({"therapies": ["talks"]}, "class", NO),
        ({"therapies": ["class"], "modalities": ["talking"]}, "class", NO),
    ],
)
def test_one_therapy_is_asked_for_itself(keys: dict[str, Any], therapy: str, truth: Truth) -> None:
    """Asked about one therapy, another therapy's id and modalities do not count."""
    facts = some_facts()

    answer = match(when(**keys), facts, therapy)

    assert answer is truth


def test_matched_modalities_come_core_first() -> None:
    """The modalities that a rule touches come as the therapy lists them, over all therapies or of one."""
    facts = some_facts()
    asked = when(modalities=["talking", "heat", "stretching", "needling"])

    everywhere = matched_modalities(asked, facts, None)
    of_one = matched_modalities(asked, facts, "class")

    assert (everywhere, of_one) == (("stretching", "heat", "talking"), ("stretching", "heat"))


@pytest.mark.parametrize(
    ("place", "same", "other"),
    [(None, YES, NO), ("low-back", YES, NO), ("knee", NO, YES), ("neck", NO, YES)],
)
def test_region_of_a_therapy(place: str | None, same: Truth, other: Truth) -> None:
    """A therapy works near the procedure unless its place is known to be elsewhere."""
    choice = {"id": "class"} if place is None else {"id": "class", "region": place}
    facts = some_facts(therapies=[choice])

    answers = [match(when(regions=[word], modalities=["heat"]), facts, "class") for word in ("same", "other")]

    assert answers == [same, other]


def test_region_of_a_procedure_that_is_nowhere_is_near() -> None:
    """Where the procedure has no region, no therapy is known to be elsewhere."""
    library = a_library(an_intervention(regions=[]), a_therapy("class"))
    facts = facts_of(library, a_request({"id": "class", "region": "knee"}))

    answers = [match(when(regions=[word]), facts, "class") for word in ("same", "other")]

    assert answers == [YES, NO]


def test_unknown_option_grants_every_trait_and_region_it_could() -> None:
    """An unknown option counts as the strict side: whatever it could bring along is there."""
    library = a_library(
        an_intervention(
            traits=[
                "needle",
                {"id": "steroid", "only": {"options": {"site": ["cervical"]}}},
            ]
        )
    )
    facts = facts_of(library, a_request(options={"site": "unknown"}))

    granted = (facts.traits, facts.regions)

    assert granted == ({"needle": 0, "steroid": 0}, frozenset({"neck", "low-back"}))


def test_option_that_is_not_given_takes_its_default() -> None:
    """Options come from the request, then from the intervention; those of every procedure are unknown."""
    library = a_library()

    asked = facts_of(library, a_request(options={"site": "cervical", "side": ["left", "right"]})).options
    default = facts_of(library, a_request()).options

    assert asked == {"site": frozenset({"cervical"}), "side": frozenset({"left", "right"})}
    assert default == {"site": frozenset({"lumbar"}), "side": frozenset({"unknown"})}


def test_what_a_procedure_leaves_in_the_body_is_certain() -> None:
    """A factor that the procedure brings is there, even where the request could not tell."""
    library = a_library(an_intervention(factors=["pump"]), a_factor("pump"))
    facts = facts_of(library, a_request(factors=[{"id": "pump", "status": "unknown"}]))

    factors = facts.factors

    assert factors == {"pump": YES}


STEROID = {"event": "epidural-steroid", "on": "2026-11-03", "region": "low-back", "relief": 40}


@pytest.mark.parametrize(
    ("history", "asked", "truth"),
    [
        (None, {"event": "epidural-steroid"}, NO),
        ([], {"event": "epidural-steroid"}, NO),
        ([STEROID], {"event": "epidural-steroid"}, YES),
        ([STEROID], {"event": ["joint-steroid", "epidural-steroid"]}, YES),
        ([STEROID], {"event": "joint-steroid"}, NO),
        ([STEROID], {"event": "epidural-steroid", "region": "same"}, YES),
        ([STEROID], {"event": "epidural-steroid", "region": "low-back"}, YES),
        ([STEROID], {"event": "epidural-steroid", "region": "neck"}, NO),
        ([STEROID | {"region": "neck"}], {"event": "epidural-steroid", "region": "same"}, NO),
        ([STEROID | {"region": None}], {"event": "epidural-steroid", "region": "same"}, UNKNOWN),
        ([STEROID], {"event": "epidural-steroid", "within": "30 days"}, YES),
        ([STEROID], {"event": "epidural-steroid", "within": "29 days"}, NO),
        ([STEROID | {"on": "2026-12-03"}], {"event": "epidural-steroid", "within": "1 day"}, YES),
        ([STEROID | {"on": "2026-12-04"}], {"event": "epidural-steroid", "within": "1 day"}, NO),
        ([STEROID | {"on": None}], {"event": "epidural-steroid", "within": "29 days"}, UNKNOWN),
        ([STEROID], {"event": "epidural-steroid", "relief_below": 41}, YES),
        ([STEROID], {"event": "epidural-steroid", "relief_below": 40}, NO),
        ([STEROID | {"relief": None}], {"event": "epidural-steroid", "relief_below": 41}, UNKNOWN),
        ([STEROID], {"event": "epidural-steroid", "at_least": 2}, NO),
        ([STEROID, STEROID], {"event": "epidural-steroid", "at_least": 2}, YES),
        (
            [STEROID, STEROID | {"on": None}],
            {"event": "epidural-steroid", "within": "3 months", "at_least": 2},
            UNKNOWN,
        ),
        (
            [STEROID, STEROID | {"on": "2026-01-05"}],
            {"event": "epidural-steroid", "within": "3 months", "at_least": 2},
            NO,
        ),
        (
            [STEROID, STEROID | {"event": "joint-steroid"}],
            [{"event": "epidural-steroid"}, {"event": "joint-steroid"}],
            YES,
        ),
        ([STEROID], [{"event": "epidural-steroid"}, {"event": "joint-steroid"}], NO),
    ],
)
def test_history(history: Any, asked: Any, truth: Truth) -> None:
    """Past events count by kind, place, age, number and relief; a missing fact makes the answer unknown."""
    facts = some_facts(history=history)

    answer = match(when(history=asked), facts)

    assert answer is truth


@pytest.mark.parametrize(
    ("given", "truth"),
    [(True, YES), (False, NO), (None, UNKNOWN)],
)
def test_history_under_relaxing_medicine(given: Any, truth: Truth) -> None:
    """Whether an event was sedated counts, and is unknown where nobody says."""
    facts = some_facts(history=[STEROID | {"sedated": given}])

    answer = match(when(history={"event": "epidural-steroid", "sedated": True}), facts)

    assert answer is truth


DOSE = STEROID | {"steroid": "triamcinolone", "milligrams": 80}
TODAY = {"name": "triamcinolone", "milligrams": 40}


@pytest.mark.parametrize(
    ("history", "steroid", "above", "exactly"),
    [
        ([DOSE], TODAY, NO, NO),
        ([DOSE, DOSE | {"on": "2026-10-01"}], TODAY, NO, YES),
        ([DOSE, DOSE], TODAY, NO, YES),
        ([DOSE, DOSE, DOSE], TODAY, YES, NO),
        ([DOSE, DOSE, DOSE | {"on": "2024-10-01"}], TODAY, NO, YES),
        ([DOSE, DOSE | {"steroid": "dexamethasone"}], TODAY, UNKNOWN, UNKNOWN),
        ([DOSE, DOSE | {"milligrams": None}], TODAY, UNKNOWN, UNKNOWN),
        ([DOSE, DOSE | {"on": None}], TODAY, UNKNOWN, UNKNOWN),
        ([DOSE, DOSE, DOSE], None, UNKNOWN, UNKNOWN),
        ([], TODAY, NO, NO),
    ],
)
def test_milligrams_are_added_and_never_converted(
    history: Any,
    steroid: Any,
    above: Truth,
    exactly: Truth,
) -> None:
    """Doses of one steroid add up with today's, two equal ones too; a mix or a gap makes the sum unknown."""
    facts = some_facts(history=history, steroid=steroid)
    year = {"event": "epidural-steroid", "within": "12 months"}

    answers = [match(when(history=year | {key: 200}), facts) for key in ("milligrams_above", "milligrams")]

    assert answers == [above, exactly]


def test_age_is_unknown_in_a_plan_without_a_date() -> None:
    """How long ago something was cannot be told before the procedure has a date."""
    facts = some_facts(history=[STEROID], date=None)

    answer = match(when(history={"event": "epidural-steroid", "within": "1 day"}), facts)

    assert answer is UNKNOWN


@pytest.mark.parametrize(
    ("history", "keys", "answer"),
    [
        (None, {"history": {"event": "epidural-steroid"}}, True),
        ([], {"history": {"event": "epidural-steroid"}}, False),
        (None, {"history": {"event": "epidural-steroid"}, "factors": ["pregnant"]}, True),
        (None, {"history": {"event": "epidural-steroid"}, "traits": ["steroid"]}, False),
        (None, {"traits": ["needle"]}, False),
    ],
)
def test_unstated_history_might_matter(history: Any, keys: dict[str, Any], *, answer: bool) -> None:
    """A rule might hold only where nobody stated the history and nothing else says no."""
    facts = some_facts(history=history)

    found = perhaps(when(**keys), facts)

    assert found is answer


@pytest.mark.parametrize(
    ("history", "traits"),
    [
        (None, {"needle": 0}),
        ([{"event": "epidural-steroid", "on": "2026-11-03"}], {"needle": 0}),
        ([{"event": "device-implant", "on": "2026-11-03"}], {"needle": 0, "implant": -30}),
        ([{"event": "device-implant"}], {"needle": 0, "implant": None}),
        (
            [
                {"event": "device-implant", "on": "2023-12-03"},
                {"event": "device-implant", "on": "2026-11-23"},
            ],
            {"needle": 0, "implant": -10},
        ),
        (
            [{"event": "device-implant", "on": "2023-12-03"}, {"event": "device-implant"}],
            {"needle": 0, "implant": None},
        ),
    ],
)
def test_an_operation_in_the_history_brings_its_trait(history: Any, traits: dict[str, int | None]) -> None:
    """An implant heals from its own date; the latest counts, and one without a date makes it unknown."""
    facts = some_facts(history=history)

    found = facts.traits

    assert found == traits


def test_an_implant_today_counts_before_one_in_the_history() -> None:
    """Where today's procedure is an implant itself, its day is day 0 whatever was before."""
    library = a_library(an_intervention(traits=["implant"]))
    past = {"event": "device-implant", "on": "2023-12-03"}
    facts = facts_of(library, a_request(history=[past], date=THURSDAY))

    found = facts.traits

    assert found == {"implant": 0}
