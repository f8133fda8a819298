"""Take over a fragment: a copy under another id, or a file that changes ours under its own."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careplan.content.catalogue import fragment_files, peek
from careplan.content.names import FOLDERS
from careplan.content.source import Source, parse_source, read_source
from careplan.content.starter import PLACEHOLDER, note, review, written
from careplan.problems import FragmentError


@dataclass(frozen=True)
class Original:
    """A fragment as it stands in its file, or a rule as it would stand in a file of its own."""

    kind: str
    id: str
    path: Path
    text: str

    @property
    def source(self) -> Source:
        """Return its data with the place of every value."""
        return parse_source(self.text.encode(), self.path.name)

    @property
    def extends(self) -> bool:
        """Return whether it only says what it changes in another."""
        return "extends" in self.source.data


def originals(kind: str, folder: Path) -> Iterator[Original]:
    """Yield the fragments of *kind* below *folder*; a file that cannot be understood is left out."""
    for path in fragment_files(folder):
        found = peek(path, ("kind", "id"))
        if found.get("kind") == kind and "id" in found:
            yield Original(kind, found["id"], path, path.read_text(encoding="utf-8-sig"))
        elif kind == "safety-rule" and found.get("kind") == "safety-rules":
            yield from _rules_in(path)


def own_originals(kind: str, folder: Path) -> Iterator[Original]:
    """Yield the fragments of *kind* that a clinic keeps in *folder*."""
    if kind in FOLDERS and (folder / FOLDERS[kind]).is_dir():
        yield from originals(kind, folder / FOLDERS[kind])


def copy_as(original: Original, new_id: str, due: dt.date) -> str:
    """Return the text of *original* under *new_id*, notes and all, as a draft nobody has signed."""
    data = {**original.source.data, "id": new_id, "review": review(due)}
    text = _replaced(original, new_id, due)
    try:
        is_right = parse_source(text.encode(), "").data == data
    except FragmentError:
        is_right = False
    # Written in an unusual way, it is written anew, without its notes.
    return text if is_right else "\n".join(line for key in data for line in written(key, data[key])) + "\n"


def _replaced(original: Original, new_id: str, due: dt.date) -> str:
    source = original.source
    lines = original.text.splitlines()
    place = source.locate(("id",))
    line = lines[place.line - 1]
    before, rest = line[: place.column - 1], line[place.column - 1 :]
    lines[place.line - 1] = before + rest.replace(original.id, new_id, 1)
    if "review" in source.data:
        start = source.locate_key(("review",)).line - 1
        end = _end_of("review", source)
        # Notes and empty lines before the next field belong to that field.
        while end > start + 1 and not _says_something(lines[end - 1]):
            end -= 1
        lines[start:end] = written("review", review(due))
    return "\n".join(lines) + "\n"


def change_of(original: Original, due: dt.date) -> str:
    """Return the text of a file that changes *original*, with examples that are switched off."""
    data = original.source.data
    kind, name = original.kind, original.id
    head = (
        f"This file changes the built-in {kind.replace('-', ' ')} '{name}'. What it does not name stays.",
        f"The built-in text as it is today stands in upstream/{FOLDERS[kind]}/{name}.yaml.",
        "Lines that begin with '#' and a word are examples that are switched off: take the '#' away.",
    )
    lines = [
        *(line for text in head for line in note(text)),
        *written("kind", kind), *written("id", name), *written("extends", name), "",
        *note("Change a field: give it another value."),
        *_off(_changed_field(data)),
    ]
    section, items = next(
        ((key, value) for key, value in data.items() if _are_items(value)), ("", []),
    )
    if section:
        first = items[0]["id"]
        sentence = f"{PLACEHOLDER} sentence."
        new_id = f"{section.replace('_', '-')}-added"
        added = {"id": new_id, "after": first, "text": sentence, "basis": sentence}
        lines += [
            "", *note("Leave items out, wherever they stand: list their ids."),
            *_off(written("drop", [first])),
            "", *note("Change an item: give its id and only what is other about it."),
            *note("Add an item: give it an id of its own; say before or after which one it stands."),
            *_off(written(section, [{"id": first, "text": sentence}, added])),
        ]
    lines += ["", *note("Who signed this change, which version, until when.")]
    return "\n".join([*lines, *written("review", review(due))]) + "\n"


def _changed_field(data: dict[str, Any]) -> list[str]:
    then = data.get("then")
    if isinstance(then, dict):
        return written("then", then)
    field = next((key for key in ("starts", "staff", "title") if key in data), "title")
    return written(field, data[field] if field == "starts" else f"{PLACEHOLDER} text")


def _are_items(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(
        isinstance(one, dict) and {"id", "text"} <= one.keys() for one in value
    )


def _off(lines: Sequence[str]) -> list[str]:
    return [f"#{line}" for line in lines]


def _rules_in(path: Path) -> Iterator[Original]:
    """Yield each rule of a file with the rules of one theme, as a file of its own."""
    try:
        source = read_source(path)
    except FragmentError:
        return
    rules = source.data.get("rules")
    rules = rules if isinstance(rules, list) else []
    ends = [source.locate(("rules", index)).line - 1 for index in range(1, len(rules))]
    for index, (rule, end) in enumerate(zip(rules, [*ends, _end_of("rules", source)], strict=False)):
        if isinstance(rule, dict) and isinstance(rule.get("id"), str):
            block = _block(source, index, end, rule)
            text = ["kind: safety-rule", *block, *written("review", source.data.get("review"))]
            yield Original("safety-rule", rule["id"], path, "\n".join(text) + "\n")


def _block(source: Source, index: int, end: int, rule: dict[str, Any]) -> list[str]:
    """Return the lines of the rule *index* as they stand in its file, up to the line *end*."""
    place = source.locate(("rules", index))
    margin = place.column - 1
    lines = list(source.lines[place.line - 1 : end])
    if not lines or lines[0][margin:].startswith("{"):
        return [line for key, value in rule.items() for line in written(key, value)]
    while not _says_something(lines[-1]):
        lines.pop()
    return [line[margin:] for line in lines]


def _end_of(field: str, source: Source) -> int:
    """Return the line, counted from 0, on which the field after *field* begins, or the end."""
    start = source.locate_key((field,)).line - 1
    others = (source.locate_key((key,)).line - 1 for key in source.data)
    return min((line for line in others if line > start), default=len(source.lines))


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")
