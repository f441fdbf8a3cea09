# SPDX-License-Identifier: GPL-3.0-or-later
"""A cross-calibration from measurements to coefficients, summaries and uncertainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..errors import InsufficientDataError
from ..progress import Part, Progress, Silent
from ..spread import TO_SIGMA
from ..types import FloatArray
from ..wording import signed
from .assumed_sizes import oversized
from .budget_types import Budget, Sizes
from .cross_summaries import BandSummary, Period, summaries
from .desert import Calibration, Settings, calibrate
from .directional import LEAST
from .meteo import Fill
from .spectral import Spectrum
from .summary import summarize
from .transfer import Side
from .trend_terms import wave
from .uncertainty import budget
from .variations import Variation, coefficients_with, one_sided_air, relative_change

_RESTLESS = 0.05  # scatter of the ratio of a band to its neighbors
_FEWEST = 10  # pairs that tell it
_NOTHING = 0.005  # percent that are shown as 0.00
_TIGHTER = 0.5  # how much narrower the matching is that tells what its width changes


@dataclass(frozen=True)
class CrossRun:
    """A calibration with its ``summaries``; ``budget`` is None where none was asked for; ``notes``
    are sentences for the user.
    """

    settings: Settings
    result: Calibration
    summaries: tuple[BandSummary, ...]
    budget: Budget | None
    notes: tuple[str, ...]

    @property
    def target(self) -> str:
        """The name of the sensor that is calibrated."""
        return self.result.way.target.measurements.sensor.name

    @property
    def reference(self) -> str:
        """The name of the sensor it is compared with."""
        return self.result.way.reference.measurements.sensor.name

    def whole(self, method: int = 0) -> tuple[BandSummary, ...]:
        """The summaries of all sites and the whole time, one per band."""
        name = self.result.methods[method]
        return tuple(
            one for one in self.summaries
            if one.method is name and not one.site and not one.period
        )  # fmt: skip


def cross_calibrate(
    target: Side,
    reference: Side,
    settings: Settings,
    period: Period = Period.WHOLE,
    sizes: Sizes | None = None,
    draws: int = 200,
    seed: int = 0,
    spectra: Mapping[str, Spectrum] | None = None,
    notes: Sequence[str] = (),
    progress: Progress | None = None,
) -> CrossRun:
    """Calibrate ``target`` against ``reference``; errors as ``desert.calibrate``.

    ``sizes``: standard uncertainties of the inputs, None for no budget, which takes ``draws``;
    ``notes`` are handed on.
    """
    progress = progress or Silent()
    share = 0.3 if sizes else 0.9
    result = calibrate(target, reference, settings, spectra, Part(progress, 0.0, share))
    made = None
    if sizes is not None:
        tighter = _narrower(target, reference, settings, result, spectra)
        part = Part(progress, share, 0.9)
        made = budget(result, sizes, tighter, draws, seed, progress=part)
    summed = summaries(result, period)
    told = (
        *notes,
        *_uncorrected(result),
        *restless_bands(result),
        *one_sided_note(result),
    )
    found = CrossRun(settings, result, summed, made, told)
    if made is None or sizes is None:
        return found
    return replace(found, notes=(*told, *oversized(made, sizes, found.whole())))


def _uncorrected(result: Calibration) -> tuple[str, ...]:
    """A sentence about sites whose directions are not corrected although that was asked for."""
    lacking = result.way.brdf.lacking if result.way.brdf is not None else ()
    if not lacking:
        return ()
    return (
        f"The reference has fewer than {LEAST} usable observations under different directions of "
        f"{', '.join(lacking)}: the directions of pairs there are not corrected.",
    )


def restless_bands(result: Calibration) -> tuple[str, ...]:
    """A sentence about bands of the reference whose ground does not go with that of their
    neighbors: from pair to pair the ratio to the line between them scatters by more than
    ``_RESTLESS``. That of healthy bands scatters by up to 0.02, that of saturated ones by 0.06 and
    more (MODIS over Libya-4). The worst one is taken out before its neighbors are judged.
    """
    bands = [result.way.reference.bands[number] for number in result.way.through]
    left = list(range(len(bands)))
    odd: dict[str, float] = {}
    while len(left) > 2:
        at = np.array([bands[number].effective_nm for number in left])
        scatter = _scatter(at, result.surface[:, left])
        worst = int(np.argmax(scatter))
        if not scatter[worst] > _RESTLESS:
            break
        odd[bands[left.pop(worst)].name] = float(scatter[worst])
    if not odd:
        return ()
    said = ", ".join(f"{name} ({100.0 * value:.0f} %)" for name, value in odd.items())
    others = ",".join(bands[number].name for number in left)
    return (
        f"Bands of {result.way.reference.measurements.sensor.name} that do not go with their "
        f"neighbors from pair to pair (scatter of the ratio): {said}. They may saturate over the "
        f"site, and falsify the spectrum: try again without them (REFERENCE_BANDS={others}).",
    )


def _scatter(at: FloatArray, ground: FloatArray) -> FloatArray:
    """For each band (c,) at the wavelengths ``at`` the relative scatter over the pairs of its
    ``ground`` (p, c) by the line between its neighbors; 0 of the outer ones and of few pairs.
    """
    found = np.zeros(len(at))
    for k in range(1, len(at) - 1):
        part = (at[k] - at[k - 1]) / (at[k + 1] - at[k - 1])
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = ground[:, k] / ((1.0 - part) * ground[:, k - 1] + part * ground[:, k + 1])
        ratio = ratio[np.isfinite(ratio)]
        if len(ratio) >= _FEWEST:
            middle = np.median(ratio)
            found[k] = TO_SIGMA * float(np.median(np.abs(ratio / middle - 1.0)))
    return found


def one_sided_note(result: Calibration) -> tuple[str, ...]:
    """A sentence about gases and aerosols that only one sensor states, with what the coefficients
    of the same pairs would be where its values were taken for both: their level, and their season.
    """
    found = one_sided_air(result)
    if not found:
        return ()
    both = Variation(meteo=replace(result.way.meteo, fill=Fill.PARTNER))
    said = "; ".join(one.words() for one in found)
    with np.errstate(divide="ignore", invalid="ignore"):
        changes = 100.0 * (coefficients_with(result, both) / result.a_k[0] - 1.0)
    shifts = relative_change(result, both)
    if not np.isfinite(shifts).any():
        return (f"{said}. METEO_FILL=partner takes the stated values for both.",)
    band = int(np.nanargmax(np.abs(shifts)))
    waves = [_seasonal(result, changes, number) for number in range(len(result.bands))]
    wavy = int(np.argmax(waves))
    if max(abs(shifts[band]), waves[wavy]) < _NOTHING:
        return ()
    season = (
        f", and lose a season of {waves[wavy]:.2f} % from its lowest to its highest month "
        f"({result.bands[wavy]}), which trends and halves of a year hold here"
        if waves[wavy] >= _NOTHING else ""
    )  # fmt: skip
    return (
        f"{said}. Use METEO_FILL=partner, which takes the stated values for both: coefficients "
        f"would change by up to {signed(float(shifts[band]))} % ({result.bands[band]}){season}. "
        "Standard errors do not hold this; in a budget the contributor 'ozone' does, as far as "
        "it is ozone.",
    )


def _seasonal(result: Calibration, changes: FloatArray, band: int) -> float:
    """From the lowest to the highest month, the wave of one year in the ``changes`` (p, b) of the
    kept pairs of a band, percent; 0 where they are few or do not cover the year.
    """
    kept = result.kept(0, band)
    kept = kept[np.isfinite(changes[kept, band])]
    time = result.way.target.measurements.time[result.pairs.target[kept]]
    if len(kept) < _FEWEST or len(np.unique(time.astype("datetime64[M]").astype(int) % 12)) < 9:
        return 0.0
    columns = np.column_stack([np.ones(len(kept)), wave(time)])
    found = np.linalg.lstsq(columns, changes[kept, band], rcond=None)[0]
    return float(2.0 * np.hypot(found[1], found[2]))


def interpolation_note(result: Calibration) -> tuple[str, ...]:
    """A sentence about what another way between the reference bands makes of the coefficients,
    where that is more than the standard error of their means: for results without a budget.
    """
    changes = relative_change(result, Variation(otherwise=True))
    seen = result.way.target.measurements.time[result.pairs.target]
    beyond = np.zeros(len(changes))
    for band in range(len(changes)):
        kept = result.kept(0, band)
        found = summarize(seen[kept], result.a_k[0, kept, band], trended=False)
        if abs(changes[band]) > 100.0 * found.sem / found.mean:
            beyond[band] = changes[band]
    if not beyond.any():
        return ()
    band = int(np.argmax(np.abs(beyond)))
    return (
        f"Between the bands of {result.way.reference.measurements.sensor.name} the ground is not "
        f"known: another spline would change coefficients by up to {signed(float(beyond[band]))} % "
        f"({result.bands[band]}). Their standard errors do not hold this.",
    )


def _narrower(
    target: Side,
    reference: Side,
    settings: Settings,
    result: Calibration,
    spectra: Mapping[str, Spectrum] | None,
) -> tuple[Calibration, ...]:
    """The same with narrower limits, where enough pairs are left to tell anything."""
    limits = replace(settings.limits, distance_deg=settings.limits.distance_deg * _TIGHTER)
    try:
        other = calibrate(target, reference, replace(settings, limits=limits), spectra)
    except InsufficientDataError:
        return ()
    return (other,) if len(other.pairs) >= max(10, 0.1 * len(result.pairs)) else ()
