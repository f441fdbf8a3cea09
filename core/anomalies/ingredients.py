# SPDX-License-Identifier: GPL-3.0-or-later
"""What each ingredient of the detector changes, measured on the same planted anomalies.

Ingredients of the score are configurations of the study (``variants.INGREDIENTS``): here they are
compared pairwise with the whole detector. Two more need a look of their own: the test over several
sites, and the second opinions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from ..bootstrap import block_weights
from ..errors import InputError
from ..progress import Progress, Silent, each
from ..shares import Z_95, score_bounds
from ..types import AnyArray, BoolArray, FloatArray
from .conjunction import combined_p
from .harmonics import years
from .inject import KINDS
from .opinions import OPINIONS
from .sensitivity import PER_PIXEL, Cell, StudySettings, plant, scores_of, tested_p
from .simulate import SITES, WAVELENGTHS_NM, SimulatedStack, simulate_stack
from .variants import DEFAULT, Variant

_REPLICATES = 1000
JOINT, SOME, BOTH = "joint score", "joint score or one opinion", "joint score and one opinion"
ALONE, SHARED = "one site", "shared by sites"


@dataclass(frozen=True)
class Change:
    """A ``configuration`` beside the ``reference``, over ``cells`` conditions: means of POD at the
    threshold, of POD at equal false alarms, of false alarms per clear date, of the share of right
    names, and the median MDA90 (reflectance). ``gain`` is the mean change of POD at equal false
    alarms against the reference, with its 95 % interval (bootstrap of conditions).
    """

    configuration: str
    contamination: float
    cells: int
    pod: float
    pod_equal_far: float
    far: float
    named_right: float
    mda90: float
    gain: float
    gain_low: float
    gain_high: float


@dataclass(frozen=True)
class Rule:
    """How often a ``rule`` finds planted dates: ``pod`` (a,) of the ``amplitudes`` (a,) with 95 %
    bounds, out of ``planted`` (a,); ``far`` per clear date, of ``tested`` ones.
    """

    rule: str
    amplitudes: FloatArray
    planted: AnyArray
    pod: FloatArray
    low: FloatArray
    high: FloatArray
    far: float
    tested: int


def changes(cells: Sequence[Cell], reference: str = DEFAULT, seed: int = 1) -> list[Change]:
    """Each configuration of a study beside the ``reference`` (the first one where that is absent),
    by contamination; configurations in the order of the cells.
    """
    names = list(dict.fromkeys(cell.configuration for cell in cells))
    reference = reference if reference in names else names[0]
    found = []
    for contamination in dict.fromkeys(cell.contamination for cell in cells):
        these = [cell for cell in cells if cell.contamination == contamination]
        base = {_condition(c): c for c in these if c.configuration == reference}
        for name in names:
            mine = [c for c in these if c.configuration == name]
            found.append(_change(mine, [base[_condition(c)] for c in mine], contamination, seed))
    return found


def _condition(cell: Cell) -> tuple[str, str, float, float]:
    return cell.site, cell.kind, cell.gaps, cell.contamination


def _mda90(cells: Sequence[Cell]) -> float:
    """The median over the types whose amplitude is reflectance; NaN where there are none."""
    values = [cell.curve.mda90 for cell in cells if KINDS[cell.kind] == "reflectance"]
    return float(np.median(values)) if values else float("nan")


def _change(mine: Sequence[Cell], base: Sequence[Cell], contamination: float, seed: int) -> Change:
    equal = np.array([np.nanmean(cell.pod_equal_far) for cell in mine])
    others = np.array([np.nanmean(cell.pod_equal_far) for cell in base])
    weights = block_weights(len(mine), _REPLICATES, np.random.default_rng(seed))
    drawn = (weights @ (equal - others)) / len(mine)
    low, high = np.quantile(drawn, [0.025, 0.975])
    right = np.array([sum(c.confusion.get(c.kind, 0) for c in mine)])
    detected = max(1, sum(sum(c.confusion.values()) for c in mine))
    return Change(
        mine[0].configuration,
        contamination,
        len(mine),
        float(np.mean([np.nanmean(cell.pod) for cell in mine])),
        float(equal.mean()),
        float(np.mean([cell.far for cell in mine])),
        float(right[0] / detected),
        _mda90(mine),
        float((equal - others).mean()),
        float(low),
        float(high),
    )


def shared_dates(settings: StudySettings, progress: Progress | None = None) -> list[Rule]:
    """An offset on the same date at all sites of the study: found at one site by itself, and by the
    test that combines them (both at the threshold of the detector).

    The largest gaps and the largest contamination of the study are used. Raises ``InputError`` for
    fewer than two sites.
    """
    if len(settings.sites) < 2:
        raise InputError("Dates that sites share need two sites or more.")
    progress, variant = progress or Silent(), Variant()
    stacks = [_stack(site, settings) for site in settings.sites]
    good = np.all([one.clear & ~one.contaminated for one in stacks], axis=0)
    rng = np.random.default_rng(settings.seed)
    order = np.argsort(np.where(good, rng.random(good.shape), np.inf), axis=0)[:PER_PIXEL]
    place = np.broadcast_to(np.arange(good.shape[1]), order.shape)
    usable = good[order, place]
    date, pixel = order[usable], place[usable]
    level = np.arange(len(date)) % len(settings.amplitudes)
    amount = np.array(settings.amplitudes)[level]
    p = np.empty((len(stacks), *good.shape))
    for number, one in enumerate(each(stacks, progress, "Planting dates that sites share")):
        values = one.values.copy()
        values[date, :, pixel] += amount[:, None]
        p[number] = tested_p(one, scores_of(one, values, variant), variant)
    threshold = variant.settings.threshold
    innocent = good & np.isfinite(p).all(axis=0)
    innocent[date, pixel] = False
    together = combined_p(p.reshape(len(stacks), -1)).reshape(good.shape)
    at = (date, pixel)
    with np.errstate(invalid="ignore"):
        alone, shared = p < threshold, together < threshold
    levels = np.tile(level, len(stacks))
    amplitudes = np.array(settings.amplitudes)
    return [
        _rule(ALONE, amplitudes, levels, alone[:, date, pixel].ravel(), alone[:, innocent].ravel()),
        _rule(SHARED, amplitudes, level, shared[at], shared[innocent]),
    ]


def second_opinions(
    settings: StudySettings, pixels: int = 20, progress: Progress | None = None
) -> list[Rule]:
    """The joint score, each second opinion, and both together, on all types and sites of the study
    at its largest gaps and contamination; ``pixels`` of each (they are judged one by one).
    """
    progress = progress or Silent()
    rules: dict[str, list[tuple[AnyArray, BoolArray, BoolArray]]] = {}
    grid = [(site, kind) for site in settings.sites for kind in settings.types]
    for site, kind in each(grid, progress, "Asking for second opinions"):
        stack = _stack(site, settings, pixels)
        planted, values, _ = plant(stack, kind, settings.amplitudes, settings.seed + 1)
        variant = Variant()
        p = tested_p(stack, scores_of(stack, values, variant), variant)
        with np.errstate(invalid="ignore"):
            flags = {JOINT: p < variant.settings.threshold, **_opinions(stack, values)}
        some = np.any([flags[name] for name in OPINIONS], axis=0)
        flags |= {SOME: flags[JOINT] | some, BOTH: flags[JOINT] & some}
        innocent = stack.clear & ~stack.contaminated & np.isfinite(p)
        at = (planted.date, planted.pixel)
        innocent[at] = False
        for name, flag in flags.items():
            rules.setdefault(name, []).append((planted.level, flag[at], flag[innocent]))
    amplitudes = np.array(settings.amplitudes)
    return [
        _rule(name, amplitudes, *(np.concatenate([part[i] for part in parts]) for i in range(3)))
        for name, parts in rules.items()
    ]


def _stack(site: str, settings: StudySettings, pixels: int | None = None) -> SimulatedStack:
    """The series of a site: the same whichever other sites are studied."""
    words = [settings.seed, 77, crc32(site.encode())]
    seed = int(np.random.SeedSequence(words).generate_state(1)[0])
    gaps, contamination = max(settings.gaps), max(settings.contamination)
    count = settings.pixels if pixels is None else min(pixels, settings.pixels)
    return simulate_stack(SITES[site], count, seed, gaps, contamination)


def _opinions(stack: SimulatedStack, values: FloatArray) -> dict[str, BoolArray]:
    """Flags (n, pixels) of each second opinion."""
    t, nm = years(stack.times), np.array(WAVELENGTHS_NM)
    pixels = range(values.shape[2])
    return {
        name: np.stack([opinion(t, values[..., i], stack.clear[:, i], nm) for i in pixels], axis=1)
        for name, opinion in OPINIONS.items()
    }


def _rule(
    name: str, amplitudes: FloatArray, level: AnyArray, hit: BoolArray, false: BoolArray
) -> Rule:
    count = len(amplitudes)
    planted = np.bincount(level, minlength=count)
    hits = np.bincount(level, hit, minlength=count)
    pod = np.where(planted > 0, hits / np.maximum(planted, 1), np.nan)
    bounds = [
        score_bounds(float(share), int(n), Z_95) if n else (np.nan, np.nan)
        for share, n in zip(pod, planted, strict=True)
    ]
    low, high = np.array(bounds).T
    far = float(false.mean()) if false.size else float("nan")
    return Rule(name, amplitudes, planted, pod, low, high, far, int(false.size))
