# SPDX-License-Identifier: GPL-3.0-or-later
"""Pixels under the mouse on the map: read from real files, dropped when the mouse moves on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import QgsPointXY, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import Qt

from calval_toolbox.core.errors import Canceled
from calval_toolbox.core.io.grids import unproject
from calval_toolbox.core.progress import Silent

LEFT, TOP, SIZE, COUNT = 368000.0, 4826500.0, 24, 30


def utm() -> str:
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    return reference.ExportToWkt()


def value(date: int, band: int, row: int, column: int) -> float:
    return 0.1 + 0.2 * band + 0.001 * column + 0.0001 * row + 0.02 * np.sin(date)


@pytest.fixture(scope="module")
def stack_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty dates of red and near infrared as bands of one file."""
    path = tmp_path_factory.mktemp("stack") / "stack.tif"
    made = gdal.GetDriverByName("GTiff").Create(str(path), SIZE, SIZE, 2 * COUNT, gdal.GDT_Float32)
    made.SetProjection(utm())
    made.SetGeoTransform((LEFT, 10.0, 0.0, TOP, 0.0, -10.0))
    rows, columns = np.indices((SIZE, SIZE))
    for date in range(COUNT):
        day = np.datetime64("2021-01-05") + 12 * date
        for band, name in enumerate(("red", "nir")):
            target = made.GetRasterBand(1 + 2 * date + band)
            target.WriteArray(value(date, band, rows, columns).astype(np.float32))
            target.SetDescription(f"{day} {name}")
    made = None
    return path


@pytest.fixture
def live(start: Callable[[], Any], window: Any, stack_file: Path) -> Any:
    """The controller, with the stack on the map and chosen for its pixels."""
    controllers = start()
    layer = QgsRasterLayer(str(stack_file), "Stack")
    assert layer.isValid()
    QgsProject.instance().addMapLayer(layer)
    controllers.open("anomalies")
    controller = controllers.docks.controllers["anomalies"]
    bar = controller.panel.controls.map_bar
    assert not bar.live_button.isEnabled()
    next(one for one in bar.menu.actions() if one.text() == "Stack").trigger()
    assert bar.images_button.text() == "Stack (30 dates)"
    assert bar.live_button.isChecked()  # there is nothing else to look at
    assert not controller.panel.empty.isVisible()
    return controller


def point(controller: Any, column: float, row: float) -> QgsPointXY:
    """A place in pixels of the stack as a point of the map."""
    place = unproject(utm(), LEFT + 10.0 * column, TOP - 10.0 * row)
    return controller.host.map.transform().transform(QgsPointXY(*place))


def move(controller: Any, window: Any, column: float, row: float) -> None:
    window.canvas.xyCoordinates.emit(point(controller, column, row))
    controller.hover.flush()


def test_series_follows_the_mouse_and_leaves_with_it(live: Any, window: Any) -> None:
    panel = live.panel
    for column, row in ((3, 4), (20, 23)):
        move(live, window, column + 0.3, row + 0.6)
        series = panel.model.series()
        truth = [value(date, 0, row, column) for date in range(COUNT)]
        np.testing.assert_allclose(series.values[:, 0], truth, rtol=1e-6)
        drawn = panel.timeline.rows[0].clear_item.getData()[1]
        assert len(drawn) + int(panel.model.detection().flagged.sum()) == COUNT
        assert list(panel.model.entries) == [panel.live.name()]
        corners = live.hover._current.asGeometry().boundingBox()
        assert corners.contains(point(live, column + 0.5, row + 0.5))
        assert not corners.contains(point(live, column + 1.5, row + 0.5))
    panel.controls.map_bar.live_button.setChecked(False)
    assert panel.model.entries == {}
    assert panel.empty.isVisible()
    panel.flush()  # nothing is left over that would look for the pixel
    for page in panel.plots:
        page.draw()
        page.columns()
    assert live.hover._current.numberOfVertices() == 0
    before = panel.live.reader
    move(live, window, 5.5, 5.5)
    assert panel.model.entries == {}
    assert panel.live.reader is before


def test_click_keeps_a_pixel(live: Any, window: Any) -> None:
    panel = live.panel
    move(live, window, 3.5, 4.5)
    tool = window.canvas.mapTool()
    tool.canvasClicked.emit(point(live, 3.5, 4.5), Qt.MouseButton.LeftButton)
    move(live, window, 9.5, 9.5)
    assert set(panel.model.entries) == {panel.live.name(), "Pixel 3, 4"}
    tool.canvasClicked.emit(QgsPointXY(0.0, 0.0), Qt.MouseButton.LeftButton)
    assert "no image" in window.bar.currentItem().text()
    panel.controls.map_bar.live_button.setChecked(False)
    assert list(panel.model.entries) == ["Pixel 3, 4"]
    np.testing.assert_allclose(
        panel.model.series().values[:, 1],
        [value(date, 1, 4, 3) for date in range(COUNT)],
        rtol=1e-6,
    )
    assert len(live.hover._kept) == 1
    assert window.canvas.mapTool() is not tool


def test_mouse_off_the_images_reads_nothing(live: Any, window: Any) -> None:
    move(live, window, 3.5, 4.5)
    move(live, window, -4.0, 4.5)
    assert live.hover._current.numberOfVertices() == 0
    assert live.panel.live._pixel is None


def test_another_tool_of_the_map_ends_it(live: Any, window: Any) -> None:
    from qgis.gui import QgsMapToolPan

    pan = QgsMapToolPan(window.canvas)
    window.canvas.setMapTool(pan)
    assert not live.panel.controls.map_bar.live_button.isChecked()


class Later:
    """A runner that does nothing until it is told to."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Any, ...]] = []

    def run(self, title: str, work: Any, done: Any, failed: Any) -> None:
        self.waiting.append((work, done, failed))

    def work(self, place: int) -> str:
        work, done, failed = self.waiting[place]
        try:
            done(work(Silent()))
        except Canceled as error:
            failed(error)
            return "canceled"
        return "done"


def test_reading_is_canceled_when_the_mouse_has_moved_on(live: Any, window: Any) -> None:
    panel, later, told = live.panel, Later(), []
    panel.told.connect(told.append)
    panel.live._runner = later
    move(live, window, 3.5, 4.5)
    move(live, window, 3.6, 4.4)  # the same pixel: nothing new
    move(live, window, 20.5, 4.5)
    assert len(later.waiting) == 2
    assert later.work(0) == "canceled"
    assert panel.model.entries == {}
    assert later.work(1) == "done"
    assert panel.model.series().values[0, 0] == pytest.approx(value(0, 0, 4, 20), rel=1e-6)
    assert told == []


def test_images_that_are_no_stack_are_explained(
    start: Callable[[], Any], window: Any, tmp_path: Path
) -> None:
    path = tmp_path / "plain.tif"
    gdal.Translate(str(path), gdal.GetDriverByName("MEM").Create("", 4, 4, 1))
    QgsProject.instance().addMapLayer(QgsRasterLayer(str(path), "Plain"))
    panel = start().open("anomalies").content
    bar = panel.controls.map_bar
    next(one for one in bar.menu.actions() if one.text() == "Plain").trigger()
    assert "no date" in window.bar.currentItem().text()
    assert not bar.live_button.isEnabled()


def test_restores_what_was_shown_before(live: Any, window: Any, tmp_path: Path) -> None:
    from calval_toolbox.core.anomalies.demo import demo_sites
    from calval_toolbox.ui.anomalies.inputs import Entry, SeriesInputs

    panel = live.panel
    panel.controls.map_bar.live_button.setChecked(False)
    entries = tuple(Entry(one.series) for one in demo_sites()[:2])
    panel.show_inputs(SeriesInputs("memory", entries))
    panel.show_sites(list(panel.model.entries))
    site, bands, shown = panel.model.site, list(panel.model.bands), list(panel.model.shown)
    panel.controls.map_bar.live_button.setChecked(True)
    move(live, window, 3.5, 4.5)
    assert panel.model.site == panel.live.name()
    assert {one.series.site for one in panel.timeline.tracks} == {panel.live.name()}
    assert "S2A" not in panel.timeline.keys._legend.names()
    panel.controls.map_bar.live_button.setChecked(False)
    assert (panel.model.site, panel.model.shown) == (site, shown)
    assert panel.model.bands == bands
