# SPDX-License-Identifier: GPL-3.0-or-later
"""Where tiles are computed, behind one interface: ``concurrent.futures.Executor``."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TypeVar

from ..errors import InputError

T = TypeVar("T")

ALLOWED = (
    "threads (one for each core), threads:N, processes:N, or tcp://host:port of a Dask scheduler"
)
MOST_WORKERS = 1024
_LOCAL = re.compile(r"(threads|processes)(?::(\d+))?")
_REMOTE = re.compile(r"tcp://(\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+):(\d{1,5})/?")


@dataclass(frozen=True)
class Spec:
    """An executor as the user names it: ``workers`` of a local one, ``address`` of a scheduler."""

    kind: Literal["threads", "processes", "dask"]
    workers: int = 0
    address: str = ""


class TileExecutor(Executor):
    """An executor that can be left without waiting.

    ``workers``: how many tiles are computed at a time; ``together``: how many of them on one
    machine; ``in_process``: whether they share the memory of this process. Leaving its block
    normally waits for what was submitted; leaving it by an exception does not.
    """

    name: str
    workers: int
    together: int
    in_process = False
    tells_running = True  # whether a future says when its work has begun

    def kill(self) -> None:
        """End as fast as can be; work that cannot be ended is left to itself, its result unread."""
        self.shutdown(wait=False, cancel_futures=True)

    def replace(self, future: Future[Any]) -> None:
        """Give up the worker that does not come back from ``future``, and get another one."""
        self.restart()

    def restart(self) -> None:
        """Get new workers in place of dead ones; all that was submitted is lost."""

    def lost(self, error: BaseException | None) -> str:
        """A sentence where ``error`` means that nothing more can be computed; "" otherwise."""
        return ""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.shutdown(wait=True)
        else:
            self.kill()


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def parse_spec(text: str) -> Spec:
    """Understand ``text``; raises ``InputError`` that lists what is allowed."""
    cleaned = text.strip()
    local, remote = _LOCAL.fullmatch(cleaned), _REMOTE.fullmatch(cleaned)
    if local:
        workers = int(local[2]) if local[2] else cores()
        if 1 <= workers <= MOST_WORKERS:
            return Spec("threads" if local[1] == "threads" else "processes", workers)
        raise InputError(
            f"The executor '{text}' asks for {workers} workers. Choose 1 to {MOST_WORKERS}."
        )
    if remote and 1 <= int(remote[2]) <= 65535:
        return Spec("dask", address=cleaned.rstrip("/"))
    raise InputError(f"The executor '{text}' is unknown. Use {ALLOWED}.")


def open_executor(spec: str, folder: Path | None = None) -> TileExecutor:
    """Open the executor ``spec``: ``threads[:N]``, ``processes[:N]`` or ``tcp://host:port``.

    It is a ``concurrent.futures.Executor`` and best used in a ``with`` block. ``folder``: a place
    that all workers must be able to see (asked of a cluster). Raises ``InputError`` for another
    ``spec``, ``ExecutionError`` where no interpreter is found or no scheduler answers within ten
    seconds or its workers have other software, ``MissingPackageError`` without distributed.
    """
    found = parse_spec(spec)
    if found.kind == "threads":
        from .threads import Threads

        return Threads(found.workers)
    if found.kind == "processes":
        from .interpreter import find_interpreter
        from .processes import Processes

        return Processes(found.workers, find_interpreter())
    from .dask_cluster import connect

    return connect(found.address, folder)


def run_into(future: Future[T], function: Callable[..., T], *args: Any, **kwargs: Any) -> None:
    """Run ``function`` and put its result or exception into ``future``."""
    try:
        result = function(*args, **kwargs)
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)
