# SPDX-License-Identifier: GPL-3.0-or-later
"""The seasonal model against planted coefficients."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.anomalies.harmonics import design, harmonics_for, years

TIMES = np.datetime64("2018-01-03", "ms") + np.arange(0, 1500, 7) * np.timedelta64(1, "D")


def test_years_are_centered_and_in_years() -> None:
    t = years(TIMES)
    assert t[0] == -t[-1]
    assert t[1] - t[0] == pytest.approx(7 / 365.25)


def test_planted_coefficients_come_back() -> None:
    t = years(TIMES)
    planted = np.array([0.2, 0.01, 0.05, -0.03, 0.02, 0.01, -0.004, 0.006])
    values = (
        0.2 + 0.01 * t
        + 0.05 * np.cos(2 * np.pi * t) - 0.03 * np.sin(2 * np.pi * t)
        + 0.02 * np.cos(4 * np.pi * t) + 0.01 * np.sin(4 * np.pi * t)
        - 0.004 * np.cos(6 * np.pi * t) + 0.006 * np.sin(6 * np.pi * t)
    )  # fmt: skip
    found = np.linalg.lstsq(design(t, 3), values, rcond=None)[0]
    np.testing.assert_allclose(found, planted, atol=1e-12)


def test_normal_matrix_is_well_conditioned() -> None:
    assert np.linalg.cond(design(years(TIMES), 3)) < 10


@pytest.mark.parametrize(("count", "expected"), [(11, 0), (12, 1), (17, 1), (18, 2), (24, 3)])
def test_harmonics_follow_the_number_of_observations(count: int, expected: int) -> None:
    assert harmonics_for(count) == expected


def test_one_date_is_the_middle() -> None:
    assert years(TIMES[:1]).tolist() == [0.0]
