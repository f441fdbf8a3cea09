# SPDX-License-Identifier: GPL-3.0-or-later
"""Ranking and comparison on MODIS MAIAC against AERONET level 2.0 at Sao Paulo and Medellin."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.aot.campaigns import compare_campaigns
from calval_toolbox.core.aot.matchup import match
from calval_toolbox.core.aot.matchup_tables import observations_from_table
from calval_toolbox.core.aot.ranking import RankSettings, rank_sites
from calval_toolbox.core.aot.types import MatchSettings, MatchUps, Observations
from calval_toolbox.core.io.tables import read_table

YEARS = {"SP": "2015-2017", "MD": "2015-2019"}
WINDOWS = (1, 5, 25)


def joined(parts: list[Observations]) -> Observations:
    columns = [
        np.concatenate([getattr(part, key) for part in parts]) for key in ("site", "time", "value")
    ]
    extra = {key: np.concatenate([part.extra[key] for part in parts]) for key in parts[0].extra}
    return Observations(*columns, extra)


@pytest.fixture(scope="module")
def matchups(shared_data: Path) -> MatchUps:
    """Both sites with all three windows."""
    folder = shared_data / "aot" / "maiac_c61"
    satellite, reference = [], []
    for site, years in YEARS.items():
        table = read_table(folder / f"{site}_{years}_AERONET_L2.csv.gz")
        part = observations_from_table(
            table, time_field="date", value_field="aod_550_mod", time_format="%d/%m/%Y %H:%M",
            site_name=site,
        )  # fmt: skip
        reference.append(replace(part, extra={}))
        for window in WINDOWS:
            table = read_table(folder / f"{site}_C61_{window}KM.csv.gz")
            part = observations_from_table(
                table, time_field="timestamp", value_field="AOD_055", time_format="%Y%j%H%M",
                site_name=site,
            )  # fmt: skip
            size = np.full(len(part), 2000.0 * window)
            satellite.append(replace(part, extra={"window_m": size}))
    return match(joined(satellite), joined(reference), MatchSettings())


def test_two_real_sites(matchups: MatchUps) -> None:
    ranking = rank_sites(matchups, RankSettings(n_bootstrap=300))
    sites = {site.site: site for site in ranking.sites}
    # the middle window: n of the golden numbers of the 5 km tables
    assert {name: site.count for name, site in sites.items()} == {"SP": 396, "MD": 186}
    assert not any(site.not_ranked for site in ranking.sites)
    # two sites have no network: B is the plain median but for the outliers (-0.0455 and +0.0350)
    assert sites["SP"].bias == pytest.approx(-0.0455, abs=0.005)
    assert sites["MD"].bias == pytest.approx(0.0350, abs=0.01)
    for site in sites.values():
        assert site.raw_score == pytest.approx(np.hypot(site.bias, site.scatter))
        assert site.score.low < site.score.value < site.score.high < 2 * site.score.low
    assert any("Fewer than 4 sites" in note for note in ranking.notes)
    assert any("10000 m" in note for note in ranking.notes)


def test_growth_with_the_window_at_real_sites(matchups: MatchUps) -> None:
    """RMSE of 25 km over 1 km, on the overpasses that have both, straight from the rows."""
    details = {
        site.site: site.flag_details["representativeness"]
        for site in rank_sites(matchups, RankSettings(n_bootstrap=100)).sites
    }
    for name, detail in details.items():
        rows: dict[float, dict[object, float]] = {2000.0: {}, 50000.0: {}}
        used = matchups.accepted & (matchups.site == name)
        for row in np.flatnonzero(used & (matchups.extra["window_m"] != 10000.0)):
            rows[matchups.extra["window_m"][row]][matchups.time[row]] = matchups.difference[row]
        common = sorted(set(rows[2000.0]) & set(rows[50000.0]))
        rmse = [np.sqrt(np.mean([part[time] ** 2 for time in common])) for part in rows.values()]
        assert f"smallest window {rmse[1] / rmse[0]:.3f}" in detail


def test_two_halves_of_a_real_record(matchups: MatchUps) -> None:
    """Odd and even days of one record are no two campaigns: no difference may be found."""
    day = matchups.time.astype("datetime64[D]").astype(np.int64)
    here = matchups.site == "SP"
    halves = [replace(matchups, accepted=matchups.accepted & here & (day % 2 == i)) for i in (0, 1)]
    found = compare_campaigns(*halves, "odd", "even", n_bootstrap=300)
    assert found.differences[0].scope == "common sites"
    assert sum(found.differences[0].__dict__[key] for key in ("count_a", "count_b")) == 396
    assert min(one.p_value for one in found.differences[:3]) > 0.01
    assert 0.005 < found.differences[0].detectable < 0.05
