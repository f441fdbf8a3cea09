# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of a calibration with planted coefficients, in a real database."""

from __future__ import annotations

import numpy as np

from calval_toolbox.core.calibration.types import Band, Measurements, Sensor
from calval_toolbox.core.database import Database
from calval_toolbox.core.database.measurements import load_measurements, save_measurements
from calval_toolbox.core.database.runs import Run, save_run
from calval_toolbox.core.table import Table

BANDS = ("B04", "B8A")
A = Sensor("S2A/MSI", (Band("B04", 665.0), Band("B8A", 865.0)))
B = Sensor("S2B/MSI", (Band("B04", 665.0), Band("B8A", 865.0)))
START = np.datetime64("2018-01-01T10:00", "ms")


def filled(
    db: Database,
    shapes: dict[str, np.ndarray],
    step_days: float = 10.0,
    sd: float = 0.004,
    seed: int = 0,
    sites: tuple[str, ...] = ("Libya4",),
    method: str = "calibratedesert",
    alone: bool = False,
) -> int:
    """Keep measurements and a run; ``shapes``: the planted A_k by band, one per observation;
    ``alone``: without a reference sensor.
    """
    rng = np.random.default_rng(seed)
    count = len(next(iter(shapes.values())))
    time = START + (np.arange(count) * step_days * 86_400e3).astype("timedelta64[ms]")
    site = np.array([sites[n % len(sites)] for n in range(count)], dtype=object)
    product = np.array([f"product {n}; 'quoted'" for n in range(count)], dtype=object)
    for sensor, shift in ((A, 2), (B, 0)):
        later = time + np.timedelta64(shift, "h")
        save_measurements(db, Measurements(sensor, later, {"site": site, "product": product}, {}))
    target, reference = (load_measurements(db, one.name) for one in (B, A))
    order = np.argsort(target.time)
    ids, others = target.ids[order], reference.ids[np.argsort(reference.time)]
    bands = list(shapes)
    values = np.stack([shapes[band] for band in bands], axis=1)
    values = values * (1.0 + sd * rng.standard_normal(values.shape))
    flags = np.full(values.size, "accepted", dtype=object)
    flags[5] = "rejected"
    values.ravel()[5] = 3.0
    results = Table({
        "band": np.tile(np.array(bands, dtype=object), count), "a_k": values.ravel(),
        "pair": np.repeat(np.arange(count), len(bands)), "target_id": np.repeat(ids, len(bands)),
        "reference_id": np.repeat(others, len(bands)), "flag": flags,
        "method": np.full(values.size, "spline", dtype=object),
    })  # fmt: skip
    pairs = Table({"target_id": ids, "reference_id": others})
    parts = (("reference", "systematic", 1.0), ("scatter", "random", 0.1))
    budget = [(band, *one) for band in bands for one in parts]
    contributions = Table({
        key: np.array([row[place] for row in budget], dtype=float if place == 3 else object)
        for place, key in enumerate(("band", "contributor", "kind", "value_percent"))
    })  # fmt: skip
    other = "" if alone else A.name
    if alone:
        kept = {key: values for key, values in results.columns.items() if key != "pair"}
        results = Table({**kept, "reference_id": np.full(values.size, -1)})
    made = Run(method, {}, "0.1.0", B.name, other, Table({}) if alone else pairs, results,
               contributions=Table({}) if alone else contributions)  # fmt: skip
    return save_run(db, made)


def years(count: int, step_days: float = 10.0) -> np.ndarray:
    return np.arange(count) * step_days / 365.25
