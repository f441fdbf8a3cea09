# SPDX-License-Identifier: GPL-3.0-or-later
"""Pairs of observations: every choice against a search by brute force."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from calval_toolbox.core.calibration import matching
from calval_toolbox.core.calibration.geometry import mean_azimuth_deg, relative_azimuth_deg
from calval_toolbox.core.calibration.matching import (
    Geometry,
    Limits,
    Metric,
    Pairing,
    Pairs,
    geometry,
    match,
)
from calval_toolbox.core.errors import InputError

DAY = np.timedelta64(1, "D")


def observations(count: int, seed: int) -> Geometry:
    rng = np.random.default_rng(seed)
    times = np.datetime64("2010-01-01", "ms") + (rng.random(count) * 3e10).astype("timedelta64[ms]")
    sun, view, turn = (rng.uniform(0.0, top, count) for top in (70.0, 60.0, 180.0))
    return Geometry(times, sun, view, turn)


def unit(zenith: float, azimuth: float) -> np.ndarray:
    z, a = np.radians(zenith), np.radians(azimuth)
    return np.array([np.sin(z) * np.cos(a), np.sin(z) * np.sin(a), np.cos(z)])


def apart(one: tuple[float, ...], other: tuple[float, ...], metric: Metric) -> float:
    """The distance of two geometries (sun zenith, view zenith, relative azimuth) in plain words."""
    if metric is Metric.AMC:
        difference = [a - b for a, b in zip(one, other, strict=True)]
        return float(np.sqrt(difference[0] ** 2 + difference[1] ** 2 + difference[2] ** 2 / 4.0))
    views = np.clip(unit(one[1], one[2]) @ unit(other[1], other[2]), -1.0, 1.0)
    return float(abs(one[0] - other[0]) + np.degrees(np.arccos(views)))


def brute(target: Geometry, reference: Geometry, limits: Limits) -> dict[tuple[int, int], float]:
    found = {}
    rows = [
        list(zip(one.time, one.sun_zenith, one.view_zenith, one.relative_azimuth, strict=True))
        for one in (target, reference)
    ]
    for (i, (time, *mine)), (j, (other_time, *other)) in product(
        enumerate(rows[0]), enumerate(rows[1])
    ):
        if limits.days is not None and abs((time - other_time) / DAY) > limits.days:
            continue
        distance = apart(tuple(mine), tuple(other), limits.metric)
        if limits.reciprocity:
            swapped = (other[1], other[0], other[2])
            distance = min(distance, apart(tuple(mine), swapped, limits.metric))
        if distance < limits.distance_deg:
            found[i, j] = distance
    return found


def chosen(found: dict[tuple[int, int], float], pairing: Pairing) -> set[tuple[int, int]]:
    """Take pairs from the closest on."""
    targets: set[int] = set()
    references: set[int] = set()
    taken = set()
    for i, j in sorted(found, key=lambda pair: found[pair]):
        blocked = {
            Pairing.ALL: False,
            Pairing.ONE_TO_ONE: i in targets or j in references,
            Pairing.BEST_PER_REFERENCE: j in references,
            Pairing.BEST_PER_TARGET: i in targets,
        }[pairing]
        if not blocked:
            taken.add((i, j))
            targets.add(i)
            references.add(j)
    return taken


def as_set(pairs: Pairs) -> set[tuple[int, int]]:
    return set(zip(pairs.target.tolist(), pairs.reference.tolist(), strict=True))


@pytest.mark.parametrize("metric", Metric)
@pytest.mark.parametrize("pairing", Pairing)
@pytest.mark.parametrize(("days", "reciprocity"), [(60.0, True), (60.0, False), (None, True)])
@pytest.mark.parametrize("at_once", [None, 20])
def test_pairs_equal_a_search_by_brute_force(
    metric: Metric,
    pairing: Pairing,
    days: float | None,
    reciprocity: bool,
    at_once: int | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At once, or from small distances on to larger ones."""
    if at_once is not None:
        monkeypatch.setattr(matching, "_AT_ONCE", at_once)
    target, reference = observations(120, 1), observations(90, 2)
    limits = Limits(15.0, days, metric, reciprocity, pairing=pairing)
    found = brute(target, reference, limits)
    pairs = match(target, reference, limits)
    assert as_set(pairs) == chosen(found, pairing)
    assert len(pairs) == len(as_set(pairs)) > 5
    for i, j, distance in zip(pairs.target, pairs.reference, pairs.distance, strict=True):
        assert distance == pytest.approx(found[int(i), int(j)], abs=1e-5)


def test_differences_are_those_of_the_pair() -> None:
    day = np.array(["2020-03-01", "2020-03-09"], dtype="datetime64[ms]")
    target = Geometry(day[:1], np.array([30.0]), np.array([20.0]), np.array([90.0]))
    reference = Geometry(day[1:], np.array([21.0]), np.array([33.0]), np.array([94.0]))
    pairs = match(target, reference, Limits(days=10.0))
    assert pairs.reciprocal.tolist() == [True]
    found = (pairs.d_sun_zenith, pairs.d_view_zenith, pairs.d_relative_azimuth, pairs.days)
    assert [float(one[0]) for one in found] == [-3.0, -1.0, -4.0, -8.0]
    assert len(match(target, reference, Limits(days=10.0, reciprocity=False))) == 0


def test_the_azimuth_is_folded() -> None:
    """Observations at +170 and -170 degrees of the sun's azimuth are 0 degrees apart, not 340."""
    assert relative_azimuth_deg(350.0, 180.0) == 170.0
    assert relative_azimuth_deg(10.0, 180.0) == 170.0
    assert relative_azimuth_deg(np.array([5.0]), np.array([365.0])).tolist() == [0.0]


def test_azimuths_are_averaged_as_vectors() -> None:
    azimuths = np.array([[350.0, 20.0], [350.0, 10.0], [np.nan, 270.0], [np.nan, np.nan]])
    assert mean_azimuth_deg(azimuths) == pytest.approx([5.0, 0.0, 270.0, np.nan], nan_ok=True)


def test_unknown_angles_have_no_partner_but_the_nadir_needs_no_azimuth() -> None:
    day = np.array(["2020-03-01"] * 3, dtype="datetime64[ms]")
    sun = np.array([30.0, 30.0, np.nan])
    seen = geometry(day, sun, np.full(3, 100.0), np.array([0.0, 5.0, 5.0]), np.full(3, np.nan))
    pairs = match(seen, seen, Limits(pairing=Pairing.ALL))
    assert as_set(pairs) == {(0, 0)}


def test_low_sun_is_left_out() -> None:
    target, reference = observations(120, 1), observations(90, 2)
    pairs = match(target, reference, Limits(days=None, max_zenith_deg=40.0))
    assert len(pairs) > 5
    assert target.sun_zenith[pairs.target].max() <= 40.0
    assert reference.view_zenith[pairs.reference].max() <= 40.0


def test_no_observations() -> None:
    nobody = observations(0, 1)
    assert len(match(nobody, observations(5, 2), Limits())) == 0
    assert len(match(observations(5, 2), nobody, Limits(days=None))) == 0


@pytest.mark.parametrize("values", [{"distance_deg": 0.0}, {"distance_deg": float("nan")},
                                    {"days": -1.0}])  # fmt: skip
def test_limits_that_cannot_be_used(values: dict[str, float]) -> None:
    with pytest.raises(InputError):
        Limits(**values)
