# SPDX-License-Identifier: GPL-3.0-or-later
"""The layer of sites by their residuals: what core says of the chosen date, and it follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from qgis.core import QgsExpression, QgsProject, QgsRenderContext, QgsVectorLayer

from calval_toolbox.core.anomalies.demo import demo_sites
from calval_toolbox.core.anomalies.site_residuals import site_residuals
from calval_toolbox.ui.anomalies.inputs import Entry, SeriesInputs


@pytest.fixture
def shown(start: Callable[[], Any]) -> Any:
    """The controller, with four sites and an anomaly chosen; the map is wanted."""
    controllers = start()
    panel = controllers.open("anomalies").content
    entries = tuple(Entry(one.series) for one in demo_sites())
    panel.show_inputs(SeriesInputs("memory", entries))
    panel.step(1)
    panel.controls.map_bar.residual_button.setChecked(True)
    return controllers.docks.controllers["anomalies"]


def layers() -> list[QgsVectorLayer]:
    return list(QgsProject.instance().mapLayers().values())


def truth(panel: Any) -> Any:
    model = panel.model
    site, row = model.chosen
    series = [one.series for one in model.entries.values()]
    found = [model.detection(one.site) for one in series]
    band = model.bands[0]
    z = [f.z[:, s.bands.index(band)] for f, s in zip(found, series, strict=True)]
    return site_residuals(series, found, z, model.series(site).times[row], band)


def assert_shows(layer: QgsVectorLayer, table: Any) -> None:
    rows = {one["site"]: one for one in layer.getFeatures()}
    assert set(rows) == set(table["site"])
    for place, site in enumerate(table["site"]):
        z = table["z"][place]
        assert (
            (rows[site]["z"] in (None,) or not rows[site]["z"])
            if np.isnan(z)
            else (rows[site]["z"] == pytest.approx(z))
        )
        assert rows[site]["flagged"] == int(table["flagged"][place])
        assert rows[site]["status"] == table["status"][place]


def test_layer_holds_the_chosen_date_and_follows_it(shown: Any) -> None:
    panel = shown.panel
    (layer,) = layers()
    assert_shows(layer, truth(panel))
    first = layer.name()
    day = str(panel.model.series().times[panel.model.chosen[1]].astype("datetime64[D]"))
    assert first == f"z of {panel.model.bands[0]}, {day}"
    for _ in range(4):
        panel.step(1)
    assert layers() == [layer]
    assert layer.name() != first
    assert_shows(layer, truth(panel))
    panel.show_bands(["B02"])
    panel.flush()
    assert layer.name().startswith("z of B02")
    assert_shows(layer, truth(panel))
    panel.controls.map_bar.residual_button.setChecked(False)
    assert layers() == []


def test_colors_follow_the_residual_and_untested_sites_are_gray(shown: Any) -> None:
    (layer,) = layers()
    renderer, context = layer.renderer(), QgsRenderContext()
    renderer.startRender(context, layer.fields())
    colors = {}
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        symbol = renderer.originalSymbolsForFeature(feature, context)[0]  # then that of ELSE
        colors[feature["site"]] = (feature["z"], symbol.color())
    renderer.stopRender(context)
    for z, color in colors.values():
        if isinstance(z, float):
            assert z > -1 or color.blue() > color.red()
            assert z < 1 or color.red() > color.blue()
        else:
            assert color.red() == color.green() == color.blue()
    text = QgsExpression(layer.labeling().settings().fieldName)
    assert not text.hasParserError()


def test_layer_that_was_removed_comes_back_with_the_next_date(shown: Any) -> None:
    QgsProject.instance().removeAllMapLayers()
    shown.panel.step(1)
    (layer,) = layers()
    assert_shows(layer, truth(shown.panel))


def test_without_a_date_the_panel_says_what_to_do(start: Callable[[], Any], window: Any) -> None:
    panel = start().open("anomalies").content
    panel.show_inputs(SeriesInputs("memory", (Entry(demo_sites()[0].series),)))
    panel.controls.map_bar.residual_button.setChecked(True)
    assert "Choose a date" in window.bar.currentItem().text()
    assert layers() == []
    panel.step(1)
    assert len(layers()) == 1
