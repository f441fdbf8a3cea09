# SPDX-License-Identifier: GPL-3.0-or-later
"""What each uncertain input makes of coefficients over clouds: a budget by band and contributor.

After JCGM 100:2008 and 101:2008, as ``uncertainty`` does it over deserts. The coefficients are
relative to the reference band and of the median. The clouds stay the selected ones; each input
changes all of them together, and the scatter of the clouds is the bootstrap error of the median.

The optical thickness of the cloud is in no contributor: the reference band measures the level of
each cloud, and only the *shape* of its spectrum matters (Fougnie & Bach 2009, IEEE TGRS 47(3),
doi:10.1109/TGRS.2008.2001148: 0.2 % altogether if the reference band is perfect). No figure of that
shape by band is known here: it counts only where a size is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..types import FloatArray
from .atmosphere import Air
from .budget_types import KINDS, Budget, Contributor
from .cloud_model import cloud_reflectance, toa_reflectance
from .cloud_response import moved_band
from .control_variate import corrected_covariance
from .transfer import Side

_LEAST_HPA = 10.0  # at the top of any cloud
# What changes all bands by one number; of the response that of the reference band, which they have
# in common. Each band has its own besides.
_COMMON = (
    Contributor.OZONE_COMMON, Contributor.CLOUD_TOP, Contributor.REFERENCE_BAND,
    Contributor.RESPONSE,
)  # fmt: skip


@dataclass(frozen=True)
class CloudSizes:
    """Standard uncertainties of the inputs: ozone column and calibration of the reference band
    relative (0.03 is 3 %), pressure at the cloud top in hPa; ``spectrum``: of the reflectance of
    the cloud in a band by that in the reference band, relative, independent between bands;
    ``response_nm``: of the wavelengths of each band by itself. Unlike over the ground, whose
    spectrum is read at the wavelength of a band, the coefficients do not use the table of a
    response: it is in those of SMAC, so that a band is as well known without it.

    The defaults are assumptions: ozone as about climatologies over deserts (``uncertainty.Sizes``),
    50 hPa between cloud tops of 130 and 230 hPa, the reference band 3 % (the goal for the absolute
    calibration of Sentinel-2), and no size of the spectrum, for which no source is at hand.
    """

    ozone: float = 0.03
    top_hpa: float = 50.0
    reference: float = 0.03
    spectrum: float = 0.0
    response_nm: float = 0.5


def cloud_budget(
    side: Side,
    reference: int,
    bands: Sequence[int],
    air: Air,
    spectrum: Mapping[str, float],
    sizes: CloudSizes,
    scatter: FloatArray,
    draws: int = 200,
    seed: int = 0,
) -> Budget:
    """The uncertainty (percent of A_k) of ``bands`` against the ``reference`` (indices) over the
    clouds of ``side``, analytic and by Monte Carlo side by side.

    ``air``: above the clouds as assumed; ``spectrum``: as ``CloudSettings``; ``scatter`` (b,):
    bootstrap errors in percent, NaN where unknown, which leaves that contributor out.
    """
    made = _CloudBudget(side, reference, bands, air, spectrum, sizes, scatter)
    rng = np.random.default_rng(seed)
    together, expected = [], []
    for _ in range((max(draws, 4) + 1) // 2):
        common = rng.standard_normal(len(_COMMON))
        own = rng.standard_normal((len(made.alone), len(bands)))
        for sign in (1.0, -1.0):
            found = made.draw(sign * common, sign * own)
            together.append(found[0])
            expected.append(found[1])
    known = np.zeros((len(bands), len(bands)))
    for name in made.active:
        known = known + made.covariance(name)
    covariance, error = corrected_covariance(np.array(together), np.array(expected), known, 2)
    total = np.sqrt(np.diag(covariance))
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = np.clip(covariance / np.outer(total, total), -1.0, 1.0)
    analytic = {name: made.analytic(name) for name in made.active}
    second = {name: np.asarray(np.sqrt(np.diag(made.covariance(name)))) for name in made.active}
    combined = np.sqrt(sum((value**2 for value in analytic.values()), np.zeros(len(bands))))
    names = tuple(side.bands[band].name for band in bands)
    return Budget(names, analytic, second, KINDS, combined, total, correlation, error)


class _CloudBudget:
    """The contributors: first and second order of common inputs, and what each band has alone."""

    def __init__(
        self, side: Side, reference: int, bands: Sequence[int], air: Air,
        spectrum: Mapping[str, float], sizes: CloudSizes, scatter: FloatArray,
    ) -> None:  # fmt: skip
        self._side, self._reference, self._bands, self._air = side, reference, bands, air
        self._shape = [spectrum.get(side.bands[band].name, 1.0) for band in bands]
        self._sizes = sizes
        self._known = [np.isfinite(side.measurements["mean"][:, band]) for band in bands]
        self._plain = self._simulated({})
        self._parts = {}
        for name in _COMMON:
            up, down = (self._change({name: sign}) for sign in (1.0, -1.0))
            if np.nanmax(np.abs([up, down])) > 0.0:
                self._parts[name] = (up - down) / 2.0, (up + down) / 2.0
        self.alone: dict[Contributor, FloatArray] = {}
        if sizes.response_nm:
            up, down = (self._change({}, sign) for sign in (1.0, -1.0))
            self.alone[Contributor.RESPONSE] = np.abs(up - down) / 2.0
        if sizes.spectrum:
            self.alone[Contributor.CLOUD_SPECTRUM] = np.full(len(bands), 100.0 * sizes.spectrum)
        if np.isfinite(scatter).any():
            self.alone[Contributor.CLOUD_SCATTER] = np.asarray(scatter, dtype=np.float64)
        self.active = tuple(one for one in Contributor if one in {*self._parts, *self.alone})

    def analytic(self, name: Contributor) -> FloatArray:
        """Standard uncertainty (b,) in percent, to first order."""
        nothing = np.zeros(len(self._bands))
        first, _ = self._parts.get(name, (nothing, nothing))
        return np.asarray(np.hypot(first, self.alone.get(name, nothing)))

    def covariance(self, name: Contributor) -> FloatArray:
        """Covariance (b, b) in percent squared, to second order."""
        nothing = np.zeros(len(self._bands))
        # The variance of a z + b z^2 is a^2 + 2 b^2 for a standard normal z.
        first, second = self._parts.get(name, (nothing, nothing))
        common = np.outer(first, first) + 2.0 * np.outer(second, second)
        return np.asarray(common + np.diag(self.alone.get(name, nothing) ** 2))

    def draw(self, common: FloatArray, own: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The change (b,) in percent by a draw, computed anew, and what it is to second order."""
        given = dict(zip(_COMMON, common.tolist(), strict=True))
        expected = np.zeros(len(self._bands))
        for name, (first, second) in self._parts.items():
            expected = expected + given[name] * first + given[name] ** 2 * second
        rest = np.zeros(len(self._bands))
        for size, z in zip(self.alone.values(), own, strict=True):
            rest = rest + size * z
        return self._change(given) + rest, expected + rest

    def _change(self, z: Mapping[Contributor, float], own: float = 0.0) -> FloatArray:
        """By how many percent A_k relative to the reference band changes (b,); ``own``: by how many
        standard uncertainties the response of each band lies too far in the red.
        """
        # A_k by that of the reference band: what both have in common of a gain cancels.
        gain = 1.0 + self._sizes.reference * z.get(Contributor.REFERENCE_BAND, 0.0)
        return np.asarray(100.0 * (self._plain / self._simulated(z, own) / gain - 1.0))

    def _moved(self, z: float, reference: bool) -> Side:
        """The sensor with the response of the reference band, or of all others, moved."""
        bands = tuple(
            moved_band(band, z * self._sizes.response_nm)
            if (number == self._reference) is reference else band
            for number, band in enumerate(self._side.bands)
        )  # fmt: skip
        return replace(self._side, bands=bands)

    def _simulated(self, z: Mapping[Contributor, float], own: float = 0.0) -> FloatArray:
        """Medians (b,) of the simulated reflectances, with shifted inputs."""
        ozone = 1.0 + self._sizes.ozone * z.get(Contributor.OZONE_COMMON, 0.0)
        top = self._air.pressure_hpa + self._sizes.top_hpa * z.get(Contributor.CLOUD_TOP, 0.0)
        air = self._air._replace(
            ozone_du=np.asarray(self._air.ozone_du) * max(ozone, 0.0),
            pressure_hpa=max(float(top), _LEAST_HPA),
        )
        # A reference band that measures too much by its gain makes the clouds too bright.
        gain = 1.0 + self._sizes.reference * z.get(Contributor.REFERENCE_BAND, 0.0)
        seen = self._moved(z.get(Contributor.RESPONSE, 0.0), reference=True)
        cloud = cloud_reflectance(seen, self._reference, air, gain)
        side, found = self._moved(own, reference=False), []
        for band, shape, known in zip(self._bands, self._shape, self._known, strict=True):
            toa = toa_reflectance(side, band, cloud * shape, air)[known]
            toa = toa[np.isfinite(toa)]
            found.append(float(np.median(toa)) if len(toa) else float("nan"))
        return np.array(found)
