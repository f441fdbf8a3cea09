# SPDX-License-Identifier: GPL-3.0-or-later
"""Columns of long and wide tables of observations, own or foreign ones, brought into one form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import InsufficientDataError
from ..io.tables import positions
from ..names import split_list
from ..table import Table
from ..types import AnyArray, FloatArray, TimeArray
from .types import CLEAR
from .wavelengths import wavelength_of

ORDINAL = "ordinal"
ONE_SITE = "site"


@dataclass(frozen=True)
class SeriesColumns:
    """The columns of a long table; those that a table need not have are "" or simply absent.

    ``value``: one column, or several names separated by commas for a table with a column per band
    (then ``band`` is ""). ``mask_clear``: what the mask column holds where an observation is clear,
    separated by commas; an empty cell is clear too. ``time_format``: as ``Table.times``, or
    ``ordinal`` for days since the year 1 (Python's and R's pyxccd ordinals: 735040 is 2013-06-21).
    """

    site: str = "site"
    time: str = "time"
    band: str = "band"
    value: str = "value"
    mask: str = "mask_state"
    mask_clear: str = "clear,0,false"
    wavelength: str = "wavelength_nm"
    sensor: str = "sensor"
    orbit: str = "orbit"
    product: str = "product"
    time_format: str = ""


@dataclass(frozen=True)
class LongRows:
    """One row (n,) per observation and band: columns of equal length, as ``TimeSeries`` has them;
    ``value`` in reflectance, ``state`` why the row is masked, ``row`` its place in the table.
    """

    row: AnyArray
    site: AnyArray
    time: TimeArray
    band: AnyArray
    wavelength: FloatArray
    value: FloatArray
    state: AnyArray
    sensor: AnyArray
    orbit: AnyArray
    product: AnyArray
    longitude: FloatArray
    latitude: FloatArray


def long_rows(table: Table, columns: SeriesColumns, scale: float) -> LongRows:
    """The rows of ``table`` that have a time and a site, values times ``scale``; a table with a
    column per band gets a row for each of them.

    Raises ``TableError`` for absent columns and cells that are no numbers or times,
    ``InsufficientDataError`` without any such row. ``rows_left_out`` tells of the others.
    """
    names = list(split_list(columns.value))
    times = _times(table, columns)
    site = _sites(table, columns)
    kept = np.flatnonzero(~np.isnat(times) & (site != ""))
    if not len(kept):
        which = f" and a site in '{columns.site}'" if columns.site else ""
        raise InsufficientDataError(
            f"{table.name} has no row with a time in '{columns.time}'{which}."
        )
    wide = len(names) > 1 or not columns.band
    repeat = len(names) if wide else 1
    rows = np.tile(kept, repeat)
    if wide:
        values = (
            np.concatenate([table.floats(name)[kept] for name in names]) if names else table[""]
        )
        bands = np.repeat(np.array(names, dtype=object), len(kept))
    else:
        values, bands = table.floats(columns.value)[kept], table.texts(columns.band)[kept]
    longitude, latitude = _places(table)
    sensor = table.texts(columns.sensor, "")[rows]
    wavelength = (
        table.floats(columns.wavelength, np.nan)[rows] if not wide else np.full(len(rows), np.nan)
    )
    return LongRows(
        row=rows,
        site=site[rows],
        time=times[rows],
        band=bands,
        wavelength=_known(wavelength, bands, sensor),
        value=values * scale,
        state=_states(table, columns)[rows],
        sensor=sensor,
        orbit=table.texts(columns.orbit, "")[rows],
        product=table.texts(columns.product, "")[rows],
        longitude=longitude[rows],
        latitude=latitude[rows],
    )


def rows_left_out(table: Table, columns: SeriesColumns, fate: str = "left out") -> tuple[str, ...]:
    """Sentences about the rows that ``long_rows`` leaves out, for want of a time or of a site; none
    where it takes all of them. ``fate``: what becomes of them. Raises as it does.
    """
    timeless = np.isnat(_times(table, columns))
    nameless = (_sites(table, columns) == "") & ~timeless
    cases = (("time", columns.time, timeless), ("site", columns.site, nameless))
    return tuple(
        f"{np.count_nonzero(rows)} of the {len(table)} rows of {table.name} have no {what} in "
        f"'{column}' and are {fate}, the first is row {int(np.argmax(rows)) + 1}."
        for what, column, rows in cases
        if rows.any()
    )


def _sites(table: Table, columns: SeriesColumns) -> AnyArray:
    """The site of each row (n,), "" where there is none."""
    if not columns.site:
        return np.full(len(table), ONE_SITE, dtype=object)
    names = table.texts(columns.site)
    names[[not name.strip() for name in names]] = ""
    return names


def _times(table: Table, columns: SeriesColumns) -> TimeArray:
    if columns.time_format != ORDINAL:
        return table.times(columns.time, columns.time_format)
    days = table.floats(columns.time)
    epoch = np.datetime64("0001-01-01", "ms")
    milliseconds = np.where(np.isfinite(days), (days - 1.0) * 86_400_000.0, 0.0)
    times: TimeArray = epoch + milliseconds.astype("timedelta64[ms]")
    times[~np.isfinite(days)] = np.datetime64("NaT")
    return times


def _places(table: Table) -> tuple[FloatArray, FloatArray]:
    if table.geometry is not None:
        longitude, latitude, _ = positions(table.geometry)
        return longitude, latitude
    return table.floats("longitude", np.nan), table.floats("latitude", np.nan)


def _known(wavelength: FloatArray, bands: AnyArray, sensors: AnyArray) -> FloatArray:
    """Wavelengths with those that are missing taken from what is known of band and sensor."""
    result = wavelength.copy()
    gaps = np.isnan(result)
    pairs = {(str(b), str(s)) for b, s in zip(bands[gaps], sensors[gaps], strict=True)}
    for band, sensor in pairs:
        result[gaps & (bands == band) & (sensors == sensor)] = wavelength_of(band, sensor)
    return result


def _states(table: Table, columns: SeriesColumns) -> AnyArray:
    """Why each row (n,) is masked; ``clear`` where it is not, or the table does not say;
    ``unmasked`` where it says that there was no mask.
    """
    states = np.full(len(table), CLEAR, dtype=object)
    if not columns.mask or columns.mask not in table:
        if columns.mask and columns.mask != SeriesColumns.mask:
            table[columns.mask]  # raises: this column was asked for by name
        return states
    clear = {part.lower() for part in split_list(columns.mask_clear)} | {"", CLEAR}
    for word in set(table.texts(columns.mask)):
        text = _whole(word)
        if text.lower() not in clear:
            state = "masked" if text.lower() == "true" else text
            state = f"code {text}" if text.lstrip("-").isdigit() else state
            states[table.texts(columns.mask) == word] = state
    return states


def _whole(text: str) -> str:
    """A number as its shortest text: integers of a column with empty cells come as 4.0."""
    head, _, tail = text.strip().partition(".")
    return head if tail and not tail.strip("0") and head.lstrip("-").isdigit() else text.strip()
