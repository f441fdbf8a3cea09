# SPDX-License-Identifier: GPL-3.0-or-later
"""A report of real data: MAIAC C6.1 at São Paulo, 5 km window, with its golden numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from calval_toolbox.core.aot.matchup import match
from calval_toolbox.core.aot.matchup_tables import observations_from_table
from calval_toolbox.core.aot.statistics import accuracy_bins, summarize, waterfall
from calval_toolbox.core.io.tables import read_table
from calval_toolbox.core.report.aot import validation_report
from calval_toolbox.core.report.document import ReportContext


def test_golden_numbers_are_printed(
    shared_data: Path, context: ReportContext, page: Callable[[str], Any]
) -> None:
    folder = shared_data / "aot" / "maiac_c61"
    satellite = observations_from_table(
        read_table(folder / "SP_C61_5KM.csv.gz"),
        time_field="timestamp",
        value_field="AOD_055",
        time_format="%Y%j%H%M",
        site_name="Sao_Paulo",
    )
    reference = observations_from_table(
        read_table(folder / "SP_2015-2017_AERONET_L2.csv.gz"),
        time_field="date",
        value_field="aod_550_mod",
        time_format="%d/%m/%Y %H:%M",
        site_name="Sao_Paulo",
    )
    matchups = match(satellite, reference)
    summaries = summarize(matchups, n_bootstrap=200)
    html = validation_report(
        matchups, summaries, accuracy_bins(matchups), waterfall(matchups), context
    )
    found = page(html)
    bias, rmse, share = found.rows[:3]
    assert bias[1].startswith("-0.042 [")
    assert bias[2].startswith("n = 396, ")
    assert rmse[1].startswith("0.073 [")
    assert share[1].startswith("73 [")
    assert found.row("Standard deviation (precision P)")[0] == "0.060"
    assert found.row("Median difference")[0].startswith("-0.04")
    assert len(found.images()) == 5
    assert len(html) < 3_000_000
