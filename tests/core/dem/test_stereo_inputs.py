# SPDX-License-Identifier: GPL-3.0-or-later
"""The stereo chain on what users have: any order and kind of images, holes, full disks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.dem.chain.plan import plan_stereo
from calval_toolbox.core.dem.chain.request import StereoPlan, StereoRequest
from calval_toolbox.core.dem.chain.run import StereoResult, stereo_dsm
from calval_toolbox.core.dem.epipolar import Tile
from calval_toolbox.core.dem.matching import coarse
from calval_toolbox.core.dem.pair import near_matches
from calval_toolbox.core.dem.simulate import SceneSettings, simulate_scene, write_scene
from calval_toolbox.core.errors import CalValError, InsufficientDataError
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.io.dem_files import read_dem
from calval_toolbox.core.io.stereo_images import open_image, reader
from calval_toolbox.core.io.stereo_views import file_view
from calval_toolbox.core.progress import Silent

pytest.importorskip("cv2", reason="OpenCV is not installed")
SIZE = 256


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    scene = simulate_scene(SceneSettings("rough", size=SIZE, relief_m=20.0, samples=1))
    paths = write_scene(scene, tmp_path_factory.mktemp("scene"))
    return str(paths["img_01"]), str(paths["img_02"])


@pytest.fixture(scope="module")
def plain(pair: tuple[str, str]) -> StereoPlan:
    return planned(*pair)


def planned(*images: str) -> StereoPlan:
    return plan_stereo(StereoRequest(images, resolution=0.5), Silent())


def make(images: tuple[str, ...], folder: Path) -> tuple[StereoResult, Path]:
    output = folder / "dsm.tif"
    request = StereoRequest(images, resolution=0.5)
    made = stereo_dsm(
        request, {"dsm": (output, str(output))}, folder / "tiles", ExecutionSettings("threads:1")
    )
    return made, output


def rewritten(source: str, path: Path, values: Any, nodata: float | None = None) -> str:
    """Other pixels with the RPC of ``source``."""
    kinds = {"uint8": gdal.GDT_Byte, "uint16": gdal.GDT_UInt16, "float32": gdal.GDT_Float32}
    new = gdal.GetDriverByName("GTiff").Create(
        str(path), values.shape[1], values.shape[0], 1, kinds[values.dtype.name]
    )
    new.SetMetadata(gdal.Open(source).GetMetadata("RPC"), "RPC")
    if nodata is not None:
        new.GetRasterBand(1).SetNoDataValue(nodata)
    new.WriteArray(values)
    return str(path)


def pixels(path: str) -> Any:
    return gdal.Open(path).ReadAsArray()


def test_the_order_of_the_images_does_not_matter(pair: tuple[str, str], tmp_path: Path) -> None:
    """Heights differ by what the pointing along the lines makes (a constant) and by noise."""
    heights = []
    for number, images in enumerate((pair, pair[::-1])):
        (tmp_path / str(number)).mkdir()
        found, output = make(images, tmp_path / str(number))
        assert found.coverage_percent > 95.0
        heights.append(read_dem(str(output)))
    one, other = (dem.height for dem in heights)
    left = [round(dem.grid.geotransform[0] / 0.5) for dem in heights]
    top = [round(dem.grid.geotransform[3] / 0.5) for dem in heights]
    across, down = left[1] - left[0], top[0] - top[1]
    one = one[max(down, 0) :, max(across, 0) :]
    other = other[max(-down, 0) :, max(-across, 0) :]
    rows, columns = (min(a, b) for a, b in zip(one.shape, other.shape, strict=True))
    off = one[:rows, :columns] - other[:rows, :columns]
    middle = np.nanmedian(off)
    assert 1.4826 * np.nanmedian(np.abs(off - middle)) < 0.4


@pytest.mark.parametrize("kind", ["8 bits", "16 bits", "floating point", "float with holes"])
def test_kinds_of_numbers(
    pair: tuple[str, str], plain: StereoPlan, tmp_path: Path, kind: str
) -> None:
    """Images of 12 bits in another type are pointed as they are themselves."""
    values = pixels(pair[1])
    nodata = None
    if kind == "8 bits":
        values = np.clip(values / 6.0, 1, 255).astype(np.uint8)
    elif kind == "16 bits":
        values = values * np.uint16(15)
    else:
        values = values.astype(np.float32) / 4096.0
    if kind == "float with holes":
        values[:, :40], values[100:140, 100:140], nodata = np.nan, -1.0, -1.0
    path = rewritten(pair[1], tmp_path / "other.tif", values, nodata)
    found = planned(pair[0], path).pairs[0].quality.pointing
    assert found.across == pytest.approx(plain.pairs[0].quality.pointing.across, abs=0.05)
    part = reader(open_image(path))(0, 90, 150, 60)
    assert np.isnan(part).any() == (kind == "float with holes")


def test_the_panel_reads_as_the_chain_does(pair: tuple[str, str], tmp_path: Path) -> None:
    """Borders of value 0 that nothing declares, and single dark pixels in a file of floats."""
    values = pixels(pair[1]).astype(np.float32)
    values[:, :50] = 0.0
    path = rewritten(pair[1], tmp_path / "border.tif", values)
    view = file_view(path)
    assert view.size == (SIZE, SIZE)
    part = view.read(0, 0, 100, 80)
    assert np.isnan(part[:, :50]).all()
    assert np.array_equal(part, reader(open_image(path))(0, 0, 100, 80), equal_nan=True)


def test_a_range_that_no_relief_has_is_a_status(
    pair: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here all ranges are: the run says that nothing matches, and why, not that tiles failed."""
    monkeypatch.setattr(coarse, "WIDEST_SHARE", 0.0)
    with pytest.raises(InsufficientDataError, match="in any of 1 tiles.*no relief does"):
        make(pair, tmp_path)
    assert not (tmp_path / "dsm.tif").exists()


def test_tiles_without_matches_take_their_neighbors() -> None:
    """Only as far as a tile away."""
    places = np.array([[350.0, 360.0, 370.0, 380.0, 390.0, 395.0], [50.0] * 6])
    matches = np.concatenate([places, places])
    assert near_matches(matches, Tile(0.0, 0.0, 300.0, 300.0)).shape[1] == 6
    assert near_matches(matches, Tile(0.0, 0.0, 80.0, 80.0)).shape[1] == 0
    inside = np.concatenate([matches, matches - 200.0], axis=1)
    assert near_matches(inside, Tile(100.0, -200.0, 150.0, 100.0)).shape[1] == 6


def test_a_full_disk_leaves_no_half_of_a_model(pair: tuple[str, str], small_disk: Path) -> None:
    with pytest.raises(CalValError, match="could not be written"):
        make(pair, small_disk)
    assert not (small_disk / "dsm.tif").exists()


def test_a_disk_that_fills_while_the_model_is_written(
    pair: tuple[str, str], small_disk: Path, tmp_path: Path
) -> None:
    """The tiles are on another disk: they stay, and the next run goes on from them."""
    request, output = StereoRequest(pair, resolution=0.25), small_disk / "dsm.tif"
    targets = {"dsm": (output, str(output))}
    execution = ExecutionSettings("threads:1")
    with pytest.raises(CalValError, match=r"dsm\.tif could not be written"):
        stereo_dsm(request, targets, tmp_path / "tiles", execution)
    whole = tmp_path / "dsm.tif"
    again = stereo_dsm(request, {"dsm": (whole, str(whole))}, tmp_path / "tiles", execution)
    assert again.pairs[0].computed == again.ground.computed == 0
    assert read_dem(str(whole)).valid.any()
