# SPDX-License-Identifier: GPL-3.0-or-later
"""Two elevation models whose heights are counted from the same level, or a sentence about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from ..errors import InputError
from ..io.dem_pairs import DemPair, open_pair
from ..io.dem_sources import file_reference
from ..io.geoid_grids import find_grid
from ..io.grids import Grid
from ..io.rasters import short
from ..io.vertical_crs import ELLIPSOID, MODELS, named
from .datum import check_reference, to_reference
from .resample import Heights

_MANY, _FAR_M = 0.002, 30.0  # share of the cells of one height, and how far the next one is
_JUDGES = 200_000  # cells that are looked at


def open_alike(model: str, reference: str, masks: Sequence[str] = ()) -> DemPair:
    """The pair of both files (see ``open_pair``), the heights of the model counted from what those
    of the reference are counted from.

    They are converted where both files state their vertical reference and the two differ; where one
    states none, nothing is, and a note says so. Raises ``InputError`` where a grid that the
    conversion needs is missing, and as ``open_pair``.
    """
    own, other = file_reference(model), file_reference(reference)
    names = short(model), short(reference)
    convert = conversion(own, other, *names)
    pair = open_pair(model, reference, masks)
    heights = zip((pair.model, pair.reference), names, strict=True)
    told = tuple(one for one in (_far_constant(*both) for both in heights) if one)
    pair = replace(pair, notes=(*pair.notes, *told))
    if convert is not None:
        note = (
            f"The heights of {names[0]} are counted from {own}, those of {names[1]} from {other}: "
            f"the model was converted to {other}."
        )
        height = convert(pair.model, pair.model_grid)
        return replace(
            pair, model=height, vertical=(own, other), notes=(*pair.notes, note)
        )  # fmt: skip
    note = _silence(own, other, *names)
    return replace(pair, vertical=(own, other), notes=(*pair.notes, *([note] if note else [])))


def conversion(
    own: str, other: str, name: str, other_name: str
) -> Callable[[Heights, Grid], Heights] | None:
    """What turns heights (rows, columns) on a grid counted from ``own`` into such from ``other``;
    None where they are one, or one is unknown. Raises ``InputError`` where it cannot be done.
    """
    if not own or not other or named(own) == named(other):
        return None
    both = f"The heights of {name} are counted from {own}, those of {other_name} from {other}, "
    for one in (own, other):
        if named(one) not in (ELLIPSOID, *MODELS) and not find_grid((one,)):
            raise InputError(
                f"{both}and cannot be converted: {one} is neither ellipsoid, EGM96, EGM2008 nor a "
                "grid of PROJ. Bring one model to the reference of the other before: "
                "buildreferencedem takes the path of a grid in DEM_REFERENCES."
            )
    try:
        for one in (own, other):
            check_reference(one)
    except InputError as error:
        raise InputError(f"{both}and cannot be converted. {error}") from error

    return partial(to_reference, source=own, target=other)


def _far_constant(height: Heights, name: str) -> str:
    """The sentence about many cells of one height far from all others: it may stand for none."""
    known = height[np.isfinite(height)]
    few = known[:: max(1, known.size // _JUDGES)]
    values, counts = np.unique(few, return_counts=True)
    if len(values) < 2:
        return ""
    value, share = values[counts.argmax()], counts.max() / few.size
    away = float(np.partition(np.abs(values - value), 1)[1])
    if share < _MANY or away < _FAR_M:
        return ""
    return (
        f"{100.0 * share:.2g} % of the cells of {name} are {value:g} m high, {away:.0f} m away "
        "from all others. Where that stands for a missing height, declare it (gdal_edit -a_nodata "
        f"{value:g}): it was taken for a height."
    )


def _silence(own: str, other: str, name: str, other_name: str) -> str:
    """The sentence where only one of two files says what its heights are counted from."""
    if bool(own) == bool(other):
        return ""
    if not own:
        name, other_name = other_name, name
    return (
        f"The heights of {name} are counted from {own or other}; {other_name} does not say what "
        "its own are counted from. They were taken as alike: if they are not, the undulation of "
        "the geoid (up to 107 m) is in the differences. Write the vertical reference into its CRS "
        "(gdal_edit -a_srs)."
    )
