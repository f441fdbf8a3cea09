# SPDX-License-Identifier: GPL-3.0-or-later
"""Cost volumes: Hamming distances of census codes, with the candidates that have none marked."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...jit import Kernel, runs_compiled
from ...types import BoolArray
from .census import Census, census
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
        near, far = slice(first, last), slice(first - shift, last - shift)
        distances = hamming if runs_compiled(compiled) else hamming_numpy
        distances(
            left.codes[:, near],
            left.valid[:, near],
            other.codes[:, far],
            other.valid[:, far],
            volume[:, index, near],
        )
    return volume


def hamming_numpy(
    left: npt.NDArray[Any],
    left_valid: BoolArray,
    right: npt.NDArray[Any],
    right_valid: BoolArray,
    out: Costs,
) -> None:
    """Count the bits that differ, by sums of neighbors (Warren, Hacker's Delight, part 5)."""
    bits = (left ^ right).astype(np.uint64)
    bits -= (bits >> ONE) & PAIRS
    bits = (bits & FOURS) + ((bits >> TWO) & FOURS)
    bits = (bits + (bits >> FOUR)) & EIGHTS
    out[...] = np.where(left_valid & right_valid, (bits * ONES) >> TOP, NO_COST)


@Kernel
def hamming(
    left: npt.NDArray[Any],
    left_valid: BoolArray,
    right: npt.NDArray[Any],
    right_valid: BoolArray,
    out: Costs,
) -> None:
    """As ``hamming_numpy``."""
    rows, columns = out.shape
    for row in range(rows):
        for c in range(columns):
            bits = np.uint64(left[row, c] ^ right[row, c])
            bits = bits - ((bits >> ONE) & PAIRS)
            bits = (bits & FOURS) + ((bits >> TWO) & FOURS)
            bits = (bits + (bits >> FOUR)) & EIGHTS
            count = np.uint8((bits * ONES) >> TOP)
            both = left_valid[row, c] & right_valid[row, c]
            out[row, c] = count if both else np.uint8(NO_COST)
