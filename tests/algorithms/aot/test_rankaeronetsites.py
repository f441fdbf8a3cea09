# SPDX-License-Identifier: GPL-3.0-or-later
"""``rankaeronetsites`` on tables of simulated networks, and on bad ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from listening import Feedback
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsVectorLayer,
)

from calval_toolbox.algorithms.aot.rankaeronetsites import RankAeronetSites
from calval_toolbox.core.aot.matchup_tables import matchups_to_table
from calval_toolbox.core.aot.ranking import RankSettings, rank_sites
from calval_toolbox.core.aot.ranking_tables import read_matchups
from calval_toolbox.core.aot.simulate_network import NetworkScenario, simulate_network
from calval_toolbox.core.io.tables import read_table, write_table
from calval_toolbox.core.table import Table

pytestmark = pytest.mark.usefixtures("qgis_app")


def run(feedback: Feedback | None = None, **parameters: Any) -> dict[str, Any]:
    given = {key: str(v) if isinstance(v, Path) else v for key, v in parameters.items()}
    results, good = (
        RankAeronetSites()
        .create()
        .run(
            {"BOOTSTRAP": 100, **given},
            QgsProcessingContext(),
            feedback or Feedback(),
            catchExceptions=False,
        )
    )
    assert good
    return results


@pytest.fixture(scope="module")
def network() -> Any:
    return simulate_network(NetworkScenario(sites=10, counts=(10, 120)), 5)


@pytest.fixture(scope="module")
def table(network: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ranking") / "matchups.gpkg"
    write_table(matchups_to_table(network.matchups), path)
    return path


def test_sites_come_out_as_the_core_ranks_them(network: Any, table: Path, tmp_path: Path) -> None:
    feedback = Feedback()
    output, report = tmp_path / "ranking.gpkg", tmp_path / "ranking.html"
    results = run(feedback, MATCHUPS=table, OUTPUT=output, REPORT=report, SEED=7, BEST_K=3)
    expected = rank_sites(network.matchups, RankSettings(n_bootstrap=100, seed=7, best_k=3))
    ranked = [site for site in expected.sites if not site.not_ranked]
    assert 0 < len(ranked) < 10
    assert results["SITE_COUNT"] == 10
    assert results["RANKED_COUNT"] == len(ranked)
    assert results["BEST_SITE"] == ranked[0].site

    rows = read_table(output)
    assert list(rows["site"]) == [site.site for site in expected.sites]
    for key, values in {
        "score": [s.score.value for s in expected.sites],
        "ci_low": [s.score.low for s in expected.sites],
        "ci_high": [s.score.high for s in expected.sites],
        "rank_high": [s.rank.high for s in expected.sites],
        "tier": [s.tier for s in expected.sites],
        "p_best": [s.p_best for s in expected.sites],
        "n": [s.count for s in expected.sites],
        "longitude": [s.longitude for s in expected.sites],
    }.items():
        np.testing.assert_allclose(rows.floats(key), values, rtol=1e-6, err_msg=key)
    assert list(rows["not_ranked"]) == [site.not_ranked for site in expected.sites]
    assert list(rows["flag_outliers"]) == [s.flags.get("outliers", "") for s in expected.sites]
    assert any("not ranked" in line for line in feedback.lines)
    html = report.read_text(encoding="utf-8")
    assert ranked[0].site in html
    assert "site and product effects cannot be separated" in html


def test_output_is_a_point_layer_with_its_style(table: Path, tmp_path: Path) -> None:
    output = tmp_path / "ranking.gpkg"
    run(MATCHUPS=table, OUTPUT=output)
    layer = QgsVectorLayer(str(output), "ranking", "ogr")
    assert layer.isValid()
    assert layer.featureCount() == 10
    assert all(feature.hasGeometry() for feature in layer.getFeatures())
    message, loaded = layer.loadDefaultStyle()
    assert loaded, message
    assert layer.renderer().type() == "RuleRenderer"


def test_gate_can_be_moved(table: Path, tmp_path: Path) -> None:
    output = tmp_path / "ranking.gpkg"
    results = run(MATCHUPS=table, OUTPUT=output, MIN_MATCHUPS=5, MIN_MONTHS=2)
    assert results["RANKED_COUNT"] == 10
    strict = run(MATCHUPS=table, OUTPUT=output, MIN_MATCHUPS=1000)
    assert (strict["RANKED_COUNT"], strict["BEST_SITE"]) == (0, "")
    assert all("1000 needed" in text for text in read_table(output)["not_ranked"])


def test_tables_that_cannot_be_ranked_are_named(network: Any, tmp_path: Path) -> None:
    good = matchups_to_table(network.matchups)
    zeros = np.zeros(len(good), dtype=np.int64)
    cases = {
        "rejected": ({**good.columns, "accepted": zeros}, "None of the .* accepted match-up"),
        "other": (
            {"site": good["site"], "time": good["time"]},
            "other.csv is not a match-up table",
        ),
        "empty": ({key: values[:0] for key, values in good.columns.items()}, "holds no match-up"),
    }
    for name, (columns, sentence) in cases.items():
        path, output = tmp_path / f"{name}.csv", tmp_path / f"{name}.gpkg"
        write_table(Table(columns, name), path)
        with pytest.raises(QgsProcessingException, match=sentence):
            run(MATCHUPS=path, OUTPUT=output)
        assert not output.exists()


def test_canceled_run_leaves_nothing(table: Path, tmp_path: Path) -> None:
    output = tmp_path / "out" / "ranking.gpkg"
    with pytest.raises(QgsProcessingException, match="Cancel"):
        run(Feedback(cancel_at=20), MATCHUPS=table, OUTPUT=output)
    assert not list(tmp_path.rglob("ranking*"))


def test_table_gives_back_the_match_ups(network: Any, table: Path) -> None:
    found = read_matchups(read_table(table))
    np.testing.assert_allclose(found.difference, network.matchups.difference, atol=1e-12)
    assert found.accepted.all()


def test_window_of_the_comparison_is_ranked_unless_another_is_given(
    network: Any, tmp_path: Path
) -> None:
    one = matchups_to_table(network.matchups)
    columns = {key: np.concatenate([values] * 2) for key, values in one.columns.items()}
    columns["window_m"] = np.repeat([1000.0, 5000.0], len(one))
    columns["headline"] = np.repeat([0, 1], len(one))
    columns["satellite"] = columns["satellite"] + np.repeat([0.0, 0.3], len(one))
    path, output = tmp_path / "windows.csv", tmp_path / "ranking.gpkg"
    write_table(Table(columns, "windows"), path)
    levels = []
    for more in ({}, {"WINDOW_M": 1000.0}, {"WINDOW_M": 5000.0}):
        run(MATCHUPS=path, OUTPUT=output, MIN_MATCHUPS=5, MIN_MONTHS=2, **more)
        levels.append(sorted(read_table(output).floats("bias")))
    assert levels[0] != levels[1]
    assert levels[0] == levels[2]
