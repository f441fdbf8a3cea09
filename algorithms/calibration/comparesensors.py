# SPDX-License-Identifier: GPL-3.0-or-later
"""Two sensors against each other, directly and through a third one."""

from __future__ import annotations

import json
from typing import Any

from ...core.calibration.comparison import compare, comparison_table
from ...core.calibration.database_run import SideReader, refuse_same
from ...core.database import open_database
from ...core.names import split_names
from ...core.progress import Part
from ...core.report.comparison import comparison_report
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..database import DATABASE, database
from . import cross_parameters as cross


class CompareSensors(CalValAlgorithm):
    """Ratios of two sensors by band, with their sign in words."""

    ID = "comparesensors"
    GROUP = Group.CALIBRATION
    TAGS = ("calibration", "intercalibration", "S2A", "S2B", "twin", "double ratio", "reprocessing")
    REQUIRES = ("scipy",)
    DEFAULTS = cross.Defaults()

    THIRD_SENSOR, THIRD_VERSION = "THIRD_SENSOR", "THIRD_VERSION"
    THIRD_BANDS = "THIRD_BANDS"
    OUTPUT, REPORT = "OUTPUT", "REPORT"

    def title(self) -> str:
        return tr("Compare two sensors")

    def summary(self) -> str:
        return tr(
            "Compares two sensors (Sentinel-2A and 2B, or two versions of one sensor) over stable "
            "sites, in up to three ways: the plain ratio in bands of one name, the coefficient of "
            "one against the other with atmosphere and spectral responses, and the double ratio "
            "against a third sensor, in which the errors of that one cancel. Each ratio is also "
            "said in words, because signs get lost: which one measures more, and by what to "
            "multiply it.\n\nAfter Lacherade et al. (2013), 10.1109/TGRS.2012.2227061."
        )

    def define(self) -> None:
        self.add(database())
        cross.add_sensors(
            self, tr("First sensor"), tr("Second sensor"), tr("Its name in the database.")
        )
        self.add(
            make.string(
                self.THIRD_SENSOR, tr("Third sensor"),
                tr("Its name in the database; empty: no double ratio."), optional=True,
            ),
            make.string(
                self.THIRD_VERSION, tr("Version of the third sensor"),
                cross.version_help(), optional=True, advanced=True, several=True,
            ),
            make.string(
                self.THIRD_BANDS, tr("Bands of the third sensor"),
                tr(
                    "Those that its spectrum of the ground passes through, separated by commas; "
                    "empty: all outside gas absorption."
                ),
                optional=True, advanced=True, several=True,
            ),
        )  # fmt: skip
        cross.add_matching(self, self.DEFAULTS)
        cross.add_screening(self, self.DEFAULTS)
        cross.add_atmosphere(self, self.DEFAULTS)
        self.add(
            make.table_output(
                self.OUTPUT, tr("Ratios"),
                tr("A row per way and band: ratio, errors, pairs, trend, and words."),
            ),
            make.report_output(
                self.REPORT, tr("Report"), tr("Ratios by band and way, in figures and words."),
            ),
        )  # fmt: skip
        self.add_number("RATIO_COUNT", tr("Ratios"))
        self.add_string("RATIOS", tr("Ratios by way and band (JSON)"))

    def compute(self, job: Job) -> dict[str, Any]:
        request = cross.request_of(job, summed=False, drawn=False)
        third_name = job[self.THIRD_SENSOR]
        with open_database(job[DATABASE], progress=job.progress) as db:
            reader = SideReader(db, request)
            first, second = reader.both()
            third = None
            if third_name:
                version = job[self.THIRD_VERSION]
                third = reader.side(third_name, version, self.THIRD_VERSION, request.bands)
                refuse_same(first, third)
                refuse_same(second, third)
        settings = cross.settings_of(job, self.DEFAULTS, spectral=False)
        found = compare(
            first, second, settings, third, progress=Part(job.progress, 0.1, 0.9),
            told=(*reader.notes, *reader.altitude_notes),
            third_bands=split_names(job[self.THIRD_BANDS]),
        )  # fmt: skip
        for note in found.notes:
            job.progress.warn(note)
        job.write_table(self.OUTPUT, comparison_table(found))
        if job.wanted(self.REPORT):
            job.write_text(self.REPORT, comparison_report(found, job.context(self.title())))
        return {"RATIO_COUNT": len(found.ratios), "RATIOS": json.dumps(found.levels)}
