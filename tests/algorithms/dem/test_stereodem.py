# SPDX-License-Identifier: GPL-3.0-or-later
"""``stereodem`` through Processing: outputs, numbers, real data where they are, bad input."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")
pytest.importorskip("cv2", reason="OpenCV is not installed")

from osgeo import gdal
from qgis.core import QgsProcessingException
from samples import World, stereo_images

from calval_toolbox.core.dem.chain.tie import averaged
from calval_toolbox.core.dem.coregister import coregister
from calval_toolbox.core.dem.resample import moved
from calval_toolbox.core.io.dem_files import read_dem
from calval_toolbox.core.io.dem_pairs import DemPair, open_pair

Run = Callable[[str, dict[str, Any]], dict[str, Any]]
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "dem"
needs_shared = pytest.mark.skipif(
    not (SHARED / "sim").is_dir(), reason="the shared elevation data are not here"
)


@pytest.fixture
def inputs(tmp_path: Path, run_algorithm: Run) -> dict[str, Any]:
    return stereo_images(World(tmp_path, run_algorithm))


def nmad(values: Any) -> float:
    return 1.4826 * float(np.nanmedian(np.abs(values - np.nanmedian(values))))


def placed(pair: DemPair) -> Any:
    """The differences model minus reference on the cells of the reference, after the shift."""
    shift = coregister(averaged(pair))
    at = pair.columns + shift.east / 0.5, pair.rows - shift.north / 0.5
    return moved(pair.model, *at, pair.reference.shape) + shift.up - pair.reference


def test_outputs_of_a_small_pair(
    inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path
) -> None:
    output, report = tmp_path / "dsm.tif", tmp_path / "report.html"
    ortho = tmp_path / "ortho.tif"
    given = inputs | {"OUTPUT": str(output), "REPORT": str(report), "ORTHO": str(ortho)}
    found = run_algorithm("stereodem", given)
    assert found["COVERAGE_PERCENT"] > 90.0
    assert 0.0 < found["POINTING_RESIDUAL_PX"] < 0.3
    assert found["CPU_SECONDS_PER_MPX"] > 0.0
    dem = read_dem(str(output))
    assert dem.valid.mean() > 0.5
    dataset = gdal.Open(str(output))
    bands = [dataset.GetRasterBand(number).GetDescription() for number in (1, 2, 3, 4)]
    assert bands == ["height", "std", "count", "confidence"]
    assert output.with_suffix(".qml").is_file()
    assert ortho.with_suffix(".qml").is_file()
    assert not output.with_suffix(".tiles").exists()
    text = report.read_text(encoding="utf-8")
    assert "not controlled" in text
    assert text.count("data:image/png") >= 2
    for word in ("Base to height", "Disparities", "Seams", "Mpx", "per core and hour"):
        assert word in text


def test_half_pixel_and_opencv(inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path) -> None:
    for matcher in ("census_sgm_half_pixel", "opencv_sgbm"):
        output = tmp_path / f"{matcher}.tif"
        found = run_algorithm("stereodem", inputs | {"OUTPUT": str(output), "MATCHER": matcher})
        assert found["COVERAGE_PERCENT"] > 85.0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ROI": "1,2,3"}, "no part of an image"),
        ({"ROI": "0,0,200,200", "EXTENT": "0,1,0,1 [EPSG:4326]"}, "not both"),
        ({"MIN_HEIGHT": 3000.0, "MAX_HEIGHT": 3500.0}, "The ground lies between"),
        ({"VERTICAL_REFERENCE": "nowhere.gtx"}, "nowhere.gtx is not there"),
        ({"MIN_HEIGHT": 20.0, "MAX_HEIGHT": 10.0}, "not below the highest"),
        ({"EXECUTOR": "magic"}, "magic"),
    ],
)
def test_bad_values_get_a_sentence(
    inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path, change: dict[str, Any],
    sentence: str,
) -> None:  # fmt: skip
    output = tmp_path / "dsm.tif"
    with pytest.raises(QgsProcessingException, match=sentence):
        run_algorithm("stereodem", inputs | {"OUTPUT": str(output)} | change)
    assert not output.exists()
    assert not output.with_suffix(".tiles").exists()


def test_one_image_twice_and_none_with_rpc(
    inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path
) -> None:
    output = {"OUTPUT": str(tmp_path / "dsm.tif")}
    first = inputs["IMAGES"][0]
    with pytest.raises(QgsProcessingException, match="given twice"):
        run_algorithm("stereodem", inputs | output | {"IMAGES": [first, first]})
    truth = str(Path(first).with_name("truth.tif"))
    with pytest.raises(QgsProcessingException, match="has no RPC"):
        run_algorithm("stereodem", inputs | output | {"IMAGES": [first, truth]})


@needs_shared
def test_simulated_pair_with_exact_truth(run_algorithm: Run, tmp_path: Path) -> None:
    """Figures of this version are 0.13 m, 0.8 % and 99.1 %, and 6.6 m of planted bias."""
    folder, output = SHARED / "sim", tmp_path / "dsm.tif"
    images = [str(folder / f"img_0{number}.tif") for number in (1, 2)]
    given = {"IMAGES": images, "ROI": "150,150,700,700", "RESOLUTION": 0.5, "OUTPUT": str(output)}
    found = run_algorithm("stereodem", given)
    assert found["COVERAGE_PERCENT"] > 99.0
    off = placed(open_pair(str(output), str(folder / "truth.tif")))
    error = np.abs(off - np.nanmedian(off))
    assert nmad(off) <= 0.20
    assert 100.0 * np.nanmean(np.where(np.isfinite(error), error > 1.0, np.nan)) <= 1.0
    tied = tmp_path / "tied.tif"
    run_algorithm(
        "stereodem", given | {"OUTPUT": str(tied), "REFERENCE_DEM": str(folder / "truth.tif")}
    )
    for path, low, high in ((output, 6.0, 7.2), (tied, -0.3, 0.3)):
        pair = open_pair(str(path), str(folder / "truth.tif"))
        plain = moved(pair.model, pair.columns, pair.rows, pair.reference.shape) - pair.reference
        assert low < float(np.nanmedian(plain)) < high


@needs_shared
def test_real_pair_beside_another_chain(run_algorithm: Run, tmp_path: Path) -> None:
    """Figures of this version: NMAD 0.277 m, median -0.02 m, 99.2 % of the cells of the other."""
    folder, output = SHARED / "pleiades_reunion_pair", tmp_path / "dsm.tif"
    images = [str(folder / f"img_0{number}.tif") for number in (1, 2)]
    run_algorithm("stereodem", {"IMAGES": images, "RESOLUTION": 0.5, "OUTPUT": str(output)})
    pair = open_pair(str(output), str(folder / "peer_dsm_50cm.tif"))
    off = moved(pair.model, pair.columns, pair.rows, pair.reference.shape) - pair.reference
    assert nmad(off) <= 0.30
    assert abs(float(np.nanmedian(off))) <= 0.1
    there = np.isfinite(pair.reference)
    assert np.isfinite(off)[there].mean() >= 0.99
