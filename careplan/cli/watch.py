"""Look again after each save."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import click

from careplan.problems import CareplanError, FragmentError, MissingPartError

# What a fragment or a clinic is made of; editors write other files beside them while saving.
_ENDINGS = (".yaml", ".yml", ".toml", ".svg", ".png", ".jpg", ".jpeg", ".ttf")


def keep_looking(look: Callable[[], None], places: Iterable[Path]) -> None:
    """Call *look* at once and after each change in *places*, until Ctrl+C.

    Raises `MissingPartError` where the library that watches is not installed.
    """
    try:
        from watchfiles import watch  # noqa: PLC0415 - not installed everywhere
    except ImportError:
        message = "Watching needs watchfiles, which is not installed. Install it: pip install 'careplan[web]'"
        raise MissingPartError(message) from None
    # Editors save by putting a new file in the old one's place, so its folder is watched.
    given = [place.resolve() for place in places]
    folders = sorted({place if place.is_dir() else place.parent for place in given})

    def concerns(_: object, changed: str) -> bool:
        path = Path(changed)
        return path.suffix.lower() in _ENDINGS and not path.name.startswith(".")

    with suppress(KeyboardInterrupt):
        _look(look)
        for _ in watch(*folders, watch_filter=concerns, debounce=300, raise_interrupt=True):
            _look(look)
    click.echo("Stopped watching.", err=True)


def _look(look: Callable[[], None]) -> None:
    click.clear()  # which does nothing where no terminal is
    try:
        look()
    except FragmentError as error:
        click.echo("\n".join(problem.shown() for problem in error.problems), err=True)
    except CareplanError as error:
        # A file may be away for the moment in which an editor replaces it.
        click.echo(f"careplan: {error}", err=True)
    click.echo("Watching; Ctrl+C ends it.", err=True)
