# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan carried out on files: what is read back is what was planted, and all else is as before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.anomalies.inject_files import InjectedFiles, inject_files
from calval_toolbox.core.anomalies.injections import Injection
from calval_toolbox.core.anomalies.scenes import FourSites, write_four_sites
from calval_toolbox.core.anomalies.scenes.settings import SITES
from calval_toolbox.core.errors import Canceled, InputError, OutputError
from calval_toolbox.core.io.atomic import Staging
from calval_toolbox.core.io.dated_rasters import StackOptions, stack_products
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import RasterWriter
from calval_toolbox.core.io.stacks import Block, ImageStack, stack_of
from calval_toolbox.core.io.tables import read_table
from calval_toolbox.core.progress import Progress, Silent
from calval_toolbox.core.series.extract_files import Source, extract_series_files, find_source
from calval_toolbox.core.series.extraction import SeriesSettings

BANDS = ("B2", "B4", "B8")
MASKED = StackOptions(mask_band="mask", mask_clear="0")
PLAN = (
    Injection("gain", 0.2, 2, note="planted"),
    Injection("cloud", 0.6, 5, window=(10, 20, 30, 40)),
    Injection("offset", -0.03, 7, 2, bands=("B8",)),
    Injection("wrong_date", 4, 0),
)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> FourSites:
    site = SITES[3]  # Birdsville: clouds, and no data outside the swath
    return write_four_sites(tmp_path_factory.mktemp("site"), 3, (site,), "2018-06-10")


def _source(example: FourSites) -> Source:
    return Source((str(example.products["Birdsville"]),))


def _inject(
    source: Source,
    folder: Path,
    plan: tuple[Injection, ...] = PLAN,
    progress: Progress | None = None,
    bands: tuple[str, ...] = BANDS,
) -> InjectedFiles:
    with Staging() as staging:
        return inject_files(source, plan, folder, staging.stage, bands, progress=progress)


def _everything(stack: ImageStack) -> tuple[np.ndarray, np.ndarray]:
    whole = Block(0, 0, stack.grid.width, stack.grid.height)
    return stack.read(whole), stack.masked(whole)


def test_what_is_read_back_is_what_was_planted(example: FourSites, tmp_path: Path) -> None:
    made = _inject(_source(example), tmp_path / "changed")
    before_stack = stack_of(find_source(_source(example))[0], BANDS, "clouds")
    after_stack = stack_of(stack_products([str(tmp_path / "changed")], MASKED), BANDS, "clouds")
    assert after_stack.grid == before_stack.grid
    seconds = before_stack.times.astype("datetime64[s]")
    assert np.array_equal(after_stack.times, seconds)
    wavelengths = [after_stack.products[0].bands[name].wavelength_nm for name in BANDS]
    assert wavelengths == pytest.approx([492.4, 664.6, 832.8])
    (before, masked), (after, masked_after) = _everything(before_stack), _everything(after_stack)
    order = np.arange(len(before))
    order[[0, 4]] = [4, 0]
    assert masked.any()
    assert np.array_equal(masked_after, masked[order])
    expected = before[order]
    assert np.isnan(expected).any()
    expected[2] *= 1.2
    expected[7:9, 2] -= 0.03
    cloud = after[5] - expected[5]
    assert np.nanmin(cloud[:, 10:40, 20:60]) > 0.05
    for other in (0, 1, 2, 3, 4, 6, 7, 8):
        assert np.allclose(after[other], expected[other], atol=1e-6, equal_nan=True), other
    assert np.isnan(after[5]).sum() == np.isnan(expected[5]).sum()

    told = [(str(t), kind) for t, kind in zip(made.truth["time"], made.truth["type"], strict=True)]
    stamps = [str(one) + ".000" for one in seconds]
    assert told == [
        (stamps[0], "wrong_date"), (stamps[2], "gain"), (stamps[4], "wrong_date"),
        (stamps[5], "cloud"), (stamps[7], "offset"), (stamps[8], "offset"),
    ]  # fmt: skip
    assert made.truth["extent_share"][1] == pytest.approx(1.0)
    assert made.truth["file"].tolist() == [made.files[i].name for i in (0, 2, 4, 5, 7, 8)]
    assert made.truth["note"][1] == "planted"
    assert [str(one) for one in made.truth["since"]][-1] == stamps[7]


def test_series_of_the_changed_stack_hold_the_planted_gain(
    example: FourSites, tmp_path: Path
) -> None:
    sites, settings = read_table(example.polygons), SeriesSettings(BANDS)
    before = extract_series_files(_source(example), sites, "site", settings).table
    dates, clear = np.unique(before["time"][before["mask_state"] == "clear"], return_counts=True)
    clearest = np.unique(before["time"]).tolist().index(dates[clear.argmax()].tolist())
    gain = (Injection("gain", 0.25, clearest),)
    _inject(_source(example), tmp_path / "changed", gain)
    source = Source(stack=(str(tmp_path / "changed"),), options=MASKED)
    after = extract_series_files(source, sites, "site", settings).table
    key = ("site", "time", "band")
    times = before["time"].astype("datetime64[s]")
    keys = list(zip(before["site"], times, before["band"], strict=True))
    known = dict(zip(keys, zip(before["value"], before["mask_state"], strict=True), strict=True))
    assert len(after) == len(before)
    date = np.unique(times)[clearest]
    ratios: dict[bool, list[float]] = {True: [], False: []}
    for site, time, band, value, state in zip(
        *(after[name] for name in key), after["value"], after["mask_state"], strict=True
    ):
        old, old_state = known[site, time.astype("datetime64[s]"), band]
        assert (state == "clear") == (old_state == "clear")
        if state == "clear":
            ratios[bool(time.astype("datetime64[s]") == date)].append(value / old)
    assert np.allclose(ratios[True], 1.25, atol=1e-4)
    assert np.allclose(ratios[False], 1.0, atol=1e-4)
    assert len(ratios[True]) >= 10


def _plain_stack(folder: Path, names: tuple[str, ...], days: tuple[str, ...]) -> Source:
    grid = grid_from_epsg(32631, (4e5, 10.0, 0.0, 4.8e6, 0.0, -10.0), 20, 20)
    folder.mkdir(parents=True)
    for day in days:
        with RasterWriter(folder / f"x_{day}.tif", grid, len(names), "float32", None, names) as to:
            for band in range(len(names)):
                to.write(band + 1, np.full((20, 20), 0.1 * (band + 1), dtype=np.float32))
    return Source(stack=(str(folder),))


def test_bands_of_known_colors_take_clouds_and_others_are_refused(tmp_path: Path) -> None:
    days = ("20200101", "20200111", "20200121")
    cloud = (Injection("cloud", 0.5, 1),)
    known = _plain_stack(tmp_path / "known", ("blue", "nir"), days)
    made = _inject(known, tmp_path / "clouds", cloud, bands=())
    values = [gdal.Open(str(path)).ReadAsArray() for path in made.files]
    assert [path.name for path in made.files][0] == "20200101T000000.tif"
    assert len(values[0]) == 2  # no masks, no band of them
    assert np.allclose(values[0][0], 0.1)
    assert (values[1][0] > 0.4).all()
    odd = _plain_stack(tmp_path / "odd", ("first", "second"), days)
    with pytest.raises(InputError, match="that of first is not known"):
        _inject(odd, tmp_path / "never", cloud, bands=())
    assert not (tmp_path / "never").exists()
    made = _inject(odd, tmp_path / "gains", (Injection("gain", 0.1, 1),), bands=())
    assert np.allclose(gdal.Open(str(made.files[1])).ReadAsArray()[1], 0.22)


def test_all_files_or_none(example: FourSites, tmp_path: Path) -> None:
    class Stop(Silent):
        asked = 0

        def canceled(self) -> bool:
            self.asked += 1
            return len(list((tmp_path / "part").glob(".*"))) >= 3

    with pytest.raises(Canceled):
        _inject(_source(example), tmp_path / "part", progress=Stop())
    assert not (tmp_path / "part").exists()
    window = (Injection("gain", 0.1, 4, window=(80, 80, 40, 40)),)
    with pytest.raises(InputError, match="reaches beyond the image"):
        _inject(_source(example), tmp_path / "part", window)
    assert not (tmp_path / "part").exists()


def test_other_rasters_are_neither_mixed_in_nor_replaced(tmp_path: Path) -> None:
    days = ("20200101T000000", "20200111T000000")
    source = _plain_stack(tmp_path / "in", ("blue",), days)
    gain = (Injection("gain", 0.1, 1),)
    with pytest.raises(OutputError, match="already holds other rasters"):
        _inject(source, tmp_path / "in", gain, bands=())
    (tmp_path / "in" / "x_20200101T000000.tif").rename(tmp_path / "in" / "20200101T000000.tif")
    with pytest.raises(OutputError, match="holds the images themselves"):
        _inject(source, tmp_path / "in", gain, bands=())
    first = _inject(source, tmp_path / "out", gain, bands=())
    again = _inject(source, tmp_path / "out", gain, bands=())  # over its own files
    assert first.files == again.files


def test_plans_that_do_not_fit_are_refused(example: FourSites, tmp_path: Path) -> None:
    for plan, message in (
        (Injection("gain", 0.1, 500), "there are images 0 to"),
        (Injection("gain", 0.1, 1, bands=("B99",)), "there is no band B99"),
    ):
        with pytest.raises(InputError, match=message):
            _inject(_source(example), tmp_path / "out", (plan,))
    assert not (tmp_path / "out").exists()
