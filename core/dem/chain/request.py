# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of a stereo run, and what is planned of it before anything is matched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite

from ...errors import InputError
from ...io.grids import Grid
from ...io.stereo_images import StereoImage
from ...types import FloatArray
from ..matching.match import MATCHERS
from ..pointing import Pointing
from ..rpc import RpcModel

ELLIPSOID = "ellipsoid"
FILLS = ("none", "small_voids")
LARGEST_VOID = 64  # cells
Region = tuple[int, int, int, int]  # column, row, columns, rows of the first image
Extent = tuple[float, float, float, float]  # west, south, east, north (degrees, WGS 84)


@dataclass(frozen=True)
class StereoRequest:
    """``images``: two or more files; ``extent`` or ``region``: what part, all where both are None;
    ``resolution`` (m; None: the size of a pixel on the ground); ``heights``: lowest and highest (m
    above the ellipsoid), each None where it is to be found; ``prior``: an elevation model that
    bounds the search instead; ``reference``: one that the result is tied to, its heights above
    ``vertical``; ``largest_void``: cells of voids that are filled, 0 for none.
    """

    images: Sequence[str]
    extent: Extent | None = None
    region: Region | None = None
    resolution: float | None = None
    heights: tuple[float | None, float | None] = (None, None)
    prior: str = ""
    matcher: str = MATCHERS[0]
    reference: str = ""
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
