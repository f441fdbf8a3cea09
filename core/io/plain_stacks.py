# SPDX-License-Identifier: GPL-3.0-or-later
"""Image stacks as plain values that JSON knows, for workers in other processes, and back.

Only what reading takes is kept: times, places and scaling of bands and masks, no metadata.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from ..types import BandSource, Flag, MaskSource, Product
from .grids import Grid
from .stacks import ImageStack
from .tile_files import to_json

Plain = dict[str, Any]
_BAND = ("uri", "band", "scale", "offset", "nodata")
_MASK = ("name", "uri", "kind", "band", "resolution_m")


def stack_to_plain(stack: ImageStack) -> Plain:
    """``stack`` as dictionaries, lists, texts and numbers, with a ``digest`` of them all."""
    grid = stack.grid
    plain: Plain = {
        "grid": [grid.wkt, list(grid.geotransform), grid.width, grid.height],
        "bands": list(stack.bands),
        "policy": stack.policy,
        "dates": [_date(product, stack.bands) for product in stack.products],
    }
    return {**plain, "digest": hashlib.sha256(to_json(plain).encode()).hexdigest()}


def stack_from_plain(plain: Mapping[str, Any]) -> ImageStack:
    """The stack that ``stack_to_plain`` described; made once per process."""
    return _made(_Key(plain))


def stack_inputs(stack: ImageStack) -> list[str]:
    """All files that reading ``stack`` may open, and the folders or archives of its products."""
    found = [product.path for product in stack.products]
    for product in stack.products:
        found += [product.bands[name].uri for name in stack.bands if name in product.bands]
        found += [mask.uri for mask in product.masks.values()]
    return list(dict.fromkeys(path for path in found if path))


class _Key:
    """A description, compared by its digest: every tile asks, and a long one takes long to read."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self.plain, self._digest = plain, str(plain["digest"])

    def __hash__(self) -> int:
        return hash(self._digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._digest == other._digest


@lru_cache(maxsize=4)
def _made(key: _Key) -> ImageStack:
    plain = key.plain
    wkt, geotransform, width, height = plain["grid"]
    left, dx, rx, top, ry, dy = (float(value) for value in geotransform)
    return ImageStack(
        Grid(wkt, (left, dx, rx, top, ry, dy), int(width), int(height)),
        tuple(_product(one) for one in plain["dates"]),
        tuple(plain["bands"]),
        plain["policy"],
    )


def _date(product: Product, bands: tuple[str, ...]) -> Plain:
    return {
        "time": str(product.time),
        "bands": {
            name: [getattr(product.bands[name], key) for key in _BAND]
            for name in bands
            if name in product.bands
        },
        "masks": [
            [*(getattr(mask, key) for key in _MASK), [[k, str(v)] for k, v in mask.meaning.items()]]
            for mask in product.masks.values()
        ],
    }


def _product(plain: Mapping[str, Any]) -> Product:
    bands = {
        name: BandSource(name, **dict(zip(_BAND, values, strict=True)))
        for name, values in plain["bands"].items()
    }
    masks = {}
    for number, (*values, meaning) in enumerate(plain["masks"]):
        flags = {int(code): Flag(word) for code, word in meaning}
        masks[str(number)] = MaskSource(meaning=flags, **dict(zip(_MASK, values, strict=True)))
    time = np.datetime64(plain["time"], "ms")
    return Product("", "", "", "", "", "", time, bands=bands, masks=masks)
