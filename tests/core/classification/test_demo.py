# SPDX-License-Identifier: GPL-3.0-or-later
"""The example of land cover: a map that is right, made once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from osgeo import gdal

from calval_toolbox.core.classification.demo import write_demo
from calval_toolbox.core.io.class_rasters import read_classes
from calval_toolbox.core.io.model_files import read_model


def test_the_example_is_mapped_once(tmp_path: Path) -> None:
    files = write_demo(tmp_path / "example")
    truth, mapped = (gdal.Open(path).ReadAsArray() for path in (files.truth, files.regularized))
    assert mapped.shape == truth.shape
    assert np.mean(mapped == truth) > 0.85
    assert len(files.features) == len(files.days) == 2
    assert read_classes(files.map).labels == read_model(files.model).classes.labels
    assert all(Path(path).is_file() for path in (files.samples, files.confidence))

    made = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.tif")}
    assert write_demo(tmp_path / "example") == files
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.tif")} == made
