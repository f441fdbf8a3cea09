# SPDX-License-Identifier: GPL-3.0-or-later
"""What an uncertainty budget is made of: contributors, their kinds and sizes, and its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..types import FloatArray


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
    absent. ``single``: of contributors that change each date by itself, what they make of one pair
    (b,), to first order.
    """

    bands: tuple[str, ...]
    analytic: Mapping[Contributor, FloatArray]
    monte_carlo: Mapping[Contributor, FloatArray]
    kinds: Mapping[Contributor, Kind]
    combined_analytic: FloatArray
    combined_monte_carlo: FloatArray
    correlation: FloatArray
    error: FloatArray
    single: Mapping[Contributor, FloatArray] = field(default_factory=dict)


_RANDOM = (
    Contributor.AOT_DIFFERENCE, Contributor.WATER_DIFFERENCE, Contributor.SCATTER,
    Contributor.CLOUD_SCATTER,
)  # fmt: skip
OVER_CLOUDS = (
    Contributor.CLOUD_TOP, Contributor.CLOUD_SPECTRUM, Contributor.REFERENCE_BAND,
    Contributor.CLOUD_SCATTER,
)  # fmt: skip
KINDS = {name: Kind.RANDOM if name in _RANDOM else Kind.SYSTEMATIC for name in Contributor}
