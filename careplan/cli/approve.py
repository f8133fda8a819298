"""Sign texts for a clinic: `approve`, and what lapses soon."""

import datetime as dt
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from careplan.cli.clock import read_day, today
from careplan.cli.house import clinic_library, find_folder
from careplan.cli.signatures import (
    FILE,
    drop_copy,
    keep_copy,
    read_approvals,
    signed_copy,
    told,
    write_approvals,
)
from careplan.problems import RequestError, did_you_mean

if TYPE_CHECKING:
    from careplan.content.approvals import Approval
    from careplan.content.library import Library
    from careplan.content.signing import Deadline, SignedText, Standing

# A signature holds for two years at most, and never past the day of the text's review.
MOST_YEARS = 2
_SPAN = re.compile(r"(\d{1,4}) ?(d|days?|w|weeks?|m|months?)")
_DAYS = {"d": 1, "w": 7, "m": 30}


@click.command()
@click.argument("names", nargs=-1, metavar="[ID]...")
@click.option("--by", metavar="NAME", help="Who signs; printed on every handout.")
@click.option("--role", metavar="TEXT", help="What they are: 'pain physician'.")
@click.option("--until", metavar="YYYY-MM-DD", help="The last day on which the approval holds.")
@click.option("--on", metavar="YYYY-MM-DD", help="The day of the signature, if it is not today.")
@click.option("--for", "for_", metavar="REQUEST.yaml", help="Every text that this plan needs.")
@click.option("--all", "all_", is_flag=True, help="Every text that there is.")
@click.option("--withdraw", is_flag=True, help="Take the approval of these texts back.")
@click.option("--yes", is_flag=True, help="Sign without being asked.")
@click.option("--clinic", metavar="PATH", help="The clinic's folder or clinic.yaml.")
def approve(names: tuple[str, ...], **given: Any) -> None:
    """Sign texts: who stands behind them, and until when.

    Signatures are kept in the clinic's folder, in approvals.yaml. One ends with any change
    of the text or of what it extends, and on its last day: at the latest the day of the
    text's review, and never more than two years after the signature.

    \b
    Examples:
      careplan approve physical-therapy acupuncture --by "Dr. Example" --until 2027-10-31
      careplan approve --for request.yaml --by "Dr. Example" --role physician --until 2027-10-31
      careplan approve acupuncture --withdraw
    """
    from careplan.content.signing import signed_texts, stand  # noqa: PLC0415 - slow to import

    folder = _folder(given["clinic"])
    approvals = read_approvals(folder)
    if given["withdraw"]:
        _withdraw(names, folder, approvals, every=given["all_"])
        return
    signed_on, until = _days(given)
    library = clinic_library(folder)
    texts = signed_texts(library)
    chosen = _chosen(names, texts, library, given)
    asked = [stand(text, approvals.get(text.name), signed_on) for text in chosen]
    # What is named is signed again; of many, what still holds as long is left as it is.
    wanted = [one for one in asked if names or not _holds_as_long(one, until)]
    if not wanted:
        click.echo("Nothing is left to sign: all of it is approved as long already.", err=True)
        return
    made = [_approval(one.text, given, signed_on, until) for one in wanted]
    for one, approval in zip(wanted, made, strict=True):
        _show(one, approval, folder, until)
    _confirm(len(made), made[0].signer, yes=given["yes"])
    for one in wanted:
        keep_copy(folder, one.text)
    write_approvals(folder, {**approvals, **{one.fragment: one for one in made}}.values())
    click.echo(str(folder / FILE))
    click.echo("Next: careplan build; the handout says who approved it and until when.", err=True)


def _folder(given: str | None) -> Path:
    folder = find_folder(given)
    if folder is None:
        message = (
            "Approvals are kept in the clinic's folder, and this is none: it needs clinic.yaml or "
            "careplan.toml. Go there, or name it with --clinic."
        )
        raise RequestError(message)
    return folder


def _days(given: Mapping[str, Any]) -> tuple[dt.date, dt.date]:
    """Return the day of the signature and its last day; raises `RequestError`."""
    if not given["by"] or not given["by"].strip() or not given["until"]:
        message = "An approval needs --by NAME and --until YYYY-MM-DD."
        raise RequestError(message)
    now, until = today(), read_day(given["until"], "--until")
    signed_on = read_day(given["on"], "--on") if given["on"] else now
    latest = _years_after(signed_on, MOST_YEARS)
    if signed_on > now:
        message = f"--on {signed_on} has not come yet; a signature is never dated ahead."
    elif until < now or until < signed_on:
        message = f"--until {until} is over already."
    elif until > latest:
        message = f"--until may be {latest} at the latest: two years after the signature."
    else:
        return signed_on, until
    raise RequestError(message)


def _years_after(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _chosen(
    names: tuple[str, ...], texts: "Mapping[str, SignedText]", library: "Library", given: Mapping[str, Any]
) -> "list[SignedText]":
    if bool(names) + bool(given["for_"]) + given["all_"] != 1:
        message = "Name the texts to sign, or give --for REQUEST.yaml, or --all."
        raise RequestError(message)
    if given["all_"]:
        return list(texts.values())
    if given["for_"]:
        return _needed(given["for_"], texts, library)
    return [texts[name] for name in dict.fromkeys(find_name(name, texts) for name in names)]


def _needed(named: str, texts: "Mapping[str, SignedText]", library: "Library") -> "list[SignedText]":
    """Return the texts of which the plan in the file *named* is made, safe or not."""
    from careplan.cli.make import read_request  # noqa: PLC0415 - brings the models
    from careplan.planning.origins import list_origins, list_shared  # noqa: PLC0415
    from careplan.planning.selection import select  # noqa: PLC0415

    chosen = select(library, read_request(named, {}))
    origins = (*list_origins(library, chosen, {}), *list_shared(library, {}))
    return [texts[one.name] for one in origins]


def find_name(name: str, texts: Iterable[str]) -> str:
    """Return the whole name of the text called *name*, with or without its kind; raises `RequestError`."""
    known = list(texts)
    if name in known:
        return name
    found = [one for one in known if one.partition("/")[2] == name]
    if len(found) == 1:
        return found[0]
    if found:
        message = f"'{name}' is the id of several texts: {', '.join(found)}."
    else:
        hint = did_you_mean(name, [*known, *(one.partition("/")[2] for one in known)])
        message = f"There is no text '{name}' to sign{hint or '; see careplan list.'}"
    raise RequestError(message)


def _holds_as_long(one: "Standing", until: dt.date) -> bool:
    last = min(until, one.text.due or until)
    return one.state == "approved" and one.approval is not None and one.approval.until >= last


def _approval(text: "SignedText", given: Mapping[str, Any], signed_on: dt.date, until: dt.date) -> "Approval":
    """Return the signature under *text*, which ends with the text's review at the latest."""
    from careplan.content.approvals import Approval  # noqa: PLC0415 - slow to import
    from careplan.content.validation import check_given  # noqa: PLC0415

    if text.due and text.due < signed_on:
        message = (
            f"{text.name} was to be reviewed by {text.due}. Look it through, and set a new review.due "
            "in the clinic's own version, before it is signed."
        )
        raise RequestError(message)
    data = {
        "fragment": text.name, "by": given["by"], "role": given["role"], "on": signed_on,
        "until": min(until, text.due or until), "version": text.version, "fingerprint": text.fingerprint,
    }
    return check_given(Approval, data, "approve")


def _show(one: "Standing", approval: "Approval", folder: Path, until: dt.date) -> None:
    """Show what is about to be signed, and what changed since it was signed before."""
    from careplan.cli.marks import show_changes  # noqa: PLC0415
    from careplan.content.changes import compare_texts  # noqa: PLC0415 - only to sign

    text = one.text
    version = f", version {text.version}" if text.version else ""
    items = f", {text.items} item{'' if text.items == 1 else 's'}" if text.items else ""
    click.secho(f"{text.name}: {text.title}{version}{items}", bold=True, err=True)
    review = ", the day of its review" if approval.until < until else ""
    click.echo(f"  {told(one)}; to be approved until {approval.until}{review}", err=True)
    before = signed_copy(folder, text, one.approval)
    if one.state == "changed" and before is not None:
        show_changes(compare_texts(before, text.data), indent="  ", err=True)


def _confirm(number: int, signer: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        message = "Without a terminal nobody can be asked: give --yes to sign."
        raise RequestError(message)
    texts = "this text" if number == 1 else f"these {number} texts"
    click.confirm(f"Sign {texts} as {signer}?", abort=True, err=True)


def _withdraw(
    names: tuple[str, ...], folder: Path, approvals: "Mapping[str, Approval]", *, every: bool
) -> None:
    """Take signatures back; what is not signed any more may be gone from the library too."""
    if bool(names) == every:
        message = "Name the approvals to withdraw, or give --all."
        raise RequestError(message)
    gone = set(approvals) if every else {find_name(name, approvals) for name in names}
    write_approvals(folder, [one for name, one in approvals.items() if name not in gone])
    for name in sorted(gone):
        drop_copy(folder, name)
        click.echo(f"{name}: no longer approved", err=True)
    click.echo(str(folder / FILE))


def show_deadlines(given: str, clinic: str | None, now: dt.date, *, strict: bool) -> None:
    """List what lapses or is to be reviewed within the time *given* from *now*, earliest first.

    With *strict* leave with exit code 3 where there is anything; raises `RequestError`.
    """
    from careplan.content.signing import deadlines, signed_texts  # noqa: PLC0415 - slow to import

    span = _SPAN.fullmatch(given.strip())
    if not span:
        message = f"--due {given}: write a time such as 60d, 8w, 2m or '60 days'."
        raise RequestError(message)
    folder = find_folder(clinic)
    texts = signed_texts(clinic_library(folder))
    approvals = read_approvals(folder) if folder else {}
    last = now + dt.timedelta(days=int(span[1]) * _DAYS[span[2][0]])
    found = deadlines(texts, approvals, now, last)
    for one in found:
        click.echo(f"{one.day}  {one.name}: {_due(one, is_past=one.day < now)}")
    click.echo(f"{len(found)} within {given}." if found else f"Nothing within {given}.", err=True)
    if found and strict:
        click.get_current_context().exit(3)


def _due(one: "Deadline", *, is_past: bool) -> str:
    if one.what == "review":
        return "its review is overdue" if is_past else "to be reviewed"
    if one.what == "changed":
        return f"changed since {one.by} signed it; no longer approved"
    if one.what == "gone":
        return f"signed by {one.by}, but there is no such text any more"
    return f"the approval by {one.by} {'has ended' if is_past else 'ends'}"
