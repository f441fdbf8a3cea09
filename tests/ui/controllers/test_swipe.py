# SPDX-License-Identifier: GPL-3.0-or-later
"""Two dates left and right of a line on the map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from osgeo import gdal, osr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QEvent, QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QMouseEvent
from qgis.PyQt.QtTest import QTest

from calval_toolbox.core.anomalies.demo import demo_sites
from calval_toolbox.ui.anomalies.inputs import Entry, SeriesInputs

RED, BLUE = (200, 10, 10), (10, 10, 200)


def write_image(path: Path, color: tuple[int, int, int]) -> QgsRasterLayer:
    """An image of one color at the equator, as a layer."""
    made = gdal.GetDriverByName("GTiff").Create(str(path), 10, 10, 3, gdal.GDT_Byte)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(3857)
    made.SetProjection(reference.ExportToWkt())
    made.SetGeoTransform((0.0, 100.0, 0.0, 1000.0, 0.0, -100.0))
    for band, value in enumerate(color, 1):
        made.GetRasterBand(band).Fill(value)
        kind = (gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand)[band - 1]
        made.GetRasterBand(band).SetColorInterpretation(kind)
    made = None
    layer = QgsRasterLayer(str(path), path.stem)
    assert layer.isValid()
    return layer


@pytest.fixture
def compared(start: Callable[[], Any], window: Any, tmp_path: Path) -> Any:
    """The controller, a panel whose third anomaly and the date before it have images on the map."""
    controllers = start()
    panel = controllers.open("anomalies").content
    panel.show_inputs(SeriesInputs("memory", (Entry(demo_sites()[2].series),)))
    for _ in range(3):
        panel.step(1)
    controller = controllers.docks.controllers["anomalies"]
    site, row = panel.model.chosen
    before = panel.model.clear_neighbor(site, row)
    series = panel.model.series()
    layers = [
        write_image(tmp_path / f"{series.product[one]}.tif", color)
        for one, color in ((before, RED), (row, BLUE))
    ]
    QgsProject.instance().addMapLayers(layers)
    canvas = window.canvas
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    canvas.setLayers([layers[1]])
    canvas.setExtent(QgsRectangle(100, 100, 900, 900))
    controller.rows, controller.layers = (before, row), layers
    return controller


def wait(app: Any, ready: Callable[[], Any]) -> None:
    for _ in range(500):
        app.processEvents()
        if ready():
            return
        QTest.qWait(10)
    assert ready()


def colors(controller: Any, window: Any, share: float) -> tuple[int, int, int]:
    """The color of the canvas at a share of its width."""
    canvas = window.canvas
    image = canvas.grab().toImage()
    ratio = image.width() / canvas.width()
    at = image.pixelColor(int(share * canvas.width() * ratio), int(0.75 * canvas.height() * ratio))
    return at.red(), at.green(), at.blue()


def turn_on(controller: Any, window: Any, app: Any) -> Any:
    controller.panel.controls.map_bar.swipe_button.setChecked(True)
    canvas = window.canvas
    canvas.refresh()
    wait(app, lambda: not canvas.isDrawing() and controller.swipe.item.image is not None)
    return controller.swipe.item


def test_neighbor_is_the_nearest_date_as_expected(compared: Any) -> None:
    model = compared.panel.model
    found, series = model.detection(), model.series()
    good = [bool(t and not f) for t, f in zip(found.tested, found.flagged, strict=True)]
    passed_over = 0
    for row in range(len(series)):
        others = [one for one in range(len(series)) if good[one] and one != row]
        before = [one for one in others if one < row]
        wanted = before[-1] if before else others[0]
        assert model.clear_neighbor(series.site, row) == wanted
        passed_over += bool(found.flagged[wanted + 1 : row].any())
    assert passed_over > 0


def test_left_of_the_line_is_the_date_before(compared: Any, window: Any, app: Any) -> None:
    item = turn_on(compared, window, app)
    assert colors(compared, window, 0.25) == RED
    assert colors(compared, window, 0.75) == BLUE
    series = compared.panel.model.series()
    days = [str(series.times[one].astype("datetime64[D]")) for one in compared.rows]
    assert list(item.labels) == days
    compared.panel.controls.map_bar.swipe_button.setChecked(False)
    app.processEvents()
    assert colors(compared, window, 0.25) == BLUE
    assert compared.swipe.item is None


def drag(app: Any, view: Any, x: int, y: int) -> None:
    """Move the mouse with its left button held."""
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    at = QPointF(x, y)
    app.sendEvent(view, QMouseEvent(QEvent.Type.MouseMove, at, at, left, left, none))


def test_line_is_moved_by_the_mouse_and_the_tool_is_not(
    compared: Any, window: Any, app: Any
) -> None:
    item = turn_on(compared, window, app)
    canvas, clicks = window.canvas, []
    compared.panel.controls.pick_button.setChecked(True)
    canvas.mapTool().canvasClicked.connect(lambda *_click: clicks.append(1))
    view, high = canvas.viewport(), canvas.height() // 2
    start_x, end = round(item.place()), round(0.1 * canvas.width())
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(start_x, high))
    drag(app, view, end, high)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(end, high))
    app.processEvents()
    assert item.share == pytest.approx(0.1, abs=0.01)
    assert colors(compared, window, 0.25) == BLUE
    assert colors(compared, window, 0.05) == RED
    assert clicks == []
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(0.6 * canvas.width()), high))
    assert clicks == [1]
    assert item.share == pytest.approx(0.1, abs=0.01)


def test_left_side_follows_the_map(compared: Any, window: Any, app: Any) -> None:
    item = turn_on(compared, window, app)
    window.canvas.setExtent(QgsRectangle(-2000, 100, -1200, 900))  # beside the images
    assert item.image is None
    window.canvas.refresh()
    wait(app, lambda: item.image is not None and not window.canvas.isDrawing())
    assert colors(compared, window, 0.25) == (255, 255, 255)


def test_date_that_is_kept_stays_on_the_left(compared: Any, window: Any, app: Any) -> None:
    turn_on(compared, window, app)
    panel = compared.panel
    keep = panel.controls.map_bar.swipe_button.menu().actions()[1]
    keep.trigger()
    wait(app, lambda: colors(compared, window, 0.25) == BLUE)
    panel.choose(panel.model.site, compared.rows[0])
    wait(app, lambda: compared.swipe._after == compared.layers[0].id())
    assert compared.swipe._before == compared.layers[1].id()


def test_date_without_an_image_is_told(compared: Any, window: Any, app: Any) -> None:
    turn_on(compared, window, app)
    panel = compared.panel
    panel.choose(panel.model.site, 0)
    assert compared.swipe.item is None
    day = str(panel.model.series().times[0].astype("datetime64[D]"))
    assert window.bar.currentItem().text().startswith("The project has no image of")
    neighbor = panel.model.clear_neighbor(panel.model.site, 0)
    assert any(
        str(panel.model.series().times[one].astype("datetime64[D]"))
        in window.bar.currentItem().text()
        for one in (0, neighbor)
    ), day


def test_removed_image_takes_the_line_away(compared: Any, window: Any, app: Any) -> None:
    turn_on(compared, window, app)
    QgsProject.instance().removeMapLayer(compared.layers[0].id())
    assert compared.swipe.item is None
