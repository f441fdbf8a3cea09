# SPDX-License-Identifier: GPL-3.0-or-later
"""Accuracies of several runs (seeds) as means with intervals.

The interval of a mean of r runs has r - 1 degrees of freedom, whatever the number of classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...dependencies import require
from ...errors import InputError
from ...shares import LEVEL_95
from ...types import FloatArray
from ..confusion import Confusion
from .area_accuracy import AreaAccuracy, Estimates

ONE_RUN = "one run: no interval"
NO_SPREAD = "the same in all runs"


@dataclass(frozen=True)
class RunMean:
    """A mean of runs and the half width of its 95 % interval (NaN: none); ``said``: why there is
    none, or that all runs agree; ``error``: its standard error.
    """

    value: float
    half_width: float
    said: str = ""
    error: float = float("nan")

    @property
    def bounds(self) -> tuple[float, float]:
        """The interval of a share, cut at 0 and 1; NaN where there is none."""
        low, high = np.clip((self.value - self.half_width, self.value + self.half_width), 0.0, 1.0)
        return float(low), float(high)


@dataclass(frozen=True)
class RunSummary:
    """Accuracies over runs; ``mean``: the matrix of mean counts."""

    runs: int
    mean: Confusion
    overall: RunMean
    kappa: RunMean
    macro_f1: RunMean
    precision: tuple[RunMean, ...]
    recall: tuple[RunMean, ...]
    f_scores: tuple[RunMean, ...]


def summarize_runs(confusions: Sequence[Confusion]) -> RunSummary:
    """The mean accuracies of runs with the same classes; raises ``InputError`` where they differ.

    ``MissingPackageError`` where scipy is absent and there are several runs.
    """
    first = confusions[0]
    for number, one in enumerate(confusions[1:], start=2):
        if one.classes.labels != first.classes.labels:
            raise InputError(f"Confusion matrix {number} has other classes than the first one.")
    mean = Confusion(first.classes, np.mean([one.counts for one in confusions], axis=0))

    def by_class(name: str) -> tuple[RunMean, ...]:
        return tuple(run_mean(column) for column in np.array([getattr(c, name) for c in
                                                              confusions]).T)  # fmt: skip

    overall, kappa, macro = (
        run_mean(np.array([getattr(one, name) for one in confusions]))
        for name in ("overall", "kappa", "macro_f1")
    )
    return RunSummary(
        len(confusions), mean, overall, kappa, macro,
        by_class("precision"), by_class("recall"), by_class("f_scores"),
    )  # fmt: skip


def run_mean(values: FloatArray) -> RunMean:
    """Mean and interval of the finite ones among ``values`` (runs,): t (n - 1) s / sqrt(n)."""
    known = values[np.isfinite(values)]
    if not len(known):
        return RunMean(float("nan"), float("nan"), "in no run")
    mean = float(known.mean())
    if len(known) == 1:
        return RunMean(mean, float("nan"), ONE_RUN)
    spread = float(known.std(ddof=1))
    reach = float(require("scipy.special").stdtrit(len(known) - 1, LEVEL_95))
    said = NO_SPREAD if spread == 0.0 else ""
    error = spread / float(np.sqrt(len(known)))
    return RunMean(mean, reach * error, said, error)


def area_over_runs(found: Sequence[AreaAccuracy], areas: FloatArray) -> AreaAccuracy:
    """Accuracies and areas of several runs as means, with errors and intervals over them.

    ``areas`` (classes,): of the map. What every run leaves out, the means leave out.
    """
    out = set.intersection(*(set(one.left_out) for one in found))
    within = float(areas.sum() - areas[sorted(out)].sum())
    parts = [float(areas.sum() - areas[list(one.left_out)].sum()) / within for one in found]
    whole = run_mean(np.array([one.overall for one in found]))
    return AreaAccuracy(
        whole.value, whole.error, whole.bounds, _over_runs([one.users for one in found]),
        _over_runs([one.producers for one in found]), _over_runs([one.f_scores for one in found]),
        _over_runs([one.shares for one in found], parts), tuple(sorted(out)),
    )  # fmt: skip


def _over_runs(found: Sequence[Estimates], scales: Sequence[float] = ()) -> Estimates:
    """Means of shares; values of each run are multiplied by its scale."""
    factors = np.array(scales or np.ones(len(found)))[:, None]
    means = [run_mean(one) for one in (np.array([one.values for one in found]) * factors).T]
    values, errors = (np.array([getattr(one, key) for one in means]) for key in ("value", "error"))
    return Estimates(values, errors, np.array([one.bounds for one in means]))
