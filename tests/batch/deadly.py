"""What workers of a cluster do in tests instead of their work; they find this module by its name."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from careplan.batch import station
from careplan.batch.pool import Limits
from careplan.batch.stock import Stock

# The row that ends each worker of Dask that begins with it.
DEADLY = 666


def do(batch: str, stock: Stock, limits: Limits, pieces: Sequence[Any]) -> Any:
    """Work, but end this worker over the deadly row."""
    if any(piece.row == DEADLY for piece in pieces):
        os.kill(os.getpid(), signal.SIGKILL)
    return station.do(batch, stock, limits, pieces)


def sees(folder: Path, word: str) -> str:
    """Be a worker that has another disk than the command."""
    del folder, word
    return ""


def refuse(*_: object) -> Any:
    """Fail as a library may that is another one here than there."""
    message = "Jordan Example"
    raise ValueError(message)
