# SPDX-License-Identifier: GPL-3.0-or-later
"""What the masks of a product say, in one vocabulary, and which of it a policy leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from ...errors import InputError
from ...types import AnyArray, BoolArray, Flag, MaskSource, Product
from ..rasters import Rasters, Window, short

_CLOUDS = frozenset(
    {
        Flag.CLOUD,
        Flag.CIRRUS,
        Flag.CLOUD_SHADOW,
        Flag.CLOUD_OR_SHADOW,
        Flag.NODATA,
        Flag.MASKED,
    }
)
_CLEAR_LAND = _CLOUDS | {
    Flag.SNOW,
    Flag.WATER,
    Flag.TERRAIN,
    Flag.LOW_SUN,
    Flag.TANGENT_SUN,
    Flag.SATURATED,
}
_STRICT = _CLEAR_LAND | {
    Flag.THIN_CLOUD,
    Flag.AOT_INTERPOLATED,
    Flag.DARK,
    Flag.UNCLASSIFIED,
    Flag.AEROSOL_CLIMATOLOGY,
}
# Water and snow are classes of land cover; thin clouds and saturated bands falsify any class.
_LAND_COVER = _CLOUDS | {Flag.THIN_CLOUD, Flag.SATURATED}
POLICIES: Mapping[str, frozenset[Flag]] = {
    "none": frozenset(),
    "clouds": _CLOUDS,
    "clear_land": _CLEAR_LAND,
    "strict": _STRICT,
    "land_cover": _LAND_COVER,
}
# What tells of a pixel whether it is clouded; no data at the border does not.
_TELLING = _CLOUDS - {Flag.NODATA}
GROUPS = ("R1", "R2", "R3", "XS", "ALL", "10m", "20m", "60m")
LARGEST_CODE = 2**31


def read_flags(
    product: Product,
    window: Window,
    rasters: Rasters | None = None,
    wanted: frozenset[Flag] | None = None,
) -> dict[Flag, BoolArray]:
    """Where each flag is set, on the pixels (rows, columns) of ``window``.

    Only flags that the product's masks can tell are keys. Where a mask exists in several
    resolutions the one nearest to the window's is read; other grids are sampled at the pixel
    centers. ``wanted``: masks that tell none of these flags are not read. Raises ``ProductError``
    where a mask cannot be read.
    """
    flags: dict[Flag, BoolArray] = {}
    with Rasters() as own:
        files = rasters or own
        for mask in chosen_masks(product, window.pixel_width):
            if wanted is not None and wanted.isdisjoint(mask.meaning.values()):
                continue
            codes = codes_of(files.resampled(mask.uri, mask.band, window))
            for flag, where in decode(codes, mask).items():
                flags[flag] = flags[flag] | where if flag in flags else where
    return flags


def excluded(
    flags: Mapping[Flag, BoolArray], policy: str | Iterable[Flag], shape: tuple[int, int]
) -> BoolArray:
    """The pixels (rows, columns) that a policy leaves out; raises ``InputError`` if unknown."""
    result = np.zeros(shape, dtype=np.bool_)
    for flag in policy_flags(policy) if isinstance(policy, str) else policy:
        if flag in flags:
            result |= flags[flag]
    return result


def policy_flags(policy: str) -> frozenset[Flag]:
    """The flags that a policy leaves out; raises ``InputError`` where there is no such policy."""
    if policy not in POLICIES:
        raise InputError(
            f"There is no mask policy '{policy}'. Choose one of: {', '.join(POLICIES)}."
        )
    return POLICIES[policy]


def clouds_known(product: Product) -> bool:
    """Whether any mask of a product tells clouds, their shadows, or what is not clear at all."""
    return any(not _TELLING.isdisjoint(mask.meaning.values()) for mask in product.masks.values())


def unmasked_note(products: Sequence[Product], policy: str) -> str:
    """A sentence about the products without a cloud mask, "" where all have one, or ``policy``
    leaves no clouds out.
    """
    blind = [product for product in products if not clouds_known(product)]
    if not blind or policy_flags(policy).isdisjoint(_TELLING):
        return ""
    name = short(blind[0].path)
    many = f"{len(blind)} of {len(products)} products have"
    return (
        f"{f'{name} has' if len(products) == 1 else many} no cloud mask that can be read, so the "
        f"policy '{policy}' leaves no cloud out: clouds count as clear."
        + ("" if len(products) == 1 else f" The first is {name}.")
    )


def chosen_masks(product: Product, resolution: float) -> list[MaskSource]:
    """Each mask once: of several resolutions the one nearest to ``resolution``."""
    best: dict[tuple[str, int, str], MaskSource] = {}
    for mask in product.masks.values():
        key = (_stem(mask.name), mask.band, mask.kind)
        if key not in best or _gap(mask, resolution) < _gap(best[key], resolution):
            best[key] = mask
    return list(best.values())


def decode(codes: AnyArray, mask: MaskSource) -> dict[Flag, BoolArray]:
    """The flags in the codes (integers) of a mask."""
    if mask.kind == "others":
        known = np.isin(codes, list(mask.meaning))
        return dict.fromkeys(mask.meaning.values(), ~known)
    flags: dict[Flag, BoolArray] = {}
    for key, flag in mask.meaning.items():
        where = _bit(codes, key) if mask.kind == "bits" else codes == key
        flags[flag] = flags[flag] | where if flag in flags else where
    return flags


def _bit(codes: AnyArray, index: int) -> BoolArray:
    """Where a bit is set; nowhere if the codes are too short to hold it."""
    if index >= 8 * codes.itemsize:
        return np.zeros(codes.shape, dtype=np.bool_)
    return np.asarray((codes >> index) & 1 == 1)


def codes_of(values: AnyArray) -> AnyArray:
    """Mask values as integers; some products carry masks as real numbers."""
    if values.dtype.kind in "iu":
        return values
    return np.clip(np.nan_to_num(values), 0, LARGEST_CODE).astype(np.int64)


def _stem(name: str) -> str:
    head, _, tail = name.rpartition("_")
    return head if tail in GROUPS else name


def _gap(mask: MaskSource, resolution: float) -> float:
    size = mask.resolution_m
    return abs(np.log(size / resolution)) if size and size > 0 else float("inf")
