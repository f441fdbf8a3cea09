# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up THEIA/MUSCATE products (Sentinel-2, Landsat-8, VENuS L2A; L3A) with exact names and
metadata structure.

The tags and the raster layout are those of the L2A metadata templates of MAJA (Plugins/*_MUSCATE,
Apache-2.0).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...types import AnyArray, Flag, FloatArray
from .synthetic_common import Scene, element, encode, iso, stamp, write_tif, write_xml

REFLECTANCE_NODATA = -10000


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


_S2 = {"R1": (1, ("B2", "B3", "B4", "B8")), "R2": (2, ("B5", "B6", "B7", "B8A", "B11", "B12"))}
PLATFORMS = {
    "SENTINEL2A": Platform("SENTINEL2A", "Sentinel", "Tile", _S2, Flag.CIRRUS),
    "SENTINEL2B": Platform("SENTINEL2B", "Sentinel", "Tile", _S2, Flag.CIRRUS),
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
# Bit order of the MUSCATE cloud mask; bit 0 is the union of all clouds and shadows.
CLOUD_BITS = {
    1: (Flag.CLOUD,),
    2: (Flag.CLOUD,),
    4: (Flag.THIN_CLOUD,),
    5: (Flag.CLOUD_SHADOW,),
}
# The writer concatenates hidden surfaces before topographic shadows; both are TERRAIN here.
GEOPHYSICAL_BITS = {
    0: (Flag.WATER,),
    1: (Flag.CLOUD,),
    2: (Flag.SNOW,),
    3: (Flag.CLOUD_SHADOW,),
    4: (Flag.TERRAIN,),
    6: (Flag.LOW_SUN,),
    7: (Flag.TANGENT_SUN,),
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
INTERPOLATION_BITS = {0: (Flag.WATER_VAPOR_INTERPOLATED,), 1: (Flag.AOT_INTERPOLATED,)}
UNION = (Flag.CLOUD, Flag.CLOUD_SHADOW, Flag.CLOUD_OR_SHADOW)


def write_muscate(
    folder: Path | str,
    scene: Scene,
    platform: str = "SENTINEL2A",
    version: str = "3-0",
    distribution: str = "C",
    aot_quantification: float = 200.0,
    water_vapor_quantification: float = 20.0,
    reflectance_quantification: float = 10000.0,
    wide: bool = False,
) -> Path:
    """Write a MUSCATE L2A product into ``folder`` and return its own folder.

    ``platform``: a key of ``PLATFORMS``. A quantification of 1 or more divides the DN, one below 1
    multiplies it (as the Landsat-8 template has it). ``wide``: ATB as unsigned 16 bits instead of
    bytes. Only the bands present in ``scene.reflectance`` are written, as FRE and SRE.
    """
    target = PLATFORMS[platform]
    name = f"{target.prefix}_{_stamp(scene.time)}_L2A_{scene.site}_{distribution}_V{version}"
    product = Path(folder) / name
    atmosphere = _atmosphere(
        scene, _factor(aot_quantification), _factor(water_vapor_quantification), wide
    )
    for group, (step, bands) in target.groups.items():
        write_tif(product / f"{name}_ATB_{group}.tif", atmosphere, scene, step)
        for code, mask in _masks(scene, target, len(bands)).items():
            write_tif(product / "MASKS" / f"{name}_{code}_{group}.tif", [mask], scene, step)
        for band in (band for band in bands if band in scene.reflectance):
            values = encode(
                scene.reflectance[band], reflectance_quantification, "int16", REFLECTANCE_NODATA
            )
            for kind in ("FRE", "SRE"):
                write_tif(product / f"{name}_{kind}_{band}.tif", [values], scene, step)
    quantification = [
        element("REFLECTANCE_QUANTIFICATION_VALUE", reflectance_quantification),
        element("WATER_VAPOR_CONTENT_QUANTIFICATION_VALUE", water_vapor_quantification),
        element("AEROSOL_OPTICAL_THICKNESS_QUANTIFICATION_VALUE", aot_quantification),
        element(
            "Special_Values_List",
            [
                element("SPECIAL_VALUE", REFLECTANCE_NODATA, name="nodata"),
                element("SPECIAL_VALUE", 0, name="water_vapor_content_nodata"),
                element("SPECIAL_VALUE", 0, name="aerosol_optical_thickness_nodata"),
            ],
        ),
    ]
    images = _images(name, scene, target, "uint16" if wide else "byte")
    document = _document(
        name, scene, target, "L2A", [images, _mask_list(name, target)], quantification, version
    )
    write_xml(product / f"{name}_MTD_ALL.xml", document)
    return product


def write_l3a(
    folder: Path | str, scene: Scene, dates: FloatArray | None = None, version: str = "1-1"
) -> Path:
    """Write a THEIA L3A synthesis (WASP): FRC bands, and FLG, WGT, DTS in MASKS; returns its
    folder.

    FLG classes: 0 no data, 1 cloud, 2 snow, 3 water, 4 land. ``dates``: mean day of the pixels
    relative to the synthesis date (written as days).
    """
    target = Platform("SENTINEL2X", "Sentinel", "Tile", _S2, Flag.CIRRUS)
    name = f"SENTINEL2X_{stamp(scene.time, '%Y%m%d')}-000000-000_L3A_{scene.site}_C_V{version}"
    product = Path(folder) / name
    status = np.full(scene.shape, 4, dtype=np.uint8)
    for value, flag in ((3, Flag.WATER), (2, Flag.SNOW), (1, Flag.CLOUD), (0, Flag.NODATA)):
        status[scene.flag(flag)] = value
    days = np.zeros(scene.shape) if dates is None else dates
    for group, (step, bands) in target.groups.items():
        masks = product / "MASKS"
        write_tif(masks / f"{name}_FLG_{group}.tif", [status], scene, step)
        write_tif(masks / f"{name}_DTS_{group}.tif", [days.astype(np.int16)], scene, step)
        weight = np.full(scene.shape, 500, dtype=np.int16)
        write_tif(masks / f"{name}_WGT_{group}.tif", [weight], scene, step)
        for band in (band for band in bands if band in scene.reflectance):
            values = encode(scene.reflectance[band], 10000.0, "int16", REFLECTANCE_NODATA)
            write_tif(product / f"{name}_FRC_{band}.tif", [values], scene, step)
    files = [
        element("IMAGE_FILE", f"{name}_FRC_{band}.tif", band_id=band)
        for _, bands in target.groups.values()
        for band in bands
        if band in scene.reflectance
    ]
    organization = [
        element("Image_List", [_entry("Image", "Flat_Reflectance_Composite", "int16", files)]),
        element(
            "Mask_List",
            [
                _entry("Mask", nature, encoding, _mask_files(name, code, target))
                for nature, code, encoding in (
                    ("Weighted_Average_Dates", "DTS", "int16"),
                    ("Pixel_Weight", "WGT", "int16"),
                    ("Pixel_Status_Flag", "FLG", "byte"),
                )
            ],
        ),
    ]
    quantification = [
        element("REFLECTANCE_QUANTIFICATION_VALUE", 10000),
        element("Special_Values_List", [element("SPECIAL_VALUE", -10000, name="nodata")]),
    ]
    document = _document(name, scene, target, "L3A", organization, quantification, version)
    write_xml(product / f"{name}_MTD_ALL.xml", document)
    return product


def _stamp(time: np.datetime64) -> str:
    milliseconds = int(time.astype("datetime64[ms]").astype(np.int64)) % 1000
    return f"{stamp(time, '%Y%m%d-%H%M%S')}-{milliseconds:03d}"


def _factor(quantification: float) -> float:
    return quantification if quantification >= 1 else 1.0 / quantification


def _atmosphere(scene: Scene, aot: float, water_vapor: float, wide: bool) -> list[AnyArray]:
    dtype = "uint16" if wide else "uint8"
    vapor = np.full(scene.shape, np.nan) if scene.water_vapor is None else scene.water_vapor
    outside = scene.flag(Flag.NODATA)
    return [
        encode(np.where(outside, np.nan, values), factor, dtype, 0)
        for values, factor in ((vapor, water_vapor), (scene.aot, aot))
    ]


def _masks(scene: Scene, target: Platform, bands: int) -> dict[str, AnyArray]:
    clouds = scene.bits({**CLOUD_BITS, 0: UNION})
    if target.last_cloud_bit is not Flag.CLOUD:
        clouds |= scene.bits({7: (target.last_cloud_bit,)})
    edge = scene.flag(Flag.NODATA).astype(np.uint8)
    saturated = np.where(scene.flag(Flag.SATURATED), (1 << min(bands, 8)) - 1, 0).astype(np.uint8)
    return {
        "CLM": clouds,
        "MG2": scene.bits(GEOPHYSICAL_BITS),
        "IAB": scene.bits(INTERPOLATION_BITS),
        "EDG": edge,
        "SAT": saturated,
    }


def _entry(kind: str, nature: str, encoding: str, files: list[str]) -> str:
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


def _images(name: str, scene: Scene, target: Platform, encoding: str) -> str:
    entries = []
    for nature, kind in (("Surface_Reflectance", "SRE"), ("Flat_Reflectance", "FRE")):
        files = [
            element("IMAGE_FILE", f"{name}_{kind}_{band}.tif", band_id=band)
            for _, bands in target.groups.values()
            for band in bands
            if band in scene.reflectance
        ]
        entries.append(_entry("Image", nature, "int16", files))
    for number, nature in ((1, "Water_Vapor_Content"), (2, "Aerosol_Optical_Thickness")):
        files = [
            element("IMAGE_FILE", f"{name}_ATB_{group}.tif", group_id=group, band_number=number)
            for group in target.groups
        ]
        entries.append(_entry("Image", nature, encoding, files))
    return element("Image_List", entries)


def _mask_files(name: str, code: str, target: Platform, bit: int = 0) -> list[str]:
    extra = {"bit_number": bit} if bit else {}
    return [
        element("MASK_FILE", f"MASKS/{name}_{code}_{group}.tif", group_id=group, **extra)
        for group in target.groups
    ]


def _mask_list(name: str, target: Platform) -> str:
    plain = [("WVC_Interpolation", "IAB", 1), ("AOT_Interpolation", "IAB", 2)]
    plain += [("Detailed_Cloud", "CLM", 0), ("Edge", "EDG", 0)]
    plain += [(nature, "MG2", bit) for bit, nature in enumerate(GEOPHYSICAL_NATURES, start=1)]
    entries = [
        _entry("Mask", nature, "byte", _mask_files(name, code, target, bit))
        for nature, code, bit in plain
    ]
    saturation = [
        element("MASK_FILE", f"MASKS/{name}_SAT_{group}.tif", band_id=band, bit_number=bit)
        for group, (_, bands) in target.groups.items()
        for bit, band in enumerate(bands, start=1)
    ]
    entries.append(_entry("Mask", "Saturation", "byte", saturation))
    return element("Mask_List", entries)


def _document(
    name: str,
    scene: Scene,
    target: Platform,
    level: str,
    organization: list[str],
    quantification: list[str],
    version: str,
) -> str:
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
