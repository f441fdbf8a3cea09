# SPDX-License-Identifier: GPL-3.0-or-later
"""Signatures, matrices at samples and comparisons of maps: what was planted comes out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.classification.classes import Classes, LandClass
from calval_toolbox.core.classification.model import Model
from calval_toolbox.core.classification.views.compare import (
    classes_at,
    compare_maps,
    cross_table,
    same_classes,
    where_pair,
)
from calval_toolbox.core.classification.views.model_view import model_view
from calval_toolbox.core.classification.views.sample_view import (
    ALL,
    TRAIN,
    class_fields,
    map_at_samples,
    open_samples,
    read_signatures,
)
from calval_toolbox.core.classification.views.signatures import dated_bands, signatures
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io.class_rasters import write_classes
from calval_toolbox.core.io.geometries import points
from calval_toolbox.core.io.grids import Grid, grid_from_epsg, unproject
from calval_toolbox.core.io.land_cover_layers import PixelFiles, kind_of, read_pixel
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.tables import write_table
from calval_toolbox.core.table import Table

UTM = grid_from_epsg(32631, (500_000.0, 10.0, 0.0, 4_800_000.0, 0.0, -10.0), 8, 6)
DEGREES = grid_from_epsg(4326, (2.0, 0.5, 0.0, 61.0, 0.0, -0.5), 4, 4)
TWO = Classes((LandClass(1, "forest", "#00664a"), LandClass(4, "water", "#0072b2")))


def write_map(path: Path, values: list[list[int]], grid: Grid, classes: Classes = TWO) -> str:
    write_raster(path, [np.array(values, dtype=np.uint8)], grid, 0, ("class",))
    write_classes(path, classes)
    return str(path)


def test_bands_are_found_by_their_dates() -> None:
    found = dated_bands(["NDVI_20190201", "elevation", "NDVI_20190101", "VV_DES_20190101"])
    assert [name for _, name in found["NDVI"]] == ["NDVI_20190101", "NDVI_20190201"]
    assert set(found) == {"NDVI", "VV_DES"}


def test_signatures_are_means_and_percentiles_of_known_values() -> None:
    days = np.array(["2019-01-01", "2019-02-01"], dtype="datetime64[D]")
    values = np.stack([np.arange(11.0), np.full(11, np.nan)], axis=1)
    values = np.concatenate([values, [[5.0, 7.0]]])
    found = signatures("NDVI", days, values, np.array([0] * 11 + [2]), 3)
    assert (found.mean[0, 0], found.low[0, 0], found.high[0, 0]) == (5.0, 1.0, 9.0)
    assert np.isnan(found.mean[0, 1])
    assert np.isnan(found.mean[1]).all()
    assert found.counts.tolist() == [[11, 0], [0, 0], [1, 1]]
    assert found.high[2].tolist() == [5.0, 7.0]


def test_the_class_is_in_the_first_column_that_may_hold_it() -> None:
    names = ["cover", "polygon", "split", "split_1", "fold", "origin", "NDVI_20190101", "slope"]
    assert class_fields(names) == ("cover", "slope")


def write_samples(path: Path) -> str:
    """A column of eight samples on UTM; the last was made."""
    column = np.arange(8)
    table = {
        "cover": np.array(["forest"] * 4 + ["water"] * 4, dtype=object),
        "split": np.array(["test", "train"] * 4, dtype=object),
        "origin": np.array(["reference"] * 7 + ["jitter"], dtype=object),
        "NDVI_20190101": np.arange(8.0),
    }
    x, y = 500_005.0 + 10.0 * column, np.full(8, 4_799_995.0)
    write_table(Table(table, "samples", points(x, y), wkt=UTM.wkt), path)
    return str(path)


def test_matrix_at_samples_keeps_the_side_and_leaves_made_ones_out(tmp_path: Path) -> None:
    view = open_samples(write_samples(tmp_path / "s.gpkg"))
    assert (view.field, view.classes.labels) == ("cover", ("forest", "water"))
    values = [[1, 4, 4, 1, 4, 0, 1, 1]] + [[0] * 8] * 5
    path = write_map(tmp_path / "m.tif", values, UTM)
    test = map_at_samples(view, path)
    assert test.confusion.counts.tolist() == [[1, 1], [1, 1]]
    assert test.cell(0, 1).tolist() == [2]
    assert test.cell(-1, 0).tolist() == [0, 6]
    train = map_at_samples(view, path, TRAIN)
    assert train.confusion.counts.tolist() == [[1, 1], [0, 0]]
    assert train.lost == 1
    assert map_at_samples(view, path, ALL).confusion.total == 6.0
    assert read_signatures(view, "NDVI").counts.ravel().tolist() == [4, 3]
    longitude, latitude = unproject(UTM.wkt, 500_025.0, 4_799_995.0)
    assert (view.longitude[2], view.latitude[2]) == pytest.approx((longitude, latitude))


def test_a_map_of_several_runs_is_judged_by_what_none_was_trained_on(tmp_path: Path) -> None:
    view = open_samples(write_samples(tmp_path / "s.gpkg"))
    second = np.array(["test"] * 4 + ["train"] * 4, dtype=object)
    view = replace(view, sides={**view.sides, "split_1": second})
    path = write_map(tmp_path / "m.tif", [[1, 4, 4, 1, 4, 0, 1, 1], *[[0] * 8] * 5], UTM)
    found = map_at_samples(view, path)
    assert found.splits == ("split", "split_1")
    assert found.rows.tolist() == [0, 2]
    assert map_at_samples(view, path, TRAIN).rows.tolist() == [1, 3, 4, 6]
    never = replace(view, sides={**view.sides, "split_1": np.array(["train"] * 8, dtype=object)})
    with pytest.raises(InputError, match="in all of the 2 runs"):
        map_at_samples(never, path)


def test_colors_are_those_of_the_map(tmp_path: Path) -> None:
    pink = Classes((LandClass(1, "forest", "#ff00ff"), TWO.items[1]))
    path = write_map(tmp_path / "m.tif", [[1] * 8] * 6, UTM, pink)
    view = open_samples(write_samples(tmp_path / "s.gpkg"), legend=path)
    assert view.classes.items[0].color == "#ff00ff"


def test_samples_without_a_class_column_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.gpkg"
    table = {"split": np.array(["test"], object), "NDVI_20190101": np.zeros(1)}
    write_table(Table(table, "samples", points(np.zeros(1), np.zeros(1))), path)
    with pytest.raises(InputError, match="preparesamples"):
        open_samples(str(path))


def test_samples_with_an_empty_class_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.gpkg"
    table = {"class": np.array([1.0, 2.0, np.nan]), "split": np.array(["test"] * 3, object)}
    write_table(Table(table, "samples", points(np.zeros(3), np.zeros(3))), path)
    with pytest.raises(InputError, match="Some samples have no class"):
        open_samples(str(path))


def test_cross_table_counts_pairs_and_leaves_the_rest_out() -> None:
    one, two = np.array([1, 1, 4, 4, 0, 9]), np.array([1, 4, 4, 4, 1, 1])
    assert cross_table(one, two, TWO, TWO).tolist() == [[1, 1], [0, 2]]


def test_classes_are_the_same_by_label_else_by_code() -> None:
    renamed = Classes((LandClass(1, "water"), LandClass(2, "forest")))
    assert same_classes(TWO, renamed).tolist() == [[False, True], [True, False]]
    numbers = Classes((LandClass(1, "1"), LandClass(4, "4")))
    assert same_classes(TWO, numbers).tolist() == [[True, False], [False, True]]


def test_two_maps_agree_where_their_labels_do(tmp_path: Path) -> None:
    """The second map has other codes; areas are those of 10 m pixels."""
    other = Classes((LandClass(2, "water"), LandClass(3, "forest")))
    first = write_map(tmp_path / "a.tif", [[1] * 4 + [4] * 4] * 5 + [[0] * 8], UTM)
    second = write_map(tmp_path / "b.tif", [[3] * 6 + [2] * 2] * 5 + [[3] * 8], UTM, other)
    found = compare_maps(first, second)
    assert found.pixels.tolist() == [[0, 20], [10, 10]]
    assert found.hectares.sum() == pytest.approx(0.4)
    assert found.agreement == pytest.approx(0.75)
    assert found.one_only == 8
    place = unproject(UTM.wkt, 500_055.0, 4_799_995.0)
    assert classes_at((first, second), *place) == (4, 3)
    assert classes_at((first, second), 0.0, 0.0) == (0, 0)
    box = (499_980.0, 4_799_940.0, 500_080.0, 4_800_020.0)
    where = where_pair((first, second), (4, 3), UTM.wkt, box, (10, 8))
    expected = np.zeros((8, 10), bool)
    expected[2:7, 6:8] = True
    assert where.tolist() == expected.tolist()
    zoomed = where_pair((first, second), (4, 3), UTM.wkt, box, (100, 80))
    assert (zoomed == expected.repeat(10, axis=0).repeat(10, axis=1)).all()


def test_pixels_in_degrees_are_smaller_to_the_north(tmp_path: Path) -> None:
    north = write_map(tmp_path / "a.tif", [[1] * 4, [4] * 4, [4] * 4, [4] * 4], DEGREES)
    found = compare_maps(north, north)
    assert found.agreement == pytest.approx(1.0)
    share = found.hectares[0, 0] / (found.hectares[1, 1] / 3.0)
    rows = np.cos(np.radians([60.75, 60.25, 59.75, 59.25]))
    assert share == pytest.approx(rows[0] / rows[1:].mean(), rel=1e-6)


def test_maps_on_other_grids_are_refused(tmp_path: Path) -> None:
    first = write_map(tmp_path / "a.tif", [[1] * 8] * 6, UTM)
    second = write_map(tmp_path / "b.tif", [[1] * 4] * 4, DEGREES)
    with pytest.raises(InputError, match="another grid"):
        compare_maps(first, second)
    empty = write_map(tmp_path / "c.tif", [[0] * 8] * 6, UTM)
    with pytest.raises(InputError, match="Nowhere"):
        compare_maps(first, empty)


def test_facts_of_older_models_do() -> None:
    found = model_view(Model("svm", ("a",), TWO, (), facts={"overall_accuracy": {"random": 0.9}}))
    assert found.overall == {"random": 0.9}
    assert found.confusions == {}
    assert found.importance == {}
    wrong = model_view(Model("svm", ("a",), TWO, (), facts={"confusions": {"random": [[1]]}}))
    assert wrong.confusions == {}


def test_pixel_of_several_tiles(tmp_path: Path) -> None:
    """Of two tiles the one that covers the place is read; days of -1: it never was clear."""
    east = grid_from_epsg(32631, (500_080.0, 10.0, 0.0, 4_800_000.0, 0.0, -10.0), 8, 6)
    stacks, days = [], []
    for number, grid in enumerate((UTM, east)):
        stacks.append(str(tmp_path / f"s{number}.tif"))
        days.append(str(tmp_path / f"d{number}.tif"))
        layers = [np.full((6, 8), number + 0.1 * date, np.float32) for date in range(3)]
        layers[2][:] = -9999.0
        names = ("NDVI_20190101", "NDVI_20190201", "NDVI_20190301")
        write_raster(stacks[-1], layers, grid, -9999.0, names)
        gaps = [np.full((6, 8), gap, np.int16) for gap in (0, 9, -1)]
        write_raster(days[-1], gaps, grid, -1, ("2019-01-01", "2019-02-01", "2019-03-01"))
    assert [kind_of(one) for one in (stacks[0], days[0])] == ["stack", "days"]
    place = unproject(UTM.wkt, 500_105.0, 4_799_975.0)
    pixel = read_pixel(PixelFiles(tuple(stacks), tuple(days)), "NDVI", *place)
    assert pixel is not None
    assert pixel.values == pytest.approx([1.0, 1.1, np.nan], nan_ok=True)
    assert pixel.gap.tolist() == [0.0, 9.0, -1.0]
    assert pixel.filled.tolist() == [0.0, 1.0, 1.0]
    assert read_pixel(PixelFiles(tuple(stacks)), "NDVI", 0.0, 0.0) is None


def test_other_rasters_are_nothing(tmp_path: Path) -> None:
    plain = tmp_path / "p.tif"
    write_raster(plain, [np.zeros((6, 8), np.float32)], UTM)
    assert kind_of(str(plain)) == ""
    assert kind_of(str(tmp_path / "absent.tif")) == ""
    assert kind_of(write_map(tmp_path / "m.tif", [[1] * 8] * 6, UTM)) == "classes"
