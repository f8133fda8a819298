"""`careplan new`, as a process."""

from collections.abc import Callable
from pathlib import Path

import pytest
from ran import Ran

from careplan.content.resources import plans_folder

Run = Callable[..., Ran]
FOLDERS = {
    "intervention": "interventions", "therapy": "therapies", "follow-up": "follow-ups",
    "condition": "conditions", "factor": "factors", "safety-rule": "safety-rules",
}


@pytest.mark.parametrize(("kind", "folder"), FOLDERS.items())
def test_a_new_file_stands_in_its_folder_and_passes_the_check(
    careplan: Run, kind: str, folder: str
) -> None:
    """The path comes on stdout, the next steps on stderr, and the file is right at once."""
    careplan("new", "clinic")

    ran = careplan("new", kind, "my-own")

    path = Path(folder, "my-own.yaml")
    assert (ran.code, ran.out) == (0, f"{path}\n")
    assert f"careplan check {path}" in ran.err
    assert f"careplan preview {path}" in ran.err
    assert "careplan approve my-own" in ran.err
    checked = careplan("check", str(path))
    assert (checked.code, checked.err) == (0, "")


def test_a_new_clinic_is_a_file_to_fill_in(careplan: Run, tmp_path: Path) -> None:
    """Without an id it stands here, with one in a folder of that name."""
    assert careplan("new", "clinic").out == "clinic.yaml\n"
    assert careplan("new", "clinic", "riverside").out == f"{Path('riverside', 'clinic.yaml')}\n"
    assert careplan("check", "clinic.yaml", str(Path("riverside", "clinic.yaml"))).code == 0
    assert "\n#name:" in (tmp_path / "clinic.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "intervention", sorted(path.stem for path in (plans_folder() / "interventions").glob("*.yaml")),
)
def test_a_new_request_can_be_planned(careplan: Run, intervention: str) -> None:
    """A request for any intervention has the options that it needs, as unknown where that may be."""
    ran = careplan("new", "request", "next-week", "--from", intervention)

    assert (ran.code, ran.out) == (0, "next-week.yaml\n")
    checked = careplan("check", "next-week.yaml")
    assert (checked.code, checked.err) == (0, "")


def test_nothing_is_overwritten(careplan: Run, tmp_path: Path) -> None:
    """A file that is there stays as it is, with the code for files."""
    (tmp_path / "clinic.yaml").write_text("kind: clinic\nname: Ours\n", encoding="utf-8")

    ran = careplan("new", "clinic")

    assert (ran.code, ran.out) == (6, "")
    assert ran.err == "careplan: clinic.yaml is there already and was left as it is.\n"
    assert (tmp_path / "clinic.yaml").read_text(encoding="utf-8") == "kind: clinic\nname: Ours\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("therapy", "Qi Gong"), "An id has small letters, digits and single hyphens: 'qi-gong'."),
        (("therapy", "Thérapie_1.yaml"), "single hyphens: 'therapie-1'."),
        (("therapy", "../escape"), "single hyphens: 'escape'."),
        (("therapy", "…"), "such as 'gentle-yoga'."),
        (("therpy", "qigong"), "There is no kind 'therpy' to start; did you mean 'therapy'?"),
        (("therapy", "tai-chi"), "To change it: careplan new therapy tai-chi --from tai-chi."),
        (("therapy", "yoga-2", "--from", "yogga"), "There is no therapy 'yogga'; did you mean 'yoga'?"),
        (("therapy", "yoga", "--from", "tai-chi"), "There is a built-in therapy 'yoga'."),
        (("safety-rule", "n08a-needles-near-fresh-injection"), "There is a built-in safety rule"),
        (("request", "monday", "--from", "nerve-blok"), "did you mean 'nerve-block'?"),
        (("clinic", "--from", "other"), "A clinic is not made from another"),
        (("therapy", "qigong", "-o", "other.yaml"), "must be called qigong.yaml, not other.yaml."),
        (("therapy",), "Give a KIND and an ID: careplan new KIND ID."),
        ((), "Give a KIND and an ID: careplan new KIND ID."),
    ],
)
def test_what_cannot_be_started_is_told_in_a_sentence(
    careplan: Run, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    """A wrong word is told with the right one; nothing is asked without a terminal, nothing written."""
    ran = careplan("new", *arguments)

    assert (ran.code, ran.out) == (2, "")
    assert sentence in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_change_keeps_the_built_in_text_to_compare_with(careplan: Run, tmp_path: Path) -> None:
    """Under the id of a built-in fragment, the file extends it and the original is put aside."""
    careplan("new", "clinic")

    ran = careplan("new", "therapy", "tai-chi", "--from", "tai-chi")

    path, kept = Path("therapies", "tai-chi.yaml"), Path("upstream", "therapies", "tai-chi.yaml")
    assert (ran.code, ran.out) == (0, f"{path}\n")
    assert str(kept) in ran.err
    assert "\nextends: tai-chi\n" in (tmp_path / path).read_text(encoding="utf-8")
    built_in = plans_folder() / "therapies" / "tai-chi.yaml"
    assert (tmp_path / kept).read_bytes() == built_in.read_bytes()
    assert careplan("new", "therapy", "tai-chi", "--from", "tai-chi").code == 6


def test_an_older_text_that_was_kept_stays(careplan: Run, tmp_path: Path) -> None:
    """What was put aside earlier is what the clinic took over then; it is told, not replaced."""
    kept = tmp_path / "upstream" / "therapies" / "tai-chi.yaml"
    kept.parent.mkdir(parents=True)
    kept.write_text("kind: therapy\n", encoding="utf-8")

    ran = careplan("new", "therapy", "tai-chi", "--from", "tai-chi")

    assert ran.code == 0
    assert "is there from an earlier time" in ran.err
    assert kept.read_text(encoding="utf-8") == "kind: therapy\n"


def test_a_copy_is_a_fragment_of_its_own(careplan: Run) -> None:
    """Under another id, the whole text can be edited and passes the check."""
    careplan("new", "clinic")

    ran = careplan("new", "therapy", "chair-tai-chi", "--from", "tai-chi")

    assert ran.code == 0
    assert careplan("check", ran.out.strip()).code == 0
    again = careplan("new", "therapy", "chair-tai-chi")
    assert (again.code, again.out) == (2, "")
    assert "You have a therapy 'chair-tai-chi' already" in again.err


def test_a_copy_of_what_the_clinic_changed_says_what_it_copies(careplan: Run, tmp_path: Path) -> None:
    """A change is no whole text; the copy is of the built-in one, and that is said."""
    careplan("new", "clinic")
    careplan("new", "therapy", "tai-chi", "--from", "tai-chi")

    ran = careplan("new", "therapy", "chair-tai-chi", "--from", "tai-chi")

    assert "the copy is of the built-in text" in ran.err
    assert "extends" not in (tmp_path / ran.out.strip()).read_text(encoding="utf-8")


def test_the_clinic_folder_is_where_it_is_written(careplan: Run) -> None:
    """--clinic names the folder; without a clinic, the file stands here and that is said."""
    careplan("new", "clinic", "riverside")

    assert careplan("new", "factor", "frail", "--clinic", "riverside").out == (
        f"{Path('riverside', 'factors', 'frail.yaml')}\n"
    )
    ran = careplan("new", "factor", "frail")
    assert ran.out == f"{Path('factors', 'frail.yaml')}\n"
    assert "This is no clinic folder yet" in ran.err
    assert careplan("new", "factor", "tired", "-o", "riverside").out == f"{Path('riverside', 'tired.yaml')}\n"


def test_a_request_beside_the_schema_names_it(careplan: Run, tmp_path: Path) -> None:
    """The editor's settings know no request here, so that its first line tells the editor."""
    careplan("new", "clinic")
    careplan("schema", "--editor", "vscode")

    careplan("new", "request", "monday", "--from", "nerve-block")

    first = (tmp_path / "monday.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=.vscode/careplan.schema.json"
    assert careplan("check", "monday.yaml").code == 0
