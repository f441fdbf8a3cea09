# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a real QGIS window (``qgis --code``): looks at what the plugin added, then quits.

Environment: CALVAL_SEEN (JSON file for what was seen), CALVAL_GRAB (PNG of the window),
CALVAL_VISIT (``first``; ``second``: after a restart; ``linked``: plots and map with the example;
``series``: the panel of time series with its example; ``closing``: leave after work in threads that
QGIS had used before us).
"""

import json
import os
import time
import traceback
from pathlib import Path

import numpy as np
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer, QgsRectangle, QgsTask
from qgis.PyQt.QtCore import QPointF, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QApplication, QDockWidget, QToolButton
from qgis.utils import iface, loadPlugin, plugins, startPlugin, unloadPlugin

PLUGIN = "calval_toolbox"
LEFT = Qt.DockWidgetArea.LeftDockWidgetArea


def dock():
    """The panel, where there is one."""
    found = [d for d in iface.mainWindow().findChildren(QDockWidget) if "AOT" in d.windowTitle()]
    return found[0] if found else None


def look():
    """What the plugin has added to QGIS."""
    window = iface.mainWindow()
    provider = QgsApplication.processingRegistry().providerById("calval")
    menus = [a.text().replace("&", "") for a in iface.pluginMenu().actions() if a.menu()]
    return {
        "loaded": PLUGIN in plugins,
        "algorithms": len(provider.algorithms()) if provider else 0,
        "menu": "CalVal Toolbox" in menus,
        "button": window.findChild(QToolButton, "calval_button") is not None,
        "panel": dock() is not None and dock().isVisible(),
        "on_the_left": dock() is not None and window.dockWidgetArea(dock()) == LEFT,
    }


def first():
    """Open, close and reopen the panel; take the plugin out and put it in again."""
    window = iface.mainWindow()
    seen = {"start": look()}
    window.findChild(QAction, "calval_aot").trigger()
    settle()
    seen["opened"] = look()
    window.grab().save(os.environ["CALVAL_GRAB"])
    window.findChild(QAction, "calval_aot").trigger()
    settle()
    seen["closed"] = look()
    unloadPlugin(PLUGIN)
    settle()
    seen["unloaded"] = look()
    loadPlugin(PLUGIN)
    startPlugin(PLUGIN)
    settle()
    seen["again"] = look()
    window.findChild(QAction, "calval_aot").trigger()
    window.addDockWidget(LEFT, dock())
    settle()
    seen["moved"] = look()
    return seen


def second():
    """Only look: the panel has to be where it was left."""
    iface.mainWindow().grab().save(os.environ["CALVAL_GRAB"])
    return {"start": look()}


def linked():
    """Click points of the plots, with the mouse, and see what the map does."""
    canvas, panel = iface.mapCanvas(), example()
    matchups = panel.model.matchups
    rows = (matchups.site == "Beijing") & matchups.accepted
    row = int(np.flatnonzero(rows)[np.argmax(matchups.reference[rows])])
    product = str(matchups.extra["product"][row])
    longitude, latitude = panel.model.place("Beijing")
    seen = {"site": [longitude, latitude], "product": product}

    def look_at(x, y, half=2.0):
        canvas.setExtent(QgsRectangle(x - half, y - half, x + half, y + half))
        settle()
        return center()

    def center():
        return [canvas.center().x(), canvas.center().y()]

    def report(before):
        return {"before": before, "after": center(), "pixel": canvas.mapUnitsPerPixel()}

    far = look_at(0.0, 0.0)
    seen["pixel"] = canvas.mapUnitsPerPixel()
    click(panel.scatter, panel.scatter.plot, matchups.reference[row], matchups.satellite[row])
    seen["far"] = report(far)
    seen["picked"] = panel.model.site
    layer = QgsProject.instance().mapLayersByName("Match-ups")[0]
    seen["selected"] = [[one["site"], one["product"]] for one in layer.getSelectedFeatures()]
    wait(lambda: QgsProject.instance().mapLayersByName(product))
    seen["images"] = images()
    canvas.setExtent(QgsRectangle(longitude - 0.1, latitude - 0.1, longitude + 0.1, latitude + 0.1))
    rest()
    iface.mainWindow().grab().save(os.environ["CALVAL_GRAB"])
    panel.body.show_page(panel.series)
    settle()
    across = canvas.extent().width() / 2
    seconds = matchups.time[row].astype("datetime64[ms]").astype(float) / 1000
    for name, share in (("border", 0.95), ("inside", 0.5)):
        before = look_at(longitude - share * across, latitude, across)
        click(panel.series, panel.series.top, seconds, matchups.satellite[row])
        seen[name] = report(before)
    return seen


def series():
    """Click a date of the time series with the mouse, go on by key, and keep a verdict."""
    canvas, window = iface.mapCanvas(), iface.mainWindow()
    window.resize(1500, 950)
    window.findChild(QAction, "calval_anomalies").trigger()
    settle()
    panel = window.findChild(QDockWidget, "calval_anomalies").widget()
    panel.empty.buttons[1].click()
    wait(lambda: panel.model.inputs is not None)
    rest()
    panel.show_sites(list(panel.model.entries))
    wait(lambda: len(panel.timeline.rows[0].common.getData()[0]))
    layer = next(iter(QgsProject.instance().mapLayers().values()))
    seen = {
        "sites": sorted(panel.model.entries),
        "common": len(panel.timeline.rows[0].common.getData()[0]) // 2,
        "temporal": layer.temporalProperties().isActive(),
    }
    canvas.setExtent(QgsRectangle(-60.0, -60.0, -50.0, -50.0))
    rest()
    track = next(one for one in panel.timeline.tracks if one.series.site == "Morocco")
    one = track.series
    row = int(np.flatnonzero(panel.model.detection("Morocco").flagged)[1])
    at = one.times[row].astype("datetime64[ms]").astype(float) / 1000
    click(panel.timeline, panel.timeline.plots[track.row], at, track.values()[row])
    seen["chosen"] = [panel.model.chosen[0], panel.model.chosen[1] == row]
    seen["center"] = [canvas.center().x(), canvas.center().y()]
    seen["selected"] = sorted({f"{f['site']} {f['time']}" for f in layer.getSelectedFeatures()})
    seen["expected"] = [f"Morocco {one.times[row].astype('datetime64[s]')}Z"]
    QApplication.setActiveWindow(window)  # there is no window manager to do it
    panel.timeline.setFocus()
    settle()
    QTest.keyClick(panel.timeline, Qt.Key.Key_N)
    seen["next"] = panel.model.chosen != ("Morocco", row)
    panel.chosen.confirm.click()
    rest()
    layer.selectByExpression("\"verdict\" = 'confirmed'")
    seen["verdicts"] = layer.selectedFeatureCount()
    window.grab().save(os.environ["CALVAL_GRAB"])
    return seen


def closing():
    """Detect in threads that had looked into QGIS's authentication database, as its news do, and
    had ended for want of work: QGIS 3.40.6 alone crashes when it is closed after that.
    """
    pool = QgsApplication.taskManager().threadPool()
    expiry = pool.expiryTimeout()
    pool.setExpiryTimeout(100)  # instead of half a minute
    tasks = [start(lambda: QgsApplication.authManager().configIds())]
    rest()
    pool.setExpiryTimeout(expiry)
    iface.mainWindow().findChild(QAction, "calval_anomalies").trigger()
    settle()
    panel = iface.mainWindow().findChild(QDockWidget, "calval_anomalies").widget()
    panel.empty.buttons[1].click()
    wait(lambda: panel.model.inputs is not None)
    tasks += [start(lambda: time.sleep(0.2)) for _ in range(pool.maxThreadCount())]
    panel.show_sites(list(panel.model.entries))
    rest()
    found = [panel.model.detection(site) for site in panel.model.entries]
    return {"looked": len(tasks), "dates": [len(one.flagged) for one in found]}


def start(work):
    """Do ``work`` in a task of QGIS."""
    task = QgsTask.fromFunction("work", lambda _task: [work()], on_finished=lambda *_: None)
    QgsApplication.taskManager().addTask(task)
    return task


def example():
    """The panel with the example, on the scatter plot."""
    iface.mainWindow().findChild(QAction, "calval_example").trigger()
    wait(lambda: dock() is not None and dock().widget().model.matchups is not None)
    rest()
    panel = dock().widget()
    panel.body.show_page(panel.scatter)
    settle()
    return panel


def click(frame, plot, x, y):
    """Press and release the left button at a point of a plot."""
    place = plot.getViewBox().mapViewToScene(QPointF(float(x), float(y)))
    spot = frame.view.mapFromScene(place)
    settle()
    viewport = frame.view.viewport()
    QTest.mouseMove(viewport, spot)
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    settle()


def images():
    """The images of the project that are visible."""
    tree = QgsProject.instance().layerTreeRoot()
    layers = QgsProject.instance().mapLayers().values()
    rasters = [one for one in layers if isinstance(one, QgsRasterLayer)]
    return [one.name() for one in rasters if tree.findLayer(one.id()).isVisible()]


def wait(ready):
    """Let QGIS work until ``ready``, or a quarter of an hour."""
    end = time.monotonic() + 900
    while not ready() and time.monotonic() < end:
        QgsApplication.processEvents()
        time.sleep(0.02)


def rest():
    """Until no task runs and the map is drawn."""
    end = time.monotonic() + 1.0
    busy = QgsApplication.taskManager().countActiveTasks
    wait(lambda: time.monotonic() > end and not busy() and not iface.mapCanvas().isDrawing())


def settle():
    """Let Qt do what is waiting, deletions included."""
    for _ in range(5):
        QgsApplication.processEvents()
        QgsApplication.sendPostedEvents(None, 52)  # deferred deletions


def visit():
    """Write down what was seen, whatever happens, and leave."""
    try:
        visits = (first, second, linked, series, closing)
        seen = {one.__name__: one for one in visits}[os.environ["CALVAL_VISIT"]]()
    except Exception:
        seen = {"error": traceback.format_exc()}
    Path(os.environ["CALVAL_SEEN"]).write_text(json.dumps(seen, indent=1), encoding="utf-8")
    QgsProject.instance().clear()
    QgsProject.instance().setDirty(False)
    iface.actionExit().trigger()


iface.initializationCompleted.connect(lambda: QTimer.singleShot(1500, visit))
