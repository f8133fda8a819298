"""What a clinic's own files add to its pages: the logo and the typeface, read and checked."""

from collections.abc import Callable
from pathlib import Path

from careplan.content.clinic import Asset, Clinic
from careplan.content.faces import NoFaceError, check_face
from careplan.content.logo import NoLogoError, clean_logo
from careplan.content.resources import templates_folder
from careplan.content.source import Source
from careplan.content.theme import check_theme
from careplan.content.tokens import default_tokens
from careplan.problems import FragmentError, Problem

Keys = tuple[str, ...]


def load_looks(clinic: Clinic, source: Source, folder: Path) -> Clinic:
    """Return *clinic* with what is in the files that it names, which stand in *folder*.

    Raises `FragmentError` with every problem of its logo, typeface and colours.
    """
    problems: list[Problem] = []
    changes: dict[str, object] = {}
    if clinic.letterhead and clinic.letterhead.logo:
        loaded = _load(clinic.letterhead.logo, ("letterhead", "logo"), source, folder, problems, _as_logo)
        changes["letterhead"] = clinic.letterhead.model_copy(update={"logo": loaded})
    if clinic.theme:
        problems += check_theme(clinic.theme, default_tokens(templates_folder()), source)
    if clinic.theme and clinic.theme.fonts:
        faces = {
            weight: _load(asset, ("theme", "fonts", weight), source, folder, problems, _as_face)
            for weight, asset in clinic.theme.fonts
        }
        fonts = clinic.theme.fonts.model_copy(update=faces)
        changes["theme"] = clinic.theme.model_copy(update={"fonts": fonts})
    if problems:
        raise FragmentError(problems)
    return clinic.model_copy(update=changes)


def _load(  # noqa: PLR0913, PLR0917 - what is read, from where, and what becomes of it
    asset: Asset, keys: Keys, source: Source, folder: Path, problems: list[Problem],
    understand: Callable[[Asset, bytes], Asset],
) -> Asset:
    """Return *asset* with its content; a problem is added where it cannot be had."""
    name = ".".join(keys)
    path = folder / asset.name
    try:
        # A link may lead out of the folder although the name does not.
        if path.resolve().is_relative_to(folder.resolve()):
            return understand(asset, path.read_bytes())
        why, code = "leads out of the folder of clinic.yaml", "outside-folder"
    except FileNotFoundError:
        why, code = f"is not in the folder of {Path(source.file).name}", "no-such-file"
    except OSError as error:
        why, code = f"cannot be read: {(error.strerror or 'unknown reason').lower()}", "not-readable"
    except (NoLogoError, NoFaceError) as error:
        why, code = str(error), "bad-logo" if keys[-1] == "logo" else "bad-font"
    problems.append(source.problem(source.locate(keys), f"{name}: {asset.name} {why}.", code))
    return asset


def _as_logo(asset: Asset, data: bytes) -> Asset:
    return Asset(asset.name, *clean_logo(data, asset.name.lower().rpartition(".")[2]))


def _as_face(asset: Asset, data: bytes) -> Asset:
    check_face(data)
    return Asset(asset.name, data, "font/ttf")
