# SPDX-License-Identifier: GPL-3.0-or-later
"""The help pages of the panels: one for each, and a word about everything that is on the screen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from qgis.PyQt.QtWidgets import QAbstractButton

from calval_toolbox.core.aot.expected_errors import EXPECTED_ERRORS
from calval_toolbox.core.help_pages import help_address
from calval_toolbox.ui.aot.envelopes import envelope_formula
from calval_toolbox.ui.aot.statistics import ROWS, _names
from calval_toolbox.ui.plots import items


@pytest.fixture(scope="module")
def page(repo_root: Path) -> str:
    text = (repo_root / "help" / "panels" / "aot.md").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", text)


def test_every_panel_has_a_page_without_network(app: Any, repo_root: Path) -> None:
    from calval_toolbox.ui.controllers.registry import PANELS

    for panel in PANELS:
        address = help_address(f"panels/{panel.KEY}")
        assert address.startswith("file:"), address
        assert (repo_root / "help" / "panels" / f"{panel.KEY}.md").is_file()
    assert help_address("panels/absent").startswith("https:")


def test_page_explains_all_controls(panel: Any, page: str) -> None:
    filters = panel.filters
    names = [slider.name.text() for slider in filters.sliders]
    form = filters._form
    names += [form.itemAt(row, form.ItemRole.LabelRole).widget().text() for row in range(3)]
    names += [panel.body.tabs.tabText(index) for index in range(panel.body.tabs.count())]
    names += [one.text() for one in filters.findChildren(QAbstractButton)]
    names += [one.text() for one in panel.scatter.findChildren(QAbstractButton)]
    names += [panel.sources.open_button.text(), _names()["slope"][0]]
    names += [_names()[key][0] for key in ROWS]
    assert len(names) > 20
    assert [name for name in names if f"*{name}*" not in page] == []


def test_page_explains_what_acts(page: str) -> None:
    for column in ("reference_std", "gapfilled_fraction", "cloud_fraction"):
        assert f"`{column}`" in page
    assert f"{items.MAX_POINTS:,}".replace(",", " ") in page
    for key in ("dark_target", "sentinel2", "gcos"):
        formula = envelope_formula(EXPECTED_ERRORS[key])
        assert formula in page
    assert "`scripts/qgis_process" in page
