# SPDX-License-Identifier: GPL-3.0-or-later
"""One campaign's match-ups, ready to be compared: in AOT bins, with blocks, as weighted sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..bootstrap import IntArray, block_weights, replicate_sums
from ..errors import InsufficientDataError
from ..types import AnyArray, BoolArray, FloatArray
from .blocks import month_blocks, row_order
from .filters import headline_rows, headline_window
from .keys import Factor, fold_site
from .significance import Estimate
from .types import MatchUps

INSIDE_SITES, WHOLE_SITES, SITE_MONTHS = (
    "inside sites",
    "whole sites",
    "site months",
)  # what is drawn
QUANTITIES = ("bias", "ln of precision", "deviation")


@dataclass(frozen=True)
class Sample:
    """Accepted match-ups of one campaign (n rows).

    ``site`` names folded for comparison; ``difference`` satellite - photometer; ``bins`` (n,) the
    AOT bin; ``weight`` (n,); ``month_block``, ``site_block`` (n,) numbers of blocks from 0;
    ``gapfilled`` share (NaN where unknown), ``stable``.
    """

    name: str
    site: AnyArray
    difference: FloatArray
    bins: AnyArray
    weight: FloatArray
    month_block: AnyArray
    site_block: AnyArray
    gapfilled: FloatArray
    stable: BoolArray
    window_m: float

    def __len__(self) -> int:
        return len(self.difference)

    def select(self, rows: BoolArray, weight: FloatArray | None = None) -> Sample:
        """The rows of a mask, with new weights where given (for all rows)."""
        weights = self.weight if weight is None else weight
        return Sample(
            self.name,
            self.site[rows],
            self.difference[rows],
            self.bins[rows],
            weights[rows],
            _renumber(self.month_block[rows]),
            _renumber(self.site_block[rows]),
            self.gapfilled[rows],
            self.stable[rows],
            self.window_m,
        )


def build_sample(matchups: MatchUps, name: str, edges: FloatArray) -> Sample:
    """The accepted rows at the headline window; values outside ``edges`` go to the outer bins.

    Raises ``InsufficientDataError`` where there are none.
    """
    usable = np.isfinite(matchups.difference) & ~np.isnat(matchups.time)
    used = matchups.accepted & headline_rows(matchups) & usable
    if not used.any():
        raise InsufficientDataError(
            f"{name} has no accepted match-up among its {len(matchups)} rows. Look at the reasons "
            "in its match-up table, and widen the time window or the filters of the comparison."
        )
    rows = np.flatnonzero(used)
    part = (matchups.site[rows], matchups.time[rows], matchups.satellite[rows])
    rows = rows[row_order(*part, matchups.reference[rows])]
    found = matchups.extra.get("gapfilled_fraction")
    share = np.full(len(matchups), np.nan) if found is None else np.asarray(found, np.float64)
    sites = Factor.of(matchups.site[rows], fold_site)
    bins = np.searchsorted(edges, matchups.reference[rows], side="right") - 1
    return Sample(
        name,
        np.array(sites.labels, dtype=object)[sites.codes],
        matchups.difference[rows],
        np.clip(bins, 0, len(edges) - 2),
        np.ones(len(rows)),
        month_blocks(matchups.site[rows], matchups.time[rows]),
        sites.codes,
        share[rows],
        matchups.stable[rows],
        headline_window(matchups),
    )


def counts(sample: Sample, bins: int) -> FloatArray:
    """Match-ups per bin (bins,)."""
    return np.bincount(sample.bins, minlength=bins).astype(np.float64)


def block_counts(sample: Sample, bins: int) -> FloatArray:
    """Site months per bin (bins,)."""
    pairs = np.unique(np.column_stack((sample.bins, sample.month_block)), axis=0)
    return np.bincount(pairs[:, 0], minlength=bins).astype(np.float64)


def block_numbers(sample: Sample, draw: str) -> AnyArray:
    """The block (n,) of each row: whole sites, or months at sites."""
    return sample.site_block if draw == WHOLE_SITES else sample.month_block


def freedom(sample: Sample, draw: str, rows: BoolArray | None = None) -> tuple[int, int]:
    """Number of blocks, and degrees of freedom that they leave, of some ``rows`` (all: None)."""
    kept = sample if rows is None else sample.select(rows)
    blocks = len(np.unique(block_numbers(kept, draw)))
    lost = len(np.unique(kept.site_block)) if draw == INSIDE_SITES else 1
    return blocks, blocks - lost


def per_bin(
    sample: Sample, bins: int, replicates: int, draw: str, rng: np.random.Generator
) -> FloatArray:
    """The three quantities per bin (1 + replicates, 3, bins); the first row is the data themselves.

    bias = mean d; precision = sd of d (n - 1), as logarithm; deviation = mean |d - median of the
    bin|, the variable of the test of Brown and Forsythe 1974, 10.1080/01621459.1974.10482955. NaN
    where a bin has fewer than two rows.
    """
    weights = _weights(sample, replicates, draw, rng)
    columns = _columns(sample, bins)
    sums = replicate_sums(weights, block_numbers(sample, draw), columns)
    return _quantities(sums.reshape(len(weights), 5, bins))


def _weights(sample: Sample, replicates: int, draw: str, rng: np.random.Generator) -> IntArray:
    """How often each block is drawn (1 + replicates, blocks); once each in the first row."""
    blocks, first = np.unique(block_numbers(sample, draw), return_index=True)
    weights = np.ones((1 + replicates, len(blocks)), dtype=np.int64)
    strata = sample.site_block[first] if draw == INSIDE_SITES else np.zeros(len(blocks), np.int64)
    for one in np.unique(strata):
        own = np.flatnonzero(strata == one)
        weights[1:, own] = block_weights(len(own), replicates, rng)
    return weights


def standardized(values: FloatArray, shares: FloatArray) -> FloatArray:
    """Quantities (r, 3, bins) averaged over bins with ``shares`` (bins,): (r, 3).

    Bins without a share, and bins that a replicate lacks, are left out. Precision is averaged as
    variance.
    """
    natural = values.copy()
    natural[:, 1] = np.exp(2.0 * natural[:, 1])
    weight = np.where(np.isfinite(natural), shares, 0.0)
    total = weight.sum(axis=2)
    mean = np.where(weight > 0.0, natural * weight, 0.0).sum(axis=2) / np.where(
        total > 0.0, total, np.nan
    )
    mean[:, 1] = 0.5 * np.log(np.where(mean[:, 1] > 0.0, mean[:, 1], np.nan))
    return np.asarray(mean)


def as_estimate(replicates: FloatArray, blocks: int, free: int) -> Estimate:
    """The first value with the variance of the others, which is too small by free / blocks."""
    drawn = replicates[1:][np.isfinite(replicates[1:])]
    if len(drawn) < max(2, (len(replicates) - 1) // 2) or free < 1:
        return Estimate(float(replicates[0]), float("nan"), 0.0)
    variance = float(drawn.var(ddof=1)) * blocks / free
    return Estimate(float(replicates[0]), variance, float(free))


def _columns(sample: Sample, bins: int) -> FloatArray:
    """Per bin what is summed (n, 5 * bins): 1, w, w d, w d^2, w |d - median|."""
    deviation = np.zeros(len(sample))
    for one in np.unique(sample.bins):
        rows = sample.bins == one
        deviation[rows] = np.abs(sample.difference[rows] - np.median(sample.difference[rows]))
    own = (sample.bins[:, None] == np.arange(bins)).astype(np.float64)
    w, d = sample.weight, sample.difference
    parts = (np.ones(len(sample)), w, w * d, w * d * d, w * deviation)
    return np.hstack([own * part[:, None] for part in parts])


def _quantities(sums: FloatArray) -> FloatArray:
    count, weight, first, second, deviation = np.moveaxis(sums, 1, 0)
    enough = count >= 2
    safe = np.where(enough, weight, np.nan)
    bias = first / safe
    spread = (second / safe - bias**2) * count / np.where(enough, count - 1.0, np.nan)
    precision = 0.5 * np.log(np.where(spread > 0.0, spread, np.nan))
    return np.stack((bias, precision, deviation / safe), axis=1)


def _renumber(numbers: AnyArray) -> AnyArray:
    return np.asarray(np.unique(numbers, return_inverse=True)[1], dtype=np.int64)
