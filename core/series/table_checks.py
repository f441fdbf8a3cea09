# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the values of a long table can be used: finite, reflectance, on one scale, said once."""

from __future__ import annotations

import numpy as np

from ..errors import InsufficientDataError, TableError
from ..types import AnyArray, BoolArray, FloatArray
from .long_table import LongRows
from .scales import LARGEST, ZERO, advised_factor, far_too_small, larger_scale
from .types import is_clear

FEW = 0.01  # share of values that is taken as anomalies rather than as another scale
FILLS = (-9999.0, -32768.0, -3.4028234663852886e38)  # never a reflectance on any scale
SOME_FILLS = (-99.0, -999.0, 65535.0)  # where they are no reflectance on that of the table


def check_values(long: LongRows, name: str, scale: float = 1.0) -> None:
    """Raise ``TableError`` where values are infinite, fill values, no reflectance or on two scales,
    or where an observation has two values; ``InsufficientDataError`` where there is none. ``name``
    is how the sentences call the table, ``scale`` what its numbers were multiplied by.
    """
    values = long.value
    if np.isinf(values).any():
        row = int(np.flatnonzero(np.isinf(values))[0])
        raise TableError(
            f"{name} holds infinite values, the first at {long.time[row]} in band "
            f"{long.band[row]}. Repair them, or empty the cells."
        )
    if not np.isfinite(values).any():
        raise InsufficientDataError(f"{name} holds no value: all its cells are empty.")
    clear = is_clear(long.state) & np.isfinite(values)
    _check_fills(long, clear, name, scale)
    _check_scale(long, clear, name, scale)
    _check_once(long, clear, name)


def _check_fills(long: LongRows, clear: BoolArray, name: str, scale: float) -> None:
    stored = long.value / scale
    for fill in (*FILLS, *SOME_FILLS):
        found = clear & np.isclose(stored, fill, rtol=1e-6, atol=0.0)
        found &= np.bool_(fill in FILLS) | (np.abs(long.value) > LARGEST)
        if found.any():
            raise TableError(
                f"{name} holds the fill value {fill:.6g} in {np.count_nonzero(found)} clear "
                f"{_rows(found)}, the first is {_place(long, found)}. Empty these cells, or mask "
                "the rows."
            )


def _check_scale(long: LongRows, clear: BoolArray, name: str, scale: float) -> None:
    """Raise ``TableError`` where more than a few clear values are no reflectance."""
    levels = np.where(clear, np.abs(long.value), np.nan)
    known = levels[clear & (levels > ZERO)]
    large = larger_scale(levels)
    share = np.count_nonzero(large) / max(known.size, 1)
    if FEW < share < 1.0 - FEW:
        few = large if share <= 0.5 else clear & (levels > ZERO) & ~large
        raise TableError(
            f"{name} mixes scales: {100.0 * np.count_nonzero(few) / known.size:.0f} % of its clear "
            f"values are about {np.median(levels[few]):.3g}, the others about "
            f"{np.median(levels[clear & ~few]):.3g}; the first of the fewer is "
            f"{_place(long, few)}. Bring all of it to reflectance (0 to 1) first: no one "
            "VALUE_SCALE fits both."
        )
    if known.size and np.mean(known > LARGEST) > FEW:
        factor = scale * advised_factor(known[known > LARGEST])
        raise TableError(
            f"The values of {name} (median {np.median(known):.6g}) look like "
            f"{'percent' if factor == 0.01 * scale else 'scaled integers'}, not like reflectance "
            f"(0 to 1). Give the factor to reflectance as VALUE_SCALE, for example {factor:g}."
        )
    if far_too_small(known):
        raise TableError(
            f"The values of {name} (median {np.median(known):.3g}) are far too small for "
            f"reflectance (0 to 1). Check VALUE_SCALE ({scale:g}): it is 1 where the table holds "
            "reflectance."
        )


def _check_once(long: LongRows, clear: BoolArray, name: str) -> None:
    """Raise ``TableError`` where the clear rows of one site, time and band, of the same sensor,
    orbit and product, hold different values.
    """
    rows = np.flatnonzero(clear)
    if not rows.size:
        return
    texts = (long.band, long.product, long.orbit, long.sensor, long.site)
    keys = [np.unique(c[rows].astype(str), return_inverse=True)[1] for c in texts]
    keys.append(long.time[rows].astype(np.int64))
    order = np.lexsort(keys)
    same = np.ones(max(len(rows) - 1, 0), dtype=np.bool_)
    for key in keys:
        same &= key[order][1:] == key[order][:-1]
    values: FloatArray = long.value[rows][order]
    pairs = np.flatnonzero(same & (values[1:] != values[:-1]))
    if not pairs.size:
        return
    first = pairs[np.argmin(long.row[rows][order][pairs + 1])]
    one, two = rows[order[first]], rows[order[first + 1]]
    raise TableError(
        f"{name} has two values of the same observation: site {long.site[one]}, "
        f"{long.time[one]}, band {long.band[one]} is {values[first]:.6g} in row "
        f"{int(long.row[one]) + 1} and {values[first + 1]:.6g} in row {int(long.row[two]) + 1}; "
        f"there are {pairs.size} such pairs. Remove one of each, mask it, or tell them apart by a "
        "column 'product', 'sensor' or 'orbit'."
    )


def _place(long: LongRows, found: AnyArray) -> str:
    at = int(np.argmax(found))
    return f"row {int(long.row[at]) + 1} ({long.time[at]}, band {long.band[at]})"


def _rows(found: BoolArray) -> str:
    return "rows" if np.count_nonzero(found) > 1 else "row"
