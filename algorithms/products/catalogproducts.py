# SPDX-License-Identifier: GPL-3.0-or-later
"""What products lie in folders and archives, on the map."""

from __future__ import annotations

from typing import Any

from ...core.io.products import check_found, find_products
from ...core.io.products.catalog import catalog_table
from ...core.progress import Part
from ..base import CalValAlgorithm, Group, Job, make, tr


class CatalogProducts(CalValAlgorithm):
    """Footprints and metadata of all products below folders."""

    ID = "catalogproducts"
    GROUP = Group.PRODUCTS
    TAGS = ("catalog", "inventory", "footprint", "THEIA", "MUSCATE", "MAJA", "SAFE", "Landsat")
    REQUIRES = ("defusedxml",)

    FOLDERS = "FOLDERS"
    OUTPUT = "OUTPUT"
    COUNT = "COUNT"
    UNREADABLE_COUNT = "UNREADABLE_COUNT"

    def title(self) -> str:
        return tr("Catalog products")

    def summary(self) -> str:
        return tr(
            "Walks folders and lists the satellite products in them as polygons: reader, sensor, "
            "level, tile or site, time, cloud share, baseline and path. Zip and tar archives are "
            "looked into without unpacking. Known are THEIA/MUSCATE L2A and L3A, MAJA's native "
            "format, THEIA N2A (SPOT4 and SPOT5 Take5, Landsat), Sentinel-2 SAFE L1C and L2A, and "
            "Landsat with MTL. What looks like a product and cannot be read gets a row with the "
            "reason and no geometry. Only metadata are read."
        )

    def define(self) -> None:
        self.add(
            make.files(
                self.FOLDERS,
                tr("Folders, archives or products"),
                tr(
                    "Folders are searched with everything below them; single products, archives "
                    "(.zip, .tar, .tar.gz, .tgz) and metadata files can be given too."
                ),
            ),
            make.table_output(
                self.OUTPUT,
                tr("Catalog"),
                tr(
                    "Polygons in longitude and latitude, one row per product; 'status' is 'ok' or "
                    "the reason why a product cannot be read."
                ),
                polygons=True,
            ),
        )
        self.add_number(self.COUNT, tr("Number of readable products"))
        self.add_number(self.UNREADABLE_COUNT, tr("Number of unreadable products"))

    def problem(self, values: dict[str, Any]) -> str:
        return (
            "" if any(values[self.FOLDERS]) else tr("Give at least one folder, archive or product.")
        )

    def compute(self, job: Job) -> dict[str, Any]:
        products, unreadable = find_products(job[self.FOLDERS], Part(job.progress, 0.0, 0.9))
        check_found(job[self.FOLDERS], products, unreadable)
        if not products:
            job.progress.warn(tr("No product can be read; the catalog only holds the reasons."))
        for path, reason in unreadable:
            job.progress.warn(f"{path}: {reason}")
        job.write_table(self.OUTPUT, catalog_table(products, unreadable), "product_catalog")
        return {self.COUNT: len(products), self.UNREADABLE_COUNT: len(unreadable)}
