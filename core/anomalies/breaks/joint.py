# SPDX-License-Identifier: GPL-3.0-or-later
"""Breaks in all bands at once: the joint test on consecutive observations, COLD-like.

Clouds that the mask has missed are screened out robustly; a model of constant, trend and up to
three harmonics begins in a stable window of a year and 12 observations, and takes in one
observation after the other. A break is where 6 consecutive observations deviate together, in one
direction: Zhu et al. 2020 (10.1016/j.rse.2019.03.009). After it the next segment begins. What COLD
has beyond that is left out: procedures for permanent snow and for failed masks, and the short
models for observations that belong to no segment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ...dependencies import require
from ...errors import InputError
from ...progress import Progress, Silent, each
from ...series.types import TimeSeries
from ...types import AnyArray, FloatArray, TimeArray
from ..harmonics import MAX_HARMONICS, YEAR_DAYS, design, years
from .joint_kernel import JointTest, segment_pixels
from .stack import by_date

TESTED_NM = (560.0, 660.0, 860.0, 1610.0, 2200.0)  # no blue: it follows the aerosols
SCREENED_NM = (560.0, 1610.0)
_TOLERANCE = 0.08  # of the wavelength
_SILENT = Silent()
_BLOCK = 256


@dataclass(frozen=True)
class BreakSettings:
    """How to test.

    ``consecutive`` observations must exceed the quantile ``probability`` of chi-square with one
    degree of freedom per tested band, with a mean angle between one and the next below
    ``widest_angle_deg``; one beyond the quantile ``outlier_probability`` that is not followed by
    others is removed. ``bands`` are the indices of the tested bands, ``screening_bands`` those of
    the robust screening (green and SWIR 1): without them they are chosen by wavelength, and all
    bands where wavelengths are unknown. ``screening_limit`` is in units of the madogram.
    ``penalty`` (reflectance) is the lasso's: 0 gives least squares. Observations outside of
    ``valid`` (reflectance) in any tested or screening band are left out; other bands are only
    described, and have no model in a segment in which they miss a value. ``noise_floor``
    (reflectance) is the smallest noise believed, so that a constant series is no division by 0.
    """

    consecutive: int = 6
    probability: float = 0.99
    outlier_probability: float = 0.99999
    widest_angle_deg: float = 45.0
    bands: tuple[int, ...] | None = None
    screening_bands: tuple[int, ...] | None = None
    screening_limit: float = 4.89
    penalty: float = 0.002
    valid: tuple[float, float] = (0.0, 1.0)
    noise_floor: float = 0.002
    max_segments: int = 16


@dataclass(frozen=True)
class BreakResult:
    """Segments of p pixels, s (``max_segments``) places each, of b bands.

    ``segment_count`` (p,) are in use, from the first on; it is 0 where there is no stable year of
    12 observations, of ``observation_count`` (p,) that count. Per place: ``first``, ``last`` (p, s)
    days; ``break_time`` (p, s), the day of the first changed observation after the segment, NaT
    where there is none; ``probability`` (p, s) that share of the consecutive observations that has
    changed: 1 is a break, less is one that has begun at the end of the series. ``magnitude``
    (p, s, b) is the median difference to the model then, ``rmse`` (p, s, b) the noise of the
    segment, both in reflectance. ``coefficients`` (p, s, b, 8): constant, trend per year, cosine
    and sine of three harmonics, for years from ``origin``. ``count`` (p, s): observations.
    """

    segment_count: AnyArray
    observation_count: AnyArray
    first: TimeArray
    last: TimeArray
    break_time: TimeArray
    probability: FloatArray
    magnitude: FloatArray
    rmse: FloatArray
    coefficients: FloatArray
    count: AnyArray
    tested: tuple[int, ...]
    origin: np.datetime64 = field(default_factory=lambda: np.datetime64("NaT", "D"))

    def breaks(self, pixel: int = 0) -> TimeArray:
        """The days of the confirmed breaks of one pixel, in increasing order."""
        days: TimeArray = self.break_time[pixel][self.probability[pixel] >= 1.0]
        return days


def detect_breaks(
    values: npt.NDArray[np.floating[Any]],
    times: TimeArray,
    wavelengths_nm: FloatArray | None = None,
    settings: BreakSettings = BreakSettings(),
    progress: Progress = _SILENT,
) -> BreakResult:
    """Segments and breaks of ``values`` (n, b, p), reflectance, NaN where there is no observation.

    ``times`` (n,) in any order: observations of one day are averaged. ``wavelengths_nm`` (b,) tell
    which bands to test. Without numba the same code runs as plain Python, slowly. Raises
    ``InputError`` for settings or shapes that cannot be, and where a tested or screening band has
    no value while others have some.
    """
    if values.ndim != 3:
        raise InputError("The joint test needs values with three axes: dates, bands, pixels.")
    tested, screening = _bands(values.shape[1], wavelengths_nm, settings)
    _refuse_empty(values, {*tested, *screening})
    ordered, days, _ = by_date(values, times)
    t = years(days)
    columns = design(t, MAX_HARMONICS)
    pixels, bands, places = ordered.shape[2], ordered.shape[1], settings.max_segments
    models = np.full((pixels, places, bands, 8), np.nan)
    spans = np.full((pixels, places, 3), np.nan)
    noise, sizes = np.full((2, pixels, places, bands), np.nan)
    numbers, found = np.zeros((pixels, places, 2), np.int64), np.zeros((pixels, 2), np.int64)
    options = _options(settings, len(tested))
    for begin in each(list(range(0, pixels, _BLOCK)), progress, "testing for breaks"):
        part = slice(begin, begin + _BLOCK)
        block = np.ascontiguousarray(ordered[:, :, part].transpose(2, 0, 1), np.float64)
        segment_pixels(
            t, columns, block, *settings.valid, settings.noise_floor, np.array(tested),
            np.array(screening), options, models[part], spans[part], noise[part], sizes[part],
            numbers[part], found[part],
        )  # fmt: skip
    span = days[0] + (days[-1] - days[0]) / 2
    dates = _dates(spans, days)
    return BreakResult(
        found[:, 0], found[:, 1], dates[..., 0], dates[..., 1], dates[..., 2],
        numbers[..., 1] / settings.consecutive, sizes, noise, models, numbers[..., 0], tested, span,
    )  # fmt: skip


def detect_breaks_in_series(
    series: TimeSeries, settings: BreakSettings = BreakSettings()
) -> BreakResult:
    """``detect_breaks`` for the clear observations of one site: a result of one pixel."""
    clear = series.select(series.clear)
    if not len(clear):
        raise InputError(f"Site {series.site} has no clear observation: nothing can be tested.")
    return detect_breaks(clear.values[:, :, None], clear.times, clear.wavelengths_nm, settings)


def check_settings(settings: BreakSettings, count: int, wavelengths_nm: FloatArray | None) -> None:
    """Raise ``InputError`` where ``settings`` cannot be, or do not fit ``count`` bands: what
    ``detect_breaks`` would raise, before anything is read.
    """
    tested, _ = _bands(count, wavelengths_nm, settings)
    _options(settings, len(tested))


def tested_bands(
    count: int, wavelengths_nm: FloatArray | None, settings: BreakSettings
) -> tuple[int, ...]:
    """The indices of the bands, of ``count``, that are tested."""
    return _bands(count, wavelengths_nm, settings)[0]


def left_out_note(
    names: Sequence[str], wavelengths_nm: FloatArray | None, settings: BreakSettings
) -> str:
    """Which of the bands ``names`` are not tested, and why; empty where all are."""
    tested = tested_bands(len(names), wavelengths_nm, settings)
    left = [name for band, name in enumerate(names) if band not in tested]
    if not left:
        return ""
    return (
        f"The joint test uses {', '.join(names[band] for band in tested)}: as in COLD, the bands "
        "nearest to green, red, near infrared and the two of short-wave infrared. "
        f"{', '.join(left)} {'is' if len(left) == 1 else 'are'} not tested (blue follows the "
        "aerosols, other bands would count the same change twice), only the size of the change "
        "is told."
    )


def _refuse_empty(values: npt.NDArray[np.floating[Any]], bands: set[int]) -> None:
    empty = [band for band in sorted(bands) if not np.isfinite(values[:, band]).any()]
    if empty and len(empty) < len(bands):
        raise InputError(
            f"Band {empty[0]}, counted from 0, has no values at all, so that no date could be "
            "tested. Leave it out of the bands."
        )


def _options(settings: BreakSettings, bands: int) -> JointTest:
    """The numbers that the kernel wants."""
    if settings.consecutive < 2 or settings.max_segments < 1:
        raise InputError("The joint test needs 2 or more consecutive observations and a segment.")
    for name in ("probability", "outlier_probability"):
        if not 0.0 < getattr(settings, name) < 1.0:
            raise InputError(f"{name} is {getattr(settings, name)}: choose one between 0 and 1.")
    quantile = require("scipy.stats").chi2.ppf
    limits = quantile([settings.probability, settings.outlier_probability], bands)
    return JointTest(
        settings.consecutive, float(limits[0]), float(limits[1]),
        float(settings.widest_angle_deg), float(settings.screening_limit), float(settings.penalty),
    )  # fmt: skip


def _bands(
    count: int, wavelengths_nm: FloatArray | None, settings: BreakSettings
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The indices of the tested and of the screened bands."""
    chosen = []
    for given, centers in (
        (settings.bands, TESTED_NM),
        (settings.screening_bands, SCREENED_NM),
    ):
        bands = given or _nearest(wavelengths_nm, centers) or tuple(range(count))
        if min(bands) < 0 or max(bands) >= count:
            raise InputError(f"Band {max(bands)} is not among the {count} bands, counted from 0.")
        chosen.append(bands)
    return chosen[0], chosen[1]


def _nearest(wavelengths_nm: FloatArray | None, centers: tuple[float, ...]) -> tuple[int, ...]:
    """The bands nearest to ``centers``, those left out that have none near."""
    if wavelengths_nm is None or not np.isfinite(wavelengths_nm).any():
        return ()
    found = []
    for center in centers:
        away = np.abs(wavelengths_nm - center)
        index = int(np.nanargmin(away))
        if away[index] <= _TOLERANCE * center and index not in found:
            found.append(index)
    return tuple(found)


def _dates(spans: FloatArray, days: TimeArray) -> TimeArray:
    """The days of years from the middle of ``days``; NaT for NaN."""
    length = (days[-1] - days[0]) / np.timedelta64(1, "D")
    since = np.round(np.nan_to_num(spans) * YEAR_DAYS + 0.5 * length).astype("timedelta64[D]")
    return np.where(np.isnan(spans), np.datetime64("NaT", "D"), days[0] + since)
