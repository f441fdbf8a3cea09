# SPDX-License-Identifier: GPL-3.0-or-later
"""What a coordinate system says of the heights: ellipsoid, EGM96, EGM2008, or a grid of PROJ."""

from __future__ import annotations

import re
from dataclasses import dataclass

from osgeo import gdal, osr

from ..errors import InputError
from .geoid_grids import find_grid, vertical_tag

ELLIPSOID = "ellipsoid"


@dataclass(frozen=True)
class Model:
    """A geoid by name: files of PROJ that hold it, the EPSG code of heights above it, and published
    undulations (longitude, latitude in degrees, N in m).
    """

    files: tuple[str, ...]
    epsg: int
    known: tuple[tuple[float, float, float], ...]


MODELS = {
    "EGM96": Model(
        ("us_nga_egm96_15.tif", "egm96_15.gtx"), 5773,
        ((5.25, 44.25, 50.999), (0.0, 90.0, 13.606), (0.0, -90.0, -29.534)),
    ),
    "EGM2008": Model(
        ("us_nga_egm08_25.tif", "egm08_25.gtx"), 3855,
        ((241.0, 37.0, -26.151), (0.0, 90.0, 14.899), (0.0, -90.0, -30.150)),
    ),
}  # fmt: skip


def named(reference: str) -> str:
    """The name as it is kept: of the ellipsoid and the models whatever the case, or a file's."""
    text = reference.strip()
    known = {name.lower(): name for name in (ELLIPSOID, *MODELS)} | {
        "egm08": "EGM2008", "wgs 84 ellipsoid": ELLIPSOID,
    }  # fmt: skip
    return known.get(text.lower(), text)


def reference_of(wkt: str) -> str:
    """The vertical reference that a CRS states, or an empty text where it states none.

    A compound CRS names EGM96 or EGM2008 heights or carries the name of a grid; a CRS of three
    axes without a vertical part has ellipsoidal heights. Raises ``InputError`` where the vertical
    part is another one.
    """
    reference = osr.SpatialReference()
    reference.ImportFromWkt(wkt)
    if not reference.IsCompound():
        three = reference.GetAxesCount() == 3 and reference.GetAttrValue("VERT_CS") is None
        return ELLIPSOID if three else ""
    name = reference.GetAttrValue("VERT_CS", 0) or ""
    code = reference.GetAuthorityCode("VERT_CS")
    for model, one in MODELS.items():
        if code == str(one.epsg) or name.lower().startswith(model.lower()):
            return model
    grids = re.search(r'EXTENSION\["PROJ4_GRIDS","([^"]+)"\]', wkt)
    if grids:
        return grids[1]
    if find_grid((name,)):
        return name
    raise InputError(
        f"The heights are said to be '{name}', which is neither EGM96, EGM2008 nor a grid of PROJ. "
        "Give the vertical reference yourself: a name, or PROJ's grid of it."
    )


def stated_reference(wkt: str, dataset: gdal.Dataset) -> str:
    """The vertical reference that a file states in its CRS ``wkt`` or in its tags, or an empty
    text; raises as ``reference_of``.
    """
    return reference_of(wkt) or vertical_tag(dataset)


def shown_reference(wkt: str, dataset: gdal.Dataset) -> str:
    """As ``stated_reference``, for people: others by the name that the CRS has for them."""
    try:
        return stated_reference(wkt, dataset)
    except InputError:
        reference = osr.SpatialReference()
        reference.ImportFromWkt(wkt)
        return str(reference.GetAttrValue("VERT_CS") or "")


def in_meters(wkt: str) -> str:
    """The CRS of heights that were brought into meters: without a vertical part in another unit."""
    reference = osr.SpatialReference()
    reference.ImportFromWkt(wkt)
    if not reference.IsCompound() or reference.GetTargetLinearUnits("VERT_CS") == 1.0:
        return wkt
    reference.StripVertical()
    return str(reference.ExportToWkt())


def with_reference(wkt: str, reference: str) -> str:
    """The CRS of ``wkt`` (its vertical part, if any, replaced) with heights above ``reference``:
    compound for a geoid, of three dimensions for the ellipsoid of a geographic CRS.

    GeoTIFF keeps neither a projected CRS of three dimensions (which stays flat therefore) nor the
    name of any other grid: write ``VERTICAL_ITEM`` besides, which ``vertical_tag`` reads.
    """
    flat = osr.SpatialReference()
    flat.ImportFromWkt(wkt)
    flat.DemoteTo2D()
    if flat.IsCompound():
        flat.StripVertical()
    name = named(reference)
    if name == ELLIPSOID:
        if flat.IsGeographic():
            flat.PromoteTo3D()
            return str(flat.ExportToWkt(["FORMAT=WKT2_2019"]))
        return str(flat.ExportToWkt())
    if name in MODELS:
        up = osr.SpatialReference()
        up.ImportFromEPSG(MODELS[name].epsg)
        return _compound(flat, up)
    up = osr.SpatialReference()
    up.ImportFromWkt(
        f'VERT_CS["{name}",VERT_DATUM["{name}",2005,EXTENSION["PROJ4_GRIDS","{name}"]],'
        'UNIT["metre",1],AXIS["Up",UP]]'
    )
    return _compound(flat, up)


def _compound(flat: osr.SpatialReference, up: osr.SpatialReference) -> str:
    both = osr.SpatialReference()
    both.SetCompoundCS(f"{flat.GetName()} + {up.GetName()}", flat, up)
    return str(both.ExportToWkt())
