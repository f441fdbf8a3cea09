# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole chain on simulated products: right, the same everywhere, made again only in part."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.classification.chain.keys import PARAMETERS, SAMPLES, TRAINING
from calval_toolbox.core.classification.chain.land_cover import (
    ChainRequest,
    ChainResult,
    run_chain,
)
from calval_toolbox.core.classification.chain.plan import Standing
from calval_toolbox.core.classification.simulate import LandCoverCase
from calval_toolbox.core.classification.simulation.ground import CLASSES
from calval_toolbox.core.errors import InputError, TableError
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.io.class_rasters import read_classes
from calval_toolbox.core.io.confusion_files import read_confusion
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.tables import read_table, write_table
from calval_toolbox.core.simulation.covers import BANDS
from calval_toolbox.core.table import Table

QUICK = {
    "computeprimitives": {"STEP_DAYS": 40, "INDICES": "NDVI", "BANDS": "B3,B4,B8,B11"},
    "preparesamples": {"BLOCK_SIZE_M": 300.0, "MAX_PER_CLASS": 60},
    "trainclassifier": {"TREES": 20, "FOLDS": 2},
    "assessmap": {"DESIGN": "simple_random"},
}


def told(case: LandCoverCase, **more: Any) -> str:
    given = {
        "products": str(case.folder / "optical"), "reference": str(case.reference),
        "class_field": "class", "validation": str(case.validation), "steps": QUICK,
    }  # fmt: skip
    return json.dumps({key: value for key, value in {**given, **more}.items() if value})


def run(
    text: str, folder: Path, executor: str = "threads:2", tile_size: int = 64, **more: Any
) -> ChainResult:
    settings = ExecutionSettings(executor=executor, tile_size=tile_size)
    return run_chain(ChainRequest(text, folder, **more), settings)


def pixels(path: str) -> np.ndarray:
    return gdal.Open(path).ReadAsArray()


@pytest.fixture(scope="module")
def chain(
    land_cover_case: LandCoverCase, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, ChainResult]:
    pytest.importorskip("sklearn")
    folder = tmp_path_factory.mktemp("chain")
    return folder, run(told(land_cover_case), folder)


def test_the_map_is_right(chain: tuple[Path, ChainResult], land_cover_case: LandCoverCase) -> None:
    _, made = chain
    truth = land_cover_case.ground.codes()
    mapped = pixels(made.map)
    assert mapped.shape == truth.shape
    right = float(np.mean(mapped == truth))
    assert right > 0.75
    assert "sunflower" in read_classes(made.map).labels
    confidence = pixels(made.confidence)
    assert confidence[mapped == truth].mean() > confidence[mapped != truth].mean() + 10.0
    # The sample of 400 points says of the map what it is, as far as it can.
    assert made.facts["samples"] == 400
    assert made.facts["oa_by_area_low"] - 0.02 < right < made.facts["oa_by_area_high"] + 0.02
    assert (made.steps_run, made.steps_skipped) == (5, 0)
    manifest = json.loads(Path(made.manifest).read_text())
    unit = manifest["units"]["trainclassifier"]
    assert unit["identity"]["parameters"]["TREES"] == 20
    assert {"calval_toolbox", "gdal", "numpy"} <= set(unit["versions"])
    assert len(unit["outputs"]["model"]["sha256"]) == 64
    assert Path(made.report).read_text("utf-8").startswith("<!DOCTYPE html>")
    assert not list(Path(made.manifest).parent.rglob("*.tiles"))


def test_labels_are_the_same_on_one_thread_and_in_other_blocks(
    chain: tuple[Path, ChainResult], land_cover_case: LandCoverCase, tmp_path: Path
) -> None:
    _, made = chain
    other = run(told(land_cover_case), tmp_path / "again", "threads:1", 128)
    assert np.array_equal(pixels(other.map), pixels(made.map))
    assert np.array_equal(pixels(other.confidence), pixels(made.confidence))


def test_only_what_a_change_concerns_is_made_again(
    chain: tuple[Path, ChainResult], land_cover_case: LandCoverCase
) -> None:
    folder, made = chain
    before = pixels(made.map)
    # Other blocks and threads change no pixel: nothing is made again.
    same = run(told(land_cover_case), folder, "threads:1", 256)
    assert (same.steps_run, same.steps_skipped) == (0, 5)
    steps = {**QUICK, TRAINING: {"TREES": 21, "FOLDS": 2}}
    plan = run(told(land_cover_case, steps=steps), folder, plan_only=True).plan
    standings = {one.unit.name: one.standing for one in plan.planned}
    assert standings[SAMPLES] is Standing.CURRENT
    assert standings[TRAINING] is Standing.DUE
    changed = run(told(land_cover_case, steps=steps), folder)
    assert (changed.steps_run, changed.steps_skipped) == (3, 2)
    back = run(told(land_cover_case), folder)
    assert (back.steps_run, back.steps_skipped) == (3, 2)
    assert np.array_equal(pixels(back.map), before)


def test_sensors_apart_zones_runs_and_a_regularized_map(
    land_cover_case: LandCoverCase, tmp_path: Path
) -> None:
    case, tile = land_cover_case, "T31TCJ"
    # The zones are the second layer of their file: every step has to take that one.
    layers = tmp_path / "layers.gpkg"
    first = {"layerName": "points", "selectFields": ["class"]}
    gdal.VectorTranslate(str(layers), str(case.validation), **first)
    gdal.VectorTranslate(str(layers), str(case.zones), layerName="zones", accessMode="update")
    text = told(
        case, products={tile: str(case.optical[tile])}, radar={tile: str(case.radar[tile])},
        zones=f"{layers}|layername=zones", zone_field="zone", sensors="apart", runs=2, seed=3,
        validation="", exogenous=str(case.elevation), polygons=True, steps=QUICK,
    )  # fmt: skip
    out = tmp_path / "out"
    made = run(text, out)
    assert made.map.endswith("regularized.tif")
    polygons = read_table(out / "maps" / "polygons.gpkg")
    assert set(polygons["class"]) <= {*CLASSES.labels, "undecided"}
    assert {one.name for one in (out / "models").glob("*.npz")} >= {
        "model_run_1_optical.npz", "model_run_1_optical_plain.npz", "model_run_2_radar.npz",
    }  # fmt: skip
    choice = pixels(str(out / "maps" / "choice_run_1.tif"))
    optical, radar, fused = (
        pixels(str(out / "maps" / f"map_run_1{name}.tif")) for name in ("_optical", "_radar", "")
    )
    assert np.array_equal(choice == 1, (optical == radar) & (fused == optical))
    assert set(np.unique(choice)) == {0, 1, 2, 3}
    runs = [read_confusion(out / "accuracy" / f"run_{run}.csv") for run in (1, 2)]
    assert made.facts["oa"] == pytest.approx(np.mean([one.overall for one in runs]))
    spread = abs(runs[0].overall - runs[1].overall) / 2.0
    # Two runs leave one degree of freedom: t = 12.7062, half the difference is the standard error.
    assert made.facts["oa_half_width"] == pytest.approx(12.7062 * spread, rel=1e-4)
    truth = case.ground.codes()[:, : fused.shape[1]]
    assert np.mean(pixels(made.map) == truth) > np.mean(radar == truth)


def test_dated_rasters_in_place_of_products(land_cover_case: LandCoverCase, tmp_path: Path) -> None:
    case = land_cover_case
    bands = [list(BANDS).index(name) for name in ("B4", "B8")]
    for month in range(3, 11):
        image = case.ground.landscape.reflectance(np.datetime64(f"2022-{month:02d}-10"))
        data = [np.rint(1e4 * image[band]).astype(np.int16) for band in bands]
        path = tmp_path / "stack" / f"image_2022{month:02d}10.tif"
        path.parent.mkdir(exist_ok=True)
        write_raster(path, data, case.grid, -1.0, ("B4", "B8"))
    steps = {**QUICK, "computeprimitives": {"STEP_DAYS": 30, "SCALE": 1e-4, "INDICES": "none"}}
    usual = {"products": None, "stack": str(tmp_path / "stack"), "steps": steps}
    made = run(told(case, **usual), tmp_path / "out")
    assert float(np.mean(pixels(made.map) == case.ground.codes())) > 0.7
    features = tmp_path / "out" / "tiles" / "tile" / "features.tif"
    # The same images of the year before train, too.
    other = gdal.GetDriverByName("GTiff").CreateCopy(
        str(tmp_path / "before.tif"), gdal.Open(str(features))
    )
    for band in map(other.GetRasterBand, range(1, other.RasterCount + 1)):
        band.SetDescription(band.GetDescription().replace("2022", "2021"))
    del band, other
    more = told(case, **usual, other_years=str(tmp_path / "before.tif"))
    again = run(more, tmp_path / "out", last=SAMPLES)
    assert again.steps_skipped == 1  # the features
    table = read_table(tmp_path / "out" / "samples" / "samples.gpkg")
    assert set(table["year"].tolist()) == {2021, 2022}
    assert len(table["year"]) > 100


def test_what_is_wrong_stops_before_anything_is_made(
    land_cover_case: LandCoverCase, tmp_path: Path
) -> None:
    case = land_cover_case
    with pytest.raises(InputError, match="Is 'TREES' meant"):
        run(told(case, steps={TRAINING: {"TRESS": 5}}), tmp_path / "out")
    with pytest.raises(InputError, match="FIRST_STEP=computeprimitives"):
        run(told(case), tmp_path / "out", first=SAMPLES)
    with pytest.raises(TableError, match="class_field of the reference: .*no column 'klass'.*zone"):
        run(told(case, class_field="klass"), tmp_path / "out")
    with pytest.raises(TableError, match="zone_field of the zones: .*no column 'hill'"):
        run(told(case, zones=str(case.zones), zone_field="hill"), tmp_path / "out")
    with pytest.raises(TableError, match="class_field of the validation: .*no column 'class'"):
        run(told(case, validation=str(case.zones)), tmp_path / "out", plan_only=True)
    assert not (tmp_path / "out" / "tiles").exists()


def test_a_class_with_capitals_stops_at_the_samples_and_goes_on_when_mended(
    land_cover_case: LandCoverCase, tmp_path: Path
) -> None:
    case, tile = land_cover_case, "T31TCJ"
    table = read_table(case.reference)
    labels = table["class"].copy()
    labels[0] = str(labels[0]).upper()
    broken = tmp_path / "broken.gpkg"
    columns = {**table.columns, "class": labels}
    write_table(Table(columns, "reference", table.geometry, "Polygon"), broken)
    products = {tile: str(case.optical[tile])}
    with pytest.raises(InputError, match="preparesamples: .*differ by case.* 1 finished part"):
        run(told(case, products=products, reference=str(broken)), tmp_path / "out")
    mended = run(told(case, products=products), tmp_path / "out", last=SAMPLES)
    assert (mended.steps_run, mended.steps_skipped) == (1, 1)


def test_every_parameter_of_a_step_is_used(land_cover_case: LandCoverCase) -> None:
    """A parameter that the chain takes but never looks at would do nothing in silence."""
    folder = Path(run_chain.__code__.co_filename).parent / "steps"
    text = "\n".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    text += (folder.parents[1] / "samples" / "settings.py").read_text("utf-8")
    text += (folder.parent / "tiles.py").read_text("utf-8")
    for step, keys in PARAMETERS.items():
        for key in keys:
            assert f'"{key}"' in text, (step, key)
