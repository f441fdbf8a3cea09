# SPDX-License-Identifier: GPL-3.0-or-later
"""THEIA/MUSCATE L2A products of MAJA: Sentinel-2, Landsat-8, VENuS.

Source: the product's own metadata; bit order of the cloud mask as MAJA's MUSCATE plugins write it
(CNES/MAJA, Plugins/*_MUSCATE), which differs from its native format.
"""

from __future__ import annotations

import re

from ...types import BandSource, Flag, Product
from .files import ProductFiles
from .muscate_metadata import (
    ROOT_TAG,
    Listed,
    flag_masks,
    footprint,
    identity,
    listed_files,
    resolutions,
    special_value,
)
from .quantification import aot_range_note, scale_from
from .reader import ReaderOptions, note_absent, require_rasters

# Bits from 0. Only the last one differs: cirrus for S2 and L8, clouds by their altitude for VENuS.
CLOUD_BITS = {
    0: Flag.CLOUD_OR_SHADOW,
    1: Flag.CLOUD,
    2: Flag.CLOUD,
    3: Flag.CLOUD,
    4: Flag.THIN_CLOUD,
    5: Flag.CLOUD_SHADOW,
    6: Flag.CLOUD_SHADOW,
    7: Flag.CIRRUS,
}
VENUS_CLOUD_BITS = {**CLOUD_BITS, 7: Flag.CLOUD}
LARGEST_BYTE = 255


class MuscateReader:
    """THEIA/MUSCATE L2A: ``<SAT>_<date>_L2A_<tile>_<C|D>_V<x-y>`` with ``*_MTD_ALL.xml``."""

    name = "muscate"
    anchor = re.compile(r".+_MTD_ALL\.xml$", re.IGNORECASE)
    folder = re.compile(r".+_\d{8}-\d{6}-\d{3}_L2A_.+_[A-Z]_V\d+-\d+$")

    def can_read(self, files: ProductFiles) -> bool:
        """Whether the metadata are MUSCATE's and the level is L2A."""
        document = files.xml(files.anchor)
        return document.tag == ROOT_TAG and document.text("PRODUCT_LEVEL", "") == "L2A"

    def read(self, files: ProductFiles, options: ReaderOptions) -> Product:
        """The product, with AOT and water vapor on the coarsest grid that it carries.

        AOT is estimated at some 240 m, so the 20 m grid of Sentinel-2 loses nothing and is four
        times quicker to read than that of 10 m.
        """
        notes: list[str] = []
        described = identity(files, notes)
        bands = reflectances(files, {"Flat_Reflectance": "", "Surface_Reflectance": "SRE_"}, notes)
        aot = _atmosphere(files, "Aerosol_Optical_Thickness", "aot", notes)
        vapor = _atmosphere(files, "Water_Vapor_Content", "water_vapor", notes)
        uri = require_rasters(files, bands, aot, vapor)
        venus = described["platform"].startswith("VENUS")
        return Product(
            **described,
            reader=self.name,
            bands=bands,
            masks=flag_masks(files, VENUS_CLOUD_BITS if venus else CLOUD_BITS, notes),
            aot=aot,
            water_vapor=vapor,
            footprint=footprint(files, uri),
            notes=tuple(notes),
        )


def reflectances(
    files: ProductFiles, natures: dict[str, str], notes: list[str]
) -> dict[str, BandSource]:
    """Bands by name; ``natures`` gives the prefix of each kind of reflectance, best kind first.

    Where the best kind is absent the next one takes the plain name. Absent files are noted.
    """
    document = files.xml(files.anchor)
    scale = scale_from(document.number("REFLECTANCE_QUANTIFICATION_VALUE"), document.where)
    nodata, sizes = special_value(document, "nodata"), resolutions(document)
    bands: dict[str, BandSource] = {}
    absent: list[str] = []
    entries = [entry for entry in listed_files(files, "Image") if entry.nature in natures]
    for entry in sorted(entries, key=lambda entry: list(natures).index(entry.nature)):
        if entry.name is None:
            absent.append(entry.listed)
            continue
        key = f"{natures[entry.nature]}{entry.band_id}" if entry.band_id in bands else entry.band_id
        bands[key] = BandSource(
            name=key,
            uri=files.uri(entry.name),
            scale=scale,
            nodata=nodata,
            resolution_m=sizes.get(entry.band_id),
        )
    note_absent(notes, absent)
    return bands


def _atmosphere(files: ProductFiles, nature: str, name: str, notes: list[str]) -> BandSource | None:
    """The AOT or water vapor raster on its coarsest grid, None (with a note) where absent."""
    document = files.xml(files.anchor)
    sizes = resolutions(document)
    found = [e for e in listed_files(files, "Image") if e.nature == nature and e.name is not None]
    label = "AOT" if name == "aot" else "water vapor"
    if not found:
        notes.append(f"Product without {label}: no {nature} raster is there.")
        return None
    quantification = document.maybe(f"{nature.upper()}_QUANTIFICATION_VALUE")
    if quantification is None:
        notes.append(f"Product without {label}: the metadata do not state its scale.")
        return None
    entry = max(found, key=lambda entry: sizes.get(_size_key(entry), 0.0))
    scale = scale_from(quantification, document.where)
    largest = LARGEST_BYTE if entry.encoding in ("byte", "uint8", "") else None
    if name == "aot":
        notes.extend(filter(None, [aot_range_note(scale, largest)]))
    return BandSource(
        name=name,
        uri=files.uri(entry.name or ""),
        band=entry.number or (2 if name == "aot" else 1),
        scale=scale,
        nodata=special_value(document, f"{nature.lower()}_nodata"),
        saturation=largest,
        wavelength_nm=550.0 if name == "aot" else None,
        resolution_m=sizes.get(_size_key(entry)),
        unit="1" if name == "aot" else "cm",
    )


def _size_key(entry: Listed) -> str:
    return entry.group_id or entry.group
