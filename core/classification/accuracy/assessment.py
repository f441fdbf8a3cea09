# SPDX-License-Identifier: GPL-3.0-or-later
"""How good a map is: samples counted and weighted by area, with what may be concluded from them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ...errors import InsufficientDataError
from ...types import AnyArray, FloatArray
from ...wording import listed, plural
from ..classes import UNDECIDED_LABEL, Classes
from ..confusion import Confusion, confusion_of
from ..dominance import Largest, dominated, largest_polygons
from .area_accuracy import NONE, SIMPLE_RANDOM, AreaAccuracy, area_accuracy
from .run_intervals import RunSummary, area_over_runs, summarize_runs
from .sample_intervals import SampleIntervals, sample_intervals

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
    accuracy and areas that follow from them; ``intervals``: of samples, over their polygons where
    they have some; ``runs``: over seeds; ``largest``: the polygon with most samples of each class
    of the reference, None without polygons. ``notes``: sentences about the limits.
    """

    confusion: Confusion
    design: str
    areas: FloatArray | None = None
    adjusted: AreaAccuracy | None = None
    intervals: SampleIntervals | None = None
    runs: RunSummary | None = None
    largest: Largest | None = None
    notes: tuple[str, ...] = ()

    @property
    def polygons(self) -> int:
        """How many polygons the samples lie in; 0 where each stands for itself."""
        return 0 if self.intervals is None else self.intervals.polygons

    @property
    def overall_adjusted(self) -> float:
        """Overall accuracy of the map as a whole; NaN without areas."""
        return float("nan") if self.adjusted is None else self.adjusted.overall

    @property
    def adjusted_bounds(self) -> tuple[float, float]:
        """Its 95 % interval; NaN where there is none."""
        if self.adjusted is None:
            return float("nan"), float("nan")
        return self.adjusted.overall_bounds

    @property
    def adjusted_half_width(self) -> float:
        """Half the width of that interval."""
        low, high = self.adjusted_bounds
        return (high - low) / 2.0


def assess_samples(
    samples: Samples,
    areas: FloatArray | None,
    design: str,
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
    adjusted = None if areas is None else area_accuracy(confusion, areas, design, population)
    intervals = sample_intervals(
        len(samples.classes), samples.reference, samples.mapped, samples.polygons,
        None if design == SIMPLE_RANDOM else areas, adjusted,
    )  # fmt: skip
    found = Assessment(confusion, design, areas, intervals.by_area, intervals)
    if intervals.polygons and samples.polygons is not None:
        largest = largest_polygons(samples.reference, samples.polygons, len(samples.classes))
        found = replace(found, largest=largest)
    return replace(found, notes=_notes(found))


def assess_runs(confusions: list[Confusion], areas: FloatArray | None, design: str) -> Assessment:
    """Mean accuracies of several runs, with intervals over them; see ``summarize_runs``."""
    runs = summarize_runs(confusions)
    adjusted = None
    if areas is not None:
        adjusted = area_over_runs([area_accuracy(one, areas, design) for one in confusions], areas)
    notes = [NO_DESIGN] if design == NONE and areas is not None else []
    if runs.runs == 1:
        notes.append("One run: no interval over runs can be given. Give the matrices of several.")
    return Assessment(runs.mean, design, areas, adjusted, None, runs, notes=tuple(notes))


def _notes(found: Assessment) -> tuple[str, ...]:
    confusion, areas, adjusted = found.confusion, found.areas, found.adjusted
    notes, labels = [], confusion.classes.labels
    if found.polygons and adjusted is not None:
        notes.append(NO_PROBABILITY_SAMPLE)
    elif found.design == NONE and adjusted is not None:
        notes.append(NO_DESIGN)
    if found.largest is not None:
        notes += dominated(found.largest, labels, "samples of a class")
    if adjusted is not None and adjusted.left_out and areas is not None:
        out = list(adjusted.left_out)
        share = 100.0 * float(areas[out].sum() / areas.sum())
        notes.append(
            f"No sample lies where the map shows {listed([labels[at] for at in out], 5)} "
            f"({share:.2g} % of its area): figures weighted by area leave it out."
        )
    drawn = confusion.counts.sum(axis=0)
    single = [labels[at] for at in np.flatnonzero(drawn == 1.0)]
    alone = not found.polygons and found.design != SIMPLE_RANDOM
    if single and adjusted is not None and alone:
        notes.append(
            f"A single sample lies where the map shows {listed(single, 5)}: no standard error of "
            "figures weighted by area can be given. Two are the least, fifty are advised."
        )
    missing = [labels[at] for at in np.flatnonzero(confusion.counts.sum(axis=1) == 0.0)]
    if UNDECIDED_LABEL in missing:
        missing.remove(UNDECIDED_LABEL)
        notes.append(_undecided(found))
    if missing:
        notes.append(
            f"{plural(len(missing), 'class', 'classes')} without a reference sample: "
            f"{listed(missing, 5)}. Nothing is known of what the map misses of them."
        )
    return tuple(notes)


def _undecided(found: Assessment) -> str:
    at = found.confusion.classes.labels.index(UNDECIDED_LABEL)
    wrong = round(float(found.confusion.counts[:, at].sum()))
    share = ""
    if found.areas is not None:
        share = f" ({100.0 * float(found.areas[at] / found.areas.sum()):.2g} % of the area)"
    return (
        f"Undecided pixels of the map{share} have no class: {plural(wrong, 'sample')} there "
        "count as wrong."
    )
