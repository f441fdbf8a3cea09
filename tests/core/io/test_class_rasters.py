# SPDX-License-Identifier: GPL-3.0-or-later
"""The classes of a classified raster come back from its file, and GDAL sees their colors."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.classification.classes import Classes, LandClass
from calval_toolbox.core.errors import InputError, OutputError
from calval_toolbox.core.io.class_rasters import (
    class_type,
    read_classes,
    with_colors,
    write_classes,
)
from calval_toolbox.core.io.grids import Grid
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.report.palette import class_colors

GRID = Grid("", (0.0, 10.0, 0.0, 6000.0, 0.0, -10.0), 600, 600)
CLASSES = Classes(
    (LandClass(1, "forêt"), LandClass(3, "summer crop", "#F0E442"), LandClass(11, "water"))
)


def written(path: Path, classes: Classes) -> np.ndarray:
    codes = np.random.default_rng(1).choice([0, *classes.codes], (600, 600))
    codes = codes.astype(class_type(classes))
    write_raster(path, [codes], GRID, 0.0)
    return codes


@pytest.mark.parametrize("largest", [11, 300, 60_000])
def test_classes_come_back_with_their_colors(tmp_path: Path, largest: int) -> None:
    path = tmp_path / "map.tif"
    classes = Classes((*CLASSES.items[:2], LandClass(largest, "water")))
    codes = written(path, classes)
    write_classes(path, classes)
    found = read_classes(path)
    assert found == with_colors(classes)
    assert found.items[1].color == "#f0e442"
    assert len({one.color for one in found.items}) == 3
    dataset = gdal.Open(str(path))
    assert (dataset.ReadAsArray() == codes).all()  # the pixels stay as they are
    assert dataset.GetRasterBand(1).GetNoDataValue() == 0.0
    assert dataset.GetRasterBand(1).GetColorTable().GetColorEntry(3)[:3] == (0xF0, 0xE4, 0x42)
    names = dataset.GetRasterBand(1).GetCategoryNames()
    assert names is None if largest == 60_000 else names[largest] == "water"


def test_names_alone_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "map.tif"
    written(path, CLASSES)
    dataset = gdal.OpenEx(str(path), gdal.OF_UPDATE)
    dataset.GetRasterBand(1).SetCategoryNames(["", "a", "", "b"])
    dataset = None
    assert read_classes(path) == Classes((LandClass(1, "a"), LandClass(3, "b")))


def test_a_raster_without_classes_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "map.tif"
    written(path, CLASSES)
    with pytest.raises(InputError, match=r"map\.tif does not say which classes"):
        read_classes(path)


def test_what_is_no_color_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "map.tif"
    written(path, CLASSES)
    with pytest.raises(OutputError, match="'green' is no color"):
        write_classes(path, Classes((LandClass(1, "a", "green"),)))


def test_a_full_disk_is_seen(small_disk: Path) -> None:
    path = small_disk / "map.tif"
    written(path, CLASSES)
    with suppress(OSError), open(small_disk / "rest", "ab", buffering=0) as stream:
        while True:
            stream.write(b"0" * 1024)
    with pytest.raises(OutputError, match=r"map\.tif could not be written completely"):
        write_classes(path, CLASSES)


def test_colors_of_classes_differ_and_do_not_move() -> None:
    many = class_colors(400)
    assert len(set(many)) == 400
    assert class_colors(9) == many[:9]
    used = Classes((LandClass(1, "a"), LandClass(2, "b", many[0].lower())))
    assert [one.color for one in with_colors(used).items] == [many[1].lower(), many[0].lower()]
