# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the air around an overpass was stable: a calm photometer under a sky free of clouds."""

from __future__ import annotations

import numpy as np

from ..types import AnyArray, BoolArray, FloatArray
from .keys import Factor, fold_site
from .types import MatchSettings, Observations

NEIGHBORHOOD_M = 10_000.0  # the smallest window that counts as the neighborhood of a site
OVERPASS_KEYS = ("product", "sensor", "campaign", "datatake")


def is_stable(
    std: FloatArray, mean: FloatArray, cloud: FloatArray, settings: MatchSettings
) -> BoolArray:
    """Whether the air counts as stable (n,).

    The photometer's standard deviation has to be at most max(``stable_sd``, ``stable_share`` *
    mean), with its ``mean`` at its own altitude, and ``cloud``, the cloud share of the
    neighborhood, at most ``stable_max_cloud``. False where there is no standard deviation; where
    the cloud share is unknown (NaN) the photometer decides alone.
    """
    calm = std <= np.maximum(settings.stable_sd, settings.stable_share * mean)
    return np.asarray(calm & ~(cloud > settings.stable_max_cloud), dtype=np.bool_)


def neighborhood_cloud(satellite: Observations) -> FloatArray:
    """Cloud share (n,) of the largest window of at least ``NEIGHBORHOOD_M`` at the site and
    overpass of each row; NaN where there is none that states a share.
    """
    nan = np.full(len(satellite), np.nan)
    width = np.asarray(satellite.extra.get("window_m", nan), dtype=np.float64)
    cloud = np.asarray(satellite.extra.get("cloud_fraction", nan), dtype=np.float64)
    rows = np.flatnonzero((width >= NEIGHBORHOOD_M) & np.isfinite(cloud))
    if not len(rows):
        return nan
    overpass = _overpasses(satellite)
    share = np.full(int(overpass.max()) + 1, np.nan)
    ascending = rows[np.argsort(width[rows], kind="stable")]
    share[overpass[ascending]] = cloud[ascending]  # the largest window is written last
    return np.asarray(share[overpass])


def _overpasses(satellite: Observations) -> AnyArray:
    """A number (n,) for each site and product of an overpass."""
    keys = [np.unique(satellite.time, return_inverse=True)[1]]
    keys += [
        Factor.of(satellite.extra[key]).codes for key in OVERPASS_KEYS if key in satellite.extra
    ]
    numbers = Factor.of(satellite.site, fold_site).codes
    for key in keys:
        pairs = numbers * (int(key.max()) + 1) + key
        numbers = np.unique(pairs, return_inverse=True)[1]
    return np.asarray(numbers)
