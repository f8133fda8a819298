"""What Tab offers: the ids, options and values that fit, read quickly and without checking them.

One table by the name of a parameter, because the same name means the same in every command.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from careplan.cli.house import find_folder
from careplan.content.resources import plans_folder, templates_folder
from careplan.problems import CareplanError

# A word that can be typed, with what it means.
Offer = tuple[str, str]
# Generic since Click 8.4, and not before; mypy and Python see the one that is installed.
if TYPE_CHECKING:
    _Type = click.ParamType[str]
else:
    _Type = click.ParamType
Completer = Callable[[click.Context, str], Iterable[Offer]]


def teach(command: click.Command) -> None:
    """Let *command* complete the parameters that the tables below know.

    For use while the shell asks for completions only: a parameter that is taught takes any text.
    """
    for parameter in command.params:
        keys = (f"{command.name} {parameter.name}", str(parameter.name))
        known = next((_KNOWN[key] for key in keys if key in _KNOWN), None)
        if known:
            parameter.type = _Words(known)
        elif parameter.name in _FILES:
            parameter.type = click.Path()


class _Words(_Type):
    """Text that a completer knows; with commas where the parameter may be given again."""

    name = "text"

    def __init__(self, completer: Completer) -> None:
        self.completer = completer

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Return what begins with *incomplete* and was not typed before."""
        done, comma, rest = incomplete.rpartition(",") if param.multiple else ("", "", incomplete)
        offers: list[Offer] = []
        # Whatever is wrong is told when the command runs; a shell only wants to go on.
        with suppress(CareplanError, OSError):
            offers = list(self.completer(ctx, rest))
        typed = {*_typed(ctx, param), *done.split(",")}
        return [
            CompletionItem(f"{done}{comma}{word}", help=told or None)
            for word, told in offers if word.startswith(rest) and word not in typed
        ]


def _typed(ctx: click.Context, param: click.Parameter) -> Sequence[Any]:
    values = ctx.params.get(str(param.name)) or ()
    return [one for value in values for one in str(value).split(",")] if param.multiple else ()


def _folders(ctx: click.Context) -> list[Path]:
    """Return where fragments are: the built-in plans, and the clinic's folder if there is one."""
    clinic = None
    with suppress(CareplanError):
        clinic = find_folder(ctx.params.get("clinic"))
    return [plans_folder(), *([clinic] if clinic else [])]


def _fragments(*folders: str) -> Completer:
    """Return a completer for the ids of the fragments in these folders."""

    def complete(ctx: click.Context, _: str) -> list[Offer]:
        from careplan.content.catalogue import list_fragments  # noqa: PLC0415 - reads YAML

        found: dict[str, str] = {}
        for parent in _folders(ctx):
            for folder in folders:
                if (parent / folder).is_dir():
                    found |= {one.id: one.title for one in list_fragments(parent / folder)}
        return list(found.items())

    return complete


def _factors(ctx: click.Context, typed: str) -> list[Offer]:
    """Return the factors; behind an equals sign, that one is not known."""
    known = _fragments("factors")(ctx, typed)
    if "=" not in typed:
        return list(known)
    return [(f"{name}=unknown", f"{title}: not known") for name, title in known]


def _rules(ctx: click.Context, _: str) -> list[Offer]:
    from careplan.content.catalogue import list_rules  # noqa: PLC0415 - reads YAML

    return [
        rule for parent in _folders(ctx) if (parent / "safety-rules").is_dir()
        for rule in list_rules(parent / "safety-rules")
    ]


def _options(ctx: click.Context, _: str) -> list[Offer]:
    """Return KEY=VALUE for the intervention that was typed before."""
    from careplan.content.catalogue import list_options, peek  # noqa: PLC0415 - reads YAML

    # Where a value is missing at the end, as here, Click leaves the arguments unnamed.
    before = [ctx.params.get("intervention"), ctx.params.get("for_"), *reversed(ctx.args)]
    named = next((str(one) for one in before if one), None)
    if named and named.endswith((".yaml", ".yml")):
        named = peek(Path(named), ("intervention",)).get("intervention")
    return [
        (f"{key}={value}", words)
        for key, values in list_options(plans_folder(), named).items() for value, words in values.items()
    ]


def _requests(ctx: click.Context, typed: str) -> list[Offer]:
    """Return the request files in the folder that is typed."""
    from careplan.content.catalogue import peek  # noqa: PLC0415 - reads YAML

    del ctx
    return [
        (name, "a request") for name, path in _beside(typed)
        if path.suffix in (".yaml", ".yml") and peek(path, ("kind",)).get("kind") == "request"
    ]


def _beside(typed: str) -> list[tuple[str, Path]]:
    """Return what is in the folder that is typed, each as it would be typed."""
    start = typed[: typed.rfind("/") + 1]
    return [(f"{start}{path.name}", path) for path in sorted(Path(start or ".").expanduser().iterdir())]


def _languages(ctx: click.Context, _: str) -> list[Offer]:
    from careplan.content.catalogue import peek  # noqa: PLC0415 - reads YAML

    del ctx
    found = sorted((templates_folder() / "locales").glob("*.yaml"))
    return [(path.stem, peek(path, ("language",)).get("language", "")) for path in found]


def _everything(ctx: click.Context, typed: str) -> list[Offer]:
    """Return the ids of all fragments and rules."""
    return [*_fragments(*_LISTS)(ctx, typed), *_rules(ctx, typed)]


def _or_requests(completer: Completer) -> Completer:
    """Return a completer that knows what *completer* knows, and request files."""
    return lambda ctx, typed: [*completer(ctx, typed), *_requests(ctx, typed)]


def _kinds(ctx: click.Context, _: str) -> list[Offer]:
    del ctx
    kinds = ("intervention", "therapy", "follow-up", "condition", "factor", "safety-rule")
    return [(kind, "") for kind in kinds]


def _lists(ctx: click.Context, _: str) -> list[Offer]:
    del ctx
    return [*((name, "") for name in (*_LISTS, "safety-rules")), ("conflicts", "what would happen if")]


def _rosters(ctx: click.Context, typed: str) -> list[Offer]:
    """Return the tables in the folder that is typed."""
    del ctx
    tables = (".csv", ".jsonl", ".ndjson", ".tsv")
    return [(name, "a roster") for name, path in _beside(typed) if path.suffix.lower() in tables]


def _orders(ctx: click.Context, _: str) -> list[Offer]:
    from careplan.batch.stack import SORTED_BY  # noqa: PLC0415 - only to print

    del ctx
    return [(name, "") for name in SORTED_BY]


_LISTS = ("interventions", "therapies", "follow-ups", "conditions", "factors")


def _codes(_: click.Context, __: str) -> list[Offer]:
    from careplan.content.codes import CODES  # noqa: PLC0415 - reads all that it says of each

    return [(one.name, one.title) for one in CODES]


_FILES = frozenset({"clinic", "merge", "out", "save"})
_KNOWN: dict[str, Completer] = {
    "therapies": _fragments("therapies"),
    "without": _fragments("therapies"),
    "conditions": _fragments("conditions"),
    "factors": _factors,
    "follow_up": _fragments("follow-ups"),
    "allow": _rules,
    "options": _options,
    "lang": _languages,
    "intervention": _or_requests(_fragments("interventions")),
    "for_": _fragments("interventions"),
    "list kind": _lists,
    "list intervention": _fragments("interventions"),
    "approve for_": _requests,
    "kind": _kinds,
    "check explain": _codes,
    "roster": _rosters,
    "sort": _orders,
    "origin": _everything,
    **dict.fromkeys(("name", "names", "accepted", "from_"), _everything),
    **dict.fromkeys(("named", "first", "second"), _or_requests(_everything)),
}
