# SPDX-License-Identifier: GPL-3.0-or-later
"""The comparison of an elevation model with a reference, from files to statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..io.dem_files import NODATA, coded
from ..io.dem_pairs import DemPair
from ..io.dem_warp import flat_wkt, read_classes
from ..io.raster_writer import RasterWriter
from ..progress import Progress, check
from ..table import Table, from_rows
from ..types import BoolArray
from .alike import open_alike
from .cells import cell_sides
from .differences import SLOPES, by_slope, enough, subtracted
from .resample import Heights
from .spatial_error import Correlation, MeanError, Variogram, least_certain, variogram
from .statistics import (
    PERCENTILES,
    ClassStatistics,
    Statistics,
    binned,
    by_class,
    keep_within,
    statistics_of,
)
from .waves import Wave, find_waves

THRESHOLDS = (1.0, 2.0, 5.0, 10.0)  # m
FIGURES = {
    "mean_m": "mean", "median_m": "median", "std_m": "std", "rmse_m": "rmse", "nmad_m": "nmad",
    "le90_m": "le90", "le90_unbiased_m": "le90_unbiased", "le95_m": "le95", "min_m": "minimum",
    "max_m": "maximum",
}  # fmt: skip


@dataclass(frozen=True)
class CompareRequest:
    """Files and classes: ``classes`` a raster of codes or polygons named by ``field``; edges of
    slopes in degrees and of elevations in meters (rising; empty: none); ``thresholds`` (m);
    ``outliers``: standard deviations beyond which differences do not count, 0: all count.
    """

    model: str
    reference: str
    masks: Sequence[str] = ()
    classes: str = ""
    field: str = ""
    slopes: Sequence[float] = SLOPES
    elevations: Sequence[float] = ()
    thresholds: Sequence[float] = THRESHOLDS
    outliers: float = 0.0
    seed: int = 0

    def check(self) -> None:
        """Raise ``InputError`` where edges or thresholds cannot be."""
        for name, edges in (("SLOPES_DEG", self.slopes), ("ELEVATIONS_M", self.elevations)):
            if any(b <= a for a, b in zip(edges[:-1], edges[1:], strict=True)):
                raise InputError(f"The edges of {name} must rise: {', '.join(map(str, edges))}.")
        if any(one <= 0.0 for one in self.thresholds):
            raise InputError("THRESHOLDS_M are sizes of differences: give numbers above 0.")


@dataclass(frozen=True)
class Compared:
    """Model minus reference (``difference``, on the pair's grid; NaN = not compared) and what it
    says.
    """

    request: CompareRequest
    pair: DemPair
    difference: Heights
    overall: Statistics
    classes: list[ClassStatistics]
    variogram: Variogram
    robust: Variogram
    correlation: Correlation | None
    mean_error: MeanError | None
    waves: list[Wave]
    notes: tuple[str, ...]

    def table(self) -> Table:
        """One row for all cells and one for each class."""
        rows = [
            {"kind": one.kind, "class": one.name, **_row(one.statistics)}
            for one in (ClassStatistics("all", "all", self.overall), *self.classes)
        ]
        kinds = {key: "text" if key in ("kind", "class") else "float" for key in rows[0]}
        return from_rows(rows, kinds, "comparison of elevation models")


def compare_files(
    request: CompareRequest, target: Path | None, shown: str, progress: Progress
) -> Compared:
    """Compare two files; the differences are written to ``target`` where it is given."""
    progress.report(0.0, "Reading both models")
    pair = open_alike(request.model, request.reference, request.masks)
    for note in pair.notes:
        progress.warn(note)
    sides = cell_sides(pair.grid)
    difference, expected = subtracted(pair)
    difference = keep_within(difference, request.outliers)
    values = enough(difference)
    check(progress)
    progress.report(0.4, "Statistics by class")
    overall = statistics_of(values, request.thresholds, int(np.count_nonzero(expected)))
    rows = _classes(request, pair, difference, expected)
    check(progress)
    progress.report(0.6, "Correlation in space")
    robust = variogram(difference, sides.mean(), seed=request.seed)
    found = variogram(difference, sides.mean(), robust=False, seed=request.seed)
    east, north = sides.mean()
    fitted = least_certain((found, robust), overall.std**2, values.size, east * north)
    correlation, error = fitted or (None, None)
    check(progress)
    progress.report(0.8, "Waves")
    waves = find_waves(difference, sides.mean())
    if target is not None:
        # Differences are no heights: their CRS has no vertical part.
        flat = replace(pair.grid, wkt=flat_wkt(pair.grid))
        with RasterWriter(
            target, flat, 1, "float32", NODATA, ("difference",), shown, progress=progress
        ) as writer:
            writer.write(1, coded(difference))
    notes = _notes(pair, values, waves)
    return Compared(
        request, pair, difference, overall, rows, found, robust, correlation, error, waves, notes
    )  # fmt: skip


def _classes(
    request: CompareRequest, pair: DemPair, difference: Heights, expected: BoolArray
) -> list[ClassStatistics]:
    found: list[ClassStatistics] = []
    limits = request.thresholds
    if request.slopes:
        found += by_slope(pair, difference, expected, request.slopes, limits)
    if request.elevations:
        codes, names = binned(pair.reference.astype(np.float64), request.elevations, "m")
        found += by_class("elevation", difference, expected, codes, names, limits)
    if request.classes:
        codes, names = read_classes(request.classes, pair.grid, request.field)
        found += by_class("class", difference, expected, codes, names, limits)
    return found


def _row(one: Statistics) -> dict[str, float]:
    row = {"count": float(one.count), "completeness_percent": 100.0 * one.completeness}
    row |= {key: getattr(one, name) for key, name in FIGURES.items()}
    row |= {f"p{at:02d}_m": one.percentiles.get(at, float("nan")) for at in PERCENTILES}
    return row | {f"above_{limit:g}_m_percent": 100.0 * s for limit, s in one.above.items()}


def _notes(pair: DemPair, values: Heights, waves: list[Wave]) -> tuple[str, ...]:
    notes = pair.notes
    if not values.any():
        notes += ("Both models are identical where they overlap.",)
    for wave in waves:
        if wave.significant:
            kind = "row to row" if wave.direction == "rows" else "column to column"
            notes += (
                f"A wave from {kind}: period {wave.period:.1f} cells ({wave.period_m:.0f} m), "
                f"amplitude {wave.amplitude:.3g} m.",
            )
    return notes
