# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel of calibrations opens: tables, runs of databases in files and on servers, studies
beside them; and how it opens them again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from qgis.PyQt.QtWidgets import QInputDialog

from ..records import CONNECTION, database_text, is_database_source, is_there, split_run
from ..text import tr
from . import memory
from .inputs import Inputs, Study, load, run_source
from .parts import PanelParts


class Opening(PanelParts):
    """The parts, and what is put into them."""

    def prepare(self, source: str) -> Any:
        """The rows of a layer without a file, or the database on a server."""
        if is_database_source(source):
            return self.resolve(database_text(source))
        return super().prepare(source)

    def read(self, source: str, prepared: Any, progress: Any) -> Inputs | Study:
        """The coefficients in a table or a database, or a study beside them."""
        return load(source, prepared, progress)

    def stop_reading(self) -> None:
        """Let go of what is being read, and of what the plots wait for."""
        super().stop_reading()
        self.late.forget()

    def take(self, inputs: Inputs | Study) -> None:
        """Put coefficients into the model and offer what they can be filtered by."""
        if isinstance(inputs, Study):
            self.model.set_study(inputs)
            self.impact.offer()
            return
        self.model.set_inputs(inputs)
        self.pair.forget_seen()
        self.bar.reason.clear()
        self.controls.offer(self.model)
        for plot in (self.histogram, self.trend, self.clouds):
            plot.offer()

    def show_source(self, inputs: Inputs | Study) -> None:
        """Name coefficients in the bar at the top; a study is brought to the front instead."""
        if isinstance(inputs, Study):
            page = self.impact if inputs is self.model.impact else self.budget
            self.body.show_page(page)
            shown = self.model.inputs
            if shown is not None:
                source = shown.source
                self.sources.keep_source(
                    split_run(source)[0] if is_database_source(source) else source
                )
                return
        if is_database_source(inputs.source):
            self.sources.show_source(split_run(inputs.source)[0], database_text(inputs.source))
            return
        super().show_source(inputs)

    def _databases(self) -> list[tuple[str, Callable[[], object]]]:
        """The databases on servers that can be opened: connections of QGIS, or an address."""
        found: list[tuple[str, Callable[[], object]]] = [
            (tr("PostgreSQL: {}").format(name), lambda name=name: self.open(CONNECTION + name))
            for name in self.connections()
        ]
        return [*found, (tr("Address of a PostgreSQL database…"), self._ask_address)]

    def _ask_address(self) -> None:
        text, wanted = QInputDialog.getText(
            self, tr("Open a calibration database"),
            tr(
                "Address, without a password (that comes from authcfg=ID of QGIS's authentication "
                "manager, PGPASSWORD or .pgpass):"
            ),
            text="postgresql://user@host:5432/name",
        )  # fmt: skip
        text = text.strip()
        if wanted and text:
            self.open(text if is_database_source(text) else CONNECTION + text)

    def _open_run(self, number: int) -> None:
        if self.model.inputs is not None:
            self.open(run_source(self.model.inputs.source, number))

    def state(self) -> dict[str, Any]:
        """Coefficients and studies."""
        if self.model.inputs is None and not memory.studies_of(self.model):
            return self._pending or {}
        return {**self.own_state(), "page": self.body.tabs.currentIndex()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show again the coefficients and the studies that ``state`` says."""
        super().restore(state)
        for source in memory.studies_in(state):
            if is_there(source):
                self._open_besides(source)

    def _open_besides(self, source: str) -> None:
        """Show a study, whatever is opened meanwhile."""

        def done(found: Inputs | Study) -> None:
            if isinstance(found, Study):
                self.take(found)
                self.stack.setCurrentWidget(self.content)
                self.unfit(self.impact, self.budget)
                self.redraw(self.impact, self.budget)

        self.runner.run(
            self.texts().task, lambda progress: self.read(source, None, progress), done,
            lambda _error: None,
        )  # fmt: skip
