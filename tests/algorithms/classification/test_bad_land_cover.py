# SPDX-License-Identifier: GPL-3.0-or-later
"""Land cover out of bad input: each algorithm says one sentence, and leaves nothing behind."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")
pytest.importorskip("sklearn")

from osgeo import gdal, ogr, osr
from qgis.core import QgsProcessingException, QgsProcessingFeedback
from samples import features_and_model

from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.model_files import read_model
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.tables import read_table, write_table
from calval_toolbox.core.table import Table

Run = Callable[..., dict[str, Any]]
TEXTS = ('blé, "d\'hiver"; é=1', "maïs <b>&amp;")
LEFT, TOP, PIXEL = 5e5, 4.9e6, 10.0
BOXES = ((2, 2), (60, 2), (2, 30), (60, 30), (2, 60), (60, 60))  # column and row, 5 x 5 pixels


class Told(QgsProcessingFeedback):
    """Keeps the warnings."""

    def __init__(self) -> None:
        super().__init__()
        self.warnings: list[str] = []

    def pushWarning(self, warning: str) -> None:
        self.warnings.append(warning)


class World:
    """A stack, its model and map, polygons with other classes, and a folder for each run."""

    def __init__(self, folder: Path, run: Run) -> None:
        self.folder, self.run, self.count = folder, run, 0
        stack, model = features_and_model(folder / "in")
        self.stack, self.model = str(stack), str(model)

    def polygons(self, classes: Sequence[str | None], away: int = 0) -> str:
        self.count += 1
        path = self.folder / f"polygons{self.count}.gpkg"
        system = osr.SpatialReference()
        system.ImportFromEPSG(32631)
        source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
        layer = source.CreateLayer("polygons", system, ogr.wkbPolygon)
        layer.CreateField(ogr.FieldDefn("cover", ogr.OFTString))
        for label, (column, row) in zip(classes, BOXES, strict=False):
            x, y = LEFT + PIXEL * (column + away), TOP - PIXEL * row
            feature = ogr.Feature(layer.GetLayerDefn())
            if label is not None:
                feature["cover"] = label
            feature.SetGeometry(ogr.CreateGeometryFromWkt(
                f"POLYGON(({x} {y},{x + 50} {y},{x + 50} {y - 50},{x} {y - 50},{x} {y}))"
            ))  # fmt: skip
            layer.CreateFeature(feature)
        return str(path)

    def table(self, labels: Sequence[Any], **columns: Any) -> str:
        self.count += 1
        path = self.folder / f"table{self.count}.gpkg"
        rng = np.random.default_rng(1)
        names, place = np.unique([str(one) for one in labels], return_inverse=True)
        texts = any(isinstance(one, str) or one is None for one in labels)
        made = {
            "cover": np.array(labels, dtype=object if texts else None),
            "NDVI_20190101": rng.random(len(labels)) + place, "elevation": rng.random(len(labels)),
        }  # fmt: skip
        write_table(Table({**made, **columns}, "t"), path, "t")
        return str(path)

    def go(self, name: str, **given: Any) -> tuple[dict[str, Any], Told, Path]:
        self.count += 1
        folder = self.folder / f"out{self.count}"
        folder.mkdir()
        key = "OUTPUT_MODEL" if name == "trainclassifier" else "OUTPUT"
        suffix = {"trainclassifier": "npz", "preparesamples": "gpkg"}.get(name, "tif")
        told = Told()
        if name == "assessmap":
            key, suffix = "REPORT", "html"
        inputs = {key: str(folder / f"out.{suffix}"), **given}
        try:
            return self.run(name, inputs, feedback=told), told, folder
        except QgsProcessingException:
            assert not list(folder.iterdir())
            raise

    def fails(self, words: str, name: str, **given: Any) -> None:
        with pytest.raises(QgsProcessingException, match=words) as caught:
            self.go(name, **given)
        assert "Traceback" not in str(caught.value)

    def samples(
        self, words: str, classes: Sequence[str | None], away: int = 0, **given: Any
    ) -> None:
        known = {"STACK": [self.stack], "CLASS_FIELD": "cover"}
        reference = self.polygons(classes, away)
        self.fails(words, "preparesamples", **{**known, "REFERENCE": reference, **given})

    def map(self, words: str, **given: Any) -> None:
        known = {"STACK": self.stack, "MODELS": [self.model]}
        self.fails(words, "classifytimeseries", **{**known, **given})


@pytest.fixture
def world(tmp_path: Path, run_algorithm: Run) -> World:
    return World(tmp_path, run_algorithm)


def test_polygons_and_classes(world: World) -> None:
    world.samples(r"None of the 6 .* has a pixel in the feature stack", ["a", "b"] * 3, 900)
    world.samples(r"are of one class \(a\)", ["a"] * 6)
    world.samples("differ by case or blanks alone", ["a", "b", "A", "b", "a", "b"])
    world.samples("differ by case or blanks alone", ["w x", "b", "wx", "b", "w x", "b"])
    world.samples("nothing can be written into /proc", ["a", "b"] * 3, OUTPUT="/proc/x/s.gpkg")
    known = {"STACK": [world.stack], "CLASS_FIELD": "cover"}
    polygons = world.polygons(["a ", None, " a", "b", "", "b"])
    done, told, _ = world.go("preparesamples", REFERENCE=polygons, **known)
    assert (done["CLASS_COUNT"], done["LEFT_OUT_COUNT"]) == (2, 2)
    assert any("2 polygons left out (no class)" in text for text in told.warnings)
    swapped = {"STACK": [polygons], "REFERENCE": world.stack, "CLASS_FIELD": "cover"}
    world.fails("is not a table that can be read", "preparesamples", **swapped)


def test_odd_names_go_all_the_way(world: World) -> None:
    """Commas, quotation marks, accents and markup in classes: samples, model, map, assessment."""
    polygons = world.polygons(TEXTS * 3)
    known = {"CLASS_FIELD": "cover", "REFERENCE": polygons}
    samples = world.go("preparesamples", STACK=[world.stack], **known)[0]["OUTPUT"]
    assert set(read_table(samples)["cover"]) == set(TEXTS)
    training = {"SAMPLES": samples, "CLASS_FIELD": "cover", "TREES": 10, "FOLDS": 2}
    model = world.go("trainclassifier", **training)[0]["OUTPUT_MODEL"]
    assert set(read_model(model).classes.labels) == set(TEXTS)
    image = world.go("classifytimeseries", STACK=world.stack, MODELS=[model])[0]["OUTPUT"]
    confusion = str(world.folder / "c.csv")
    done = world.go("assessmap", MAP=image, CONFUSION=confusion, **known)[0]
    assert (done["OA"], done["SAMPLE_COUNT"]) == (1.0, 150)
    world.go("assessmap", CONFUSIONS=[confusion, confusion])


def test_tables_of_samples(world: World) -> None:
    def fails(words: str, labels: Sequence[Any], **columns: Any) -> None:
        given = {"CLASS_FIELD": "cover", "TREES": 10, "FOLDS": 2}
        world.fails(words, "trainclassifier", SAMPLES=world.table(labels, **columns), **given)

    halves = np.arange(40) % 2 == 0
    first, second = np.where(halves, np.nan, 1.0), np.where(halves, 1.0, np.nan)
    fails("No sample of .* has a class in the column 'cover'", [None, ""] * 20)
    fails("No sample of .* has a value in all", ["a", "b"] * 20, elevation=first, slope=second)
    given = {"CLASS_FIELD": "cover", "TREES": 3, "FOLDS": 2}
    many = world.table([f"c{place % 300:03d}" for place in range(1200)])
    done, _, folder = world.go("trainclassifier", SAMPLES=many, **given)
    assert done["CLASS_COUNT"] == 300
    inputs = {"STACK": world.stack, "MODELS": [str(folder / "out.npz")]}
    image = gdal.Open(world.go("classifytimeseries", **inputs)[0]["OUTPUT"])
    assert image.GetRasterBand(1).DataType == gdal.GDT_UInt16
    numbers = world.table(["12", "7"] * 20)
    found = world.go("trainclassifier", SAMPLES=numbers, **given)[0]["OUTPUT_MODEL"]
    assert read_model(found).classes.codes.tolist() == [7, 12]
    told = world.go("trainclassifier", SAMPLES=world.table([70000, 7] * 20), **given)[1]
    assert any("no codes of the map" in text for text in told.warnings)
    world.fails("is not a table", "trainclassifier", SAMPLES=world.model, **given)
    unwritable = {"SAMPLES": numbers, "OUTPUT_MODEL": "/proc/x/m.npz"}
    world.fails("nothing can be written", "trainclassifier", **given, **unwritable)


def test_models_and_stacks(world: World) -> None:
    files = {
        "pickle.pkl": pickle.dumps({"a": 1}), "noise.npz": bytes(range(256)) * 2,
        "half.npz": Path(world.model).read_bytes()[:400], "job.joblib": b"\x80\x04\x95",
    }  # fmt: skip
    for name, data in files.items():
        path = world.folder / name
        path.write_bytes(data)
        world.map(f"{name} is not a model of", MODELS=[str(path)])
    objects = world.folder / "objects.npz"
    np.savez(objects, a=np.array([{"x": 1}], dtype=object))
    world.map("objects.npz is not a model of", MODELS=[str(objects)])
    world.map("none.npz does not exist", MODELS=[str(world.folder / "none.npz")])
    world.map("Could not load source layer for STACK", STACK=world.model, MODELS=[world.stack])
    world.map("nothing can be written", OUTPUT="/proc/x/m.tif")
    world.map("nothing can be written", OUTPUT_PROBABILITIES="/proc/x/m.tif")
    zoned = str(features_and_model(world.folder / "in", "a")[1])
    far = {"ZONES": world.polygons(["a"], 9000), "ZONE_FIELD": "cover", "MODELS": [zoned]}
    world.map(r"No pixel can be classified \(no model of the zone", **far)


def test_maps_of_two_systems_and_no_maps(world: World) -> None:
    image = world.go("classifytimeseries", STACK=world.stack, MODELS=[world.model])[0]["OUTPUT"]
    degrees = str(world.folder / "degrees.tif")
    gdal.Warp(degrees, image, dstSRS="EPSG:4326")
    fails = world.fails
    fails("lies on another grid", "fuseclassifications", MAPS=[image, degrees])
    fails("is no map of classes", "fuseclassifications", MAPS=[image, world.stack])
    fails("Give two or more maps", "fuseclassifications", MAPS=[image])
    fails("cannot be opened", "fuseclassifications", MAPS=[image, world.model])
    fails("is no map of classes", "regularizemap", MAP=world.stack)
    fails("nothing can be written", "regularizemap", MAP=image, OUTPUT="/proc/x/r.tif")
    given = {"MAP": image, "CLASS_FIELD": "cover"}
    unknown = world.polygons(["Water"])
    fails("does not have: Water", "assessmap", REFERENCE=unknown, **given)
    far = world.polygons(["water"], 900)
    fails("No place of .* lies on", "assessmap", REFERENCE=far, **given)
    fails(
        "is not a table that can be read",
        "assessmap",
        MAP=far,
        REFERENCE=image,
        CLASS_FIELD="cover",
    )


def test_series_of_images(world: World) -> None:
    folder = world.folder / "series"
    folder.mkdir()
    grid = grid_from_epsg(32631, (LEFT, PIXEL, 0.0, TOP, 0.0, -PIXEL), 8, 6)
    empty = [np.full((6, 8), -9999.0, np.float32)] * 2
    for day in (1, 11, 21):
        write_raster(folder / f"i_202007{day:02d}.tif", empty, grid, -9999.0, ("red", "nir"))
    given = {"STACK": [str(folder)]}
    world.fails("All observations of the images are masked", "computeprimitives", **given)
    last = folder / "i_20200801.tif"
    full = [np.ones((6, 8), np.float32), np.ones((6, 8), np.float32)]
    write_raster(last, full, grid, -9999.0, ("red", "nir"))
    _, told, _ = world.go("computeprimitives", **given)
    assert any(text.startswith("100 % of the pixels lack some feature") for text in told.warnings)
    world.fails("nothing can be written", "computeprimitives", VALIDITY="/proc/x/v.tif", **given)
    other = grid_from_epsg(32632, (LEFT, PIXEL, 0.0, TOP, 0.0, -PIXEL), 8, 6)
    write_raster(last, full, other, -9999.0, ("red", "nir"))
    world.fails("lies in another coordinate system", "computeprimitives", **given)
    world.fails("cannot be opened", "computeprimitives", STACK=[world.model])
