# SPDX-License-Identifier: GPL-3.0-or-later
"""Cost volumes: Hamming distances of census codes, with the candidates that have none marked."""

from __future__ import annotations

import numpy as np

from ...jit import Kernel, runs_compiled
from ...types import BoolArray
from .census import Census, Codes, census
from .values import NO_COST, Candidates, Costs, Float32

PAIRS = np.uint64(0x5555555555555555)
FOURS = np.uint64(0x3333333333333333)
EIGHTS = np.uint64(0x0F0F0F0F0F0F0F0F)
ONES = np.uint64(0x0101010101010101)
ONE, TWO, FOUR, TOP = np.uint64(1), np.uint64(2), np.uint64(4), np.uint64(56)
# The value a quarter of a pixel to the right, by the cubic through four neighbors (Lagrange).
QUARTER = (-7 / 128, 105 / 128, 35 / 128, -5 / 128)


def between(image: Float32, weights: tuple[float, ...]) -> Float32:
    """The weighted sums of each pixel's left neighbor, itself, and two to the right; NaN where one
    of four is missing.
    """
    values = np.full(image.shape, np.nan, np.float32)
    width = image.shape[1] - 3
    if width > 0:
        parts = (np.float32(w) * image[:, i : i + width] for i, w in enumerate(weights))
        values[:, 1:-2] = sum(parts)
    return values


def right_codes(
    image: Float32, size: int, steps: int, compiled: bool | None = None
) -> tuple[Census, ...]:
    """The census of the right image in each phase (see ``Candidates.place``)."""
    phases = (image,) if steps == 1 else (between(image, QUARTER), between(image, QUARTER[::-1]))
    return tuple(census(phase, size, compiled) for phase in phases)


def cost_volume(
    left: Census,
    right: tuple[Census, ...],
    candidates: Candidates,
    compiled: bool | None = None,
) -> Costs:
    """Hamming distances (rows, candidates, columns), ``NO_COST`` where either pixel has no code.

    ``right`` has one census per phase, whose width may differ from the left one's. Takes one byte
    per pixel and candidate.
    """
    rows, columns = left.codes.shape
    volume = np.full((rows, candidates.count, columns), NO_COST, np.uint8)
    for index in range(candidates.count):
        phase, shift = candidates.place(index)
        other = right[phase]
        first, last = max(0, shift), min(columns, other.codes.shape[1] + shift)
        if last <= first:
            continue
        if runs_compiled(compiled):
            # Whole arrays: of parts of them numba compiles a version for each kind of strides.
            hamming(
                left.codes, left.valid, other.codes, other.valid, first, last, shift, index, volume
            )
            continue
        near, far = slice(first, last), slice(first - shift, last - shift)
        hamming_numpy(
            left.codes[:, near],
            left.valid[:, near],
            other.codes[:, far],
            other.valid[:, far],
            volume[:, index, near],
        )
    return volume


def hamming_numpy(
    left: Codes, left_valid: BoolArray, right: Codes, right_valid: BoolArray, out: Costs
) -> None:
    """Count the bits that differ, by sums of neighbors (Warren, Hacker's Delight, part 5)."""
    bits = left ^ right
    bits -= (bits >> ONE) & PAIRS
    bits = (bits & FOURS) + ((bits >> TWO) & FOURS)
    bits = (bits + (bits >> FOUR)) & EIGHTS
    out[...] = np.where(left_valid & right_valid, (bits * ONES) >> TOP, NO_COST)


@Kernel
def hamming(
    left: Codes,
    left_valid: BoolArray,
    right: Codes,
    right_valid: BoolArray,
    first: int,
    last: int,
    shift: int,
    index: int,
    volume: Costs,
) -> None:
    """As ``hamming_numpy``, for the columns ``first`` to ``last`` (excluded) of the left image and
    those ``shift`` before them of the right one; to the candidate ``index`` of ``volume``.
    """
    for row in range(len(left)):
        one, other = left[row, first:last], right[row, first - shift : last - shift]
        good, well = left_valid[row, first:last], right_valid[row, first - shift : last - shift]
        out = volume[row, index, first:last]
        for c in range(last - first):
            bits = one[c] ^ other[c]
            bits = bits - ((bits >> ONE) & PAIRS)
            bits = (bits & FOURS) + ((bits >> TWO) & FOURS)
            bits = (bits + (bits >> FOUR)) & EIGHTS
            count = np.uint8((bits * ONES) >> TOP)
            out[c] = count if good[c] & well[c] else np.uint8(NO_COST)
