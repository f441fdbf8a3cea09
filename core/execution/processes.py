# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker processes of a verified interpreter, started anew and never forked.

A fork of QGIS would copy its locks in whatever state they are.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, ParamSpec, TypeVar

from .executors import TileExecutor
from .workers import pin_process

P = ParamSpec("P")
T = TypeVar("T")


class Processes(TileExecutor):
    """``workers`` processes that run the Python ``interpreter``."""

    def __init__(self, workers: int, interpreter: str) -> None:
        import multiprocessing
        from multiprocessing import spawn

        self.name, self.workers, self.together = f"processes:{workers}", workers, workers
        self._context = multiprocessing.get_context("spawn")
        self._before = spawn.get_executable()
        self._closed = False
        # The standard library knows one interpreter for the whole program: ours while we work.
        self._context.set_executable(interpreter)
        self._pool = self._new()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As in the standard library; ``fn`` must be found under its name by another process."""
        future: Future[T] = self._pool.submit(fn, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As in the standard library."""
        self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)
        if not self._closed:
            self._closed = True
            self._context.set_executable(self._before)

    def restart(self) -> None:
        """End all processes and start others."""
        self._end()
        self._pool = self._new()

    def kill(self) -> None:
        """End all processes at once."""
        self._end()
        self.shutdown(wait=False, cancel_futures=True)

    def _new(self) -> Any:
        from concurrent.futures import ProcessPoolExecutor

        return ProcessPoolExecutor(
            self.workers, self._context, initializer=pin_process, initargs=(os.getpid(),)
        )

    def _end(self) -> None:
        # A pool that is told to stop waits for its tasks: its processes are ended first.
        processes = list((getattr(self._pool, "_processes", None) or {}).values())
        for process in processes:
            process.kill()
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.join(5.0)
