# SPDX-License-Identifier: GPL-3.0-or-later
"""The search for deep convective clouds on simulated tiles: what was planted is found, and nothing
else; bands are read only of candidates.
"""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest
from made_cloudsites import FEW, LIMITS, classes, day, search
from made_l1c import SIZE, VIEWS, scene_of, write_l1c
from osgeo import gdal

from calval_toolbox.core.calibration.cloudsites import simulate
from calval_toolbox.core.calibration.cloudsites.limits import CloudLimits, SceneLimits
from calval_toolbox.core.calibration.cloudsites.outcome import Stage
from calval_toolbox.core.calibration.cloudsites.screening import white_share
from calval_toolbox.core.calibration.cloudsites.selection import select
from calval_toolbox.core.calibration.cloudsites.simulate import (
    CIRRUS,
    CLOUD,
    HAZY_CLOUD,
    HAZY_SAND,
    HAZY_SNOW,
    LOW_CLOUD,
    PIXELS,
    ROUGH,
    SAND,
    SATURATED,
    SEA,
    SNOW,
    plan_of,
    reflectances,
    write_tile,
)
from calval_toolbox.core.database import open_database
from calval_toolbox.core.database.measurements import load_measurements
from calval_toolbox.core.io.aggregates import Aggregates
from calval_toolbox.core.io.products import open_product
from calval_toolbox.core.io.products.previews import preview_uri, read_preview
from calval_toolbox.core.io.rasters import Rasters

# Each class with the rule that has to remove it.
REMOVED_BY = {
    SEA: "cirrus", SAND: "cirrus", SNOW: "cirrus", LOW_CLOUD: "cirrus", CIRRUS: "bright",
    HAZY_SNOW: "ice", HAZY_CLOUD: "ice", HAZY_SAND: "white", ROUGH: "even",
}  # fmt: skip
ROLES = {"cirrus": "B10", "nir": "B8A", "swir": "B11", "red": "B4", "blue": "B2"}


def squares(fields: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Means over the squares, by other means than those of the search."""
    field = fields[name]
    step = {"B1": 6, "B9": 6, "B10": 6}.get(name, 1 if name in ("B2", "B3", "B4", "B8") else 2)
    seen = (np.rint(field[::step, ::step] * 10_000)) / 10_000
    count, side = field.shape[0] // PIXELS, PIXELS // step
    return seen.reshape(count, side, count, side).mean(axis=(1, 3))


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, simulate.Plan]:
    """A tile with clouds beside all that is none; a part of one cloud is saturated."""
    made = np.full((24, 24), SEA)
    made[1:12, 1:12] = CLOUD
    made[13:23, 1:8] = CLOUD
    made[4, 4] = SATURATED
    for place, kind in enumerate(kind for kind in REMOVED_BY if kind != SEA):
        row, column = 1 + 5 * (place % 4), 13 + 5 * (place // 4)
        made[row : row + 4, column : column + 4] = kind
    plan = plan_of(made, seed=3)
    return write_tile(tmp_path_factory.mktemp("zoo"), plan), plan


@pytest.mark.parametrize("kind", REMOVED_BY)
def test_each_rule_removes_what_it_is_made_for(kind: int) -> None:
    made = np.full((9, 9), kind)
    made[:, :4] = CLOUD
    fields = reflectances(plan_of(made, seed=5))
    read = {}

    def values(role: str, needed: np.ndarray) -> Aggregates:
        read[role] = int(needed.sum())
        none = np.zeros((9, 9), dtype=int)
        return Aggregates(squares(fields, ROLES[role]), none, none, PIXELS**2, 1)

    found = select(values, (9, 9), LIMITS)
    there = np.zeros((9, 9), dtype=bool)
    there[1:-1, 1:3] = True
    assert (found.clouds == there).all()
    lost = dict(zip(list(found.left)[1:], -np.diff(list(found.left.values())), strict=True))
    # The even rule also removes the edges of the cloud and of the scene.
    expected = 45 if REMOVED_BY[kind] != "even" else 45 + 36 - 14
    assert lost[REMOVED_BY[kind]] == expected
    assert list(read) == list(ROLES)
    # The next band is read only where squares are left, and beside them.
    assert (read["cirrus"], read["nir"]) == (81, 45 if REMOVED_BY[kind] == "cirrus" else 81)


def test_all_that_was_planted_is_found_and_nothing_else(
    zoo: tuple[Path, simulate.Plan], tmp_path: Path
) -> None:
    path, plan = zoo
    whole = dataclasses.replace(LIMITS, cell_deg=1.0)
    (one,) = search(tmp_path / "a.gpkg", [path], clouds=whole).outcomes
    truth = plan.truth()
    assert one.stage is Stage.BANDS
    assert one.counts == {(13, 1): (24 * 24, int(truth.sum()))}
    # In a saturated band squares are lost, and those around are not known to be even.
    assert one.spoiled == 1
    assert truth.sum() == 9 * 9 - 9 + 8 * 5
    assert all(less <= one.clouds <= more for more, less in one.moved.values())
    # The rough cloud is let in by the rule that keeps it out, and by no other.
    loose = dataclasses.replace(whole, max_spread=0.2)
    (other,) = search(tmp_path / "b.gpkg", [path], clouds=loose).outcomes
    assert other.clouds > one.clouds


def test_measurements_are_those_of_the_planted_pixels(
    zoo: tuple[Path, simulate.Plan], tmp_path: Path
) -> None:
    path, plan = zoo
    database = tmp_path / "a.gpkg"
    result = search(database, [path], clouds=dataclasses.replace(LIMITS, cell_deg=1.0))
    assert result.added == 1
    with open_database(str(database)) as db:
        found = load_measurements(db, "S2A/MSI")
    fields, truth = reflectances(plan, 0), plan.truth()
    assert found["site"].tolist() == ["DCC 1.50N 13.50E (1 deg)"]
    assert found["version"].tolist() == ["05.10 dcc"]
    assert found["cloud_fraction"] == pytest.approx([truth.mean()])
    assert found["sun_zenith_deg"] == pytest.approx([25.0])
    for column, band in enumerate(found.sensor.band_names):
        own = squares(fields, band)[truth]
        assert found["mean"][0, column] == pytest.approx(own.mean(), abs=1e-6), band
        assert found["median"][0, column] == pytest.approx(np.median(own), abs=1e-6), band
        assert 0.0 < found["std"][0, column] < 0.03 * found["mean"][0, column]
        assert found["view_zenith_deg"][0, column] == pytest.approx(5.0)
    # 10 m, 20 m and 60 m pixels of the same squares.
    by_band = dict(zip(found.sensor.band_names, found["count"][0], strict=True))
    assert [by_band[name] for name in ("B2", "B8A", "B10")] == [
        truth.sum() * PIXELS**2 / step**2 for step in (1, 2, 6)
    ]  # fmt: skip


def test_bands_are_compared_over_the_same_squares(tmp_path: Path) -> None:
    """A square that saturates in a band which selects nothing counts in no band."""
    made = classes()
    made[5, 5] = SATURATED
    plan = plan_of(made, bands=(*FEW, "B3"), saturated=("B3",))
    path = write_tile(tmp_path, plan)
    whole = dataclasses.replace(LIMITS, cell_deg=1.0)
    (one,) = search(tmp_path / "a.gpkg", [path], clouds=whole).outcomes
    assert (one.left["even"], one.clouds, one.spoiled) == (36, 35, 1)
    truth = np.zeros((12, 12), dtype=bool)
    truth[3:9, 3:9] = True
    truth[5, 5] = False
    with open_database(str(tmp_path / "a.gpkg")) as db:
        found = load_measurements(db, "S2A/MSI")
    fields = reflectances(plan)
    for column, band in enumerate(found.sensor.band_names):
        own = squares(fields, band)[truth]
        assert found["mean"][0, column] == pytest.approx(own.mean(), abs=1e-6), band
    assert (found["saturated_fraction"] == 0.0).all()


def test_saturation_that_only_the_raster_mask_tells(tmp_path: Path) -> None:
    """A square with one such pixel in the red band, by the eighth layer of MSK_QUALIT, is lost, and
    so are those around it, which are not known to be even.
    """
    path = write_tile(tmp_path, plan_of(classes(), bands=FEW))
    whole = dataclasses.replace(LIMITS, cell_deg=1.0)
    (plain,) = search(tmp_path / "a.gpkg", [path], clouds=whole).outcomes
    (red,) = path.glob("GRANULE/*/IMG_DATA/*B04.jp2")
    band = gdal.Open(str(red))
    mask = gdal.GetDriverByName("MEM").Create("", band.RasterXSize, band.RasterYSize, 8)
    mask.SetGeoTransform(band.GetGeoTransform())
    mask.SetProjection(band.GetProjection())
    told = np.zeros((band.RasterYSize, band.RasterXSize), dtype=np.uint8)
    told[3 * PIXELS + 1, 3 * PIXELS + 2] = 1  # the corner of what is even
    mask.GetRasterBand(8).WriteArray(told)
    file = red.parent.parent / "QI_DATA" / "MSK_QUALIT_B04.jp2"
    gdal.GetDriverByName("JP2OpenJPEG").CreateCopy(
        str(file), mask, options=["QUALITY=100", "REVERSIBLE=YES"]
    )
    (one,) = search(tmp_path / "b.gpkg", [path], clouds=whole).outcomes
    assert (plain.clouds, plain.spoiled) == (36, 0)
    assert (one.clouds, one.spoiled) == (36 - 4, 1)


@pytest.mark.parametrize("kind", ["geopackage", "postgis"])
def test_both_kinds_of_database(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> None:
    database = tmp_path / "a.gpkg"
    if kind == "postgis":
        database = request.getfixturevalue("postgres_server").new_name()
    path = write_tile(tmp_path, plan_of(classes(), bands=FEW))
    first = search(database, [path])
    again = search(database, [path])
    assert first.added > 3
    assert (again.added, again.known) == (0, 1)
    assert again.outcomes[0].counts == first.outcomes[0].counts


def test_cells_share_the_clouds(zoo: tuple[Path, simulate.Plan], tmp_path: Path) -> None:
    path, plan = zoo
    (one,) = search(tmp_path / "a.gpkg", [path]).outcomes
    assert len(one.counts) > 20
    assert one.clouds == plan.truth().sum()
    assert set(one.cells) <= set(one.counts)
    with open_database(str(tmp_path / "a.gpkg")) as db:
        found = load_measurements(db, "S2A/MSI")
    assert len(found) == sum(1 for _, clouds in one.counts.values() if clouds)
    column = found.sensor.band_names.index("B2")
    assert found["count"][:, column].sum() == one.clouds * PIXELS**2


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of all rasters that are opened while a test runs."""
    from calval_toolbox.core.io import rasters

    names: list[str] = []
    original = rasters.open_raster

    def noting(uri: str, *rest: object) -> object:
        names.append(uri.rsplit("/", 1)[-1])
        return original(uri, *rest)

    monkeypatch.setattr(rasters, "open_raster", noting)
    return names


def test_bands_are_opened_only_of_candidates(tmp_path: Path, opened: list[str]) -> None:
    """Metadata open nothing, a preview opens itself, and bands stop where nothing is left."""

    def one(name: str, kind: int, **more: object) -> Path:
        made = np.full((12, 12), kind)
        return write_tile(tmp_path / name, plan_of(made, bands=FEW, **more))

    clear = one("clear", SEA, cloud_percent=2.0)
    (found,) = search(tmp_path / "a.gpkg", [clear]).outcomes
    assert (found.stage, opened) == (Stage.METADATA, [])
    dark = one("dark", SEA, cloud_percent=80.0)
    (found,) = search(tmp_path / "a.gpkg", [dark]).outcomes
    assert (found.stage, opened) == (Stage.PREVIEW, ["T33NTA_PVI.jp2"])
    assert not (tmp_path / "a.gpkg").exists()
    opened.clear()
    low = one("low", LOW_CLOUD)
    (found,) = search(tmp_path / "a.gpkg", [low]).outcomes
    assert (found.stage, found.clouds, found.bands_read) == (Stage.BANDS, 0, 1)
    pixels = {name for name in opened if "_B" in name}
    # All bands are asked for their grids; B10 alone for pixels.
    assert found.left == {"pixels with data": 144, "cirrus": 0, "bright": 0, "ice": 0, "white": 0,
                          "even": 0, "complete in all bands": 0}  # fmt: skip
    assert len(pixels) == len(FEW)


def test_what_was_searched_is_not_read_again(tmp_path: Path, opened: list[str]) -> None:
    paths = [
        write_tile(tmp_path, plan_of(classes(cloud), bands=FEW, time=day(f"2024-01-{n:02d}"),
                                     cloud_percent=50.0))
        for n, cloud in ((6, True), (11, True))
    ]  # fmt: skip
    paths.append(write_tile(tmp_path / "low", plan_of(np.full((12, 12), LOW_CLOUD), bands=FEW,
                                                    time=day("2024-01-16"))))  # fmt: skip
    database = tmp_path / "a.gpkg"
    first = search(database, paths[:1])
    assert (first.added > 0, first.known) == (True, 0)
    opened.clear()
    rest = search(database, paths)
    assert not [name for name in opened if "20240106T092031_B" in name and "low" not in name]
    opened.clear()
    again = search(database, paths)
    assert (again.added, again.known, opened) == (0, 3, [])
    for one, other in zip(rest.outcomes, again.outcomes, strict=True):
        assert (one.counts, one.left, one.moved) == (other.counts, other.left, other.moved)
        assert list(one.values) == list(other.values)
        for cell, bands in one.values.items():
            for band, (bins, counts) in bands.items():
                assert (bins == other.values[cell][band][0]).all()
                assert (counts == other.values[cell][band][1]).all()


@pytest.mark.parametrize("how", ["absent", "damaged"])
def test_reduced_bands_stand_for_a_preview(tmp_path: Path, how: str) -> None:
    paths = [
        write_tile(tmp_path, plan_of(made, bands=FEW, cloud_percent=50.0, time=day(date)))
        for made, date in (
            (classes(), "2024-01-06"),
            (np.full((12, 12), LOW_CLOUD), "2024-01-11"),
        )
    ]
    for path in paths:
        (preview,) = path.glob("GRANULE/*/QI_DATA/*PVI.jp2")
        if how == "absent":
            preview.unlink()
        else:
            preview.write_bytes(b"no image")
    result = search(tmp_path / "a.gpkg", paths)
    told = [note for note in result.notes if "PVI.jp2 cannot be opened" in note]
    assert len(told) == (2 if how == "damaged" else 0)
    assert all("Reduced bands of" in note for note in told)
    by_clouds = {one.clouds > 0: one for one in result.outcomes}
    assert by_clouds[True].stage is Stage.BANDS
    assert by_clouds[False].stage is Stage.PREVIEW
    assert by_clouds[False].reason == "0.00 % of the B1 and B10 at reduced resolution"
    assert by_clouds[False].bands_read == 2


def test_previews_of_every_kind_and_in_archives(tmp_path: Path) -> None:
    """The true-color image where there is no preview image, else the browse image; in a zip too."""
    path = write_tile(tmp_path, plan_of(classes(), bands=FEW))
    assert preview_uri(open_product(path)).endswith("PVI.jp2")
    (granule,) = path.glob("GRANULE/*")
    (preview,) = granule.glob("QI_DATA/*PVI.jp2")
    color = granule / "IMG_DATA" / "T33NTA_20240106T092031_TCI.jp2"
    preview.rename(color)
    assert preview_uri(open_product(path)).endswith("TCI.jp2")
    archive = shutil.make_archive(str(tmp_path / "zipped" / path.name), "zip", tmp_path, path.name)
    (zipped,) = search(tmp_path / "a.gpkg", [Path(archive)]).outcomes
    (plain,) = search(tmp_path / "b.gpkg", [path]).outcomes
    assert (zipped.counts, zipped.clouds > 0) == (plain.counts, True)
    color.rename(path / "S2A_browse-ql.jp2")
    assert preview_uri(open_product(path)) == ""
    (path / "S2A_browse-ql.jp2").rename(path / "S2A_browse-ql.jpg")
    assert preview_uri(open_product(path)).endswith("-ql.jpg")


def test_large_previews_are_read_small(tmp_path: Path) -> None:
    """Of a true-color image of full size a quick look is enough."""
    from calval_toolbox.core.io.grids import grid_from_epsg
    from calval_toolbox.core.io.raster_writer import write_raster

    image = np.zeros((3, 900, 1200), dtype=np.uint8)
    image[:, :, 600:] = 255
    path = tmp_path / "a.tif"
    grid = grid_from_epsg(32633, (0.0, 10.0, 0.0, 0.0, 0.0, -10.0), 1200, 900)
    write_raster(path, list(image), grid)
    with Rasters() as rasters:
        found = read_preview(str(path), rasters)
    assert found.shape == (3, 257, 343)
    assert white_share(found, 0.98, 0.05) == 1.0  # all that is not black, which is no data
    image[0, :, :600] = image[1, :, :600] = image[2, :, :600] = 60
    assert white_share(image, 0.98, 0.05) == 0.5
    image[2, :, 600:] = 230
    assert (white_share(image, 0.9, 0.05), white_share(image, 0.9, 0.1)) == (0.0, 0.5)


def test_limits_of_scenes_keep_others_out(tmp_path: Path) -> None:
    path = write_tile(tmp_path, plan_of(classes(), bands=FEW))
    (good,) = search(tmp_path / "a.gpkg", [path]).outcomes
    assert good.stage is Stage.BANDS
    other = write_tile(tmp_path, plan_of(classes(), bands=FEW, time=day("2024-03-06"),
                                         sun_zenith_deg=55.0))  # fmt: skip
    result = search(tmp_path / "b.gpkg", [path, other],
                    scenes=SceneLimits(last_day="2024-12-31"))  # fmt: skip
    assert [one.reason for one in result.outcomes] == ["", "sun too low"]


def test_directions_are_those_of_each_band_and_detector(tmp_path: Path) -> None:
    """Left of the middle of the tile one detector looks, right of it another one."""
    level = {"B2": 0.93, "B4": 0.92, "B8A": 0.94, "B10": 0.55, "B11": 0.30}
    fields = {name: np.full((SIZE, SIZE), value) for name, value in level.items()}
    path = write_l1c(tmp_path, scene_of(**fields))
    limits = CloudLimits(cell_deg=0.05)
    # Its sun stands at 40 degrees by the metadata, and at 30 by the grid.
    scenes = SceneLimits(min_cloud_percent=0.0)
    search(tmp_path / "a.gpkg", [path], clouds=limits, scenes=scenes)
    with open_database(str(tmp_path / "a.gpkg")) as db:
        found = load_measurements(db, "S2A/MSI")
    assert found["sun_zenith_deg"] == pytest.approx(30.0)
    zenith = found["view_zenith_deg"]
    for band in ("B2", "B8A"):
        own = zenith[:, found.sensor.band_names.index(band)]
        (left, _), (right, _) = VIEWS[band][5], VIEWS[band][6]
        assert own.min() >= right - 0.1
        assert own.max() <= left + 0.1
        assert np.ptp(own) > 1.0
