# SPDX-License-Identifier: GPL-3.0-or-later
"""What a cross-calibration found as tables, and as a run of the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..database.runs import NOTES, WAVELENGTHS, Run
from ..database.schema import ACCEPTED, REJECTED
from ..io.tables import points
from ..table import Table, from_rows
from ..times import iso_texts
from ..types import AnyArray
from ..version import plugin_version
from .budget_types import Budget, Contributor
from .cross_run import CrossRun
from .cross_summaries import wavelength_nm

Places = Mapping[str, tuple[float, float]]

_BUDGET_FIELDS = {
    "band": "text", "wavelength_nm": "float", "method": "text", "contributor": "text",
    "kind": "text", "analytic_percent": "float", "monte_carlo_percent": "float",
    "monte_carlo_error_percent": "float",
}  # fmt: skip
_SUMMARY_FIELDS = {
    "band": "text", "wavelength_nm": "float", "method": "text", "site": "text", "period": "text",
    "first": "time", "last": "time", "pairs": "int", "a_k": "float", "median": "float",
    "pair_sd_percent": "float", "robust_sd_percent": "float", "standard_error_percent": "float",
    "uncertainty_percent": "float", "slope_percent_per_year": "float",
    "slope_standard_error": "float", "difference_percent": "float",
}  # fmt: skip


def results_table(run: CrossRun, places: Places, name: str = "results") -> Table:
    """One row, a point at the site, per pair, band and spectral method.

    ``a_k`` = ``measured`` / ``simulated``; ``status``: accepted or rejected, with its ``reason``;
    angles in degrees, differences target less reference; ``target_id`` and ``reference_id``: of the
    measurements in the database. ``places``: longitude and latitude by site.
    """
    result = run.result
    pairs, (methods, count, bands) = result.pairs, result.a_k.shape
    target = result.way.target.measurements.select(pairs.target)
    reference = result.way.reference.measurements.select(pairs.reference)

    def by_pair(values: AnyArray) -> AnyArray:
        return np.tile(np.repeat(values, bands), methods)

    def by_band(values: AnyArray) -> AnyArray:
        return np.tile(values, methods * count)

    status = np.where(result.reason == "", ACCEPTED, REJECTED)
    columns = {
        "site": by_pair(target["site"]),
        "time": by_pair(target.time),
        "band": by_band(np.array(result.bands, dtype=object)),
        "wavelength_nm": by_band(np.array([wavelength_nm(result, b) for b in range(bands)])),
        "method": np.repeat(np.array(result.methods, dtype=object), count * bands),
        "a_k": result.a_k.ravel(),
        "measured": np.tile(result.measured.ravel(), methods),
        "simulated": result.simulated.ravel(),
        "status": status.ravel().astype(object),
        "reason": result.reason.ravel(),
        "reference_time": by_pair(reference.time),
        "days": by_pair(pairs.days),
        "sun_zenith_deg": by_pair(target["sun_zenith_deg"]),
        "d_sun_zenith_deg": by_pair(pairs.d_sun_zenith),
        "d_view_zenith_deg": by_pair(pairs.d_view_zenith),
        "d_relative_azimuth_deg": by_pair(pairs.d_relative_azimuth),
        "distance_deg": by_pair(pairs.distance),
        "reciprocal": by_pair(pairs.reciprocal.astype(np.bool_)),
        "product": by_pair(target["product"]),
        "reference_product": by_pair(reference["product"]),
        "target_id": by_pair(target.ids),
        "reference_id": by_pair(reference.ids),
    }
    spots = [places.get(str(site), (np.nan, np.nan)) for site in target["site"]]
    longitude, latitude = (by_pair(np.array([spot[n] for spot in spots])) for n in (0, 1))
    return Table(columns, name, points(longitude.astype(float), latitude.astype(float)))


def summary_table(run: CrossRun, name: str = "summary") -> Table:
    """One row per band, spectral method, site ("" = all) and period ("" = whole): the coefficient
    ``a_k`` is the mean; ``uncertainty_percent``: its combined standard uncertainty (all sites and
    the whole time, first method), NaN where it was not computed; ``difference_percent``: from the
    first method, over the pairs that both keep.
    """
    total = uncertainties(run)
    rows = []
    for one in run.summaries:
        found = one.summary
        plain = one.method is run.result.methods[0] and not one.site and not one.period
        rows.append({
            "band": one.band, "wavelength_nm": one.wavelength_nm, "method": one.method,
            "site": one.site, "period": one.period, "first": one.first, "last": one.last,
            "pairs": found.count, "a_k": found.mean, "median": found.median,
            "pair_sd_percent": 100.0 * found.sd / found.mean,
            "robust_sd_percent": 100.0 * found.robust_sd / found.median,
            "standard_error_percent": 100.0 * found.sem / found.mean,
            "uncertainty_percent": total.get(one.band) if plain else None,
            "slope_percent_per_year": found.slope_pct_per_year,
            "slope_standard_error": found.slope_se, "difference_percent": one.difference_percent,
        })  # fmt: skip
    return from_rows(rows, _SUMMARY_FIELDS, name)


def uncertainties(run: CrossRun) -> dict[str, float]:
    """Combined standard uncertainty (percent) by band, by Monte Carlo; empty without a budget."""
    if run.budget is None:
        return {}
    combined = run.budget.combined_monte_carlo
    return dict(zip(run.budget.bands, combined.tolist(), strict=True))


def coefficients(run: CrossRun) -> dict[str, dict[str, Any]]:
    """For each band the coefficient of the first method with its numbers, and that of each method
    (``by_method``), as JSON can hold them.
    """
    total = uncertainties(run)
    every = {
        (one.band, one.method.value): _plain(one.summary.mean)
        for number in range(len(run.result.methods)) for one in run.whole(number)
    }  # fmt: skip
    return {
        one.band: {
            "a_k": _plain(one.summary.mean), "pairs": one.summary.count,
            "pair_sd": _plain(one.summary.sd), "standard_error": _plain(one.summary.sem),
            "uncertainty_percent": _plain(total.get(one.band, np.nan)),
            "wavelength_nm": _plain(one.wavelength_nm),
            "by_method": {name.value: every[one.band, name.value] for name in run.result.methods},
        }
        for one in run.whole()
    }  # fmt: skip


def database_run(run: CrossRun, method: str, parameters: Mapping[str, Any]) -> Run:
    """The run as the database keeps it: every pair and coefficient with what became of it."""
    result, pairs = run.result, run.result.pairs
    target = result.way.target.measurements.ids[pairs.target]
    reference = result.way.reference.measurements.ids[pairs.reference]
    none_kept = (result.reason != "").all(axis=(0, 2))
    of_pairs = Table({
        "target_id": target, "reference_id": reference,
        "sun_zenith_difference_deg": pairs.d_sun_zenith,
        "view_zenith_difference_deg": pairs.d_view_zenith,
        "relative_azimuth_difference_deg": pairs.d_relative_azimuth,
        "angular_distance_deg": pairs.distance, "time_difference_days": pairs.days,
        "reciprocal": pairs.reciprocal.astype(np.int64), "accepted": (~none_kept).astype(np.int64),
        "reason": np.where(none_kept, result.reason[0, :, 0], "").astype(object),
    }, "pairs")  # fmt: skip
    long = results_table(run, {})
    methods, count, bands = result.a_k.shape
    of_results = Table({
        "band": long["band"], "pair": np.tile(np.repeat(np.arange(count), bands), methods),
        "target_id": long["target_id"], "reference_id": long["reference_id"],
        "a_k": long["a_k"], "simulated": long["simulated"],
        "method": long["method"].astype(str).astype(object),
        "flag": long["status"], "reason": long["reason"],
    }, "results")  # fmt: skip
    return Run(
        method, dict(parameters), plugin_version(), run.target, run.reference,
        of_pairs, of_results, _summaries(run), contributions_table(run),
        record={
            NOTES: list(run.notes),
            WAVELENGTHS: {one.band: one.wavelength_nm for one in run.whole()},
        },
    )  # fmt: skip


def contributions_table(run: CrossRun) -> Table:
    """The budget: one row per band and contributor, percent of A_k; empty without a budget."""
    return Table({}) if run.budget is None else contributions_of(run.budget)


def contributions_of(made: Budget) -> Table:
    """A budget as the database keeps it: one row per band and contributor."""
    rows = [
        {"band": band, "contributor": name.value, "kind": made.kinds[name].value,
         "value_percent": made.monte_carlo[name][number],
         "distribution": "uniform" if name in _UNIFORM else "normal"}
        for number, band in enumerate(made.bands) for name in made.analytic
    ]  # fmt: skip
    kinds = {
        "band": "text", "contributor": "text", "kind": "text", "value_percent": "float",
        "distribution": "text",
    }  # fmt: skip
    return from_rows(rows, kinds, "contributions")


def budget_table(run: CrossRun, name: str = "contributions") -> Table:
    """One row per band and contributor, and one for all together: standard uncertainty in percent
    of A_k by the first spectral method, analytic and by Monte Carlo, of the latter all together
    with the standard error that the number of draws leaves; empty without a budget.
    """
    if run.budget is None:
        return from_rows([], _BUDGET_FIELDS, name)
    wavelengths = [wavelength_nm(run.result, number) for number in range(len(run.budget.bands))]
    return budget_rows(run.budget, wavelengths, run.result.methods[0].value, name)


def budget_rows(made: Budget, wavelengths: Sequence[float], method: str, name: str) -> Table:
    """A budget as ``budget_table`` gives it; ``wavelengths`` (nm) of its bands, ``method`` of the
    coefficients.
    """
    rows: list[dict[str, Any]] = []
    for number, band in enumerate(made.bands):
        parts = [(n.value, made.kinds[n].value, made.analytic[n], made.monte_carlo[n])
                 for n in made.analytic]  # fmt: skip
        parts.append(("combined", "", made.combined_analytic, made.combined_monte_carlo))
        rows += [
            {"band": band, "wavelength_nm": wavelengths[number], "method": method,
             "contributor": contributor, "kind": kind,
             "analytic_percent": analytic[number], "monte_carlo_percent": sampled[number],
             "monte_carlo_error_percent": None if kind else made.error[number]}
            for contributor, kind, analytic, sampled in parts
        ]  # fmt: skip
    return from_rows(rows, _BUDGET_FIELDS, name)


def correlation_table(run: CrossRun, name: str = "correlation") -> Table:
    """One row per pair of bands: the correlation of their errors; empty without a budget."""
    made = run.budget
    rows = [
        {"band": one, "other": other, "correlation": made.correlation[i, j]}
        for i, one in enumerate(made.bands) for j, other in enumerate(made.bands)
    ] if made else []  # fmt: skip
    return from_rows(rows, {"band": "text", "other": "text", "correlation": "float"}, name)


_UNIFORM = (Contributor.INTERPOLATION, Contributor.MATCHING)


def _summaries(run: CrossRun) -> Table:
    made = summary_table(run)
    begin, end = (iso_texts(made[name]) for name in ("first", "last"))
    return Table({
        "band": made["band"], "site": made["site"], "method": made["method"],
        "period_start": begin, "period_end": end, "count": made["pairs"], "mean": made["a_k"],
        "median": made["median"],
        "robust_sd": made["robust_sd_percent"] * made["median"] / 100.0,
        "standard_error": made["standard_error_percent"] * made["a_k"] / 100.0,
        "slope_percent_per_year": made["slope_percent_per_year"],
        "slope_standard_error": made["slope_standard_error"],
        "uncertainty": made["uncertainty_percent"] * made["a_k"] / 100.0,
    }, "summaries")  # fmt: skip


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
