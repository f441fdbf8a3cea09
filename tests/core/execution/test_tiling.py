# SPDX-License-Identifier: GPL-3.0-or-later
"""Tiles cover a raster once, and are sized by memory before anything starts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calval_toolbox.core.errors import InputError
from calval_toolbox.core.execution.tiling import (
    Rectangle,
    fit_tile_size,
    tile_memory_mb,
    tiles,
    too_large,
)


def slices(part: Rectangle) -> tuple[slice, slice]:
    rows = slice(part.row, part.row + part.height)
    return rows, slice(part.column, part.column + part.width)


@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 50), st.integers(0, 12))
def test_tiles_cover_each_pixel_once(width: int, height: int, size: int, margin: int) -> None:
    seen = np.zeros((height, width), int)
    numbers = np.arange(width * height).reshape(height, width)
    for tile in tiles(width, height, size, margin):
        own, outer = tile.own, tile.outer
        place, around = slices(own), slices(outer)
        seen[place] += 1
        assert np.array_equal(tile.crop(numbers[around]), numbers[place])
        assert outer.column == max(own.column - margin, 0)
        assert outer.row + outer.height == min(own.row + own.height + margin, height)
        assert tile.pixels == numbers[place].size
    assert (seen == 1).all()


def test_names_sort_in_reading_order() -> None:
    names = [tile.name for tile in tiles(12000, 3000, 512)]
    assert names == sorted(names)
    assert names[:2] == ["r000000_c000000", "r000000_c000512"]


def test_tiles_that_cannot_be() -> None:
    for arguments in ((0, 5, 64, 0), (5, 5, 0, 0), (5, 5, 64, -1)):
        with pytest.raises(InputError):
            tiles(*arguments)


def test_size_is_halved_until_it_fits() -> None:
    assert tile_memory_mb(1000, 8.0) == pytest.approx(8.0)
    assert fit_tile_size(1024, 400.0, 500.0) == 1024
    # 1024: (1024 + 64)^2 * 400 = 473 MB, 512: 133 MB, 256: 41 MB
    assert fit_tile_size(1024, 400.0, 472.0, margin=32) == 512
    assert fit_tile_size(1024, 400.0, 132.0, margin=32) == 256
    assert fit_tile_size(1024, 400.0, 50.0, margin=32, fixed_mb=20.0) == 128


def test_what_never_fits_is_refused_with_figures() -> None:
    with pytest.raises(InputError, match=r"needs about 41 MB, cap 40 MB"):
        fit_tile_size(512, 10_000.0, 40.0)


def test_smaller_tiles_are_advised_only_where_there_are_any() -> None:
    assert "choose smaller tiles" in too_large(40.2, 40.0, 128)
    smallest = too_large(40.2, 40.0, 64)
    assert "smaller" not in smallest
    assert smallest.endswith("raise the memory cap, or give fewer dates or bands.")
