# SPDX-License-Identifier: GPL-3.0-or-later
"""From polygons to the table: the laws that every table of samples keeps, and the warnings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from osgeo import gdal, ogr
from sample_world import LEFT, PIXEL, TOP, Square, layer, write_raster

from calval_toolbox.core.classification.samples import pixels as reading
from calval_toolbox.core.classification.samples.reference import ReferenceFields
from calval_toolbox.core.classification.samples.run import (
    NOT_DRAWN,
    SampleReport,
    SampleTask,
    prepare_samples,
)
from calval_toolbox.core.classification.samples.settings import Move, SampleSettings
from calval_toolbox.core.errors import InputError, InsufficientDataError
from calval_toolbox.core.io import polygon_pixels
from calval_toolbox.core.io.geometries import polygon as outline
from calval_toolbox.core.io.tables import write_table
from calval_toolbox.core.table import Table

ROWS, COLUMNS = 64, 64
CELLS = [(column, row) for row in range(8) for column in range(8)]
AROUND: list[Square] = [(0, 0, 32, 64), (32, 0, 32, 64)]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> str:
    rng = np.random.default_rng(0)
    row, column = np.mgrid[:ROWS, :COLUMNS]
    bands = {"row": row, "column": column, "noise": rng.normal(0, 1, (ROWS, COLUMNS))}
    return write_raster(tmp_path_factory.mktemp("stack") / "s.tif", bands)


def fields(labels: str, cells: list[tuple[int, int]] | None = None, side: int = 4) -> Table:
    """Squares of ``side`` pixels in cells of 8 x 8 pixels, one for each letter."""
    places = (cells or CELLS)[: len(labels)]
    squares = [(8 * column + 2, 8 * row + 2, side, side) for column, row in places]
    return layer(squares, **{"class": list(labels), "key": [f"p{x}{y}" for x, y in places]})


ZONES = layer(AROUND, name=["west", "east"])


def made(stack: str, reference: Table, zones: bool = False, **options: Any) -> SampleReport:
    task = SampleTask((stack,), reference, ReferenceFields("class"), SampleSettings(**options))
    return prepare_samples(replace(task, zones=ZONES, zone_field="name") if zones else task)


def rows_of(report: SampleReport) -> list[tuple[Any, ...]]:
    """The samples without the numbers of their polygons, in an order of their own."""
    table = report.table
    assert table is not None
    names = [name for name in table.columns if name != "polygon"]
    rows = zip(*(table[name].tolist() for name in names), strict=True)
    return sorted(rows, key=repr)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    some.text("abc", min_size=6, max_size=40).filter(lambda text: len(set(text)) > 1),
    some.booleans(),
    some.sampled_from(["none", "replicate", "jitter", "smote"]),
    some.integers(1, 3),
    some.sampled_from([{}, {"strategy": "equal"}, {"most": 9}, {"distance_m": 50.0}]),
)
def test_laws_of_every_table(
    stack: str, labels: str, zoned: bool, kind: str, runs: int, options: dict[str, Any]
) -> None:
    report = made(
        stack, fields(labels), zoned, augmentation=kind, runs=runs, block_m=160.0, **options
    )
    table = report.table
    assert table is not None
    real = table["origin"] == "reference"
    columns = ["split", "split_1", "split_2"][:runs]
    assert [name for name in table.columns if name.startswith("split")] == columns
    used = np.zeros(len(table), dtype=int)
    for name in columns:
        assert set(table[name].tolist()) <= {"train", "test", ""}
        assert not (table[name][~real] == "test").any()
        for polygon in set(table["polygon"].tolist()):
            sides = set(table[name][table["polygon"] == polygon].tolist()) - {""}
            assert len(sides) <= 1, "a polygon on both sides"
        used += table[name] != ""
    assert (used >= 1).all()
    assert (used[~real] == 1).all(), "a made sample in several runs"
    for polygon in set(table["polygon"].tolist()):
        own = table["polygon"] == polygon
        for name in ("fold", "class"):
            assert len(set(table[name][own].tolist())) == 1
        assert set(table["class"][own].tolist()) == {labels[polygon - 1]}
    # Real samples hold what the raster holds; no pixel twice.
    places = table["row"][real] * COLUMNS + table["column"][real]
    assert len(set(places.tolist())) == len(places)
    assert np.isfinite(np.stack([table[name] for name in report.features])).all()
    assert report.count("test") == int((table["split"] == "test").sum())
    assert report.train_count == int((table["split"] == "train").sum())


@pytest.mark.parametrize("zoned", [False, True])
def test_order_of_polygons_changes_nothing(stack: str, zoned: bool) -> None:
    reference = fields("aabbccabcabcaabbccab")
    order = np.random.default_rng(3).permutation(len(reference))
    options: dict[str, Any] = {
        "augmentation": "smote", "strategy": "percent", "amount": 60.0, "runs": 2, "most": 11,
        "block_m": 200.0, "seed": 5,
    }  # fmt: skip
    one = made(stack, reference, zoned, **options)
    other = made(stack, reference.select(order), zoned, **options)
    assert rows_of(one) == rows_of(other)
    assert rows_of(one) != rows_of(made(stack, reference, zoned, **options | {"seed": 6}))


def test_layout_of_the_file_changes_nothing(stack: str, tmp_path: Path) -> None:
    tiled = str(tmp_path / "tiled.tif")
    gdal.Translate(tiled, stack, creationOptions=["TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=32"])
    reference = fields("aabbccab", side=7)
    options: dict[str, Any] = {"augmentation": "jitter", "most": 13}
    assert rows_of(made(stack, reference, **options)) == rows_of(made(tiled, reference, **options))


def test_polygon_with_one_of_its_class_trains_and_is_named(stack: str) -> None:
    report = made(stack, fields("aaaab"), runs=3)
    assert report.table is not None
    own = report.table["class"] == "b"
    for name in ("split", "split_1", "split_2"):
        assert set(report.table[name][own].tolist()) == {"train"}
    assert any("Cannot be validated" in note and ": b." in note for note in report.notes)


def test_zone_lacks_a_class(stack: str) -> None:
    cells = [(0, 0), (1, 1), (2, 2), (5, 5), (6, 6), (7, 7)]
    report = made(stack, fields("abbaaa", cells), True)
    assert "Zone east has no polygon of b." in report.notes
    assert any("a (zone west)" in note for note in report.notes if "validated" in note)
    assert report.table is not None
    east = report.table["column"] >= 32
    assert set(report.table["zone"][east].tolist()) == {"east"}
    assert set(report.table["zone"][~east].tolist()) == {"west"}


def test_moved_samples_train_in_the_other_zone_only_there(stack: str) -> None:
    cells = [(0, 0), (1, 1), (2, 2), (5, 5), (6, 6), (7, 7)]
    moves = (Move("west", "east", "b", 5),)
    report = made(stack, fields("abbaaa", cells), True, moves=moves, runs=2)
    table = report.table
    assert table is not None
    copies = table["origin"] == "moved"
    assert copies.sum() == 10
    assert set(table["zone"][copies].tolist()) == {"east"}
    assert (table["column"][copies] < 32).all()
    for name in ("split", "split_1"):
        mine = copies & (table[name] == "train")
        assert mine.sum() == 5
        for polygon in set(table["polygon"][mine].tolist()):
            real = (table["polygon"] == polygon) & (table["origin"] == "reference")
            assert set(table[name][real].tolist()) == {"train"}
    row = report.summary.select(
        (report.summary["zone"] == "east") & (report.summary["class"] == "b")
    )
    assert (row["moved"].tolist(), row["polygons"].tolist()) == ([5, 5], [0, 0])


def test_buffer_around_tests(stack: str) -> None:
    """Squares of 4 pixels, gaps of 4: neighbors are 40 m apart."""
    report = made(stack, fields("aaaaaaaabbbbbbbb"), distance_m=41.0)
    table = report.table
    assert table is not None
    x, y = table["column"], table["row"]
    train, test = (np.flatnonzero(table["split"] == side) for side in ("train", "test"))
    aside = np.abs(x[train][:, None] - x[test][None, :]) - 1
    along = np.abs(y[train][:, None] - y[test][None, :]) - 1
    gap = PIXEL * np.hypot(np.maximum(aside, 0), np.maximum(along, 0))
    assert gap.min() >= 41.0
    assert any("too near a test polygon" in note for note in report.notes)
    free = made(stack, fields("aaaaaaaabbbbbbbb"))
    assert free.count("train") > report.count("train")
    assert free.count("test") == report.count("test")


def test_counts_of_the_summary(stack: str) -> None:
    report = made(stack, fields("aaaabb"), augmentation="replicate", strategy="equal", amount=20.0)
    rows = {row[2]: row[3:] for row in zip(*report.summary.columns.values(), strict=True)}
    # polygons, train, test; pixels; train, test; moved, augmented; of the largest: train, test
    assert rows["a"] == (4, 2, 2, 64, 20, 32, 0, 0, 0.55, 0.5)
    assert rows["b"] == (2, 1, 1, 32, 16, 16, 0, 4, 1.0, 1.0)
    told = [note for note in report.notes if "in one polygon:" in note]
    assert [" ".join(note.split()[:2]) for note in told] == [
        "All training",
        "More than",
        "All test",
    ]
    assert "a (55 % in polygon " in told[1]
    assert report.left_out[NOT_DRAWN] == 12
    assert report.table is not None
    assert len(report.table) == 20 + 32 + 16 + 16 + 4


def test_parts_of_one_polygon_stay_together(stack: str) -> None:
    reference = fields("aaaabbbb")
    keys = ["one", "one", "two", "two", "three", "three", "four", "four"]
    columns = {**reference.columns, "key": np.array(keys, dtype=object)}
    joined = Table(columns, reference.name, reference.geometry, "Polygon")
    task = SampleTask((stack,), joined, ReferenceFields("class", "key"))
    report = prepare_samples(task)
    assert report.table is not None
    assert len(report.reference) == 4
    for name in ("one", "two", "three", "four"):
        own = report.table["polygon"] == name
        assert own.sum() == 32
        assert len(set(report.table["split"][own].tolist())) == 1
    mixed = Table({**columns, "class": np.array(list("abaabbbb"), dtype=object)}, "x",
                  reference.geometry)  # fmt: skip
    with pytest.raises(InputError, match=r"polygon one of x has several classes \(a, b\)"):
        prepare_samples(replace(task, reference=mixed))


def test_class_of_one_year_or_place_is_named(stack: str) -> None:
    reference = fields("aabbcc", [(0, 0), (7, 7), (0, 1), (7, 6), (6, 7), (6, 6)])
    dates = ["2019-05-01", "2020-06-01", "2019", "20200801", "2020-01-01", "2020/02/02"]
    columns = {**reference.columns, "date": np.array(dates, dtype=object)}
    dated = Table(columns, reference.name, reference.geometry, "Polygon")
    settings_ = SampleSettings(block_m=320.0)
    fields_ = ReferenceFields("class", "", "date")
    report = prepare_samples(SampleTask((stack,), dated, fields_, settings_))
    assert any("Known of one year only: c (2020)" in note for note in report.notes)
    assert any("polygons of c lie in one spatial fold" in note for note in report.notes)


def test_check_only_reads_no_feature(stack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise AssertionError("features are read")

    monkeypatch.setattr(reading, "read_pixels", fail)
    task = SampleTask((stack,), fields("aaaabb"), ReferenceFields("class"), check_only=True)
    report = prepare_samples(task)
    assert report.table is None
    assert report.summary["train_polygons"].tolist() == [2, 1]
    assert report.summary["pixels"].tolist() == [64, 32]
    with pytest.raises(AssertionError, match="features are read"):
        prepare_samples(replace(task, check_only=False))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"strategy": "counts", "amounts": {"rice": 3}}, "AMOUNT names the class rice"),
        ({"strategy": "counts"}, "takes a number by class"),
        ({"augment_amounts": {"rice": 3}}, "AUGMENT_TO names the class rice"),
        ({"moves": (Move("x", "", "a", 3),)}, "MOVE names the zone x"),
        ({"moves": (Move("", "y", "rice", 3),)}, "MOVE names the class rice"),
    ],
)
def test_names_that_the_reference_has_not(stack: str, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        made(stack, fields("aabb"), **options)


def test_polygons_without_a_coordinate_system_are_told_to_get_one(stack: str) -> None:
    """Such a layer holds meters where degrees are expected."""
    here = ((6e5, 5e6), (6.1e5, 5e6), (6.1e5, 5.1e6), (6e5, 5e6))
    meters = replace(fields("ab"), geometry=np.array([outline(here)] * 2, dtype=object))
    with pytest.raises(InsufficientDataError, match=r"no coordinate system.* assign the one"):
        made(stack, meters)


def test_more_than_fits_into_memory(stack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 4 * 16 * 3 * 4 - 1)
    with pytest.raises(InputError, match="MAX_PER_CLASS"):
        made(stack, fields("aabb"))
    assert made(stack, fields("aabb"), most=15).table is not None


def test_large_polygons_are_thinned_on_the_way(stack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same samples whether pixels are thinned after each block or at the end."""
    reference = fields("aabb", [(0, 0), (3, 0), (0, 4), (4, 4)], side=22)
    at_once = made(stack, reference, most=30)
    monkeypatch.setattr(polygon_pixels, "_WAITING", 40)
    monkeypatch.setattr(polygon_pixels, "_SIDE", 8)
    monkeypatch.setattr(reading, "MOST_PIXELS", 4 * 30)
    assert rows_of(made(stack, reference, most=30)) == rows_of(at_once)
    assert at_once.left_out[reading.THINNED] == 4 * (22 * 22 - 30)
    with pytest.raises(InputError, match="MAX_PER_CLASS"):
        made(stack, reference, most=31)


def test_table_lies_in_the_system_of_the_stack(stack: str, tmp_path: Path) -> None:
    report = made(stack, fields("aabb"))
    assert report.table is not None
    path = tmp_path / "samples.gpkg"
    write_table(report.table, path)
    source = gdal.OpenEx(str(path))
    written = source.GetLayer(0)
    assert written.GetSpatialRef().GetAuthorityCode(None) == "32631"
    names = [one.GetName() for one in written.schema]
    assert names == [
        "class",
        "polygon",
        "zone",
        "split",
        "fold",
        "origin",
        "row",
        "column",
        "noise",
    ]
    for feature in written:
        place = feature.GetGeometryRef()
        assert place.GetGeometryType() == ogr.wkbPoint
        assert place.GetX() == LEFT + PIXEL * (feature["column"] + 0.5)
        assert place.GetY() == TOP - PIXEL * (feature["row"] + 0.5)
