# SPDX-License-Identifier: GPL-3.0-or-later
"""The least panel that can be made of the base: two plots that draw the text of a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QLabel, QWidget

from calval_toolbox.core.errors import InputError
from calval_toolbox.ui.body import Body
from calval_toolbox.ui.data_panel import DataPanel, PanelTexts
from calval_toolbox.ui.plots.frame import PlotFrame
from calval_toolbox.ui.sources import SourceTexts


class Buttons(QWidget):
    picking, copy, changed = pyqtSignal(bool), pyqtSignal(), pyqtSignal()


class Plot(PlotFrame):
    def __init__(self, model: Any) -> None:
        self.model, self.drawn, self.fitted = model, [], 0
        super().__init__("plot")
        self.add_plot("y", "x")
        self.ready()

    def draw(self) -> None:
        self.drawn.append(self.model.text)

    def fit(self) -> None:
        self.fitted += 1


class Least(DataPanel):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.model = SimpleNamespace(inputs=None, text="")
        self.buttons, self.refined = Buttons(), 0
        self.first, self.second = Plot(self.model), Plot(self.model)
        pages = [("second", self.second), ("third", QLabel("3"))]
        body = Body(("first", self.first), pages, [self.buttons])
        self.build(body, (self.first, self.second), self.buttons)

    def texts(self) -> Any:
        sources = SourceTexts("choose", "offered", "open", "kinds")
        return PanelTexts(sources, "title", "text", "open", "reading", "task", "no command")

    def read(self, source: str, table: Any, progress: Any) -> Any:
        text = Path(source).read_text(encoding="utf-8")
        if text == "bad":
            raise InputError("The text is bad.")
        return SimpleNamespace(source=source, text=text)

    def take(self, inputs: Any) -> None:
        self.model.inputs, self.model.text = inputs, inputs.text

    def show_all(self) -> None:
        self.say("")
        self.changed()

    def own_state(self) -> dict[str, Any]:
        return {"source": self.model.inputs.source, "text": self.model.text}

    def recall(self, state: Mapping[str, Any]) -> bool:
        self.model.text = state["text"]
        return True

    def command(self) -> str:
        return f"run {self.model.text}" if self.model.inputs else ""

    def _refine(self) -> None:
        self.refined += 1
