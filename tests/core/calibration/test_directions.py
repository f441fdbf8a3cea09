# SPDX-License-Identifier: GPL-3.0-or-later
"""Which detector saw a site, by vector footprints: planted ones, and those of the real product."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_l1c import details_of
from osgeo import ogr

from calval_toolbox.core.calibration.extraction.directions import view_direction
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.products.angle_grids import DirectionGrid, direction_of
from calval_toolbox.core.io.products.scene_details import Detectors
from calval_toolbox.core.io.products.vector_masks import MaskPolygon
from calval_toolbox.core.io.rasters import Rasters

WKT = grid_from_epsg(32636, (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 1, 1).wkt


def constant(zenith: float, azimuth: float) -> DirectionGrid:
    size, turn = np.tan(np.radians(zenith)), np.radians(azimuth)
    nodes = np.ones((3, 3))
    return DirectionGrid(
        600_000.0, 3_400_000.0, 5000.0, 5000.0, size * np.sin(turn) * nodes,
        size * np.cos(turn) * nodes, nodes > 0,
    )  # fmt: skip


def box(left: float, right: float, detector: int) -> MaskPolygon:
    bottom, top = 3_390_000, 3_400_000
    ring = f"{left} {bottom}, {left} {top}, {right} {top}, {right} {bottom}, {left} {bottom}"
    wkt = f"POLYGON(({ring}))"
    return MaskPolygon("DETECTOR_FOOTPRINT", detector, ogr.CreateGeometryFromWkt(wkt))


def places(left: float, right: float) -> tuple[np.ndarray, np.ndarray]:
    x, y = np.meshgrid(np.arange(left + 25, right, 50.0), np.arange(3_392_025, 3_396_000, 50.0))
    return x.ravel(), y.ravel()


def test_footprints_weigh_the_detectors_and_overlaps_count_twice() -> None:
    grids = {5: constant(4.0, 90.0), 6: constant(2.0, 90.0)}
    apart = (box(600_000, 604_000, 5), box(604_000, 610_000, 6))
    x, y = places(602_000, 610_000)
    with Rasters() as rasters:
        found = view_direction(Detectors(grids, polygons=apart), x, y, WKT, rasters)
        assert found == (pytest.approx(0.25 * 4.0 + 0.75 * 2.0, abs=0.01), pytest.approx(90.0))
        overlapping = (box(600_000, 606_000, 5), box(604_000, 610_000, 6))
        found = view_direction(Detectors(grids, polygons=overlapping), x, y, WKT, rasters)
        assert found == (pytest.approx(0.4 * 4.0 + 0.6 * 2.0, abs=0.01), pytest.approx(90.0))
        none = Detectors(grids)
        assert view_direction(none, x, y, WKT, rasters) == (
            pytest.approx(3.0), pytest.approx(90.0)
        )  # fmt: skip


def test_inside_one_real_detector_only_its_grid_counts(shared_data: Path) -> None:
    """In the middle of detector 7; the nodes of 6 and 8 lie next to it."""
    (path,) = (shared_data / "calibration" / "s2_l1c").glob("*.SAFE")
    _, details = details_of(path)
    detectors = details.detectors["B4"]
    (shape,) = [one.shape for one in detectors.polygons if one.detector == 7]
    others = [one.shape for one in detectors.polygons if one.detector != 7]
    x, y = np.meshgrid(np.arange(600_500, 709_000, 1000.0), np.arange(3_291_000, 3_400_000, 1000.0))
    x, y = x.ravel(), y.ravel()
    points = [ogr.CreateGeometryFromWkt(f"POINT({a} {b})") for a, b in zip(x, y, strict=True)]
    alone = np.array([
        shape.Contains(one) and all(other.Distance(one) > 500 for other in others)
        for one in points
    ])  # fmt: skip
    assert 1000 < alone.sum() < 4000
    with Rasters() as rasters:
        found = view_direction(detectors, x[alone], y[alone], WKT, rasters)
    truth = direction_of(*detectors.grids[7].vectors(x[alone], y[alone]))
    assert found == (pytest.approx(truth[0], abs=1e-9), pytest.approx(truth[1], abs=1e-9))
