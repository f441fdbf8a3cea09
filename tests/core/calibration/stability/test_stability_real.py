# SPDX-License-Identifier: GPL-3.0-or-later
"""Real series over Libya-4, 2002 to 2011: what Roujean's model leaves, and trends with their
errors, against figures measured independently (ordinary least squares).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from site_series import load

from calval_toolbox.core.calibration.geometry import relative_azimuth_deg
from calval_toolbox.core.calibration.stability.design import make_design
from calval_toolbox.core.calibration.stability.pixels import pixel_stability
from calval_toolbox.core.calibration.stability.settings import Removal

# Sensor, version, band; percent that the model leaves; trend and its error, percent per year.
KNOWN = [
    ("MERIS", "3rd_Reprocessing", "665", 1.35, 0.035, 0.022),
    ("MODISA", "Collection_5", "646", 1.85, -0.016, 0.017),
    ("AATSR", "2nd_Reprocessing", "660", 1.7, -0.095, 0.026),
    ("VEGETATION", "Calibration_1", "645", 1.65, 0.185, 0.021),
    ("PARASOL", "Calibration_1", "670", 2.4, 0.182, 0.022),
]


@pytest.mark.parametrize(("sensor", "version", "band", "left", "trend", "error"), KNOWN)
def test_libya4(
    shared_data: Path, sensor: str, version: str, band: str, left: float, trend: float,
    error: float,
) -> None:  # fmt: skip
    measured = load(shared_data, "Libya4", sensor, version)
    place = [one.name for one in measured.sensor.bands].index(band)
    view = [measured[f"view_{angle}_deg"][:, place] for angle in ("zenith", "azimuth")]
    azimuth = relative_azimuth_deg(measured["sun_azimuth_deg"], view[1])
    angles = np.stack([measured["sun_zenith_deg"], view[0], azimuth], axis=1)
    mean, spread = measured["mean"][:, place], measured["std"][:, place]
    good = np.isfinite(mean) & np.isfinite(angles).all(axis=1) & ~(spread / mean >= 0.06)
    values = mean[good, None, None].astype(np.float32)
    design = make_design(measured.time[good], angles[good], Removal.ROUJEAN, True)
    found = pixel_stability(values, design, 12)
    assert found.raw[0, 0] > 1.2 * found.temporal[0, 0]
    assert found.temporal[0, 0] == pytest.approx(left, rel=0.12)
    assert found.trend[0, 0] == pytest.approx(trend, abs=error)
    assert found.trend_se[0, 0] == pytest.approx(error, rel=0.25)
