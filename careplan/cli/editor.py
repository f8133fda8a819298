"""Wire a schema to the editor VS Code, keeping what stands in its settings already.

Red Hat's YAML extension (redhat.vscode-yaml) finds a schema through `yaml.schemas` in the
settings of the folder: the schema's path from that folder, and the files that it is for.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from careplan.files import write_whole
from careplan.problems import OutputError

SCHEMA = ".vscode/careplan.schema.json"
SETTINGS = ".vscode/settings.json"
EXTENSIONS = ".vscode/extensions.json"
EXTENSION = "redhat.vscode-yaml"


def wire_vscode(folder: Path, folders: Iterable[str], schema: bytes) -> tuple[Path, ...]:
    """Write *schema* and the settings for it below *folder*; return the files that were written.

    *folders* are the names of the folders with fragments. Raises `OutputError` where settings
    are there that cannot be changed without losing something; they stay as they are.
    """
    make_folder(folder / ".vscode")
    write_whole(folder / SCHEMA, schema)
    files = [*(f"/{name}/*.yaml" for name in folders), "/requests/*.yaml", "/clinic.yaml"]
    settings = read_settings(folder / SETTINGS, {"yaml.schemas": {SCHEMA: files}})
    extensions = read_settings(folder / EXTENSIONS, {"recommendations": [EXTENSION]})
    schemas = settings.setdefault("yaml.schemas", {})
    recommended = extensions.setdefault("recommendations", [])
    if not isinstance(schemas, dict) or not isinstance(recommended, list):
        message = f"'yaml.schemas' in {folder / SETTINGS} must hold fields, and 'recommendations' a list."
        raise OutputError(message)
    schemas[SCHEMA] = files
    recommended += [EXTENSION] if EXTENSION not in recommended else []
    for name, content in ((SETTINGS, settings), (EXTENSIONS, extensions)):
        write_whole(folder / name, (json.dumps(content, indent=4, ensure_ascii=False) + "\n").encode())
    return tuple(folder / name for name in (SCHEMA, SETTINGS, EXTENSIONS))


def read_settings(path: Path, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return the settings in *path*, or none; raises `OutputError` where they are not plain JSON.

    The editor lets people write comments there, which would be lost; so it tells to add
    *wanted* by hand.
    """
    try:
        text = path.read_text(encoding="utf-8-sig") if path.exists() else "{}"
        settings = json.loads(text or "{}", object_pairs_hook=_without_twins)
        if isinstance(settings, dict):
            return settings
        reason = "does not hold fields"
    except UnicodeDecodeError:
        reason = "is not saved as UTF-8"
    except ValueError:
        reason = "has comments, a field twice, or something else that plain JSON does not have"
    except OSError as error:
        reason = f"cannot be read: {(error.strerror or 'unknown reason').lower()}"
    by_hand = json.dumps(wanted, indent=2)
    message = f"{path} {reason}, so it was left as it is. Add this to it by hand:\n{by_hand}"
    raise OutputError(message)


def make_folder(folder: Path) -> None:
    """Make *folder* unless it is there; raises `OutputError` where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"The folder {folder} was not made: {(error.strerror or 'unknown reason').lower()}."
        raise OutputError(message) from None


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        message = "a field is given twice"
        raise ValueError(message)
    return fields
