# SPDX-License-Identifier: GPL-3.0-or-later
"""The models of the joint test: lasso fits of all bands, robust screening, noise of differences."""

from __future__ import annotations

import numpy as np

from ...jit import Kernel
from ...types import AnyArray, BoolArray, FloatArray
from ..fit_parts import NORMAL, TUNING
from ..harmonics import YEAR_DAYS
from .monitor_kernel import solve_normal

COEFFICIENTS = 8  # constant, trend, three harmonics
TWO_PI = 2.0 * np.pi


@Kernel
def columns_of(t: FloatArray) -> FloatArray:
    """The design (n, 8) for years ``t`` (n,), as ``harmonics.design`` has it."""
    result = np.empty((len(t), COEFFICIENTS))
    result[:, 0] = 1.0
    result[:, 1] = t
    for k in range(1, 4):
        result[:, 2 * k] = np.cos(TWO_PI * k * t)
        result[:, 2 * k + 1] = np.sin(TWO_PI * k * t)
    return result


@Kernel
def lasso(gram: FloatArray, right: FloatArray, penalty: float, result: FloatArray) -> None:
    """Coordinate descent (Friedman, Hastie & Tibshirani 2010, 10.18637/jss.v033.i01).

    ``gram`` (p, p) and ``right`` (p,) are covariances of centered columns among each other and with
    the centered values; ``result`` (p,) is the start and becomes the coefficients. The penalty acts
    on columns of unit variance and has the unit of the values.
    """
    size = len(right)
    for _ in range(200):
        moved = 0.0
        for j in range(size):
            spread = gram[j, j]
            if spread <= 1e-12:
                result[j] = 0.0
                continue
            toward = right[j] - np.dot(gram[j], result) + spread * result[j]
            limit = penalty * np.sqrt(spread)
            old = result[j]
            result[j] = np.sign(toward) * max(abs(toward) - limit, 0.0) / spread
            moved = max(moved, abs(result[j] - old) * np.sqrt(spread))
        if moved < 1e-7:
            break


@Kernel
def fit_bands(columns: FloatArray, values: FloatArray, used: int, penalty: float,
              models: FloatArray) -> FloatArray:  # fmt: skip
    """Fit ``values`` (n, b) with the first ``used`` columns (n, 8); ``models`` (b, 8) is filled.

    Returns the residuals (n, b).
    """
    count, bands = values.shape
    models[:, :] = 0.0
    centered = np.empty((count, used - 1))
    means = np.empty(used - 1)
    for j in range(used - 1):
        means[j] = columns[:, j + 1].mean()
        centered[:, j] = columns[:, j + 1] - means[j]
    gram = np.dot(centered.T, centered) / count
    for band in range(bands):
        level = values[:, band].mean()
        right = np.dot(centered.T, values[:, band] - level) / count
        lasso(gram, right, penalty, models[band, 1:used])
        models[band, 0] = level - np.dot(means, models[band, 1:used])
    errors: FloatArray = values - np.dot(columns, models.T)
    return errors


@Kernel
def noise_of_differences(t: FloatArray, values: FloatArray) -> FloatArray:
    """The madogram (b,): the median absolute difference of consecutive ``values`` (n, b).

    Where the series is dense, of values further apart, until half of the pairs are more than 30
    days apart: neighbors in time share their errors.
    """
    count, bands = values.shape
    apart = 30.0 / YEAR_DAYS
    step = 1
    while step < count // 2 and np.median(t[step:] - t[:-step]) <= apart:
        step += 1
    result = np.empty(bands)
    for band in range(bands):
        series = values[:, band].copy()
        result[band] = np.median(np.abs(series[step:] - series[:-step]))
    return result


@Kernel
def screened_out(t: FloatArray, values: FloatArray, noise: FloatArray,
                 limit: float) -> BoolArray:  # fmt: skip
    """Which observations (n,) Tmask would call cloud, shadow or snow.

    In each band of ``values`` (n, b): a bisquare fit of constant, season, and one wave over all
    the years; beyond ``limit`` times ``noise`` (b,) is out (Zhu & Woodcock 2014,
    10.1016/j.rse.2014.06.012).
    """
    count, bands = values.shape
    span = np.ceil(t[-1] - t[0])
    size = 5 if span > 1.0 else 3
    columns = np.ones((count, size))
    columns[:, 1], columns[:, 2] = np.cos(TWO_PI * t), np.sin(TWO_PI * t)
    if size == 5:
        columns[:, 3], columns[:, 4] = np.cos(TWO_PI * t / span), np.sin(TWO_PI * t / span)
    flags = np.zeros(count, np.bool_)
    for band in range(bands):
        series = values[:, band].copy()
        weights = np.ones(count)
        errors = np.zeros(count)
        for _ in range(5):
            weighted = columns * weights.reshape(-1, 1)
            matrix, model = np.dot(weighted.T, columns), np.dot(weighted.T, series)
            if not solve_normal(matrix, model):
                break
            errors = series - np.dot(columns, model)
            scale = max(np.median(np.abs(errors)) / NORMAL, 1e-9)
            ratio = (errors / (TUNING * scale)) ** 2
            weights = np.where(ratio < 1.0, (1.0 - ratio) ** 2, 0.0)
        flags |= np.abs(errors) > limit * noise[band]
    return flags


@Kernel
def root_mean_square(errors: FloatArray, used: int) -> FloatArray:
    """The standard deviation (b,) of residuals ``errors`` (n, b) of ``used`` coefficients."""
    count, bands = errors.shape
    result = np.empty(bands)
    for band in range(bands):
        result[band] = np.sqrt(np.sum(errors[:, band] ** 2) / max(count - used, 1))
    return result


@Kernel
def seasonal_noise(errors: FloatArray, season: FloatArray, order: AnyArray, at: float, nearest: int,
                   used: int) -> FloatArray:  # fmt: skip
    """The standard deviation (b,) of the ``nearest`` residuals in the season: COLD's temporally
    adjusted RMSE. ``season`` (n,) are the sorted fractions of a year, ``order`` (n,) the rows of
    ``errors`` (n, b) they belong to, ``at`` the fraction of the observation to be tested.
    """
    count, bands = errors.shape
    if count <= nearest:
        return root_mean_square(errors, used)
    upper = int(np.searchsorted(season, at))
    lower = upper - 1
    squares = np.zeros(bands)
    for _ in range(nearest):
        above = (season[upper % count] - at) % 1.0
        below = (at - season[lower % count]) % 1.0
        if above <= below:
            row = order[upper % count]
            upper += 1
        else:
            row = order[lower % count]
            lower -= 1
        for band in range(bands):
            squares[band] += errors[row, band] ** 2
    result: FloatArray = np.sqrt(squares / (nearest - used))
    return result


@Kernel
def mean_angle(vectors: FloatArray) -> float:
    """The mean angle in degrees between each of ``vectors`` (n, b) and the next."""
    total = 0.0
    for step in range(len(vectors) - 1):
        first, second = vectors[step], vectors[step + 1]
        length = np.sqrt(np.sum(first**2) * np.sum(second**2))
        cosine = np.sum(first * second) / length if length > 0.0 else 1.0
        total += np.arccos(min(max(cosine, -1.0), 1.0))
    return float(np.degrees(total / (len(vectors) - 1)))
