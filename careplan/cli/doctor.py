"""Look whether this computer has what careplan needs: `doctor`."""

import json
from dataclasses import asdict

import click

from careplan.cli.checkup import examine
from careplan.problems import MissingPartError

_COLOURS = {"ok": "green", "warning": "yellow", "missing": "red"}


@click.command()
@click.option("--clinic", metavar="PATH", help="The clinic's folder or clinic.yaml.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(clinic: str | None, *, as_json: bool) -> None:
    """Check what careplan needs on this computer, and name each repair.

    Writes nothing and asks nobody. Ends with 0 when all that is needed is here, else with 5.

    \b
    Examples:
      careplan doctor
      careplan doctor --clinic our-clinic --json
    """
    findings = []
    for finding in examine(clinic):
        findings.append(finding)
        if not as_json:
            # At once: a check that takes long is known by the line that is not there yet.
            click.echo(f"{click.style(f'{finding.state:<7}', _COLOURS[finding.state])}  "
                       f"{finding.check:<11}  {finding.said}")
            if finding.repair:
                click.echo(f"{'':<22}{'repair' if finding.state != 'ok' else 'hint'}: {finding.repair}")
    missing = sum(finding.state == "missing" for finding in findings)
    if as_json:
        rows = [asdict(finding) for finding in findings]
        click.echo(json.dumps({"ok": not missing, "checks": rows}, indent=2, ensure_ascii=False))
    if missing:
        counted = "1 thing is" if missing == 1 else f"{missing} things are"
        message = f"{counted} missing that careplan needs; the repair stands beside each."
        raise MissingPartError(message)
    click.echo("All that careplan needs is here. Next: careplan demo", err=True)
