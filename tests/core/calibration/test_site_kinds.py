# SPDX-License-Identifier: GPL-3.0-or-later
"""Sand and snow are not mixed: which sites each method takes, and what it says of the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from made_runs import filled

from calval_toolbox.core.calibration.database_run import CrossRequest, SideReader
from calval_toolbox.core.calibration.period_report import ReportRequest, gather
from calval_toolbox.core.calibration.site_kinds import SiteKind, mixed_note
from calval_toolbox.core.calibration.types import Band, Measurements, Sensor
from calval_toolbox.core.database import Database, open_database
from calval_toolbox.core.database.measurements import save_measurements
from calval_toolbox.core.errors import InputError, InsufficientDataError

SITES = ("Libya4", "DomeC", "Somewhere")
NAME = "S2A/MSI"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    sensor = Sensor(NAME, (Band("B04", 665.0),))
    time = np.datetime64("2020-01-01", "ms") + np.arange(3).astype("timedelta64[D]")
    with open_database(str(tmp_path / "c.gpkg"), create=True) as db:
        save_measurements(db, Measurements(sensor, time, {"site": np.array(SITES, object)}, {}))
        yield db


@pytest.mark.parametrize(
    ("kind", "taken", "out"),
    [
        (SiteKind.DESERT, {"Libya4", "Somewhere"}, "DomeC (snow)"),
        (SiteKind.SNOW, {"DomeC"}, "Libya4 (desert), Somewhere (type unknown)"),
        (SiteKind.CLOUD, {"Somewhere"}, "DomeC (snow), Libya4 (desert)"),
    ],
)
def test_sites_whose_type_fits_are_taken(
    database: Database, kind: SiteKind, taken: set[str], out: str
) -> None:
    reader = SideReader(database, CrossRequest(NAME, NAME, kind=kind))
    assert set(reader.target().measurements["site"]) == taken
    assert f"Left out, being no {kind.value} sites: {out}. To take one" in reader.notes[0]


def test_named_sites_are_taken_with_a_warning_or_refused(database: Database) -> None:
    named = CrossRequest(NAME, NAME, ("DomeC", "Somewhere"), kind=SiteKind.DESERT)
    reader = SideReader(database, named)
    assert set(reader.target().measurements["site"]) == {"DomeC", "Somewhere"}
    assert reader.notes[0].startswith("SITES holds DomeC (snow): the method is for desert sites")
    with pytest.raises(InputError, match=r"SITES holds Libya4 \(desert\): .* plateau is wrong"):
        SideReader(database, CrossRequest(NAME, NAME, ("Libya4",), kind=SiteKind.SNOW))
    # Nothing contradicts the name of a site whose type nobody knows.
    unknown = SideReader(database, CrossRequest(NAME, NAME, ("Somewhere",), kind=SiteKind.SNOW))
    assert len(unknown.target().measurements) == 1
    assert not any("Somewhere" in note for note in unknown.notes)


def test_no_site_fits(tmp_path: Path) -> None:
    sensor = Sensor(NAME, (Band("B04", 665.0),))
    site = {"site": np.array(["Libya4"], dtype=object)}
    with open_database(str(tmp_path / "c.gpkg"), create=True) as db:
        time = np.array(["2020-01-01"], dtype="datetime64[ms]")
        save_measurements(db, Measurements(sensor, time, site, {}))
        reader = SideReader(db, CrossRequest(NAME, NAME, kind=SiteKind.SNOW))
        with pytest.raises(InsufficientDataError, match=r"snow sites .* only over Libya4 \(desert"):
            reader.target()


def test_pooled_types_are_told(database: Database, tmp_path: Path) -> None:
    """Of sensors that are compared, and of runs that were kept."""
    reader = SideReader(database, CrossRequest(NAME, NAME))
    assert len(reader.target().measurements) == 3
    assert "different types are pooled: DomeC (snow), Libya4 (desert), Some" in reader.notes[0]
    assert not mixed_note(("A", "B", "C"), {"A": "desert", "B": "playa", "C": ""})
    with open_database(str(tmp_path / "runs.gpkg"), create=True) as db:
        shapes = {band: np.ones(100) for band in ("B04", "B8A")}
        filled(db, shapes, sites=("Libya4", "DomeC"))
        (note,) = gather(db, ReportRequest("2020-H1")).notes
    assert note.startswith("Run 1: Sites of different types are pooled")
