# SPDX-License-Identifier: GPL-3.0-or-later
"""The pixels around a site: AOT as stored, with what the masks of the product say of them."""

from __future__ import annotations

import numpy as np

from ..errors import InputError
from ..io.products.masks import chosen_masks, codes_of, decode, policy_flags
from ..io.raster_values import missing_values
from ..io.rasters import Rasters, Window
from ..types import AnyArray, BandSource, BoolArray, Flag, MaskSource, Product
from .window import AotPixels

CLOUD_FLAGS = frozenset(
    {Flag.CLOUD, Flag.THIN_CLOUD, Flag.CIRRUS, Flag.CLOUD_SHADOW, Flag.CLOUD_OR_SHADOW}
)
_EXCLUDED, _CLOUDY, _OUTSIDE, _GAPFILLED = 1, 2, 4, 8


def read_pixels(
    product: Product, window: Window, policy: str, rasters: Rasters | None = None
) -> AotPixels:
    """The AOT window of a product with what its masks say; ``policy`` as in ``masks.POLICIES``.

    Where no mask tells the border of the image, a pixel without AOT counts as outside it.
    """
    aot = product.aot
    if aot is None:
        raise InputError(f"{product.path} is a product without AOT.")
    with Rasters() as own:
        files = rasters or own
        codes, told = _classify(product, window, policy, files)
        vapor = product.water_vapor
        vapor_dn = None if vapor is None else files.resampled(vapor.uri, vapor.band, window)
    missing = missing_values(window.values, aot)
    inside = (codes & _OUTSIDE) == 0 if told & _OUTSIDE else ~missing
    kept = inside & ((codes & _EXCLUDED) == 0)
    return AotPixels(
        dn=window.values,
        used=kept & ~missing,
        inside=inside,
        cloud=(codes & _CLOUDY) != 0 if told & _CLOUDY else None,
        gapfilled=(codes & _GAPFILLED) != 0 if told & _GAPFILLED else None,
        zero=kept & missing if aot.nodata == 0 else np.zeros_like(kept),
        water_vapor_dn=vapor_dn,
        water_vapor_used=_vapor_used(vapor_dn, vapor, kept),
    )


def _classify(
    product: Product, window: Window, policy: str, rasters: Rasters
) -> tuple[AnyArray, int]:
    """What the masks say, as small bit codes (rows, columns), and the bits that they can tell.

    Each mask is translated by a table of its 256 codes: one pass over the pixels per mask.
    """
    groups = (
        (_EXCLUDED, policy_flags(policy)),
        (_CLOUDY, CLOUD_FLAGS),
        (_OUTSIDE, frozenset({Flag.NODATA})),
        (_GAPFILLED, frozenset({Flag.AOT_INTERPOLATED})),
    )
    wanted = frozenset().union(*(flags for _, flags in groups))
    result = np.zeros(window.shape, dtype=np.uint8)
    told = 0
    for mask in chosen_masks(product, window.pixel_width):
        known = frozenset(mask.meaning.values())
        if not wanted & known:
            continue
        told |= sum(bit for bit, flags in groups if flags & known and not told & bit)
        result |= _translate(codes_of(rasters.resampled(mask.uri, mask.band, window)), mask, groups)
    return result, told


def _translate(
    codes: AnyArray, mask: MaskSource, groups: tuple[tuple[int, frozenset[Flag]], ...]
) -> AnyArray:
    """The groups (bit, flags) that each code of a mask belongs to."""
    small = codes.dtype == np.uint8
    flags = decode(np.arange(256) if small else codes, mask)
    table = np.zeros(256 if small else codes.shape, dtype=np.uint8)
    for bit, members in groups:
        for flag in members.intersection(flags):
            table[flags[flag]] |= bit
    return table[codes] if small else table


def _vapor_used(
    values: AnyArray | None, source: BandSource | None, kept: BoolArray
) -> BoolArray | None:
    if values is None or source is None:
        return None
    return np.asarray(kept & ~missing_values(values, source))
