# SPDX-License-Identifier: GPL-3.0-or-later
"""A made-up Sentinel-2 L1C tile of 10 km with everything that calibration reads of a real one.

Detector 5 saw the columns left of ``SPLIT``, detector 6 the others; their directions are constant
and differ by band, so that the mean over a site is known by hand.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from calval_toolbox.core.io.geometries import polygon
from calval_toolbox.core.io.grids import unproject
from calval_toolbox.core.io.products import open_product
from calval_toolbox.core.io.products.synthetic import SafeStyle, Scene, write_safe
from calval_toolbox.core.io.products.synthetic_common import element, write_tif
from calval_toolbox.core.io.products.synthetic_safe import BANDS
from calval_toolbox.core.io.rasters import Rasters

SIZE, SPLIT, STEP_M = 1000, 500, 1000
LEFT, TOP, EPSG = 600000.0, 3400020.0, 32636
VIEWS = {"B2": {5: (4.0, 350.0), 6: (2.0, 20.0)}, "B8A": {5: (5.0, 100.0), 6: (3.0, 110.0)}}
SUN = (30.0, 150.0)
U, E0 = 1.03411, {"B2": 1959.66, "B8A": 953.93}
RESPONSE = "0.1 0.9 1.0 0.4"


def scene_of(**bands: np.ndarray) -> Scene:
    """A scene with these bands of ``SIZE`` x ``SIZE`` reflectances, NaN = no data."""
    return Scene(
        site="T36RXU", time=np.datetime64("2024-01-01T08:19:19.284", "ms"), epsg=EPSG, left=LEFT,
        top=TOP, pixel_m=10.0, aot=np.zeros((SIZE, SIZE)), reflectance=bands, cloud_percent=12.5,
    )  # fmt: skip


def write_l1c(
    folder: Path, scene: Scene, style: SafeStyle | None = None, footprints: bool = True
) -> Path:
    """Write the tile; ``footprints``: also which detector saw which pixel."""
    product = write_safe(folder, scene, style or SafeStyle("L1C", "05.10", -1000))
    (tile,) = product.glob("GRANULE/*/MTD_TL.xml")
    _replace(tile, "</Tile_Angles>", _angles(scene) + "</Tile_Angles>")
    main = product / "MTD_MSIL1C.xml"
    _replace(main, "<Spectral_Information_List>", _conversion() + "<Spectral_Information_List>")
    response = element("Spectral_Response", [element("STEP", 1), element("VALUES", RESPONSE)])
    _replace(main, "<Wavelength>", response + "<Wavelength>" + element("MIN", 490, unit="nm"))
    if footprints:
        detectors = np.full((SIZE, SIZE), 5, dtype=np.uint8)
        detectors[:, SPLIT:] = 6
        for band, _, step, _ in BANDS:
            if band in scene.reflectance:
                path = tile.parent / "QI_DATA" / f"MSK_DETFOO_B{band[1:]:0>2}.jp2"
                write_tif(path, [detectors], scene, step, "JP2OpenJPEG")
    return product


def write_clouds(product: Path, scene: Scene, opaque: np.ndarray, cirrus: np.ndarray) -> None:
    """Add the raster mask of baseline 04.00 and later, on the 60 m grid."""
    (granule,) = product.glob("GRANULE/*")
    none = np.zeros((SIZE, SIZE), dtype=np.uint8)
    masks = [opaque.astype(np.uint8), cirrus.astype(np.uint8), none]
    write_tif(granule / "QI_DATA" / "MSK_CLASSI_B00.jp2", masks, scene, 6, "JP2OpenJPEG")


def write_quality(product: Path, scene: Scene, band: str, *layers: np.ndarray) -> None:
    """Add the raster mask of the quality of a band of 10 m: a layer for each kind."""
    (granule,) = product.glob("GRANULE/*")
    path = granule / "QI_DATA" / f"MSK_QUALIT_B{band[1:]:0>2}.jp2"
    write_tif(path, [one.astype(np.uint8) for one in layers], scene, 1, "JP2OpenJPEG")


def outline(left: int, top: int, right: int, bottom: int) -> bytes:
    """A site (degrees) from its outer columns and rows of 10 m pixels."""
    wkt = _wkt()
    corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
    return polygon([unproject(wkt, LEFT + 10 * x, TOP - 10 * y) for x, y in corners])


def _wkt() -> str:
    from osgeo import osr

    reference = osr.SpatialReference()
    reference.ImportFromEPSG(EPSG)
    return str(reference.ExportToWkt())


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def _conversion() -> str:
    numbers = {name: number for name, number, _, _ in BANDS}
    listed = [element("SOLAR_IRRADIANCE", value, bandId=numbers[name])
              for name, value in E0.items()]  # fmt: skip
    return element(
        "Reflectance_Conversion", [element("U", U), element("Solar_Irradiance_List", listed)]
    )


def _angles(scene: Scene) -> str:
    numbers = {name: number for name, number, _, _ in BANDS}
    nodes = SIZE * 10 // STEP_M + 1
    every = np.ones((nodes, nodes), dtype=bool)
    parts = [_grid("Sun_Angles_Grid", SUN, every)]
    for band, detectors in VIEWS.items():
        for detector, angles in detectors.items():
            seen = every.copy()
            # A node beyond the border belongs to each detector, as in real products.
            seen[:, : SPLIT * 10 // STEP_M - 1] &= detector == 5
            seen[:, SPLIT * 10 // STEP_M + 2 :] &= detector == 6
            tags = {"bandId": numbers[band], "detectorId": detector}
            parts.append(_grid("Viewing_Incidence_Angles_Grids", angles, seen, **tags))
    return "".join(parts)


def _grid(tag: str, angles: tuple[float, float], seen: np.ndarray, **tags: int) -> str:
    parts = []
    for name, value in zip(("Zenith", "Azimuth"), angles, strict=True):
        lines = [element("VALUES", " ".join(f"{value:g}" if one else "NaN" for one in row))
                 for row in seen]  # fmt: skip
        steps = [element(key, STEP_M) for key in ("COL_STEP", "ROW_STEP")]
        parts.append(element(name, [*steps, element("Values_List", lines)]))
    return element(tag, parts, **tags)


def details_of(path: Path | str):
    """The product and its details."""
    from calval_toolbox.core.io.products.scene_details import read_details

    product = open_product(path)
    with Rasters() as rasters:
        return product, read_details(product, rasters)
