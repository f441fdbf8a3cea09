# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up products in MAJA's native format: Earth-Explorer headers beside a DBL.DIR folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...types import AnyArray, Flag
from .synthetic_common import Scene, element, encode, iso, stamp, write_tif, write_xml
from .synthetic_muscate import GEOPHYSICAL_BITS, REFLECTANCE_NODATA, UNION

BANDS = {
    "S2A": {
        "R1": (1, ("B2", "B3", "B4", "B8")),
        "R2": (2, ("B5", "B6", "B7", "B8A", "B11", "B12")),
    },
    "VE": {"": (1, tuple(f"B{n}" for n in range(1, 13)))},
}
# Bit order of the native cloud mask: shadows come before the kinds of clouds.
CLOUD_BITS = {
    0: UNION,
    1: (Flag.CLOUD,),
    2: (Flag.CLOUD_SHADOW,),
    4: (Flag.CLOUD,),
    6: (Flag.THIN_CLOUD,),
    7: (Flag.CIRRUS,),
}
AOT_FACTOR, VAPOR_FACTOR = 0.005, 0.05


def write_native(folder: Path | str, scene: Scene, satellite: str = "S2A") -> Path:
    """Write a native MAJA L2 product into ``folder`` and return its main header (``.HDR``).

    ``satellite``: ``S2A`` or ``VE``. Quantification values are factors (0.005 for AOT). Bands that
    the scene lacks are written as 0.
    """
    day = stamp(scene.time, "%Y%m%d")
    head = f"{satellite}_OPER" if satellite != "VE" else "VE_VM01"
    kind = "SSC" if satellite != "VE" else "VSC"
    site = f"{scene.site.removeprefix('T')}____{day}"
    data = Path(folder) / f"{head}_{kind}_L2VALD_{site}.DBL.DIR"
    groups = BANDS[satellite]
    for group, (step, bands) in groups.items():
        tail = f"_{group}" if group else ""
        for code, values in _annexes(scene, bands).items():
            name = f"{head}_{kind}_PDTANX_L2VALD_{site}_{code}{tail}"
            write_tif(data / f"{name}.DBL.TIF", values, scene, step)
            write_xml(data / f"{name}.HDR", _annex_header(code, scene))
        for code in ("FRE", "SRE"):
            stack = [_reflectance(scene, band) for band in bands]
            name = f"{head}_{kind}_PDTIMG_L2VALD_{site}_{code}{tail}"
            write_tif(data / f"{name}.DBL.TIF", stack, scene, step)
    header = Path(folder) / f"{head}_{kind}_L2VALD_{site}.HDR"
    write_xml(header, _main_header(scene, groups))
    return header


def _annexes(scene: Scene, bands: tuple[str, ...]) -> dict[str, list[AnyArray]]:
    outside = scene.flag(Flag.NODATA)
    vapor = np.full(scene.shape, np.nan) if scene.water_vapor is None else scene.water_vapor
    atmosphere = [
        encode(np.where(outside, np.nan, values), 1.0 / factor, "uint8", 0)
        for values, factor in ((vapor, VAPOR_FACTOR), (scene.aot, AOT_FACTOR))
    ]
    saturated = np.where(scene.flag(Flag.SATURATED), (1 << min(len(bands), 8)) - 1, 0)
    empty = np.zeros(scene.shape, dtype=np.uint8)
    return {
        "ATB": atmosphere,
        "CLD": [scene.bits(CLOUD_BITS)],
        "MSK": [scene.bits(GEOPHYSICAL_BITS)],
        "QLT": [saturated.astype(np.uint8), empty, empty],
    }


def _reflectance(scene: Scene, band: str) -> AnyArray:
    values = scene.reflectance.get(band, np.zeros(scene.shape))
    valid = np.where(scene.flag(Flag.NODATA), np.nan, values)
    return encode(valid, 10000.0, "int16", REFLECTANCE_NODATA)


def _annex_header(code: str, scene: Scene) -> str:
    information = [element("Data_Type", "UNSIGNED_BYTE")]
    if code == "ATB":
        information += [
            element("VAP_Nodata_Value", 0),
            element("VAP_Quantification_Value", VAPOR_FACTOR),
            element("AOT_Nodata_Value", 0),
            element("AOT_Quantification_Value", AOT_FACTOR),
            element(
                "List_of_Bands",
                [element("Band", "VAP", sn=1), element("Band", "AOT", sn=2)],
                count=2,
            ),
        ]
    return _header(
        scene,
        [
            element("Instance_Id", [element("Annex_Code", code)]),
            element("Annex_Information", information),
        ],
    )


def _main_header(scene: Scene, groups: dict[str, tuple[int, tuple[str, ...]]]) -> str:
    sun = [
        element("ZENITH_ANGLE", scene.sun_zenith_deg, unit="deg"),
        element("AZIMUTH_ANGLE", scene.sun_azimuth_deg, unit="deg"),
    ]
    view = [
        element("ZENITH_ANGLE", scene.view_zenith_deg, unit="deg"),
        element("AZIMUTH_ANGLE", scene.view_azimuth_deg, unit="deg"),
    ]
    product = [
        element("Product_Level", "L2"),
        element("Acquisition_Date_Time", f"UTC={iso(scene.time)}"),
        element("Mean_Sun_Angle", sun),
        element(
            "Mean_Viewing_Incidence_Angle_List", [element("Mean_Viewing_Incidence_Angle", view)]
        ),
        element("Cloud_Percentage", round(scene.clouds(), 3)),
        element("Reflectance_Quantification_Value", 0.0001),
    ]
    lists = [
        element(
            "List_of_Bands",
            [element("Band", band, sn=index) for index, band in enumerate(bands, start=1)],
            count=len(bands),
        )
        for _, bands in groups.values()
    ]
    image = [element("Nodata_Value", REFLECTANCE_NODATA)]
    if len(lists) > 1:
        resolutions = [
            element("Resolution", [listed], r=scene.pixel_m * step)
            for listed, (step, _) in zip(lists, groups.values(), strict=True)
        ]
        image.append(element("List_of_Resolutions", resolutions, count=len(resolutions)))
    else:
        image.append(lists[0])
    return _header(
        scene, [element("Product_Information", product), element("Image_Information", image)]
    )


def _header(scene: Scene, specific: list[str]) -> str:
    fixed = [
        element("Validity_Period", [element("Validity_Start", f"UTC={iso(scene.time)}")]),
        element("Source", [element("System", "MAJA"), element("Creator_Version", "4.5.0")]),
    ]
    variable = [element("Specific_Product_Header", specific)]
    return element(
        "Earth_Explorer_Header",
        [element("Fixed_Header", fixed), element("Variable_Header", variable)],
        xmlns="http://eop-cfi.esa.int/CFI",
        schema_version="1.00",
    )
