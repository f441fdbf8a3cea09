# SPDX-License-Identifier: GPL-3.0-or-later
"""Measurements that cannot be: fill values, another unit, a negative scatter."""

from __future__ import annotations

import numpy as np

from ..errors import InputError
from ..types import AnyArray, BoolArray
from ..wording import plural
from .types import Measurements

# What a calibration computes with. TOA reflectance: dark bands scatter a little around zero, and a
# bright cloud with the sun low may exceed 1 by half. The other bounds are those of the Earth's
# atmosphere, wide.
RANGES: dict[str, tuple[float, float]] = {
    "mean": (-0.05, 2.0),
    "median": (-0.05, 2.0),
    "std": (0.0, 2.0),
    "count": (0.0, np.inf),
    "saturated_fraction": (0.0, 1.0),
    "view_zenith_deg": (0.0, 90.0),
    "view_azimuth_deg": (-720.0, 720.0),  # any turn will do; -999 is none
    "sun_zenith_deg": (0.0, 180.0),
    "sun_azimuth_deg": (-720.0, 720.0),
    "ozone_du": (0.0, 1000.0),
    "water_vapor_g_cm2": (0.0, 20.0),
    "pressure_hpa": (300.0, 1100.0),
    "aot": (-0.1, 10.0),
    "valid_fraction": (0.0, 1.0),
    "cloud_fraction": (0.0, 1.0),
}
WAVELENGTHS_NM = (200.0, 20000.0)
# Bands beyond it hold brightness temperatures (K), and no calibration over sunlit sites uses them.
THERMAL_NM = 3000.0
_ROUNDING = 1e-6
_SAID = 6


def implausible(measurements: Measurements, bands: AnyArray | None = None) -> BoolArray:
    """Which measurements (n,) have a value outside ``RANGES``, of the ``bands`` (indices; None: all
    of them) or of the whole row. Values that are not known (NaN) are none.
    """
    found = np.zeros(len(measurements), dtype=np.bool_)
    for name in RANGES:
        outside = _outside(measurements, name)
        if outside.ndim == 2:
            outside = (outside if bands is None else outside[:, bands]).any(axis=1)
        found |= outside
    return found


def check_units(measurements: Measurements) -> None:
    """Raise ``InputError`` where reflectances or wavelengths are in another unit: most reflectances
    of a band above 2 (percent, counts), a wavelength outside 200 to 20000 nm (micrometers).
    """
    low, high = WAVELENGTHS_NM
    for band in measurements.sensor.bands:
        if not (low <= band.wavelength_nm <= high) and not np.isnan(band.wavelength_nm):
            raise InputError(
                f"The wavelength of band {band.name} of {measurements.sensor.name} is "
                f"{band.wavelength_nm:g} nm. Give wavelengths in nanometers, {low:g} to {high:g}."
            )
    top = RANGES["mean"][1]
    for place in np.flatnonzero(_reflective(measurements)):
        band = measurements.sensor.bands[place]
        values = measurements["mean"][:, place]
        values = values[np.isfinite(values)]
        if len(values) and float(np.median(values)) > top:
            raise InputError(
                f"Half of the reflectances of band {band.name} of {measurements.sensor.name} are "
                f"above {float(np.median(values)):.3g}. TOA reflectances without unit are "
                f"expected, at most {top:g}: divide percent by 100, counts by their scale."
            )


def implausible_notes(measurements: Measurements) -> tuple[str, ...]:
    """Sentences for the log: how many measurements have values that cannot be, with the first."""
    count = int(implausible(measurements).sum())
    if not count:
        return ()
    examples = []
    for name, (low, high) in RANGES.items():
        places = np.argwhere(_outside(measurements, name))
        for place in places[:1]:
            value = measurements[name][tuple(place)]
            band = f" of band {measurements.sensor.band_names[place[1]]}" if len(place) > 1 else ""
            examples.append(f"{name}{band} {value:g} (not in {low:g} to {high:g})")
    left = len(examples) - _SAID
    more = f" and {plural(left, 'more column')}" if left > 0 else ""
    return (
        f"{plural(count, 'measurement')} of {measurements.sensor.name} with values that cannot be: "
        f"{', '.join(examples[:_SAID])}{more}. Kept in the database; calibrations reject them.",
    )


def _outside(measurements: Measurements, name: str) -> BoolArray:
    low, high = RANGES[name]
    values = measurements[name]
    outside = np.asarray((values < low - _ROUNDING) | (values > high + _ROUNDING), dtype=np.bool_)
    return outside & _reflective(measurements) if name in ("mean", "median", "std") else outside


def _reflective(measurements: Measurements) -> BoolArray:
    """Which bands (b,) hold reflectances."""
    return np.asarray(~(measurements.sensor.wavelengths_nm > THERMAL_NM), dtype=np.bool_)
