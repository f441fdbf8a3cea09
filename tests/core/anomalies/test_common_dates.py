# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates that sites share: those of the sensor are found, those that meet by chance are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calval_toolbox.core.anomalies.chance_meetings import Families, PlaceDates, chance_of_meeting
from calval_toolbox.core.anomalies.common_causes import causes_of, evidence
from calval_toolbox.core.anomalies.common_dates import CommonDate, common_dates
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


def places(rng: np.random.Generator, odd: int) -> list[PlaceDates]:
    """Three places with ``odd`` strong dates each, on dates of their own."""
    days = np.datetime64("2020-01-01") + 5 * np.arange(200)
    made = []
    for _ in range(3):
        content = np.full(200, -1)
        content[rng.permutation(200)[:odd]] = np.arange(odd)
        made.append(PlaceDates(days, content, rng.exponential(4.0, (odd, 1))))
    return made


def chance(own: list[PlaceDates]) -> float:
    """The least p-value of all days, at a level that asks for the whole law."""
    families = Families(np.zeros(1, int))
    tables = []
    for one in own:
        table = np.zeros((200, 1))
        table[one.content >= 0] = one.table[one.content[one.content >= 0]]
        tables.append(table)
    found, _ = families.strongest(tables)
    return float(chance_of_meeting(own, own[0].days, found, families, 2.0, 0.2).min())


def test_places_that_meet_by_chance_have_the_p_values_of_chance() -> None:
    rng = np.random.default_rng(6500)
    p = np.array([chance(places(rng, 12)) for _ in range(30)])
    assert (p < 0.1).sum() <= 8  # 3 are expected; more than 8 have a chance of 0.2 %


def test_places_that_meet_by_more_than_chance_have_small_ones() -> None:
    own = places(np.random.default_rng(6600), 6)
    for one in own:
        free = one.content[50]
        one.content[np.argmax(one.content == 0)] = free
        one.content[50] = 0
        one.table[0] = 8.0
    assert chance(own) < 0.01


def test_two_shared_dates_are_two() -> None:
    series, first = add_event(simulate_set(SetSettings(), 6700), SensorEvent("gain", 0.25), 1)
    series, second = add_event(series, SensorEvent("offset", 0.1), 2)
    assert {one.time for one in shared(series)} == {first, second}
