# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs, made-up scenes and radar images of these tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal

from calval_toolbox.core.classification.primitives.files import (
    PrimitiveReport,
    PrimitiveRequest,
    compute_primitives,
)
from calval_toolbox.core.classification.primitives.rasters import PrimitiveTargets
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.products.synthetic import (
    Scene,
)
from calval_toolbox.core.io.raster_writer import write_raster

SHAPE = (60, 60)
GRID = grid_from_epsg(32631, (368000.0, 10.0, 0.0, 4826500.0, 0.0, -10.0), SHAPE[1], SHAPE[0])
NODATA = -9999.0


class Made:
    """What a run wrote, by name of the layers."""

    def __init__(self, folder: Path, report: PrimitiveReport) -> None:
        self.report = report
        data = gdal.Open(str(folder / "out.tif"))
        names = [data.GetRasterBand(at + 1).GetDescription() for at in range(data.RasterCount)]
        assert names == list(report.names)
        assert data.GetRasterBand(1).GetNoDataValue() == NODATA
        values = data.ReadAsArray().reshape(len(names), data.RasterYSize, data.RasterXSize)
        values = np.where(values == NODATA, np.nan, values)
        self.layers = dict(zip(names, values, strict=True))
        self.days = gdal.Open(str(folder / "days.tif")).ReadAsArray()
        self.clear = gdal.Open(str(folder / "clear.tif")).ReadAsArray()

    def __getitem__(self, name: str) -> np.ndarray:
        return self.layers[name]


def compute(folder: Path, execution: ExecutionSettings | None = None, hook: Any = None,
            **request: Any) -> Made:  # fmt: skip
    folder.mkdir(exist_ok=True)
    targets = PrimitiveTargets(*(folder / name for name in ("out.tif", "days.tif", "clear.tif")))
    report = compute_primitives(
        PrimitiveRequest(**request), targets, folder / "tiles", execution, hook=hook
    )
    assert report.run is not None
    report.run.discard()
    return Made(folder, report)


def scene(day: str, **fields: Any) -> Scene:
    """Flat reflectances of a day."""
    levels: Mapping[str, float] = fields.pop("levels", {"B4": 0.1, "B8": 0.3})
    given: dict[str, Any] = {
        "site": "T31TCJ", "time": np.datetime64(f"{day}T10:50:31.024", "ms"), "epsg": 32631,
        "left": 368000.0, "top": 4826500.0, "pixel_m": 10.0, "aot": np.full(SHAPE, 0.2),
        "reflectance": {band: np.full(SHAPE, level) for band, level in levels.items()},
    }  # fmt: skip
    return Scene(**{**given, **fields})


def left(columns: int) -> np.ndarray:
    """The first columns."""
    return np.broadcast_to(np.arange(SHAPE[1]) < columns, SHAPE).copy()


def write_radar(folder: Path, name: str, values: np.ndarray, grid: Any = GRID) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    write_raster(path, [values.astype(np.float32)], grid)
    return path
