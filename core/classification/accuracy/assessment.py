# SPDX-License-Identifier: GPL-3.0-or-later
"""How good a map is: samples counted and weighted by area, with what may be concluded from them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...errors import InsufficientDataError
from ...types import AnyArray, FloatArray
from ...wording import listed, plural
from ..classes import Classes
from ..confusion import Confusion, confusion_of
from .area_accuracy import NONE, SIMPLE_RANDOM, Z_95, AreaAccuracy, area_accuracy
from .cluster_intervals import ClusterIntervals, cluster_intervals
from .run_intervals import RunSummary, summarize_runs

NO_PROBABILITY_SAMPLE = (
    "The samples are pixels of polygons that somebody chose: no probability sample of the map. "
    "The figures weighted by area then say how the map is where such polygons lie, and their "
    "standard errors do not cover what was not chosen."
)
NO_DESIGN = (
    "How the samples were drawn is not said (DESIGN is none): figures weighted by area and areas "
    "hold only if the samples of each class of the map stand for that class."
)


@dataclass(frozen=True)
class Samples:
    """Reference samples (n,) as indices of ``classes`` in the reference and in the map;
    ``polygons`` (n,): which polygon each comes from, None for single points.
    """

    classes: Classes
    reference: AnyArray
    mapped: AnyArray
    polygons: AnyArray | None = None


@dataclass(frozen=True)
class Assessment:
    """``confusion``: the samples counted (mean counts where there are several runs). ``areas``
    (classes,): of the classes in the map, hectares, None where they are not known; ``adjusted``:
    accuracy and areas that follow from them; ``clusters``: intervals over polygons; ``runs``: over
    seeds. ``notes``: sentences about the limits.
    """

    confusion: Confusion
    design: str
    areas: FloatArray | None = None
    adjusted: AreaAccuracy | None = None
    clusters: ClusterIntervals | None = None
    runs: RunSummary | None = None
    notes: tuple[str, ...] = ()

    @property
    def overall_adjusted(self) -> float:
        """Overall accuracy of the map as a whole; NaN without areas."""
        return float("nan") if self.adjusted is None else self.adjusted.overall

    @property
    def adjusted_bounds(self) -> tuple[float, float]:
        """Its 95 % interval: over polygons where there are some, else by its standard error."""
        if self.adjusted is None:
            return float("nan"), float("nan")
        if self.clusters is not None:
            simple = self.design == SIMPLE_RANDOM
            return self.clusters.overall if simple else self.clusters.weighted
        half = Z_95 * self.adjusted.overall_error
        return self.adjusted.overall - half, self.adjusted.overall + half

    @property
    def adjusted_half_width(self) -> float:
        """Half the width of that interval."""
        low, high = self.adjusted_bounds
        return (high - low) / 2.0


def assess_samples(
    samples: Samples,
    areas: FloatArray | None,
    design: str,
    seed: int = 0,
    population: float = math.inf,
) -> Assessment:
    """Count ``samples``, weight them by ``areas`` (classes,) of the map, and find intervals.

    ``design``: see ``area_accuracy.DESIGNS``; ``none`` gives the figures of post-stratification
    with a caution. ``population``: pixels of the map. Raises ``InsufficientDataError`` without
    samples.
    """
    if not len(samples.reference):
        raise InsufficientDataError("There is no reference sample with a class of the map.")
    confusion = confusion_of(samples.classes, samples.reference, samples.mapped)
    weights = np.zeros(len(samples.classes)) if areas is None else areas / areas.sum()
    clusters = None
    if samples.polygons is not None:
        clusters = cluster_intervals(
            len(samples.classes), samples.reference, samples.mapped, samples.polygons, weights, seed
        )
    adjusted = None if areas is None else area_accuracy(confusion, areas, design, population)
    return Assessment(
        confusion, design, areas, adjusted, clusters, None,
        _notes(samples, confusion, areas, adjusted, design),
    )  # fmt: skip


def assess_runs(confusions: list[Confusion], areas: FloatArray | None, design: str) -> Assessment:
    """Mean accuracies of several runs, with intervals over them; see ``summarize_runs``."""
    runs = summarize_runs(confusions)
    adjusted = None if areas is None else area_accuracy(runs.mean, areas, design)
    notes = [NO_DESIGN] if design == NONE and areas is not None else []
    if runs.runs == 1:
        notes.append("One run: no interval over runs can be given. Give the matrices of several.")
    return Assessment(runs.mean, design, areas, adjusted, None, runs, tuple(notes))


def _notes(
    samples: Samples, confusion: Confusion, areas: FloatArray | None,
    adjusted: AreaAccuracy | None, design: str,
) -> tuple[str, ...]:  # fmt: skip
    notes, labels = [], samples.classes.labels
    repeated = samples.polygons is not None and len(np.unique(samples.polygons)) < len(
        samples.polygons
    )
    if repeated and adjusted is not None:
        notes.append(NO_PROBABILITY_SAMPLE)
    elif design == NONE and adjusted is not None:
        notes.append(NO_DESIGN)
    if adjusted is not None and adjusted.left_out and areas is not None:
        out = list(adjusted.left_out)
        share = 100.0 * float(areas[out].sum() / areas.sum())
        notes.append(
            f"No sample lies where the map shows {listed([labels[at] for at in out], 5)} "
            f"({share:.2g} % of its area): figures weighted by area leave it out."
        )
    drawn = confusion.counts.sum(axis=0)
    single = [labels[at] for at in np.flatnonzero(drawn == 1.0)]
    if single and adjusted is not None and design != SIMPLE_RANDOM:
        notes.append(
            f"A single sample lies where the map shows {listed(single, 5)}: no standard error of "
            "figures weighted by area can be given. Two are the least, fifty are advised."
        )
    missing = [labels[at] for at in np.flatnonzero(confusion.counts.sum(axis=1) == 0.0)]
    if missing:
        notes.append(
            f"{plural(len(missing), 'class', 'classes')} without a reference sample: "
            f"{listed(missing, 5)}. Nothing is known of what the map misses of them."
        )
    return tuple(notes)
