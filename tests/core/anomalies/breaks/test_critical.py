# SPDX-License-Identifier: GPL-3.0-or-later
"""Critical values against published numbers and against a simulation of their own."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.anomalies.breaks.critical import (
    PERIODS,
    WINDOWS,
    cusum_critical,
    mosum_critical,
    recursive_cusum_critical,
    simulate_mosum,
)
from calval_toolbox.core.errors import InputError


@pytest.mark.parametrize(("level", "value"), [(0.01, 3.368214), (0.05, 2.795483), (0.1, 2.500278)])
def test_cusum_is_that_of_strucchange(level: float, value: float) -> None:
    assert cusum_critical(level) == pytest.approx(value, abs=1e-6)


def test_recursive_cusum_is_that_of_brown_durbin_and_evans() -> None:
    # Table 1 of their paper: 0.948 at 5 %, 1.143 at 1 %.
    assert recursive_cusum_critical(0.05) == pytest.approx(0.948, abs=5e-4)
    assert recursive_cusum_critical(0.01) == pytest.approx(1.143, abs=5e-4)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("period", [2, 6, 10])
def test_table_is_what_a_simulation_gives(window: float, period: int) -> None:
    levels = (0.05, 0.02, 0.01)
    drawn = simulate_mosum(window, period, levels, runs=4000, history=300, seed=7)
    table = [mosum_critical(window, period, level) for level in levels]
    np.testing.assert_allclose(drawn, table, rtol=0.05)


def test_values_rise_with_window_period_and_confidence() -> None:
    table = np.array(
        [[[mosum_critical(w, p, a) for a in (0.05, 0.01, 0.001)] for p in PERIODS] for w in WINDOWS]
    )
    assert (np.diff(table, axis=0) > 0).all()
    assert (np.diff(table, axis=1) >= 0).all()
    assert (np.diff(table, axis=2) > 0).all()


@pytest.mark.parametrize(
    ("window", "period", "level"),
    [(0.3, 10, 0.05), (0.25, 11, 0.05), (0.25, 10, 0.06), (0.25, 10, 0.0)],
)
def test_what_no_table_has_is_a_sentence(window: float, period: int, level: float) -> None:
    with pytest.raises(InputError, match="no critical value"):
        mosum_critical(window, period, level)


def test_level_is_a_probability() -> None:
    with pytest.raises(InputError, match="probability"):
        cusum_critical(1.5)
