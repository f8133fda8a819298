"""Write JSON Schema for the files that people edit: `schema`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from careplan.cli.editor import SCHEMA, make_folder, wire_vscode
from careplan.cli.house import find_folder
from careplan.files import write_whole
from careplan.problems import FragmentError, Location, Problem, RequestError, did_you_mean


@click.command()
@click.argument("kind", required=False, metavar="[KIND]")
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="FOLDER", help="Write all kinds there.")
@click.option("--editor", type=click.Choice(["vscode"]), help="Wire the schema in the clinic folder.")
@click.option("--check", "only_check", is_flag=True, help="Only tell whether what was written is stale.")
@click.option("--clinic", metavar="PATH", help="The clinic folder, whose own ids are known as well.")
def schema(
    kind: str | None, out: Path | None, editor: str | None, *, only_check: bool, clinic: str | None
) -> None:
    """Write JSON Schema, with which an editor underlines mistakes.

    KIND is what a file is about, such as therapy or request. Without it, the schema is
    for any kind and goes by the line 'kind:'. What is written is draft-07, as the YAML
    extension of VS Code reads it.

    \b
    Examples:
      careplan schema therapy
      careplan schema -o schemas
      careplan schema --editor vscode
      careplan schema --editor vscode --check
    """
    if (kind and (out or editor)) or (out and editor) or (only_check and not (out or editor)):
        message = "Give a KIND, or -o FOLDER, or --editor vscode; --check goes with one of the last two."
        raise RequestError(message)
    folder = find_folder(clinic)
    made = {name: _written(one) for name, one in make(folder).items()}
    if out:
        files = {out / f"{name}.schema.json": one for name, one in made.items()}
    elif editor:
        files = {(folder or Path()) / SCHEMA: made["careplan"]}
    else:
        click.echo(_chosen(made, kind).decode(), nl=False)
        return
    if only_check:
        _check(files, f"careplan schema {f'-o {out}' if out else f'--editor {editor}'}")
    elif out:
        make_folder(out)
        for path, content in files.items():
            write_whole(path, content)
            click.echo(path)
        click.echo("Next: careplan schema --editor vscode, or name the schema in your editor.", err=True)
    else:
        _wire(folder or Path(), made["careplan"])


def make(folder: Path | None) -> dict[str, dict[str, Any]]:
    """Return the schema of each kind, with the ids of the clinic in *folder* among ours."""
    from careplan.content.library import KINDS, load_library  # noqa: PLC0415 - slow to import
    from careplan.content.names import ids_of  # noqa: PLC0415
    from careplan.content.resources import plans_folder  # noqa: PLC0415
    from careplan.content.schema import make_schemas  # noqa: PLC0415
    from careplan.planning.naming import FIELDS  # noqa: PLC0415
    from careplan.planning.request import Request  # noqa: PLC0415

    ids = ids_of(load_library(plans_folder()), folder)
    return make_schemas({**KINDS, "request": Request}, ids, FIELDS)


def _written(made: dict[str, Any]) -> bytes:
    return (json.dumps(made, indent=1, ensure_ascii=False) + "\n").encode()


def _chosen(made: Mapping[str, bytes], kind: str | None) -> bytes:
    if kind is not None and kind not in made:
        hint = did_you_mean(kind, made) or f"; there is {', '.join(made)}."
        message = f"There is no kind '{kind}'{hint}"
        raise RequestError(message)
    return made[kind or "careplan"]


def _wire(folder: Path, made: bytes) -> None:
    from careplan.content.names import FOLDERS  # noqa: PLC0415 - slow to import

    for path in wire_vscode(folder, FOLDERS.values(), made):
        click.echo(path)
    click.echo(
        f"Next: open the folder {folder.resolve()} in VS Code and say yes to the YAML extension by Red Hat.\n"
        "A file elsewhere is checked, too, if its first line is\n"
        f"  # yaml-language-server: $schema={(folder / SCHEMA).resolve()}\n"
        "After a file is added: careplan schema --editor vscode",
        err=True,
    )


def _check(files: Mapping[Path, bytes], again: str) -> None:
    """Raise `FragmentError` unless each of *files* holds what would be written today."""
    problems = []
    for path, content in files.items():
        try:
            written = path.read_bytes()
        except OSError:
            written = b""
        if written != content:
            what = "is stale" if written else "is not there"
            problems.append(Problem(Location(str(path)), f"The schema {what}; run {again}.", "stale-schema"))
    if problems:
        raise FragmentError(problems)
    click.echo(f"{len(files)} schema{'' if len(files) == 1 else 's'} checked, none is stale.")
