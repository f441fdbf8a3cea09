# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of samples: which columns are features, which rows are trained on, what is said of it."""

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.classification.training.sample_places import doubts, sample_places
from calval_toolbox.core.classification.training.training_set import Columns, training_set
from calval_toolbox.core.errors import InputError, TableError
from calval_toolbox.core.io.tables import points, read_table
from calval_toolbox.core.table import Table


def samples(**changes: object) -> Table:
    count = 12
    columns = {
        "fid": np.arange(count),
        "cover": np.array(["wheat", "water"] * 6, dtype=object),
        "polygon": np.repeat(np.arange(4), 3),
        "zone": np.array(["a"] * 6 + ["b"] * 6, dtype=object),
        "split": np.array((["train"] * 5 + ["test"]) * 2, dtype=object),
        "split_1": np.zeros(count),
        "origin": np.array(["reference"] * 10 + ["smote"] * 2, dtype=object),
        "remark": np.array(["x"] * count, dtype=object),
        "B4 2019-01-01": np.linspace(0, 1, count),
        "NDVI_20190111": np.linspace(1, 2, count),
    }
    return Table({key: one for key, one in (columns | changes).items() if one is not None}, "t")


def test_features_are_the_numbers_that_are_measured() -> None:
    found = training_set(samples(), Columns("cover"))
    assert found.features == ("B4_20190101", "NDVI_20190111")
    assert found.classes.labels == ("water", "wheat")
    assert found.index.tolist() == [1, 0] * 6
    # The last row is marked as test, and was made by augmentation: such rows never test.
    assert np.flatnonzero(found.test).tolist() == [5]
    assert np.flatnonzero(found.made).tolist() == [10, 11]
    assert found.places.kind == "polygon"
    assert found.places.count == 4


@pytest.mark.parametrize(
    "name",
    ["cbers4_awfi_022024_samples_train", "matogrosso_mod13q1_9classes_train",
     "s2_T20LKP_2018_2019_samples_train"],
)  # fmt: skip
def test_real_tables_of_sits(shared_data: Path, name: str) -> None:
    table = read_table(shared_data / "classification" / f"{name}.csv.gz")
    found = training_set(table, Columns("label"))
    assert len(found.features) == len(table.columns) - 6
    assert not {"id", "longitude", "latitude", "start_date"} & set(found.features)
    assert found.places.kind == "block"
    assert found.places.what == "blocks of 0.05°"


def test_named_features_and_their_errors() -> None:
    found = training_set(samples(), Columns("cover", ["NDVI_*"]))
    assert found.features == ("NDVI_20190111",)
    with pytest.raises(TableError, match=r"no column 'NDWI_\*'"):
        training_set(samples(), Columns("cover", ["NDWI_*"]))
    with pytest.raises(InputError, match="cannot be a feature"):
        training_set(samples(), Columns("cover", ["zone"], zone="zone"))
    with pytest.raises(TableError, match="not numeric"):
        training_set(samples(), Columns("cover", ["remark"]))
    with pytest.raises(TableError, match="has no column 'class'"):
        training_set(samples(), Columns("class"))
    twice = samples(B4_20190101=np.arange(12.0))
    with pytest.raises(InputError, match="Several columns of t mean the feature B4_20190101"):
        training_set(twice, Columns("cover"))


def test_rows_without_values_are_left_out_and_counted() -> None:
    ndvi = np.linspace(1, 2, 12)
    ndvi[[0, 1, 2]] = [np.nan, -9999.0, np.inf]
    found = training_set(samples(NDVI_20190111=ndvi), Columns("cover"))
    assert len(found) == 9
    assert "3 samples of 12 left out" in found.notes[0]
    assert "NDVI_20190111, in 3 rows" in found.notes[0]
    with pytest.raises(InputError, match="NDVI_20190111 of t has no value in any row"):
        training_set(samples(NDVI_20190111=np.full(12, -9999.0)), Columns("cover"))


def test_numbers_of_zones_are_those_of_the_layer_of_zones() -> None:
    # Whole numbers with an empty cell are read as decimal ones.
    zone = np.array([1.0] * 6 + [2.0] * 5 + [np.nan])
    found = training_set(samples(zone=zone), Columns("cover", zone="zone"))
    assert sorted(set(found.zone.tolist())) == ["", "1", "2"]


def test_labels_that_are_refused() -> None:
    one = np.array(["wheat"] * 12, dtype=object)
    with pytest.raises(InputError, match=r"All samples to train on are of one class \(wheat"):
        training_set(samples(cover=one), Columns("cover"))
    case = np.array(["wheat", "Wheat"] * 6, dtype=object)
    with pytest.raises(InputError, match="differ by case or blanks alone"):
        training_set(samples(cover=case), Columns("cover"))
    empty = np.array(["wheat", ""] * 6, dtype=object)
    with pytest.raises(InputError, match="All samples to train on are of one class"):
        training_set(samples(cover=empty), Columns("cover"))
    with pytest.raises(InputError, match="No sample of t has a class in the column 'cover'"):
        training_set(samples(cover=np.array([""] * 12, dtype=object)), Columns("cover"))
    split = np.array(["train", "valid"] * 6, dtype=object)
    with pytest.raises(InputError, match="holds 'valid'"):
        training_set(samples(split=split), Columns("cover"))
    with pytest.raises(InputError, match="holds no samples"):
        training_set(samples().select(np.zeros(12, dtype=bool)), Columns("cover"))


def test_whole_numbers_are_their_own_codes() -> None:
    found = training_set(samples(cover=np.array([211.0, 12.0] * 6)), Columns("cover"))
    assert found.classes.codes.tolist() == [12, 211]
    assert found.index[:2].tolist() == [1, 0]


def test_numbers_that_are_no_codes_are_told() -> None:
    for cover, told in (([70000, 7], "'7' gets 1"), (["007", "12"], "'007' gets 1")):
        notes = training_set(samples(cover=np.array(cover * 6)), Columns("cover")).notes
        assert any("no codes of the map" in note and told in note for note in notes)
    fine = training_set(samples(cover=np.array([3, 7] * 6)), Columns("cover")).notes
    assert not any("no codes" in note for note in fine)


def test_samples_without_a_class_are_left_out_and_counted() -> None:
    cover = np.array(["wheat", "water"] * 5 + ["wheat", None], dtype=object)
    found = training_set(samples(cover=cover), Columns("cover"))
    assert len(found) == 11
    assert "1 sample without a class: left out." in found.notes


@pytest.mark.parametrize(("cell", "kept"), [("-9999", 11), ("NA", 11), ("nan", 11), ("", 11),
                                            ("1", 12), ("inf", 11)])  # fmt: skip
def test_one_cell_does_not_cost_a_feature(cell: str, kept: int) -> None:
    """Such a column of a CSV file stays text."""
    ndvi = np.array([f"0.{row + 1:03d}0" for row in range(11)] + [cell], dtype=object)
    found = training_set(samples(NDVI_20190111=ndvi), Columns("cover"))
    assert found.features == ("B4_20190101", "NDVI_20190111")
    assert len(found) == kept
    assert any("1 sample of 12 left out" in note for note in found.notes) == (kept == 11)


def test_columns_that_are_no_features_are_named() -> None:
    def with_ndvi(*cells: object) -> Table:
        return samples(NDVI_20190111=np.array([*cells] * (12 // len(cells)), dtype=object))

    found = training_set(with_ndvi("", None), Columns("cover"))
    assert "'NDVI_20190111' is no feature: it has no value in any row" in " ".join(found.notes)
    said = " ".join(found.passed_over)
    assert "fid, polygon" in said
    assert "remark (no numbers)" in said
    notes = training_set(with_ndvi("0.10", "0.20", "0.30", "clouds"), Columns("cover")).notes
    assert "it holds numbers, but also 'clouds'" in " ".join(notes)
    notes = training_set(with_ndvi("12", "13"), Columns("cover")).notes
    assert "whole numbers kept as text are mostly codes" in " ".join(notes)
    assert "NDVI_20190111" in training_set(with_ndvi("12", "13", "NA"), Columns("cover")).features
    with pytest.raises(InputError, match="'NDVI_20190111' of t holds numbers with decimal commas"):
        training_set(with_ndvi("0,85", "0.20"), Columns("cover"))


def test_numbers_of_four_decimals_in_a_file_are_features(tmp_path: Path) -> None:
    """A reader of tables keeps what it could not write back, as 0.8620, as text."""
    path = tmp_path / "s.csv"
    rows = [
        f"{kind},0.86{place}0,v{place}.0,-1.2{place}0e-1" for place in range(4) for kind in "ab"
    ]
    path.write_text("\n".join(["cover,B4_20190101,version,slope", *rows]), encoding="utf-8")
    found = training_set(read_table(path), Columns("cover"))
    assert found.features == ("B4_20190101", "slope")
    assert found.values[2:4].tolist() == pytest.approx(np.tile([0.861, -0.121], (2, 1)))


def test_notes_on_rare_classes_and_on_classes_under_another_name() -> None:
    cover = np.array(["wheat", "water"] * 5 + ["wheat", "oak"], dtype=object)
    found = training_set(samples(cover=cover, origin=None, split=None), Columns("cover"))
    assert any("One sample only of oak" in one for one in found.notes)
    given = training_set(samples(codes=np.array([7, 3] * 6)), Columns("cover"))
    assert any(one.startswith("codes has one value for each class") for one in given.notes)
    assert not any("one value for each class" in one for one in found.notes)


def test_places_by_fold_polygon_geometry_and_block_size() -> None:
    with_fold = samples(fold=np.arange(12) % 2)
    assert sample_places(with_fold).kind == "fold"
    longitude, latitude = np.arange(12) * 0.02, np.zeros(12)
    table = samples(polygon=None)
    assert sample_places(table).kind == ""
    placed = Table(table.columns, "t", points(longitude, latitude))
    assert sample_places(placed).count == 5  # 0 to 0.22 in blocks of 0.05
    assert sample_places(placed, 11_120.0).count == 3  # 0.1 degrees at the equator
    north = Table(table.columns, "t", points(longitude, latitude + 60.0))
    assert sample_places(north, 11_120.0).count == 2  # where they are half as far apart
    meters = sample_places(samples(polygon=None, x=longitude * 1e5, y=latitude))
    assert meters.count == 5
    assert meters.what.startswith("blocks of 5000 m")
    assert "x" not in training_set(samples(x=longitude, y=latitude), Columns("cover")).features


def test_doubts_are_told() -> None:
    longitude = np.repeat(np.arange(6) * 0.1, 2)
    table = samples(
        polygon=None, longitude=longitude, latitude=np.zeros(12),
        start_date=np.array(["2010-09-14"] * 6 + ["2011-09-14"] * 6, dtype=object),
    )  # fmt: skip
    places = sample_places(table)
    index = np.array([0, 0] + [1] * 10)
    told = doubts(places, index, ("oak", "wheat"))
    assert told[0].startswith("6 repeated places among 12 samples")
    assert "blocks of 0.05° only: oak" in told[1]
    assert told[2].startswith("In one year only: oak")
    spread = sample_places(samples(polygon=None, longitude=np.arange(12.0), latitude=np.zeros(12)))
    assert doubts(spread, np.arange(12) % 2, ("oak", "wheat")) == []


def test_samples_of_other_runs_are_passed_over() -> None:
    """With several runs and a limit, a sample may be drawn for another run alone."""
    words = np.array(["train", "", "test", "train", "", "train"], dtype=object)
    labels = np.array(["a", "b", "b", "b", "a", "b"], dtype=object)
    columns = {"class": labels, "split_1": words, "NDVI": np.arange(6.0)}
    found = training_set(Table(columns, "samples"), Columns("class", split="split_1"))
    assert found.values[:, 0].tolist() == [0.0, 2.0, 3.0, 5.0]
    assert found.test.tolist() == [False, True, False, False]
    assert not any("left out" in note for note in found.notes)
