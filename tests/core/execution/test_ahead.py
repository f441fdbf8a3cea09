# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernels made ready beside other work: by helpers, without them, and given up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path

import pytest

from calval_toolbox.core.errors import Canceled
from calval_toolbox.core.execution import ahead
from calval_toolbox.core.execution.ahead import Group, ready_ahead
from calval_toolbox.core.progress import Silent

pytest.importorskip("numba", reason="numba is not installed")

KERNEL = "dem.matching.sgm_kernels.filled"
TYPES = "(uint8[:,::1], int64, uint8[:,::1])"
GROUPS: tuple[Group, ...] = tuple(((name, TYPES),) for name in ("one", "two", "three", "four"))
NAMES = {"one", "two", "three", "four"}
# What a helper does after it has said who it is.
SAYS = f"import json; from {ahead.__name__} import _identity as i, _say as s; s(i()); "
HANGS = SAYS + "import time; time.sleep(60)"
DIES = SAYS + "input()"
CALLS = f"""
import json, sys; sys.path[:] = json.loads(sys.argv[1])
import numpy as np
from {ahead.__name__} import kernel_at
kernel, rows = kernel_at("{KERNEL}"), np.zeros((2, 3), np.uint8)
kernel(rows, 5, rows)
stats = kernel.compiled.stats
print(sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
"""


class Noted:
    """A kernel that writes down that it was compiled here."""

    keeps = True

    def __init__(self, place: str, done: list[str], seconds: float) -> None:
        self._place, self._done, self._seconds = place, done, seconds

    def kept(self, types: str) -> bool:
        return False

    def compile(self, types: str) -> None:
        assert types == TYPES
        time.sleep(self._seconds)
        self._done.append(self._place)


class Kernels:
    """What was compiled here so far; each kernel takes some ``seconds``."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.seconds = 0.0

    def at(self, place: str) -> Noted:
        return Noted(place, self.done, self.seconds)


@pytest.fixture
def kernels(monkeypatch: pytest.MonkeyPatch) -> Kernels:
    found = Kernels()
    monkeypatch.setattr(ahead, "kernel_at", found.at)
    monkeypatch.setattr(ahead, "usual_places", lambda: [sys.executable])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    return found


def running(helper: ahead._Helper) -> bool:
    return helper._process is not None and helper._process.poll() is None


def test_what_a_helper_keeps_is_loaded_by_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    queue: deque[Group] = deque([((KERNEL, TYPES),)])
    helper = ahead._Helper(sys.executable, queue)
    end = time.monotonic() + 60.0
    while (queue or helper._since) and time.monotonic() < end:
        time.sleep(0.01)
    helper.end()
    assert not queue
    assert not running(helper)
    called = subprocess.run(
        [sys.executable, "-c", CALLS, json.dumps(sys.path)], capture_output=True, check=True
    )
    assert called.stdout.split() == [b"1", b"0"]


def test_few_are_compiled_here(kernels: Kernels) -> None:
    few = GROUPS[: ahead.FEWEST_GROUPS - 1]
    with ready_ahead(few, "threads:2") as ready:
        ready.wait(Silent())
        assert not ready._helpers
    assert set(kernels.done) == {"one", "two"}


def test_without_a_folder_to_keep_them_there_is_no_helper(
    kernels: Kernels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Noted, "keeps", False)
    with ready_ahead(GROUPS, "threads:2") as ready:
        ready.wait(Silent())
        assert not ready._helpers
    assert set(kernels.done) == NAMES


@pytest.mark.parametrize("executor", ["threads:1", "processes:2"])
def test_other_executors_are_left_alone(kernels: Kernels, executor: str) -> None:
    with ready_ahead(GROUPS, executor) as ready:
        ready.wait(Silent())
    assert kernels.done == []


@pytest.mark.parametrize("program", ["/bin/false", "/no/such/python", "/bin/cat"])
def test_programs_that_are_no_helpers_change_nothing(
    kernels: Kernels, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(ahead, "usual_places", lambda: [program])
    with ready_ahead(GROUPS, "threads:2") as ready:
        ready.wait(Silent())
        assert len(ready._helpers) == 1
        assert not running(ready._helpers[0])
    assert set(kernels.done) == NAMES


@pytest.mark.parametrize("before", [False, True], ids=["when asked", "before it is asked"])
@pytest.mark.filterwarnings("error")
def test_what_a_helper_leaves_is_compiled_here(
    kernels: Kernels, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    monkeypatch.setattr(ahead, "_HELPER", SAYS if before else DIES)
    taken = threading.Event()
    asked = ahead._asked

    def ask(process: subprocess.Popen[str], group: ahead.Group) -> bool:
        if before:
            process.wait(60)
        taken.set()
        return asked(process, group)

    monkeypatch.setattr(ahead, "_asked", ask)
    compiled = ahead._compile
    monkeypatch.setattr(ahead, "_compile", lambda group: (taken.wait(60), compiled(group)))
    with ready_ahead(GROUPS, "threads:2") as ready:
        ready.wait(Silent())
    assert taken.is_set()
    assert set(kernels.done) == NAMES
    assert not any(helper._since for helper in ready._helpers)


def test_a_cancel_ends_the_helpers(kernels: Kernels, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_HELPER", HANGS)
    kernels.seconds = 0.2

    class Stop(Silent):
        def canceled(self) -> bool:
            return any(running(helper) for helper in ready._helpers)

    begin = time.monotonic()
    with pytest.raises(Canceled), ready_ahead(GROUPS, "threads:2") as ready:
        ready.wait(Stop())
    for helper in ready._helpers:
        helper._thread.join(30)
        assert not running(helper)
    assert time.monotonic() - begin < 30
    assert len(set(kernels.done)) < len(NAMES)
