# SPDX-License-Identifier: GPL-3.0-or-later
"""Calibration of bands against each other over deep convective clouds.

Such clouds are white from 0.4 to 0.9 um, and reach the tropopause: above them there is only ozone
and a thin layer of molecules. What a reference band measures says what each other band should
(Fougnie and Bach 2009, IEEE TGRS 47(3), doi:10.1109/TGRS.2008.2001148; Doelling et al. 2013,
doi:10.1109/TGRS.2012.2225066). Ice absorbs beyond 1 um: bands there need a spectrum of the cloud.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ..errors import InputError, InsufficientDataError
from ..progress import Progress, Silent, check
from ..types import AnyArray, FloatArray, TimeArray
from .atmosphere import Air
from .budget_types import Budget
from .cloud_model import cloud_reflectance, toa_reflectance
from .cloud_pdf import cloud_ratios
from .cloud_uncertainty import CloudSizes, cloud_budget
from .cloudsites.overlaps import seen_twice
from .pdf_statistics import Statistic
from .screening import Screening, reasons
from .sensor_models import BandModel
from .transfer import Side

WHITE_NM = (400.0, 920.0)
MAIN = Statistic.MEDIAN  # the statistic of headline and budget: the least variable one (GSICS 2014)
DARK, COLORED = "not bright enough", "not white"
TWICE = "used from another product of the overpass"
_LEAST = 30


@dataclass(frozen=True)
class CloudSettings:
    """``reference_band``: the band that the others are calibrated against; ``min_reflectance`` of
    it; ``max_color``: largest difference of two visible bands, relative, after correction;
    ``top_hpa``: pressure at the top of the clouds; ``ozone_du`` where an observation does not state
    it, all of it above the clouds; ``spectrum``: reflectance of the cloud by band relative to the
    reference band (1 where it is not given); ``sizes``: of the uncertainty budget, None for none.
    """

    reference_band: str
    screening: Screening = field(
        default_factory=lambda: Screening(0.03, 1.0, 0.0, max_zenith_deg=40.0)
    )
    min_reflectance: float = 0.7
    max_color: float = 0.1
    top_hpa: float = 180.0
    ozone_du: float = 270.0
    spectrum: Mapping[str, float] = field(default_factory=dict)
    replicates: int = 500
    seed: int = 0
    sizes: CloudSizes | None = None


@dataclass(frozen=True)
class BandResult:
    """One band against the reference: ``a_k`` by statistic with its standard error (NaN where all
    clouds are of one month), measured by simulated. ``bins``: lower edges of the reference
    reflectance, with median and count of the coefficients in each (a slope there tells of
    nonlinearity).
    """

    band: str
    wavelength_nm: float
    count: int
    a_k: Mapping[Statistic, float]
    error: Mapping[Statistic, float]
    bins: tuple[tuple[float, float, int], ...]


@dataclass(frozen=True)
class CloudCalibration:
    """All bands; ``measured`` and ``simulated`` (n, b) of the ``white`` bands, the reference among
    them; the rows that are used, and why others are not ("" where they are); ``budget``: the
    uncertainty of the coefficients by the median, None where none was asked for.
    """

    settings: CloudSettings
    bands: tuple[BandResult, ...]
    white: tuple[str, ...]
    measured: FloatArray
    simulated: FloatArray
    used: AnyArray
    unused: AnyArray
    budget: Budget | None = None
    notes: tuple[str, ...] = ()

    def column(self, band: str) -> int:
        """Where a band stands in ``measured`` and ``simulated``."""
        return self.white.index(band)


def calibrate_clouds(
    side: Side, settings: CloudSettings, progress: Progress | None = None
) -> CloudCalibration:
    """Coefficients A_k / A_reference of the white bands, by four statistics with bootstrap errors.

    Months are drawn as blocks. Raises ``InputError`` for a reference band without coefficients or
    outside the white range, ``InsufficientDataError`` below 30 clouds, with the reasons.
    """
    progress = progress or Silent()
    reference, columns = _columns(side, settings)
    names = [side.bands[column].name for column in columns]
    seen, toa = side.measurements, side.measurements["mean"][:, columns]
    air = _air(side, settings)
    ground = cloud_reflectance(side, reference, air)
    simulated = np.stack([
        toa_reflectance(side, column, ground * settings.spectrum.get(name, 1.0), air)
        for column, name in zip(columns, names, strict=True)
    ], axis=1)  # fmt: skip
    unused = reasons(seen, columns, settings.screening, 0.5)
    _mark(unused, seen_twice(seen), TWICE)
    _mark(unused, ~(ground >= settings.min_reflectance), DARK)
    with np.errstate(divide="ignore", invalid="ignore"):
        away = np.abs(toa / simulated - 1.0)
    _mark(unused, (away > settings.max_color).any(axis=1), COLORED)
    used = np.flatnonzero(unused == "")
    if len(used) < _LEAST:
        counts = {str(why): int((unused == why).sum()) for why in np.unique(unused[unused != ""])}
        told = ", ".join(f"{count} {why}" for why, count in counts.items())
        raise InsufficientDataError(
            f"{len(used)} clouds can be used, {_LEAST} are needed "
            f"({told or 'there are no others'})."
        )
    results = []
    for number, name in enumerate(names):
        check(progress)
        progress.report(number / len(names), f"Statistics of {name}")
        if columns[number] != reference:
            results.append(
                _band(side.bands[columns[number]], toa[used, number], simulated[used, number],
                      ground[used], seen.time[used], settings)
            )  # fmt: skip
    made = None
    if settings.sizes is not None:
        errors = np.array([one.error[MAIN] / one.a_k[MAIN] for one in results])
        others = [number for number in columns if number != reference]
        made = cloud_budget(
            side.select(used), reference, others,
            air._replace(ozone_du=np.asarray(air.ozone_du)[used]), settings.spectrum,
            settings.sizes, 100.0 * errors, settings.replicates, settings.seed,
        )  # fmt: skip
    return CloudCalibration(
        settings, tuple(results), tuple(names), toa, simulated, used, unused, made,
        _refused(side, settings),
    )  # fmt: skip


def _columns(side: Side, settings: CloudSettings) -> tuple[int, AnyArray]:
    """The reference band and all white bands with coefficients, by position."""
    names = [band.name for band in side.bands]
    if settings.reference_band in names:
        given = side.bands[names.index(settings.reference_band)]
        if not _white(given, settings):
            raise InputError(
                f"The band {given.name} ({given.effective_nm:.0f} nm) cannot be the reference: the "
                f"method holds from {WHITE_NM[0]:g} to {WHITE_NM[1]:g} nm, where clouds are white "
                "(beyond, ice absorbs by the size of its particles). Choose a band "
                "in the visible."
            )
    if settings.reference_band not in names:
        raise InputError(
            f"{side.measurements.sensor.name} has no band {settings.reference_band}. Its bands "
            f"are: {', '.join(names)}."
        )
    usable = [
        number for number, band in enumerate(side.bands)
        if band.window and _white(band, settings)
        and np.isfinite(side.measurements["mean"][:, number]).any()
    ]  # fmt: skip
    reference = names.index(settings.reference_band)
    if reference not in usable or len(usable) < 2:
        raise InputError(
            f"The band {settings.reference_band} cannot be the reference, or no other band can be "
            f"calibrated: they need SMAC coefficients (ATMOSPHERE), values, and a wavelength from "
            f"{WHITE_NM[0]:g} to {WHITE_NM[1]:g} nm, where clouds are white."
        )
    return reference, np.array(usable)


def _white(band: BandModel, settings: CloudSettings) -> bool:
    return band.name in settings.spectrum or WHITE_NM[0] <= band.effective_nm <= WHITE_NM[1]


def _refused(side: Side, settings: CloudSettings) -> tuple[str, ...]:
    """A sentence about bands that are not calibrated because clouds are not white there."""
    measured = np.isfinite(side.measurements["mean"]).any(axis=0)
    names = [
        f"{band.name} ({band.effective_nm:.0f} nm)" for band, has in zip(
            side.bands, measured, strict=True
        ) if has and not _white(band, settings)
    ]  # fmt: skip
    if not names:
        return ()
    return (
        f"Not calibrated: {', '.join(names)}. The method does not hold outside "
        f"{WHITE_NM[0]:g} to {WHITE_NM[1]:g} nm: beyond, ice absorbs, and how much depends on the "
        "size and habit of its particles, which the reference band does not tell.",
    )


def _air(side: Side, settings: CloudSettings) -> Air:
    stated = side.measurements["ozone_du"]
    ozone = np.where(stated > 0.0, stated, settings.ozone_du)
    return Air(0.0, ozone, 0.0, settings.top_hpa)


def _mark(unused: AnyArray, which: AnyArray, reason: str) -> None:
    unused[(unused == "") & which] = reason


def _band(
    model: BandModel, measured: FloatArray, simulated: FloatArray, ground: FloatArray,
    time: TimeArray, settings: CloudSettings,
) -> BandResult:  # fmt: skip
    known = np.isfinite(measured) & np.isfinite(simulated)
    measured, simulated = measured[known], simulated[known]
    ground, time = ground[known], time[known]
    if len(measured) < _LEAST:
        nothing = dict.fromkeys(Statistic, float("nan"))
        return BandResult(model.name, model.effective_nm, len(measured), nothing, nothing, ())
    # Months that this band has no value in are none of its blocks.
    ratios = cloud_ratios(measured, simulated, time, settings.replicates, settings.seed)
    bins = []
    for low in np.arange(0.7, 1.1, 0.05):
        inside = (ground >= low) & (ground < low + 0.05)
        if inside.sum() >= 10:
            middle = float(np.median(measured[inside] / simulated[inside]))
            bins.append((float(round(low, 2)), middle, int(inside.sum())))
    return BandResult(
        model.name, model.effective_nm, len(measured), ratios.a_k, ratios.error, tuple(bins)
    )
