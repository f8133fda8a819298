"""Write a file to start from: `new`."""

import datetime as dt
import os
import re
import sys
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from careplan.cli.editor import SCHEMA, make_folder
from careplan.cli.house import find_folder
from careplan.files import write_whole
from careplan.problems import OutputError, RequestError, did_you_mean

if TYPE_CHECKING:
    from careplan.content.library import Library
    from careplan.content.takeover import Original

    Shelf = Mapping[str, Original]

KINDS = (
    "clinic", "intervention", "therapy", "follow-up", "condition", "factor", "safety-rule", "request",
)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# A text is looked at again within a year.
_DAYS_UNTIL_DUE = 365


@click.command()
@click.argument("kind", required=False, metavar="KIND")
@click.argument("name", required=False, metavar="ID")
@click.option("--from", "origin", metavar="ID", help="Start from a fragment; under its own ID, change it.")
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="PATH", help="Write this file.")
@click.option("--clinic", metavar="PATH", help="The clinic folder, in which the file is written.")
def new(kind: str | None, name: str | None, origin: str | None, out: Path | None, clinic: str | None) -> None:
    """Write a file to start from, with a note on every line.

    KIND is clinic, intervention, therapy, follow-up, condition, factor, safety-rule or
    request. The file is right at once; what is to be replaced says so. A clinic needs
    no ID.

    \b
    Examples:
      careplan new clinic
      careplan new therapy qigong
      careplan new therapy tai-chi --from tai-chi        # changes the built-in one
      careplan new therapy chair-tai-chi --from tai-chi  # a copy of your own
      careplan new request next-week --from nerve-block
    """
    kind = _known_kind(kind or _asked("Kind of file", KINDS))
    if kind != "clinic":
        name = _known_id(name or _asked(f"Id of the {kind}, such as gentle-yoga"))
    elif origin:
        message = "A clinic is not made from another; copy its folder."
        raise RequestError(message)
    folder = find_folder(clinic) if kind != "clinic" or clinic else None
    texts = _texts(kind, name or "", origin, folder)
    target = _target(kind, name, out, folder)
    _write(target, texts["new"])
    if "upstream" in texts:
        from careplan.content.names import FOLDERS  # noqa: PLC0415 - slow to import

        kept = (folder or Path()) / "upstream" / FOLDERS[kind] / f"{name}.yaml"
        _keep(kept, texts["upstream"], target)
    click.echo(target)
    _say_next(kind, target, folder)


def _asked(question: str, choices: tuple[str, ...] = ()) -> str:
    """Return the answer to *question*; without a terminal there is nobody to ask."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        message = f"Give a KIND and an ID: careplan new KIND ID. KIND is one of {', '.join(KINDS)}."
        raise RequestError(message)
    return str(click.prompt(question, type=click.Choice(choices) if choices else str, err=True))


def _known_kind(kind: str) -> str:
    if kind in KINDS:
        return kind
    hint = did_you_mean(kind, KINDS) or f"; there is {', '.join(KINDS)}."
    message = f"There is no kind '{kind}' to start{hint}"
    raise RequestError(message)


def _known_id(name: str) -> str:
    """Return *name* if it is an id; raises `RequestError` with the nearest id."""
    if _ID.fullmatch(name):
        return name
    letters = unicodedata.normalize("NFKD", name.removesuffix(".yaml")).encode("ascii", "ignore").decode()
    nearest = "-".join(re.findall("[a-z0-9]+", letters.lower()))
    hint = f": '{nearest}'." if nearest else ", such as 'gentle-yoga'."
    message = f"'{name}' is no id. An id has small letters, digits and single hyphens{hint}"
    raise RequestError(message)


def _texts(kind: str, name: str, origin: str | None, folder: Path | None) -> dict[str, str]:
    """Return the text of the new file, and under 'upstream' what it changes."""
    from careplan.content.library import load_library  # noqa: PLC0415 - slow to import
    from careplan.content.resources import plans_folder  # noqa: PLC0415

    due = dt.date.today() + dt.timedelta(days=_DAYS_UNTIL_DUE)  # noqa: DTZ011 - the clinic's own calendar day
    if kind in ("clinic", "request"):
        facts = _facts(load_library(plans_folder()), origin) if kind == "request" else {}
        return {"new": _start(kind, facts, folder)}
    built_in, own = _there(kind, folder)
    if origin is not None:
        return _taken_over(kind, name, origin, (built_in, own), due)
    _refuse_taken(kind, name, built_in, own)
    from careplan.content.starter import review  # noqa: PLC0415

    values: dict[str, Any] = {"id": name, "review": review(due)}
    if kind != "safety-rule":
        values["title"] = name.replace("-", " ").capitalize()
    return {"new": _start(kind, values, folder)}


def _there(kind: str, folder: Path | None) -> "tuple[Shelf, Shelf]":
    """Return every built-in fragment of *kind* by its id, and the clinic's own."""
    from careplan.content.resources import plans_folder  # noqa: PLC0415
    from careplan.content.takeover import originals, own_originals  # noqa: PLC0415 - slow to import

    own = own_originals(kind, folder) if folder else ()
    return {one.id: one for one in originals(kind, plans_folder())}, {one.id: one for one in own}


def _refuse_taken(kind: str, name: str, built_in: "Shelf", own: "Shelf") -> None:
    """Raise `RequestError` where there is a fragment *name*; ids are used once."""
    if name in own:
        message = f"You have a {_said(kind)} '{name}' already: {own[name].path}."
        raise RequestError(message)
    if name in built_in:
        message = (
            f"There is a built-in {_said(kind)} '{name}'. "
            f"To change it: careplan new {kind} {name} --from {name}. Otherwise take another id."
        )
        raise RequestError(message)


def _taken_over(
    kind: str, name: str, origin: str, there: "tuple[Shelf, Shelf]", due: dt.date
) -> dict[str, str]:
    from careplan.content.takeover import change_of, copy_as  # noqa: PLC0415 - slow to import

    built_in, own = there
    if origin not in built_in and origin not in own:
        hint = did_you_mean(origin, {**built_in, **own}) or "; see careplan list."
        message = f"There is no {_said(kind)} '{origin}'{hint}"
        raise RequestError(message)
    if origin == name:
        if name not in built_in:
            message = f"'{name}' is your own {_said(kind)}; edit {own[name].path} itself."
            raise RequestError(message)
        return {"new": change_of(built_in[name], due), "upstream": built_in[name].text}
    _refuse_taken(kind, name, built_in, own)
    original = own.get(origin) or built_in[origin]
    if original.extends and origin in built_in:
        click.echo(f"{original.path} changes the built-in one; the copy is of the built-in text.", err=True)
        original = built_in[origin]
    return {"new": copy_as(original, name, due)}


def _said(kind: str) -> str:
    return kind.replace("-", " ")


def _facts(library: "Library", origin: str | None) -> dict[str, Any]:
    """Return the intervention of a new request, and the options that it cannot do without."""
    if origin is not None and origin not in library.interventions:
        hint = did_you_mean(origin, library.interventions) or "; see careplan list interventions."
        message = f"There is no intervention '{origin}'{hint}"
        raise RequestError(message)
    chosen = library.interventions[origin or next(iter(library.interventions))]
    values = {option.id: [*option.values] for option in library.vocabulary.options}
    options = {
        choice.id: (choice.values or values[choice.id])[0] if choice.must_be_known else "unknown"
        for choice in chosen.options if choice.default is None
    }
    return {**({"intervention": origin} if origin else {}), **({"options": options} if options else {})}


def _start(kind: str, values: Mapping[str, Any], folder: Path | None) -> str:
    from careplan.cli.schema import make  # noqa: PLC0415 - slow to import
    from careplan.content.starter import make_start  # noqa: PLC0415

    return make_start(kind, make(folder)[kind], values)


def _target(kind: str, name: str | None, out: Path | None, folder: Path | None) -> Path:
    """Return the file to write; raises `RequestError` where it would not be found again."""
    file = "clinic.yaml" if kind == "clinic" else f"{name}.yaml"
    if out is not None:
        target = out / file if out.is_dir() else out
        if kind not in ("clinic", "request") and target.name != file:
            message = f"The file of '{name}' must be called {file}, not {target.name}."
            raise RequestError(message)
        return target
    if kind == "clinic":
        return Path(name or "", file)
    if kind == "request":
        return Path(file)
    from careplan.content.names import FOLDERS  # noqa: PLC0415 - slow to import

    return (folder or Path()) / FOLDERS[kind] / file


def _write(target: Path, text: str) -> None:
    if target.exists():
        message = f"{target} is there already and was left as it is."
        raise OutputError(message)
    make_folder(target.parent)
    schema = target.parent / SCHEMA
    if schema.is_file():
        # Beside the schema, but in none of the folders that the editor's settings name.
        text = f"# yaml-language-server: $schema={os.path.relpath(schema, target.parent)}\n{text}"
    write_whole(target, text.encode())


def _keep(kept: Path, text: str, target: Path) -> None:
    """Write the built-in text that *target* changes, unless an older one is kept already."""
    if kept.exists() and kept.read_text(encoding="utf-8") != text:
        click.echo(f"{kept} is there from an earlier time; compare it with the built-in one.", err=True)
        return
    make_folder(kept.parent)
    write_whole(kept, text.encode())
    click.echo(f"Kept beside {target}, to compare with later: {kept}", err=True)


def _say_next(kind: str, target: Path, folder: Path | None) -> None:
    if kind == "clinic":
        click.echo(
            f"Next: fill in {target}, then careplan check {target}\n"
            "Its folder is the clinic folder: your own therapies and rules go there, too.",
            err=True,
        )
        return
    steps = [f"Next: write your own words in {target}, then", f"  careplan check {target}"]
    if kind == "request":
        steps.append(f"  careplan build {target}")
    else:
        steps += [f"  careplan preview {target}", f"  careplan approve {target.stem}"]
        if folder is None:
            steps.append("This is no clinic folder yet; careplan new clinic makes it one.")
        elif (folder / SCHEMA).is_file():
            steps.append(f"So that your editor knows '{target.stem}': careplan schema --editor vscode")
    click.echo("\n".join(steps), err=True)
