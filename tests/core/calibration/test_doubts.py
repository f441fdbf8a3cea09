# SPDX-License-Identifier: GPL-3.0-or-later
"""Bands that say too little are marked, and stand in no headline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_runs import START, B, filled

from calval_toolbox.core.calibration.comparison import Comparison
from calval_toolbox.core.calibration.doubts import doubt
from calval_toolbox.core.calibration.period_report import ReportRequest, gather
from calval_toolbox.core.calibration.ratios import Ratio, Way
from calval_toolbox.core.calibration.summary import summarize
from calval_toolbox.core.calibration.types import Measurements
from calval_toolbox.core.database import open_database
from calval_toolbox.core.database.measurements import save_measurements
from calval_toolbox.core.errors import InsufficientDataError
from calval_toolbox.core.report import comparison as comparison_page
from calval_toolbox.core.report.calibration_period import headline, period_report


def summary(count: int, sd: float) -> object:
    time = START + np.arange(count) * np.timedelta64(9, "D")
    return summarize(time, 1.0 + sd * np.random.default_rng(1).standard_normal(count))


@pytest.mark.parametrize(
    ("count", "sd", "saturated", "why"),
    [
        (40, 0.02, 0.0, ""), (40, 0.02, 0.05, ""), (4, 0.001, 0.0, "fewer than 5 pairs"),
        (40, 0.02, 0.4, "saturated in 40 % of the measurements"), (40, 0.12, 0.0, "restless"),
    ],
)  # fmt: skip
def test_what_makes_a_band_doubtful(count: int, sd: float, saturated: float, why: str) -> None:
    found = doubt(summary(count, sd), saturated)
    assert found.startswith(why)
    assert bool(found) is bool(why)


def test_a_ratio_of_two_pairs_is_in_no_headline() -> None:
    sound = [
        Ratio(Way.CROSS, band, nm, level, 0.001, level, 0.01, 60)
        for band, nm, level in (("443", 443.0, 1.01), ("660", 660.0, 1.02))
    ]
    lone = Ratio(Way.CROSS, "547", 547.0, 0.605, 0.2, 0.605, 0.3, 2)
    found = Comparison("A", "B", "", (*sound, lone), ())
    (line,) = comparison_page.headline(found)
    assert line.value == "1.0100 to 1.0200"
    assert "547" not in line.verdict
    assert "1 band is in doubt and left out" in line.verdict
    assert "0.605" in comparison_page.headline(replace(found, ratios=(lone,)))[0].value
    # What goes on to other programs is what the words say: the median where the mean is not used.
    skewed = replace(sound[0], ratio=1.02)
    assert skewed.skewed
    given = replace(found, ratios=(skewed, sound[1])).levels
    assert given["cross"] == {"443": 1.01, "660": 1.02}


def test_a_saturated_band_is_marked_and_in_no_headline_of_a_period(tmp_path: Path) -> None:
    """B8A is off by 30 % and saturated in half of its measurements."""
    with open_database(str(tmp_path / "c.gpkg"), create=True) as db:
        filled(db, {"B04": np.full(60, 1.01), "B8A": np.full(60, 0.7)})
        plain = gather(db, ReportRequest("2018-H2"))
        count = 40
        dark = Measurements(
            B, np.datetime64("2018-08-01T03:00", "ms") + np.arange(count) * np.timedelta64(1, "D"),
            {"site": np.full(count, "Libya4", dtype=object)},
            {"saturated_fraction": np.tile([0.0, 0.5], (count, 1))},
        )  # fmt: skip
        save_measurements(db, dark)
        found = gather(db, ReportRequest("2018-H2"))
        with pytest.raises(
            InsufficientDataError, match=r"There are coefficients in 2018-H1, 2018-H2, 2019-H1"
        ):
            gather(db, ReportRequest("2015-H1"))
    assert not plain.chains[0].doubts
    assert headline(plain)[0].value.startswith("B8A")
    assert list(found.chains[0].doubts) == ["B8A"]
    line = headline(found)[0]
    assert line.value.startswith("B04")
    assert "1 band is in doubt" in line.verdict
    trends = [one for one in headline(found) if "over all years" in one.label]
    assert trends
    assert not any("B8A" in one.value for one in trends)
    page = period_report(found, "Report", "c.gpkg", {})
    assert "saturated in" in page
    assert "Colored bands are in doubt" in page
