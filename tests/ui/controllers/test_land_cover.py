# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel of land cover on a real map canvas: layers, clicks, samples and pixels on the map."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QImage, QPainter

from calval_toolbox.core.classification.demo import DemoFiles
from calval_toolbox.core.report import palette
from calval_toolbox.ui.controllers.land_cover import LandCoverController

LEFT, TOP = 500_000.0, 4_800_000.0


@pytest.fixture
def linked(
    start: Callable[[], Any], window: Any, land: ModuleType, app: Any, tmp_path: Path
) -> Any:
    """The controller of an open panel; the whole case is on the map."""
    files = land.write_case(tmp_path)
    controllers = start()
    layers = [
        QgsRasterLayer(files[name], name)
        for name in ("stack", "days", "confidence", "map", "second")
    ]
    layers.append(QgsVectorLayer(files["samples"], "samples", "ogr"))
    QgsProject.instance().addMapLayers(layers)
    window.canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:32631"))
    window.canvas.setExtent(layers[0].extent())
    controllers.open("land_cover")
    app.processEvents()
    return controllers.docks.controllers["land_cover"]


def click(linked: Any, x: float, y: float) -> None:
    """A click on the map while the panel wants one."""
    linked.panel.controls.pick_button.setChecked(True)
    linked.tool._click(QgsPointXY(x, y), Qt.MouseButton.LeftButton)


def test_layers_are_found_by_what_they_are(linked: Any) -> None:
    model = linked.panel.model
    names = {kind: list(found.values()) for kind, found in model.offered.items()}
    assert names == {
        "samples": ["samples"], "stack": ["stack"], "days": ["days"],
        "classes": ["map", "second"], "confidence": ["confidence"],
    }  # fmt: skip
    assert Path(model.model_path).name == "model.npz"
    assert len(model.view) == 135


def dark_around(window: Any, point: QgsPointXY) -> int:
    """How many pixels within 12 of a place on the canvas have the color of marks."""
    image = window.canvas.grab().toImage()
    at = window.canvas.getCoordinateTransform().transform(point)
    span = range(-12, 13)
    return sum(
        image.pixelColor(round(at.x()) + dx, round(at.y()) + dy).name() == palette.INK
        for dx in span for dy in span
    )  # fmt: skip


def test_a_click_draws_the_pixel_and_marks_it(
    linked: Any, window: Any, land: ModuleType, app: Any
) -> None:
    click(linked, LEFT + 305.0, TOP - 205.0)
    pixel = linked.panel.model.pixel
    assert (pixel.label, pixel.confidence) == ("maize", 90.0)
    assert pixel.values == pytest.approx(land.season(3), abs=5 * land.NOISE)
    app.processEvents()
    (marked,) = linked.points.points("pixel")
    assert dark_around(window, marked) > 10
    assert marked.distance(QgsPointXY(LEFT + 305.0, TOP - 205.0)) < 0.1
    linked.panel.signature.picked.emit(-1)
    assert window.flashed[-1] == pytest.approx((LEFT + 305.0, TOP - 205.0), abs=0.1)


def test_samples_of_a_cell_are_marked_on_the_map(
    linked: Any, window: Any, land: ModuleType, app: Any
) -> None:
    panel = linked.panel
    panel.body.show_page(panel.confusion)
    panel.confusion.cell_chosen.emit(1, 0)
    points = linked.points.points("samples")
    assert len(points) == land.WRONG
    app.processEvents()
    for point in points:
        assert dark_around(window, point) > 10
        assert LEFT + 200.0 < point.x() < LEFT + 300.0
        assert TOP - 100.0 < point.y() < TOP
    panel.controls.clear_button.click()
    assert linked.points.points("samples") == []


def test_pixels_of_a_cell_are_painted_where_they_are(linked: Any, window: Any, app: Any) -> None:
    panel = linked.panel
    panel.body.show_page(panel.comparison)
    panel.comparison.cell_chosen.emit(0, 1)
    picture = linked.pixels._picture
    image = picture.image
    box = window.canvas.extent()
    width, height = image.width(), image.height()
    on = [
        (column, row)
        for column in range(0, width, 3) for row in range(0, height, 3)
        if image.pixelColor(column, row).name() == palette.INK
    ]  # fmt: skip
    assert on
    x = np.array([box.xMinimum() + (one[0] + 0.5) * box.width() / width for one in on])
    y = np.array([box.yMaximum() - (one[1] + 0.5) * box.height() / height for one in on])
    assert x.min() > LEFT
    assert x.max() < LEFT + 100.0
    assert y.max() < TOP - 300.0
    assert y.min() > TOP - 400.0
    share = len(on) * 9 * box.width() * box.height() / (width * height)
    assert share == pytest.approx(100 * 100.0, rel=0.1)
    painted = QImage(width, height, QImage.Format.Format_ARGB32)
    painted.fill(Qt.GlobalColor.white)
    painter = QPainter(painted)
    picture.paint(painter)
    painter.end()
    column, row = on[len(on) // 2]
    assert painted.pixelColor(column, row).name() == palette.INK


def test_the_picture_follows_the_view(linked: Any, window: Any) -> None:
    panel = linked.panel
    panel.body.show_page(panel.comparison)
    panel.comparison.cell_chosen.emit(0, 1)
    window.canvas.setExtent(QgsRectangle(LEFT + 10, TOP - 390, LEFT + 90, TOP - 310))
    assert linked.pixels.rest.isActive()
    linked.pixels.rest.stop()
    linked.pixels.ask()
    image = linked.pixels.image
    middle = image.pixelColor(image.width() // 2, image.height() // 2)
    assert middle.name() == palette.INK
    click(linked, LEFT + 505.0, TOP - 205.0)
    assert panel.model.pair == (2, 2)
    panel.controls.clear_button.click()
    assert linked.pixels.image is None


def test_a_project_that_is_cleared_starts_no_task(
    linked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """QGIS clears the project when it ends, and asks about tasks that are at work."""
    asked: list[str] = []
    monkeypatch.setattr(linked.runner, "run", lambda title, *_rest: asked.append(title))
    linked.panel.restore({**linked.panel.state(), "opened": {}})
    asked.clear()
    QgsProject.instance().clear()
    assert asked == []
    assert linked.panel.model.view is None


def test_closing_takes_all_marks_away(linked: Any, window: Any) -> None:
    click(linked, LEFT + 305.0, TOP - 205.0)
    linked.panel.body.show_page(linked.panel.comparison)
    linked.panel.comparison.cell_chosen.emit(0, 1)
    before = len(window.canvas.scene().items())
    linked.close()
    assert len(window.canvas.scene().items()) <= before - 2


def test_the_example_is_put_on_the_map(
    start: Callable[[], Any], window: Any, land: ModuleType, app: Any, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    files = land.write_case(tmp_path)
    truth = str(shutil.copy(files["map"], tmp_path / "truth.tif"))
    demo = DemoFiles(
        (files["stack"],), (files["days"],), files["samples"], files["model"], files["map"],
        files["confidence"], files["second"], truth,
    )  # fmt: skip
    monkeypatch.setattr(f"{LandCoverController.__module__}.write_demo", lambda *_: demo)
    controllers = start()
    controllers.open("land_cover")
    linked = controllers.docks.controllers["land_cover"]
    linked.panel.example_wanted.emit()
    app.processEvents()
    names = sorted(
        Path(one.source().split("|")[0]).name for one in QgsProject.instance().mapLayers().values()
    )
    assert len(names) == len(set(names)) == 7
    assert not linked.panel.model.is_empty
    assert linked.panel.notice.text() == ""
    tree = QgsProject.instance().layerTreeRoot()
    names = [one.name().removesuffix(" (simulated example)") for one in tree.layerOrder()]
    assert names[:5] == ["Samples", "Regularized map", "Map", "Confidence", "Truth"]
    seen = [tree.findLayer(one).isVisible() for one in tree.layerOrder()]
    assert seen == [True] * 3 + [False] * 4
    linked.panel.example_wanted.emit()
    app.processEvents()
    assert len(QgsProject.instance().mapLayers()) == 7
