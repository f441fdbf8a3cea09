# SPDX-License-Identifier: GPL-3.0-or-later
"""How small an anomaly the detector finds: planted anomalies over a grid of conditions.

Per cell (type, gaps, contamination, configuration, site) many simulated pixels get some anomalies
of random amplitudes each; probability of detection (POD) is fitted as a logistic curve of the
amplitude (Berens 1989, ASM Handbook 17), and its 50 % and 90 % points are the minimal detectable
amplitudes MDA50 and MDA90. Intervals are from a bootstrap of whole pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from zlib import crc32

import numpy as np

from ..errors import InputError
from ..progress import Progress, Silent, check, each
from ..types import AnyArray, BoolArray, FloatArray
from .curves import LogisticCurve, average_precision, fit_curve
from .detect import LOWER, DetectionSettings
from .harmonics import design, harmonics_for, years
from .inject import KINDS, MARGIN, physical_change
from .naming import label_dates
from .scores import MAX_LEVERAGE, Scores, fewest_clear
from .simulate import SITES, WAVELENGTHS_NM, SimulatedStack, simulate_stack
from .variants import Variant, variant_p, variant_scores

TYPES = ("cloud", "thin_cloud", "aot_under", "aot_over", "shadow", "gain", "offset")
AMPLITUDES = (0.01, 0.02, 0.03, 0.05, 0.08, 0.12)
# Shadow and gain are shares of the signal: so many times the amplitudes in reflectance.
RELATIVE = {"shadow": 4.0, "gain": 2.0}
PER_PIXEL = 4
EQUAL_FAR = 0.002  # false alarms per clear observation at which configurations are compared


@dataclass(frozen=True)
class StudySettings:
    """The grid of a study, and its size.

    ``amplitudes`` are reflectance; those of ``shadow`` and ``gain`` are multiplied by ``RELATIVE``
    (4: 0.05 is 20 % of the direct sun; 2). ``gaps`` is the share of masked dates,
    ``contamination`` that of clouds the mask misses, ``configurations`` names detectors (settings,
    or a ``Variant`` without one of its ingredients), ``sites`` are names of ``SITES``. ``pixels``
    per cell get 4 anomalies each; ``replicates`` of the bootstrap; the same ``seed`` gives the same
    study.
    """

    types: tuple[str, ...] = TYPES
    amplitudes: tuple[float, ...] = AMPLITUDES
    gaps: tuple[float, ...] = (0.3,)
    contamination: tuple[float, ...] = (0.0, 0.03)
    configurations: Mapping[str, DetectionSettings | Variant] = field(
        default_factory=lambda: {"default": DetectionSettings()}
    )
    sites: tuple[str, ...] = tuple(SITES)
    pixels: int = 300
    replicates: int = 200
    seed: int = 1

    def __post_init__(self) -> None:
        allowed = set(KINDS) - {"wrong_date", "step", "drift"}
        for names, known, word in (
            (self.types, allowed, "anomaly"),
            (self.sites, set(SITES), "site"),
        ):
            wrong = set(names) - known
            if wrong:
                raise InputError(
                    f"Unknown {word}: {', '.join(sorted(wrong))}. There are: "
                    f"{', '.join(sorted(known))}."
                )
        if not self.amplitudes or min(self.amplitudes) <= 0.0:
            raise InputError("The amplitudes of the study must be positive numbers.")
        if not all(0.0 <= gap <= 0.75 for gap in self.gaps):
            raise InputError("The share of gaps must be between 0 and 0.75.")
        if not all(0.0 <= share <= 0.5 for share in self.contamination):
            raise InputError("The share of contamination must be between 0 and 0.5.")
        if self.pixels < 10:
            raise InputError("A study needs 10 pixels per cell at least.")


@dataclass(frozen=True)
class Cell:
    """One cell of the grid. ``amplitudes`` (a,) as injected (``RELATIVE`` applied), ``pod`` (a,) of
    the detector and ``pod_blue`` (a,) of raw blue reflectance at the same false-alarm rate;
    ``pod_equal_far`` (a,) with the threshold that gives ``EQUAL_FAR`` false alarms;
    ``curve`` with MDA50 and MDA90 and their 95 % intervals; ``far`` per clear observation;
    ``precision`` and ``recall`` at the threshold, ``average_precision`` over all thresholds;
    ``confusion``: how often each type was named among the detected; ``named_right`` (a,): their
    share with the right name.
    """

    kind: str
    site: str
    gaps: float
    contamination: float
    configuration: str
    amplitudes: FloatArray
    counts: AnyArray
    pod: FloatArray
    pod_blue: FloatArray
    pod_equal_far: FloatArray
    curve: LogisticCurve
    far: float
    clear_tested: int
    precision: float
    recall: float
    average_precision: float
    confusion: dict[str, int]
    named_right: FloatArray


@dataclass(frozen=True)
class Planted:
    """Injected dates: ``date``, ``pixel`` and ``level`` (which amplitude) (m,)."""

    date: AnyArray
    pixel: AnyArray
    level: AnyArray


def study(settings: StudySettings | None = None, progress: Progress | None = None) -> list[Cell]:
    """Run the whole grid; cells come in the order of site, gaps, contamination, type,
    configuration.
    """
    settings, progress = settings or StudySettings(), progress or Silent()
    grid = list(product(settings.sites, settings.gaps, settings.contamination, settings.types))
    cells = []
    for site, gaps, contamination, kind in each(grid, progress, "Planting and seeking anomalies"):
        # The same pixels for all types of a condition, so that types compare.
        condition = [crc32(site.encode()), round(1000 * gaps), round(1000 * contamination)]
        seed = int(np.random.SeedSequence([settings.seed, *condition]).generate_state(1)[0])
        stack = simulate_stack(SITES[site], settings.pixels, seed, gaps, contamination)
        planted, values, amplitudes = plant(stack, kind, settings.amplitudes, seed + 1)
        # Variants that differ in their p-values only share the scores.
        known: dict[tuple[int, tuple[bool, bool]], Scores] = {}
        for name, configuration in settings.configurations.items():
            check(progress)
            variant = as_variant(configuration)
            harmonics = _harmonics(stack, variant)
            key = (harmonics, variant.fit)
            if key not in known:
                known[key] = scores_of(stack, values, variant)
            cells.append(
                _cell(stack, values, planted, amplitudes, kind, (site, gaps, contamination, name),
                      variant, known[key], settings)
            )  # fmt: skip
    return cells


def as_variant(configuration: DetectionSettings | Variant) -> Variant:
    """A configuration as detector with all its ingredients, where nothing else is said."""
    return configuration if isinstance(configuration, Variant) else Variant(configuration)


def _harmonics(stack: SimulatedStack, variant: Variant) -> int:
    chosen = variant.settings.harmonics
    return harmonics_for(int(np.median(stack.clear.sum(axis=0)))) if chosen is None else chosen


def scores_of(stack: SimulatedStack, values: FloatArray, variant: Variant) -> Scores:
    """Scores of all pixels of a stack with changed ``values`` (n, k, pixels)."""
    x = design(years(stack.times), _harmonics(stack, variant))
    return variant_scores(x, values, stack.clear, np.array(WAVELENGTHS_NM), variant)


def tested_p(stack: SimulatedStack, scores: Scores, variant: Variant) -> FloatArray:
    """Chance (n, pixels) of each date, NaN where the detector does not test."""
    p = variant_p(scores, stack.clear, np.array(WAVELENGTHS_NM), variant)
    p = np.where(scores.leverage <= MAX_LEVERAGE, p, np.nan)
    fewest = fewest_clear(scores.z.shape[1], variant.settings.scale == LOWER)
    p[:, stack.clear.sum(axis=0) < fewest] = np.nan
    return p


def plant(
    stack: SimulatedStack, kind: str, amplitudes: Sequence[float], seed: int
) -> tuple[Planted, FloatArray, FloatArray]:
    """Planted anomalies of a ``kind``, the changed values (n, k, pixels), and the amplitudes as
    injected.
    """
    rng = np.random.default_rng(seed)
    good = stack.clear & ~stack.contaminated
    good[:MARGIN], good[-MARGIN:] = False, False
    order = np.argsort(np.where(good, rng.random(good.shape), np.inf), axis=0)[:PER_PIXEL]
    pixel = np.broadcast_to(np.arange(good.shape[1]), order.shape)
    usable = good[order, pixel]
    date, pixel = order[usable], pixel[usable]
    # Each as often as the others, in random order: a pixel gets a mixture.
    level = rng.permutation(np.arange(len(date)) % len(amplitudes))
    scaled = np.array(amplitudes) * RELATIVE.get(kind, 1.0)
    # What has no direction of its own goes both ways.
    sign = rng.choice([-1.0, 1.0], len(date)) if kind in ("gain", "offset") else 1.0
    values = stack.values.copy()
    values[date, :, pixel] = physical_change(
        kind, values[date, :, pixel], np.array(WAVELENGTHS_NM), scaled[level] * sign
    )[0]
    return Planted(date, pixel, level), values, scaled


def _cell(
    stack: SimulatedStack,
    values: FloatArray,
    planted: Planted,
    amplitudes: FloatArray,
    kind: str,
    condition: tuple[str, float, float, str],
    variant: Variant,
    scores: Scores,
    settings: StudySettings,
) -> Cell:
    t, nm, harmonics = years(stack.times), np.array(WAVELENGTHS_NM), _harmonics(stack, variant)
    p = tested_p(stack, scores, variant)
    with np.errstate(invalid="ignore"):
        flagged = stack.clear & (p < variant.settings.threshold)
    at = (planted.date, planted.pixel)
    innocent = stack.clear & ~stack.contaminated & np.isfinite(p)
    innocent[at] = False
    hit = flagged[at]
    far = float(flagged[innocent].mean()) if innocent.any() else float("nan")
    named = np.zeros(flagged.shape, bool)
    named[at] = hit
    right, confusion = _names(scores, named, planted, nm, t, harmonics, kind)
    false, true = int(flagged[innocent].sum()), int(hit.sum())
    found = -np.log(np.clip(np.nan_to_num(p, nan=1.0), 1e-300, 1.0))
    count = len(amplitudes)
    blue = _blue_hits(values, innocent, planted, far)
    return Cell(
        kind, *condition, amplitudes,
        np.bincount(planted.level, minlength=count),
        _share(hit, planted.level, count),
        _share(blue, planted.level, count),
        _share(_equal_hits(p, innocent, at), planted.level, count),
        fit_curve(amplitudes, planted.level, hit, planted.pixel, settings.pixels,
                  settings.replicates, settings.seed),
        far, int(innocent.sum()),
        true / max(1, true + false), true / max(1, len(hit)),
        average_precision(found[at], found[innocent]),
        confusion, _share(right[hit], planted.level[hit], count),
    )  # fmt: skip


def _names(
    scores: Scores,
    named: BoolArray,
    planted: Planted,
    nm: FloatArray,
    t: FloatArray,
    harmonics: int,
    kind: str,
) -> tuple[BoolArray, dict[str, int]]:
    """Which planted dates (m,) got their right name, and how often each name was given."""
    kinds = np.full(named.shape, "", dtype=object)
    if named.any():
        found, index = label_dates(scores, named, nm, t, harmonics)
        kinds[index] = found.type
    mine = kinds[planted.date, planted.pixel]
    given, counts = np.unique(mine[mine != ""].astype(str), return_counts=True)
    return mine == kind, {str(n): int(c) for n, c in zip(given, counts, strict=True)}


def _blue_hits(values: FloatArray, innocent: BoolArray, planted: Planted, far: float) -> BoolArray:
    """Which planted dates are brighter, or darker, in raw blue than all but a share ``far`` of the
    good dates of all pixels: the baseline without any model, two-sided as the detector is.
    """
    share = 0.5 * min(1.0, far) if np.isfinite(far) else 0.0
    low, high = np.quantile(values[:, 0][innocent], [share, 1.0 - share])
    mine = values[planted.date, 0, planted.pixel]
    return np.asarray((mine > high) | (mine < low))


def _equal_hits(p: FloatArray, innocent: BoolArray, at: tuple[AnyArray, AnyArray]) -> BoolArray:
    """Which planted dates have a smaller p-value than all but ``EQUAL_FAR`` of the good dates."""
    if not innocent.any():
        return np.zeros(len(at[0]), bool)
    with np.errstate(invalid="ignore"):
        return np.asarray(p[at] < np.quantile(p[innocent], EQUAL_FAR))


def _share(hit: AnyArray, level: AnyArray, count: int) -> FloatArray:
    total = np.bincount(level, minlength=count)
    hits = np.bincount(level, hit, minlength=count)
    return np.where(total > 0, hits / np.maximum(total, 1), np.nan)
