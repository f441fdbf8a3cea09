# SPDX-License-Identifier: GPL-3.0-or-later
"""Quantification values of metadata turned into scales."""

from __future__ import annotations

from ...errors import ProductError

LARGEST_AOT = 5.0
SMALLEST_AOT_RANGE = 0.2


def scale_from(quantification: float, where: str) -> float:
    """The factor by which DN are multiplied.

    MUSCATE states the divisor (200 means DN / 200), Earth-Explorer headers and some MUSCATE files
    the factor itself (0.005) under the same tags: values of 1 and more divide, smaller ones
    multiply. Raises ``ProductError`` for values that are not positive.
    """
    if not quantification > 0:
        raise ProductError(
            f"{where} gives the quantification value {quantification:g}, which cannot be. Get the "
            "product again."
        )
    return 1.0 / quantification if quantification >= 1 else quantification


def aot_range_note(scale: float, largest_dn: float | None) -> str:
    """A warning where the codes of a byte raster cannot hold AOT (0 to about 5), else ""."""
    if largest_dn is None:
        return ""
    reach = scale * largest_dn
    if SMALLEST_AOT_RANGE <= reach <= LARGEST_AOT:
        return ""
    return (
        f"The AOT scale {scale:g} of the metadata lets AOT reach {reach:g}, outside 0 to "
        f"{LARGEST_AOT:g}: the values are doubtful."
    )
