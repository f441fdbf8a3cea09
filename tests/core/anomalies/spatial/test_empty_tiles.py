# SPDX-License-Identifier: GPL-3.0-or-later
"""Tiles in which nothing can be tested are not computed, and give what computing them gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.anomalies.scores import FEWEST_CLEAR
from calval_toolbox.core.anomalies.spatial import tiles
from calval_toolbox.core.anomalies.spatial.codes import UNTESTED
from calval_toolbox.core.anomalies.spatial.pixels import PixelScores, score_pixels
from calval_toolbox.core.anomalies.spatial.tiles import BEST, date_name, score_values
from calval_toolbox.core.execution.tiling import TileOutput
from calval_toolbox.core.io.tile_files import to_json

DATES, ROWS, COLUMNS = 24, 40, 33
NM = np.array([490.0, 865.0])
TIMES = np.datetime64("2018-01-03", "ms") + np.arange(DATES) * np.timedelta64(20, "D")
KINDS = ("outside", "masked", "scattered", "seldom clear")
Stack = tuple[np.ndarray, tuple[np.ndarray, np.ndarray, np.ndarray]]


def stack(kind: str) -> Stack:
    """Values and masks of a tile without a pixel that can be tested."""
    rng = np.random.default_rng(3)
    shape = (DATES, len(NM), ROWS, COLUMNS)
    values = (0.2 + rng.normal(0.0, 0.01, shape)).astype(np.float32)
    cloud, shade = (rng.random((DATES, ROWS, COLUMNS)) < share for share in (0.3, 0.1))
    clear = ~(cloud | shade)
    if kind == "outside":
        values[:] = np.nan
    elif kind == "masked":
        clear[:] = False
    elif kind == "scattered":  # clear where there is no data, data where it is not clear
        values[np.broadcast_to(clear[:, None], shape)] = np.nan
    else:  # as often clear as is just too little, on other dates in each half
        clear[:] = False
        clear[: FEWEST_CLEAR - 1, : ROWS // 2] = True
        clear[1 - FEWEST_CLEAR :, ROWS // 2 :] = True
    return values, (clear, cloud, shade)


def in_full(monkeypatch: pytest.MonkeyPatch, tile: Stack, voting: bool) -> TileOutput:
    with monkeypatch.context() as patched:
        patched.setattr(tiles, "fewest_clear", lambda *_: 0)
        return score_values(*tile, TIMES, NM, voting=voting)


def check_same(one: TileOutput, other: TileOutput) -> None:
    assert list(one.arrays) == list(other.arrays)
    for name, values in one.arrays.items():
        assert values.dtype == other.arrays[name].dtype, name
        assert values.shape == other.arrays[name].shape, name
        assert values.tobytes() == other.arrays[name].tobytes(), name
    assert to_json(one.summary) == to_json(other.summary)


@pytest.mark.parametrize("voting", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_same_as_in_full(monkeypatch: pytest.MonkeyPatch, kind: str, voting: bool) -> None:
    tile = stack(kind)
    scored = []

    def counted(values: np.ndarray, *more: Any) -> PixelScores:
        scored.append(values.shape[-1])
        return score_pixels(values, *more)

    with monkeypatch.context() as patched:
        patched.setattr(tiles, "score_pixels", counted)
        found = score_values(*tile, TIMES, NM, voting=voting)
    assert sum(scored) < ROWS * COLUMNS / 10
    check_same(found, in_full(monkeypatch, tile, voting))


@pytest.mark.parametrize("size", [1, 3, 8])
def test_tiles_smaller_than_the_corner(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    values, masks = stack("seldom clear")
    clear, cloud, shade = (mask[:, :size, :2] for mask in masks)
    tile = values[:, :, :size, :2], (clear, cloud, shade)
    found = score_values(*tile, TIMES, NM)
    check_same(found, in_full(monkeypatch, tile, voting=True))
    assert found.arrays["counts"][1].max() == FEWEST_CLEAR - 1


def test_one_pixel_that_can_be_tested_is(monkeypatch: pytest.MonkeyPatch) -> None:
    values, masks = stack("masked")
    masks[0][:, -1, -1] = True  # far from the corner
    found = score_values(values, masks, TIMES, NM)
    check_same(found, in_full(monkeypatch, (values, masks), voting=True))
    best = np.stack([found.arrays[date_name(date)][BEST] for date in range(DATES)])
    assert (best[:, -1, -1] != UNTESTED).sum() > FEWEST_CLEAR
    best[:, -1, -1] = UNTESTED
    assert (best == UNTESTED).all()
