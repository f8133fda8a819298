"""Which folders are watched."""

from pathlib import Path

from careplan.web.saves import folders_of


def test_a_clinics_fragments_are_watched_and_nothing_else_it_keeps(tmp_path: Path) -> None:
    """Of the folder of clinic.yaml only what plans are made of is looked at."""
    plans, templates, clinic = tmp_path / "plans", tmp_path / "templates", tmp_path / "clinic"
    for folder in (plans / "therapies", templates / "css", clinic / "therapies", clinic / "photos"):
        folder.mkdir(parents=True)

    watched = folders_of(plans, templates, clinic / "clinic.yaml", tmp_path / "requests" / "gone.yaml")

    assert watched == {
        plans, plans / "therapies", templates, templates / "css", clinic, clinic / "therapies",
    }
