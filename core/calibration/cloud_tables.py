# SPDX-License-Identifier: GPL-3.0-or-later
"""What a calibration over clouds found as tables, and as a run of the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..database.runs import NOTES, WAVELENGTHS, Run
from ..database.schema import ACCEPTED, REJECTED
from ..table import Table, from_rows
from ..times import iso_texts
from ..version import plugin_version
from .clouds import MAIN, BandResult, CloudCalibration
from .cross_tables import budget_rows, contributions_of
from .pdf_statistics import Statistic
from .transfer import Side

_FIELDS = {
    "band": "text", "wavelength_nm": "float", "statistic": "text", "a_k": "float",
    "standard_error_percent": "float", "clouds": "int",
}  # fmt: skip


def cloud_table(found: CloudCalibration, name: str = "clouds") -> Table:
    """One row per band and statistic: ``a_k`` relative to the reference band (measured by
    simulated), its standard error in percent, and the number of clouds.
    """
    rows = [
        {"band": one.band, "wavelength_nm": one.wavelength_nm, "statistic": which,
         "a_k": one.a_k[which], "standard_error_percent": 100.0 * one.error[which] / one.a_k[which],
         "clouds": one.count}
        for one in found.bands for which in Statistic
    ]  # fmt: skip
    return from_rows(rows, _FIELDS, name)


def cloud_run(found: CloudCalibration, side: Side, parameters: Mapping[str, Any]) -> Run:
    """The run as the database keeps it: a coefficient per cloud and band, and a summary per band
    and statistic (``method``).
    """
    shown = [one.band for one in found.bands]
    columns = [found.column(band) for band in shown]
    seen = side.measurements
    count = len(seen)
    simulated = found.simulated[:, columns]
    with np.errstate(divide="ignore", invalid="ignore"):
        a_k = found.measured[:, columns] / simulated
    reasons = np.repeat(found.unused, len(shown))
    results = Table({
        "band": np.tile(np.array(shown, dtype=object), count),
        "target_id": np.repeat(seen.ids, len(shown)), "a_k": a_k.ravel(),
        "simulated": simulated.ravel(),
        "method": np.full(count * len(shown), "clouds", dtype=object),
        "flag": np.where(reasons == "", ACCEPTED, REJECTED).astype(object), "reason": reasons,
    }, "results")  # fmt: skip
    first, last = iso_texts(np.array([seen.time.min(), seen.time.max()]))
    rows = [
        {"band": one.band, "site": "", "method": which.value, "period_start": first,
         "period_end": last, "count": one.count, "mean": one.a_k[which],
         "standard_error": one.error[which], "uncertainty": _uncertainty(found, one, which)}
        for one in found.bands for which in Statistic
    ]  # fmt: skip
    kinds = {
        "band": "text", "site": "text", "method": "text", "period_start": "text",
        "period_end": "text", "count": "int", "mean": "float", "standard_error": "float",
        "uncertainty": "float",
    }  # fmt: skip
    kept = Table({}) if found.budget is None else contributions_of(found.budget)
    return Run(
        "calibrateclouds", dict(parameters), plugin_version(), seen.sensor.name,
        results=results, summaries=from_rows(rows, kinds, "summaries"), contributions=kept,
        record={
            NOTES: list(found.notes),
            WAVELENGTHS: {one.band: one.wavelength_nm for one in found.bands},
        },
    )  # fmt: skip


def cloud_budget_table(found: CloudCalibration, name: str = "contributions") -> Table:
    """The budget of the coefficients by the main statistic, with the columns of
    ``cross_tables.budget_table``; raises ``ValueError`` where there is none.
    """
    if found.budget is None:
        raise ValueError("this calibration has no uncertainty budget")
    wavelengths = {one.band: one.wavelength_nm for one in found.bands}
    order = [wavelengths[band] for band in found.budget.bands]
    return budget_rows(found.budget, order, MAIN.value, name)


def cloud_uncertainties(found: CloudCalibration) -> dict[str, float | None]:
    """The combined standard uncertainty (percent) of each band by the main statistic; None where
    it is not known.
    """
    if found.budget is None:
        return {}
    values = found.budget.combined_monte_carlo.tolist()
    return {
        band: value if np.isfinite(value) else None
        for band, value in zip(found.budget.bands, values, strict=True)
    }


def _uncertainty(found: CloudCalibration, one: BandResult, which: Statistic) -> float:
    """The combined standard uncertainty of a coefficient; known of the main statistic only."""
    percent = cloud_uncertainties(found).get(one.band) if which is MAIN else None
    return float("nan") if percent is None else one.a_k[which] * percent / 100.0
