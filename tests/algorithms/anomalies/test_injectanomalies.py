# SPDX-License-Identifier: GPL-3.0-or-later
"""``injectanomalies`` through the provider and the real ``qgis_process``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException

from calval_toolbox.core.anomalies.simulate import SITES, simulate_series
from calval_toolbox.core.io.grids import grid_from_epsg, unproject
from calval_toolbox.core.io.raster_writer import RasterWriter
from calval_toolbox.core.io.tables import read_table, write_table
from calval_toolbox.core.series.table import table_from_series

Run = Callable[..., dict[str, Any]]
GRID = grid_from_epsg(32631, (4e5, 10.0, 0.0, 4.8e6, 0.0, -10.0), 30, 30)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "series.gpkg"
    series = [simulate_series(SITES[name], 70 + i)[0] for i, name in enumerate(SITES)]
    write_table(table_from_series(series), path)
    return path


def test_planted_then_detected_in_the_real_qgis_process(
    run_process: Callable[..., Any], run_algorithm: Run, table: Path, tmp_path: Path
) -> None:
    output, truth = tmp_path / "planted.gpkg", tmp_path / "truth.gpkg"
    inputs = {
        "INPUT": str(table), "TYPES": ["cloud", "shadow"], "AMPLITUDE": "cloud=0.15, shadow=0.5",
        "COUNT": 4, "OUTPUT": str(output), "TRUTH": str(truth),
    }  # fmt: skip
    done = run_process(["run", "calval:injectanomalies", "-"], json={"inputs": inputs})
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"]["INJECTED_COUNT"] == 32
    known = read_table(truth)
    before, after = read_table(table), read_table(output)
    changed = np.flatnonzero(before["value"] != after["value"])
    assert set(zip(after["site"][changed], after["time"][changed], strict=True)) == set(
        zip(known["site"], known["time"], strict=True)
    )
    found = tmp_path / "found.gpkg"
    run_algorithm(
        "detectanomalies",
        {"INPUT": str(output), "SEEK_STEPS": False, "OUTPUT": str(tmp_path / "o.gpkg"),
         "ANOMALIES": str(found)},
    )  # fmt: skip
    flagged = read_table(found)
    names = dict(
        zip(zip(flagged["site"], flagged["time"], strict=True), flagged["type"], strict=True)
    )
    keys = list(zip(known["site"], known["time"], strict=True))
    hit = [key in names for key in keys]
    assert np.mean(hit) >= 0.9
    right = [names[key] == kind for key, kind in zip(keys, known["type"], strict=True)
             if key in names]  # fmt: skip
    assert np.mean(right) >= 0.8
    assert len(flagged) - sum(hit) <= 5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"COUNT": 5000}, "do not fit into"),
        ({"AMPLITUDE": "a lot"}, "AMPLITUDE cannot be read"),
        ({"AMPLITUDE": "gain=0.1"}, "not among the types chosen"),
        ({"TYPES": ["shadow"], "AMPLITUDE": "2"}, "0 to 1"),
        ({"VALUE_FIELD": "reflectance"}, "no column 'reflectance'"),
    ],
)
def test_bad_input_gets_a_sentence(
    run_algorithm: Run, table: Path, tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    out = tmp_path / "out"
    with pytest.raises(QgsProcessingException, match=message):
        run_algorithm(
            "injectanomalies",
            {"INPUT": str(table), **change, "OUTPUT": str(out / "o.gpkg"),
             "TRUTH": str(out / "t.gpkg")},
        )  # fmt: skip
    assert not out.exists() or not list(out.iterdir())


def test_bands_without_wavelength_are_refused(run_algorithm: Run, tmp_path: Path) -> None:
    path = tmp_path / "bands.csv"
    rows = [
        f"A,2020-{1 + i // 28:02d}-{1 + i % 28:02d},X{b},0.2" for i in range(60) for b in (1, 2)
    ]
    path.write_text("\n".join(["site,time,band,value", *rows]) + "\n")
    with pytest.raises(
        QgsProcessingException,
        match="The wavelengths of X1, X2 are unknown; .* column .wavelength_nm.",
    ):
        run_algorithm(
            "injectanomalies",
            {"INPUT": str(path), "OUTPUT": str(tmp_path / "o.csv"),
             "TRUTH": str(tmp_path / "t.csv")},
        )  # fmt: skip


def _cube(folder: Path) -> Path:
    folder.mkdir()
    for month in range(1, 7):
        path = folder / f"x_2020{month:02d}01.tif"
        with RasterWriter(path, GRID, 2, "float32", None, ("blue", "nir")) as writer:
            writer.write(1, np.full((30, 30), 0.05, dtype=np.float32))
            writer.write(2, np.full((30, 30), 0.30, dtype=np.float32))
    return folder


def _plan(folder: Path, text: str) -> str:
    path = folder / "plan.json"
    path.write_text(text)
    return str(path)


GAIN = '{"injections": [{"type": "gain", "amplitude": 0.1, "date": 2, "duration": 2}]}'


def test_a_stack_is_changed_by_a_plan_and_is_a_stack_again(
    run_process: Callable[..., Any], run_algorithm: Run, tmp_path: Path
) -> None:
    cube, folder, truth = _cube(tmp_path / "cube"), tmp_path / "changed", tmp_path / "truth.csv"
    inputs = {
        "STACK": [str(cube)], "PLAN": _plan(tmp_path, GAIN), "OUTPUT_FOLDER": str(folder),
        "TRUTH": str(truth),
    }  # fmt: skip
    done = run_process(["run", "calval:injectanomalies", "-"], json={"inputs": inputs})
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    assert (results["INJECTED_COUNT"], results["FOLDER"]) == (2, str(folder))
    assert read_table(truth)["file"].tolist() == ["20200301T000000.tif", "20200401T000000.tif"]
    beside = json.loads((tmp_path / "changed.provenance.json").read_text())
    assert [one["parameter"] for one in beside["inputs"]] == ["STACK", "PLAN"]
    places = tmp_path / "place.csv"
    longitude, latitude = unproject(GRID.wkt, 400_155.0, 4_799_845.0)
    places.write_text(f"site,longitude,latitude\nA,{longitude},{latitude}\n")
    series = tmp_path / "series.csv"
    run_algorithm(
        "extracttimeseries", {"STACK": [str(folder)], "SITES": str(places), "OUTPUT": str(series)}
    )
    table = read_table(series)
    infrared = table["band"] == "nir"
    dates, values = table["time"][infrared], table["value"][infrared].astype(float)
    assert np.round(values[np.argsort(dates)], 4).tolist() == [
        0.3, 0.3, 0.33, 0.33, 0.3, 0.3
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no plan", "is not JSON"),
        ('{"injections": [{"type": "gain", "amplitude": 0.1, "date": 9}]}', "images 0 to 5"),
        ('{"injections": [{"type": "fog", "amplitude": 0.1, "date": 1}]}', "no such type"),
    ],
)
def test_bad_plans_get_a_sentence(
    run_algorithm: Run, tmp_path: Path, text: str, message: str
) -> None:
    cube = _cube(tmp_path / "cube")
    with pytest.raises(QgsProcessingException, match=message):
        run_algorithm(
            "injectanomalies",
            {"STACK": [str(cube)], "PLAN": _plan(tmp_path, text),
             "OUTPUT_FOLDER": str(tmp_path / "out"), "TRUTH": str(tmp_path / "t.csv")},
        )  # fmt: skip
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "t.csv").exists()


def test_tables_and_images_do_not_go_together(
    run_process: Callable[..., Any], run_algorithm: Run, table: Path, tmp_path: Path
) -> None:
    cube, plan = _cube(tmp_path / "cube"), _plan(tmp_path, GAIN)
    truth, out = str(tmp_path / "t.csv"), str(tmp_path / "out")
    images = {"STACK": [str(cube)], "PLAN": plan, "OUTPUT_FOLDER": out}
    refused = (
        ({"STACK": [str(cube)]}, "need a plan"),
        ({"INPUT": str(table), "PLAN": plan}, "are for images"),
        ({"INPUT": str(table), **images}, "Give one of these"),
        ({}, "Give one of these"),
        ({"INPUT": str(table)}, "Say where the table"),
        ({**images, "PLAN": str(tmp_path / "absent.json")}, "cannot be read"),
    )
    for inputs, message in refused:
        with pytest.raises(QgsProcessingException, match=message):
            run_algorithm("injectanomalies", {**inputs, "TRUTH": truth})
    given = {**refused[0][0], "TRUTH": truth}
    done = run_process(["run", "calval:injectanomalies", "-"], json={"inputs": given})
    assert done.returncode == 1
    assert refused[0][1] in done.stderr + done.stdout
    assert not Path(truth).exists()
