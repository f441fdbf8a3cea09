# SPDX-License-Identifier: GPL-3.0-or-later
"""More training samples of rare classes: copies, copies with noise, points between neighbors.

SMOTE: Chawla et al. 2002 (10.1613/jair.953).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ...types import AnyArray
from ..sample_fields import JITTER, MOVED, REPLICATE, SMOTE
from .settings import MOST_BYTES, NONE, Move, SampleSettings, random_numbers
from .split import groups_of

IntArray = npt.NDArray[np.int64]
Features = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Extra:
    """Training samples beside the reference (m,): the sample that each comes from (``base``), the
    ``zone`` it trains, how it was made (``origin``), and its features (m, features).
    """

    base: IntArray
    zone: AnyArray
    origin: AnyArray
    features: Features

    def __len__(self) -> int:
        return len(self.base)


def extra_of(base: AnyArray, zone: str, origin: str, features: Features) -> Extra:
    """Samples of one zone and origin."""
    zones, origins = np.empty(len(base), object), np.empty(len(base), object)
    zones[:], origins[:] = zone, origin
    return Extra(np.asarray(base, dtype=np.int64), zones, origins, features)


def together(parts: list[Extra], width: int) -> Extra:
    """Several as one; ``width``: how many features there are."""
    none = extra_of(np.zeros(0, np.int64), "", "", np.zeros((0, width), np.float32))
    every = [none, *parts]
    return Extra(*(np.concatenate([getattr(one, name) for one in every])
                   for name in Extra.__dataclass_fields__))  # fmt: skip


def moved(
    moves: tuple[Move, ...], zones: AnyArray, labels: AnyArray, training: IntArray,
    features: Features, seed: int, run: int,
) -> tuple[Extra, list[str]]:  # fmt: skip
    """Copies of training samples in other zones, and notes where there are fewer than asked for.

    ``zones``, ``labels`` (samples,) and ``features`` of all; ``training``: places of those that
    train in this run.
    """
    parts, notes = [], []
    for number, move in enumerate(moves):
        own = (zones[training] == move.source) & (labels[training] == move.label)
        rows = training[own]
        wanted = len(rows) if move.count is None else move.count
        if wanted > len(rows) or not len(rows):
            notes.append(
                f"MOVE: {move.source} has {len(rows)} training samples of {move.label}; "
                f"{'all' if move.count is None else wanted} are asked for by {move.target}."
            )
        draw = random_numbers(seed, MOVED, run, number)
        chosen = np.sort(draw.choice(len(rows), min(wanted, len(rows)), replace=False))
        parts.append(extra_of(rows[chosen], move.target, MOVED, features[rows[chosen]]))
    return together(parts, features.shape[1]), notes


def augmented(
    zones: AnyArray, labels: AnyArray, folds: IntArray, rows: IntArray, features: Features,
    settings: SampleSettings, run: int,
) -> tuple[Extra, list[str]]:  # fmt: skip
    """Further training samples of each zone and class up to what the settings ask for, and notes.

    ``zones`` (m,): the zone that each of the training samples ``rows`` (m,) trains, places in
    ``labels``, ``folds`` and ``features`` of all samples.
    """
    width = features.shape[1]
    if settings.augmentation == NONE:
        return together([], width), []
    groups = list(groups_of(zones, labels[rows]))
    largest: dict[str, int] = {}
    for zone, _, members in groups:
        largest[zone] = max(largest.get(zone, 0), len(members))
    parts, notes, total = [], [], 0
    for zone, label, members in groups:
        missing = _target(label, largest[zone], len(members), settings) - len(members)
        if missing <= 0:
            continue
        total += missing
        _check_memory(total, width)
        rng = random_numbers(settings.seed, settings.augmentation, run, zone, label)
        made, note = _made(rows[members], missing, features, folds, settings, rng)
        parts += [Extra(one.base, np.full(len(one), zone, dtype=object), one.origin, one.features)
                  for one in made]  # fmt: skip
        if note:
            notes.append(f"{note} (class {label}{f', zone {zone}' if zone else ''})")
    return together(parts, width), notes


def _check_memory(samples: int, features: int) -> None:
    if samples * features * 4 > MOST_BYTES:
        raise InputError(
            f"{samples:,} made samples of {features} features do not fit into memory: ask for "
            "fewer (AUGMENT_TO), or limit the samples of the largest class (MAX_PER_CLASS)."
        )


def _target(label: str, largest: int, there: int, settings: SampleSettings) -> int:
    if settings.augment_amounts:
        return settings.augment_amounts.get(label, there)
    return largest if settings.augment_to is None else settings.augment_to


def _made(
    rows: IntArray, count: int, features: Features, folds: IntArray, settings: SampleSettings,
    rng: np.random.Generator,
) -> tuple[list[Extra], str]:  # fmt: skip
    kind = settings.augmentation
    if kind == SMOTE:
        base, values = smote(features[rows], folds[rows], count, settings.neighbors, rng)
        if len(base):
            return [extra_of(rows[base], "", SMOTE, values)], ""
        base = in_turn(len(rows), count, rng)
        return [extra_of(rows[base], "", REPLICATE, features[rows[base]])], (
            "SMOTE needs two samples in a fold: samples were repeated instead"
        )
    base = in_turn(len(rows), count, rng)
    values = features[rows[base]]
    if kind == JITTER:
        noise = rng.standard_normal(values.shape) * spread(features[rows]) / settings.jitter
        values = (values + noise).astype(np.float32)
    return [extra_of(rows[base], "", kind, values)], ""


def in_turn(there: int, count: int, rng: np.random.Generator) -> IntArray:
    """``count`` places among ``there``, each as often as any other, to one."""
    rounds = -(-count // there)
    return np.asarray(np.concatenate([rng.permutation(there) for _ in range(rounds)])[:count])


def spread(features: Features) -> npt.NDArray[np.float64]:
    """Standard deviation (features,) of samples (n, features), 0 where there is one sample."""
    return np.asarray(features.astype(np.float64).std(axis=0, ddof=1 if len(features) > 1 else 0))


def smote(
    features: Features, folds: IntArray, count: int, neighbors: int, rng: np.random.Generator
) -> tuple[IntArray, Features]:
    """``count`` samples between a sample of ``features`` (n, features) and one of its nearest
    ``neighbors``, at random places on the line; with the places of the samples. None where no
    sample has a neighbor.

    Distances are of features divided by their standard deviation. Neighbors are of the same fold,
    so that validation by folds sees nothing of the samples it leaves out.
    """
    near = _neighbors(features, folds, neighbors)
    able = np.flatnonzero((near >= 0).any(axis=1))
    if not len(able):
        return np.zeros(0, np.int64), features[:0]
    base = able[in_turn(len(able), count, rng)]
    there = (near[base] >= 0).sum(axis=1)
    partner = near[base, np.floor(rng.random(count) * there).astype(np.int64)]
    gap = rng.random(count)[:, None]
    one, other = features[base].astype(np.float64), features[partner].astype(np.float64)
    return base, (one + gap * (other - one)).astype(np.float32)


def _neighbors(features: Features, folds: IntArray, neighbors: int) -> IntArray:
    """Places of the nearest other samples of the same fold (n, neighbors), -1 where there are no
    more.
    """
    from scipy.spatial import cKDTree

    scale = spread(features)
    scaled = features.astype(np.float64) / np.where(scale > 0.0, scale, 1.0)
    near = np.full((len(features), neighbors), -1, dtype=np.int64)
    for fold in np.unique(folds):
        rows = np.flatnonzero(folds == fold)
        most = min(neighbors + 1, len(rows))
        if most < 2:
            continue
        _, found = cKDTree(scaled[rows]).query(scaled[rows], k=most)
        # Of samples that are alike, the sample itself need not be the first one found.
        own = found == np.arange(len(rows))[:, None]
        own[~own.any(axis=1), -1] = True
        near[rows, : most - 1] = rows[found[~own].reshape(len(rows), most - 1)]
    return near
