# SPDX-License-Identifier: GPL-3.0-or-later
"""Coefficients of a run with the observations that made them, and which run to take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import InputError, InsufficientDataError
from ..table import Table
from ..wording import listed, plural
from . import ddl
from .base import Database
from .runs import Run, list_runs
from .schema import INTEGER, REAL, TEXT, table
from .sensors import load_sensor
from .tables import as_table, load_table

_NAMED = 6  # other runs in a sentence
# Methods whose coefficients are those of a sensor against another over stable sites.
OVER_SITES = ("calibratedesert", "calibrateantarctic")
_KINDS = {
    "id": INTEGER, "band": TEXT, "method": TEXT, "a_k": REAL, "simulated": REAL, "flag": TEXT,
    "reason": TEXT, "target_id": INTEGER, "time": TEXT, "product": TEXT, "site": TEXT,
    "reference_id": INTEGER, "reference_time": TEXT, "reference_product": TEXT,
}  # fmt: skip
_SELECT = (
    "SELECT r.id, b.name, r.method, r.a_k, r.simulated, r.flag, r.reason, r.target_id, m.time, "
    "m.product, s.name, r.reference_id, f.time, f.product FROM results r "
    "JOIN bands b ON b.id = r.band_id LEFT JOIN measurements m ON m.id = r.target_id "
    "LEFT JOIN sites s ON s.id = m.site_id LEFT JOIN measurements f ON f.id = r.reference_id "
    "WHERE r.run_id = ? ORDER BY r.id"
)


@dataclass(frozen=True)
class RunCoefficients:
    """A run and its coefficients.

    ``rows``: id, band, method (spectral), a_k (measured by simulated), simulated, flag, reason, and
    of both observations target_id, time, product, site, reference_id, reference_time,
    reference_product (times as ``datetime64``); ``contributions``: as in ``runs.Run``;
    ``wavelengths_nm``: of the bands, in the order of the sensor: the effective ones that the run
    had, else the nominal ones.
    """

    run: Run
    rows: Table
    contributions: Table
    wavelengths_nm: dict[str, float]

    @property
    def methods(self) -> tuple[str, ...]:
        """The spectral methods in the order in which they were computed; the first is the main."""
        return tuple(dict.fromkeys(self.rows["method"].tolist()))

    @property
    def bands(self) -> tuple[str, ...]:
        """The bands that have coefficients, in the order of the sensor."""
        there = set(self.rows["band"].tolist())
        return tuple(band for band in self.wavelengths_nm if band in there)

    @property
    def systematic(self) -> bool:
        """Whether the run has a budget with a systematic part."""
        return bool((self.contributions.texts("kind", "") == "systematic").any())

    def main(self) -> Table:
        """The rows of the main spectral method."""
        first = self.methods[0] if len(self.rows) else ""
        return self.rows.select(self.rows["method"] == first)


def load_coefficients(db: Database, number: int) -> RunCoefficients:
    """The coefficients of a run; raises ``InputError`` where there is no such run,
    ``InsufficientDataError`` where it has none.
    """
    with db.reading():
        head = next((one for one in list_runs(db) if one.id == number), None)
        if head is None:
            raise InputError(f"The database {db.name} has no run {number}.")
        found = as_table(db.rows(_SELECT, (number,)), _KINDS, "results")
        if not len(found) or not head.sensor:
            raise InsufficientDataError(
                f"Run {number} of the database {db.name} ({head.method}) holds no coefficients. "
                "Give the number of a run of a calibration, or none for the last one."
            )
        columns = dict(found.columns)
        for key in ("time", "reference_time"):
            columns[key] = found.times(key)
        given = load_table(db, table("contributions"), "run_id = ?", (number,))
        names = {int(id_): name for id_, name in db.rows(ddl.select("bands", ("id", "name")))}
        bands = np.array([names.get(int(one), "") for one in given["band_id"]], dtype=object)
        kept = {key: given[key] for key in ("contributor", "kind", "value_percent")}
        sensor = load_sensor(db, head.sensor)
    return RunCoefficients(
        head, Table(columns, f"run {number}"), Table({"band": bands, **kept}, "contributions"),
        {band.name: head.wavelengths_nm.get(band.name, band.wavelength_nm)
         for band in sensor.bands},
    )  # fmt: skip


def calibration_runs(
    db: Database, sensors: Sequence[str] = (), method: str = "", numbers: Sequence[int] = ()
) -> tuple[Run, ...]:
    """The runs that hold coefficients, in the order in which they were made: of ``sensors`` (empty:
    all) and of a ``method`` ("": any), or those with the given ``numbers``.

    Raises ``InputError`` for a number or a sensor that is not there.
    """
    full = {int(row[0]) for row in db.rows("SELECT DISTINCT run_id FROM results")}
    runs = [one for one in list_runs(db) if one.id in full and one.sensor]
    if numbers:
        missing = [number for number in numbers if number not in {one.id for one in runs}]
        if missing:
            raise InputError(
                f"The database {db.name} has no calibration run {', '.join(map(str, missing))}. "
                f"There are: {_listed(runs)}."
            )
        return tuple(one for one in runs if one.id in set(numbers))
    known = {one.sensor for one in runs}
    unknown = [name for name in sensors if name not in known]
    if unknown:
        raise InputError(
            f"The database {db.name} has no calibration of {', '.join(unknown)}. Calibrated are: "
            f"{', '.join(sorted(known)) or 'none'}. Run a calibration first, and keep its run."
        )
    return tuple(
        one for one in runs
        if (not sensors or one.sensor in sensors) and method in ("", one.method)
    )  # fmt: skip


def candidate_runs(db: Database, sensor: str = "", method: str = "") -> tuple[Run, ...]:
    """The runs of which the last one is taken where none is named, in the order in which they were
    made: with coefficients, of a sensor ("": of the only one) and method ("": over sites, that is
    deserts or snow; runs over clouds tell bands apart and not the level).

    Raises ``InsufficientDataError`` where there is none, ``InputError`` where no sensor is named
    and several have such runs.
    """
    runs = [
        one for one in calibration_runs(db, (sensor,) if sensor else (), method)
        if method or one.method in OVER_SITES
    ]  # fmt: skip
    if not runs:
        kind = method or "over sites"
        what = " ".join(text for text in (kind, f"of {sensor}" if sensor else "") if text)
        others = _listed(calibration_runs(db))
        raise InsufficientDataError(
            f"The database {db.name} has no run with coefficients {what}. Run a calibration first, "
            f"and keep its run, or name another one. There are: {others}."
        )
    sensors = sorted({one.sensor for one in runs})
    if len(sensors) > 1:
        raise InputError(
            f"The database {db.name} has calibrations of {', '.join(sensors)}. Name the sensor "
            "whose last run is to be taken (SENSOR), or the number of a run (RUN)."
        )
    return tuple(runs)


def last_run(db: Database, sensor: str = "", method: str = "") -> Run:
    """The last one of ``candidate_runs``, with the same errors."""
    return candidate_runs(db, sensor, method)[-1]


def last_run_note(candidates: Sequence[Run]) -> str:
    """A sentence on the last one of the ``candidates``, which is taken because none is named, and
    on those that it stands for; "" where it is the only one.
    """
    *passed, taken = candidates
    if not passed:
        return ""
    others = listed([f"{one.id} ({one.method})" for one in reversed(passed)], _NAMED)
    are = "is" if len(passed) == 1 else "are"
    return (
        f"No run is named: the last one of {taken.sensor} is taken, {run_words(taken)}. "
        f"{plural(len(passed), 'other run')} {are} passed over: {others}. Give the number of the "
        "reviewed run (RUN) to choose another one."
    )


def run_words(run: Run) -> str:
    """A run in words: its number, method, reference and the moment at which it was made (UTC)."""
    against = f" against {run.reference}" if run.reference else ""
    return f"run {run.id} ({run.method}{against}) of {run.time[:16].replace('T', ' ')}"


def chosen_run(db: Database, number: int = 0, sensor: str = "", method: str = "") -> Run:
    """The run with a ``number``, or the last one (``last_run``) for 0.

    Raises ``InputError`` where the numbered run is not of the ``sensor`` or ``method`` that is
    named too, or is not there, and as ``last_run``.
    """
    if not number:
        return last_run(db, sensor, method)
    run = next((one for one in list_runs(db) if one.id == number), None)
    if run is None or not run.sensor:
        return load_coefficients(db, number).run  # which says what is wrong with it
    wrong = (sensor and run.sensor != sensor) or (method and run.method != method)
    if wrong:
        asked = " of ".join(text for text in (method or "a run", sensor) if text)
        raise InputError(
            f"Run {number} is {run.method} of {run.sensor}, but {asked} is asked for. Give the "
            "number alone (RUN), or the sensor and method alone."
        )
    return run


def _listed(runs: Sequence[Run]) -> str:
    shown = [f"{one.id} ({one.method} of {one.sensor})" for one in runs[-10:]]
    return ", ".join(shown) or "none"
