# SPDX-License-Identifier: GPL-3.0-or-later
"""What is installed, what is missing, and how to get it."""

from __future__ import annotations

from typing import Any

from ...core.installation import installation_table, to_html, to_lines
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..provenance import versions


class CheckInstallation(CalValAlgorithm):
    """Reports the packages that the toolbox can use."""

    ID = "checkinstallation"
    GROUP = Group.PRODUCTS
    TAGS = ("installation", "dependencies", "packages", "versions", "python")

    OUTPUT = "OUTPUT"
    REPORT = "REPORT"
    MISSING_COUNT = "MISSING_COUNT"
    MISSING = "MISSING"

    def title(self) -> str:
        return tr("Check installation of the toolbox")

    def summary(self) -> str:
        return tr(
            "Lists what the toolbox can use on this machine: QGIS, GDAL and the optional Python "
            "packages, with their versions, what each is needed for, and how to get what is "
            "missing. Nothing is installed or changed."
        )

    def define(self) -> None:
        self.add(
            make.table_output(
                self.OUTPUT,
                tr("Packages"),
                tr(
                    "A table with one row per package: name, version, purpose, state and how "
                    "to get it."
                ),
                optional=True,
            ),
            make.report_output(
                self.REPORT,
                tr("Report"),
                tr(
                    "The same table as a page that can be sent to whoever helps with the "
                    "installation."
                ),
            ),
        )
        self.add_number(self.MISSING_COUNT, tr("Number of missing packages"))
        self.add_string(self.MISSING, tr("Names of the missing packages"))

    def compute(self, job: Job) -> dict[str, Any]:
        table = installation_table(versions())
        for line in to_lines(table):
            job.progress.info(line)
        job.write_table(self.OUTPUT, table)
        job.write_text(self.REPORT, to_html(table))
        missing = [str(name) for name in table["package"][table["state"] == "missing"]]
        return {self.MISSING_COUNT: len(missing), self.MISSING: ", ".join(missing)}
