# SPDX-License-Identifier: GPL-3.0-or-later
"""Bands of one product as a raster in physical units."""

from __future__ import annotations

from typing import Any

from ...core.io.products import open_product
from ...core.io.products.loading import (
    RESOLUTIONS,
    Targets,
    check_formats,
    no_reflectance_note,
    select,
    write,
)
from ...core.io.products.masks import POLICIES, unmasked_note
from ...core.names import split_names
from ..base import CalValAlgorithm, Group, Job, make, tr


class LoadProduct(CalValAlgorithm):
    """Puts bands of a product together on one grid, scaled and masked."""

    ID = "loadproduct"
    GROUP = Group.PRODUCTS
    TAGS = ("load", "reflectance", "mask", "scale", "THEIA", "MAJA", "SAFE", "Landsat", "VRT")
    REQUIRES = ("defusedxml",)

    INPUT = "INPUT"
    BANDS = "BANDS"
    MASK_POLICY = "MASK_POLICY"
    RESOLUTION_MODE = "RESOLUTION_MODE"
    OUTPUT = "OUTPUT"
    OUTPUT_MASK = "OUTPUT_MASK"
    BAND_COUNT = "BAND_COUNT"
    VALID_PERCENT = "VALID_PERCENT"
    MASKED_PERCENT = "MASKED_PERCENT"
    TIME = "TIME"

    def title(self) -> str:
        return tr("Load product")

    def summary(self) -> str:
        return tr(
            "Writes the bands of a product as one raster in real units (reflectance, AOT, water "
            "vapor in cm), with scale, offset and no data taken from the product's own metadata "
            "and masked pixels set to no data by the chosen policy. With the policy 'none' and an "
            "output ending in .vrt nothing is copied: the virtual raster points at the product's "
            "own files. All formats of 'Catalog products' are read, also from zip and tar "
            "archives."
        )

    def define(self) -> None:
        self.add(
            make.path(
                self.INPUT,
                tr("Product"),
                tr("The product's folder, its zip or tar archive, or its main metadata file."),
            ),
            make.string(
                self.BANDS,
                tr("Bands"),
                tr(
                    "Names separated by commas, in the order of the output, such as B2,B3,B4,B8; "
                    "'aot' and 'water_vapor' too. Empty: all reflectances, slope-corrected ones "
                    "where the product has both kinds (the others are called SRE_B2 or ENV_B2)."
                ),
                optional=True,
                several=True,
            ),
            make.choice(
                self.MASK_POLICY,
                tr("Mask policy"),
                tr(
                    "What becomes no data: nothing; clouds, their shadows and cirrus; everything "
                    "but clear land (also snow, water, terrain shadow, low sun, saturation); "
                    "strictly (also thin clouds, dark and gap-filled pixels); or what spoils land "
                    "cover (clouds, thin ones too, their shadows, saturation)."
                ),
                tuple(POLICIES),
                "clouds",
            ),
            make.choice(
                self.RESOLUTION_MODE,
                tr("Resolution"),
                tr(
                    "Which grid the output gets where the bands have several: the finest (coarser "
                    "bands are repeated) or the coarsest (finer bands are averaged)."
                ),
                RESOLUTIONS,
                "finest",
            ),
            make.raster_output(
                self.OUTPUT,
                tr("Bands"),
                tr("32 bit floating point, one band per name, no data -9999; .tif or .vrt."),
            ),
            make.raster_output(
                self.OUTPUT_MASK,
                tr("Mask"),
                tr("1 where the policy leaves a pixel out, else 0, on the grid of the output."),
                optional=True,
            ),
        )
        self.add_number(self.BAND_COUNT, tr("Number of bands"))
        self.add_number(self.VALID_PERCENT, tr("Pixels with values in all bands (percent)"))
        self.add_number(self.MASKED_PERCENT, tr("Pixels left out by the policy (percent)"))
        self.add_string(self.TIME, tr("Acquisition time (UTC)"))

    def compute(self, job: Job) -> dict[str, Any]:
        check_formats(job[self.OUTPUT], job[self.OUTPUT_MASK])
        product = open_product(job[self.INPUT])
        blind = unmasked_note([product], job[self.MASK_POLICY])
        for note in filter(None, (blind, *product.notes)):
            job.progress.warn(note)
        names = list(split_names(job[self.BANDS]))
        selection = select(product, names, job[self.MASK_POLICY], job[self.RESOLUTION_MODE])
        if note := no_reflectance_note(selection, names):
            job.progress.warn(note)
        style = "reflectance_rgb" if len(selection.sources) >= 3 else "reflectance_gray"
        output = job.stage(self.OUTPUT, style)
        mask = job.stage(self.OUTPUT_MASK, "product_mask") if job.wanted(self.OUTPUT_MASK) else None
        targets = Targets(output, mask, job[self.OUTPUT], job[self.OUTPUT_MASK])
        loaded = write(selection, targets, job.progress)
        return {
            self.BAND_COUNT: len(selection.sources),
            self.VALID_PERCENT: 100 * loaded.valid_share,
            self.MASKED_PERCENT: 100 * loaded.masked_share,
            self.TIME: f"{product.time}Z",
        }
