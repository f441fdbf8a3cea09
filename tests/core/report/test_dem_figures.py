# SPDX-License-Identifier: GPL-3.0-or-later
"""What reports on elevation models show of their differences."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.report.dem_comparison import _mean
from calval_toolbox.core.report.dem_figures import _edges, _limits, difference_histogram
from calval_toolbox.core.report.map_frame import map_frame


def test_a_histogram_shows_small_differences_and_tells_what_is_outside() -> None:
    values = np.random.default_rng(1).normal(0.0, 0.02, 10_000).astype(np.float32)
    values[:100] = 14.0
    edges = _edges(values, *_limits(values))
    assert -0.11 < edges[0] < edges[-1] < 0.11
    assert len(edges) > 100
    assert "all 1 %" in difference_histogram([("all", values, "#000000")]).caption
    whole = np.rint(values * 250.0)
    assert np.allclose(np.diff(_edges(whole, *_limits(whole))), 1.0)


def test_axes_of_maps_tell_where_they_lie() -> None:
    flat = map_frame(grid_from_epsg(32740, (359_800.0, 0.5, 0.0, 7_651_700.0, 0.0, -0.5), 800, 400))
    assert flat.extent == (0.0, 0.4, 0.0, 0.2)
    assert flat.xlabel == "km east of 359800 m, EPSG:32740"
    assert flat.ylabel == "km north of 7651500 m"
    round_ = map_frame(grid_from_epsg(4326, (5.2, 1e-3, 0.0, 60.1, 0.0, -1e-3), 100, 100))
    assert round_.xlabel == "km east of 5.2000°, EPSG:4326"
    assert round_.ylabel == "km north of 60.0000°"
    assert 1.95 < round_.height / round_.width < 2.05  # a degree east is half as long at 60 degrees


def test_a_mean_within_a_wide_interval_keeps_a_digit() -> None:
    assert _mean(0.043, -0.807, 0.893) == "0.04 [-0.81, 0.89] m"
