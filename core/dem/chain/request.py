# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of a stereo run, and what is planned of it before anything is matched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, floor, isfinite

import numpy as np

from ...errors import InputError
from ...io.grids import Grid, same_crs
from ...io.stereo_images import StereoImage
from ...io.vertical_crs import ELLIPSOID
from ...types import FloatArray
from ..matching.match import MATCHERS
from ..placing import exact_cells, exact_places
from ..pointing import Pointing
from ..rpc import RpcModel

FILLS = ("none", "small_voids")
LARGEST_VOID = 64  # cells
_NODES = 9  # along each side of an extent
_ROUNDING = 1e-6  # cells
Region = tuple[int, int, int, int]  # column, row, columns, rows of the first image


@dataclass(frozen=True)
class Extent:
    """A box ``bounds`` (left, bottom, right, top) in units of the CRS ``wkt``."""

    bounds: tuple[float, float, float, float]
    wkt: str

    def __str__(self) -> str:
        """The box, and the CRS that its numbers were read in."""
        left, bottom, right, top = (f"{one:.10g}" for one in self.bounds)
        name = self._grid().reference().GetName()
        return f"The extent {left},{right},{bottom},{top} (read in {name})"

    def places(self, nodes: int = _NODES) -> tuple[FloatArray, FloatArray]:
        """Longitudes and latitudes (n,; degrees, WGS 84) of a lattice over the box."""
        return exact_places(self._grid(), *self._lattice(nodes))

    def cells(self, lattice: Grid) -> tuple[int, int, int, int]:
        """First column and row, and those past the last, of the cells of ``lattice`` that touch the
        box.
        """
        if same_crs(self.wkt, lattice.wkt):
            left, width, _, top, _, height = lattice.geotransform
            column = (np.array(self.bounds[::2]) - left) / width
            row = (np.array(self.bounds[:0:-2]) - top) / height
        else:
            column, row = (one + 0.5 for one in exact_cells(lattice, *self.places()))
        low = floor(column.min() + _ROUNDING), floor(row.min() + _ROUNDING)
        return *low, ceil(column.max() - _ROUNDING), ceil(row.max() - _ROUNDING)

    def _grid(self) -> Grid:
        return Grid(self.wkt, (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 1, 1)

    def _lattice(self, nodes: int) -> tuple[FloatArray, FloatArray]:
        left, bottom, right, top = self.bounds
        x, y = np.meshgrid(np.linspace(left, right, nodes), np.linspace(bottom, top, nodes))
        return x.ravel() - 0.5, -y.ravel() - 0.5


@dataclass(frozen=True)
class StereoRequest:
    """``images``: two or more files; ``extent`` or ``region``: what part, all where both are None;
    ``resolution`` (m; None: the size of a pixel on the ground); ``heights``: lowest and highest (m
    above the ellipsoid), each None where it is to be found; ``prior``: an elevation model that
    bounds the search instead; ``reference``: one that the result is tied to, its heights counted
    from ``reference_vertical`` (nothing: from what it states, else from ``vertical``, as those of
    the result are); ``largest_void``: cells of voids that are filled, 0 for none.
    """

    images: Sequence[str]
    extent: Extent | None = None
    region: Region | None = None
    resolution: float | None = None
    heights: tuple[float | None, float | None] = (None, None)
    prior: str = ""
    matcher: str = MATCHERS[0]
    reference: str = ""
    reference_vertical: str = ""
    vertical: str = ELLIPSOID
    largest_void: int = 0

    def __post_init__(self) -> None:
        """Raise ``InputError`` where the values do not go together."""
        if len(self.images) < 2:
            raise InputError(
                f"A stereo run needs two or more images, not {len(self.images)}. Add the others."
            )
        twice = {one for one in self.images if list(self.images).count(one) > 1}
        if twice:
            raise InputError(
                f"{sorted(twice)[0]} is given twice: an image does not make a pair with itself."
            )
        if self.extent and self.region:
            raise InputError("Give EXTENT or ROI, not both.")
        low, high = self.heights
        if low is not None and high is not None and not low < high:
            raise InputError(
                f"The lowest height ({low:g} m) is not below the highest ({high:g} m)."
            )
        if self.resolution is not None and not (
            isfinite(self.resolution) and self.resolution > 0.0
        ):
            raise InputError(f"A resolution of {self.resolution:g} m is none: give one above 0.")


@dataclass(frozen=True)
class PairQuality:
    """What the models and the sparse matches say of a pair before it is matched.

    ``base_to_height``; ``convergence_deg``: angle between both lines of sight; ``overlap``: share
    of the region that the second image sees; ``pointing`` with its residuals; ``found_heights``:
    0.5 and 99.5 percent of the heights (m) of the matches.
    """

    base_to_height: float
    convergence_deg: float
    overlap: float
    pointing: Pointing
    found_heights: tuple[float, float]


@dataclass(frozen=True)
class PlannedPair:
    """Which two images (indices), their models as they are used, the sparse ``matches`` (4, n) that
    agree, the ``heights`` (m) that are searched, ``quality``, and the ``weight`` of its heights
    among those of other pairs (``fusion_weights``).
    """

    first: int
    second: int
    models: tuple[RpcModel, RpcModel]
    matches: FloatArray
    heights: tuple[float, float]
    quality: PairQuality
    weight: float = 1.0


@dataclass(frozen=True)
class StereoPlan:
    """All that is known before the first tile: ``region`` of the first image, ``lattice``: a grid
    of one cell that fixes CRS, cell size and origin; ``notes`` for the user.
    """

    request: StereoRequest
    images: tuple[StereoImage, ...]
    region: Region
    pairs: tuple[PlannedPair, ...]
    lattice: Grid
    resolution: float
    notes: tuple[str, ...] = field(default=())

    @property
    def megapixels(self) -> float:
        """Of the region in the first image."""
        return self.region[2] * self.region[3] / 1e6


def parse_region(text: str) -> Region | None:
    """``x,y,width,height`` in pixels of the first image; None for nothing, else ``InputError``."""
    if not text.strip():
        return None
    parts = [one for one in re.split(r"[,;\s]+", text.strip()) if one]
    try:
        found = [int(one) for one in parts]
    except ValueError:
        found = []
    if len(found) != 4 or found[2] < 1 or found[3] < 1:
        raise InputError(
            f"'{text}' is no part of an image. Give x,y,width,height in whole pixels, as "
            "150,150,700,700."
        )
    return found[0], found[1], found[2], found[3]
