# SPDX-License-Identifier: GPL-3.0-or-later
"""The assessment of a map as a table: a row for each class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...table import Table
from ...types import AnyArray, FloatArray
from .area_accuracy import Estimates
from .assessment import Assessment
from .run_intervals import RunMean

_MEASURES = ("precision", "recall", "f_score")


def class_bounds(found: Assessment, measure: str) -> FloatArray:
    """95 % bounds (classes, 2) of an unweighted measure of ``precision``, ``recall``, ``f_score``.

    Over runs (t), else of the samples (see ``sample_intervals``).
    """
    name = "f_scores" if measure == "f_score" else measure
    if found.runs is not None:
        return _run_bounds(getattr(found.runs, name))
    return np.asarray(getattr(found.intervals, name))


def assessment_table(found: Assessment) -> Table:
    """A row for each class: samples, polygons and the share of the largest; unweighted precision
    (user's), recall (producer's) and F-score with bounds, the same weighted by area with standard
    errors and bounds, areas with both (hectares).
    """
    confusion = found.confusion
    columns: dict[str, AnyArray] = {
        "class": np.array(confusion.classes.labels, dtype=object),
        "code": confusion.classes.codes,
        "reference_samples": confusion.counts.sum(axis=1),
        "map_samples": confusion.counts.sum(axis=0),
    }
    if found.largest is not None:
        columns["polygons"] = found.largest.polygons
        columns["largest_polygon_share"] = found.largest.share
    values = (confusion.precision, confusion.recall, confusion.f_scores)
    for measure, value in zip(_MEASURES, values, strict=True):
        columns[measure] = value
        columns[f"{measure}_low"], columns[f"{measure}_high"] = class_bounds(found, measure).T
    if found.runs is not None:
        columns["said"] = np.array(
            [_said(one) for one in zip(found.runs.precision, found.runs.recall,
                                       found.runs.f_scores, strict=True)], dtype=object
        )  # fmt: skip
    return Table(columns | _weighted(found), "map accuracy")


def _weighted(found: Assessment) -> dict[str, AnyArray]:
    adjusted, areas = found.adjusted, found.areas
    if adjusted is None or areas is None:
        return {}
    columns: dict[str, AnyArray] = {}
    names = ("precision_weighted", "recall_weighted", "f_score_weighted")
    for name, one in zip(names, (adjusted.users, adjusted.producers, adjusted.f_scores),
                         strict=True):  # fmt: skip
        columns[name], columns[f"{name}_error"] = one.values, one.errors
        columns[f"{name}_low"], columns[f"{name}_high"] = one.bounds.T
    shares = hectares(adjusted.shares, found)
    return columns | {
        "map_area_ha": areas,
        "area_ha": shares.values,
        "area_error_ha": shares.errors,
        "area_low_ha": shares.bounds[:, 0],
        "area_high_ha": shares.bounds[:, 1],
    }


def hectares(shares: Estimates, found: Assessment) -> Estimates:
    """Shares of the map in hectares; of strata without samples nothing is known."""
    if found.areas is None or found.adjusted is None:
        raise ValueError("an assessment without areas")
    total = float(found.areas.sum() - found.areas[list(found.adjusted.left_out)].sum())
    return Estimates(shares.values * total, shares.errors * total, shares.bounds * total)


def _run_bounds(means: Sequence[RunMean]) -> FloatArray:
    return np.array([one.bounds for one in means])


def _said(means: tuple[RunMean, ...]) -> str:
    """Why measures have no interval, in words."""
    found = [f"{name}: {one.said}" for name, one in zip(_MEASURES, means, strict=True) if one.said]
    return "; ".join(found)
