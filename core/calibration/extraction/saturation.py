# SPDX-License-Identifier: GPL-3.0-or-later
"""Saturation that the masks of a product tell beside its digital numbers."""

from __future__ import annotations

import numpy as np

from ...io.band_views import BandView
from ...io.products.scene_details import SceneDetails
from ...io.products.vector_masks import together
from ...io.rasters import Rasters, Window, short
from ...io.shapes import burnt
from ...io.site_pixels import Spoiled
from ...types import BoolArray

# MSK_QUALIT of baseline 04.00 and later has a layer for each kind, 1 where it holds: lost and
# degraded ancillary data, lost and degraded image data, defective, no data, partially corrected
# cross-talk, saturated: the order in which SNAP, EOReader and ESA's EOPF readers take them.
SATURATED_LAYER = 8


def spoiled(details: SceneDetails, view: BandView, rasters: Rasters) -> tuple[Spoiled | None, str]:
    """What tells where a band is saturated, None where nothing does, and a sentence where a mask
    cannot be used ("" else).

    The raster mask is read at full resolution only: reduced resolutions do not tell single pixels.
    """
    polygons = [
        one for one in details.saturated.get(view.source.name, ()) if "SATURATED" in one.kind
    ]
    if polygons:
        shape = together(polygons, view.grid)
        return lambda window: burnt(shape, window), ""
    mask = details.quality.get(view.source.name, "")
    if not mask or view.level:
        return None, ""
    if rasters.dataset(mask).RasterCount < SATURATED_LAYER:
        return None, (
            f"{short(mask)} has no layer of saturated pixels ({SATURATED_LAYER}): those that the "
            "digital numbers do not tell are not known."
        )

    def burn(window: Window) -> BoolArray:
        return np.asarray(rasters.resampled(mask, SATURATED_LAYER, window) == 1)

    return burn, ""
