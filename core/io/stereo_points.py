# SPDX-License-Identifier: GPL-3.0-or-later
"""Point clouds: PLY, which CloudCompare, MeshLab and PDAL read without more, or LAS and LAZ.

PLY: binary little endian, x and y in the CRS of the lattice and z in meters (float64), confidence
(float32); the CRS is in a comment. LAS 1.4: the same, in steps of a millimeter, confidence as an
extra dimension.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ..dependencies import missing_sentence, require
from ..errors import MissingPackageError
from ..progress import Progress, Silent, each
from ..types import AnyArray
from .atomic import not_written
from .grids import Grid
from .tile_files import read_arrays

RECORD = np.dtype([("x", "<f8"), ("y", "<f8"), ("z", "<f8"), ("confidence", "<f4")])
Bounds = tuple[float, float, float, float]
Piece = tuple[Path, Sequence[int], int]  # tile file, column and row of its origin, points
LAS_SUFFIXES = (".las", ".laz")
LAS_STEP_M = 0.001
_LAS_FORMAT = 6  # the plainest one of LAS 1.4, whose CRS is written as WKT


def write_points(
    path: Path | str,
    pieces: Sequence[Piece],
    lattice: Grid,
    shift: tuple[float, float, float],
    shown: str,
    progress: Progress,
    within: Bounds | None = None,
) -> None:
    """Write the points of tiles, moved by ``shift`` (east, north, up; m), heights above the
    ellipsoid: LAS or LAZ where the name ``shown`` ends so, else PLY. ``within``: left, bottom,
    right, top in the CRS of the lattice, those of the points that are written.

    Raises ``OutputError`` where the file cannot be written completely, ``MissingPackageError``
    where LAS or LAZ is asked for without laspy (and a backend of its for LAZ).
    """
    count = sum(piece[2] for piece in pieces)
    if within is not None:
        # The header tells the number before the first point.
        count = sum(map(len, _records(pieces, lattice, shift, shown, Silent(), within)))
    records = _records(pieces, lattice, shift, shown, progress, within)
    write = _write_las if Path(shown).suffix.lower() in LAS_SUFFIXES else _write_ply
    try:
        complete = write(Path(path), records, count, lattice, shown)
    except OSError as error:
        raise not_written(shown) from error
    if not complete:
        raise not_written(shown)


def _records(
    pieces: Sequence[Piece],
    lattice: Grid,
    shift: tuple[float, float, float],
    shown: str,
    progress: Progress,
    within: Bounds | None,
) -> Iterator[AnyArray]:
    left, width, _, top, _, height = lattice.geotransform
    for file, origin, _ in each(pieces, progress, f"Writing {shown}"):
        points: AnyArray = read_arrays(file, ["points"])["points"].astype(np.float64)
        record = np.empty(points.shape[1], dtype=RECORD)
        record["x"] = left + (points[0] + origin[0] + 0.5) * width + shift[0]
        record["y"] = top + (points[1] + origin[1] + 0.5) * height + shift[1]
        record["z"] = points[2] + shift[2]
        record["confidence"] = points[3]
        if within is not None:
            west, south, east, north = within
            inside = (record["x"] >= west) & (record["x"] < east)
            record = record[inside & (record["y"] > south) & (record["y"] <= north)]
        yield record


def _write_ply(
    path: Path, records: Iterator[AnyArray], count: int, lattice: Grid, shown: str
) -> bool:
    header = (
        "ply\nformat binary_little_endian 1.0\n"
        f"comment crs {lattice.reference().GetName()}; heights above the WGS 84 ellipsoid\n"
        f"element vertex {count}\nproperty double x\nproperty double y\nproperty double z\n"
        "property float confidence\nend_header\n"
    )
    written = 0
    with open(path, "wb") as stream:
        stream.write(header.encode("ascii", "replace"))
        for record in records:
            stream.write(record.tobytes())
            written += len(record)
        stream.flush()
    return written == count and path.stat().st_size == len(header) + count * RECORD.itemsize


def _write_las(
    path: Path, records: Iterator[AnyArray], count: int, lattice: Grid, shown: str
) -> bool:
    laspy = require("laspy")
    compressed = Path(shown).suffix.lower() == ".laz"
    if compressed and not any(one.is_available() for one in laspy.LazBackend):
        raise MissingPackageError(missing_sentence(["laspy"]))
    header = laspy.LasHeader(version="1.4", point_format=_LAS_FORMAT)
    header.add_extra_dim(laspy.ExtraBytesParams("confidence", np.float32, "0 to 1"))
    left, width, _, top, _, height = lattice.geotransform
    header.offsets = [np.floor(left), np.floor(top), 0.0]
    header.scales = [LAS_STEP_M] * 3
    header.global_encoding.wkt = True
    wkt = lattice.reference().ExportToWkt(["FORMAT=WKT1_GDAL"])
    header.vlrs.append(laspy.vlrs.known.WktCoordinateSystemVlr(wkt))
    written = 0
    with open(path, "wb") as stream:
        with laspy.open(
            stream, mode="w", header=header, do_compress=compressed, closefd=False
        ) as writer:
            for record in records:
                points = laspy.ScaleAwarePointRecord.zeros(len(record), header=header)
                points.x, points.y, points.z = record["x"], record["y"], record["z"]
                points["confidence"] = record["confidence"]
                writer.write_points(points)
                written += len(record)
        stream.flush()
    with laspy.open(path) as reader:
        return bool(written == count == reader.header.point_count)
