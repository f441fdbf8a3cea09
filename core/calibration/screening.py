# SPDX-License-Identifier: GPL-3.0-or-later
"""Which observations of a site may be used for calibration, and why others may not."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from ..types import AnyArray, BoolArray
from .plausible import implausible
from .types import Measurements

CLOUDY = "cloudy"
INHOMOGENEOUS = "not homogeneous"
PARTLY = "site partly covered"
NO_ANGLES = "angles unknown"
NO_TIME = "time unknown"
NO_VALUES = "no reflectance"
IMPOSSIBLE = "value out of range"
SATURATED = "saturated"
LOW = "sun or view too low"
BAD_FLAGS = frozenset({"cloud", "cloudy", "bad", "rejected", "1"})


@dataclass(frozen=True)
class Screening:
    """Limits of what is used: ``max_spread``: standard deviation over the site by its mean (a cloud
    or its shadow makes a site uneven); ``max_cloud`` and ``min_valid``: shares of the site;
    ``max_saturated``: share of a band; unknown shares pass.
    """

    max_spread: float = 0.06
    max_cloud: float = 0.0
    min_valid: float = 0.95
    max_saturated: float = 0.0
    max_zenith_deg: float = 75.0


def uneven(measurements: Measurements, bands: AnyArray, limits: Screening) -> BoolArray:
    """Where the spread over the site is beyond its limit (n, bands)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = measurements["std"][:, bands] / measurements["mean"][:, bands]
    return np.asarray(spread > limits.max_spread)


def reasons(
    measurements: Measurements, bands: AnyArray, limits: Screening, uneven_share: float
) -> AnyArray:
    """Why each observation is not used ("" where it is), judged by the ``bands`` (indices) in use:
    object array (n,). ``uneven_share``: the share of bands that may be uneven (over snow and water
    the short-wave infrared always is).
    """
    mean = measurements["mean"][:, bands]
    share = uneven(measurements, bands, limits).sum(axis=1) / max(len(bands), 1)
    view, sun = measurements["view_zenith_deg"][:, bands], measurements["sun_zenith_deg"]
    azimuths = np.isfinite(measurements["view_azimuth_deg"][:, bands]).any(axis=1)
    azimuths &= np.isfinite(measurements["sun_azimuth_deg"])
    plumb = (_largest(view) == 0.0) | (sun == 0.0)
    flags = np.char.lower(measurements["cloud_flag"].astype(str))
    found = np.full(len(measurements), "", dtype=object)
    # The first that applies is told.
    for reason, applies in (
        (NO_TIME, np.isnat(measurements.time)),
        (NO_VALUES, ~np.isfinite(mean).any(axis=1)),
        (IMPOSSIBLE, implausible(measurements, bands)),
        (NO_ANGLES, ~np.isfinite(sun) | ~np.isfinite(_largest(view)) | ~(azimuths | plumb)),
        (LOW, np.maximum(sun, _largest(view)) > limits.max_zenith_deg),
        (CLOUDY, np.isin(flags, list(BAD_FLAGS))),
        (CLOUDY, measurements["cloud_fraction"] > limits.max_cloud),
        (PARTLY, measurements["valid_fraction"] < limits.min_valid),
        (SATURATED, _largest(measurements["saturated_fraction"][:, bands]) > limits.max_saturated),
        (INHOMOGENEOUS, share > uneven_share),
    ):
        found[(found == "") & applies] = reason
    return found


def remedy(reason: str, limits: Screening) -> str:
    """What to do where most observations are rejected for a ``reason`` of ``reasons``: which
    parameter decides, and what it is.
    """
    return {
        CLOUDY: f"where that is a small share of a whole product, raise MAX_CLOUD (now "
        f"{limits.max_cloud:g}); a cloud flag of the measurements has no limit",
        PARTLY: f"lower MIN_VALID (now {limits.min_valid:g})",
        INHOMOGENEOUS: f"raise MAX_SPREAD (now {limits.max_spread:g})",
        LOW: f"raise MAX_ZENITH_DEG (now {limits.max_zenith_deg:g} degrees)",
        IMPOSSIBLE: "mend and import these measurements again",
        SATURATED: "saturated bands cannot be used, leave them out with BANDS",
    }.get(reason, "see the measurements in the database")


def counted(found: AnyArray) -> dict[str, int]:
    """How many observations have each reason, the most frequent first; the used ones left out."""
    names, counts = np.unique(found[found != ""].astype(str), return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return {str(names[row]): int(counts[row]) for row in order}


def _largest(values: AnyArray) -> AnyArray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # all unknown: NaN, which passes
        return np.nanmax(values, axis=1) if values.shape[1] else np.full(len(values), np.nan)
