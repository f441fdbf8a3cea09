# SPDX-License-Identifier: GPL-3.0-or-later
"""A stack that goes through JSON reads the same pixels and the same masks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.io.plain_stacks import stack_from_plain, stack_inputs, stack_to_plain
from calval_toolbox.core.io.products import find_products
from calval_toolbox.core.io.products.synthetic import Scene, write_landsat, write_muscate
from calval_toolbox.core.io.stacks import Block, stack_of
from calval_toolbox.core.io.tile_files import to_json
from calval_toolbox.core.types import Flag

SHAPE = (60, 60)


@pytest.mark.parametrize(("write", "site"), [(write_muscate, "T31TCJ"), (write_landsat, "198030")])
def test_pixels_and_masks_survive(write: Callable[..., Path], site: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    for day in (3, 18):
        flags = {kind: rng.random(SHAPE) < 0.2 for kind in (Flag.CLOUD, Flag.CLOUD_SHADOW)}
        scene = Scene(
            site=site, time=np.datetime64(f"2020-07-{day:02d}T10:50:31.024", "ms"), epsg=32631,
            left=368010.0, top=4826490.0, pixel_m=30.0, aot=np.full(SHAPE, 0.2), flags=flags,
            reflectance={name: rng.uniform(0.02, 0.4, SHAPE) for name in ("B4", "B5")},
        )  # fmt: skip
        write(tmp_path, scene)
    products, _ = find_products([str(tmp_path)])
    stack = stack_of(products, (), "clouds")
    again = stack_from_plain(json.loads(to_json(stack_to_plain(stack))))
    block = Block(5, 7, 40, 30)
    assert np.array_equal(again.read(block), stack.read(block), equal_nan=True)
    assert stack.masked(block).any()
    assert np.array_equal(again.masked(block), stack.masked(block))
    assert np.array_equal(again.times, stack.times)
    assert (again.grid, again.bands) == (stack.grid, stack.bands)
    assert stack_from_plain(stack_to_plain(stack)) is again, "made once per process"
    other = stack_from_plain(stack_to_plain(replace(stack, policy="none")))
    assert (other.policy, again.policy) == ("none", "clouds")
    for product in products:
        assert product.path in stack_inputs(stack)
