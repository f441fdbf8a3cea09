# SPDX-License-Identifier: GPL-3.0-or-later
"""Central wavelengths of known bands, for metadata and tables that do not state them.

Sources: ESA Sentinel-2 spectral responses (S2A); USGS Landsat band designations (centers of the
intervals); CNES VENuS band table; CNES SPOT 4 and 5 band intervals (centers); NASA MODIS bands.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from ..errors import InputError
from ..sensor_names import sensor_of
from ..types import BandSource, Product
from .indices import COLORS_NM, REACH, band_near

NAN = float("nan")
_ALTERNATE = re.compile(r"^(SRE|FRE|ENV)_")
MSI = {
    "B1": 442.7, "B2": 492.4, "B3": 559.8, "B4": 664.6, "B5": 704.1, "B6": 740.5, "B7": 782.8,
    "B8": 832.8, "B8A": 864.7, "B9": 945.1, "B10": 1373.5, "B11": 1613.7, "B12": 2202.4,
}  # fmt: skip
OLI = {
    "B1": 443.0, "B2": 482.0, "B3": 561.5, "B4": 654.5, "B5": 865.0, "B6": 1608.5, "B7": 2200.5,
    "B8": 589.5, "B9": 1373.5,
}  # fmt: skip
ETM = {"B1": 485.0, "B2": 560.0, "B3": 660.0, "B4": 835.0, "B5": 1650.0, "B7": 2215.0, "B8": 710.0}
TM = {"B1": 485.0, "B2": 560.0, "B3": 660.0, "B4": 830.0, "B5": 1650.0, "B7": 2215.0}
VSSC = {
    "B1": 423.9, "B2": 446.9, "B3": 491.9, "B4": 555.0, "B5": 619.7, "B6": 619.5, "B7": 666.2,
    "B8": 702.0, "B9": 741.1, "B10": 782.2, "B11": 861.1, "B12": 908.7,
}  # fmt: skip
SPOT = {"XS1": 545.0, "XS2": 645.0, "XS3": 840.0, "SWIR": 1665.0}
MODIS = {
    "B1": 645.0, "B2": 858.5, "B3": 469.0, "B4": 555.0, "B5": 1240.0, "B6": 1640.0, "B7": 2130.0,
    "MIR": 2130.0,
}  # fmt: skip
SENSORS = {
    "MSI": MSI, "SENTINEL2": MSI, "S2": MSI, "OLI": OLI, "LANDSAT8": OLI, "LANDSAT9": OLI,
    "L8": OLI, "L9": OLI, "ETM": ETM, "LANDSAT7": ETM, "L7": ETM, "TM": TM, "LANDSAT5": TM,
    "LANDSAT4": TM, "L5": TM, "VSSC": VSSC, "VENUS": VSSC, "HRVIR": SPOT, "HRG": SPOT,
    "SPOT4": SPOT, "SPOT5": SPOT, "MODIS": MODIS, "TERRA": MODIS, "AQUA": MODIS,
}  # fmt: skip
# By color alone, for every sensor: the middle of what the sensors above have.
COLORS = {
    "BLUE": 485.0, "GREEN": 560.0, "RED": 660.0, "NIR": 850.0, "SWIR1": 1620.0, "SWIR2": 2205.0,
}  # fmt: skip


@lru_cache(maxsize=4096)
def wavelength_of(band: str, sensor: str = "") -> float:
    """The central wavelength in nm of ``band`` of ``sensor``; NaN where it is not known.

    ``B4``, ``B04``, ``Band 4`` and ``SRE_B4`` are the same band; a number alone is none. Without a
    known sensor only names of colors (``red``, ``nir``, ``swir1``) have a wavelength, because the
    numbers of bands mean another one for each sensor.
    """
    name = re.sub(r"[\s_-]", "", _ALTERNATE.sub("", band.upper()))
    match = re.fullmatch(r"B(?:AND)?0*(\d+A?)", name)
    name = f"B{match[1]}" if match else name
    # The instrument tells the bands; the platform where it is all that is known of it.
    platform, _, instrument = sensor.upper().rpartition("/")
    known = _bands_of(instrument) or _bands_of(platform)
    return known.get(name, COLORS.get(name, NAN))


def wavelength_in(products: Iterable[Product], band: str) -> float:
    """The central wavelength in nm of ``band`` in the first product that has it: as it states, or
    as is known of its sensor; NaN where neither is.
    """
    for one in products:
        if band in one.bands:
            stated = one.bands[band].wavelength_nm
            return wavelength_of(band, sensor_of(one)) if stated is None else stated
    return NAN


def check_one_meaning(products: Sequence[Product], bands: Sequence[str]) -> None:
    """Raise ``InputError`` where one of ``bands`` lies at different wavelengths in the products, as
    the numbered bands of Landsat 5 and 8 do.
    """
    for name in bands:
        known = [(wavelength_in((one,), name), one) for one in products if name in one.bands]
        finite = [pair for pair in known if math.isfinite(pair[0])]
        if not finite:
            continue
        low, high = (pick(finite, key=lambda pair: pair[0]) for pick in (min, max))
        if high[0] - low[0] > REACH * low[0]:
            raise InputError(
                f"Band {name} lies at {low[0]:.0f} nm on {str(low[1].time)[:10]} "
                f"({sensor_of(low[1])}) and at {high[0]:.0f} nm on {str(high[1].time)[:10]} "
                f"({sensor_of(high[1])}): numbers of bands mean other wavelengths there. Name "
                f"colors in BANDS, such as {', '.join(COLORS).lower()}, or give the sensors apart."
            )


def plain_bands(products: Sequence[Product]) -> tuple[str, ...]:
    """The bands that all ``products`` have, without those that show one of them again, corrected in
    another way (``SRE_B4`` beside ``B4``).
    """
    common = [name for name in products[0].bands if all(name in one.bands for one in products)]
    return tuple(name for name in common if _ALTERNATE.sub("", name) not in {*common} - {name})


def by_color(products: Sequence[Product], bands: Sequence[str]) -> list[Product]:
    """``products`` with the bands that are named by color only (``COLORS``, in any case), each
    found by its wavelength; unchanged where a name is none, or a product has a band of that name.
    """
    colors = {name: COLORS[name.upper()] for name in bands if name.upper() in COLORS}
    if not bands or len(colors) < len(bands) or any(set(colors) & set(p.bands) for p in products):
        return list(products)
    return [replace(one, bands=_by_color(one, colors)) for one in products]


def _by_color(product: Product, colors: Mapping[str, float]) -> dict[str, BandSource]:
    names = plain_bands([product])
    waves = np.array([wavelength_in((product,), name) for name in names])
    found = {color: band_near(COLORS_NM[color.upper()], waves) for color in colors}
    return {
        color: replace(product.bands[names[place]], name=color)
        for color, place in found.items()
        if place is not None
    }


def _bands_of(sensor: str) -> dict[str, float]:
    cleaned = re.sub(r"[^A-Z0-9]", "", sensor)
    return SENSORS.get(cleaned) or _prefixed(cleaned)


def _prefixed(sensor: str) -> dict[str, float]:
    """The bands of a sensor written with more than its name: SENTINEL2A, S2B, HRG2, OLITIRS."""
    longest = sorted(SENSORS, key=len, reverse=True)
    return next((SENSORS[key] for key in longest if sensor.startswith(key)), {})
