# SPDX-License-Identifier: GPL-3.0-or-later
"""The joint test of one pixel, observation by observation: CCDC's procedure with COLD's rules.

Zhu & Woodcock 2014 (10.1016/j.rse.2014.01.011), Zhu et al. 2020 (10.1016/j.rse.2019.03.009).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...jit import Kernel
from ...types import AnyArray, FloatArray
from .joint_fit import (
    columns_of,
    fit_bands,
    mean_angle,
    noise_of_differences,
    root_mean_square,
    screened_out,
    seasonal_noise,
)

FEWEST, YEAR = 12, 1.0  # observations and years of a stable beginning
FULL = 24  # observations of a full model, and of the temporally adjusted noise
GROWTH = 4.0 / 3.0  # a full model is fitted again when its observations have grown so much


class JointTest(NamedTuple):
    """``run``: consecutive observations that make a break; ``limit`` and ``outlier``: scores that
    they, and that a single one, have to exceed; the ``widest`` angle (degrees) between changes;
    ``screening``: limit in noises; ``penalty`` of the lasso.
    """

    run: int
    limit: float
    outlier: float
    widest: float
    screening: float
    penalty: float


@Kernel
def used_columns(count: int) -> int:
    """4, 6 or 8 coefficients: at least three observations each."""
    return 8 if count >= 24 else 6 if count >= 18 else 4


@Kernel
def remove(index: int, count: int, t: FloatArray, values: FloatArray, columns: FloatArray) -> int:
    """Take one observation out of the first ``count``; how many are left."""
    for row in range(index, count - 1):
        t[row] = t[row + 1]
        values[row] = values[row + 1]
        columns[row] = columns[row + 1]
    return count - 1


@Kernel
def scores_of(values: FloatArray, columns: FloatArray, models: FloatArray, noise: FloatArray,
              tested: AnyArray, vectors: FloatArray) -> FloatArray:  # fmt: skip
    """The scores (m,) of observations ``values`` (m, b): squared residuals over noise, summed over
    the ``tested`` bands; ``vectors`` (m, k) are filled with the residuals over noise.
    """
    errors = values - np.dot(columns, models.T)
    result = np.zeros(len(values))
    for j in range(len(tested)):
        vectors[:, j] = errors[:, tested[j]] / noise[tested[j]]
        result += vectors[:, j] ** 2
    return result


@Kernel
def is_stable(errors: FloatArray, models: FloatArray, span: float, noise: FloatArray,
              tested: AnyArray, limit: float) -> bool:  # fmt: skip
    """Whether the first model has no strong trend, and no large residual at its ends."""
    total = 0.0
    for band in tested:
        ends = max(abs(errors[0, band]), abs(errors[-1, band]))
        total += ((abs(models[band, 1]) * span + ends) / noise[band]) ** 2
    return total <= limit


@Kernel
def begin(start: int, last: int, count: int, t: FloatArray, values: FloatArray,
          columns: FloatArray, madogram: FloatArray, tested: AnyArray, screening: AnyArray,
          options: JointTest, models: FloatArray) -> tuple[int, int, int]:  # fmt: skip
    """Find the first stable window from ``start`` on: its first and last observation and how many
    observations there are; the last is -1 where there is none. Screened observations are removed.
    """
    run, limit = options.run, options.limit
    while last < count:
        if last - start + 1 < FEWEST or t[last] - t[start] < YEAR:
            last += 1
            continue
        end = min(last + run, count - 1) + 1
        series = np.empty((end - start, len(screening)))
        for j in range(len(screening)):
            series[:, j] = values[start:end, screening[j]]
        flags = screened_out(t[start:end], series, madogram[screening], options.screening)
        kept = np.flatnonzero(~flags[: last - start + 1])
        if len(kept) < FEWEST or t[start + kept[-1]] - t[start + kept[0]] < YEAR:
            last += 1
            continue
        for position in range(last, start - 1, -1):
            if flags[position - start]:
                count = remove(position, count, t, values, columns)
        last = start + len(kept) - 1
        window = slice(start, last + 1)
        errors = fit_bands(columns[window], values[window], 4, options.penalty, models)
        noise = np.maximum(root_mean_square(errors, 4), madogram)
        if is_stable(errors, models, t[last] - t[start], noise, tested, limit):
            return start, last, count
        start += 1
        last += 1
    return start, -1, count


@Kernel
def look_back(start: int, previous: int, last: int, count: int, t: FloatArray, values: FloatArray,
              columns: FloatArray, madogram: FloatArray, tested: AnyArray, options: JointTest,
              models: FloatArray) -> tuple[int, int, int]:  # fmt: skip
    """Take earlier observations into the first model while they agree with it; the new start, last
    and count.
    """
    run, limit, outlier = options.run, options.limit, options.outlier
    window = slice(start, last + 1)
    errors = fit_bands(columns[window], values[window], 4, options.penalty, models)
    noise = np.maximum(root_mean_square(errors, 4), madogram)
    while start > previous:
        back = max(start - run, previous)
        vectors = np.empty((start - back, len(tested)))
        scores = scores_of(
            values[back:start], columns[back:start], models, noise, tested, vectors
        )  # fmt: skip
        if scores.min() > limit:
            break
        if scores[-1] > outlier:
            count = remove(start - 1, count, t, values, columns)
            last -= 1
        start -= 1
    return start, last, count


@Kernel
def follow(start: int, last: int, count: int, t: FloatArray, values: FloatArray,
           columns: FloatArray, madogram: FloatArray, tested: AnyArray, options: JointTest,
           models: FloatArray) -> tuple[int, int, int]:  # fmt: skip
    """Take one observation after the other into the segment until a run of them has changed.

    Returns the last observation of the segment, how many there are in all, and how many of those
    after the segment's last have changed: as many as a run for a break, fewer at the very end.
    """
    run, limit, outlier = options.run, options.limit, options.outlier
    fitted = 0
    errors = values[:0]
    season, order = np.empty(0), np.empty(0, np.int64)
    noise = madogram.copy()
    while True:
        size = last - start + 1
        used = used_columns(size)
        if size <= FULL or size >= GROWTH * fitted:
            window = slice(start, last + 1)
            errors = fit_bands(columns[window], values[window], used, options.penalty, models)
            fractions = t[window] % 1.0
            order = np.argsort(fractions)
            season = fractions[order]
            fitted = size
        ahead = min(run, count - 1 - last)
        if ahead == 0:
            return last, count, 0
        at = t[last + 1] % 1.0
        noise = np.maximum(seasonal_noise(errors, season, order, at, FULL, used), madogram)
        vectors = np.empty((ahead, len(tested)))
        window = slice(last + 1, last + 1 + ahead)
        scores = scores_of(values[window], columns[window], models, noise, tested, vectors)
        if scores.min() > limit and (ahead == 1 or mean_angle(vectors) < options.widest):
            return last, count, ahead
        if scores[0] > outlier:
            count = remove(last + 1, count, t, values, columns)
        else:
            last += 1


@Kernel
def close(start: int, last: int, changed: int, t: FloatArray, values: FloatArray,
          columns: FloatArray, penalty: float, models: FloatArray, times: FloatArray,
          noise: FloatArray, sizes: FloatArray) -> None:  # fmt: skip
    """Fit a finished segment, and describe it: first, last, break; noise; change per band."""
    window = slice(start, last + 1)
    used = used_columns(last - start + 1)
    errors = fit_bands(columns[window], values[window], used, penalty, models)
    noise[:] = root_mean_square(errors, used)
    times[0], times[1] = t[start], t[last]
    if changed:
        times[2] = t[last + 1]
        after = slice(last + 1, last + 1 + changed)
        difference = values[after] - np.dot(columns[after], models.T)
        for band in range(values.shape[1]):
            sizes[band] = np.median(difference[:, band])


@Kernel
def segment_pixel(t: FloatArray, values: FloatArray, floor: float, tested: AnyArray,
                  screening: AnyArray, options: JointTest, models: FloatArray, times: FloatArray,
                  noise: FloatArray, sizes: FloatArray, numbers: AnyArray) -> int:  # fmt: skip
    """Segments of ``values`` (n, b) at years ``t`` (n,), in increasing order and without NaN; how
    many were found.

    Filled, one row per segment: ``models`` (s, b, 8), ``times`` (s, 3), ``noise`` (s, b), ``sizes``
    (s, b), and ``numbers`` (s, 2), its observations and how many have changed after it.
    """
    count, found, start = len(t), 0, 0
    if count < FEWEST:
        return 0
    t, values = t.copy(), values.copy()
    columns = columns_of(t)
    work = np.zeros((values.shape[1], columns.shape[1]))
    madogram = np.maximum(noise_of_differences(t, values), floor)
    previous = 0
    while found < len(models):
        last = start + FEWEST - 1
        start, last, count = begin(
            start, last, count, t, values, columns, madogram, tested, screening, options, work
        )  # fmt: skip
        if last < 0:
            break
        start, last, count = look_back(
            start, previous, last, count, t, values, columns, madogram, tested, options, work
        )  # fmt: skip
        last, count, changed = follow(
            start, last, count, t, values, columns, madogram, tested, options, work
        )  # fmt: skip
        close(
            start, last, changed, t, values, columns, options.penalty, models[found], times[found],
            noise[found], sizes[found],
        )  # fmt: skip
        numbers[found, 0], numbers[found, 1] = last - start + 1, changed
        found += 1
        if changed < options.run:
            break
        start = previous = last + 1
    return found


@Kernel
def segment_pixels(t: FloatArray, values: FloatArray, low: float, high: float, floor: float,
                   tested: AnyArray, screening: AnyArray, options: JointTest, models: FloatArray,
                   times: FloatArray, noise: FloatArray, sizes: FloatArray, numbers: AnyArray,
                   found: AnyArray) -> None:  # fmt: skip
    """``segment_pixel`` for each of ``values`` (pixels, n, b), which may hold NaN: an observation
    counts where all ``tested`` and ``screening`` bands are between ``low`` and ``high``. ``found``
    (pixels, 2): segments and observations.
    """
    pixels, dates, bands = values.shape
    counts = np.zeros(bands, np.bool_)
    counts[tested], counts[screening] = True, True
    for pixel in range(pixels):
        good = np.ones(dates, np.bool_)
        for date in range(dates):
            for band in range(bands):
                if counts[band]:
                    value = values[pixel, date, band]
                    good[date] &= low < value < high
        rows = np.flatnonzero(good)
        found[pixel, 1] = len(rows)
        found[pixel, 0] = segment_pixel(
            t[rows], values[pixel][rows], floor, tested, screening, options, models[pixel],
            times[pixel], noise[pixel], sizes[pixel], numbers[pixel],
        )  # fmt: skip
