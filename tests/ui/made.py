# SPDX-License-Identifier: GPL-3.0-or-later
"""Match-ups, and the tables they are made from, with known content for the tests of the panel."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from calval_toolbox.core.aot.matchup import match
from calval_toolbox.core.aot.matchup_tables import matchups_to_table
from calval_toolbox.core.aot.types import MatchSettings, MatchUps, Observations
from calval_toolbox.core.io.tables import points, write_table
from calval_toolbox.core.table import Table

SITES = {"Toulouse": (1.37, 43.57), "Beijing": (116.38, 39.98), "Ouarzazate": (-6.91, 30.93)}
DAY_MS = 86_400_000
RUN = {
    "TIME_WINDOW_MIN": 30.0,
    "MIN_OBSERVATIONS": 2,
    "QUANTITY": "aot",
    "EXPECTED_ERROR": "dark_target",
}


def observations(per_site: int = 60, seed: int = 3) -> tuple[Observations, Observations]:
    """A satellite every sixth day and a photometer every five minutes around it, at three sites."""
    rng = np.random.default_rng(seed)
    start = np.datetime64("2016-01-03T10:50:00", "ms")
    passes = start + (np.arange(per_site) * 6 * DAY_MS).astype("timedelta64[ms]")
    steps = (np.arange(-24, 25) * 5 * 60_000).astype("timedelta64[ms]")
    satellite: dict[str, list[Any]] = {
        key: [] for key in ("site", "time", "value", "gap", "cloud", "product")
    }
    reference: dict[str, list[Any]] = {key: [] for key in ("site", "time", "value")}
    for place, site in enumerate(SITES):
        truth = rng.gamma(2.0, 0.08 + 0.05 * place, per_site)
        restless = rng.uniform(0.0, 0.06, per_site)
        wave = np.sin(np.arange(len(steps)) / 4.0)
        series = truth[:, None] * (1 + restless[:, None] * wave * 3) + rng.normal(
            0, 0.003, (per_site, len(steps))
        )
        reference["site"] += [site] * series.size
        reference["time"].append((passes[:, None] + steps).ravel())
        reference["value"].append(series.ravel())
        satellite["site"] += [site] * per_site
        satellite["time"].append(passes)
        satellite["value"].append(0.02 * (place - 1) + 0.9 * truth + rng.normal(0, 0.03, per_site))
        satellite["gap"].append(rng.uniform(0, 0.9, per_site))
        satellite["cloud"].append(rng.uniform(0, 0.6, per_site))
        satellite["product"] += [
            f"SENTINEL2A_{str(t)[:10].replace('-', '')}_L2A_{site}" for t in passes
        ]
    where = np.array([SITES[site] for site in satellite["site"]])
    extra = {
        "gapfilled_fraction": np.concatenate(satellite["gap"]),
        "cloud_fraction": np.concatenate(satellite["cloud"]),
        "product": np.array(satellite["product"], dtype=object),
        "sensor": np.full(len(where), "S2A", dtype=object),
        "longitude": where[:, 0],
        "latitude": where[:, 1],
    }
    over = Observations(
        np.array(satellite["site"], dtype=object),
        np.concatenate(satellite["time"]),
        np.concatenate(satellite["value"]),
        extra,
        "satellite",
    )
    under = Observations(
        np.array(reference["site"], dtype=object),
        np.concatenate(reference["time"]),
        np.concatenate(reference["value"]),
        {"level": np.full(len(reference["site"]), "2.0", dtype=object)},
        "aeronet",
    )
    return over, under


def matchups(per_site: int = 60) -> MatchUps:
    """The match-ups of ``observations`` with the settings of ``RUN``."""
    return match(*observations(per_site), MatchSettings())


def write_case(folder: Path, with_inputs: bool = True, per_site: int = 60) -> Path:
    """Satellite, photometer and match-up tables with the record of the run; the path of the match-
    up table.
    """
    over, under = observations(per_site)
    places = (over.extra["longitude"], over.extra["latitude"])
    table = Table(
        {"site": over.site, "time": over.time, "aot_mean": over.value, **over.extra},
        "satellite",
        points(*places),
    )
    path = folder / "match ups.gpkg"
    write_table(matchups_to_table(match(over, under, MatchSettings())), path)
    record: dict[str, Any] = {
        "algorithm": "calval:compareaot",
        "parameters": dict(RUN),
        "inputs": [],
    }
    if with_inputs:
        write_table(table, folder / "satellite table.gpkg")
        write_table(
            Table({"site": under.site, "time": under.time, "aot": under.value, **under.extra}),
            folder / "aeronet.csv",
        )
        for key, name in (("SATELLITE", "satellite table.gpkg"), ("AERONET", "aeronet.csv")):
            record["parameters"][key] = str(folder / name)
            record["inputs"].append({"parameter": key, "path": str(folder / name)})
    side_car = path.with_name(path.name + ".provenance.json")
    side_car.write_text(json.dumps(record), encoding="utf-8")
    return path
