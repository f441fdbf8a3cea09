# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read off a detection: the model between dates, shares of types, figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calval_toolbox.core.anomalies.demo import SHARED_DATE, demo_sites
from calval_toolbox.core.anomalies.detect import Detection, DetectionSettings, detect
from calval_toolbox.core.anomalies.views import expected_at, series_figures, type_shares
from calval_toolbox.core.series.types import CLEAR, TimeSeries


@pytest.fixture(scope="module")
def case() -> tuple[TimeSeries, Detection]:
    series = demo_sites()[0].series
    return series, detect(series)


@pytest.mark.parametrize("harmonics", [0, 2, None])
def test_model_between_dates_goes_through_the_expected_values(
    case: tuple[TimeSeries, Detection], harmonics: int | None
) -> None:
    series = case[0]
    found = detect(series, DetectionSettings(harmonics=harmonics))
    np.testing.assert_allclose(expected_at(found, series.times), found.expected, atol=1e-12)
    between = series.times[10:11] + (series.times[11:12] - series.times[10:11]) // 2
    ends = found.expected[[10, 11]]
    middle = expected_at(found, between)[0]
    assert (middle > ends.min(axis=0) - 1e-3).all()
    assert (middle < ends.max(axis=0) + 1e-3).all()


def test_shares_are_those_of_the_labels(case: tuple[TimeSeries, Detection]) -> None:
    series, found = case
    for date in np.flatnonzero(found.flagged):
        shares = type_shares(found, series.wavelengths_nm, int(date))
        assert sum(shares.values()) == pytest.approx(1.0)
        assert max(shares, key=lambda kind: shares[kind]) == found.type[date]
        assert max(shares.values()) == pytest.approx(found.confidence[date])
    assert found.flagged.any()


def test_date_without_values_has_no_shares(case: tuple[TimeSeries, Detection]) -> None:
    series = case[0]
    values = series.values.copy()
    values[5] = np.nan
    series = replace(series, values=values)
    assert type_shares(detect(series), series.wavelengths_nm, 5) == {}


def test_figures_are_counted_and_computed(case: tuple[TimeSeries, Detection]) -> None:
    series, found = case
    figures = series_figures(series, found)
    assert figures.masked == {"cloud": int((series.mask_state != CLEAR).sum())}
    assert figures.clear + figures.masked["cloud"] == figures.count == len(series)
    assert figures.anomalies == int(found.flagged.sum())
    np.testing.assert_allclose(
        figures.rmse, np.sqrt((found.residual[found.kept] ** 2).mean(axis=0)), rtol=1e-12
    )


def test_madogram_of_known_noise() -> None:
    """The median of |a - b| of independent normals is 0.954 sigma."""
    rng = np.random.default_rng(3)
    series = demo_sites()[0].series
    noise = rng.normal(0.3, 0.01, series.values.shape)
    plain = replace(series, values=noise, mask_state=np.full(len(series), CLEAR, dtype=object))
    figures = series_figures(plain, detect(plain))
    np.testing.assert_allclose(figures.madogram, 0.00954, rtol=0.15)
    np.testing.assert_allclose(figures.rmse, 0.01, rtol=0.1)


def test_demo_plants_what_it_says() -> None:
    sites = demo_sites()
    assert len(sites) == 4
    for one in sites:
        kinds = one.truth[one.truth != ""]
        assert {"cloud", "thin_cloud", "shadow", "gain", "wrong_date"} <= set(kinds)
        near = one.series.times[one.truth == "gain"].astype("datetime64[D]")
        assert (np.abs(near - SHARED_DATE) <= np.timedelta64(25, "D")).all()
        found = detect(one.series)
        assert found.flagged[one.truth != ""].mean() > 0.6
        clear = (one.truth == "") & one.series.clear
        assert found.flagged[clear].mean() < 0.02
