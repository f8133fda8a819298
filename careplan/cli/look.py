"""Look up what there is: `list` and `show`."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from careplan.cli.house import find_folder
from careplan.cli.make import read_request
from careplan.content.resources import plans_folder
from careplan.problems import CareplanError, RequestError, did_you_mean

if TYPE_CHECKING:
    from careplan.content.library import Library

# How the kinds are called in a list, in the order in which people need them.
KINDS = {
    "interventions": "intervention", "therapies": "therapy", "follow-ups": "follow-up",
    "conditions": "condition", "factors": "factor", "safety-rules": "safety-rules",
}


@click.command("list")
@click.argument("kind", required=False, metavar="[KIND]")
@click.argument("intervention", required=False, metavar="[INTERVENTION]")
@click.option("--for", "for_", metavar="INTERVENTION", help="Say for each therapy how it would fit.")
@click.option("-t", "--therapy", "therapies", multiple=True, metavar="ID", help="With conflicts.")
@click.option("--factor", "factors", multiple=True, metavar="ID", help="With conflicts or --for.")
@click.option("--option", "options", multiple=True, metavar="KEY=VALUE", help="With conflicts or --for.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(kind: str | None, intervention: str | None, for_: str | None, **given: Any) -> None:
    """List what plans are made of, or what would happen if.

    KIND is interventions, therapies, follow-ups, conditions, factors, safety-rules, or
    conflicts with an INTERVENTION.

    \b
    Examples:
      careplan list therapies
      careplan list therapies --for radiofrequency-ablation --option site=lumbar
      careplan list conflicts epidural-steroid-injection -t acupuncture --factor diabetes
    """
    if kind == "conflicts":
        _list_conflicts(intervention, given)
    elif for_ or intervention:
        if kind != "therapies" or intervention:
            message = "--for goes with therapies: careplan list therapies --for INTERVENTION."
            raise RequestError(message)
        _list_outlooks(for_ or "", given)
    else:
        _list_fragments(kind, as_json=given["as_json"])


def _list_fragments(kind: str | None, *, as_json: bool) -> None:
    from careplan.content.catalogue import list_fragments  # noqa: PLC0415 - reads YAML

    if kind is not None and kind not in KINDS:
        hint = did_you_mean(kind, [*KINDS, "conflicts"]) or f"; there is {', '.join(KINDS)} and conflicts."
        message = f"There is no list of '{kind}'{hint}"
        raise RequestError(message)
    folder = find_folder(None)
    fragments = list_fragments(plans_folder(), folder)
    wanted = [kind] if kind else list(KINDS)
    if as_json:
        rows = [
            {"kind": one.kind, "id": one.id, "title": one.title, "summary": one.summary}
            | ({"from": one.where} if folder else {})
            for name in wanted for one in fragments if one.kind == KINDS[name]
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    for name in wanted:
        chosen = [one for one in fragments if one.kind == KINDS[name]]
        if not kind:
            click.secho(name, bold=True)
        width = max((len(one.id) for one in chosen), default=0)
        origin = max((len(one.where) for one in chosen), default=0)
        for one in chosen:
            where = f"  {one.where:<{origin}}" if folder else ""
            click.echo(f"  {one.id:<{width}}{where}  {one.summary or one.title}".rstrip())
    if folder:
        _list_loosened()
    if not kind:
        click.echo("Next: careplan show ID", err=True)


def _load_library() -> "Library":
    """Return the built-in fragments with those of the clinic's folder laid over them."""
    from careplan.content.library import load_library  # noqa: PLC0415 - slow to import

    return load_library(plans_folder(), find_folder(None))


def _list_loosened() -> None:
    """List what the clinic made less strict, as far as its files can be read."""
    try:
        loosened = _load_library().loosened
    except CareplanError:
        click.echo("There are problems in the clinic's folder: careplan check", err=True)
        return
    if loosened:
        click.secho("less strict at this clinic", bold=True)
    for one in loosened:
        _tell_loosened(one, "  ")


def _tell_loosened(one: Any, indent: str) -> None:
    what = "; ".join(
        f"{change.field}: {change.own or 'nothing'} instead of {change.base or 'nothing'}"
        for change in one.weaker
    )
    click.echo(f"{indent}{one.id}: {what or 'dropped'} ({one.by}: {one.reason})")


def _list_conflicts(intervention: str | None, given: Mapping[str, Any]) -> None:
    """List every rule that would fire, strictest first."""
    from careplan.planning.outlook import foresee  # noqa: PLC0415

    if not intervention:
        message = "Name an intervention: careplan list conflicts INTERVENTION."
        raise RequestError(message)
    request = read_request(intervention, given)
    conflicts = foresee(_load_library(), request).conflicts
    if given["as_json"]:
        rows = [
            {
                "rule": one.rule.id, "action": one.action, "certain": one.certain,
                "therapies": {name: list(used) for name, used in one.touches.items()},
                "patient": one.rule.patient, "staff": one.rule.staff,
            }
            for one in conflicts
        ]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for one in conflicts:
        click.echo(f"{one.action:<10}  {one.rule.id}")
        click.echo(f"{'':<10}  {one.rule.patient or one.rule.staff}")
    click.echo("Next: careplan show RULE-ID" if conflicts else "No rule would fire.", err=True)


def _list_outlooks(intervention: str, given: Mapping[str, Any]) -> None:
    """List each therapy with whether it fits, from which day, and why."""
    from careplan.planning.outlook import foresee_therapies  # noqa: PLC0415

    request = read_request(intervention, given)
    outlooks = foresee_therapies(_load_library(), request)
    if given["as_json"]:
        click.echo(json.dumps([vars(one) for one in outlooks], indent=2))
        return
    width = max(len(one.therapy) for one in outlooks)
    for one in outlooks:
        day = "" if one.first_day is None else f"day {one.first_day}"
        click.echo(f"{one.therapy:<{width}}  {one.verdict:<7}  {day:<7}  {one.why}".rstrip())


@click.command()
@click.argument("name", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(name: str, *, as_json: bool) -> None:
    """Show one fragment or rule: what it says, when, and who says so.

    \b
    Examples:
      careplan show physical-therapy
      careplan show n08a-needles-near-fresh-injection
    """
    library = _load_library()
    shelves: dict[str, Any] = {
        "intervention": library.interventions, "therapy": library.therapies, "follow-up": library.follow_ups,
        "condition": library.conditions, "factor": library.factors, "safety-rule": library.rules,
        "red-flags/entry": library.red_flags, "sources/entry": library.references,
    }
    kind, found = next(((kind, shelf[name]) for kind, shelf in shelves.items() if name in shelf), ("", None))
    if found is None and (dropped := [one for one in library.loosened if one.rule and one.id == name]):
        kind, found = "safety-rule", dropped[0].rule
    if found is None:
        known = [one for shelf in shelves.values() for one in shelf]
        hint = did_you_mean(name, known) or "; see careplan list."
        message = f"There is nothing called '{name}'{hint}"
        raise RequestError(message)
    data = found.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    if as_json:
        click.echo(json.dumps(data | _origin(library, kind, name), indent=2, ensure_ascii=False))
        return
    _write({"kind": type(found).__name__, **data}, "")
    _write(_origin(library, kind, name), "")
    for one in library.loosened:
        if (one.kind, one.id) == (kind.partition("/")[0], name):
            click.secho("less strict at this clinic:", bold=True)
            _tell_loosened(one, "  ")


def _origin(library: "Library", kind: str, name: str) -> dict[str, Any]:
    """Return whose a fragment is, the files it stands in, and what the clinic changed in it."""
    origin = library.origins.get(f"{kind}/{name}")
    if origin is None:
        return {}
    told: dict[str, Any] = {"from": origin.where, "files": list(origin.files)}
    return told | ({"changes": [str(change) for change in origin.changes]} if origin.changes else {})


def _write(data: Any, indent: str) -> None:
    """Write *data* as indented text that reads like the fragment itself."""
    for key, value in data.items():
        label = key.replace("_", " ")
        if isinstance(value, dict):
            click.echo(f"{indent}{label}:")
            _write(value, indent + "  ")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            click.echo(f"{indent}{label}:")
            for one in value:
                click.secho(f"{indent}  {one.get('id', '-')}", bold=True)
                _write({field: inner for field, inner in one.items() if field != "id"}, indent + "    ")
        else:
            words = ", ".join(map(str, value)) if isinstance(value, list) else value
            click.echo(f"{indent}{label}: {words}")
