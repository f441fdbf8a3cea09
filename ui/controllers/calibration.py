# SPDX-License-Identifier: GPL-3.0-or-later
"""Links the panel of calibrations with the map and the layers, both ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsDataSourceUri, QgsExpression, QgsProject, QgsVectorLayer

from ...connections import address_of, connection_names, resolve_database
from ...core.calibration import budget_view, impact_curves
from ...core.calibration.demo import write_demo
from ...core.progress import Progress
from ..records import is_database_source, split_run
from ..text import tr
from .common import STYLES, own_folder
from .layers import MEMORY, fetch_rows, same_source, source_of, tables_with
from .panel import PanelController

COEFFICIENTS = {"site", "time", "band", "a_k", "status"}
DATABASE = {"site", "run_id", "a_k"}  # of the map of results inside a calibration database
IMPACT, BUDGET = set(impact_curves.NEEDED), set(budget_view.NEEDED)
STYLE = "calibration_coefficients"


class CalibrationController(PanelController):
    """The panel "Calibration" in the window of QGIS."""

    KEY = "calibration"

    @staticmethod
    def title() -> str:
        """What the dock and the menu call the panel."""
        return tr("Calibration")

    def make(self) -> Any:
        """The widget."""
        from ..calibration.panel import CalibrationPanel

        panel = CalibrationPanel(self.runner, fetch_rows, resolve_database)
        panel.connections = connection_names
        return panel

    def link(self) -> None:
        """What is clicked in the plots is shown on the map; a kept verdict is seen there."""
        self.panel.pair_picked.connect(self.show_pair)
        self.panel.site_picked.connect(self.show_site)
        self.panel.judged.connect(self._reload)

    def layers_changed(self) -> None:
        """Offer the tables of coefficients of the project, and the databases behind its layers."""
        offered = [
            (layer.name(), source_of(layer))
            for columns in (COEFFICIENTS, IMPACT, BUDGET) for layer in tables_with(columns)
        ]  # fmt: skip
        known = {source for _, source in offered}
        for layer in tables_with(DATABASE):
            source = _database_behind(layer)
            if source and source not in known:
                known.add(source)
                offered.append((Path(source).name if Path(source).is_file() else source, source))
        self.panel.offer_layers(offered)

    def load_example(self) -> None:
        """Simulate two sensors over three deserts, once, and show them here and on the map."""
        folder = own_folder("example_calibration")
        database, results = folder / "calibration.gpkg", folder / "coefficients.gpkg"

        def work(progress: Progress) -> None:
            if not (database.is_file() and results.is_file()):
                write_demo(database, results, progress)

        self.host.tell(tr("Simulating two sensors over three deserts…"))
        self.runner.run(
            tr("Simulate a calibration"),
            work,
            lambda _nothing: self._show_example(database, results),
            lambda error: self.host.tell(str(error)),
        )

    def nothing_here(self) -> str:
        """What is said where a click on the map meets nothing."""
        return tr("There is no site of these coefficients here.")

    def _show_example(self, database: Path, results: Path) -> None:
        if not self._layers(str(results)):
            layer = QgsVectorLayer(str(results), tr("Coefficients (simulated example)"), "ogr")
            if layer.isValid():
                layer.loadNamedStyle(str(STYLES / f"{STYLE}.qml"))
                QgsProject.instance().addMapLayer(layer)
        self.panel.open(str(database))

    def _layers(self, source: str) -> list[QgsVectorLayer]:
        """The layers of the file behind ``source`` whose rows belong to sites."""
        if is_database_source(source):
            wanted = split_run(source)[0]
            return [one for one in tables_with(DATABASE) if _database_behind(one) == wanted]
        return [one for one in tables_with({"site"}) if same_source(source_of(one), source)]

    def _reload(self, source: str) -> None:
        for layer in self._layers(source):
            layer.dataProvider().reloadData()
            layer.updateFields()
            layer.triggerRepaint()

    def show_pair(self, picked: Any) -> None:
        """Select the site of a pair on the map (in tables of coefficients its rows only), move the
        map there and flash it, and show the two products where the project knows them.
        """
        if picked is None:
            return
        layers = self._layers(picked.source) or tables_with(COEFFICIENTS)
        for layer in layers:
            where = f'"site" = {QgsExpression.quotedValue(picked.site)}'
            if "time" in layer.fields().names():
                texts = ", ".join(QgsExpression.quotedValue(one) for one in picked.time_texts())
                where += f' AND "time" IN ({texts})'
            layer.selectByExpression(where)
        if not self.show_place(picked.longitude, picked.latitude):
            for layer in layers:  # without columns of the place its points tell it
                self.host.map.show_selected(layer)
        for product in (picked.reference_product, picked.product):
            self.host.products.show(product)

    def show_site(self, site: str) -> None:
        """Show a site that was picked in the panel or on the map."""
        if site:
            self.show_place(*self.panel.model.place(site))


def _database_behind(layer: QgsVectorLayer) -> str:
    """The source of the calibration database that a layer is of, "" where it is of none."""
    if layer.providerType() == "postgres":
        return address_of(QgsDataSourceUri(layer.source()))
    path = source_of(layer).split("|")[0]
    return "" if path.startswith(MEMORY) else path
