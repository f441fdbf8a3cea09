# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated Sentinel-2 L1C tiles with deep convective clouds whose place, number and reflectance
are known, beside all that could be taken for them: for tests, examples, and studies of thresholds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ...io.products.synthetic import SafeStyle, Scene, write_safe
from ...io.products.synthetic_common import write_tif
from ...io.products.synthetic_safe import BANDS
from ...types import AnyArray, BoolArray, FloatArray
from ..atmosphere import Air, Angles, above
from ..molecular import molecular_effects
from ..sensor_models import BandModel
from ..sensor_tables import SensorTables
from ..types import Band, Sensor
from .selection import grown

# The last three lie below thin high clouds; ROUGH: a deep convective cloud that is not even.
(SEA, CLOUD, SAND, SNOW, CIRRUS, LOW_CLOUD, SATURATED, ROUGH, HAZY_SAND, HAZY_SNOW,
 HAZY_CLOUD) = _KINDS = range(11)  # fmt: skip
PIXEL_M, PIXELS = 10.0, 12  # along the side of a square: the mean over one is a pixel of the search
AGGREGATE_M = PIXEL_M * PIXELS
TOP_HPA, OZONE_DU = 180.0, 270.0
# Reflectance at the top of the atmosphere in B1 to B8, B8A, B9 to B12.
_TOA = {
    SEA: (0.12, 0.09, 0.06, 0.03, 0.03, 0.02, 0.02, 0.02, 0.02, 0.01, 0.002, 0.01, 0.003),
    SAND: (0.25, 0.28, 0.40, 0.58, 0.64, 0.68, 0.70, 0.72, 0.75, 0.35, 0.003, 0.80, 0.70),
    SNOW: (0.90, 0.92, 0.91, 0.90, 0.89, 0.88, 0.86, 0.86, 0.85, 0.45, 0.06, 0.10, 0.08),
    CIRRUS: (0.25, 0.22, 0.20, 0.18, 0.17, 0.17, 0.17, 0.16, 0.16, 0.14, 0.35, 0.12, 0.08),
    LOW_CLOUD: (0.84, 0.82, 0.81, 0.80, 0.80, 0.80, 0.79, 0.79, 0.78, 0.45, 0.01, 0.62, 0.50),
    HAZY_SAND: (0.45, 0.50, 0.58, 0.70, 0.74, 0.78, 0.80, 0.82, 0.85, 0.50, 0.40, 0.41, 0.35),
    HAZY_SNOW: (0.93, 0.92, 0.91, 0.90, 0.90, 0.89, 0.88, 0.88, 0.87, 0.55, 0.40, 0.10, 0.09),
    HAZY_CLOUD: (0.90, 0.88, 0.87, 0.86, 0.86, 0.86, 0.85, 0.85, 0.84, 0.60, 0.40, 0.58, 0.48),
}
_NAMES = tuple(name for name, _, _, _ in BANDS)
# Of a deep convective cloud by its reflectance in the visible, where ice and vapor absorb.
_ABSORBED = {"B9": 0.88, "B10": 0.60, "B11": 0.32, "B12": 0.25}
_PREVIEW = ("B4", "B3", "B2")
_STRETCH = 0.3558  # reflectance that is white in the preview images of Sentinel-2


@dataclass(frozen=True)
class Plan:
    """One tile. ``classes`` (rows, columns): what each square shows; ``level`` (rows, columns): the
    reflectance of deep convective clouds themselves; ``gains`` by band; ``noise``: relative, of
    single pixels; ``preview``: with a preview image; ``saturated``: bands that saturate in squares
    of that class; ``left``: western edge (m) in UTM zone 33.
    """

    classes: AnyArray
    level: FloatArray
    time: np.datetime64 = field(default_factory=lambda: np.datetime64("2024-01-06T09:20:31", "ms"))
    gains: Mapping[str, float] = field(default_factory=dict)
    noise: float = 0.004
    cloud_percent: float | None = None
    sun_zenith_deg: float = 25.0
    preview: bool = True
    bands: tuple[str, ...] = _NAMES
    saturated: tuple[str, ...] = ("B2", "B3", "B4", "B8A")
    tile: str = "T33NTA"
    left: float = 300_000.0
    top: float = 200_000.0

    def truth(self) -> BoolArray:
        """Squares of deep convective cloud with nothing else beside them: those to be found."""
        inner = ~grown(self.classes != CLOUD)
        inner[[0, -1], :] = False
        inner[:, [0, -1]] = False
        return np.asarray(inner)


@cache
def _models() -> Mapping[str, BandModel]:
    bands = tuple(Band(name, nm) for name, _, _, nm in BANDS)
    return {one.name: one for one in SensorTables().bands(Sensor("S2A/MSI", bands))}


def cloud_toa(band: str, level: FloatArray, plan: Plan) -> FloatArray:
    """Reflectance at the top of the atmosphere over clouds of reflectance ``level``."""
    smac, gain = _models()[band].smac, plan.gains.get(band, 1.0)
    if band in _ABSORBED or smac is None:
        return level * _ABSORBED.get(band, 1.0) * gain
    angles = Angles(np.array([plan.sun_zenith_deg]), np.array([5.0]), np.array([50.0]))
    effects = molecular_effects(smac, angles, Air(0.0, OZONE_DU, 0.0, TOP_HPA))
    return np.asarray(above(effects, level.ravel()) * gain).reshape(level.shape)


def reflectances(plan: Plan, seed: int = 0) -> dict[str, FloatArray]:
    """The bands of a tile, and those of its preview, all on its finest grid."""
    made = {}
    wanted = {*plan.bands, *(_PREVIEW if plan.preview else ())}
    high = np.isin(plan.classes, (CLOUD, SATURATED, ROUGH))
    for number, name in enumerate(_NAMES):
        if name not in wanted:
            continue
        rng = np.random.default_rng([seed, number])
        others = np.array([_TOA[kind][number] if kind in _TOA else 0.0 for kind in _KINDS])
        toa = np.where(high, cloud_toa(name, plan.level, plan), others[plan.classes])
        fine = np.kron(toa, np.ones((PIXELS, PIXELS)))
        fine *= 1.0 + plan.noise * rng.standard_normal(fine.shape)
        if name in plan.saturated:
            spots = np.kron(plan.classes == SATURATED, np.ones((PIXELS, PIXELS))) > 0
            spots &= np.indices(fine.shape).sum(axis=0) % PIXELS == 0
            fine[spots] = 10.0
        made[name] = fine
    return made


def write_tile(folder: Path | str, plan: Plan, platform: str = "S2A", seed: int = 0) -> Path:
    """Write a tile as SAFE product and return its folder."""
    fields = reflectances(plan, seed)
    shape = next(iter(fields.values())).shape
    share = (
        float(np.mean(np.isin(plan.classes, (CLOUD, LOW_CLOUD, SATURATED, ROUGH, HAZY_CLOUD))))
        * 100.0
    )
    scene = Scene(
        plan.tile, plan.time, 32633, plan.left, plan.top, PIXEL_M, np.zeros(shape),
        reflectance={name: fields[name] for name in plan.bands},
        sun_zenith_deg=plan.sun_zenith_deg, sun_azimuth_deg=150.0, view_zenith_deg=5.0,
        view_azimuth_deg=100.0,
        cloud_percent=share if plan.cloud_percent is None else plan.cloud_percent,
    )  # fmt: skip
    product = write_safe(folder, scene, SafeStyle("L1C", "05.10", -1000), platform)
    if plan.preview:
        (granule,) = product.glob("GRANULE/*")
        colors = [np.clip(fields[name] / _STRETCH * 255.0, 1, 255).astype(np.uint8)
                  for name in _PREVIEW]  # fmt: skip
        write_tif(granule / "QI_DATA" / f"{plan.tile}_PVI.jp2", colors, scene, 6, "JP2OpenJPEG")
    return product


def plan_of(classes: AnyArray, seed: int = 0, level: float = 0.95, **more: Any) -> Plan:
    """A tile with these ``classes``: the reflectance of its clouds follows a skewed distribution
    below ``level``, smooth enough to pass as even.
    """
    rng = np.random.default_rng(seed)
    whole = level - 0.03 * rng.gamma(2.0, 0.9)
    uneven = np.where(classes == ROUGH, 0.08, 0.006)
    level_of = whole * (1.0 + uneven * rng.standard_normal(classes.shape))
    return Plan(classes, level_of, **more)
