# SPDX-License-Identifier: GPL-3.0-or-later
"""Point clouds as PLY: what CloudCompare, MeshLab and PDAL read without more.

Format: binary little endian, x and y in the CRS of the lattice and z in meters (float64),
confidence (float32); the CRS is in a comment.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..progress import Progress, each
from ..types import AnyArray
from .atomic import not_written
from .grids import Grid
from .tile_files import read_arrays

RECORD = np.dtype([("x", "<f8"), ("y", "<f8"), ("z", "<f8"), ("confidence", "<f4")])
Piece = tuple[Path, Sequence[int], int]  # tile file, column and row of its origin, points


def write_points(
    path: Path | str,
    pieces: Sequence[Piece],
    lattice: Grid,
    shift: tuple[float, float, float],
    shown: str,
    progress: Progress,
) -> None:
    """Write the points of tiles, moved by ``shift`` (east, north, up; m), heights above the
    ellipsoid; raises ``OutputError`` where the file cannot be written completely.
    """
    count = sum(piece[2] for piece in pieces)
    left, width, _, top, _, height = lattice.geotransform
    name = lattice.reference().GetName()
    header = (
        "ply\nformat binary_little_endian 1.0\n"
        f"comment crs {name}; heights above the WGS 84 ellipsoid\n"
        f"element vertex {count}\nproperty double x\nproperty double y\nproperty double z\n"
        "property float confidence\nend_header\n"
    )
    written = 0
    try:
        with open(path, "wb") as stream:
            stream.write(header.encode("ascii", "replace"))
            for file, origin, _ in each(pieces, progress, f"Writing {shown}"):
                points: AnyArray = read_arrays(file, ["points"])["points"].astype(np.float64)
                record = np.empty(points.shape[1], dtype=RECORD)
                record["x"] = left + (points[0] + origin[0] + 0.5) * width + shift[0]
                record["y"] = top + (points[1] + origin[1] + 0.5) * height + shift[1]
                record["z"] = points[2] + shift[2]
                record["confidence"] = points[3]
                stream.write(record.tobytes())
                written += len(record)
            stream.flush()
    except OSError as error:
        raise not_written(shown) from error
    if written != count or Path(path).stat().st_size != len(header) + count * RECORD.itemsize:
        raise not_written(shown)
