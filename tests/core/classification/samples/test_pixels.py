# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pixels are taken, and what they hold: planted values, GDAL's own rule, real polygons."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, ogr, osr
from sample_world import LEFT, NODATA, PIXEL, TOP, layer, outline, wkt, write_raster

from calval_toolbox.core.classification.samples.pixels import (
    ALL_SHARED,
    NO_CENTER,
    NO_DATA,
    NO_SAMPLE,
    OUTSIDE,
    RARELY_SEEN,
    REPEATED,
    SHARED,
)
from calval_toolbox.core.classification.samples.reference import COPY, ReferenceFields
from calval_toolbox.core.classification.samples.run import SampleReport, SampleTask, prepare_samples
from calval_toolbox.core.classification.samples.settings import SampleSettings
from calval_toolbox.core.errors import InputError, InsufficientDataError
from calval_toolbox.core.io.polygon_pixels import find_pixels
from calval_toolbox.core.io.rasters import Rasters
from calval_toolbox.core.io.tables import read_table
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.table import Table

ROWS, COLUMNS = 40, 60


def positions() -> dict[str, np.ndarray]:
    row, column = np.mgrid[:ROWS, :COLUMNS]
    return {"row": row, "column": column}


def prepared(stack: str | list[str], reference: Table, **options: Any) -> SampleReport:
    settings = SampleSettings(**options.pop("settings", {}))
    uris = (stack,) if isinstance(stack, str) else tuple(stack)
    return prepare_samples(
        SampleTask(uris, reference, ReferenceFields("class"), settings, **options)
    )


def test_each_polygon_gives_its_planted_value(tmp_path: Path) -> None:
    squares = [(2, 2, 6, 4), (20, 2, 5, 5), (40, 10, 3, 8), (10, 30, 7, 2)]
    planted = np.full((ROWS, COLUMNS), 99.0)
    for number, (column, row, columns, rows) in enumerate(squares):
        planted[row : row + rows, column : column + columns] = number + 0.25
    stack = write_raster(tmp_path / "s.tif", {"NDVI 2019-01-01": planted, "wet": -planted})
    found = prepared(stack, layer(squares, **{"class": ["a", "b", "a", "b"]}))
    assert found.table is not None
    polygons = found.table["polygon"]
    assert np.array_equal(found.table["NDVI_20190101"], polygons - 1 + 0.25)
    assert np.array_equal(found.table["wet"], -(polygons - 1 + 0.25))
    counts = {number: int((polygons == number).sum()) for number in (1, 2, 3, 4)}
    assert counts == {1: 24, 2: 25, 3: 24, 4: 14}
    labels = dict(zip(polygons.tolist(), found.table["class"].tolist(), strict=True))
    assert labels == {1: "a", 2: "b", 3: "a", 4: "b"}
    assert not any(found.left_out.values())


@pytest.mark.parametrize("tiled", [False, True])
def test_pixels_are_those_that_gdal_rasterizes(tmp_path: Path, tiled: bool) -> None:
    """Triangles and slivers at odd places, against one pass of GDAL over all of them."""
    rng = np.random.default_rng(5)
    stack = write_raster(tmp_path / "s.tif", positions(), tiled=tiled)
    corners = rng.uniform(0, 1, (40, 1, 2)) * (COLUMNS + 4, ROWS + 4) - 2
    corners = corners + rng.normal(0, 3.0, (40, 3, 2))
    shapes = []
    for triangle in corners:
        ring = [(LEFT + PIXEL * c, TOP - PIXEL * r) for c, r in (*triangle, triangle[0])]
        shapes.append(bytes(ogr.CreateGeometryFromWkt(
            "POLYGON((" + ",".join(f"{x!r} {y!r}" for x, y in ring) + "))"
        ).ExportToWkb(ogr.wkbNDR)))  # fmt: skip
    with Rasters() as rasters:
        found = find_pixels([stack], shapes, rasters, Silent())
    hits = burn(stack, shapes)
    assert (hits > 1).any()
    mine = np.zeros((ROWS, COLUMNS), dtype=int)
    np.add.at(mine, (found.pixels.row, found.pixels.column), 1)
    assert np.array_equal(mine == 1, hits == 1)
    assert mine.max() == 1
    assert int(found.shared.sum()) == int(hits[hits > 1].sum())
    assert found.pixels.x == pytest.approx(LEFT + PIXEL * (found.pixels.column + 0.5))
    assert found.pixels.y == pytest.approx(TOP - PIXEL * (found.pixels.row + 0.5))


def burn(path: str, shapes: list[bytes]) -> np.ndarray:
    source = gdal.Open(path)
    memory = gdal.GetDriverByName("MEM").Create("", source.RasterXSize, source.RasterYSize)
    memory.SetGeoTransform(source.GetGeoTransform())
    memory.SetProjection(source.GetProjection())
    data = ogr.GetDriverByName("Memory").CreateDataSource("")
    system = osr.SpatialReference(source.GetProjection())
    made = data.CreateLayer("shapes", system, ogr.wkbPolygon)
    for shape in shapes:
        feature = ogr.Feature(made.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkb(shape))
        made.CreateFeature(feature)
    gdal.RasterizeLayer(memory, [1], made, burn_values=[1], options=["MERGE_ALG=ADD"])
    return np.asarray(memory.ReadAsArray())


def test_real_polygons_take_the_pixels_that_gdal_takes(shared_data: Path, tmp_path: Path) -> None:
    """28 polygons of 14 crops over 110 km, on a grid of 30 m in their region."""
    folder = shared_data / "classification" / "iota2_testdata"
    columns, rows = 3664, 3633
    path = tmp_path / "rows_and_columns.tif"
    made = gdal.GetDriverByName("GTiff").Create(
        str(path), columns, rows, 2, gdal.GDT_UInt16, ["COMPRESS=DEFLATE", "TILED=YES"]
    )
    made.SetProjection(wkt(2154))
    made.SetGeoTransform((500070.0, 30.0, 0.0, 6320280.0, 0.0, -30.0))
    row, column = np.mgrid[:rows, :columns].astype(np.uint16)
    for number, (name, values) in enumerate((("row", row), ("column", column)), start=1):
        made.GetRasterBand(number).SetDescription(name)
        made.GetRasterBand(number).WriteArray(values)
    del made
    reference = read_table(folder / "D5H2_groundTruth_samples.shp")
    zones = read_table(folder / "ZONAGE_BV_ALL.shp")
    task = SampleTask((str(path),), reference, ReferenceFields("CODE"))
    found = prepare_samples(task)
    assert found.table is not None
    source = gdal.OpenEx(str(folder / "D5H2_groundTruth_samples.shp"))
    shapes = [bytes(one.GetGeometryRef().ExportToWkb(ogr.wkbNDR)) for one in source.GetLayer(0)]
    hits = burn(str(path), shapes)
    mine = np.zeros_like(hits)
    mine[found.table["row"].astype(int), found.table["column"].astype(int)] = 1
    assert int(hits.sum()) == 936
    assert np.array_equal(mine, hits)
    # Two polygons of each of 14 classes: one on each side.
    assert len(found.reference.classes) == 14
    assert found.summary["train_polygons"].tolist() == [1] * 14
    assert found.summary["test_polygons"].tolist() == [1] * 14
    zoned = prepare_samples(SampleTask(
        (str(path),), reference, ReferenceFields("CODE"), zones=zones, zone_field="region"
    ))  # fmt: skip
    assert len(zoned.reference) == 17
    assert {one.reason for one in zoned.reference.left_out} == {"in no zone"}


def test_real_image_and_its_polygons(shared_data: Path) -> None:
    """The SPOT 6 crop and its polygons: values are those of the image at the points."""
    folder = shared_data / "classification" / "iota2_testdata" / "spot_6_data"
    image = str(folder / "images" / "T32TLR" / "spot6_sub.tif")
    reference = read_table(folder / "fake_samples.shp")
    found = prepare_samples(SampleTask((image,), reference, ReferenceFields("coden2")))
    assert found.table is not None
    assert found.table.geometry is not None
    pixels = gdal.Open(image).ReadAsArray().reshape(-1, 377, 688)
    left, width, _, top, _, height = gdal.Open(image).GetGeoTransform()
    for row in range(0, len(found.table), 97):
        place = ogr.CreateGeometryFromWkb(found.table.geometry[row])
        at = int((place.GetY() - top) / height), int((place.GetX() - left) / width)
        assert found.table["band_1"][row] == pixels[0][at]
    real = "D0005H0002/LANDSAT8_OLITIRS_XS_20160330_N2A_France-MetropoleD0005H0002"
    other = next((folder.parent / "L8_50x50" / real).glob("*PENTE*.TIF"))
    with pytest.raises(InsufficientDataError, match=r"None of the 20 .*outside the rasters"):
        prepare_samples(SampleTask((str(other),), reference, ReferenceFields("coden2")))


def test_real_points_of_a_table(shared_data: Path) -> None:
    """603 places of crops in Mato Grosso with MODIS images, several years at one place; the values
    are those that GDAL gives at the places.
    """
    folder = shared_data / "classification" / "dtwSat_lucc_MT"
    reference = read_table(folder / "samples.csv")
    image = str(folder / "evi.tif")
    found = prepare_samples(SampleTask((image,), reference, ReferenceFields("label", "", "to")))
    assert found.table is not None
    lost = Counter(one.reason for one in found.reference.left_out)
    # Places of several years: of one class once, of several classes not at all.
    assert lost == {COPY: 190, ALL_SHARED: 154, NO_SAMPLE: 1}
    assert any("one year only: Cotton-fallow (2012)" in note for note in found.notes)
    assert len(found.reference) + len(found.reference.left_out) == 603
    system = osr.SpatialReference()
    system.ImportFromEPSG(4326)
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    source = gdal.Open(image)
    there = osr.SpatialReference(source.GetProjection())
    there.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    change = osr.CoordinateTransformation(system, there)
    left, width, _, top, _, height = source.GetGeoTransform()
    values = source.ReadAsArray()
    polygons = found.table["polygon"]
    for row in range(0, len(found.table), 7):
        at = int(polygons[row]) - 1
        x, y, _ = change.TransformPoint(
            float(reference["longitude"][at]), float(reference["latitude"][at])
        )
        wanted = values[:, int((y - top) / height), int((x - left) / width)]
        mine = np.array([found.table[name][row] for name in found.features])
        assert np.array_equal(mine, wanted.astype(np.float32))
        assert found.table["label"][row] == reference["label"][at]


def test_what_cannot_be_used_is_counted(tmp_path: Path) -> None:
    planted = positions()
    planted["row"] = planted["row"].astype(float)
    planted["row"][2, 2] = NODATA
    planted["row"][2, 3] = np.nan
    stack = write_raster(tmp_path / "s.tif", planted)
    squares = [
        (2, 2, 4, 4), (5, 5, 4, 4), (20, 20, 4, 4), (30.1, 30.1, 0.3, 0.3), (200, 2, 4, 4),
        (10, 20, 4, 4), (20, 20, 4, 4), None, (40, 2, 3, 3),
    ]  # fmt: skip
    labels = ["a", "b", "a", "a", "b", "b", "a", "a", ""]
    found = prepared(stack, layer(squares, **{"class": labels}))
    reasons = {one.polygon: one.reason for one in found.reference.left_out}
    assert reasons == {
        "4": NO_CENTER, "5": OUTSIDE, "7": "exact copy of another polygon of the class",
        "8": "no geometry", "9": "no class",
    }  # fmt: skip
    # The pixel (5, 5) is in two polygons: one loss for each.
    assert (found.left_out[SHARED], found.left_out[NO_DATA]) == (2, 2)
    assert found.table is not None
    assert len(found.table) == (16 - 1 - 2) + (16 - 1) + 16 + 16


def test_overlapping_tiles_count_once_and_match_by_name(tmp_path: Path) -> None:
    planted = positions()
    whole = write_raster(tmp_path / "whole.tif", planted)
    west = {name: values[:, :35] for name, values in planted.items()}
    east = {name: planted[name][:, 25:] for name in ("column", "row")}  # other order of bands
    tiles = [
        write_raster(tmp_path / "west.tif", west),
        write_raster(tmp_path / "east.tif", east, left=LEFT + 25 * PIXEL),
    ]
    squares = [(2, 2, 6, 4), (22, 5, 20, 5), (45, 20, 5, 5), (28, 30, 4, 4)]
    reference = layer(squares, **{"class": ["a", "b", "a", "b"]})
    assert prepared(tiles, reference).left_out[REPEATED] == 10 * 5 + 16
    for options in ({}, {"most": 7}):
        one, two = (prepared(uris, reference, settings=options) for uris in (whole, tiles))
        assert one.table is not None
        assert two.table is not None
        for name in one.table.columns:
            assert np.array_equal(one.table[name], two.table[name]), name


def test_pixels_seen_too_rarely(tmp_path: Path) -> None:
    stack = write_raster(tmp_path / "s.tif", positions())
    dates = np.full((ROWS, COLUMNS), 5)
    dates[:, :4] = 2
    dates[:, 4:6] = 3  # just enough
    validity = write_raster(tmp_path / "v.tif", {"dates": dates})
    reference = layer([(2, 2, 4, 4), (20, 2, 4, 4)], **{"class": ["a", "b"]})
    options = {"settings": {"min_dates": 3}, "validity": (validity,)}
    found = prepared(stack, reference, **options)
    assert found.left_out[RARELY_SEEN] == 8
    assert found.table is not None
    assert found.table["column"].min() == 4


def test_points_take_the_pixel_that_holds_them(tmp_path: Path) -> None:
    stack = write_raster(tmp_path / "s.tif", positions())
    places = [(3, 4), (59, 39), (0, 0), (10, 11)]
    shapes = [
        bytes(ogr.CreateGeometryFromWkt(
            f"POINT({LEFT + PIXEL * (c + 0.9)} {TOP - PIXEL * (r + 0.1)})"
        ).ExportToWkb(ogr.wkbNDR))
        for c, r in places
    ]  # fmt: skip
    found = prepared(stack, layer(shapes, **{"class": ["a", "b", "a", "b"]}))
    assert found.table is not None
    order = np.argsort(found.table["polygon"])
    taken = zip(found.table["column"][order], found.table["row"][order], strict=True)
    assert [(int(c), int(r)) for c, r in taken] == places


def test_whole_numbers_with_an_empty_cell_stay_whole(tmp_path: Path) -> None:
    """A table holds such a column as decimal numbers."""
    stack = write_raster(tmp_path / "s.tif", positions())
    squares = [(2, 2, 4, 4), (20, 2, 4, 4), (40, 2, 4, 4)]
    found = prepared(stack, layer(squares, **{"class": [11.0, 12.0, np.nan]}))
    assert found.reference.classes.labels == ("11", "12")
    assert [one.reason for one in found.reference.left_out] == ["no class"]


def test_outline_that_crosses_itself_is_two_triangles(tmp_path: Path) -> None:
    stack = write_raster(tmp_path / "s.tif", positions())
    corners = [(4, 4), (16, 16), (16, 4), (4, 16), (4, 4)]
    ring = ",".join(f"{LEFT + PIXEL * c} {TOP - PIXEL * r}" for c, r in corners)
    crossing = bytes(ogr.CreateGeometryFromWkt(f"POLYGON(({ring}))").ExportToWkb(ogr.wkbNDR))
    zones = layer([(0, 0, 30, 40), crossing], name=["west", "west"])
    found = prepared(
        stack, layer([crossing, (20, 20, 4, 4)], **{"class": ["a", "b"]}),
        zones=zones, zone_field="name",
    )  # fmt: skip
    assert found.table is not None
    own = found.table["class"] == "a"
    column, row = found.table["column"][own] + 0.5, found.table["row"][own] + 0.5
    assert (np.abs(column - 10) >= np.abs(row - 10)).all()
    assert 60 <= own.sum() <= 84  # 72 pixels in area


def test_clear_dates_in_another_system_are_refused(tmp_path: Path) -> None:
    stack = write_raster(tmp_path / "s.tif", positions())
    other = write_raster(tmp_path / "o.tif", positions())
    gdal.Open(other, gdal.GA_Update).SetProjection(wkt(32632))
    reference = layer([(2, 2, 4, 4), (20, 2, 4, 4)], **{"class": ["a", "b"]})
    with pytest.raises(InputError, match=r"o\.tif lies in another coordinate system"):
        prepared(stack, reference, validity=(other,))


def test_tiles_in_other_systems_are_refused(tmp_path: Path) -> None:
    stack = write_raster(tmp_path / "s.tif", positions())
    other = write_raster(tmp_path / "o.tif", positions())
    gdal.Open(other, gdal.GA_Update).SetProjection(wkt(32632))
    reference = layer([(2, 2, 4, 4), (20, 2, 4, 4)], **{"class": ["a", "b"]})
    with pytest.raises(InputError, match="another coordinate system"):
        prepared([stack, other], reference)


@pytest.mark.parametrize(
    ("names", "word"), [(("zone", "b"), "other columns"), (("NDVI", "ndvi"), "differ by case")]
)
def test_features_that_cannot_be_columns(tmp_path: Path, names: tuple[str, str], word: str) -> None:
    bands = dict(zip(names, positions().values(), strict=True))
    stack = write_raster(tmp_path / "s.tif", bands)
    reference = layer([(2, 2, 4, 4), (20, 2, 4, 4)], **{"class": ["a", "b"]})
    with pytest.raises(InputError, match=word):
        prepared(stack, reference)


def test_labels_that_differ_by_case_are_refused(tmp_path: Path) -> None:
    stack = write_raster(tmp_path / "s.tif", positions())
    reference = layer([(2, 2, 4, 4), (20, 2, 4, 4)], **{"class": ["Wheat", "wheat"]})
    with pytest.raises(InputError, match="differ by case"):
        prepared(stack, reference)


def test_one_class_is_refused_but_can_be_checked(tmp_path: Path) -> None:
    stack = write_raster(tmp_path / "s.tif", positions())
    reference = layer([(2, 2, 4, 4), (20, 2, 4, 4)], **{"class": [3, 3]})
    with pytest.raises(InsufficientDataError, match="one class"):
        prepared(stack, reference)
    found = prepared(stack, reference, check_only=True)
    assert found.table is None
    assert found.summary["pixels"].tolist() == [32]


def test_outline_helper_is_where_it_says() -> None:
    shape = ogr.CreateGeometryFromWkb(outline((1, 2, 3, 4)))
    assert shape.GetEnvelope() == (LEFT + 10, LEFT + 40, TOP - 60, TOP - 20)
