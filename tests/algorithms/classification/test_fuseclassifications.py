# SPDX-License-Identifier: GPL-3.0-or-later
"""``fuseclassifications``: real maps, labels and colors that go with them, bad input."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import QgsProcessingException, QgsRasterLayer

from calval_toolbox.core.classification.classes import Classes, LandClass
from calval_toolbox.core.classification.confusion import Confusion
from calval_toolbox.core.io.class_rasters import read_classes, write_classes
from calval_toolbox.core.io.confusion_files import write_confusion
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster

Run = Callable[[str, dict[str, Any]], dict[str, Any]]
CLASSES = Classes((
    LandClass(1, "crop", "#e69f00"), LandClass(2, "forest", "#009e73"), LandClass(4, "water & ice"),
))  # fmt: skip


def values(path: Any) -> Any:
    return gdal.Open(str(path)).ReadAsArray()


@pytest.fixture
def maps(tmp_path: Path) -> dict[str, Any]:
    """Two maps of 150 x 130 pixels, their matrices and confidences."""
    rng = np.random.default_rng(2)
    grid = grid_from_epsg(32631, (5e5, 10.0, 0.0, 4.8e6, 0.0, -10.0), 150, 130)
    inputs: dict[str, Any] = {"MAPS": [], "CONFUSIONS": [], "CONFIDENCES": []}
    for number, counts in enumerate(([[8, 1, 1], [2, 6, 2], [0, 1, 9]], [[5, 4, 1], [0, 9, 1],
                                                                          [3, 3, 4]])):  # fmt: skip
        path = tmp_path / f"map{number}.tif"
        pixels = rng.choice(np.array([0, 1, 2, 4], np.uint8), (130, 150))
        write_raster(path, [pixels], grid, 0)
        write_classes(path, CLASSES)
        write_confusion(tmp_path / f"c{number}.csv", Confusion(CLASSES, np.array(counts, float)))
        share = tmp_path / f"share{number}.tif"
        write_raster(share, [rng.integers(0, 101, (130, 150)).astype(np.uint8)], grid, 255)
        inputs["MAPS"].append(str(path))
        inputs["CONFUSIONS"].append(str(tmp_path / f"c{number}.csv"))
        inputs["CONFIDENCES"].append(str(share))
    return inputs


def test_labels_colors_and_ties_go_with_the_fused_map(
    maps: dict[str, Any], run_algorithm: Run, tmp_path: Path
) -> None:
    output, choice = tmp_path / "fused.tif", tmp_path / "choice.tif"
    found = run_algorithm("fuseclassifications", {
        "MAPS": maps["MAPS"], "OUTPUT": str(output), "OUTPUT_CHOICE": str(choice),
        "NODATA_VOTES": False,
    })  # fmt: skip
    first, second = (values(path) for path in maps["MAPS"])
    want = np.where(first == second, first, 255)
    want = np.where(first == 0, second, np.where(second == 0, first, want))
    np.testing.assert_array_equal(values(output), want)
    assert found["UNDECIDED_PERCENT"] == pytest.approx(100.0 * (want == 255).mean())
    assert found["DECIDED_PERCENT"] == pytest.approx(100.0 * ((want > 0) & (want < 255)).mean())
    classes = read_classes(output)
    assert classes.labels == ("crop", "forest", "water & ice", "undecided")
    assert (classes.items[0].color, classes.items[3].code) == ("#e69f00", 255)
    layer = QgsRasterLayer(str(output), "fused")
    entries = {one.value: one.label for one in layer.renderer().classes()}
    assert entries == {1: "crop", 2: "forest", 4: "water & ice", 255: "undecided"}
    np.testing.assert_array_equal(values(choice)[want == 255], np.zeros(int((want == 255).sum())))
    assert sorted(path.name for path in tmp_path.glob(".*")) == []


@pytest.mark.parametrize("method", ["majority", "dempster_shafer", "confidence_weighted"])
def test_tiles_of_any_size_on_any_workers_give_the_same_bits(
    maps: dict[str, Any], run_algorithm: Run, tmp_path: Path, method: str
) -> None:
    outputs = []
    for size, workers in ((64, 2), (1024, 1)):
        paths = {
            key: str(tmp_path / f"{key}{size}.tif")
            for key in ("OUTPUT", "OUTPUT_CHOICE", "OUTPUT_CONFIDENCE")
        }
        run_algorithm("fuseclassifications", maps | paths | {
            "METHOD": method, "TILE_SIZE": size, "EXECUTOR": f"threads:{workers}", "MASS": "recall",
        })  # fmt: skip
        outputs.append([values(path) for path in paths.values()])
    for one, other in zip(*outputs, strict=True):
        np.testing.assert_array_equal(one, other)
    fused, choice, share = outputs[0]
    first, second = (values(path) for path in maps["MAPS"])
    confidences = [values(path) for path in maps["CONFIDENCES"]]
    # The confidence is that of the chosen map, of both the larger one.
    np.testing.assert_array_equal(share[choice == 2], confidences[0][choice == 2])
    np.testing.assert_array_equal(share[choice == 3], confidences[1][choice == 3])
    both = choice == 1
    np.testing.assert_array_equal(share[both], np.maximum(*confidences)[both])
    assert (fused[choice == 2] == first[choice == 2]).all()
    assert (fused[choice == 3] == second[choice == 3]).all()
    if method == "confidence_weighted":
        differ = (first > 0) & (second > 0) & (first != second)
        np.testing.assert_array_equal(
            (fused == first)[differ], (confidences[0] > confidences[1])[differ]
        )


def test_two_real_maps(run_algorithm: Run, tmp_path: Path, shared_data: Path) -> None:
    folder = shared_data / "classification" / "formosat2_tempcnn"
    paths = []
    for name in ("rf_map", "tempcnn_map"):
        paths.append(str(tmp_path / f"{name}.tif"))
        gdal.Translate(paths[-1], str(folder / f"{name}.tif"), srcWin=[1000, 1000, 600, 500])
    output = tmp_path / "fused.tif"
    run_algorithm("fuseclassifications", {"MAPS": paths, "OUTPUT": str(output)})
    first, second = (values(path) for path in paths)
    np.testing.assert_array_equal(values(output), np.where(first == second, first, 255))


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"MAPS": [0]}, "two or more maps"),
        ({"METHOD": "dempster_shafer", "CONFUSIONS": []}, "needs one file for each map"),
        ({"METHOD": "dempster_shafer", "CONFUSIONS": [0]}, "has 1 files for 2 maps"),
        ({"METHOD": "confidence_weighted", "CONFIDENCES": []}, "needs one file for each map"),
        ({"UNDECIDED": 2}, "which is the code of a class"),
        ({"MAPS": [0, "moved"]}, "lies on another grid"),
        ({"MAPS": [0, "renamed"]}, "is 'crop' in one map and 'rock' in"),
        ({"MAPS": [0, "decimals"]}, "is no map of classes"),
        ({"MAPS": [0, 1, 0]}, "give two maps"),
    ],
)
def test_what_does_not_go_together_is_told(
    maps: dict[str, Any], run_algorithm: Run, tmp_path: Path, change: dict[str, Any], part: str
) -> None:
    grid = grid_from_epsg(32631, (5e5, 10.0, 0.0, 4.8e6, 0.0, -10.0), 150, 130)
    pixels = values(maps["MAPS"][0])
    other = grid_from_epsg(32631, (5e5 + 5.0, 10.0, 0.0, 4.8e6, 0.0, -10.0), 150, 130)
    write_raster(tmp_path / "moved.tif", [pixels], other, 0)
    write_raster(tmp_path / "renamed.tif", [pixels], grid, 0)
    write_classes(tmp_path / "renamed.tif", Classes((LandClass(1, "rock"),)))
    write_raster(tmp_path / "decimals.tif", [pixels.astype(np.float32) + 0.5], grid)
    named = {"moved", "renamed", "decimals"}
    for key, given in change.items():
        if isinstance(given, list):
            change = change | {key: [
                str(tmp_path / f"{one}.tif") if one in named else maps[key][one] for one in given
            ]}  # fmt: skip
    outputs = {"OUTPUT": str(tmp_path / "o.tif"), "OUTPUT_CHOICE": str(tmp_path / "c.tif")}
    with pytest.raises(QgsProcessingException, match=part):
        run_algorithm("fuseclassifications", {"MAPS": maps["MAPS"]} | outputs | change)
