"""Tests of gathering fragments into one library."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from careplan.content.clinic import Clinic
from careplan.content.library import KINDS, check_library, load_library, read_fragment
from careplan.problems import FragmentError, OutputError

Small = dict[str, str]
Plans = Callable[[Mapping[str, str]], Path]


def test_every_fragment_is_found_by_its_id(plans: Plans, small: Small) -> None:
    """Each kind has its own shelf, and rules, signs and publications stand there one by one."""
    library = load_library(plans(small))

    assert {
        name: list(getattr(library, name))
        for name in (
            "interventions",
            "therapies",
            "follow_ups",
            "conditions",
            "factors",
            "rules",
            "red_flags",
            "references",
            "countries",
        )
    } == {
        "interventions": ["back-injection"],
        "therapies": ["massage", "walking-class"],
        "follow_ups": ["check-ups"],
        "conditions": ["back-pain"],
        "factors": ["blood-thinner"],
        "rules": ["r1-heat", "r2-blood-thinner", "r3-scan", "r4-spot"],
        "red_flags": ["chest-pain", "fever", "still-sore"],
        "references": ["example-guideline-2020"],
        "countries": ["US"],
    }
    assert [trait.id for trait in library.vocabulary.traits] == ["needle", "steroid", "sedation"]
    assert library.therapies["massage"].title == "Massage"
    assert library.rules["r2-blood-thinner"].then.action == "ask"


def test_the_folders_of_a_library_have_no_meaning(plans: Plans, small: Small) -> None:
    """What a file is stands in the file; where it lies changes nothing."""
    flat = {Path(name).name: text for name, text in small.items()}

    library = load_library(plans(flat))

    assert list(library.therapies) == ["massage", "walking-class"]
    assert list(library.factors) == ["blood-thinner"]


def test_a_fingerprint_is_that_of_the_text(plans: Plans, small: Small) -> None:
    """A fragment's fingerprint is the digest of its lines, however they end."""
    lines = small["factors/blood-thinner.yaml"].splitlines()
    windows = {**small, "factors/blood-thinner.yaml": "\r\n".join(lines)}
    expected = hashlib.sha256("\n".join(lines).encode()).hexdigest()

    one = load_library(plans(small)).fingerprint("factor", "blood-thinner")
    other = load_library(plans(windows)).fingerprint("factor", "blood-thinner")

    assert (one, other) == (expected, expected)


def test_the_mistakes_of_all_files_are_shown_at_once(plans: Plans, small: Small) -> None:
    """A file that cannot be read, one that is wrong and a name that leads nowhere are shown together."""
    small["factors/blood-thinner.yaml"] = 'kind: "factor\n'
    small["conditions/back-pain.yaml"] = small["conditions/back-pain.yaml"].replace("pain: ", "pein: ")
    small["therapies/massage.yaml"] = small["therapies/massage.yaml"].replace("[heat]", "[heet]")
    folder = plans(small)

    problems = check_library(folder)

    assert [str(problem) for problem in problems] == [
        "plans/conditions/back-pain.yaml:1:1: error: pain is missing. [missing-field]",
        (
            "plans/conditions/back-pain.yaml:4:1: error: pein is not a field here; did you mean 'pain'? "
            "[unknown-field]"
        ),
        "plans/factors/blood-thinner.yaml:1:7: error: A quote is opened here and not closed. [open-quote]",
        (
            "plans/safety-rules/after-needle.yaml:14:22: error: 'blood-thinner' is not a known factor. "
            "[unknown-id]"
        ),
        (
            "plans/therapies/massage.yaml:9:14: error: 'heet' is not a known modality; did you mean 'heat'? "
            "[unknown-id]"
        ),
    ]
    with pytest.raises(FragmentError) as caught:
        load_library(folder)
    assert caught.value.problems == problems


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        (
            "safety-rules/after-needle.yaml",
            "id: r2-blood-thinner",
            "id: r1-heat",
            "13:9: error: The id 'r1-heat' is taken already, in plans/safety-rules/after-needle.yaml:5.",
        ),
        (
            "red-flags.yaml",
            "id: still-sore",
            "id: fever",
            "13:9: error: The id 'fever' is taken already, in plans/red-flags.yaml:8.",
        ),
    ],
)
def test_an_id_inside_a_file_is_taken_once(  # noqa: PLR0913 - two fixtures and four columns
    file: str,
    old: str,
    new: str,
    line: str,
    *,
    plans: Plans,
    small: Small,
) -> None:
    """Of two rules or signs with one id the second is a problem that names the place of the first."""
    small[file] = small[file].replace(old, new)

    problems = check_library(plans(small))

    assert [str(problem) for problem in problems] == [f"plans/{file}:{line} [duplicate-id]"]


def test_one_rule_in_a_file_of_its_own_is_a_rule(plans: Plans, small: Small) -> None:
    """A file with one rule adds it to the rules and shares their names."""
    rule = """\
kind: safety-rule
id: {id}
when: {{traits: [steroid]}}
then: info
staff: Steroid can raise blood sugar.
basis: Common practice.
confidence: low
review: {{status: draft, version: 1, due: 2027-11-01}}
"""
    small["r3-sugar.yaml"] = rule.format(id="r3-sugar")

    library = load_library(plans(small))

    assert list(library.rules) == ["r3-sugar", "r1-heat", "r2-blood-thinner", "r3-scan", "r4-spot"]
    small["zz/r1-heat.yaml"] = rule.format(id="r1-heat")
    assert [str(problem) for problem in check_library(plans(small))] == [
        (
            "plans/zz/r1-heat.yaml:2:5: error: The id 'r1-heat' is taken already, "
            "in plans/safety-rules/after-needle.yaml:5. [duplicate-id]"
        ),
    ]


def test_files_from_elsewhere_join_the_library(plans: Plans, small: Small, tmp_path: Path) -> None:
    """A file beside the library is checked with it and goes by its own path."""
    right, wrong = tmp_path / "old-injury.yaml", tmp_path / "new-injury.yaml"
    text = small["factors/blood-thinner.yaml"]
    right.write_text(text.replace("id: blood-thinner", "id: old-injury"), encoding="utf-8")
    wrong.write_text(text, encoding="utf-8")
    folder = plans(small)

    assert list(load_library(folder, more=[right]).factors) == ["blood-thinner", "old-injury"]
    problems = [str(problem) for problem in check_library(folder, [right, wrong])]
    assert len(problems) == 1
    assert problems[0].endswith(
        "new-injury.yaml:2:5: error: The id 'blood-thinner' must be the file's name, 'new-injury'. "
        "[id-not-file-name]",
    )


def test_a_clinic_beside_the_fragments_is_no_fragment(plans: Plans, small: Small) -> None:
    """A clinic's file in the folder is checked and left out."""
    small["clinic.yaml"] = "kind: clinic\nname: Riverside Pain Center\n"
    small["clinic-2.yaml"] = "kind: clinic\nnam: Riverside Pain Center\n"

    assert [problem.code for problem in check_library(plans(small))] == ["unknown-field"]


def test_examples_are_no_fragments(plans: Plans, small: Small) -> None:
    """What lies in the folder of examples is not read."""
    small["examples/any.yaml"] = "kind: nothing\n"

    assert check_library(plans(small)) == ()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A library in a folder that does not exist is an error and not an empty library."""
    with pytest.raises(OutputError, match=r"^The folder .*/nowhere does not exist\.$"):
        load_library(tmp_path / "nowhere")


def test_one_file_is_read_by_its_kind(plans: Plans, small: Small) -> None:
    """One fragment comes with the places of its values."""
    path = plans(small) / "factors" / "blood-thinner.yaml"

    fragment, source = read_fragment(path, "my file")

    assert type(fragment) is KINDS["factor"]
    assert fragment.title == "Blood thinner"
    assert str(source.locate(["title"])) == "my file:3:8"


def test_only_the_kinds_that_are_expected_are_read(plans: Plans, small: Small) -> None:
    """Where a clinic is expected a factor is refused, with what would be right."""
    path = plans(small) / "factors" / "blood-thinner.yaml"

    with pytest.raises(FragmentError, match=r":1:7: error: kind must be one of clinic\. \["):
        read_fragment(path, kinds={"clinic": Clinic})


@pytest.mark.parametrize("file", ["vocabulary.yaml", "countries.yaml"])
def test_there_is_one_vocabulary(file: str, plans: Plans, small: Small) -> None:
    """A second file of words or countries would replace the first, so it is a problem."""
    small["zz.yaml"] = small[file]

    assert len(check_library(plans(small))) == 1


def test_a_period_ends_after_it_begins(plans: Plans, small: Small) -> None:
    """A stretch of time from day 9 to day 3 is a slip of the finger."""
    file = "interventions/back-injection.yaml"
    small[file] = small[file].replace("from: 0 days", "from: 9 days")

    assert len(check_library(plans(small))) == 1
