"""Say what a printed file was made from: `verify`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from careplan.cli.clock import today
from careplan.cli.house import clinic_library, find_folder
from careplan.cli.signatures import read_approvals, told
from careplan.problems import OutputError

if TYPE_CHECKING:
    from careplan.content.signing import Standing
    from careplan.render.provenance import Printed

# Something is not any more as it was when the file was printed.
CHANGED = 3
_MOST_BYTES = 50_000_000


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.pdf")
@click.option("--clinic", metavar="PATH", help="The clinic's folder or clinic.yaml.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(file: Path, clinic: str | None, *, as_json: bool) -> None:
    """Say what a printed file was made from, and what changed since.

    Works for handouts, staff sheets, hand-off sheets and cards. The exit code is 0 where all
    is as it was, and 3 where a text changed or went away, or an approval that was printed
    no longer holds.

    \b
    Example:
      careplan verify handout.pdf
    """
    from careplan.content.signing import signed_texts, stand  # noqa: PLC0415 - slow to import
    from careplan.render.provenance import read_record  # noqa: PLC0415

    record = read_record(_read(file), str(file))
    folder = find_folder(clinic)
    texts = signed_texts(clinic_library(folder))
    approvals = read_approvals(folder) if folder else {}
    day = today()
    rows = []
    for one in record.texts:
        text = texts.get(one.name)
        rows.append(_row(one, stand(text, approvals.get(one.name), day) if text else None))
    differ = sum(row["state"] != "same" or row["approval"] == "ended" for row in rows)
    if as_json:
        click.echo(json.dumps({"plan": record.plan, "same": not differ, "texts": rows}, indent=2))
    else:
        names = [f"{one.name} {one.version or ''}".strip() for one in record.texts]
        for name, row in zip(names, rows, strict=True):
            click.echo(f"{name:<{max(map(len, names))}}  {row['told']}")
        summary = f"{differ} not as printed." if differ else "all as printed."
        click.echo(f"Plan {record.plan}: {len(rows)} texts, {summary}", err=True)
    if differ:
        click.get_current_context().exit(CHANGED)


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > _MOST_BYTES:
            message = f"{file} is too large for a file of careplan."
            raise OutputError(message)
        return file.read_bytes()
    except OSError as error:
        message = f"{file} cannot be read: {(error.strerror or 'unknown reason').lower()}."
        raise OutputError(message) from None


def _row(printed: "Printed", standing: "Standing | None") -> dict[str, Any]:
    """Return what became of one text: `same`, `changed` or `gone`; and of its approval."""
    row = {"text": printed.name, "printed": printed.version, "today": None, "state": "gone", "approval": ""}
    if standing is None:
        return {**row, "told": "no longer in the library"}
    text = standing.text
    row["today"] = text.version
    if not text.fingerprint.startswith(printed.fingerprint):
        if printed.version is None:
            what = "changed since"
        elif text.version == printed.version:
            what = f"changed since, and still called version {text.version}"
        else:
            what = f"changed since; it is version {text.version} today"
        return {**row, "state": "changed", "told": what}
    row["state"] = "same"
    row["approval"] = "valid" if standing.state == "approved" else "ended" if printed.until else "none"
    return {**row, "told": f"unchanged; {told(standing) if row['approval'] != 'none' else 'not approved'}"}
