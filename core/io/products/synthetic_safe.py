# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up Sentinel-2 SAFE products, L1C and Sen2Cor L2A, of any processing baseline."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...types import AnyArray, Flag, FloatArray
from .synthetic_common import Scene, element, encode, iso, stamp, write_tif, write_xml

# Band, number in the metadata, pixels of the finest grid per pixel (10, 20 or 60 m), wavelength.
BANDS: tuple[tuple[str, int, int, float], ...] = (
    ("B1", 0, 6, 442.7),
    ("B2", 1, 1, 492.4),
    ("B3", 2, 1, 559.8),
    ("B4", 3, 1, 664.6),
    ("B5", 4, 2, 704.1),
    ("B6", 5, 2, 740.5),
    ("B7", 6, 2, 782.8),
    ("B8", 7, 1, 832.8),
    ("B8A", 8, 2, 864.7),
    ("B9", 9, 6, 945.1),
    ("B10", 10, 6, 1373.5),
    ("B11", 11, 2, 1613.7),
    ("B12", 12, 2, 2202.4),
)
GROUND_M = {1: 10, 2: 20, 6: 60}
CLASSES = {
    Flag.VEGETATION: 4,
    Flag.BARE: 5,
    Flag.DARK: 2,
    Flag.WATER: 6,
    Flag.SNOW: 11,
    Flag.CLOUD_SHADOW: 3,
    Flag.CIRRUS: 10,
    Flag.CLOUD: 9,
    Flag.SATURATED: 1,
    Flag.NODATA: 0,
}


@dataclass(frozen=True)
class SafeStyle:
    """What differs between the levels and ages of SAFE products.

    ``offset`` is added to DN before dividing (0: the tag is left out, as before baseline 04.00).
    ``prefixed``: names and tags of the first Sen2Cor products (``L2A_``).
    """

    level: str = "L2A"
    baseline: str = "05.10"
    offset: int = -1000
    quantification: float = 10000.0
    aot_quantification: float = 1000.0
    water_vapor_quantification: float = 1000.0
    prefixed: bool = False


def write_safe(
    folder: Path | str, scene: Scene, style: SafeStyle | None = None, platform: str = "S2A"
) -> Path:
    """Write a SAFE product into ``folder`` and return its own folder (``...SAFE``).

    Bands are taken from ``scene.reflectance`` (names as in the metadata: B2, B8A); the scene's
    finest grid stands for the 10 m one. L2A also gets AOT, WVP and SCL on the 20 m grid.
    """
    kind = style or SafeStyle()
    moment = stamp(scene.time, "%Y%m%dT%H%M%S")
    number = kind.baseline.replace(".", "")
    name = f"{platform}_MSI{kind.level}_{moment}_N{number}_R{scene.orbit:03d}_{scene.site}_{moment}"
    product = Path(folder) / f"{name}.SAFE"
    granule = product / "GRANULE" / f"{kind.level}_{scene.site}_A012345_{moment}"
    for band, _, step, _ in BANDS:
        if band in scene.reflectance:
            values = _reflectance(scene, scene.reflectance[band], kind)
            path = _image(granule, scene, moment, _code(band), GROUND_M[step], kind)
            write_tif(path, [values], scene, step, "JP2OpenJPEG")
    if kind.level == "L2A":
        _write_atmosphere(granule, scene, moment, kind)
    images = sorted((granule / "IMG_DATA").rglob("*.jp2"))
    listed = [path.relative_to(product).with_suffix("").as_posix() for path in images]
    document = _document(name, scene, kind, platform, listed)
    write_xml(product / f"MTD_MSI{kind.level}.xml", document)
    write_xml(granule / "MTD_TL.xml", _tile(scene, kind))
    return product


def _reflectance(scene: Scene, values: FloatArray, kind: SafeStyle) -> AnyArray:
    valid = np.where(scene.flag(Flag.NODATA), np.nan, values)
    # 0 is reserved for "no data", so the smallest reflectance is DN 1.
    codes = np.maximum(encode(valid, kind.quantification, "uint16", 0, -kind.offset), 1)
    return np.where(np.isnan(valid), 0, codes).astype(np.uint16)


def _code(band: str) -> str:
    return f"B{int(band[1:]):02d}" if band[1:].isdigit() else band


def _image(granule: Path, scene: Scene, moment: str, code: str, size: int, kind: SafeStyle) -> Path:
    if kind.level == "L1C":
        return granule / "IMG_DATA" / f"{scene.site}_{moment}_{code}.jp2"
    prefix = "L2A_" if kind.prefixed else ""
    name = f"{prefix}{scene.site}_{moment}_{code}_{size}m.jp2"
    return granule / "IMG_DATA" / f"R{size}m" / name


def _write_atmosphere(granule: Path, scene: Scene, moment: str, kind: SafeStyle) -> None:
    outside = scene.flag(Flag.NODATA)
    vapor = np.full(scene.shape, np.nan) if scene.water_vapor is None else scene.water_vapor
    factors = (
        ("AOT", scene.aot, kind.aot_quantification),
        ("WVP", vapor, kind.water_vapor_quantification),
    )
    for code, values, factor in factors:
        data = encode(np.where(outside, np.nan, values), factor, "uint16", 0)
        path = _image(granule, scene, moment, code, 20, kind)
        write_tif(path, [data], scene, 2, "JP2OpenJPEG")
    classes = np.full(scene.shape, 4, dtype=np.uint8)
    for flag, value in CLASSES.items():
        classes[scene.flag(flag)] = value
    path = _image(granule, scene, moment, "SCL", 20, kind)
    write_tif(path, [classes], scene, 2, "JP2OpenJPEG")


def _document(name: str, scene: Scene, kind: SafeStyle, platform: str, images: list[str]) -> str:
    moment = iso(scene.time) + "Z"
    prefix = "L2A_" if kind.prefixed else ""
    datatake = element(
        "Datatake",
        [
            element("SPACECRAFT_NAME", f"Sentinel-{platform[1:]}"),
            element("DATATAKE_SENSING_START", moment),
            element("SENSING_ORBIT_NUMBER", scene.orbit),
        ],
        datatakeIdentifier=f"G{platform}_{stamp(scene.time, '%Y%m%dT%H%M%S')}_012345_N"
        f"{kind.baseline}",
    )
    info = element(
        f"{prefix}Product_Info",
        [
            element("PRODUCT_START_TIME", moment),
            element("PRODUCT_URI", f"{name}.SAFE"),
            element("PROCESSING_LEVEL", f"Level-{kind.level[1:]}"),
            element("PROCESSING_BASELINE", kind.baseline),
            datatake,
            element(f"{prefix}Product_Organisation", [_granules(images)]),
        ],
    )
    special = [
        element(
            "Special_Values",
            [element("SPECIAL_VALUE_TEXT", text), element("SPECIAL_VALUE_INDEX", value)],
        )
        for text, value in (("NODATA", 0), ("SATURATED", 65535))
    ]
    spectral = [
        element(
            "Spectral_Information",
            [
                element("RESOLUTION", GROUND_M[step]),
                element("Wavelength", [element("CENTRAL", wavelength, unit="nm")]),
            ],
            bandId=number,
            physicalBand=band,
        )
        for band, number, step, wavelength in BANDS
    ]
    characteristics = element(
        f"{prefix}Product_Image_Characteristics",
        [*special, *_scaling(kind), element("Spectral_Information_List", spectral)],
    )
    corners = scene.corners()
    ring = ("upperLeft", "upperRight", "lowerRight", "lowerLeft", "upperLeft")
    positions = " ".join(f"{corners[corner][1]} {corners[corner][0]}" for corner in ring)
    outline = element("Global_Footprint", [element("EXT_POS_LIST", positions)])
    footprint = element("Product_Footprint", [element("Product_Footprint", [outline])])
    quality = [element("Cloud_Coverage_Assessment", round(scene.clouds(), 4))]
    space = "https://psd-14.sentinel2.eo.esa.int/PSD/User_Product.xsd"
    parts = [
        element("n1:General_Info", [info, characteristics]),
        element("n1:Geometric_Info", [footprint]),
        element("n1:Quality_Indicators_Info", quality),
    ]
    root = f"n1:Level-{kind.level[1:]}_User_Product"
    return element(root, parts, **{"xmlns:n1": space})


def _granules(images: list[str]) -> str:
    """The images as metadata list them: by their paths without suffix."""
    listed = [element("IMAGE_FILE", path) for path in images]
    return element("Granule_List", [element("Granule", listed, imageFormat="JPEG2000")])


def _scaling(kind: SafeStyle) -> list[str]:
    if kind.level == "L1C":
        listed = [element("QUANTIFICATION_VALUE", kind.quantification, unit="none")]
        group, tag = "Radiometric_Offset_List", "RADIO_ADD_OFFSET"
    else:
        prefix = "L2A_" if kind.prefixed else ""
        values = [
            element(f"{prefix}BOA_QUANTIFICATION_VALUE", kind.quantification, unit="none"),
            element(f"{prefix}AOT_QUANTIFICATION_VALUE", kind.aot_quantification, unit="none"),
            element(
                f"{prefix}WVP_QUANTIFICATION_VALUE", kind.water_vapor_quantification, unit="cm"
            ),
        ]
        if kind.prefixed:
            values.insert(0, element("L1C_TOA_QUANTIFICATION_VALUE", 1000, unit="none"))
        group_tag = "L1C_L2A_Quantification_Values_List" if kind.prefixed else ""
        listed = [element(group_tag or "QUANTIFICATION_VALUES_LIST", values)]
        group, tag = "BOA_ADD_OFFSET_VALUES_LIST", "BOA_ADD_OFFSET"
    if kind.offset:
        offsets = [element(tag, kind.offset, band_id=number) for _, number, _, _ in BANDS]
        listed.append(element(group, offsets))
    return listed


def _tile(scene: Scene, kind: SafeStyle) -> str:
    sun = [
        element("ZENITH_ANGLE", scene.sun_zenith_deg, unit="deg"),
        element("AZIMUTH_ANGLE", scene.sun_azimuth_deg, unit="deg"),
    ]
    view = [
        element("ZENITH_ANGLE", scene.view_zenith_deg, unit="deg"),
        element("AZIMUTH_ANGLE", scene.view_azimuth_deg, unit="deg"),
    ]
    directions = [
        element("Mean_Viewing_Incidence_Angle", view, bandId=number) for _, number, _, _ in BANDS
    ]
    angles = [
        element("Mean_Sun_Angle", sun),
        element("Mean_Viewing_Incidence_Angle_List", directions),
    ]
    return element(
        f"n1:Level-{kind.level[1:]}_Tile_ID",
        [
            element("n1:General_Info", [element("SENSING_TIME", iso(scene.time) + "Z")]),
            element("n1:Geometric_Info", [element("Tile_Angles", angles)]),
        ],
        **{"xmlns:n1": "https://psd-14.sentinel2.eo.esa.int/PSD/S2_PDI_Tile_Metadata.xsd"},
    )
