# SPDX-License-Identifier: GPL-3.0-or-later
"""MODIS MAIAC against AERONET level 2.0: figures made independently from the same files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.aot.matchup import match
from calval_toolbox.core.aot.matchup_tables import observations_from_table
from calval_toolbox.core.aot.statistics import summarize
from calval_toolbox.core.aot.types import MatchSettings, MatchUps, Summary
from calval_toolbox.core.io.tables import read_table

REFERENCES = {"SP": "SP_2015-2017_AERONET_L2.csv.gz", "MD": "MD_2015-2019_AERONET_L2.csv.gz"}

# site, window km, n, bias, sd, rmse, median, R, EE %, GCOS % (as printed)
GOLDEN = [
    ("SP", 1, 329, -0.0535, 0.0447, 0.0697, -0.0526, 0.8551, 69.30, 27.36),
    ("SP", 5, 396, -0.0417, 0.0602, 0.0732, -0.0455, 0.7854, 72.73, 28.79),
    ("SP", 25, 465, -0.0419, 0.0673, 0.0792, -0.0466, 0.7047, 66.24, 24.09),
    ("MD", 1, 58, 0.0136, 0.0765, 0.0771, 0.0099, 0.6029, 65.52, 27.59),
    ("MD", 5, 186, 0.0361, 0.0756, 0.0836, 0.0350, 0.6721, 63.44, 28.49),
    ("MD", 25, 317, 0.0069, 0.0820, 0.0822, 0.0099, 0.7611, 66.56, 34.70),
]


def matched(folder: Path, site: str, window: int, settings: MatchSettings) -> MatchUps:
    """The files as they are: no site column, their own names and time formats."""
    satellite = observations_from_table(
        read_table(folder / f"{site}_C61_{window}KM.csv.gz"),
        time_field="timestamp",
        value_field="AOD_055",
        time_format="%Y%j%H%M",
        site_name=site,
    )
    reference = observations_from_table(
        read_table(folder / REFERENCES[site]),
        time_field="date",
        value_field="aod_550_mod",
        time_format="%d/%m/%Y %H:%M",
        site_name=site,
    )
    return match(satellite, reference, settings)


def statistics(folder: Path, site: str, window: int, half: float = 30.0) -> Summary:
    return summarize(matched(folder, site, window, MatchSettings(time_window_min=half)))[0]


@pytest.fixture(scope="module")
def maiac(shared_data: Path) -> Path:
    return shared_data / "aot" / "maiac_c61"


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: f"{row[0]}-{row[1]}km")
def test_golden_numbers(maiac: Path, row: tuple[str, int, int, *tuple[float, ...]]) -> None:
    site, window, count, bias, sd, rmse, median, correlation, ee, gcos = row
    found = statistics(maiac, site, window)
    assert found.count == count
    figures = (found.accuracy, found.precision, found.uncertainty, found.median, found.correlation)
    for value, printed in zip(figures, (bias, sd, rmse, median, correlation), strict=True):
        assert value.value == pytest.approx(printed, abs=5.1e-5)
        assert value.low < value.value < value.high
    assert 100 * found.fractions["ee"].within.value == pytest.approx(ee, abs=5.1e-3)
    assert 100 * found.fractions["gcos"].within.value == pytest.approx(gcos, abs=5.1e-3)


def test_slopes_on_real_data_equal_scipy(maiac: Path) -> None:
    stats = pytest.importorskip("scipy.stats")
    matchups = matched(maiac, "SP", 5, MatchSettings())
    x, y = matchups.reference[matchups.accepted], matchups.satellite[matchups.accepted]
    found = summarize(matchups)[0].regressions
    assert found["ols"].slope.value == pytest.approx(stats.linregress(x, y).slope, rel=1e-9)
    assert found["theil_sen"].slope.value == pytest.approx(stats.theilslopes(y, x)[0], rel=1e-9)
    # Attenuation by the photometer's own error is small, and it is undone upward.
    assert 0 < found["deming"].slope.value - found["ols"].slope.value < 0.03


def test_naive_intervals_would_be_about_twice_too_narrow(maiac: Path) -> None:
    for window in (1, 5, 25):
        found = statistics(maiac, "SP", window)
        naive = found.precision.value / np.sqrt(found.count)
        block = (found.accuracy.high - found.accuracy.low) / (2 * 1.96)
        assert 1.5 < block / naive < 3.0


def test_a_wider_time_window_buys_match_ups_and_costs_scatter(maiac: Path) -> None:
    for site, window in (("SP", 5), ("MD", 5)):
        tight, wide = (statistics(maiac, site, window, half) for half in (15.0, 120.0))
        assert 1.28 <= wide.count / tight.count <= 1.6
        assert wide.uncertainty.value > 0.95 * tight.uncertainty.value


def test_rows_without_retrieval_or_photometer_stay_with_their_reason(maiac: Path) -> None:
    matchups = matched(maiac, "SP", 1, MatchSettings())
    assert len(matchups) == 3459
    counts = dict(zip(*np.unique(matchups.reason, return_counts=True), strict=True))
    assert counts[""] == 329
    assert (
        counts["no_retrieval"] + counts["no_reference_in_window"] + counts["too_few_observations"]
        == len(matchups) - 329
    )
