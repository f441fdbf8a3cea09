# SPDX-License-Identifier: GPL-3.0-or-later
"""What is planted in a table is what the truth says, and nothing else is changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.anomalies.inject_table import (
    AMPLITUDES,
    InjectionPlan,
    amplitudes_of,
    inject_table,
)
from calval_toolbox.core.anomalies.simulate import SITES, simulate_series
from calval_toolbox.core.errors import InputError, InsufficientDataError
from calval_toolbox.core.io.tables import positions
from calval_toolbox.core.series.long_table import SeriesColumns
from calval_toolbox.core.series.table import series_from_table, table_from_series
from calval_toolbox.core.table import Table

SERIES = [simulate_series(SITES[name], 5 + i, years=2)[0] for i, name in enumerate(("Morocco",
          "Toulouse"))]  # fmt: skip
ALL = {kind: AMPLITUDES[kind] for kind in AMPLITUDES}


def test_the_order_of_the_sites_changes_nothing() -> None:
    plan = InjectionPlan({"cloud": 0.1, "gain": 0.2}, count=2, seed=3)
    found = []
    for series in (SERIES, SERIES[::-1], SERIES[1:]):
        _, truth = inject_table(table_from_series(series), plan=plan)
        mine = truth["site"] == "Toulouse"
        found.append((truth["type"][mine].tolist(), truth["time"][mine].tolist()))
    assert len(found[0][0]) == 4
    assert found[0] == found[1] == found[2]


def test_the_difference_is_the_truth_and_nothing_else() -> None:
    before = table_from_series(SERIES)
    after, truth = inject_table(before, plan=InjectionPlan(ALL, count=2, duration=2, seed=3))
    assert list(after.columns) == list(before.columns)
    for key in before.columns:
        if key != "value":
            assert (after[key] == before[key]).all(), key
    old, new = series_from_table(before), series_from_table(after)
    for was, now in zip(old, new, strict=True):
        wanted = np.zeros(was.values.shape)
        for row in np.flatnonzero(truth["site"] == was.site):
            date = np.flatnonzero(was.times == truth["time"][row])
            wanted[date] += [truth[f"change_{band}"][row] for band in was.bands]
        np.testing.assert_allclose(now.values - was.values, wanted, atol=1e-12)
        assert np.abs(wanted).max() > 0.05


def test_single_anomalies_have_dates_of_their_own() -> None:
    kinds = {kind: ALL[kind] for kind in ("cloud", "shadow", "gain", "offset")}
    _, truth = inject_table(table_from_series(SERIES), plan=InjectionPlan(kinds, count=5))
    assert len(truth) == 2 * 4 * 5
    pairs = list(zip(truth["site"], truth["time"].astype(str), strict=True))
    assert len(set(pairs)) == len(pairs)
    assert set(truth["mask_state"]) == {"clear"}
    longitude, _, _ = positions(truth.geometry)
    assert set(longitude) == {one.longitude for one in SERIES}


def test_amplitude_is_the_largest_change() -> None:
    _, truth = inject_table(table_from_series(SERIES), plan=InjectionPlan({"cloud": 0.12}, count=4))
    changes = np.stack([truth[f"change_{band}"] for band in SERIES[0].bands])
    np.testing.assert_allclose(np.abs(changes).max(axis=0), 0.12, atol=1e-9)


def test_seed_decides() -> None:
    table = table_from_series(SERIES)
    made = [inject_table(table, plan=InjectionPlan(seed=seed))[1] for seed in (1, 1, 2)]
    assert (made[0]["time"] == made[1]["time"]).all()
    assert (made[0]["time"] != made[2]["time"]).any()


def test_wide_table_of_integers() -> None:
    one = SERIES[0]
    columns = {
        "date": one.times,
        **{b: np.rint(1e4 * v).astype(np.int64) for b, v in zip(("blue", "nir"),
           (one.values[:, 0], one.values[:, 3]), strict=True)},
        "note": np.full(len(one), "kept", dtype=object),
    }  # fmt: skip
    names = SeriesColumns(site="", time="date", band="", value="blue,nir", mask="")
    plan = InjectionPlan({"offset": 0.05}, count=3)
    after, truth = inject_table(Table(columns, "wide"), names, 1e-4, plan)
    for band in ("blue", "nir"):
        assert after[band].dtype.kind == "i"
        changed = np.flatnonzero(after[band] != columns[band])
        assert set(one.times[changed]) == set(truth["time"])
        assert (after[band][changed] - columns[band][changed] == 500).all()
    assert (after["note"] == "kept").all()


def test_amplitudes_in_words() -> None:
    assert amplitudes_of(["cloud", "shadow"], "") == {"cloud": 0.1, "shadow": 0.3}
    assert amplitudes_of(["cloud", "offset"], "0.2") == {"cloud": 0.2, "offset": 0.2}
    assert amplitudes_of(["cloud", "shadow"], "shadow=0.4") == {"cloud": 0.1, "shadow": 0.4}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("many", "cannot be read at 'many'"),
        ("gain=0.1", "not among the types chosen"),
        ("cloud=x", "cannot be read at 'cloud=x'"),
    ],
)
def test_bad_amplitudes(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        amplitudes_of(["cloud"], text)


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ({"amplitudes": {"rain": 0.1}}, "'rain' is unknown"),
        ({"amplitudes": {}}, "unknown"),
        ({"count": 0}, "1 or more"),
        ({"amplitudes": {"cloud": float("nan")}}, "must be a number"),
        ({"amplitudes": {"shadow": 3.0}}, "0 to 1"),
    ],
)
def test_bad_plans(plan: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        InjectionPlan(**plan)


def test_too_many_for_the_series() -> None:
    with pytest.raises(InsufficientDataError, match="do not fit"):
        inject_table(table_from_series(SERIES), plan=InjectionPlan(count=900))
