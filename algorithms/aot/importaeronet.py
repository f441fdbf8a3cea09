# SPDX-License-Identifier: GPL-3.0-or-later
"""AERONET files to one table of AOD at a product's wavelength."""

from __future__ import annotations

from typing import Any

from ...core.aot.aeronet_import import LEVELS, import_files
from ...core.aot.interpolation import METHODS
from ..base import CalValAlgorithm, Group, Job, make, tr


class ImportAeronet(CalValAlgorithm):
    """Imports AERONET Version 3 files."""

    ID = "importaeronet"
    GROUP = Group.AOT
    TAGS = ("aeronet", "aod", "aot", "photometer", "aerosol", "water vapor", "import")

    INPUT = "INPUT"
    WAVELENGTH_NM = "WAVELENGTH_NM"
    INTERPOLATION = "INTERPOLATION"
    LEVEL = "LEVEL"
    OUTPUT = "OUTPUT"
    REJECTED = "REJECTED"
    COUNT = "COUNT"
    SITE_COUNT = "SITE_COUNT"
    REJECTED_COUNT = "REJECTED_COUNT"

    def title(self) -> str:
        return tr("Import AERONET observations")

    def summary(self) -> str:
        return tr(
            "Reads AERONET Version 3 files as they were downloaded and gives one row per "
            "observation, with AOT interpolated to the wavelength of the satellite product. "
            "Files of the download tool, the web service, the bulk archives and SDA are read, "
            "also as .gz, .zip and .tar. What cannot be used is listed with its reason; the rest "
            "counts. The table feeds 'Compare satellite AOT with AERONET'. AERONET asks to "
            "acknowledge the principal investigators named in the log."
        )

    def define(self) -> None:
        self.add(
            make.files(
                self.INPUT,
                tr("AERONET files or folders"),
                tr(
                    "Files of AERONET (.lev10, .lev15, .lev20, text of the web service; also .gz, "
                    ".zip, .tar), or folders: all AERONET files below them are read."
                ),
            ),
            make.number(
                self.WAVELENGTH_NM,
                tr("Wavelength of the AOT"),
                tr(
                    "Nanometers, 340 to 1640: the wavelength at which the satellite product "
                    "states its AOT, 550 for most products."
                ),
                550.0,
                340.0,
                1640.0,
            ),
            make.choice(
                self.INTERPOLATION,
                tr("Interpolation"),
                tr(
                    "How AOT at the wavelength is made from the channels: parabola in logarithms "
                    "on exact wavelengths (quadratic, recommended) or on nominal ones "
                    "(quadratic_nominal), straight line in logarithms (linear), or 500 nm and the "
                    "Angstrom exponent 440-870 nm (angstrom). The choice moves AOT by up to 0.05."
                ),
                METHODS,
                METHODS[0],
            ),
            make.choice(
                self.LEVEL,
                tr("Quality level"),
                tr(
                    "Which level to take: 2.0 is quality assured, 1.5 is cloud-cleared only. With "
                    "'any', level 2.0 replaces level 1.5 of the same site and day, and every row "
                    "says its level."
                ),
                LEVELS,
                LEVELS[0],
            ),
            make.table_output(
                self.OUTPUT,
                tr("AERONET observations"),
                tr("Points: one row per observation, sorted by site and time (UTC)."),
                points=True,
            ),
            make.table_output(
                self.REJECTED,
                tr("Rejected"),
                tr("A table of the files and lines that were not used, with the reasons."),
                optional=True,
            ),
        )
        self.add_number(self.COUNT, tr("Number of observations"))
        self.add_number(self.SITE_COUNT, tr("Number of sites"))
        self.add_number(self.REJECTED_COUNT, tr("Number of rejected lines and files"))

    def compute(self, job: Job) -> dict[str, Any]:
        result = import_files(
            job[self.INPUT],
            job[self.WAVELENGTH_NM],
            job[self.INTERPOLATION],
            job[self.LEVEL],
            job.progress,
        )
        for line in result.rejection_lines():
            job.progress.warn(line)
        for note in result.notes:
            job.progress.info(note)
        job.write_table(self.OUTPUT, result.table, "aeronet")
        job.write_table(self.REJECTED, result.rejected_table())
        return {
            self.COUNT: len(result.table),
            self.SITE_COUNT: result.site_count,
            self.REJECTED_COUNT: result.rejected_count,
        }
