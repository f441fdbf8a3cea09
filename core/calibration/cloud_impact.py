# SPDX-License-Identifier: GPL-3.0-or-later
"""What screening for clouds does to coefficients: thresholds swept over several kinds of tests.

Over snow a cloud is as bright and as even as the ground, and tests of homogeneity pass it. Tests in
time and color see more: the residual of a directional model fitted to the series, and the ratio of
two bands against its usual value.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from ..errors import InputError, InsufficientDataError
from ..progress import Progress, Silent, check
from ..spread import TO_SIGMA
from ..table import Table, from_rows
from ..types import AnyArray, BoolArray, FloatArray
from .brdf import Model, fit
from .desert import NO_PARTNER, Calibration, Settings, calibrate, side_geometry
from .spectral import Spectrum
from .summary import Summary, summarize
from .transfer import Side


class CloudTest(StrEnum):
    """Tests whose threshold is swept.

    ``SPREAD``: standard deviation over the site by its mean; ``RESIDUAL``: relative residual of a
    Ross-Li model of the series, in the worst band; ``COLOR``: ratio of the reddest to the bluest
    band, relative to the median of its month; ``OUTLIER``: distance of a coefficient from the mean,
    in standard deviations.
    """

    SPREAD = "spread"
    RESIDUAL = "residual"
    COLOR = "color"
    OUTLIER = "outlier"


THRESHOLDS: Mapping[CloudTest, tuple[float, ...]] = {
    CloudTest.SPREAD: (0.003, 0.004, 0.006, 0.008, 0.01, 0.015, 0.02, 0.03),
    CloudTest.RESIDUAL: (0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.1),
    CloudTest.COLOR: (0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1),
    CloudTest.OUTLIER: (1.5, 2.0, 2.5, 3.0, 4.0, 6.0),
}
_FIELDS = {
    "test": "text", "threshold": "float", "band": "text", "pairs": "int", "a_k": "float",
    "median": "float", "pair_sd_percent": "float", "robust_sd_percent": "float",
    "standard_error_percent": "float", "change_percent": "float",
    "slope_percent_per_year": "float", "slope_standard_error": "float", "target_passed": "int",
    "reference_passed": "int",
}  # fmt: skip


@dataclass(frozen=True)
class Point:
    """One threshold of one test: the summary of each band by name, and how many observations of
    either sensor pass; ``summaries`` is empty where no pair is left.
    """

    test: CloudTest
    threshold: float
    target_passed: int
    reference_passed: int
    summaries: Mapping[str, Summary]


@dataclass(frozen=True)
class Impact:
    """The calibration with the screening as set, and the swept points."""

    base: Calibration
    points: tuple[Point, ...]

    def summary(self, band: str) -> Summary:
        """The summary of a band with the screening as set."""
        return _summary(self.base, band)


def cloud_impact(
    target: Side,
    reference: Side,
    settings: Settings,
    thresholds: Mapping[CloudTest, Sequence[float]] | None = None,
    spectra: Mapping[str, Spectrum] | None = None,
    progress: Progress | None = None,
) -> Impact:
    """Calibrate once as set, then with each threshold of each test in place of (spread, outlier) or
    besides the screening. Errors as ``desert.calibrate``; a threshold that leaves no pair gives a
    point without summaries. Raises ``InputError`` for thresholds that are not above 0.
    """
    progress, thresholds = progress or Silent(), thresholds or THRESHOLDS
    if any(not value > 0.0 for values in thresholds.values() for value in values):
        raise InputError("Thresholds of the cloud tests must be above 0.")
    base = calibrate(target, reference, settings, spectra)
    steps = [(test, value) for test, values in thresholds.items() for value in sorted(values)]
    scores: dict[CloudTest, tuple[FloatArray, FloatArray]] = {}
    points = []
    for number, (test, value) in enumerate(steps):
        check(progress)
        progress.report(number / len(steps), f"{test} {value:g}")
        if test in (CloudTest.RESIDUAL, CloudTest.COLOR) and test not in scores:
            scores[test] = (_score(target, test, base, True), _score(reference, test, base, False))
        points.append(_point(target, reference, settings, test, value, scores.get(test), spectra))
    return Impact(base, tuple(points))


def impact_table(impact: Impact, name: str = "cloud_impact") -> Table:
    """One row per test, threshold and band; ``change_percent``: of the mean A_k against the
    screening as set; ``slope_percent_per_year``: with a level for each site (``summary.trend``).
    """
    rows = []
    for point in impact.points:
        for band in impact.base.bands:
            found, plain = point.summaries.get(band), impact.summary(band)
            row = {"test": point.test, "threshold": point.threshold, "band": band, "pairs": 0,
                   "target_passed": point.target_passed,
                   "reference_passed": point.reference_passed}  # fmt: skip
            if found is not None and found.count:
                row |= {
                    "pairs": found.count, "a_k": found.mean, "median": found.median,
                    "pair_sd_percent": 100.0 * found.sd / found.mean,
                    "robust_sd_percent": 100.0 * found.robust_sd / found.mean,
                    "standard_error_percent": 100.0 * found.sem / found.mean,
                    "change_percent": 100.0 * (found.mean / plain.mean - 1.0),
                    "slope_percent_per_year": found.slope_pct_per_year,
                    "slope_standard_error": found.slope_se,
                }  # fmt: skip
            rows.append(row)
    return from_rows(rows, _FIELDS, name)


def _point(
    target: Side,
    reference: Side,
    settings: Settings,
    test: CloudTest,
    value: float,
    scores: tuple[FloatArray, FloatArray] | None,
    spectra: Mapping[str, Spectrum] | None,
) -> Point:
    if test is CloudTest.SPREAD:
        settings = replace(settings, screening=replace(settings.screening, max_spread=value))
    elif test is CloudTest.OUTLIER:
        settings = replace(settings, clip_sigmas=value)
    if scores is not None:
        # What cannot be judged passes, as in all screening.
        target, reference = (
            side.select(~(score > value))
            for side, score in zip((target, reference), scores, strict=True)
        )
    try:
        found = calibrate(target, reference, settings, spectra)
    except InsufficientDataError:
        return Point(test, value, 0, 0, {})
    passed = [
        int(np.isin(unused.astype(str), ("", NO_PARTNER)).sum())
        for unused in (found.unused_target, found.unused_reference)
    ]
    return Point(
        test, value, passed[0], passed[1], {band: _summary(found, band) for band in found.bands}
    )


def _summary(found: Calibration, band: str) -> Summary:
    column = found.bands.index(band)
    kept = found.kept(0, column)
    seen, rows = found.way.target.measurements, found.pairs.target[kept]
    return summarize(seen.time[rows], found.a_k[0, kept, column], seen["site"][rows])


def _score(side: Side, test: CloudTest, base: Calibration, target: bool) -> FloatArray:
    """How far each observation is from what is usual at its site (n,); NaN where unknown."""
    bands = base.way.mine if target else base.way.through
    measured = side.measurements
    values = measured["mean"][:, bands]
    score = np.full(len(measured), np.nan)
    for site in np.unique(measured["site"].astype(str)):
        rows = measured["site"] == site
        if test is CloudTest.COLOR:
            score[rows] = _color(side, bands, rows)
        else:
            score[rows] = _residual(side, bands, rows, values[rows])
    return score


def _residual(side: Side, bands: AnyArray, rows: BoolArray, values: FloatArray) -> FloatArray:
    """Largest relative residual over the bands, of directional models fitted without outliers."""
    seen = side_geometry(side, bands).select(np.flatnonzero(rows))
    angles = (seen.sun_zenith, seen.view_zenith, seen.relative_azimuth)
    found = np.full(values.shape, np.nan)
    for band in range(values.shape[1]):
        column = values[:, band].copy()
        try:
            for _ in range(3):
                model = fit(Model.ROSS_LI, *angles, column)
                away = np.abs(values[:, band] / model.reflectance(*angles) - 1.0)
                column[away > 3.0 * np.nanmedian(away) * TO_SIGMA] = np.nan
        except InsufficientDataError:
            continue
        found[:, band] = away
    return _worst(found)


def _color(side: Side, bands: AnyArray, rows: BoolArray) -> FloatArray:
    """Distance of the ratio of the outermost bands from the median of its month, relative."""
    order = sorted(bands, key=lambda band: side.bands[band].effective_nm)
    values = side.measurements["mean"][rows]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = values[:, order[-1]] / values[:, order[0]]
    month = side.measurements.time[rows].astype("datetime64[M]").astype(int) % 12
    usual = np.full(len(ratio), np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for one in np.unique(month):
            usual[month == one] = np.nanmedian(ratio[month == one])
    return np.asarray(np.abs(ratio / usual - 1.0), dtype=np.float64)


def _worst(values: FloatArray) -> FloatArray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(np.nanmax(values, axis=1))
