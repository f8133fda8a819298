"""Schema and models agree: on every shipped file, and on every wrong one that a schema can judge."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError

from careplan.content.library import KINDS, Library, check_library, load_library
from careplan.content.names import ids_of
from careplan.content.resources import plans_folder
from careplan.content.schema import ANY, Schema, make_schemas
from careplan.content.source import Source, parse_source, read_source
from careplan.planning.naming import FIELDS
from careplan.planning.request import Request
from careplan.problems import FragmentError, Problem

CORPUS = Path(__file__).resolve().parent.parent / "data" / "bad"
ALL = {**KINDS, "request": Request}
Small = dict[str, str]
Plans = Callable[[Mapping[str, str]], Path]

# What no schema can see, by the code of the problem.
UNSEEN = {
    # The file is not read at all; an editor has its own words for what is wrong with YAML.
    "yaml-syntax", "not-utf-8", "hidden-character", "too-deep", "two-documents",
    "tab", "open-quote", "open-bracket", "text-after-quote", "smart-quotes", "special-start", "colon-in-text",
    "no-space-after-colon", "dash", "indent", "text-cut-off", "other-reading",
    # YAML that careplan leaves out on purpose; by the time a schema looks, it is resolved.
    "no-references", "no-tags", "bad-key", "duplicate-key",
    # Two places, or two files, that must fit together.
    "id-not-file-name", "duplicate-id", "no-source",
    # What is in other files, and whether it can be read on paper.
    "no-such-file", "low-contrast",
    "no-original", "wrong-original", "language-not-file-name", "stale-translation", "missing-translation",
    "unknown-text", "not-like-original",
    # What a text says.
    "billing-code",
}
# Files in which a value must fit another one of the same file, which a schema cannot compare.
WITHIN = {
    "approvals-twice", "approval-ends-before",  # one signature a text, and days in their order
    "red-flags.pt",  # a number where signs are meant, which an editor reads as another type
    "diary-sample-too-short",  # as many values as columns
    "need-not-in-therapy",  # a technique, but not one of this therapy
    "unknown-default",  # a value of the option, but not one of those listed here
    "unknown-option-in-text",  # an option of another intervention, inside a sentence
    "visit-after-later", "visit-after-nowhere",  # an earlier visit of the same list
}
# Files in which the schema is more exact than the models: the same line, but the value itself.
NEARER = {"default-unknown", "unknown-option", "unknown-option-in-when", "unknown-option-value"}


@pytest.fixture(scope="module")
def schemas(library: Library) -> dict[str, Schema]:
    """Return the schemas of the shipped library."""
    return make_schemas(ALL, ids_of(library), FIELDS)


def places(schema: Schema, source: Source) -> set[tuple[int, int]]:
    """Return where *schema* refuses the data of *source*, line and column."""
    found = set()
    for error in Draft7Validator(schema).iter_errors(source.data):
        for leaf in leaves(error):
            keys = tuple(leaf.absolute_path)
            spots = [source.locate(keys)]
            if leaf.validator == "additionalProperties":
                unknown = set(leaf.instance) - set(leaf.schema.get("properties", {}))
                spots = [source.locate_key((*keys, name)) for name in unknown]
            found |= {(spot.line, spot.column) for spot in spots}
    return found


def leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Yield what *error* comes down to: itself, or the errors of each choice that failed."""
    if not error.context:
        yield error
    for inner in error.context or ():
        yield from leaves(inner)


def test_each_schema_is_one_of_draft_07(schemas: dict[str, Schema]) -> None:
    """There is a schema for every kind and one for all, in the draft that editors read."""
    assert [*schemas] == [*ALL, ANY]
    for schema in schemas.values():
        Draft7Validator.check_schema(schema)
        assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
        assert not re.search(r'"x-(form|ids)"|\$defs', json.dumps(schema))
        assert all(re.fullmatch(r"[A-Za-z0-9-]+", name) for name in schema["definitions"])


def test_no_field_is_let_through_that_the_models_do_not_know(schemas: dict[str, Schema]) -> None:
    """Every definition with fields refuses others, in a whole file and in a change."""
    definitions = [one for schema in schemas.values() for one in schema["definitions"].values()]

    fielded = [one for one in definitions if "properties" in one]

    assert all(one["additionalProperties"] is False for one in fielded)
    assert len(fielded) > len(ALL)


def test_every_field_says_what_it_is_for(schemas: dict[str, Schema]) -> None:
    """An editor can show a sentence for each field but `kind`, which says it itself."""
    silent = {
        (name, field)
        for schema in schemas.values() for name, one in schema["definitions"].items()
        for field, told in one.get("properties", {}).items()
        if "description" not in told and field != "kind"
    }

    assert silent == set()


@pytest.mark.parametrize("path", sorted(plans_folder().rglob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_file_is_right_for_its_schema(path: Path, schemas: dict[str, Schema]) -> None:
    """What the models accept, the schema of its kind accepts, and so does the one for all."""
    source = read_source(path)

    assert places(schemas[source.data["kind"]], source) == set()
    assert places(schemas[ANY], source) == set()


@pytest.fixture(scope="module")
def small_schema(small_plans: Path) -> Schema:
    """Return the schema for all kinds in the small library."""
    return make_schemas(ALL, ids_of(load_library(small_plans)), FIELDS)[ANY]


def judged(path: Path, folder: Path, schema: Schema) -> tuple[list[Problem], set[tuple[int, int]] | None]:
    """Return the problems of *path* among the plans in *folder*, and where *schema* refuses it."""
    (folder / path.name).write_bytes(path.read_bytes())
    problems = [one for one in check_library(folder) if Path(one.location.file).name == path.name]
    try:
        return problems, places(schema, read_source(folder / path.name))
    except FragmentError:
        return problems, None


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.yaml")), ids=lambda path: path.stem)
def test_what_the_models_refuse_the_schema_refuses_there(
    path: Path, plans: Plans, small: Small, small_schema: Schema
) -> None:
    """A mistake that a schema can see is underlined where `careplan check` shows it."""
    problems, refused = judged(path, plans(small), small_schema)
    seen = {one for one in problems if one.code not in UNSEEN}

    if path.stem in WITHIN or not seen:
        assert not refused
        return
    assert refused is not None
    if path.stem in NEARER:
        assert {one.location.line for one in seen} <= {line for line, _ in refused}
    else:
        assert {(one.location.line, one.location.column) for one in seen} <= refused


def test_the_lists_of_what_is_not_seen_are_no_longer_than_needed() -> None:
    """Each exception stands for a file of the corpus, and the schema sees most of what is readable."""
    codes = {
        path.stem: set(re.findall(r"\[([a-z0-9-]+)\]$", path.read_text(encoding="utf-8"), re.MULTILINE))
        for path in CORPUS.glob("*.txt")
    }

    assert codes.keys() >= WITHIN | NEARER
    assert set().union(*codes.values()) >= UNSEEN
    assert sum(not found <= UNSEEN for found in codes.values()) > 2 * len(WITHIN | NEARER)


def test_the_guard_notices_a_schema_that_lets_a_mistake_through(schemas: dict[str, Schema]) -> None:
    """A schema without its rule against other fields does not refuse a misspelt one."""
    wrong = parse_source(b"kind: factor\ntitel: Old injury\n", "a.yaml")
    lax = json.loads(json.dumps(schemas["factor"]).replace('"additionalProperties": false, ', ""))

    assert (2, 1) in places(schemas["factor"], wrong)
    assert (2, 1) not in places(lax, wrong)


@pytest.mark.parametrize("kind", ["intervention", "therapy", "follow-up", "condition", "factor"])
def test_a_file_that_changes_ours_may_leave_out_what_stays(kind: str, schemas: dict[str, Schema]) -> None:
    """With `extends` only the id is needed, and items say only what they change."""
    schema = schemas[kind]
    name = schema["definitions"][f"{kind}-id"]["enum"][0]
    head = f"kind: {kind}\nid: {name}\n"

    assert places(schema, parse_source(head.encode(), "a.yaml"))
    assert not places(schema, parse_source(f"{head}extends: {name}\ndrop: [one]\n".encode(), "a.yaml"))
    assert places(schema, parse_source(f"{head}extends: {name}\ntitel: Other\n".encode(), "a.yaml"))
    assert places(schema, parse_source(f"{head}extends: no-such-thing\n".encode(), "a.yaml"))


def test_an_item_of_a_change_says_where_it_stands(schemas: dict[str, Schema]) -> None:
    """A changed item needs its id alone; one that is added may stand before or after another."""
    text = (
        "kind: therapy\nid: tai-chi\nextends: tai-chi\nphases:\n  - id: learn\n    at_home:\n"
        "      - {id: short-practice, text: Practice 5 minutes.}\n"
        "      - {id: rest, before: short-practice, text: Rest., basis: Ours.}\n"
    )

    assert not places(schemas["therapy"], parse_source(text.encode(), "a.yaml"))
    wrong = text.replace("text: Rest.", "txt: Rest.")
    assert places(schemas["therapy"], parse_source(wrong.encode(), "a.yaml")) == {(8, 44)}


def test_a_clinics_own_fragments_can_be_named(library: Library, tmp_path: Path) -> None:
    """What stands in the clinic's folder is among the ids, even with a mistake elsewhere in it."""
    (tmp_path / "therapies").mkdir()
    (tmp_path / "therapies" / "qigong.yaml").write_text("kind: therapy\nid: qigong\ntitle: Qigong\nrnk: 1\n")

    schema = make_schemas(ALL, ids_of(library, tmp_path), FIELDS)["request"]

    assert "qigong" in schema["definitions"]["therapy-id"]["enum"]


def test_the_same_models_give_the_same_bytes(library: Library) -> None:
    """Two runs write the same, in the same order."""
    first, second = (json.dumps(make_schemas(ALL, ids_of(library), FIELDS)) for _ in range(2))

    assert first == second


# What is not text to an editor, by the core schema of YAML 1.2 (section 10.3.2).
SPECIAL = re.compile(
    r"null|Null|NULL|~||true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)


@pytest.mark.parametrize("path", sorted(plans_folder().rglob("*.yaml")), ids=lambda path: path.stem)
def test_an_editor_reads_a_shipped_file_as_careplan_does(path: Path) -> None:
    """No shipped text is a number, a date or a yes to an editor that reads YAML 1.2."""
    plain = [
        event.value for event in yaml.parse(path.read_text(encoding="utf-8"))
        if isinstance(event, yaml.ScalarEvent) and event.style is None
    ]

    special = [text for text in plain if SPECIAL.fullmatch(text)]

    assert [text for text in special if isinstance(parse_source(text.encode(), "a").data, str)] == []


@pytest.mark.parametrize("text", ["no", "on", "12:30", "2026-12-03", "1_000", "=", "0.5 mm"])
def test_what_is_text_to_careplan_is_text_to_an_editor(text: str) -> None:
    """The words that older YAML took for something else are text to both."""
    assert isinstance(parse_source(text.encode(), "a").data, str)
    assert not SPECIAL.fullmatch(text)
