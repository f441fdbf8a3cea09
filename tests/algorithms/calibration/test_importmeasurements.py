# SPDX-License-Identifier: GPL-3.0-or-later
"""Import and export as users meet them, on both kinds of databases."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from made_measurements import MERIS, assert_same, measurements
from qgis.core import QgsProcessingException

from calval_toolbox.core.calibration.types import Band
from calval_toolbox.core.database import open_database
from calval_toolbox.core.database.exchange import IMPORT
from calval_toolbox.core.database.measurements import load_measurements
from calval_toolbox.core.database.runs import list_runs
from calval_toolbox.core.database.sensors import load_responses, load_sensor
from calval_toolbox.core.io.measurements import read_measurements, write_measurements

Run = Callable[..., dict[str, Any]]
SADE = (
    "S2A_0509 {day}/01/2018-09:08:07 -999 {site} 0.1 0.2 0.01 0.02 10 11 250 251 99 28.5 23.4 "
    "30.25 140.5 1.25 0.2888 1013.25 -999 -999\n"
)


def test_import_and_export_again(run_algorithm: Run, database_name: str, tmp_path: Path) -> None:
    made = measurements()
    source = tmp_path / "made.csv"
    write_measurements(made, source, "csv")
    inputs = {"INPUT": [str(source)], "DATABASE": database_name}
    assert run_algorithm("importmeasurements", inputs) == {"COUNT": 40, "KNOWN_COUNT": 0}
    assert run_algorithm("importmeasurements", inputs) == {"COUNT": 0, "KNOWN_COUNT": 40}
    for name in ("all.nc", "all.csv"):
        output = {"OUTPUT": str(tmp_path / name)}
        found = run_algorithm(
            "exportmeasurements", {"DATABASE": database_name, "SENSOR": "MERIS", **output}
        )
        assert found == {"COUNT": 40, "SITE_COUNT": 3, **output}
        assert_same(made, read_measurements(tmp_path / name)[0])
    part = {
        "DATABASE": database_name, "SENSOR": "MERIS", "START": "2002-05-10", "END": "2002-06-02",
        "SITES": 'DomeC, "A ""quoted""; site, with Ünicode"', "VERSIONS": "2nd",
        "FORMAT": "dimitri", "OUTPUT": str(tmp_path / "part.csv"),
    }  # fmt: skip
    run_algorithm("exportmeasurements", part)
    days = made.time.astype("datetime64[D]").astype(str)
    chosen = (made["site"] != "Libya4") & (made["version"] == "2nd")
    chosen &= (days >= "2002-05-10") & (days <= "2002-06-02")
    assert 0 < chosen.sum() < 20
    assert_same(made.select(chosen), read_measurements(tmp_path / "part.csv")[0])
    record = json.loads((tmp_path / "part.csv.provenance.json").read_text())
    assert record["parameters"]["SENSOR"] == "MERIS"
    assert record["parameters"]["DATABASE"] == database_name


def test_import_is_a_run_with_its_inputs(
    run_algorithm: Run, database_name: str, tmp_path: Path
) -> None:
    source = tmp_path / "lines.txt"
    source.write_text(SADE.format(day="02", site="Libya4"))
    bands = tmp_path / "bands.csv"
    bands.write_text("band,wavelength_nm\nB2,492.4\nB8A,864.7\n")
    inputs = {"INPUT": [str(source)], "DATABASE": database_name, "BANDS": str(bands)}
    run_algorithm("importmeasurements", inputs)
    run_algorithm("importmeasurements", inputs)
    with open_database(database_name) as db:
        assert load_sensor(db, "S2A").bands == (Band("B2", 492.4), Band("B8A", 864.7))
        (run,) = list_runs(db)
        assert db.rows("SELECT DISTINCT run_id FROM measurements") == [(run.id,)]
    assert run.method == IMPORT
    assert run.parameters["DATABASE"] == database_name
    paths = {entry["path"]: entry["sha256"] for entry in run.record["inputs"]}
    assert paths.keys() == {str(source), str(bands)}
    assert all(len(digest) == 64 for digest in paths.values())


def test_known_sensors_name_the_bands_of_later_lines(
    run_algorithm: Run, database_name: str, tmp_path: Path
) -> None:
    source = tmp_path / "lines.txt"
    source.write_text(SADE.format(day="02", site="Libya4"))
    curves = tmp_path / "curves.csv"
    curves.write_text(
        "sensor,band,wavelength_nm,response\nS2A,B2,480,0.5\nS2A,B2,490,1\nS2A,B2,500,0.5\n"
        "S2A,B3,560,1\nS2A,B3,561,1\nL8,B2,1,1\n"
    )
    inputs = {"INPUT": [str(source)], "DATABASE": database_name}
    with pytest.raises(QgsProcessingException, match=r"2 bands of the sensor S2A.*\(BANDS\)"):
        run_algorithm("importmeasurements", inputs)
    run_algorithm("importmeasurements", {**inputs, "BANDS": str(curves), "SENSOR": "S2A"})
    source.write_text(SADE.format(day="03", site="Libya4"))
    assert run_algorithm("importmeasurements", inputs)["COUNT"] == 1
    with open_database(database_name) as db:
        assert load_sensor(db, "S2A").bands == (Band("B2", 490.0), Band("B3", 560.5))
        assert [one.band for one in load_responses(db, "S2A")] == ["B2", "B3"]


def test_conflict_names_file_and_row(
    run_algorithm: Run, database_name: str, tmp_path: Path
) -> None:
    good, bad = tmp_path / "1.csv", tmp_path / "2.csv"
    made = measurements()
    write_measurements(made, good, "csv")
    write_measurements(made.with_columns(std=made["std"] * 2), bad, "csv")
    inputs = {"INPUT": [str(good), str(bad)], "DATABASE": database_name}
    with pytest.raises(QgsProcessingException, match=r"2\.csv: The measurement MERIS .* Nothing"):
        run_algorithm("importmeasurements", inputs)
    if database_name.endswith(".gpkg"):
        assert not Path(database_name).exists(), "an import that fails makes no file"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["1.csv", "2.csv"]
    inputs["INPUT"] = [str(good)]
    assert run_algorithm("importmeasurements", inputs)["COUNT"] == 40


def test_folder_of_files(run_algorithm: Run, database_name: str, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    made = measurements()
    write_measurements(made.select(slice(0, 15)), folder / "a.csv", "csv")
    write_measurements(made.select(slice(15, 30)), folder / "b.nc", "netcdf")
    write_measurements(made.select(slice(30, 40)), folder / "c.csv", "dimitri")
    (folder / "readme.txt").write_text("About these files.")
    inputs = {"INPUT": [str(folder)], "DATABASE": database_name}
    assert run_algorithm("importmeasurements", inputs)["COUNT"] == 40
    with open_database(database_name) as db:
        assert_same(made, load_measurements(db, "MERIS"))


def test_real_series(
    run_algorithm: Run, database_name: str, shared_data: Path, tmp_path: Path
) -> None:
    folder = shared_data / "calibration" / "dimitri_timeseries"
    names = ["Libya4_MODISA_Collection_5", "DomeC_MODISA_Collection_5",
             "Libya4_AATSR_2nd_Reprocessing"]  # fmt: skip
    files = [str(folder / f"{name}.csv.gz") for name in names]
    found = run_algorithm("importmeasurements", {"INPUT": files, "DATABASE": database_name})
    assert found == {"COUNT": 2114 + 2124 + 712, "KNOWN_COUNT": 0}
    again = run_algorithm("importmeasurements", {"INPUT": files[:1], "DATABASE": database_name})
    assert again == {"COUNT": 0, "KNOWN_COUNT": 2114}
    output = tmp_path / "out.csv"
    run_algorithm("exportmeasurements", {
        "DATABASE": database_name, "SENSOR": "MODISA", "SITES": "Libya4", "FORMAT": "dimitri",
        "OUTPUT": str(output),
    })  # fmt: skip
    with gzip.open(files[0], "rt") as stream, open(output) as copy:
        for one, two in zip(csv.DictReader(stream), csv.DictReader(copy), strict=True):
            assert one["decimal_year"] == two["decimal_year"]
            for key, text in one.items():
                assert (float(text) == float(two[key])) if text else (two[key] == "")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SENSOR": "AATSR"}, "no sensor 'AATSR'. There are: MERIS"),
        ({"SITES": "Libya5"}, "no site Libya5. There are: A .*, DomeC, Libya4"),
        ({"VERSIONS": "4th"}, "no measurement of MERIS at these sites"),
        ({"START": "2010-13-01"}, r"START \('2010-13-01'\) is no date"),
        ({"START": "2010-02-01", "END": "2010-01-01"}, r"END \('2010-01-01'\) is before START"),
        ({"OUTPUT": "a.xls"}, "OUTPUT cannot be written as 'a.xls'. Use one of: csv, nc, txt"),
        ({"OUTPUT": "a.nc", "FORMAT": "sade"}, r"a\.nc is no name .* sade: .* \.txt or \.sade"),
        ({"DATABASE": "none.gpkg"}, "does not exist. Import or extract measurements"),
        ({"DATABASE": "nonsense"}, "'nonsense' names no database"),
    ],
)
def test_exports_that_cannot_be(
    run_algorithm: Run, tmp_path: Path, changes: dict[str, str], words: str
) -> None:
    source = tmp_path / "made.csv"
    write_measurements(measurements(), source, "csv")
    database = str(tmp_path / "d.gpkg")
    run_algorithm("importmeasurements", {"INPUT": [str(source)], "DATABASE": database})
    before = sorted(path.name for path in tmp_path.iterdir())
    inputs = {"DATABASE": database, "SENSOR": MERIS.name, "OUTPUT": "a.csv", **changes}
    for key in ("OUTPUT", "DATABASE"):
        if "." in inputs[key]:
            inputs[key] = str(tmp_path / inputs[key])
    with pytest.raises(QgsProcessingException, match=words):
        run_algorithm("exportmeasurements", inputs)
    assert sorted(path.name for path in tmp_path.iterdir()) == before
