# SPDX-License-Identifier: GPL-3.0-or-later
"""Matching of 100 000 by 10 000 observations beside all differences at once, and SMAC of a million
reflectances beside one call each (10 000 of them, scaled).
"""

from __future__ import annotations

import sys
import time

import numpy as np

from calval_toolbox.core.calibration import smac
from calval_toolbox.core.calibration.atmosphere import Air, Angles
from calval_toolbox.core.calibration.matching import Geometry, Limits, Pairing, match
from calval_toolbox.core.calibration.sensor_tables import SHIPPED
from calval_toolbox.core.io.smac_tables import read_smac_numbers

TARGETS, REFERENCES, MOST_SECONDS = 100_000, 10_000, 5.0
DAY = np.timedelta64(1, "D")


def observations(count: int, rng: np.random.Generator) -> Geometry:
    """Ten years of a site."""
    time_ = np.datetime64("2002-01-01", "ms") + (rng.random(count) * 3.15e11).astype("m8[ms]")
    angles = (rng.uniform(low, high, count) for low, high in ((10, 70), (0, 60), (0, 180)))
    return Geometry(time_, *angles)


def all_differences(target: Geometry, reference: Geometry, limits: Limits) -> int:
    """How many pairs there are, from full matrices of differences, 100 references at a time."""
    found = 0
    for start in range(0, len(reference), 100):
        part = reference.select(np.arange(start, min(start + 100, len(reference))))
        days = np.abs((target.time[:, None] - part.time) / DAY)
        turn = target.relative_azimuth[:, None] - part.relative_azimuth
        near = np.zeros(days.shape, dtype=bool)
        for sense in (part, part.swapped):
            sun = target.sun_zenith[:, None] - sense.sun_zenith
            view = target.view_zenith[:, None] - sense.view_zenith
            near |= np.sqrt(sun**2 + view**2 + turn**2 / 4.0) < limits.distance_deg
        found += int((near & (days <= limits.days)).sum())
    return found


def main() -> int:
    rng = np.random.default_rng(1)
    target, reference = observations(TARGETS, rng), observations(REFERENCES, rng)
    good = True
    for pairing in (Pairing.ALL, Pairing.ONE_TO_ONE):
        start = time.process_time()
        pairs = match(target, reference, Limits(pairing=pairing))
        ours = time.process_time() - start
        good &= ours < MOST_SECONDS
        print(
            f"  matching, {pairing}: {len(pairs)} pairs, {ours:.2f} s CPU (goal {MOST_SECONDS} s)"
        )
    start = time.process_time()
    pairs = match(target, reference, Limits(days=None))
    ours = time.process_time() - start
    good &= ours < MOST_SECONDS
    print(f"  matching without a time window: {len(pairs)} pairs, {ours:.2f} s CPU")
    start = time.process_time()
    match(target, reference, Limits())
    ours = time.process_time() - start
    start = time.process_time()
    count = all_differences(target, reference, Limits())
    peer = time.process_time() - start
    same = count == len(match(target, reference, Limits(pairing=Pairing.ALL)))
    good &= same
    print(f"  all differences at once: {count} pairs, {peer:.1f} s CPU: same pairs: {same}, "
          f"{peer / ours:.0f} x ours")  # fmt: skip

    band = smac.coefficients(read_smac_numbers(SHIPPED / "smac" / "Coef_S2A_CONTINENTAL.dat")[3])
    toa, sun = rng.uniform(0.1, 0.7, 1_000_000), rng.uniform(10.0, 60.0, 1_000_000)
    air = Air(0.2, 300.0, 1.5, 1013.25)
    start = time.process_time()
    ground = smac.surface_reflectance(toa, band, Angles(sun, 5.0, 60.0), air)
    ours = time.process_time() - start
    start = time.process_time()
    single = [
        float(smac.surface_reflectance(toa[n], band, Angles(sun[n], 5.0, 60.0), air))
        for n in range(10_000)
    ]
    peer = 100.0 * (time.process_time() - start)
    good &= bool(np.allclose(single, ground[:10_000], rtol=1e-12))
    print(f"  SMAC: {1.0 / ours:.2f} M reflectances per CPU second, {peer / ours:.0f} x one by one")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
