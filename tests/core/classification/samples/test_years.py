# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples of several years in one table: what two years teach holds in a third."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sample_world import layer, write_raster

from calval_toolbox.core.classification.date_order import features_by_order
from calval_toolbox.core.classification.prediction.predict import probabilities
from calval_toolbox.core.classification.samples.pixels import NO_STACK, RARELY_SEEN
from calval_toolbox.core.classification.samples.reference import ReferenceFields
from calval_toolbox.core.classification.samples.run import SampleTask, prepare_samples
from calval_toolbox.core.classification.samples.settings import SampleSettings
from calval_toolbox.core.classification.training.members import Recipe
from calval_toolbox.core.classification.training.train import train
from calval_toolbox.core.classification.training.training_set import Columns, training_set
from calval_toolbox.core.errors import InputError, InsufficientDataError
from calval_toolbox.core.progress import Silent

SIDE, FIELD = 48, 8
PEAKS = {"maize": 190.0, "wheat": 150.0}  # days of the year
SHIFTS = {2018: -15.0, 2019: 15.0, 2020: 4.0}  # of the season, in days
DAYS = (100, 130, 160, 190, 220, 250)


def crops(year: int) -> np.ndarray:
    """1 where a field of 8 x 8 pixels is wheat: fields change every year."""
    fields = np.random.default_rng(year).permutation(np.arange((SIDE // FIELD) ** 2) % 2)
    return fields.reshape(SIDE // FIELD, -1)


def season(year: int) -> dict[str, np.ndarray]:
    """A band for each date: NDVI that grows and fades around the day of the crop."""
    rng = np.random.default_rng([year, 1])
    wheat = np.kron(crops(year), np.ones((FIELD, FIELD)))
    peak = np.where(wheat > 0, PEAKS["wheat"], PEAKS["maize"]) + SHIFTS[year]
    bands = {}
    for day in DAYS:
        date = np.datetime64(f"{year}-01-01") + day + (year - 2018)  # days differ by year
        green = 0.2 + 0.6 * np.exp(-(((day - peak) / 35.0) ** 2))
        bands[f"NDVI_{str(date).replace('-', '')}"] = green + rng.normal(0, 0.1, green.shape)
    return bands | {"elevation": rng.normal(100.0, 1.0, (SIDE, SIDE))}


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    folder = tmp_path_factory.mktemp("years")
    return {year: write_raster(folder / f"{year}.tif", season(year)) for year in SHIFTS}


def polygons(*years: int):
    """The fields of each year with their crop in it, one upon the other."""
    rows = [
        ((FIELD * column + 1, FIELD * row + 1, 5, 5), ("maize", "wheat")[wheat], year)
        for year in years
        for (row, column), wheat in np.ndenumerate(crops(year))
    ]
    squares, labels, dates = zip(*rows, strict=True)
    return layer(squares, **{"class": labels, "year": dates})


def task(stacks: dict[int, str], *years: int) -> SampleTask:
    return SampleTask(
        tuple(stacks[year] for year in years), polygons(*years),
        ReferenceFields("class", "", "year"),
        SampleSettings(block_m=160.0, train_ratio=0.5), by_order=True,
    )  # fmt: skip


def accuracy_in_2020(stacks: dict[int, str], *years: int) -> float:
    """Of a model trained on some years, its features matched in order."""
    pytest.importorskip("sklearn")
    table = prepare_samples(task(stacks, *years)).table
    assert table is not None
    model = train(
        training_set(table, Columns("class")), Recipe("extra_trees", 30), 2, Silent()
    ).model
    third = season(2020)
    names, _ = features_by_order(model.features, list(third), "The stack")
    values = np.stack([third[name] for name in names], axis=-1).reshape(-1, len(names))
    said = probabilities(model, values.astype(np.float32)).argmax(axis=1)
    return float((said == np.kron(crops(2020), np.ones((FIELD, FIELD))).ravel()).mean())


def test_a_model_of_two_years_maps_a_third_better_than_one_of_either(stacks) -> None:
    alone = max(accuracy_in_2020(stacks, year) for year in (2018, 2019))
    both = accuracy_in_2020(stacks, 2018, 2019)
    assert both > 0.98
    assert both > alone + 0.02


def test_polygons_count_in_their_own_year(stacks) -> None:
    found = prepare_samples(task(stacks, 2018, 2019))
    table = found.table
    assert table is not None
    assert len(table) == 2 * 36 * 25
    assert not any(found.left_out.values())  # fields lie upon those of the other year
    for year in (2018, 2019):
        rows = table.select(table["year"] == year)
        first, last = list(season(2018))[0], list(season(2018))[5]
        own = list(season(year).values())
        inside = np.kron(np.ones((6, 6)), np.pad(np.ones((5, 5)), ((1, 2), (1, 2)))) > 0
        for name, band in ((first, own[0]), (last, own[5])):
            assert np.allclose(np.sort(rows[name]), np.sort(band[inside].astype(np.float32)))
    assert sum("by their order" in note for note in found.notes) == 1
    assert any("one year and test in another" in note for note in found.notes)
    split = prepare_samples(replace(
        task(stacks, 2018, 2019), settings=SampleSettings(block_m=160.0, distance_m=1.0)
    ))  # fmt: skip
    assert not any("one year and test in another" in note for note in split.notes)


def test_without_a_date_all_polygons_count_in_all_years(stacks) -> None:
    one = replace(
        task(stacks, 2018, 2019), reference=polygons(2018), fields=ReferenceFields("class")
    )
    table = prepare_samples(one).table
    assert table is not None
    assert np.unique(table["year"], return_counts=True)[1].tolist() == [36 * 25, 36 * 25]
    with pytest.raises(InputError, match="lacks 6 of 7 features.*DATE_MATCHING"):
        prepare_samples(replace(one, by_order=False))


def test_years_without_a_stack_and_clear_dates_of_each_year(stacks, tmp_path: Path) -> None:
    three = replace(task(stacks, 2018, 2019), reference=polygons(2018, 2019, 2020))
    found = prepare_samples(three)
    assert [one.reason for one in found.reference.left_out] == [NO_STACK] * 36
    often = write_raster(tmp_path / "often.tif", {"clear": np.full((SIDE, SIDE), 9)})
    never = write_raster(tmp_path / "never.tif", {"clear": np.zeros((SIDE, SIDE))})
    seen = replace(three, settings=SampleSettings(min_dates=1), validity=(never, often))
    found = prepare_samples(seen)
    assert found.left_out[RARELY_SEEN] == 36 * 25
    assert found.table is not None
    assert set(found.table["year"].tolist()) == {2019}
    assert len(prepare_samples(replace(seen, validity=("", often))).table or ()) == 2 * 36 * 25
    with pytest.raises(InputError, match="1 rasters of clear dates for 2 of features"):
        prepare_samples(replace(seen, validity=(often,)))
    with pytest.raises(InsufficientDataError, match="No reference polygon is of a year"):
        prepare_samples(replace(three, reference=polygons(2020)))
