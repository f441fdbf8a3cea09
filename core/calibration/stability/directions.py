# SPDX-License-Identifier: GPL-3.0-or-later
"""The directions of sun and view of each date: out of a table, of the products, or of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...errors import ProductError, TableError
from ...io.grids import Grid
from ...io.products.angle_grids import direction_of
from ...io.products.scene_details import read_details
from ...io.rasters import Rasters
from ...progress import Progress, Silent, each
from ...table import Table
from ...types import FloatArray, Product, TimeArray
from ..geometry import relative_azimuth_deg

# Names of the columns of a table of angles, the first one first.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "time", "datetime", "acquisition_time"),
    "sza": ("sza", "sun_zenith_deg", "solar_zenith", "sun_zenith"),
    "saa": ("saa", "sun_azimuth_deg", "solar_azimuth", "sun_azimuth"),
    "vza": ("vza", "view_zenith_deg", "sensor_zenith", "view_zenith"),
    "vaa": ("vaa", "view_azimuth_deg", "sensor_azimuth", "view_azimuth"),
}
_FIELDS = ("sun_zenith_deg", "sun_azimuth_deg", "view_zenith_deg", "view_azimuth_deg")
_MOST_ZENITH = 89.0


def date_angles(
    products: Sequence[Product],
    grid: Grid,
    table: Table | None = None,
    progress: Progress | None = None,
) -> FloatArray:
    """Sun zenith, view zenith and relative azimuth (n, 3) in degrees of each date, NaN where one of
    them is not known; of the middle of ``grid`` where a product says it by place.

    Rows of ``table`` (``angles_from_table``) go before what a product states. Raises ``TableError``
    for a table that is none.
    """
    times = np.array([one.time for one in products], dtype="datetime64[ms]")
    found = np.full((len(products), 4), np.nan)
    if table is not None:
        found = angles_from_table(table, times)
    unknown = [at for at in range(len(products)) if not np.isfinite(found[at]).all()]
    with Rasters() as rasters:
        for at in each(unknown, progress or Silent(), "Reading angles"):
            found[at] = _stated(products[at], grid, rasters)
    azimuth = relative_azimuth_deg(found[:, 1], found[:, 3])
    return np.stack([found[:, 0], found[:, 2], azimuth], axis=1)


def angles_from_table(table: Table, times: TimeArray) -> FloatArray:
    """Sun zenith, sun azimuth, view zenith and view azimuth (n, 4) in degrees at ``times`` (n,).

    ``table`` has a row per date with the columns of ``COLUMNS``; a row is for the images of its
    day, of several the nearest one in time. NaN for dates without a row. Raises ``TableError`` for
    a table without the columns, or with angles that cannot be.
    """
    named = {key: _column(table, key) for key in COLUMNS}
    moments = table.times(named["date"])
    angles = np.stack([table.floats(named[key]) for key in ("sza", "saa", "vza", "vaa")], axis=1)
    _check(table, angles)
    days, found = moments.astype("datetime64[D]"), np.full((len(times), 4), np.nan)
    for at, time in enumerate(times):
        rows = np.flatnonzero(days == time.astype("datetime64[D]"))
        if len(rows):
            found[at] = angles[rows[int(np.abs(moments[rows] - time).argmin())]]
    return found


def _column(table: Table, key: str) -> str:
    names = {name.lower(): name for name in table.columns}
    for name in COLUMNS[key]:
        if name in names:
            return names[name]
    raise TableError(
        f"{table.name} has no column '{key}': a table of angles needs the columns date, sza, saa, "
        "vza and vaa (degrees; zenith and azimuth of sun and view). There are: "
        f"{', '.join(table.columns) or '(none)'}."
    )


def _check(table: Table, angles: FloatArray) -> None:
    for name, column in (("sza", 0), ("vza", 2)):
        odd = np.flatnonzero((angles[:, column] < 0.0) | (angles[:, column] > _MOST_ZENITH))
        if len(odd):
            raise TableError(
                f"Row {odd[0] + 1} of {table.name} has {name} {angles[odd[0], column]:g}: zenith "
                f"angles are 0 to {_MOST_ZENITH:g} degrees. Correct the row."
            )


def _stated(product: Product, grid: Grid, rasters: Rasters) -> FloatArray:
    """The four angles that a product states, NaN where it does not."""
    values = [getattr(product, name) for name in _FIELDS]
    if None not in values:
        return np.array(values, dtype=np.float64)
    # Landsat states them by place, in its file of angle coefficients.
    if product.reader == "landsat":
        try:
            geometry = read_details(product, rasters).geometry
        except ProductError:
            geometry = None
        band = next((name for name in product.bands if geometry and name in geometry.bands), None)
        if geometry is not None and band is not None:
            left, bottom, right, top = grid.bounds()
            middle = np.array([(left + right) / 2.0]), np.array([(bottom + top) / 2.0])
            satellite, sun = geometry.vectors(band, *middle, grid.wkt)
            (sun_zenith, sun_azimuth), (zenith, azimuth) = map(
                lambda vector: direction_of(*vector), (sun, satellite)
            )
            return np.array([sun_zenith, sun_azimuth, zenith, azimuth])
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
