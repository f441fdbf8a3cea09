# SPDX-License-Identifier: GPL-3.0-or-later
"""What each uncertain input makes of a coefficient: a budget by band and contributor.

After the Guide to the expression of uncertainty in measurement (JCGM 100:2008) and its supplement
on Monte Carlo (JCGM 101:2008). A systematic contributor changes all pairs and bands together; a
random one changes each observation by itself, but all bands of it alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..progress import Progress, Silent, check
from ..types import FloatArray
from .budget_terms import Terms
from .budget_types import KINDS, Budget, Sizes
from .control_variate import corrected_covariance
from .desert import Calibration


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
    made = Terms(result, sizes, tighter, method, progress)
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
    return Budget(
        result.bands, analytic, second, KINDS, combined, total, correlation, error, made.single
    )


def _strata(count: int, rng: np.random.Generator) -> FloatArray:
    """Standard normal numbers (count,), one out of each of as many equal shares, shuffled."""
    from scipy.stats import norm

    return np.asarray(norm.ppf((rng.permutation(count) + rng.random(count)) / count))
