# SPDX-License-Identifier: GPL-3.0-or-later
"""Products read by several threads, and what comes of each taken by the thread that called: the one
that writes into the database.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from ...io.rasters import one_gdal_thread
from ...progress import Progress, Silent, check

WORKERS = 2
_LISTEN_S = 0.2
Task = TypeVar("Task")
Found = TypeVar("Found")


class _Stop(Silent):
    """Lets the threads that read know that nobody waits for them any more."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def ask(self) -> None:
        self._asked.set()

    def canceled(self) -> bool:
        return self._asked.is_set()


def in_threads(
    tasks: Sequence[Task],
    work: Callable[[Task, Progress], Found],
    collect: Callable[[Task, Future[Found]], None],
    progress: Progress,
    workers: int,
    text: str,
) -> None:
    """``work`` on each task in one of ``workers`` threads; ``collect`` each as soon as it is done,
    in the thread that called. ``work`` gets a progress that says when nobody waits any more; what
    ``work`` raises is raised by the ``result`` of the future.
    """
    stop, together = _Stop(), max(1, min(workers, len(tasks)))

    def one(task: Task) -> Found:
        if together > 1:
            one_gdal_thread()
        return work(task, stop)

    with ThreadPoolExecutor(together) as pool:
        waiting = {pool.submit(one, task): task for task in tasks}
        done = 0
        try:
            while waiting:
                check(progress)
                ready, _ = wait(waiting, _LISTEN_S, FIRST_COMPLETED)
                for future in ready:
                    collect(waiting.pop(future), future)
                    done += 1
                    progress.report(done / len(tasks), text)
        except BaseException:
            stop.ask()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
