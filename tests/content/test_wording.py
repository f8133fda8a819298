"""Tests of the words that a handout adds around its fragments."""

from pathlib import Path

import pytest

from careplan.content.resources import templates_folder
from careplan.content.wording import Wording, load_wording
from careplan.problems import FragmentError, RequestError

WORDS = Wording(
    kind="wording",
    language="en-US",
    locale="en_US",
    words={"and": "and", "page": "Page {page} of {pages}", "days": "{number} days", "days_one": "1 {unit}"},
)


def written(tmp_path: Path, **texts: str) -> Path:
    """Write *texts* as the words of languages and return the folder of templates."""
    folder = tmp_path / "locales"
    folder.mkdir()
    for language, text in texts.items():
        (folder / f"{language}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_words_are_filled_with_values() -> None:
    """A sentence gets its values, and one that is asked for without values keeps its slots."""
    assert WORDS.say("page", page=2, pages=7) == "Page 2 of 7"
    assert WORDS.say("page") == "Page {page} of {pages}"


def test_a_word_that_does_not_exist_is_a_bug() -> None:
    """Asking for an unknown key or leaving out a value is an error of the code."""
    with pytest.raises(KeyError, match="pages"):
        WORDS.say("page", page=2)
    with pytest.raises(KeyError, match="side"):
        WORDS.say("side")


def test_a_value_is_not_filled_again() -> None:
    """A value that holds braces is printed as it is."""
    assert WORDS.say("page", page="{pages}", pages=7) == "Page {pages} of 7"


@pytest.mark.parametrize(("number", "text"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (-1, "-1 days")])
def test_one_thing_has_words_of_its_own(number: int, text: str) -> None:
    """Exactly one is said with the key for one, every other number with the key for many."""
    assert WORDS.count("days", number, unit="day") == text


@pytest.mark.parametrize(
    ("parts", "text"),
    [([], ""), (["a"], "a"), (("a", "b"), "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_parts_are_joined_as_a_sentence_lists_them(parts: list[str], text: str) -> None:
    """Commas stand between all but the last two, which 'and' joins."""
    assert WORDS.joined(parts) == text


def test_the_words_of_a_language_are_loaded(tmp_path: Path) -> None:
    """A language is the file of its name."""
    folder = written(
        tmp_path,
        en="kind: wording\nlanguage: en-US\nlocale: en_US\nwords: {and: and}\n",
        es="kind: wording\nlanguage: es-US\nlocale: es_US\nwords: {and: y}\n",
    )

    spanish = load_wording(folder, "es")

    assert spanish == Wording(kind="wording", language="es-US", locale="es_US", words={"and": "y"})
    assert spanish.joined(["a", "b"]) == "a y b"


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("fr", "There is no handout in the language 'fr'; there is en, es."),
        ("esp", "There is no handout in the language 'esp'; there is en, es; did you mean 'es'?"),
        ("../en", "There is no handout in the language '../en'; there is en, es."),
    ],
)
def test_a_language_that_there_is_not_is_said(language: str, message: str, tmp_path: Path) -> None:
    """Another language is refused with those there are."""
    folder = written(tmp_path, en="", es="")

    with pytest.raises(RequestError) as caught:
        load_wording(folder, language)

    assert str(caught.value) == message


def test_words_are_checked_like_fragments(tmp_path: Path) -> None:
    """A mistake in a file of words is shown with its place."""
    text = "kind: wording\nlanguage: en-US\nlocal: en_US\nwords: {and: and, pages: 7}\n"
    folder = written(tmp_path, en=text)

    with pytest.raises(FragmentError) as caught:
        load_wording(folder, "en")

    assert [str(problem) for problem in caught.value.problems] == [
        "templates/locales/en.yaml:1:1: error: locale is missing. [missing-field]",
        (
            "templates/locales/en.yaml:3:1: error: local is not a field here; did you mean 'locale'? "
            "[unknown-field]"
        ),
        "templates/locales/en.yaml:4:26: error: words.pages must be text, not '7'. [string-type]",
    ]


def keys_without_many(keys: set[str]) -> set[str]:
    """Return the keys for one thing that have no key for many beside them."""
    return {key for key in keys if key.endswith("_one") and key.removesuffix("_one") not in keys}


def test_every_language_has_the_same_words(wording: Wording) -> None:
    """Each shipped language has the keys of English, and each key for one has its key for many."""
    languages = sorted(path.stem for path in (templates_folder() / "locales").glob("*.yaml"))

    keys = {language: set(load_wording(templates_folder(), language).words) for language in languages}

    assert keys == {language: set(wording.words) for language in languages}
    assert keys_without_many(set(wording.words)) == set()


def test_the_guard_notices_a_lonely_key() -> None:
    """A key for one thing without a key for many is found."""
    assert keys_without_many({"days", "days_one", "week_one"}) == {"week_one"}
