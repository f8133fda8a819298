"""A file to start from is right at once, and stays right with each of its fields switched on."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from careplan.content.fragments import Therapy
from careplan.content.library import KINDS, Library, check_library, read_fragment
from careplan.content.names import ids_of
from careplan.content.resources import plans_folder
from careplan.content.schema import Schema, make_schemas
from careplan.content.source import parse_source
from careplan.content.starter import PLACEHOLDER, make_start, review, written
from careplan.planning.naming import FIELDS
from careplan.planning.request import Request

ALL = {**KINDS, "request": Request}
STARTED = ("clinic", "intervention", "therapy", "follow-up", "condition", "factor", "safety-rule", "request")
SWITCHED_OFF = re.compile(r"^( *)#(?=[a-z])", re.MULTILINE)
# Fields that need another one beside them, which a single switch does not bring.
NEEDS_ANOTHER = {"after", "times"}


@pytest.fixture(scope="module")
def schemas(library: Library) -> dict[str, Schema]:
    """Return the schemas of the shipped library."""
    return make_schemas(ALL, ids_of(library), FIELDS)


def start(kind: str, schemas: dict[str, Schema]) -> str:
    """Return a new file of *kind* called 'my-own'."""
    values: dict[str, Any] = {}
    if kind not in ("clinic", "request"):
        values = {"id": "my-own", "review": review(dt.date(2027, 11, 1))}
    if kind not in ("clinic", "request", "safety-rule"):
        values["title"] = "My own"
    return make_start(kind, schemas[kind], values)


def switched_on(text: str) -> Iterator[tuple[str, str]]:
    """Yield the name of each field that is switched off, and *text* with that one switched on."""
    lines = text.splitlines()
    for index, line in enumerate(lines):
        found = re.match(r" *#([a-z_-]+):", line)
        if not found:
            continue
        changed, margin = list(lines), line.index("#")
        for inner in range(index, len(lines)):
            if not re.match(rf" {{{margin}}}#\S" if inner == index else rf" {{{margin}}}#  ", lines[inner]):
                break
            changed[inner] = lines[inner].replace("#", "", 1)
        yield found[1], "\n".join(changed) + "\n"


@pytest.mark.parametrize("kind", STARTED)
def test_a_new_file_is_right_for_its_schema_and_its_model(
    kind: str, schemas: dict[str, Schema], tmp_path: Path
) -> None:
    """What is written can be read as it is, by the models and by an editor."""
    path = tmp_path / ("my-own.yaml" if kind != "clinic" else "clinic.yaml")
    path.write_text(start(kind, schemas), encoding="utf-8")

    fragment, source = read_fragment(path, kinds=ALL)

    assert fragment.kind == kind
    assert not [*Draft7Validator(schemas[kind]).iter_errors(source.data)]


@pytest.mark.parametrize("kind", [kind for kind in STARTED if kind != "request"])
def test_a_new_file_has_no_problem_among_the_shipped_plans(
    kind: str, schemas: dict[str, Schema], tmp_path: Path
) -> None:
    """`careplan check` finds nothing: neither names that lead nowhere nor hard words."""
    path = tmp_path / ("my-own.yaml" if kind != "clinic" else "clinic.yaml")
    path.write_text(start(kind, schemas), encoding="utf-8")

    assert "\n".join(one.shown() for one in check_library(plans_folder(), [path])) == ""


@pytest.mark.parametrize("kind", STARTED)
def test_each_field_can_be_switched_on(kind: str, schemas: dict[str, Schema], tmp_path: Path) -> None:
    """Taking the '#' away from a field leaves a file that is still right."""
    path = tmp_path / ("my-own.yaml" if kind != "clinic" else "clinic.yaml")
    seen = set()
    for name, text in switched_on(start(kind, schemas)):
        if name in NEEDS_ANOTHER:
            continue
        path.write_text(text, encoding="utf-8")
        read_fragment(path, kinds=ALL)
        seen.add(name)

    assert seen


@pytest.mark.parametrize("kind", STARTED)
def test_every_field_of_the_model_is_there(kind: str, schemas: dict[str, Schema]) -> None:
    """On or off, no field of the kind is left out, and each has its note."""
    text = start(kind, schemas)
    model = ALL[kind]

    for name, field in model.model_fields.items():
        assert re.search(rf"^#?{field.alias or name}:", text, re.MULTILINE), name
        words = " ".join(re.sub(r"\n *# ", " ", text).split())
        assert " ".join((field.description or "").split()) in words


def test_the_notes_come_from_the_models(library: Library) -> None:
    """A sentence changed in a model is changed in the next new file."""

    class Other(Therapy):
        """Another kind of care."""

    Other.model_fields["therapist"].description = "Who is seen."
    Other.model_rebuild(force=True)
    made = make_schemas({"therapy": Other}, ids_of(library), FIELDS)

    text = start("therapy", made)

    assert text.startswith("# Another kind of care.\n")
    assert "# Who is seen.\ntherapist:" in text


@pytest.mark.parametrize("kind", STARTED)
def test_no_text_of_a_new_file_says_anything(kind: str, schemas: dict[str, Schema]) -> None:
    """Every sentence that a patient or staff would read asks to be replaced."""
    data = parse_source(start(kind, schemas).encode(), "a.yaml").data

    sentences = [one for one in strings(data) if one.endswith(".")]

    assert all(one.startswith(PLACEHOLDER) for one in sentences)


def strings(value: Any) -> Iterator[str]:
    """Yield every text in *value*."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(inner)


def test_a_new_rule_tells_no_patient_anything(schemas: dict[str, Schema]) -> None:
    """A rule that is only begun is for staff: it stops and prints nothing for the patient."""
    rule = parse_source(start("safety-rule", schemas).encode(), "a.yaml").data

    assert rule["then"] == "info"
    assert "patient" not in rule


JSON = st.recursive(
    st.one_of(
        st.text("aB 0-9.:,#{}[]'\"&*!|>%@`~±é\\", max_size=8), st.integers(-99, 99), st.booleans(), st.none(),
    ),
    lambda inner: st.dictionaries(st.from_regex("[a-z]{1,3}", fullmatch=True), inner, min_size=1, max_size=3),
    max_leaves=4,
)


@given(JSON)
def test_what_is_written_is_read_again(value: Any) -> None:
    """Whatever a value holds, the YAML that is written for it means the same."""
    lines = written("field", value)

    assert parse_source("\n".join(lines).encode(), "a.yaml").data == {"field": value}, json.dumps(value)
