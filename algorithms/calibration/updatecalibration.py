# SPDX-License-Identifier: GPL-3.0-or-later
"""A new version of calibration parameters out of the coefficients of a run."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from ...core.calibration.parameter_database import (
    as_json,
    check_table,
    parameters_table,
    previous_version,
    write_version,
)
from ...core.calibration.parameter_update import Model, UpdateSettings, propose
from ...core.calibration.site_kinds import mixed_note
from ...core.database import open_database
from ...core.database.coefficients import (
    candidate_runs,
    chosen_run,
    last_run_note,
    load_coefficients,
)
from ...core.database.sites import site_types
from ...core.names import split_names
from ...core.progress import Part
from ...core.report.parameter_update import parameter_report
from ...core.times import parse_day
from ..base import CalValAlgorithm, Group, Job, make, tr
from ..database import DATABASE, database
from ..inputs import describe

_SITES = "sites"


class UpdateCalibration(CalValAlgorithm):
    """Trend models of A_k, and the version of parameters that follows from them."""

    ID = "updatecalibration"
    GROUP = Group.CALIBRATION
    TAGS = ("calibration", "trend", "drift", "gain", "parameters", "change detection", "viq")
    REQUIRES = ("scipy",)

    RUN, SENSOR, METHOD, BANDS, MODEL = "RUN", "SENSOR", "METHOD", "BANDS", "MODEL"
    HOLDOUT, HOLDOUT_MONTHS, NAME = "HOLDOUT", "HOLDOUT_MONTHS", "NAME"
    VALID_FROM, VERSION, INTERVAL = "VALID_FROM", "VERSION", "INTERVAL_MONTHS"
    WRITE, OUTPUT, CHECK, REPORT = "WRITE", "OUTPUT", "CHECK", "REPORT"
    SITE_OFFSETS, SEASON = "SITE_OFFSETS", "SEASON"

    def title(self) -> str:
        return tr("Update calibration parameters")

    def summary(self) -> str:
        return tr(
            "Fits models of time (constant, linear, exponential decay, parts between changes) to "
            "the coefficients A_k of a calibration run, under noise that remembers its past, and "
            "makes a new version of calibration parameters of the best one: a value per band and "
            "interval, with its uncertainty. A parameter is measured by simulated reflectance: "
            "corrected reflectance = measured / A_k. The version is checked on dates that the fit "
            "did not see, and written into the database only if you say so; older versions are "
            "kept.\n\nNumber of changes after Zhang and Siegmund (2007), "
            "10.1111/j.1541-0420.2006.00662.x."
        )

    def define(self) -> None:
        self.add(
            database(),
            make.string(
                self.SENSOR, tr("Sensor"),
                tr(
                    "Whose last calibration run is taken, such as S2B/MSI; empty: of the only one "
                    "that is calibrated."
                ),
                optional=True,
            ),
            make.choice(
                self.MODEL, tr("Model"),
                tr(
                    "auto: the simplest one whose information criterion is less than 2 above the "
                    "smallest; piecewise: levels or slopes between changes, constant where there "
                    "is none."
                ),
                tuple(one.value for one in Model), Model.AUTO.value, advanced=True,
            ),
            make.string(
                self.VERSION, tr("Version"),
                tr("Name of the new version, such as 2026-01; needed for writing."), optional=True,
            ),
            make.switch(
                self.WRITE, tr("Write into the database"),
                tr("Off: propose only. Older versions are kept in any case."), False,
            ),
        )  # fmt: skip
        self._define_run()
        self._define_model()
        self._define_outputs()

    def _define_run(self) -> None:
        self.add(
            make.number(
                self.RUN, tr("Number of the run"),
                tr("Of the calibration whose coefficients are taken; 0: the last one."),
                0, minimum=0, integer=True, advanced=True,
            ),
            make.choice(
                self.METHOD, tr("Method"),
                tr(
                    "Of the run that is taken. sites: the last one over deserts or Antarctic "
                    "sites; runs over clouds are taken only where they are named."
                ),
                (_SITES, "calibratedesert", "calibrateantarctic", "calibrateclouds"), _SITES,
                advanced=True,
            ),
            make.string(
                self.BANDS, tr("Bands"), tr("Separated by commas; empty: all of the run."),
                optional=True, advanced=True, several=True,
            ),
        )  # fmt: skip

    def _define_model(self) -> None:
        self.add(
            make.switch(
                self.SITE_OFFSETS, tr("Level of each site"),
                tr(
                    "Fitted together with the trend: sites with different levels that are seen at "
                    "different times make no drift."
                ),
                True, advanced=True,
            ),
            make.switch(
                self.SEASON, tr("Season"),
                tr("Fit a wave of one year together with the trend; from two years on."), False,
                advanced=True,
            ),
            make.number(
                self.HOLDOUT, tr("Share held out"),
                tr(
                    "Share of the dates that the fit does not see, in blocks of neighbors spread "
                    "over the series, from 0 to 0.5: the version is checked on them."
                ),
                0.2, minimum=0.0, maximum=0.5, advanced=True,
            ),
            make.number(
                self.HOLDOUT_MONTHS, tr("Last months held out"),
                tr("Hold out the last months instead of a share; 0: the share."),
                0, minimum=0, maximum=600, integer=True, advanced=True,
            ),
            make.string(
                self.NAME, tr("Name of the parameter"), tr("As the database keeps it."), "gain",
                advanced=True,
            ),
            make.string(
                self.VALID_FROM, tr("Valid from"),
                tr("As 2020-01-31 (UTC); empty: from the first date with a coefficient on."),
                optional=True, advanced=True,
            ),
            make.number(
                self.INTERVAL, tr("Validity of one value (months)"),
                tr("Where the model changes all the time, such as a line; 1 to 120."),
                6, minimum=1, maximum=120, integer=True, advanced=True,
            ),
        )  # fmt: skip

    def _define_outputs(self) -> None:
        self.add(
            make.table_output(
                self.OUTPUT, tr("Parameters"),
                tr("A row per band and interval: value, errors, and the older version."),
            ),
            make.table_output(
                self.CHECK, tr("Check"),
                tr("A row per band: bias and scatter of held-out dates, before and after."),
                optional=True, advanced=True,
            ),
            make.report_output(
                self.REPORT, tr("Report"),
                tr("Parameters, series with models, models side by side, check."),
            ),
        )  # fmt: skip
        self.add_number("RUN_ID", tr("Number of the run"))
        self.add_number("PARAMETER_COUNT", tr("Parameters proposed"))
        self.add_number("WRITTEN_COUNT", tr("Parameters written"))
        self.add_string("PARAMETERS", tr("Parameters by band (JSON)"))

    def problem(self, values: dict[str, Any]) -> str:
        if values[self.VALID_FROM]:
            parse_day(values[self.VALID_FROM], self.VALID_FROM)
        if values[self.WRITE] and not values[self.VERSION].strip():
            return tr("To write parameters, give their version (VERSION) a name.")
        return "" if values[self.NAME].strip() else tr("Give the parameter a name (NAME).")

    def compute(self, job: Job) -> dict[str, Any]:
        name, version = job[self.NAME].strip(), job[self.VERSION].strip()
        settings = UpdateSettings(
            split_names(job[self.BANDS]), Model(job[self.MODEL]), job[self.HOLDOUT],
            job[self.HOLDOUT_MONTHS], job[self.VALID_FROM], job[self.INTERVAL],
            job[self.SITE_OFFSETS], job[self.SEASON],
        )  # fmt: skip
        method = "" if job[self.METHOD] == _SITES else job[self.METHOD]
        with open_database(job[DATABASE], progress=job.progress) as db:
            sensor = job[self.SENSOR].strip()
            number = chosen_run(db, job[self.RUN], sensor, method).id
            source = load_coefficients(db, number)
            passed = "" if job[self.RUN] else last_run_note(candidate_runs(db, sensor, method))
            job.progress.report(0.1, tr("Fitting models"))
            update = propose(source, settings, Part(job.progress, 0.1, 0.8))
            if mixed := mixed_note(source.main()["site"].tolist(), site_types(db)):
                update = replace(update, notes=(f"Run {number}: {mixed}", *update.notes))
            if passed:
                update = replace(update, notes=(passed, *update.notes))
            previous = previous_version(db, source.run.sensor, name, version)
            table = parameters_table(update, name, version, previous)
            for note in update.notes:
                job.progress.warn(note)
            job.write_table(self.OUTPUT, table)
            job.write_table(self.CHECK, check_table(update))
            written = -1
            # What is written is forgotten again where the report cannot be made.
            with db.transaction() if job[self.WRITE] else nullcontext():
                if job[self.WRITE]:
                    written = write_version(db, update, name, version, describe(job.values))
                if job.wanted(self.REPORT):
                    context = job.context(self.title())
                    text = parameter_report(update, table, written, context, name, version)
                    job.write_text(self.REPORT, text)
        return {
            "RUN_ID": number, "PARAMETER_COUNT": len(table), "WRITTEN_COUNT": max(written, 0),
            "PARAMETERS": as_json(table),
        }  # fmt: skip
