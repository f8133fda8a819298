"""Help the people who keep the fragments: `check`."""

from pathlib import Path

import click

from careplan.content.resources import plans_folder
from careplan.problems import CareplanError, FragmentError, OutputError, Problem


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATHS]")
def check(paths: tuple[Path, ...]) -> None:
    """Find every problem in the built-in plans, or in files and folders.

    Files that are given are checked together with the built-in plans, so that they may
    name what stands there.

    \b
    Examples:
      careplan check
      careplan check my-therapy.yaml clinic.yaml
    """
    from careplan.content.library import check_library  # noqa: PLC0415 - slow to import

    plans = plans_folder()
    files = [file for path in paths for file in _files(path)]
    requests = [file for file in files if _is_request(file)]
    inside = [file for file in files if file not in requests and not file.resolve().is_relative_to(plans)]
    problems = [*check_library(plans, inside)]
    for request in requests:
        problems += _check_request(request, plans)
    wanted = {str(file) for file in files}
    if problems:
        raise FragmentError(problems)
    count = len(wanted) if wanted else sum(1 for _ in plans.rglob("*.yaml"))
    click.echo(f"{count} file{'' if count == 1 else 's'} checked, no problems.")


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.rglob("*.yaml"))
    if not path.exists():
        message = f"There is no file or folder {path}."
        raise OutputError(message)
    return [path]


def _is_request(file: Path) -> bool:
    from careplan.content.catalogue import peek  # noqa: PLC0415 - reads YAML

    return peek(file, ("kind",)).get("kind") == "request"


def _check_request(file: Path, plans: Path) -> tuple[Problem, ...]:
    """Return what keeps the request in *file* from becoming a plan."""
    from careplan.cli.house import load_clinic  # noqa: PLC0415
    from careplan.content.library import load_library, read_fragment  # noqa: PLC0415
    from careplan.content.resources import templates_folder  # noqa: PLC0415
    from careplan.content.wording import load_wording  # noqa: PLC0415
    from careplan.planning.compose import compose  # noqa: PLC0415
    from careplan.planning.request import Request  # noqa: PLC0415

    try:
        request, source = read_fragment(file, kinds={"request": Request})
        wording = load_wording(templates_folder(), request.language or "en")
        compose(load_library(plans), request, load_clinic(None), wording)
    except FragmentError as error:
        return error.problems
    except CareplanError as error:
        place = source.locate(("intervention",))
        return (source.problem(place, str(error), "cannot-be-planned"),)
    return ()
