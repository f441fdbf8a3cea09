# SPDX-License-Identifier: GPL-3.0-or-later
"""Which samples lie together: neighbors are alike, and a score between neighbors is too good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ...io.grids import METERS_PER_DEGREE
from ...io.tables import positions
from ...table import Table
from ...types import AnyArray, BoolArray, FloatArray
from ...wording import listed, plural
from ..classes import label_texts
from ..sample_fields import FOLD
from .sample_columns import DATES, LATITUDES, LONGITUDES, POLYGONS, first_of

BLOCK_DEGREES, BLOCK_METERS = 0.05, 5_000.0


@dataclass(frozen=True)
class Places:
    """``group`` (n,): samples of one group lie together; ``kind`` is ``fold``, ``polygon``,
    ``block`` or "" (unknown); ``what`` says it in words. ``where`` (n, 2): coordinates, NaN where
    they are not known; ``year`` (n,) texts, "" where it is not known; ``polygon`` (n,): what names
    the reference polygon, None where there is no such column.
    """

    group: npt.NDArray[np.int64]
    kind: str
    what: str
    where: FloatArray
    year: AnyArray
    polygon: AnyArray | None = None

    @property
    def count(self) -> int:
        """How many groups there are."""
        return len(np.unique(self.group))

    def select(self, rows: BoolArray) -> Places:
        """Some rows."""
        return replace(
            self, group=self.group[rows], where=self.where[rows], year=self.year[rows],
            polygon=None if self.polygon is None else self.polygon[rows],
        )  # fmt: skip


def sample_places(table: Table, block_m: float = 0.0) -> Places:
    """Groups by the column ``fold`` where there is one, else by polygon, else by square blocks of
    coordinates (0.05 degrees, or 5,000 m); with ``block_m`` (m) by blocks of that side.

    Coordinates that are no degrees are taken for meters.
    """
    polygon = first_of(table, POLYGONS)
    found = _grouped(table, block_m)
    return replace(found, polygon=polygons_of(table, polygon)) if polygon else found


def _grouped(table: Table, block_m: float) -> Places:
    where, degrees = coordinates(table)
    year = _years(table)
    fold, polygon = first_of(table, (FOLD,)), first_of(table, POLYGONS)
    if fold and not block_m:
        return Places(_codes(label_texts(table, fold)), "fold", f"the column '{fold}'", where, year)
    if polygon and not block_m:
        return Places(
            _codes(polygons_of(table, polygon)),
            "polygon",
            f"polygons (column '{polygon}')",
            where,
            year,
        )
    known = np.isfinite(where).all(axis=1)
    if not known.all():
        nowhere = np.arange(len(table), dtype=np.int64)
        return Places(nowhere, "", "unknown places", where, year)
    cells = np.floor(where / _sides(where, degrees, block_m)).astype(np.int64)
    group = np.unique(cells, axis=0, return_inverse=True)[1].ravel().astype(np.int64)
    said = f"{BLOCK_DEGREES:g}°" if degrees and not block_m else f"{block_m or BLOCK_METERS:g} m"
    return Places(group, "block", f"blocks of {said}", where, year)


def _sides(where: FloatArray, degrees: bool, block_m: float) -> FloatArray:
    """The sides of a block in units of the coordinates (2,): x, y."""
    if not degrees:
        return np.full(2, block_m or BLOCK_METERS)
    if not block_m:
        return np.full(2, BLOCK_DEGREES)
    east = METERS_PER_DEGREE * np.cos(np.radians(where[:, 1].mean()))
    return block_m / np.array([max(float(east), 1.0), METERS_PER_DEGREE])


def repeated_places(where: FloatArray) -> int:
    """How many of the coordinates ``where`` (n, 2) were there before; 0 where some are not known
    (NaN).
    """
    if not len(where) or not np.isfinite(where).all():
        return 0
    return len(where) - len(np.unique(where, axis=0))


def doubts(places: Places, index: npt.NDArray[np.int64], labels: Sequence[str]) -> list[str]:
    """Sentences on what makes scores of these samples (n,) too good or impossible."""
    notes = []
    repeated = repeated_places(places.where)
    if repeated:
        notes.append(
            f"{plural(repeated, 'repeated place')} among {len(index):,} samples: random "
            "cross-validation puts samples of one place (mostly of other dates) on both "
            "sides, and its score is too good. Read the spatial one."
        )
    if places.kind:
        alone = _alone(places.group, index, labels)
        if alone:
            notes.append(
                f"In one group of {places.what} only: {listed(alone, 5)}. Spatial cross-validation "
                "cannot find such a class: its samples count as wrong."
            )
    years = np.unique(places.year[places.year != ""])
    if len(years) > 1:
        alone = _alone(np.unique(places.year, return_inverse=True)[1].ravel(), index, labels)
        if alone:
            notes.append(
                f"In one year only: {listed(alone, 5)}. The classifier may tell the year instead "
                "of the class; neither cross-validation shows it."
            )
    return notes


def _alone(group: AnyArray, index: npt.NDArray[np.int64], labels: Sequence[str]) -> list[str]:
    return [
        label
        for place, label in enumerate(labels)
        if (index == place).sum() > 1 and len(np.unique(group[index == place])) == 1
    ]


def _codes(texts: AnyArray) -> npt.NDArray[np.int64]:
    codes: npt.NDArray[np.int64] = np.unique(texts, return_inverse=True)[1].ravel()
    return codes


def polygons_of(table: Table, column: str) -> AnyArray:
    """What names the polygon of each row (n,); a row without one stands for itself."""
    names = label_texts(table, column)
    alone = np.flatnonzero(names == "")
    names[alone] = [f"row {row + 1}" for row in alone]
    return names


def coordinates(table: Table) -> tuple[FloatArray, bool]:
    """Coordinates (n, 2), NaN where there are none, and whether they are degrees."""
    if table.geometry is not None and any(one is not None for one in table.geometry):
        longitude, latitude, _ = positions(table.geometry)
        return np.stack([longitude, latitude], axis=1), True
    for names, degrees in ((LONGITUDES, True), (("x", "easting", "xcoord"), False)):
        other = LATITUDES if degrees else ("y", "northing", "ycoord")
        one, two = first_of(table, names), first_of(table, other)
        if one and two:
            return np.stack([table.floats(one), table.floats(two)], axis=1), degrees
    return np.full((len(table), 2), np.nan), True


def _years(table: Table) -> AnyArray:
    name = first_of(table, DATES)
    if not name:
        return np.full(len(table), "", dtype=object)
    return np.array([str(one)[:4] for one in table.texts(name)], dtype=object)
