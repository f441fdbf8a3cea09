# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up products in THEIA's first format (N2A): SPOT4 and SPOT5 Take5, Landsat 5/7/8.

Tags and names as the distributed products had them: METADATA/HEADER/DATE_PDV, FILES/ORTHO_SURF_AOT,
GEOMETRY/ORIGIN_X, WGS84/HGX, RADIOMETRY/BANDS and ANGLES/THETA_S.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...types import AnyArray, Flag
from .synthetic_common import Scene, element, encode, stamp, write_tif, write_xml

NODATA = -10000
INSTRUMENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "SPOT4": ("HRVIR1", ("XS1", "XS2", "XS3", "SWIR")),
    "SPOT5": ("HRG2", ("XS1", "XS2", "XS3", "SWIR")),
    "LANDSAT5": ("TM", ("B1", "B2", "B3", "B4", "B5", "B7")),
    "LANDSAT7": ("ETM", ("B1", "B2", "B3", "B4", "B5", "B7")),
    "LANDSAT8": ("OLITIRS", tuple(f"B{n}" for n in range(1, 8))),
}
CLOUD_BITS = {
    0: (Flag.CLOUD, Flag.CLOUD_SHADOW, Flag.CLOUD_OR_SHADOW, Flag.THIN_CLOUD),
    1: (Flag.CLOUD,),
    2: (Flag.CLOUD,),
    4: (Flag.THIN_CLOUD,),
    5: (Flag.CIRRUS,),
    6: (Flag.CLOUD_SHADOW,),
}
DIVERSE_BITS = {
    0: (Flag.NODATA,),
    1: (Flag.WATER,),
    2: (Flag.SNOW,),
    3: (Flag.LOW_SUN,),
    4: (Flag.TANGENT_SUN,),
}


def write_n2a(
    folder: Path | str,
    scene: Scene,
    platform: str = "SPOT4",
    instrument: str = "",
    aot_in_xml: bool = True,
    aot_file: bool = True,
    metadata: bool = True,
    aot_factor: float = 1000.0,
    reflectance_factor: float = 1000.0,
) -> Path:
    """Write an N2A product into ``folder`` and return its own folder.

    ``aot_in_xml=False`` leaves ORTHO_SURF_AOT empty although the file lies beside it (as many
    reprocessed products do); ``aot_file=False`` leaves the AOT out altogether; ``metadata=False``
    writes no XML. Reflectance bands are taken from ``scene.reflectance`` in the platform's order;
    absent ones are filled with no data.
    """
    default, bands = INSTRUMENTS[platform]
    instrument = instrument or default
    day = stamp(scene.time, "%Y%m%d")
    head, tail = f"{platform}_{instrument}_XS_{day}_N2A", scene.site
    name = f"{head}_{tail}"
    product = Path(folder) / name
    stack = [_reflectance(scene, band, reflectance_factor) for band in bands]
    files = {kind: f"{head}_ORTHO_SURF_CORR_{kind}_{tail}.TIF" for kind in ("ENV", "PENTE")}
    for file in files.values():
        write_tif(product / file, stack, scene)
    aot = f"{head}_AOT_{tail}.TIF"
    if aot_file:
        values = np.where(scene.flag(Flag.NODATA), np.nan, scene.aot)
        write_tif(product / aot, [encode(values, aot_factor, "int16", NODATA)], scene)
    for code, mask in _masks(scene, len(bands)).items():
        write_tif(product / "MASK" / f"{name}_{code}.TIF", [mask], scene)
    if metadata:
        listed = aot if aot_in_xml and aot_file else ""
        write_xml(product / f"{name}.xml", _document(name, scene, instrument, bands, files, listed))
    return product


def _reflectance(scene: Scene, band: str, factor: float) -> AnyArray:
    values = scene.reflectance.get(band, np.full(scene.shape, np.nan))
    return encode(np.where(scene.flag(Flag.NODATA), np.nan, values), factor, "int16", NODATA)


def _masks(scene: Scene, bands: int) -> dict[str, AnyArray]:
    saturated = np.where(scene.flag(Flag.SATURATED), (1 << bands) - 1, 0).astype(np.uint8)
    return {"NUA": scene.bits(CLOUD_BITS), "DIV": scene.bits(DIVERSE_BITS), "SAT": saturated}


def _document(
    name: str,
    scene: Scene,
    instrument: str,
    bands: tuple[str, ...],
    files: dict[str, str],
    aot: str,
) -> str:
    header = {
        "IDENT": name,
        "DATE_PDV": f"{stamp(scene.time, '%Y-%m-%d %H:%M:%S')}",
        "DATE_PROD": f"{stamp(scene.time + np.timedelta64(365, 'D'), '%Y-%m-%d %H:%M:%S')}",
        "PLATEFORM": name.split("_")[0],
        "SENSOR": instrument,
        "MODE": "XS",
        "LEVEL": "N2A",
        "ZONE_GEO": scene.site,
        "VERSION": "2.0",
    }
    listed = {
        "MASK_SATURATION": f"MASK/{name}_SAT.TIF",
        "MASK_CLOUDS": f"MASK/{name}_NUA.TIF",
        "MASK_DIV": f"MASK/{name}_DIV.TIF",
        "ORTHO_SURF_AOT": aot,
        "ORTHO_SURF_CORR_ENV": files["ENV"],
        "ORTHO_SURF_CORR_PENTE": files["PENTE"],
        "ORTHO_VAP_EAU": "",
        "MASK_N2": "MASK",
        "PRIVE": "PRIVE",
    }
    rows, columns = scene.shape
    geometry = {
        "PROJECTION": f"EPSG:{scene.epsg}",
        "RESOLUTION": scene.pixel_m,
        "NB_COLS": columns,
        "NB_ROWS": rows,
        "PIXEL_SIZE_X": scene.pixel_m,
        "PIXEL_SIZE_Y": -scene.pixel_m,
        "ORIGIN_X": scene.left,
        "ORIGIN_Y": scene.top,
    }
    corners = scene.corners()
    geographic: dict[str, object] = {}
    for tag, corner in (
        ("HG", "upperLeft"),
        ("HD", "upperRight"),
        ("BG", "lowerLeft"),
        ("BD", "lowerRight"),
    ):
        geographic[f"{tag}X"], geographic[f"{tag}Y"] = corners[corner][:2]
    angles = {
        "PHI_S": scene.sun_azimuth_deg,
        "THETA_S": scene.sun_zenith_deg,
        "PHI_V": scene.view_azimuth_deg,
        "THETA_V": scene.view_zenith_deg,
    }
    radiometry = [element("BANDS", ";".join(bands)), element("ANGLES", _children(angles))]
    return element(
        "METADATA",
        [
            element("HEADER", _children(header)),
            element("FILES", _children(listed)),
            element("GEOMETRY", _children(geometry)),
            element("WGS84", _children(geographic)),
            element("RADIOMETRY", radiometry),
        ],
    )


def _children(values: dict[str, object] | dict[str, str] | dict[str, float]) -> list[str]:
    return [element(tag, value) for tag, value in values.items()]
