# SPDX-License-Identifier: GPL-3.0-or-later
"""What is too slow for a moving slider: computed in the background for a plot that is in front, and
shown when it is there, unless the selection has changed meanwhile.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from ...core.errors import CalValError, Canceled
from ...core.progress import Progress
from ..tasks import Runner
from ..text import tr
from .model import CalibrationModel


@dataclass(frozen=True)
class Job:
    """What a plot waits for: ``key`` tells it from what it waited for before; ``work`` takes arrays
    of its own, and no widget.
    """

    key: object
    title: str
    work: Callable[[Progress], Any]


class LatePlot(Protocol):
    """A plot that waits for a result, which it takes from ``model.late[name]``."""

    name: str

    def job(self) -> Job | None:
        """What it waits for now; None: for nothing."""

    def draw(self) -> None:
        """Show what there is."""


class Late:
    """Computes for plots."""

    def __init__(self, model: CalibrationModel, runner: Runner, say: Callable[[str], None]) -> None:
        """``say``: where a sentence about a fault goes."""
        self._model, self._runner, self._say = model, runner, say
        self._asked: dict[str, object] = {}

    def forget(self) -> None:
        """What was under way was stopped, and may be asked for again."""
        self._asked.clear()

    def ask(self, plot: LatePlot) -> None:
        """Compute what ``plot`` waits for, unless that is under way."""
        job = plot.job()
        if job is None or self._asked.get(plot.name) == job.key:
            return
        self._asked[plot.name] = job.key
        if self._model.faults.pop(plot.name, None) is not None:
            plot.draw()  # the sentence about the fault goes

        def done(result: Any) -> None:
            if self._asked.get(plot.name) != job.key:
                return
            del self._asked[plot.name]
            self._model.late[plot.name] = (job.key, result)
            plot.draw()

        def failed(error: Exception) -> None:
            # What failed is no result: the next look at the plot tries again.
            if isinstance(error, Canceled):
                sentence = tr("{title}: stopped.").format(title=job.title)
            else:
                self._runner.log("".join(traceback.format_exception(error)))
                sentence = tr("{title}: this failed ({error}). QGIS's log says where.").format(
                    title=job.title, error=repr(error)
                )
                self._say(sentence)
            if self._asked.get(plot.name, job.key) == job.key:
                self._asked.pop(plot.name, None)
                self._model.faults[plot.name] = (job.key, sentence)
                plot.draw()

        self._runner.run(job.title, lambda progress: _said(job, progress), done, failed)


def _said(job: Job, progress: Progress) -> Any:
    """The result, or the error whose sentence stands in its place."""
    try:
        return job.work(progress)
    except Canceled:
        raise
    except CalValError as error:
        return error


def late_result(model: CalibrationModel, name: str, key: object) -> Any:
    """The result for ``key``; None where it is not there yet."""
    found = model.late.get(name)
    return found[1] if found is not None and found[0] == key else None


def late_fault(model: CalibrationModel, name: str, key: object) -> str:
    """Why there is no result for ``key``; "" where nothing went wrong (yet)."""
    found = model.faults.get(name)
    return found[1] if found is not None and found[0] == key else ""
