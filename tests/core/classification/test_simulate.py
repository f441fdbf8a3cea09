# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated land-cover case: real formats, one truth in all of its files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.classification.simulate import (
    LandCoverCase,
    simulated_ground,
    write_case,
)
from calval_toolbox.core.classification.simulation.ground import CLASSES, LATER_DAYS
from calval_toolbox.core.classification.simulation.images import OVERLAP, TILES
from calval_toolbox.core.classification.simulation.radar import backscatter
from calval_toolbox.core.errors import OutputError
from calval_toolbox.core.io.grids import project
from calval_toolbox.core.io.products.discovery import find_products
from calval_toolbox.core.io.stacks import Block, stack_of
from calval_toolbox.core.io.tables import positions, read_table


def _products(case: LandCoverCase, tile: str) -> list:
    found, unreadable = find_products([str(case.optical[tile])])
    assert not unreadable
    return sorted(found, key=lambda one: one.time)


def test_tiles_have_products_of_both_processors(land_cover_case: LandCoverCase) -> None:
    west, east = (_products(land_cover_case, tile) for tile in TILES)
    assert (len(west), len(east), land_cover_case.product_count) == (18, 17, 35)
    for products in (west, east):
        assert {one.reader for one in products} == {"muscate", "safe"}
        offsets = {
            (one.baseline, round(one.bands["B4"].offset, 6))
            for one in products
            if one.reader == "safe"
        }
        assert ("04.00", -0.1) in offsets
    # The first date is older than the offset of Sen2Cor's products.
    assert (east[0].baseline, east[0].bands["B4"].offset) == ("03.01", 0.0)


def test_both_processors_show_the_same_ground_where_the_tiles_overlap(
    land_cover_case: LandCoverCase,
) -> None:
    west, east = (_products(land_cover_case, tile) for tile in TILES)
    common = {one.time.astype("datetime64[D]"): one for one in east}
    pairs = [(one, common[one.time.astype("datetime64[D]")]) for one in west[:4]]
    for one, other in pairs:
        assert one.reader != other.reader
        stacks = [stack_of([product], ("B4", "B8"), "none") for product in (one, other)]
        rows, half = stacks[0].grid.height, stacks[0].grid.width
        ours = stacks[0].read(Block(half - OVERLAP, 0, OVERLAP, rows))
        theirs = stacks[1].read(Block(0, 0, OVERLAP, rows))
        both = np.isfinite(ours) & np.isfinite(theirs)
        assert both.mean() > 0.9
        assert np.abs(ours - theirs)[both].max() <= 2e-4


def test_reference_and_sample_agree_with_the_truth(land_cover_case: LandCoverCase) -> None:
    case = land_cover_case
    truth = gdal.Open(str(case.truth)).ReadAsArray()
    assert np.array_equal(truth, case.ground.codes())
    left, width, _, top, _, height = case.grid.geotransform
    sample = read_table(case.validation)
    longitude, latitude, _ = positions(sample.geometry)
    for row in range(len(sample)):
        x, y = project(case.grid.wkt, longitude[row], latitude[row])
        code = truth[int((y - top) / height), int((x - left) / width)]
        assert CLASSES.labels[code - 1] == sample["class"][row]
    reference = read_table(case.reference)
    known = Counter(zip(reference["class"], reference["zone"], strict=True))
    assert len(known) == 16
    assert min(known.values()) >= 3
    assert Counter(reference["planted"]) == {"": len(reference) - 3, "wrong class": 3}


def test_seasons_are_later_in_the_hills() -> None:
    ground, _ = simulated_ground()
    codes, maize = ground.codes(), CLASSES.labels.index("maize") + 1
    days = np.arange("2022-05-01", "2022-11-30", dtype="datetime64[D]")
    green = np.array([ground.landscape.fractions(day)[0] for day in days])
    middle = []
    for zone in (0, 1):
        parcels = np.unique(ground.landscape.parcels[(codes == maize) & (ground.zone == zone)])
        mean = green[:, parcels].mean(axis=1)
        middle.append(float((mean * np.arange(len(days))).sum() / mean.sum()))
    assert middle[1] - middle[0] == pytest.approx(LATER_DAYS, abs=8.0)


def test_radar_tells_water_crops_and_towns_apart(land_cover_case: LandCoverCase) -> None:
    ground = land_cover_case.ground
    summer, winter = (
        10.0 * np.log10(backscatter(ground, np.datetime64(day)))
        for day in ("2022-08-04", "2022-01-17")
    )
    codes = ground.codes()
    level = {name: summer[0][codes == code].mean() for code, name in enumerate(CLASSES.labels, 1)}
    assert level["water"] < level["maize"] - 5.0
    assert level["built-up"] > level["maize"] + 1.0
    maize = codes == CLASSES.labels.index("maize") + 1
    assert (summer - winter)[1][maize].mean() > 1.5
    files = sorted(land_cover_case.radar[TILES[0]].glob("*.tif"))
    assert len(files) == 26
    assert files[0].name == "s1a_31TCJ_vh_ASC_030_20220124t174740.tif"
    seen = gdal.Open(str(files[0])).ReadAsArray()
    true = backscatter(ground, np.datetime64("2022-01-24"), 0.4)[1][:, : seen.shape[1]]
    assert float(np.mean(seen / true)) == pytest.approx(1.0, abs=0.01)


def test_same_seed_same_case_and_traps(tmp_path: Path, land_cover_case: LandCoverCase) -> None:
    again = write_case(tmp_path / "case", size=80, traps=True)
    other = write_case(tmp_path / "case", size=80, traps=True)
    assert np.array_equal(again.ground.codes(), other.ground.codes())
    planted = Counter(read_table(other.reference)["planted"])
    assert (planted["single polygon"], planted["outside"]) == (1, 1)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="already holds other files"):
        write_case(tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "mine"
