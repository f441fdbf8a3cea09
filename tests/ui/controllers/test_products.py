# SPDX-License-Identifier: GPL-3.0-or-later
"""The product behind a picked match-up: made visible, or loaded from a catalog of the project."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsApplication, QgsFeatureRequest, QgsProject, QgsRasterLayer, QgsVectorLayer

from calval_toolbox.core.aot.simulate import write_demo
from calval_toolbox.core.io.products.catalog import catalog_table
from calval_toolbox.core.io.products.discovery import find_products
from calval_toolbox.core.io.tables import write_table


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog of the simulated products."""
    folder = tmp_path_factory.mktemp("products")
    write_demo(folder / "data")
    products, _ = find_products([str(folder / "data")])
    path = folder / "products.gpkg"
    write_table(catalog_table(products[:3], []), path)
    return path


@pytest.fixture
def shower(
    window: Any, calval_provider: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Any:
    from calval_toolbox.ui.controllers.products import ProductShower

    monkeypatch.setattr(QgsApplication, "qgisSettingsDirPath", lambda: str(tmp_path))
    told: list[str] = []
    made = ProductShower(told.append)
    made.told = told
    return made


def on_map(catalog: Path) -> list[str]:
    """Put the catalog on the map, between two layers; the names of its products."""
    layer = QgsVectorLayer(str(catalog), "Products", "ogr")
    above = QgsVectorLayer("Point", "Above", "memory")
    below = QgsVectorLayer("Point", "Below", "memory")
    root = QgsProject.instance().layerTreeRoot()
    for one in (above, layer, below):
        QgsProject.instance().addMapLayer(one, False)
        root.addLayer(one)
    return [Path(feature["path"]).name for feature in layer.getFeatures()]


def wait(app: Any, ready: Any) -> None:
    end = time.monotonic() + 120
    while not ready() and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.01)
    assert ready()


def images() -> dict[str, bool]:
    """The images of the project: name, whether visible."""
    root, layers = QgsProject.instance().layerTreeRoot(), QgsProject.instance().mapLayers().values()
    return {
        one.name(): root.findLayer(one.id()).isVisible()
        for one in layers
        if isinstance(one, QgsRasterLayer)
    }


def test_product_is_loaded_above_its_catalog(shower: Any, app: Any, catalog: Path) -> None:
    first, second, _ = on_map(catalog)
    shower.show(first)
    wait(app, lambda: images() == {first: True})
    layer = QgsProject.instance().mapLayersByName(first)[0]
    assert layer.isValid()
    assert layer.bandCount() >= 3
    assert layer.renderer().type() == "multibandcolor"
    root = QgsProject.instance().layerTreeRoot()
    names = [node.name() for node in root.children()]
    assert (names[0], names[2:]) == ("Above", ["Products", "Below"])
    assert root.children()[1].findLayer(layer.id()) is not None
    shower.show(second)
    wait(app, lambda: images() == {first: False, second: True})
    shower.show(first)
    assert images() == {first: True, second: False}
    assert shower.told == []


def test_last_of_quick_clicks_is_shown(shower: Any, app: Any, catalog: Path) -> None:
    names = on_map(catalog)
    for name in names:
        shower.show(name)
    wait(app, lambda: names[-1] in images())
    assert images() == {names[-1]: True}


def test_hidden_product_is_made_visible_with_its_group(
    shower: Any, catalog: Path, app: Any
) -> None:
    name = on_map(catalog)[0]
    shower.show(name)
    wait(app, lambda: name in images())
    root = QgsProject.instance().layerTreeRoot()
    group = root.findLayer(QgsProject.instance().mapLayersByName(name)[0].id()).parent()
    group.setItemVisibilityChecked(False)
    assert images() == {name: False}
    shower.show(name)
    assert images() == {name: True}


def test_product_that_is_gone_is_told_once(
    shower: Any, app: Any, tmp_path: Path, catalog: Path
) -> None:
    on_map(catalog)
    layer = QgsProject.instance().mapLayersByName("Products")[0]
    part = layer.materialize(QgsFeatureRequest())
    part.startEditing()
    lost = str(tmp_path / "SENTINEL2A_LOST")
    part.changeAttributeValue(next(part.getFeatures()).id(), part.fields().indexOf("path"), lost)
    part.commitChanges()
    QgsProject.instance().addMapLayer(part)
    shower.show("SENTINEL2A_LOST")
    wait(app, lambda: shower.told)
    assert "SENTINEL2A_LOST cannot be shown on the map" in shower.told[0]
    shower.show("SENTINEL2A_LOST")
    wait(app, lambda: not shower._loading)
    assert len(shower.told) == 1
    assert images() == {}


def test_unknown_product_changes_nothing(shower: Any, catalog: Path) -> None:
    name = on_map(catalog)[0]
    for other in ("", "NOTHING", name[:-1], name.replace("_", "-", 1)):
        shower.show(other)
    assert not shower._loading
    assert images() == {}
    assert shower.told == []


@pytest.mark.parametrize(
    ("source", "product", "same"),
    [
        ("/data/S2A_1/S2A_1_B4.tif", "S2A_1", True),
        ("/data/S2A_10/S2A_10_B4.tif", "S2A_1", False),
        ("/data/S2A_1_old/B4.tif", "S2A_1", False),
        ("/vsizip//data/S2A_1.zip/S2A_1/B4.tif", "S2A_1.zip", True),
        ("C:\\data\\S2A_1\\B4.tif", "S2A_1", True),
        ("/own/products/S2A_1.SAFE.vrt", "S2A_1.SAFE", True),
        ("/own/products/i_20200703.tif.vrt", "i_20200703.tif", True),
        ("/own/products/odd_name.vrt", "odd name", True),
        ('NETCDF:"/data/field.nc":red', "field.nc", True),
        ("/data/S2A_1.gpkg|layername=x", "S2A_1.gpkg", True),
        ("/data/x_i_20200703.tif", "i_20200703.tif", False),
        ("/data/B4.tif", "B4.ti", False),
    ],
)
def test_layers_of_a_product_by_parts_of_their_path(source: str, product: str, same: bool) -> None:
    from calval_toolbox.ui.controllers.products import names

    assert names(source, product) is same


def test_product_whose_name_begins_another_one_is_not_taken_for_it(
    window: Any, tmp_path: Path
) -> None:
    from osgeo import gdal

    from calval_toolbox.ui.controllers.products import reveal

    path = tmp_path / "i_20200703_v2.tif"
    gdal.GetDriverByName("GTiff").Create(str(path), 2, 2).FlushCache()
    layer = QgsRasterLayer(str(path), "v2")
    assert layer.isValid()
    QgsProject.instance().addMapLayer(layer)
    assert not reveal("i_20200703")
    assert reveal("i_20200703_v2.tif")
