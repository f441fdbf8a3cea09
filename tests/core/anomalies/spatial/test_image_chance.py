# SPDX-License-Identifier: GPL-3.0-or-later
"""The chance of whole images: that of planted noise, whatever their pixels have in common."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from calval_toolbox.core.anomalies.labels import NONE, UNKNOWN
from calval_toolbox.core.anomalies.spatial.image_types import ImageVote, vote
from calval_toolbox.core.anomalies.spatial.radiometry import CELLS, ImageSeries
from calval_toolbox.core.simulation.fields import smooth_noise

SIDE, DATES = 40, 60
UNKNOWN_NM = np.array([np.nan])
TIMES = np.datetime64("2018-01-03", "ms") + 15 * np.arange(DATES) * np.timedelta64(1, "D")


def series(
    seed: int, misfit: float = 0.0, parts: bool = False, added: float = 0.0, dates: int = DATES
) -> tuple[ImageSeries, int]:
    """Images of one band whose noise is alike over a quarter of the image; ``parts``: half of them
    are clear in a part. A change of ``added`` times the scatter of the images is on one date, of
    all of the image.
    """
    rng = np.random.default_rng(seed)
    scale = 10.0
    season = 0.1 * np.cos(2.0 * np.pi * np.arange(dates) / 24.3)
    odd = misfit * rng.normal(size=dates)  # what a date has in common that no pixel model knows
    planted = int(rng.integers(10, dates - 10)) if dates > 20 else 0
    shape = (2 * SIDE, 2 * SIDE)
    cells = np.indices((SIDE, SIDE)) * CELLS // SIDE
    where = (cells[0] * CELLS + cells[1]).ravel()
    level, count, sums, used = [], [], [], []
    for date in range(dates):
        noise = 0.02 * smooth_noise(shape, scale, rng)[:SIDE, :SIDE] + odd[date]
        if parts:  # what a part has, the rest makes up for
            noise -= noise.mean() + rng.normal(0.0, 0.002)
        noise = (noise + rng.normal(0.0, 0.01, noise.shape)).ravel()
        seen = np.ones(noise.size, bool)
        if parts and rng.random() < 0.5:
            cloud = smooth_noise((SIDE, SIDE), 12.0, rng).ravel()
            seen = cloud > np.quantile(cloud, rng.uniform(0.1, 0.75))
        count.append(np.bincount(where[seen], minlength=CELLS**2).astype(float))
        sums.append(np.bincount(where[seen], noise[seen], CELLS**2))
        level.append(0.4 + season[date] + noise[seen].mean())
        used.append(seen.mean())
    counts = np.array(count)
    with np.errstate(invalid="ignore", divide="ignore"):
        residual = np.where(counts < 30, np.nan, np.array(sums) / counts)[..., None]
    change = added * float(np.std(np.array(level) - season))
    level[planted] += change
    residual[planted] += change
    nothing = np.full((dates, 1), np.nan)
    return ImageSeries(
        np.array(level)[:, None], nothing, np.array(used), counts, residual,
        np.where(np.isfinite(residual), 0.4, np.nan),
    ), planted  # fmt: skip


def judged(image: ImageSeries, nm: np.ndarray = UNKNOWN_NM) -> ImageVote:
    return vote(image, TIMES[: len(image.level)], nm)


@pytest.mark.parametrize("misfit", [0.0, 0.03])
def test_noise_that_is_alike_over_the_image_has_uniform_chances(misfit: float) -> None:
    p = np.concatenate([judged(series(seed, misfit)[0]).p_value for seed in range(20)])
    assert np.isfinite(p).all()
    assert stats.kstest(p, "uniform").pvalue > 0.01
    assert 0.03 < (p < 0.05).mean() < 0.08


def test_partly_clear_images_are_as_good_as_others() -> None:
    """Means of parts scatter more: by that they are judged."""
    found = [series(100 + seed, parts=True)[0] for seed in range(20)]
    p = np.concatenate([judged(one).p_value for one in found])
    used = np.concatenate([one.used for one in found])
    seen = np.isfinite(p)
    assert 0.03 < (p[seen] < 0.05).mean() < 0.08
    assert (p[seen & (used < 0.6)] < 0.05).mean() < 0.13


def test_of_a_single_band_the_laws_say_nothing_of_their_own() -> None:
    image, _ = series(200)
    known = judged(image, np.array([665.0])).p_value
    assert known == pytest.approx(judged(image).p_value)
    assert known.min() > 0.0


@pytest.mark.parametrize("misfit", [0.0, 0.03])
def test_what_is_five_times_the_scatter_is_found(misfit: float) -> None:
    found = []
    for seed in range(10):
        image, date = series(300 + seed, misfit, added=5.0)
        one = judged(image)
        found.append(one.p_value[date] < 1e-3)
        assert one.type[date] in (UNKNOWN, NONE)
        if found[-1] and misfit:
            assert one.uniform[date] >= 0.8
    assert np.mean(found) >= 0.9


def test_too_few_dates_have_no_law() -> None:
    one = judged(series(1, dates=17)[0])
    assert np.isnan(one.p_value).all()
    assert (one.type == NONE).all()
