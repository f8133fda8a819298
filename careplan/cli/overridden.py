"""The built-in texts that a clinic changed: what moved underneath since it did."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from careplan.cli.house import find_folder
from careplan.cli.marks import marked
from careplan.content.resources import plans_folder
from careplan.files import write_whole
from careplan.problems import OutputError, RequestError, did_you_mean

# Where fragments of a clinic are, and lists of words beside them.
_FOLDERS = ("interventions", "therapies", "follow-ups", "conditions", "factors", "safety-rules")
_LISTS = ("vocabulary", "red-flags", "sources", "measures", "drug-classes")
_RULE, _RULES = "safety-rule", "safety-rules"

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Override:
    """What a clinic changes in one built-in text: a file of its own, or one rule in it.

    *name* is the text's kind and id; *base* is the name of what it changes, in the built-in
    file at *place* below the plans, if there is one.
    """

    name: str
    base: str
    own: Data
    place: Path | None

    @property
    def id(self) -> str:
        """Return the text's id, or its kind where there is one of it."""
        return self.name.rpartition("/")[2]

    def copy(self, clinic: Path) -> Path:
        """Return where the clinic keeps the built-in file as it was."""
        return clinic / "upstream" / (self.place or Path())

    def text_in(self, file: Path) -> Data:
        """Return the text that is changed, as it stands in *file*; nothing if it is gone."""
        data = _data(file)
        if self.base.partition("/")[0] != _RULE or data.get("kind") == _RULE:
            return data
        wanted = self.base.partition("/")[2]
        return next((rule for rule in _rules(data) if rule.get("id") == wanted), {})


def overrides(clinic: Path) -> tuple[Override, ...]:
    """Return every text of the clinic that changes a built-in one; what it made of its own is none."""
    found = [one for file in _files(clinic) for one in _extending(_data(file))]
    own = {name for name, base, _ in found if name != base}
    places = _places() if found else {}
    return tuple(
        Override(name, base, data, places.get(base)) for name, base, data in found if base not in own
    )


def _files(clinic: Path) -> Iterator[Path]:
    for folder in _FOLDERS:
        yield from sorted((clinic / folder).rglob("*.yaml"))
    yield from (file for name in _LISTS if (file := clinic / f"{name}.yaml").is_file())


def _extending(data: Data) -> Iterator[tuple[str, str, Data]]:
    """Yield what *data* changes: the names of the text and of what it extends, and the changes."""
    kind, extends = str(data.get("kind")), data.get("extends")
    if kind in _LISTS and extends:
        yield kind, kind, data
    elif extends:
        yield f"{kind}/{data.get('id')}", f"{kind}/{extends}", data
    elif kind == _RULES:
        for rule in _rules(data):
            if "extends" in rule:
                yield f"{_RULE}/{rule.get('id')}", f"{_RULE}/{rule['extends']}", rule


def _places() -> dict[str, Path]:
    """Return where each built-in text is, below the plans."""
    from careplan.content.catalogue import fragment_files, peek  # noqa: PLC0415 - reads YAML

    plans = plans_folder()
    places = {}
    for file in fragment_files(plans):
        place = file.relative_to(plans)
        words = peek(file, ("kind", "id"))
        kind = words.get("kind", "")
        places[kind if kind in _LISTS else f"{kind}/{words.get('id')}"] = place
        if kind == _RULES:
            places.update({f"{_RULE}/{rule.get('id')}": place for rule in _rules(_data(file))})
    return places


def _rules(data: Data) -> list[Data]:
    rules = data.get("rules")
    return [one for one in rules if isinstance(one, dict)] if isinstance(rules, list) else []


def base_of(clinic: Path | None, name: str) -> str:
    """Return which built-in text the clinic's text *name* changes; itself, if it says nothing else."""
    return next((one.base for one in overrides(clinic) if one.name == name), name) if clinic else name


def review_overrides(given: str | None, *, as_json: bool) -> None:
    """Tell for every override what changed underneath it, and what needs a fresh look."""
    clinic = _clinic(given)
    rows = [_review(one, clinic) for one in overrides(clinic)]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        click.secho(f"{row['text']}: {row['told']}", bold=True)
        for change in row["changes"]:
            look = "  <- you changed this too: look at it afresh" if change["fresh_look"] else ""
            said = marked(change["before"], change["after"])
            click.echo(f"  {' > '.join(change['where'])}: {said}{look}")
    moved = [row for row in rows if row["changes"]]
    fresh = sum(any(change["fresh_look"] for change in row["changes"]) for row in rows)
    click.echo(
        f"{len(rows)} of the clinic's texts change built-in ones; {len(moved)} moved underneath, "
        f"{fresh} to be looked at afresh.", err=True,
    )
    if moved:
        ids = " ".join(f"--accept {row['text'].rpartition('/')[2]}" for row in moved)
        click.echo(f"Next: look at them, then careplan diff {ids}", err=True)


def accept(names: tuple[str, ...], given: str | None) -> None:
    """Take the built-in texts under the clinic's texts *names* as known."""
    clinic = _clinic(given)
    found = overrides(clinic)
    known = {key: one for one in found for key in (one.name, one.id)}
    unknown = next((name for name in names if name not in known), None)
    if unknown is not None:
        hint = did_you_mean(unknown, known) or "; see careplan diff."
        message = f"The clinic has no text '{unknown}' that changes a built-in one{hint}"
        raise RequestError(message)
    wanted = [known[name] for name in names]
    gone = next((one for one in wanted if one.place is None), None)
    if gone is not None:
        message = f"The built-in text '{gone.base}' is gone; there is nothing to accept."
        raise RequestError(message)
    for place in dict.fromkeys(one.place for one in wanted if one.place):
        target = clinic / "upstream" / place
        try:
            data = (plans_folder() / place).read_bytes()
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"{error.filename}: {(error.strerror or 'unknown reason').lower()}."
            raise OutputError(message) from None
        write_whole(target, data, private=False)
        click.echo(str(target))
        beside = [one.name for one in found if one.place == place and one not in wanted]
        if beside:
            click.echo(f"In the same file, so taken as known too: {', '.join(beside)}.", err=True)


def _clinic(given: str | None) -> Path:
    folder = find_folder(given)
    if folder is None:
        message = "There is no clinic folder here; name it with --clinic, or give two files to compare."
        raise RequestError(message)
    return folder


def _review(one: Override, clinic: Path) -> dict[str, Any]:
    from careplan.content.overrides import moved_underneath  # noqa: PLC0415

    copy = one.copy(clinic)
    row: dict[str, Any] = {"text": one.name, "extends": one.base, "changes": []}
    if one.place is None:
        return {**row, "told": f"the built-in text '{one.base}' is gone"}
    if not copy.is_file():
        return {**row, "told": f"there is no {copy}; careplan diff --accept {one.id} makes it"}
    before, current = one.text_in(copy), one.text_in(plans_folder() / one.place)
    row["changes"] = [
        {
            "kind": moved.change.kind, "where": list(moved.change.where), "before": moved.change.before,
            "after": moved.change.after, "fresh_look": moved.fresh_look,
        }
        for moved in moved_underneath(one.own, before, current)
    ]
    told = "nothing changed underneath"
    if row["changes"]:
        told = f"changed underneath{_versions(before, current)}"
    return {**row, "told": told}


def _data(path: Path) -> Data:
    from careplan.content.source import read_source  # noqa: PLC0415 - reads YAML

    data = read_source(path).data
    return data if isinstance(data, dict) else {}


def _versions(before: Data, current: Data) -> str:
    reviews = [one.get("review") for one in (before, current)]
    if not all(isinstance(one, dict) for one in reviews):
        return ""
    then, now = (one.get("version", "?") for one in reviews if isinstance(one, dict))
    return f" (version {then} then, {now} today)"
