"""`careplan diff`."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from ran import Ran

from careplan.content.resources import plans_folder

Run = Callable[..., Ran]
REQUEST = """\
kind: request
intervention: trigger-point-injection
options: {site: low-back}
date: 2026-12-03
"""
OWN = """\
kind: therapy
id: acupuncture
extends: acupuncture
visit:
  - {id: length, text: You rest 20 minutes with 5 needles in your skin.}
review: {status: draft, version: 1, due: 2027-06-01}
"""


def built_in(name: str) -> str:
    """Return the built-in text of a therapy."""
    return (plans_folder() / "therapies" / f"{name}.yaml").read_text(encoding="utf-8")


def write(folder: Path, name: str, text: str) -> None:
    """Write a file below *folder*."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_two_requests_differ_in_words_and_dates(careplan: Run, tmp_path: Path) -> None:
    """What moves is told with both dates; nothing of the patient is, beyond that it differs."""
    write(tmp_path, "a.yaml", REQUEST)
    later = REQUEST.replace("2026-12-03", "2026-12-07")
    write(tmp_path, "b.yaml", later + "therapies: [yoga]\npatient: {name: Jordan Example}\n")

    ran = careplan("diff", "a.yaml", "b.yaml")
    listed = json.loads(careplan("diff", "a.yaml", "b.yaml", "--json").out)

    assert ran.code == 0
    assert ran.out.startswith("Patient details differ.\nThe plan\n")
    assert "  ~ Procedure: Thu, Dec 3, 2026 → Mon, Dec 7, 2026\n" in ran.out
    assert "  + Therapy: Yoga\n" in ran.out
    assert "\x1b" not in ran.out
    assert "Jordan" not in ran.out + ran.err + json.dumps(listed)
    assert listed["patient_differs"] is True


def test_what_keeps_a_request_from_being_a_plan_names_its_file(careplan: Run, tmp_path: Path) -> None:
    """A closed day is told with the file that asks for it."""
    write(tmp_path, "a.yaml", REQUEST)
    write(tmp_path, "b.yaml", REQUEST.replace("2026-12-03", "2026-12-05"))

    ran = careplan("diff", "a.yaml", "b.yaml")

    assert ran.code == 2
    assert "careplan: b.yaml: The clinic is closed" in ran.err


def test_two_versions_of_a_text_differ_word_by_word(careplan: Run, tmp_path: Path) -> None:
    """Each item that is other is shown with its words marked."""
    text = built_in("acupuncture")
    write(tmp_path, "old.yaml", text)
    write(tmp_path, "new.yaml", text.replace("15 to 30 minutes", "20 minutes"))

    ran = careplan("diff", "old.yaml", "new.yaml")
    same = careplan("diff", "old.yaml", "old.yaml")

    assert ran.out == (
        "~ visit > length > text: You rest [-15 to 30-] {+20+} minutes with 5 to 20 needles in your skin.\n"
    )
    assert (ran.code, ran.err) == (0, "1 change.\n")
    assert (same.code, same.out) == (0, "")
    assert "No change" in same.err


def test_two_languages_differ_in_items_and_numbers(careplan: Run, tmp_path: Path) -> None:
    """A reader of one language sees what the other lacks and which amounts differ."""
    two = "  - {id: a, text: Walk 5 minutes.}\n  - {id: b, text: Rest.}\n"
    write(tmp_path, "walk.yaml", f"kind: therapy\nwhy:\n{two}")
    write(tmp_path, "walk.es.yaml", "kind: therapy\nwhy:\n  - {id: a, text: Camine 15 minutos.}\n")

    ran = careplan("diff", "walk.yaml", "walk.es.yaml")

    assert ran.out == "~ a: [-Walk 5 minutes.-] {+Camine 15 minutos.+}\n- b: Rest.\n"


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("a.yaml",), 2, "needs a second file"),
        (("a.yaml", "text.yaml"), 2, "A request is compared with a request"),
        (("a.yaml", "list.yaml"), 3, "The file must hold fields"),
        (("a.yaml", "none.yaml"), 6, "none.yaml cannot be read"),
        (("nothing-like-it",), 2, "There is no text 'nothing-like-it'"),
        ((), 2, "There is no clinic folder here"),
        (("a.yaml", "--accept", "x"), 2, "--accept stands alone"),
    ],
)
def test_what_cannot_be_compared_is_told(
    careplan: Run, tmp_path: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    """Each wrong use has its sentence and its exit code."""
    write(tmp_path, "a.yaml", REQUEST)
    write(tmp_path, "text.yaml", built_in("yoga"))
    write(tmp_path, "list.yaml", "- a\n")

    ran = careplan("diff", *arguments)

    assert ran.code == code
    assert sentence in ran.err


def test_a_text_that_the_clinic_left_alone_has_no_change(careplan: Run) -> None:
    """Without a clinic's own text, an id compares the built-in one with itself."""
    ran = careplan("diff", "yoga")

    assert (ran.code, ran.out) == (0, "")
    assert "it is as it comes with careplan" in ran.err


def test_a_clinics_text_differs_from_the_built_in_one_item_by_item(careplan: Run, tmp_path: Path) -> None:
    """Only what the clinic wrote is told, with the built-in words beside its own."""
    write(tmp_path, "clinic.yaml", "kind: clinic\n")
    write(tmp_path, "therapies/acupuncture.yaml", OWN)

    ran = careplan("diff", "acupuncture")

    assert ran.code == 0
    (line,) = [one for one in ran.out.splitlines() if one.startswith("~ visit")]
    assert line.startswith("~ visit > length > text: You rest [-15 to 30-] {+20+} minutes")


def test_what_moved_underneath_a_clinics_text_is_told_until_it_is_accepted(
    careplan: Run, tmp_path: Path
) -> None:
    """A change in an item that the clinic changed too asks for a fresh look; accepting renews the copy."""
    old = built_in("acupuncture").replace("15 to 30 minutes", "10 minutes").replace("Very thin", "Thin")
    write(tmp_path, "clinic.yaml", "kind: clinic\n")
    write(tmp_path, "upstream/therapies/acupuncture.yaml", old)
    (tmp_path / "therapies").mkdir()
    write(tmp_path, "therapies/acupuncture.yaml", OWN)

    moved = careplan("diff")
    listed = json.loads(careplan("diff", "--json").out)
    accepted = careplan("diff", "--accept", "acupuncture")
    after = careplan("diff")

    assert moved.code == 0
    assert "  summary: [-Thin-] {+Very thin+} needles at chosen points.\n" in moved.out
    assert "{+15 to 30+} minutes" in moved.out
    assert moved.out.count("look at it afresh") == 1
    assert "1 moved underneath, 1 to be looked at afresh" in moved.err
    assert [one["fresh_look"] for one in listed[0]["changes"]] == [False, True]
    assert (accepted.code, accepted.out) == (0, str(Path("upstream/therapies/acupuncture.yaml")) + "\n")
    copy = tmp_path / "upstream/therapies/acupuncture.yaml"
    assert copy.read_text(encoding="utf-8") == built_in("acupuncture")
    assert "nothing changed underneath" in after.out


def test_a_missing_copy_and_a_text_that_is_gone_are_told(careplan: Run, tmp_path: Path) -> None:
    """Without a copy nothing can be compared; a base that is gone is named."""
    write(tmp_path, "clinic.yaml", "kind: clinic\n")
    write(tmp_path, "therapies/acupuncture.yaml", OWN)
    write(tmp_path, "therapies/old-way.yaml", OWN.replace("acupuncture", "old-way"))

    ran = careplan("diff")
    unknown = careplan("diff", "--accept", "acupunctur")
    gone = careplan("diff", "--accept", "old-way")

    assert ran.code == 0
    assert "careplan diff --accept acupuncture makes it" in ran.out
    assert "the built-in text 'therapy/old-way' is gone" in ran.out
    assert unknown.code == 2
    assert "did you mean 'acupuncture'?" in unknown.err
    assert gone.code == 2
    assert "'therapy/old-way' is gone" in gone.err


def test_a_single_rule_and_a_list_are_looked_after_too(careplan: Run, tmp_path: Path) -> None:
    """A rule that the clinic changes is compared alone, wherever it is written; a list as a whole."""
    rules = (plans_folder() / "safety-rules/after-needle.yaml").read_text(encoding="utf-8")
    first, second = re.findall(r"^  - id: (\S+)$", rules, re.MULTILINE)[:2]
    old = re.sub(r"patient: .*", "patient: Other words.", rules)
    write(tmp_path, "clinic.yaml", "kind: clinic\n")
    write(tmp_path, "upstream/safety-rules/after-needle.yaml", old)
    write(
        tmp_path, f"safety-rules/{first}.yaml",
        f"kind: safety-rule\nid: {first}\nextends: {first}\npatient: Ours.\n",
    )
    write(
        tmp_path, "safety-rules/ours.yaml",
        f"kind: safety-rules\nid: ours\nrules:\n  - {{id: {second}, extends: {second}, staff: Ours.}}\n",
    )
    write(tmp_path, "red-flags.yaml", "kind: red-flags\nextends: red-flags\ndrop: [fever]\n")

    ran = careplan("diff")
    accepted = careplan("diff", "--accept", first)

    assert f"safety-rule/{first}: changed underneath" in ran.out
    assert f"safety-rule/{second}: changed underneath" in ran.out
    assert "red-flags: there is no" in ran.out
    assert ran.out.count("patient: ") == 2
    assert f"taken as known too: safety-rule/{second}" in accepted.err
    assert "changed underneath" not in careplan("diff").out.replace("nothing changed", "")
