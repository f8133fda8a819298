"""Show what differs: `diff`."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from careplan.cli.house import clinic_library, find_clinic, find_folder, load_clinic
from careplan.cli.marks import marked, show_changes
from careplan.cli.overridden import accept, review_overrides
from careplan.content.changes import Change
from careplan.problems import CareplanError, FragmentError, RequestError

if TYPE_CHECKING:
    from careplan.planning.plan import Plan

_HEADINGS = {
    "plan": "The plan", "dates": "Dates", "starts": "When it may start, and where not", "rules": "Rules",
    "said": "What the handout says",
}


@click.command()
@click.argument("first", required=False, metavar="[A]")
@click.argument("second", required=False, metavar="[B]")
@click.option("--accept", "accepted", multiple=True, metavar="ID", help="Take the built-in text as known.")
@click.option("--clinic", metavar="PATH", help="The clinic's folder or clinic.yaml.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def diff(
    first: str | None, second: str | None, accepted: tuple[str, ...], clinic: str | None, *, as_json: bool
) -> None:
    """Show what differs between two plans or two versions of a text.

    Two requests are compared as their patients would read them, with dates. Two files of
    one text are compared item by item. An id compares the clinic's text with the built-in
    one. Without anything, it is told what changed underneath the clinic's own texts.

    \b
    Examples:
      careplan diff
      careplan diff --accept acupuncture
      careplan diff acupuncture
      careplan diff before.yaml after.yaml
    """
    if accepted:
        if first:
            message = "--accept stands alone: careplan diff --accept ID."
            raise RequestError(message)
        accept(accepted, clinic)
    elif first is None:
        review_overrides(clinic, as_json=as_json)
    elif second is None:
        _compare_with_built_in(first, clinic, as_json=as_json)
    else:
        _compare_files(Path(first), Path(second), clinic, as_json=as_json)


def _compare_with_built_in(name: str, clinic: str | None, *, as_json: bool) -> None:
    """Show what the clinic changed in one text."""
    from careplan.cli.approve import find_name  # noqa: PLC0415 - shares how texts are called
    from careplan.cli.overridden import base_of  # noqa: PLC0415
    from careplan.content.changes import compare_texts  # noqa: PLC0415
    from careplan.content.library import load_library  # noqa: PLC0415 - slow to import
    from careplan.content.resources import plans_folder  # noqa: PLC0415
    from careplan.content.signing import signed_texts  # noqa: PLC0415

    if name.endswith((".yaml", ".yml")):
        message = f"{name} needs a second file to be compared with: careplan diff {name} OTHER.yaml."
        raise RequestError(message)
    folder = find_folder(clinic)
    built_in, own = signed_texts(load_library(plans_folder())), signed_texts(clinic_library(folder))
    full = find_name(name, own)
    base = base_of(folder, full)
    if base not in built_in:
        message = f"{full} is the clinic's own; there is no built-in text to compare it with."
        raise RequestError(message)
    changes = compare_texts(built_in[base].data, own[full].data)
    _show(changes, as_json=as_json, nothing="it is as it comes with careplan")


def _compare_files(first: Path, second: Path, clinic: str | None, *, as_json: bool) -> None:
    from careplan.content.changes import compare_texts  # noqa: PLC0415
    from careplan.content.languages import compare_languages  # noqa: PLC0415

    before, after = _data(first), _data(second)
    kinds = (before.get("kind"), after.get("kind"))
    if kinds == ("request", "request"):
        _compare_requests(first, second, clinic, as_json=as_json)
        return
    if "request" in kinds:
        message = "A request is compared with a request, and a text with a text."
        raise RequestError(message)
    if _language(first) != _language(second):
        click.echo("Items that only one language has, and items whose numbers differ:", err=True)
        changes = compare_languages(before, after)
        _show(changes, as_json=as_json, nothing="they have the same items and numbers")
        return
    _show(compare_texts(before, after), as_json=as_json, nothing="they are the same")


def _data(path: Path) -> Mapping[str, Any]:
    from careplan.content.source import read_source  # noqa: PLC0415 - reads YAML

    source = read_source(path)
    if not isinstance(source.data, dict):
        sentence = "The file must hold fields with their values."
        raise FragmentError([source.problem(source.locate(()), sentence, "model-type")])
    return source.data


def _language(path: Path) -> str:
    return path.stem.partition(".")[2]


def _show(changes: Iterable[Change], *, as_json: bool, nothing: str) -> None:
    changes = tuple(changes)
    if as_json:
        rows = [
            {"kind": one.kind, "where": list(one.where), "before": one.before, "after": one.after}
            for one in changes
        ]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    show_changes(changes)
    count = len(changes)
    click.echo(f"{count} change{'' if count == 1 else 's'}." if count else f"No change: {nothing}.", err=True)


def _compare_requests(first: Path, second: Path, clinic: str | None, *, as_json: bool) -> None:
    """Show how two plans differ for their patients; nothing of the patients themselves."""
    from careplan.planning.differences import PARTS, compare_plans, same_patient  # noqa: PLC0415

    before, after = _plan(first, clinic), _plan(second, clinic)
    found = compare_plans(before, after)
    is_same = same_patient(before, after)
    if as_json:
        rows = [vars(one) for one in found]
        result = {"patient_differs": not is_same, "differences": rows}
        click.echo(json.dumps(result, indent=2, ensure_ascii=False))
        return
    if not is_same:
        click.echo("Patient details differ.")
    for part in PARTS:
        told = [one for one in found if one.part == part]
        if told:
            click.secho(_HEADINGS[part], bold=True)
        for one in told:
            click.echo(_line(one.what, one.before, one.after, mixed=part in ("rules", "said")))
    count = len(found)
    counted = "1 difference." if count == 1 else f"{count} differences."
    click.echo(counted if count else "The plans are the same.", err=True)


def _line(what: str, before: str, after: str, *, mixed: bool) -> str:
    if not before:
        return f"  {click.style('+', fg='green')} {what}: {after}"
    if not after:
        return f"  {click.style('-', fg='red')} {what}: {before}"
    return f"  ~ {what}: {marked(before, after) if mixed else f'{before} → {after}'}"


def _plan(file: Path, clinic: str | None) -> "Plan":
    """Return the plan for the request in *file*; what stops it is told with the file's name."""
    from careplan.cli.make import read_request  # noqa: PLC0415 - brings the models
    from careplan.content.resources import templates_folder  # noqa: PLC0415
    from careplan.content.wording import load_wording  # noqa: PLC0415
    from careplan.planning.compose import compose  # noqa: PLC0415

    request = read_request(str(file), {})
    house = load_clinic(find_clinic(clinic))
    wording = load_wording(templates_folder(), request.language or house.language)
    try:
        return compose(clinic_library(find_folder(clinic)), request, house, wording)
    except FragmentError:
        raise
    except CareplanError as error:
        message = f"{file}: {error}"
        raise type(error)(message) from None
