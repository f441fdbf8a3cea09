# SPDX-License-Identifier: GPL-3.0-or-later
"""Mask policies, and masks on other grids than the values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io.products import open_product
from calval_toolbox.core.io.products.masks import (
    POLICIES,
    chosen_masks,
    decode,
    excluded,
    read_flags,
)
from calval_toolbox.core.io.products.synthetic import Scene, write_muscate
from calval_toolbox.core.io.rasters import Rasters
from calval_toolbox.core.types import Flag, MaskSource

from .conftest import rows_of
from .helpers import flags, whole


def test_policies_are_nested() -> None:
    assert POLICIES["none"] == frozenset()
    assert POLICIES["none"] < POLICIES["clouds"] < POLICIES["clear_land"] < POLICIES["strict"]
    assert Flag.THIN_CLOUD not in POLICIES["clear_land"]
    assert {Flag.THIN_CLOUD, Flag.AOT_INTERPOLATED} <= POLICIES["strict"]
    assert {Flag.WATER, Flag.SNOW, Flag.TERRAIN, Flag.SATURATED} <= POLICIES["clear_land"]
    assert POLICIES["land_cover"] == POLICIES["clouds"] | {Flag.THIN_CLOUD, Flag.SATURATED}
    # What a pixel is made of never excludes it.
    assert not {Flag.VEGETATION, Flag.BARE, Flag.AEROSOL_VALID} & POLICIES["strict"]


def test_policy_leaves_out_its_flags_only(tmp_path: Path, scene: Scene) -> None:
    product = open_product(write_muscate(tmp_path, scene))
    band = product.bands["B2"]
    left_out = excluded(flags(product, band), "clouds", (120, 160))
    expected = np.zeros((120, 160), dtype=bool)
    for flag in (Flag.NODATA, Flag.CLOUD, Flag.CLOUD_SHADOW, Flag.CIRRUS):
        expected |= rows_of(flag)
    assert np.array_equal(left_out, expected)
    assert not excluded(flags(product, band), "none", (120, 160)).any()


def test_flags_themselves_can_be_the_policy() -> None:
    found = {Flag.SNOW: np.array([[True, False]]), Flag.WATER: np.array([[False, True]])}
    assert excluded(found, [Flag.WATER, Flag.CLOUD], (1, 2)).tolist() == [[False, True]]


def test_unknown_policy_is_a_sentence() -> None:
    with pytest.raises(InputError, match="no mask policy 'sunny'. Choose one of: none, clouds"):
        excluded({}, "sunny", (1, 1))


def test_nearest_resolution_is_read(tmp_path: Path, scene: Scene) -> None:
    product = open_product(write_muscate(tmp_path, scene))
    assert {mask.name for mask in chosen_masks(product, 10.0)} == {
        "CLM_R1", "MG2_R1", "IAB_R1", "EDG_R1", "SAT_R1",
    }  # fmt: skip
    assert {mask.name for mask in chosen_masks(product, 30.0)} == {
        "CLM_R2", "MG2_R2", "IAB_R2", "EDG_R2", "SAT_R2",
    }  # fmt: skip


def test_mask_of_another_resolution_is_sampled(tmp_path: Path, scene: Scene) -> None:
    folder = write_muscate(tmp_path, scene)
    for path in (folder / "MASKS").glob("*_R1.tif"):
        path.unlink()
    product = open_product(folder)
    found = flags(product, product.bands["B2"])
    # 20 m pixels repeated; the scene's flags begin on even rows.
    assert np.array_equal(found[Flag.CLOUD], rows_of(Flag.CLOUD))


def test_small_window_gets_the_flags_of_its_place(tmp_path: Path, scene: Scene) -> None:
    product = open_product(write_muscate(tmp_path, scene))
    band = product.bands["B2"]
    full = flags(product, band)
    grid = whole(band).grid
    longitude, latitude = grid.ring()[0]
    with Rasters() as rasters:
        window = rasters.window(band.uri, 1, longitude, latitude, 300.0)
        assert window is not None
        found = read_flags(product, window, rasters)
    rows, columns = window.shape
    for flag, where in found.items():
        assert np.array_equal(where, full[flag][:rows, :columns]), flag
    assert found[Flag.CLOUD].any()
    assert not found[Flag.SNOW].any()


def test_classes_are_whole_values_and_bits_are_not() -> None:
    codes = np.array([[1, 2, 3]])
    bits = decode(codes, MaskSource("x", "", {0: Flag.WATER, 1: Flag.SNOW}))
    classes = decode(codes, MaskSource("x", "", {1: Flag.WATER, 3: Flag.SNOW}, "classes"))
    assert bits[Flag.WATER].tolist() == [[True, False, True]]
    assert bits[Flag.SNOW].tolist() == [[False, True, True]]
    assert classes[Flag.WATER].tolist() == [[True, False, False]]
    assert classes[Flag.SNOW].tolist() == [[False, False, True]]
