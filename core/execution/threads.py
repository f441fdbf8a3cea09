# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads that never keep the program from ending.

The pool of the standard library waits for its threads when the program ends, for ever where one of
them hangs. These threads are daemons: at the end of the program they get a few seconds.
"""

from __future__ import annotations

import atexit
import sys
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

from .ending import leave
from .executors import TileExecutor, run_into
from .workers import limited_pools

P = ParamSpec("P")
T = TypeVar("T")

_GRACE_S = 5.0
_open: weakref.WeakSet[Threads] = weakref.WeakSet()
_ending: list[int] = []  # the exit code of a command that does not wait for its threads


class Threads(TileExecutor):
    """``workers`` threads of this process; libraries are ``limited`` to one thread meanwhile."""

    in_process = True

    def __init__(self, workers: int, limited: bool = True) -> None:
        self.name, self.workers, self.together = f"threads:{workers}", workers, workers
        self._queue: SimpleQueue[tuple[Future[Any], Callable[[], None]] | None] = SimpleQueue()
        self._closed = False
        self._lost: set[Future[Any]] = set()
        self._threads: dict[threading.Thread, Future[Any] | None] = {}
        self._pools = limited_pools() if limited else None
        cv2 = sys.modules.get("cv2") if limited else None
        self._cv2_threads = cv2.getNumThreads() if cv2 is not None else 0
        for _ in range(workers):
            self._start()
        _open.add(self)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As in the standard library."""
        if self._closed:
            raise RuntimeError("this executor is closed")
        future: Future[T] = Future()
        self._queue.put((future, lambda: run_into(future, fn, *args, **kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As in the standard library; threads that were given up are not waited for."""
        if cancel_futures:
            self._cancel_queued()
        if not self._closed:
            self._closed = True
            self._restore_pools()
        for _ in self._threads:  # each time, because the queue may just have been emptied
            self._queue.put(None)
        if wait:
            self.join(None)

    def kill(self) -> None:
        """As of ``TileExecutor``; at the end of the program these threads come first."""
        super().kill()
        _wait_first()

    def replace(self, future: Future[Any]) -> None:
        """Leave the thread that computes ``future`` to itself and start another one."""
        _wait_first()
        self._lost.add(future)
        self._start()

    def join(self, seconds: float | None) -> None:
        """Wait for the threads, up to ``seconds``."""
        end = None if seconds is None else time.monotonic() + seconds
        for thread, future in list(self._threads.items()):
            if thread is not threading.current_thread() and future not in self._lost:
                thread.join(None if end is None else max(end - time.monotonic(), 0.0))

    def busy(self) -> bool:
        """Whether any tile is in work, wanted or not."""
        return any(
            thread.is_alive() and future is not None
            for thread, future in list(self._threads.items())
        )

    def _start(self) -> None:
        thread = threading.Thread(target=self._work, name="calval tile", daemon=True)
        self._threads[thread] = None
        thread.start()

    def _work(self) -> None:
        from ..io.rasters import one_gdal_thread

        one_gdal_thread()
        mine = threading.current_thread()
        while (item := self._queue.get()) is not None:
            future, call = item
            if not future.set_running_or_notify_cancel():
                continue
            self._threads[mine] = future
            call()
            if future in self._lost:  # another thread has taken over
                return
            self._threads[mine] = None

    def _cancel_queued(self) -> None:
        while True:
            try:
                item = self._queue.get_nowait()
            except Empty:
                return
            if item is not None:
                item[0].cancel()
                item[0].set_running_or_notify_cancel()  # wakes those who wait for it

    def _restore_pools(self) -> None:
        if self._pools is not None:
            self._pools.restore_original_limits()
        cv2 = sys.modules.get("cv2")
        if cv2 is not None and self._cv2_threads:
            cv2.setNumThreads(self._cv2_threads)


def end_at_once(code: int) -> None:
    """Let this process end by ``code``, without waiting, where tiles are still in work at its end.

    For a command whose run has failed or was canceled: taking the interpreter down under a kernel
    that still computes would crash it, and nobody reads the kernel's result any more.
    """
    _ending[:] = [code]


def leave_tiles() -> None:
    """End this process here where ``end_at_once`` was said and tiles are still in work."""
    if _ending and any(executor.busy() for executor in _open):
        leave(_ending[0])


def _wait_a_little() -> None:
    """Let tiles in work end before the interpreter is taken down under them."""
    end = time.monotonic() + (0.0 if _ending else _GRACE_S)
    for executor in list(_open):
        executor.shutdown(wait=False, cancel_futures=True)
        executor.join(max(end - time.monotonic(), 0.0))
    leave_tiles()


def _wait_first() -> None:
    """Wait before all others that want to do something at the end, such as numba, which would throw
    away what a thread is just compiling.
    """
    atexit.unregister(_wait_a_little)
    atexit.register(_wait_a_little)


_wait_first()
