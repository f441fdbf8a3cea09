# SPDX-License-Identifier: GPL-3.0-or-later
"""Value types of the calibration domain: sensors, and what they measured over sites."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from ..types import AnyArray, BoolArray, FloatArray, TimeArray

UNKNOWN_ID = -1

# Columns of a measurement besides its bands, with the kind of each and the default of a row that
# does not say it. The units are in the names; ``ozone_du``: Dobson units; ``aot``: aerosol optical
# thickness at 550 nm; fractions from 0 to 1.
ROW_NUMBERS = (
    "sun_zenith_deg", "sun_azimuth_deg", "latitude", "longitude", "ozone_du", "water_vapor_g_cm2",
    "pressure_hpa", "wind_m_s", "aot", "valid_fraction", "cloud_fraction",
)  # fmt: skip
ROW_TEXTS = (
    "version", "site", "product", "meteo_source", "cloud_method", "cloud_flag", "quicklook",
)  # fmt: skip
# Per row and band.
BAND_NUMBERS = (
    "mean", "median", "std", "count", "saturated_fraction", "view_zenith_deg", "view_azimuth_deg",
)  # fmt: skip


@dataclass(frozen=True)
class Band:
    """A spectral band: its name and its effective wavelength (nm)."""

    name: str
    wavelength_nm: float


@dataclass(frozen=True)
class Sensor:
    """An instrument on a platform ("MERIS", "S2A/MSI") with its bands by name."""

    name: str
    bands: tuple[Band, ...]

    @property
    def band_names(self) -> tuple[str, ...]:
        """The names of the bands, in their order."""
        return tuple(band.name for band in self.bands)

    @property
    def wavelengths_nm(self) -> FloatArray:
        """Effective wavelengths (b,)."""
        return np.array([band.wavelength_nm for band in self.bands])


@dataclass(frozen=True)
class Measurements:
    """TOA reflectance of one sensor over sites: n observations in b bands.

    ``time``: UTC ``datetime64[ms]`` (n,), in any order. ``ids``: the numbers of the rows in a
    database, ``UNKNOWN_ID`` where they have none (n,). ``rows``: the numbers and texts of
    ``ROW_NUMBERS`` and ``ROW_TEXTS`` (n,); ``by_band``: those of ``BAND_NUMBERS`` (n, b):
    reflectances without unit, angles in degrees (azimuths clockwise from north, of the directions
    toward the sun and toward the sensor). NaN and "" are unknown; columns that are not given are
    unknown everywhere. Raises ``ValueError`` for columns that do not exist or do not fit.
    """

    sensor: Sensor
    time: TimeArray
    rows: Mapping[str, AnyArray]
    by_band: Mapping[str, FloatArray]
    ids: AnyArray = field(default_factory=lambda: np.array([], dtype=np.int64))

    def __post_init__(self) -> None:
        count, bands = len(self.time), len(self.sensor.bands)
        rows = {key: np.full(count, np.nan) for key in ROW_NUMBERS}
        rows |= {key: np.full(count, "", dtype=object) for key in ROW_TEXTS}
        by_band = {key: np.full((count, bands), np.nan) for key in BAND_NUMBERS}
        _fill(rows, self.rows)
        _fill(by_band, self.by_band)
        object.__setattr__(self, "rows", MappingProxyType(rows))
        object.__setattr__(self, "by_band", MappingProxyType(by_band))
        if not len(self.ids):
            object.__setattr__(self, "ids", np.full(count, UNKNOWN_ID, dtype=np.int64))
        if self.ids.shape != (count,):
            raise ValueError(f"{self.ids.shape} ids for {count} rows")

    def __len__(self) -> int:
        return len(self.time)

    def __getitem__(self, key: str) -> AnyArray:
        """A column: (n,) of the rows, or (n, b) of the bands."""
        return self.rows[key] if key in self.rows else self.by_band[key]

    def select(self, rows: BoolArray | AnyArray) -> Measurements:
        """The rows of a boolean mask or an index array."""
        return dataclasses.replace(
            self,
            time=self.time[rows],
            rows={key: values[rows] for key, values in self.rows.items()},
            by_band={key: values[rows] for key, values in self.by_band.items()},
            ids=self.ids[rows],
        )

    def with_columns(self, **columns: AnyArray) -> Measurements:
        """The same measurements with other values in some columns."""
        mine = {key: columns.pop(key) for key in list(columns) if key in self.rows}
        return dataclasses.replace(
            self, rows={**self.rows, **mine}, by_band={**self.by_band, **columns}
        )


def concatenate(parts: Sequence[Measurements]) -> Measurements:
    """Measurements of one sensor, one after the other; raises ``ValueError`` for several ones."""
    first = parts[0]
    if any(part.sensor != first.sensor for part in parts):
        raise ValueError("measurements of several sensors cannot be joined")
    return Measurements(
        first.sensor,
        np.concatenate([part.time for part in parts]),
        {key: np.concatenate([part.rows[key] for part in parts]) for key in first.rows},
        {key: np.concatenate([part.by_band[key] for part in parts]) for key in first.by_band},
        np.concatenate([part.ids for part in parts]),
    )


def _fill(known: dict[str, AnyArray], given: Mapping[str, AnyArray]) -> None:
    for key, values in given.items():
        if key not in known:
            raise ValueError(f"measurements have no column {key}")
        if values.shape != known[key].shape:
            raise ValueError(f"{key} has the shape {values.shape}, not {known[key].shape}")
        known[key] = values.astype(known[key].dtype)
