# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions of one sensor are not mixed unasked, and nothing is compared with itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.calibration.database_run import CrossRequest, SideReader, refuse_same
from calval_toolbox.core.calibration.types import Band, Measurements, Sensor
from calval_toolbox.core.database import Database, open_database
from calval_toolbox.core.database.measurements import save_measurements
from calval_toolbox.core.errors import InputError, InsufficientDataError

MSI = Sensor("S2A/MSI", (Band("B04", 665.0),))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Three days at Libya4 in the versions 2nd and 3rd, one at Niger1 without a version."""
    time = np.datetime64("2020-01-01", "ms") + np.array([0, 1, 2, 0, 1, 2, 9]) * np.timedelta64(
        1, "D"
    )
    rows = {
        "site": np.array(["Libya4"] * 6 + ["Niger1"], dtype=object),
        "version": np.array(["2nd"] * 3 + ["3rd"] * 3 + [""], dtype=object),
    }
    with open_database(str(tmp_path / "c.gpkg"), create=True) as made:
        save_measurements(made, Measurements(MSI, time, rows, {}))
        yield made


def reader(db: Database, target: str, reference: str, site: str = "Libya4") -> SideReader:
    return SideReader(db, CrossRequest(MSI.name, MSI.name, (site,), target, reference))


def test_versions_are_not_mixed_unasked(db: Database) -> None:
    for made, key in ((reader(db, "", "3rd").target, "TARGET_VERSION"),
                      (reader(db, "3rd", "").reference, "REFERENCE_VERSION")):  # fmt: skip
        with pytest.raises(InputError, match=f"2 versions of S2A/MSI .*: 2nd, 3rd. Say by {key} "):
            made()
    with pytest.raises(InputError, match=r"3 versions of S2A/MSI .*: \(none\), 2nd, 3rd. Say by"):
        SideReader(db, CrossRequest(MSI.name, MSI.name)).target()


@pytest.mark.parametrize(
    ("version", "site", "count"),
    [("3rd", "Libya4", 3), ("2nd, 3rd", "Libya4", 6), ("", "Niger1", 1), ("(none)", "Niger1", 1)],
)
def test_named_versions_are_taken(db: Database, version: str, site: str, count: int) -> None:
    assert len(reader(db, version, "", site).target().measurements) == count


def test_a_version_that_is_not_there_is_answered_with_those_that_are(db: Database) -> None:
    with pytest.raises(
        InsufficientDataError, match=r"no version 4th of S2A/MSI .* are: 2nd, 3rd\."
    ):
        reader(db, "4th", "3rd").target()


def test_nothing_is_compared_with_itself(db: Database) -> None:
    for versions in (("3rd", "3rd"), ("2nd,3rd", "3rd")):
        with pytest.raises(InputError, match=r"S2A/MSI \(.*3rd\) would be compared with itself"):
            reader(db, *versions).both()
    target, reference = reader(db, "3rd", "2nd").both()
    refuse_same(target, reference)
    assert set(reference.measurements["version"]) == {"2nd"}
