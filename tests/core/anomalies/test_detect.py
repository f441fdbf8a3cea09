# SPDX-License-Identifier: GPL-3.0-or-later
"""The detector on one series: planted anomalies, and input as bad as it comes."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import numpy as np
import pytest

from calval_toolbox.core.anomalies.detect import REASONS, DetectionSettings, detect
from calval_toolbox.core.anomalies.harmonics import years
from calval_toolbox.core.anomalies.inject import inject
from calval_toolbox.core.anomalies.mask_check import mask_agreement
from calval_toolbox.core.anomalies.simulate import SITES, simulate_series
from calval_toolbox.core.errors import Canceled, InputError
from calval_toolbox.core.series.types import TimeSeries

DESERT, MISSED = simulate_series(SITES["Morocco"], 21)


def rows(series: TimeSeries, order) -> TimeSeries:
    return series.select(np.asarray(order))


@pytest.mark.parametrize(
    ("kind", "amplitude"),
    [("cloud", 0.08), ("thin_cloud", 0.08), ("aot_under", 0.08), ("aot_over", 0.08),
     ("shadow", 0.35), ("gain", 0.2), ("offset", 0.1)],
)  # fmt: skip
def test_planted_anomalies_are_found_and_named(kind: str, amplitude: float) -> None:
    series, truth = inject(DESERT, kind, amplitude, count=6, seed=22)
    found = detect(series)
    assert found.flagged[truth.index].all()
    assert (found.type[truth.index] == kind).sum() >= 5
    others = np.setdiff1d(np.flatnonzero(found.tested), truth.index)
    assert found.flagged[others].sum() <= 2
    assert (found.type[~found.flagged] == "none").all()
    sizes = np.abs(found.amplitude[truth.index][found.type[truth.index] == kind])
    scale = 100.0 if kind in ("shadow", "gain") else 1.0
    assert np.median(sizes) == pytest.approx(amplitude * scale, rel=0.25)


def test_a_pixel_is_fitted_anew_in_less_than_ten_milliseconds() -> None:
    """While the slider of the panel moves; 200 clear dates of 6 bands, in CPU time."""
    took = []
    for threshold in (0.01, 0.003, 0.001, 0.0003, 0.0001):
        begin = process_time()
        detect(DESERT, DetectionSettings(threshold=threshold, methods=("robust",)))
        took.append(process_time() - begin)
    assert DESERT.clear.sum() > 190
    assert min(took) < 0.010


def test_a_wrong_date_is_named_where_there_is_a_season() -> None:
    crop, _ = simulate_series(SITES["Toulouse"], 23, gaps=0.2)
    quiet = replace(crop, values=crop.values * 1.0)
    right = 0
    total = 0
    for seed in range(6):
        series, truth = inject(quiet, "wrong_date", 150.0, count=4, seed=seed)
        found = detect(series)
        hit = found.flagged[truth.index]
        total += hit.sum()
        right += (found.type[truth.index][hit] == "wrong_date").sum()
    assert total >= 8
    assert right >= 0.6 * total


def test_what_is_expected_of_false_alarms_is_told() -> None:
    found = detect(DESERT, DetectionSettings(threshold=0.01))
    assert found.false_alarm_expected == pytest.approx(0.01 * found.tested.sum())
    assert found.harmonics == 3
    assert (found.status[~DESERT.clear] == "masked").all()
    assert np.isfinite(found.p_value[~DESERT.clear]).all()
    assert not found.kept[~DESERT.clear].any()
    assert not found.flagged[~DESERT.clear].any()


def test_mask_and_detector_agree_on_thick_clouds() -> None:
    agreement = mask_agreement(DESERT, detect(DESERT))
    assert agreement.masked == (~DESERT.clear).sum()
    assert agreement.pod > 0.95
    assert agreement.far < 0.02


def test_order_and_duplicates_change_nothing() -> None:
    plain = detect(DESERT)
    order = np.random.default_rng(24).permutation(len(DESERT))
    mixed = detect(rows(DESERT, order))
    np.testing.assert_allclose(mixed.p_value, plain.p_value[order], rtol=1e-6)
    for name, flags in plain.opinions.items():
        np.testing.assert_array_equal(mixed.opinions[name], flags[order])
    assert any("not in order" in note for note in mixed.notes)
    twice = detect(rows(DESERT, np.repeat(np.arange(len(DESERT)), 2)))
    assert (twice.status == "duplicate").sum() == len(DESERT)
    np.testing.assert_allclose(twice.p_value[::2], plain.p_value, rtol=1e-6)
    assert any("occur twice" in note for note in twice.notes)


def test_of_a_clear_and_a_masked_copy_the_clear_one_is_used_in_any_order() -> None:
    both = rows(DESERT, np.repeat(np.flatnonzero(DESERT.clear), 2))
    plain = detect(rows(DESERT, np.flatnonzero(DESERT.clear)))
    for first in (0, 1):
        state = np.array(both.mask_state, dtype=object)
        state[first::2] = "cloud"
        found = detect(replace(both, mask_state=state))
        assert (found.status[first::2] == "duplicate").all()
        assert (found.status[1 - first :: 2] == plain.status).all()
        np.testing.assert_allclose(found.p_value[1 - first :: 2], plain.p_value, rtol=1e-6)


def test_two_sensors_on_one_date_are_both_used() -> None:
    times = DESERT.times.copy()
    times[1::2] = times[::2]
    found = detect(replace(DESERT, times=times))
    assert (found.status == "duplicate").sum() == 0
    assert found.tested.sum() == DESERT.clear.sum()


@pytest.mark.parametrize("count", [0, 1, 2, 17])
def test_few_dates_give_a_result_without_tests(count: int) -> None:
    clear = np.flatnonzero(DESERT.clear)[:count]
    found = detect(rows(DESERT, clear))
    assert len(found.status) == count
    assert not found.tested.any()
    assert not found.flagged.any()
    assert found.false_alarm_expected == 0.0
    assert any("too few" in note for note in found.notes)


def test_a_series_without_clear_dates() -> None:
    found = detect(replace(DESERT, mask_state=np.full(len(DESERT), "cloud")))
    assert (found.status == "masked").all()
    assert np.isnan(found.p_value).all()
    assert any("too few" in note for note in found.notes)


def test_constant_series_has_no_anomalies_but_its_jump() -> None:
    values = np.full(DESERT.values.shape, 0.3)
    values[100] += 0.05
    state = np.full(len(DESERT), "clear")
    found = detect(replace(DESERT, values=values, mask_state=state))
    assert np.flatnonzero(found.flagged).tolist() == [100]
    np.testing.assert_allclose(found.noise, 0.002)
    assert np.isfinite(found.z).all()


def test_missing_bands_and_values() -> None:
    values = DESERT.values.copy()
    values[:, 2] = np.nan
    values[5, 0], values[6, 1] = np.inf, -np.inf
    values[7] = np.nan
    values[::3, 4] = np.nan
    found = detect(replace(DESERT, values=values))
    assert np.isnan(found.z[:, 2]).all()
    assert found.status[7] == "no_value"
    assert found.tested.sum() >= DESERT.clear.sum() - 1
    assert found.flagged.sum() <= 2
    assert any("no values in B04" in note for note in found.notes)
    assert any("2 infinite" in note for note in found.notes)


def test_a_date_alone_in_a_long_gap_is_not_tested() -> None:
    state = np.full(len(DESERT), "cloud", dtype=object)
    state[:36] = "clear"
    state[200] = "clear"
    values = DESERT.values.copy()
    values[200] += 0.3
    found = detect(replace(DESERT, mask_state=state, values=values))
    assert found.status[200] == "leverage"
    assert not found.flagged[200]
    assert "leverage" in REASONS[found.status[200]]


def test_missed_offset_of_the_baseline_is_many_offsets() -> None:
    values = DESERT.values.copy()
    late = np.arange(len(DESERT)) >= 270
    values[late] += 0.1
    found = detect(replace(DESERT, values=values))
    hit = found.flagged & late
    assert hit.sum() >= 0.9 * (found.tested & late).sum()
    assert (found.type[hit] == "offset").mean() > 0.9
    assert np.median(found.amplitude[hit]) == pytest.approx(0.1, abs=0.005)


def test_digital_numbers_and_missing_times_are_refused() -> None:
    with pytest.raises(InputError, match="no reflectance"):
        detect(replace(DESERT, values=DESERT.values * 10000))
    times = DESERT.times.copy()
    times[3] = np.datetime64("NaT")
    with pytest.raises(InputError, match="without a time"):
        detect(replace(DESERT, times=times))


@pytest.mark.parametrize(
    ("options", "words"),
    [({"harmonics": 4}, "HARMONICS"), ({"threshold": 0.0}, "THRESHOLD"),
     ({"methods": ("oracle",)}, "Unknown method"), ({"scale": "best"}, "scale")],
)  # fmt: skip
def test_bad_settings_are_refused(options: dict, words: str) -> None:
    with pytest.raises(InputError, match=words):
        DetectionSettings(**options)


def test_second_opinions_see_a_large_cloud_and_are_counted() -> None:
    series, truth = inject(DESERT, "cloud", 0.3, count=3, seed=25)
    found = detect(series)
    for flags in found.opinions.values():
        assert flags[truth.index].all()
        assert flags[DESERT.clear].mean() < 0.06
    assert (found.agreement[truth.index] == 3).all()
    assert detect(series, DetectionSettings(methods=("robust",))).opinions == {}


def test_lower_scale_keeps_z_where_the_mask_misses_half_of_the_clouds() -> None:
    series, _ = simulate_series(SITES["Toulouse"], 26, gaps=0.5)
    blind = replace(series, mask_state=np.full(len(series), "clear"))
    found = {
        scale: detect(blind, DetectionSettings(scale=scale)) for scale in ("symmetric", "lower")
    }
    cloudy = ~series.clear
    z = {scale: one.z[:, 0] for scale, one in found.items()}
    assert (z["lower"][cloudy] > 4).mean() > 0.9
    assert (z["lower"][~cloudy] > 4).mean() < 0.05
    assert (z["symmetric"][cloudy] > 4).mean() < 0.5
    assert found["lower"].noise[0] < 3 * SITES["Toulouse"].noise[0]


def test_lower_scale_refuses_series_that_are_too_short_for_it() -> None:
    short = rows(DESERT, np.flatnonzero(DESERT.clear)[:150])
    found = detect(short, DetectionSettings(scale="lower"))
    assert (found.status == "too_few").all()
    assert not found.flagged.any()
    assert found.false_alarm_expected == 0.0
    assert any("204 are needed with the lower scale" in note for note in found.notes)
    assert detect(short).tested.all()


def test_series_without_dates_or_bands() -> None:
    empty = rows(DESERT, np.arange(0))
    assert len(years(empty.times)) == 0
    for scale in ("symmetric", "lower"):
        assert detect(empty, DetectionSettings(scale=scale)).notes
    bare = replace(DESERT, bands=(), values=DESERT.values[:, :0], wavelengths_nm=np.empty(0))
    for series in (bare, rows(bare, np.arange(0))):
        with pytest.raises(InputError, match="has no bands"):
            detect(series)


def test_it_can_be_stopped() -> None:
    class Impatient:
        def report(self, fraction: float, text: str = "") -> None: ...
        def info(self, text: str) -> None: ...
        def warn(self, text: str) -> None: ...
        def canceled(self) -> bool:
            return True

    with pytest.raises(Canceled):
        detect(DESERT, progress=Impatient())


def test_what_has_no_mask_is_used_and_told_but_no_judge_of_the_detector() -> None:
    blind = replace(DESERT, mask_state=np.where(DESERT.clear, "unmasked", DESERT.mask_state))
    found, known = detect(blind), detect(DESERT)
    assert np.array_equal(found.p_value, known.p_value, equal_nan=True)
    assert np.array_equal(found.status, known.status)
    count = int(DESERT.clear.sum())
    assert f"{count} observations have no mask" in " ".join(found.notes)
    assert "no mask" not in " ".join(known.notes)
    agreement = mask_agreement(blind, found)
    assert (agreement.clear, agreement.masked) == (0, int((~DESERT.clear).sum()))
