"""What fragments there are, without checking them: for lists that must be quick."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from careplan.content.source import LOADER
from careplan.problems import Location, OutputError, Problem

# The folders of a clinic that hold fragments, and the lists of words that may stand beside them.
CLINIC_FOLDERS = ("interventions", "therapies", "follow-ups", "conditions", "factors", "safety-rules")
_CLINIC_LISTS = ("vocabulary.yaml", "red-flags.yaml", "sources.yaml", "measures.yaml", "drug-classes.yaml")
_ENDINGS = (".yaml", ".yml", ".yaml.txt", ".yml.txt")


@dataclass(frozen=True)
class Listed:
    """A fragment as a list shows it."""

    kind: str
    id: str
    title: str
    summary: str
    rank: int
    where: str = "built-in"


_FIRST_FIELDS = ("kind", "id", "title", "summary", "rank")
# The only kind of file whose fragment has no title: one rule, named by what it says.
_ONE_RULE = "safety-rule"


def list_fragments(plans: Path, clinic_folder: Path | None = None) -> tuple[Listed, ...]:
    """Return what there is below *plans* and in the clinic's folder, by kind, rank and id.

    Nothing is checked.
    """
    found = [peek(path, _FIRST_FIELDS) for path in fragment_files(plans)]
    if clinic_folder:
        found = _laid_over(found, clinic_folder)
    listed = [_listed(words) for words in found if {"kind", "id", "title"} <= words.keys()]
    return tuple(sorted(listed, key=lambda one: (one.kind, one.rank, one.id)))


def _listed(words: Mapping[str, str]) -> Listed:
    rank = words.get("rank", "100")
    return Listed(
        words["kind"], words["id"], words["title"], words.get("summary", ""),
        int(rank) if rank.isdecimal() else 100, words.get("where", "built-in"),
    )


def _laid_over(found: list[dict[str, str]], clinic_folder: Path) -> list[dict[str, str]]:
    """Return the first fields of our fragments with those of the clinic laid over them."""
    there = {(words.get("kind", ""), words.get("id", str(at))): words for at, words in enumerate(found)}
    own = []
    for path in clinic_files(clinic_folder)[0]:
        words = peek(path, (*_FIRST_FIELDS, "extends", "patient", "staff"))
        if words.get("kind") == _ONE_RULE:
            title = words.get("patient") or words.get("staff") or _ONE_RULE
            words |= {"kind": "safety-rules", "title": title}
        if {"kind", "id"} <= words.keys():
            own.append(words)
    # What changes ours under the same id goes first: others may be made from it.
    for words in sorted(own, key=lambda one: one.get("extends") != one["id"]):
        base = there.get((words["kind"], words.get("extends", "")), {})
        where = "clinic, from built-in" if "extends" in words else "clinic"
        there[words["kind"], words["id"]] = base | words | {"where": where}
    return list(there.values())


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
def clinic_files(folder: Path) -> tuple[list[Path], list[Problem]]:
    """Return the clinic's own fragments in *folder*, and a problem for each that cannot be taken.

    A link may not lead out of the folder, and a name that only nearly ends in `.yaml` is a
    file that its author believes to be in use.
    """
    files, problems = [], []
    found = [folder / name for name in (*CLINIC_FOLDERS, *_CLINIC_LISTS)]
    home = folder.resolve()
    for root in found[: len(CLINIC_FOLDERS)]:
        if root.resolve().is_relative_to(home):
            found += sorted(root.rglob("*"))
    for path in found:
        if not path.exists() and not path.is_symlink():
            continue
        if not path.resolve().is_relative_to(home):
            sentence = "This leads out of the clinic's folder; copy the file into it."
            problems.append(Problem(Location(str(path)), sentence, "outside-folder"))
        elif path.is_file() and path.name.lower().endswith(_ENDINGS):
            if path.name.endswith(".yaml"):
                files.append(path)
            else:
                sentence = "A fragment's file ends in '.yaml'; under this name it is not read."
                problems.append(Problem(Location(str(path)), sentence, "not-yaml-file"))
    return files, problems
