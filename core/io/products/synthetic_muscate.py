# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up THEIA/MUSCATE products (Sentinel-2, Landsat-8, VENuS L2A; L3A) with exact names and
metadata structure.

The tags and the raster layout are those of the L2A metadata templates of MAJA (Plugins/*_MUSCATE,
Apache-2.0).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...types import AnyArray, Flag, FloatArray
from .synthetic_common import Scene, element, encode, stamp, write_tif, write_xml
from .synthetic_muscate_xml import (
    PLATFORMS,
    S2_GROUPS,
    Platform,
    document,
    entry,
    images,
    mask_files,
    mask_list,
)

REFLECTANCE_NODATA = -10000


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
    kinds: tuple[str, ...] = ("FRE", "SRE"),
) -> Path:
    """Write a MUSCATE L2A product into ``folder`` and return its own folder.

    ``platform``: a key of ``PLATFORMS``. A quantification of 1 or more divides the DN, one below 1
    multiplies it (as the Landsat-8 template has it). ``wide``: ATB as unsigned 16 bits instead of
    bytes. Only the bands present in ``scene.reflectance`` are written, as ``kinds`` of reflectance.
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
            for kind in kinds:
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
    organization = [
        images(name, scene, target, "uint16" if wide else "byte", kinds),
        mask_list(name, target),
    ]
    text = document(name, scene, target, "L2A", organization, quantification, version)
    write_xml(product / f"{name}_MTD_ALL.xml", text)
    return product


def write_l3a(
    folder: Path | str, scene: Scene, dates: FloatArray | None = None, version: str = "1-1"
) -> Path:
    """Write a THEIA L3A synthesis (WASP): FRC bands, and FLG, WGT, DTS in MASKS; returns its
    folder.

    FLG classes: 0 no data, 1 cloud, 2 snow, 3 water, 4 land. ``dates``: mean day of the pixels
    relative to the synthesis date (written as days).
    """
    target = Platform("SENTINEL2X", "Sentinel", "Tile", S2_GROUPS, Flag.CIRRUS)
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
        element("Image_List", [entry("Image", "Flat_Reflectance_Composite", "int16", files)]),
        element(
            "Mask_List",
            [
                entry("Mask", nature, encoding, mask_files(name, code, target))
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
    text = document(name, scene, target, "L3A", organization, quantification, version)
    write_xml(product / f"{name}_MTD_ALL.xml", text)
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
