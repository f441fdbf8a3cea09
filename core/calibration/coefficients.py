# SPDX-License-Identifier: GPL-3.0-or-later
"""Coefficients A_k as they are looked at: one row per pair of observations, band and method, out of
the results of a calibration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..database.schema import ACCEPTED
from ..errors import TableError
from ..io.geometries import positions
from ..table import Table
from ..types import AnyArray, BoolArray, FloatArray, TimeArray
from .types import UNKNOWN_ID

NEEDED = ("site", "time", "band", "a_k", "status")
_NUMBERS = ("wavelength_nm", "measured", "simulated", "days", "sun_zenith_deg", "d_sun_zenith_deg",
            "d_view_zenith_deg", "d_relative_azimuth_deg", "distance_deg",
            "reciprocal")  # fmt: skip
_TEXTS = ("method", "reason", "product", "reference_product")
_IDS = ("target_id", "reference_id")
BY_HAND = "by hand: "  # how a reason begins that a person gave


@dataclass(frozen=True)
class Coefficients:
    """Coefficients (n rows).

    ``sensor``: the one that is calibrated, "" where nothing says it; ``time``: UTC of the target's
    observation; ``status`` and ``reason`` as the table has them; ``numbers``, ``texts``, ``ids``:
    the other columns of ``cross_tables.results_table``, unknown (NaN, "", -1) where the table does
    not have them; ``longitude``, ``latitude``: of the site, NaN where unknown.
    """

    site: AnyArray
    sensor: AnyArray
    time: TimeArray
    band: AnyArray
    a_k: FloatArray
    status: AnyArray
    reference_time: TimeArray
    longitude: FloatArray
    latitude: FloatArray
    numbers: Mapping[str, FloatArray]
    texts: Mapping[str, AnyArray]
    ids: Mapping[str, AnyArray]

    def __len__(self) -> int:
        return len(self.a_k)

    def __getitem__(self, key: str) -> AnyArray:
        """A column of ``numbers``, ``texts`` or ``ids`` (n,)."""
        for group in (self.numbers, self.texts, self.ids):
            if key in group:
                return group[key]
        raise KeyError(key)

    @cached_property
    def accepted(self) -> BoolArray:
        """Whether the table counts each row (n,)."""
        return np.asarray((self.status == ACCEPTED) & np.isfinite(self.a_k))

    @cached_property
    def refusal(self) -> AnyArray:
        """Why the table does not count each row (n,), "" where it does."""
        said = np.where(self["reason"] == "", "rejected", self["reason"])
        return np.where(self.accepted, "", said).astype(object)

    @cached_property
    def groups(self) -> AnyArray:
        """A number for each sensor, method and band (n,): outliers are found among equals."""
        found = np.zeros(len(self), dtype=np.int64)
        for values in (self.sensor, self["method"], self.band):
            names, codes = np.unique(values.astype(str), return_inverse=True)
            found = found * len(names) + codes
        return found

    @cached_property
    def by_hand(self) -> BoolArray:
        """Whether a person has judged each row (n,)."""
        return is_by_hand(self["reason"])

    @cached_property
    def bands(self) -> tuple[str, ...]:
        """The bands in the order of their wavelengths, those without one by their names."""
        names, first = np.unique(self.band.astype(str), return_index=True)
        nm = self["wavelength_nm"][first]
        order = np.lexsort((names, np.where(np.isfinite(nm), nm, np.inf)))
        return tuple(str(names[place]) for place in order)

    @cached_property
    def _distinct(self) -> dict[str, tuple[str, ...]]:
        return {}

    def distinct(self, key: str) -> tuple[str, ...]:
        """The values of ``site``, ``sensor`` or a text, sorted."""
        if key not in self._distinct:
            values = getattr(self, key) if key in ("site", "sensor") else self[key]
            found = tuple(str(one) for one in np.unique(values.astype(str)))
            self._distinct[key] = found
        return self._distinct[key]

    @cached_property
    def _of_band(self) -> dict[str, BoolArray]:
        return {}

    def of_band(self, band: str) -> BoolArray:
        """Which rows are of the ``band`` (n,); not to be written into."""
        if band not in self._of_band:
            self._of_band[band] = np.asarray(self.band == band)
        return self._of_band[band]

    def in_bands(self, bands: Sequence[str]) -> BoolArray:
        """Which rows are of one of the ``bands`` (n,)."""
        found = np.zeros(len(self), dtype=np.bool_)
        for band in bands:
            found |= self.of_band(band)
        return found

    def wavelength_nm(self, band: str) -> float:
        """The effective wavelength of a band, NaN where unknown."""
        known = np.flatnonzero(self.of_band(band) & np.isfinite(self["wavelength_nm"]))
        return float(self["wavelength_nm"][known[0]]) if len(known) else float("nan")

    def judged(self, rows: AnyArray, status: AnyArray, reason: AnyArray) -> Coefficients:
        """The same with another ``status`` and ``reason`` (r,) in the ``rows`` (r,)."""
        statuses, reasons = self.status.copy(), self["reason"].copy()
        statuses[rows], reasons[rows] = status, reason
        return replace(self, status=statuses, texts={**self.texts, "reason": reasons})


def is_by_hand(reason: AnyArray) -> BoolArray:
    """Whether each reason (n,) was given by a person."""
    return np.array([str(one).startswith(BY_HAND) for one in reason], dtype=np.bool_)


def coefficients_from_table(table: Table, sensor: str = "") -> Coefficients:
    """The rows of a table of coefficients; ``sensor``: where no column ``sensor`` says it.

    Raises ``TableError`` where it has no such columns, or no rows.
    """
    missing = [key for key in NEEDED if key not in table]
    if missing:
        raise TableError(
            f"{table.name} is no table of calibration coefficients: it has no column "
            f"'{missing[0]}'. Open the output 'Coefficients' of 'Calibrate over deserts' or "
            "'Calibrate over Antarctic sites', or a calibration database."
        )
    if not len(table):
        raise TableError(f"{table.name} has no rows: there is no coefficient to show.")
    count = len(table)
    nothing = np.full(count, np.datetime64("NaT", "ms"))
    longitude, latitude = _places(table)
    return Coefficients(
        site=table.texts("site"),
        sensor=table.texts("sensor", sensor),
        time=table.times("time").astype("datetime64[ms]"),
        band=table.texts("band"),
        a_k=table.floats("a_k"),
        status=table.texts("status"),
        reference_time=(
            table.times("reference_time").astype("datetime64[ms]")
            if "reference_time" in table else nothing
        ),
        longitude=longitude,
        latitude=latitude,
        numbers={key: table.floats(key, np.nan) for key in _NUMBERS},
        texts={key: table.texts(key, "") for key in _TEXTS},
        ids={key: _ids(table.floats(key, UNKNOWN_ID)) for key in _IDS},
    )  # fmt: skip


def _places(table: Table) -> tuple[FloatArray, FloatArray]:
    if table.geometry is not None:
        longitude, latitude, _ = positions(table.geometry)
        return longitude, latitude
    return table.floats("longitude", np.nan), table.floats("latitude", np.nan)


def _ids(values: FloatArray) -> AnyArray:
    return np.where(np.isfinite(values), values, UNKNOWN_ID).astype(np.int64)


def export_columns(rows: Coefficients) -> dict[str, AnyArray]:
    """All columns under the names of ``cross_tables.results_table``, for a file."""
    return {
        "site": rows.site, "sensor": rows.sensor, "time": rows.time, "band": rows.band,
        "a_k": rows.a_k, "status": rows.status, "reference_time": rows.reference_time,
        **rows.numbers, **rows.texts, **rows.ids,
        "longitude": rows.longitude, "latitude": rows.latitude,
    }  # fmt: skip


def same_pair(rows: Coefficients, row: int) -> AnyArray:
    """The rows of all bands and methods of the pair that ``row`` is of."""
    one = (
        (rows.site == rows.site[row]) & (rows.sensor == rows.sensor[row])
        & (rows.time == rows.time[row]) & (rows["product"] == rows["product"][row])
        & (rows["reference_product"] == rows["reference_product"][row])
    )  # fmt: skip
    other = rows.reference_time == rows.reference_time[row]
    if not np.isnat(rows.reference_time[row]):
        one &= other
    return np.flatnonzero(one)
