# SPDX-License-Identifier: GPL-3.0-or-later
"""MAJA's native format: Earth-Explorer headers (``.HDR``) beside a ``.DBL.DIR`` folder.

Source: the header templates of MAJA (CNES/MAJA, Plugins/*/L2.product, Apache-2.0). Quantification
values are factors here (0.005), and the cloud mask has another bit order than in MUSCATE products.
The interpolation bits of the quality mask (QLT) are documented nowhere we could verify, so they
are not read.
"""

from __future__ import annotations

import re

from ...errors import ProductError
from ...types import BandSource, Flag, MaskSource, Product
from ..rasters import short
from .angles import direction, fields, mean_view
from .files import ProductFiles
from .quantification import aot_range_note, scale_from
from .reader import ReaderOptions, raster_resolution, raster_ring, require_rasters, utc
from .xmltree import Xml

ROOT_TAG = "Earth_Explorer_Header"
CLOUD_BITS = {
    0: Flag.CLOUD_OR_SHADOW,
    1: Flag.CLOUD,
    2: Flag.CLOUD_SHADOW,
    3: Flag.CLOUD_SHADOW,
    4: Flag.CLOUD,
    5: Flag.CLOUD,
    6: Flag.THIN_CLOUD,
    7: Flag.CIRRUS,
}
VENUS_CLOUD_BITS = {**CLOUD_BITS, 7: Flag.CLOUD}
GEOPHYSICAL_BITS = {
    0: Flag.WATER,
    1: Flag.CLOUD,
    2: Flag.SNOW,
    3: Flag.CLOUD_SHADOW,
    4: Flag.TERRAIN,
    5: Flag.TERRAIN,
    6: Flag.LOW_SUN,
    7: Flag.TANGENT_SUN,
}
SATURATION_BITS = dict.fromkeys(range(16), Flag.SATURATED)
MISSIONS = {
    "S2": ("SENTINEL2", "MSI"),
    "VE": ("VENUS", "VSSC"),
    "L8": ("LANDSAT8", "OLI"),
}
NAME = re.compile(
    r"(?P<satellite>[A-Z0-9]{2}[A-Z0-9_])_?(?P<kind>[A-Z0-9]{4})_[A-Z]SC_(?:PDTANX_)?L2VALD_"
    r"(?P<site>.+?)_+(?P<day>\d{8})(?:_ATB(?:_R\d)?)?\.HDR$",
    re.IGNORECASE,
)


class EarthExplorerReader:
    """MAJA native: ``<SAT>_<CLASS>_SSC_L2VALD_<site>_<day>.HDR`` and ``.DBL.DIR``."""

    name = "earth_explorer"
    anchor = re.compile(r".+_L2VALD_.+\d{8}(_ATB(_R\d)?)?\.HDR$", re.IGNORECASE)
    folder = re.compile(r".+_L2VALD_.+\.DBL\.DIR$")

    def can_read(self, files: ProductFiles) -> bool:
        """Whether the header is an Earth-Explorer one."""
        return files.xml(files.anchor).tag == ROOT_TAG

    def read(self, files: ProductFiles, options: ReaderOptions) -> Product:
        """The product of the header: the files whose names begin as it says."""
        match = NAME.match(files.anchor.rsplit("/", 1)[-1])
        if match is None:
            raise ProductError(f"{short(files.anchor)} is not named as MAJA's L2 headers are.")
        document = files.xml(files.anchor)
        notes: list[str] = []
        satellite = match["satellite"].rstrip("_").upper()
        platform, sensor = MISSIONS.get(satellite[:2], (satellite, satellite))
        key = f"{satellite}_[^/]*_L2VALD_{match['site']}_+{match['day']}"
        bands = _bands(files, document, key)
        aot, vapor = _atmosphere(files, key, notes)
        uri = require_rasters(files, bands, aot, vapor)
        time = document.text("Acquisition_Date_Time", "") or document.text("Validity_Start")
        return Product(
            path=files.path,
            reader=self.name,
            sensor=sensor,
            platform=platform + (satellite[2:] if platform == "SENTINEL2" else ""),
            level="L2A",
            site=match["site"].strip("_"),
            time=utc(time, document.where, notes),
            baseline=document.text("Creator_Version", ""),
            datatake=f"{satellite}_{match['day']}",
            bands=bands,
            masks=_masks(files, key, bands, sensor == "VSSC"),
            aot=aot,
            water_vapor=vapor,
            cloud_percent=document.maybe("Cloud_Percentage"),
            footprint=raster_ring(uri),
            notes=tuple(notes),
            **fields(direction(document.first("Mean_Sun_Angle")), mean_view(document)),
        )


def _raster(files: ProductFiles, key: str, code: str) -> list[tuple[str, str]]:
    """(group, name) of the rasters of an annex or image code, the coarsest group last."""
    pattern = rf"{key}_{code}(?:_(R\d))?(?:\.DBL)?\.(?:TIFF?|DBL)"
    found = []
    for name in files.find(pattern):
        group = re.search(rf"_{code}_(R\d)", name)
        found.append((group[1] if group else "XS", name))
    return sorted(found)


def _header(files: ProductFiles, raster: str) -> Xml | None:
    name = files.resolve(re.sub(r"(\.DBL)?\.(TIFF?|DBL)$", ".HDR", raster, flags=re.IGNORECASE))
    return files.xml(name) if name else None


def _bands(files: ProductFiles, document: Xml, key: str) -> dict[str, BandSource]:
    """Slope-corrected bands (FRE) under their plain names, the others as ``SRE_``."""
    quantification = document.maybe("Reflectance_Quantification_Value")
    if quantification is None:
        return {}
    scale = scale_from(quantification, document.where)
    nodata = document.maybe("Image_Information/Nodata_Value")
    wavelengths = {
        node.attribute("sk"): node.maybe_own() for node in document.all("Band_Central_Wavelength")
    }
    lists = _band_lists(document)
    bands: dict[str, BandSource] = {}
    for code in ("FRE", "SRE"):
        plain = not bands
        for group, name in _raster(files, key, code):
            resolution = raster_resolution(files.uri(name))
            for index, band in enumerate(lists.get(group, lists.get("XS", [])), start=1):
                label = band if plain else f"SRE_{band}"
                bands[label] = BandSource(
                    name=label,
                    uri=files.uri(name),
                    band=index,
                    scale=scale,
                    nodata=nodata,
                    wavelength_nm=wavelengths.get(band),
                    resolution_m=resolution,
                )
    return bands


def _band_lists(document: Xml) -> dict[str, list[str]]:
    """Band names in the order of the rasters, by group (R1, R2; XS where there is one)."""
    lists: dict[str, list[str]] = {}
    for index, node in enumerate(document.all("List_of_Resolutions/Resolution"), start=1):
        lists[f"R{index}"] = [band.own_text() for band in node.all("List_of_Bands/Band")]
    if not lists:
        lists["XS"] = [band.own_text() for band in document.all("List_of_Bands/Band")]
    return lists


def _atmosphere(
    files: ProductFiles, key: str, notes: list[str]
) -> tuple[BandSource | None, BandSource | None]:
    """AOT and water vapor of the coarsest ATB raster, by that raster's own header."""
    found = _raster(files, key, "ATB")
    if not found:
        notes.append("Product without AOT: it has no ATB raster.")
        return None, None
    uri, header = files.uri(found[-1][1]), _header(files, found[-1][1])
    if header is None:
        notes.append("Product without AOT: the header of its ATB raster (the scale) is absent.")
        return None, None
    order = [band.own_text() for band in header.all("List_of_Bands/Band")]
    sources: list[BandSource | None] = []
    for code, name, unit in (("AOT", "aot", "1"), ("VAP", "water_vapor", "cm")):
        scale = scale_from(header.number(f"{code}_Quantification_Value"), header.where)
        sources.append(
            BandSource(
                name=name,
                uri=uri,
                band=order.index(code) + 1 if code in order else 2 - len(sources),
                scale=scale,
                nodata=header.maybe(f"{code}_Nodata_Value"),
                saturation=255 if header.text("Data_Type", "") == "UNSIGNED_BYTE" else None,
                wavelength_nm=550.0 if code == "AOT" else None,
                resolution_m=raster_resolution(uri),
                unit=unit,
            )
        )
    aot = sources[0]
    if aot is not None:
        notes.extend(filter(None, [aot_range_note(aot.scale, aot.saturation)]))
    notes.append(
        "The native format's interpolation flags are not read: the gap-filled share is empty, and "
        "a limit of it rejects nothing."
    )
    return sources[0], sources[1]


def _masks(
    files: ProductFiles, key: str, bands: dict[str, BandSource], venus: bool
) -> dict[str, MaskSource]:
    meanings = {
        "CLD": VENUS_CLOUD_BITS if venus else CLOUD_BITS,
        "MSK": GEOPHYSICAL_BITS,
        "QLT": SATURATION_BITS,
    }
    masks = {}
    for code, meaning in meanings.items():
        for group, name in _raster(files, key, code):
            uri = files.uri(name)
            label = f"{code}_{group}"
            masks[label] = MaskSource(label, uri, meaning, resolution_m=raster_resolution(uri))
    first = next(iter(bands.values()), None)
    if first is not None and first.nodata is not None:
        masks["EDG"] = MaskSource(
            "EDG",
            first.uri,
            {int(first.nodata): Flag.NODATA},
            kind="classes",
            band=first.band,
            resolution_m=first.resolution_m,
        )
    return masks
