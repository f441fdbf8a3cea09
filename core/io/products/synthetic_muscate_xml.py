# SPDX-License-Identifier: GPL-3.0-or-later
"""The metadata of made-up MUSCATE products: the tags of MAJA's templates (Plugins/*_MUSCATE of
CNES/MAJA, Apache-2.0).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...types import Flag
from .synthetic_common import Scene, element, iso


@dataclass(frozen=True)
class Platform:
    """How MUSCATE writes one platform: file prefix, instrument, groups of bands with their step,
    CLM bit 7.
    """

    prefix: str
    project: str
    zone_type: str
    groups: dict[str, tuple[int, tuple[str, ...]]]
    last_cloud_bit: Flag
    instrument: str = ""


S2_GROUPS = {
    "R1": (1, ("B2", "B3", "B4", "B8")),
    "R2": (2, ("B5", "B6", "B7", "B8A", "B11", "B12")),
}
PLATFORMS = {
    "SENTINEL2A": Platform("SENTINEL2A", "Sentinel", "Tile", S2_GROUPS, Flag.CIRRUS),
    "SENTINEL2B": Platform("SENTINEL2B", "Sentinel", "Tile", S2_GROUPS, Flag.CIRRUS),
    "LANDSAT8": Platform(
        "LANDSAT8-OLITIRS-XS",
        "LANDSAT8",
        "Tile",
        {"XS": (1, tuple(f"B{n}" for n in range(1, 8)))},
        Flag.CIRRUS,
        "OLITIRS",
    ),
    "VENUS": Platform(
        "VENUS-XS",
        "VENUS",
        "Site",
        {"XS": (1, tuple(f"B{n}" for n in range(1, 13)))},
        Flag.CLOUD,
    ),
}
GEOPHYSICAL_NATURES = (
    "Water",
    "Cloud",
    "Snow",
    "Cloud_Shadow",
    "Topography_Shadow",
    "Hidden_Surface",
    "Sun_Too_Low",
    "Tangent_Sun",
)


def entry(kind: str, nature: str, encoding: str, files: list[str]) -> str:
    """One image or mask of the metadata: its nature and its files."""
    properties = [
        element("NATURE", nature),
        element("FORMAT", "image/tiff"),
        element("ENCODING", encoding),
        element("ENDIANNESS", "LittleEndian"),
        element("COMPRESSION", "DEFLATE"),
    ]
    return element(
        kind, [element(f"{kind}_Properties", properties), element(f"{kind}_File_List", files)]
    )


REFLECTANCES = {"SRE": "Surface_Reflectance", "FRE": "Flat_Reflectance"}


def images(name: str, scene: Scene, target: Platform, encoding: str, kinds: tuple[str, ...]) -> str:
    """The list of images: reflectances of ``kinds``, and the two bands of ATB."""
    entries = []
    for kind, nature in ((kind, REFLECTANCES[kind]) for kind in REFLECTANCES if kind in kinds):
        files = [
            element("IMAGE_FILE", f"{name}_{kind}_{band}.tif", band_id=band)
            for _, bands in target.groups.values()
            for band in bands
            if band in scene.reflectance
        ]
        entries.append(entry("Image", nature, "int16", files))
    for number, nature in ((1, "Water_Vapor_Content"), (2, "Aerosol_Optical_Thickness")):
        files = [
            element("IMAGE_FILE", f"{name}_ATB_{group}.tif", group_id=group, band_number=number)
            for group in target.groups
        ]
        entries.append(entry("Image", nature, encoding, files))
    return element("Image_List", entries)


def mask_files(name: str, code: str, target: Platform, bit: int = 0) -> list[str]:
    """The files of a mask, one per group of bands."""
    extra = {"bit_number": bit} if bit else {}
    return [
        element("MASK_FILE", f"MASKS/{name}_{code}_{group}.tif", group_id=group, **extra)
        for group in target.groups
    ]


def mask_list(name: str, target: Platform) -> str:
    """The list of masks."""
    plain = [("WVC_Interpolation", "IAB", 1), ("AOT_Interpolation", "IAB", 2)]
    plain += [("Detailed_Cloud", "CLM", 0), ("Edge", "EDG", 0)]
    plain += [(nature, "MG2", bit) for bit, nature in enumerate(GEOPHYSICAL_NATURES, start=1)]
    entries = [
        entry("Mask", nature, "byte", mask_files(name, code, target, bit))
        for nature, code, bit in plain
    ]
    saturation = [
        element("MASK_FILE", f"MASKS/{name}_SAT_{group}.tif", band_id=band, bit_number=bit)
        for group, (_, bands) in target.groups.items()
        for bit, band in enumerate(bands, start=1)
    ]
    entries.append(entry("Mask", "Saturation", "byte", saturation))
    return element("Mask_List", entries)


def document(
    name: str,
    scene: Scene,
    target: Platform,
    level: str,
    organization: list[str],
    quantification: list[str],
    version: str,
) -> str:
    """The whole document."""
    platform = target.prefix.split("-")[0]
    bands = [band for _, group in target.groups.values() for band in group]
    characteristics = [
        element("PRODUCT_ID", name),
        element("ACQUISITION_DATE", iso(scene.time) + "Z"),
        element("PRODUCTION_DATE", iso(scene.time + np.timedelta64(1, "D")) + "Z"),
        element("PRODUCT_VERSION", version.replace("-", ".")),
        element("PRODUCT_LEVEL", level),
        element("PLATFORM", platform),
        *([element("INSTRUMENT", target.instrument)] if target.instrument else []),
        element("ORBIT_NUMBER", scene.orbit, type="Orbit"),
        element("UTC_Acquisition_Range", [element("MEAN", iso(scene.time) + "Z")]),
        element("Band_Global_List", [element("BAND_ID", band) for band in bands], count=len(bands)),
    ]
    parts = [
        element(
            "Metadata_Identification",
            [element("METADATA_FORMAT", "METADATA_MUSCATE", version=1.16)],
        ),
        element(
            "Dataset_Identification",
            [
                element("IDENTIFIER", name.rsplit("_V", 1)[0]),
                element("AUTHORITY", "THEIA"),
                element("PRODUCER", "MUSCATE"),
                element("PROJECT", target.project),
                element("GEOGRAPHICAL_ZONE", scene.site, type=target.zone_type),
            ],
        ),
        element("Product_Characteristics", characteristics),
        element("Product_Organisation", [element("Muscate_Product", organization)]),
        _geoposition(scene, target),
        _geometry(scene, bands),
        element("Radiometric_Informations", [*quantification, _resolutions(scene, target)]),
        _quality(scene, level),
    ]
    return element("Muscate_Metadata_Document", parts)


def _geoposition(scene: Scene, target: Platform) -> str:
    rows, columns = scene.shape
    points = [
        element(
            "Point",
            [element("LAT", lat), element("LON", lon), element("X", x), element("Y", y)],
            name=corner,
        )
        for corner, (lon, lat, x, y) in scene.corners().items()
    ]
    groups = [
        element(
            "Group_Geopositioning",
            [
                element("ULX", scene.left),
                element("ULY", scene.top),
                element("XDIM", scene.pixel_m * step),
                element("YDIM", -scene.pixel_m * step),
                element("NROWS", -(-rows // step)),
                element("NCOLS", -(-columns // step)),
            ],
            group_id=group,
        )
        for group, (step, _) in target.groups.items()
    ]
    reference = element("Horizontal_Coordinate_System", [element("HORIZONTAL_CS_CODE", scene.epsg)])
    return element(
        "Geoposition_Informations",
        [
            element("Coordinate_Reference_System", [reference]),
            element(
                "Geopositioning",
                [
                    element("Global_Geopositioning", points),
                    element("Group_Geopositioning_List", groups),
                ],
            ),
        ],
    )


def _geometry(scene: Scene, bands: list[str]) -> str:
    view = [
        element(
            "Mean_Viewing_Incidence_Angle",
            [
                element("ZENITH_ANGLE", scene.view_zenith_deg, unit="deg"),
                element("AZIMUTH_ANGLE", scene.view_azimuth_deg, unit="deg"),
            ],
            band_id=band,
        )
        for band in bands
    ]
    sun = [
        element("ZENITH_ANGLE", scene.sun_zenith_deg, unit="deg"),
        element("AZIMUTH_ANGLE", scene.sun_azimuth_deg, unit="deg"),
    ]
    mean = [element("Sun_Angles", sun), element("Mean_Viewing_Incidence_Angle_List", view)]
    return element("Geometric_Informations", [element("Mean_Value_List", mean)])


def _resolutions(scene: Scene, target: Platform) -> str:
    return element(
        "Spectral_Band_Informations_List",
        [
            element(
                "Spectral_Band_Informations",
                [element("SPATIAL_RESOLUTION", scene.pixel_m * step, unit="m")],
                band_id=band,
            )
            for step, bands in target.groups.values()
            for band in bands
        ],
    )


def _quality(scene: Scene, level: str) -> str:
    index = element("QUALITY_INDEX", round(scene.clouds(), 3), name="CloudPercent")
    listed = element("Product_Quality", [element("Global_Index_List", [index])])
    quality = element("Product_Quality_List", [listed], level="N2" if level == "L2A" else "N3")
    return element("Quality_Informations", [element("Current_Product", [quality])])
