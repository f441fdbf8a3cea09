# SPDX-License-Identifier: GPL-3.0-or-later
"""The first pass: one tile of a stack scored on all dates, and what it says of each image.

A tile is scored in parts of 64 x 64 pixels that lie where they lie whatever the size of the tiles:
medians, cells, spectra and shifts of the parts, and what follows for an image from all of them, do
not depend on how large tiles the memory allows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ...execution.stacks import block_of
from ...execution.tiling import Tile, TileOutput
from ...io.plain_stacks import stack_from_plain
from ...io.products.masks import excluded, policy_flags
from ...io.stacks import Block, ImageStack
from ...types import AnyArray, BoolArray, Flag, FloatArray, TimeArray
from ..harmonics import years
from ..scores import MAX_LEVERAGE, fewest_clear
from ..unvarying import constant_count
from .codes import UNTESTED
from .echoes import striped_dates, without_dates
from .parts import part_count, parts_of, voting_parts
from .pixels import PixelScores, PixelSettings, design_of, model_at, score_pixels
from .radiometry import inliers, radiometric_sums
from .registration import shift_sums
from .stripes import middle_of, stripe_peaks
from .texture import MOST_DATES, Pairs, edges_of, pair_scatter, texture_sums
from .wrong_date import date_misfits

CLOUD, SHADE, ODD, CLEAR_BIT = 1, 2, 4, 8  # of the state of a pixel on a date
LEVEL, BEST, LOCAL, STATE = range(4)  # planes of a date
CLOUDS = (Flag.CLOUD, Flag.THIN_CLOUD, Flag.CIRRUS, Flag.CLOUD_OR_SHADOW, Flag.MASKED)
_CORNER = 8  # pixels on a side

Masks = tuple[BoolArray, BoolArray, BoolArray]


@dataclass(frozen=True)
class _Scored:
    """A part: ``values`` (n, k, rows, columns), ``clear``, ``cloud``, ``shade`` (n, rows, columns),
    its scores with all pixels in one line, ``t`` (n,) years.
    """

    values: npt.NDArray[np.float32]
    clear: BoolArray
    cloud: BoolArray
    shade: BoolArray
    scores: PixelScores
    t: FloatArray

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""
        return self.values.shape[2:]

    def coefficients(self) -> npt.NDArray[np.float32]:
        """(8, k, rows, columns)."""
        return self.scores.coefficients.reshape(*self.scores.coefficients.shape[:2], *self.shape)

    def noise(self) -> npt.NDArray[np.float32]:
        """(k, rows, columns)."""
        return self.scores.noise.reshape(-1, *self.shape)

    def expected(self, date: int) -> FloatArray:
        """(k, rows, columns)."""
        return model_at(self.coefficients(), design_of(self.t[date : date + 1])[0])


def date_name(date: int) -> str:
    """The name of the array of a date in a tile."""
    return f"d{date:05d}"


def score_tile(tile: Tile, parameters: Mapping[str, Any]) -> TileOutput:
    """Score one tile.

    Arrays: for each date ``date_name`` (4, rows, columns): level, best type, local type (see
    ``PixelScores``) and state; ``counts`` (2, rows, columns): anomalies and clear dates; ``edges``
    (rows, columns). The summary holds the ``types`` of each date and, of each part that votes
    (``voting``: of how many of the grid one does, and how many lie side by side), its ``votes``:
    the sums and peaks of each date. ``seen``: whether any pixel is clear on any date;
    ``infinite``: how many values are, which are gaps.
    """
    stack = stack_from_plain(parameters["stack"])
    nm = np.array([np.nan if one is None else one for one in parameters["wavelengths_nm"]])
    settings = PixelSettings(**parameters["settings"])
    values, masks = _read(stack, block_of(tile.own))
    infinite = np.isinf(values)
    values[infinite] = np.nan
    voting = voting_parts(tile, **parameters["voting"])
    made = score_values(values, masks, stack.times, nm, settings, voting)
    numbers = {
        "seen": bool((masks[0] & np.isfinite(values).any(axis=1)).any()),
        "infinite": int(np.count_nonzero(infinite)),
        **constant_count(values, masks[0], fewest_clear(len(nm), settings.lower)),
    }
    return replace(made, summary={**made.summary, **numbers})


def score_values(
    values: npt.NDArray[np.float32],
    masks: Masks,
    times: TimeArray,
    nm: FloatArray,
    settings: PixelSettings | None = None,
    voting: BoolArray | bool = True,
) -> TileOutput:
    """As ``score_tile``, of ``values`` (n, k, rows, columns), reflectance with gaps NaN, and their
    ``masks`` (n, rows, columns): which pixels are clear, cloud, and shadow of clouds. ``nm`` (k,).
    ``voting`` (rows, columns of parts): which parts vote.
    """
    settings, shape = settings or PixelSettings(), values.shape[2:]
    chosen = np.broadcast_to(voting, (part_count(shape[0]), part_count(shape[1])))
    arrays: dict[str, AnyArray] = {}
    types = [Counter[str]() for _ in values]
    votes: list[Any] = []
    for place, cut in parts_of(shape):
        few: Masks = (masks[0][cut], masks[1][cut], masks[2][cut])
        made = _score_part(values[cut], few, times, nm, settings, bool(chosen[place]))
        for name, one in made.arrays.items():
            if name not in arrays:
                arrays[name] = np.zeros((*one.shape[:-2], *shape), one.dtype)
            arrays[name][cut] = one
        for total, more in zip(types, made.summary["types"], strict=True):
            total.update(more)
        if made.summary["votes"] is not None:
            votes.append(made.summary["votes"])
    return TileOutput(arrays, {"types": [dict(sorted(one.items())) for one in types],
                               "votes": votes})  # fmt: skip


def _score_part(
    values: npt.NDArray[np.float32],
    masks: Masks,
    times: TimeArray,
    nm: FloatArray,
    settings: PixelSettings,
    voting: bool,
) -> TileOutput:
    seen = masks[0] & np.isfinite(values).any(axis=1)
    most = int(np.count_nonzero(seen, axis=0).max(initial=0))
    if most < fewest_clear(len(nm), settings.lower):
        return _untested(values, masks, seen, times, nm, settings, voting)
    return _scored_output(values, masks, times, nm, settings, voting)


def _scored_output(
    values: npt.NDArray[np.float32],
    masks: Masks,
    times: TimeArray,
    nm: FloatArray,
    settings: PixelSettings,
    voting: bool,
) -> TileOutput:
    t = years(times)
    flat, clear = values.reshape(*values.shape[:2], -1), masks[0].reshape(len(values), -1)
    scored = _Scored(values, *masks, score_pixels(flat, clear, t, nm, settings), t)
    weights = _weights(scored.noise())
    scatter = _scatter(scored) if voting else None
    arrays: dict[str, Any] = {}
    votes: list[dict[str, Any]] = []
    for date in range(len(t)):
        residual, expected, used = _residual(scored, date)
        kept = used & inliers(residual, used)
        arrays[date_name(date)] = _planes(scored, date, used & ~kept)
        if scatter is not None:
            votes.append(_votes(scored, date, (residual, expected), (used, kept), weights, scatter))
    for vote, peaks in zip(votes, _stripes(scored) if voting else [], strict=True):
        vote["stripes"] = peaks
    tested = np.isin(scored.scores.best, (0, 255), invert=True)
    counts = np.stack([tested.sum(axis=0), scored.scores.clear_count]).astype(np.uint16)
    arrays["counts"] = counts.reshape(2, *scored.shape)
    arrays["edges"] = edges_of(scored.coefficients()[0], weights)
    types = [_types(best) for best in scored.scores.best]
    return TileOutput(arrays, {"types": types, "votes": votes if voting else None})


def _untested(
    values: npt.NDArray[np.float32],
    masks: Masks,
    seen: BoolArray,
    times: TimeArray,
    nm: FloatArray,
    settings: PixelSettings,
    voting: bool,
) -> TileOutput:
    """What ``_scored_output`` gives where no pixel is ``seen`` (n, rows, columns) on enough dates
    to be tested: beyond the swath, over the sea, below a mask that always covers it.
    """
    shape = seen.shape[1:]
    # What no pixel says is the same of few as of many: a corner speaks for the tile.
    corner = (..., slice(_CORNER), slice(_CORNER))
    few: Masks = (masks[0][corner], masks[1][corner], masks[2][corner])
    votes = _scored_output(values[corner], few, times, nm, settings, voting).summary["votes"]
    arrays: dict[str, Any] = {}
    for date in range(len(seen)):
        planes = np.full((STATE + 1, *shape), UNTESTED, np.uint8)
        planes[STATE] = _state(masks[1][date], masks[2][date], seen[date])
        arrays[date_name(date)] = planes
    counts = np.zeros((2, *shape), np.uint16)
    counts[1] = np.count_nonzero(seen, axis=0)
    arrays["counts"], arrays["edges"] = counts, np.zeros(shape, np.uint8)
    types = [{str(UNTESTED): seen[0].size} for _ in range(len(seen))]
    return TileOutput(arrays, {"types": types, "votes": votes})


def tile_need(stack: ImageStack) -> tuple[float, float]:
    """Bytes per pixel, and megabytes whatever the size, that a tile needs at its peak."""
    dates, bands = len(stack), len(stack.bands)
    # Values, masks, scores and planes of all dates (the planes also packed), the spectra of one
    # band; the model and one date; the working arrays of a portion of pixels.
    dated = 4.0 * bands + 4.0 + 4.0 + 4.0 * 2.5 + 17.0
    return dates * dated + 8.0 * 4.0 * bands * 2.0 + 100.0 * bands, 120.0


def _read(stack: ImageStack, block: Block) -> tuple[npt.NDArray[np.float32], Masks]:
    shape = (len(stack), block.rows, block.columns)
    clear, cloud, shade = (np.zeros(shape, bool) for _ in range(3))
    for date, product in enumerate(stack.products):
        flags = stack.flags(date, block) if product.masks else {}
        clear[date] = ~excluded(flags, policy_flags(stack.policy), shape[1:])
        cloud[date] = excluded(flags, CLOUDS, shape[1:])
        shade[date] = excluded(flags, (Flag.CLOUD_SHADOW,), shape[1:])
    return stack.read(block), (clear, cloud, shade)


def _weights(noise: npt.NDArray[np.float32]) -> FloatArray:
    """1 / variance (k,) of the usual noise of each band; 0 for bands without a model."""
    flat = noise.reshape(len(noise), -1)
    seen = np.isfinite(flat).any(axis=1)
    weights = np.zeros(len(flat))
    weights[seen] = np.nanmedian(flat[seen], axis=1).astype(np.float64) ** -2.0
    return weights


def _residual(scored: _Scored, date: int) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Residual and model (k, rows, columns) of one date, and which pixels are used."""
    expected = scored.expected(date)
    residual = scored.values[date].astype(np.float64) - expected
    return residual, expected, scored.clear[date] & np.isfinite(residual).all(axis=0)


def _votes(
    scored: _Scored,
    date: int,
    images: tuple[FloatArray, FloatArray],
    pixels: tuple[BoolArray, BoolArray],
    weights: FloatArray,
    scatter: Pairs,
) -> dict[str, Any]:
    """What one date says: residual and model, the pixels used and those kept of them."""
    (residual, expected), (used, kept) = images, pixels
    observed = scored.values[date].astype(np.float64)
    moment = float(scored.t[date])
    off, unseen = _deleted(scored, date, residual, expected)
    return {
        "radiometry": radiometric_sums(residual, expected, used, kept),
        "texture": texture_sums(off, unseen, kept, scatter),
        "shift": shift_sums(observed, unseen, used, weights),
        "misfits": date_misfits(observed, scored.coefficients(), scored.noise(), used, moment),
    }


def _deleted(
    scored: _Scored, date: int, residual: FloatArray, expected: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Residual and model (k, rows, columns) without the date itself in the fit.

    A model that has seen the date follows its noise, one that has not does not: their noise would
    make contrasts look different on dates that the fit has left out. It follows a shift of the
    image as well, which would be found too small by as much.
    """
    hat = min(float(scored.scores.leverage[date]), MAX_LEVERAGE)
    kept = scored.scores.kept[date].reshape(scored.shape)
    followed = residual * np.where(kept, hat / (1.0 - hat), 0.0)
    return residual + followed, expected - followed


def _scatter(scored: _Scored) -> Pairs:
    """How the differences of neighbors scatter, over dates spread evenly."""
    every = -(-len(scored.t) // MOST_DATES)
    dates = (_residual(scored, date) for date in range(0, len(scored.t), every))
    return pair_scatter((residual, used & inliers(residual, used)) for residual, _, used in dates)


def _types(best: npt.NDArray[np.uint8]) -> dict[str, int]:
    codes, numbers = np.unique(best, return_counts=True)
    return {str(code): int(n) for code, n in zip(codes, numbers, strict=True)}


def _planes(scored: _Scored, date: int, odd: BoolArray) -> npt.NDArray[np.uint8]:
    seen = scored.clear[date] & np.isfinite(scored.values[date]).any(axis=0)
    state = _state(scored.cloud[date], scored.shade[date], seen) | np.uint8(ODD) * odd
    flat = (scored.scores.level[date], scored.scores.best[date], scored.scores.local[date])
    return np.stack([*(one.reshape(scored.shape) for one in flat), state])


def _state(cloud: BoolArray, shade: BoolArray, seen: BoolArray) -> npt.NDArray[np.uint8]:
    state = np.uint8(CLOUD) * cloud | np.uint8(SHADE) * shade | np.uint8(CLEAR_BIT) * seen
    return np.asarray(state, dtype=np.uint8)


def _stripes(scored: _Scored) -> list[list[dict[str, Any] | None]]:
    """The peaks of each date, by band, in the middle of the tile.

    A model follows a striped date by its leverage, and leaves its stripes in the residuals of the
    dates around it, turned over. Where dates have stripes, all are looked at again, against the
    models without those dates.
    """
    rows, columns = (middle_of(side) for side in scored.shape)
    model = scored.coefficients()[:, :, rows, columns]
    kept = scored.scores.kept.reshape(-1, *scored.shape)[:, rows, columns]
    design = design_of(scored.t)
    found = []
    for band in range(scored.values.shape[1]):
        observed = scored.values[:, band, rows, columns]
        expected = np.stack([model_at(model[:, band], row) for row in design])
        residual = observed - expected
        used = scored.clear[:, rows, columns] & np.isfinite(residual)
        residual = np.where(used, residual, 0.0)
        peaks = stripe_peaks(residual, used)
        striped = striped_dates(peaks)
        if len(striped):
            order = _fitted_columns(model[:, band])
            peaks = stripe_peaks(without_dates(residual, kept, design[:, order], striped), used)
        found.append(peaks)
    return [[peaks[date] for peaks in found] for date in range(len(scored.t))]


def _fitted_columns(model: npt.NDArray[np.float32]) -> BoolArray:
    """Which columns (8,) of the design most pixels were fitted with; of others the coefficients
    (8, rows, columns) are 0.
    """
    used = np.isfinite(model) & (model != 0.0)
    fitted = used.sum(axis=(1, 2)) * 2 > used[0].sum()
    return np.asarray(fitted | (np.arange(len(model)) == 0))
