# SPDX-License-Identifier: GPL-3.0-or-later
"""``compareaotcampaigns`` on tables of simulated campaigns, and on bad ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

from calval_toolbox.algorithms.aot.compareaotcampaigns import CompareAotCampaigns
from calval_toolbox.core.aot.campaigns import compare_campaigns
from calval_toolbox.core.aot.matchup_tables import matchups_to_table
from calval_toolbox.core.aot.simulate_network import CampaignScenario, simulate_campaign
from calval_toolbox.core.io.tables import read_table, write_table
from calval_toolbox.core.table import Table

pytestmark = pytest.mark.usefixtures("qgis_app")

SITES = tuple(f"Site {i}" for i in range(8))
SPOT4 = CampaignScenario("SPOT4", SITES, count=30, bias=0.05, scatter=0.06)
SPOT5 = CampaignScenario("SPOT5", SITES, count=40, bias=0.01, scatter=0.04, start="2015-04-01")


def run(**parameters: Any) -> dict[str, Any]:
    given = {key: str(v) if isinstance(v, Path) else v for key, v in parameters.items()}
    results, good = (
        CompareAotCampaigns()
        .create()
        .run(
            {"BOOTSTRAP": 200, **given},
            QgsProcessingContext(),
            QgsProcessingFeedback(False),
            catchExceptions=False,
        )
    )
    assert good
    return results


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("campaigns")
    paths = folder / "spot4.gpkg", folder / "spot5.csv"
    for scenario, path, seed in zip((SPOT4, SPOT5), paths, (1, 2), strict=True):
        write_table(matchups_to_table(simulate_campaign(scenario, seed)), path)
    return paths


def test_planted_differences_come_out(tables: tuple[Path, Path], tmp_path: Path) -> None:
    output, report = tmp_path / "differences.csv", tmp_path / "report.html"
    results = run(MATCHUPS_A=tables[0], MATCHUPS_B=tables[1], OUTPUT=output, REPORT=report)
    assert results["SCOPE"] == "common sites"
    assert (results["COUNT_A"], results["COUNT_B"]) == (240, 320)
    assert results["BIAS_DIFFERENCE_LOW"] < 0.04 < results["BIAS_DIFFERENCE_HIGH"]
    assert results["BIAS_DIFFERENCE"] == pytest.approx(0.04, abs=0.015)
    assert results["P_VALUE"] < 0.001
    assert results["PRECISION_RATIO"] == pytest.approx(1.5, abs=0.25)
    assert results["PRECISION_P_VALUE"] < 0.01
    assert 0 < results["DETECTABLE_DIFFERENCE"] < 0.04

    rows = read_table(output)
    expected = compare_campaigns(
        simulate_campaign(SPOT4, 1), simulate_campaign(SPOT5, 2), n_bootstrap=200
    )
    assert list(rows["scope"]) == [one.scope for one in expected.differences]
    np.testing.assert_allclose(
        rows.floats("difference"), [one.difference.value for one in expected.differences], rtol=1e-6
    )
    np.testing.assert_allclose(
        rows.floats("p_value"), [one.p_value for one in expected.differences], rtol=1e-6
    )
    assert set(rows["campaign_a"]) == {"SPOT4 (Take5)"}
    html = report.read_text(encoding="utf-8")
    assert "SPOT4 (Take5)" in html
    assert "80 %" in html


def test_exchanged_campaigns_change_the_sign(tables: tuple[Path, Path], tmp_path: Path) -> None:
    output = tmp_path / "differences.csv"
    there, back = (
        run(MATCHUPS_A=a, MATCHUPS_B=b, OUTPUT=output) for a, b in (tables, tables[::-1])
    )
    assert there["BIAS_DIFFERENCE"] == pytest.approx(-back["BIAS_DIFFERENCE"])
    assert there["PRECISION_RATIO"] == pytest.approx(1 / back["PRECISION_RATIO"])


def test_equal_names_are_refused_before_the_run(tables: tuple[Path, Path]) -> None:
    parameters = {"MATCHUPS_A": str(tables[0]), "MATCHUPS_B": str(tables[1]),
                  "NAME_A": "Take5", "NAME_B": "Take5", "OUTPUT": "out.csv"}  # fmt: skip
    good, text = (
        CompareAotCampaigns().create().checkParameterValues(parameters, QgsProcessingContext())
    )
    assert not good
    assert "same name" in text


def test_tables_that_cannot_be_compared_are_named(
    tables: tuple[Path, Path], tmp_path: Path
) -> None:
    good = read_table(tables[0])
    zeros = np.zeros(len(good), dtype=np.int64)
    few = good.select(np.arange(len(good)) < 20)
    cases = {
        "rejected": (Table({**good.columns, "accepted": zeros}), "Gone has no accepted match-up"),
        "few": (few, "No AOT bin has at least 10 match-ups of both Gone and"),
        "other": (Table({"a": zeros, "b": zeros}), "other.csv is not a match-up table"),
    }
    for name, (table, sentence) in cases.items():
        path, output = tmp_path / f"{name}.csv", tmp_path / f"{name}_out.csv"
        write_table(table, path)
        with pytest.raises(QgsProcessingException, match=sentence):
            run(MATCHUPS_A=path, MATCHUPS_B=tables[1], NAME_A="Gone", OUTPUT=output)
        assert not output.exists()


def test_window_of_the_comparison_is_used_unless_another_is_given(tmp_path: Path) -> None:
    paths = []
    for name, seed, shift in (("a", 1, 0.2), ("b", 2, 0.0)):
        one = matchups_to_table(simulate_campaign(SPOT4, seed))
        columns = {key: np.concatenate([values] * 2) for key, values in one.columns.items()}
        columns["window_m"] = np.repeat([1000.0, 5000.0], len(one))
        columns["headline"] = np.repeat([0, 1], len(one))
        columns["satellite"] = columns["satellite"] + np.repeat([0.0, shift], len(one))
        paths.append(tmp_path / f"{name}.csv")
        write_table(Table(columns, name), paths[-1])
    output = tmp_path / "differences.csv"
    made, small, large = (
        run(MATCHUPS_A=paths[0], MATCHUPS_B=paths[1], OUTPUT=output, **more)["BIAS_DIFFERENCE"]
        for more in ({}, {"WINDOW_M": 1000.0}, {"WINDOW_M": 5000.0})
    )
    assert made == large
    assert large - small == pytest.approx(0.2)
