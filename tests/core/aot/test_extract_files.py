# SPDX-License-Identifier: GPL-3.0-or-later
"""From folders to the satellite table: what counts, what is left out, and what is said."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.aot.extract_files import extract_files
from calval_toolbox.core.aot.extraction import ExtractionSettings
from calval_toolbox.core.aot.status import CLOUDS_UNKNOWN, DEFAULT_AOT
from calval_toolbox.core.errors import Canceled, InsufficientDataError, ProductError
from calval_toolbox.core.io.products.synthetic import (
    Scene,
    write_muscate,
    write_n2a,
    write_native,
    write_safe,
)
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.table import Table
from calval_toolbox.core.types import Flag

SIZE = 120
SETTINGS = ExtractionSettings((1000.0, 2000.0))


def _scene(site: str = "T31TCJ", day: int = 3, aot: float | np.ndarray = 0.2) -> Scene:
    layer = np.broadcast_to(np.asarray(aot, dtype=float), (SIZE, SIZE)).copy()
    return Scene(
        site=site,
        time=np.datetime64(f"2018-07-{day:02d}T10:56:21.000", "ms"),
        epsg=32631,
        left=368000.0,
        top=4826500.0,
        pixel_m=20.0,
        aot=layer,
        water_vapor=np.full((SIZE, SIZE), 2.0),
        flags={Flag.NODATA: np.zeros((SIZE, SIZE), dtype=bool)},
    )


def _sites(*names: str, longitude: float = 1.374, latitude: float = 43.573) -> Table:
    return Table(
        {
            "site": np.array(names, dtype=object),
            "longitude": np.full(len(names), longitude),
            "latitude": np.full(len(names), latitude),
        },
        "sites.csv",
    )


class Recorder(Silent):
    def __init__(self, cancel_at: float = 2.0) -> None:
        self.fractions: list[float] = []
        self.cancel_at = cancel_at

    def report(self, fraction: float, text: str = "") -> None:
        self.fractions.append(fraction)

    def canceled(self) -> bool:
        return bool(self.fractions) and self.fractions[-1] >= self.cancel_at


def test_formats_mix_in_one_run_and_bad_ones_are_listed(tmp_path: Path) -> None:
    write_muscate(tmp_path / "a", _scene(day=3))
    write_n2a(tmp_path / "b", _scene("SToulouseD0000B0000", day=4, aot=0.3), "SPOT5")
    write_safe(tmp_path / "c", _scene(day=5, aot=0.4))
    write_native(tmp_path / "d", _scene(day=6, aot=0.5))
    broken = write_muscate(tmp_path / "a", _scene(day=7))
    next(broken.glob("*_MTD_ALL.xml")).write_text("<html>log in</html>")
    found = extract_files([str(tmp_path)], _sites("A"), "", SETTINGS)
    large = found.table.select(found.table["window_m"] == 2000.0)
    assert large["aot_mean"] == pytest.approx([0.2, 0.3, 0.4, 0.5])
    assert found.product_count == 4
    assert [Path(path).name for path in found.unreadable["path"]] == [broken.name]
    assert any(broken.name in note for note in found.notes)
    # only Sen2Cor writes a constant where it could not retrieve
    assert list(large["status"]) == ["", "", DEFAULT_AOT, ""]


def test_several_sites_on_one_product(tmp_path: Path) -> None:
    write_muscate(tmp_path, _scene())
    found = extract_files([str(tmp_path)], _sites("A", "B"), "site", SETTINGS)
    assert sorted(found.table["site"]) == ["A", "A", "B", "B"]


def test_nothing_readable_is_one_sentence(tmp_path: Path) -> None:
    broken = write_muscate(tmp_path, _scene())
    next(broken.glob("*_MTD_ALL.xml")).write_bytes(b"\x00\x01binary")
    with pytest.raises(
        ProductError, match=rf"Nothing of what .*{broken.name}: .*'Catalog products'"
    ):
        extract_files([str(tmp_path)], _sites("A"), "", SETTINGS)


def test_no_overlap_names_both_sides(tmp_path: Path) -> None:
    write_muscate(tmp_path, _scene())
    with pytest.raises(InsufficientDataError, match=r"T31TCJ.*Beijing at 116\.381, 39\.977"):
        extract_files(
            [str(tmp_path)],
            _sites("Beijing", longitude=116.381, latitude=39.977),
            "",
            SETTINGS,
        )


def test_progress_grows_to_one_and_cancel_is_heard(tmp_path: Path) -> None:
    for day in range(3, 9):
        write_muscate(tmp_path, _scene(day=day))
    watch = Recorder()
    extract_files([str(tmp_path)], _sites("A"), "", SETTINGS, progress=watch)
    assert watch.fractions == sorted(watch.fractions)
    assert watch.fractions[-1] == pytest.approx(1.0)
    with pytest.raises(Canceled):
        extract_files([str(tmp_path)], _sites("A"), "", SETTINGS, progress=Recorder(0.6))


def test_the_n2a_scale_can_be_chosen(tmp_path: Path) -> None:
    write_n2a(tmp_path, _scene("SToulouseD0000B0000"), "SPOT4", aot_factor=100.0)
    found = extract_files([str(tmp_path)], _sites("A"), "", SETTINGS, n2a_aot_scale=0.01)
    assert found.table["aot_mean"] == pytest.approx([0.2, 0.2])


def _spoil_first_block(raster: Path) -> None:
    """The file still opens; its first block cannot be unpacked."""
    image = gdal.Open(str(raster))
    place = [image.GetRasterBand(1).GetMetadataItem(f"BLOCK_{what}_0_0", "TIFF")
             for what in ("OFFSET", "SIZE")]  # fmt: skip
    begin, size = map(int, place)
    stored = bytearray(raster.read_bytes())
    stored[begin : begin + size] = b"\xff" * size
    raster.write_bytes(stored)


def test_products_whose_pixels_cannot_be_read_are_no_empty_table(tmp_path: Path) -> None:
    folders = [write_muscate(tmp_path, _scene(day=day)) for day in (3, 4)]
    for raster in (raster for folder in folders for raster in folder.glob("*_ATB_*.tif")):
        _spoil_first_block(raster)
    with pytest.raises(ProductError, match=r"pixels of 2 of 2 .*ATB_.*\.tif .* Get it again"):
        extract_files([str(tmp_path)], _sites("A"), "", SETTINGS)
    far = write_muscate(tmp_path / "far", dataclasses.replace(_scene("T31TDJ", 5), left=468000.0))
    with pytest.raises(ProductError, match=r"pixels of 2 of 3 .*The other 1 cover no site"):
        extract_files([str(tmp_path)], _sites("A"), "", SETTINGS)
    assert far.is_dir()
    write_muscate(tmp_path, _scene(day=6))
    found = extract_files([str(tmp_path)], _sites("A"), "", SETTINGS)
    assert len(found.table) == 2
    assert len(found.unreadable) == 2


@pytest.mark.parametrize("name", ["empty", "notes.txt"])
def test_nothing_that_looks_like_a_product_says_what_to_give(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(ProductError, match=rf"^No product was found in .*{name}\. Give product f"):
        extract_files([str(tmp_path / name)], _sites("A"), "", SETTINGS)
    with pytest.raises(ProductError, match=r"absent does not exist\. Check the path\. No product"):
        extract_files([str(tmp_path / "absent"), str(tmp_path / name)], _sites("A"), "", SETTINGS)


def test_products_without_masks_are_told_and_their_rows_say_so(tmp_path: Path) -> None:
    blind = write_muscate(tmp_path, _scene(day=3))
    write_muscate(tmp_path, _scene(day=4))
    shutil.rmtree(blind / "MASKS")
    found = extract_files([str(tmp_path)], _sites("A"), "", SETTINGS)
    first, second = found.table.select(found.table["window_m"] == 1000.0)["status"]
    assert (first, second) == (CLOUDS_UNKNOWN, "")
    told = [note for note in found.notes if "no cloud mask" in note]
    assert len(told) == 1
    assert told[0].startswith("1 of 2 products")
    assert blind.name in told[0]
    kept = ExtractionSettings((1000.0,), "none")
    unasked = extract_files([str(tmp_path)], _sites("A"), "", kept)
    assert not any("no cloud mask" in note for note in unasked.notes)
    assert list(unasked.table["status"]) == [CLOUDS_UNKNOWN, ""]
