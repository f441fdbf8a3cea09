# SPDX-License-Identifier: GPL-3.0-or-later
"""The long table (one row per site, time and band) as time series, and back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import InsufficientDataError
from ..io.tables import points
from ..table import Table
from ..types import AnyArray, FloatArray
from .long_table import LongRows, SeriesColumns, long_rows
from .table_checks import check_values
from .types import CLEAR, UNMASKED, TimeSeries, is_clear


def series_from_table(
    table: Table, columns: SeriesColumns | None = None, value_scale: float = 1.0
) -> list[TimeSeries]:
    """The series of each site in order of their names, sorted by time, bands by wavelength.

    ``value_scale`` turns the values into reflectance (0.0001 for integers of 10 000). A row without
    a time or a site is left out (see ``rows_left_out``). Values of one site, time, product, sensor
    and orbit are one observation; a band that occurs twice in it makes a second one of the same
    time, its product tagged ``#2``. An observation is masked where any of its bands is, with the
    word of the table (numbers as ``code 4``).

    Raises ``TableError`` for an absent column, values that are no numbers, infinite, fill values,
    no reflectance, on two scales, or two different ones of the same observation;
    ``InsufficientDataError`` where no value or none clear is there.
    """
    return [series for series, _ in placed_series(table, columns, value_scale)]


def placed_series(
    table: Table, columns: SeriesColumns | None = None, value_scale: float = 1.0
) -> list[tuple[TimeSeries, AnyArray]]:
    """As ``series_from_table``, with the row of the table (n, k) that each value came from; -1
    where an observation has no row for a band.
    """
    columns = columns or SeriesColumns()
    long = long_rows(table, columns, value_scale)
    check_values(long, table.name, value_scale)
    names = np.unique(long.site.astype(str)).tolist()
    found = [_series(long, name) for name in names]
    if not any(one.clear.any() for one, _ in found):
        raise InsufficientDataError(
            f"All observations of {table.name} are masked. Check column '{columns.mask}' and which "
            f"of its values mean clear ('{columns.mask_clear}')."
        )
    return found


def table_from_series(series: Sequence[TimeSeries], name: str = "time series") -> Table:
    """The long table of ``series``, one point per row; bands that an observation lacks have no row,
    but an observation without any value keeps all of them, empty.

    Its columns are those of the extraction but for ``std`` and ``valid_fraction``.
    """
    parts = [_rows(one) for one in series]
    keys = (
        "site",
        "time",
        "band",
        "wavelength_nm",
        "value",
        "mask_state",
        "sensor",
        "orbit",
        "product",
    )
    columns = {key: np.concatenate([part[key] for part in parts]) for key in keys} if parts else {}
    if not parts:
        raise InsufficientDataError("There is no time series to be written.")
    longitude = np.concatenate(
        [np.full(len(p["site"]), s.longitude) for p, s in zip(parts, series, strict=True)]
    )
    latitude = np.concatenate(
        [np.full(len(p["site"]), s.latitude) for p, s in zip(parts, series, strict=True)]
    )
    return Table(columns, name, points(longitude, latitude))


def _series(long: LongRows, name: str) -> tuple[TimeSeries, AnyArray]:
    rows = np.flatnonzero(long.site.astype(str) == name)
    bands, wavelengths, column = _bands(long, rows)
    order, first = _observations(long, rows, column)
    count = len(first)
    values = np.full((count, len(bands)), np.nan)
    values[order, column] = long.value[rows]
    places = np.full(values.shape, -1, dtype=np.int64)
    places[order, column] = long.row[rows]
    states = np.full(count, CLEAR, dtype=object)
    states[order[long.state[rows] == UNMASKED]] = UNMASKED
    masked = ~is_clear(long.state[rows])
    # Backwards, so that of several reasons the first one stays.
    states[order[masked][::-1]] = long.state[rows][masked][::-1]
    own = rows[first]
    place = np.isfinite(long.longitude[rows]) & np.isfinite(long.latitude[rows])
    at = rows[np.flatnonzero(place)[-1]] if place.any() else rows[0]
    series = TimeSeries(
        site=name,
        times=long.time[own],
        bands=bands,
        wavelengths_nm=wavelengths,
        values=values,
        mask_state=states,
        sensor=long.sensor[own],
        orbit=long.orbit[own],
        product=_tagged(long, rows, order, column, first),
        longitude=float(long.longitude[at]),
        latitude=float(long.latitude[at]),
    )
    return series, places


def _bands(long: LongRows, rows: AnyArray) -> tuple[tuple[str, ...], FloatArray, AnyArray]:
    """Names and wavelengths of the bands of a site, by wavelength, and the band of each row."""
    names, inverse = np.unique(long.band[rows].astype(str), return_inverse=True)
    waves = np.full(len(names), np.nan)
    known = np.isfinite(long.wavelength[rows])
    for index in range(len(names)):
        own = long.wavelength[rows][known & (inverse == index)]
        waves[index] = float(np.median(own)) if own.size else np.nan
    rank = np.lexsort((np.arange(len(names)), waves))
    place = np.empty(len(names), dtype=np.int64)
    place[rank] = np.arange(len(names))
    return tuple(str(names[index]) for index in rank), waves[rank], place[inverse]


def _keys(long: LongRows, rows: AnyArray) -> list[AnyArray]:
    """What an observation is known by, as numbers: time, sensor, orbit, product."""
    texts = [
        np.unique(c[rows].astype(str), return_inverse=True)[1]
        for c in (long.product, long.orbit, long.sensor)
    ]
    return [*texts, long.time[rows].astype(np.int64)]


def _occurrence(groups: AnyArray, column: AnyArray) -> AnyArray:
    """How often (n,) the band of a row has come before in the same observation."""
    order = np.lexsort((np.arange(len(column)), column, groups))
    g, c = groups[order], column[order]
    new = np.r_[True, (g[1:] != g[:-1]) | (c[1:] != c[:-1])]
    starts = np.maximum.accumulate(np.where(new, np.arange(len(g)), 0))
    result = np.empty(len(column), dtype=np.int64)
    result[order] = np.arange(len(g)) - starts
    return result


def _numbered(keys: list[AnyArray]) -> AnyArray:
    """Numbers (n,) of equal combinations of ``keys``, in their order (the last key first)."""
    order = np.lexsort(keys)
    change = np.zeros(len(order), dtype=np.bool_)
    for key in keys:
        change[1:] |= key[order][1:] != key[order][:-1]
    result = np.empty(len(order), dtype=np.int64)
    result[order] = np.cumsum(change)
    return result


def _observations(long: LongRows, rows: AnyArray, column: AnyArray) -> tuple[AnyArray, AnyArray]:
    """The observation of each row, numbered by time, and a row of each observation."""
    keys = _keys(long, rows)
    again = _occurrence(_numbered(keys), column)
    order = _numbered([again, *keys])
    return order, np.unique(order, return_index=True)[1]


def _tagged(
    long: LongRows, rows: AnyArray, order: AnyArray, column: AnyArray, first: AnyArray
) -> AnyArray:
    """Products of the observations, repeated ones with a number."""
    again = _occurrence(_numbered(_keys(long, rows)), column)[first]
    names = long.product[rows][first].copy()
    for index in np.flatnonzero(again):
        names[index] = f"{names[index]}#{again[index] + 1}"
    return names


def row_places(series: TimeSeries) -> tuple[AnyArray, AnyArray]:
    """Date and band (r,) of each row that ``table_from_series`` makes of ``series``."""
    there = np.isfinite(series.values)
    # An observation without any value stays, with its reason.
    there |= ~there.any(axis=1, keepdims=True)
    at, band = np.nonzero(there)
    return at, band


def _rows(series: TimeSeries) -> dict[str, AnyArray]:
    at, band = row_places(series)
    names = np.array(series.bands, dtype=object)
    return {
        "site": np.full(len(at), series.site, dtype=object),
        "time": series.times[at],
        "band": names[band],
        "wavelength_nm": series.wavelengths_nm[band],
        "value": series.values[at, band].astype(np.float64),
        "mask_state": series.mask_state[at],
        "sensor": series.sensor[at],
        "orbit": series.orbit[at],
        "product": series.product[at],
    }
