# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs with all their rows, and versions of calibration parameters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_measurements import measurements

from calval_toolbox.core.calibration.types import Band, Sensor
from calval_toolbox.core.database import Database, open_database
from calval_toolbox.core.database.measurements import load_measurements, save_measurements
from calval_toolbox.core.database.parameters import (
    ParameterVersion,
    load_parameters,
    save_parameters,
)
from calval_toolbox.core.database.products import load_products, save_products
from calval_toolbox.core.database.runs import PARTS, Run, list_runs, load_run, save_run
from calval_toolbox.core.database.schema import table
from calval_toolbox.core.database.sensors import (
    Response,
    load_responses,
    save_response,
    save_sensor,
)
from calval_toolbox.core.errors import DatabaseError, InputError, TableError
from calval_toolbox.core.table import Table

AATSR = Sensor("AATSR", (Band("665lo", 660.0), Band("865", 865.0)))


def text(*values: str) -> np.ndarray:
    return np.array(values, dtype=object)


def filled(db: Database) -> tuple[np.ndarray, np.ndarray]:
    """The ids of measurements of two sensors."""
    save_measurements(db, measurements(12))
    save_measurements(db, measurements(12, 2, AATSR))
    return load_measurements(db, "AATSR").ids, load_measurements(db, "MERIS").ids


def example(target: np.ndarray, reference: np.ndarray) -> Run:
    pairs = Table(
        {
            "target_id": target[:3],
            "reference_id": reference[[2, 1, 0]],
            "sun_zenith_difference_deg": np.array([0.1, 0.2, np.nan]),
            "time_difference_days": np.array([0.5, -1.0, 40.0]),
            "reciprocal": np.array([0, 1, 0]),
            "accepted": np.array([1, 1, 0]),
            "reason": text("", "", "more than 3 days apart"),
        }
    )
    results = Table(
        {
            "band": text("665lo", "865", "865", "865"),
            "pair": np.array([0, 0, 1, -1]),
            "target_id": target[[0, 0, 1, 2]],
            "reference_id": np.append(reference[[2, 2, 1]], -1),
            "a_k": np.array([1.024, 1.026, np.nan, 1.03]),
            "simulated": np.array([0.2, 1 / 3, np.nan, 0.4]),
            "uncertainty": np.array([0.01, 0.02, np.nan, np.nan]),
            "flag": text("accepted", "accepted", "rejected", "accepted"),
            "reason": text("", "", "no reflectance", ""),
        }
    )
    summaries = Table(
        {
            "band": text("665lo", "865"),
            "site": text("Libya4", ""),
            "count": np.array([1, 2]),
            "median": np.array([1.024, 1.028]),
            "period_start": np.array(["2002-05-01", "2002-05-01"], dtype="datetime64[ms]"),
        }
    )
    contributions = Table(
        {
            "band": text("865"),
            "contributor": text("aerosol, difference between dates"),
            "kind": text("random"),
            "value_percent": np.array([1.6]),
        }
    )
    return Run(
        "calibratedesert", {"AMC": 15.0, "SITES": ["Libya4"]}, "0.1.0", "AATSR", "MERIS",
        pairs, results, summaries, contributions, {"inputs": [{"sha256": "ab"}]},
    )  # fmt: skip


def test_run_is_kept_with_all_its_rows(database_name: str) -> None:
    with open_database(database_name, create=True) as db:
        run = example(*filled(db))
        save_run(db, Run("importmeasurements", {}, "0.1.0"))
        save_run(db, run)
        number = save_run(db, run)  # once more, so that numbers of rows are not those of the file
        assert number == 3
    with open_database(database_name) as db:
        found = load_run(db, number)
        for name in ("method", "parameters", "code_version", "sensor", "reference", "record"):
            assert getattr(found, name) == getattr(run, name)
        assert found.time > "2020"
        for part in PARTS:
            mine, kept = getattr(run, part), getattr(found, part)
            assert len(mine) == len(kept)
            for key, values in mine.columns.items():
                if values.dtype.kind == "M":
                    assert kept[key].tolist() == ["2002-05-01T00:00:00.000Z"] * 2
                else:
                    np.testing.assert_array_equal(values, kept[key], err_msg=f"{part} {key}")
        assert np.isnan(found.summaries["mean"]).all()
        heads = list_runs(db, "calibratedesert")
        assert [(head.id, head.sensor) for head in heads] == [(2, "AATSR"), (3, "AATSR")]
        assert len(list_runs(db)) == 3
        row = db.rows("SELECT site, band, count, a_k FROM map_results WHERE run_id = 3 "
                      "AND band = '865' ORDER BY a_k")  # fmt: skip
        assert [(r[1], r[2], r[3]) for r in row] == [("865", 1, 1.026), ("865", 1, 1.03)]


@pytest.mark.parametrize(
    ("part", "column", "values", "words"),
    [
        ("results", "band", text("666", "865", "865", "865"), "no band '666'. There are: 665lo"),
        ("summaries", "site", text("Libya4", "Mars"), "no site 'Mars'"),
        ("results", "pair", np.array([0, 0, 3, -1]), "not among the 3 pairs"),
        ("results", "a_b", np.ones(4), "columns that results of the database do not have: a_b"),
        ("results", "target_id", np.array([1, 2, 3, 4000]), "(?i)foreign key"),
        ("pairs", "reference_id", np.array([1, 2, -1]), "(?i)foreign key|not null"),
    ],
)
def test_run_that_does_not_fit_leaves_nothing(
    database_name: str, part: str, column: str, values: np.ndarray, words: str
) -> None:
    with open_database(database_name, create=True) as db:
        run = example(*filled(db))
        changed = Table({**getattr(run, part).columns, column: values})
        with pytest.raises((InputError, TableError, DatabaseError), match=words):
            save_run(db, replace(run, **{part: changed}))
        assert list_runs(db) == ()
        assert db.value("SELECT COUNT(*) FROM pairs") == 0
        with pytest.raises(InputError, match="has no run 1"):
            load_run(db, 1)


def test_many_results_are_kept_in_chunks(database_name: str) -> None:
    with open_database(database_name, create=True) as db:
        target, _ = filled(db)
        count = 45_000
        results = Table({
            "band": np.full(count, "865", dtype=object),
            "target_id": np.full(count, target[0]), "a_k": np.arange(count, dtype=float),
        })  # fmt: skip
        number = save_run(db, Run("calibrateclouds", {}, "", "AATSR", results=results))
        np.testing.assert_array_equal(load_run(db, number).results["a_k"], results["a_k"])


def parameters(
    version: str, start: str, end: str, value: float, band: str = "865"
) -> ParameterVersion:
    rows = Table({
        "band": text(band), "name": text("a_k"), "value": np.array([value]),
        "uncertainty": np.array([0.01]),
        "valid_from": np.array([start], dtype="datetime64[ms]"),
        "valid_to": np.array([end], dtype="datetime64[ms]"),
    })  # fmt: skip
    return ParameterVersion("AATSR", version, rows, comment="first try")


def test_versions_of_parameters(database_name: str) -> None:
    with open_database(database_name, create=True) as db:
        save_sensor(db, AATSR)
        assert save_parameters(db, parameters("v1", "2002-01-01", "NaT", 1.02)) == 1
        assert save_parameters(db, parameters("v1", "2002-01-01", "NaT", 1.02)) == 0
        assert save_parameters(db, parameters("v2", "2002-01-01", "2005-01-01", 1.03)) == 1
        assert save_parameters(db, parameters("v2", "2005-01-01", "NaT", 1.04)) == 1
        every = load_parameters(db, "AATSR")
        assert every["value"].tolist() == [1.02, 1.03, 1.04], "old versions are kept"
        assert every["valid_to"].tolist() == ["", "2005-01-01T00:00:00.000Z", ""]
        assert every["comment"].tolist() == ["first try"] * 3
        at = [np.datetime64(day) for day in ("2001-12-31", "2004-12-31", "2005-01-01")]
        values = [load_parameters(db, "AATSR", "v2", one)["value"].tolist() for one in at]
        assert values == [[], [1.03], [1.04]]
        assert load_parameters(db, "AATSR", moment=at[1])["value"].tolist() == [1.02, 1.03]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (parameters("v1", "2002-01-01", "2005-01-01", 1.5), "with other values"),
        (parameters("v1", "2004-01-01", "2006-01-01", 1.5), "two values from 2004-01-01"),
        (parameters("v1", "2001-01-01", "2003-01-01", 1.5), "two values from 2002-01-01"),
        (parameters("v1", "2001-01-01", "NaT", 1.5), "ends at no time"),
        (parameters("v2", "2004-01-01", "2003-01-01", 1.5), "cannot be valid to 2003"),
        (parameters("", "2004-01-01", "NaT", 1.5), "name of a version"),
        (parameters("v2", "NaT", "NaT", 1.5), "moment from which"),
        (parameters("v2", "2004-01-01", "NaT", 1.5, "900"), "no band 900"),
    ],
)
def test_parameters_that_do_not_fit(
    database_name: str, changed: ParameterVersion, words: str
) -> None:
    with open_database(database_name, create=True) as db:
        save_sensor(db, AATSR)
        save_parameters(db, parameters("v1", "2002-01-01", "2005-01-01", 1.02))
        with pytest.raises(InputError, match=words):
            save_parameters(db, changed)
        assert len(load_parameters(db, "AATSR")) == 1


def test_responses(database_name: str) -> None:
    made = Response(
        "865", np.array([860.0, 865.5, 870.0]), np.array([0.1, 1.0, 1 / 3]), "CEOS", "2"
    )
    with open_database(database_name, create=True) as db:
        save_sensor(db, AATSR)
        assert save_response(db, "AATSR", made) == save_response(db, "AATSR", made) == 1
        (found,) = load_responses(db, "AATSR")
        assert (found.band, found.source, found.version) == ("865", "CEOS", "2")
        np.testing.assert_array_equal(found.response, made.response)
        with pytest.raises(InputError, match="with other values"):
            save_response(db, "AATSR", replace(made, response=made.response / 2))
        with pytest.raises(InputError, match="no band 900"):
            save_response(db, "AATSR", replace(made, band="900"))


def test_products(database_name: str) -> None:
    made = Table(
        {
            "name": text("P1", "P2", "P1"),
            "version": text("a", "a", "b"),
            "u_earth_sun": np.array([0.97, np.nan, 1.03]),
            "tile": text("32TQM", "", ""),
        }
    )
    with open_database(database_name, create=True) as db:
        save_sensor(db, AATSR)
        assert save_products(db, "AATSR", made.select(np.array([0]))) == 1
        assert save_products(db, "AATSR", made) == 2
        found = load_products(db, "AATSR")
        assert found["name"].tolist() == ["P1", "P2", "P1"]
        np.testing.assert_array_equal(found["u_earth_sun"], made["u_earth_sun"])
        rows = measurements(2, 2, AATSR)
        rows = rows.with_columns(product=text("P1", "P9"), version=text("b", "b"))
        save_measurements(db, rows)
        linked = db.rows("SELECT product_id FROM measurements ORDER BY id")
        assert linked == [(3,), (None,)]
        assert table("products").unique == ("sensor_id", "name", "version")
