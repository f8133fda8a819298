"""Tests of listing what there is, quickly and without checking it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from careplan.content.catalogue import (
    Listed,
    fragment_files,
    list_fragments,
    list_options,
    list_rules,
    peek,
)
from careplan.content.resources import plans_folder
from careplan.problems import OutputError

Small = dict[str, str]
Plans = Callable[[Mapping[str, str]], Path]


def test_a_list_comes_by_kind_rank_and_id(plans: Plans, small: Small) -> None:
    """Whatever has a kind, an id and a title is listed; words and publications are not."""
    listed = list_fragments(plans(small))

    assert listed == (
        Listed("condition", "back-pain", "Back pain", "", 100),
        Listed("factor", "blood-thinner", "Blood thinner", "", 100),
        Listed("follow-up", "check-ups", "Check-ups", "", 100),
        Listed("intervention", "back-injection", "Back injection", "Medicine into the low back", 100),
        Listed("safety-rules", "after-needle", "After a needle", "", 100),
        Listed("safety-rules", "before-a-scan", "Before a scan", "", 100),
        Listed("therapy", "walking-class", "Walking class", "Walk in a group", 1),
        Listed("therapy", "massage", "Massage", "Soft hands on sore muscles", 2),
    )


def test_a_wrong_file_does_not_keep_others_from_the_list(plans: Plans) -> None:
    """A file that is not readable is listed if its head was, and a rank that is none counts as none."""
    folder = plans(
        {
            "a.yaml": 'kind: therapy\nid: a\ntitle: Alpha\nrank: soon\nwhy: "\n',
            "b.yaml": "kind: therapy\nid: b\n",
            "c.yaml": "kind: [therapy\n",
            "d.yaml": "- kind\n",
            "e.yaml": "",
            "f.yaml": "kind: therapy\nid: f\ntitle: Foxtrot\nrank: 2\n",
        }
    )
    (folder / "g.yaml").write_bytes(b"kind: therapy\nid: g\ntitle: \xff\n")

    listed = list_fragments(folder)

    assert listed == (Listed("therapy", "f", "Foxtrot", "", 2), Listed("therapy", "a", "Alpha", "", 100))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kind: therapy\nid: a\n", {"kind": "therapy", "id": "a"}),
        ("other: {id: b}\nid: a\n", {"id": "a"}),
        ("other: [id, b]\nid: a\n", {"id": "a"}),
        ("items:\n  - id: b\n    kind: c\nkind: therapy\n", {"kind": "therapy"}),
        ("id: {kind: c}\nkind: therapy\n", {"kind": "therapy"}),
        ("other: id\nkind: therapy\n", {"kind": "therapy"}),
        ('id: "no"\n', {"id": "no"}),
        ("id: a\nkind: 'open\n", {"id": "a"}),
    ],
)
def test_only_the_texts_of_the_file_itself_are_peeked_at(
    text: str,
    found: dict[str, str],
    plans: Plans,
) -> None:
    """Texts at the top of a file are found, and none that stands deeper or is another's value."""
    path = plans({"a.yaml": text}) / "a.yaml"

    assert peek(path, ("kind", "id")) == found


def test_peeking_stops_where_it_has_all(plans: Plans) -> None:
    """What comes after the last wanted text is not read, right or wrong."""
    path = plans({"a.yaml": "kind: therapy\nid: a\nid: later\n'"}) / "a.yaml"

    assert peek(path, ("kind", "id")) == {"kind": "therapy", "id": "a"}


def test_peeking_at_nothing_finds_nothing(tmp_path: Path) -> None:
    """A file that is not there holds nothing, for a list."""
    assert peek(tmp_path / "nothing.yaml", ("kind",)) == {}


def test_the_files_of_a_library_are_those_with_its_ending(plans: Plans) -> None:
    """All YAML files below the folder belong to it, in order, but not the examples."""
    folder = plans(
        {
            "b.yaml": "",
            "a/z.yaml": "",
            "a/b/c.yaml": "",
            "notes.md": "",
            "a.yml": "",
            "examples/clinic.yaml": "",
            "examples.yaml": "",
        }
    )

    files = [path.relative_to(folder).as_posix() for path in fragment_files(folder)]

    assert files == ["a/b/c.yaml", "a/z.yaml", "b.yaml", "examples.yaml"]


def test_a_library_may_lie_in_a_folder_of_examples(tmp_path: Path) -> None:
    """Only examples inside the library are left out, not a library inside examples."""
    folder = tmp_path / "examples" / "plans"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text("kind: factor\n", encoding="utf-8")

    assert fragment_files(folder) == [folder / "a.yaml"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A folder that does not exist is an error and not an empty list."""
    with pytest.raises(OutputError, match=r"^The folder .*/nowhere does not exist\.$"):
        list_fragments(tmp_path / "nowhere")


def test_rules_and_options_are_listed_without_checking() -> None:
    """Each rule comes with its line for staff, each option of an intervention with its values."""
    rules = dict(list_rules(plans_folder()))
    options = list_options(plans_folder(), "spinal-cord-stimulation")

    assert rules["n08a-needles-near-fresh-injection"]
    assert options["phase"] == {"trial": "trial", "implant": "implant"}
    assert options["sedation"]["unknown"] == "not known"
    assert "side" in options
    assert "nerve" not in options
    assert "nerve" in list_options(plans_folder(), "no-such-thing")


def test_a_library_that_cannot_be_read_lists_nothing(tmp_path: Path) -> None:
    """What is broken or not there is for `check` to tell; a list goes on."""
    (tmp_path / "broken.yaml").write_text("kind: safety-rules\nrules: [\n", encoding="utf-8")

    assert list_rules(tmp_path) == ()
    assert list_options(tmp_path, None) == {}
