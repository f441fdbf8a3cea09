# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel of time series and the map: selections, clicks, times of layers, the example."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import Qgis, QgsDateTimeRange, QgsPointXY, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime


@pytest.fixture(scope="module")
def table_once(detected_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copy(detected_once, tmp_path_factory.mktemp("series") / "detected.gpkg"))


@pytest.fixture
def series(start: Callable[[], Any], table_once: Path) -> Any:
    """The controller with an open panel and the table on the map."""
    controllers = start()
    layer = QgsVectorLayer(str(table_once), "Series", "ogr")
    QgsProject.instance().addMapLayer(layer)
    panel = controllers.open("anomalies").content
    panel.open(panel.sources.box.itemData(0))
    panel.flush()
    return controllers.docks.controllers["anomalies"]


def the_layer() -> QgsVectorLayer:
    return next(iter(QgsProject.instance().mapLayers().values()))


def test_chosen_date_is_selected_and_flashed_on_the_map(series: Any, window: Any) -> None:
    panel = series.panel
    panel.show_sites(["Toulouse"])
    for _ in range(3):
        panel.step(1)
    row = panel.model.chosen[1]
    assert row == int(np.flatnonzero(panel.model.detection().flagged)[2])
    selected = list(the_layer().getSelectedFeatures())
    times = {str(one["time"]) for one in selected}
    assert len(selected) == len(panel.model.series().bands)
    assert {one["site"] for one in selected} == {"Toulouse"}
    assert times == {f"{panel.model.series().times[row].astype('datetime64[s]')}Z"}
    place = series.host.map.transform(inverse=True).transform(QgsPointXY(*window.flashed[-1]))
    assert (place.x(), place.y()) == pytest.approx((1.37, 43.5))


def test_click_on_the_map_picks_the_nearest_site(series: Any, window: Any) -> None:
    panel = series.panel
    panel.controls.pick_button.setChecked(True)
    tool, to_map = window.canvas.mapTool(), series.host.map.transform()
    tool.canvasClicked.emit(to_map.transform(QgsPointXY(116.5, 39.8)), Qt.MouseButton.LeftButton)
    assert panel.model.site == "Beijing"
    tool.canvasClicked.emit(to_map.transform(QgsPointXY(60.0, -40.0)), Qt.MouseButton.LeftButton)
    assert panel.model.site == "Beijing"
    assert "no site" in window.bar.currentItem().text()
    panel.controls.pick_button.setChecked(False)
    assert window.canvas.mapTool() is not tool


def test_layer_has_its_times_for_the_temporal_controller(series: Any) -> None:
    """QGIS's own filter of a day leaves exactly the rows of that day."""
    from qgis.core import QgsVectorLayerTemporalContext

    layer, model = the_layer(), series.panel.model
    properties = layer.temporalProperties()
    assert properties.isActive()
    day = model.series("Morocco").times[10].astype("datetime64[D]")
    begin = QDateTime(
        QDate.fromString(str(day), Qt.DateFormat.ISODate), QTime(0, 0), Qt.TimeSpec.UTC
    )
    context = QgsVectorLayerTemporalContext()
    context.setLayer(layer)
    span = QgsDateTimeRange(begin, begin.addDays(1))
    where = properties.createFilterString(context, span)
    layer.selectByExpression(where)
    found = {str(one["time"])[:10] for one in layer.getSelectedFeatures()}
    assert found == {str(day)}
    assert layer.selectedFeatureCount() == sum(
        6 * int((model.series(site).times.astype("datetime64[D]") == day).sum())
        for site in model.entries
    )


def test_times_that_someone_has_set_stay(series: Any, table_once: Path) -> None:
    from calval_toolbox.ui.controllers.temporal import set_times

    layer = QgsVectorLayer(str(table_once), "Series", "ogr")
    layer.temporalProperties().setMode(Qgis.VectorTemporalMode.FixedTemporalRange)
    layer.temporalProperties().setIsActive(True)
    assert not set_times(layer, "time")
    assert layer.temporalProperties().mode() == Qgis.VectorTemporalMode.FixedTemporalRange
    assert not set_times(QgsVectorLayer("Point?field=a:int", "m", "memory"), "time")


def test_layer_that_comes_later_gets_its_times(series: Any, table_once: Path) -> None:
    QgsProject.instance().removeAllMapLayers()
    layer = QgsVectorLayer(str(table_once), "Again", "ogr")
    QgsProject.instance().addMapLayer(layer)
    assert layer.temporalProperties().isActive()


def test_product_of_the_chosen_date_is_asked_for(
    series: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted: list[str] = []
    monkeypatch.setattr(series.host.products, "show", wanted.append)
    panel = series.panel
    panel.choose("Morocco", 4)
    assert wanted == [str(panel.model.series("Morocco").product[4])]


def test_example_is_simulated_shown_and_on_the_map(
    start: Callable[[], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from calval_toolbox.ui.controllers import anomalies

    monkeypatch.setattr(anomalies, "own_folder", lambda name: tmp_path / name)
    panel = start().open("anomalies").content
    panel.empty.buttons[1].click()
    panel.flush()
    assert sorted(panel.model.entries) == ["Australia", "Beijing", "Morocco", "Toulouse"]
    assert Path(panel.model.inputs.source).parent == tmp_path / "example_series"
    assert the_layer().temporalProperties().isActive()


def test_verdict_reaches_the_layer(
    start: Callable[[], Any], table_once: Path, tmp_path: Path
) -> None:

    copy = shutil.copy(table_once, tmp_path / "copy.gpkg")
    QgsProject.instance().addMapLayer(QgsVectorLayer(str(copy), "Series", "ogr"))
    panel = start().open("anomalies").content
    panel.open(str(copy))
    panel.flush()
    panel.step(1)
    panel.judge("rejected")
    site, row = panel.model.chosen
    layer = the_layer()
    layer.selectByExpression("\"verdict\" = 'rejected'")
    found = {(one["site"], str(one["time"])[:10]) for one in layer.getSelectedFeatures()}
    day = str(panel.model.series(site).times[row].astype("datetime64[D]"))
    assert found == {(site, day)}
    assert layer.selectedFeatureCount() == 6


def test_panel_comes_back_after_a_restart(start: Callable[[], Any], table_once: Path) -> None:
    first = start()
    panel = first.open("anomalies").content
    panel.open(str(table_once))
    panel.flush()
    panel.show_sites(["Beijing", "Toulouse"])
    panel.pick_site("Toulouse")
    panel.show_bands(["B8A", "NDVI"])
    panel.controls.harmonics.slider.setValue(2)
    panel.flush()
    first.unload()
    again = start().open("anomalies").content
    again.flush()
    assert again.model.shown == ["Beijing", "Toulouse"]
    assert again.model.site == "Toulouse"
    assert again.model.bands == ["B8A", "NDVI"]
    assert again.model.settings.harmonics == 1
    assert again.timeline.tracks[0].band == "B8A"
