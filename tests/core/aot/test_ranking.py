# SPDX-License-Identifier: GPL-3.0-or-later
"""The ranking of sites against planted truth, worked examples, and scipy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calval_toolbox.core.aot.ranking import RankSettings, pairwise, rank_sites, tiers
from calval_toolbox.core.aot.ranking_bootstrap import build_model, draw_months, estimate
from calval_toolbox.core.aot.ranking_effects import (
    effect_operator,
    effective_count,
    median_and_scatter,
    shrink,
)
from calval_toolbox.core.aot.ranking_flags import rmse_growth, site_flags, theil_sen_interval
from calval_toolbox.core.aot.ranking_network import (
    REACH,
    at_places,
    build_grid,
    network_bias,
    outside_share,
    working_slope,
)
from calval_toolbox.core.aot.ranking_series import Series, build_network
from calval_toolbox.core.aot.ranking_stability import kendall_tau, leave_one_year_out
from calval_toolbox.core.aot.simulate_network import (
    NetworkScenario,
    correlated_noise,
    simulate_network,
)
from calval_toolbox.core.aot.types import MatchSettings, MatchUps
from calval_toolbox.core.errors import Canceled, InputError, InsufficientDataError
from calval_toolbox.core.progress import Silent

OPEN_GATE = RankSettings(min_matchups=6, min_months=1, min_seasons=1, n_bootstrap=40)


def matchups(site, time, difference, reference=None, **extra) -> MatchUps:
    """Accepted match-ups with the given differences."""
    n = len(difference)
    reference = np.full(n, 0.2) if reference is None else np.asarray(reference, float)
    return MatchUps(
        site=np.array(site, dtype=object),
        time=np.array(time, dtype="datetime64[ms]"),
        satellite=reference + np.asarray(difference, float),
        reference=reference,
        reference_count=np.full(n, 3),
        reference_std=np.full(n, 0.005),
        time_offset_min=np.zeros(n),
        stable=np.ones(n, dtype=bool),
        accepted=np.ones(n, dtype=bool),
        reason=np.full(n, "", dtype=object),
        extra={key: np.asarray(values) for key, values in extra.items()},
    )


def days(count: int, step: int = 10) -> np.ndarray:
    return np.datetime64("2017-01-01T10:00", "ms") + np.arange(count) * np.timedelta64(step, "D")


def series(difference, aot=None, month=None, site=0, product=0) -> Series:
    n = len(difference)
    aot = np.full(n, 0.2) if aot is None else np.asarray(aot, float)
    month = np.arange(n) if month is None else np.asarray(month)
    return Series(site, product, np.arange(n), aot, np.asarray(difference, float), month)


# -- planted truth ---------------------------------------------------------------------------------


def test_order_is_closer_to_the_truth_than_that_of_rmse():
    from scipy.stats import kendalltau

    ours, plain = [], []
    for seed in range(30):
        network = simulate_network(seed=seed)
        truth = dict(zip(network.names, network.error, strict=True))
        ranking = rank_sites(network.matchups, OPEN_GATE)
        assert len(ranking.sites) == 20
        assert not any(site.not_ranked for site in ranking.sites)
        errors = [truth[site.site] for site in ranking.sites]
        ours.append(kendalltau([site.score.value for site in ranking.sites], errors)[0])
        d, names = network.matchups.difference, network.matchups.site
        rmse = [np.sqrt(np.mean(d[names == site.site] ** 2)) for site in ranking.sites]
        plain.append(kendalltau(rmse, errors)[0])
    assert np.mean(ours) >= 0.65
    assert 0.30 <= np.mean(plain) <= 0.45


def test_intervals_cover_the_planted_error():
    """Ninety percent, over networks with short and long memory, and with two products."""
    scenarios = (
        NetworkScenario(),
        NetworkScenario(memory_share=0.6, memory_days=30.0),
        NetworkScenario(products=("SPOT5", "S2"), product_sd=0.02, interaction_sd=0.03),
    )
    hits = []
    for seed in range(36):
        network = simulate_network(scenarios[seed % 3], 300 + seed)
        truth = dict(zip(network.names, network.error, strict=True))
        for site in rank_sites(network.matchups, RankSettings(n_bootstrap=80)).sites:
            if not site.not_ranked:
                hits.append(site.score.low <= truth[site.site] <= site.score.high)
    assert len(hits) > 400
    assert 0.85 <= np.mean(hits) <= 0.95


def test_probability_of_being_among_the_best_means_what_it_says():
    chances, hits = [], []
    for seed in range(16):
        network = simulate_network(seed=seed)
        ranking = rank_sites(network.matchups, RankSettings(n_bootstrap=80))
        ranked = [site for site in ranking.sites if not site.not_ranked]
        truth = dict(zip(network.names, network.error, strict=True))
        best = sorted(ranked, key=lambda site: truth[site.site])[: ranking.best_k]
        chances += [site.p_best for site in ranked]
        hits += [site in best for site in ranked]
    chances, hits = np.array(chances), np.array(hits)
    assert np.mean(hits[chances < 0.1]) < 0.15
    assert 0.3 < np.mean(hits[(chances > 0.3) & (chances < 0.7)]) < 0.7
    assert np.mean(hits[chances > 0.9]) > 0.85


def test_a_site_is_not_punished_for_living_at_high_aot():
    """All sites have the same product bias; only one lives where it is large."""
    rng = np.random.default_rng(5)
    names, times, aot = [], [], []
    for site in range(8):
        level = 0.8 if site == 0 else 0.2 + 0.1 * site
        names += [f"S{site}"] * 100
        times += list(days(100))
        aot.append(level * np.exp(rng.normal(0, 0.3, 100)))
    aot = np.concatenate(aot)
    d = -0.3 * aot + rng.normal(0, 0.02, len(aot))
    site = next(
        s for s in rank_sites(matchups(names, times, d, aot), OPEN_GATE).sites if s.site == "S0"
    )
    assert abs(np.median(d[:100])) > 0.2
    assert abs(site.bias) < 0.01
    assert site.scatter == pytest.approx(0.02, abs=0.006)


def test_the_site_itself_has_no_part_in_its_network_bias():
    """A site with a huge bias sees it in full; the others do not inherit it."""
    rng = np.random.default_rng(6)
    names = np.repeat([f"S{i}" for i in range(6)], 60)
    d = rng.normal(0, 0.01, 360) + np.where(names == "S3", 0.5, 0.0)
    aot = rng.uniform(0.1, 0.5, 360)
    ranking = rank_sites(matchups(names, np.tile(days(60), 6), d, aot), OPEN_GATE)
    bias = {site.site: site.bias for site in ranking.sites}
    assert bias.pop("S3") == pytest.approx(0.5, abs=0.01)
    assert max(abs(value) for value in bias.values()) < 0.01


def test_running_median_agrees_with_sorting():
    """The histogram way against medians of the pooled values, at every node."""
    rng = np.random.default_rng(7)
    members = []
    for site in range(6):
        aot = rng.uniform(0.05, 1.0, 200)
        d = 0.1 * np.sin(6 * aot) + rng.normal(0, 0.03, 200) + 0.02 * site
        members.append(series(d, aot, site=site))
    grid = build_grid(members)
    bias = network_bias(grid, None, np.ones((6, 1)))
    classes = grid.shape[1]
    node = [cells // classes for cells in grid.cells]
    level = np.array([np.median(part.difference - grid.slope * part.aot) for part in members])
    for left_out in (0, 4):
        others = [m for m in range(6) if m != left_out]
        for q in range(grid.shape[0]):
            pooled = np.concatenate(
                [
                    (members[m].difference - grid.slope * members[m].aot - level[m])[
                        np.abs(node[m] - q) <= REACH
                    ]
                    for m in others
                ]
            )
            expected = np.median(pooled) + grid.level[others].mean()
            # the backfitted levels differ a little from the plain medians used here
            assert bias[left_out, 0, q] == pytest.approx(expected, abs=0.006)


def test_network_bias_recovers_a_curve_up_to_its_ends():
    rng = np.random.default_rng(8)
    members = []
    for site in range(12):
        aot = np.exp(rng.normal(np.log(0.2), 0.7, 400))
        members.append(series(0.02 - 0.2 * aot + rng.normal(0, 0.02, 400), aot, site=site))
    grid = build_grid(members)
    assert grid.slope == pytest.approx(-0.2, abs=0.01)
    bias = network_bias(grid, None, np.ones((12, 1)))
    curve = at_places(bias[0], grid.places[0])[0] + grid.slope * members[0].aot
    assert np.max(np.abs(curve - (0.02 - 0.2 * members[0].aot))) < 0.02


def test_share_of_match_ups_beyond_the_aot_of_the_others():
    rng = np.random.default_rng(9)
    members = [
        series(rng.normal(0, 0.02, 100), rng.uniform(0.05, 0.2, 100), site=s) for s in range(6)
    ]
    members.append(series(rng.normal(0, 0.02, 100), rng.uniform(1.0, 2.0, 100), site=6))
    grid = build_grid(members)
    assert outside_share(grid, 0) < 0.1
    assert outside_share(grid, 6) == 1.0


def test_few_sites_have_no_network_bias():
    assert build_grid([series(np.zeros(30), site=s) for s in range(3)]) is None
    rng = np.random.default_rng(1)
    d = np.concatenate([rng.normal(0.05, 0.01, 60), rng.normal(-0.02, 0.01, 60)])
    ranking = rank_sites(matchups(["A"] * 60 + ["B"] * 60, np.tile(days(60), 2), d), OPEN_GATE)
    bias = {site.site: site.bias for site in ranking.sites}
    assert bias["A"] == pytest.approx(0.05, abs=0.005)
    assert bias["B"] == pytest.approx(-0.02, abs=0.005)
    assert any("Fewer than 4 sites" in note for note in ranking.notes)


def test_working_slope_is_that_inside_the_sites():
    """Between the sites d rises with AOT, inside each it falls: the inside counts."""
    rng = np.random.default_rng(2)
    members = []
    for site in range(5):
        aot = 0.1 + 0.2 * site + rng.uniform(0, 0.15, 80)
        members.append(series(0.3 * site - 0.4 * aot + rng.normal(0, 0.005, 80), aot, site=site))
    assert working_slope(members) == pytest.approx(-0.4, abs=0.02)


# -- several products ------------------------------------------------------------------------------


def test_effects_of_site_and_product_are_told_apart():
    mu, b = np.array([0.03, -0.03]), np.array([0.01, -0.02, 0.05])
    parts, medians = [], []
    for p, s in [(0, 0), (1, 0), (0, 1), (1, 1), (0, 2)]:  # the third site has one product only
        parts.append(series(np.zeros(10), site=s, product=p))
        medians.append(mu[p] + b[s])
    effects = effect_operator(parts, 3, 2) @ np.array(medians)
    assert effects == pytest.approx([*b, *mu], abs=1e-6)


def test_with_one_product_the_site_effect_is_its_median():
    parts = [series(np.zeros(5 * (s + 1)), site=s) for s in range(3)]
    assert effect_operator(parts, 3, 1) @ np.array([0.1, -0.2, 0.3]) == pytest.approx(
        [0.1, -0.2, 0.3, 0.0], abs=1e-6
    )


def test_a_bias_of_one_product_at_a_site_is_flagged_and_not_scored_in_full():
    rng = np.random.default_rng(3)
    names, times, sensors, d = [], [], [], []
    for site in range(8):
        for product in ("SPOT4", "SPOT5", "S2"):
            names += [f"S{site}"] * 60
            times += list(days(60))
            sensors += [product] * 60
            shift = 0.09 if (site, product) == (0, "SPOT5") else 0.0
            d.append(rng.normal(shift, 0.01, 60))
    ranking = rank_sites(
        matchups(names, times, np.concatenate(d), sensor=np.array(sensors, object)), OPEN_GATE
    )
    found = {site.site: site for site in ranking.sites}
    assert found["S0"].flags["products"] == "red"
    assert "SPOT5" in found["S0"].flag_details["products"]
    assert found["S0"].bias == pytest.approx(0.03, abs=0.01)
    assert found["S5"].flags["products"] == "green"
    assert not any("cannot be separated" in note for note in ranking.notes)


def test_spread_of_single_products_at_single_sites_is_estimated():
    found = []
    for sd in (0.0, 0.03):
        scenario = NetworkScenario(
            products=("SPOT4", "SPOT5", "S2"), counts=(60, 200), product_sd=0.02, interaction_sd=sd
        )
        network = build_network(simulate_network(scenario, 2).matchups, OPEN_GATE)
        found.append(build_model(network).interaction_sd)
    assert found[0] < 0.01
    assert found[1] == pytest.approx(0.03, abs=0.008)


def test_one_product_says_that_effects_cannot_be_separated():
    ranking = rank_sites(simulate_network(seed=1).matchups, OPEN_GATE)
    assert any("site and product effects cannot be separated" in note for note in ranking.notes)
    assert all("products" not in site.flags for site in ranking.sites)


# -- worked examples -------------------------------------------------------------------------------


def test_score_of_known_residuals():
    middle, scatter = median_and_scatter(np.array([1.0, 2.0, 3.0, 4.0, 100.0]))
    assert (middle, scatter) == (3.0, pytest.approx(1.4826))


def test_shrinkage_of_a_worked_example():
    """ln E = 0, 1, 2, se^2 = 0.25: v = 1 - 0.25, k = 0.75, m = 1."""
    shrunk, kept = shrink(np.exp([0.0, 1.0, 2.0]), np.full(3, 0.5))
    assert kept == pytest.approx([0.75] * 3)
    assert np.log(shrunk) == pytest.approx([0.25, 1.0, 1.75])
    uncertain, _ = shrink(np.exp([0.0, 1.0, 2.0]), np.array([0.1, 0.1, 1.2]))
    assert np.log(uncertain)[2] < 1.5


def test_effective_count_of_independent_and_of_monthly_errors():
    rng = np.random.default_rng(4)
    month = np.repeat(np.arange(40), 10)
    assert effective_count(rng.normal(size=400), month) > 250
    monthly = np.repeat(rng.normal(size=40), 10) + 1e-6 * rng.normal(size=400)
    assert effective_count(monthly, month) == pytest.approx(40, rel=0.02)
    assert effective_count(rng.normal(size=7), np.arange(7)) == 7


def test_tiers_start_where_the_leader_is_surely_better():
    better = np.array(
        [
            [0.50, 0.70, 0.95, 0.99],
            [0.30, 0.50, 0.80, 0.97],
            [0.05, 0.20, 0.50, 0.89],
            [0.01, 0.03, 0.11, 0.50],
        ]
    )
    assert tiers(better, 0.9) == [1, 1, 2, 2]
    assert tiers(better, 0.85) == [1, 1, 2, 3]
    assert tiers(better, 0.999) == [1, 1, 1, 1]


def test_pairwise_probabilities_count_ties_half():
    scores = np.array([[1.0, 2.0], [1.0, 1.0], [3.0, 2.0], [0.0, 2.0]])
    assert pairwise(scores) == pytest.approx(np.array([[0.5, 0.625], [0.375, 0.5]]))


def test_theil_sen_interval_agrees_with_scipy():
    from scipy.stats import theilslopes

    rng = np.random.default_rng(10)
    x = np.arange(24) / 12.0
    y = 0.01 * x + rng.normal(0, 0.02, 24)
    found, expected = theil_sen_interval(x, y), theilslopes(y, x, 0.95)
    assert (found.value, found.low, found.high) == pytest.approx(
        (expected[0], expected[2], expected[3])
    )


def test_drawn_months_stay_whole():
    part = series(np.zeros(9), month=[1, 1, 1, 2, 2, 5, 6, 6, 6])
    drawn = draw_months(part, 300, np.random.default_rng(1))
    assert drawn.shape == (300, 9)
    starts, ends = {0, 3, 5, 6}, {2, 4, 5, 8}
    for row in drawn[:50]:
        jumps = np.flatnonzero(np.diff(row) != 1)
        assert row[0] in starts
        assert all(row[i] in ends and row[i + 1] in starts for i in jumps)
    shares = np.bincount(drawn.ravel(), minlength=9) / drawn.size
    assert shares == pytest.approx(np.full(9, 1 / 9), abs=0.03)


def test_months_make_intervals_wider_than_independent_draws():
    network = simulate_network(
        NetworkScenario(
            sites=3, counts=(150, 150), outliers=(0, 0), memory_share=0.9, memory_days=30.0
        ),
        2,
    )
    alone = replace(network.matchups, time=np.tile(days(150, 31), 3))  # one match-up per month
    widths = [
        np.mean(
            [
                np.log(s.score.high / s.score.low)
                for s in rank_sites(m, RankSettings(n_bootstrap=200)).sites
            ]
        )
        for m in (network.matchups, alone)
    ]
    assert widths[0] > 1.15 * widths[1]


# -- gate and honesty ------------------------------------------------------------------------------


def test_sites_below_the_gate_are_kept_with_the_reason():
    many = np.concatenate([days(40, 20)])
    winter = np.datetime64("2017-01-01T10:00", "ms") + np.arange(40) * np.timedelta64(2, "D")
    names = ["good"] * 40 + ["few"] * 12 + ["short"] * 40
    times = np.concatenate([many, many[:12], winter])
    ranking = rank_sites(matchups(names, times, np.random.default_rng(1).normal(0, 0.02, 92)))
    found = {site.site: site for site in ranking.sites}
    assert ranking.sites[0].site == "good"
    assert found["good"].not_ranked == ""
    assert found["few"].not_ranked == "12 match-ups, 20 needed; 8 months, 8 needed".split(";")[0]
    assert found["short"].not_ranked == "3 months, 8 needed"
    assert found["few"].count == 12
    assert np.isfinite(found["few"].bias)
    assert np.isnan(found["few"].score.value)


def test_level_1_5_is_left_out_and_unknown_levels_are_used():
    rng = np.random.default_rng(1)
    names = np.repeat(["A", "B", "C"], 40)
    level = np.repeat(np.array(["2.0", "1.5", ""], dtype=object), 40)
    m = matchups(names, np.tile(days(40, 20), 3), rng.normal(0, 0.02, 120), level=level)
    found = {site.site: site.not_ranked for site in rank_sites(m).sites}
    assert found == {"A": "", "B": "no match-up of level 2.0", "C": ""}
    assert any(note.startswith("40 match-ups of another level") for note in rank_sites(m).notes)
    assert not any(site.not_ranked for site in rank_sites(m, RankSettings(level="any")).sites)


def test_rejected_rows_and_other_windows_are_not_ranked():
    rng = np.random.default_rng(1)
    window = np.tile(np.repeat([1000.0, 5000.0, 20000.0], 40), 1)
    m = matchups(["A"] * 120, np.tile(days(40, 20), 3), rng.normal(0, 0.02, 120), window_m=window)
    ranking = rank_sites(m)
    assert ranking.sites[0].count == 40
    assert any("5000 m" in note for note in ranking.notes)
    accepted = np.arange(120) % 2 == 0
    assert rank_sites(replace(m, accepted=accepted)).sites[0].count == 20


def test_nothing_to_rank_is_an_error_and_nothing_ranked_is_not():
    m = matchups(["A"] * 5, days(5), np.zeros(5))
    ranking = rank_sites(m)
    assert [bool(site.not_ranked) for site in ranking.sites] == [True]
    assert ranking.p_better.shape == (0, 0)
    assert ranking.best_k == 0
    with pytest.raises(InsufficientDataError, match="nothing to rank"):
        rank_sites(replace(m, accepted=np.zeros(5, dtype=bool)))
    with pytest.raises(InputError, match="water vapor"):
        rank_sites(replace(m, settings=MatchSettings(quantity="water_vapor")))


def test_a_single_site_is_ranked_first_with_certainty():
    m = matchups(["A"] * 40, days(40, 20), np.random.default_rng(1).normal(0.01, 0.02, 40))
    site = rank_sites(m).sites[0]
    assert (site.rank.value, site.rank.low, site.rank.high) == (1, 1, 1)
    assert (site.tier, site.p_best) == (1, 1.0)
    assert site.score.low < site.score.value < site.score.high


def test_same_seed_same_ranking():
    network = simulate_network(seed=3).matchups
    first, second, other = (
        rank_sites(network, RankSettings(n_bootstrap=60, seed=seed)) for seed in (1, 1, 2)
    )
    assert first.sites[0] == second.sites[0]
    assert np.array_equal(first.p_better, second.p_better)
    assert not np.array_equal(first.p_better, other.p_better)


def test_the_order_of_the_rows_changes_nothing():
    network = simulate_network(seed=3).matchups
    shuffled = network.select(np.random.default_rng(2).permutation(len(network)))
    first, second = (rank_sites(one, RankSettings(n_bootstrap=60)) for one in (network, shuffled))
    assert [one.site for one in first.sites] == [one.site for one in second.sites]
    scores = [
        [(one.score.value, one.score.low, one.score.high) for one in ranking.sites]
        for ranking in (first, second)
    ]
    np.testing.assert_array_equal(*scores)  # sites without a rank have no score: NaN on both sides
    assert np.array_equal(first.p_better, second.p_better)


def test_cancel_stops_the_bootstrap():
    class Stop(Silent):
        def canceled(self) -> bool:
            return True

    with pytest.raises(Canceled):
        rank_sites(simulate_network(seed=1).matchups, progress=Stop())


def test_order_that_hangs_on_one_year_is_said():
    """Steady sites keep their order; odd sites that are bad in 2018 only do not."""
    number = np.repeat(np.arange(8), 73)
    times = np.tile(days(73), 8)
    bad = (times.astype("datetime64[Y]") == np.datetime64("2018")) & (number % 2 == 1)
    steady = 0.01 * 1.3**number
    changed = np.where(number % 2 == 0, 0.02, np.where(bad, 0.06, 0.012))
    for spread, shift, stable in ((steady, 0.0, True), (changed, 0.04, False)):
        rng = np.random.default_rng(1)
        d = shift * bad + rng.normal(0, 1, len(number)) * spread
        m = matchups([f"S{one}" for one in number], times, d, rng.uniform(0.1, 0.4, len(number)))
        network = build_network(m, OPEN_GATE)
        found = leave_one_year_out(network, estimate(build_model(network)))
        assert sorted(found) == [2017, 2018]
        assert (min(found.values()) > 0.7) == stable
        assert (min(found.values()) < 0.45) != stable
        worst = min(found, key=lambda year: found[year])
        notes = rank_sites(m, OPEN_GATE).notes
        assert any(f"{found[worst]:.2f} (without {worst})" in note for note in notes)


def test_kendall_tau_agrees_with_scipy():
    from scipy.stats import kendalltau

    rng = np.random.default_rng(16)
    x = rng.normal(size=30)
    y = x + rng.normal(size=30)
    assert kendall_tau(x, y) == pytest.approx(kendalltau(x, y)[0])


# -- flags -----------------------------------------------------------------------------------------


def flags_of(m: MatchUps) -> dict[str, tuple[str, str]]:
    site = rank_sites(m, OPEN_GATE).sites[0]
    return {key: (site.flags.get(key, ""), text) for key, text in site.flag_details.items()}


def test_outliers_are_counted_and_do_not_move_the_score():
    rng = np.random.default_rng(11)
    d = rng.normal(0.01, 0.02, 100)
    clean = rank_sites(matchups(["A"] * 100, days(100), d), OPEN_GATE).sites[0]
    d[::8] += 0.4
    m = matchups(["A"] * 100, days(100), d)
    site = rank_sites(m, OPEN_GATE).sites[0]
    assert flags_of(m)["outliers"] == ("red", flags_of(m)["outliers"][1])
    assert flags_of(m)["outliers"][1].startswith("13.0 %")
    assert site.raw_score == pytest.approx(clean.raw_score, rel=0.15)


def test_drift_is_found_where_it_is_and_only_there():
    rng = np.random.default_rng(12)
    years = np.arange(120) * 10 / 365.25
    d = rng.normal(0, 0.01, 120)
    assert flags_of(matchups(["A"] * 120, days(120), d))["drift"][0] == "green"
    light, detail = flags_of(matchups(["A"] * 120, days(120), d + 0.02 * years))["drift"]
    assert light == "red"
    assert float(detail.split()[0]) == pytest.approx(0.02, abs=0.004)
    assert flags_of(matchups(["A"] * 30, days(30), d[:30]))["drift"][0] == ""


def test_noise_is_no_drift_and_no_step_however_large():
    d = np.random.default_rng(17).normal(0, 0.15, 120)
    instrument = np.where(np.arange(120) < 60, "90", "64").astype(object)
    flags = flags_of(matchups(["A"] * 120, days(120), d, instrument=instrument))
    slope = float(flags["drift"][1].split()[0])
    step = float(flags["instrument"][1].split(": ")[1].split()[0])
    assert abs(slope) > 0.005
    assert abs(step) > 0.01
    assert (flags["drift"][0], flags["instrument"][0]) == ("green", "green")


def test_step_at_an_instrument_change_is_found_where_it_is_and_only_there():
    rng = np.random.default_rng(13)
    d = rng.normal(0, 0.01, 120)
    instrument = np.where(np.arange(120) < 70, "90", "64").astype(object)
    m = matchups(["A"] * 120, days(120), d, instrument=instrument)
    assert flags_of(m)["instrument"][0] == "green"
    stepped = matchups(
        ["A"] * 120, days(120), d + 0.03 * (np.arange(120) >= 70), instrument=instrument
    )
    light, detail = flags_of(stepped)["instrument"]
    assert light == "red"
    assert "2018-12-02 (photometer 90 to 64)" in detail
    same = matchups(["A"] * 120, days(120), d, instrument=np.full(120, "90", object))
    assert flags_of(same)["instrument"] == ("green", "one photometer, number 90")


def test_representativeness_takes_the_worst_of_its_figures():
    d = np.random.default_rng(14).normal(0, 0.01, 60)
    m = matchups(
        ["A"] * 60,
        days(60),
        d,
        aot_std=np.full(60, 0.01),
        altitude_difference_m=np.full(60, -600.0),
    )
    light, detail = flags_of(m)["representativeness"]
    assert light == "red"
    assert "600 m" in detail
    near = replace(m, extra={**m.extra, "altitude_difference_m": np.full(60, 20.0)})
    assert flags_of(near)["representativeness"][0] == "green"
    moving = replace(near, reference_std=np.full(60, 0.03))
    assert flags_of(moving)["representativeness"][0] == "amber"


def test_growth_of_rmse_uses_the_overpasses_of_both_windows():
    d = np.concatenate([np.full(30, 0.02), np.full(20, 0.06)])
    times = np.concatenate([days(30), days(20)])
    window = np.repeat([1000.0, 20000.0], [30, 20])
    assert rmse_growth(matchups(["A"] * 50, times, d, window_m=window), "A") == pytest.approx(3.0)
    assert np.isnan(rmse_growth(matchups(["A"] * 30, days(30), d[:30]), "A"))


def test_flags_of_all_sites_come_with_their_figures():
    network = simulate_network(seed=4)
    model = build_model(build_network(network.matchups, OPEN_GATE))
    flags = site_flags(model, network.matchups, estimate(model))
    assert len(flags) == 20
    for findings in flags.values():
        assert all(one.detail for one in findings.values())
        assert {one.light for one in findings.values()} <= {"", "green", "amber", "red"}


# -- simulator -------------------------------------------------------------------------------------


def test_simulator_plants_what_it_says():
    scenario = NetworkScenario(
        sites=3, counts=(3000, 3000), days=20000, outliers=(0, 0), memory_share=0.3
    )
    network = simulate_network(scenario, 1)
    m = network.matchups
    for index, name in enumerate(network.names):
        rows = m.site == name
        r = (m.difference - 0.02 + 0.15 * m.reference)[rows]
        assert np.mean(r) == pytest.approx(network.bias[index], abs=4 * network.scatter[index] / 40)
        assert np.std(r) == pytest.approx(network.scatter[index], rel=0.1)
    assert network.error == pytest.approx(np.hypot(network.bias, network.scatter))
    again = simulate_network(scenario, 1).matchups
    assert np.array_equal(again.satellite, m.satellite)


def test_noise_has_the_memory_it_is_asked_for():
    times = np.datetime64("2000-01-01", "ms") + np.arange(60000) * np.timedelta64(1, "D")
    noise = correlated_noise(times, 0.6, 5.0, np.random.default_rng(1))
    assert np.var(noise) == pytest.approx(1.0, abs=0.05)
    lag = [np.mean(noise[k:] * noise[:-k]) for k in (1, 5, 40)]
    assert lag == pytest.approx([0.6 * np.exp(-0.2), 0.6 * np.exp(-1.0), 0.0], abs=0.05)


def test_the_best_group_never_holds_all_sites():
    rng = np.random.default_rng(4)
    names = np.repeat(["A", "B", "C", "D"], 40).tolist()
    m = matchups(names, np.tile(days(40, 20), 4), rng.normal(0, 0.02, 160))
    quick = RankSettings(n_bootstrap=100)
    ranking = rank_sites(m, quick)
    assert ranking.best_k == 2
    assert sum(site.p_best for site in ranking.sites) == pytest.approx(2.0, abs=0.01)
    assert rank_sites(m, replace(quick, best_k=3)).best_k == 3
