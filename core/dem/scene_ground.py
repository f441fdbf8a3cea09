# SPDX-License-Identifier: GPL-3.0-or-later
"""Ground of simulated stereo scenes: relief, buildings, brightness and texture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..io.grids import Grid
from ..simulation.fields import smooth_noise
from ..types import AnyArray, BoolArray, FloatArray

TERRAINS = ("rough", "urban", "smooth")
_TILES = (768, 605)  # cells after which the two parts of the texture repeat themselves
_LEAST_RIDGE_M = 50.0
_COARSE_M = 8.0  # of the cells that relief is drawn on
_SUN = (-0.4, 0.5, 0.77)  # east, north, up
_LOWEST, _HIGHEST = 3.0, 18.0  # of buildings (m)


@dataclass(frozen=True)
class Ground:
    """``height`` (rows, columns; m), the ``buildings`` on it, and what its brightness is made of:
    ``shade`` and ``contrast`` (rows, columns) and two periodic ``textures`` of half the cell.
    Brightness is ``shade + contrast * (sum of the textures)``.
    """

    height: AnyArray
    buildings: BoolArray
    shade: AnyArray
    contrast: AnyArray
    textures: tuple[AnyArray, AnyArray]

    def brightness(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Radiance (1 on the average) at columns ``x`` and rows ``y`` (n,) of the grid."""
        shade, contrast = bilinear(self.shade, x, y), bilinear(self.contrast, x, y)
        waves = sum(periodic(one, 2.0 * x, 2.0 * y) for one in self.textures)
        return np.asarray(shade + contrast * waves)


def make_ground(
    kind: str, grid: Grid, height: float, relief_m: float, rng: np.random.Generator
) -> Ground:
    """Ground of one of ``TERRAINS`` around ``height`` (m), from lowest to highest about
    ``relief_m`` (buildings on top). ``smooth`` has a tenth of the contrast of the others.
    """
    if kind not in TERRAINS:
        raise ValueError(f"terrain is one of {TERRAINS}, not {kind}")
    shape, cell = (grid.height, grid.width), grid.pixel_width
    bare = np.float32(height) + np.float32(relief_m) * _relief(shape, cell, kind, rng)
    buildings, top = np.zeros(shape, dtype=np.bool_), bare
    albedo = np.float32(1.0) + np.float32(0.15) * _enlarged(shape, cell, 25.0, rng)
    if kind == "urban":
        top, number = _built(bare, cell, rng)
        buildings = number > 0
        roofs = rng.uniform(0.6, 1.6, int(number.max()) + 1).astype(np.float32)
        albedo[buildings] = roofs[number[buildings]]
    contrast = np.float32(0.12)
    if kind == "smooth":
        albedo, contrast = np.float32(0.9) + np.float32(0.1) * albedo, np.float32(0.012)
    shade = np.clip(albedo, 0.3, 2.0) * _lambert(top, cell)
    textures = tuple(_texture(size, rng) for size in _TILES)
    return Ground(top, buildings, shade, contrast * shade, (textures[0], textures[1]))


def bilinear(values: AnyArray, x: FloatArray, y: FloatArray) -> FloatArray:
    """Values at columns ``x``, rows ``y`` (n,); NaN outside of the array."""
    rows, columns = values.shape
    inside = (x >= 0.0) & (x <= columns - 1.0) & (y >= 0.0) & (y <= rows - 1.0)
    i = np.minimum(np.where(inside, y, 0.0).astype(np.int64), rows - 2)
    j = np.minimum(np.where(inside, x, 0.0).astype(np.int64), columns - 2)
    return np.where(inside, _mixed(values, i, i + 1, j, j + 1, y - i, x - j), np.nan)


def periodic(values: AnyArray, x: FloatArray, y: FloatArray) -> FloatArray:
    """As ``bilinear``, of an array that repeats itself without end; NaN where ``x`` is."""
    rows, columns = values.shape
    known = np.isfinite(x)
    i, j = (np.floor(np.where(known, one, 0.0)).astype(np.int64) for one in (y, x))
    found = _mixed(values, i % rows, (i + 1) % rows, j % columns, (j + 1) % columns, y - i, x - j)
    return np.where(known, found, np.nan)


def _mixed(
    values: AnyArray,
    i: AnyArray,
    i2: AnyArray,
    j: AnyArray,
    j2: AnyArray,
    p: FloatArray,
    q: FloatArray,
) -> FloatArray:
    top = values[i, j] * (1.0 - q) + values[i, j2] * q
    bottom = values[i2, j] * (1.0 - q) + values[i2, j2] * q
    return np.asarray(top * (1.0 - p) + bottom * p, dtype=np.float64)


def _relief(shape: tuple[int, int], cell: float, kind: str, rng: np.random.Generator) -> AnyArray:
    """Relief from about -0.5 to 0.5: hills of all sizes, rough ones with ridges and small bumps."""
    sizes = {"rough": (200.0, 80.0, 30.0, 12.0), "urban": (400.0,), "smooth": (300.0, 120.0)}[kind]
    total = np.zeros(shape, dtype=np.float32)
    for size in sizes:
        layer = _enlarged(shape, cell, size, rng)
        ridged = kind == "rough" and size >= _LEAST_RIDGE_M
        total += np.float32(size) * (np.float32(1.0) - np.abs(layer) if ridged else layer)
    low, high = (np.float32(one) for one in np.quantile(total[::4, ::4], (0.005, 0.995)))
    return np.asarray((total - (low + high) / 2) / max(high - low, np.float32(1e-9)))


def _enlarged(
    shape: tuple[int, int], cell: float, size_m: float, rng: np.random.Generator
) -> AnyArray:
    """Smooth noise (float32) of unit variance with features of ``size_m``, at most half the scene,
    drawn on cells of a fifth of that or less and enlarged by cubic splines.
    """
    from scipy.ndimage import zoom

    step = max(1, int(min(_COARSE_M, size_m / 5.0) / cell))
    rows, columns = (size // step + 2 for size in shape)
    scale = min(size_m / cell / step, min(rows, columns) / 2.0)
    coarse = smooth_noise((rows, columns), scale, rng)
    coarse = coarse.astype(np.float32)
    whole = zoom(coarse, step, order=3, mode="nearest", grid_mode=True) if step > 1 else coarse
    return np.ascontiguousarray(whole[: shape[0], : shape[1]])


def _built(bare: AnyArray, cell: float, rng: np.random.Generator) -> tuple[AnyArray, AnyArray]:
    """Heights with buildings, and the number of the building in each cell (0: none).

    Blocks of a street grid hold one flat-roofed box each, some none.
    """
    top, number = bare.copy(), np.zeros(bare.shape, dtype=np.int32)
    pitch, count = int(45.0 / cell), 0
    for i in range(pitch // 3, bare.shape[0] - pitch // 2, pitch):
        for j in range(pitch // 3, bare.shape[1] - pitch // 2, pitch):
            high, wide = (int(one / cell) for one in rng.uniform(10.0, 28.0, 2))
            rise, there = rng.uniform(_LOWEST, _HIGHEST), rng.random() < 0.8
            if there:
                count += 1
                part = (slice(i, i + high), slice(j, j + wide))
                top[part] = bare[part].max() + np.float32(rise)
                number[part] = count
    return top, number


def _lambert(height: AnyArray, cell: float) -> AnyArray:
    """Brightness (float32) of slopes under the sun, 1 on level ground."""
    east, north, up = (np.float32(one) for one in _SUN)
    down, right = np.gradient(height, cell)
    lit = (up - east * right + north * down) / np.sqrt(np.float32(1.0) + right**2 + down**2)
    return np.asarray(np.clip(lit / up, 0.25, 1.6), dtype=np.float32)


def _texture(size: int, rng: np.random.Generator) -> AnyArray:
    """A periodic texture of unit variance with details of two cells to some tens of them."""
    parts = [smooth_noise((size, size), scale, rng) for scale in (2.0, 5.0, 14.0)]
    mixed = 0.8 * parts[0] + 0.7 * parts[1] + 0.6 * parts[2]
    return np.asarray(mixed / mixed.std() / np.sqrt(2.0), dtype=np.float32)
