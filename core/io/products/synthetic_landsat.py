# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up Landsat Collection 2 Level-2 products: MTL, reflectance, QA_PIXEL, SR_QA_AEROSOL."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...types import AnyArray, Flag, FloatArray
from .synthetic_common import Scene, encode, stamp, write_tif

MULTIPLIER, ADDEND = 2.75e-05, -0.2
PIXEL_BITS = {
    0: (Flag.NODATA,),
    2: (Flag.CIRRUS,),
    3: (Flag.CLOUD,),
    4: (Flag.CLOUD_SHADOW,),
    5: (Flag.SNOW,),
    7: (Flag.WATER,),
}
AEROSOL_BITS = {
    0: (Flag.NODATA,),
    1: (Flag.AEROSOL_VALID,),
    2: (Flag.WATER,),
    5: (Flag.AOT_INTERPOLATED,),
    6: (Flag.AEROSOL_LOW, Flag.AEROSOL_HIGH),
    7: (Flag.AEROSOL_MEDIUM, Flag.AEROSOL_HIGH),
}


def write_landsat(folder: Path | str, scene: Scene, platform: int = 8) -> Path:
    """Write a Landsat-8 or -9 Collection 2 Level-2 product and return its own folder.

    ``scene.site`` is the WRS path and row (``198030``); bands B1 to B7 are taken from
    ``scene.reflectance``.
    """
    day = stamp(scene.time, "%Y%m%d")
    name = f"LC{platform:02d}_L2SP_{scene.site}_{day}_{day}_02_T1"
    product = Path(folder) / name
    bands = [f"B{n}" for n in range(1, 8) if f"B{n}" in scene.reflectance]
    for band in bands:
        write_tif(product / f"{name}_SR_{band}.TIF", [_codes(scene, band)], scene)
    write_tif(product / f"{name}_SR_QA_AEROSOL.TIF", [scene.bits(AEROSOL_BITS)], scene)
    pixel = scene.bits(PIXEL_BITS).astype(np.uint16)
    write_tif(product / f"{name}_QA_PIXEL.TIF", [pixel], scene)
    saturated = np.where(scene.flag(Flag.SATURATED), 0b1111111, 0).astype(np.uint16)
    write_tif(product / f"{name}_QA_RADSAT.TIF", [saturated], scene)
    (product / f"{name}_MTL.txt").write_text(_mtl(name, scene, bands, platform), encoding="ascii")
    return product


def _codes(scene: Scene, band: str) -> AnyArray:
    values: FloatArray = np.where(scene.flag(Flag.NODATA), np.nan, scene.reflectance[band])
    stored: FloatArray = np.asarray((values - ADDEND) / MULTIPLIER, dtype=np.float64)
    return encode(stored, 1.0, "uint16", 0)


def _mtl(name: str, scene: Scene, bands: list[str], platform: int) -> str:
    corners = scene.corners()
    contents: dict[str, object] = {
        "LANDSAT_PRODUCT_ID": f'"{name}"',
        "PROCESSING_LEVEL": '"L2SP"',
        "COLLECTION_NUMBER": "02",
    }
    contents |= {f"FILE_NAME_BAND_{b[1:]}": f'"{name}_SR_{b}.TIF"' for b in bands}
    contents |= {
        "FILE_NAME_QUALITY_L2_AEROSOL": f'"{name}_SR_QA_AEROSOL.TIF"',
        "FILE_NAME_QUALITY_L1_PIXEL": f'"{name}_QA_PIXEL.TIF"',
        "FILE_NAME_QUALITY_L1_RADIOMETRIC_SATURATION": f'"{name}_QA_RADSAT.TIF"',
    }
    attributes: dict[str, object] = {
        "SPACECRAFT_ID": f'"LANDSAT_{platform}"',
        "SENSOR_ID": '"OLI_TIRS"',
        "WRS_PATH": int(scene.site[:3]),
        "WRS_ROW": int(scene.site[3:]),
        "DATE_ACQUIRED": stamp(scene.time, "%Y-%m-%d"),
        "SCENE_CENTER_TIME": f'"{stamp(scene.time, "%H:%M:%S")}.0000000Z"',
        "CLOUD_COVER": round(scene.clouds(), 2),
        "SUN_AZIMUTH": scene.sun_azimuth_deg,
        "SUN_ELEVATION": 90.0 - scene.sun_zenith_deg,
    }
    projection: dict[str, object] = {"GRID_CELL_SIZE_REFLECTIVE": scene.pixel_m}
    for tag, corner in (
        ("UL", "upperLeft"),
        ("UR", "upperRight"),
        ("LL", "lowerLeft"),
        ("LR", "lowerRight"),
    ):
        longitude, latitude = corners[corner][:2]
        projection[f"CORNER_{tag}_LAT_PRODUCT"] = f"{latitude:.5f}"
        projection[f"CORNER_{tag}_LON_PRODUCT"] = f"{longitude:.5f}"
    second: dict[str, object] = {}
    first: dict[str, object] = {}
    for band in bands:
        second[f"QUANTIZE_CAL_MAX_BAND_{band[1:]}"] = 65535
        second[f"QUANTIZE_CAL_MIN_BAND_{band[1:]}"] = 1
        second[f"REFLECTANCE_MULT_BAND_{band[1:]}"] = MULTIPLIER
        second[f"REFLECTANCE_ADD_BAND_{band[1:]}"] = ADDEND
        # Level-1 scales stand under the same keys in a group of their own.
        first[f"REFLECTANCE_MULT_BAND_{band[1:]}"] = 2.0e-05
        first[f"REFLECTANCE_ADD_BAND_{band[1:]}"] = -0.1
    record: dict[str, object] = {"PROCESSING_SOFTWARE_VERSION": '"LPGS_16.1.0"'}
    groups: dict[str, dict[str, object]] = {
        "PRODUCT_CONTENTS": contents,
        "IMAGE_ATTRIBUTES": attributes,
        "PROJECTION_ATTRIBUTES": projection,
        "LEVEL2_PROCESSING_RECORD": record,
        "LEVEL1_RADIOMETRIC_RESCALING": first,
        "LEVEL2_SURFACE_REFLECTANCE_PARAMETERS": second,
    }
    lines = ["GROUP = LANDSAT_METADATA_FILE"]
    for group, entries in groups.items():
        lines.append(f"  GROUP = {group}")
        lines += [f"    {key} = {value}" for key, value in entries.items()]
        lines.append(f"  END_GROUP = {group}")
    return "\n".join([*lines, "END_GROUP = LANDSAT_METADATA_FILE", "END", ""])
