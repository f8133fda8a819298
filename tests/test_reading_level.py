"""Every default handout can be read by a person who left school after grade 6."""

import pytest

from careplan.content.clinic import Clinic
from careplan.content.library import Library
from careplan.content.readability import load_syllables, score, words_of
from careplan.content.validation import check_given
from careplan.content.wording import Wording
from careplan.planning.compose import compose
from careplan.planning.request import Request
from careplan.planning.spoken import handout_names, handout_sentences

CORE = ["physical-therapy", "psychotherapy", "acupuncture"]
CASES = {
    "nerve-block": {"purpose": "treatment", "nerve": "occipital"},
    "epidural-steroid-injection": {"site": "lumbar"},
    "radiofrequency-ablation": {"site": "lumbar"},
    "facet-joint-injection": {"site": "lumbar"},
    "trigger-point-injection": {"site": "neck"},
    "spinal-cord-stimulation": {"phase": "implant"},
    "intrathecal-pain-pump": {"phase": "implant"},
    "image-guided-injection": {"joint": "knee"},
}


@pytest.mark.parametrize("intervention", CASES)
def test_a_default_handout_is_plain(
    library: Library, wording: Wording, clinic: Clinic, intervention: str
) -> None:
    """Flesch-Kincaid is at most 6, SMOG at most 8, and no sentence is over twenty words."""
    request = check_given(
        Request,
        {
            "intervention": intervention,
            "options": CASES[intervention],
            "therapies": CORE,
            "date": "2026-12-03",
        },
        "test",
    )
    plan = compose(library, request, clinic, wording)
    sentences = handout_sentences(plan)
    syllables = load_syllables(word for sentence in sentences for word in words_of(sentence))

    found = score(sentences, syllables, handout_names(plan))

    assert found.words > 500
    assert found.flesch_kincaid <= 6.0
    assert found.smog <= 8.0
    assert [one for one in sentences if len(words_of(one)) > 20] == []
