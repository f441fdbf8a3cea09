# SPDX-License-Identifier: GPL-3.0-or-later
"""Dense disparities of a rectified pair: arrays in, arrays out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...errors import InputError
from . import opencv
from .census import SIZES, Census, census
from .confidence import BAND, confidence
from .costs import cost_volume, right_codes
from .filters import SPECKLE_PX, median_3, speckles
from .intensity import FITS, IntensityFit, precision, refine
from .sgm import PENALTIES, Penalties, aggregate
from .subpixel import REFINEMENTS, refined
from .surface import SETTLED_PX, expected_error, settled, surroundings
from .values import MOST_CANDIDATES, Candidates, Costs, Float32, Status, Statuses, Sums
from .winners import winners

MATCHERS = ("census_sgm", "census_sgm_half_pixel", "opencv_sgbm")
# How far one pixel acts on another along the paths: what Pandora states for its semi-global
# matching (in theory without end; tests show what is left beyond).
PATHS_PX = 40
BYTES_PER_CANDIDATE = 3  # a cost of one byte, a sum of two
BYTES_PER_PIXEL = 100  # codes, keys, indices, disparities and what they are made of


class RangeTooWide(InputError):
    """A disparity range takes more memory than a match may; smaller tiles take less."""


@dataclass(frozen=True)
class MatchSettings:
    """How to match.

    ``matcher`` is one of ``MATCHERS``; ``window`` 5 or 7 pixels; ``penalties`` None takes those of
    the window and matcher; ``refinement`` "v_fit" or "parabola", and then ``fit`` by intensities
    (None takes that of the matcher, ``NO_FIT`` does none); ``left_right_px`` is the largest
    difference in the left-right check; ``speckle_px`` the smallest patch that is kept (0 keeps
    all); ``band`` that of ``confidence``; ``memory_mb`` what a match may take; ``compiled`` is
    explained in ``core.jit``. All but ``fit``, ``median``, ``speckle_px`` and ``memory_mb`` are
    for the census matchers.
    """

    matcher: str = "census_sgm"
    window: int = 7
    penalties: Penalties | None = None
    refinement: str = "v_fit"
    fit: IntensityFit | None = None
    left_right_px: float = 1.0
    median: bool = True
    speckle_px: int = SPECKLE_PX
    band: float = BAND
    memory_mb: float = 1024.0
    compiled: bool | None = None

    def __post_init__(self) -> None:
        """Raise ``InputError`` where a setting is unknown."""
        for name, value, known in (
            ("matcher", self.matcher, MATCHERS),
            ("window of the census", self.window, SIZES),
            ("sub-pixel refinement", self.refinement, tuple(REFINEMENTS)),
        ):
            if value not in known:
                raise InputError(
                    f"Unknown {name}: {value}. There are: {', '.join(map(str, known))}."
                )

    @property
    def intensity_fit(self) -> IntensityFit:
        """How disparities are refined by the intensities."""
        return FITS[self.matcher] if self.fit is None else self.fit

    @property
    def steps(self) -> int:
        """Candidates per pixel of disparity."""
        return 2 if self.matcher == "census_sgm_half_pixel" else 1


@dataclass(frozen=True)
class Disparities:
    """What was matched, for each left pixel (rows, columns).

    ``disparity`` d in pixels: left (r, c) is right (r, c - d); NaN where ``status`` (values of
    ``Status``) is not MATCHED. ``confidence`` 0 to 1, where there was any candidate: how clear the
    choice was, times the ``precision`` of the ``expected_error``. ``deviation``: what the noise of
    the images alone does to the disparity of the fit (pixels, standard deviation).
    """

    disparity: Float32
    confidence: Float32
    status: Statuses
    deviation: Float32

    @property
    def matched_share(self) -> float:
        """Matched pixels among those that had any candidate; NaN where none had."""
        tried = int((self.status != Status.NO_DATA).sum())
        return int((self.status == Status.MATCHED).sum()) / tried if tried else float("nan")


def margin_px(settings: MatchSettings) -> int:
    """How many pixels around a tile its disparities depend on, on each side of the left image.

    Half of the window, the reach of the paths, and that of the filters (a patch of n pixels that
    are not many enough reaches n - 1 at most). The right image needs the range of disparities on
    top of it: columns c - high to c - low.
    """
    half = (7 if settings.matcher == "opencv_sgbm" else settings.window) // 2
    filters = int(settings.median) + max(0, settings.speckle_px - 1)
    fit = settings.intensity_fit
    return half + PATHS_PX + filters + fit.reach_px + fit.settles * SETTLED_PX


def memory_bytes(rows: int, columns: int, low: int, high: int, settings: MatchSettings) -> int:
    """About how much memory a match takes at its peak."""
    count = Candidates(low, high, settings.steps).count
    return rows * columns * (BYTES_PER_CANDIDATE * count + BYTES_PER_PIXEL)


def match_pair(
    left: Float32, right: Float32, low: int, high: int, settings: MatchSettings | None = None
) -> Disparities:
    """The disparities of ``left`` (rows, columns), sought from ``low`` to ``high`` in ``right``.

    ``right`` has the same rows, and columns of its own; its column 0 is where a left column c = d
    looks for the disparity d. Both are float32 with NaN where there is nothing. Radiometry may
    differ between the two. Raises ``InputError`` where the range or the shapes cannot be.
    """
    settings = settings or MatchSettings()
    check(left, right, low, high, settings)
    if settings.matcher == "opencv_sgbm":
        disparity, sure, status = opencv.match(left, right, low, high, settings.compiled)
    else:
        disparity, sure, status = _census_sgm(left, right, low, high, settings)
    return finished(left, right, (disparity, sure, status), settings)


def census_costs(
    left: Float32, right: Float32, candidates: Candidates, settings: MatchSettings
) -> tuple[Costs, int]:
    """Costs (rows, candidates, columns) of a rectified pair, and the bits of the census."""
    compiled, window = settings.compiled, settings.window
    codes: Census = census(left, window, compiled)
    others = right_codes(right, window, settings.steps, compiled)
    return cost_volume(codes, others, candidates, compiled), codes.bits


def summed(costs: Costs, bits: int, settings: MatchSettings) -> Sums:
    """The costs aggregated with the penalties of the settings."""
    penalties = settings.penalties or PENALTIES[settings.window, settings.steps]
    return aggregate(costs, penalties, bits, settings.compiled)


def decided(
    sums: Sums, candidates: Candidates, bits: int, right_columns: int, settings: MatchSettings
) -> tuple[Float32, Float32, Statuses]:
    """Disparities, confidence and status (rows, columns) of aggregated costs, before filters."""
    compiled = settings.compiled
    index, status = winners(sums, candidates, right_columns, settings.left_right_px, compiled)
    sure = confidence(sums, bits, settings.steps, settings.band, compiled)
    disparity = refined(sums, index, candidates, settings.refinement)
    disparity[status != Status.MATCHED] = np.nan
    return disparity, sure, status


def _census_sgm(
    left: Float32, right: Float32, low: int, high: int, settings: MatchSettings
) -> tuple[Float32, Float32, Statuses]:
    candidates = Candidates(low, high, settings.steps)
    costs, bits = census_costs(left, right, candidates, settings)
    sums = summed(costs, bits, settings)
    del costs
    return decided(sums, candidates, bits, right.shape[1], settings)


def finished(
    left: Float32, right: Float32, found: tuple[Float32, Float32, Statuses], settings: MatchSettings
) -> Disparities:
    """What was decided, without outliers and small patches, refined by the intensities."""
    disparity, sure, status = found
    disparity = _filtered(disparity, status, settings)
    fit = settings.intensity_fit
    disparity, deviation = refine(left, right, disparity, fit, settings.compiled)
    if fit.rounds:
        around = surroundings(disparity, settings.compiled)
        if fit.settles:
            disparity = settled(disparity, around, deviation, fit)
        sure = sure * precision(expected_error(around, deviation))
    return Disparities(disparity, sure, status, deviation)


def _filtered(disparity: Float32, status: Statuses, settings: MatchSettings) -> Float32:
    """Disparities without outliers and small patches, which are marked in ``status``."""
    if settings.median:
        disparity = median_3(disparity)
    if settings.speckle_px > 1:
        small = speckles(disparity, settings.speckle_px, compiled=settings.compiled)
        disparity[small] = np.nan
        status[small] = Status.SPECKLE
    return disparity


def check(left: Float32, right: Float32, low: int, high: int, settings: MatchSettings) -> None:
    """Raise ``InputError`` where a pair cannot be matched as asked."""
    if left.ndim != 2 or right.ndim != 2 or len(left) != len(right):
        raise InputError(
            f"A rectified pair has as many rows left as right, not {left.shape} and {right.shape}."
        )
    if not (np.isfinite(low) and np.isfinite(high)) or low != int(low) or high != int(high):
        raise InputError(
            f"The disparity range {low} to {high} has to be whole pixels: round it outward."
        )
    if high - low < 2:
        raise InputError(
            f"The disparity range {low} to {high} px is too narrow: it takes 2 px at least."
        )
    (rows, columns), others = left.shape, right.shape[1]
    if low > columns - 1 or high < 1 - others:
        raise InputError(
            f"The disparity range {low} to {high} px lies outside the images ({columns} and "
            f"{others} columns): no pixel of the left one meets the right one. Check the height "
            "range, and whether the images are swapped or do not overlap."
        )
    need = memory_bytes(rows, columns, int(low), int(high), settings) / 1e6
    count = Candidates(int(low), int(high), settings.steps).count
    if need > settings.memory_mb or count > MOST_CANDIDATES:
        raise RangeTooWide(
            f"The disparity range {low} to {high} px of a tile of {columns} x {rows} pixels takes "
            f"{need:,.0f} MB, more than the {settings.memory_mb:,.0f} MB there are for it. Give a "
            "height range or an a-priori DEM, or take smaller tiles."
        )
