"""The clinic's folder, and the library, the clinic and the settings that a command works with."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from careplan.content.resources import plans_folder
from careplan.problems import FragmentError, OutputError, Problem

if TYPE_CHECKING:
    from careplan.content.clinic import Clinic
    from careplan.content.library import Library
    from careplan.content.settings import Settings

CLINIC, SETTINGS = "clinic.yaml", "careplan.toml"


@dataclass(frozen=True)
class House:
    """What a clinic keeps in its folder; without one, what holds for everybody."""

    folder: Path | None
    clinic: "Clinic"
    settings: "Settings"

    def load_library(self) -> "Library":
        """Return the built-in fragments with the clinic's laid over them."""
        return clinic_library(self.folder)


def open_house(given: str | None) -> House:
    """Return the clinic that is given, or that of CAREPLAN_CLINIC or of the current folder.

    Raises `FragmentError` with the problems of clinic.yaml and careplan.toml together.
    """
    folder, file = _find(given)
    problems: list[Problem] = []
    clinic, settings = None, None
    try:
        clinic = load_clinic(file)
    except FragmentError as error:
        problems += error.problems
    try:
        settings = load_settings(folder)
    except FragmentError as error:
        problems += error.problems
    if clinic is None or settings is None:
        raise FragmentError(problems)
    return House(folder, clinic, settings)


def find_folder(given: str | None) -> Path | None:
    """Return the clinic's folder, if there is one."""
    return _find(given)[0]


def find_clinic(given: str | None) -> Path | None:
    """Return the clinic's file: the one given, CAREPLAN_CLINIC's, or ./clinic.yaml if it exists."""
    return _find(given)[1]


def _find(given: str | None) -> tuple[Path | None, Path | None]:
    """Return the clinic's folder and its clinic.yaml, as far as there are such."""
    named = given or os.environ.get("CAREPLAN_CLINIC")
    path = Path(named or ".")
    if path.is_file():
        return path.parent, path
    file = path / CLINIC
    if file.is_file():
        return path, file
    if (path / SETTINGS).is_file():
        return path, None
    if named:
        message = f"There is no clinic file {file if path.is_dir() else path}."
        raise OutputError(message)
    return None, None


def load_clinic(path: Path | None) -> "Clinic":
    """Return the clinic in *path*; without one, a clinic whose facts are lines to write on."""
    from careplan.content.clinic import Clinic  # noqa: PLC0415 - slow to import
    from careplan.content.library import read_fragment  # noqa: PLC0415 - slow to import

    if path is None:
        return Clinic(kind="clinic")
    clinic, _ = read_fragment(path, kinds={"clinic": Clinic})
    assert isinstance(clinic, Clinic)
    return clinic


def load_settings(folder: Path | None) -> "Settings":
    """Return what careplan.toml in *folder* says; without one, nothing is set."""
    from careplan.content.settings import Settings, read_settings  # noqa: PLC0415 - slow to import

    file = folder / SETTINGS if folder else None
    return read_settings(file) if file and file.is_file() else Settings()


def clinic_library(folder: Path | None) -> "Library":
    """Return the fragments that a clinic prints: the built-in ones with its own laid over them."""
    from careplan.content.library import load_library  # noqa: PLC0415 - slow to import

    return load_library(plans_folder(), folder)
