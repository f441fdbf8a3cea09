# SPDX-License-Identifier: GPL-3.0-or-later
"""Parcels of one image have one vote: planted events of one place and of several."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calval_toolbox.core.anomalies.common_dates import common_dates, level_notes
from calval_toolbox.core.anomalies.common_steps import common_steps
from calval_toolbox.core.anomalies.detect import Detection, DetectionSettings, detect
from calval_toolbox.core.anomalies.places import Place, find_places, votes
from calval_toolbox.core.anomalies.run import SiteTests
from calval_toolbox.core.anomalies.simulate import SITES, simulate_series
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.series.types import TimeSeries

ROBUST = DetectionSettings(methods=("robust",))
ODD = 60
WHEN = np.datetime64("2020-02-11", "ms")


def parcels(name: str, count: int, seed: int, shared: float = 0.0) -> list[TimeSeries]:
    """Parcels of one image, a kilometer apart; the share ``shared`` of the variance of their noise
    is the same in all of them.
    """
    drawn = [simulate_series(SITES[name], seed + i, gaps=0.0)[0] for i in range(count + 1)]
    common = drawn[0].values - simulate_series(SITES[name], seed, 0.0)[0].values.mean(axis=0)
    middle = np.median(drawn[0].values, axis=0)
    common = np.sqrt(shared) * (drawn[0].values - middle)
    return [
        replace(
            one, site=f"{name} {number}", latitude=one.latitude + 0.01 * number,
            values=middle + common + np.sqrt(1.0 - shared) * (one.values - middle),
        )
        for number, one in enumerate(drawn[1:])
    ]  # fmt: skip


def lit(series: list[TimeSeries], factor: float = 1.35) -> list[TimeSeries]:
    """All of them too bright on one date."""
    changed = []
    for one in series:
        values = one.values.copy()
        values[ODD] *= factor
        changed.append(replace(one, values=values))
    return changed


def detected(series: list[TimeSeries]) -> list[Detection]:
    return [detect(one, ROBUST) for one in series]


def test_one_image_alone_is_no_event_of_the_sensor() -> None:
    """A haze over six parcels of one image, and nothing elsewhere."""
    series = lit(parcels("Toulouse", 6, 50)) + parcels("Morocco", 2, 70)
    found = detected(series)
    assert sum(one.flagged[ODD] for one in found) == 6
    assert common_dates(series, found) == []
    far = [replace(one, latitude=float("nan"), product=np.full(len(one), "")) for one in series]
    assert len(common_dates(far, found)) == 1, "without places they count as six witnesses"


def test_two_images_are() -> None:
    """At a level that two places can reach, which the notes tell."""
    series = lit(parcels("Toulouse", 3, 50)) + lit(parcels("Morocco", 2, 70))
    found = detected(series)
    assert common_dates(series, found) == []
    assert "third place" in level_notes(series, found)[0]
    assert level_notes(series, found, 0.05) == []
    (date,) = common_dates(series, found, 0.05)
    assert date.time == series[0].times[ODD].astype("datetime64[D]")
    assert len(date.sites) >= 4


def test_steps_of_one_image_are_its_ground() -> None:
    def stepped(one: TimeSeries) -> TimeSeries:
        return replace(one, values=one.values + 0.06 * (one.times >= WHEN)[:, None])

    near = [stepped(one) for one in parcels("Toulouse", 2, 50)]
    quiet, far = parcels("Morocco", 1, 70), [stepped(one) for one in parcels("Morocco", 1, 70)]
    for others, origin in ((quiet, {"ground"}), (far, {"sensor"})):
        series = near + others
        steps = common_steps(series, detected(series))
        assert {step.origin for step in steps} == origin


def test_places_by_distance_and_by_product() -> None:
    near = parcels("Toulouse", 2, 50)
    far = parcels("Morocco", 1, 70)
    series = near + far
    found = detected(series)
    assert [place.sites for place in find_places(series, found)] == [(0, 1), (2,)]
    assert [p.sites for p in find_places(series, found, 0.5)] == [(0, 1), (2,)], "one product"
    names = [replace(one, product=np.full(len(one), "COLLECTION")) for one in series]
    assert [place.sites for place in find_places(names, found, 0.5)] == [(0,), (1,), (2,)]
    nowhere = [replace(one, longitude=float("nan")) for one in names]
    assert len(find_places(nowhere, found)) == 3


def test_effective_number_lies_between_one_and_all() -> None:
    alone, mixed, same = (
        find_places(series, detected(series))[0].effective
        for series in (parcels("Toulouse", 5, 50, share) for share in (0.0, 0.7, 1.0))
    )
    assert alone > 4.5
    assert 1.5 < mixed < 4.5
    assert same == pytest.approx(1.0, abs=0.01)


def test_votes_of_good_dates_are_uniform() -> None:
    """Six parcels that share most of their noise: their one vote is neither loud nor mute."""
    series = parcels("Toulouse", 6, 300, 0.6)
    found = detected(series)
    (place,) = find_places(series, found)
    p = votes(np.array([one.p_value for one in found]), [place])[0]
    assert 0.03 < (p[np.isfinite(p)] < 0.1).mean() < 0.17
    naive = votes(np.array([one.p_value for one in found]), [Place(place.sites, 1.0)])[0]
    assert (naive[np.isfinite(naive)] < 0.1).mean() > 0.2


def test_a_vote_is_that_of_its_best_site() -> None:
    p = np.array([[0.01, np.nan], [0.5, np.nan], [0.2, 0.3]])
    found = votes(p, [Place((0, 1), 2.0), Place((2,), 1.0)])
    assert found[0, 0] == pytest.approx(1.0 - 0.99**2)
    assert np.isnan(found[0, 1])
    assert found[1].tolist() == pytest.approx([0.2, 0.3])


def test_a_negative_distance_is_refused() -> None:
    with pytest.raises(InputError, match="NEAR_KM"):
        SiteTests(near_km=-1.0)
