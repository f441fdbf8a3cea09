# SPDX-License-Identifier: GPL-3.0-or-later
"""The chance of a date: of any deviation, and along the laws of known anomalies.

The joint distance looks in all directions of the bands alike. An anomaly of a known shape s needs
less: t = s' C^-1 z / sqrt(s' C^-1 s) has one degree of freedom. With an estimated covariance its
square over what is left of the distance has the law F(1, nu - k + 1) for dates outside of the fit
(Kelly 1986, 10.1109/TAES.1986.310745, for real values), and in the fit, as its other face,
F(1, nu - k). The nine ways of ``WAYS`` and the distance share the level. What they count twice is
taken off along a tree of pairs (Hunter 1976, 10.2307/3212481), so that the chance is still never
understated.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..dependencies import require
from ..types import AnyArray, FloatArray
from .scores import Scores, p_values
from .templates import TYPES, templates
from .whitening import factors, whiten

ANY_SHARE = 1.0 / 3.0  # of the level, spent on deviations in any direction
# The laws have their share of levels up to this one; the rest of larger ones is for any deviation.
MOST_LEVEL = 0.01
FEWEST_BANDS = 3  # of fewer the distance is as sharp
# The laws with their signs, and pairs that look alike: no chain of them closes.
WAYS = tuple(
    (name, sign) for name, (only, _, _) in TYPES.items() for sign in ((only,) if only else (1, -1))
)
ALIKE = (
    (("cloud", 1), ("thin_cloud", 1)),
    (("thin_cloud", 1), ("aot_under", 1)),
    (("cloud", 1), ("offset", 1)),
    (("shadow", -1), ("gain", -1)),
)
_LAWS_MOST = (1.0 - ANY_SHARE) * MOST_LEVEL
_PLACES = [list(TYPES).index(name) for name, _ in WAYS]
_SIGNS = np.array([float(sign) for _, sign in WAYS])
_PAIRS = np.array([[WAYS.index(first), WAYS.index(second)] for first, second in ALIKE])
_STRATA = np.array([1.0, 0.75, 0.5, 0.25])  # of what is beyond a limit: how much is beyond each
_CHUNK = 20_000


def chance(scores: Scores, wavelengths_nm: FloatArray) -> FloatArray:
    """Chance (n[, pixels]) that a good date is as odd as each, by the distance and the laws.

    ``wavelengths_nm`` (k,) of the bands; those that are unknown take no part in the laws, and with
    fewer than three known ones the distance alone decides. NaN where not scored.
    """
    any_way = scores.p_value
    if not follows_laws(scores, wavelengths_nm):
        return any_way
    # Any deviation has what the laws leave of the level.
    level = np.minimum(1.0, np.minimum(any_way / ANY_SHARE, any_way + _LAWS_MOST))
    with np.errstate(invalid="ignore"):
        # No direction has more than the distance.
        able = _one_way(scores.distance, scores) * len(WAYS) <= _LAWS_MOST
    able &= scores.bands >= FEWEST_BANDS
    rows = np.nonzero(able)
    for begin in range(0, len(rows[0]), _CHUNK):
        part = tuple(index[begin : begin + _CHUNK] for index in rows)
        level[part] = _with_laws(level[part], scores, part, *_along(scores, part, wavelengths_nm))
    return np.asarray(level)


def follows_laws(scores: Scores, wavelengths_nm: FloatArray) -> bool:
    """Whether enough bands are scored, of known wavelengths, that the laws take part."""
    return bool(
        np.isfinite(wavelengths_nm).sum() >= FEWEST_BANDS
        and np.nanmax(scores.bands, initial=0.0) >= FEWEST_BANDS
    )


def chances_at(
    scores: Scores, wavelengths_nm: FloatArray, rows: tuple[AnyArray, ...], factors: FloatArray
) -> FloatArray:
    """``chance`` (f, m) of the dates at ``rows`` (date[, pixel]), their squared distances divided
    by each of the ``factors`` (f,); wavelengths of three bands or more are known.
    """
    along, alike = _along(scores, rows, wavelengths_nm)
    result = np.empty((len(factors), len(along)))
    for factor, row in zip(factors, result, strict=True):
        part = replace(scores, distance=scores.distance / factor)
        law = (part.distance[rows], part.kept[rows], part.bands[rows], part.freedom[rows])
        any_way = p_values(*law)
        level = np.minimum(1.0, np.minimum(any_way / ANY_SHARE, any_way + _LAWS_MOST))
        row[:] = _with_laws(level, part, rows, along / factor, alike)
    return result


def scaled(scores: Scores, factor: FloatArray | float) -> Scores:
    """``scores`` with squared distances divided by ``factor`` ([pixels]), and z by its root."""
    return replace(scores, distance=scores.distance / factor, z=scores.z / np.sqrt(factor))


def _with_laws(
    level: FloatArray,
    scores: Scores,
    rows: tuple[AnyArray, ...],
    along: FloatArray,
    alike: FloatArray,
) -> FloatArray:
    """The chance (m,) of the dates at ``rows``, from their ``level`` (m,) by the distance alone and
    from ``_along``.
    """
    laws = _one_way(along, scores, rows) * len(WAYS)
    laws = np.where(laws <= _LAWS_MOST, laws / (1.0 - ANY_SHARE), np.inf)
    both = np.minimum(level, laws)
    spent = np.minimum(both, MOST_LEVEL) * (1.0 - ANY_SHARE)
    twice = _twice(spent / len(WAYS), both - spent, alike, scores.bands[rows])
    return np.asarray(np.minimum(1.0, both - twice))


def _along(
    scores: Scores, rows: tuple[AnyArray, ...], nm: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The part (m,) of the distance along the way that fits best, with the sign of its amplitude,
    and the cosines (m, pairs) of the ways that look alike.
    """
    z = _by_row(scores.z, rows)
    there = np.isfinite(z)
    hat = np.where(scores.kept[rows], -scores.leverage[rows], scores.leverage[rows])
    scale = _by_row(scores.noise, rows, fixed=True)
    scale = np.where(there, scale * np.sqrt(np.maximum(1e-6, 1.0 + hat))[:, None], 1.0)
    factor = factors(_by_row(scores.correlation, rows, fixed=True), there)
    shapes = templates(_by_row(scores.expected, rows), nm) / scale[:, None]
    white = whiten(factor, np.where(there[:, None], shapes, 0.0))
    size = np.sqrt(np.einsum("mtk,mtk->mt", white, white))
    unit = (white / np.maximum(size, 1e-9)[..., None])[:, _PLACES] * _SIGNS[:, None]
    seen = whiten(factor, np.where(there, z, 0.0)[:, None])[:, 0]
    most = np.einsum("mwk,mk->mw", unit, seen).max(axis=1)
    first, second = unit[:, _PAIRS[:, 0]], unit[:, _PAIRS[:, 1]]
    return np.sign(most) * most**2, np.einsum("mpk,mpk->mp", first, second)


def _by_row(array: FloatArray, rows: tuple[AnyArray, ...], fixed: bool = False) -> FloatArray:
    """``array`` (n, ..., [pixels]) at (date, [pixel]) as (m, ...); ``fixed``: it has no dates."""
    date, pixel = rows[0], rows[1:]
    if not pixel:
        return np.broadcast_to(array, (len(date), *array.shape)) if fixed else array[date]
    moved = np.moveaxis(array, -1, 0)
    return np.asarray(moved[pixel[0]] if fixed else moved[pixel[0], date])


def _one_way(
    along: FloatArray, scores: Scores, rows: tuple[AnyArray, ...] | slice = slice(None)
) -> FloatArray:
    """Chance of so much of the distance ``along`` one way, with its sign; 1 where unknown."""
    special = require("scipy.special")
    distance, nu, bands = scores.distance[rows], scores.freedom[rows], scores.bands[rows]
    kept = scores.kept[rows]
    good = np.isfinite(distance) & (bands > 0) & (nu > bands)
    part = np.abs(along)
    freedom = np.where(good, nu - bands + np.where(kept, 0.0, 1.0), 1.0)
    with np.errstate(invalid="ignore"):
        rest = np.where(kept, nu - distance, nu + np.maximum(0.0, distance - part))
    student = np.sqrt(
        freedom * part / np.maximum(np.where(good, rest, 1.0), 1e-9 * np.maximum(nu, 1.0))
    )
    p = special.stdtr(freedom, np.where(good, -np.sign(along) * student, 0.0))
    return np.asarray(np.where(good, p, 1.0))


def _twice(
    each: FloatArray, any_way: FloatArray, cosine: FloatArray, bands: FloatArray
) -> FloatArray:
    """At least what is counted twice in the sum of ``each`` (m,) way's chance and of ``any_way``'s.

    Of two ways with ``cosine`` (m, pairs), and of the distance with one way of each group of these:
    the chance to be beyond both limits, by strata of what is beyond the one, each at its near edge.
    """
    special = require("scipy.special")
    safe = np.maximum(each, 1e-300)[:, None]
    edge = -special.ndtri(safe * _STRATA)
    near = np.clip(cosine, 0.0, 1.0 - 1e-9)[..., None]
    needed = (edge[:, None, :1] - near * edge[:, None]) / np.sqrt(1.0 - near**2)
    pairs = np.where(cosine > 0.0, special.ndtr(-needed).mean(axis=2), 0.0)
    limit = special.chdtri(bands, np.clip(any_way, 1e-300, 1.0))[:, None]
    others = np.maximum(0.0, limit - edge**2)
    groups = len(WAYS) - len(ALIKE)
    far = special.chdtrc(bands[:, None] - 1.0, others).mean(axis=1)
    return np.asarray(each * (pairs.sum(axis=1) + groups * far))
