# SPDX-License-Identifier: GPL-3.0-or-later
"""Planted scatter, drift, directions, clouds and texture of pixels are measured as planted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from calval_toolbox.core.calibration.stability.criteria import CLEAR, SPATIAL, TEMPORAL, score
from calval_toolbox.core.calibration.stability.design import Design, make_design
from calval_toolbox.core.calibration.stability.pixels import (
    PixelStability,
    pixel_stability,
    spectral_cv,
)
from calval_toolbox.core.calibration.stability.robust_fit import clipped_scatter, fit_robustly
from calval_toolbox.core.calibration.stability.settings import Removal
from calval_toolbox.core.calibration.stability.simulate import Plan, Scene, simulate_scene
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.types import BoolArray


def measured(scene: Scene, removal: Removal = Removal.ROSS_LI, trend: bool = True,
             least: int = 12) -> PixelStability:  # fmt: skip
    design = make_design(scene.times, scene.directions, removal, trend)
    values = np.where(scene.clear[:, None], scene.values, np.nan)
    return pixel_stability(values.reshape(*values.shape[:2], -1), design, least)


@pytest.fixture(scope="module")
def found(scene: Scene) -> PixelStability:
    return measured(scene)


def place(scene: Scene, *names: str) -> BoolArray:
    return scene.planted(*names).ravel()


def test_temporal_cv_and_its_error_are_those_planted(scene: Scene, found: PixelStability) -> None:
    at = place(scene, "stable_west", "stable_east", "drifting", "textured")
    for band in range(2):
        values = found.temporal[band, at]
        assert values.mean() == pytest.approx(1.2, rel=0.03)
        # The stated error is how much pixels scatter; their clouds and clips add a little.
        assert values.std() == pytest.approx(found.temporal_se[band, at].mean(), rel=0.25)
    around = ~place(scene, *scene.plan.planted)
    assert found.temporal[0, around].mean() == pytest.approx(6.0, rel=0.05)


def test_directions_matter(scene: Scene, found: PixelStability) -> None:
    at = place(scene, "stable_west")
    assert (found.raw[:, at] > 3.0).mean() > 0.99
    assert (found.temporal[:, at] < 2.0).all()
    season = measured(scene, Removal.SEASON)
    assert season.temporal[:, at].mean() > 4.0
    roujean = measured(scene, Removal.ROUJEAN)
    # Another model of the same family takes off most of it.
    assert 1.1 < roujean.temporal[:, at].mean() < 2.5


def test_levels_hold_under_the_same_directions(scene: Scene, found: PixelStability) -> None:
    at = place(scene, "stable_west", "stable_east")
    for band in range(2):
        error = found.level[band, at] - scene.level[band].ravel()[at]
        assert abs(error.mean()) < 2e-4
        assert error.std() == pytest.approx(found.level_se[band, at].mean(), rel=0.15)


def test_trend_and_its_error(scene: Scene, found: PixelStability) -> None:
    drifting, stable = place(scene, "drifting"), place(scene, "stable_west")
    assert found.trend[:, drifting].mean() == pytest.approx(3.0, abs=0.05)
    assert found.trend[:, stable].mean() == pytest.approx(0.0, abs=0.05)
    assert found.trend[0, stable].std() == pytest.approx(found.trend_se[0, stable].mean(), rel=0.1)
    without = measured(scene, trend=False)
    assert np.isnan(without.trend).all()
    assert without.temporal[0, drifting].mean() > 2.0 > without.temporal[0, stable].mean()


def test_spectral_cv_is_what_bands_do_not_share(scene: Scene, found: PixelStability) -> None:
    at = place(scene, "stable_west", "stable_east")
    # Half of the variance is common to both bands.
    assert found.spectral[at].mean() == pytest.approx(1.2 * np.sqrt(0.5), rel=0.04)
    small = Plan(shape=(20, 20), planted={}, around=scene.plan.planted["stable_west"][1],
                 bands={"a": 0.3, "b": 0.4, "c": 0.5})  # fmt: skip
    alike = measured(simulate_scene(replace(small, shared=1.0), seed=2))
    assert alike.spectral.mean() < 0.05
    assert alike.temporal.mean() > 1.1
    apart = measured(simulate_scene(replace(small, shared=0.0), seed=2))
    assert apart.spectral.mean() == pytest.approx(1.2, rel=0.04)


def test_spectral_cv_is_that_of_band_ratios() -> None:
    shapes = np.random.default_rng(5).normal(0.0, 0.01, (40, 3, 400))
    pairs = [(0, 1), (0, 2), (1, 2)]
    ratios = np.stack([(shapes[:, i] - shapes[:, j]).var(axis=1) for i, j in pairs])
    expected = 100.0 * np.sqrt(ratios.mean(axis=0) / 2.0)
    used = np.ones((40, 400), dtype=bool)
    got = spectral_cv(shapes - shapes.mean(axis=2, keepdims=True), used, 1)
    assert_allclose(got, expected / 0.98658, rtol=2e-3)
    assert np.isnan(spectral_cv(shapes[:, :1], used, 1)).all()


def test_clear_frequency_counts_all_dates(scene: Scene, found: PixelStability) -> None:
    assert_array_equal(found.count, scene.clear.sum(axis=0).ravel())
    assert found.clear[place(scene, "cloudy")].mean() == pytest.approx(20.0, abs=1.0)
    few = found.count < 12
    assert few.any()
    assert np.isnan(found.temporal[:, few]).all()
    assert np.isfinite(found.temporal[:, ~few]).all()


def test_missed_clouds_do_not_count(scene: Scene) -> None:
    plan = Plan(shape=(20, 20), planted={}, around=scene.plan.planted["stable_west"][1],
                missed=0.08)  # fmt: skip
    cloudy = simulate_scene(plan, seed=3)
    found = measured(cloudy)
    assert found.temporal.mean() == pytest.approx(1.2, rel=0.06)
    plain = np.where(cloudy.clear, cloudy.values[:, 0], np.nan)
    spread = np.nanstd(plain, axis=0) / np.nanmean(plain, axis=0)
    assert 100.0 * spread.mean() > 10.0  # what the plain figure would be


def test_a_date_counts_only_with_all_bands(scene: Scene) -> None:
    values = np.where(scene.clear[:, None], scene.values, np.nan)[:, :, :4, :4].reshape(45, 2, -1)
    design = make_design(scene.times, scene.directions, Removal.ROSS_LI, True)
    values[:20, 1] = np.nan
    found = pixel_stability(values.astype(np.float32), design, 8)
    assert_array_equal(found.count, scene.clear[20:, :4, :4].sum(axis=0).ravel())


def test_the_robust_fit_is_the_exact_one_without_noise() -> None:
    rng = np.random.default_rng(1)
    columns = np.stack([np.ones(30), rng.normal(size=30), np.linspace(-1, 1, 30)], axis=1)
    truth = np.array([[0.4, 0.02, -0.01], [0.2, 0.0, 0.03]])
    values = truth @ columns.T
    values[0, 3], values[1, 4:9] = 3.0, np.nan
    fitted = fit_robustly(columns, values)
    assert_allclose(fitted.coefficients, truth, atol=1e-9)
    assert not fitted.used[0, 3]
    assert not fitted.used[1, 4:9].any()


def test_scatter_of_normal_residuals_has_no_bias() -> None:
    draws = np.random.default_rng(8).normal(0.0, 2.0, (4000, 40))
    used, scatter, freedom = clipped_scatter(draws, np.ones(draws.shape, dtype=bool), 1)
    assert scatter.mean() == pytest.approx(2.0, rel=0.01)
    assert scatter.std() == pytest.approx((2.0 / np.sqrt(2.0 * freedom)).mean(), rel=0.15)
    assert 0.98 < used.mean() < 1.0


def test_directions_that_never_change_are_left_out(scene: Scene) -> None:
    fixed = np.tile([30.0, 5.0, 100.0], (45, 1))
    design = make_design(scene.times, fixed, Removal.ROSS_LI, True)
    assert (design.removed, design.columns.shape) == (0, (45, 2))
    assert make_design(scene.times, scene.directions, Removal.ROSS_LI, False).removed == 2
    assert_allclose(design.columns[:, 1].mean(), 0.0, atol=1e-12)
    with pytest.raises(InputError, match="needs the angles"):
        make_design(scene.times, np.full((45, 3), np.nan), Removal.ROUJEAN, True)


def test_parts_of_pixels_do_not_show(scene: Scene) -> None:
    values = np.where(scene.clear[:, None], scene.values, np.nan).reshape(45, 2, -1)
    design: Design = make_design(scene.times, scene.directions, Removal.ROSS_LI, True)
    some = pixel_stability(values[:, :, 1000:1100], design, 12)
    more = pixel_stability(values[:, :, 900:2200], design, 12)
    assert_array_equal(some.temporal, more.temporal[:, 100:200])
    assert_array_equal(some.spectral, more.spectral[100:200])


def test_the_score_is_the_largest_share_and_names_it() -> None:
    shares = {
        TEMPORAL: np.array([0.5, 0.2, np.nan]),
        SPATIAL: np.array([0.4, 2.0, 0.1]),
        CLEAR: np.array([0.3, 0.6, 0.1]),
    }
    values, codes = score(shares)
    assert_array_equal(values, [0.5, 2.0, np.nan])
    assert_array_equal(codes, [TEMPORAL, SPATIAL, 0])
