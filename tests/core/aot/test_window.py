# SPDX-License-Identifier: GPL-3.0-or-later
"""Statistics of a window against numpy on planted fields."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.aot.window import AotPixels, Scaling, plane_slope, summarize_window

SCALE = 1 / 200


def _pixels(dn: np.ndarray, **masks: np.ndarray) -> AotPixels:
    false, true = np.zeros(dn.shape, bool), np.ones(dn.shape, bool)
    used = masks.get("used", true)
    return AotPixels(
        dn,
        used,
        masks.get("inside", true),
        masks.get("cloud", false),
        masks.get("gapfilled", false),
        masks.get("zero", false),
        masks.get("vapor"),
        masks.get("vapor_used"),
    )


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32])
@pytest.mark.parametrize("count", [1200, 1199])
def test_statistics_equal_numpy(dtype: type, count: int) -> None:
    rng = np.random.default_rng(3)
    dn = rng.integers(1, 250, (30, 40)).astype(dtype)
    used = np.zeros(1200, bool)
    used[:count] = True
    used = rng.permutation(used).reshape(dn.shape)
    result = summarize_window(_pixels(dn, used=used), 2400, 20.0, Scaling(SCALE, 0.01))
    values = dn[used].astype(np.float64) * SCALE + 0.01
    assert result.aot_mean == pytest.approx(values.mean(), abs=1e-12)
    assert result.aot_median == pytest.approx(np.median(values), abs=1e-12)
    assert result.aot_std == pytest.approx(values.std(ddof=1), abs=1e-12)
    assert result.valid_fraction == pytest.approx(count / 2400)


def test_gradient_of_a_tilted_plane_with_holes() -> None:
    rows, columns = np.mgrid[0:50, 0:50]
    dn = (1000 + 3 * columns + 4 * rows).astype(np.uint16)
    used = np.random.default_rng(5).random(dn.shape) > 0.3
    assert plane_slope(dn, used) == pytest.approx(5.0, rel=1e-6)
    # 5 DN per pixel of 20 m is 250 DN per km
    result = summarize_window(_pixels(dn, used=used), 2500, 20.0, Scaling(0.001))
    assert result.aot_gradient == pytest.approx(0.25, rel=1e-6)


def test_gradient_equals_least_squares_on_noise() -> None:
    rng = np.random.default_rng(8)
    dn = rng.integers(0, 255, (17, 31)).astype(np.uint8)
    used = rng.random(dn.shape) > 0.5
    rows, columns = np.nonzero(used)
    design = np.column_stack([np.ones(len(rows)), columns, rows])
    solution = np.linalg.lstsq(design, dn[used].astype(float), rcond=None)[0]
    assert plane_slope(dn, used) == pytest.approx(np.hypot(solution[1], solution[2]), rel=1e-5)


def test_gradient_is_empty_where_no_plane_is_defined() -> None:
    dn = np.full((20, 20), 7, np.uint8)
    diagonal = np.eye(20, dtype=bool)
    assert np.isnan(plane_slope(dn, diagonal))
    assert np.isnan(plane_slope(dn, np.zeros((20, 20), bool)))
    assert plane_slope(dn, np.ones((20, 20), bool)) == pytest.approx(0.0, abs=1e-9)


def test_shares_and_counts() -> None:
    dn = np.full((10, 10), 40, np.uint8)
    dn[0, :3] = 255
    dn[1, :2] = 0
    inside = np.ones((10, 10), bool)
    inside[9] = False
    cloud = np.zeros((10, 10), bool)
    cloud[8:] = True
    zero = (dn == 0) & inside
    used = inside & ~cloud & (dn > 0)
    gapfilled = np.zeros((10, 10), bool)
    gapfilled[4] = gapfilled[9] = True
    pixels = _pixels(dn, used=used, inside=inside, cloud=cloud, zero=zero, gapfilled=gapfilled)
    result = summarize_window(pixels, 100, 20.0, Scaling(SCALE, saturation=255))
    assert (result.saturated_count, result.zero_count) == (3, 2)
    assert result.valid_fraction == pytest.approx(0.78)
    assert result.cloud_fraction == pytest.approx(10 / 90)
    assert result.gapfilled_fraction == pytest.approx(10 / 78)
    assert result.aot_mean == pytest.approx((75 * 0.2 + 3 * 1.275) / 78)


def test_water_vapor_has_its_own_pixels() -> None:
    dn = np.full((4, 4), 40, np.uint8)
    vapor = np.full((4, 4), 60, np.uint8)
    vapor[0] = 0
    pixels = _pixels(dn, vapor=vapor, vapor_used=vapor > 0)
    result = summarize_window(pixels, 16, 20.0, Scaling(SCALE), Scaling(1 / 20))
    assert result.water_vapor_mean_cm == pytest.approx(3.0)
    result = summarize_window(pixels, 16, 20.0, Scaling(SCALE), Scaling(1 / 20, 0.25))
    assert result.water_vapor_mean_cm == pytest.approx(3.25)


def test_an_empty_window_has_no_numbers_but_its_shares() -> None:
    dn = np.zeros((5, 5), np.uint8)
    nothing = np.zeros((5, 5), bool)
    result = summarize_window(_pixels(dn, used=nothing, inside=nothing), 25, 20.0, Scaling(SCALE))
    assert np.isnan([result.aot_mean, result.aot_median, result.aot_std, result.aot_gradient]).all()
    assert np.isnan(result.cloud_fraction)
    assert result.valid_fraction == 0.0


def test_cut_takes_the_same_part_of_every_layer() -> None:
    dn = np.arange(100, dtype=np.uint8).reshape(10, 10)
    pixels = _pixels(dn, vapor=dn, vapor_used=dn > 50).cut(slice(2, 5), slice(4, 9))
    assert pixels.dn[0, 0] == 24
    assert pixels.used.shape == pixels.zero.shape == (3, 5)
    assert pixels.water_vapor_used is not None
    assert pixels.water_vapor_used.sum() == 0
