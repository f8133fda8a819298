"""A request finds its fragments, or says what it names wrongly."""

from typing import Any

import pytest
from small_library import (
    a_condition,
    a_factor,
    a_follow_up,
    a_library,
    a_request,
    a_rule,
    a_therapy,
    a_visit,
    an_intervention,
)

from careplan.content.library import Library
from careplan.planning.selection import select
from careplan.problems import RequestError


def a_shelf(**intervention: Any) -> Library:
    """Return a library with two therapies, three follow-ups, a condition and two factors."""
    return a_library(
        an_intervention(**intervention),
        a_therapy("yoga", rank=2),
        a_therapy("talks", rank=1, core=("talking",)),
        a_therapy("dance", rank=2),
        a_follow_up(a_visit("call"), name="calls"),
        a_follow_up(a_visit("review"), name="reviews"),
        a_follow_up(a_visit("yoga-check"), name="yoga-checks", joins={"therapies": ["yoga"]}),
        a_condition("sciatica"),
        a_factor("diabetes"),
        a_factor("pump"),
        a_rule("needle", {"traits": ["needle"]}, "caution"),
    )


def test_therapies_come_in_the_order_of_the_library() -> None:
    """Therapies are ordered by rank and id, not as they were asked for."""
    library = a_shelf()

    chosen = select(library, a_request("yoga", "dance", "talks"))

    assert [therapy.id for therapy in chosen.therapies] == ["talks", "dance", "yoga"]


def test_factors_come_from_the_request_and_the_procedure() -> None:
    """What the procedure leaves in the body is a factor of the plan too."""
    library = a_shelf(factors=["pump"])

    chosen = select(library, a_request(factors=["diabetes"], conditions=["sciatica"]))

    assert [factor.id for factor in chosen.factors] == ["diabetes", "pump"]
    assert [condition.id for condition in chosen.conditions] == ["sciatica"]


@pytest.mark.parametrize(
    ("more", "therapies", "names"),
    [
        ({}, (), ["reviews"]),
        ({"options": {"site": "cervical"}}, (), ["calls"]),
        ({"options": {"site": "unknown"}}, (), ["calls"]),
        ({"follow_up": "calls"}, (), ["calls"]),
        ({}, ("yoga",), ["reviews", "yoga-checks"]),
        ({"follow_up": "yoga-checks"}, ("yoga",), ["yoga-checks"]),
    ],
)
def test_follow_ups(more: dict[str, Any], therapies: tuple[str, ...], names: list[str]) -> None:
    """The follow-up is the one asked for or the first that holds, and others join it, none twice."""
    uses = [{"id": "calls", "only": {"options": {"site": ["cervical"]}}}, "reviews"]
    library = a_shelf(follow_ups=uses)

    chosen = select(library, a_request(*therapies, **more))

    assert [follow_up.id for follow_up in chosen.follow_ups] == names


def test_procedure_without_a_follow_up_has_none() -> None:
    """Where neither request nor procedure names a follow-up, there is none."""
    library = a_shelf()

    chosen = select(library, a_request("talks"))

    assert chosen.follow_ups == ()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            {"intervention": "small-shots"},
            "There is no intervention 'small-shots'; did you mean 'small-shot'?",
        ),
        ({"intervention": "xx"}, "There is no intervention 'xx'; there is small-shot."),
        ({"therapies": ["yogga"]}, "There is no therapy 'yogga'; did you mean 'yoga'?"),
        ({"therapies": ["xx"]}, "There is no therapy 'xx'; there is yoga, talks, dance."),
        ({"therapies": ["yoga", "yoga"]}, "The therapy 'yoga' is named 2 times; name it once."),
        ({"conditions": ["siatica"]}, "There is no condition 'siatica'; did you mean 'sciatica'?"),
        ({"conditions": ["sciatica"] * 3}, "The condition 'sciatica' is named 3 times; name it once."),
        ({"factors": ["diabetis"]}, "There is no factor 'diabetis'; did you mean 'diabetes'?"),
        ({"factors": ["pump", "pump"]}, "The factor 'pump' is named 2 times; name it once."),
        ({"follow_up": "review"}, "There is no follow-up 'review'; did you mean 'reviews'?"),
        (
            {"allow": [{"rule": "needles", "by": "Dr. Example", "reason": "Yes."}]},
            "There is no safety rule 'needles'; did you mean 'needle'?",
        ),
        (
            {"therapies": [{"id": "yoga", "region": "low-bak"}]},
            "'low-bak' is not a known region; did you mean 'low-back'?",
        ),
        (
            {"therapies": [{"id": "yoga", "region": "xx"}]},
            "'xx' is not a known region; known are neck, low-back, knee.",
        ),
        (
            {"history": [{"event": "epidural-steroids"}]},
            "'epidural-steroids' is not a known event in the history; did you mean 'epidural-steroid'?",
        ),
        (
            {"history": [{"event": "joint-steroid", "region": "kne"}]},
            "'kne' is not a known region; did you mean 'knee'?",
        ),
        ({"options": {"sites": "lumbar"}}, "Small shot has no option 'sites'; did you mean 'site'?"),
        ({"options": {"xx": "lumbar"}}, "Small shot has no option 'xx'; its options are side, site."),
        ({"options": {"site": "lumber"}}, "'lumber' is not a value of 'site'; did you mean 'lumbar'?"),
        (
            {"options": {"site": "knee"}},
            "'knee' is not a value of 'site'; its values are cervical, lumbar, unknown.",
        ),
        (
            {"options": {"side": ["left", "top"]}},
            "'top' is not a value of 'side'; its values are left, right, unknown.",
        ),
    ],
)
def test_wrong_names(more: dict[str, Any], message: str) -> None:
    """What a request names wrongly is told with the nearest name, or with all there are."""
    library = a_shelf()

    with pytest.raises(RequestError) as error:
        select(library, a_request(**more))

    assert str(error.value) == message


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (
            {"id": "site", "values": ["cervical", "lumbar"]},
            (
                "Small shot needs site=VALUE among its options (--option); "
                "VALUE is one of cervical, lumbar, unknown."
            ),
        ),
        (
            {"id": "maker"},
            (
                "Small shot needs maker=VALUE among its options (--option); "
                "VALUE is one of northern, southern, unknown."
            ),
        ),
    ],
)
def test_option_without_a_default_is_asked_for(option: dict[str, Any], message: str) -> None:
    """An option that has no default must be given; the message lists every value it can have."""
    library = a_shelf(options=[option], regions=["low-back"])

    with pytest.raises(RequestError) as error:
        select(library, a_request())

    assert str(error.value) == message


def test_unknown_is_always_a_legal_value() -> None:
    """An option that nobody can tell may be given as unknown."""
    library = a_shelf(options=[{"id": "site", "values": ["cervical", "lumbar"]}])

    chosen = select(library, a_request(options={"site": "unknown"}))

    assert chosen.facts.options["site"] == frozenset({"unknown"})


def test_option_without_a_value_is_no_option() -> None:
    """An option with an empty list of values is refused: it would match nothing, not even unknown."""
    with pytest.raises(ValueError, match="at least one id in the list"):
        a_request(options={"site": []})
