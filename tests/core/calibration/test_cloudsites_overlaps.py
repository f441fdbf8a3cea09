# SPDX-License-Identifier: GPL-3.0-or-later
"""Clouds in the overlap of two tiles of one overpass are counted, and used, once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_cloudsites import FEW, LIMITS, classes, day, search

from calval_toolbox.core.calibration.cloudsites import run
from calval_toolbox.core.calibration.cloudsites.finding import CloudSites, find_cloud_sites
from calval_toolbox.core.calibration.cloudsites.limits import AreaLimits
from calval_toolbox.core.calibration.cloudsites.outcome import to_json
from calval_toolbox.core.calibration.cloudsites.overlaps import once, seen_twice
from calval_toolbox.core.calibration.cloudsites.run import OtherLimitsError, SearchRequest
from calval_toolbox.core.calibration.cloudsites.simulate import (
    AGGREGATE_M,
    CLOUD,
    plan_of,
    write_tile,
)
from calval_toolbox.core.database import open_database, parse_name
from calval_toolbox.core.database.measurements import load_measurements

SHIFT, SIZE = 12, 20  # squares from one tile to the next, and along a side
CLOUDS = LIMITS


@pytest.fixture(scope="module")
def neighbors(tmp_path_factory: pytest.TempPathFactory) -> tuple[CloudSites, str]:
    """One field of clouds, seen in two tiles that share 8 of their 20 columns of squares."""
    folder = tmp_path_factory.mktemp("neighbors")
    whole = plan_of(np.full((SIZE, SHIFT + SIZE), CLOUD), seed=1, bands=FEW, cloud_percent=60.0)
    paths = []
    for number in range(2):
        columns = slice(number * SHIFT, number * SHIFT + SIZE)
        tile = dataclasses.replace(
            whole, classes=whole.classes[:, columns], level=whole.level[:, columns],
            tile=f"T33NT{'AB'[number]}", left=whole.left + number * SHIFT * AGGREGATE_M,
        )  # fmt: skip
        paths.append(str(write_tile(folder, tile, seed=number)))
    database = str(folder / "a.gpkg")
    request = SearchRequest(paths, clouds=CLOUDS)
    return find_cloud_sites(parse_name(database), request, AreaLimits(1, 0.1)), database


def test_planted_clouds_are_counted_once(neighbors: tuple[CloudSites, str]) -> None:
    found, _ = neighbors
    one, other = found.result.outcomes
    assert one.overpass == other.overpass
    shared = set(one.counts) & set(other.counts)
    assert len(shared) > 4
    kept, lost = once(found.result.outcomes)
    both = [cell for cell in shared if one.counts[cell][1] and other.counts[cell][1]]
    least = sum(one.counts[cell][1] + other.counts[cell][1] for cell in both)
    least -= sum(max(one.counts[cell], other.counts[cell])[1] for cell in both)
    assert lost >= least > 0
    for cell in shared:
        holding = [made for made in kept if cell in made.counts]
        assert len(holding) == 1
        assert holding[0].counts[cell][0] == max(one.counts[cell][0], other.counts[cell][0])
    total = sum(made.clouds for made in kept)
    # There are no more clouds than the field holds squares that are not at its edge.
    assert total <= (SIZE - 2) * (SHIFT + SIZE - 2)
    assert one.clouds + other.clouds > (SIZE - 2) * (SHIFT + SIZE - 2)
    table = found.frequency_table()
    assert table["pixels"][table["month"] == "all"].sum() == total
    assert {made.pixels for made in found.distributions} == {total}
    assert any(f"{lost} squares of cloud in cells that several" in note for note in found.notes)
    again, none = once(kept)
    assert (again, none) == (kept, 0)


def test_measurements_of_a_cell_are_used_once(neighbors: tuple[CloudSites, str]) -> None:
    found, database = neighbors
    with open_database(parse_name(database)) as db:
        seen = load_measurements(db, found.result.outcomes[0].sensor)
    twice = seen_twice(seen)
    sites = seen["site"].astype(str)
    names, counts = np.unique(sites, return_counts=True)
    assert set(counts) == {1, 2}
    assert sorted(sites[~twice]) == sorted(names)
    squares = seen["count"].max(axis=1) / seen["cloud_fraction"]
    for name in names[counts == 2]:
        rows = sites == name
        assert squares[rows & ~twice][0] >= squares[rows & twice][0] * (1.0 - 1e-9)
    # Another overpass, and what is not of the search, are none of it.
    later = dataclasses.replace(
        seen, time=seen.time + np.arange(len(seen)) * np.timedelta64(2, "m")
    )
    assert not seen_twice(later).any()
    others = seen.with_columns(version=np.full(len(seen), "05.10", dtype=object))
    assert not seen_twice(others).any()


def test_the_order_in_which_products_end_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threads end in any order, the more so on a busy computer: the last one first, here."""
    paths = [
        write_tile(tmp_path, plan_of(classes(), bands=FEW, time=day(date), cloud_percent=50.0))
        for date in ("2024-01-06", "2024-01-11", "2024-01-16")
    ]

    def backwards(tasks: list, work: Callable, collect: Callable, progress: Any, *_: Any) -> None:
        for task in reversed(tasks):
            done: Future = Future()
            done.set_result(work(task, progress))
            collect(task, done)

    plain = search(tmp_path / "a.gpkg", paths)
    monkeypatch.setattr(run, "in_threads", backwards)
    other = search(tmp_path / "b.gpkg", paths)
    assert other.notes == plain.notes
    assert any(" and 2 more: " in note for note in plain.notes)
    assert [one.product for one in other.outcomes] == [one.product for one in plain.outcomes]
    assert [to_json(one) for one in other.outcomes] == [to_json(one) for one in plain.outcomes]


def test_new_products_of_a_version_keep_its_limits(tmp_path: Path) -> None:
    """Not only what is searched again: all that a version holds is summed up together."""
    first, second = (
        write_tile(tmp_path, plan_of(classes(), bands=FEW, time=day(date), cloud_percent=50.0))
        for date in ("2024-01-06", "2024-01-11")
    )
    database = tmp_path / "a.gpkg"
    search(database, [first])
    strict = dataclasses.replace(LIMITS, min_cirrus=0.4)
    with pytest.raises(OtherLimitsError, match=r"version '05\.10 dcc'.*min_cirrus 0\.3 instead"):
        search(database, [second], clouds=strict)
    assert search(database, [second], clouds=strict, version="strict").added
    assert search(database, [second]).added
