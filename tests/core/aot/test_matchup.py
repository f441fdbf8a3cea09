# SPDX-License-Identifier: GPL-3.0-or-later
"""Matching is held to a plain loop, and each filter to rows made to fail it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.aot.comparison import compare
from calval_toolbox.core.aot.filters import (
    REASONS,
    headline_rows,
    headline_window,
    waterfall,
)
from calval_toolbox.core.aot.keys import Factor, fold_site, level_name, season
from calval_toolbox.core.aot.matchup import match, refilter, unmatched_sites
from calval_toolbox.core.aot.matchup_tables import matchups_from_table, matchups_to_table
from calval_toolbox.core.aot.statistics import summarize
from calval_toolbox.core.aot.status import DEFAULT_AOT, TIME_UNKNOWN, joined
from calval_toolbox.core.aot.types import MatchSettings, MatchUps, Observations

MINUTE = np.timedelta64(1, "m")


def observations(site: Any, time: list[str] | np.ndarray, value: Any, **extra: Any) -> Observations:
    time = np.array(time, dtype="datetime64[ms]")
    names = np.full(len(time), site, dtype=object) if isinstance(site, str) else site
    columns = {
        key: np.array(column, dtype=object if isinstance(column[0], str) else float)
        for key, column in extra.items()
    }
    return Observations(np.array(names, dtype=object), time, np.array(value, dtype=float), columns)


def photometer(minutes: list[float], values: list[float], **extra: Any) -> Observations:
    """Photometer observations at ``A``, in minutes after 2020-05-01T00:00Z."""
    start = np.datetime64("2020-05-01T00:00", "ms")
    times = start + (np.array(minutes) * 60_000).astype("timedelta64[ms]")
    return observations("A", times, values, **extra)


class Listener:
    """A progress that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def report(self, fraction: float, text: str = "") -> None:
        pass

    def info(self, text: str) -> None:
        self.told.append(text)

    warn = info

    def canceled(self) -> bool:
        return False


def brute_force(
    satellite: Observations, reference: Observations, half_min: float
) -> list[tuple[int, float, float]]:
    half, found = np.timedelta64(int(half_min * 60_000), "ms"), []
    for site, time in zip(satellite.site, satellite.time, strict=True):
        rows = (reference.site == site) & (np.abs(reference.time - time) <= half)
        rows &= np.isfinite(reference.value)
        values = reference.value[rows]
        offset = (reference.time[rows] - time) / MINUTE
        count = len(values)
        found.append(
            (count, values.mean() if count else np.nan, offset.mean() if count else np.nan)
        )
    return found


@pytest.mark.parametrize("shuffled", [False, True])
def test_means_equal_a_plain_loop_over_shuffled_sites_and_days(shuffled: bool) -> None:
    rng = np.random.default_rng(3)
    start = np.datetime64("2019-12-30T00:00", "ms")
    names = np.array(["Alta_Floresta", "Beijing", "Carpentras"], dtype=object)

    def made(count: int) -> Observations:
        site = names[np.sort(rng.integers(0, 3, count))]
        time = start + np.sort(rng.integers(0, 5 * 86_400_000, count)).astype("timedelta64[ms]")
        order = rng.permutation(count) if shuffled else np.arange(count)
        value = rng.gamma(2, 0.1, count)
        value[rng.random(count) < 0.1] = np.nan
        return Observations(site[order], time[order], value)

    satellite, reference = made(150), made(2000)
    result = match(satellite, reference, MatchSettings(time_window_min=30))
    expected = brute_force(satellite, reference, 30)
    np.testing.assert_array_equal(result.reference_count, [row[0] for row in expected])
    np.testing.assert_allclose(result.reference, [row[1] for row in expected], rtol=1e-12)
    np.testing.assert_allclose(result.time_offset_min, [row[2] for row in expected], atol=1e-6)
    assert result.accepted.sum() > 50


def test_window_is_inclusive_and_crosses_midnight() -> None:
    reference = photometer([-30, 30, 30.001], [0.1, 0.3, 9.0])  # 23:30 of April, and 00:30
    satellite = observations("A", ["2020-05-01T00:00"], [0.2])
    result = match(satellite, reference, MatchSettings(time_window_min=30))
    assert result.reference_count.tolist() == [2]
    assert result.reference[0] == pytest.approx(0.2)
    assert result.accepted.tolist() == [True]
    later = observations("A", ["2020-05-01T00:00:00.001"], [0.2])
    assert match(later, reference).reference_count.tolist() == [1]


def test_stability_uses_its_own_window_and_the_larger_bound() -> None:
    reference = photometer([-50, -10, 10, 50], [0.10, 0.20, 0.20, 0.10])
    satellite = observations("A", ["2020-05-01T00:00"], [0.2])
    result = match(satellite, reference)
    assert result.reference_std[0] == pytest.approx(np.std([0.1, 0.2, 0.2, 0.1], ddof=1))
    assert not result.stable[0]
    narrow = match(satellite, reference, MatchSettings(stability_window_min=20))
    assert narrow.reference_std[0] == pytest.approx(0, abs=1e-8)
    assert narrow.stable[0]
    # 10 % of AOT 2 is more than 0.02: the relative bound decides in haze.
    haze = photometer([-10, 10], [1.9, 2.1])
    assert match(satellite, haze).stable[0]
    # One observation says nothing about stability.
    single = match(satellite, photometer([0], [0.1]), MatchSettings(min_observations=1))
    assert single.accepted[0]
    assert not single.stable[0]


def test_each_row_keeps_the_first_reason() -> None:
    reference = photometer(
        [-10, 10, 600, 1200, 1210, 1800, 1810, 2400, 2500],
        [0.1, 0.1, 0.1, 0.1, 0.3, 0.1, 0.1, 0.1, 0.1],
        elevation_m=[100.0] * 9,
    )
    start = np.datetime64("2020-05-01T00:00", "ms")
    minutes = np.array([0, 0, 0, 300, 600, 0, 0, 0, 1205, 1805])
    satellite = observations(
        ["A", "Nowhere", "A", "A", "A", "A", "A", "A", "A", "A"],
        start + (minutes * 60_000).astype("timedelta64[ms]"),
        [np.nan, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1],
        saturated_count=[0, 0, 1, 1, 1, 0, 0, 0, 0, 0],
        gapfilled_fraction=[0, 0, 0.9, 0, 0, 0.9, 0, 0, 0, 0],
        cloud_fraction=[0, 0, 0.9, 0, 0, 0.9, 0.9, 0, 0, 0],
        pixel_elevation_m=[0, 0, 0, 0, 0, 0, 0, 0, 900.0, 900.0],
    )
    settings = MatchSettings(
        max_gapfilled=0.2, max_cloud=0.5, only_stable=True, max_altitude_difference_m=300
    )
    result = match(satellite, reference, settings)
    assert result.reason.tolist() == [
        "no_retrieval",
        "no_site",
        "saturated",
        "no_reference_in_window",
        "too_few_observations",
        "gap_filled",
        "cloudy",
        "",
        "unstable",
        "altitude",
    ]
    np.testing.assert_array_equal(result.accepted, result.reason == "")
    assert set(result.reason) - {""} <= set(REASONS)
    # Without the filters only what cannot be matched is left out.
    plain = match(satellite, reference, MatchSettings(drop_saturated=False))
    assert plain.accepted.sum() == 6


def test_filter_without_its_column_rejects_nothing() -> None:
    reference = photometer([-10, 10], [0.1, 0.1])
    satellite = observations("A", ["2020-05-01T00:00"], [0.1])
    settings = MatchSettings(max_gapfilled=0.0, max_cloud=0.0, max_altitude_difference_m=0.0)
    assert match(satellite, reference, settings).accepted.all()


def test_better_level_is_preferred_and_levels_are_never_mixed() -> None:
    reference = photometer(
        [-10, 10, -12, 12, 14, 600, 605, 610],
        [0.2, 0.2, 0.5, 0.5, 0.5, 0.4, 0.4, 0.9],
        level=["2.0", "2.0", "1.5", "1.5", "1.5", "1.5", "1.5", "2.0"],
    )
    satellite = observations("A", ["2020-05-01T00:00", "2020-05-01T10:00"], [0.2, 0.4])
    both = match(satellite, reference)
    np.testing.assert_allclose(both.reference, [0.2, 0.4])
    assert both.extra["level"].tolist() == ["2.0", "1.5"]  # a single 2.0 is not enough at 10:00
    strict = match(satellite, reference, MatchSettings(level="2.0"))
    assert strict.reason.tolist() == ["", "too_few_observations"]
    low = match(satellite, reference, MatchSettings(level="1.5"))
    np.testing.assert_allclose(low.reference, [0.5, 0.4])
    assert low.accepted.all()
    # The same choice afterwards gives the same rows.
    assert refilter(both, MatchSettings(level="2.0")).reason.tolist() == ["", "level"]


def test_single_observation_of_the_wanted_level_is_too_few_not_another_level() -> None:
    """The row tells its own count and mean; another level is the reason only without any."""
    reference = photometer(
        [0, -20, -10, 5, 10, 20, 600, 605],
        [0.9, 0.5, 0.5, 0.5, 0.5, 0.5, 0.3, 0.3],
        level=["2.0", "1.5", "1.5", "1.5", "1.5", "1.5", "1.5", "1.5"],
    )
    satellite = observations("A", ["2020-05-01T00:00", "2020-05-01T10:00"], [0.2, 0.4])
    result = match(satellite, reference, MatchSettings(level="2.0"))
    assert result.reason.tolist() == ["too_few_observations", "level"]
    assert result.reference_count.tolist() == [1, 2]
    np.testing.assert_allclose(result.reference, [0.9, 0.3])
    assert result.extra["level"].tolist() == ["2.0", "1.5"]


@pytest.mark.parametrize(
    ("text", "level"), [("2", "2.0"), ("Level 2.0", "2.0"), ("lev15", "1.5"), ("", ""), ("x", "x")]
)
def test_level_spellings(text: str, level: str) -> None:
    assert level_name(text) == level


def test_site_names_are_folded_and_unmatched_ones_reported() -> None:
    reference = observations(
        ["Sao_Paulo", "SaoPaulo", "Itajuba"],
        ["2020-05-01T00:00", "2020-05-01T00:05", "2020-05-01T00:00"],
        [0.1, 0.1, 0.1],
    )
    satellite = observations(
        ["SAO-PAULO", "sao paulo", "Toulouse"], ["2020-05-01T00:00"] * 3, [0.1, 0.1, 0.1]
    )
    listener = Listener()
    result = match(satellite, reference, progress=listener)
    assert result.accepted.tolist() == [True, True, False]
    assert result.reason[2] == "no_site"
    # One spelling per site, the photometer's; what the satellite called it is kept.
    assert result.site.tolist() == ["Sao_Paulo", "Sao_Paulo", "Toulouse"]
    assert result.extra["satellite_site"].tolist() == ["SAO-PAULO", "sao paulo", "Toulouse"]
    assert "satellite_site" not in match(replace(satellite, site=result.site), reference).extra
    assert unmatched_sites(satellite, reference) == (["Toulouse"], ["Itajuba"])
    assert any("Toulouse" in text for text in listener.told)
    assert any("Itajuba" in text for text in listener.told)
    assert fold_site(" SP-EACH ") == fold_site("sp_each")


def test_duplicates_of_an_overpass_leave_the_row_with_most_valid_pixels() -> None:
    reference = photometer([-10, 10], [0.1, 0.1])
    count = 6
    satellite = observations(
        "A",
        ["2020-05-01T00:00"] * count,
        [0.1] * count,
        datatake=["D1", "D1", "D1", "D2", "", ""],
        valid_fraction=[0.5, 0.9, 0.9, 0.1, 0.5, 0.5],
        cloud_fraction=[0.0, 0.2, 0.1, 0.9, 0.0, 0.0],
        window_m=[1000.0] * count,
        sensor=["S2"] * count,
    )
    result = match(satellite, reference)
    assert result.reason.tolist() == ["duplicate", "duplicate", "", "", "", ""]
    # A row that is rejected for another reason does not push out the usable one.
    cloudless = match(satellite, reference, MatchSettings(max_cloud=0.05))
    assert cloudless.reason.tolist() == ["", "cloudy", "cloudy", "cloudy", "", ""]
    kept = match(satellite, reference, MatchSettings(deduplicate=False))
    assert kept.accepted.all()
    # Windows of other sizes and other sensors are no duplicates.
    windows = replace(
        satellite, extra={**satellite.extra, "window_m": np.arange(count, dtype=float)}
    )
    assert match(windows, reference).accepted.all()


def test_altitude_correction_moves_the_reference_to_the_pixel() -> None:
    reference = photometer([-10, 10], [0.2, 0.2], elevation_m=[500.0, 500.0])
    satellite = observations(
        "A", ["2020-05-01T00:00"] * 2, [0.2, 0.2], pixel_elevation_m=[1500.0, np.nan]
    )
    plain = match(satellite, reference)
    np.testing.assert_allclose(plain.reference, [0.2, 0.2])
    assert plain.extra["altitude_difference_m"][0] == 1000.0
    moved = match(satellite, reference, MatchSettings(altitude_scale_m=2000.0))
    np.testing.assert_allclose(moved.reference, [0.2 * np.exp(-0.5), 0.2])


def test_columns_of_the_nearest_photometer_observation() -> None:
    reference = photometer(
        [-29, -20, 5, 25],
        [np.nan, 0.1, 0.1, 0.1],  # a row without a value is not looked at
        instrument=["7", "90", "64", "195"],
        angstrom_440_870=[9.0, 1.0, np.nan, 2.0],
        longitude=[2.0] * 4,
        latitude=[43.0] * 4,
    )
    satellite = observations(
        ["A", "B"], ["2020-05-01T00:00"] * 2, [0.1, 0.1], longitude=[9.0, 9.0], latitude=[1.0, 1.0]
    )
    result = match(satellite, reference)
    assert result.extra["instrument"].tolist() == ["64", ""]
    assert result.extra["angstrom_440_870"][0] == pytest.approx(1.5)
    assert np.isnan(result.extra["angstrom_440_870"][1])
    assert result.extra["longitude"].tolist() == [2.0, 9.0]  # its own where no photometer is known
    assert result.extra["season"].tolist() == ["MAM", "MAM"]


def test_empty_inputs_give_empty_or_rejected_rows() -> None:
    nothing = observations("A", [], [])
    satellite = observations("A", ["2020-05-01T00:00"], [0.1])
    assert len(match(nothing, satellite)) == 0
    assert match(satellite, nothing).reason.tolist() == ["no_site"]
    absent = observations("A", ["NaT"], [0.1])
    assert match(absent, satellite).reason.tolist() == ["no_retrieval"]


def _with_windows() -> MatchUps:
    reference = photometer([-10, 10], [0.1, 0.1])
    sizes = [1000.0, 5000.0, 20000.0]
    satellite = observations(
        "A",
        ["2020-05-01T00:00"] * 3,
        [0.1, 0.2, 0.3],
        window_m=sizes,
        cloud_fraction=[0.0, 0.3, 0.6],
    )
    return match(satellite, reference)


def test_headline_is_the_middle_window_unless_chosen() -> None:
    matchups = _with_windows()
    assert headline_window(matchups) == 5000.0
    assert headline_rows(matchups).tolist() == [False, True, False]
    chosen = refilter(matchups, MatchSettings(window_m=20000.0))
    assert headline_rows(chosen).tolist() == [False, False, True]


def test_refilter_equals_a_new_match() -> None:
    matchups = _with_windows()
    again = refilter(matchups, MatchSettings(max_cloud=0.1))
    assert again.reason.tolist() == ["", "cloudy", "cloudy"]
    assert refilter(again, MatchSettings()).accepted.all()
    narrow = refilter(matchups, MatchSettings(time_window_min=20.0))
    assert narrow.accepted.all()  # the mean photometer time is the overpass itself
    late = match(observations("A", ["2020-05-01T00:00"], [0.1]), photometer([15, 25], [0.1, 0.1]))
    assert refilter(late, MatchSettings(time_window_min=10.0)).reason.tolist() == [
        "no_reference_in_window"
    ]


def test_waterfall_tells_what_each_filter_changed() -> None:
    reference = photometer([-10, 10], [0.1, 0.1])
    satellite = observations(
        "A",
        ["2020-05-01T00:00"] * 4,
        [0.1, 0.2, 0.5, np.nan],
        cloud_fraction=[0.0, 0.0, 0.9, 0.0],
    )
    steps = waterfall(match(satellite, reference, MatchSettings(max_cloud=0.5)))
    table = {step.name: step for step in steps}
    assert steps[0].name == "all"
    assert steps[0].count == 4
    assert table["no_retrieval"].removed == 1
    assert table["too_few_observations"].bias == pytest.approx((0.0 + 0.1 + 0.4) / 3)
    assert table["cloudy"].removed == 1
    assert steps[-1].count == 2
    assert steps[-1].rmse == pytest.approx(np.sqrt(0.01 / 2))
    assert sum(step.removed for step in steps) + steps[-1].count == 4
    assert "gap_filled" not in table  # off, and nothing removed


def test_seasons_follow_the_calendar() -> None:
    times = np.array(
        ["2020-12-31", "2021-02-28", "2021-03-01", "2021-08-31", "2021-11-30", "NaT"],
        dtype="datetime64[ms]",
    )
    assert season(times).tolist() == ["DJF", "DJF", "MAM", "JJA", "SON", ""]


def test_factor_sees_equal_names_in_separate_runs() -> None:
    factor = Factor.of(np.array(["b", "b", "a", "b", None], dtype=object))
    assert factor.codes.tolist() == [0, 0, 1, 0, 2]
    assert factor.labels == ("b", "a", "")


def test_clipped_aot_does_not_reject_water_vapor():
    rows = observations(["a", "a"], ["2016-05-01T10:00", "2016-05-02T10:00"], [1.0, 2.0])
    rows = replace(rows, extra={"saturated_count": np.array([3, 0])})
    made = match(rows, rows, MatchSettings(quantity="water_vapor", min_observations=1))
    assert made.accepted.tolist() == [True, True]
    made = match(rows, rows, MatchSettings(min_observations=1))
    assert made.reason.tolist() == ["saturated", ""]


def test_refilter_asks_anew_what_is_stable():
    times = ["2016-05-01T09:50", "2016-05-01T10:10"]
    satellite = observations(["a"], ["2016-05-01T10:00"], [0.2])
    photometer = observations(["a", "a"], times, [0.15, 0.25])
    strict = MatchSettings(only_stable=True)
    made = match(satellite, photometer, strict)
    assert made.reason.tolist() == ["unstable"]
    eased = replace(strict, stable_sd=0.08)
    assert refilter(made, eased).accepted.tolist() == [True]
    assert refilter(made, eased).stable.tolist() == [True]


def test_spellings_of_one_site_make_one_group_and_its_tiles_are_duplicates() -> None:
    satellite = observations(
        ["Sao Paulo", "sao_paulo", "sao_paulo"],
        ["2020-05-01T00:00", "2020-05-01T00:00", "2020-05-02T00:00"],
        [0.1, 0.2, 0.1],
        datatake=["D1", "D1", "D2"],
        valid_fraction=[0.5, 0.9, 0.9],
    )
    times = ["2020-05-01T00:00", "2020-05-01T00:05", "2020-05-02T00:00", "2020-05-02T00:05"]
    reference = observations("Sao_Paulo", times, [0.1] * 4)
    result = match(satellite, reference)
    assert result.reason.tolist() == ["duplicate", "", ""]
    sites = [one.group for one in summarize(result, n_bootstrap=0) if one.grouping == "site"]
    assert sites == ["Sao_Paulo"]


@pytest.mark.parametrize(
    ("quantity", "good", "bad"),
    [
        ("aot", [-0.1, 0.3, 10.0], [-0.11, 10.1, -999.0, -9999.0, -32768.0]),
        ("water_vapor", [-0.5, 3.0, 20.0], [-0.6, 20.1, -999.0, 32767.0]),
    ],
)
def test_fill_values_of_the_satellite_are_rejected_and_counted(
    quantity: str, good: list[float], bad: list[float]
) -> None:
    values = [*good, *bad]
    satellite = observations("A", ["2020-05-01T00:00"] * len(values), values)
    listener = Listener()
    result = match(
        satellite, photometer([-10, 10], [0.1, 0.1]), MatchSettings(quantity=quantity), listener
    )
    assert result.reason.tolist() == [""] * len(good) + ["implausible"] * len(bad)
    np.testing.assert_array_equal(result.satellite, values)  # kept as they came
    assert any(text.startswith(f"{len(bad)} values of observations") for text in listener.told)
    steps = {step.name: step for step in waterfall(result)}
    assert steps["implausible"].removed == len(bad)


def test_fill_values_of_the_photometer_have_no_part_in_means_and_stability() -> None:
    reference = photometer([-50, -20, -10, 10, 20, 50], [-999.0, -999.0, 0.1, 0.12, 12.0, -9999.0])
    satellite = observations("A", ["2020-05-01T00:00"], [0.1])
    listener = Listener()
    result = match(satellite, reference, progress=listener)
    assert result.reference_count.tolist() == [2]
    assert result.reference[0] == pytest.approx(0.11)
    assert result.reference_std[0] == pytest.approx(np.std([0.1, 0.12], ddof=1))
    assert result.accepted.all()
    told = [text for text in listener.told if "left out of the means" in text]
    assert len(told) == 1
    assert told[0].startswith("4 values of observations")
    quiet = Listener()
    match(satellite, photometer([-10, 10], [0.1, 0.1]), progress=quiet)
    assert quiet.told == []
    lonely = match(satellite, photometer([0], [-999.0]))
    assert lonely.reason.tolist() == ["no_reference_in_window"]


def test_status_of_the_extraction_rejects_default_values_and_unknown_times() -> None:
    status = ["", DEFAULT_AOT, joined(DEFAULT_AOT, TIME_UNKNOWN), TIME_UNKNOWN, "other remark"]
    satellite = observations(
        "A", ["2020-05-01T00:00"] * 5, [0.1] * 5, status=status, saturated_count=[0, 1, 0, 0, 0]
    )
    reference = photometer([-10, 10], [0.1, 0.1])
    result = match(satellite, reference)
    expected = ["", "default_aot", "time_unknown", "time_unknown", ""]
    assert result.reason.tolist() == expected
    assert result.extra["status"].tolist() == status
    kept = MatchSettings(keep_default_aot=True, drop_saturated=False)
    assert match(satellite, reference, kept).reason.tolist() == [
        "", "", "time_unknown", "time_unknown", "",
    ]  # fmt: skip
    assert refilter(result, kept).accepted.tolist() == [True, True, False, False, True]
    vapor = match(satellite, reference, MatchSettings(quantity="water_vapor"))
    assert vapor.reason.tolist() == ["", "", "time_unknown", "time_unknown", ""]


def test_stable_needs_a_neighborhood_free_of_clouds() -> None:
    sizes = [1000.0, 5000.0, 20000.0]
    satellite = observations(
        ["A"] * 9 + ["B"] * 3,
        ["2020-05-01T00:00"] * 12,
        [0.1] * 12,
        window_m=sizes * 4,
        cloud_fraction=[0.9, 0.9, 0.1, 0.0, 0.0, 0.5, 0.9, 0.9, np.nan, 0.0, 0.0, 0.3],
        product=["P1"] * 3 + ["P2"] * 3 + ["P3"] * 3 + ["P1"] * 3,
    )
    calm = photometer([-10, 10], [0.1, 0.1])
    both = replace(
        calm,
        site=np.array(["A", "A", "b", "b"], dtype=object),
        time=np.tile(calm.time, 2),
        value=np.tile(calm.value, 2),
    )
    result = match(satellite, both)
    expected = [True] * 3 + [False] * 3 + [True] * 3 + [False] * 3  # P3: nothing is known
    assert result.stable.tolist() == expected
    np.testing.assert_array_equal(result.extra["neighborhood_cloud"][[0, 3, 9]], [0.1, 0.5, 0.3])
    eased = refilter(result, MatchSettings(stable_max_cloud=0.3))
    assert eased.stable.tolist() == [True] * 3 + [False] * 3 + [True] * 6
    assert refilter(result, MatchSettings(stable_max_cloud=1.0)).stable.all()
    only = refilter(result, MatchSettings(only_stable=True))
    assert (only.reason == "unstable").tolist() == [not one for one in expected]
    # The largest of several wide windows decides; windows below 10 km are no neighborhood.
    wide = replace(
        satellite, extra={**satellite.extra, "window_m": np.tile([5000.0, 30000.0, 12000.0], 4)}
    )
    assert match(wide, both).extra["neighborhood_cloud"][0] == 0.9
    small = replace(satellite, extra={**satellite.extra, "window_m": np.tile([1e3, 2e3, 9999], 4)})
    assert np.isnan(match(small, both).extra["neighborhood_cloud"]).all()
    assert match(small, both).stable.all()


def test_altitude_correction_leaves_stability_as_it_is() -> None:
    # sd 0.0212 at AOT 0.25 is stable by its 10 %; moved up by 2 km the mean is 0.092.
    reference = photometer([-10, 10], [0.235, 0.265], elevation_m=[0.0, 0.0])
    satellite = observations("A", ["2020-05-01T00:00"], [0.1], pixel_elevation_m=[2000.0])
    settings = MatchSettings(altitude_scale_m=2000.0)
    moved = match(satellite, reference, settings)
    assert moved.reference[0] == pytest.approx(0.25 * np.exp(-1))
    assert moved.stable.tolist() == [True]
    assert refilter(moved, settings).stable.tolist() == [True]
    loaded = matchups_from_table(matchups_to_table(moved))
    assert refilter(loaded, settings).stable.tolist() == [True]
    assert "reference_uncorrected" not in matchups_to_table(match(satellite, reference))


def test_altitude_filter_looks_both_ways() -> None:
    reference = photometer([-10, 10], [0.1, 0.1], elevation_m=[1000.0] * 2)
    satellite = observations(
        "A", ["2020-05-01T00:00"] * 3, [0.1] * 3, pixel_elevation_m=[600.0, 900.0, 1400.0]
    )
    result = match(satellite, reference, MatchSettings(max_altitude_difference_m=300))
    assert result.extra["altitude_difference_m"].tolist() == [-400.0, -100.0, 400.0]
    assert result.reason.tolist() == ["altitude", "", "altitude"]


def test_fill_values_enter_no_mean_of_the_waterfall():
    times = ["2016-05-01T10:00", "2016-05-02T10:00", "2016-05-03T10:00"]
    satellite = observations("A", times, [0.2, -999.0, 0.4])
    reference = observations("A", times, [0.1, 0.1, 0.1])
    made = match(satellite, reference, MatchSettings(min_observations=1))
    steps = {step.name: step for step in waterfall(made)}
    assert steps["all"].count == 3
    assert steps["all"].bias == pytest.approx(0.2)
    assert steps["implausible"].removed == 1


def test_rows_that_state_no_cloud_share_are_counted() -> None:
    reference = photometer([0, 5, 10], [0.1, 0.1, 0.1])
    satellite = observations(
        "A", ["2020-05-01T00:05"] * 4, [0.1, 0.1, 0.1, np.nan],
        cloud_fraction=[0.01, np.nan, 0.9, np.nan], product=["p", "q", "r", "s"],
    )  # fmt: skip
    listener = Listener()
    found = compare(
        satellite, reference, MatchSettings(max_cloud=0.05), n_bootstrap=0, progress=listener
    )
    assert list(found.matchups.accepted) == [True, True, False, False]
    told = [text for text in listener.told if text.startswith("max_cloud")]
    assert told == [
        "max_cloud has no effect on 1 of 3 rows with a value: they do not state 'cloud_fraction' "
        "(1 of them are accepted)."
    ]
    silent = Listener()
    compare(satellite, reference, MatchSettings(), n_bootstrap=0, progress=silent)
    assert not any("cloud_fraction" in text for text in silent.told)
