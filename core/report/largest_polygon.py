# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of a class lies in one polygon, as a cell of a table of classes."""

from __future__ import annotations

from ..classification.dominance import MOST, Largest
from .document import Cell
from .numbers import format_count, format_number

LARGEST_WORDS = (
    "Polygons, with the share of the samples in the largest one: more than half is marked."
)


def polygons_cell(found: Largest, at: int) -> Cell:
    """How many polygons a class has; below, the share of its samples in the largest one."""
    return largest_cell(format_count(found.polygons[at]), float(found.share[at]))


def largest_cell(text: str, share: float) -> Cell:
    """``text`` over the ``share`` (0 to 1, NaN: none) of samples in one polygon, marked where it is
    more than half.
    """
    if not share > 0.0:
        return Cell(text)
    return Cell(text, f"{format_number(100.0 * share, 0)} %", "caution" if share > MOST else "")
