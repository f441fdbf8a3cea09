# SPDX-License-Identifier: GPL-3.0-or-later
"""A time series of one site: what extraction writes and all detectors read."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..types import AnyArray, BoolArray, FloatArray, TimeArray

CLEAR = "clear"
# No mask tells of clouds: nobody knows whether the observation is clear.
UNMASKED = "unmasked"


def is_clear(mask_state: AnyArray) -> BoolArray:
    """Which states (n,) do not mask their observation: ``clear``, and ``unmasked`` for want of a
    mask.
    """
    return np.asarray((mask_state == CLEAR) | (mask_state == UNMASKED), dtype=np.bool_)


@dataclass(frozen=True)
class TimeSeries:
    """Observations of one site: n dates in increasing order, k bands in increasing wavelength.

    ``times`` (n,) UTC, ``datetime64[ms]``; two observations may share a time (two sensors, two
    tiles). ``bands`` (k) names, ``wavelengths_nm`` (k,), NaN where unknown. ``values`` (n, k)
    surface reflectance (1 = all), NaN where a band has no observation. ``mask_state`` (n,) text:
    ``clear``; ``unmasked`` where no mask tells of clouds; or why the observation is masked (a
    ``Flag``, or a foreign table's own word). What is masked keeps its values. Whoever reads a
    series uses what is unmasked as if it were clear, and says of how many observations that
    holds. ``sensor``, ``orbit``, ``product`` (n,) texts, "" where unknown. ``longitude``,
    ``latitude`` in degrees (WGS 84), NaN where the site has no place.
    """

    site: str
    times: TimeArray
    bands: tuple[str, ...]
    wavelengths_nm: FloatArray
    values: FloatArray
    mask_state: AnyArray
    sensor: AnyArray
    orbit: AnyArray
    product: AnyArray
    longitude: float = float("nan")
    latitude: float = float("nan")

    def __len__(self) -> int:
        return len(self.times)

    @property
    def clear(self) -> BoolArray:
        """Which observations (n,) are not masked (clear, or of unknown clearness: unmasked) and
        have a finite value in any band.
        """
        usable: BoolArray = is_clear(self.mask_state) & np.isfinite(self.values).any(axis=1)
        return usable

    @property
    def unmasked_count(self) -> int:
        """How many of the ``clear`` observations are so only for want of a mask."""
        return int(np.count_nonzero(self.clear & (self.mask_state == UNMASKED)))

    def select(self, rows: AnyArray) -> TimeSeries:
        """The observations of a mask or an index."""
        names = ("times", "values", "mask_state", "sensor", "orbit", "product")
        return replace(self, **{name: getattr(self, name)[rows] for name in names})
