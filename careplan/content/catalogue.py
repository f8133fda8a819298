"""What fragments there are, without checking them: for lists that must be quick."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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
