# SPDX-License-Identifier: GPL-3.0-or-later
"""Which columns of a foreign table hold what a table of time series needs: a guess that a user can
correct.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import TableError
from ..table import Table
from .indices import INDICES
from .long_table import ORDINAL, SeriesColumns
from .scales import LARGEST
from .wavelengths import wavelength_of

# Names that foreign tables use, English and French, in the order of preference.
SITES = ("site", "site_name", "station", "name", "location", "parcel", "plot", "field", "pixel",
         "point", "nom", "lieu", "parcelle", "site_id", "id", "fid")  # fmt: skip
TIMES = ("time", "datetime", "timestamp", "date", "dates", "acquisition_date", "acquired",
         "date_utc", "time_utc", "day", "jour", "temps", "heure")  # fmt: skip
BANDS = ("band", "band_name", "bandname", "variable", "channel", "bande", "canal")
VALUES = ("value", "reflectance", "sr", "rho", "surface_reflectance", "mean", "median", "valeur",
          "reflectance_mean", "val")  # fmt: skip
MASKS = ("mask_state", "mask", "cfmask", "fmask", "qa", "qa60", "scl", "clm", "cloud", "clouds",
         "cloud_mask", "quality", "flag", "masque", "nuage", "qa_pixel")  # fmt: skip
FORMATS = ("", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y", "%Y%m%d", "%Y%j")
ORDINALS = (693_000, 767_000)  # days since the year 1: 1898 to 2100
MOST_ROWS = 2_000  # that are looked at
INTEGERS = 0.0001  # the scale of reflectance times 10 000


@dataclass(frozen=True)
class Reading:
    """How a table is read: its ``columns`` and the factor ``scale`` from its values to
    reflectance.
    """

    columns: SeriesColumns = SeriesColumns()
    scale: float = 1.0


def is_own(names: Iterable[str]) -> bool:
    """Whether a table has the columns that this project writes."""
    own = SeriesColumns()
    return {own.site, own.time, own.band, own.value} <= set(names)


def guess_reading(table: Table) -> Reading | None:
    """How ``table`` may be read: columns by their names, or else by what they hold, the format of
    the times, which values of the mask are clear, and the scale. None where no column can hold the
    times or none the values.
    """
    part = table.select(np.arange(min(len(table), MOST_ROWS)))
    time, time_format = _time(part)
    band = _named(part.columns, BANDS)
    value = _value(part, band, taken={time})
    if not time or not value:
        return None
    mask = _named(part.columns, MASKS)
    columns = SeriesColumns(
        site=_named(part.columns, SITES),
        time=time,
        band=band if "," not in value else "",
        value=value,
        mask=mask,
        mask_clear=_clear_values(part, mask),
        time_format=time_format,
    )
    return Reading(columns, _scale(part, value))


def guess_by_names(names: Sequence[str]) -> bool:
    """Whether the ``names`` of its columns alone say that a table may hold time series."""
    value = _named(names, VALUES) or any(_is_band(name) for name in names)
    return bool(value) and bool(_named(names, TIMES))


def _named(names: Iterable[str], known: Sequence[str]) -> str:
    """The column with the most preferred of the ``known`` names, "" for none."""
    lower: dict[str, str] = {}
    for name in names:
        lower.setdefault(name.strip().lower(), name)
    return next((lower[one] for one in known if one in lower), "")


def _time(table: Table) -> tuple[str, str]:
    """The column of the times and their format."""
    first = _named(table.columns, TIMES)
    for name in [*([first] if first else []), *(one for one in table.columns if one != first)]:
        found = _time_format(table, name, trusted=name == first)
        if found is not None:
            return name, found
    return "", ""


def _time_format(table: Table, name: str, trusted: bool) -> str | None:
    values = table[name]
    if values.dtype.kind == "M":
        return ""
    if values.dtype.kind in "fiu":
        if not trusted:  # a number may be anything
            return None
        numbers = values[np.isfinite(values.astype(np.float64))]
        if len(numbers) and ORDINALS[0] <= numbers.min() and numbers.max() <= ORDINALS[1]:
            return ORDINAL
        texts = np.array([f"{one:.0f}" for one in numbers], dtype=object)
        return _parsing(Table({name: texts}, table.name), name, ("%Y%m%d", "%Y%j"))
    return _parsing(table, name, FORMATS)


def _parsing(table: Table, name: str, formats: Sequence[str]) -> str | None:
    """The first format that all cells have."""
    for one in formats:
        try:
            times = table.times(name, one)
        except TableError:
            continue
        if len(times) and not np.isnat(times).all():
            return one
    return None


def _value(table: Table, band: str, taken: set[str]) -> str:
    """The column of the values, or those of the bands separated by commas."""
    if not band:
        bands = [one for one in table.columns if _is_band(one) and _is_number(table, one)]
        if bands:
            return ",".join(bands)
    named = _named([one for one in table.columns if one not in taken], VALUES)
    if named and _is_number(table, named):
        return named
    return ""


def _is_band(name: str) -> bool:
    bare = re.sub(r"^(SR|SRE|FRE|ENV)_", "", name.strip().upper())
    if re.fullmatch(r"B(AND)?_?\d{1,2}A?", bare) or bare in INDICES:
        return True
    return math.isfinite(wavelength_of(bare))


def _is_number(table: Table, name: str) -> bool:
    try:
        return bool(np.isfinite(table.floats(name)).any())
    except TableError:
        return False


def _scale(table: Table, value: str) -> float:
    values = np.concatenate([np.abs(table.floats(one)) for one in value.split(",")])
    values = values[np.isfinite(values)]
    return INTEGERS if len(values) and float(np.median(values)) > LARGEST else 1.0


def _clear_values(table: Table, mask: str) -> str:
    """Which values of the mask are clear, by its name and its values."""
    standard = SeriesColumns().mask_clear
    if not mask or not _is_number(table, mask):
        return standard
    found = set(np.unique(table.floats(mask)[np.isfinite(table.floats(mask))]).tolist())
    if mask.lower() == "scl":
        return "4,5,6"  # vegetation, bare soil, water
    if 4.0 in found and found <= {0.0, 1.0, 2.0, 3.0, 4.0, 255.0}:
        return "0,1"  # CFMask: clear land and water
    return standard
