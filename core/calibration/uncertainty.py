# SPDX-License-Identifier: GPL-3.0-or-later
"""What each uncertain input makes of a coefficient: a budget by band and contributor.

After the Guide to the expression of uncertainty in measurement (JCGM 100:2008) and its supplement
on Monte Carlo (JCGM 101:2008). A systematic contributor changes all pairs and bands together; a
random one changes each observation by itself, but all bands of it alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from ..progress import Progress, Silent, check
from ..types import FloatArray
from .desert import Calibration
from .meteo import NO_SHIFT, Shift
from .summary import summarize
from .transfer import SpectralMethod, Transfer


class Kind(StrEnum):
    """Whether a contributor is common to all pairs, or differs from observation to observation."""

    SYSTEMATIC = "systematic"
    RANDOM = "random"


class Contributor(StrEnum):
    """What a coefficient depends on.

    ``*_COMMON``: the same error on both sides; ``*_DIFFERENCE``: an error of the target's date
    only, by which the two days differ. ``INTERPOLATION``: the way between the reference bands;
    ``RESPONSE``: the target's wavelengths; ``MATCHING``: the difference of directions and days that
    is allowed; ``REFERENCE``: the reference sensor's calibration, common to its bands;
    ``SCATTER``: the standard error that the spread of the pairs makes; it holds the differences
    between dates as well, so that the two together are on the safe side.
    """

    AOT_COMMON = "aot"
    AOT_DIFFERENCE = "aot_difference"
    WATER_COMMON = "water_vapor"
    WATER_DIFFERENCE = "water_vapor_difference"
    OZONE_COMMON = "ozone"
    PRESSURE = "pressure"
    INTERPOLATION = "interpolation"
    RESPONSE = "response"
    MATCHING = "matching"
    REFERENCE = "reference"
    SCATTER = "scatter"


@dataclass(frozen=True)
class Sizes:
    """Standard uncertainties of the inputs.

    AOT without unit; water vapor, ozone, pressure and the reference relative (0.1 is 10 %); the
    response in nanometers. The defaults: AOT 0.1 and water vapor 20 % are the day-to-day spread
    about assumed values over deserts; ozone 3 % and pressure 1 % that about climatologies; 0.5 nm
    of a response; the reference 1 % (between sensors; its absolute requirement is 3 to 5 %).
    """

    aot: float = 0.1
    aot_difference: float = 0.1
    water: float = 0.2
    water_difference: float = 0.2
    ozone: float = 0.03
    pressure: float = 0.01
    response_nm: float = 0.5
    reference: float = 0.01


@dataclass(frozen=True)
class Budget:
    """Standard uncertainties (percent of A_k) of the mean coefficients.

    ``analytic`` and ``monte_carlo``: by contributor, each (b,); ``combined_analytic`` and
    ``combined_monte_carlo`` (b,): all together; ``correlation`` (b, b): of the bands' errors in the
    Monte Carlo draws. NaN for bands without kept pairs.
    """

    bands: tuple[str, ...]
    analytic: Mapping[Contributor, FloatArray]
    monte_carlo: Mapping[Contributor, FloatArray]
    kinds: Mapping[Contributor, Kind]
    combined_analytic: FloatArray
    combined_monte_carlo: FloatArray
    correlation: FloatArray


@dataclass(frozen=True)
class Variation:
    """A changed way of computing the coefficients."""

    target: Shift = NO_SHIFT
    reference: Shift = NO_SHIFT
    response_nm: float = 0.0
    gain: float = 0.0  # of the reference sensor, relative
    method: SpectralMethod | None = None


def coefficients_with(result: Calibration, variation: Variation, method: int = 0) -> FloatArray:
    """The coefficients (p, b) of the same pairs under a ``variation``."""
    way = result.way
    if variation.response_nm:
        way = _shifted(way, variation.response_nm)
    ground = way.ground(variation.reference)
    if variation.gain:
        # What the reference measures is multiplied; its ground is nearly proportional.
        measured = way.reference.measurements
        changed = measured.with_columns(mean=measured["mean"] * (1.0 + variation.gain))
        side = replace(way.reference, measurements=changed)
        ground = replace(way, reference=side).ground(variation.reference)
    chosen = variation.method or result.methods[method]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(way.measured / way.simulated(chosen, ground, variation.target))


def means(result: Calibration, values: FloatArray, method: int = 0) -> FloatArray:
    """Means (b,) of coefficients (p, b) over the pairs that the result keeps; NaN for none."""
    return np.array([
        values[kept, band].mean() if len(kept := result.kept(method, band)) else np.nan
        for band in range(len(result.bands))
    ])  # fmt: skip


def relative_change(result: Calibration, variation: Variation, method: int = 0) -> FloatArray:
    """By how many percent the mean coefficients (b,) change under a ``variation``."""
    plain = means(result, result.a_k[method], method)
    return 100.0 * (means(result, coefficients_with(result, variation, method), method) / plain - 1)


def budget(
    result: Calibration,
    sizes: Sizes | None = None,
    tighter: Sequence[Calibration] = (),
    draws: int = 200,
    seed: int = 0,
    method: int = 0,
    progress: Progress | None = None,
) -> Budget:
    """The uncertainty of the mean coefficients, analytic and by Monte Carlo side by side.

    ``tighter``: the same calibration with narrower matching; what they differ by counts as the
    half-width of a uniform distribution, as does the difference of spline and monotone spline.
    """
    sizes, progress = sizes or Sizes(), progress or Silent()
    made = _Budget(result, sizes, tighter, method, progress)
    rng = np.random.default_rng(seed)
    analytic = {name: made.analytic(name) for name in Contributor}
    sampled = {name: made.sampled(name, draws, rng) for name in Contributor}
    together = np.empty((draws, len(result.bands)))
    for number in range(draws):
        check(progress)
        progress.report(0.3 + 0.7 * number / draws, "Monte Carlo")
        together[number] = made.drawn(rng)
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = np.corrcoef(together, rowvar=False).reshape(2 * (len(result.bands),))
    combined = np.sqrt(np.sum([value**2 for value in analytic.values()], axis=0))
    return Budget(
        result.bands, analytic, sampled, KINDS, combined, together.std(axis=0, ddof=1), correlation
    )


_RANDOM = (Contributor.AOT_DIFFERENCE, Contributor.WATER_DIFFERENCE, Contributor.SCATTER)
KINDS = {name: Kind.RANDOM if name in _RANDOM else Kind.SYSTEMATIC for name in Contributor}


class _Budget:
    """The contributors of one result: small changes of each, and draws of them."""

    def __init__(
        self,
        result: Calibration,
        sizes: Sizes,
        tighter: Sequence[Calibration],
        method: int,
        progress: Progress,
    ) -> None:
        self._result, self._sizes, self._method = result, sizes, method
        self._plain = means(result, result.a_k[method], method)
        # Pairs that share a target observation share its day.
        _, self._day = np.unique(result.pairs.target, return_inverse=True)
        self._days = int(self._day.max()) + 1
        self._widths: dict[Contributor, FloatArray] = {
            Contributor.INTERPOLATION: self._other_spline(),
            Contributor.MATCHING: self._matching(tighter),
        }
        self._scatter = self._errors()
        self._terms: dict[Contributor, tuple[FloatArray, FloatArray]] = {}
        for number, name in enumerate(_SHIFTED):
            check(progress)
            progress.report(0.3 * number / len(_SHIFTED), f"Sensitivity: {name}")
            self._terms[name] = self._expansion(name)

    def analytic(self, name: Contributor) -> FloatArray:
        """Standard uncertainty (b,) in percent, to first order."""
        if name in self._widths:
            return np.asarray(np.abs(self._widths[name]) / np.sqrt(3.0))
        if name is Contributor.SCATTER:
            return self._scatter
        first, _ = self._terms[name]
        if KINDS[name] is Kind.SYSTEMATIC:
            return np.abs(self._mean(first))
        by_day = self._by_day(first)
        return np.asarray(np.sqrt(np.sum(by_day**2, axis=0)))

    def sampled(self, name: Contributor, draws: int, rng: np.random.Generator) -> FloatArray:
        """Standard deviation (b,) of draws of one contributor, to second order."""
        if name in self._widths:
            drawn = self._widths[name] * rng.uniform(-1.0, 1.0, (draws, 1))
        elif name is Contributor.SCATTER:
            drawn = self._scatter * rng.standard_normal((draws, len(self._scatter)))
        elif KINDS[name] is Kind.SYSTEMATIC:
            z = rng.standard_normal((draws, 1))
            first, second = (self._mean(term) for term in self._terms[name])
            drawn = first * z + second * z**2
        else:
            z = rng.standard_normal((draws, self._days))
            first, second = (self._by_day(term) for term in self._terms[name])
            drawn = z @ first + z**2 @ second
        return np.asarray(drawn.std(axis=0, ddof=1))

    def drawn(self, rng: np.random.Generator) -> FloatArray:
        """The change (b,) in percent in one draw of all contributors, computed anew."""
        one = {name: rng.standard_normal() for name in Contributor}
        sizes, day = self._sizes, rng.standard_normal((2, self._days))[:, self._day]
        common = Shift(
            sizes.aot * one[Contributor.AOT_COMMON], sizes.ozone * one[Contributor.OZONE_COMMON],
            sizes.water * one[Contributor.WATER_COMMON],
            sizes.pressure * one[Contributor.PRESSURE],
        )  # fmt: skip
        target = replace(
            common, aot=common.aot + sizes.aot_difference * day[0],
            water=common.water + sizes.water_difference * day[1],
        )  # fmt: skip
        variation = Variation(
            target, common, sizes.response_nm * one[Contributor.RESPONSE],
            sizes.reference * one[Contributor.REFERENCE],
        )  # fmt: skip
        values = coefficients_with(self._result, variation, self._method)
        change = 100.0 * (self._mean(values) / self._plain - 1.0)
        for width in self._widths.values():
            change = change + width * rng.uniform(-1.0, 1.0)
        return np.asarray(change + self._scatter * rng.standard_normal(len(change)))

    def _expansion(self, name: Contributor) -> tuple[FloatArray, FloatArray]:
        """First and second order change (p, b) in percent by one standard uncertainty."""
        up, down = (
            coefficients_with(self._result, _shift(self._sizes, name, sign), self._method)
            for sign in (1.0, -1.0)
        )
        scale, plain = 100.0 / self._plain, self._result.a_k[self._method]
        return scale * (up - down) / 2.0, scale * ((up + down) / 2.0 - plain)

    def _mean(self, values: FloatArray) -> FloatArray:
        return means(self._result, values, self._method)

    def _by_day(self, values: FloatArray) -> FloatArray:
        """What each day (days, b) adds to the means."""
        found = np.full((self._days, values.shape[1]), np.nan)
        for band in range(values.shape[1]):
            kept = self._result.kept(self._method, band)
            if len(kept):
                sums = np.bincount(self._day[kept], values[kept, band], minlength=self._days)
                found[:, band] = sums / len(kept)
        return found

    def _other_spline(self) -> FloatArray:
        spline = self._result.methods[self._method] is SpectralMethod.SPLINE
        other = SpectralMethod.MONOTONE if spline else SpectralMethod.SPLINE
        return relative_change(self._result, Variation(method=other), self._method)

    def _matching(self, tighter: Sequence[Calibration]) -> FloatArray:
        """The largest change (b,) among narrower matchings; 0 where none is given."""
        widest = np.zeros(len(self._plain))
        for other in tighter:
            same = [other.bands.index(band) for band in self._result.bands]
            found = means(other, other.a_k[self._method], self._method)[same]
            change = 100.0 * (found / self._plain - 1.0)
            widest = np.where(np.abs(change) > np.abs(widest), change, widest)
        return widest

    def _errors(self) -> FloatArray:
        """Standard errors (b,) of the means in percent, from the scatter of the pairs."""
        errors = []
        times = self._result.way.target.measurements.time[self._result.pairs.target]
        for band in range(len(self._plain)):
            kept = self._result.kept(self._method, band)
            errors.append(summarize(times[kept], self._result.a_k[self._method, kept, band]).sem)
        return np.asarray(100.0 * np.array(errors) / self._plain)


def _shift(sizes: Sizes, name: Contributor, z: float) -> Variation:
    both = {
        Contributor.AOT_COMMON: Shift(aot=z * sizes.aot),
        Contributor.WATER_COMMON: Shift(water=z * sizes.water),
        Contributor.OZONE_COMMON: Shift(ozone=z * sizes.ozone),
        Contributor.PRESSURE: Shift(pressure=z * sizes.pressure),
    }
    if name in both:
        return Variation(both[name], both[name])
    return {
        Contributor.AOT_DIFFERENCE: Variation(target=Shift(aot=z * sizes.aot_difference)),
        Contributor.WATER_DIFFERENCE: Variation(target=Shift(water=z * sizes.water_difference)),
        Contributor.RESPONSE: Variation(response_nm=z * sizes.response_nm),
        Contributor.REFERENCE: Variation(gain=z * sizes.reference),
    }[name]


_SHIFTED = tuple(
    name for name in Contributor
    if name not in (Contributor.INTERPOLATION, Contributor.MATCHING, Contributor.SCATTER)
)  # fmt: skip


def _shifted(way: Transfer, shift_nm: float) -> Transfer:
    bands = tuple(
        band if band.response is None else replace(band, response=band.response.shifted(shift_nm))
        for band in way.target.bands
    )
    return replace(way, target=replace(way.target, bands=bands))
