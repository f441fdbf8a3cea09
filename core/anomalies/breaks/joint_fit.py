# SPDX-License-Identifier: GPL-3.0-or-later
"""The models of the joint test: lasso fits of all bands, robust screening, noise of differences.

Written number by number, without slices, reductions or products of matrices: each of those costs
the compiler a second or more, in every kernel that calls it.
"""

from __future__ import annotations

import numpy as np

from ...jit import Kernel
from ...types import AnyArray, BoolArray, FloatArray
from ..fit_parts import NORMAL, TUNING
from ..harmonics import YEAR_DAYS
from ..robust_kernels import median
from .monitor_kernel import solve_normal

COEFFICIENTS = 8  # constant, trend, three harmonics
TWO_PI = 2.0 * np.pi


@Kernel
def lasso(gram: FloatArray, right: FloatArray, penalty: float, model: FloatArray) -> None:
    """Coordinate descent (Friedman, Hastie & Tibshirani 2010, 10.18637/jss.v033.i01).

    ``gram`` (p, p) and ``right`` (p,) are covariances of centered columns among each other and with
    the centered values. ``model`` (at least 1 + p) holds the start from its second place on, and
    there become the coefficients. The penalty acts on columns of unit variance and has the unit of
    the values.
    """
    size = len(right)
    for _ in range(200):
        moved = 0.0
        for j in range(size):
            spread = gram[j, j]
            if spread <= 1e-12:
                model[1 + j] = 0.0
                continue
            old = model[1 + j]
            toward = right[j] + spread * old
            for k in range(size):
                toward -= gram[j, k] * model[1 + k]
            limit = penalty * np.sqrt(spread)
            if toward > limit:
                toward -= limit
            elif toward < -limit:
                toward += limit
            elif toward == toward:  # not NaN, which a missing value gives
                toward = 0.0
            model[1 + j] = toward / spread
            moved = max(moved, abs(model[1 + j] - old) * np.sqrt(spread))
        if moved < 1e-7:
            break


@Kernel
def covariances(columns: FloatArray, start: int, end: int, means: FloatArray,
                gram: FloatArray) -> None:  # fmt: skip
    """Fill ``means`` (p,) of the ``columns`` (n, 1 + p) from the second on, over the rows from
    ``start`` to before ``end``, and their covariances ``gram`` (p, p).
    """
    size, count = len(means), end - start
    for i in range(size):
        total = 0.0
        for row in range(start, end):
            total += columns[row, 1 + i]
        means[i] = total / count
    for i in range(size):
        for j in range(i + 1):
            total = 0.0
            for row in range(start, end):
                total += (columns[row, 1 + i] - means[i]) * (columns[row, 1 + j] - means[j])
            gram[i, j] = total / count
            gram[j, i] = gram[i, j]


@Kernel
def residual(values: FloatArray, columns: FloatArray, models: FloatArray, row: int,
             band: int) -> float:  # fmt: skip
    """One of ``values`` (n, b) minus what the model (b, 8) of its band expects."""
    expected = 0.0
    for j in range(COEFFICIENTS):
        expected += columns[row, j] * models[band, j]
    error: float = values[row, band] - expected
    return error


@Kernel
def fit_bands(columns: FloatArray, values: FloatArray, start: int, end: int, used: int,
              penalty: float, models: FloatArray, errors: FloatArray) -> None:  # fmt: skip
    """Fit ``values`` (n, b) from row ``start`` to before ``end`` with the first ``used`` columns
    (n, 8); ``models`` (b, 8) and, from their first row on, ``errors`` (m, b) are filled.
    """
    count, size = end - start, used - 1
    means, right, gram = np.empty(size), np.empty(size), np.empty((size, size))
    covariances(columns, start, end, means, gram)
    for band in range(values.shape[1]):
        model = models[band]
        level = 0.0
        for row in range(start, end):
            level += values[row, band]
        level /= count
        for j in range(COEFFICIENTS):
            model[j] = 0.0
        for j in range(size):
            right[j] = 0.0
            for row in range(start, end):
                right[j] += (columns[row, 1 + j] - means[j]) * (values[row, band] - level)
            right[j] /= count
        lasso(gram, right, penalty, model)
        for j in range(size):
            level -= means[j] * model[1 + j]
        model[0] = level
        for row in range(start, end):
            errors[row - start, band] = residual(values, columns, models, row, band)


@Kernel
def noise_of_differences(t: FloatArray, values: FloatArray, count: int,
                         result: FloatArray) -> None:  # fmt: skip
    """Fill ``result`` (b,) with the madogram: the median absolute difference of consecutive of the
    first ``count`` ``values`` (n, b) at years ``t`` (n,).

    Where the series is dense, of values further apart, until half of the pairs are more than 30
    days apart: neighbors in time share their errors.
    """
    work = np.empty(count)
    step = 0
    while step == 0 or (step < count // 2 and median(work, count - step) <= 30.0 / YEAR_DAYS):
        step += 1
        for row in range(count - step):
            work[row] = t[row + step] - t[row]
    for band in range(len(result)):
        for row in range(count - step):
            work[row] = abs(values[row + step, band] - values[row, band])
        result[band] = median(work, count - step)


@Kernel
def wave_columns(t: FloatArray, start: int, end: int) -> FloatArray:
    """Constant, season and, beyond a year, one wave over all the years: columns (m, 3 or 5) for
    years ``t`` from ``start`` to before ``end``.
    """
    span = np.ceil(t[end - 1] - t[start])
    columns = np.ones((end - start, 5 if span > 1.0 else 3))
    for row in range(end - start):
        angle = TWO_PI * t[start + row]
        columns[row, 1], columns[row, 2] = np.cos(angle), np.sin(angle)
        if span > 1.0:
            columns[row, 3], columns[row, 4] = np.cos(angle / span), np.sin(angle / span)
    return columns


@Kernel
def normal_equations(columns: FloatArray, series: FloatArray, weights: FloatArray,
                     matrix: FloatArray, right: FloatArray) -> None:  # fmt: skip
    """Fill the lower triangle of ``matrix`` (p, p) and ``right`` (p,) of the weighted fit of
    ``series`` (n,) with ``columns`` (n, p).
    """
    for i in range(len(right)):
        right[i] = 0.0
        for row in range(len(series)):
            right[i] += weights[row] * columns[row, i] * series[row]
        for j in range(i + 1):
            total = 0.0
            for row in range(len(series)):
                total += weights[row] * columns[row, i] * columns[row, j]
            matrix[i, j] = total


@Kernel
def bisquare_fit(columns: FloatArray, series: FloatArray, errors: FloatArray) -> None:
    """Fill ``errors`` (n,) of the robust fit of ``series`` (n,) with ``columns`` (n, p)."""
    count, size = columns.shape
    matrix, model = np.empty((size, size)), np.empty(size)
    weights, work = np.ones(count), np.empty(count)
    for row in range(count):
        errors[row] = 0.0
    for _ in range(5):
        normal_equations(columns, series, weights, matrix, model)
        if not solve_normal(matrix, model):
            break
        for row in range(count):
            errors[row] = series[row]
            for i in range(size):
                errors[row] -= columns[row, i] * model[i]
            work[row] = abs(errors[row])
        scale = max(median(work, count) / NORMAL, 1e-9)
        for row in range(count):
            ratio = (errors[row] / (TUNING * scale)) ** 2
            weights[row] = (1.0 - ratio) ** 2 if ratio < 1.0 else 0.0


@Kernel
def screen_out(t: FloatArray, values: FloatArray, start: int, end: int, bands: AnyArray,
               noise: FloatArray, limit: float, flags: BoolArray) -> None:  # fmt: skip
    """Fill which observations (m,) from ``start`` to before ``end`` Tmask would call cloud, shadow
    or snow.

    In each of the ``bands`` of ``values`` (n, b): a bisquare fit of constant, season, and one wave
    over all the years; beyond ``limit`` times ``noise`` (b,) is out (Zhu & Woodcock 2014,
    10.1016/j.rse.2014.06.012).
    """
    count = end - start
    columns = wave_columns(t, start, end)
    series, errors = np.empty(count), np.empty(count)
    for row in range(count):
        flags[row] = False
    for band in bands:
        for row in range(count):
            series[row] = values[start + row, band]
        bisquare_fit(columns, series, errors)
        for row in range(count):
            if abs(errors[row]) > limit * noise[band]:
                flags[row] = True


@Kernel
def noise_of_fit(errors: FloatArray, count: int, used: int, result: FloatArray) -> None:
    """Fill ``result`` (b,) with the standard deviation of the first ``count`` residuals ``errors``
    (n, b) of ``used`` coefficients.
    """
    for band in range(len(result)):
        total = 0.0
        for row in range(count):
            total += errors[row, band] ** 2
        result[band] = np.sqrt(total / max(count - used, 1))


@Kernel
def sort_season(t: FloatArray, start: int, count: int, season: FloatArray,
                order: AnyArray) -> None:  # fmt: skip
    """Fill the first ``count`` of ``season`` with the sorted fractions of a year of ``t`` from
    ``start`` on, and of ``order`` with the rows, counted from ``start``, that they belong to.
    """
    for row in range(count):
        fraction = t[start + row] % 1.0
        place = row
        while place > 0 and season[place - 1] > fraction:
            season[place], order[place] = season[place - 1], order[place - 1]
            place -= 1
        season[place], order[place] = fraction, row


@Kernel
def noise_in_season(errors: FloatArray, season: FloatArray, order: AnyArray, count: int, at: float,
                    nearest: int, used: int, result: FloatArray) -> None:  # fmt: skip
    """Fill ``result`` (b,) with the standard deviation of the ``nearest`` residuals in the season:
    COLD's temporally adjusted RMSE. The first ``count`` of ``season`` and ``order`` are those of
    ``sort_season`` for the rows of ``errors`` (n, b), ``at`` is the fraction of a year of the
    observation to be tested.
    """
    if count <= nearest:
        noise_of_fit(errors, count, used, result)
        return
    upper = 0
    while upper < count and season[upper] < at:
        upper += 1
    lower = upper - 1
    for band in range(len(result)):
        result[band] = 0.0
    for _ in range(nearest):
        above, below = upper % count, lower % count
        if (season[above] - at) % 1.0 <= (at - season[below]) % 1.0:
            row = order[above]
            upper += 1
        else:
            row = order[below]
            lower -= 1
        for band in range(len(result)):
            result[band] += errors[row, band] ** 2
    for band in range(len(result)):
        result[band] = np.sqrt(result[band] / (nearest - used))


@Kernel
def mean_angle(vectors: FloatArray, count: int) -> float:
    """The mean angle in degrees between each of the first ``count`` of ``vectors`` (n, b) and the
    next.
    """
    total = 0.0
    for step in range(count - 1):
        first, second, product = 0.0, 0.0, 0.0
        for band in range(vectors.shape[1]):
            first += vectors[step, band] ** 2
            second += vectors[step + 1, band] ** 2
            product += vectors[step, band] * vectors[step + 1, band]
        length = np.sqrt(first * second)
        cosine = product / length if length > 0.0 else 1.0
        total += np.arccos(min(max(cosine, -1.0), 1.0))
    return total / (count - 1) * 180.0 / np.pi
