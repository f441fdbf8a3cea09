# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates that sites share: those of the sensor are found, those that meet by chance are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calval_toolbox.core.anomalies.chance_meetings import Families, PlaceDates, meetings
from calval_toolbox.core.anomalies.common_causes import causes_of, evidence
from calval_toolbox.core.anomalies.common_dates import CommonDate, common_dates, level_notes
from calval_toolbox.core.anomalies.detect import DetectionSettings, detect
from calval_toolbox.core.anomalies.simulate_sets import (
    SensorEvent,
    SetSettings,
    add_event,
    simulate_set,
)
from calval_toolbox.core.series.types import TimeSeries

ROBUST = DetectionSettings(methods=("robust",))
LEVEL = 0.05


def shared(series: list[TimeSeries]) -> list[CommonDate]:
    return common_dates(series, [detect(one, ROBUST) for one in series], LEVEL)


@pytest.mark.parametrize(
    "settings", [SetSettings(), SetSettings(weather_days=6)], ids=["own", "weather"]
)
def test_sites_without_a_common_cause_share_no_date(settings: SetSettings) -> None:
    """8 sets at a level of 5 %: more than 3 have a chance of 0.04 %."""
    assert sum(bool(shared(simulate_set(settings, 6000 + seed))) for seed in range(8)) <= 3


@pytest.mark.parametrize(("kind", "amplitude"), [("gain", 0.25), ("offset", 0.1)])
def test_a_fault_of_the_sensor_is_found_among_their_own(kind: str, amplitude: float) -> None:
    for seed in range(6100, 6102):
        series, day = add_event(
            simulate_set(SetSettings(), seed), SensorEvent(kind, amplitude), seed
        )
        (date,) = [one for one in shared(series) if one.time == day]
        assert (date.kind, date.band) == (kind, "")
        assert date.amplitude == pytest.approx(amplitude, rel=0.15)
        assert len(date.sites) >= 2
        assert 0.0 < date.p_value <= LEVEL


def test_a_fault_of_one_band_is_named() -> None:
    series = simulate_set(SetSettings(own=False, contamination=0.0), 6200)
    day = next(
        one for one in series[0].times[60:] if all(s.clear[s.times == one].any() for s in series)
    )
    dimmed = []
    for one in series:
        values = one.values.copy()
        values[one.times == day, one.bands.index("B8A")] *= 0.7
        dimmed.append(replace(one, values=values))
    (date,) = shared(dimmed)
    assert (date.kind, date.band) == ("gain", "B8A")
    assert date.amplitude == pytest.approx(-0.3, abs=0.05)


@pytest.mark.parametrize("factors", [(1.3, 0.6, 1.0, 1.0), (1.3, 1.0, 1.0, 1.0)])
def test_one_site_or_opposite_ones_share_nothing(factors: tuple[float, ...]) -> None:
    series = simulate_set(SetSettings(own=False, contamination=0.0), 6300)
    changed = []
    for one, factor in zip(series, factors, strict=True):
        values = one.values.copy()
        values[one.times == series[0].times[100]] *= factor
        changed.append(replace(one, values=values))
    assert shared(changed) == []


def test_evidence_tells_a_gain_from_a_cloud() -> None:
    (site, *_) = simulate_set(SetSettings(own=False, contamination=0.0), 6400)
    causes = causes_of(site.bands)
    row = int(np.flatnonzero(site.clear)[80])
    values = site.values.copy()
    values[row] *= 1.2
    odd = replace(site, values=values)
    found = evidence(odd, detect(odd, ROBUST), causes)[row]
    best = int(found.argmax())
    assert (causes.kind[best], causes.band[best]) == ("gain", "")
    assert causes.amplitude[best] == pytest.approx(0.2, abs=0.03)
    assert found[best] > 4.0
    masked = np.flatnonzero(~site.clear)[0]
    assert np.isnan(evidence(odd, detect(odd, ROBUST), causes)[masked]).all()


FAMILIES = Families(np.arange(4))


def places(rng: np.random.Generator, count: int, dates: int, odd: int) -> list[PlaceDates]:
    """So many places with ``odd`` strong dates of their own each, of four causes."""
    days = np.datetime64("2020-01-01") + 5 * np.arange(dates)
    made = []
    for _ in range(count):
        content = np.full(dates, -1)
        content[rng.permutation(dates)[:odd]] = np.arange(odd)
        made.append(PlaceDates(days, content, rng.exponential(4.0, (odd, 4)).astype(np.float32)))
    return made


def least(own: list[PlaceDates]) -> float:
    """The least p-value of all dates, from where ``common_dates`` gets it."""
    return float(meetings(own, FAMILIES, 2.0, LEVEL).p_values.min())


def test_a_false_date_has_the_chance_of_the_level() -> None:
    """12 of 250 sets are expected; more than 21 have a chance of 1 %, at a rate of 11 % of 88 %."""
    rng = np.random.default_rng(6500)
    assert sum(least(places(rng, 2, 200, 20)) <= LEVEL for _ in range(250)) <= 21


def test_places_that_meet_by_more_than_chance_have_small_ones() -> None:
    own = places(np.random.default_rng(6600), 3, 200, 6)
    for one in own:
        free = one.content[50]
        one.content[np.argmax(one.content == 0)] = free
        one.content[50] = 0
        one.table[0] = 8.0
    found = meetings(own, FAMILIES, 2.0, 0.01)
    assert found.p_values.min() < 0.01
    assert found.p_values[50].min() == found.p_values.min()


def test_two_places_alone_meet_no_less_often_than_their_dates_of_a_season_do() -> None:
    """One date each, on the same of 50 dates of the season: 2 % of all shuffles."""
    own = places(np.random.default_rng(6700), 2, 200, 1)
    for one in own:
        one.content[:] = -1
        one.content[100] = 0
        one.table[:] = 30.0
    assert least(own) == pytest.approx(0.02, abs=0.01)


def test_a_level_that_shuffles_cannot_reach_is_said() -> None:
    series = simulate_set(SetSettings(), 6800)
    found = [detect(one, ROBUST) for one in series]
    assert "0.0004" in level_notes(series, found, 1e-4)[0]
    assert level_notes(series, found, 1e-3) == []
    assert level_notes(series[:1], found[:1], 1e-4) == []


def test_two_shared_dates_are_two() -> None:
    series, first = add_event(simulate_set(SetSettings(), 6700), SensorEvent("gain", 0.25), 1)
    series, second = add_event(series, SensorEvent("offset", 0.1), 2)
    assert {one.time for one in shared(series)} == {first, second}
