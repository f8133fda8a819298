"""Where the templates and plans that come with careplan are."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def _bundled(name: str) -> Path:
    """Return the folder inside the installed package, or beside it in a checkout."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def plans_folder() -> Path:
    """Return the folder of the built-in fragments."""
    return _bundled("plans")


def templates_folder() -> Path:
    """Return the folder of templates, style sheets, words and fonts."""
    return _bundled("templates")
