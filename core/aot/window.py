# SPDX-License-Identifier: GPL-3.0-or-later
"""What the AOT pixels of a square window around a site say: level, spread, gradient, and what they
are made of.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import AnyArray, BoolArray, FloatArray

NAN = float("nan")


@dataclass(frozen=True)
class Scaling:
    """How digital numbers become physical values: ``value = DN * scale + offset``; ``saturation``
    is a DN.
    """

    scale: float = 1.0
    offset: float = 0.0
    saturation: float | None = None


@dataclass(frozen=True)
class AotPixels:
    """The pixels of a window, as they are stored, with what the masks say of them; all arrays are
    (rows, columns).

    ``dn``: AOT as digital numbers. ``used``: pixels that the mask policy keeps and that carry an
    AOT. ``inside``: pixels of the image (not its black border). ``cloud``: clouds, thin clouds,
    cirrus and shadows; ``gapfilled``: AOT interpolated by the processor; both None where the
    product does not tell. ``zero``: pixels inside the image and kept by the policy whose DN is the
    code of "no data" (in MUSCATE products 0 means missing as well as AOT below 0.0025).
    ``water_vapor_dn`` and ``water_vapor_used``: the same for the water vapor, or None.
    """

    dn: AnyArray
    used: BoolArray
    inside: BoolArray
    cloud: BoolArray | None
    gapfilled: BoolArray | None
    zero: BoolArray
    water_vapor_dn: AnyArray | None = None
    water_vapor_used: BoolArray | None = None

    def cut(self, rows: slice, columns: slice) -> AotPixels:
        """The pixels of a part of the window (views, nothing is copied)."""
        return AotPixels(
            dn=self.dn[rows, columns],
            used=self.used[rows, columns],
            inside=self.inside[rows, columns],
            cloud=_part(self.cloud, rows, columns),
            gapfilled=_part(self.gapfilled, rows, columns),
            zero=self.zero[rows, columns],
            water_vapor_dn=_part(self.water_vapor_dn, rows, columns),
            water_vapor_used=_part(self.water_vapor_used, rows, columns),
        )


@dataclass(frozen=True)
class WindowStatistics:
    """AOT statistics of one window; NaN where no pixel is left.

    ``aot_std`` is the sample standard deviation (n - 1); ``aot_gradient`` the slope of the
    least-squares plane, in AOT per km. ``valid_fraction``: averaged pixels over all pixels that the
    full window should have, those outside the raster included. ``cloud_fraction``: clouds and
    shadows over the pixels inside the image. ``gapfilled_fraction``: share of the averaged pixels
    whose AOT the processor interpolated. ``saturated_count``: averaged pixels whose DN is clipped;
    ``zero_count``: pixels left out because their DN is the "no data" code although they lie inside
    the image.
    """

    aot_mean: float
    aot_median: float
    aot_std: float
    aot_gradient: float
    valid_fraction: float
    cloud_fraction: float
    gapfilled_fraction: float
    saturated_count: int
    zero_count: int
    water_vapor_mean_cm: float


def summarize_window(
    pixels: AotPixels,
    expected_count: int,
    pixel_size_m: float,
    aot: Scaling,
    water_vapor: Scaling | None = None,
) -> WindowStatistics:
    """Statistics of one window; ``expected_count`` is its full number of pixels, ``pixel_size_m``
    their size.

    Method: mean and median as in ACIX and MAPSS, plane fit after MAPSS (Petrenko et al. 2012,
    10.5194/amt-5-913-2012). Pixels of one window are not independent (AOT is estimated on a coarser
    grid), so the standard deviation is not to be divided by the root of their number.
    """
    values, counts = _histogram(pixels.dn[pixels.used])
    total = int(counts.sum())
    mean_dn = _mean(values, counts)
    physical = mean_dn * aot.scale + aot.offset
    saturated = 0 if aot.saturation is None else int(counts[values >= aot.saturation].sum())
    return WindowStatistics(
        aot_mean=physical,
        aot_median=_median(values, counts) * aot.scale + aot.offset,
        aot_std=_deviation(values, counts, mean_dn) * abs(aot.scale),
        aot_gradient=plane_slope(pixels.dn, pixels.used) * abs(aot.scale) / (pixel_size_m / 1000.0),
        valid_fraction=total / expected_count if expected_count else 0.0,
        cloud_fraction=_share(pixels.cloud, pixels.inside),
        gapfilled_fraction=_share(pixels.gapfilled, pixels.used),
        saturated_count=saturated,
        zero_count=int(np.count_nonzero(pixels.zero)),
        water_vapor_mean_cm=_water_vapor(pixels, water_vapor),
    )


def plane_slope(values: AnyArray, used: BoolArray) -> float:
    """Slope of the plane fitted by least squares to ``values`` (rows, columns) where ``used``, per
    pixel.

    NaN with fewer than three pixels or where they lie on one line. Only sums over rows and columns
    are needed, so the cost is a few passes over the window whatever its size.
    """
    count = int(np.count_nonzero(used))
    if count < 3:
        return NAN
    weights = used.astype(np.float32)
    weighted = np.where(used, values, 0).astype(np.float32)
    x = np.arange(used.shape[1], dtype=np.float64)
    y = np.arange(used.shape[0], dtype=np.float64)
    per_column, per_row = (
        weights.sum(axis=0, dtype=np.float64),
        weights.sum(axis=1, dtype=np.float64),
    )
    x -= (per_column @ x) / count
    y -= (per_row @ y) / count
    xy = float(y @ (weights @ x.astype(np.float32)).astype(np.float64))
    moments = np.array([[per_column @ x**2, xy], [xy, per_row @ y**2]])
    right = np.array(
        [weighted.sum(axis=0, dtype=np.float64) @ x, weighted.sum(axis=1, dtype=np.float64) @ y]
    )
    if np.linalg.det(moments) <= 1e-6 * max(float(np.trace(moments)), 1.0) ** 2:
        return NAN
    return float(np.hypot(*np.linalg.solve(moments, right)))


def _part(layer: AnyArray | None, rows: slice, columns: slice) -> AnyArray | None:
    return None if layer is None else layer[rows, columns]


def _histogram(values: AnyArray) -> tuple[FloatArray, FloatArray]:
    """Distinct values, ascending, and how often each occurs; fast for the small integers of AOT
    rasters.
    """
    if values.dtype.kind == "u" and values.dtype.itemsize <= 2:
        counts = np.bincount(values)
        present = np.flatnonzero(counts)
        return present.astype(np.float64), counts[present].astype(np.float64)
    present, counts = np.unique(values, return_counts=True)
    return present.astype(np.float64), counts.astype(np.float64)


def _mean(values: FloatArray, counts: FloatArray) -> float:
    return float(values @ counts / counts.sum()) if len(values) else NAN


def _median(values: FloatArray, counts: FloatArray) -> float:
    if not len(values):
        return NAN
    total, cumulated = counts.sum(), np.cumsum(counts)
    low = values[np.searchsorted(cumulated, (total - 1) // 2, side="right")]
    high = values[np.searchsorted(cumulated, total // 2, side="right")]
    return float((low + high) / 2.0)


def _deviation(values: FloatArray, counts: FloatArray, mean: float) -> float:
    total = counts.sum()
    return float(np.sqrt(counts @ (values - mean) ** 2 / (total - 1.0))) if total > 1 else NAN


def _share(part: BoolArray | None, whole: BoolArray) -> float:
    """Share of ``whole`` where ``part`` is set too; NaN where unknown or empty."""
    count = int(np.count_nonzero(whole))
    return int(np.count_nonzero(part & whole)) / count if part is not None and count else NAN


def _water_vapor(pixels: AotPixels, scaling: Scaling | None) -> float:
    if scaling is None or pixels.water_vapor_dn is None or pixels.water_vapor_used is None:
        return NAN
    values, counts = _histogram(pixels.water_vapor_dn[pixels.water_vapor_used])
    return _mean(values, counts) * scaling.scale + scaling.offset
