# SPDX-License-Identifier: GPL-3.0-or-later
"""From points to the cells of an elevation model, without blending across steps of height.

Each cell looks at the points within a radius of its center and takes, of those whose heights lie
together, the group with the largest weight: beside a wall a cell is roof or ground, never a height
between them that exists nowhere. Within the group it is the mean with Gaussian weights of the
distance (as in the rasters of s2p and CARS, de Franchis et al. 2014,
10.5194/isprsannals-II-3-49-2014). Points are summed in their own order, so that the same points
give the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..jit import runs_compiled
from ..types import AnyArray, FloatArray
from . import rasterize_kernels, rasterize_numpy

Float32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class RasterSettings:
    """How points become cells, in cells but for ``step_m``.

    ``radius``: as far as a cell looks (above 0, at most 3); ``sigma``: of the Gaussian weights;
    ``step_m``: heights of one group differ by no more than that from its middle (m).
    """

    radius: float = 1.2
    sigma: float = 0.5
    step_m: float = 1.0

    def __post_init__(self) -> None:
        """Raise ``InputError`` where a number cannot be used."""
        if not (0.0 < self.radius <= 3.0 and self.sigma > 0.0 and self.step_m > 0.0):
            raise InputError(
                f"A radius of {self.radius:g} cells, weights of {self.sigma:g} cells and steps of "
                f"{self.step_m:g} m do not make a raster: the radius lies between 0 and 3 cells, "
                "the others above 0."
            )


@dataclass(frozen=True)
class Cells:
    """What the points say of each cell (rows, columns): ``height`` (m), its standard deviation
    ``std`` over the points used (m; 0 of a single one), their ``count`` and mean ``confidence``.
    NaN and 0 where there is no point.
    """

    height: Float32
    std: Float32
    count: npt.NDArray[np.uint16]
    confidence: Float32


def rasterize(
    column: FloatArray,
    row: FloatArray,
    height: FloatArray,
    confidence: FloatArray,
    shape: tuple[int, int],
    settings: RasterSettings | None = None,
    compiled: bool | None = None,
    weight: FloatArray | None = None,
) -> Cells:
    """Cells of points (n,) at ``column`` and ``row`` (centers of cells are whole numbers) with
    ``height`` (m) and ``confidence`` (0 to 1).

    Points without place or height are left out, and so are those outside ``shape`` by more than the
    radius. ``weight`` (n,; above 0): what each point counts, all alike where None. ``compiled`` is
    explained in ``core.jit``.
    """
    settings = settings or RasterSettings()
    counts = np.ones(len(column)) if weight is None else weight
    place = np.stack([column, row, height, confidence, counts]).astype(np.float64)
    reach = int(np.ceil(settings.radius))
    at = np.rint(place[:2])
    keep = np.isfinite(place[:3]).all(axis=0)
    with np.errstate(invalid="ignore"):
        keep &= (at[0] >= -reach) & (at[0] < shape[1] + reach)
        keep &= (at[1] >= -reach) & (at[1] < shape[0] + reach)
    kept = np.flatnonzero(keep)
    at = np.take(at, kept, axis=1).astype(np.int64) + reach
    width = shape[1] + 2 * reach
    cell = at[1] * width + at[0]
    order = np.argsort(cell, kind="stable")
    held = np.bincount(cell, minlength=(shape[0] + 2 * reach) * width)
    starts = np.concatenate([[0], np.cumsum(held)])
    limits = np.array([settings.radius, settings.sigma, settings.step_m])
    points = np.take(place, kept[order], axis=1)
    made = np.full((4, *shape), np.nan)
    made[2] = 0.0
    way = rasterize_kernels if runs_compiled(compiled) else rasterize_numpy
    way.fill_cells(points, starts, width, reach, limits, made)
    return _cells(made)


def _cells(made: AnyArray) -> Cells:
    height, std, count, confidence = made
    return Cells(
        height.astype(np.float32), std.astype(np.float32),
        np.minimum(count, 65535.0).astype(np.uint16), confidence.astype(np.float32),
    )  # fmt: skip
