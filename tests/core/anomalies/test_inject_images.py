# SPDX-License-Identifier: GPL-3.0-or-later
"""Each injection changes the image by what it says, where it says, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from calval_toolbox.core.anomalies.inject_fields import all_of, cast
from calval_toolbox.core.anomalies.inject_images import (
    add_clouds,
    add_stripes,
    by_pixel,
    change_gain,
    change_offset,
    shadow_offset_px,
    soft_patches,
    thickness,
)
from calval_toolbox.core.anomalies.inject_shift import shift_image
from calval_toolbox.core.anomalies.physics import cloud_over, haze_over, shadow_on

WAVELENGTHS = np.array([492.4, 664.6, 832.8, 1613.7])
ROWS, COLUMNS = 64, 80


def _image(seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    level = np.array([0.05, 0.10, 0.30, 0.25])[:, None, None]
    return level + rng.normal(0.0, 0.005, (4, ROWS, COLUMNS))


def test_soft_patches_cover_their_share_and_reach_one() -> None:
    weight = soft_patches((200, 200), 0.15, 20.0, np.random.default_rng(2))
    assert (weight > 0.0).mean() == pytest.approx(0.15, abs=0.001)
    assert (weight.min(), weight.max()) == (0.0, 1.0)
    assert ((weight > 0.0) & (weight < 0.9)).any()
    assert np.array_equal(soft_patches((5, 5), 1.0, 3.0, np.random.default_rng(2)), np.ones((5, 5)))


@pytest.mark.parametrize("azimuth", [0.0, 90.0, 150.0, 215.0, 320.0])
def test_the_shadow_lies_away_from_the_sun(azimuth: float) -> None:
    clouds = np.zeros((101, 101))
    clouds[46:55, 46:55] = 1.0
    offset = shadow_offset_px(45.0, azimuth, 300.0, 10.0)
    shadows = cast(lambda place: clouds[place.slices], offset, all_of(clouds.shape))
    ground = np.full((4, 101, 101), 0.3)
    image = add_clouds(ground, WAVELENGTHS, 30.0 * clouds, 0.6 * shadows)
    row, column = ndimage.center_of_mass((image[2] < 0.29).astype(float))
    north, east = 50.0 - row, column - 50.0
    towards = np.rad2deg(np.arctan2(east, north)) % 360.0
    away = (azimuth + 180.0) % 360.0
    assert (towards - away + 180.0) % 360.0 - 180.0 == pytest.approx(0.0, abs=1.0)
    assert np.hypot(north, east) == pytest.approx(30.0, abs=0.5)  # 300 m at 45 degrees
    assert image[2, 50, 50] > 0.65  # the cloud itself
    below = image[:, round(row), round(column)]
    assert below == pytest.approx(shadow_on(np.full(4, 0.3), WAVELENGTHS, np.array(0.6)))
    assert below[0] > below[3]  # the sky lights the blue


def test_thickness_is_what_a_black_target_shows() -> None:
    black = np.zeros((4, 1, 1))
    blue = np.array([490.0, 664.6, 832.8, 1613.7])
    for kind, change in (("cloud", cloud_over), ("thin_cloud", haze_over)):
        amount = np.full((1, 1), thickness(kind, 0.12))
        seen = by_pixel(change, black, blue, amount)[:, 0, 0]
        assert seen[0] == pytest.approx(0.12, abs=1e-6)
        assert seen[3] < seen[0]


def test_gain_and_offset_come_back_from_the_residual() -> None:
    image, weight = _image(), np.zeros((ROWS, COLUMNS))
    weight[10:30, 5:45] = 1.0
    gains, offsets = np.array([0.04, -0.05, 0.0, 0.1]), np.array([0.01, 0.0, -0.02, 0.03])
    part = weight == 1.0
    ratio = change_gain(image, gains, weight)[:, part] / image[:, part]
    assert ratio.mean(axis=1) - 1.0 == pytest.approx(gains)
    added = change_offset(image, offsets, weight) - image
    assert added[:, part].mean(axis=1) == pytest.approx(offsets)
    assert (added[:, ~part] == 0.0).all()


@pytest.mark.parametrize("moved", [(0.0, 0.3), (0.0, -1.4), (0.7, 0.0), (-0.25, 1.6)])
def test_a_shift_moves_edges_by_its_pixels(moved: tuple[float, float]) -> None:
    rows, columns = np.indices((60, 60))
    # the middle of a smooth edge is where the value is half
    edges = np.stack([0.5 + 0.5 * np.tanh((axis - 29.5) / 3.0) for axis in (rows, columns)])
    shifted = shift_image(edges, *moved)
    found = np.interp(0.5, shifted[0, :, 30], np.arange(60.0))
    assert found - 29.5 == pytest.approx(moved[0], abs=0.01)
    found = np.interp(0.5, shifted[1, 30], np.arange(60.0))
    assert found - 29.5 == pytest.approx(moved[1], abs=0.01)


def test_a_shift_does_not_spread_no_data() -> None:
    image = _image()
    image[:, 20:24, 30:34] = np.nan
    shifted = shift_image(image, 0.5, 2.0)
    gap = np.isnan(shifted[0])
    assert gap.sum() == 5 * 4
    assert gap[20:25, 32:36].all()
    assert np.abs(shifted[:, ~gap] - shift_image(_image(), 0.5, 2.0)[:, ~gap]).max() < 0.02
    empty = np.full((4, 10, 10), np.nan)
    assert np.isnan(shift_image(empty, 0.5, 0.5)).all()


@pytest.mark.parametrize(("direction", "axis"), [(180.0, 1), (0.0, 1), (90.0, 0)])
def test_stripes_are_the_peak_of_the_spectrum_at_their_period(direction: float, axis: int) -> None:
    gains = np.array([0.0, 0.03, 0.0, 0.0])
    image = _image()
    striped = add_stripes(image, gains, direction, 8.0)
    assert np.array_equal(striped[[0, 2, 3]], image[[0, 2, 3]])
    profile = striped[1].mean(axis=1 - axis)
    power = np.abs(np.fft.rfft(profile - profile.mean()))
    assert np.fft.rfftfreq(len(profile))[power.argmax()] == pytest.approx(1.0 / 8.0)
    assert np.abs(striped[1] / image[1] - 1.0) == pytest.approx(0.03)


def test_slanted_stripes_run_along_their_direction() -> None:
    heading = np.deg2rad(194.0)
    flat = np.full((1, 200, 200), 0.3)
    striped = add_stripes(flat, np.array([0.1]), 194.0, 10.0)[0] - 0.3
    power = np.abs(np.fft.fft2(striped))
    row, column = np.unravel_index(power.argmax(), power.shape)
    wave = np.fft.fftfreq(200)[row], np.fft.fftfreq(200)[column]
    along = wave[0] * -np.cos(heading) + wave[1] * np.sin(heading)
    assert abs(along) < 0.004
    assert np.hypot(*wave) == pytest.approx(0.1, abs=0.004)
