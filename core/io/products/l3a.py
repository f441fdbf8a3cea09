# SPDX-License-Identifier: GPL-3.0-or-later
"""THEIA L3A: monthly syntheses of Sentinel-2 made by WASP (FRC bands, FLG status classes)."""

from __future__ import annotations

import re

from ...types import Flag, MaskSource, Product
from .files import ProductFiles
from .muscate import reflectances
from .muscate_metadata import ROOT_TAG, footprint, identity, listed_files, resolutions
from .reader import ReaderOptions, note_absent, require_rasters

# 4 is cloud-free land, which needs no flag.
STATUS_NATURE = "Pixel_Status_Flag"
STATUS = {0: Flag.NODATA, 1: Flag.CLOUD, 2: Flag.SNOW, 3: Flag.WATER}


class L3aReader:
    """THEIA L3A: ``SENTINEL2X_<date>_L3A_<tile>_C_V<x-y>`` with ``*_MTD_ALL.xml``."""

    name = "l3a"
    anchor = re.compile(r".+_MTD_ALL\.xml$", re.IGNORECASE)
    folder = re.compile(r".+_\d{8}-\d{6}-\d{3}_L3A_.+_[A-Z]_V\d+-\d+$")

    def can_read(self, files: ProductFiles) -> bool:
        """Whether the metadata are MUSCATE's and the level is L3A."""
        document = files.xml(files.anchor)
        return document.tag == ROOT_TAG and document.text("PRODUCT_LEVEL", "") == "L3A"

    def read(self, files: ProductFiles, options: ReaderOptions) -> Product:
        """The synthesis; its time is the middle of the synthesis period."""
        notes = ["A synthesis of several dates: it has neither AOT nor water vapor."]
        bands = reflectances(files, {"Flat_Reflectance_Composite": ""}, notes)
        uri = require_rasters(files, bands)
        sizes = resolutions(files.xml(files.anchor))
        status = [e for e in listed_files(files, "Mask") if e.nature == STATUS_NATURE]
        note_absent(notes, (entry.listed for entry in status if entry.absent))
        masks = {
            f"FLG_{entry.group}": MaskSource(
                f"FLG_{entry.group}",
                files.uri(entry.name),
                STATUS,
                kind="classes",
                resolution_m=sizes.get(entry.group),
            )
            for entry in status
            if entry.name is not None
        }
        return Product(
            **identity(files, notes),
            reader=self.name,
            bands=bands,
            masks=masks,
            footprint=footprint(files, uri),
            notes=tuple(notes),
        )
