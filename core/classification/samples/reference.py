# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference polygons out of a table: their class, zone and outline in the CRS of the stack; what
cannot be used stays, with the reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ...errors import InputError, InsufficientDataError
from ...io.geometries import row_geometry
from ...io.grids import Grid
from ...io.reference_shapes import (
    ASSIGN_CRS,
    NO_CRS,
    in_raster_crs,
    largest_overlap,
    zone_parts,
)
from ...io.shapes import joined
from ...table import Table
from ...types import AnyArray, BoolArray
from ...wording import listed, plural
from ..classes import Classes, classes_of, label_texts

NO_CLASS, NO_ZONE, COPY = "no class", "in no zone", "exact copy of another polygon of the class"
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d|21\d\d)(?!\d)|^(1[89]\d\d|20\d\d|21\d\d)\d{4}$")


@dataclass(frozen=True)
class LeftOut:
    """A polygon that cannot be used: its id, class and zone ("": not known), and why."""

    polygon: str
    label: str
    zone: str
    reason: str


@dataclass(frozen=True)
class Reference:
    """Usable polygons (n,), ordered by zone, class and outline, whatever their order in the file:
    ``ids``, ``labels`` and ``zones`` as text, ``years`` ("" where not known), ``shapes``
    (well-known binary). ``column``: name of that of the classes.
    """

    column: str
    ids: AnyArray
    labels: AnyArray
    zones: AnyArray
    years: AnyArray
    shapes: AnyArray
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def classes(self) -> Classes:
        """The classes of all usable polygons."""
        return classes_of(self.labels)

    def select(self, rows: AnyArray) -> Reference:
        """Some polygons, by a mask or by places."""
        names = ("ids", "labels", "zones", "years", "shapes")
        some: dict[str, Any] = {name: getattr(self, name)[rows] for name in names}
        return replace(self, **some)

    def without(self, reasons: Mapping[int, str]) -> Reference:
        """Without the polygons at some places, which are left out for these reasons."""
        lost = tuple(
            LeftOut(str(self.ids[row]), str(self.labels[row]), str(self.zones[row]), reason)
            for row, reason in sorted(reasons.items())
        )
        kept = np.array([row not in reasons for row in range(len(self))], dtype=np.bool_)
        return replace(self.select(kept), left_out=self.left_out + lost)


@dataclass(frozen=True)
class ReferenceFields:
    """Names of columns: of the class, of the polygon ("": rows are counted from 1), of the year or
    date ("": none).
    """

    label: str
    polygon: str = ""
    year: str = ""


def read_reference(
    table: Table, fields: ReferenceFields, grids: Sequence[Grid], by_year: bool = False
) -> Reference:
    """The polygons (or points) of ``table`` in the CRS of ``grids``.

    Rows with one id are one polygon; ``by_year``: those of one year. Raises ``TableError`` for
    a column that is not there, ``InputError`` for labels that differ by case or blanks, or an id
    with several classes, and ``InsufficientDataError`` where no row can be used.
    """
    labels = label_texts(table, fields.label)
    ids = _ids(table, fields.polygon)
    years = np.full(len(table), "", dtype=object)
    if fields.year:
        years[:] = [_year(one) for one in table.cells(fields.year)]
    made = [in_raster_crs(shape, grids) for shape in _geometry(table)]
    shapes = np.empty(len(table), dtype=object)
    shapes[:] = [shape for shape, _ in made]
    reasons = {row: reason for row, (_, reason) in enumerate(made) if reason}
    reasons |= {int(row): NO_CLASS for row in np.flatnonzero(labels == "")}
    blank = np.full(len(table), "", dtype=object)
    every = Reference(fields.label, ids, labels, blank, years, shapes)
    usable = every.without(reasons)
    if not len(usable):
        raise InsufficientDataError(_why_none(table.name, fields.label, usable.left_out))
    classes_of(usable.labels)
    if fields.polygon:
        usable = _parts_joined(usable, table.name, by_year)
    usable = _ordered(usable)
    return usable.without(_copies(usable, by_year))


def _geometry(table: Table) -> AnyArray:
    """The outlines of the rows, or points from the columns longitude and latitude."""
    found = row_geometry(table)
    if found is None:
        raise InputError(
            f"{table.name} has neither polygons nor points nor columns 'longitude' and 'latitude': "
            "the places of the reference are not known."
        )
    return found


def _ids(table: Table, name: str) -> AnyArray:
    ids = np.empty(len(table), dtype=object)
    ids[:] = [str(row + 1) for row in range(len(table))]
    if name:
        ids = label_texts(table, name)
        empty = ids == ""
        if empty.any():
            raise InputError(
                f"{plural(int(empty.sum()), 'row')} of {table.name} have no {name}: give every "
                "polygon an id, or leave the column of ids out."
            )
    return ids


def _year(cell: Any) -> str:
    found = _YEAR.search(str(cell).removesuffix(".0"))
    return "" if found is None else found.group(1) or found.group(2)


def _why_none(name: str, column: str, left_out: Sequence[LeftOut]) -> str:
    counts = Counter(one.reason for one in left_out)
    why = ", ".join(f"{reason}: {count}" for reason, count in sorted(counts.items()))
    if NO_CRS in counts:
        return f"No row of {name} can be used ({why}). {ASSIGN_CRS}"
    return (
        f"No row of {name} can be used ({why or 'it is empty'}). Give a layer of polygons with "
        f"their class in the column '{column}'."
    )


def _parts_joined(reference: Reference, name: str, by_year: bool) -> Reference:
    """Rows with one id (``by_year``: and one year) as one polygon."""
    rows: dict[tuple[str, str], list[int]] = {}
    for row, one in enumerate(reference.ids):
        rows.setdefault((str(one), str(reference.years[row]) if by_year else ""), []).append(row)
    shapes = reference.shapes.copy()
    for (one, _), places in rows.items():
        labels = sorted(set(reference.labels[places].tolist()))
        if len(labels) > 1:
            raise InputError(
                f"The polygon {one} of {name} has several classes ({listed(labels, 3)}): its rows "
                "are parts of one polygon, and have to be of one class. Correct them, or choose "
                "another column of ids."
            )
        shapes[places[0]] = joined(sorted(reference.shapes[places].tolist()))
    first = np.array([places[0] for places in rows.values()], dtype=np.int64)
    return replace(reference, shapes=shapes).select(first)


def _ordered(reference: Reference) -> Reference:
    keys = zip(reference.zones, reference.labels, reference.shapes, reference.years, strict=True)
    named = [(*key, row) for row, key in enumerate(keys)]
    return reference.select(np.array([key[-1] for key in sorted(named)], dtype=np.int64))


def _copies(reference: Reference, by_year: bool) -> dict[int, str]:
    """The places of polygons that are another one once more (``by_year``: in the same year)."""
    years = reference.years if by_year else [""] * len(reference)
    same = zip(reference.labels, reference.shapes, years, strict=True)
    seen: set[tuple[str, bytes, str]] = set()
    copies = {}
    for row, key in enumerate(same):
        if key in seen:
            copies[row] = COPY
        seen.add(key)
    return copies


def in_zones(reference: Reference, table: Table, name: str, grids: Sequence[Grid]) -> Reference:
    """``reference`` with the zone of each polygon: that which holds the largest part of it.

    ``name``: column of ``table`` with the names of the zones; rows of one name are one zone.
    Polygons in no zone are left out. Raises ``InputError`` and ``InsufficientDataError``.
    """
    parts, unusable = zone_parts(table, name, grids)
    zones = sorted(parts)
    best, several = largest_overlap(
        reference.shapes.tolist(), [joined(parts[zone]) for zone in zones]
    )
    if (best < 0).all():
        raise InsufficientDataError(
            f"No reference polygon lies in a zone of {table.name}: give zones that cover them, or "
            "leave the zones out."
        )
    owned = np.full(len(reference), "", dtype=object)
    owned[:] = [zones[at] if at >= 0 else "" for at in best]
    lost = {int(row): NO_ZONE for row in np.flatnonzero(best < 0)}
    notes = list(reference.notes)
    if unusable:
        notes.append(f"{plural(unusable, 'row')} of {table.name} have no name or no polygon.")
    notes += _crossing(several & (best >= 0))
    return _ordered(replace(reference, zones=owned, notes=tuple(notes)).without(lost))


def _crossing(several: BoolArray) -> list[str]:
    count = int(np.count_nonzero(several))
    if not count:
        return []
    verb = "lies" if count == 1 else "lie"
    return [
        f"{plural(count, 'polygon')} {verb} in several zones: all pixels of one count in the zone "
        "that holds the largest part of it."
    ]
