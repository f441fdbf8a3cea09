# SPDX-License-Identifier: GPL-3.0-or-later
"""What the figures of the report on samples call their axes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from osgeo import gdal

from calval_toolbox.core.classification.samples.reference import ReferenceFields
from calval_toolbox.core.classification.samples.run import SampleTask, prepare_samples
from calval_toolbox.core.classification.samples.settings import SampleSettings
from calval_toolbox.core.io.grids import Grid, grid_from_epsg
from calval_toolbox.core.report import figures, samples_figures
from calval_toolbox.core.report.document import Figure
from calval_toolbox.core.table import Table, from_rows


def reference(grid: Grid) -> Table:
    """Points of two classes by turns, from one corner of ``grid`` to the other."""
    (west, north), _, (east, south) = grid.ring()[:3]
    share = np.linspace(0.1, 0.9, 8)
    rows = [
        {"longitude": west + one * (east - west), "latitude": north + one * (south - north),
         "class": "ab"[number % 2]}
        for number, one in enumerate(share.tolist())
    ]  # fmt: skip
    return from_rows(rows, {"longitude": "float", "latitude": "float", "class": "text"}, "points")


@pytest.mark.parametrize(
    ("grid", "unit", "axes"),
    [
        (grid_from_epsg(32631, (5e5, 10.0, 0.0, 4.8e6, 0.0, -10.0), 40, 40), "m",
         ("easting (m)", "northing (m)")),
        (grid_from_epsg(4326, (3.0, 1e-4, 0.0, 43.0, 0.0, -1e-4), 40, 40), "°",
         ("longitude (°)", "latitude (°)")),
    ],
)  # fmt: skip
def test_axes_name_their_unit(
    grid: Grid, unit: str, axes: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert grid.unit == unit
    path = str(tmp_path / "stack.tif")
    made = gdal.GetDriverByName("GTiff").Create(path, 40, 40, 1, gdal.GDT_Float32)
    made.SetGeoTransform(grid.geotransform)
    made.SetProjection(grid.wkt)
    made.GetRasterBand(1).SetDescription("elevation")
    made = None
    task = SampleTask((path,), reference(grid), ReferenceFields("class"), SampleSettings())
    report = prepare_samples(task)
    kept, finish = [], figures.finish

    def keep(figure: Any, *rest: Any) -> Figure:
        kept.append(figure)
        return finish(figure, *rest)

    monkeypatch.setattr(samples_figures, "finish", keep)
    samples_figures.places(report)
    left, right = kept[0].axes
    assert (left.get_xlabel(), left.get_ylabel()) == axes
    assert right.get_xlabel() == axes[0]
