# SPDX-License-Identifier: GPL-3.0-or-later
"""The comparison of campaigns against planted truth, hand calculation, worked examples, scipy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calval_toolbox.core.aot.campaign_samples import (
    SITE_MONTHS,
    build_sample,
    per_bin,
    standardized,
)
from calval_toolbox.core.aot.campaigns import balanced, compare_campaigns, pooled_shares
from calval_toolbox.core.aot.matchup_tables import matchups_from_table, matchups_to_table
from calval_toolbox.core.aot.significance import Estimate, holm, t_quantile, two_sided, welch
from calval_toolbox.core.aot.simulate_network import CampaignScenario, simulate_campaign
from calval_toolbox.core.aot.types import CampaignComparison, CampaignDifference, MatchUps
from calval_toolbox.core.errors import InputError, InsufficientDataError
from calval_toolbox.core.table import Table

SITES = tuple(f"Site {i}" for i in range(10))


def pair(seed: int, **of_a) -> tuple[MatchUps, MatchUps]:
    """Two campaigns under the same rules but for season, AOT, sites, and what ``of_a`` says."""
    a = CampaignScenario("SPOT4", SITES, count=20, site_sd=0.03, slope=-0.1)
    b = CampaignScenario(
        "SPOT5", (*SITES, "Further 1", "Further 2"), count=30, site_sd=0.03, slope=-0.1,
        start="2015-04-01", days=160, aot_median=0.2,
    )  # fmt: skip
    return simulate_campaign(replace(a, **of_a), seed), simulate_campaign(b, seed + 5000)


def one(found: CampaignComparison, scope: str, quantity: str) -> CampaignDifference:
    return next(d for d in found.differences if (d.scope, d.quantity) == (scope, quantity))


def campaign(difference, reference, sites=None, months=6, **extra) -> MatchUps:
    """Accepted match-ups spread over months."""
    n = len(difference)
    reference = np.asarray(reference, float)
    sites = np.full(n, "A") if sites is None else np.asarray(sites)
    time = np.datetime64("2013-01", "M") + (np.arange(n) % months) * np.timedelta64(1, "M")
    return MatchUps(
        sites.astype(object),
        time.astype("datetime64[ms]"),
        reference + np.asarray(difference, float),
        reference,
        np.full(n, 3),
        np.full(n, 0.005),
        np.zeros(n),
        np.ones(n, dtype=bool),
        np.ones(n, dtype=bool),
        np.full(n, "", dtype=object),
        extra,
    )


# -- planted truth ---------------------------------------------------------------------------------


def test_a_planted_difference_of_bias_is_inside_the_interval():
    inside = found = 0
    for seed in range(60):
        row = one(
            compare_campaigns(*pair(seed, bias=0.03), n_bootstrap=200), "common sites", "bias"
        )
        inside += row.difference.low <= 0.03 <= row.difference.high
        found += row.p_value < 0.05
    assert 0.88 <= inside / 60 <= 1.0
    assert found / 60 > 0.9


def test_a_planted_ratio_of_precision_is_inside_the_interval():
    inside = found = 0
    for seed in range(40):
        rows = compare_campaigns(*pair(seed, scatter=0.075), n_bootstrap=200)
        row = one(rows, "common sites", "ln of precision")
        # the sites' own spread belongs to the precision of both campaigns
        truth = 0.5 * np.log((0.075**2 + 0.03**2) / (0.05**2 + 0.03**2))
        inside += row.difference.low <= truth <= row.difference.high
        found += one(rows, "common sites", "deviation").p_value < 0.05
    assert inside / 40 >= 0.85
    assert found / 40 > 0.6


def test_without_a_difference_p_values_are_not_too_small():
    small: dict[str, list[bool]] = {}
    for seed in range(200):
        found = compare_campaigns(*pair(seed), n_bootstrap=120)
        for row in found.differences:
            if row.scope in ("common sites", "all sites"):
                small.setdefault(f"{row.scope} {row.quantity}", []).append(row.p_value < 0.05)
        for quantity in ("bias", "ln of precision", "deviation"):
            family = [d.p_value for d in found.differences if d.adjusted and d.quantity == quantity]
            small.setdefault(f"bins {quantity}", []).append(np.nanmin(family) < 0.05)
    rates = {key: float(np.mean(values)) for key, values in small.items()}
    assert len(rates) == 9
    # 200 runs: a true rate of 0.05 stays below 0.10 with more than 99.5 % probability
    assert max(rates.values()) < 0.10, rates
    assert rates["common sites deviation"] > 0.0


def test_detectable_difference_is_found_with_eighty_percent_probability():
    first = compare_campaigns(*pair(0), n_bootstrap=200)
    size = np.mean(
        [
            one(compare_campaigns(*pair(seed), n_bootstrap=200), "common sites", "bias").detectable
            for seed in range(10)
        ]
    )
    assert one(first, "common sites", "bias").detectable == pytest.approx(size, rel=0.3)
    hits = [
        one(
            compare_campaigns(*pair(seed, bias=size), n_bootstrap=120), "common sites", "bias"
        ).p_value
        < 0.05
        for seed in range(100, 200)
    ]
    assert 0.68 <= np.mean(hits) <= 0.92


def test_different_aot_alone_makes_no_difference():
    """Both have the same bias at equal AOT; plain means differ, standardized ones do not."""
    rng = np.random.default_rng(1)
    low, high = rng.uniform(0.02, 0.35, 400), rng.uniform(0.1, 0.5, 400)
    d = [-0.3 * np.floor(aot * 20) / 20 + rng.normal(0, 0.01, 400) for aot in (low, high)]
    edges = np.arange(0.0, 0.55, 0.05)
    found = compare_campaigns(campaign(d[0], low), campaign(d[1], high), edges=edges)
    row = one(found, "common sites", "bias")
    assert abs(np.mean(d[0]) - np.mean(d[1])) > 0.02
    assert abs(row.difference.value) < 0.002
    assert row.p_value > 0.05


def test_equal_classes_are_compared():
    """All of the difference comes from gap-filled windows, which A has more of."""
    rng = np.random.default_rng(2)
    found = []
    for gapped in (0.6, 0.2):
        share = np.where(rng.random(500) < gapped, 0.4, 0.05)
        d = rng.normal(0, 0.01, 500) + 0.05 * (share > 0.2)
        found.append(campaign(d, rng.uniform(0.1, 0.15, 500), gapfilled_fraction=share))
    rows = compare_campaigns(*found)
    assert one(rows, "common sites", "bias").difference.low > 0.01
    for scope in ("gap-filled < 20 %", "gap-filled 20-60 %"):
        assert abs(one(rows, scope, "bias").difference.value) < 0.004
    unstable = [replace(m, stable=np.arange(500) // 6 % 2 == 0) for m in found]
    rows = compare_campaigns(*unstable)
    assert one(rows, "stable", "bias").count_a == 252
    assert one(rows, "unstable", "bias").count_b == 248


# -- hand calculation ------------------------------------------------------------------------------


def test_standardization_by_hand():
    """Bins of A: means 0.01 and 0.05 (30 and 10 rows); of B: 0.02 and 0.04 (10 and 30 rows).

    Pooled shares 40 / 80 each: A 0.03, B 0.03, while the plain means are 0.02 and 0.035.
    """
    aot = [np.repeat([0.1, 0.3], counts) for counts in ([30, 10], [10, 30])]
    d = [np.repeat([0.01, 0.05], [30, 10]), np.repeat([0.02, 0.04], [10, 30])]
    wiggle = 0.001 * np.where(np.arange(40) % 2 == 0, 1, -1)
    a, b = (campaign(d[i] + wiggle, aot[i]) for i in (0, 1))
    edges = np.array([0.0, 0.2, 0.4])
    samples = [build_sample(m, name, edges) for m, name in ((a, "A"), (b, "B"))]
    shares = pooled_shares(*samples, 2)
    assert shares == pytest.approx([0.5, 0.5])
    rng = np.random.default_rng(1)
    values = [standardized(per_bin(one, 2, 3, SITE_MONTHS, rng), shares)[0] for one in samples]
    assert values[0][0] == pytest.approx(0.03)
    assert values[1][0] == pytest.approx(0.03)
    # sd of +/-0.001 with n - 1: 30 rows 0.001 sqrt(30 / 29), 10 rows 0.001 sqrt(10 / 9)
    spread = 0.5 * np.log(0.5e-6 * (30 / 29 + 10 / 9))
    assert values[0][1] == pytest.approx(spread)
    assert values[0][2] == pytest.approx(0.001)
    row = one(compare_campaigns(a, b, edges=edges), "common sites", "bias")
    assert (row.value_a, row.value_b) == (pytest.approx(0.03), pytest.approx(0.03))


def test_each_common_site_counts_the_same_in_both_campaigns():
    """A good site seen often by B and a bad one seen often by A are no difference of campaigns."""
    sites = [np.repeat(["bad", "good"], counts) for counts in ([60, 20], [20, 60])]
    d = [np.where(names == "bad", 0.08, 0.0) + 0.001 * (np.arange(80) % 2) for names in sites]
    a, b = (campaign(d[i], np.full(80, 0.12), sites[i]) for i in (0, 1))
    assert np.mean(d[0]) - np.mean(d[1]) == pytest.approx(0.04)
    rows = compare_campaigns(a, b)
    assert one(rows, "common sites", "bias").difference.value == pytest.approx(0.0, abs=1e-9)
    assert one(rows, "all sites", "bias").difference.value == pytest.approx(0.04)
    edges = np.array([0.0, 1.0])
    weighted, _ = balanced(build_sample(a, "A", edges), build_sample(b, "B", edges))
    assert np.sum(weighted.weight[weighted.site == "bad"]) == pytest.approx(40)


def test_site_names_meet_in_any_spelling():
    rng = np.random.default_rng(3)
    a = campaign(rng.normal(0, 0.01, 60), np.full(60, 0.12), np.full(60, "La_Crau"))
    b = campaign(rng.normal(0, 0.01, 60), np.full(60, 0.12), np.full(60, "la crau"))
    assert compare_campaigns(a, b).differences[0].scope == "common sites"


def test_holm_against_a_worked_example():
    """Holm's steps 4 p, 3 p, 2 p, 1 p, never decreasing, at most 1; untested ones do not count."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == pytest.approx([1.0, 1.0])
    nan = float("nan")
    assert holm([0.02, nan, 0.01]) == pytest.approx([0.02, nan, 0.02], nan_ok=True)
    assert holm([]) == []


def test_welch_agrees_with_scipy():
    from scipy.stats import ttest_ind

    rng = np.random.default_rng(4)
    x, y = rng.normal(0.3, 1.0, 12), rng.normal(0.0, 2.0, 9)
    sides = [Estimate(float(v.mean()), float(v.var(ddof=1) / len(v)), len(v) - 1) for v in (x, y)]
    expected = ttest_ind(x, y, equal_var=False)
    found = welch(*sides)
    assert found.p_value == pytest.approx(expected.pvalue, abs=0.002)
    freedom = (sides[0].variance + sides[1].variance) ** 2 / sum(
        one.variance**2 / one.freedom for one in sides
    )
    from scipy.stats import t

    reach = t.ppf(0.975, freedom) * np.sqrt(sides[0].variance + sides[1].variance)
    assert found.difference.high - found.difference.value == pytest.approx(reach, rel=0.003)


def test_detectable_difference_of_several_tests_is_that_of_a_stricter_level():
    from scipy.stats import norm, t

    side = Estimate(0.0, 0.5, 20.0)
    for tests in (1, 5):
        expected = t.ppf(1 - 0.025 / tests, 40.0) + norm.ppf(0.8)
        assert welch(side, side, tests=tests).detectable == pytest.approx(expected, rel=0.002)


def test_spread_between_common_sites_hardly_widens_the_interval_of_the_bias():
    """Both campaigns saw the same sites: what sites add hardly makes the bias less certain."""
    widths = []
    for spread in (0.0, 0.05):
        a, b = (
            simulate_campaign(CampaignScenario("X", SITES, count=30, site_sd=spread), seed)
            for seed in (1, 2)
        )
        interval = one(compare_campaigns(a, b), "common sites", "bias").difference
        widths.append(interval.high - interval.low)
    assert widths[1] < 1.5 * widths[0]


@pytest.mark.parametrize("freedom", [3.0, 5.5, 12.0, 60.0])
def test_students_t_without_scipy(freedom):
    from scipy.stats import t

    for value in (0.2, 1.0, 2.5, 4.0):
        assert two_sided(value, freedom) == pytest.approx(2 * t.sf(value, freedom), abs=0.002)
    assert t_quantile(0.975, freedom) == pytest.approx(t.ppf(0.975, freedom), rel=0.015)
    assert t_quantile(0.025, freedom) == pytest.approx(-t_quantile(0.975, freedom))


# -- order, notes and errors -----------------------------------------------------------------------


def test_common_sites_come_first_and_bins_are_corrected():
    found = compare_campaigns(*pair(1), "SPOT4", "SPOT5")
    scopes = list(dict.fromkeys(d.scope for d in found.differences))
    assert scopes[:2] == ["common sites", "all sites"]
    bins = [d for d in found.differences if d.scope.startswith("AOT")]
    assert bins
    assert all(d.adjusted for d in bins)
    assert not any(d.adjusted for d in found.differences if not d.scope.startswith("AOT"))
    sparse = [d for d in bins if min(d.count_a, d.count_b) < 10]
    assert sparse
    assert all(np.isnan(d.p_value) and np.isnan(d.difference.low) for d in sparse)
    assert any(note.startswith("10 sites have") for note in found.notes)


def test_without_common_sites_all_sites_lead_and_a_note_says_so():
    a, b = pair(1)
    other = replace(b, site=np.array([f"Other {name}" for name in b.site], dtype=object))
    found = compare_campaigns(a, other)
    assert found.differences[0].scope == "all sites"
    assert any("no site in common" in note for note in found.notes)


def test_different_windows_are_noted():
    a, b = pair(1)
    a = replace(a, extra={**a.extra, "window_m": np.full(len(a), 5000.0)})
    b = replace(b, extra={**b.extra, "window_m": np.full(len(b), 10000.0)})
    assert any("5000 m" in note for note in compare_campaigns(a, b).notes)


def test_rejected_rows_have_no_part():
    a, b = pair(1)
    half = replace(a, accepted=np.arange(len(a)) % 2 == 0)
    assert compare_campaigns(half, b).differences[0].count_a == len(a) // 2


def test_same_seed_same_comparison():
    a, b = pair(1)
    first, second, other = (compare_campaigns(a, b, seed=seed) for seed in (1, 1, 2))
    assert first.differences[0] == second.differences[0]
    assert first.differences[0] != other.differences[0]


def test_what_cannot_be_compared_is_said():
    a, b = pair(1)
    nothing = replace(a, accepted=np.zeros(len(a), dtype=bool))
    with pytest.raises(InsufficientDataError, match="SPOT4 has no accepted match-up"):
        compare_campaigns(nothing, b, "SPOT4", "SPOT5")
    far = campaign(np.zeros(60), np.full(60, 1.5))
    with pytest.raises(InsufficientDataError, match="No AOT bin"):
        compare_campaigns(far, campaign(np.zeros(60), np.full(60, 0.1)))
    vapor = replace(b, settings=replace(b.settings, quantity="water_vapor"))
    with pytest.raises(InputError, match="one quantity"):
        compare_campaigns(a, vapor)


def windowed(seed: int, bias: float) -> MatchUps:
    """Two windows of each overpass: the larger one has ``bias`` more."""
    small = simulate_campaign(CampaignScenario("X", SITES, count=30), seed)
    table = matchups_to_table(small)
    columns = {key: np.concatenate([values, values]) for key, values in table.columns.items()}
    columns["window_m"] = np.repeat([1000.0, 5000.0], len(small))
    columns["satellite"] = columns["satellite"] + np.repeat([0.0, bias], len(small))
    return matchups_from_table(Table({k: v for k, v in columns.items() if k != "headline"}))


def remade(matchups: MatchUps, window_m: float) -> MatchUps:
    """The match-ups as a comparison at ``window_m`` writes and reads them."""
    chosen = replace(matchups, settings=replace(matchups.settings, window_m=window_m))
    return matchups_from_table(matchups_to_table(chosen))


def test_window_is_that_of_the_comparisons_unless_chosen():
    a, b = windowed(1, 0.2), windowed(2, 0.0)
    small, large = ([remade(one, size) for one in (a, b)] for size in (1000.0, 5000.0))
    found = {
        "small": compare_campaigns(*small, n_bootstrap=50),
        "large": compare_campaigns(*large, n_bootstrap=50),
        "chosen": compare_campaigns(*small, n_bootstrap=50, window_m=6000.0),
    }
    bias = {key: one(f, "common sites", "bias").difference.value for key, f in found.items()}
    assert bias["large"] - bias["small"] == pytest.approx(0.2, abs=1e-9)
    assert bias["chosen"] == bias["large"]
    assert any("window of 1000 m" in note for note in found["small"].notes)
    assert any("window of 5000 m" in note for note in found["chosen"].notes)
    mixed = compare_campaigns(small[0], large[1], n_bootstrap=50)
    assert any("1000 m for campaign A, 5000 m for campaign B" in note for note in mixed.notes)


def test_the_order_of_the_rows_changes_nothing():
    a, b = pair(3, bias=0.03)
    shuffled = a.select(np.random.default_rng(2).permutation(len(a)))
    found, again = (compare_campaigns(part, b, n_bootstrap=60) for part in (a, shuffled))
    for first, second in zip(found.differences, again.differences, strict=True):
        one, other = first.difference, second.difference
        assert (other.value, other.low, other.high) == pytest.approx(
            (one.value, one.low, one.high), abs=1e-12, nan_ok=True
        )
