# SPDX-License-Identifier: GPL-3.0-or-later
"""A running Dask cluster, reached by the address of its scheduler.

Its scheduler and workers unpickle what they are sent: use one only on a network that you trust.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from ..dependencies import require
from ..errors import ExecutionError
from ..io.versions import core_versions
from ..wording import listed
from .executors import TileExecutor
from .interpreter import version_differences
from .threads import Threads

P = ParamSpec("P")
T = TypeVar("T")

CONNECT_S = 4.0
HANDSHAKE_S = 3.0
RETRIES = 3
PACKAGE = __name__.split(".")[0]


class DaskExecutor(TileExecutor):
    """The workers of a cluster; a thread of a worker counts as one worker here."""

    tells_running = False

    def __init__(self, client: Any, address: str, threads_by_host: Mapping[str, int]) -> None:
        self.name = address
        self.workers = sum(threads_by_host.values())
        self.together = max(threads_by_host.values())
        self._client = client
        self._executor = client.get_executor(retries=RETRIES, pure=False)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As in the standard library; ``fn`` must be found under its name by the workers."""
        future: Future[T] = self._executor.submit(fn, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As in the standard library; the cluster itself goes on."""
        if self._client.status != "closed":
            self._executor.shutdown(wait=wait and not cancel_futures)
            self._client.close(timeout=1)

    def lost(self, error: BaseException | None) -> str:
        """A sentence where the scheduler has gone away."""
        # Futures of a lost scheduler are canceled, without a word.
        if isinstance(error, CancelledError) or self._client.status != "running":
            return f"The Dask scheduler at {self.name} went away."
        return ""


def connect(address: str, folder: Path | None = None) -> DaskExecutor:
    """Connect to the scheduler at ``address`` and make sure that its workers can do our work.

    Raises ``MissingPackageError`` without distributed, ``ExecutionError`` naming the address where
    no scheduler answers, there are no workers, they lack the toolbox or have other versions, or
    do not see ``folder``; all that within ten seconds or little more.
    """
    distributed = require("distributed")
    try:
        # The client's own limit does not hold where another program listens and says nothing.
        client = _in_time(
            CONNECT_S + 1.0, distributed.Client, address, timeout=CONNECT_S, set_as_default=False
        )
    except (OSError, ValueError, TimeoutError) as error:
        raise ExecutionError(
            f"No Dask scheduler answers at {address}. Check the address, and that the scheduler "
            "is running and can be reached from this computer."
        ) from error
    try:
        threads = _threads_by_host(client, address)
        _check_code(client, address)
        if folder is not None:
            _check_folder(client, address, folder)
        return DaskExecutor(client, address, threads)
    except BaseException:
        client.close(timeout=1)
        raise


def _threads_by_host(client: Any, address: str) -> dict[str, int]:
    found: Counter[str] = Counter()
    for worker in client.scheduler_info(n_workers=-1)["workers"].values():
        found[str(worker["host"])] += int(worker["nthreads"])
    if not found:
        raise ExecutionError(
            f"The Dask scheduler at {address} has no workers. Start some, for example with "
            f"'dask worker {address}'."
        )
    return dict(found)


def _check_code(client: Any, address: str) -> None:
    """The toolbox with the same versions everywhere, the scheduler included."""
    from importlib.util import find_spec

    # A function of the standard library first: ours cannot be sent where the toolbox is missing.
    with _answers(address):
        specs = _ask(client, find_spec, PACKAGE)
        specs["the scheduler"] = _in_time(HANDSHAKE_S, client.run_on_scheduler, find_spec, PACKAGE)
    without = sorted(name for name, spec in specs.items() if spec is None or _failed(spec))
    if without:
        raise ExecutionError(
            f"{listed(without, 3)} of the cluster at {address} cannot import {PACKAGE}. Put "
            f"the folder that holds the plugin's folder '{PACKAGE}' on the PYTHONPATH of the "
            "scheduler and of all workers."
        )
    with _answers(address):
        versions = _ask(client, core_versions)
    mine = core_versions()
    for name, theirs in sorted(versions.items()):
        differences = (
            f"{type(theirs).__name__}: {theirs}"
            if _failed(theirs)
            else version_differences(mine, theirs)
        )
        if differences:
            raise ExecutionError(
                f"The worker {name} of the cluster at {address} has other software: {differences}. "
                "Install the same versions on all machines."
            )


def _check_folder(client: Any, address: str, folder: Path) -> None:
    """That all workers see a file in ``folder``."""
    from os.path import isfile

    probe = folder / f".{secrets.token_hex(4)}.part"
    probe.touch()
    try:
        with _answers(address):
            seen = _ask(client, isfile, str(probe))
    finally:
        probe.unlink(missing_ok=True)
    blind = sorted(name for name, found in seen.items() if found is not True)
    if blind:
        raise ExecutionError(
            f"{listed(blind, 3)} of the cluster at {address} does not see {folder}. Write the "
            "output to a folder that all machines share under the same name."
        )


def _ask(client: Any, function: Callable[..., Any], *args: Any) -> dict[str, Any]:
    """What each worker answers; an exception is its answer where it raises one."""
    return dict(_in_time(HANDSHAKE_S, client.run, function, *args, on_error="return"))


def _in_time(seconds: float, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """A call that may not come back by itself; raises ``TimeoutError``."""
    thread = Threads(1)
    future = thread.submit(function, *args, **kwargs)
    try:
        return future.result(seconds)
    finally:
        if not future.done():
            thread.replace(future)
        thread.kill()


@contextmanager
def _answers(address: str) -> Iterator[None]:
    """One sentence for whatever goes wrong while the cluster is asked."""
    try:
        yield
    except (OSError, TimeoutError, CancelledError) as error:
        raise ExecutionError(
            f"The Dask cluster at {address} does not answer. Check its scheduler and workers."
        ) from error


def _failed(answer: Any) -> bool:
    return isinstance(answer, BaseException)
