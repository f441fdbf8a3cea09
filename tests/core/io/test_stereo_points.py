# SPDX-License-Identifier: GPL-3.0-or-later
"""Point clouds of tiles, as PLY, LAS and LAZ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core import dependencies
from calval_toolbox.core.errors import MissingPackageError
from calval_toolbox.core.io import stereo_points
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.stereo_points import LAS_STEP_M, RECORD, Piece, write_points
from calval_toolbox.core.io.tile_files import write_tile
from calval_toolbox.core.progress import Silent

LATTICE = grid_from_epsg(32740, (359_000.0, 0.5, 0.0, 7_652_000.0, 0.0, -0.5), 100, 100)
SHIFT = (0.25, -1.0, 6.5)
COUNT = 500


def made(folder: Path) -> tuple[list[Piece], Any]:
    """Two tiles of points, and what has to be in the file (n, 4)."""
    pieces, expected = [], []
    for at, origin in enumerate(((0, 0), (50, 20))):
        rng = np.random.default_rng(at)
        points = np.stack(
            [rng.uniform(0, 50, COUNT), rng.uniform(0, 20, COUNT), rng.uniform(1e3, 1.1e3, COUNT),
             rng.uniform(0, 1, COUNT)]
        ).astype(np.float32)  # fmt: skip
        path = folder / f"tile_{at}.zip"
        write_tile(path, {"points": points}, {})
        pieces.append((path, origin, COUNT))
        exact = points.astype(np.float64)
        x = 359_000.0 + (exact[0] + origin[0] + 0.5) * 0.5 + SHIFT[0]
        y = 7_652_000.0 - (exact[1] + origin[1] + 0.5) * 0.5 + SHIFT[1]
        expected.append(np.stack([x, y, exact[2] + SHIFT[2], exact[3]], axis=1))
    return pieces, np.concatenate(expected)


def test_ply(tmp_path: Path) -> None:
    pieces, expected = made(tmp_path)
    path = tmp_path / "cloud.ply"
    write_points(path, pieces, LATTICE, SHIFT, "cloud.ply", Silent())
    header, data = path.read_bytes().split(b"end_header\n", 1)
    assert b"element vertex 1000" in header
    assert b"UTM zone 40S" in header
    found = np.frombuffer(data, dtype=RECORD)
    assert np.abs(np.stack([found[name] for name in RECORD.names], 1) - expected).max() < 1e-6


@pytest.mark.parametrize("name", ["cloud.las", "cloud.laz"])
def test_las(tmp_path: Path, name: str) -> None:
    laspy = pytest.importorskip("laspy", reason="laspy is not installed")
    pieces, expected = made(tmp_path)
    path = tmp_path / "staged.tmp"
    write_points(path, pieces, LATTICE, SHIFT, name, Silent())
    found = laspy.read(path)
    assert found.header.point_count == len(expected)
    assert found.header.are_points_compressed == name.endswith("laz")
    places = np.stack([found.x, found.y, found.z], 1)
    assert np.abs(places - expected[:, :3]).max() <= 0.51 * LAS_STEP_M
    assert np.abs(np.asarray(found.confidence) - expected[:, 3]).max() < 1e-6
    assert any("32740" in getattr(one, "string", "") for one in found.header.vlrs)


@pytest.mark.parametrize("name", ["cloud.ply", "cloud.las"])
def test_points_of_a_part(tmp_path: Path, name: str) -> None:
    pieces, expected = made(tmp_path)
    path = tmp_path / name
    box = (359_010.0, 7_651_985.0, 359_030.0, 7_651_995.0)
    write_points(path, pieces, LATTICE, SHIFT, name, Silent(), box)
    inside = (expected[:, 0] >= box[0]) & (expected[:, 0] < box[2])
    inside &= (expected[:, 1] > box[1]) & (expected[:, 1] <= box[3])
    assert 50 < inside.sum() < len(expected) - 50
    if name.endswith("ply"):
        header, data = path.read_bytes().split(b"end_header\n", 1)
        assert f"element vertex {inside.sum()}".encode() in header
        assert len(data) == inside.sum() * RECORD.itemsize
    else:
        laspy = pytest.importorskip("laspy", reason="laspy is not installed")
        assert laspy.read(path).header.point_count == inside.sum()


def test_las_without_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(module: str) -> Any:
        raise MissingPackageError(dependencies.missing_sentence([module]))

    monkeypatch.setattr(stereo_points, "require", absent)
    pieces, _ = made(tmp_path)
    with pytest.raises(MissingPackageError, match="laspy"):
        write_points(tmp_path / "cloud.laz", pieces, LATTICE, SHIFT, "cloud.laz", Silent())
    assert not (tmp_path / "cloud.laz").exists()
