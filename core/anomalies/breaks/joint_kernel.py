# SPDX-License-Identifier: GPL-3.0-or-later
"""The joint test of one pixel, observation by observation: CCDC's procedure with COLD's rules.

Zhu & Woodcock 2014 (10.1016/j.rse.2014.01.011), Zhu et al. 2020 (10.1016/j.rse.2019.03.009).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...jit import Kernel
from ...types import AnyArray, BoolArray, FloatArray
from ..robust_kernels import median
from .joint_fit import (
    fit_bands,
    mean_angle,
    noise_in_season,
    noise_of_differences,
    noise_of_fit,
    residual,
    screen_out,
    sort_season,
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
        for band in range(values.shape[1]):
            values[row, band] = values[row + 1, band]
        for j in range(columns.shape[1]):
            columns[row, j] = columns[row + 1, j]
    return count - 1


@Kernel
def lowest_score(values: FloatArray, columns: FloatArray, models: FloatArray, noise: FloatArray,
                 tested: AnyArray, start: int, end: int, vectors: FloatArray,
                 scores: FloatArray) -> float:  # fmt: skip
    """The smallest of the ``scores`` of the observations from ``start`` to before ``end``, which
    are filled: squared residuals over noise, summed over the ``tested`` bands. ``vectors`` (m, k)
    are filled with the residuals over noise.
    """
    lowest = np.inf
    for row in range(start, end):
        total = 0.0
        for j in range(len(tested)):
            band = tested[j]
            ratio = residual(values, columns, models, row, band) / noise[band]
            vectors[row - start, j] = ratio
            total += ratio**2
        scores[row - start] = total
        lowest = min(lowest, total)
    return lowest


@Kernel
def fit_beginning(columns: FloatArray, values: FloatArray, start: int, end: int, penalty: float,
                  madogram: FloatArray, models: FloatArray, errors: FloatArray,
                  noise: FloatArray) -> None:  # fmt: skip
    """Fit the simplest model; its ``noise`` (b,), at least the ``madogram``."""
    used = used_columns(FEWEST)
    fit_bands(columns, values, start, end, used, penalty, models, errors)
    noise_of_fit(errors, end - start, used, noise)
    for band in range(len(noise)):
        noise[band] = max(noise[band], madogram[band])


@Kernel
def is_stable(errors: FloatArray, count: int, models: FloatArray, span: float, noise: FloatArray,
              tested: AnyArray, limit: float) -> bool:  # fmt: skip
    """Whether the first model has no strong trend, and no large residual at the ends of its
    ``count`` observations.
    """
    total = 0.0
    for band in tested:
        ends = max(abs(errors[0, band]), abs(errors[count - 1, band]))
        total += ((abs(models[band, 1]) * span + ends) / noise[band]) ** 2
    return total <= limit


@Kernel
def begin(start: int, last: int, count: int, t: FloatArray, values: FloatArray,
          columns: FloatArray, madogram: FloatArray, tested: AnyArray, screening: AnyArray,
          options: JointTest, models: FloatArray, errors: FloatArray, noise: FloatArray,
          flags: BoolArray) -> tuple[int, int, int]:  # fmt: skip
    """Find the first stable window from ``start`` on: its first and last observation and how many
    observations there are; the last is -1 where there is none. Screened observations are removed.
    ``models`` and ``noise`` are those of the window.
    """
    while last < count:
        if last - start + 1 < FEWEST or t[last] - t[start] < YEAR:
            last += 1
            continue
        end = min(last + options.run, count - 1) + 1
        screen_out(t, values, start, end, screening, madogram, options.screening, flags)
        kept, first, final = 0, 0, 0
        for position in range(last - start + 1):
            if not flags[position]:
                first = position if kept == 0 else first
                final = position
                kept += 1
        if kept < FEWEST or t[start + final] - t[start + first] < YEAR:
            last += 1
            continue
        for position in range(last, start - 1, -1):
            if flags[position - start]:
                count = remove(position, count, t, values, columns)
        last = start + kept - 1
        fit_beginning(
            columns, values, start, last + 1, options.penalty, madogram, models, errors, noise
        )  # fmt: skip
        if is_stable(errors, kept, models, t[last] - t[start], noise, tested, options.limit):
            return start, last, count
        start += 1
        last += 1
    return start, -1, count


@Kernel
def look_back(start: int, previous: int, last: int, count: int, t: FloatArray, values: FloatArray,
              columns: FloatArray, noise: FloatArray, tested: AnyArray, options: JointTest,
              models: FloatArray, vectors: FloatArray,
              scores: FloatArray) -> tuple[int, int, int]:  # fmt: skip
    """Take earlier observations into the first model while they agree with it; the new start, last
    and count.
    """
    while start > previous:
        back = max(start - options.run, previous)
        lowest = lowest_score(
            values, columns, models, noise, tested, back, start, vectors, scores
        )  # fmt: skip
        if lowest > options.limit:
            break
        if scores[start - back - 1] > options.outlier:
            count = remove(start - 1, count, t, values, columns)
            last -= 1
        start -= 1
    return start, last, count


@Kernel
def follow(start: int, last: int, count: int, t: FloatArray, values: FloatArray,
           columns: FloatArray, madogram: FloatArray, tested: AnyArray, options: JointTest,
           models: FloatArray, errors: FloatArray, noise: FloatArray, vectors: FloatArray,
           scores: FloatArray) -> tuple[int, int, int]:  # fmt: skip
    """Take one observation after the other into the segment until a run of them has changed.

    Returns the last observation of the segment, how many there are in all, and how many of those
    after the segment's last have changed: as many as a run for a break, fewer at the very end.
    """
    season, order = np.empty(count), np.empty(count, np.int64)
    fitted = 0
    while True:
        size = last - start + 1
        used = used_columns(size)
        if size <= FULL or size >= GROWTH * fitted:
            fit_bands(columns, values, start, last + 1, used, options.penalty, models, errors)
            sort_season(t, start, size, season, order)
            fitted = size
        ahead = min(options.run, count - 1 - last)
        if ahead == 0:
            return last, count, 0
        at = t[last + 1] % 1.0
        noise_in_season(errors, season, order, fitted, at, FULL, used, noise)
        for band in range(len(noise)):
            noise[band] = max(noise[band], madogram[band])
        lowest = lowest_score(
            values, columns, models, noise, tested, last + 1, last + 1 + ahead, vectors, scores
        )  # fmt: skip
        if lowest > options.limit and (ahead == 1 or mean_angle(vectors, ahead) < options.widest):
            return last, count, ahead
        if scores[0] > options.outlier:
            count = remove(last + 1, count, t, values, columns)
        else:
            last += 1


@Kernel
def close(start: int, last: int, changed: int, values: FloatArray, columns: FloatArray,
          penalty: float, models: FloatArray, errors: FloatArray, noise: FloatArray,
          sizes: FloatArray, work: FloatArray) -> None:  # fmt: skip
    """Fit a finished segment, and describe it: noise, and change per band."""
    count = last - start + 1
    used = used_columns(count)
    fit_bands(columns, values, start, last + 1, used, penalty, models, errors)
    noise_of_fit(errors, count, used, noise)
    for band in range(len(noise)):
        missing = 0
        for step in range(changed):
            work[step] = residual(values, columns, models, last + 1 + step, band)
            missing += np.isnan(work[step])
        if changed and not missing:
            sizes[band] = median(work, changed)


@Kernel
def segment_pixel(count: int, t: FloatArray, values: FloatArray, columns: FloatArray, floor: float,
                  tested: AnyArray, screening: AnyArray, options: JointTest, models: FloatArray,
                  times: FloatArray, noise: FloatArray, sizes: FloatArray,
                  numbers: AnyArray) -> int:  # fmt: skip
    """Segments of the first ``count`` ``values`` (n, b) at years ``t`` (n,), in increasing order
    and without NaN, with their ``columns`` (n, 8); how many were found. All three are used up.

    Filled, one row per segment: ``models`` (s, b, 8), ``times`` (s, 3), ``noise`` (s, b), ``sizes``
    (s, b), and ``numbers`` (s, 2), its observations and how many have changed after it.
    """
    if count < FEWEST:
        return 0
    found, bands = 0, values.shape[1]
    start = previous = int(np.int64(0))  # a literal would be compiled for on its own
    errors, work = np.empty((count, bands)), np.empty((bands, columns.shape[1]))
    spread, madogram, flags = np.empty(bands), np.empty(bands), np.empty(count, np.bool_)
    vectors, scores = np.empty((options.run, len(tested))), np.empty(options.run)
    noise_of_differences(t, values, count, madogram)
    for band in range(bands):
        madogram[band] = max(madogram[band], floor)
    while found < len(models):
        start, last, count = begin(
            start, start + FEWEST - 1, count, t, values, columns, madogram, tested, screening,
            options, work, errors, spread, flags,
        )  # fmt: skip
        if last < 0:
            break
        start, last, count = look_back(
            start, previous, last, count, t, values, columns, spread, tested, options, work,
            vectors, scores,
        )  # fmt: skip
        last, count, changed = follow(
            start, last, count, t, values, columns, madogram, tested, options, work, errors,
            spread, vectors, scores,
        )  # fmt: skip
        close(
            start, last, changed, values, columns, options.penalty, models[found], errors,
            noise[found], sizes[found], scores,
        )  # fmt: skip
        times[found, 0], times[found, 1] = t[start], t[last]
        if changed:
            times[found, 2] = t[last + 1]
        numbers[found, 0], numbers[found, 1] = last - start + 1, changed
        found += 1
        if changed < options.run:
            break
        start = previous = last + 1
    return found


@Kernel
def gather_good(t: FloatArray, design: FloatArray, line: FloatArray, counts: BoolArray, low: float,
                high: float, days: FloatArray, values: FloatArray,
                columns: FloatArray) -> int:  # fmt: skip
    """Move the observations of ``line`` (n, b) whose bands that count are all between ``low`` and
    ``high`` to the front of ``values`` (n, b), their years and rows of the ``design`` (n, 8) to
    that of ``days`` and ``columns``; how many there are.
    """
    count = 0
    for date in range(len(t)):
        good = True
        for band in range(len(counts)):
            if counts[band] and not low < line[date, band] < high:
                good = False
        if good:
            days[count] = t[date]
            for band in range(len(counts)):
                values[count, band] = line[date, band]
            for j in range(design.shape[1]):
                columns[count, j] = design[date, j]
            count += 1
    return count


@Kernel
def segment_pixels(t: FloatArray, design: FloatArray, stack: FloatArray, low: float, high: float,
                   floor: float, tested: AnyArray, screening: AnyArray, options: JointTest,
                   models: FloatArray, times: FloatArray, noise: FloatArray, sizes: FloatArray,
                   numbers: AnyArray, found: AnyArray) -> None:  # fmt: skip
    """``segment_pixel`` for each of ``stack`` (pixels, n, b), which may hold NaN, at years ``t``
    (n,) with the ``design`` (n, 8): an observation counts where all ``tested`` and ``screening``
    bands are between ``low`` and ``high``. ``found`` (pixels, 2): segments and observations.
    """
    pixels, dates, bands = stack.shape
    counts = np.zeros(bands, np.bool_)
    for band in tested:
        counts[band] = True
    for band in screening:
        counts[band] = True
    days, values = np.empty(dates), np.empty((dates, bands))
    columns = np.empty(design.shape)
    for pixel in range(pixels):
        count = gather_good(t, design, stack[pixel], counts, low, high, days, values, columns)
        found[pixel, 1] = count
        found[pixel, 0] = segment_pixel(
            count, days, values, columns, floor, tested, screening, options, models[pixel],
            times[pixel], noise[pixel], sizes[pixel], numbers[pixel],
        )  # fmt: skip
