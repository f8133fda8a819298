"""What fragments there are, without checking them: for lists that must be quick."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from careplan.content.source import LOADER
from careplan.problems import OutputError


@dataclass(frozen=True)
class Listed:
    """A fragment as a list shows it."""

    kind: str
    id: str
    title: str
    summary: str
    rank: int


def list_fragments(plans: Path) -> tuple[Listed, ...]:
    """Return what there is below *plans*, by kind, rank and id, without checking it."""
    listed = []
    for path in fragment_files(plans):
        words = peek(path, ("kind", "id", "title", "summary", "rank"))
        if {"kind", "id", "title"} <= words.keys():
            rank = words.get("rank", "100")
            listed.append(
                Listed(
                    words["kind"], words["id"], words["title"], words.get("summary", ""),
                    int(rank) if rank.isdecimal() else 100,
                )
            )
    return tuple(sorted(listed, key=lambda one: (one.kind, one.rank, one.id)))


def peek(path: Path, wanted: Sequence[str]) -> dict[str, str]:
    """Return the top-level texts named in *wanted*, reading no further than needed.

    Meant for lists of what there is; a file that is not readable yields what was
    understood before the trouble.
    """
    found: dict[str, str] = {}
    try:
        text = path.read_text(encoding="utf-8")
        depth, key = 0, None
        for event in yaml.parse(text, Loader=LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                depth, key = depth + 1, None
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.ScalarEvent) and depth == 1:
                if key is None:
                    key = event.value
                    continue
                if key in wanted:
                    found[key] = event.value
                    if len(found) == len(wanted):
                        break
                key = None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        pass
    return found


def fragment_files(plans: Path) -> list[Path]:
    """Return the files of a library; raises `OutputError` if there is no such folder."""
    if not plans.is_dir():
        message = f"The folder {plans} does not exist."
        raise OutputError(message)
    return [path for path in sorted(plans.rglob("*.yaml")) if "examples" not in path.relative_to(plans).parts]


def list_rules(plans: Path) -> tuple[tuple[str, str], ...]:
    """Return the id of every safety rule below *plans* with its line for staff, unchecked."""
    listed = []
    for path in fragment_files(plans):
        if peek(path, ("kind",)).get("kind") in ("safety-rules", "safety-rule"):
            data = _read(path)
            listed += [
                (str(rule["id"]), str(rule.get("staff", "")))
                for rule in data.get("rules", [data]) if isinstance(rule, dict) and "id" in rule
            ]
    return tuple(sorted(listed))


def list_options(plans: Path, intervention: str | None) -> dict[str, dict[str, str]]:
    """Return the options of *intervention* with their values and the words for them, unchecked.

    Without an intervention that is known, every option there is.
    """
    every = {
        str(one.get("id")): dict(one.get("values", {}))
        for one in _read(plans / "vocabulary.yaml").get("options", [])
    }
    own = _read(plans / "interventions" / f"{intervention}.yaml").get("options") if intervention else None
    if own is None:
        return every
    everywhere = [
        {"id": one["id"], "default": "unknown"}
        for one in _read(plans / "vocabulary.yaml").get("options", []) if one.get("everywhere") is True
    ]
    options = {}
    for choice in [*own, *everywhere]:
        words = every.get(choice["id"], {})
        values = {value: words.get(value, "") for value in choice.get("values") or words}
        unknown = {} if choice.get("must_be_known") else {"unknown": "not known"}
        options[str(choice["id"])] = values | unknown
    return options


def _read(path: Path) -> dict[str, Any]:
    """Return the fields of a file, or none where it cannot be read."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - a safe one
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return data if isinstance(data, dict) else {}
