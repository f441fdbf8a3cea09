# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan changes the images it names, by its amplitudes; what was done is told as truth."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.anomalies.inject_stack import Effect, Geometry, inject, order, weights
from calval_toolbox.core.anomalies.injections import KINDS, Injection, check_plan
from calval_toolbox.core.errors import InputError

BANDS = ("B2", "B4", "B8", "B11")
WAVELENGTHS = np.array([492.4, 664.6, 832.8, 1613.7])
COUNT, SHAPE = 12, (60, 60)
GEOMETRY = Geometry(10.0, 45.0, 150.0, 200.0)


def _stack() -> np.ndarray:
    rng = np.random.default_rng(7)
    level = np.array([0.05, 0.10, 0.30, 0.25])[:, None, None]
    season = 1.0 + 0.2 * np.sin(np.arange(COUNT))[:, None, None, None]
    return season * level + rng.normal(0.0, 0.003, (COUNT, 4, *SHAPE))


def _changed(date: int, *plan: Injection) -> tuple[np.ndarray, tuple[Effect, ...]]:
    check_plan(plan, COUNT, BANDS)
    return inject(_stack()[date], BANDS, WAVELENGTHS, date, plan, GEOMETRY, COUNT)


@pytest.mark.parametrize("name", sorted(set(KINDS) - {"wrong_date"}))
def test_every_type_acts_on_its_dates_only(name: str) -> None:
    injection = Injection(
        name, 0.3, 4, 0 if name == "step" else 2, 0.3, ("B4",) if name == "stripes" else ()
    )
    before, _ = _changed(3, injection)
    assert np.array_equal(before, _stack()[3])
    first, (effect,) = _changed(4, injection)
    assert not np.array_equal(first, _stack()[4])
    assert np.array_equal(effect.touched, (first != _stack()[4]).any(axis=0))
    assert effect.amplitude == 0.3
    after, effects = _changed(6, injection)
    assert np.array_equal(after, _stack()[6]) is (name != "step")
    assert len(effects) == (name == "step")
    again, _ = _changed(4, injection)
    assert np.array_equal(first, again)


@pytest.mark.parametrize("name", ["gain", "step"])
def test_planted_gains_are_the_mean_of_the_residual(name: str) -> None:
    mask = np.zeros(SHAPE, dtype=bool)
    mask[5:20, 10:50] = True
    injection = Injection(name, -0.07, 5, 0, bands=("B4", "B8"), mask=mask)
    image, (effect,) = _changed(9, injection)
    ratio = (image / _stack()[9])[:, mask].mean(axis=1)
    assert ratio == pytest.approx([1.0, 0.93, 0.93, 1.0])
    assert np.array_equal(effect.touched, mask)


def test_extent_is_the_share_that_is_touched() -> None:
    for name, extent in (("harvest", 0.1), ("gain", 0.25), ("thin_cloud", 0.4)):
        _, (effect,) = _changed(2, Injection(name, 0.2, 2, extent=extent, seed=3))
        assert effect.touched.mean() == pytest.approx(extent, abs=0.002)
    other = weights(Injection("gain", 0.2, 2, extent=0.25, seed=4), SHAPE)
    assert not np.array_equal(other, weights(Injection("gain", 0.2, 2, extent=0.25, seed=3), SHAPE))


def test_aot_error_brightens_dark_bands_and_darkens_bright_ones() -> None:
    bright = _stack()[1] * np.array([1.0, 1.0, 1.5, 1.0])[:, None, None]
    changes = {}
    for name in ("aot_under", "aot_over"):
        image, _ = inject(
            bright, BANDS, WAVELENGTHS, 1, (Injection(name, 0.3, 1),), GEOMETRY, COUNT
        )
        changes[name] = (image - bright).mean(axis=(1, 2))
    assert changes["aot_under"][0] > 0.02
    assert changes["aot_under"][2] < -0.003
    assert changes["aot_over"][0] < -0.02
    assert changes["aot_over"][2] > 0.003


def test_burnt_ground_grows_back_and_nothing_else_does() -> None:
    burnt = Injection("fire", 0.9, 2, 3)
    amplitudes = [_changed(date, burnt)[1][0].amplitude for date in (2, 3, 4)]
    assert amplitudes == pytest.approx([0.9, 0.6, 0.3])
    assert _changed(4, Injection("snow", 0.9, 2, 3))[1][0].amplitude == 0.9


def test_exchanged_dates_change_places() -> None:
    plan = (Injection("wrong_date", 5, 3), Injection("gain", 0.1, 3))
    assert order(plan, COUNT).tolist() == [0, 1, 2, 8, 4, 5, 6, 7, 3, 9, 10, 11]
    assert order((Injection("wrong_date", -3, 3),), COUNT).tolist()[:4] == [3, 1, 2, 0]
    for date in (3, 8):
        effects = _changed(date, *plan)[1]
        assert "wrong_date" in [effect.injection.type for effect in effects]
    assert not _changed(5, *plan)[1]


def test_they_act_in_the_order_of_nature_whatever_the_order_of_the_plan() -> None:
    plan = (Injection("gain", 0.2, 0), Injection("snow", 1.0, 0), Injection("offset", 0.05, 0))
    image, effects = _changed(0, *plan)
    assert [effect.injection.type for effect in effects] == ["snow", "gain", "offset"]
    assert np.array_equal(image, _changed(0, *plan[::-1])[0])
    assert image[1].mean() == pytest.approx(0.80 * 1.2 + 0.05, abs=0.002)


def test_masks_and_windows_have_to_fit() -> None:
    with pytest.raises(InputError, match="grid of the images"):
        _changed(0, Injection("gain", 0.1, 0, mask=np.ones((3, 3), dtype=bool)))
    with pytest.raises(InputError, match="beyond the image"):
        _changed(0, Injection("gain", 0.1, 0, window=(50, 50, 20, 5)))
    _, (effect,) = _changed(0, Injection("gain", 0.1, 0, window=(50, 40, 10, 5)))
    assert effect.touched[50:60, 40:45].all()
    assert effect.touched.sum() == 50
