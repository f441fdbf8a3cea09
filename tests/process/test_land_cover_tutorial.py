# SPDX-License-Identifier: GPL-3.0-or-later
"""The tutorial of land-cover maps is run as it is written; its words are those that are found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from tutorial_page import ROOT, Done, check_prose, compare_numbers, files_made, run

pytest.importorskip("sklearn")

from osgeo import gdal

from calval_toolbox.core.classification.accuracy.area_accuracy import (
    POST_STRATIFIED,
    area_accuracy,
)
from calval_toolbox.core.classification.classes import Classes, LandClass
from calval_toolbox.core.classification.confusion import confusion_of
from calval_toolbox.core.classification.simulate import simulated_ground
from calval_toolbox.core.io.tables import read_table

PAGE = ROOT / "help" / "tutorials" / "annual_land_cover_map.md"
WRITTEN = "build/land_cover"
GIVEN = {"2.5", "0.865"}  # square kilometers of the images, and what is right in the map


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("land_cover")


@pytest.fixture(scope="module")
def run_page(folder: Path) -> list[Done]:
    return list(run(PAGE, WRITTEN, folder))


def test_commands_give_the_numbers_of_the_page(run_page: list[Done]) -> None:
    assert compare_numbers(run_page) == 28
    check_prose(PAGE, GIVEN)
    made = [path for path in files_made(run_page) if not str(path).startswith("[")]  # a list
    assert len(made) >= 15
    for path in made:
        assert path.exists(), path


def test_what_the_page_says_of_the_data(run_page: list[Done], folder: Path) -> None:
    text = PAGE.read_text("utf-8")
    reference = read_table(folder / "data" / "reference.gpkg")
    wrong = Counter(reference["planted"])["wrong class"]
    assert f"{wrong} of the {len(reference)} reference polygons" in text
    validation = read_table(folder / "data" / "validation.gpkg")
    assert f"`validation.gpkg` {len(validation)} pixels" in text
    size = sum(path.stat().st_size for path in (folder / "data").rglob("*") if path.is_file())
    assert 7e6 < size < 13e6  # "some 10 MB"
    samples = read_table(folder / "samples.gpkg", columns=("polygon", "split"))
    tests = np.unique(samples["polygon"][samples["split"] == "test"])
    assert 15 <= len(tests) <= 25  # "some twenty"


def held(mapped: np.ndarray, truth: np.ndarray, draws: int) -> float:
    """The share of draws of 200 pixels in whose interval the accuracy of the map lies."""
    count = int(max(mapped.max(), truth.max()))
    classes = Classes(tuple(LandClass(code, str(code)) for code in range(1, count + 1)))
    areas = np.bincount(mapped, minlength=count + 1)[1:].astype(float)
    right, hits = np.mean(mapped == truth), 0
    for seed in range(draws):
        some = np.random.default_rng(seed).choice(len(truth), 200, replace=False)
        counts = confusion_of(classes, truth[some].astype(int) - 1, mapped[some].astype(int) - 1)
        low, high = area_accuracy(counts, areas, POST_STRATIFIED).overall_bounds
        hits += bool(low <= right <= high)
    return hits / draws


def test_what_the_page_says_of_the_maps(run_page: list[Done], folder: Path) -> None:
    truth = simulated_ground()[0].codes()
    final = gdal.Open(run_page[-1].results["MAP"]).ReadAsArray()
    right = float(np.mean(final == truth))
    west = gdal.Open(str(folder / "west_map.tif")).ReadAsArray()
    known = truth[:, : west.shape[1]]
    assert np.mean(west == known) == pytest.approx(0.865, abs=6e-4)
    assert 0.90 <= held(west.ravel(), known.ravel(), 200) <= 0.99  # "one of twenty draws"
    assert right > np.mean(west == truth[:, : west.shape[1]]) + 0.03  # "More than in step 5"
    assert abs(right - float(run_page[-1].results["OA"])) < 0.03
    table = read_table(folder / "chain" / "accuracy" / "map_by_class.csv")
    row = int(np.flatnonzero(table["class"] == "built-up")[0])
    # "villages are too large in the map", and the sample says by how much
    assert table.floats("map_area_ha")[row] > table.floats("area_high_ha")[row]
    true = 0.01 * np.count_nonzero(truth == 2)
    assert table.floats("area_low_ha")[row] < true < table.floats("area_high_ha")[row]
