# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of measurements over calibration sites into the calibration database."""

from __future__ import annotations

from typing import Any

from ...core.database.exchange import ImportRequest, import_files
from ...core.io.measurements import FORMATS
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..database import DATABASE, database
from ..inputs import describe


class ImportMeasurements(CalValAlgorithm):
    """Imports files of measurements into the calibration database."""

    ID = "importmeasurements"
    GROUP = Group.CALIBRATION
    TAGS = ("calibration", "sade", "dimitri", "toa reflectance", "desert", "pics", "import")
    WRITES = (DATABASE,)

    INPUT = "INPUT"
    FORMAT = "FORMAT"
    SITE = "SITE"
    SENSOR = "SENSOR"
    VERSION = "VERSION"
    BANDS = "BANDS"
    COUNT = "COUNT"
    KNOWN_COUNT = "KNOWN_COUNT"

    def title(self) -> str:
        return tr("Import calibration measurements")

    def summary(self) -> str:
        return tr(
            "Reads measurements of top-of-atmosphere reflectance over calibration sites (SADE text "
            "lines, CSV files like those of DIMITRI, CSV and NetCDF as this toolbox exports them) "
            "into the calibration database, which is made where it is not there yet. What the "
            "database has already is recognized by sensor, version, site, time and product; the "
            "same key with other values is an error, and nothing is written."
        )

    def define(self) -> None:
        self.add(
            make.files(
                self.INPUT, tr("Files or folders"),
                tr(
                    "Files of measurements, also .gz; of folders all files in a known format. "
                    "SITE_SENSOR_VERSION.csv names what a DIMITRI-like file does not say itself."
                ),
            ),
            make.choice(
                self.FORMAT, tr("Format"),
                tr(
                    "auto: told from the content of each file. sade: SADE text lines; dimitri: CSV "
                    "with decimal_year and rho_...; csv, netcdf: as this toolbox exports them."
                ),
                ("auto", *FORMATS), "auto",
            ),
            make.string(
                self.SITE, tr("Site"),
                tr("Name of the site where a file does not say it, such as Libya4."),
                optional=True,
            ),
            make.string(
                self.SENSOR, tr("Sensor"),
                tr(
                    "Name of the sensor where a file does not say it, such as MERIS or S2A/MSI. Of "
                    "SADE lines also where the sensor ends in a name such as S2A_MSI_0509."
                ),
                optional=True,
            ),
            database(),
            make.string(
                self.VERSION, tr("Version"),
                tr("Version of the processing, where a file does not say it."),
                optional=True, advanced=True,
            ),
            make.table(
                self.BANDS, tr("Bands"),
                tr(
                    "A table with the columns band and wavelength_nm, and perhaps sensor and "
                    "response (several rows a band). It gives the wavelengths of bands whose names "
                    "do not say them, and names the bands of SADE lines in its order."
                ),
                optional=True, advanced=True,
            ),
        )  # fmt: skip
        self.add_number(self.COUNT, tr("Number of measurements added"))
        self.add_number(self.KNOWN_COUNT, tr("Number of measurements known already"))

    def compute(self, job: Job) -> dict[str, Any]:
        bands = job[self.BANDS]
        request = ImportRequest(
            job[self.INPUT], job[self.FORMAT], job[self.SITE], job[self.SENSOR], job[self.VERSION],
            bands.read(job.progress) if bands is not None else None,
            describe(job.values), job.record,
        )  # fmt: skip
        result = import_files(job[DATABASE], request, job.progress)
        for note in result.notes:
            job.progress.info(note)
        return {self.COUNT: result.added, self.KNOWN_COUNT: result.known}
