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
from .control_variate import corrected_covariance
from .desert import Calibration
from .meteo import OZONE, Shift
from .summary import summarize
from .variations import Variation, coefficients_with, means, one_sided_air, relative_change


class Kind(StrEnum):
    """Whether a contributor is common to all pairs, or differs from observation to observation."""

    SYSTEMATIC = "systematic"
    RANDOM = "random"


class Contributor(StrEnum):
    """What a coefficient depends on.

    ``*_COMMON``: the same error on both sides; ``*_DIFFERENCE``: an error of the target's date
    only, by which the two days differ. ``INTERPOLATION``: the way between the reference bands;
    ``RESPONSE``: the target's wavelengths; ``MATCHING``: the difference of directions and days that
    is allowed; ``BRDF``: the model that corrects directions, only where one does;
    ``REFERENCE``: the reference sensor's calibration, common to its bands;
    ``SCATTER``: the standard error that the spread of the pairs makes; it holds the differences
    between dates as well, so that the two together are on the safe side. Over clouds
    (``cloud_uncertainty``): ``CLOUD_TOP``: the pressure at their top; ``CLOUD_SPECTRUM``: how white
    they are; ``REFERENCE_BAND``: what its calibration makes of ratios of bands;
    ``CLOUD_SCATTER``: the bootstrap error of the statistic.
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
    BRDF = "brdf"
    REFERENCE = "reference"
    SCATTER = "scatter"
    CLOUD_TOP = "cloud_top"
    CLOUD_SPECTRUM = "cloud_spectrum"
    REFERENCE_BAND = "reference_band"
    CLOUD_SCATTER = "cloud_scatter"


@dataclass(frozen=True)
class Sizes:
    """Standard uncertainties of the inputs.

    AOT without unit; water vapor, ozone, pressure and the reference relative (0.1 is 10 %); the
    response in nanometers, ten times that where only the nominal wavelength of a band is known. The
    defaults: AOT 0.1 and water vapor 20 % are the day-to-day spread about assumed values over
    deserts; ozone 3 % and pressure 1 % that about climatologies; 0.5 nm of a response; the
    reference 1 % (between sensors; its absolute requirement is 3 to 5 %).
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

    ``analytic`` and ``monte_carlo``: by contributor, each (b,), to first and to second order;
    ``combined_analytic`` and ``combined_monte_carlo`` (b,): all together; ``error`` (b,): the
    standard error that the number of draws leaves to the latter; ``correlation`` (b, b): of the
    bands' errors in the draws. NaN for bands without kept pairs. Contributors that play no part are
    absent.
    """

    bands: tuple[str, ...]
    analytic: Mapping[Contributor, FloatArray]
    monte_carlo: Mapping[Contributor, FloatArray]
    kinds: Mapping[Contributor, Kind]
    combined_analytic: FloatArray
    combined_monte_carlo: FloatArray
    correlation: FloatArray
    error: FloatArray


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
    half-width of a uniform distribution, as does what another way of interpolating between the
    reference bands changes.

    All together is computed anew in each draw. What the same draw gives to second order is
    the control variate of ``corrected_covariance``, so that the draws only have to tell the rest.
    Draws come in pairs of opposite signs but for the level of the AOT, which is drawn in strata:
    the rest is mostly what little aerosol, which cannot be less than none, makes by itself.
    """
    sizes, progress = sizes or Sizes(), progress or Silent()
    made = _Budget(result, sizes, tighter, method, progress)
    rng = np.random.default_rng(seed)
    analytic = {name: made.analytic(name) for name in made.active}
    second = {name: made.second_order(name) for name in made.active}
    together, expected = [], []
    for number, common in enumerate(_strata((draws + 1) // 2, rng)):
        check(progress)
        progress.report(0.3 + 1.4 * number / (draws + 1), "Monte Carlo")
        one = made.draw(common, rng)
        for changed in (one, one.opposite()):
            found = made.changes(changed)
            together.append(found[0])
            expected.append(found[1])
    covariance, error = corrected_covariance(
        np.array(together), np.array(expected), made.covariance(), 2
    )
    total = np.sqrt(np.diag(covariance))
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = np.clip(covariance / np.outer(total, total), -1.0, 1.0)
    combined = np.sqrt(np.sum([value**2 for value in analytic.values()], axis=0))
    return Budget(result.bands, analytic, second, KINDS, combined, total, correlation, error)


def _strata(count: int, rng: np.random.Generator) -> FloatArray:
    """Standard normal numbers (count,), one out of each of as many equal shares, shuffled."""
    from scipy.stats import norm

    return np.asarray(norm.ppf((rng.permutation(count) + rng.random(count)) / count))


@dataclass(frozen=True)
class _Draw:
    """Standard normal numbers of the common AOT, the other inputs, the days (2, days), and the
    scatter (b,); uniform ones from -1 to 1 of ``widths``.
    """

    common: float
    others: Mapping[Contributor, float]
    days: FloatArray
    scatter: FloatArray
    widths: Mapping[Contributor, float]

    def opposite(self) -> _Draw:
        """All signs turned but that of the common AOT."""
        return _Draw(
            self.common, {name: -z for name, z in self.others.items()}, -self.days, -self.scatter,
            {name: -z for name, z in self.widths.items()},
        )  # fmt: skip


_RANDOM = (
    Contributor.AOT_DIFFERENCE, Contributor.WATER_DIFFERENCE, Contributor.SCATTER,
    Contributor.CLOUD_SCATTER,
)  # fmt: skip
_OVER_CLOUDS = (
    Contributor.CLOUD_TOP, Contributor.CLOUD_SPECTRUM, Contributor.REFERENCE_BAND,
    Contributor.CLOUD_SCATTER,
)  # fmt: skip
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
        self._ozone = _ozone_sizes(result, sizes.ozone)
        corrected = result.way.brdf is not None
        absent = _OVER_CLOUDS if corrected else (Contributor.BRDF, *_OVER_CLOUDS)
        self.active = tuple(one for one in Contributor if one not in absent)
        # Pairs that share a target observation share its day.
        _, self._day = np.unique(result.pairs.target, return_inverse=True)
        self._days = int(self._day.max()) + 1
        self._widths: dict[Contributor, FloatArray] = {
            Contributor.INTERPOLATION: self._other_spline(),
            Contributor.MATCHING: self._matching(tighter),
        }
        self._normal = {Contributor.SCATTER: self._errors()}
        if corrected:
            self._normal[Contributor.BRDF] = self._directions()
        # First and second order by day (days, b), of systematic ones of all days together (1, b).
        self._parts: dict[Contributor, tuple[FloatArray, FloatArray]] = {}
        for number, name in enumerate(_SHIFTED):
            check(progress)
            progress.report(0.3 * number / len(_SHIFTED), f"Sensitivity: {name}")
            whole = KINDS[name] is Kind.SYSTEMATIC
            first, second = (
                self._mean(term)[None] if whole else self._by_day(term)
                for term in self._expansion(name)
            )
            self._parts[name] = first, second

    def analytic(self, name: Contributor) -> FloatArray:
        """Standard uncertainty (b,) in percent, to first order."""
        if name in self._widths:
            return np.asarray(np.abs(self._widths[name]) / np.sqrt(3.0))
        if name in self._normal:
            return self._normal[name]
        return np.asarray(np.sqrt(np.sum(self._parts[name][0] ** 2, axis=0)))

    def second_order(self, name: Contributor) -> FloatArray:
        """Standard deviation (b,) of one contributor in percent, to second order."""
        return np.asarray(np.sqrt(np.diag(self._covariance(name))))

    def covariance(self) -> FloatArray:
        """Covariance (b, b) of all contributors in percent squared, to second order."""
        return np.asarray(np.sum([self._covariance(name) for name in self.active], axis=0))

    def _covariance(self, name: Contributor) -> FloatArray:
        if name in self._widths:
            return np.outer(self._widths[name], self._widths[name]) / 3.0
        if name is Contributor.SCATTER:
            return np.diag(self._normal[name] ** 2)
        if name in self._normal:
            return np.outer(self._normal[name], self._normal[name])
        # The variance of a z + b z^2 is a^2 + 2 b^2 for a standard normal z.
        first, second = self._parts[name]
        return np.asarray(first.T @ first + 2.0 * second.T @ second)

    def draw(self, common: float, rng: np.random.Generator) -> _Draw:
        """A draw of all inputs, of which that of the common AOT is given."""
        others = {name: rng.standard_normal() for name in self.active}
        days, scatter = (
            rng.standard_normal(shape) for shape in ((2, self._days), len(self._plain))
        )
        widths = {name: rng.uniform(-1.0, 1.0) for name in self._widths}
        return _Draw(common, others, days, scatter, widths)

    def changes(self, draw: _Draw) -> tuple[FloatArray, FloatArray]:
        """The change (b,) in percent by a draw, computed anew, and what it is to second order."""
        one = {**draw.others, Contributor.AOT_COMMON: draw.common}
        sizes, days = self._sizes, draw.days
        day = days[:, self._day]
        common = Shift(
            aot=sizes.aot * one[Contributor.AOT_COMMON],
            water=sizes.water * one[Contributor.WATER_COMMON],
            pressure=sizes.pressure * one[Contributor.PRESSURE],
        )  # fmt: skip
        ozone = one[Contributor.OZONE_COMMON]
        target = replace(
            common, aot=common.aot + sizes.aot_difference * day[0],
            water=common.water + sizes.water_difference * day[1],
            ozone=self._ozone[0] * ozone,
        )  # fmt: skip
        variation = Variation(
            target, replace(common, ozone=self._ozone[1] * ozone),
            sizes.response_nm * one[Contributor.RESPONSE],
            sizes.reference * one[Contributor.REFERENCE],
        )  # fmt: skip
        values = coefficients_with(self._result, variation, self._method)
        change = 100.0 * (self._mean(values) / self._plain - 1.0)
        by_day = {Contributor.AOT_DIFFERENCE: days[0], Contributor.WATER_DIFFERENCE: days[1]}
        expected = np.zeros(len(change))
        for name, (first, second) in self._parts.items():
            z = by_day.get(name, np.array([one[name]]))
            expected = expected + z @ first + z**2 @ second
        rest = self._normal[Contributor.SCATTER] * draw.scatter
        for name, width in self._widths.items():
            rest = rest + width * draw.widths[name]
        if Contributor.BRDF in self._normal:
            # One model serves all bands, and errs to one side in neighbors.
            rest = rest + self._normal[Contributor.BRDF] * one[Contributor.BRDF]
        return np.asarray(change + rest), np.asarray(expected + rest)

    def _expansion(self, name: Contributor) -> tuple[FloatArray, FloatArray]:
        """First and second order change (p, b) in percent by one standard uncertainty."""
        up, down = (
            coefficients_with(
                self._result, _shift(self._sizes, self._ozone, name, sign), self._method
            )
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
        return relative_change(self._result, Variation(otherwise=True), self._method)

    def _directions(self) -> FloatArray:
        """Standard uncertainty (b,): another model as a uniform half-width, and how far fits to
        every other observation are apart.
        """
        made = self._result.way.brdf
        if made is None:
            return np.zeros(len(self._plain))
        other, *halves = (
            relative_change(self._result, Variation(directions=factor), self._method)
            for factor in (made.other, *made.halves)
        )
        return np.asarray(np.hypot(other / np.sqrt(3.0), (halves[0] - halves[1]) / 2.0))

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


def _ozone_sizes(result: Calibration, size: float) -> tuple[float, float]:
    """Standard uncertainties (relative) of the ozone of target and reference, that err together.

    Where only one of them states it, an assumed column stands for the other: its errors, which do
    not cancel, are how far the stated columns are from it besides.
    """
    for one in one_sided_air(result):
        if one.name == OZONE and size:
            silent = float(np.hypot(size, one.away))
            return (silent, 0.0) if one.of_target else (0.0, silent)
    return size, size


def _shift(sizes: Sizes, ozone: tuple[float, float], name: Contributor, z: float) -> Variation:
    if name is Contributor.OZONE_COMMON:
        return Variation(Shift(ozone=z * ozone[0]), Shift(ozone=z * ozone[1]))
    both = {
        Contributor.AOT_COMMON: Shift(aot=z * sizes.aot),
        Contributor.WATER_COMMON: Shift(water=z * sizes.water),
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
    if name not in (
        Contributor.INTERPOLATION, Contributor.MATCHING, Contributor.BRDF, Contributor.SCATTER,
        *_OVER_CLOUDS,
    )
)  # fmt: skip
