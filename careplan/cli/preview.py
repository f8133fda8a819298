"""See what a fragment or a request comes to while it is written: `preview`."""

import datetime as dt
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from careplan.cli.house import find_clinic, find_folder
from careplan.problems import FragmentError, MissingPartError, OutputError, RequestError

if TYPE_CHECKING:
    from careplan.web.proof import Subject

_NEEDED = ("starlette", "uvicorn", "watchfiles")
_MINUTE = 60


@click.command()
@click.argument("named", required=False, metavar="[ID|REQUEST.yaml]")
@click.option(
    "-d", "--date", metavar="YYYY-MM-DD",
    help="The procedure day; without it, dates are lines to write on.",
)
@click.option("--clinic", metavar="PATH", help="The clinic's folder or clinic.yaml.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; any free one without it.")
@click.option("--open/--no-open", "open_it", default=None, help="Open the browser; on a terminal it does.")
@click.option(
    "--idle", type=click.FloatRange(min=0, min_open=True), default=30.0, metavar="MINUTES", show_default=True,
    help="Stop when nobody has looked for so long.",
)
def preview(  # noqa: PLR0913 - one for each option
    named: str | None, *, date: str | None, clinic: str | None, port: int, open_it: bool | None, idle: float
) -> None:
    """See the handout in your browser; it follows every save.

    ID is an intervention, therapy, condition, follow-up, factor or safety rule. It is shown
    in the smallest plan in which it appears. Without one you see the plan of careplan demo.
    Only this computer can open the page, and only with the address that is printed.

    \b
    Examples:
      careplan preview physical-therapy
      careplan preview request.yaml --clinic our-clinic
      careplan preview n08a-needles-near-fresh-injection -d 2026-12-03
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        message = f"careplan preview needs {', '.join(missing)}: pip install 'careplan[web]'"
        raise MissingPartError(message)
    from careplan.web.server import serve  # noqa: PLC0415 - slow to import

    subject = _subject(named, date, clinic)
    _refuse_unknown(subject)

    def ready(address: str) -> None:
        click.echo(address)
        click.echo(f"{subject} follows every save. Press Ctrl+C to stop.", err=True)
        if sys.stdout.isatty() if open_it is None else open_it:
            click.launch(address)

    try:
        serve(subject, port, idle * _MINUTE, ready)
    except KeyboardInterrupt:
        click.echo("The preview has ended.", err=True)
    else:
        click.echo(f"Nobody has looked for {idle:g} minutes; the preview has ended.", err=True)


def _subject(named: str | None, date: str | None, clinic: str | None) -> "Subject":
    """Return what is to be seen."""
    from careplan.cli.make import soon  # noqa: PLC0415
    from careplan.content.catalogue import peek  # noqa: PLC0415 - reads YAML
    from careplan.content.resources import plans_folder, templates_folder  # noqa: PLC0415
    from careplan.web.proof import Subject  # noqa: PLC0415 - slow to import

    plans, templates, house = plans_folder(), templates_folder(), find_clinic(clinic)
    day = _day(date)
    if named is None:
        examples = plans / "examples"
        return Subject(
            plans, templates, request=examples / "epidural-for-sciatica.yaml",
            clinic=house or examples / "clinic.yaml", folder=find_folder(clinic), date=day or soon(),
        )
    if not named.endswith((".yaml", ".yml")):
        return Subject(plans, templates, named, clinic=house, folder=find_folder(clinic), date=day)
    path = Path(named)
    if not path.is_file():
        message = f"There is no file {path}."
        raise OutputError(message)
    # A fragment's own file will do for its id, and a file with a mistake may yet become a request.
    words = peek(path, ("kind", "id"))
    if words.get("kind", "request") != "request" and "id" in words:
        return Subject(plans, templates, words["id"], clinic=house, folder=find_folder(clinic), date=day)
    return Subject(plans, templates, request=path, clinic=house, folder=find_folder(clinic), date=day)


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        message = f"-d {text}: write the day as YYYY-MM-DD."
        raise RequestError(message) from None


def _refuse_unknown(subject: "Subject") -> None:
    """Refuse an id that nothing has; in a library with mistakes it may be the one that is mended."""
    from careplan.content.library import load_library  # noqa: PLC0415 - slow to import
    from careplan.planning.specimen import kind_of  # noqa: PLC0415

    if subject.name:
        try:
            kind_of(load_library(subject.plans, subject.folder), subject.name)
        except FragmentError:
            return
