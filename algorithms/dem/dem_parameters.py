# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters that algorithms of elevation models share."""

from __future__ import annotations

from ..base import make, tr

DEM, REFERENCE, EXCLUSION_MASK = "DEM", "REFERENCE", "EXCLUSION_MASK"


def model() -> make.Definition:
    """The elevation model that is looked at."""
    return make.raster(
        DEM, tr("Elevation model"),
        tr("Heights in the first band, in meters, feet or the unit that the band says."),
    )  # fmt: skip


def reference() -> make.Definition:
    """The elevation model that is believed."""
    return make.raster(
        REFERENCE, tr("Reference elevation model"),
        tr(
            "Of any cell size and coordinate system; the finer of the two is averaged over the "
            "cells of the coarser one. Heights are converted where both files state what they are "
            "counted from, else taken as alike."
        ),
    )  # fmt: skip


def exclusion_mask() -> make.Definition:
    """Where nothing is compared."""
    return make.files(
        EXCLUSION_MASK, tr("Exclusion mask"),
        tr(
            "Vector or raster files of what does not count: changed ground, water, ice, clouds. "
            "Cells under any feature, and cells of a raster that are neither 0 nor no data, are "
            "left out."
        ),
        optional=True, advanced=True,
    )  # fmt: skip
