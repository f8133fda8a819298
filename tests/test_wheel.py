"""The wheel works alone: installed elsewhere, run from another folder."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel built from this checkout, without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    code = (
        f"import hatchling.build, os; os.chdir({str(ROOT)!r}); "
        f"print(hatchling.build.build_wheel({str(folder)!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return folder / done.stdout.split()[-1]


def test_the_wheel_holds_plans_templates_and_licences(wheel: Path) -> None:
    """Everything a handout is made of is inside, with the licence of each part."""
    names = set(zipfile.ZipFile(wheel).namelist())

    for name in (
        "careplan/plans/sources.yaml",
        "careplan/plans/LICENSE",
        "careplan/templates/handout.html.j2",
        "careplan/templates/fonts/AtkinsonHyperlegibleNext-Regular.ttf",
        "careplan/templates/fonts/OFL.txt",
    ):
        assert name in names


def test_an_installed_wheel_builds_a_handout_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """In an empty environment, with nothing but the wheel and its libraries, the demo is printed."""
    place = tmp_path / "environment"
    venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(place)
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    unpacked, elsewhere = tmp_path / "unpacked", tmp_path / "elsewhere"
    zipfile.ZipFile(wheel).extractall(unpacked)
    elsewhere.mkdir()
    # The wheel's own code comes first; its libraries are borrowed, so that no network is needed.
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(unpacked), *libraries])}

    done = subprocess.run(
        [str(python), "-m", "careplan", "demo", "-o", "handout.pdf"],
        cwd=elsewhere,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    where = subprocess.run(
        [str(python), "-c", "import careplan; print(careplan.__file__)"],
        cwd=elsewhere,
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )

    assert (done.returncode, done.stdout) == (0, "handout.pdf\n")
    assert Path(where.stdout.strip()).is_relative_to(unpacked)
    assert (elsewhere / "handout.pdf").read_bytes().startswith(b"%PDF-")
