# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters of the search for stable sites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.calibration.stability.settings import BandRule, Limits, Removal, StabilitySettings
from ..base import CalValAlgorithm, Job, make, tr

ANGLES, BRDF, TREND, MIN_DATES = "ANGLES", "BRDF", "TREND", "MIN_DATES"
WINDOW, SIZE, TOLERANCE, BAND_RULE = "WINDOW_M", "SIZE_M", "TOLERANCE_PERCENT", "BAND_RULE"
MAX_TEMPORAL, MAX_SPATIAL = "MAX_TEMPORAL_CV_PERCENT", "MAX_SPATIAL_CV_PERCENT"
MAX_SPECTRAL, MAX_TREND = "MAX_SPECTRAL_CV_PERCENT", "MAX_TREND_PERCENT_YEAR"
MIN_CLEAR = "MIN_CLEAR_PERCENT"
_USUAL = StabilitySettings()


def add_model(algorithm: CalValAlgorithm) -> None:
    """Add what the series of a pixel is compared with."""
    algorithm.add(
        make.table(
            ANGLES, tr("Table of angles"),
            tr(
                "A row per date with the columns date, sza, saa, vza and vaa: zenith and azimuth "
                "of sun and view in degrees. Goes before what products state; needed for stacks "
                "of rasters that state none."
            ),
            optional=True,
        ),
        make.number(
            SIZE, tr("Smallest site (m)"),
            tr(
                "Side of the smallest square that a site holds, in meters on the ground. Empty: "
                "20 km, or a fifth of the shorter side of the image where that is less."
            ),
            None, minimum=0.0, optional=True,
        ),
        make.choice(
            BRDF, tr("Directional model"),
            tr(
                "What is taken off a series before its scatter counts: the kernels ross_li or "
                "roujean of the directions of sun and view, one harmonic of the year (season), or "
                "none. Without angles the season takes the place of the kernels."
            ),
            tuple(str(one) for one in Removal), str(_USUAL.removal), advanced=True,
        ),
        make.switch(
            TREND, tr("Trend"),
            tr("Also fit a linear trend, and refuse pixels that drift. Off: drift is scatter."),
            _USUAL.trend, advanced=True,
        ),
        make.number(
            MIN_DATES, tr("Fewest clear dates"),
            tr("A pixel with fewer clear dates is not measured; 7 or more with all terms."),
            _USUAL.least_dates, minimum=4, integer=True, advanced=True,
        ),
    )  # fmt: skip


def add_limits(algorithm: CalValAlgorithm) -> None:
    """Add what a pixel must keep to, as advanced parameters."""
    usual = _USUAL.limits
    algorithm.add(
        make.number(
            WINDOW, tr("Moving window (m)"),
            tr(
                "Side of the window in which the spatial CV is measured, in meters on the ground. "
                "Empty: a quarter of the smallest site; at least 3 pixels."
            ),
            None, minimum=0.0, optional=True, advanced=True,
        ),
        _limit(
            MAX_TEMPORAL, tr("Limit of the temporal CV (percent)"),
            tr("Scatter over the dates after the model is taken off, by the mean."),
            usual.temporal_percent,
        ),
        _limit(
            MAX_SPATIAL, tr("Limit of the spatial CV (percent)"),
            tr("Standard deviation of the mean reflectance in the moving window, by its mean."),
            usual.spatial_percent,
        ),
        _limit(
            MAX_SPECTRAL, tr("Limit of the spectral CV (percent)"),
            tr("Scatter of the ratios of bands over the dates; not used with one band."),
            usual.spectral_percent,
        ),
        _limit(
            MAX_TREND, tr("Limit of the trend (percent per year)"),
            tr("Only the part of a trend counts that exceeds three standard errors."),
            usual.trend_percent_year,
        ),
        make.number(
            MIN_CLEAR, tr("Fewest clear dates (percent)"),
            tr("Clear dates of a pixel by all dates, above 0 up to 100."),
            usual.clear_percent, minimum=0.01, maximum=100.0, advanced=True,
        ),
        make.choice(
            BAND_RULE, tr("Bands"),
            tr("The limits are for the worst band of a pixel, or for the mean of all bands."),
            tuple(str(one) for one in BandRule), str(_USUAL.rule), advanced=True,
        ),
        make.number(
            TOLERANCE, tr("Pixels let off (percent)"),
            tr("Share of the pixels of the smallest square that need not pass; 0 to below 50."),
            _USUAL.tolerance_percent, minimum=0.0, maximum=49.9, advanced=True,
        ),
    )  # fmt: skip


def settings_of(job: Job | Mapping[str, Any]) -> StabilitySettings:
    """What was chosen, out of a run or of the values of the parameters."""
    limits = Limits(
        job[MAX_TEMPORAL], job[MAX_SPATIAL], job[MAX_SPECTRAL], job[MAX_TREND], job[MIN_CLEAR]
    )
    return StabilitySettings(
        Removal(job[BRDF]), job[TREND], job[MIN_DATES], BandRule(job[BAND_RULE]), limits,
        job[WINDOW] or 0.0, job[SIZE] or 0.0, job[TOLERANCE],
    )  # fmt: skip


def _limit(key: str, label: str, text: str, usual: float) -> make.Definition:
    return make.number(key, label, text, usual, minimum=0.001, maximum=1000.0, advanced=True)
