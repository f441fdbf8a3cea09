# SPDX-License-Identifier: GPL-3.0-or-later
"""The contributors of one calibration: small changes of each, and draws of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..progress import Progress, check
from ..types import FloatArray
from .budget_types import KINDS, OVER_CLOUDS, Contributor, Kind, Sizes
from .desert import Calibration
from .meteo import OZONE, Shift
from .summary import summarize
from .variations import Variation, coefficients_with, means, one_sided_air, relative_change


@dataclass(frozen=True)
class Draw:
    """Standard normal numbers of the common AOT, the other inputs, the days (2, days), and the
    scatter (b,); uniform ones from -1 to 1 of ``widths``.
    """

    common: float
    others: Mapping[Contributor, float]
    days: FloatArray
    scatter: FloatArray
    widths: Mapping[Contributor, float]

    def opposite(self) -> Draw:
        """All signs turned but that of the common AOT."""
        return Draw(
            self.common, {name: -z for name, z in self.others.items()}, -self.days, -self.scatter,
            {name: -z for name, z in self.widths.items()},
        )  # fmt: skip


class Terms:
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
        absent = OVER_CLOUDS if corrected else (Contributor.BRDF, *OVER_CLOUDS)
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
        self.single: dict[Contributor, FloatArray] = {}  # of random ones, percent of one pair (b,)
        for number, name in enumerate(_SHIFTED):
            check(progress)
            progress.report(0.3 * number / len(_SHIFTED), f"Sensitivity: {name}")
            whole = KINDS[name] is Kind.SYSTEMATIC
            terms = self._expansion(name)
            first, second = (self._mean(one)[None] if whole else self._by_day(one) for one in terms)
            self._parts[name] = first, second
            if not whole:
                self.single[name] = np.sqrt(self._mean(terms[0] ** 2))

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

    def draw(self, common: float, rng: np.random.Generator) -> Draw:
        """A draw of all inputs, of which that of the common AOT is given."""
        others = {name: rng.standard_normal() for name in self.active}
        days, scatter = (
            rng.standard_normal(shape) for shape in ((2, self._days), len(self._plain))
        )
        widths = {name: rng.uniform(-1.0, 1.0) for name in self._widths}
        return Draw(common, others, days, scatter, widths)

    def changes(self, draw: Draw) -> tuple[FloatArray, FloatArray]:
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
        *OVER_CLOUDS,
    )
)  # fmt: skip
