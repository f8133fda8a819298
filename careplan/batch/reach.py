"""The way to a Dask scheduler, on which nobody waits for ever."""

import logging
import warnings
from collections.abc import Callable
from importlib import import_module
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from careplan.problems import ClusterError, MissingPartError, RequestError

_Answer = TypeVar("_Answer")

# Seconds in which a scheduler has to answer at first.
_GREETING = 10.0
_NOISY = ("distributed", "distributed.client", "distributed.gc", "tornado", "tornado.application", "asyncio")


def in_time(question: Callable[[], _Answer], seconds: float) -> _Answer:
    """Return what *question* does; raises what it raises, and TimeoutError after *seconds*."""
    box: SimpleQueue[tuple[bool, Any]] = SimpleQueue()

    def answer() -> None:
        try:
            box.put((True, question()))
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            box.put((False, error))

    Thread(target=answer, daemon=True).start()
    try:
        is_answer, told = box.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if is_answer:
        answered: _Answer = told
        return answered
    raise told


def connect(address: str, patience: float) -> Any:
    """Return a client of the cluster at *address*, if there is an answer within *patience* in seconds.

    Raises `RequestError` where that is no address, `MissingPartError` where Dask is not
    installed, and `ClusterError` where nobody answers.
    """
    if not address.startswith(("tcp://", "tls://")):
        message = f"'{address}' is no address of a scheduler; write tcp://HOST:8786, or tls://HOST:8786."
        raise RequestError(message)
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        message = "--scheduler needs Dask: pip install 'careplan[dask]'"
        raise MissingPartError(message) from None
    # What goes wrong is told by us, in words, and without what Dask knows of the work.
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        security = distributed.Security().get_connection_args("client")
        if address.startswith("tls://") and not security["ssl_context"]:
            message = f"Dask has no certificates for {address} on this computer: see docs/scale.md."
            raise ClusterError(message)
        with warnings.catch_warnings():
            # Which versions must be the same is our own matter.
            warnings.simplefilter("ignore")
            wishes = {"timeout": min(patience, _GREETING), "set_as_default": False, "name": "careplan"}
            return in_time(lambda: distributed.Client(address, **wishes), _GREETING * 1.5)
    except OSError as error:
        message = f"There is no Dask scheduler at {address}, or it lets nobody in."
        raise ClusterError(message) from error
