"""Every code that can come out is explained, and none is explained that cannot."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from careplan.content import validation
from careplan.content.codes import CODES, find_code
from careplan.problems import RequestError

HOUSE = Path(validation.__file__).parent.parent
CORPUS = Path(__file__).resolve().parent.parent / "data" / "bad"
# Whose calls carry a code, and as which argument.
_CODE = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_CALLS = {"mistake": 1, "problem": 2, "Problem": 2, "_refuse": 2, "_bad": 2, "_problem_at": 2, "Slip": 3}
EXPLAINED = {name for code in CODES for name in (code.name, *code.also)}


def codes_in(tree: ast.AST) -> Iterator[str]:
    """Yield each text that stands where a code stands: as an argument, or beside a sentence."""
    for node in ast.walk(tree):
        values: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            values = node.args[_CALLS[name] :][:1] if name in _CALLS else []
            values += [one.value for one in node.keywords if one.arg == "code"]
        elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.ctx, ast.Load):
            first, second = node.elts
            text = str(first.value) if isinstance(first, ast.Constant) else ""
            told = isinstance(first, ast.JoinedStr) or ast.unparse(first) == "str(error)"
            values = [second] if told or " " in text else []
        for value in values:
            both = (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,)
            yield from (
                one.value for one in both
                if isinstance(one, ast.Constant) and _CODE.fullmatch(str(one.value))
            )


def written_codes() -> set[str]:
    """Return every code that the product can give."""
    found = set(validation.codes())
    for path in HOUSE.rglob("*.py"):
        found |= set(codes_in(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def test_every_code_is_explained_and_none_is_dead() -> None:
    """The codes in the sources and those that are explained are the same."""
    assert written_codes() - EXPLAINED == set()
    assert EXPLAINED - written_codes() == set()


def test_every_code_of_the_corpus_is_explained() -> None:
    """What the wrong files show can be looked up."""
    lines = "\n".join(path.read_text(encoding="utf-8") for path in CORPUS.glob("*.txt")).splitlines()
    shown = {line.rpartition("[")[2].rstrip("]") for line in lines if line.startswith("plans/")}

    assert shown - EXPLAINED == set()
    assert len(shown) > 40


def test_the_guard_sees_a_code() -> None:
    """The guard can fail: it sees a code as an argument, in a choice, by its name and beside a sentence."""
    tree = ast.parse(
        'problem(place, said, "a-b" if x else "c-d")\nreturned = f"{x} is wrong.", "e-f"\n'
        'found(code="g-h")\n'
    )

    assert set(codes_in(tree)) == {"a-b", "c-d", "e-f", "g-h"}


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_an_explanation_is_whole(code: object) -> None:
    """Each explanation has a title, a meaning and a way to mend it; an example has both sides."""
    found = find_code(code.name)  # type: ignore[attr-defined]

    assert found.title
    assert found.means.endswith(".")
    assert found.mend.endswith(".")
    assert not (found.wrong and not found.right) or found.name == "no-such-file"
    assert found.told().startswith(f"{found.name}: {found.title}\n\n")


def test_a_misspelt_code_gets_the_nearest() -> None:
    """An unknown code is refused with the likely one, or with where codes stand."""
    with pytest.raises(RequestError, match="did you mean 'unknown-field'"):
        find_code("unknown-fild")
    with pytest.raises(RequestError, match="stands in brackets"):
        find_code("xyz")


def test_each_code_stands_once() -> None:
    """No code is explained twice, and other names lead to the same text."""
    names = [name for code in CODES for name in (code.name, *code.also)]

    assert len(names) == len(set(names))
    assert find_code("[int-parsing]").name == "int-type"
