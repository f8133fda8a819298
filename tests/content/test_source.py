"""Tests of reading YAML: which values, from which places, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.content.source import MOST_BYTES, MOST_LEVELS, Source, parse_source, read_source
from careplan.problems import FragmentError, Location, OutputError, Problem

# Characters that a file may hold as they are; the others are refused wherever they stand.
_VISIBLE = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_TEXTS = st.text(_VISIBLE, max_size=20)
_KEYS = _TEXTS.filter(lambda key: key != "<<")
_DATA = st.recursive(
    _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=25,
)


def parsed(text: str) -> Any:
    """Return the data written in *text*."""
    return parse_source(text.encode(), "a.yaml").data


def refused(raw: bytes) -> tuple[Problem, ...]:
    """Return the problems for which *raw* is refused."""
    with pytest.raises(FragmentError) as caught:
        parse_source(raw, "a.yaml")
    return caught.value.problems


def dumped(data: Any) -> str:
    """Return *data* as YAML in which every text is in double quotes."""
    if isinstance(data, str):
        return json.dumps(data, ensure_ascii=False)
    if isinstance(data, list):
        return f"[{', '.join(map(dumped, data))}]"
    return f"{{{', '.join(f'{dumped(key)}: {dumped(value)}' for key, value in data.items())}}}"


def blocks(data: Any, indent: int = 0) -> str:
    """Return *data* as YAML with one text a line."""
    space = " " * indent
    if isinstance(data, str) or not data:
        return f"{space}{dumped(data)}\n"
    if isinstance(data, list):
        return "".join(f"{space}-\n{blocks(value, indent + 2)}" for value in data)
    return "".join(f"{space}{dumped(key)}:\n{blocks(value, indent + 2)}" for key, value in data.items())


def texts_in(data: Any, keys: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], str]]:
    """Return every text inside *data* with the keys that lead to it."""
    if isinstance(data, str):
        return [(keys, data)]
    inner = enumerate(data) if isinstance(data, list) else data.items()
    return [found for key, value in inner for found in texts_in(value, (*keys, key))]


def at(source: Source, location: Location) -> str:
    """Return what is written from *location* to the end of its line."""
    return source.lines[location.line - 1][location.column - 1 :]


@given(_DATA)
def test_what_is_written_in_quotes_comes_back(data: Any) -> None:
    """Texts, lists and fields, however nested, come back as they were written."""
    source = parse_source(dumped(data).encode(), "a.yaml")

    assert source.data == data


@given(_DATA)
def test_each_place_points_at_its_value(data: Any) -> None:
    """The place of every text, flow or block, is where its opening quote stands."""
    for text in (dumped(data), blocks(data)):
        source = parse_source(text.encode(), "a.yaml")

        for keys, value in texts_in(data):
            assert at(source, source.locate(keys)).startswith(dumped(value))


@given(st.dictionaries(_KEYS, _TEXTS, min_size=1, max_size=6))
def test_each_key_has_a_place_of_its_own(data: dict[str, str]) -> None:
    """The place of a key is where the key stands and not its value."""
    source = parse_source(blocks(data).encode(), "a.yaml")

    for key in data:
        assert at(source, source.locate_key([key])) == f"{dumped(key)}:"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("0", 0),
        ("7", 7),
        ("-7", -7),
        ("+7", 7),
        ("2.50", 2.5),
        ("-0.5", -0.5),
        ("no", "no"),
        ("NO", "NO"),
        ("on", "on"),
        ("True", "True"),
        ("~", "~"),
        ("Null", "Null"),
        ("12:30", "12:30"),
        ("1:30:00", "1:30:00"),
        ("010", "010"),
        ("00", "00"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        (".5", ".5"),
        (".nan", ".nan"),
        (".inf", ".inf"),
        ("5.", "5."),
        ("2026-02-30", "2026-02-30"),
        ("2026-12-03", "2026-12-03"),
        ("-7 days", "-7 days"),
        ("'7'", "7"),
        ('"true"', "true"),
        ('""', ""),
        ("'null'", "null"),
    ],
)
def test_only_true_false_null_and_plain_numbers_are_special(written: str, value: object) -> None:
    """Everything but true, false, null and plain numbers stays the text that was written."""
    data = parsed(f"a: {written}\n")

    assert data == {"a": value}
    assert type(data["a"]) is type(value)


@pytest.mark.parametrize("style", ["|", ">-"])
def test_a_block_text_is_text(style: str) -> None:
    """A text in lines of its own stays text even where it reads like a number."""
    assert parsed(f"a: {style}\n  12\n")["a"].strip() == "12"


def test_keys_stay_as_they_are_written() -> None:
    """A field name is text even where the same word as a value is not."""
    assert parsed("on: a\n1: b\n1.0: c\ntrue: d\nnull: e\n") == {
        "on": "a",
        "1": "b",
        "1.0": "c",
        "true": "d",
        "null": "e",
    }


def test_an_endless_number_stays_text() -> None:
    """A number longer than any that is meant is left as text, for the model to refuse."""
    digits = "1" + "0" * 5000

    assert parsed(f"a: {digits}\n") == {"a": digits}


@pytest.mark.parametrize("written", ["", "\n", "# only a note\n"])
def test_an_empty_file_holds_nothing(written: str) -> None:
    """A file without a value is no mistake of its writing; its data is None."""
    source = parse_source(written.encode(), "a.yaml")

    assert source.data is None
    assert source.locate(["kind"]) == Location("a.yaml", 1, 1)


def test_a_missing_key_is_placed_at_its_parent() -> None:
    """What is not there is located at the nearest thing around it that is."""
    source = parse_source(b"# note\na:\n  - b: 1\n", "a.yaml")

    assert source.locate(["a", 0, "b"]) == Location("a.yaml", 3, 8)
    assert source.locate(["a", 0, "missing"]) == Location("a.yaml", 3, 5)
    assert source.locate(["a", 5, "b"]) == Location("a.yaml", 3, 3)
    assert source.locate(["other"]) == Location("a.yaml", 2, 1)
    assert source.locate_key(["a", 0, "b"]) == Location("a.yaml", 3, 5)
    assert source.locate_key(["a", 0, "missing"]) == Location("a.yaml", 3, 5)


def test_columns_count_characters() -> None:
    """A letter beyond ASCII and a sign of four bytes count as one column each."""
    source = parse_source("{größe: 1, 🙂: 2, c: 3}".encode(), "a.yaml")

    assert source.locate(["c"]) == Location("a.yaml", 1, 21)


def test_a_byte_order_mark_is_no_text() -> None:
    """The mark that some editors put before UTF-8 is passed over and moves no column."""
    source = parse_source(b"\xef\xbb\xbfkind: factor\n", "a.yaml")

    assert source.data == {"kind": "factor"}
    assert source.locate(["kind"]) == Location("a.yaml", 1, 7)


def test_windows_line_ends_are_line_ends() -> None:
    """Lines that end as on Windows hold the same data at the same places."""
    source = parse_source(b"a: 1\r\nb: two\r\n", "a.yaml")

    assert source.data == {"a": 1, "b": "two"}
    assert source.locate(["b"]) == Location("a.yaml", 2, 4)
    assert source.lines == ("a: 1", "b: two")


def test_a_file_that_is_too_large_is_not_looked_into() -> None:
    """One byte more than the most is a problem of the whole file; the most is none."""
    raw = b'a: "' + b"x" * (MOST_BYTES - 5) + b'"'

    assert len(raw) == MOST_BYTES
    assert parse_source(raw, "a.yaml").data == {"a": "x" * (MOST_BYTES - 5)}
    assert refused(raw + b"\n") == (
        Problem(Location("a.yaml"), "The file has 200,001 bytes; 200,000 is the most.", "too-large"),
    )


def test_nesting_has_an_end() -> None:
    """As many levels as are allowed are read, and one more is a problem where it begins."""
    deepest = "[" * MOST_LEVELS + "]" * MOST_LEVELS
    sentence = "Lists and fields are nested more than 20 deep."

    source = parse_source(deepest.encode(), "a.yaml")

    assert str(source.data) == deepest
    assert refused(f"[{deepest}]".encode()) == (Problem(Location("a.yaml", 1, 21), sentence, "too-deep"),)
    assert refused(b"[" * 100_000) == (Problem(Location("a.yaml", 1, 21), sentence, "too-deep"),)


def test_all_hidden_characters_are_shown_at_once() -> None:
    """Each character that does not show is named with its place, and none reaches the terminal."""
    raw = "a: \x00\x1b[31m\nb: \u202eabc\u200b\n".encode()

    problems = refused(raw)

    assert [(str(problem.location), problem.sentence) for problem in problems] == [
        ("a.yaml:1:4", "The character U+0000 cannot be seen; remove it."),
        ("a.yaml:1:5", "The character U+001B cannot be seen; remove it."),
        ("a.yaml:2:4", "The character U+202E turns the direction of text; remove it."),
        ("a.yaml:2:8", "The character U+200B cannot be seen; remove it."),
    ]
    assert [problem.excerpt for problem in problems] == ["a:   [31m", "a:   [31m", "b:  abc ", "b:  abc "]


@pytest.mark.parametrize("escape", [r"\0", r"\x1b", r"\u202e", r"\u200b", r"\u2028"])
def test_a_hidden_character_is_refused_when_it_is_escaped(escape: str) -> None:
    """A character that does not show is refused also where it is written as an escape."""
    problems = refused(f'a: "b{escape}c"\n'.encode())

    assert [problem.code for problem in problems] == ["hidden-character"]


@pytest.mark.parametrize(
    ("raw", "place", "kind"),
    [
        ("a: b".encode("utf-16"), (1, 1), "UTF-16"),
        (b"a: b\nc: 38 \xb0C\n", (2, 7), "Windows-1252, with '°' here"),
        ("a: b\nc: ää ".encode() + b"\xb0C\n", (2, 7), "Windows-1252, with '°' here"),
        (b"a: b\nc: \x81\n", (2, 4), "another encoding"),
    ],
    ids=["UTF-16", "Latin-1", "both in one line", "neither"],
)
def test_a_file_in_another_encoding_is_refused(raw: bytes, place: tuple[int, int], kind: str) -> None:
    """The first character that is not UTF-8 is placed by line and character."""
    sentence = f"The file must be saved as UTF-8; this looks like {kind}."

    assert refused(raw) == (Problem(Location("a.yaml", *place), sentence, "not-utf-8"),)


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("a: &x 1\n", (1, 4), "no-references"),
        ("a: *x\n", (1, 4), "no-references"),
        ("&x a: 1\n", (1, 1), "no-references"),
        ("a: &x [*x]\n", (1, 4), "no-references"),
        ("a: !!str 1\n", (1, 4), "no-tags"),
        ("a: !!python/object/apply:os.system [ls]\n", (1, 4), "no-tags"),
        ("a: ! b\n", (1, 4), "no-tags"),
        ("a: 1\n---\nb: 2\n", (2, 1), "two-documents"),
        ("a: 1\n<<: {b: 2}\n", (2, 1), "bad-key"),
        ("? [a]\n: 1\n", (1, 3), "bad-key"),
        ("? {a: 1}\n: 1\n", (1, 3), "bad-key"),
        ("a: 1\nb: 2\na: 3\n", (3, 1), "duplicate-key"),
        ('a: 1\n"a": 3\n', (2, 1), "duplicate-key"),
    ],
)
def test_what_two_people_read_differently_is_refused(text: str, place: tuple[int, int], code: str) -> None:
    """References, tags, merging, a second document and a second key are one problem each, in place."""
    problems = refused(text.encode())

    assert [(problem.location, problem.code) for problem in problems] == [(Location("a.yaml", *place), code)]


def test_all_keys_that_are_given_twice_are_shown_at_once() -> None:
    """Each second key is a problem that names the line of the first, at every level."""
    problems = refused(b"a:\n  b: 1\n  b: 2\nc: 1\nc: {d: 1, d: 2}\n")

    assert [str(problem) for problem in problems] == [
        "a.yaml:3:3: error: 'b' is given twice; the first is in line 2. [duplicate-key]",
        "a.yaml:5:1: error: 'c' is given twice; the first is in line 4. [duplicate-key]",
        "a.yaml:5:11: error: 'd' is given twice; the first is in line 5. [duplicate-key]",
    ]


def test_a_problem_carries_its_line() -> None:
    """A problem that is made from a source shows the author's line."""
    source = parse_source(b"a: 1\nb: two\n", "a.yaml")

    problem = source.problem(source.locate(["b"]), "b must be a number.", "wrong")

    assert problem.shown() == "a.yaml:2:4: error: b must be a number. [wrong]\n    b: two\n       ^"


def test_a_file_goes_by_the_name_it_is_given(tmp_path: Path) -> None:
    """Problems call a file by the name that the reader was given, else by its path."""
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n", encoding="utf-8")

    assert read_source(path, "plans/a.yaml").file == "plans/a.yaml"
    assert read_source(path).file == str(path)
    assert read_source(path).data == {"a": 1}


def test_a_file_that_is_not_there_is_an_output_error(tmp_path: Path) -> None:
    """A file that the system does not hand out is named with the reason."""
    with pytest.raises(OutputError, match=r"^plans/a\.yaml cannot be read: no such file or directory\.$"):
        read_source(tmp_path / "a.yaml", "plans/a.yaml")
    with pytest.raises(OutputError, match=r"^plans cannot be read: is a directory\.$"):
        read_source(tmp_path, "plans")


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_data_or_problems(raw: bytes) -> None:
    """Whatever a file holds is read, or refused with problems; nothing else comes out."""
    try:
        source = parse_source(raw, "a.yaml")
    except FragmentError as error:
        assert error.problems  # noqa: PT017 - either outcome is right, this one with reasons
        return
    assert source.file == "a.yaml"
