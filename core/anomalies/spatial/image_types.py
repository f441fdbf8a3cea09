# SPDX-License-Identifier: GPL-3.0-or-later
"""Is all of an image too bright or too dark, and by what law?

The levels and contrasts of an image (``radiometry``) are scored as those of a single site. What is
off is compared, by generalized least squares, with what each law does to both: a gain scales level
and contrast, an offset leaves the contrast, aerosol adds light and takes contrast, more so where it
absorbs, and thin cloud takes contrast by what it adds. How steeply aerosol falls with wavelength
and how much it absorbs is not known beforehand: its law carries these as errors of known direction,
so that a type is chosen only where these do not explain the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...dependencies import require
from ...spread import TO_SIGMA
from ...types import AnyArray, BoolArray, FloatArray, TimeArray
from ..harmonics import YEAR_DAYS, design, harmonics_for, years
from ..labels import NONE, SHIFT_DAYS, UNKNOWN, WRONG_DATE
from ..scores import FEWEST_CLEAR, MAX_LEVERAGE, Scores, prior_correlation, score
from ..templates import TYPES, laws
from .image_laws import KINDS, fit, shape_errors, shapes
from .part_clear import widths
from .radiometry import ImageSeries

WIDE = (*KINDS, WRONG_DATE, UNKNOWN)
TESTED = ("gain", "offset", "aot_under", "thin_cloud", "cloud")
LEAST_USED = 0.2  # share of the image that must be clear
ANY_LAW = 0.1  # share of the threshold that is spent on what follows no law
_MOST_FEATURES = 0.2  # of the number of dates
_FEWEST_OF_ORBIT = 8  # dates from which on an orbit has a level of its own
_SHIFT_ERROR = 0.05  # of the season, relative
_CLOSE_TO_1 = 1.0 - 1e-16
_LIKE, _NEAR = (0.3, 2.5), 2.0  # of the amplitude of the image; standard deviations of the cell


@dataclass(frozen=True)
class ImageVote:
    """What n images say as a whole: ``p_value`` (n,) that a good image is as far off, NaN where not
    tested; ``type`` (n,) of ``WIDE``, ``none`` above the threshold, and the ``second`` best;
    ``amplitude`` (n,) in the unit of the type; ``confidence`` and ``uniform`` (n,), 0 to 1, NaN
    without a type.
    """

    p_value: FloatArray
    type: AnyArray
    second: AnyArray
    amplitude: FloatArray
    confidence: FloatArray
    uniform: FloatArray


@dataclass(frozen=True)
class _Whitened:
    """Scored features of n dates: ``residual`` (n, m), the laws of ``KINDS`` (n, kinds, m) and
    their errors (n, kinds, 2, m), all in units of independent noise; ``factor`` (m, m) and
    ``noise`` (n, m) that made them so.
    """

    residual: FloatArray
    laws: FloatArray
    errors: FloatArray
    factor: FloatArray
    noise: FloatArray


def vote(
    image: ImageSeries, times: TimeArray, nm: FloatArray, threshold: float = 0.001,
    harmonics: int | None = None, orbits: Sequence[str] = (),
) -> ImageVote:  # fmt: skip
    """The dates on which all of the image is off, and what by.

    Two tests share ``threshold``: along the laws of ``TESTED``, which needs less, and of any
    deviation (as for single sites); where no band has a known wavelength, all of it is for any
    deviation. The law of both is the scatter of the image's own series from date to date, whatever
    the pixels of an image have in common. ``nm`` (k,) are the wavelengths; ``orbits`` (n,) texts:
    each with enough dates gets a level of its own, as the ground looks different from each.
    """
    count = len(times)
    nothing = np.full(count, np.nan)
    none = np.full(count, NONE, dtype=object)
    empty = ImageVote(
        nothing, none, none.copy(), nothing.copy(), nothing.copy(), nothing.copy()
    )  # fmt: skip
    values, prior, textured = _features(image, nm)
    clear = (image.used >= LEAST_USED) & np.isfinite(values).all(axis=1)
    if clear.sum() < FEWEST_CLEAR:
        return empty
    waves = harmonics_for(int(clear.sum())) if harmonics is None else harmonics
    t = years(times)
    x = np.column_stack([design(t, waves), *_orbit_columns(orbits, clear)])
    found, wide = _scored(x, values, clear, prior, image)
    white = _whitened(found, wide, nm, textured)
    along = _along_laws(found, white, clear)
    # Of a single band all laws are the one direction of its distance.
    p_value = _together(found.p_value, along) if values.shape[1] > 1 else found.p_value
    with np.errstate(invalid="ignore"):
        tested = clear & (found.leverage <= MAX_LEVERAGE) & np.isfinite(p_value)
        flagged = tested & (p_value < threshold)
    result = ImageVote(
        np.where(tested, p_value, np.nan), empty.type, empty.second, empty.amplitude,
        empty.confidence, empty.uniform,
    )  # fmt: skip
    for date in np.flatnonzero(flagged):
        season = _season(found, values, x, t, waves, int(date))
        _name(result, white, season, int(date), image, nm)
    return result


def _scored(
    x: FloatArray, values: FloatArray, clear: BoolArray, prior: FloatArray, image: ImageSeries
) -> tuple[Scores, FloatArray]:
    """The scores of the features (n, m), and the factor (n,) by which the noise of each date is
    larger because only a part of the image is clear: dates count by as much less.
    """
    first = score(x, values, clear, prior)
    wide = widths(image, clear, first.noise[: image.level.shape[1]])
    if (wide == 1.0).all():
        return first, wide
    column = wide[:, None]
    found = score(x / column, values / column, clear, prior)
    return replace(found, expected=found.expected * column, residual=found.residual * column), wide


def _features(image: ImageSeries, nm: FloatArray) -> tuple[FloatArray, FloatArray, AnyArray]:
    """Levels and contrasts (n, m), the correlation (m, m) of their noise before any is seen, and
    which bands have a contrast: none where there are too few dates for so many features.
    """
    dates, bands = image.level.shape
    seen = np.isfinite(image.texture[image.used >= LEAST_USED])
    textured = np.flatnonzero(seen.all(axis=0)) if len(seen) else np.empty(0, np.int64)
    if bands + len(textured) > _MOST_FEATURES * dates:
        textured = textured[:0]
    values = np.column_stack((image.level, image.texture[:, textured]))
    # Between level and contrast none is expected: measured, it is about 0.1.
    prior = np.eye(values.shape[1])
    prior[:bands, :bands] = prior_correlation(nm)
    prior[bands:, bands:] = prior_correlation(nm[textured])
    return values, prior, textured


def _orbit_columns(orbits: Sequence[str], clear: BoolArray) -> list[FloatArray]:
    """A column (n,) for each orbit but the first that has enough clear dates."""
    names = np.array(orbits, dtype=str)
    if len(names) != len(clear):
        return []
    enough = [one for one in np.unique(names) if (clear & (names == one)).sum() >= _FEWEST_OF_ORBIT]
    columns = [(names == one).astype(np.float64) for one in enough]
    return [column - columns[0] for column in columns[1:]]


def _whitened(found: Scores, wide: FloatArray, nm: FloatArray, textured: AnyArray) -> _Whitened:
    hat = np.where(found.kept, -found.leverage, found.leverage)
    noise = found.noise * (wide * np.sqrt(np.maximum(1e-6, 1.0 + np.nan_to_num(hat))))[:, None]
    noise = np.where(np.isfinite(noise), noise, 1.0)
    there = np.isfinite(found.noise)
    factor = np.linalg.cholesky(
        np.where(np.outer(there, there), found.correlation, np.eye(len(there)))
    )
    rho = np.clip(np.nan_to_num(found.expected[:, : len(nm)]), 0.0, 1.0)
    return _Whitened(
        _white(factor, found.residual / noise),
        _white(factor, shapes(rho, nm, textured) / noise[:, None]),
        _white(factor, shape_errors(rho, nm, textured) / noise[:, None, None]),
        factor, noise,
    )  # fmt: skip


def _white(factor: FloatArray, values: FloatArray) -> FloatArray:
    flat = np.nan_to_num(values).reshape(-1, values.shape[-1])
    return np.asarray(np.linalg.solve(factor, flat.T).T.reshape(values.shape))


def _together(any_way: FloatArray, along: FloatArray) -> FloatArray:
    """The chance (n,) by both tests, each with its share of the level (Sidak 1967,
    10.1080/01621459.1967.10482935): uniform where they are independent, larger where they are not.
    """
    if not np.isfinite(along).any():
        return any_way
    whole = np.log1p(-np.minimum(any_way, _CLOSE_TO_1)) / ANY_LAW
    laws = np.log1p(-np.minimum(along, _CLOSE_TO_1)) / (1.0 - ANY_LAW)
    return np.asarray(-np.expm1(np.fmax(whole, laws)))


def _along_laws(found: Scores, white: _Whitened, clear: BoolArray) -> FloatArray:
    """The least p-value (n,) along the laws of ``TESTED``, corrected for their effective number:
    they resemble each other (Galwey 2009, 10.1002/gepi.20408). Amplitudes that scatter more than
    their noise says on most dates are measured by their own scatter. NaN where the bands have no
    known wavelength: there is no law to test then.
    """
    special = require("scipy.special")
    chosen = white.laws[:, [KINDS.index(name) for name in TESTED]]
    size = np.sqrt((chosen**2).sum(axis=2))
    unit = chosen / np.maximum(size, 1e-12)[..., None]
    z = (unit * white.residual[:, None]).sum(axis=2)
    z[~np.isfinite(found.distance)] = np.nan
    seen = z[clear & np.isfinite(z).all(axis=1)]
    if not len(seen) or not size.any():
        return np.full(len(z), np.nan)
    scatter = TO_SIGMA * np.median(np.abs(seen - np.median(seen, axis=0)), axis=0)
    largest = np.abs(z / np.maximum(1.0, scatter)).max(axis=1)
    alike = np.linalg.eigvalsh((unit @ unit.transpose(0, 2, 1)).mean(axis=0))
    number = np.sqrt(np.maximum(alike, 0.0)).sum() ** 2 / max(alike.sum(), 1e-12)
    tail = 2.0 * special.stdtr(np.maximum(found.freedom, 1.0), -largest)
    return np.asarray(-np.expm1(number * np.log1p(-np.minimum(tail, _CLOSE_TO_1))))


def _season(
    found: Scores, values: FloatArray, x: FloatArray, t: FloatArray, waves: int, date: int
) -> FloatArray:
    """What is left (shifts, m) of a date against the model at ``SHIFT_DAYS`` from it; (0, m) where
    there is no season.
    """
    if not waves:
        return np.empty((0, values.shape[1]))
    moved = design(t[date] + SHIFT_DAYS / YEAR_DAYS, waves)
    moved[:, 1] = t[date]
    rows = np.repeat(x[date : date + 1], len(moved), axis=0)
    rows[:, : moved.shape[1]] = moved
    return np.asarray(values[date] - rows @ found.coefficients)


def _name(
    result: ImageVote, white: _Whitened, season: FloatArray, date: int, image: ImageSeries,
    nm: FloatArray,
) -> None:  # fmt: skip
    """Enter type, amplitude, confidence and uniformity of a date."""
    residual = white.residual[date]
    energy = float(residual @ residual)
    fits = [
        fit(residual, white.laws[date, place], white.errors[date, place], name)
        for place, name in enumerate(KINDS)
    ]
    left = _white(white.factor, season / white.noise[date])
    days, moved = _other_day(left, energy)
    size = len(residual)
    spread = energy / size
    anything = -0.5 * (energy / (1.0 + spread) + size * np.log1p(spread))
    likelihood = np.array([*(one for one, _ in fits), moved, anything])
    shares = np.exp(likelihood - likelihood.max())
    shares /= shares.sum()
    second, best = np.argsort(shares, kind="stable")[-2:]
    kind = WIDE[int(best)]
    result.type[date], result.second[date] = kind, WIDE[int(second)]
    result.confidence[date] = shares[best]
    if kind == WRONG_DATE:
        result.amplitude[date] = days
    elif kind in TYPES:
        amplitude = fits[int(best)][1]
        result.amplitude[date] = amplitude * (100.0 if TYPES[kind][2] == "percent" else 1.0)
        result.uniform[date] = uniformity(image, date, kind, amplitude, nm)
    elif kind == UNKNOWN and not white.laws[date].any():
        # No type could be told: all of the image may be off all the same.
        result.uniform[date] = _evenness(image, date, white.noise[date, : image.level.shape[1]])


def _other_day(left: FloatArray, energy: float) -> tuple[float, float]:
    """The days by which the season fits best, and the log-likelihood that the date is wrong."""
    if not len(left):
        return float("nan"), -np.inf
    misfit = (left * left).sum(axis=1)
    best = int(misfit.argmin())
    if misfit[best] >= energy:
        return float(SHIFT_DAYS[best]), -np.inf
    others = max(1, left.shape[1] - 1)
    extra = _SHIFT_ERROR**2 * (energy - misfit[best]) / others
    found = misfit[best] / (1.0 + extra) + others * np.log1p(extra) + np.log1p(energy)
    # Some ten days can be told from each other: one of them has been picked.
    return float(SHIFT_DAYS[best]), float(-0.5 * found - np.log(10.0))


def uniformity(image: ImageSeries, date: int, kind: str, amplitude: float, nm: FloatArray) -> float:
    """The share (0 to 1) of cells in which a type of ``KINDS`` holds with about the ``amplitude``
    of the whole image, or within twice what that scatters from date to date in the cell; NaN
    without cells.
    """
    expected = np.clip(image.cell_expected, 0.0, 1.0)
    shape = np.nan_to_num(laws(expected, nm)[..., list(TYPES).index(kind), :])
    power = np.maximum((shape * shape).sum(axis=2), 1e-12)
    own = (np.where(np.isfinite(nm), image.cell_residual, 0.0) * shape).sum(axis=2) / power
    there = np.isfinite(own[date])
    if not there.any() or not amplitude:
        return float("nan")
    return _alike(own[:, there], date, amplitude)


def _evenness(image: ImageSeries, date: int, noise: FloatArray) -> float:
    """The share (0 to 1) of cells that are off as their mean is, whatever by: ``noise`` (k,)."""
    scaled = image.cell_residual / noise
    there = np.isfinite(scaled[date]).all(axis=1)
    mean = scaled[date, there].mean(axis=0) if there.any() else np.zeros(len(noise))
    length = float(np.sqrt((mean * mean).sum()))
    return _alike(scaled[:, there] @ mean / length, date, length) if length else float("nan")


def _alike(own: FloatArray, date: int, amplitude: float) -> float:
    """The share of cells whose ``own`` (n, cells) amplitude is about that of the image, or within
    twice what it scatters from date to date in the cell.
    """
    scatter = TO_SIGMA * np.nanmedian(np.abs(own - np.nanmedian(own, axis=0)), axis=0)
    ratio = own[date] / amplitude
    near = np.abs(own[date] - amplitude) <= _NEAR * scatter
    return float((((ratio > _LIKE[0]) & (ratio < _LIKE[1])) | near).mean())
