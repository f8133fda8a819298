"""Make handouts: `build` and `demo`."""

import datetime as dt
import gc
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from careplan.cli.clock import today
from careplan.cli.house import House, open_house
from careplan.cli.signatures import read_signatures, refuse_unapproved
from careplan.files import write_whole
from careplan.planning.editions import EDITIONS, field_name
from careplan.planning.shorthand import factor_state, option_values, split_words
from careplan.problems import OutputError, RequestError

if TYPE_CHECKING:
    from careplan.planning.plan import Plan
    from careplan.planning.request import Request

FORMS = ("pdf", "html", "staff", "handoff", "card")
PAPERS = ("letter", "a4")


def edition_flags(command: Callable[..., None]) -> Callable[..., None]:
    """Add to *command* a flag for each edition of the plan."""
    for edition, told in reversed(tuple(EDITIONS.items())):
        variable = f"CAREPLAN_{field_name(edition).upper()}"
        option = click.option(f"--{edition}", is_flag=True, default=None, envvar=variable, help=told)
        command = option(command)
    return command


@click.command()
@click.argument("intervention", metavar="INTERVENTION|REQUEST.yaml|-")
@click.option(
    "-t", "--therapy", "therapies", multiple=True, metavar="ID",
    help="A therapy that joins the plan; repeat it, or use commas.",
)
@click.option("--without", multiple=True, metavar="ID", help="A therapy of the request file to leave out.")
@click.option(
    "-c", "--condition", "conditions", multiple=True, metavar="ID",
    help="The health problem that the plan is for.",
)
@click.option(
    "--option", "options", multiple=True, metavar="KEY=VALUE",
    help="A choice inside the intervention: site=lumbar.",
)
@click.option(
    "--factor", "factors", multiple=True, metavar="ID",
    help="Something that changes what is safe: diabetes, or pregnant=unknown.",
)
@click.option("-s", "--follow-up", metavar="ID", help="The follow-up, if not the usual one.")
@click.option(
    "-d", "--date", metavar="YYYY-MM-DD",
    help="The procedure day; without it, dates are lines to write on.",
)
@click.option("-l", "--lang", metavar="CODE", envvar="CAREPLAN_LANGUAGE", help="Language of the handout.")
@edition_flags
@click.option("--paper", type=click.Choice(PAPERS), envvar="CAREPLAN_PAPER", help="Paper size.")
@click.option(
    "-f", "--format", "form", type=click.Choice(FORMS), default="pdf", show_default=True,
    help="What to write.",
)
@click.option(
    "-o", "--out", metavar="PATH", envvar="CAREPLAN_OUT",
    help="File or folder to write to, or - for standard output.",
)
@click.option("--clinic", metavar="PATH", help="The clinic's folder or clinic.yaml.")
@click.option(
    "--allow", multiple=True, metavar="RULE-ID",
    help="A conflict that a clinician takes on; needs --by and --reason.",
)
@click.option("--by", metavar="NAME", help="Who allows it.")
@click.option("--reason", metavar="TEXT", help="Why it is allowed.")
@click.option("--strict", is_flag=True, envvar="CAREPLAN_STRICT", help="Take warnings for errors.")
@click.option("--dry-run", is_flag=True, help="Show the plan and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--save", metavar="REQUEST.yaml", help="Save the request, to build from it again.")
@click.option("--open", "open_it", is_flag=True, help="Open the handout.")
def build(intervention: str, **given: Any) -> None:
    """Build one handout.

    \b
    Examples:
      careplan build epidural-steroid-injection --option site=lumbar -d 2026-12-03
      careplan build radiofrequency-ablation --option site=knee -t physical-therapy,massage-therapy
      careplan build request.yaml --large-print --paper a4 -o handout.pdf
    """
    _build(read_request(intervention, given), given)


@click.command()
@click.option(
    "-f", "--format", "form", type=click.Choice(FORMS), default="pdf", show_default=True,
    help="What to write.",
)
@click.option("-o", "--out", metavar="PATH", help="File or folder to write to.")
@click.option("--open", "open_it", is_flag=True, help="Open the handout.")
@edition_flags
def demo(form: str, out: str | None, *, open_it: bool, **editions: bool | None) -> None:
    """Build an example: an epidural steroid injection with three therapies.

    \b
    Example:
      careplan demo --large-print -o handout.pdf
    """
    from careplan.content.resources import plans_folder  # noqa: PLC0415 - part of the slow way

    examples = plans_folder() / "examples"
    given = {
        "form": form, "out": out, "open_it": open_it, "date": soon().isoformat(),
        "clinic": str(examples / "clinic.yaml"), **editions,
    }
    _build(read_request(str(examples / "epidural-for-sciatica.yaml"), given), given)


def soon() -> dt.date:
    """Return a Thursday some ten days ahead; no public holiday of the example clinic."""
    day = today() + dt.timedelta(days=10)
    day += dt.timedelta(days=(3 - day.weekday()) % 7)
    from holidays import country_holidays  # noqa: PLC0415 - slow to import

    while day in country_holidays("US", years=day.year):
        day += dt.timedelta(days=7)
    return day


def read_request(named: str, given: Mapping[str, Any]) -> "Request":
    """Return the request that the argument and the options come to."""
    from careplan.content.validation import check, check_given  # noqa: PLC0415 - slow to import
    from careplan.planning.request import Request  # noqa: PLC0415 - slow to import

    data: dict[str, Any] = {"kind": "request", "intervention": named}
    if named == "-" or named.endswith((".yaml", ".yml")):
        from careplan.content.source import parse_source, read_source  # noqa: PLC0415

        is_piped = named == "-"
        source = parse_source(sys.stdin.buffer.read(), "stdin") if is_piped else read_source(Path(named))
        check(Request, source)
        data = dict(source.data)
    return check_given(Request, _with_options(data, given), "request")


def _with_options(data: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return *data* with what the command line adds or replaces."""
    merged = dict(data)
    for field, option in (
        ("follow_up", "follow_up"), ("date", "date"), ("language", "lang"), ("paper", "paper"),
        *((field_name(edition), field_name(edition)) for edition in EDITIONS),
    ):
        if given.get(option) is not None:
            merged[field] = given[option]
    for field in ("therapies", "conditions", "factors"):
        more = [factor_state(word) if field == "factors" else word for word in _words(given.get(field))]
        if more:
            merged[field] = [*_listed(merged.get(field)), *more]
    if given.get("options"):
        merged["options"] = {**(merged.get("options") or {}), **_pairs(given["options"])}
    for word in _words(given.get("without")):
        kept = [one for one in _listed(merged.get("therapies")) if _id(one) != word]
        if len(kept) == len(_listed(merged.get("therapies"))):
            message = f"--without {word}: the request has no therapy '{word}'."
            raise RequestError(message)
        merged["therapies"] = kept
    if given.get("allow"):
        merged["allow"] = [*_listed(merged.get("allow")), *_allowed(given)]
    return merged


def _words(values: Any) -> list[str]:
    return [word for value in values or () for word in split_words(value)]


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value] if value else []


def _id(choice: Any) -> Any:
    return choice.get("id") if isinstance(choice, dict) else choice


def _pairs(texts: tuple[str, ...]) -> dict[str, list[str]]:
    pairs: dict[str, list[str]] = {}
    for text in texts:
        try:
            key, values = option_values(text)
        except ValueError as error:
            message = f"--option {text}: write it as {error}."
            raise RequestError(message) from None
        pairs.setdefault(key, []).extend(values)
    return pairs


def _allowed(given: Mapping[str, Any]) -> list[dict[str, str]]:
    if not (given.get("by") and given.get("reason")):
        message = "--allow needs --by NAME and --reason TEXT; both are printed on the staff sheet."
        raise RequestError(message)
    return [{"rule": rule, "by": given["by"], "reason": given["reason"]} for rule in given["allow"]]


def _build(request: "Request", given: Mapping[str, Any]) -> None:
    from careplan.content.resources import templates_folder  # noqa: PLC0415 - slow to import
    from careplan.content.signing import signed_texts, valid_approvals  # noqa: PLC0415
    from careplan.content.wording import load_wording  # noqa: PLC0415
    from careplan.planning.compose import compose  # noqa: PLC0415
    from careplan.render import render  # noqa: PLC0415

    # One handout is soon made, and its pages stay in memory until it is written.
    gc.disable()
    house, day = open_house(given.get("clinic")), today()
    asked, request = request, with_settings(request, house)
    library, signatures = house.load_library(), read_signatures(house.folder)
    texts = signed_texts(library)
    wording = load_wording(templates_folder(), request.language or house.clinic.language)
    valid = valid_approvals(texts, signatures.approvals, day)
    plan = compose(library, request, house.clinic, wording, valid)
    if not given.get("dry_run"):
        refuse_unapproved(plan, texts, signatures, day)
    _warn(plan, strict=bool(given.get("strict")) or house.settings.strict)
    if given.get("save"):
        write_whole(Path(given["save"]), as_yaml(asked))
    if given.get("dry_run"):
        _report(plan, None, as_json=bool(given.get("as_json")))
        refuse_unapproved(plan, texts, signatures, day)
        return
    data = render(plan, given["form"], wording, templates_folder())
    if given.get("out") == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    target = _target(plan, given.get("out") or usual_folder(house), given["form"])
    write_whole(target, data)
    _report(plan, target, as_json=bool(given.get("as_json")))
    if given.get("open_it"):
        click.launch(str(target))


def with_settings(request: "Request", house: House) -> "Request":
    """Return *request* with what careplan.toml says where the request says nothing."""
    settings = house.settings
    usual: dict[str, Any] = {"language": settings.language, "paper": settings.paper}
    usual |= {field_name(edition): True for edition in settings.editions}
    missing = {name: value for name, value in usual.items() if value and getattr(request, name) is None}
    return request.model_copy(update=missing) if missing else request


def usual_folder(house: House) -> str | None:
    """Return the folder that careplan.toml says to write to."""
    if house.folder is None or house.settings.out is None:
        return None
    folder = house.folder / house.settings.out
    if not folder.is_dir():
        message = f"The folder {folder} that careplan.toml names under 'out' does not exist."
        raise OutputError(message)
    return str(folder)


def _warn(plan: "Plan", *, strict: bool) -> None:
    """Say what is doubtful but not wrong; with *strict* it stops the build."""
    from careplan.planning.doubts import doubts  # noqa: PLC0415 - knows the plan's models

    found = doubts(plan, today())
    if found and strict:
        raise RequestError("\n".join(found))
    for doubt in found:
        click.echo(f"warning: {doubt}", err=True)


def _target(plan: "Plan", out: str | None, form: str) -> Path:
    """Return where to write; names say nothing about the patient."""
    from careplan.render import ENDINGS  # noqa: PLC0415 - knows the plan's models

    language = plan.language.split("-")[0]
    ending = ENDINGS.get(form, form)
    name = f"{plan.request.intervention}-{language}-{plan.fingerprint[:6]}.{ending}"
    path = Path(out) if out else Path(name)
    return path / name if path.is_dir() else path


def as_yaml(request: "Request") -> bytes:
    """Return *request* as the file from which it is read again."""
    import yaml  # noqa: PLC0415 - only needed to save

    data = request.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    text: str = yaml.safe_dump({"kind": "request", **data}, sort_keys=False, allow_unicode=True)
    return text.encode()


def _report(plan: "Plan", target: Path | None, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_result(plan, target), indent=2))
        return
    if target is None:
        for one in plan.appointments:
            click.echo(f"{one.when.replace('____', '').strip()}  {one.title}")
    _tell_conflicts(plan)
    if target is not None:
        click.echo(str(target))
        click.echo("Next: print it, and fill the blank lines with your patient.", err=True)


def _tell_conflicts(plan: "Plan") -> None:
    """Name each rule that blocks or asks, and count the milder ones."""
    milder: dict[str, int] = {}
    for conflict in plan.conflicts:
        if conflict.action in ("block", "ask"):
            state = f", allowed by {conflict.allowed.by}" if conflict.allowed else ""
            click.echo(f"{conflict.action}: {conflict.rule.id}{state}", err=True)
        else:
            milder[conflict.action] = milder.get(conflict.action, 0) + 1
    if plan.staff.loosened:
        names = ", ".join(dict.fromkeys(row.id for row in plan.staff.loosened))
        click.echo(f"less strict at your clinic, see the staff sheet: {names}", err=True)
    if milder:
        counted = ", ".join(f"{number} {action}" for action, number in milder.items())
        click.echo(f"also printed: {counted}", err=True)


def _reading(plan: "Plan") -> dict[str, Any]:
    """Return the handout's grades, with the procedure's own names and without them."""
    from careplan.content.readability import load_syllables, score, words_of  # noqa: PLC0415
    from careplan.planning.spoken import handout_names, handout_sentences  # noqa: PLC0415

    sentences = handout_sentences(plan)
    syllables = load_syllables(word for sentence in sentences for word in words_of(sentence))
    raw, plain = score(sentences, syllables), score(sentences, syllables, handout_names(plan))
    return {
        "words": raw.words,
        "flesch_kincaid": round(plain.flesch_kincaid, 1),
        "smog": round(plain.smog, 1),
        "flesch_kincaid_with_names": round(raw.flesch_kincaid, 1),
        "smog_with_names": round(raw.smog, 1),
    }


def _result(plan: "Plan", target: Path | None) -> dict[str, Any]:
    return {
        "file": str(target) if target else None,
        "fingerprint": plan.fingerprint,
        "approved": plan.approved,
        "reading": _reading(plan),
        "date": plan.request.date.isoformat() if plan.request.date else None,
        "appointments": [
            {"id": one.id, "day": one.day, "when": one.when, "title": one.title}
            for one in plan.appointments
        ],
        "conflicts": [
            {"rule": one.rule.id, "action": one.action, "allowed": one.allowed is not None}
            for one in plan.conflicts
        ],
    }
