# SPDX-License-Identifier: GPL-3.0-or-later
"""Statistics are held to scipy, to published tables, and to simulations with planted truth."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core import bootstrap
from calval_toolbox.core.aot.blocks import month_blocks
from calval_toolbox.core.aot.expected_errors import EXPECTED_ERRORS, fraction, wilson
from calval_toolbox.core.aot.groups import AOT_EDGES
from calval_toolbox.core.aot.intervals import interval, scale_interval
from calval_toolbox.core.aot.matchup_tables import (
    matchups_from_table,
    matchups_to_table,
    summaries_to_table,
)
from calval_toolbox.core.aot.regression import deming, theil_sen
from calval_toolbox.core.aot.statistics import (
    accuracy_bins,
    envelopes,
    summarize,
    summarize_rows,
)
from calval_toolbox.core.aot.types import MatchSettings, MatchUps, Summary
from calval_toolbox.core.errors import Canceled
from calval_toolbox.core.progress import Silent

stats = pytest.importorskip("scipy.stats")


def made(
    x: np.ndarray,
    y: np.ndarray,
    time: np.ndarray | None = None,
    settings: MatchSettings | None = None,
    **columns: Any,
) -> MatchUps:
    """Accepted match-ups with the values ``x`` and ``y``, three a day unless ``time`` is given."""
    count = len(x)
    if time is None:
        time = np.datetime64("2020-01-01", "ms") + np.arange(count) * np.timedelta64(8, "h")
    given = {"site": np.full(count, "A", object), "stable": np.ones(count, bool)} | columns
    base = {key: given.pop(key) for key in ("site", "stable")}
    return MatchUps(
        base["site"],
        time.astype("datetime64[ms]"),
        y,
        x,
        np.full(count, 3),
        np.full(count, 0.01),
        np.zeros(count),
        base["stable"],
        np.ones(count, bool),
        np.full(count, "", object),
        given,
        settings or MatchSettings(),
    )


def overall(summaries: list[Summary]) -> Summary:
    return next(one for one in summaries if one.grouping == "overall")


@pytest.fixture
def noisy() -> MatchUps:
    rng = np.random.default_rng(11)
    x = rng.gamma(2.0, 0.1, 400)
    return made(x, np.round(0.02 + 0.85 * x + rng.normal(0, 0.05, 400), 2))  # with ties


def test_figures_equal_scipy(noisy: MatchUps) -> None:
    one = overall(summarize(noisy, n_bootstrap=0))
    x, y = noisy.reference, noisy.satellite
    d = y - x
    assert one.count == 400
    assert one.accuracy.value == pytest.approx(d.mean(), abs=1e-13)
    assert one.precision.value == pytest.approx(d.std(ddof=1), rel=1e-10)
    assert one.uncertainty.value == pytest.approx(np.sqrt((d**2).mean()), rel=1e-10)
    assert one.uncertainty.value**2 == pytest.approx(
        one.accuracy.value**2 + one.precision.value**2 * 399 / 400
    )
    assert one.mae.value == pytest.approx(np.abs(d).mean())
    assert one.median.value == pytest.approx(np.median(d))
    assert one.nmad.value == pytest.approx(1.4826 * stats.median_abs_deviation(d))
    assert one.correlation.value == pytest.approx(stats.pearsonr(x, y)[0], rel=1e-10)
    assert one.rank_correlation.value == pytest.approx(stats.spearmanr(x, y)[0], rel=1e-10)
    line = stats.linregress(x, y)
    assert one.regressions["ols"].slope.value == pytest.approx(line.slope, rel=1e-9)
    assert one.regressions["ols"].intercept.value == pytest.approx(line.intercept, rel=1e-9)
    slope, intercept, _, _ = stats.theilslopes(y, x)
    assert one.regressions["theil_sen"].slope.value == pytest.approx(slope, rel=1e-9)
    assert one.regressions["theil_sen"].intercept.value == pytest.approx(intercept, rel=1e-9)


def test_deming_equals_orthogonal_distance_regression(noisy: MatchUps) -> None:
    odr = pytest.importorskip("scipy.odr")
    one = overall(summarize(noisy, n_bootstrap=0)).regressions["deming"]
    x, y = noisy.reference, noisy.satellite
    # The satellite's own error, as the residuals of the fitted line tell it.
    residual = y - one.intercept.value - one.slope.value * x
    own = np.sqrt(residual.var(ddof=1) - (one.slope.value * 0.015) ** 2)
    data = odr.RealData(x, y, sx=0.015, sy=own)
    model = odr.Model(lambda beta, value: beta[0] * value + beta[1])
    fitted = odr.ODR(data, model, beta0=[1.0, 0.0]).run()
    assert one.slope.value == pytest.approx(fitted.beta[0], abs=2e-6)
    assert one.intercept.value == pytest.approx(fitted.beta[1], abs=2e-6)


def test_deming_recovers_the_slope_that_ols_flattens() -> None:
    rng = np.random.default_rng(5)
    truth = np.abs(rng.normal(0.1, 0.03, 60_000))
    x = truth + rng.normal(0, 0.015, len(truth))
    y = 0.01 + 1.2 * truth + rng.normal(0, 0.02, len(truth))
    one = overall(summarize(made(x, y), n_bootstrap=0)).regressions
    assert one["deming"].slope.value == pytest.approx(1.2, abs=0.02)
    assert one["deming"].intercept.value == pytest.approx(0.01, abs=0.003)
    assert one["ols"].slope.value < 1.0
    # A perfect satellite: all scatter is the photometer's, lambda is 0.
    exact = overall(summarize(made(x, 1.2 * truth), n_bootstrap=0)).regressions["deming"]
    assert exact.slope.value == pytest.approx(1.2, abs=0.02)


def test_deming_handles_degenerate_sums() -> None:
    line = deming(
        np.array([2.0, 10.0, 10.0]),
        np.zeros((3, 2)),
        np.array([[1.0, 1.0, 1.0], [1e-6, 1e-2, -1e-4], [1.0, 1.0, 0.0]]),
        0.015,
    )
    assert np.isnan(line.slope[0])  # two points are no line
    assert np.isnan(line.slope[1])  # the photometer's own error explains all of x: no line
    assert np.isnan(line.slope[2]) or line.slope[2] == 0.0


def test_theil_sen_of_a_long_series_is_close_to_all_pairs() -> None:
    rng = np.random.default_rng(2)
    x = rng.gamma(2.0, 0.1, 2500)
    y = 0.8 * x + rng.normal(0, 0.05, 2500)
    assert theil_sen(x, y).slope == pytest.approx(stats.theilslopes(y, x)[0], abs=0.003)


def test_theil_sen_interval_is_like_that_of_refitted_replicates() -> None:
    rng = np.random.default_rng(4)
    x = rng.gamma(2.0, 0.1, 200)
    y = 0.8 * x + rng.normal(0, 0.05, 200)
    time = np.datetime64("2020-01-01", "ms") + np.arange(200) * np.timedelta64(9, "D")
    one = overall(summarize(made(x, y, time)))
    blocks = month_blocks(np.full(200, "A"), time)
    slopes = []
    for weights in bootstrap.block_weights(blocks.max() + 1, 150, rng):
        rows = np.repeat(np.arange(200), weights[blocks])
        slopes.append(stats.theilslopes(y[rows], x[rows])[0])
    found = one.regressions["theil_sen"].slope
    assert found.low < found.value < found.high
    width = np.subtract(*np.percentile(slopes, (97.5, 2.5)))
    assert found.high - found.low == pytest.approx(width, rel=0.3)


# Newcombe (1998), Statistics in Medicine 17, 857-872, Table I, method 3 (score, without correction)
@pytest.mark.parametrize(
    ("successes", "count", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_equals_the_published_table(
    successes: int, count: int, low: float, high: float
) -> None:
    found = wilson(successes, count)
    assert found.value == successes / count
    assert found.low == pytest.approx(low, abs=5.1e-5)
    assert found.high == pytest.approx(high, abs=5.1e-5)


def test_envelope_shares_add_up_and_bounds_count_as_inside() -> None:
    reference = np.array([0.0, 0.2, 1.0, 1.0, -0.01])
    difference = np.array([0.05, 0.09, -0.25, 0.1, 0.0])
    share = fraction(EXPECTED_ERRORS["dark_target"], reference, difference)
    assert share.within.value == pytest.approx(3 / 5)
    assert (share.above, share.below) == (pytest.approx(1 / 5), pytest.approx(1 / 5))
    gcos = fraction(EXPECTED_ERRORS["gcos"], np.array([0.1, 0.5, 1.0]), np.array([0.03, 0.04, 0.2]))
    assert gcos.within.value == pytest.approx(2 / 3)


def test_replicates_equal_repeated_rows() -> None:
    rng = np.random.default_rng(8)
    values = np.round(rng.normal(0, 1, 120), 1)  # ties
    other = np.round(values + rng.normal(0, 1, 120), 1)
    blocks = rng.integers(0, 9, 120)
    weights = bootstrap.block_weights(9, 40, rng)
    assert (weights.sum(axis=1) == 9).all()
    sums = bootstrap.replicate_sums(weights, blocks, np.column_stack((np.ones(120), values)))
    medians, deviations = bootstrap.replicate_medians(weights, blocks, values)
    ranks = bootstrap.replicate_rank_correlations(weights, blocks, values, other)
    for row, one in enumerate(weights):
        rows = np.repeat(np.arange(120), one[blocks])
        assert sums[row] == pytest.approx([len(rows), values[rows].sum()])
        assert medians[row] == pytest.approx(np.median(values[rows]))
        around = np.sort(np.abs(values[rows] - np.median(values[rows])))
        assert deviations[row] == pytest.approx(around[(len(rows) - 1) // 2], abs=1e-9)
        assert ranks[row] == pytest.approx(stats.spearmanr(values[rows], other[rows])[0])


def test_blocks_are_months_of_a_site() -> None:
    site = np.array(["A", "a", "B", "A", "A"], dtype=object)
    time = np.array(
        ["2020-01-01", "2020-01-31", "2020-01-05", "2020-02-01", "2021-01-01"], dtype="M8[ms]"
    )
    blocks = month_blocks(site, time)
    assert blocks[0] == blocks[1]
    assert len(set(blocks.tolist())) == 4


def test_no_interval_below_six_blocks() -> None:
    rng = np.random.default_rng(1)
    x = rng.gamma(2, 0.1, 180)
    days = np.datetime64("2020-01-01", "ms") + np.arange(180) * np.timedelta64(1, "D")
    few, enough = (overall(summarize(made(x[:n], x[:n] + 0.01, days[:n]))) for n in (150, 180))
    assert (few.blocks, enough.blocks) == (5, 6)
    share = few.fractions["ee"]
    for one in (few.accuracy, few.precision, few.regressions["deming"].slope, share.block):
        assert one is not None
        assert np.isfinite(one.value)
        assert np.isnan(one.low)
        assert np.isnan(one.high)
    assert share.within.low > 0.9  # Wilson's interval needs no blocks
    assert enough.accuracy.low < enough.accuracy.value < enough.accuracy.high
    assert enough.fractions["ee"].block is not None
    assert enough.fractions["ee"].block.low < 1.0


def test_share_has_wilsons_interval_and_that_of_the_blocks() -> None:
    rng = np.random.default_rng(9)
    count, months = 20, 36
    x = np.full(count * months, 0.1)
    owner = np.repeat(np.arange(months), count)
    shift = rng.normal(0, 0.05, months)[owner]
    time = (np.datetime64("2015-01") + owner).astype("datetime64[ms]")
    matchups = made(x, x + shift + rng.normal(0, 0.02, len(x)), time)
    without = overall(summarize(matchups, n_bootstrap=0)).fractions
    assert {share.block for share in without.values()} == {None}
    for key, share in overall(summarize(matchups, n_bootstrap=400)).fractions.items():
        assert share.within == without[key].within
        assert share.block is not None
        assert share.block.value == share.within.value
        # Rows of a month agree with each other: 720 are worth far less.
        wide = share.block.high - share.block.low
        assert 2.0 < wide / (share.within.high - share.within.low) < 4.5


def test_measures_of_spread_get_intervals_of_their_logarithms() -> None:
    rng = np.random.default_rng(12)
    x = rng.gamma(2.0, 0.1, 200)
    d = rng.normal(0.02, 0.05, 200)
    time = np.datetime64("2020-01-01", "ms") + np.arange(200) * np.timedelta64(30, "h")
    one = overall(summarize(made(x, x + d, time), seed=3))
    owner = month_blocks(np.full(200, "A"), time)
    fingerprint = zlib.crc32(np.round(x + d, 9).tobytes(), zlib.crc32(np.round(x, 9).tobytes()))
    own = np.random.default_rng([3, fingerprint])
    weights = bootstrap.block_weights(one.blocks, 1000, own)
    rows = [d[np.repeat(np.arange(200), weight[owner])] for weight in weights]
    nmad = [1.4826 * stats.median_abs_deviation(part) for part in rows]
    expected = {
        "precision": [part.std(ddof=1) for part in rows],
        "uncertainty": [np.sqrt(np.mean(part**2)) for part in rows],
        "mae": [np.mean(np.abs(part)) for part in rows],
        "nmad": nmad,
    }
    for key, replicates in expected.items():
        found = getattr(one, key)
        wanted = scale_interval(found.value, np.array(replicates), one.blocks)
        assert (found.low, found.high) == pytest.approx(
            (wanted.low, wanted.high), rel=0.02 if key == "nmad" else 1e-6
        )
        percentiles = interval(found.value, np.array(replicates), one.blocks)
        assert (found.low, found.high) != pytest.approx(
            (percentiles.low, percentiles.high), rel=0.004
        )


def test_seed_makes_intervals_reproducible(noisy: MatchUps) -> None:
    first, second = (overall(summarize(noisy, n_bootstrap=200, seed=5)) for _ in range(2))
    assert repr(first) == repr(second)  # NaN equals nothing, itself included
    third = overall(summarize(noisy, n_bootstrap=200, seed=6))
    assert third.accuracy.low != first.accuracy.low
    assert third.accuracy.value == first.accuracy.value


def test_groups_and_bins() -> None:
    rng = np.random.default_rng(3)
    x = np.concatenate(([-0.01, 0.05, 0.1, 2.0, 3.0], rng.uniform(0.1, 0.15, 55)))
    matchups = made(
        x,
        x + 0.01,
        site=np.where(np.arange(60) % 2, "B", "A").astype(object),
        stable=np.arange(60) % 3 == 0,
        season=np.full(60, "DJF", object),
        sensor=np.full(60, "S2", object),
    )
    found = {(one.grouping, one.group): one.count for one in summarize(matchups, n_bootstrap=0)}
    assert found["overall", "overall"] == 60
    assert found["site", "A"] == 30
    assert found["stability", "stable"] == 20
    assert found["stability", "unstable"] == 40
    assert found["season", "DJF"] == 60
    assert found["sensor", "S2"] == 60
    assert found["aot_bin", "0-0.05"] == 1  # negative AOT counts in the first bin
    assert found["aot_bin", "0.05-0.1"] == 1
    assert found["aot_bin", "0.1-0.15"] == 56
    assert found["aot_bin", ">= 2"] == 2
    assert sum(one.count for one in accuracy_bins(matchups, AOT_EDGES)) == 60
    assert [one.count for one in accuracy_bins(matchups, (0.0, 0.1))] == [2, 58]


def test_windows_are_compared_and_the_middle_one_is_used() -> None:
    x = np.full(30, 0.2) + np.arange(30) * 0.001
    sizes = np.tile([1000.0, 5000.0, 20000.0], 10)
    matchups = made(x, x + sizes / 1e5, window_m=sizes)
    found = {(one.grouping, one.group): one for one in summarize(matchups, n_bootstrap=0)}
    assert found["overall", "overall"].count == 10
    assert found["overall", "overall"].accuracy.value == pytest.approx(0.05)
    assert found["window", "1000 m"].accuracy.value == pytest.approx(0.01)
    assert found["window", "20000 m"].count == 10


def test_rejected_rows_do_not_count() -> None:
    x = np.linspace(0.1, 0.5, 20)
    matchups = made(x, x + 0.01)
    matchups.accepted[:5] = False
    matchups.satellite[:5] = 99.0
    assert overall(summarize(matchups, n_bootstrap=0)).accuracy.value == pytest.approx(0.01)
    alone = summarize_rows(matchups, x > 0.4, "own", "hazy")
    assert (alone.group, alone.count) == ("hazy", int((x > 0.4).sum()))


def test_no_accepted_row_gives_empty_figures() -> None:
    x = np.array([0.1])
    matchups = made(x, x)
    matchups.accepted[:] = False
    one = summarize(matchups)
    assert [item.grouping for item in one] == ["overall"]
    assert one[0].count == 0
    assert np.isnan(one[0].accuracy.value)
    assert np.isnan(one[0].fractions["ee"].within.value)
    assert len(summaries_to_table(one)) == 1


def test_water_vapor_has_its_own_envelope() -> None:
    assert set(envelopes("aot")) == {"ee", "gcos", "gaw_goal", "gaw_threshold"}
    assert set(envelopes("water_vapor")) == {"ee"}
    x = np.array([1.0, 2.0, 3.0, 4.0])
    y = x + np.array([0.3, 0.41, -0.5, -0.61])
    matchups = made(x, y, settings=MatchSettings(quantity="water_vapor"))
    one = overall(summarize(matchups, n_bootstrap=0))
    assert one.fractions["ee"].within.value == pytest.approx(0.5)
    assert np.isnan(summaries_to_table([one]).floats("gcos_percent")[0])


def test_tables_keep_every_row_and_figure(noisy: MatchUps) -> None:
    noisy.accepted[3] = False
    noisy.reason[3] = "cloudy"
    table = matchups_to_table(noisy)
    back = matchups_from_table(table)
    np.testing.assert_array_equal(back.time, noisy.time)
    np.testing.assert_allclose(back.satellite, noisy.satellite)
    assert back.reason[3] == "cloudy"
    assert not back.accepted[3]
    assert back.accepted.sum() == 399
    start = noisy.time[0]
    longer = replace(noisy, time=start + 3 * (noisy.time - start))
    summaries = summarize(longer, n_bootstrap=50)
    written = summaries_to_table(summaries)
    assert np.isfinite(summaries[0].accuracy.low)
    assert written.floats("bias")[0] == summaries[0].accuracy.value
    assert written.floats("bias_low")[0] == summaries[0].accuracy.low
    assert written.floats("ee_percent")[0] == 100 * summaries[0].fractions["ee"].within.value
    share = summaries[0].fractions["ee"].within
    assert written.floats("ee_low")[0] == 100 * share.low
    assert written.floats("ee_high")[0] == 100 * share.high
    assert "slope_theil_sen_high" in written
    assert "intercept_deming" in written


class Watched(Silent):
    """Remembers what was reported, and cancels after so many questions."""

    def __init__(self, patience: int = 10**9) -> None:
        self.asked, self.patience = 0, patience
        self.fractions: list[float] = []
        self.starts: list[float] = []

    def report(self, fraction: float, text: str = "") -> None:
        self.fractions.append(fraction)
        if text == "Statistics of the groups":
            self.starts.append(fraction)

    def canceled(self) -> bool:
        self.asked += 1
        return self.asked > self.patience


def test_a_long_bootstrap_asks_often_whether_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "CHUNK_CELLS", 4000)  # 10 replicates of 400 rows
    rng = np.random.default_rng(6)
    x = rng.gamma(2.0, 0.1, 400)
    time = np.datetime64("2020-01-01", "ms") + np.arange(400) * np.timedelta64(2, "D")
    matchups = made(x, x + rng.normal(0, 0.05, 400), time)
    every = np.ones(400, dtype=bool)
    watched = Watched()
    plain = summarize_rows(matchups, every, n_bootstrap=200)
    assert repr(summarize_rows(matchups, every, n_bootstrap=200, progress=watched)) == repr(plain)
    assert watched.asked >= 2 * 20  # medians and ranks, 20 portions each
    for patience in (0, 5, 30):
        impatient = Watched(patience)
        with pytest.raises(Canceled):
            summarize_rows(matchups, every, n_bootstrap=200, progress=impatient)
        assert impatient.asked == patience + 1


def test_progress_counts_rows_not_groups() -> None:
    rng = np.random.default_rng(6)
    x = rng.gamma(2.0, 0.1, 12_000)
    site = np.where(np.arange(12_000) < 120, "Small", "Large").astype(object)
    watched = Watched()
    summarize(made(x, x + 0.01, site=site), n_bootstrap=40, progress=watched)
    assert watched.fractions == sorted(watched.fractions)
    assert watched.fractions[-1] == 1.0
    # Overall, the sites, the stability classes and the AOT bins hold each row once.
    assert watched.starts[:4] == pytest.approx([0.0, 0.25, 0.49, 0.51], abs=0.02)
    assert max(np.diff(watched.fractions)) < 0.25


def test_deming_is_withheld_where_the_photometer_hardly_varies() -> None:
    """At a sd of 0.024 the photometer's 0.015 makes 39 % of the variance, at 0.03 a quarter."""
    rng = np.random.default_rng(11)
    shape = rng.normal(size=400)
    shape = (shape - shape.mean()) / shape.std(ddof=1)
    for sd, known in ((0.024, False), (0.03, True)):
        x = 0.1 + sd * shape
        line = overall(summarize(made(x, 0.9 * x + rng.normal(0, 0.02, 400)))).regressions["deming"]
        assert np.isfinite(line.slope.value) == known


def test_groups_of_the_same_rows_have_the_same_intervals() -> None:
    rng = np.random.default_rng(7)
    x = rng.uniform(0.05, 0.4, 400)
    days = np.datetime64("2015-01-01", "ms") + np.arange(400) * np.timedelta64(3, "D")
    found = summarize(made(x, x + rng.normal(0.01, 0.03, 400), days), n_bootstrap=200)
    whole = overall(found)
    twins = [one for one in found if one.count == whole.count and one is not whole]
    assert twins
    assert all(one.accuracy == whole.accuracy and one.median == whole.median for one in twins)
    other = next(one for one in found if one.count < whole.count)
    assert other.accuracy != whole.accuracy


def test_intervals_do_not_depend_on_the_order_of_the_rows() -> None:
    rng = np.random.default_rng(4)
    site = rng.choice(np.array(["B", "A", "C"], dtype=object), 300)
    x = rng.gamma(2.0, 0.1, 300)
    sorted_rows = made(x, x + rng.normal(0.01, 0.05, 300), site=site, window_m=np.full(300, 5e3))
    shuffled = sorted_rows.select(rng.permutation(300))
    # Means of the same photometer values in another order differ in their last digits.
    shuffled = replace(shuffled, reference=np.nextafter(shuffled.reference, 1.0))
    for one, other in zip(
        summarize(sorted_rows, n_bootstrap=100),
        summarize(shuffled, n_bootstrap=100),
        strict=True,
    ):
        assert (one.grouping, one.group, one.count) == (other.grouping, other.group, other.count)
        for key in ("accuracy", "precision", "median", "rank_correlation"):
            first, second = getattr(one, key), getattr(other, key)
            assert (second.low, second.high) == pytest.approx(
                (first.low, first.high), abs=1e-12, nan_ok=True
            )
        lines = (one.regressions["theil_sen"].slope, other.regressions["theil_sen"].slope)
        assert lines[1].low == pytest.approx(lines[0].low, abs=1e-9, nan_ok=True)


def test_random_pairs_of_many_rows_do_not_depend_on_their_order() -> None:
    rng = np.random.default_rng(5)
    x = rng.gamma(2.0, 0.1, 2000)
    rows = made(x, 0.9 * x + rng.normal(0.0, 0.1, 2000))
    slopes = [
        overall(summarize(part, n_bootstrap=0)).regressions["theil_sen"].slope.value
        for part in (rows, rows.select(rng.permutation(2000)))
    ]
    assert slopes[0] == slopes[1]
