# SPDX-License-Identifier: GPL-3.0-or-later
"""Two elevation models whose heights are counted from the same level, or a sentence about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from ..errors import InputError
from ..io.dem_pairs import DemPair, open_pair
from ..io.dem_sources import file_reference
from ..io.grids import Grid
from ..io.rasters import short
from .datum import check_reference, to_reference
from .resample import Heights


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
    if not own or not other or own == other:
        return None
    try:
        for one in (own, other):
            check_reference(one)
    except InputError as error:
        raise InputError(
            f"The heights of {name} are counted from {own}, those of {other_name} from {other}, "
            f"and cannot be converted. {error}"
        ) from error

    return partial(to_reference, source=own, target=other)


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
