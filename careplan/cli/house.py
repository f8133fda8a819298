"""The library, the clinic and the words that a command works with."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from careplan.problems import OutputError

if TYPE_CHECKING:
    from careplan.content.clinic import Clinic
    from careplan.content.library import Library


def find_clinic(given: str | None) -> Path | None:
    """Return the clinic's file: the one given, CAREPLAN_CLINIC's, or ./clinic.yaml if it exists."""
    named = given or os.environ.get("CAREPLAN_CLINIC")
    if not named:
        here = Path("clinic.yaml")
        return here if here.is_file() else None
    path = Path(named)
    if path.is_dir():
        path /= "clinic.yaml"
    if not path.is_file():
        message = f"There is no clinic file {path}."
        raise OutputError(message)
    return path


def load_clinic(path: Path | None) -> "Clinic":
    """Return the clinic in *path*; without one, a clinic whose facts are lines to write on."""
    from careplan.content.clinic import Clinic  # noqa: PLC0415 - slow to import
    from careplan.content.library import read_fragment  # noqa: PLC0415 - slow to import

    if path is None:
        return Clinic(kind="clinic")
    clinic, _ = read_fragment(path, kinds={"clinic": Clinic})
    assert isinstance(clinic, Clinic)
    return clinic


def clinic_folder(given: str | None) -> Path | None:
    """Return the clinic's folder: that of its file, or this one where it holds careplan.toml."""
    clinic = find_clinic(given)
    if clinic is not None:
        return clinic.parent
    return Path() if Path("careplan.toml").is_file() else None


def clinic_library(folder: Path | None) -> "Library":  # noqa: ARG001 - for the clinic's own texts
    """Return the fragments that a clinic prints: the built-in ones with its own laid over them."""
    from careplan.content.library import load_library  # noqa: PLC0415 - slow to import
    from careplan.content.resources import plans_folder  # noqa: PLC0415

    return load_library(plans_folder())
