# SPDX-License-Identifier: GPL-3.0-or-later
"""Cross-calibration over stable sites: A_k = measured / simulated TOA reflectance, band by band.

The scheme of Lacherade et al. 2013 (IEEE TGRS 51(3), doi:10.1109/TGRS.2012.2227061): what a
reference sensor observed under nearly the same geometry is taken to the ground (inverse SMAC),
carried to the bands of the target sensor along the spectrum of the site, and taken back to the top
of the atmosphere under the target's own geometry and atmosphere (direct SMAC).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..errors import InputError, InsufficientDataError
from ..progress import Progress, Silent, check
from ..types import AnyArray, BoolArray, FloatArray
from ..wording import plural
from .directional import Correction
from .geometry import mean_azimuth_deg
from .matching import Geometry, Limits, Pairs, geometry, match
from .meteo import Meteo
from .outliers import clipped_in_time
from .screening import INHOMOGENEOUS, Screening, counted, reasons, remedy, uneven
from .spectral import Spectrum
from .transfer import Side, SpectralMethod, Transfer
from .types import Measurements

NO_PARTNER = "no partner within the limits"
OUTLIER = "outlier"
NO_SPECTRUM = "no spectrum at the band"
UNKNOWN = "band not measured"
_LEAST_BANDS = 4  # of the reference, that make a spectrum


@dataclass(frozen=True)
class Settings:
    """All choices of a cross-calibration; ``bands``: those of the target to calibrate (empty: all
    that can be); ``reference_bands``: those of the reference that its spectrum passes through
    (empty: all that can be); ``clip_sigmas``: how far from a line in time a coefficient may lie, in
    standard deviations; ``brdf``: whether and how the difference of directions is corrected.
    """

    limits: Limits = field(default_factory=Limits)
    screening: Screening = field(default_factory=Screening)
    meteo: Meteo = field(default_factory=Meteo)
    methods: tuple[SpectralMethod, ...] = (SpectralMethod.SPLINE,)
    bands: tuple[str, ...] = ()
    clip_sigmas: float = 3.0
    brdf: Correction = Correction.NONE
    reference_bands: tuple[str, ...] = ()


@dataclass(frozen=True)
class Calibration:
    """Coefficients of p pairs, b target bands and m spectral methods.

    ``a_k`` and ``simulated`` (m, p, b); ``measured`` (p, b); ``surface`` (p, c): reflectance of the
    ground in the ``reference_bands`` used; ``way``: how they came about; ``reason`` (m, p, b): why
    a coefficient is not kept ("" where it is). ``unused_target``, ``unused_reference``: why an
    observation has no pair ("" where it has one).
    """

    bands: tuple[str, ...]
    reference_bands: tuple[str, ...]
    methods: tuple[SpectralMethod, ...]
    pairs: Pairs
    a_k: FloatArray
    simulated: FloatArray
    measured: FloatArray
    surface: FloatArray
    way: Transfer
    reason: AnyArray
    unused_target: AnyArray
    unused_reference: AnyArray

    def kept(self, method: int, band: int) -> AnyArray:
        """The pairs (indices) whose coefficient of a band is kept."""
        return np.flatnonzero(self.reason[method, :, band] == "")


def calibrate(
    target: Side,
    reference: Side,
    settings: Settings,
    spectra: Mapping[str, Spectrum] | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Coefficients of the target's bands against the reference sensor, site by site.

    ``spectra``: a spectrum by site for the methods that take one. Bands of the target without SMAC
    coefficients or response are left out, as are reference bands in strong gas absorption. Raises
    ``InputError`` where no band can be used, ``InsufficientDataError`` where there is no pair, with
    the reasons.
    """
    progress = progress or Silent()
    if not spectra and any(method.takes_spectrum for method in settings.methods):
        raise InputError(
            "A spectral method that uses a spectrum is chosen, but none of the sites has one. Give "
            "a table of wavelength and reflectance (HYPERSPECTRUM)."
        )
    mine = _positions(target, settings.bands)
    through = _reference_positions(reference, settings.reference_bands)
    unused = (
        reasons(target.measurements, mine, settings.screening, 0.5),
        # Its spectrum needs all bands.
        reasons(reference.measurements, through, settings.screening, 0.0),
    )
    values = reference.measurements["mean"][:, through]
    gaps = ~np.isfinite(values).all(axis=1)
    unused[1][(unused[1] == "") & gaps] = UNKNOWN
    progress.report(0.1, "Matching observations")
    pairs = match_sites(target, reference, (mine, through), unused, settings.limits)
    _mark_alone(unused[0], pairs.target)
    _mark_alone(unused[1], pairs.reference)
    if not len(pairs):
        raise InsufficientDataError(_nothing(unused, settings.limits, settings.screening))
    check(progress)
    progress.report(0.4, "Simulating the target")
    way = Transfer(target, reference, mine, through, pairs, settings.meteo, spectra or {})
    if settings.brdf is not Correction.NONE:
        way = way.corrected(settings.brdf, np.flatnonzero(np.isin(unused[1], ("", NO_PARTNER))))
    surface, measured = way.ground(), way.measured
    simulated = np.stack([way.simulated(method, surface) for method in settings.methods])
    with np.errstate(divide="ignore", invalid="ignore"):
        a_k = measured / simulated
    paired = target.measurements.select(pairs.target)
    rough = uneven(paired, mine, settings.screening)
    return Calibration(
        tuple(target.bands[band].name for band in mine),
        tuple(reference.bands[band].name for band in through),
        settings.methods, pairs, a_k, simulated, measured, surface, way,
        _reasons(a_k, paired, measured, rough, settings.clip_sigmas), *unused,
    )  # fmt: skip


def match_sites(
    target: Side,
    reference: Side,
    bands: tuple[AnyArray, AnyArray],
    unused: tuple[AnyArray, AnyArray],
    limits: Limits,
) -> Pairs:
    """The pairs of all sites that both sensors have seen, among the observations in use."""
    sides = (target, reference)
    seen = [side_geometry(side, own) for side, own in zip(sides, bands, strict=True)]
    found = []
    names = [side.measurements["site"].astype(str) for side in sides]
    for site in np.intersect1d(names[0], names[1]):
        rows = [
            np.flatnonzero((name == site) & (free == ""))
            for name, free in zip(names, unused, strict=True)
        ]
        pairs = match(seen[0].select(rows[0]), seen[1].select(rows[1]), limits)
        found.append(pairs.named(*rows))
    return Pairs.joined(found)


def side_geometry(side: Side, bands: AnyArray) -> Geometry:
    """The geometry of each observation, over the ``bands`` in use (their mean direction)."""
    measured = side.measurements
    zenith = measured["view_zenith_deg"][:, bands]
    azimuth = mean_azimuth_deg(measured["view_azimuth_deg"][:, bands])
    some = np.isfinite(zenith)
    with np.errstate(invalid="ignore"):
        mean = np.where(some, zenith, 0.0).sum(axis=1) / some.sum(axis=1)
    return geometry(
        measured.time, measured["sun_zenith_deg"], measured["sun_azimuth_deg"], mean, azimuth
    )


def _positions(target: Side, wanted: Sequence[str]) -> AnyArray:
    """The bands of the target that can be simulated, of those ``wanted``."""
    sensor = target.measurements.sensor
    unknown = [name for name in wanted if name not in sensor.band_names]
    if unknown:
        raise InputError(
            f"{sensor.name} has no band {', '.join(unknown)}. Its bands are: "
            f"{', '.join(sensor.band_names)}."
        )
    usable = [
        number for number, band in enumerate(target.bands)
        if band.window and np.isfinite(target.measurements["mean"][:, number]).any()
        and (not wanted or band.name in wanted)
    ]  # fmt: skip
    if not usable:
        raise InputError(
            f"No band of {sensor.name} that is asked for has values, and SMAC coefficients outside "
            "strong gas absorption. Give the folder with its tables (ATMOSPHERE)."
        )
    return np.array(usable)


def _reference_positions(reference: Side, wanted: tuple[str, ...]) -> AnyArray:
    """The bands of the reference that the spectrum passes through, by wavelength."""
    sensor = reference.measurements.sensor
    if unknown := [name for name in wanted if name not in sensor.band_names]:
        raise InputError(
            f"{sensor.name} has no band {', '.join(unknown)} (REFERENCE_BANDS). Its bands are: "
            f"{', '.join(sensor.band_names)}."
        )
    measured = np.isfinite(reference.measurements["mean"])
    common = measured.sum(axis=0) >= 0.5 * max(measured.any(axis=1).sum(), 1)
    usable = [
        number for number, band in enumerate(reference.bands)
        if band.window and common[number] and (not wanted or band.name in wanted)
    ]  # fmt: skip
    if wanted and len(set(wanted)) < _LEAST_BANDS:
        raise InputError(
            f"REFERENCE_BANDS names {plural(len(set(wanted)), 'band')} ({', '.join(wanted)}): a "
            f"spectrum needs {_LEAST_BANDS} or more. Name more bands of {sensor.name}, or none for "
            "all of them."
        )
    if len(usable) < _LEAST_BANDS:
        raise InputError(
            f"{len(usable)} band(s) of the reference sensor {reference.measurements.sensor.name} "
            "have SMAC coefficients and values outside gas absorption; a spectrum needs "
            f"{_LEAST_BANDS} or more. "
            "Give the folder with its tables (ATMOSPHERE)."
        )
    return np.array(sorted(usable, key=lambda number: reference.bands[number].effective_nm))


def _reasons(
    a_k: FloatArray, paired: Measurements, measured: FloatArray, rough: BoolArray, sigmas: float
) -> AnyArray:
    """Why each coefficient (m, p, b) is not kept."""
    found = np.full(a_k.shape, "", dtype=object)
    for method in range(a_k.shape[0]):
        for band in range(a_k.shape[2]):
            values = a_k[method, :, band]
            column = found[method, :, band]
            column[~np.isfinite(values)] = NO_SPECTRUM
            column[~np.isfinite(measured[:, band])] = UNKNOWN
            column[(column == "") & rough[:, band]] = INHOMOGENEOUS
            rest = np.where(column == "", values, np.nan)
            inside = clipped_in_time(paired.time, rest, paired["site"], sigmas)
            column[(column == "") & ~inside] = OUTLIER
    return found


def _mark_alone(unused: AnyArray, paired: AnyArray) -> None:
    alone = unused == ""
    alone[paired] = False
    unused[alone] = NO_PARTNER


def _nothing(unused: tuple[AnyArray, AnyArray], limits: Limits, screening: Screening) -> str:
    told = [
        f"{name}: "
        + (", ".join(f"{count} {why}" for why, count in counted(found).items()) or "none")
        for name, found in zip(("target", "reference"), unused, strict=True)
    ]
    return (
        f"No observation of the two sensors forms a pair ({'; '.join(told)}). "
        f"{_advice(unused, limits, screening)}"
    )


def _advice(unused: tuple[AnyArray, AnyArray], limits: Limits, screening: Screening) -> str:
    """What to change: the screening where it rejects most of a sensor, and the matching where it
    leaves some of both.
    """
    texts, usable = [], True
    for name, found in zip(("target", "reference"), unused, strict=True):
        left = int(np.isin(found.astype(str), ("", NO_PARTNER)).sum())
        usable &= left > 0
        if 2 * left < len(found):
            why, count = next(iter(counted(np.where(found == NO_PARTNER, "", found)).items()))
            texts.append(
                f"The screening leaves {left or 'none'} of the {len(found)} observations of the "
                f"{name}; its most frequent reason is '{why}' ({count}): {remedy(why, screening)}."
            )
    if usable:
        texts.append(
            "Choose sites that both have seen, a wider geometry than "
            f"{limits.distance_deg:g} degrees, or a longer time window."
        )
    return " ".join(texts)
