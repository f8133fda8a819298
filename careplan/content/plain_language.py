"""Check that what patients read is plain: short sentences, common words, a low grade."""

from collections.abc import Iterable, Iterator, Sequence

from pydantic import BaseModel

from careplan.content import fragments as f
from careplan.content.items import Answer, Item, Period
from careplan.content.readability import Score, load_syllables, score, sentences_of, words_of
from careplan.content.references import walk
from careplan.content.rules import RedFlag, SafetyRule
from careplan.content.source import Keys, Source
from careplan.content.vocabulary import Jargon
from careplan.problems import Problem

MOST_WORDS = 20
HIGHEST_GRADE = 7.0
# A grade of a shorter text says more about chance than about the text.
FEWEST_WORDS = 100
# The section that tells the names patients will hear; they are what they are.
_NAMES = "names"

# The fields that a patient reads, by the model that holds them.
_READ: dict[type[BaseModel], tuple[str, ...]] = {
    Item: ("title", "text"),
    Answer: ("question",),
    Period: ("title",),
    f.Phase: ("title",),
    f.Visit: ("title", "text", "bring"),
    f.Diary: ("title", "how"),
    f.Card: ("device",),
    f.HealthCondition: ("pain",),
    f.Question: ("text",),
    RedFlag: ("text",),
    SafetyRule: ("patient", "patient_if_allowed"),
}


def patient_texts(fragment: BaseModel) -> Iterator[tuple[Keys, str]]:
    """Yield every text of *fragment* that a patient reads, with its place."""
    for keys, model in walk(fragment):
        for kind, names in _READ.items():
            if isinstance(model, kind):
                texts = ((name, getattr(model, name)) for name in names)
                yield from (((*keys, name), text) for name, text in texts if text)


def check_language(
    read: Sequence[tuple[BaseModel, Source]], jargon: Iterable[Jargon]
) -> Iterator[Problem]:
    """Yield a problem for each long sentence, hard word and fragment that is hard to read."""
    texts = [(fragment, source, list(patient_texts(fragment))) for fragment, source in read]
    every = (word for _, _, said in texts for _, text in said for word in words_of(text))
    syllables = load_syllables(every)
    plain = {one.word: one.say for one in jargon}
    for _, source, said in texts:
        for keys, text in said:
            yield from _text_problems(source, keys, text, plain)
        # Titles are no sentences; they would make any text look easy.
        sentences = [one for keys, text in said if keys[-1] != "title" for one in sentences_of(text)]
        found = score(sentences, syllables)
        if found.words >= FEWEST_WORDS and found.flesch_kincaid > HIGHEST_GRADE:
            yield _too_hard(source, found)


def _text_problems(
    source: Source, keys: Keys, text: str, plain: dict[str, str]
) -> Iterator[Problem]:
    place = source.locate(keys)
    for sentence in sentences_of(text):
        length = len(words_of(sentence))
        if length > MOST_WORDS:
            said = f"A sentence has {length} words; {MOST_WORDS} is the most. Make two of it."
            yield source.problem(place, said, "long-sentence")
    if keys[0] == _NAMES:
        return
    for sentence in sentences_of(text):
        # A capital inside a sentence marks a name, which may be what it likes.
        first, *others = words_of(sentence)
        said = f" {' '.join([first.lower(), *others])} "
        for word, say in plain.items():
            if f" {word} " in said:
                yield source.problem(place, f"Instead of '{word}' say '{say}'.", "jargon")


def _too_hard(source: Source, found: Score) -> Problem:
    sentence = (
        f"The texts for patients are at grade {found.flesch_kincaid:.1f}; {HIGHEST_GRADE:.0f} is the highest."
        " Use shorter sentences and words."
    )
    return source.problem(source.locate(()), sentence, "hard-to-read")
