# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites on one date: the nearest tested observation, or why there is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calval_toolbox.core.anomalies.demo import SHARED_DATE, demo_sites
from calval_toolbox.core.anomalies.detect import Detection, detect
from calval_toolbox.core.anomalies.site_residuals import site_residuals
from calval_toolbox.core.io.tables import positions
from calval_toolbox.core.series.types import TimeSeries

TIME = SHARED_DATE.astype("datetime64[ms]")
Case = tuple[list[TimeSeries], list[Detection], list[np.ndarray]]


@pytest.fixture(scope="module")
def case() -> Case:
    series = [one.series for one in demo_sites()]
    found = [detect(one) for one in series]
    return series, found, [one.z[:, 3] for one in found]


def test_shared_gain_is_seen_at_all_sites(case: Case) -> None:
    series, found, z = case
    table = site_residuals(series, found, z, TIME, "B8A", window_days=10.0)
    assert table["site"].tolist() == [one.site for one in series]
    assert set(table["status"]) == {"tested"}
    assert table["flagged"].sum() >= 3
    for place, (one, own, values) in enumerate(zip(series, found, z, strict=True)):
        days = np.abs((one.times - TIME) / np.timedelta64(1, "D"))
        row = int(np.where(own.tested, days, np.inf).argmin())
        assert table["z"][place] == values[row]
        assert table["flagged"][place] == own.flagged[row] == (values[row] > 3.0)
        assert table["p_value"][place] == own.p_value[row]
        assert abs(table["days"][place]) == pytest.approx(days[row])
        assert table["product"][place] == one.product[row]
    longitude, latitude, _ = positions(table.geometry)
    assert longitude.tolist() == pytest.approx([one.longitude for one in series])
    assert latitude.tolist() == pytest.approx([one.latitude for one in series])


def test_tested_date_comes_before_a_nearer_masked_one(case: Case) -> None:
    series, found, z = case
    row = int(np.flatnonzero(found[0].status == "masked")[5])
    time = series[0].times[row]
    alone = site_residuals(series[:1], found[:1], z[:1], time, "B8A", window_days=0.5)
    assert alone["status"].tolist() == ["masked"]
    assert np.isnan(alone["z"][0])
    wide = site_residuals(series[:1], found[:1], z[:1], time, "B8A", window_days=40.0)
    assert wide["status"].tolist() == ["tested"]
    assert np.isfinite(wide["z"][0])
    assert wide["days"][0] != 0.0


def test_site_without_a_date_or_a_place(case: Case) -> None:
    series, found, z = case
    homeless = replace(series[1], longitude=float("nan"))
    early = np.datetime64("1999-01-01", "ms")
    table = site_residuals([series[0], homeless], found[:2], z[:2], early, "B8A")
    assert table["site"].tolist() == [series[0].site]
    assert table["status"].tolist() == ["no_date"]
    assert np.isnat(table["time"][0])
    assert not table["flagged"][0]
    assert len(site_residuals([], [], [], early, "B8A")) == 0
