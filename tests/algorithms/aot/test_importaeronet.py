# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsVectorLayer

from calval_toolbox.core.io.aeronet_write import write_aeronet

Run = Callable[..., dict[str, Any]]


class Log(QgsProcessingFeedback):
    """Keeps what the user would read."""

    def __init__(self) -> None:
        super().__init__(False)
        self.warnings: list[str] = []
        self.infos: list[str] = []

    def pushWarning(self, text: str) -> None:
        self.warnings.append(text)

    def pushInfo(self, text: str) -> None:
        self.infos.append(text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two sites of 48 and 5 rows, planted AOT 0.2 at 550 nm, and three files of no use."""
    out = tmp_path / "aeronet"
    out.mkdir()
    for name, site, count, dialect in (
        ("a.lev20", "Toulouse", 48, "download"),
        ("b.txt", "Beijing", 5, "webservice"),
    ):
        times = np.datetime64("2016-05-01T08:00") + np.arange(count) * np.timedelta64(10, "m")
        aod = {c: np.full(count, 0.2 * (c / 550.0) ** -1.2) for c in (440, 500, 675, 870)}
        place = {"lon": 1.374, "lat": 43.575, "elevation": 160.0}
        write_aeronet(
            out / name, site, times, aod, {}, np.full(count, 1.5), dialect=dialect, **place
        )
    (out / "empty.lev20").write_bytes(b"")
    (out / "page.lev15").write_text("<html><body>Error 404</body></html>")
    text = (out / "a.lev20").read_text()
    (out / "cut.lev20").write_text(text.replace("Toulouse", "Madrid")[:-500])
    return out


def test_folder_to_layer(folder: Path, tmp_path: Path, run_algorithm: Run) -> None:
    log = Log()
    output, rejected = tmp_path / "out.gpkg", tmp_path / "rejected.csv"
    results = run_algorithm(
        "importaeronet",
        {"INPUT": [str(folder)], "OUTPUT": str(output), "REJECTED": str(rejected)},
        feedback=log,
    )
    assert (results["COUNT"], results["SITE_COUNT"], results["REJECTED_COUNT"]) == (100, 3, 3)
    layer = QgsVectorLayer(str(output), "aeronet", "ogr")
    assert layer.featureCount() == 100
    assert layer.crs().authid() == "EPSG:4326"
    names = [field.name() for field in layer.fields()]
    assert [name for name in names if name != "fid"] == [
        "site", "time", "aot", "aot_method", "angstrom_440_870", "water_vapor_cm", "level",
        "instrument", "longitude", "latitude", "elevation_m", "solar_zenith_deg", "source",
    ]  # fmt: skip
    first = next(layer.getFeatures())
    assert first["site"] == "Beijing"
    assert first["time"] == "2016-05-01T08:00:00Z"
    assert first["aot"] == pytest.approx(0.2, abs=2e-6)
    assert first["aot_method"] == "quadratic"
    point = first.geometry().asPoint()
    assert (point.x(), point.y()) == (1.374, 43.575)
    told = "\n".join(log.warnings)
    assert "cut.lev20, line 55: the line is cut off" in told
    assert "empty.lev20 cannot be used" in told
    assert "page.lev15 cannot be used" in told
    listed = rejected.read_text()
    assert all(name in listed for name in ("cut.lev20", "empty.lev20", "page.lev15"))
    assert any("acknowledge" in line for line in log.infos)
    record = json.loads(Path(f"{output}.provenance.json").read_text())
    assert record["algorithm"] == "calval:importaeronet"
    assert record["results"]["COUNT"] == 100


def test_parameters_reach_the_core(folder: Path, tmp_path: Path, run_algorithm: Run) -> None:
    results = run_algorithm(
        "importaeronet",
        {
            "INPUT": [str(folder / "a.lev20")],
            "WAVELENGTH_NM": 865,
            "INTERPOLATION": "linear",
            "LEVEL": "2.0",
            "OUTPUT": str(tmp_path / "out.csv"),
        },
    )
    assert (results["COUNT"], results["REJECTED_COUNT"]) == (48, 0)
    rows = (tmp_path / "out.csv").read_text().splitlines()
    row = dict(zip(rows[0].split(","), rows[1].split(","), strict=True))
    assert float(row["aot"]) == pytest.approx(0.2 * (865 / 550) ** -1.2, abs=2e-6)
    assert row["aot_method"] == "linear"


def test_no_rejection_gives_an_empty_table(
    folder: Path, tmp_path: Path, run_algorithm: Run
) -> None:
    outputs = {"OUTPUT": str(tmp_path / "out.gpkg"), "REJECTED": str(tmp_path / "rejected.gpkg")}
    run_algorithm("importaeronet", {"INPUT": [str(folder / "a.lev20")], **outputs})
    layer = QgsVectorLayer(outputs["REJECTED"], "rejected", "ogr")
    assert layer.isValid()
    assert layer.featureCount() == 0


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"INPUT": ["page.lev15", "empty.lev20"]}, r"page\.lev15 cannot be used.*error page"),
        ({"INPUT": ["a.lev20"], "LEVEL": "1.5"}, "No AERONET observation of level 1.5"),
        ({"INPUT": ["nowhere"]}, "nowhere does not exist"),
    ],
)
def test_nothing_usable_fails_and_leaves_nothing(
    folder: Path, tmp_path: Path, run_algorithm: Run, changed: dict[str, Any], sentence: str
) -> None:
    output = tmp_path / "out.gpkg"
    inputs = [str(folder / name) for name in changed["INPUT"]]
    with pytest.raises(QgsProcessingException, match=sentence):
        run_algorithm(
            "importaeronet", {**changed, "INPUT": inputs, "OUTPUT": str(output)}, feedback=Log()
        )
    assert [path.name for path in tmp_path.iterdir()] == ["aeronet"]


def test_through_the_real_command(folder: Path, tmp_path: Path, run_process: Run) -> None:
    good = run_process(
        ["--json", "run", "calval:importaeronet", "-"],
        json={"inputs": {"INPUT": [str(folder)], "OUTPUT": str(tmp_path / "out.gpkg")}},
    )
    assert good.returncode == 0, good.stderr
    assert json.loads(good.stdout)["results"]["COUNT"] == 100
    bad = run_process(
        ["--json", "run", "calval:importaeronet", "-"],
        json={
            "inputs": {
                "INPUT": [str(folder / "empty.lev20")],
                "OUTPUT": str(tmp_path / "none.gpkg"),
            }
        },
    )
    assert bad.returncode == 1
    assert "the file is empty: download it again" in bad.stdout + bad.stderr
    assert not (tmp_path / "none.gpkg").exists()
