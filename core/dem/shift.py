# SPDX-License-Identifier: GPL-3.0-or-later
"""Two elevation models of the same ground, and by how much one has to be moved onto the other."""

from __future__ import annotations

from dataclasses import dataclass

from ..types import BoolArray
from .cells import Sides
from .resample import Heights


@dataclass(frozen=True)
class Tilt:
    """A plane of height differences (m per km) to be taken off besides the vertical shift: its rise
    to the east and to the north around the middle cell (``column``, ``row``) of the model.
    """

    east: float = 0.0
    north: float = 0.0


@dataclass(frozen=True)
class Step:
    """One iteration: averaged over squares of ``factor`` cells, the shift (cells) after it, and
    NMAD (m) before and after.
    """

    factor: int
    columns: float
    rows: float
    before: float
    after: float


@dataclass(frozen=True)
class Shift:
    """What has to be added to a model: ``east``, ``north`` and ``up`` in meters with their standard
    errors, ``columns`` and ``rows`` in cells (rows count southward).

    ``before`` and ``after``: NMAD (m) on the same ``count`` cells; ``median_before``: of reference
    minus model; ``notes``: sentences about how it was found.
    """

    columns: float
    rows: float
    east: float
    north: float
    up: float
    east_error: float
    north_error: float
    up_error: float
    before: float
    after: float
    median_before: float
    count: int
    tilt: Tilt = Tilt()
    steps: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two models on cells of one size: the cell (r, c) of ``reference`` lies where the cell
    (r - ``rows``, c - ``columns``) of ``model`` is; ``excluded``: cells of the reference that do
    not count.
    """

    model: Heights
    reference: Heights
    sides: Sides
    columns: float = 0.0
    rows: float = 0.0
    excluded: BoolArray | None = None
