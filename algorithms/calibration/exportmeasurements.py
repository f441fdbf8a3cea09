# SPDX-License-Identifier: GPL-3.0-or-later
"""Measurements of the calibration database into a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...core.database.exchange import ExportRequest, export_file
from ...core.io.measurements import FORMATS, SUFFIXES, chosen_format
from ...core.names import split_names
from ...core.times import parse_period
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..database import DATABASE, database


class ExportMeasurements(CalValAlgorithm):
    """Exports measurements of a sensor from the calibration database."""

    ID = "exportmeasurements"
    GROUP = Group.CALIBRATION
    TAGS = ("calibration", "sade", "dimitri", "netcdf", "toa reflectance", "csv", "export")

    SENSOR = "SENSOR"
    SITES = "SITES"
    START, END = "START", "END"
    VERSIONS = "VERSIONS"
    FORMAT = "FORMAT"
    OUTPUT = "OUTPUT"
    COUNT = "COUNT"
    SITE_COUNT = "SITE_COUNT"

    def title(self) -> str:
        return tr("Export calibration measurements")

    def summary(self) -> str:
        return tr(
            "Writes the measurements of a sensor over calibration sites from the calibration "
            "database to a file: CSV or NetCDF with everything, CSV like that of DIMITRI, or SADE "
            "text lines. The import reads all of them again, value by value; what SADE lines have "
            "no place for is named in the log."
        )

    def define(self) -> None:
        suffixes = dict.fromkeys(suffix for names in SUFFIXES.values() for suffix in names)
        self.add(
            database(),
            make.string(
                self.SENSOR, tr("Sensor"),
                tr("Name of the sensor, as the import has kept it, such as MERIS."),
            ),
            make.string(
                self.SITES, tr("Sites"),
                tr(
                    "Names of sites, separated by commas; a name with a comma stands between "
                    "quotation marks. Empty: all sites."
                ),
                optional=True, several=True,
            ),
            make.string(
                self.START, tr("Start"),
                tr("First day or moment (UTC), as 2010-01-31 or 2010-01-31T08:00:00Z. Empty: all."),
                optional=True,
            ),
            make.string(
                self.END, tr("End"),
                tr("Last day, which counts as a whole, or last moment (UTC). Empty: all."),
                optional=True,
            ),
            make.choice(
                self.FORMAT, tr("Format"),
                tr(
                    "auto: by the name of the output: .csv one row per measurement and band, .nc "
                    "NetCDF, .txt or .sade SADE lines. dimitri: one row per measurement, with "
                    "decimal years, as .csv."
                ),
                ("auto", *FORMATS), "auto", advanced=True,
            ),
            make.string(
                self.VERSIONS, tr("Versions"),
                tr("Versions of the processing, separated by commas. Empty: all versions."),
                optional=True, advanced=True, several=True,
            ),
            make.file_output(
                self.OUTPUT, tr("Measurements"),
                tr("The file to write: .csv, .nc, .txt or .sade."), list(suffixes),
            ),
        )  # fmt: skip
        self.add_number(self.COUNT, tr("Number of measurements"))
        self.add_number(self.SITE_COUNT, tr("Number of sites"))

    def problem(self, values: dict[str, Any]) -> str:
        parse_period(values[self.START], values[self.END])
        return ""

    def compute(self, job: Job) -> dict[str, Any]:
        request = ExportRequest(
            job[self.SENSOR],
            chosen_format(job[self.FORMAT], Path(job[self.OUTPUT])),
            split_names(job[self.SITES]),
            parse_period(job[self.START], job[self.END]),
            split_names(job[self.VERSIONS]),
        )
        result = export_file(job[DATABASE], request, job.stage(self.OUTPUT), job.progress)
        for note in result.notes:
            job.progress.warn(note)
        return {self.COUNT: result.count, self.SITE_COUNT: result.site_count}
