# SPDX-License-Identifier: GPL-3.0-or-later
"""The bias that all sites of a product share, A(AOT), estimated without the site it is used for.

A site that lives at high AOT must not be punished for the product's bias at high AOT. A is a
running median over AOT of d = satellite - photometer. It is computed from histograms, so that
leaving each site out, in each replicate of the bootstrap, costs a subtraction instead of a sort.
Every site counts the same, however many match-ups it has, and enters with its own level taken off:
otherwise A would follow the biases of the few sites that lie at a given AOT.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..spread import TO_SIGMA
from ..types import AnyArray, BoolArray, FloatArray
from .ranking_series import Series

MIN_NETWORK = 4  # with fewer sites, "the others" are too few to stand for the network
MIN_SITES = 3  # other sites needed near an AOT, else the nearest AOT that has them is used
NODES = 24  # nodes of the running median along AOT, equally many match-ups between them
REACH = 3  # nodes on each side that a running median looks at
CLASSES = 160  # classes of d in the histograms, following its quantiles
BACKFITS = 2  # passes in which the sites' own levels and A are told apart
CLIP = 3.0  # levels of sites are cut at so many scatters around their median


@dataclass(frozen=True)
class Place:
    """Where match-ups lie on the nodes: between ``low`` (n,) and ``low + 1`` at ``share`` (n,)."""

    low: AnyArray
    share: FloatArray


@dataclass(frozen=True)
class BiasGrid:
    """What the running median of one product needs, the same in all replicates.

    ``slope`` of the working line that is taken off d; ``level`` (m,) what each member adds to the
    mean level; ``centers`` (q,) AOT of the nodes; ``edges`` (l + 1,) of the classes of d; per
    member ``cells`` (n,), its match-ups' node and class as one number, and ``places``;
    ``supported`` (m, q): whether enough other members are near the node.
    """

    members: tuple[Series, ...]
    slope: float
    level: FloatArray
    centers: FloatArray
    edges: FloatArray
    cells: tuple[AnyArray, ...]
    places: tuple[Place, ...]
    supported: BoolArray

    @property
    def shape(self) -> tuple[int, int]:
        """Number of nodes and of classes."""
        return len(self.centers), len(self.edges) - 1


def build_grid(members: Sequence[Series]) -> BiasGrid | None:
    """The grid of one product's series; None for fewer than ``MIN_NETWORK`` of them.

    The members' own levels and A are told apart by backfitting (Buja, Hastie, Tibshirani 1989,
    10.1214/aos/1176347115).
    """
    if len(members) < MIN_NETWORK:
        return None
    slope = working_slope(members)
    level = np.array([np.median(part.difference - slope * part.aot) for part in members])
    for _ in range(BACKFITS):
        grid = _grid(members, slope, level)
        curve = _medians(_running(_counts(grid, None)).sum(axis=0), grid.edges)
        left = [
            np.median(part.difference - slope * part.aot - at_places(curve, place)[0])
            for part, place in zip(members, grid.places, strict=True)
        ]
        level = np.array(left)
    return _grid(members, slope, level)


def network_bias(grid: BiasGrid, drawn: Sequence[AnyArray] | None, votes: FloatArray) -> FloatArray:
    """Bias at the nodes without each member (members, replicates, nodes), the line still off.

    ``drawn``: per member indices (replicates, n) of its match-ups, None for the data as they are;
    ``votes`` (members, replicates): weight of each member.
    """
    running = _running(_counts(grid, drawn) * votes[:, :, None, None].astype(np.float32))
    total = running.sum(axis=0)
    weighted = votes * grid.level[:, None]
    level = (weighted.sum(axis=0) - weighted) / (votes.sum(axis=0) - votes)
    parts = []
    for member in range(len(grid.members)):
        medians = _medians(total - running[member], grid.edges)
        parts.append(medians[:, _nearest(grid.supported[member])] + level[member][:, None])
    return np.stack(parts)


def at_places(bias: FloatArray, place: Place) -> FloatArray:
    """``bias`` (replicates, nodes) at match-ups: places (n,) or (replicates, n)."""
    if place.low.ndim == 1:
        low, high = bias[:, place.low], bias[:, place.low + 1]
    else:
        low = np.take_along_axis(bias, place.low, axis=1)
        high = np.take_along_axis(bias, place.low + 1, axis=1)
    return np.asarray(low + (high - low) * place.share)


def outside_share(grid: BiasGrid, member: int) -> float:
    """Share of a member's match-ups at AOT that fewer than ``MIN_SITES`` other members span."""
    aot = grid.members[member].aot
    spans = [
        (part.aot.min() <= aot) & (aot <= part.aot.max())
        for number, part in enumerate(grid.members)
        if number != member
    ]
    return float(np.mean(np.sum(spans, axis=0) < MIN_SITES))


def working_slope(members: Sequence[Series]) -> float:
    """Slope of d over AOT inside the sites: taken off before the running median, put back after it.

    A running median is biased where the curve is steep and its window one-sided, at both ends. The
    lower half of a series' AOT is paired with its upper half; the slope is the median of the pairs'
    slopes weighted by their distance in AOT, each series counting the same.
    """
    slopes, weights = [], []
    for part in members:
        order, half = np.argsort(part.aot, kind="stable"), len(part) // 2
        low, high = order[:half], order[len(part) - half :]
        gap = part.aot[high] - part.aot[low]
        good = gap > 1e-6
        slopes.append((part.difference[high] - part.difference[low])[good] / gap[good])
        weights.append(gap[good] / len(part))
    slope, weight = np.concatenate(slopes), np.concatenate(weights)
    if not len(slope):
        return 0.0
    order = np.argsort(slope, kind="stable")
    total = np.cumsum(weight[order])
    return float(slope[order][np.searchsorted(total, 0.5 * total[-1])])


def _grid(members: Sequence[Series], slope: float, level: FloatArray) -> BiasGrid:
    aot = np.concatenate([part.aot for part in members])
    left = [
        part.difference - slope * part.aot - own for part, own in zip(members, level, strict=True)
    ]
    borders = np.quantile(aot, np.linspace(0.0, 1.0, NODES + 1))
    nodes = [_interval_of(borders, part.aot) for part in members]
    centers = _centers(aot, borders)
    edges = _class_edges(np.concatenate(left))
    cells = tuple(
        node * (len(edges) - 1) + _interval_of(edges, rest)
        for node, rest in zip(nodes, left, strict=True)
    )
    places = tuple(_place(centers, part.aot) for part in members)
    cut = _clipped(level)
    return BiasGrid(tuple(members), slope, cut, centers, edges, cells, places, _supported(nodes))


def _clipped(level: FloatArray) -> FloatArray:
    """Levels cut around their median, so that one strange site does not move all others."""
    middle = np.median(level)
    reach = CLIP * TO_SIGMA * np.median(np.abs(level - middle))
    return np.clip(level, middle - reach, middle + reach)


def _interval_of(edges: FloatArray, values: FloatArray) -> AnyArray:
    found = np.searchsorted(edges, values, side="right") - 1
    return np.asarray(np.clip(found, 0, len(edges) - 2))


def _class_edges(values: FloatArray) -> FloatArray:
    edges = np.unique(np.quantile(values, np.linspace(0.0, 1.0, CLASSES + 1)))
    return edges if len(edges) > 1 else np.array([edges[0] - 1e-6, edges[0] + 1e-6])


def _centers(aot: FloatArray, borders: FloatArray) -> FloatArray:
    own = _interval_of(borders, aot)
    middle = 0.5 * (borders[:-1] + borders[1:])
    found = [
        np.median(aot[own == node]) if np.any(own == node) else middle[node]
        for node in range(NODES)
    ]
    return np.maximum.accumulate(np.array(found))


def _place(centers: FloatArray, aot: FloatArray) -> Place:
    low = _interval_of(centers, aot)
    span = np.maximum(centers[low + 1] - centers[low], 1e-12)
    return Place(low, np.clip((aot - centers[low]) / span, 0.0, 1.0))


def _supported(nodes: Sequence[AnyArray]) -> BoolArray:
    present = np.array([np.bincount(own, minlength=NODES) > 0 for own in nodes])
    near = _sliding(present[:, None, :, None].astype(np.float64))[:, 0, :, 0] > 0
    return np.asarray(near.sum(axis=0) - near >= MIN_SITES)


def _nearest(supported: BoolArray) -> AnyArray:
    """Index (q,) of the nearest supported node; the node itself where there is none at all."""
    known, index = np.flatnonzero(supported), np.arange(len(supported))
    if not len(known):
        return index
    return np.asarray(known[np.argmin(np.abs(index[:, None] - known[None, :]), axis=1)])


def _counts(grid: BiasGrid, drawn: Sequence[AnyArray] | None) -> FloatArray:
    """Histograms (members, replicates, nodes, classes), each member's sum being one."""
    size = grid.shape[0] * grid.shape[1]
    replicates = 1 if drawn is None else len(drawn[0])
    rows = np.arange(replicates)[:, None] * size
    filled: AnyArray = np.empty((len(grid.members), replicates, size), dtype=np.float32)
    for member, cell in enumerate(grid.cells):
        index = cell[None, :] if drawn is None else cell[drawn[member]]
        flat = np.bincount((rows + index).ravel(), minlength=replicates * size)
        filled[member] = flat.reshape(replicates, size) / np.float32(len(cell))
    return np.asarray(filled.reshape(len(grid.members), replicates, *grid.shape))


def _running(counts: FloatArray) -> FloatArray:
    """Cumulative over the classes, summed over neighboring nodes."""
    return _sliding(np.cumsum(counts, axis=3, out=counts))


def _sliding(values: FloatArray) -> FloatArray:
    nodes = values.shape[2]
    summed = np.zeros_like(values)
    for shift in range(-REACH, REACH + 1):
        low, high = max(0, shift), min(nodes, nodes + shift)
        summed[:, :, low - shift : high - shift] += values[:, :, low:high]
    return summed


def _medians(cumulative: FloatArray, edges: FloatArray) -> FloatArray:
    """Medians (replicates, nodes) of cumulative histograms (replicates, nodes, classes)."""
    half = 0.5 * cumulative[..., -1:]
    index = np.minimum((cumulative < half).sum(axis=-1), cumulative.shape[-1] - 1)[..., None]
    upper = np.take_along_axis(cumulative, index, axis=-1)
    before = np.take_along_axis(cumulative, np.maximum(index - 1, 0), axis=-1)
    lower = np.where(index > 0, before, 0.0)
    share = np.clip((half - lower) / np.maximum(upper - lower, 1e-9), 0.0, 1.0)
    return np.asarray((edges[index] + share * (edges[index + 1] - edges[index]))[..., 0])
