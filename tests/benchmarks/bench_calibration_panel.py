# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the panel of calibrations takes from a selection of 5000 pairs in four bands to the new
summaries and plots: 50 ms are allowed for a rectangle, and as much for a slider, which paints all
points anew.
"""

from __future__ import annotations

import os
import sys
import time

import numpy as np

from calval_toolbox.core.calibration.coefficients import coefficients_from_table
from calval_toolbox.core.table import Table

PAIRS, BANDS, ROUNDS = 5000, 4, 7
MOST_MS = {"rectangle": 50.0, "slider": 50.0}


def table() -> Table:
    """Coefficients of three sites over eight years."""
    rng = np.random.default_rng(0)
    count = PAIRS * BANDS
    passed = np.sort(rng.uniform(0.0, 3000.0, PAIRS) * 86_400e3).astype("timedelta64[ms]")
    names = np.array([f"B{place:02d}" for place in range(BANDS)], dtype=object)
    sites = np.array(["Algeria3", "Libya4", "Niger2"], dtype=object)
    return Table({
        "site": np.repeat(rng.choice(sites, PAIRS), BANDS),
        "time": np.repeat(np.datetime64("2015-01-01", "ms") + passed, BANDS),
        "band": np.tile(names, PAIRS), "a_k": 1.0 + 0.01 * rng.standard_normal(count),
        "status": np.full(count, "accepted", dtype=object),
        "distance_deg": rng.uniform(0.0, 10.0, count), "days": rng.uniform(-3.0, 3.0, count),
    }, "coefficients")  # fmt: skip


def main() -> int:
    """Print the median time of a rectangle and of a slider; 1 where one is too slow."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from qgis.PyQt.QtWidgets import QApplication

    application = QApplication([])
    from calval_toolbox.ui.calibration.inputs import Inputs
    from calval_toolbox.ui.calibration.panel import CalibrationPanel

    panel = CalibrationPanel()
    panel.resize(1480, 920)
    panel.show()
    panel.show_inputs(Inputs("table", coefficients_from_table(table(), "sensor")))
    panel.flush()
    application.processEvents()
    taken: dict[str, list[float]] = {"rectangle": [], "slider": []}
    for number in range(ROUNDS):
        rows = list(range(400 * number, 400 * number + 6000))
        started = time.perf_counter()
        panel.select(rows)
        taken["rectangle"].append(time.perf_counter() - started)
        panel.controls.distance.slider.setValue(2 + number)
        started = time.perf_counter()
        panel._apply()
        taken["slider"].append(time.perf_counter() - started)
        application.processEvents()
    slow = False
    for name, seconds in taken.items():
        median = 1e3 * float(np.median(seconds))
        slow |= median > MOST_MS[name]
        print(
            f"{name}: {median:.1f} ms for {PAIRS} pairs in {BANDS} bands; {MOST_MS[name]:g} allowed"
        )
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
