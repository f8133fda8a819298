"""`careplan schema`, as a process."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from ran import Ran

Run = Callable[..., Ran]


def test_one_schema_is_printed(careplan: Run) -> None:
    """A kind names its schema; without one it is the schema that chooses by kind."""
    one, every = careplan("schema", "therapy"), careplan("schema")

    assert json.loads(one.out)["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert "therapy" in json.loads(every.out)["properties"]["kind"]["enum"]
    assert (one.err, every.err) == ("", "")


def test_all_schemas_are_written_into_a_folder(careplan: Run, tmp_path: Path) -> None:
    """There is a file for every kind; a second run gives the same bytes."""
    ran = careplan("schema", "-o", "schemas")

    written = {path.name: path.read_bytes() for path in (tmp_path / "schemas").iterdir()}
    assert {"therapy.schema.json", "request.schema.json", "careplan.schema.json"} <= written.keys()
    assert sorted(ran.out.splitlines()) == sorted(str(Path("schemas", name)) for name in written)
    careplan("schema", "-o", "schemas")
    assert written == {path.name: path.read_bytes() for path in (tmp_path / "schemas").iterdir()}


def test_a_stale_schema_is_told(careplan: Run, tmp_path: Path) -> None:
    """--check writes nothing and says which schema is no longer what careplan reads."""
    careplan("schema", "-o", "schemas")
    assert careplan("schema", "-o", "schemas", "--check").code == 0
    (tmp_path / "schemas" / "factor.schema.json").write_text("{}", encoding="utf-8")
    (tmp_path / "schemas" / "clinic.schema.json").unlink()

    ran = careplan("schema", "-o", "schemas", "--check")

    assert ran.code == 3
    assert "factor.schema.json: error: The schema is stale; run careplan schema -o schemas." in ran.err
    assert "clinic.schema.json: error: The schema is not there" in ran.err
    assert (tmp_path / "schemas" / "factor.schema.json").read_text(encoding="utf-8") == "{}"


def test_an_own_fragment_makes_the_wired_schema_stale(careplan: Run, tmp_path: Path) -> None:
    """A clinic's own ids are among those that its editor knows."""
    careplan("new", "clinic")
    careplan("schema", "--editor", "vscode")
    careplan("new", "therapy", "qigong")

    assert careplan("schema", "--editor", "vscode", "--check").code == 3
    careplan("schema", "--editor", "vscode")
    assert careplan("schema", "--editor", "vscode", "--check").code == 0
    assert '"qigong"' in (tmp_path / ".vscode" / "careplan.schema.json").read_text(encoding="utf-8")


def test_the_editor_is_wired_beside_what_it_knew(careplan: Run, tmp_path: Path) -> None:
    """Settings and recommendations that are there stay, and a second run changes nothing."""
    folder = tmp_path / ".vscode"
    folder.mkdir()
    (folder / "settings.json").write_text(
        '{"editor.tabSize": 2, "yaml.schemas": {"other.json": "/other/*.yaml"}}', encoding="utf-8",
    )
    (folder / "extensions.json").write_text('{"recommendations": ["some.other"]}', encoding="utf-8")

    ran = careplan("schema", "--editor", "vscode")

    assert ran.code == 0
    settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    assert settings["editor.tabSize"] == 2
    assert settings["yaml.schemas"]["other.json"] == "/other/*.yaml"
    assert "/therapies/*.yaml" in settings["yaml.schemas"][".vscode/careplan.schema.json"]
    extensions = json.loads((folder / "extensions.json").read_text(encoding="utf-8"))
    assert extensions == {"recommendations": ["some.other", "redhat.vscode-yaml"]}
    before = {path: path.read_bytes() for path in folder.iterdir()}
    careplan("schema", "--editor", "vscode")
    assert before == {path: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(
    "text",
    ['{\n  // ours\n  "editor.tabSize": 2,\n}\n', '{"a": 1, "a": 2}', "[]", '{"yaml.schemas": []}', "\udcff"],
    ids=["comment", "twice", "list", "schemas are a list", "not UTF-8"],
)
def test_settings_that_would_lose_something_are_left_alone(careplan: Run, tmp_path: Path, text: str) -> None:
    """What is no plain JSON is not rewritten; it is said what to add by hand."""
    settings = tmp_path / ".vscode" / "settings.json"
    settings.parent.mkdir()
    settings.write_text(text, encoding="utf-8", errors="surrogateescape")
    before = settings.read_bytes()

    ran = careplan("schema", "--editor", "vscode")

    assert (ran.code, ran.out) == (6, "")
    assert settings.read_bytes() == before
    assert "yaml.schemas" in ran.err
    assert "Traceback" not in ran.err
    assert (tmp_path / ".vscode" / "careplan.schema.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("therpy",), "There is no kind 'therpy'; did you mean 'therapy'?"),
        (("therapy", "-o", "x"), "Give a KIND, or -o FOLDER, or --editor vscode"),
        (("-o", "x", "--editor", "vscode"), "Give a KIND, or -o FOLDER, or --editor vscode"),
        (("--check",), "--check goes with one of the last two."),
    ],
)
def test_what_does_not_go_together_is_told(careplan: Run, arguments: tuple[str, ...], sentence: str) -> None:
    """A wrong kind gets the nearest, and options that exclude each other get a sentence."""
    ran = careplan("schema", *arguments)

    assert (ran.code, ran.out) == (2, "")
    assert sentence in ran.err


def test_a_folder_that_cannot_be_made_is_told(careplan: Run, tmp_path: Path) -> None:
    """A file in the way ends with the code for files."""
    (tmp_path / "schemas").write_text("", encoding="utf-8")

    ran = careplan("schema", "-o", "schemas")

    assert ran.code == 6
    assert "The folder schemas was not made" in ran.err
