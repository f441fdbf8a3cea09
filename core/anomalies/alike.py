# SPDX-License-Identifier: GPL-3.0-or-later
"""Did sites change alike on a date that they share?

Sites that are off on one date by chance (a cloud here, an aerosol error there) are off in different
directions; an error of sensor or processor moves them in one. Leaving out dates whose sites changed
in different directions only takes discoveries away, so the level of the test holds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..types import FloatArray
from .detect import Detection
from .places import Place

LEAST_COSINE = 0.5  # of the residuals of two sites over their bands, in units of their noise


def residual_near(detection: Detection, day: np.datetime64, window_days: float) -> dict[str, float]:
    """The residuals by band, in sigmas, of the most unlikely tested date near a ``day``; empty
    without one.
    """
    apart = np.abs((detection.times.astype("datetime64[D]") - day) / np.timedelta64(1, "D"))
    tested = detection.tested & np.isfinite(detection.p_value) & (apart <= window_days)
    if not tested.any():
        return {}
    row = int(np.where(tested, detection.p_value, np.inf).argmin())
    pairs = zip(detection.bands, detection.z[row], strict=True)
    return {band: float(value) for band, value in pairs if np.isfinite(value)}


def alike(one: dict[str, float], other: dict[str, float]) -> bool:
    """Whether two residuals point the same way in the bands that both have."""
    bands = sorted(one.keys() & other.keys())
    a: FloatArray = np.array([one[band] for band in bands])
    b: FloatArray = np.array([other[band] for band in bands])
    return bool(bands) and float(a @ b) >= LEAST_COSINE * float(np.linalg.norm(a) * (b @ b) ** 0.5)


def largest_group(residuals: Sequence[dict[str, float]], places: Sequence[Place]) -> list[int]:
    """The indices of the sites that are like one of them, in as many ``places`` as there are; empty
    where these are fewer than two. Sites without a residual have no say.
    """
    owner = {site: number for number, place in enumerate(places) for site in place.sites}
    best: list[int] = []
    for one in residuals:
        group = [site for site, other in enumerate(residuals) if one and alike(one, other)]
        if len({owner[site] for site in group}) > len({owner[site] for site in best}):
            best = group
    return best if len({owner[site] for site in best}) > 1 else []
