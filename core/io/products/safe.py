# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentinel-2 SAFE products: L1C, and L2A of Sen2Cor, of all processing baselines.

Source: the product's own metadata (Sentinel-2 Products Specification Document). Reflectance is
(DN + offset) / quantification; the additive offset of baseline 04.00 and later concerns
reflectances only, never AOT or water vapor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from ...errors import ProductError
from ...types import BandSource, Flag, MaskSource, Product
from ..rasters import short
from .angles import direction, fields, mean_view
from .files import ProductFiles
from .reader import (
    ReaderOptions,
    Ring,
    note_absent,
    raster_ring,
    require_rasters,
    ring_from,
    utc,
)
from .xmltree import Xml

LEVEL_TAGS = {"Level-1C_User_Product": "L1C", "Level-2A_User_Product": "L2A"}
SCENE_CLASSES = {
    0: Flag.NODATA,
    1: Flag.SATURATED,
    2: Flag.DARK,
    3: Flag.CLOUD_SHADOW,
    4: Flag.VEGETATION,
    5: Flag.BARE,
    6: Flag.WATER,
    7: Flag.UNCLASSIFIED,
    8: Flag.CLOUD,
    9: Flag.CLOUD,
    10: Flag.CIRRUS,
    11: Flag.SNOW,
}
# Bands of MSK_CLASSI_B00.jp2 (baseline 04.00 and later): opaque clouds, cirrus, snow and ice.
CLASSI_BANDS = {1: Flag.CLOUD, 2: Flag.CIRRUS, 3: Flag.SNOW}
IMAGE = re.compile(
    r"(?:^|.*/)IMG_DATA/.*?_(?P<kind>B0[1-9]|B1[0-2]|B8A|AOT|WVP|SCL)"
    r"(?:_L2A_TL_[^/]*)?(?:_(?P<size>10|20|60)m)?\.(?:jp2|tiff?)$",
    re.IGNORECASE,
)
# Images in the main metadata, which list them without their suffix; the older tag second.
LISTING_TAGS = ("IMAGE_FILE", "IMAGE_ID")
LISTED = re.compile(
    r"_(?P<kind>B0[1-9]|B1[0-2]|B8A|AOT|WVP|SCL)(?:_(?:10|20|60)m)?(?:\.[a-z0-9]+)?$", re.IGNORECASE
)
# Note of products whose vector masks the product itself does not bring as ``masks``.
VECTOR_CLOUDS = "Its cloud masks are vector files (GML), which are not read."
TILE = re.compile(r"T(\d{2}[A-Z]{3})")


class SafeReader:
    """Sentinel-2 SAFE, L1C and L2A."""

    name = "safe"
    anchor = re.compile(
        r"(MTD_MSIL(1C|2A)\.xml|S2[A-D]_[A-Z0-9]{4}_MTD_SAFL(1C|2A)_.+\.xml)$", re.IGNORECASE
    )
    folder = re.compile(r"S2[A-D]_.+\.SAFE$", re.IGNORECASE)

    def can_read(self, files: ProductFiles) -> bool:
        """Whether the metadata are those of an L1C or L2A user product."""
        return files.xml(files.anchor).tag in LEVEL_TAGS

    def read(self, files: ProductFiles, options: ReaderOptions) -> Product:
        """The product of one tile; raises ``ProductError`` where there are several tiles."""
        document = files.xml(files.anchor)
        level = LEVEL_TAGS[document.tag]
        granule = granule_of(files)
        tile = tile_of(files, granule)
        notes: list[str] = []
        images = _images(files, granule)
        bands = _bands(files, document, images, level)
        aot = _atmosphere(files, document, images, "AOT") if level == "L2A" else None
        vapor = _atmosphere(files, document, images, "WVP") if level == "L2A" else None
        uri = require_rasters(files, bands, aot, vapor)
        _note_absent(files, document, granule, images, notes)
        if level == "L2A" and aot is None:
            notes.append("Product without AOT: no AOT raster is there.")
        platform = document.text("SPACECRAFT_NAME").upper().replace("-", "")
        datatake = document.first("Datatake")
        return Product(
            path=files.path,
            reader=self.name,
            sensor="MSI",
            platform=platform,
            level=level,
            site=_tile_name(files, granule, uri),
            time=_time(document, tile, notes),
            baseline=document.text("PROCESSING_BASELINE", ""),
            datatake=datatake.attribute("datatakeIdentifier") if datatake else "",
            orbit=document.text("SENSING_ORBIT_NUMBER", ""),
            bands=bands,
            masks=_masks(files, granule, images, level, notes),
            aot=aot,
            water_vapor=vapor,
            cloud_percent=document.maybe("Cloud_Coverage_Assessment"),
            footprint=_footprint(document, uri),
            notes=tuple(notes),
            **_angles(tile),
        )


def _time(document: Xml, tile: Xml | None, notes: list[str]) -> np.datetime64:
    """The tile's own sensing time, else the beginning of the datatake."""
    stated = tile.text("SENSING_TIME", "") if tile else ""
    return utc(stated or document.text("DATATAKE_SENSING_START"), document.where, notes)


def granules(files: ProductFiles) -> list[str]:
    """The folders of the tiles in a product, relative to it."""
    found = {re.match(r"GRANULE/[^/]+", name) for name in files.names}
    return sorted({match[0] for match in found if match})


def granule_of(files: ProductFiles) -> str:
    """The folder of the tile asked for; raises ``ProductError`` where there are several or none."""
    found = granules(files)
    if not found:
        raise ProductError(
            f"{short(files.path)} has no granule: the product is not complete. Get it again."
        )
    wanted = files.part
    if wanted:
        found = [granule for granule in found if wanted in granule]
    if len(found) != 1:
        tiles = ", ".join(sorted(match[0] for g in found if (match := TILE.search(g)))) or "none"
        raise ProductError(
            f"{short(files.path)} holds several tiles or not the one asked for ({tiles}). Give "
            "one as '<path>#<tile>'."
        )
    return found[0]


def tile_of(files: ProductFiles, granule: str) -> Xml | None:
    """The metadata of a tile, None where they are not there."""
    pattern = rf"{re.escape(granule)}/(MTD_TL|S2[A-D]_[A-Z0-9]{{4}}_MTD_L(1C|2A)_TL_[^/]+)\.xml"
    found = files.find(pattern)
    return files.xml(found[0]) if found else None


def _tile_name(files: ProductFiles, granule: str, uri: str) -> str:
    match = TILE.search(granule) or TILE.search(short(uri)) or TILE.search(files.path)
    return f"T{match[1]}" if match else ""


def _images(files: ProductFiles, granule: str) -> dict[str, dict[int, str]]:
    """Files by kind (B02, AOT ...) and pixel size in meters (0 where the name does not say)."""
    images: dict[str, dict[int, str]] = {}
    for name in files.names:
        match = IMAGE.match(name) if name.startswith(granule) else None
        if match:
            images.setdefault(match["kind"].upper(), {})[int(match["size"] or 0)] = name
    return images


def _bands(
    files: ProductFiles, document: Xml, images: Mapping[str, Mapping[int, str]], level: str
) -> dict[str, BandSource]:
    """Bands by the names of the metadata (B1 ... B8A ... B12), each in its finest grid."""
    quantification = _quantification(document, level)
    spectral = _spectral(document)
    offsets = _offsets(document, level, {index: one[0] for index, one in spectral.items()})
    special = _special_values(document)
    bands: dict[str, BandSource] = {}
    for index, (name, wavelength, resolution) in spectral.items():
        # B2 is B02 in the file names; B8A and B10 are themselves.
        kind = f"B{name[1:]:0>2}"
        found = images.get(kind)
        if not found:
            continue
        size = min(found)
        bands[name] = BandSource(
            name=name,
            uri=files.uri(found[size]),
            scale=1.0 / quantification,
            offset=offsets.get(index, 0.0) / quantification,
            nodata=special.get("NODATA"),
            saturation=special.get("SATURATED"),
            wavelength_nm=wavelength,
            resolution_m=float(size) if size else resolution,
        )
    return bands


def _quantification(document: Xml, level: str) -> float:
    tags = (
        ("QUANTIFICATION_VALUE",)
        if level == "L1C"
        else ("BOA_QUANTIFICATION_VALUE", "L2A_BOA_QUANTIFICATION_VALUE")
    )
    return _first_number(document, tags)


def _first_number(document: Xml, tags: tuple[str, ...]) -> float:
    for tag in tags:
        value = document.maybe(tag)
        if value is not None and value > 0:
            return value
    raise ProductError(f"{document.where} does not say {tags[0]}. Get the product again.")


def _offsets(document: Xml, level: str, names: Mapping[int, str]) -> dict[int, float]:
    """Additive offsets by the number of the band; ``names``: the bands that the metadata describe.

    None at all in the metadata of baselines before 04.00. Raises ``ProductError`` where some bands
    have one and others do not, or where the baseline must have them: reflectance would be off by
    0.1 without a word.
    """
    tag = "RADIO_ADD_OFFSET" if level == "L1C" else "BOA_ADD_OFFSET"
    offsets = {
        node.integer("band_id"): node.to_number(node.own_text(), tag) for node in document.all(tag)
    }
    baseline = document.text("PROCESSING_BASELINE", "")
    if not offsets and not _has_offsets(baseline):
        return {}
    absent = [name for index, name in names.items() if index not in offsets]
    if absent:
        of = f"for {', '.join(absent)}" if offsets else f"although its baseline is {baseline}"
        raise ProductError(
            f"{document.where} states no {tag} {of}: reflectance cannot be told from its counts. "
            "Get the product again."
        )
    return offsets


def _has_offsets(baseline: str) -> bool:
    """Whether all products of a baseline state offsets: from 04.00 on (99.99 is for trials)."""
    match = re.fullmatch(r"0*(\d+)\.\d+", baseline)
    return match is not None and 4 <= int(match[1]) < 99


def _special_values(document: Xml) -> dict[str, float]:
    return {
        node.text("SPECIAL_VALUE_TEXT", "").upper(): node.number("SPECIAL_VALUE_INDEX")
        for node in document.all("Special_Values")
    }


def _spectral(document: Xml) -> dict[int, tuple[str, float | None, float | None]]:
    """(name, wavelength in nm, pixel size in m) by the number that offsets refer to."""
    return {
        node.integer("bandId"): (
            node.attribute("physicalBand"),
            node.maybe("Wavelength/CENTRAL"),
            node.maybe("RESOLUTION"),
        )
        for node in document.all("Spectral_Information")
    }


def _atmosphere(
    files: ProductFiles, document: Xml, images: Mapping[str, Mapping[int, str]], kind: str
) -> BandSource | None:
    """AOT or water vapor on the 20 m grid where there is one (that of its retrieval)."""
    found = images.get(kind)
    if not found:
        return None
    size = 20 if 20 in found else min(found)
    tag = f"{kind}_QUANTIFICATION_VALUE"
    return BandSource(
        name="aot" if kind == "AOT" else "water_vapor",
        uri=files.uri(found[size]),
        scale=1.0 / _first_number(document, (tag, f"L2A_{tag}")),
        nodata=_special_values(document).get("NODATA"),
        wavelength_nm=550.0 if kind == "AOT" else None,
        resolution_m=float(size) if size else None,
        unit="1" if kind == "AOT" else "cm",
    )


def _masks(
    files: ProductFiles,
    granule: str,
    images: Mapping[str, Mapping[int, str]],
    level: str,
    notes: list[str],
) -> dict[str, MaskSource]:
    masks: dict[str, MaskSource] = {}
    for size, name in images.get("SCL", {}).items():
        key = f"SCL_{size}m"
        masks[key] = MaskSource(
            key, files.uri(name), SCENE_CLASSES, "classes", resolution_m=float(size) or None
        )
    for name in files.find(rf"{re.escape(granule)}/QI_DATA/MSK_CLASSI_B00\.jp2"):
        for band, flag in CLASSI_BANDS.items():
            key = f"CLASSI {flag.value}"
            masks[key] = MaskSource(key, files.uri(name), {1: flag}, "classes", band, 60.0)
    if level == "L2A" and "SCL" not in images:
        notes.append("The scene classification (SCL) is not there. Get the product again.")
    elif not masks and files.find(rf"{re.escape(granule)}/QI_DATA/[^/]*MSK_CLOUDS[^/]*\.gml"):
        notes.append(VECTOR_CLOUDS)
    elif not masks:
        notes.append("No cloud mask that can be read (MSK_CLASSI_B00.jp2) is there.")
    return masks


def _note_absent(
    files: ProductFiles,
    document: Xml,
    granule: str,
    images: Mapping[str, Mapping[int, str]],
    notes: list[str],
) -> None:
    """Note the images of the tile that the metadata list and that are there on no grid."""
    tile = TILE.search(granule)
    absent: dict[str, str] = {}
    for node in (node for tag in LISTING_TAGS for node in document.all(tag)):
        listed = node.own_text()
        match = LISTED.search(listed)
        other = TILE.search(listed.rsplit("/", 1)[-1])
        if match is None or (tile and other and tile[1] != other[1]):
            continue
        if match["kind"].upper() not in images:
            absent.setdefault(match["kind"].upper(), listed)
    note_absent(notes, absent.values())


def _footprint(document: Xml, uri: str) -> Ring:
    listed = document.text("EXT_POS_LIST", "").split()
    numbers = [document.to_number(text, "EXT_POS_LIST") for text in listed]
    corners = list(zip(numbers[1::2], numbers[0::2], strict=False))
    return ring_from(corners) or raster_ring(uri)


def _angles(tile: Xml | None) -> dict[str, Any]:
    if tile is None:
        return {}
    return fields(direction(tile.first("Mean_Sun_Angle")), mean_view(tile))
