# SPDX-License-Identifier: GPL-3.0-or-later
"""What MUSCATE metadata (``*_MTD_ALL.xml``) say, for L2A products and L3A syntheses alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...types import Flag, MaskSource
from .angles import direction, fields, mean_view
from .files import ProductFiles
from .reader import Ring, note_absent, raster_ring, ring_from, utc
from .xmltree import Xml

ROOT_TAG = "Muscate_Metadata_Document"
SENSORS = {"SENTINEL": "MSI", "LANDSAT8": "OLI", "LANDSAT9": "OLI", "VENUS": "VSSC"}
CORNERS = ("upperLeft", "upperRight", "lowerRight", "lowerLeft")
# By the NATURE of the metadata. The writer joins hidden surfaces and topographic shadows in the
# opposite order of the numbers that the metadata give, so only their union can be trusted.
NATURES = {
    "WVC_Interpolation": Flag.WATER_VAPOR_INTERPOLATED,
    "AOT_Interpolation": Flag.AOT_INTERPOLATED,
    "Edge": Flag.NODATA,
    "Saturation": Flag.SATURATED,
    "Water": Flag.WATER,
    "Cloud": Flag.CLOUD,
    "Snow": Flag.SNOW,
    "Cloud_Shadow": Flag.CLOUD_SHADOW,
    "Topography_Shadow": Flag.TERRAIN,
    "Hidden_Surface": Flag.TERRAIN,
    "Sun_Too_Low": Flag.LOW_SUN,
    "Tangent_Sun": Flag.TANGENT_SUN,
}
TERRAIN_NATURES = ("Topography_Shadow", "Hidden_Surface")
TERRAIN_BITS = (4, 5)


@dataclass(frozen=True)
class Listed:
    """One raster of the metadata: ``name`` is its file in the product, None where it is absent."""

    nature: str
    encoding: str
    listed: str
    name: str | None
    band_id: str
    group_id: str
    number: int | None

    @property
    def absent(self) -> bool:
        """Whether a file is listed that the product lacks (templates leave placeholders)."""
        return self.name is None and self.listed.lower().endswith((".tif", ".tiff"))

    @property
    def code(self) -> str:
        """The three letters of the file name, such as CLM or MG2."""
        match = re.search(r"_([A-Z0-9]{3})_[A-Z0-9]+\.tiff?$", self.listed, re.IGNORECASE)
        return match[1].upper() if match else ""

    @property
    def group(self) -> str:
        """The group of the file name: R1, R2, XS, ALL or a band."""
        match = re.search(r"_([A-Z0-9]+)\.tiff?$", self.listed, re.IGNORECASE)
        return match[1] if match else self.group_id


def listed_files(files: ProductFiles, kind: str) -> Iterator[Listed]:
    """The rasters below ``Image_List`` or ``Mask_List`` (``kind``: ``Image`` or ``Mask``)."""
    document = files.xml(files.anchor)
    # The node of the flat reflectances may carry another tag, so all children are taken.
    for entry in (child for node in document.all(f"{kind}_List") for child in node.children()):
        nature = entry.text(f"{kind}_Properties/NATURE", "")
        encoding = entry.text(f"{kind}_Properties/ENCODING", "")
        number = "band_number" if kind == "Image" else "bit_number"
        for node in entry.all(f"{kind.upper()}_FILE"):
            digits = node.attribute(number)
            yield Listed(
                nature=nature,
                encoding=encoding.lower(),
                listed=node.own_text(),
                name=files.resolve(node.own_text()),
                band_id=node.attribute("band_id"),
                group_id=node.attribute("group_id"),
                number=node.integer(number) if digits.isdecimal() else None,
            )


def resolutions(document: Xml) -> dict[str, float]:
    """Pixel size in meters by group (R1, XS ...) and by band."""
    found: dict[str, float] = {}
    for node in document.all("Spectral_Band_Informations"):
        size = node.maybe("SPATIAL_RESOLUTION")
        if size is not None:
            found[node.attribute("band_id")] = size
    for node in document.all("Group_Geopositioning"):
        size = node.maybe("XDIM")
        if size is not None:
            found[node.attribute("group_id")] = abs(size)
    return found


def special_value(document: Xml, name: str) -> float | None:
    """The DN that ``name`` (such as ``nodata``) has, None where the metadata do not say."""
    for node in document.all("SPECIAL_VALUE"):
        if node.attribute("name") == name and node.own_text():
            return node.to_number(node.own_text(), name)
    return None


def flag_masks(
    files: ProductFiles, cloud_bits: dict[int, Flag], notes: list[str]
) -> dict[str, MaskSource]:
    """The masks by file: ``CLM_R1``, ``MG2_R1``, ``IAB_R1``, ``EDG_R1``, ``SAT_R1`` ...

    Those that are listed and absent are noted.
    """
    sizes = resolutions(files.xml(files.anchor))
    meanings: dict[str, dict[int, Flag]] = {}
    entries: dict[str, Listed] = {}
    absent: list[str] = []
    for entry in listed_files(files, "Mask"):
        bits = _bits(entry, cloud_bits)
        if bits and entry.absent:
            absent.append(entry.listed)
        if bits and entry.name is not None:
            meanings.setdefault(entry.name, {}).update(bits)
            entries[entry.name] = entry
    note_absent(notes, absent)
    masks = {}
    for name, entry in entries.items():
        size = sizes.get(entry.group, sizes.get(entry.group_id or entry.band_id))
        key = f"{entry.code}_{entry.group}"
        masks[key] = MaskSource(key, files.uri(name), meanings[name], resolution_m=size)
    return masks


def _bits(entry: Listed, cloud_bits: dict[int, Flag]) -> dict[int, Flag]:
    if entry.nature == "Detailed_Cloud" or entry.code == "CLM":
        return cloud_bits
    flag = NATURES.get(entry.nature)
    if flag is None:
        return {}
    if entry.nature in TERRAIN_NATURES and entry.code == "MG2":
        return dict.fromkeys(TERRAIN_BITS, flag)
    return {(entry.number or 1) - 1: flag}


def identity(files: ProductFiles, notes: list[str]) -> dict[str, Any]:
    """The fields of ``Product`` that say what it is, where, when and under which angles."""
    document = files.xml(files.anchor)
    time = utc(document.text("ACQUISITION_DATE"), document.where, notes)
    platform = document.text("PLATFORM").upper()
    day = str(time)[:10].replace("-", "")
    orbit = document.text("ORBIT_NUMBER", "")
    level = document.text("PRODUCT_LEVEL")
    return {
        "path": files.path,
        "sensor": next((v for k, v in SENSORS.items() if platform.startswith(k)), platform),
        "platform": platform,
        "level": level,
        "site": document.text("GEOGRAPHICAL_ZONE"),
        "time": time,
        "baseline": document.text("PRODUCT_VERSION", ""),
        "datatake": "_".join(part for part in (platform, day, orbit) if part),
        # Only of Sentinel-2 the number is known to be that of the relative orbit.
        "orbit": orbit if platform.startswith("SENTINEL2") and level == "L2A" else "",
        **fields(direction(document.first("Sun_Angles")), mean_view(document)),
        "cloud_percent": _cloud_percent(document),
    }


def footprint(files: ProductFiles, uri: str) -> Ring:
    """The corners that the metadata state; those of the raster ``uri`` where they state none."""
    points: dict[str, tuple[float, float]] = {}
    for node in files.xml(files.anchor).all("Global_Geopositioning/Point"):
        longitude, latitude = node.maybe("LON"), node.maybe("LAT")
        if longitude is not None and latitude is not None:
            points[node.attribute("name")] = (longitude, latitude)
    corners = [points[name] for name in CORNERS if name in points]
    return ring_from(corners) if len(corners) == len(CORNERS) else raster_ring(uri)


def _cloud_percent(document: Xml) -> float | None:
    for node in document.all("QUALITY_INDEX"):
        if node.attribute("name") == "CloudPercent" and node.own_text():
            return node.to_number(node.own_text(), "CloudPercent")
    return None
