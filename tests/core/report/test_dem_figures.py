# SPDX-License-Identifier: GPL-3.0-or-later
"""What reports on elevation models show of their differences."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from calval_toolbox.core.report.dem_comparison import _mean
from calval_toolbox.core.report.dem_figures import _edges, _limits, difference_histogram


def test_a_histogram_shows_small_differences_and_tells_what_is_outside() -> None:
    values = np.random.default_rng(1).normal(0.0, 0.02, 10_000).astype(np.float32)
    values[:100] = 14.0
    edges = _edges(values, *_limits(values))
    assert -0.11 < edges[0] < edges[-1] < 0.11
    assert len(edges) > 100
    assert "all 1 %" in difference_histogram([("all", values, "#000000")]).caption
    whole = np.rint(values * 250.0)
    assert np.allclose(np.diff(_edges(whole, *_limits(whole))), 1.0)


def test_a_mean_within_a_wide_interval_keeps_a_digit() -> None:
    assert _mean(0.043, -0.807, 0.893) == "0.04 [-0.81, 0.89] m"
