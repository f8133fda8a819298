"""Look up what there is: `list` and `show`."""

import json
from typing import Any

import click

from careplan.content.resources import plans_folder
from careplan.problems import RequestError, did_you_mean

# How the kinds are called in a list, in the order in which people need them.
KINDS = {
    "interventions": "intervention", "therapies": "therapy", "follow-ups": "follow-up",
    "conditions": "condition", "factors": "factor", "safety-rules": "safety-rules",
}


@click.command("list")
@click.argument("kind", required=False, metavar="[KIND]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(kind: str | None, *, as_json: bool) -> None:
    """List what plans are made of.

    KIND is interventions, therapies, follow-ups, conditions, factors or safety-rules.

    \b
    Examples:
      careplan list
      careplan list therapies
    """
    from careplan.content.catalogue import list_fragments  # noqa: PLC0415 - reads YAML

    if kind is not None and kind not in KINDS:
        hint = did_you_mean(kind, KINDS) or f"; there is {', '.join(KINDS)}."
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


@click.command()
@click.argument("name", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(name: str, *, as_json: bool) -> None:
    """Show one fragment or safety rule: what it says, when, and who says so.

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
