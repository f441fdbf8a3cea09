# SPDX-License-Identifier: GPL-3.0-or-later
"""The search for stable sites: pixels per CPU second on one core, beside plain numpy.

The peer does the same, pixel by pixel and band by band, with ``numpy.linalg.lstsq``, as a script
would; its figures must be ours. Windows are compared with numpy's sliding windows. Then a whole run
over files. CPU time is that of all threads of the process.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "build" / "plugins"))
DATES, BANDS, SIDE, PLAIN = 100, {"B2": 0.25, "B3": 0.35, "B4": 0.42, "B8A": 0.52}, 200, 300
GOAL_FIT, GOAL_WINDOW = 10.0, 5.0


def plain_temporal(series: np.ndarray, columns: np.ndarray) -> float:
    """The temporal CV (percent) of one series, NaN for gaps."""
    seen = np.isfinite(series)
    x, y = columns[seen], series[seen]
    weights = np.ones(len(y))
    for step in range(7):
        root = np.sqrt(weights)
        found = np.linalg.lstsq(x * root[:, None], y * root, rcond=None)[0]
        residual = y - x @ found
        if step <= 3:
            scale = 1.482602218505602 * np.median(np.abs(residual))
        scaled = np.abs(residual) / scale
        huber = 1.345 / np.maximum(scaled, 1.345)
        weights = huber if step < 3 else np.maximum(1.0 - (scaled / 4.685) ** 2, 0.0) ** 2
    count, terms = len(y), columns.shape[1]
    scale = 1.482602218505602 * np.median(np.abs(residual)) * np.sqrt(count / (count - terms))
    kept = residual[np.abs(residual) <= 3.0 * scale]
    freedom = len(kept) - terms
    scatter = np.sqrt((kept**2).sum() / freedom) * (1.0 + 0.25 / freedom) / 0.98658
    return float(100.0 * scatter / found[0])


def plain_windows(level: np.ndarray, size: int) -> np.ndarray:
    """The spatial CV (percent) of windows that are whole."""
    parts = np.lib.stride_tricks.sliding_window_view(level, (size, size))
    found: np.ndarray = 100.0 * parts.std(axis=(2, 3), ddof=1) / parts.mean(axis=(2, 3))
    return found


def best_of(count: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """The least CPU time (s) of ``count`` calls, and the result."""
    best, result = np.inf, None
    for _ in range(count):
        begin = time.process_time()
        result = work()
        best = min(best, time.process_time() - begin)
    return best, result


def fits() -> bool:
    """Whether the fit of pixels is as quick as wanted, and the same as the plain one."""
    from calval_toolbox.core.calibration.stability.design import make_design
    from calval_toolbox.core.calibration.stability.pixels import pixel_stability
    from calval_toolbox.core.calibration.stability.settings import Removal
    from calval_toolbox.core.calibration.stability.simulate import Plan, simulate_scene

    plan = Plan((SIDE, SIDE), dates=DATES, step_days=12.0, bands=BANDS, planted={})
    scene = simulate_scene(plan)
    values = np.where(scene.clear[:, None], scene.values, np.nan).reshape(DATES, len(BANDS), -1)
    design = make_design(scene.times, scene.directions, Removal.ROSS_LI, True)
    seconds, found = best_of(2, lambda: pixel_stability(values, design, 12))
    ours = values.shape[2] / seconds
    some = values[:, :, :PLAIN].astype(np.float64)

    def plain() -> np.ndarray:
        places = [(band, pixel) for band in range(len(BANDS)) for pixel in range(PLAIN)]
        found = [plain_temporal(some[:, band, pixel], design.columns) for band, pixel in places]
        return np.array(found).reshape(len(BANDS), PLAIN)

    spent, temporal = best_of(1, plain)
    peer = PLAIN / spent
    apart = float(np.abs(found.temporal[:, :PLAIN] / temporal - 1.0).max())
    print(f"fit, {DATES} dates x {len(BANDS)} bands: {ours:,.0f} pixels/s per core (all figures)")
    print(f"plain numpy (temporal CV alone): {peer:,.0f} pixels/s; ratio {ours / peer:.1f}, goal "
          f"{GOAL_FIT:g}; largest difference of the temporal CV {apart:.1e}")  # fmt: skip
    return ours / peer >= GOAL_FIT and apart < 1e-3


def windows() -> bool:
    """The same of moving windows."""
    from calval_toolbox.core.calibration.stability.windows import spatial_cv

    level = np.random.default_rng(1).uniform(0.3, 0.5, (1000, 1000))
    whole = (slice(None), slice(None))
    small, found = best_of(2, lambda: spatial_cv(level, (5, 5), whole))
    large, _ = best_of(2, lambda: spatial_cv(level, (41, 41), whole))
    peer, plain = best_of(1, lambda: plain_windows(level, 5))
    apart = float(np.abs(found[2:-2, 2:-2] / plain - 1.0).max())
    print(f"windows: {1.0 / small:.1f} million pixels/s (5 x 5), {1.0 / large:.1f} (41 x 41)")
    print(f"numpy's sliding windows (5 x 5): {1.0 / peer:.2f}; ratio {peer / small:.1f}, goal "
          f"{GOAL_WINDOW:g}; largest difference {apart:.1e}")  # fmt: skip
    return peer / small >= GOAL_WINDOW and apart < 1e-4


def whole_run() -> None:
    """A run over files."""
    from calval_toolbox.core.calibration.stability.run import (
        find_stable_sites,
        open_stability_task,
    )
    from calval_toolbox.core.calibration.stability.settings import StabilitySettings
    from calval_toolbox.core.calibration.stability.simulate import (
        Plan,
        simulate_scene,
        write_scene,
    )
    from calval_toolbox.core.execution.settings import ExecutionSettings
    from calval_toolbox.core.io.tables import read_table
    from calval_toolbox.core.series.extract_files import Source

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        images = write_scene(place, simulate_scene(Plan((400, 400), dates=60)))
        begin = time.process_time()
        task, _ = open_stability_task(
            Source((), (str(images),)), (), "clouds", StabilitySettings(size_m=5000.0),
            read_table(place / "angles.csv"),
        )  # fmt: skip
        out = place / "out.tif"
        report = find_stable_sites(task, out, str(out), ExecutionSettings("threads:1", 256))
        spent = time.process_time() - begin
        print(
            f"whole run, 400 x 400 pixels, 60 dates, 2 bands: {160_000 / spent:,.0f} pixels per "
            f"CPU second with reading and writing; {len(report.table)} candidates"
        )


def main() -> int:
    """0 where all goals are reached."""
    good = [fits(), windows()]
    whole_run()
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
