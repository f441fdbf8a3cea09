# SPDX-License-Identifier: GPL-3.0-or-later
"""THEIA's first format (N2A): SPOT4 and SPOT5 Take5, Landsat 5/7/8 prototypes.

Its metadata state neither scales nor no-data values: both are constants of the format
(reflectance DN / 1000, -10000). Bits of the NUA and DIV masks: THEIA's product page, and the help
of SeaDAS for SPOT4 Take5.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from osgeo import gdal

from ...errors import ProductError
from ...types import AnyArray, BandSource, Flag, MaskSource, Product
from ..grids import grid_of
from ..rasters import Rasters, open_raster, short
from .angles import fields
from .files import ProductFiles
from .quantification import LARGEST_AOT
from .reader import ReaderOptions, Ring, note_absent, raster_ring, ring_from, utc
from .xmltree import Xml

SCALE = 0.001
NODATA = -10000.0
NAME = re.compile(
    r"(?P<platform>SPOT[45]|LANDSAT[5789])_(?P<sensor>[A-Z0-9+]+)_[A-Z]+_(?P<day>\d{8})_N2A_"
    r"(?:ORTHO_SURF_CORR_(?:ENV|PENTE)_|AOT_)?(?P<site>.+?)(?:\.[A-Za-z]+)?$"
)
BANDS = {
    "SPOT4": ("XS1", "XS2", "XS3", "SWIR"),
    "SPOT5": ("XS1", "XS2", "XS3", "SWIR"),
    "LANDSAT5": ("B1", "B2", "B3", "B4", "B5", "B7"),
    "LANDSAT7": ("B1", "B2", "B3", "B4", "B5", "B7"),
    "LANDSAT8": ("B1", "B2", "B3", "B4", "B5", "B6", "B7"),
}
SENSORS = {"OLITIRS": "OLI", "ETM": "ETM+"}
CAMPAIGNS = {"SPOT4": "SPOT4-Take5", "SPOT5": "SPOT5-Take5"}
MASKS = {
    "NUA": {
        0: Flag.CLOUD_OR_SHADOW,
        1: Flag.CLOUD,
        2: Flag.CLOUD,
        3: Flag.CLOUD,
        4: Flag.THIN_CLOUD,
        5: Flag.CIRRUS,
        6: Flag.CLOUD_SHADOW,
        7: Flag.CLOUD_SHADOW,
    },
    "DIV": {
        0: Flag.NODATA,
        1: Flag.WATER,
        2: Flag.SNOW,
        3: Flag.LOW_SUN,
        4: Flag.TANGENT_SUN,
    },
    "SAT": dict.fromkeys(range(8), Flag.SATURATED),
}
MASK_NAME = re.compile(rf"_({'|'.join(MASKS)})\.tiff?$", re.IGNORECASE)
SAMPLED_ROWS = 32


class N2aReader:
    """THEIA N2A: ``<SAT>_<INSTRUMENT>_XS_<day>_N2A_<site>`` with TIF files in capitals."""

    name = "n2a"
    anchor = re.compile(
        r"(SPOT[45]|LANDSAT[5789])_.+_N2A_([^.]+\.xml|ORTHO_SURF_CORR_(PENTE|ENV)_.+\.TIF)$",
        re.IGNORECASE,
    )
    folder = re.compile(r"(SPOT[45]|LANDSAT[5789])_[A-Z0-9+]+_[A-Z]+_\d{8}_N2A_.+$")

    def can_read(self, files: ProductFiles) -> bool:
        """Whether the file names are those of the format."""
        return _named(files) is not None

    def read(self, files: ProductFiles, options: ReaderOptions) -> Product:
        """The product; without its XML the time is only known to the day, which is noted."""
        named = _named(files)
        if named is None:
            raise ProductError(f"{short(files.path)} is not named as N2A products are.")
        document = _document(files)
        notes: list[str] = []
        platform = named["platform"].upper()
        bands = _bands(files, document, platform)
        aot = _aot(files, document, options.n2a_aot_scale, notes)
        if not bands and aot is None:
            raise ProductError(
                f"{short(files.path)} holds neither reflectances nor AOT. The product is not "
                "complete; get it again."
            )
        uri = next(iter(bands.values())).uri if bands else aot.uri if aot else ""
        notes.append("N2A metadata state no scales: reflectance is DN / 1000, as the format says.")
        day = named["day"]
        return Product(
            path=files.path,
            reader=self.name,
            sensor=SENSORS.get(named["sensor"].upper(), named["sensor"].upper()),
            platform=platform,
            level="L2A",
            site=document.text("ZONE_GEO", named["site"]) if document else named["site"],
            time=_time(document, day, notes),
            baseline=document.text("VERSION", "") if document else "",
            campaign=CAMPAIGNS.get(platform, ""),
            datatake=f"{platform}_{day}",
            bands=bands,
            masks=_masks(files, document, notes),
            aot=aot,
            footprint=_footprint(document, uri),
            notes=tuple(notes),
            **_angles(document),
        )


def _named(files: ProductFiles) -> dict[str, str] | None:
    match = NAME.match(files.anchor.rsplit("/", 1)[-1])
    return match.groupdict() if match else None


def _document(files: ProductFiles) -> Xml | None:
    found = files.find(r"[^/]+_N2A_[^/.]+\.xml")
    return files.xml(found[0]) if found else None


def _listed(files: ProductFiles, document: Xml | None, tag: str, pattern: str) -> str | None:
    """The file that the metadata list under ``tag``; else one that is named so."""
    listed = document.text(f"FILES/{tag}", "") if document else ""
    name = files.resolve(listed) if listed else None
    found = files.find(pattern)
    return name or (found[0] if found else None)


def _bands(files: ProductFiles, document: Xml | None, platform: str) -> dict[str, BandSource]:
    """Slope-corrected bands under their plain names, the others with the prefix ``ENV_``."""
    bands: dict[str, BandSource] = {}
    for kind in ("PENTE", "ENV"):
        tag = f"ORTHO_SURF_CORR_{kind}"
        name = _listed(files, document, tag, rf"[^/]+_{tag}_[^/]+\.tiff?")
        if name is None:
            continue
        uri = files.uri(name)
        dataset = open_raster(uri)
        unsigned = dataset.GetRasterBand(1).DataType in (gdal.GDT_Byte, gdal.GDT_UInt16)
        prefix = "ENV_" if bands else ""
        for index, band in enumerate(_band_names(document, platform, dataset.RasterCount), start=1):
            bands[prefix + band] = BandSource(
                name=prefix + band,
                uri=uri,
                band=index,
                scale=SCALE,
                nodata=None if unsigned else NODATA,
                resolution_m=grid_of(dataset, short(uri)).pixel_width,
            )
    return bands


def _band_names(document: Xml | None, platform: str, count: int) -> list[str]:
    listed = document.text("RADIOMETRY/BANDS", "").split(";") if document else []
    for names in ([name.strip() for name in listed], list(BANDS.get(platform, ()))):
        if len(names) == count:
            return names
    return [f"B{index}" for index in range(1, count + 1)]


def _aot(
    files: ProductFiles, document: Xml | None, scale: float, notes: list[str]
) -> BandSource | None:
    """The AOT file, listed by the metadata or only lying beside them."""
    name = _listed(files, document, "ORTHO_SURF_AOT", r"[^/]*AOT[^/]*\.tiff?")
    if name is None:
        notes.append("Product without AOT: no AOT file is listed or lies beside the metadata.")
        return None
    uri = files.uri(name)
    source = BandSource(
        name="aot",
        uri=uri,
        scale=scale,
        nodata=NODATA,
        wavelength_nm=550.0,
        resolution_m=grid_of(open_raster(uri), short(uri)).pixel_width,
    )
    notes.append(f"The AOT scale {scale:g} is assumed: N2A metadata do not state it.")
    largest = _largest(source)
    if largest is not None and not 0.02 <= largest * scale <= LARGEST_AOT:
        notes.append(
            f"With the scale {scale:g} the largest AOT is {largest * scale:g}, which is hardly "
            "possible: give the scale that the product really has."
        )
    return source


def _largest(source: BandSource) -> float | None:
    """The largest valid DN in a sample of rows, None where there is none."""
    with Rasters() as rasters:
        grid = rasters.grid(source.uri)
        rows = np.unique(np.linspace(0, grid.height - 1, SAMPLED_ROWS).astype(int))
        sampled: list[AnyArray] = [
            rasters.read(source.uri, source.band, 0, int(row), grid.width, 1) for row in rows
        ]
    values = np.concatenate(sampled)
    valid = values[values != source.nodata]
    return float(valid.max()) if valid.size else None


def _masks(files: ProductFiles, document: Xml | None, notes: list[str]) -> dict[str, MaskSource]:
    """NUA, DIV and SAT. A NODATA file beside them is left alone: its polarity is not the same in
    all products, and bit 0 of DIV says the same. Those that are listed and absent are noted.
    """
    masks = {}
    listed = document.first("FILES") if document else None
    entries = [node.own_text() for node in listed.children()] if listed else []
    note_absent(
        notes,
        (e for e in entries if MASK_NAME.search(e) is not None and files.resolve(e) is None),
    )
    for code, meaning in MASKS.items():
        found = files.find(rf"[^/]+_{code}\.tiff?")
        if found:
            uri = files.uri(found[0])
            masks[code] = MaskSource(code, uri, meaning)
    return masks


def _time(document: Xml | None, day: str, notes: list[str]) -> np.datetime64:
    stated = document.text("DATE_PDV", "") if document else ""
    if document and stated:
        return utc(stated, document.where, notes)
    return utc(f"{day[:4]}-{day[4:6]}-{day[6:]}", "the file name", notes)


def _footprint(document: Xml | None, uri: str) -> Ring:
    corners = []
    for corner in ("HG", "HD", "BD", "BG"):
        longitude = document.maybe(f"WGS84/{corner}X") if document else None
        latitude = document.maybe(f"WGS84/{corner}Y") if document else None
        if longitude is not None and latitude is not None:
            corners.append((longitude, latitude))
    return ring_from(corners) if len(corners) == 4 else raster_ring(uri)


def _angles(document: Xml | None) -> dict[str, Any]:
    if document is None:
        return {}
    sun = (document.maybe("ANGLES/THETA_S"), document.maybe("ANGLES/PHI_S"))
    return fields(sun, (document.maybe("ANGLES/THETA_V"), document.maybe("ANGLES/PHI_V")))
