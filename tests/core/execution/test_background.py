# SPDX-License-Identifier: GPL-3.0-or-later
"""Work beside the thread that the user can ask to stop."""

from __future__ import annotations

import threading
import time

import pytest

from calval_toolbox.core.errors import Canceled
from calval_toolbox.core.execution.background import Background
from calval_toolbox.core.execution.workers import single_threaded
from calval_toolbox.core.jit import numba_available, runs_compiled, uncompiled, worth_compiling
from calval_toolbox.core.progress import Silent


class Stop(Silent):
    """Asks to stop once the work has begun."""

    def __init__(self) -> None:
        self.begun = threading.Event()

    def canceled(self) -> bool:
        return self.begun.is_set()


def test_results_and_errors_come_back() -> None:
    with Background(Silent()) as beside:
        assert beside.run(divmod, 7, 2) == (3, 1)
        with pytest.raises(ZeroDivisionError):
            beside.run(divmod, 7, 0)


def test_work_that_never_looks_up_is_left() -> None:
    stop, end = Stop(), threading.Event()

    def work() -> None:
        stop.begun.set()
        end.wait(60)

    begin = time.monotonic()
    with pytest.raises(Canceled), Background(stop) as beside:
        beside.run(work)
    end.set()
    assert time.monotonic() - begin < 30


def test_uncompiled_holds_in_its_own_thread() -> None:
    with uncompiled():
        assert not runs_compiled()
        assert not worth_compiling(10**6)
        with Background(Silent()) as beside:
            assert beside.run(runs_compiled) == numba_available()
    assert runs_compiled() == numba_available()


def test_libraries_get_their_threads_back_after_the_last_block() -> None:
    control = pytest.importorskip("threadpoolctl", reason="threadpoolctl is not installed")

    def counts() -> set[int]:
        return {pool["num_threads"] for pool in control.threadpool_info()}

    with control.threadpool_limits(limits=2):
        one, other = single_threaded(("scipy.linalg",)), single_threaded()
        one.__enter__()
        other.__enter__()
        one.__exit__(None, None, None)  # the first that began ends first, as in two threads
        assert counts() == {1}
        other.__exit__(None, None, None)
        assert 2 in counts()
