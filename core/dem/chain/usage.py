# SPDX-License-Identifier: GPL-3.0-or-later
"""Time and memory of the steps of a run: of this process and of the ones it has started."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

_MEGABYTE = 1e6


@dataclass(frozen=True)
class StepUsage:
    """A step: seconds on the clock, seconds of processors, and the largest memory (MB) that a
    process has had until its end (NaN where the system does not tell).
    """

    name: str
    wall_s: float
    cpu_s: float
    peak_mb: float


@dataclass
class Usage:
    """The steps so far, in their order."""

    steps: list[StepUsage] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure what is done inside the block."""
        wall, cpu = time.perf_counter(), cpu_seconds()
        try:
            yield
        finally:
            used = StepUsage(
                name, time.perf_counter() - wall, cpu_seconds() - cpu, peak_memory_mb()
            )
            self.steps.append(used)

    @property
    def cpu_s(self) -> float:
        """Of all steps."""
        return sum(one.cpu_s for one in self.steps)

    @property
    def wall_s(self) -> float:
        """Of all steps."""
        return sum(one.wall_s for one in self.steps)

    @property
    def peak_mb(self) -> float:
        """The largest memory of a process."""
        return max((one.peak_mb for one in self.steps), default=float("nan"))


def cpu_seconds() -> float:
    """Processor time of this process, its threads, and its children that have ended."""
    resource = _resource()
    if resource is None:
        return time.process_time()
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return float(own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime)


def peak_memory_mb() -> float:
    """The largest resident memory that this process, or one it has started, has had."""
    resource = _resource()
    if resource is None:
        return float("nan")
    most = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return float(most) * (1.0 if sys.platform == "darwin" else 1024.0) / _MEGABYTE


def _resource() -> Any:
    """Python's module of that name, which Windows does not have."""
    try:
        return importlib.import_module("resource")
    except ImportError:
        return None
