# SPDX-License-Identifier: GPL-3.0-or-later
"""Foreign tables: the panel asks for their columns, shows them, and remembers what was said."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.anomalies.demo import demo_sites
from calval_toolbox.core.anomalies.detect import detect
from calval_toolbox.core.io.tables import read_table, write_table
from calval_toolbox.core.table import Table
from calval_toolbox.core.times import iso_texts


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """Two sites of the demo with French names and integers."""
    parts = [one.series for one in demo_sites()[:2]]
    rows = [(s, at, band) for s in parts for at in range(len(s)) for band in range(len(s.bands))]
    table = Table(
        {
            "Parcelle": np.array([s.site for s, _, _ in rows], dtype=object),
            "jour": np.array([iso_texts(s.times[at : at + 1])[0] for s, at, _ in rows],
                             dtype=object),
            "canal": np.array([s.bands[band] for s, _, band in rows], dtype=object),
            "valeur": np.round([1e4 * s.values[at, band] for s, at, band in rows]),
            "nuage": np.array([0 if s.clear[at] else 3 for s, at, _ in rows]),
            "wavelength_nm": np.array([s.wavelengths_nm[band] for s, _, band in rows]),
        },
        "foreign",
    )  # fmt: skip
    write_table(table, tmp_path / "foreign.gpkg")
    return tmp_path / "foreign.gpkg"


def test_panel_asks_with_a_guess_and_shows_what_is_agreed(
    make_series_panel: Any, foreign: Path, app: Any
) -> None:
    panel = make_series_panel()
    panel.open(str(foreign))
    page = panel.columns
    assert page.isVisible()
    chosen = [box.currentData() for box in (page.site, page.time, page.band, page.mask)]
    assert chosen == ["Parcelle", "jour", "canal", "nuage"]
    assert (page.value.currentText(), page.scale.currentText()) == ("valeur", "0.0001")
    assert page.sample.horizontalHeaderItem(1).text() == "jour"
    page.show_button.click()
    panel.flush()
    assert not page.isVisible()
    truth = demo_sites()[0].series
    series = panel.model.series(truth.site)
    np.testing.assert_allclose(series.values, truth.values, atol=5.1e-5)
    assert series.clear.tolist() == truth.clear.tolist()
    found = detect(series)
    assert panel.model.detection(truth.site).flagged.tolist() == found.flagged.tolist()


def test_wrong_columns_are_explained_and_can_be_mended(
    make_series_panel: Any, foreign: Path
) -> None:
    panel, told = make_series_panel(), []
    panel.told.connect(told.append)
    panel.open(str(foreign))
    page = panel.columns
    page.scale.setEditText("1")
    page.show_button.click()
    assert "reflectance" in told[-1]
    assert panel.notice.isVisible()
    assert page.isVisible()
    page.scale.setEditText("0,0001")
    page.show_button.click()
    assert not page.isVisible()
    assert len(panel.model.entries) == 2
    assert not panel.notice.isVisible()


def test_cancel_goes_back_to_what_was_shown(series_panel: Any, foreign: Path) -> None:
    before = list(series_panel.model.entries)
    series_panel.open(str(foreign))
    series_panel.columns.leave_button.click()
    assert list(series_panel.model.entries) == before
    assert series_panel.content.isVisible()
    assert not series_panel.notice.isVisible()


def test_columns_come_back_after_a_restart(make_series_panel: Any, foreign: Path) -> None:
    panel = make_series_panel()
    panel.open(str(foreign))
    panel.columns.show_button.click()
    panel.pick_site("Beijing")
    again = make_series_panel()
    again.restore(panel.state())
    assert not again.columns.isVisible()
    assert again.model.site == panel.model.site
    np.testing.assert_array_equal(again.model.series().values, panel.model.series().values)


def test_command_says_the_columns(
    make_series_panel: Any, foreign: Path, run_algorithm: Callable[..., dict[str, Any]]
) -> None:
    panel = make_series_panel()
    panel.open(str(foreign))
    panel.columns.show_button.click()
    words = dict(word[2:].split("=", 1) for word in shlex.split(panel.command())[3:])
    assert (words["SITE_FIELD"], words["VALUE_SCALE"]) == ("Parcelle", "0.0001")
    results = run_algorithm("detectanomalies", words)
    shown = sum(int(panel.model.detection(one).flagged.sum()) for one in panel.model.entries)
    assert results["ANOMALY_COUNT"] == shown > 0


def test_verdict_goes_into_the_foreign_table(make_series_panel: Any, foreign: Path) -> None:
    panel, told = make_series_panel(), []
    panel.told.connect(told.append)
    panel.open(str(foreign))
    panel.columns.show_button.click()
    panel.step(1)
    panel.judge("confirmed")
    assert told == []
    site, row = panel.model.chosen
    table = read_table(foreign)
    kept = table["verdict"] == "confirmed"
    assert set(table["Parcelle"][kept]) == {site}
    day = str(panel.model.series(site).times[row])[:10]
    assert {str(one)[:10] for one in table["jour"][kept]} == {day}
    assert kept.sum() == len(panel.model.series(site).bands)


def test_real_series_of_landsat(make_series_panel: Any, shared_data: Path) -> None:
    panel = make_series_panel()
    panel.open(str(shared_data / "anomalies" / "pyxccd_2_mpb_co_landsat.csv"))
    assert panel.columns.value.currentText() == "blue,green,red,nir,swir1,swir2"
    assert panel.columns.time_format.currentText() == "ordinal"
    panel.columns.show_button.click()
    panel.flush()
    assert len(panel.model.series()) > 400
    assert panel.model.detection().tested.sum() > 100
