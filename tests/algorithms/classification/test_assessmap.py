# SPDX-License-Identifier: GPL-3.0-or-later
"""``assessmap``: planted maps and samples, published matrices, and bad input in a sentence."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException

from calval_toolbox.core.classification.classes import Classes, LandClass
from calval_toolbox.core.io.class_rasters import write_classes
from calval_toolbox.core.io.confusion_files import read_confusion
from calval_toolbox.core.io.geometries import points, polygon
from calval_toolbox.core.io.grids import Grid, grid_from_epsg, unproject
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.tables import read_table, write_table
from calval_toolbox.core.table import Table

Run = Callable[[str, dict[str, Any]], dict[str, Any]]
CLASSES = Classes((LandClass(3, "crop"), LandClass(5, "forest"), LandClass(9, "water")))
SIZE = 200


@pytest.fixture(scope="module")
def grid() -> Grid:
    return grid_from_epsg(32631, (500_000.0, 10.0, 0.0, 4_800_000.0, 0.0, -10.0), SIZE, SIZE)


@pytest.fixture(scope="module")
def planted(grid: Grid, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A truth of 60 % crop, 30 % forest, 10 % water, and a map that takes a fifth of the forest
    for crop; a corner has no class.
    """
    rng = np.random.default_rng(3)
    truth = rng.choice(np.array([3, 5, 9], np.uint8), (SIZE, SIZE), p=[0.6, 0.3, 0.1])
    mapped = truth.copy()
    mapped[(truth == 5) & (rng.random(truth.shape) < 0.2)] = 3
    mapped[:10, :10] = 0
    path = tmp_path_factory.mktemp("map") / "map.tif"
    write_raster(path, [mapped], grid, 0)
    write_classes(path, CLASSES)
    return {"MAP": str(path), "truth": truth, "mapped": mapped}


def reference(
    path: Path, grid: Grid, truth: Any, rows: Any, columns: Any, **more: Any
) -> dict[str, Any]:
    left, width, _, top, _, height = grid.geotransform
    places = [
        unproject(grid.wkt, left + (c + 0.5) * width, top + (r + 0.5) * height)
        for r, c in zip(rows, columns, strict=True)
    ]
    lon, lat = np.array(places).T
    labels = dict(zip(CLASSES.codes.tolist(), CLASSES.labels, strict=True))
    cover = np.array([labels[int(code)] for code in truth[rows, columns]], dtype=object)
    table = Table({"cover": cover, **more}, "reference", points(lon, lat))
    write_table(table, path)
    return {"REFERENCE": str(path), "CLASS_FIELD": "cover"}


def test_a_random_sample_finds_the_planted_accuracy_and_areas(
    planted: dict[str, Any], grid: Grid, run_algorithm: Run, tmp_path: Path
) -> None:
    rng = np.random.default_rng(8)
    rows, columns = rng.integers(0, SIZE, (2, 1500))
    inputs = reference(tmp_path / "points.gpkg", grid, planted["truth"], rows, columns)
    output, matrix, report = (tmp_path / name for name in ("out.gpkg", "confusion.csv", "r.html"))
    found = run_algorithm("assessmap", inputs | {
        "MAP": planted["MAP"], "DESIGN": "post_stratified", "OUTPUT": str(output),
        "CONFUSION": str(matrix), "REPORT": str(report),
    })  # fmt: skip
    inside = planted["mapped"] > 0
    right = float((planted["truth"] == planted["mapped"])[inside].mean())
    half = found["OA_ADJUSTED_HALF_WIDTH"]
    assert half == pytest.approx(1.96 * np.sqrt(right * (1 - right) / 1500), rel=0.2)
    assert found["OA_ADJUSTED"] == pytest.approx(right, abs=1.5 * half)
    counts = np.zeros((3, 3))
    index = {3: 0, 5: 1, 9: 2}
    for r, c in zip(rows, columns, strict=True):
        if planted["mapped"][r, c]:
            counts[index[planted["truth"][r, c]], index[planted["mapped"][r, c]]] += 1
    confusion = read_confusion(matrix)
    assert confusion.classes.labels == CLASSES.labels
    np.testing.assert_array_equal(confusion.counts, counts)
    assert found["SAMPLE_COUNT"] == counts.sum()
    assert found["OA"] == pytest.approx(np.trace(counts) / counts.sum())
    table = read_table(output)
    assert table.texts("class").tolist() == list(CLASSES.labels)
    pixels = np.array([(planted["mapped"] == code).sum() for code in (3, 5, 9)])
    np.testing.assert_allclose(table.floats("map_area_ha"), pixels * 0.01)
    true = np.array([(planted["truth"][inside] == code).sum() for code in (3, 5, 9)]) * 0.01
    # The map shows 6 % too much crop; the estimate mends that within its interval.
    low, high = table.floats("area_low_ha"), table.floats("area_high_ha")
    assert np.all((low <= true)[:2] & (true <= high)[:2])
    assert table.floats("map_area_ha")[0] > table.floats("area_high_ha")[0]
    text = report.read_text("utf-8")
    assert "where the map has no class" in text
    assert text.count("data:image") == 3
    # Water is right everywhere: an error of zero is told as what it is, not as an interval.
    assert np.isnan([low[2], high[2], table.floats("precision_weighted_low")[2]]).all()
    assert "no error seen" in text
    assert "±" not in text
    assert table.floats("recall_weighted_low")[1] < 0.8 < table.floats("recall_weighted_high")[1]


def test_pixels_of_polygons_do_not_count_as_independent(
    planted: dict[str, Any], grid: Grid, run_algorithm: Run, tmp_path: Path
) -> None:
    """Forty squares of 5 x 5 pixels; the map is wrong in whole squares of a second map."""
    truth = np.full((SIZE, SIZE), 3, np.uint8)
    truth[:, 100:] = 5
    mapped, rings, labels = truth.copy(), [], []
    left, width, _, top, _, height = grid.geotransform
    for number in range(40):
        row, column = 5 * (number // 8) * 4, 5 * (number % 8) * 5
        wrong = number % 5 == 0
        part = np.s_[row : row + 5, column : column + 5]
        labels.append({3: "crop", 5: "forest"}[int(truth[part][0, 0])])
        if wrong:
            mapped[part] = 8 - truth[part]
        x0, y0 = left + (column + 0.1) * width, top + (row + 0.1) * height
        x1, y1 = left + (column + 4.9) * width, top + (row + 4.9) * height
        ring = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
        rings.append(polygon([unproject(grid.wkt, *corner) for corner in ring]))
    path = tmp_path / "map.tif"
    write_raster(path, [mapped], grid, 0)
    write_classes(path, CLASSES)
    shapes = np.empty(40, object)
    shapes[:] = rings
    table = Table({"cover": np.array(labels, object)}, "reference", shapes, "Polygon")
    write_table(table, tmp_path / "polygons.gpkg")
    report = tmp_path / "report.html"
    found = run_algorithm("assessmap", {
        "MAP": str(path), "REFERENCE": str(tmp_path / "polygons.gpkg"), "CLASS_FIELD": "cover",
        "REPORT": str(report), "OUTPUT": str(tmp_path / "by_class.csv"),
    })  # fmt: skip
    assert (found["SAMPLE_COUNT"], found["OA"]) == (1000, 0.8)
    table = read_table(tmp_path / "by_class.csv")
    assert table.floats("polygons").sum() == 40
    assert table.floats("largest_polygon_share")[0] == pytest.approx(25 / (25 * 20), rel=0.3)
    # Classes, too: as of some twenty samples, not of five hundred.
    for name in ("precision", "recall", "f_score", "recall_weighted"):
        width = table.floats(f"{name}_high") - table.floats(f"{name}_low")
        assert (width[:2] > 0.25).all(), name
    area = table.floats("area_high_ha") - table.floats("area_low_ha")
    assert (area[:2] > 0.2 * 400.0).all()  # of 400 ha
    # As wide as of 40 samples (0.124), five times wider than of 1000.
    assert found["OA_ADJUSTED_HALF_WIDTH"] == pytest.approx(1.96 * np.sqrt(0.16 / 40), rel=0.2)
    assert "no probability sample" in report.read_text("utf-8")


def test_only_test_rows_count_and_the_class_of_the_map_may_be_a_column(
    run_algorithm: Run, tmp_path: Path
) -> None:
    table = Table({
        "cover": np.array(["a", "a", "b", "b", "b"], object),
        "shown": np.array(["a", "b", "b", "b", "a"], object),
        "split": np.array(["test", "test", "test", "test", "train"], object),
    }, "samples")  # fmt: skip
    write_table(table, tmp_path / "samples.csv")
    areas = Table({"class": np.array(["a", "b"], object), "area_ha": np.array([90.0, 10.0])})
    write_table(areas, tmp_path / "areas.csv")
    found = run_algorithm("assessmap", {
        "REFERENCE": str(tmp_path / "samples.csv"), "CLASS_FIELD": "cover", "MAP_FIELD": "shown",
        "SPLIT_FIELD": "split", "STRATA": str(tmp_path / "areas.csv"), "DESIGN": "stratified",
        "OUTPUT": str(tmp_path / "out.csv"),
    })  # fmt: skip
    assert (found["SAMPLE_COUNT"], found["OA"]) == (4, 0.75)
    assert found["OA_ADJUSTED"] == pytest.approx(0.9 * 1.0 + 0.1 * 2 / 3)


def test_of_a_map_of_several_runs_rows_count_that_none_was_trained_on(
    planted: dict[str, Any], grid: Grid, run_algorithm: Run, tmp_path: Path
) -> None:
    fused = tmp_path / "fused.tif"
    for ending in ("", ".aux.xml"):
        shutil.copy(planted["MAP"] + ending, f"{fused}{ending}")
    maps = [str(tmp_path / f"{name}.tif") for name in ("one", "two")]
    for path, algorithm, parameters in (
        (fused, "fuseclassifications", {"MAPS": maps}),
        (maps[0], "classifytimeseries", {"MODELS": [f"{tmp_path}/one.npz"]}),
        (maps[1], "classifytimeseries", {"MODELS": [f"{tmp_path}/two.npz"]}),
        (f"{tmp_path}/one.npz", "trainclassifier", {}),
        (f"{tmp_path}/two.npz", "trainclassifier", {"SPLIT_FIELD": "split_1"}),
    ):
        made = {"algorithm": f"calval:{algorithm}", "parameters": parameters}
        Path(f"{path}.provenance.json").write_text(json.dumps(made))
    rows = columns = np.arange(20, 60)
    sides = {
        "split": np.array(["test", "test", "train", "test"] * 10, object),
        "split_1": np.array(["train", "test", "test", "train"] * 10, object),
    }
    inputs = reference(tmp_path / "points.gpkg", grid, planted["truth"], rows, columns, **sides)
    inputs |= {"SPLIT_FIELD": "split", "REPORT": str(tmp_path / "report.html")}
    assert run_algorithm("assessmap", inputs | {"MAP": planted["MAP"]})["SAMPLE_COUNT"] == 30
    both = {"MAP": planted["MAP"], "SPLIT_FIELD": ["split", "split_1"]}
    assert run_algorithm("assessmap", inputs | both)["SAMPLE_COUNT"] == 10
    assert run_algorithm("assessmap", inputs | {"MAP": str(fused)})["SAMPLE_COUNT"] == 10
    text = (tmp_path / "report.html").read_text("utf-8")
    assert "Of 30 test rows of" in text
    assert "only the 10 count" in text
    sides["split_1"] = np.array(["train", "train", "test", "train"] * 10, object)
    inputs |= reference(tmp_path / "none.gpkg", grid, planted["truth"], rows, columns, **sides)
    with pytest.raises(QgsProcessingException, match="in all of split, split_1"):
        run_algorithm("assessmap", inputs | {"MAP": str(fused)})


def test_the_two_seeds_of_iota2_have_the_interval_of_one_degree_of_freedom(
    run_algorithm: Run, tmp_path: Path, shared_data: Path
) -> None:
    folder = shared_data / "classification" / "iota2_testdata"
    paths = [str(folder / f"Classif_Seed_{seed}_confusion.csv") for seed in (0, 1)]
    output, report = tmp_path / "out.gpkg", tmp_path / "report.html"
    found = run_algorithm("assessmap", {
        "CONFUSIONS": paths, "OUTPUT": str(output), "REPORT": str(report),
    })  # fmt: skip
    assert found["KAPPA"] == pytest.approx(0.90256, abs=1e-5)
    assert round(found["KAPPA_HALF_WIDTH"], 4) == 0.2053
    assert round(found["OA_HALF_WIDTH"], 4) == 0.1841
    assert found["OA_ADJUSTED"] is None
    # "ete" (11) is right in both runs: iota2 prints "+- nan", here words say it.
    table = read_table(output)
    assert "the same in all runs" in table.texts("said")[0]
    assert table.floats("recall_high")[1] == 1.0  # 0.81 + 0.79: no share is larger
    text = report.read_text("utf-8")
    assert "mean of 2 runs; brackets: 95 % interval" in text
    assert "nan" not in text.lower().replace("finance", "").replace("dominant", "")
    one = run_algorithm("assessmap", {"CONFUSIONS": paths[:1], "REPORT": str(report)})
    assert one["KAPPA_HALF_WIDTH"] is None
    assert "one run: no interval" in report.read_text("utf-8")
    assert "; brackets" not in report.read_text("utf-8")


def test_a_sample_is_planned_without_any_reference(
    planted: dict[str, Any], run_algorithm: Run, tmp_path: Path
) -> None:
    output, report = tmp_path / "sizes.gpkg", tmp_path / "report.html"
    found = run_algorithm("assessmap", {
        "MAP": planted["MAP"], "EXPECTED_USERS": "crop=0.9,forest=0.95,9=0.8",
        "TARGET_SE": 0.02, "SAMPLE_DESIGN": str(output), "REPORT": str(report),
    })  # fmt: skip
    table = read_table(output)
    shares = table.floats("map_share")
    spread = shares @ np.sqrt([0.09, 0.0475, 0.16])
    assert found["DESIGN_COUNT"] == int(np.ceil((spread / 0.02) ** 2))
    assert table.floats("mixed").sum() == found["DESIGN_COUNT"]
    assert table.floats("mixed").min() == 50
    assert "Sample design" in report.read_text("utf-8")


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"CLASS_FIELD": None}, "CLASS_FIELD"),
        ({"MAP": None}, "MAP_FIELD"),
        ({"SPLIT_FIELD": "cover"}, "says 'test' in no row"),
        ({"SAMPLE_DESIGN": "sizes.csv", "EXPECTED_USERS": "crop=0.9"}, "lacks forest, water"),
        ({"SAMPLE_DESIGN": "sizes.csv", "EXPECTED_USERS": "crop=high"}, "cannot be 'crop=high'"),
        ({"REFERENCE": None, "CLASS_FIELD": None}, "Give REFERENCE"),
        ({"CONFUSIONS": ["x.csv"]}, "not both"),
    ],
)
def test_what_does_not_go_together_is_told(
    planted: dict[str, Any], grid: Grid, run_algorithm: Run, tmp_path: Path,
    change: dict[str, Any], part: str,
) -> None:  # fmt: skip
    rows = columns = np.arange(20, 40)
    inputs = reference(tmp_path / "points.gpkg", grid, planted["truth"], rows, columns)
    inputs |= {"MAP": planted["MAP"], "OUTPUT": str(tmp_path / "out.gpkg")}
    if "SAMPLE_DESIGN" in change:
        change = change | {"SAMPLE_DESIGN": str(tmp_path / "sizes.csv")}
    with pytest.raises(QgsProcessingException, match=part):
        run_algorithm("assessmap", inputs | change)


def test_classes_that_the_map_does_not_have_are_named(
    planted: dict[str, Any], grid: Grid, run_algorithm: Run, tmp_path: Path
) -> None:
    names = np.array(["Forest", "rock"], object)
    table = Table({"cover": names}, "r", points(np.array([3.001, 3.002]), np.array([43.345] * 2)))
    write_table(table, tmp_path / "points.gpkg")
    inputs = {"MAP": planted["MAP"], "CLASS_FIELD": "cover", "REPORT": str(tmp_path / "r.html")}
    with pytest.raises(QgsProcessingException, match="Forest, rock. The map has crop, forest"):
        run_algorithm("assessmap", inputs | {"REFERENCE": str(tmp_path / "points.gpkg")})
    far = Table({"cover": names}, "r", points(np.array([30.0, 31.0]), np.array([43.3, 43.3])))
    write_table(far, tmp_path / "far.gpkg")
    with pytest.raises(QgsProcessingException, match="No place of"):
        run_algorithm("assessmap", inputs | {"REFERENCE": str(tmp_path / "far.gpkg")})
