# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps out of stacks and models: by name, by zone, blended, the same however the image is cut."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr

from calval_toolbox.core.classification.classes import Classes, LandClass
from calval_toolbox.core.classification.maps.map_files import (
    MapReport,
    MapTarget,
    MapTask,
    bytes_per_pixel,
    fixed_mb,
    make_map,
)
from calval_toolbox.core.classification.maps.map_tiles import map_tile, recipe
from calval_toolbox.core.classification.model import LEAF, Forest, Member, Model
from calval_toolbox.core.errors import Canceled, InputError, InsufficientDataError, OutputError
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.execution.tiling import tiles
from calval_toolbox.core.io.class_rasters import read_classes
from calval_toolbox.core.io.grids import Grid, unproject
from calval_toolbox.core.io.model_files import write_model
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.tables import polygon
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.table import Table

SIZE, PIXEL = 150, 10.0
LEFT, TOP = 500000.0, 4900000.0
CLASSES = Classes(
    (LandClass(11, "wheat", "#f0e442"), LandClass(12, "maize"), LandClass(31, "forêt"))
)
NAMES = ("NDVI_20190101", "NDVI_20190111", "MIR_00", "elevation")


def wkt() -> str:
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    return str(reference.ExportToWkt())


GRID = Grid(wkt(), (LEFT, PIXEL, 0.0, TOP, 0.0, -PIXEL), SIZE, SIZE)


def stumps(*asked: tuple[int, float, tuple[float, ...], tuple[float, ...]]) -> Forest:
    """Trees of one question each: feature, threshold, shares at most, shares above."""
    count = len(asked)
    feature = np.tile(np.int32([0, LEAF, LEAF]), count)
    threshold = np.zeros(3 * count, np.float32)
    shares = np.zeros((3 * count, len(asked[0][2])), np.float32)
    root = 3 * np.arange(count, dtype=np.int32)
    left, right = np.zeros(3 * count, np.int32), np.zeros(3 * count, np.int32)
    left[root], right[root] = root + 1, root + 2
    for place, (which, bound, low, high) in zip(root, asked, strict=True):
        feature[place], threshold[place] = which, bound
        shares[place + 1], shares[place + 2] = low, high
    return Forest(root, feature, threshold, left, right, shares)


A, B, C = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)


def model(path: Path, *asked: Any, zone: str = "", features: tuple[str, ...] = NAMES) -> str:
    kept = Member("extra_trees", stumps(*asked))
    write_model(path, Model("extra_trees", features, CLASSES, (kept,), 0, zone))
    return str(path)


@pytest.fixture
def layers() -> np.ndarray:
    """Features (4, rows, columns): the first grows to the east, the second to the south."""
    rows, columns = np.indices((SIZE, SIZE)).astype(np.float32)
    noise = np.random.default_rng(1).random((2, SIZE, SIZE), np.float32)
    return np.stack([columns, rows, noise[0], noise[1]])


def stack(path: Path, values: np.ndarray, names: tuple[str, ...] = NAMES) -> str:
    write_raster(path, list(values), GRID, -9999.0, names)
    return str(path)


def run(
    folder: Path, task: MapTask, tile: int = 512, workers: int = 1, probabilities: bool = False
) -> tuple[MapReport, dict[str, np.ndarray]]:
    names = ["codes", "confidence", "state", *(["shares"] if probabilities else [])]
    targets = {name: MapTarget(folder / f"{name}.tif", f"{name}.tif") for name in names}
    settings = ExecutionSettings(f"threads:{workers}", tile)
    report = make_map(task, targets, folder / "map.tiles", settings)
    return report, {name: gdal.Open(str(one.path)).ReadAsArray() for name, one in targets.items()}


def zone_table(**boxes: tuple[float, float, float, float]) -> Table:
    """Zones by name: first and last column and row, in pixels."""
    shapes = np.empty(len(boxes), dtype=object)
    for place, (x0, y0, x1, y1) in enumerate(boxes.values()):
        corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))
        ring = [unproject(GRID.wkt, LEFT + PIXEL * x, TOP - PIXEL * y) for x, y in corners]
        shapes[place] = polygon(ring)
    return Table({"region": np.array(list(boxes), dtype=object)}, "zones", shapes)


def test_bands_are_matched_by_name_whatever_their_order(tmp_path: Path, layers: np.ndarray) -> None:
    file = model(tmp_path / "m.npz", (0, 49.0, A, C), (0, 99.0, A, C), (3, 0.5, B, C))
    order = [3, 2, 0, 1]
    moved = stack(
        tmp_path / "moved.tif", layers[order],
        ("elevation", "MIR_00", "NDVI 2019-01-01", "NDVI 2019-01-11"),
    )  # fmt: skip
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    report, same = run(tmp_path / "one", MapTask(stack(tmp_path / "s.tif", layers), (file,)))
    other = run(tmp_path / "two", MapTask(moved, (file,)))[1]
    assert all((same[name] == other[name]).all() for name in same)
    column, upper = layers[0], layers[3] > 0.5
    truth = np.where(column <= 49, 11, np.where(column <= 99, np.where(upper, 31, 11), 31))
    assert (same["codes"] == truth).all()
    sure = np.where(column <= 49, 67, np.where(column <= 99, np.where(upper, 67, 33), 67))
    sure = np.where((column > 99) & upper, 100, sure)
    assert (same["confidence"] == sure).all()
    assert report.counts == {
        "wheat": int((truth == 11).sum()), "maize": 0, "forêt": int((truth == 31).sum())
    }  # fmt: skip
    assert report.mean_confidence == pytest.approx(sure.mean())
    found = read_classes(tmp_path / "one" / "codes.tif")
    assert found.labels == CLASSES.labels
    assert found.items[0].color == "#f0e442"
    assert read_classes(tmp_path / "one" / "state.tif").labels[0] == "classified"


def test_missing_features_are_named(tmp_path: Path, layers: np.ndarray) -> None:
    file = model(tmp_path / "m.npz", (0, 49.0, A, C))
    poor = stack(tmp_path / "s.tif", layers[:3], NAMES[:3])
    with pytest.raises(InputError, match="lacks 1 of 4 features: elevation"):
        run(tmp_path, MapTask(poor, (file,)))
    bare = stack(tmp_path / "bare.tif", layers, ())
    with pytest.raises(InputError, match="have no descriptions, and features are matched by name"):
        run(tmp_path, MapTask(bare, (file,)))


def test_no_data_and_mask_give_no_class(tmp_path: Path, layers: np.ndarray) -> None:
    layers[1, 3, 4], layers[3, 5, 6], layers[0, 7, 8] = np.nan, -9999.0, np.inf
    mask = np.ones((SIZE, SIZE), np.uint8)
    mask[100:] = 0
    write_raster(tmp_path / "mask.tif", [mask], GRID)
    file = model(tmp_path / "m.npz", (0, 49.0, A, C))
    task = MapTask(stack(tmp_path / "s.tif", layers), (file,), mask=str(tmp_path / "mask.tif"))
    report, made = run(tmp_path, task, probabilities=True)
    empty = np.zeros((SIZE, SIZE), bool)
    empty[3, 4] = empty[5, 6] = empty[7, 8] = True
    assert (made["state"] == np.where(mask == 0, 3, np.where(empty, 2, 1))).all()
    nothing = empty | (mask == 0)
    assert ((made["codes"] == 0) == nothing).all()
    assert ((made["confidence"] == 255) == nothing).all()
    assert ((made["shares"] == -9999.0) == nothing).all()
    assert made["shares"][:, ~nothing].sum(axis=0) == pytest.approx(1.0)
    assert report.classified_share == pytest.approx(1.0 - nothing.mean())
    report.run.discard()
    task = replace(task, mask=str(tmp_path / "none.tif"))
    write_raster(tmp_path / "none.tif", [0 * mask], GRID)
    with pytest.raises(
        InsufficientDataError, match=r"No pixel can be classified \(outside the area: 22,500"
    ):
        run(tmp_path, task)


def test_scaled_integers_are_read_as_values(tmp_path: Path, layers: np.ndarray) -> None:
    whole = np.rint(layers * 10).astype(np.int16)
    path = stack(tmp_path / "s.tif", whole)
    dataset = gdal.OpenEx(path, gdal.OF_UPDATE)
    for band in range(4):
        dataset.GetRasterBand(band + 1).SetScale(0.1)
        dataset.GetRasterBand(band + 1).SetOffset(-5.0)
    dataset = None
    file = model(tmp_path / "m.npz", (0, 44.0, A, C))
    made = run(tmp_path, MapTask(path, (file,)))[1]
    assert (made["codes"] == np.where(layers[0] <= 49, 11, 31)).all()


def test_zones_have_their_own_models(tmp_path: Path, layers: np.ndarray) -> None:
    west = model(tmp_path / "west.npz", (1, 74.0, A, B), zone="1")
    east = model(tmp_path / "east.npz", (1, 74.0, C, B), zone="2")
    zones = zone_table(**{"1": (0, 0, 60, 150), "2": (60, 0, 140, 150), "3": (140, 0, 145, 150)})
    path = stack(tmp_path / "s.tif", layers)
    report, made = run(tmp_path, MapTask(path, (west, east), zones, "region"))
    column, row = layers[0], layers[1]
    truth = np.where(row > 74, 12, np.where(column < 60, 11, 31))
    truth[:, 140:] = 0
    assert (made["codes"] == truth).all()
    assert (made["state"] == np.where(truth == 0, 4, 1)).all()
    assert "Zones without a model: 3; they stay without class." in report.notes[0]
    (tmp_path / "rest").mkdir()
    rest = model(tmp_path / "rest.npz", (0, 0.0, B, B))
    made = run(tmp_path / "rest", MapTask(path, (west, east, rest), zones, "region"))[1]
    assert (made["codes"] == np.where(truth == 0, 12, truth)).all()


def test_models_that_do_not_fit_the_zones_are_refused(tmp_path: Path, layers: np.ndarray) -> None:
    west = model(tmp_path / "west.npz", (1, 74.0, A, B), zone="1")
    east = model(tmp_path / "east.npz", (1, 74.0, C, B), zone="2")
    path = stack(tmp_path / "s.tif", layers)
    with pytest.raises(InputError, match=r"several zones \(1, 2\): give the layer of the zones"):
        run(tmp_path, MapTask(path, (west, east)))
    table = zone_table(north=(0, 0, 60, 150))
    with pytest.raises(InputError, match="No model is of one of the zones north"):
        run(tmp_path, MapTask(path, (west, east), table, "region"))
    other = Classes((LandClass(11, "barley"), LandClass(12, "maize"), LandClass(31, "forêt")))
    kept = Member("extra_trees", stumps((1, 74.0, A, B)))
    write_model(tmp_path / "o.npz", Model("extra_trees", NAMES, other, (kept,), 0, ""))
    mine = model(tmp_path / "m.npz", (1, 74.0, A, B))
    with pytest.raises(InputError, match="'barley' has the code 11, 'wheat' 11"):
        run(tmp_path, MapTask(path, (mine, str(tmp_path / "o.npz"))))
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no model"):
        run(tmp_path, MapTask(path, (str(tmp_path / "empty"),)))


def test_several_models_of_a_zone_vote_and_the_surest_breaks_ties(
    tmp_path: Path, layers: np.ndarray
) -> None:
    path = stack(tmp_path / "s.tif", layers)
    sure = (0.05, 0.05, 0.9)
    one = model(tmp_path / "1.npz", (0, 49.0, (0.6, 0.4, 0.0), (0.6, 0.4, 0.0)))
    two = model(tmp_path / "2.npz", (0, 49.0, (0.1, 0.7, 0.2), sure))
    three = model(tmp_path / "3.npz", (0, 49.0, (0.5, 0.3, 0.2), (0.2, 0.7, 0.1)))
    (tmp_path / "pair").mkdir()
    made = run(tmp_path / "pair", MapTask(path, (one, two)), probabilities=True)[1]
    assert (made["codes"] == np.where(layers[0] <= 49, 12, 31)).all()  # 0.7 and 0.9 beat 0.6
    assert (made["confidence"] == np.where(layers[0] <= 49, 35, 45)).all()
    assert made["shares"][:, 0, 0] == pytest.approx([0.35, 0.55, 0.1])
    made = run(tmp_path, MapTask(path, (one, two, three)))[1]
    assert (made["codes"] == np.where(layers[0] <= 49, 11, 31)).all()  # two of three; then 0.9
    assert (made["confidence"] == np.where(layers[0] <= 49, 37, 30)).all()


def test_blended_borders_are_smooth(tmp_path: Path, layers: np.ndarray) -> None:
    west = model(tmp_path / "west.npz", (1, 74.0, A, A), zone="w")
    east = model(tmp_path / "east.npz", (1, 74.0, (0.2, 0.0, 0.8), (0.2, 0.0, 0.8)), zone="e")
    zones = zone_table(w=(0, 0, 70, 150), e=(70, 0, 150, 150))
    task = MapTask(stack(tmp_path / "s.tif", layers), (west, east), zones, "region", 200.0)
    made = run(tmp_path, task, 64, 2, probabilities=True)[1]
    wheat = made["shares"][0]
    assert (wheat == wheat[0]).all()
    profile = wheat[0]
    assert (profile[:60] == 1.0).all()  # 100 m, or 10 pixels, from the border
    assert profile[80:] == pytest.approx(0.2)
    assert (np.diff(profile[59:82]) <= 0).all()
    assert -np.diff(profile).min() < 0.1
    assert profile[69] + profile[70] == pytest.approx(1.2)  # the same on both sides
    assert (made["codes"] == np.where(made["shares"][2] > wheat, 31, 11)).all()


@pytest.mark.parametrize("blend", [0.0, 150.0])
def test_the_same_map_however_it_is_cut(tmp_path: Path, layers: np.ndarray, blend: float) -> None:
    rng = np.random.default_rng(2)
    asked = [
        (int(rng.integers(4)), float(rng.random() * 100), tuple(rng.dirichlet([1, 1, 1])), A)
        for _ in range(9)
    ]
    west = model(tmp_path / "west.npz", *asked, zone="w")
    east = model(tmp_path / "east.npz", *asked[::2], zone="e")
    zones = zone_table(w=(0, 0, 63.3, 150), e=(50, 40, 150, 150))
    task = MapTask(stack(tmp_path / "s.tif", layers), (west, east), zones, "region", blend)
    made = []
    for tile, workers in ((512, 1), (64, 1), (64, 2), (128, 2)):
        folder = tmp_path / f"{tile}_{workers}"
        folder.mkdir()
        made.append(run(folder, task, tile, workers, probabilities=True))
    for report, rasters in made[1:]:
        assert all(rasters[name].tobytes() == made[0][1][name].tobytes() for name in rasters)
        assert report.mean_confidence == made[0][0].mean_confidence


def test_a_canceled_run_goes_on_where_it_was(tmp_path: Path, layers: np.ndarray) -> None:
    class Impatient(Silent):
        seen = 0.0

        def report(self, fraction: float, text: str = "") -> None:
            self.seen = max(self.seen, fraction)

        def canceled(self) -> bool:
            return self.seen > 0.3

    file = model(tmp_path / "m.npz", (0, 49.0, A, C))
    task = MapTask(stack(tmp_path / "s.tif", layers), (file,))
    targets = {"codes": MapTarget(tmp_path / "codes.tif", "codes.tif")}
    settings = ExecutionSettings("threads:1", 64)
    with pytest.raises(Canceled):
        make_map(task, targets, tmp_path / "t.tiles", settings, Impatient())
    again = make_map(task, targets, tmp_path / "t.tiles", settings)
    assert again.run.kept > 0
    assert again.run.kept + again.run.computed == 9
    # Another model under the same name is another run.
    model(tmp_path / "m.npz", (0, 20.0, A, C))
    with pytest.raises(OutputError, match="holds tiles of a run with other parameters"):
        make_map(task, targets, tmp_path / "t.tiles", settings)


@pytest.mark.parametrize("probabilities", [False, True])
def test_memory_stays_below_the_estimate(tmp_path: Path, probabilities: bool) -> None:
    """60 features, one tile: what numpy holds at the peak, against what is asked for."""
    names = tuple(f"F{place}" for place in range(60))
    rng = np.random.default_rng(3)
    size = 512
    grid = Grid(GRID.wkt, GRID.geotransform, size, size)
    values = np.repeat(rng.random((60, size, 1), np.float32), size, axis=2)
    write_raster(tmp_path / "s.tif", list(values), grid, -9999.0, names)
    del values
    asked = [(int(rng.integers(60)), 0.5, A, B) for _ in range(20)]
    file = model(tmp_path / "m.npz", *asked, features=names)
    parameters = {
        "stack": str(tmp_path / "s.tif"), "models": [[[file, "x"]]], "zones": None, "outside": -1,
        "blend_pixels": 0.0, "mask": "", "by_order": False, "probabilities": probabilities,
    }  # fmt: skip
    known = recipe(str(tmp_path / "s.tif"), (((file, "x"),),))
    (tile,) = tiles(size, size, size)
    map_tile(tile, parameters)
    tracemalloc.start()
    map_tile(tile, parameters)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    estimate = fixed_mb(known, parameters) + size**2 * bytes_per_pixel(known, parameters) / 1e6
    assert 0.5 * estimate < peak < estimate


def test_a_pixel_needs_the_features_of_its_own_zone_only(
    tmp_path: Path, layers: np.ndarray
) -> None:
    layers[0, 3, :] = np.nan  # needed in the west
    layers[1, 5, :] = np.nan  # needed in the east
    west = model(tmp_path / "west.npz", (0, 1e3, A, B), zone="1", features=NAMES[:1])
    east = model(tmp_path / "east.npz", (0, 1e3, C, B), zone="2", features=NAMES[1:2])
    zones = zone_table(**{"1": (0, 0, 60, 150), "2": (60, 0, 150, 150)})
    task = MapTask(stack(tmp_path / "s.tif", layers), (west, east), zones, "region")
    truth = np.where(np.arange(SIZE) < 60, 11, 31) * np.ones((SIZE, 1), int)
    truth[3, :60] = truth[5, 60:] = 0
    made = run(tmp_path, task)[1]
    assert (made["codes"] == truth).all()
    assert (made["state"] == np.where(truth == 0, 2, 1)).all()
    (tmp_path / "soft").mkdir()
    made = run(tmp_path / "soft", replace(task, blend_width_m=200.0))[1]
    assert (made["state"][3] == np.where(np.arange(SIZE) < 70, 2, 1)).all()  # mixed: both


def test_dates_of_another_year_by_their_order(tmp_path: Path, layers: np.ndarray) -> None:
    later = ("NDVI_20200103", *NAMES[2:], "NDVI_20200113")
    file = model(tmp_path / "m.npz", (1, 49.0, A, C))
    path = stack(tmp_path / "s.tif", layers[[1, 2, 3, 0]], later)
    with pytest.raises(InputError, match="lacks 2 of 4 features"):
        run(tmp_path, MapTask(path, (file,)))
    report, made = run(tmp_path, MapTask(path, (file,), by_order=True), tile=64, workers=2)
    assert (made["codes"] == np.where(layers[0] <= 49, 11, 31)).all()
    assert "NDVI_20190101 of the model is NDVI_20200103 of the stack" in report.notes[0]


def test_a_stack_of_another_scale_is_told(tmp_path: Path, layers: np.ndarray) -> None:
    ranges = [[0.0, 75.0, 149.0], [0.0, 75.0, 149.0], [0.0, 0.5, 1.0], [0.0, 0.5, 1.0]]
    kept = Member("extra_trees", stumps((0, 49.0, A, C)))
    file = tmp_path / "m.npz"
    write_model(file, Model("extra_trees", NAMES, CLASSES, (kept,), facts={"ranges": ranges}))
    fine = run(tmp_path, MapTask(stack(tmp_path / "s.tif", layers), (str(file),)))[0]
    fine.run.discard()
    assert (fine.outside, fine.notes) == ({}, ())
    layers[2:] *= 10_000.0
    task = MapTask(stack(tmp_path / "large.tif", layers), (str(file),))
    (tmp_path / "cut").mkdir()
    report, cut = run(tmp_path, task)[0], run(tmp_path / "cut", task, tile=64)[0]
    assert list(report.outside) == ["MIR_00", "elevation"]
    assert min(report.outside.values()) > 0.99
    assert report.outside == cut.outside
    assert "2 of 4 features lie outside" in report.notes[0]
    assert "10,000 times as large as those of the samples" in report.notes[0]


def test_undeclared_no_data_is_a_missing_feature(tmp_path: Path, layers: np.ndarray) -> None:
    layers[3, :2, :5] = -9999.0
    path = tmp_path / "s.tif"
    write_raster(path, list(layers), GRID, None, NAMES)
    file = model(tmp_path / "m.npz", (0, 49.0, A, C))
    report, made = run(tmp_path, MapTask(str(path), (file,)))
    report.run.discard()
    assert (made["state"] == 2).sum() == 10
    assert "s.tif hold -9999" in report.notes[0]
    seen = Model(
        "extra_trees", NAMES, CLASSES, (Member("extra_trees", stumps((0, 49.0, A, C))),),
        facts={"ranges": [[-20_000.0, 1.0, 20_000.0]] * 4},
    )  # fmt: skip
    write_model(tmp_path / "seen.npz", seen)
    report, made = run(tmp_path, MapTask(str(path), (str(tmp_path / "seen.npz"),)))
    assert (made["state"] == 1).all()
    assert report.notes == ()
