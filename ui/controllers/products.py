# SPDX-License-Identifier: GPL-3.0-or-later
"""The product behind a point of a plot, on the map: made visible where it is a layer, else loaded
from the place that a catalog in the project names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from qgis.core import (
    QgsExpression,
    QgsFeatureRequest,
    QgsLayerTreeGroup,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QObject

from ..example import Step
from ..text import tr
from .algorithms import AlgorithmRunner
from .common import own_folder
from .layers import CATALOG_FIELDS, plain, tables_with

GROUP_MARK = "calval/products"
Ready = Callable[[QgsRasterLayer | None], None]


class ProductShower(QObject):
    """Shows products by their name (last part of their path); ``tell`` gets why one cannot be
    loaded, once per product.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__()
        self._tell, self._runner = tell, AlgorithmRunner()
        self._waiting: list[tuple[str, Ready]] = []
        self._told: set[str] = set()
        self._loading = self._wanted = ""

    def show(self, product: str) -> None:
        """Put ``product`` on the map; nothing happens where the project does not know it."""
        self._wanted = product
        if not product or reveal(product) or self._loading:
            return
        path, catalog = catalogued(product)
        if catalog is not None:
            self._load(product, path, catalog)

    def image(self, product: str, ready: Ready) -> None:
        """Give ``ready`` an image of ``product``: a layer of the project, or one that is added
        without being switched on; None where the project does not know it.
        """
        layer = image_of(product)
        if layer is None and self._loading:
            self._waiting.append((product, ready))
            return
        path, catalog = ("", None) if layer is not None else catalogued(product)
        if catalog is None:
            ready(layer)
        else:
            self._load(product, path, catalog, ready)

    def close(self) -> None:
        """Load nothing more."""
        self._wanted, self._waiting = "", []

    def _load(
        self, product: str, path: str, catalog: QgsVectorLayer, ready: Ready | None = None
    ) -> None:
        target = target_of(product)
        catalog_id, self._loading = catalog.id(), product

        def loaded() -> None:
            wanted = self._wanted == product
            if wanted or ready is not None:
                add_product(target, product, catalog_id, wanted)
            if ready is not None:
                ready(image_of(product))
            self._go_on(product)

        def failed(reason: str) -> None:
            self._fail(product, reason)
            if ready is not None:
                ready(None)
            self._go_on(product)

        # A virtual raster copies nothing: it is there at once, however large the product is.
        parameters = {"INPUT": path, "MASK_POLICY": "none", "OUTPUT": str(target)}
        self._runner.run(Step("calval:loadproduct", parameters), loaded, failed)

    def _fail(self, product: str, reason: str) -> None:
        if product not in self._told:
            self._told.add(product)
            self._tell(tr("{} cannot be shown on the map: {}").format(product, reason))

    def _go_on(self, done: str) -> None:
        """Where another point was clicked meanwhile, its product is next."""
        self._loading = ""
        if self._wanted != done:
            self.show(self._wanted)
        waiting, self._waiting = self._waiting, []
        for product, ready in waiting:
            self.image(product, ready)


def target_of(product: str) -> Path:
    """Where the virtual raster of ``product`` lies."""
    target = own_folder("products") / f"{file_name(product)}.vrt"
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def image_of(product: str) -> QgsRasterLayer | None:
    """An image of ``product`` among the layers of the project."""
    for layer in QgsProject.instance().mapLayers().values() if product else ():
        if isinstance(layer, QgsRasterLayer) and names(layer.source(), product):
            return layer
    return None


def reveal(product: str) -> bool:
    """Switch on the layers made of ``product``, with the groups above them; whether one of them is
    an image.
    """
    tree = QgsProject.instance().layerTreeRoot()
    found = False
    for layer in QgsProject.instance().mapLayers().values():
        node = tree.findLayer(layer.id())
        if node is not None and names(layer.source(), product):
            node.setItemVisibilityCheckedParentRecursive(True)
            found = found or isinstance(layer, QgsRasterLayer)
    return found


def names(source: str, product: str) -> bool:
    """Whether a part of the path of a layer's ``source`` is ``product``, or a file called so but
    for its suffix.
    """
    parts = set(re.split(r'[\\/:|?"]+', source))
    wanted = {product, file_name(product)}
    return not wanted.isdisjoint(parts | {part.rpartition(".")[0] for part in parts})


def file_name(product: str) -> str:
    """The name of a product as that of a file, without a suffix."""
    return re.sub(r"[^\w.-]", "_", product)


def catalogued(product: str) -> tuple[str, QgsVectorLayer | None]:
    """Path of ``product`` in a catalog of the project, and that catalog; ("", None) where there is
    none.
    """
    like = QgsExpression.quotedValue(f"%{product}%")  # "_" fits any letter: compared below
    request = QgsFeatureRequest(QgsExpression(f'"path" LIKE {like}'))
    for layer in tables_with(CATALOG_FIELDS):
        for feature in layer.getFeatures(request):
            path = str(plain(feature["path"]) or "")
            if path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1] == product:
                return path, layer
    return "", None


def add_product(path: Path, name: str, catalog: str, shown: bool = True) -> None:
    """Put an image into the group of products right above the catalog (a layer's id), whose many
    footprints would cover it. One image at a time is visible there: this one, where it is
    ``shown``.
    """
    layer = QgsRasterLayer(str(path), name)
    if not layer.isValid():
        return
    group = _group(catalog)
    QgsProject.instance().addMapLayer(layer, False)
    node = group.insertLayer(0, layer)
    if shown:
        node.setItemVisibilityCheckedParentRecursive(True)
    else:
        node.setItemVisibilityChecked(False)


def _group(catalog: str) -> QgsLayerTreeGroup:
    root = QgsProject.instance().layerTreeRoot()
    for group in root.findGroups(True):
        if group.customProperty(GROUP_MARK):
            return group
    node = root.findLayer(catalog)
    parent = root if node is None else node.parent()
    place = 0 if node is None else parent.children().index(node)
    group = parent.insertGroup(place, tr("Products of picked points"))
    group.setCustomProperty(GROUP_MARK, True)
    group.setIsMutuallyExclusive(True)
    return group
