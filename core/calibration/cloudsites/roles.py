# SPDX-License-Identifier: GPL-3.0-or-later
"""Which band of an instrument shows what of a cloud, by its wavelength."""

from __future__ import annotations

from collections.abc import Mapping

from ...errors import ProductError
from ...io.rasters import short
from ...series.wavelengths import wavelength_of
from ...types import Product

# Wavelengths (nm) and how far a band may be from them, in the order in which bands are read: the
# coarse one above water vapor first, which decides the most for the least.
ROLES: Mapping[str, tuple[float, float]] = {
    "cirrus": (1375.0, 15.0),
    "nir": (865.0, 15.0),
    "swir": (1610.0, 60.0),
    "red": (660.0, 25.0),
    "blue": (485.0, 25.0),
}
COASTAL = (443.0, 12.0)  # of previews made of bands


def roles_of(product: Product) -> dict[str, str]:
    """The band for each role; raises ``ProductError`` where there is none."""
    found = {}
    for role, (wanted, most) in ROLES.items():
        band = nearest(product, wanted, most)
        if not band:
            hint = (
                "Products of Level 2 never have it: give those of Level 1 (L1C)."
                if role == "cirrus" else "Get the product again, with all of its bands."
            )  # fmt: skip
            raise ProductError(
                f"{short(product.path)} has no band near {wanted:g} nm ({_WHY[role]}), without "
                f"which deep convective clouds cannot be told from others. {hint}"
            )
        found[role] = band
    return found


_WHY = {
    "cirrus": "B10 of Sentinel-2: it shows only what is above the water vapor",
    "nir": "B8A of Sentinel-2", "swir": "B11 of Sentinel-2: it tells ice from water",
    "red": "B4 of Sentinel-2", "blue": "B2 of Sentinel-2",
}  # fmt: skip


def nearest(product: Product, wanted: float, most: float) -> str:
    """The band of a product nearest to a wavelength (nm) within ``most``, "" where there is none.

    Of two as near the first counts.
    """
    best, away = "", most
    for name, source in product.bands.items():
        stated = source.wavelength_nm
        own = wavelength_of(name, product.sensor) if stated is None else stated
        if abs(own - wanted) < away:
            best, away = name, abs(own - wanted)
    return best
