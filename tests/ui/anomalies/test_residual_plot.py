# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of residuals: what is drawn is what core computes of the same dates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.anomalies.residuals import autocorrelation, normal_quantiles


@pytest.fixture
def page(series_panel: Any) -> Any:
    series_panel.pick_site("Toulouse")
    series_panel.body.show_page(series_panel.residuals)
    return series_panel.residuals


def test_quantiles_and_lags_are_those_of_core(series_panel: Any, page: Any) -> None:
    series, found = series_panel.model.series(), series_panel.model.detection()
    page.band_box.setCurrentIndex(page.band_box.findData("B11"))
    page.draw()
    z = found.z[:, series.bands.index("B11")]
    quantiles = normal_quantiles(np.where(found.tested, z, np.nan))
    y = np.sort(np.concatenate([page.points.getData()[1], page.flagged.getData()[1]]))
    np.testing.assert_allclose(y, quantiles.value)
    np.testing.assert_allclose(page.edges[1].getData()[1], quantiles.high)
    assert len(page.flagged.getData()[0]) == int(found.flagged.sum()) > 3
    lags = autocorrelation(series.times, np.where(found.tested & ~found.flagged, z, np.nan))
    np.testing.assert_allclose(page.tips.getData()[1], lags.value)
    np.testing.assert_allclose(page.limits[1].getData()[1], lags.limit)
    assert len(lags.value) > 10
    assert page.legend.names()[0] == f"{int(found.tested.sum())} tested dates"


def test_hidden_types_are_plain_points(series_panel: Any, page: Any) -> None:
    for action in series_panel.events.actions_by_type.values():
        action.setChecked(False)
    assert not len(page.flagged.getData()[0])
    assert len(page.points.getData()[0]) == int(series_panel.model.detection().tested.sum())


def test_point_chooses_its_date_and_a_lag_none(series_panel: Any, page: Any) -> None:
    row = int(page.quantiles.order[5])
    page.mouse.clicked.emit(row)
    assert series_panel.model.chosen == ("Toulouse", row)
    page.mouse.clicked.emit(-1)
    assert series_panel.model.chosen == ("Toulouse", row)
    assert "pairs" in page.describe(-1)
    assert str(series_panel.model.series().times[row])[:10] in page.describe(row)
    page.selected.emit([row, -3], False)
    assert series_panel.model.selection == [("Toulouse", row)]
    assert len(page.rings.getData()[0]) == 1


def test_numbers_of_the_page_as_a_table(page: Any, tmp_path: Path) -> None:
    page.export(tmp_path / "residuals.csv")
    lines = (tmp_path / "residuals.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "time,z,normal_quantile,low,high"
    assert len(lines) == 1 + len(page.quantiles.value)


def test_too_few_dates_leave_an_empty_page(make_series_panel: Any, series_panel: Any) -> None:
    from calval_toolbox.ui.anomalies.inputs import Entry, SeriesInputs

    panel = make_series_panel()
    short = series_panel.model.series().select(np.arange(6))
    panel.show_inputs(SeriesInputs("memory", (Entry(short),)))
    panel.body.show_page(panel.residuals)
    assert not len(panel.residuals.points.getData()[0])
    assert not len(panel.residuals.tips.getData()[0])
    assert panel.residuals.columns()["z"].size == 0
