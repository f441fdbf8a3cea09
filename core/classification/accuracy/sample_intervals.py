# SPDX-License-Identifier: GPL-3.0-or-later
"""Intervals of accuracies, over the polygons that samples lie in, for all classes and for each.

Pixels of a polygon are alike, so that many of them know little more than one: variances are those
of ``left_out``. The interval of a share is Wilson's, of as many independent samples as its variance
says that they are worth, with Student's t (Korn and Graubard 1998, Survey Methodology 24, 193-201;
Franco et al. 2019, 10.1093/jssam/smy019). A class with few errors says next to nothing of their
variance: its samples are worth no more than the design effect of all classes together lets expect
(and that takes the samples of a polygon for alike until polygons with errors say otherwise), but no
less than one for each polygon.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ...dependencies import require
from ...shares import LEVEL_95, score_bounds
from ...types import AnyArray, BoolArray, FloatArray
from .area_accuracy import AreaAccuracy, Estimates, ratio
from .left_out import (
    BY_AREA,
    CONFUSED,
    F_SCORES,
    OVERALL,
    PRECISION,
    RECALL,
    SHARES,
    WRONG,
    LeftOut,
    Size,
    leave_out,
    units_of,
)

FEWEST = 2  # polygons of a class: one alone has no variance
Bounds = tuple[float, float]
_TINY = 1e-15  # of a variance: what rounding leaves of none


@dataclass(frozen=True)
class SampleIntervals:
    """95 % bounds of accuracies from ``polygons``; 0: each sample stands for itself.

    ``by_class`` (classes,): polygons (or samples) of each class of the reference. ``overall``: low
    and high; ``precision``, ``recall``, ``f_scores`` (classes, 2) and ``confused`` (classes,
    classes, 2), the shares of a class of the reference (first) that are taken for each class; all
    NaN for classes with fewer than two polygons. ``by_area``: what the samples say of the map, with
    errors and bounds over polygons, None where it is not asked for.
    """

    polygons: int
    by_class: npt.NDArray[np.int64]
    overall: Bounds
    precision: FloatArray
    recall: FloatArray
    f_scores: FloatArray
    confused: FloatArray
    by_area: AreaAccuracy | None = None


def sample_intervals(
    classes: int,
    reference: AnyArray,
    mapped: AnyArray,
    polygons: AnyArray | None = None,
    areas: FloatArray | None = None,
    alone: AreaAccuracy | None = None,
) -> SampleIntervals:
    """Bounds for samples (n > 0,) given by the indices of their classes and of their ``polygons``
    (None, or one sample in each: samples stand for themselves).

    ``alone``: what samples that stand for themselves say of the map. ``areas`` (classes,): of the
    classes of the map, which weight those figures; None: of a simple random sample. Raises
    ``MissingPackageError`` where scipy is absent.
    """
    units = units_of(classes, reference, mapped, polygons)
    left = leave_out(units, areas)
    lone = left.sizes[RECALL].count < FEWEST
    effect = _design_effect(left)

    def of_classes(name: str, of: str) -> Estimates:
        return _without(_interval(left, name, of, effect), lone)

    precision = of_classes(PRECISION, PRECISION)
    by_area = alone
    if alone is not None and not units.single:
        by_area = _by_area(left, alone, precision, effect)
    return SampleIntervals(
        0 if units.single else len(units.times), left.sizes[RECALL].count.astype(np.int64),
        _pair(_interval(left, OVERALL, OVERALL, effect)), precision.bounds,
        of_classes(RECALL, RECALL).bounds, of_classes(F_SCORES, F_SCORES).bounds,
        _confused(left, effect, lone), by_area,
    )  # fmt: skip


def _by_area(
    left: LeftOut, alone: AreaAccuracy, precision: Estimates, effect: float
) -> AreaAccuracy:
    """The figures of ``alone`` with errors over polygons: no smaller than those of single samples
    times the root of the design ``effect``.
    """

    def error(name: str, of: str, least: FloatArray) -> FloatArray:
        variance = left.variance(BY_AREA + name, of)
        return np.asarray(np.sqrt(np.fmax(variance, effect * least**2)))

    def of_classes(name: str, of: str, one: Estimates, certain: bool = False) -> Estimates:
        size, errors = left.sizes[of], error(name, of, one.errors)
        # The area of the map that samples stand for may make them worth more than they are many.
        most = np.where(errors**2 > _TINY, np.inf, size.worth(effect))
        bounds = _bounds(one.values, errors**2, size, most)
        if certain:  # the share of a class is that of the map where no sample says more
            bounds = np.where(errors[:, None] ** 2 > _TINY, bounds, np.nan)
        return _without(Estimates(one.values, errors, bounds), left.sizes[RECALL].count < FEWEST)

    whole = error(OVERALL, OVERALL, np.array(alone.overall_error))
    size = left.sizes[OVERALL]
    bounds = _bounds(np.array(alone.overall), whole**2, size, size.worth(effect))
    return replace(
        alone, overall_error=float(whole), overall_bounds=(float(bounds[0]), float(bounds[1])),
        users=precision, producers=of_classes(RECALL, RECALL, alone.producers),
        f_scores=of_classes(F_SCORES, F_SCORES, alone.f_scores),
        shares=of_classes(SHARES, RECALL, alone.shares, certain=True),
    )  # fmt: skip


def _interval(left: LeftOut, name: str, of: str, effect: float) -> Estimates:
    """A figure with its error and bounds; its samples are worth no more than by the design
    ``effect``, but one of each unit.
    """
    size, values = left.sizes[of], left.values[name]
    variance = left.variance(name, of)
    bounds = _bounds(values, variance, size, size.worth(effect))
    return Estimates(values, np.sqrt(variance), bounds)


def _bounds(values: FloatArray, variance: FloatArray, size: Size, most: FloatArray) -> FloatArray:
    """Wilson's bounds (..., 2) of shares; NaN where fewer than two units tell them."""
    worth = ratio(values * (1.0 - values), np.where(variance > _TINY, variance, 0.0))
    worth = np.fmin(np.where(worth > 0.0, worth, np.nan), most)
    reach = require("scipy.special").stdtrit(np.maximum(size.count - 1.0, 1.0), LEVEL_95)
    told = np.isfinite(values) & (size.count >= FEWEST)
    cells = np.broadcast_arrays(values, worth, reach, told)
    found = [
        score_bounds(float(value), float(count), float(t)) if known else (np.nan, np.nan)
        for value, count, t, known in zip(*(one.ravel() for one in cells), strict=True)
    ]
    return np.array(found).reshape(*values.shape, 2)


def _design_effect(left: LeftOut) -> float:
    """How many samples of a polygon are worth one, 1 or more: the variance of the recall of all
    classes over that of independent samples.

    That is known only as far as polygons show errors. Before any is seen, all samples of a polygon
    are taken for alike; this weighs as much as one polygon with errors.
    """
    size, recall, every = left.sizes[RECALL], left.values[RECALL], left.sizes[OVERALL]
    alike = float(every.squares / every.samples)
    known = (size.count >= FEWEST) & (recall > 0.0) & (recall < 1.0)
    if not known.any():
        return alike
    samples, shares = size.samples[known], recall[known]
    scatter = (samples**2 * left.variance(RECALL, RECALL)[known]).sum()
    seen = max(1.0, float(scatter / (samples * shares * (1.0 - shares)).sum()))
    polygons = float(left.sizes[WRONG].count)
    return max(1.0, (alike + polygons * seen) / (1.0 + polygons))


def _confused(left: LeftOut, effect: float, lone: BoolArray) -> FloatArray:
    """Bounds (classes, classes, 2) of the shares of each class that are taken for each."""
    size, values = left.sizes[RECALL], left.values[CONFUSED]
    rows = Size(*(one[:, None] for one in (size.count, size.samples, size.squares)))
    variance = left.spread[CONFUSED] * ratio(rows.count - 1.0, rows.count)
    bounds = _bounds(values, variance, rows, rows.worth(effect))
    return np.where(lone[:, None, None], np.nan, bounds)


def _without(found: Estimates, lone: BoolArray) -> Estimates:
    """No error and no bounds of classes of fewer than two polygons."""
    bounds = np.where(lone[:, None], np.nan, found.bounds)
    return Estimates(found.values, np.where(lone, np.nan, found.errors), bounds)


def _pair(one: Estimates) -> Bounds:
    return float(one.bounds[0]), float(one.bounds[1])
