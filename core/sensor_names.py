# SPDX-License-Identifier: GPL-3.0-or-later
"""One convention for the names of sensors: platform and instrument, as "S2A/MSI".

Twins carry the same instrument and are calibrated apart, so that the instrument alone names no
sensor. Series, stacks and the calibration database use the same names.
"""

from __future__ import annotations

import re

from .types import Product

_SENTINEL = re.compile(r"(?:SENTINEL|S)-?(\d[A-D])$", re.IGNORECASE)
_LANDSAT = re.compile(r"LANDSAT_?(\d)$", re.IGNORECASE)


def sensor_of(product: Product) -> str:
    """Platform and instrument of a product, as "S2A/MSI" or "LANDSAT_8/OLI"; only one of them
    where the metadata do not state the other, "" where they state neither.
    """
    platform = product.platform
    sentinel, landsat = _SENTINEL.match(platform), _LANDSAT.match(platform)
    if sentinel:
        platform = f"S{sentinel[1].upper()}"
    elif landsat:
        platform = f"LANDSAT_{landsat[1]}"
    return "/".join(text for text in (platform, product.sensor) if text)
