"""A text beside its translation."""

from careplan.content.changes import Change
from careplan.content.languages import compare_languages

ENGLISH = {
    "title": "Walking",
    "why": [{"id": "strength", "text": "It builds strength."}, {"id": "mood", "text": "It lifts mood."}],
    "at_home": [{"id": "short", "title": "Each day", "text": "Walk 5 to 10 minutes, twice."}],
}


def test_a_whole_translation_differs_in_nothing() -> None:
    """Other words are no difference; the order of numbers is free."""
    spanish = {
        "title": "Caminar",
        "why": [{"id": "strength", "text": "Da fuerza."}, {"id": "mood", "text": "Da ánimo."}],
        "at_home": [{"id": "short", "text": "De 10 minutos a 5, dos veces."}],
    }

    assert compare_languages(ENGLISH, spanish) == ()


def test_missing_items_and_other_numbers_are_shown() -> None:
    """What only one language says, and an amount that differs, is what a reader must see."""
    spanish = {
        "title": "Caminar",
        "why": [{"id": "strength", "text": "Da fuerza."}, {"id": "extra", "text": "Más."}],
        "at_home": [{"id": "short", "text": "De 5 a 15 minutos."}],
    }

    assert compare_languages(ENGLISH, spanish) == (
        Change("removed", ("mood",), "It lifts mood."),
        Change("changed", ("short",), "Each day Walk 5 to 10 minutes, twice.", "De 5 a 15 minutos."),
        Change("added", ("extra",), "", "Más."),
    )


def test_a_translation_holds_its_texts_by_id() -> None:
    """A file of translated texts is compared by the ids under which they stand."""
    spanish = {
        "kind": "translation", "original": "walking", "language": "es",
        "texts": {
            "walking": {"title": "Caminar"}, "strength": {"text": "Da fuerza."},
            "mood": {"text": "Da ánimo."}, "short": {"text": "5 minutos."},
        },
    }

    assert [one.where for one in compare_languages({"id": "walking", **ENGLISH}, spanish)] == [("short",)]
