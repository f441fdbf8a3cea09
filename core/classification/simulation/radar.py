# SPDX-License-Identifier: GPL-3.0-or-later
"""A year of simulated Sentinel-1 backscatter of a landscape: files as S1Tiling names them.

Levels are typical of their kind (C band, linear gamma nought at 38 degrees); none was measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...io.grids import Grid
from ...io.raster_writer import write_raster
from ...simulation.covers import COVERS
from ...types import FloatArray
from .ground import Ground

LOOKS = 30.0  # after a multitemporal filter
NODATA = 0.0
POLARIZATIONS = ("vv", "vh")
# dB at VV and VH of ground, and of a closed canopy above it.
GROUND_DB = {"soil": (-10.5, -18.5), "asphalt": (-10.0, -18.0), "water": (-19.0, -26.5)}
CANOPY_DB = {"leaves": (-9.5, -15.5), "trees": (-8.5, -13.5), "needles": (-9.0, -14.5)}
BUILT_DB = (-3.5, -11.5)
BUILT = ("tiles", "concrete")


@dataclass(frozen=True)
class Track:
    """A relative ``orbit`` flown in one ``direction`` (``ASC`` or ``DES``), its UTC ``hour`` and
    its days; ``gain_db``: by how much its geometry differs.
    """

    direction: str
    orbit: int
    hour: str
    days: tuple[str, ...]
    gain_db: float


TRACKS = (
    Track("DES", 110, "060010", ("2022-01-17", "2022-03-18", "2022-05-05", "2022-06-10",
                                 "2022-07-16", "2022-09-02", "2022-11-13"), 0.0),
    Track("ASC", 30, "174740", ("2022-01-24", "2022-04-06", "2022-05-24", "2022-06-29",
                                "2022-08-04", "2022-11-08"), 0.4),
)  # fmt: skip


def backscatter(ground: Ground, day: np.datetime64, gain_db: float = 0.0) -> FloatArray:
    """Backscatter without speckle, linear (VV and VH, rows, columns): ground and canopy by their
    shares on ``day``.
    """
    landscape = ground.landscape
    kinds = [COVERS[name] for name in landscape.covers]
    green = landscape.fractions(day)[0][:, np.newaxis]
    below = np.array([BUILT_DB if one.ground in BUILT else GROUND_DB[one.ground] for one in kinds])
    above = np.array([CANOPY_DB[one.canopy] for one in kinds])
    mixed = (1.0 - green) * 10.0 ** (below / 10.0) + green * 10.0 ** (above / 10.0)
    # A parcel's roughness is its own, and does not show in optical bands.
    rough = landscape.vigor[:, :1] ** 2
    return np.asarray((mixed * rough * 10.0 ** (gain_db / 10.0)).T[:, landscape.parcels])


def write_radar(
    folders: Mapping[str, Path],
    ground: Ground,
    grid: Grid,
    columns: Mapping[str, slice],
    rng: np.random.Generator,
) -> int:
    """Write all acquisitions into the ``folders`` of the tiles, each of them the ``columns`` of
    the landscape on ``grid``; returns the number of files.
    """
    count = 0
    for track in TRACKS:
        for day in track.days:
            level = backscatter(ground, np.datetime64(day), track.gain_db)
            seen = level * rng.gamma(LOOKS, 1.0 / LOOKS, level.shape)
            for tile, part in columns.items():
                for name, values in zip(POLARIZATIONS, seen, strict=True):
                    stamp = f"{day.replace('-', '')}t{track.hour}"
                    file = f"s1a_{tile[1:]}_{name}_{track.direction}_{track.orbit:03d}_{stamp}.tif"
                    data = np.ascontiguousarray(values[:, part], dtype=np.float32)
                    write_raster(folders[tile] / file, [data], columns_of(grid, part), NODATA)
                    count += 1
    return count


def columns_of(grid: Grid, part: slice) -> Grid:
    """The grid of some columns of ``grid``."""
    left, width, _, top, _, height = grid.geotransform
    moved = (left + part.start * width, width, 0.0, top, 0.0, height)
    return Grid(grid.wkt, moved, part.stop - part.start, grid.height)
