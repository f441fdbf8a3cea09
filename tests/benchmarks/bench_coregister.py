# SPDX-License-Identifier: GPL-3.0-or-later
"""Co-registration of elevation models: CPU seconds per million cells and the error of a planted
shift, beside xdem's NuthKaab where it is installed, and beside Nuth and Kääb's own form (72 classes
of aspect) in plain numpy and scipy.

Real data where ../shared/data is there (a SRTM model blurred and displaced by 3 columns and 5
rows), a simulated relief otherwise. CPU time is that of all threads of the process.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "build" / "plugins"))
SHARED = ROOT.parent / "shared" / "data" / "dem" / "srtm_coregistration"
GOAL_SECONDS, GOAL_CELLS = 1.0, 0.02
COLUMNS, ROWS = 3.0, 5.0


def pair() -> tuple[str, Any, Any]:
    """Name, displaced model, reference (rows, columns)."""
    from scipy.ndimage import gaussian_filter

    from calval_toolbox.core.io.dem_files import read_dem

    if SHARED.is_dir():
        model = read_dem(str(SHARED / "srtm_blurred_and_shifted.tif")).height
        return "SRTM", model, read_dem(str(SHARED / "srtm_ref.tif")).height
    noise = np.random.default_rng(0).normal(size=(1005, 1003))
    relief = sum(600.0 * s * gaussian_filter(noise, s) for s in (2.0, 6.0, 20.0, 60.0))
    reference = relief[:1000, :1000].astype(np.float32)
    return "simulated", gaussian_filter(relief[5:, 3:], 1.0).astype(np.float32), reference


def by_classes(model: Any, reference: Any) -> tuple[float, float]:
    """Nuth and Kääb (2011) as published: medians of dh / tan(slope) in 72 classes of aspect."""
    from scipy.optimize import curve_fit

    from calval_toolbox.core.dem.resample import moved

    down, across = np.gradient(reference.astype(np.float64))
    tangent = np.hypot(across, down)
    aspect = np.arctan2(-across, -down) % (2.0 * np.pi)
    classes = (aspect / (2.0 * np.pi) * 72).astype(int) % 72
    columns = rows = 0.0
    for _ in range(20):
        difference = reference - moved(model, columns, rows, reference.shape)
        good = np.isfinite(difference) & (tangent > np.quantile(tangent, 0.05))
        ratio = (difference - np.nanmedian(difference))[good] / tangent[good]
        own = classes[good]
        medians = np.array([np.median(ratio[own == one]) for one in range(72)])
        place = (np.arange(72) + 0.5) / 72 * 2.0 * np.pi
        found, _ = curve_fit(
            lambda x, a, b, c: a * np.sin(x) + b * np.cos(x) + c, place, medians, (0.0, 0.0, 0.0)
        )
        columns, rows = columns + found[0], rows + found[1]
        if np.hypot(found[0], found[1]) < 1e-3:
            break
    return float(columns), float(rows)


def by_xdem(model: Any, reference: Any) -> tuple[float, float] | None:
    """xdem's NuthKaab, None where it is not installed."""
    try:
        import rasterio
        import xdem
    except ImportError:
        return None
    size = 30.0
    whole = np.full(reference.shape, np.nan, dtype=np.float32)
    whole[: model.shape[0], : model.shape[1]] = model
    transform = rasterio.transform.from_origin(500_000.0, 4_000_000.0, size, size)
    crs = rasterio.crs.CRS.from_epsg(32631)
    one, two = (xdem.DEM.from_array(values, transform, crs) for values in (reference, whole))
    fitted = xdem.coreg.NuthKaab()
    fitted.fit(one, two)
    matrix = fitted.to_matrix()
    return float(matrix[0, 3] / size), float(-matrix[1, 3] / size)


def ours(model: Any, reference: Any) -> tuple[float, float]:
    """The product."""
    from calval_toolbox.core.dem.cells import square
    from calval_toolbox.core.dem.coregister import coregister
    from calval_toolbox.core.dem.shift import Pair

    found = coregister(Pair(model, reference, square(30.0)))
    return found.columns, found.rows


def main() -> int:
    """Print the table; 1 where a goal is missed."""
    name, model, reference = pair()
    good = True
    for noise in (0.0, 5.0):
        random = np.random.default_rng(1).normal(0.0, 1.0, model.shape).astype(np.float32)
        noisy = model + np.float32(noise) * random
        print(f"{name}, {reference.size / 1e6:.1f} million cells, {noise:g} m of noise added")
        for label, work in (("ours", ours), ("72 classes", by_classes), ("xdem", by_xdem)):
            work(noisy[:300, :300], reference[:300, :300])
            begin = time.process_time()
            found = work(noisy, reference)
            seconds = (time.process_time() - begin) / (reference.size / 1e6)
            if found is None:
                print(f"  {label:12s} not installed")
                continue
            error = float(np.hypot(found[0] - COLUMNS, found[1] - ROWS))
            print(f"  {label:12s} {seconds:6.2f} CPU s per million cells, error {error:.4f} cells")
            if label == "ours":
                good &= seconds <= GOAL_SECONDS and error <= GOAL_CELLS
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
