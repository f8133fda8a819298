"""Look up what there is: `list` and `show`."""

import json
from collections.abc import Mapping
from typing import Any

import click

from careplan.cli.make import read_request
from careplan.content.resources import plans_folder
from careplan.problems import RequestError, did_you_mean

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
    fragments = list_fragments(plans_folder())
    wanted = [kind] if kind else list(KINDS)
    if as_json:
        rows = [
            {"kind": one.kind, "id": one.id, "title": one.title, "summary": one.summary}
            for name in wanted for one in fragments if one.kind == KINDS[name]
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    for name in wanted:
        chosen = [one for one in fragments if one.kind == KINDS[name]]
        if not kind:
            click.secho(name, bold=True)
        width = max((len(one.id) for one in chosen), default=0)
        for one in chosen:
            click.echo(f"  {one.id:<{width}}  {one.summary or one.title}".rstrip())
    if not kind:
        click.echo("Next: careplan show ID", err=True)


def _list_conflicts(intervention: str | None, given: Mapping[str, Any]) -> None:
    """List every rule that would fire, strictest first."""
    from careplan.content.library import load_library  # noqa: PLC0415 - slow to import
    from careplan.planning.outlook import foresee  # noqa: PLC0415

    if not intervention:
        message = "Name an intervention: careplan list conflicts INTERVENTION."
        raise RequestError(message)
    request = read_request(intervention, given)
    conflicts = foresee(load_library(plans_folder()), request).conflicts
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
    from careplan.content.library import load_library  # noqa: PLC0415 - slow to import
    from careplan.planning.outlook import foresee_therapies  # noqa: PLC0415

    request = read_request(intervention, given)
    outlooks = foresee_therapies(load_library(plans_folder()), request)
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
    from careplan.content.library import load_library  # noqa: PLC0415 - slow to import

    library = load_library(plans_folder())
    shelves: tuple[Any, ...] = (
        library.interventions, library.therapies, library.follow_ups, library.conditions,
        library.factors, library.rules, library.red_flags, library.references,
    )
    found = next((shelf[name] for shelf in shelves if name in shelf), None)
    if found is None:
        known = [one for shelf in shelves for one in shelf]
        hint = did_you_mean(name, known) or "; see careplan list."
        message = f"There is nothing called '{name}'{hint}"
        raise RequestError(message)
    data = found.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    if as_json:
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return
    _write({"kind": type(found).__name__, **data}, "")


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
