# SPDX-License-Identifier: GPL-3.0-or-later
"""From pixels that pass to sites: connected places that hold at least one whole box of the smallest
size.

An opening by that box finds them, in the form that forgives some pixels of a box (rank-max opening:
Ronse 1986, Proc. 2nd Int. Conf. on Image Processing and its Applications, 77-81): with strict
criteria at 10 m one bad pixel in a million would else refuse a good site of 20 km.

Whole grids are in memory as bits only; everything else is done strip by strip, with the result of
the whole grid.
"""

from __future__ import annotations

import numpy as np

from ...dependencies import require
from ...progress import Part, Progress, each
from ...types import BoolArray
from .bit_rows import STRIP, BitRows
from .boxes import covered_by, good_boxes
from .components import Components, Labels

_ROUNDING = 1e-4  # rounding of shares in float32


class Sites:
    """Numbered sites on a grid of ``shape``, from 1 to ``count``; ``places``: rows and columns of
    the smallest rectangle around each.
    """

    def __init__(self, areas: Components, progress: Progress) -> None:
        self._areas = areas
        self.shape, self.count = areas.shape, areas.count
        self.places = _places(areas, progress)

    def read(self, row: int, rows: int) -> Labels:
        """The numbers of up to ``rows`` rows from ``row`` on (rows, columns); 0 is none."""
        return self._areas.read(row, rows)

    def inside(self, number: int) -> BoolArray:
        """Which pixels of the place of a site belong to it."""
        rows, columns = self.places[number - 1]
        found = np.zeros((rows.stop - rows.start, columns.stop - columns.start), dtype=np.bool_)
        for row in range(rows.start, rows.stop, STRIP):
            part = self.read(row, min(STRIP, rows.stop - row))[:, columns]
            found[row - rows.start : row - rows.start + len(part)] = part == number
        return found

    def thinned(self, step: int) -> Labels:
        """The numbers of every ``step``-th pixel, from the middle of the first step on."""
        parts = []
        for row in self._areas.strips():
            first = row + (step // 2 - row) % step
            parts.append(self._areas.strip(row)[first - row :: step, step // 2 :: step].copy())
        return np.concatenate(parts)


def find_sites(
    passed: BitRows, box: tuple[int, int], tolerance: float, progress: Progress
) -> Sites:
    """The sites in ``passed``.

    A box of rows x columns belongs to a site where at most the share ``tolerance`` of its pixels do
    not pass. Of what such boxes cover the pixels that pass are the site, and holes in it that are
    not larger than what is let off. Each site is connected by sides and has at least the area of a
    box less the tolerance.
    """
    corners = good_boxes(passed, box, 1.0 - tolerance - _ROUNDING)
    found = covered_by(corners, box, passed)
    _fill_holes(found, tolerance * box[0] * box[1], Part(progress, 0.0, 0.5))
    areas = Components(found, Part(progress, 0.5, 0.8))
    areas.keep(areas.sizes >= box[0] * box[1] * (1.0 - tolerance) - 0.5)
    return Sites(areas, Part(progress, 0.8, 1.0))


def _fill_holes(found: BitRows, most: float, progress: Progress) -> None:
    """Fill, in place, holes of up to ``most`` pixels."""
    if most < 1.0:
        return
    # Holes of a strip are made of the mask of that strip alone, which may be filled right after.
    holes = Components(found, Part(progress, 0.0, 0.6), others=True, corners=True)
    small = holes.sizes <= most
    small[0] = False
    last = found.shape[0] - 1
    edges = [holes.read(0, 1), holes.read(last, 1)]
    for row in each(holes.strips(), Part(progress, 0.6, 0.8), "Looking for sites"):
        edges.append(holes.strip(row)[:, [0, -1]])
    small[np.unique(np.concatenate([one.ravel() for one in edges]))] = False
    for row in each(holes.strips(), Part(progress, 0.8, 1.0), "Looking for sites"):
        found.write(row, found.read(row, STRIP) | small[holes.strip(row)])


def _places(areas: Components, progress: Progress) -> list[tuple[slice, slice]]:
    image = require("scipy.ndimage")
    ends = np.zeros((areas.count, 4), dtype=np.int64)
    ends[:, [0, 2]] = max(areas.shape)
    for row in each(areas.strips(), progress, "Looking for sites"):
        for at, place in enumerate(image.find_objects(areas.strip(row))):
            if place is not None:
                high, wide = place
                low = (high.start + row, wide.start)
                ends[at, [0, 2]] = np.minimum(ends[at, [0, 2]], low)
                ends[at, [1, 3]] = np.maximum(ends[at, [1, 3]], (high.stop + row, wide.stop))
    return [(slice(top, bottom), slice(left, right)) for top, bottom, left, right in ends.tolist()]
