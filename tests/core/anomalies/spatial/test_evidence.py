# SPDX-License-Identifier: GPL-3.0-or-later
"""Each test of images on its own: planted shifts, stripes, shadows, dates; and nothing in noise."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest

from calval_toolbox.core.anomalies.inject_images import stripe_pattern
from calval_toolbox.core.anomalies.inject_shift import shift_image
from calval_toolbox.core.anomalies.labels import NONE
from calval_toolbox.core.anomalies.spatial.codes import CODES, UNTESTED, levels, scores
from calval_toolbox.core.anomalies.spatial.echoes import without_dates
from calval_toolbox.core.anomalies.spatial.neighbors import (
    coarse,
    edge_ratio,
    largest_patch,
    mask_distance_m,
    sun_test,
)
from calval_toolbox.core.anomalies.spatial.phase import phase_shift
from calval_toolbox.core.anomalies.spatial.pixels import design_of, score_pixels
from calval_toolbox.core.anomalies.spatial.registration import shift_of, shift_sums
from calval_toolbox.core.anomalies.spatial.stripes import stripe_peaks, stripes_of
from calval_toolbox.core.anomalies.spatial.tiles import score_values
from calval_toolbox.core.anomalies.spatial.types_in_space import final_types
from calval_toolbox.core.anomalies.spatial.verdict import vote_dates
from calval_toolbox.core.anomalies.spatial.wrong_date import DAYS, date_misfits, other_date_of
from calval_toolbox.core.io.tile_files import to_json
from calval_toolbox.core.simulation.fields import smooth_noise

SIDE = 96
WEIGHTS = np.array([1e4, 1e4])


def ground(seed: int = 0) -> np.ndarray:
    """Fields of two bands, with contrast down to a few pixels."""
    rng = np.random.default_rng(seed)
    shape = (SIDE, SIDE)
    return np.stack([0.2 + 0.05 * smooth_noise(shape, 3.0, rng) for _ in range(2)])


@pytest.mark.parametrize("shift", [(0.0, 0.0), (0.3, -0.2), (-0.1, 0.0), (1.4, 0.9), (-2.2, 1.0)])
def test_shifts_of_two_tiles(shift: tuple[float, float]) -> None:
    rng, used = np.random.default_rng(1), np.ones((SIDE, SIDE), bool)
    used[:20, :30] = False
    parts = []
    for seed in (3, 4):
        expected = ground(seed)
        observed = shift_image(expected, *shift) * 1.05 + rng.normal(0.0, 0.01, expected.shape)
        observed[:, 10, 40] = np.nan
        seen = used & np.isfinite(observed).all(axis=0)
        parts.append(json.loads(to_json(shift_sums(observed, expected, seen, WEIGHTS))))
    found = shift_of(parts)
    assert found is not None
    assert (found.rows, found.columns) == pytest.approx(shift, abs=0.05)
    assert found.confirmed
    assert (found.explained > 0.1) == (np.hypot(*shift) > 0.2)


def test_phase_correlation_of_bare_images() -> None:
    one = ground(9)[0]
    for shift in ((0.25, -0.6), (3.1, -1.7)):
        found = phase_shift(shift_image(one[None], *shift)[0], one)
        assert found == pytest.approx(np.array(shift), abs=0.1)
    assert phase_shift(np.zeros((32, 32)), np.zeros((32, 32))) is None


def test_no_pixels_no_shift() -> None:
    nothing = shift_sums(ground(), ground(), np.zeros((SIDE, SIDE), bool), WEIGHTS)
    assert shift_of([nothing]) is None


@pytest.mark.parametrize(("direction", "period"), [(0.0, 4.0), (90.0, 6.0), (194.0, 5.0)])
def test_stripes_of_one_date(direction: float, period: float) -> None:
    rng = np.random.default_rng(2)
    fields = 0.01 * smooth_noise((SIDE, SIDE), 2.0, rng)  # left in the residuals of all dates
    residual = fields + rng.normal(0.0, 0.01, (30, SIDE, SIDE))
    residual[12] += 0.008 * stripe_pattern((SIDE, SIDE), direction, period)
    used = rng.random(residual.shape) < 0.9
    peaks = json.loads(to_json(stripe_peaks(np.where(used, residual, 0.0), used)))
    found = [stripes_of([[one, one]]) for one in peaks]
    assert [number for number, one in enumerate(found) if one and one.plain] == [12]
    stripes = found[12]
    assert stripes is not None
    assert stripes.period_px == pytest.approx(period, abs=0.15)
    apart = (stripes.direction_deg - direction + 90.0) % 180.0 - 90.0
    assert abs(apart) < 2.0
    assert stripes.amplitude == pytest.approx(0.008 * 4.0 / np.pi, rel=0.2)


def test_texture_of_the_ground_and_few_dates_are_no_stripes() -> None:
    rng = np.random.default_rng(5)
    lines = 0.01 * stripe_pattern((SIDE, SIDE), 0.0, 4.0)
    residual = rng.normal(0.0, 0.01, (30, SIDE, SIDE)) + lines * rng.normal(1.0, 0.2, (30, 1, 1))
    used = np.ones(residual.shape, bool)
    found = [stripes_of([[one]]) for one in stripe_peaks(residual, used)]
    assert not [one for one in found if one and one.plain], "permanent lines are no event"
    assert stripe_peaks(residual[:5], used[:5]) == [None] * 5
    assert stripes_of([[None], [None]]) is None


@pytest.mark.parametrize("change", [0.0, 0.1])
def test_images_of_one_value_have_a_defined_result(change: float) -> None:
    values = np.full((30, 4, 40, 40), 0.1, np.float32)
    values[10] += np.float32(change)
    clear = np.ones((30, 40, 40), bool)
    times = np.datetime64("2019-01-01", "ms") + 12 * np.arange(30) * np.timedelta64(1, "D")
    nm = np.array([490.0, 560.0, 665.0, 842.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        tile = score_values(values, (clear, ~clear, ~clear), times, nm)
        votes = vote_dates([json.loads(to_json(tile.summary))], times, ("a", "b", "c", "d"), nm)
    assert all(one.stripes is None for one in votes)
    named = [(date, one.kind) for date, one in enumerate(votes) if one.kind != NONE]
    assert named == ([(10, "offset")] if change else [])


def test_stripes_leave_no_echo_on_other_dates() -> None:
    """A date near the end pulls the model after it, and so leaves its stripes on others."""
    rng = np.random.default_rng(11)
    times = np.datetime64("2019-01-01", "ms") + 12 * np.arange(40) * np.timedelta64(1, "D")
    values = 0.3 + rng.normal(0.0, 0.005, (40, 1, SIDE, SIDE))
    values[37, 0] += 0.01 * stripe_pattern((SIDE, SIDE), 14.0, 6.0)
    clear = np.ones((40, SIDE, SIDE), bool)
    nm = np.array([665.0])
    tile = score_values(values.astype(np.float32), (clear, ~clear, ~clear), times, nm)
    votes = vote_dates([tile.summary], times, ("red",), nm)
    plain = [date for date, one in enumerate(votes) if one.stripes and one.stripes.plain]
    assert plain == [37]
    assert votes[37].stripes is not None
    assert votes[37].stripes.amplitude == pytest.approx(0.01 * 4.0 / np.pi, rel=0.1)


def test_residuals_without_dates_are_those_of_another_fit() -> None:
    rng = np.random.default_rng(12)
    design = np.stack([np.ones(30), np.linspace(-1.0, 1.0, 30)], axis=1)
    values = rng.normal(0.0, 1.0, (30, 3, 4))
    flat = values.reshape(30, -1)
    full = values - (design @ np.linalg.lstsq(design, flat, rcond=None)[0]).reshape(values.shape)
    rest = np.setdiff1d(np.arange(30), (28, 29))
    fit = np.linalg.lstsq(design[rest], flat[rest], rcond=None)[0]
    found = without_dates(full, np.ones(full.shape, bool), design, np.array([28, 29]))
    assert found == pytest.approx(values - (design @ fit).reshape(values.shape), abs=1e-12)
    assert without_dates(full, np.zeros(full.shape, bool), design, np.array([28])) is full


def test_a_common_level_is_no_other_date() -> None:
    """Ground whose season is the same all over: an offset looks like another day of it."""
    rng = np.random.default_rng(8)
    model = np.zeros((8, 2, 40, 40))
    model[0], model[2] = rng.uniform(0.2, 0.4, (2, 40, 40)), 0.05
    noise, used = np.full((2, 40, 40), 0.01), np.ones((40, 40), bool)
    image = model[0] + 0.05 * np.cos(0.2) - 0.04 + rng.normal(0.0, 0.01, (2, 40, 40))
    found = other_date_of([date_misfits(image, model, noise, used, 0.2 / (2 * np.pi))])
    assert found is not None
    assert found.explained > 0.8
    assert found.misfit > 10.0
    assert found.pattern < 0.1


def test_a_date_that_was_exchanged() -> None:
    rng = np.random.default_rng(7)
    model = np.zeros((8, 2, 40, 40))
    model[0] = 0.3
    model[2] = rng.uniform(0.05, 0.1, (2, 40, 40))
    model[3] = rng.uniform(-0.1, 0.1, (2, 40, 40))
    noise = np.full((2, 40, 40), 0.01)
    used = np.ones((40, 40), bool)

    def image(t: float) -> np.ndarray:
        waves = np.cos(2 * np.pi * t) * model[2] + np.sin(2 * np.pi * t) * model[3]
        return model[0] + waves + rng.normal(0.0, 0.01, waves.shape)

    right = other_date_of([date_misfits(image(0.1), model, noise, used, 0.1)])
    wrong = other_date_of([date_misfits(image(0.1 + 100 / 365.25), model, noise, used, 0.1)])
    assert right is not None
    assert wrong is not None
    assert right.explained < 0.1
    assert right.misfit == pytest.approx(1.0, abs=0.1)
    assert wrong.explained > 0.8
    assert wrong.pattern > 0.8
    assert wrong.days == pytest.approx(100.0, abs=10.0)
    assert wrong.days in DAYS
    assert other_date_of([date_misfits(image(0.1), model, noise, ~used, 0.1)]) is None


@pytest.mark.parametrize("harmonics", [0, 1, 3])
def test_sums_of_other_dates_are_those_of_the_formula(harmonics: int) -> None:
    """To the last bit, with a trend, gaps, and an even and an odd number of pixels."""
    rng, t = np.random.default_rng(9), 1.7
    for count in (200, 201):
        model = rng.normal(0.0, 0.05, (8, 2, 16, 16))
        model[2 + 2 * harmonics :] = 0.0
        observed, noise = rng.normal(0.0, 0.05, (2, 16, 16)), rng.uniform(0.01, 0.03, (2, 16, 16))
        used = (np.arange(256) < count).reshape(16, 16)
        model[..., ~used] = np.nan
        wanted: list[list[float]] = [[], []]
        for moment in t + DAYS / 365.25:
            row = design_of(np.array([moment]))[0]
            row[1] = t
            expected = np.zeros((2, count))
            for factor, plane in zip(row, model[..., used], strict=True):
                expected += factor * plane
            residual = observed[:, used] - expected
            middle = residual - np.median(residual, axis=1, keepdims=True)
            for sums, one in zip(wanted, (residual, middle), strict=True):
                z = one / noise[:, used]
                sums.append(float(np.minimum(z * z, 25.0).sum()))
        found = date_misfits(observed, model, noise, used, t)
        assert found.tolist() == [*wanted[0], *wanted[1], 2 * count]


def test_sun_direction_tells_a_shadow_from_dark_ground() -> None:
    cloud = np.zeros((120, 120), bool)
    cloud[40:52, 60:75] = True
    cloud[80:85, 20:30] = True
    zenith, azimuth, height = 45.0, 150.0, 300.0
    # Away from the sun: to the north-west of the cloud.
    away = height / 10.0
    rows = round(away * np.cos(np.deg2rad(azimuth)))
    columns = round(-away * np.sin(np.deg2rad(azimuth)))
    shadow = np.roll(cloud, (rows, columns), (0, 1))
    found = sun_test(shadow, cloud, 10.0, zenith, azimuth)
    assert found.share > 0.95
    assert found.p_value < 0.03
    assert found.height_m == pytest.approx(height, abs=25.0)
    elsewhere = sun_test(np.roll(shadow, (25, 40), (0, 1)), cloud, 10.0, zenith, azimuth)
    assert not elsewhere.p_value < 0.05
    for zenith_deg, clouds in ((None, cloud), (45.0, np.zeros_like(cloud))):
        assert np.isnan(sun_test(shadow, clouds, 10.0, zenith_deg, azimuth).share)


def test_places() -> None:
    mask, where = np.zeros((50, 50), bool), np.zeros((50, 50), bool)
    mask[10:20, 10:20] = True
    where[20:22, 10:20] = True
    near, usual = mask_distance_m(where, mask, 10.0)
    assert near == pytest.approx(15.0)
    assert usual > 100.0
    assert np.isnan(mask_distance_m(where, ~np.ones_like(mask), 10.0)[0])
    edges = np.zeros((50, 50), bool)
    edges[20] = True
    assert edge_ratio(where, edges, np.ones_like(mask)) == pytest.approx(0.5 / 0.02)
    where[40, 40] = True
    assert largest_patch(where) == pytest.approx(20 / 21)
    assert coarse(where, 7).shape == (8, 8)
    assert coarse(where, 7).sum() == coarse(where, 7)[2:4, 1:3].sum() + 1


def test_space_decides_between_local_and_image_types() -> None:
    planes = np.zeros((4, 2, 4), np.uint8)
    gain, shadow, cloud = CODES["gain"], CODES["shadow"], CODES["cloud"]
    planes[1] = [[gain, gain, cloud, 0], [gain, cloud, UNTESTED, 0]]
    planes[2] = [[shadow, shadow, cloud, 0], [shadow, cloud, UNTESTED, 0]]
    planes[3, 0, 2] = 4  # unlike the rest of the image
    edges = np.zeros((2, 4), bool)
    assert final_types(planes, edges, NONE).tolist() == [
        [shadow, shadow, cloud, 0], [shadow, cloud, UNTESTED, 0]
    ]  # fmt: skip
    assert final_types(planes, edges, "gain").tolist() == [
        [gain, gain, cloud, 0], [gain, gain, UNTESTED, 0]
    ]  # fmt: skip
    assert (final_types(planes, edges, "wrong_date") == CODES["wrong_date"]).sum() == 5
    assert not (final_types(planes, edges, "shift") == CODES["shift"]).any()


def test_unknown_pixels_follow_their_neighbors() -> None:
    """In a patch half of cloud and half of shadow, where the patch as a whole does not tell."""
    planes = np.zeros((4, 1030, 12), np.uint8)
    shadow, cloud, unknown = CODES["shadow"], CODES["cloud"], CODES["unknown"]
    planes[2, 500:520, :6], planes[2, 500:520, 6:] = shadow, cloud
    planes[2, [510, 511, 512], 3] = unknown  # inside, and across the strips
    planes[2, 500, 0] = unknown  # at a corner
    planes[2, 800:804, 4:8] = unknown  # by themselves
    planes[1] = planes[2]
    found = final_types(planes, np.zeros((1030, 12), bool), NONE)
    wanted = planes[2].copy()
    wanted[[510, 511, 512], 3] = shadow
    assert np.array_equal(found, wanted)


@pytest.mark.parametrize("rows", [60, 3100])
def test_unknown_edges_follow_their_patch(rows: int) -> None:
    """Exactly in small images, by cells of three pixels in large ones."""
    shadow, unknown = CODES["shadow"], CODES["unknown"]
    types = np.zeros((rows, 42), np.uint8)
    types[6:24, 6:24] = unknown  # a soft edge
    types[8:22, 8:22] = shadow
    types[36:48, 6:24] = unknown  # mostly unknown
    types[39:42, 9:15] = shadow
    types[12:15, 33:36] = unknown  # by itself
    planes = np.stack([np.zeros_like(types), types, types, np.zeros_like(types)])
    found = final_types(planes, np.zeros(types.shape, bool), NONE)
    wanted = types.copy()
    wanted[6:24, 6:24] = shadow
    assert np.array_equal(found, wanted)


def test_levels_are_tenths_of_decades() -> None:
    level = levels(np.array([1.0, 0.001, 1e-8, 0.0, np.nan]))
    assert level.tolist() == [0, 30, 80, 254, UNTESTED]
    assert scores(level)[:4] == pytest.approx([0.0, 3.0, 8.0, 25.4])
    assert np.isnan(scores(level)[4])


def test_pixels_with_few_constant_or_no_values_are_defined() -> None:
    rng = np.random.default_rng(3)
    t = np.linspace(-1.5, 1.5, 60)
    values = rng.normal(0.3, 0.01, (60, 2, 5)).astype(np.float32)
    values[:, :, 1] = 0.25  # constant: the scale is 0
    values[:, :, 2] = np.nan
    values[10:, :, 3] = np.nan
    values[30, :, 0] += 0.2
    values[31, :, 1] += 0.2
    values[32, 0, 4] = np.inf
    found = score_pixels(values, np.ones((60, 5), bool), t, np.array([560.0, 860.0]))
    assert found.clear_count.tolist()[:4] == [60, 60, 0, 10]
    assert (found.best[:, 2:4] == UNTESTED).all()
    assert found.best[30, 0] > 0
    assert found.best[31, 1] > 0
    assert (found.best[:, 0] == 0).sum() >= 57
    assert (found.best[np.arange(60) != 31, 1] == 0).all()
    assert np.isfinite(found.noise[:, [0, 1, 4]]).all()
