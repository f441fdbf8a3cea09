# SPDX-License-Identifier: GPL-3.0-or-later
"""The majority filter: by hand, both ways alike, and equal to the Orfeo ToolBox on a real map."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.classification.maps.majority import majority, reach_of_rows

CHANGED_BY_OTB = 114786  # version 8.1.1, radius 2, the whole map filtered


def filtered(codes: np.ndarray, radius: int, shape: str = "circle") -> np.ndarray:
    padded = np.pad(codes, radius, mode="constant")
    one, other = (majority(padded, radius, shape, compiled) for compiled in (True, False))
    np.testing.assert_array_equal(one, other)
    assert one.dtype == codes.dtype
    return one


def test_most_frequent_by_hand() -> None:
    codes = np.array([[1, 1, 2, 2], [1, 7, 2, 0], [1, 1, 2, 2]], np.uint8)
    # The 7 has five 1 and three 2 around it; no class stays, and has no vote.
    assert filtered(codes, 1).tolist() == [[1, 1, 2, 2], [1, 1, 2, 0], [1, 1, 2, 2]]


def test_a_tie_keeps_the_pixel() -> None:
    codes = np.array([[1, 1, 1], [2, 5, 1], [2, 2, 2]], np.uint16)
    assert filtered(codes, 1)[1, 1] == 5


def test_circles_hold_centers_within_half_a_pixel_more() -> None:
    assert reach_of_rows(1, "circle").tolist() == [1, 1, 1]
    assert reach_of_rows(2, "circle").tolist() == [1, 2, 2, 2, 1]
    assert reach_of_rows(3, "circle").tolist() == [1, 2, 3, 3, 3, 2, 1]
    assert reach_of_rows(2, "square").tolist() == [2] * 5


@pytest.mark.parametrize("shape", ["circle", "square"])
def test_both_ways_agree_with_counting_every_pixel(shape: str) -> None:
    codes = np.random.default_rng(1).choice(np.array([0, 3, 40, 300], np.uint16), (17, 23))
    found, radius = filtered(codes, 2, shape), 2
    padded, widths = np.pad(codes, radius, mode="constant"), reach_of_rows(2, shape)
    for row, column in np.ndindex(codes.shape):
        around = np.concatenate([
            padded[row + line, column + radius - reach : column + radius + reach + 1]
            for line, reach in enumerate(widths)
        ])  # fmt: skip
        counts = {code: int((around == code).sum()) for code in (3, 40, 300)}
        best = [code for code, count in counts.items() if count == max(counts.values())]
        own = codes[row, column]
        assert found[row, column] == (own if own == 0 or len(best) > 1 else best[0])


@pytest.mark.skipif(
    shutil.which("otbcli_ClassificationMapRegularization") is None, reason="needs otb-bin"
)
@pytest.mark.parametrize("radius", [1, 3])
def test_a_real_map_is_filtered_as_by_otb(radius: int, tmp_path: Path, shared_data: Path) -> None:
    source = shared_data / "classification" / "formosat2_tempcnn" / "rf_map.tif"
    part = tmp_path / "part.tif"
    gdal.Translate(str(part), str(source), srcWin=[900, 700, 900, 800])
    subprocess.run(
        ["otbcli_ClassificationMapRegularization", "-io.in", str(part), "-io.out",
         str(tmp_path / "out.tif"), "uint8", "-ip.radius", str(radius)],
        check=True, capture_output=True,
    )  # fmt: skip
    codes = gdal.Open(str(part)).ReadAsArray()
    expected = gdal.Open(str(tmp_path / "out.tif")).ReadAsArray()
    found = filtered(codes, radius)
    assert 0.01 < (expected != codes).mean() < 0.3
    np.testing.assert_array_equal(found, expected)


def test_the_real_map_changes_as_much_as_otb_changed_it(shared_data: Path) -> None:
    """Where the tool is not installed: its count of changed pixels in rows 1000 to 1500."""
    source = shared_data / "classification" / "formosat2_tempcnn" / "rf_map.tif"
    codes = gdal.Open(str(source)).ReadAsArray(0, 998, 4500, 504)
    found = majority(np.pad(codes, ((0, 0), (2, 2)), mode="constant"), 2, "circle")
    assert int((found != codes[2:-2]).sum()) == CHANGED_BY_OTB
