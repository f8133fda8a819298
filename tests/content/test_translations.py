"""Texts in another language, beside their original."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from careplan.content.library import check_library, load_library, read_fragment
from careplan.content.translations import texts_to_translate

Small = dict[str, str]
Plans = Callable[[Mapping[str, str]], Path]
NAME = "conditions/back-pain.yaml"
SPANISH = """\
kind: translation
original: condition
language: es
made_from: "{made_from}"
texts:
  back-pain: {{title: Dolor de espalda, pain: dolor de espalda}}
  what-it-is: {{text: Es un dolor debajo de las costillas.}}
review: {{status: draft, version: 1, due: 2027-11-01}}
"""


@pytest.fixture
def folder(plans: Plans, small: Small) -> Path:
    """Return the small library with a right translation in it."""
    made = plans(small)
    _, source = read_fragment(made / NAME)
    text = SPANISH.format(made_from=source.digest()[:12])
    (made / "conditions" / "back-pain.es.yaml").write_text(text, encoding="utf-8")
    return made


def codes(folder: Path) -> list[str]:
    """Return the codes of all problems in *folder* with their levels."""
    return [f"{one.level} {one.code}" for one in check_library(folder)]


def change(path: Path, old: str, new: str) -> None:
    """Write *new* for *old* in the file at *path*."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_whole_translation_is_right(folder: Path) -> None:
    """A translation with every text of its original is no problem and no fragment of its own."""
    assert codes(folder) == []
    assert set(load_library(folder).conditions) == {"back-pain"}


def test_a_changed_original_makes_it_stale(folder: Path) -> None:
    """Whatever changes in the original, the translation must be compared again."""
    change(folder / NAME, "below the ribs", "under the ribs")

    (problem,) = check_library(folder)

    assert (problem.code, problem.level) == ("stale-translation", "warning")
    _, source = read_fragment(folder / NAME)
    assert f'made_from: "{source.digest()[:12]}"' in problem.sentence


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (", pain: dolor de espalda", "", "missing-translation"),
        ("text: Es un dolor debajo de las costillas.", 'text: "Desde {day 2} no."', "not-like-original"),
        ("text: Es un dolor debajo de las costillas.", "text: [Uno, Dos]", "not-like-original"),
        ("what-it-is: {text", "what-it-is: {title: Qué es, text", "unknown-text"),
        ("original: condition", "original: factor", "wrong-original"),
        ("language: es", "language: de", "language-not-file-name"),
    ],
)
def test_what_keeps_it_from_standing_for_the_original_is_a_problem(
    folder: Path, old: str, new: str, found: str
) -> None:
    """A missing, left-over or different text, another kind and another language are problems."""
    change(folder / "conditions" / "back-pain.es.yaml", old, new)

    assert codes(folder) == [f"problem {found}"]


def test_every_text_for_patients_is_to_be_translated(plans: Plans, small: Small) -> None:
    """Titles, items, visits and diaries are asked for by id and field; staff texts are not."""
    made = plans(small)
    injection, _ = read_fragment(made / "interventions/back-injection.yaml")
    checks, _ = read_fragment(made / "follow-ups/check-ups.yaml")
    rules, _ = read_fragment(made / "safety-rules/after-needle.yaml")

    assert set(texts_to_translate(injection)["back-injection"]) == {"title", "called"}
    assert set(texts_to_translate(injection)["pain-diary"]) == {"title", "how", "columns", "sample"}
    assert set(texts_to_translate(checks)["first-call"]) == {"title", "short", "text"}
    assert texts_to_translate(rules)["r1-heat"] == {"patient": "Heat too soon can add swelling."}
