# SPDX-License-Identifier: GPL-3.0-or-later
"""What reasons, methods, contributors and coefficients are called."""

from __future__ import annotations

from ...core.calibration.judgements import before, why
from ..names import when
from ..text import number, tr
from .inputs import Study
from .model import CalibrationModel


def group_name(sensor: str, site: str, several_sensors: bool) -> str:
    """A sensor at a site."""
    return f"{site} · {sensor}" if several_sensors and sensor else site


def reason_name(reason: str) -> str:
    """Why a coefficient does not count, as people read it."""
    said = why(reason)
    if said:
        return tr("by hand: {}").format(said)
    names = {
        "outlier": tr("outlier"),
        "not bright enough": tr("the cloud is not bright enough"),
        "not white": tr("the cloud is not white"),
        "no spectrum at the band": tr("the spectrum of the reference does not reach this band"),
        "band not measured": tr("this band was not measured"),
        "not homogeneous": tr("the site is not homogeneous"),
        "geometry differs too much": tr("geometry beyond the limit of the panel"),
        "too many days apart": tr("days beyond the limit of the panel"),
        "no partner within the limits": tr("no partner within the limits"),
        "rejected": tr("rejected"),
    }
    return names.get(reason, reason)


def status_name(status: str, reason: str, counts: bool) -> str:
    """What became of a coefficient."""
    said = reason_name(reason)
    if counts:
        return tr("accepted ({})").format(said) if why(reason) else tr("accepted")
    if why(reason) and status == "rejected":
        run = before(status, reason)
        if run[1]:
            said = f"{said} ({reason_name(run[1])})"
    return tr("rejected: {}").format(said)


def method_name(method: str) -> str:
    """A spectral method."""
    names = {
        "spline": tr("spline"),
        "monotone": tr("monotone spline"),
        "hyperspectrum": tr("known spectrum"),
        "toa_integration": tr("integration at the top of the atmosphere"),
        "toa_hyperspectrum": tr("known spectrum, integrated at the top of the atmosphere"),
    }
    return names.get(method, method)


def contributor_name(name: str) -> str:
    """A contributor to the uncertainty."""
    names = {
        "aot": tr("AOT, both dates"),
        "aot_difference": tr("AOT, between dates"),
        "water_vapor": tr("Water vapor, both dates"),
        "water_vapor_difference": tr("Water vapor, between dates"),
        "ozone": tr("Ozone"),
        "pressure": tr("Pressure"),
        "interpolation": tr("Spectral interpolation"),
        "response": tr("Spectral response"),
        "matching": tr("Matching"),
        "brdf": tr("Directional model"),
        "reference": tr("Reference sensor"),
        "scatter": tr("Scatter of the pairs"),
        "cloud_top": tr("Pressure at the cloud top"),
        "cloud_spectrum": tr("Spectrum of the cloud"),
        "reference_band": tr("Reference band"),
        "cloud_scatter": tr("Scatter of the clouds"),
    }
    return names.get(name, name)


def about_study(study: Study | None) -> str:
    """The sensors and sites that a study is of, "" where that is not known."""
    given = study.parameters if study is not None else {}
    sensors = " / ".join(str(given[key]) for key in ("TARGET_SENSOR", "REFERENCE_SENSOR")
                         if given.get(key))  # fmt: skip
    return " · ".join(one for one in (sensors, str(given.get("SITES") or "")) if one)


def test_name(test: str) -> str:
    """A cloud test whose threshold is swept."""
    names = {
        "spread": tr("spread over the site"),
        "residual": tr("residual of the directional model"),
        "color": tr("color against its month"),
        "outlier": tr("outliers of the coefficients"),
    }
    return names.get(test, test)


def test_unit(test: str) -> str:
    """What its thresholds are counted in."""
    return tr("standard deviations") if test == "outlier" else "%"


def statistic_name(statistic: str) -> str:
    """Where a distribution lies."""
    names = {
        "mode": tr("mode"),
        "median": tr("median"),
        "mean": tr("mean"),
        "inflection": tr("inflection"),
    }
    return names.get(statistic, statistic)


def kind_name(kind: str) -> str:
    """Whether a contributor is the same for all pairs."""
    return {"random": tr("random"), "systematic": tr("systematic")}.get(kind, kind)


def describe(model: CalibrationModel, row: int, reason: str) -> str:
    """A coefficient in two lines: value and what became of it, then its two products."""
    rows = model.rows
    parts = [
        str(rows.site[row]), tr("{} UTC").format(when(rows.time[row])), str(rows.band[row]),
        "A_k " + number(float(rows.a_k[row]), 4),
        status_name(str(rows.status[row]), reason or str(rows["reason"][row]), not reason),
    ]  # fmt: skip
    products = [str(rows[key][row]) for key in ("product", "reference_product")]
    return " · ".join(parts) + "\n" + " / ".join(one for one in products if one)
