# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up coefficients over time: planted drifts and steps under noise that remembers its past."""

from __future__ import annotations

import numpy as np

START = np.datetime64("2010-01-01", "ms")


def moment(days: float) -> np.datetime64:
    return START + np.timedelta64(round(days * 86_400e3), "ms")


def series(
    seed: int,
    count: int = 100,
    years: float = 6.0,
    memory_days: float = 20.0,
    sd: float = 0.01,
    slope: float = 0.0,
    step: tuple[float, float] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients about 1 on ``count`` random dates; ``slope`` per year; ``step``: days, size."""
    rng = np.random.default_rng(seed)
    days = np.sort(rng.uniform(0.0, 365.25 * years, count))
    noise = rng.standard_normal(count)
    for number in range(1, count) if memory_days else ():
        kept = np.exp(-(days[number] - days[number - 1]) / memory_days)
        noise[number] = kept * noise[number - 1] + np.sqrt(1.0 - kept**2) * noise[number]
    values = 1.0 + slope * days / 365.25 + sd * noise
    if step is not None:
        values = values + np.where(days >= step[0], step[1], 0.0)
    return START + (days * 86_400e3).astype("timedelta64[ms]"), values
