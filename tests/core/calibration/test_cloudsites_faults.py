# SPDX-License-Identifier: GPL-3.0-or-later
"""Searches that are canceled, products that cannot be searched, limits that exclude everything, and
the real product.
"""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest
from made_cloudsites import FEW, LIMITS, classes, day, search

from calval_toolbox.core.calibration.cloudsites.limits import (
    CloudLimits,
    SceneLimits,
    check_limits,
)
from calval_toolbox.core.calibration.cloudsites.outcome import Stage
from calval_toolbox.core.calibration.cloudsites.run import OtherLimitsError
from calval_toolbox.core.calibration.cloudsites.simulate import plan_of, write_tile
from calval_toolbox.core.database import open_database
from calval_toolbox.core.errors import (
    Canceled,
    DatabaseError,
    InputError,
    InsufficientDataError,
    ProductError,
)
from calval_toolbox.core.io.products.synthetic import SafeStyle, Scene, write_safe
from calval_toolbox.core.progress import Silent


@pytest.fixture(scope="module")
def tile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tile(tmp_path_factory.mktemp("tile"), plan_of(classes(), bands=FEW))


def copied(tile: Path, folder: Path) -> Path:
    return Path(shutil.copytree(tile, folder / tile.name.replace("20240106", "20240206")))


def test_product_without_angles(tile: Path, tmp_path: Path) -> None:
    other = copied(tile, tmp_path)
    next(other.glob("GRANULE/*/MTD_TL.xml")).unlink()
    with pytest.raises(ProductError, match=r"states no angles of the sun.*MTD_TL\.xml"):
        search(tmp_path / "a.gpkg", [other])
    assert not (tmp_path / "a.gpkg").exists()
    result = search(tmp_path / "a.gpkg", [other, tile])
    assert (result.failed, result.candidates) == (1, 1)
    assert any("states no angles of the sun" in note for note in result.notes)


def test_product_without_the_band_of_cirrus(tile: Path, tmp_path: Path) -> None:
    other = copied(tile, tmp_path)
    next(other.glob("GRANULE/*/IMG_DATA/*B10.jp2")).unlink()
    result = search(tmp_path / "a.gpkg", [other, tile])
    (note,) = [note for note in result.notes if "near 1375 nm" in note]
    assert "B10 of Sentinel-2" in note
    assert "give those of Level 1 (L1C)" in note
    assert result.failed == 1


def test_level_2_is_refused(tmp_path: Path) -> None:
    shape = (60, 60)
    scene = Scene(
        "T33NTA", day("2024-01-06"), 32633, 300_000.0, 200_000.0, 10.0, np.zeros(shape),
        reflectance={"B2": np.full(shape, 0.9), "B8A": np.full(shape, 0.9)},
        sun_zenith_deg=25.0, cloud_percent=90.0,
    )  # fmt: skip
    path = write_safe(tmp_path, scene, SafeStyle("L2A"))
    with pytest.raises(ProductError, match=r"level L2A: it has no band near 1375 nm \(B10"):
        search(tmp_path / "a.gpkg", [path])


@pytest.mark.parametrize(
    ("scenes", "problem"),
    [
        (SceneLimits(first_day="2025-01-01"), r"1 not in the period.*FIRST_DAY"),
        (SceneLimits(max_latitude=1.0), r"1 not between the latitudes"),
        (SceneLimits(max_sun_zenith_deg=20.0), r"1 sun too low.*MAX_SUN_ZENITH_DEG"),
    ],
)
def test_no_product_in_range(tile: Path, tmp_path: Path, scenes: SceneLimits, problem: str) -> None:
    with pytest.raises(
        InsufficientDataError, match=f"None of the 1 products is in range: {problem}"
    ):
        search(tmp_path / "a.gpkg", [tile], scenes=scenes)
    assert not (tmp_path / "a.gpkg").exists()


def test_preview_and_bands_both_damaged(tile: Path, tmp_path: Path) -> None:
    other = copied(tile, tmp_path)
    next(other.glob("GRANULE/*/QI_DATA/*PVI.jp2")).write_bytes(b"nothing")
    next(other.glob("GRANULE/*/IMG_DATA/*B10.jp2")).write_bytes(b"nothing")
    result = search(tmp_path / "a.gpkg", [other, tile])
    assert result.failed == 1
    assert any("B10.jp2 cannot be opened as a raster" in note for note in result.notes)
    assert [one.stage for one in result.outcomes] == [Stage.BANDS]


def test_no_preview_and_no_band_for_one(tile: Path, tmp_path: Path) -> None:
    other = copied(tile, tmp_path)
    next(other.glob("GRANULE/*/QI_DATA/*PVI.jp2")).unlink()
    for code in ("B01", "B02", "B10"):
        next(other.glob(f"GRANULE/*/IMG_DATA/*{code}.jp2")).unlink()
    with pytest.raises(ProductError, match="no preview image that can be read, and no bands near"):
        search(tmp_path / "a.gpkg", [other])


def test_damaged_band_leaves_nothing_of_its_product(tile: Path, tmp_path: Path) -> None:
    other = copied(tile, tmp_path)
    band = next(other.glob("GRANULE/*/IMG_DATA/*B04.jp2"))
    band.write_bytes(band.read_bytes()[: band.stat().st_size // 2])
    with pytest.raises(ProductError, match=r"B04\.jp2 cannot be"):
        search(tmp_path / "a.gpkg", [other])
    assert not (tmp_path / "a.gpkg").exists()


@pytest.mark.parametrize(
    ("scenes", "clouds", "problem"),
    [
        ({"min_latitude": 10.0, "max_latitude": -10.0}, {}, r"MIN_LATITUDE \(10\) has to be small"),
        ({}, {"min_ice_ratio": 0.6}, r"MIN_ICE_RATIO \(0\.6\) has to be smaller"),
        ({"first_day": "2024-02-01", "last_day": "2024-01-01"}, {},
         r"LAST_DAY \('2024-01-01'\) is before FIRST_DAY"),
        ({"first_day": "soon"}, {}, "FIRST_DAY"),
        ({}, {"cell_deg": 0.005}, r"CELL_SIZE_DEG\) are smaller than the pixels"),
    ],
)  # fmt: skip
def test_limits_that_exclude_everything(scenes: dict, clouds: dict, problem: str) -> None:
    from calval_toolbox.core.errors import CalValError

    with pytest.raises(CalValError, match=problem):
        check_limits(SceneLimits(**scenes), CloudLimits(**clouds))


def test_scene_smaller_than_its_pixels(tile: Path, tmp_path: Path) -> None:
    with pytest.raises(ProductError, match="smaller than 3 x 3 pixels of 1000 m"):
        search(tmp_path / "a.gpkg", [tile], clouds=CloudLimits())


def test_other_limits_ask_for_another_version(tile: Path, tmp_path: Path) -> None:
    database = tmp_path / "a.gpkg"
    first = search(database, [tile])
    strict = dataclasses.replace(LIMITS, min_cirrus=0.4)
    with pytest.raises(OtherLimitsError, match=r"min_cirrus 0\.3 instead of 0\.4.*another VERSION"):
        search(database, [tile], clouds=strict)
    again = search(database, [tile], clouds=strict, version="strict")
    assert (again.known, again.added) == (0, first.added)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("min_cloud_percent", 100.5),  # the product would not even be looked at
        ("preview_share", 0.5), ("preview_brightness", 0.9), ("preview_color", 0.1),
    ],
)  # fmt: skip
def test_other_limits_of_the_preview_are_not_mixed_either(
    kept_tile: Path, tile: Path, name: str, value: float
) -> None:
    changed = dataclasses.replace(SceneLimits(), **{name: value})
    with pytest.raises(OtherLimitsError, match=rf"{name} .* instead of {value}.*another VERSION"):
        search(kept_tile, [tile], scenes=changed)
    # What only chooses among products may change.
    assert search(kept_tile, [tile], scenes=SceneLimits(max_latitude=20.0)).known == 1


@pytest.fixture(scope="module")
def kept_tile(tile: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that knows the tile."""
    database = tmp_path_factory.mktemp("kept") / "a.gpkg"
    search(database, [tile])
    return database


def test_database_of_a_newer_schema(tile: Path, tmp_path: Path) -> None:
    database = tmp_path / "a.gpkg"
    search(database, [tile])
    with open_database(str(database)) as db, db.transaction():
        db.run("UPDATE calval_schema SET version = 99")
    with pytest.raises(DatabaseError, match="newer"):
        search(database, [tile])


def test_sensor_without_a_name_is_asked_for(tile: Path, tmp_path: Path) -> None:
    result = search(tmp_path / "a.gpkg", [tile], sensor='An "odd"; one')
    assert result.outcomes[0].sensor == 'An "odd"; one'
    assert result.added > 0


class StopAfter(Silent):
    """A user who cancels once a product was searched."""

    def __init__(self) -> None:
        self.stop = False

    def report(self, fraction: float, text: str = "") -> None:
        self.stop = self.stop or fraction > 0.15

    def canceled(self) -> bool:
        return self.stop


def test_canceled_run_goes_on(tile: Path, tmp_path: Path) -> None:
    from calval_toolbox.core.calibration.cloudsites.run import SearchRequest, search_products
    from calval_toolbox.core.database import parse_name

    others = [
        write_tile(tmp_path, plan_of(classes(), bands=FEW, time=day(f"2024-03-{n:02d}")))
        for n in (1, 6, 11)
    ]
    name = parse_name(str(tmp_path / "a.gpkg"))
    request = SearchRequest([str(one) for one in (tile, *others)], clouds=LIMITS, workers=1)
    with pytest.raises(Canceled):
        search_products(name, request, StopAfter())
    rest = search_products(name, request)
    assert 1 <= rest.known < 4
    assert rest.known + sum(1 for one in rest.outcomes if not one.known) == 4
    assert all(one.clouds for one in rest.outcomes)


def test_real_product_has_no_such_cloud(shared_data: Path, tmp_path: Path) -> None:
    """Clear desert at 31 degrees north: the metadata say so, and so does the preview."""
    folder = shared_data / "calibration" / "s2_l1c"
    (path,) = folder.glob("S2A_MSIL1C_*.SAFE")
    (one,) = search(tmp_path / "a.gpkg", [path], clouds=CloudLimits()).outcomes
    assert one.stage is Stage.METADATA
    assert len(one.cells) >= 16
    (one,) = search(tmp_path / "a.gpkg", [path], clouds=CloudLimits(),
                    scenes=SceneLimits(min_cloud_percent=0.0)).outcomes  # fmt: skip
    assert one.stage is Stage.PREVIEW
    assert one.reason == "0.77 % of the preview image"
    # With all doors open it is refused for what it lacks: the sample has four bands.
    with pytest.raises(InputError, match="no band near 1375 nm"):
        search(tmp_path / "a.gpkg", [path], clouds=CloudLimits(),
               scenes=SceneLimits(min_cloud_percent=0.0, preview_share=0.0))  # fmt: skip
    assert not (tmp_path / "a.gpkg").exists()


def write_landsat_1(folder: Path) -> Path:
    """A Landsat 8 Level-1 scene of 60 x 60 pixels, cloud at the left, with a thermal band."""
    from calval_toolbox.core.io.products.synthetic_common import write_tif

    name = "LC08_L1TP_185060_20240106_20240106_02_T1"
    level = {2: 0.9, 4: 0.89, 5: 0.92, 6: 0.3, 9: 0.5, 10: 0.0}
    shape = (60, 60)
    scene = Scene("185060", day("2024-01-06"), 32633, 300_000.0, 200_000.0, 30.0, np.zeros(shape))
    corners = scene.corners()
    lines = [
        'SPACECRAFT_ID = "LANDSAT_8"', 'SENSOR_ID = "OLI_TIRS"', "WRS_PATH = 185", "WRS_ROW = 60",
        "DATE_ACQUIRED = 2024-01-06", 'SCENE_CENTER_TIME = "09:20:31.0Z"', "CLOUD_COVER = 50.0",
        "SUN_AZIMUTH = 120.0", "SUN_ELEVATION = 60.0", 'PROCESSING_LEVEL = "L1TP"',
        "GRID_CELL_SIZE_REFLECTIVE = 30.0",
    ]  # fmt: skip
    for tag, corner in (("UL", "upperLeft"), ("UR", "upperRight"), ("LL", "lowerLeft"),
                        ("LR", "lowerRight")):  # fmt: skip
        longitude, latitude = corners[corner][:2]
        lines += [f"CORNER_{tag}_LAT_PRODUCT = {latitude:.5f}",
                  f"CORNER_{tag}_LON_PRODUCT = {longitude:.5f}"]  # fmt: skip
    scaling = []
    for band, value in level.items():
        toa = np.full(shape, 0.02)
        toa[:, :30] = value
        # Level-1 numbers are reflectance under a sun in the zenith.
        dn = np.rint((toa * np.sin(np.radians(60.0)) + 0.1) / 2e-5).astype(np.uint16)
        write_tif(folder / name / f"{name}_B{band}.TIF", [dn], scene)
        lines.append(f'FILE_NAME_BAND_{band} = "{name}_B{band}.TIF"')
        if band != 10:
            scaling += [f"REFLECTANCE_MULT_BAND_{band} = 2.0E-05",
                        f"REFLECTANCE_ADD_BAND_{band} = -0.1"]  # fmt: skip
    groups = {"IMAGE_ATTRIBUTES": lines, "LEVEL1_RADIOMETRIC_RESCALING": scaling}
    text = "GROUP = LANDSAT_METADATA_FILE\n"
    for group, entries in groups.items():
        text += "\n".join([f"GROUP = {group}", *entries, f"END_GROUP = {group}", ""])
    path = folder / name / f"{name}_MTL.txt"
    path.write_text(text + "END_GROUP = LANDSAT_METADATA_FILE\nEND\n")
    return folder / name


def test_landsat_is_searched_without_its_thermal_bands(tmp_path: Path) -> None:
    from calval_toolbox.core.calibration.cloudsites.finding import find_cloud_sites
    from calval_toolbox.core.calibration.cloudsites.limits import AreaLimits
    from calval_toolbox.core.calibration.cloudsites.run import SearchRequest
    from calval_toolbox.core.database import parse_name

    limits = dataclasses.replace(LIMITS, cell_deg=1.0)
    request = SearchRequest([str(write_landsat_1(tmp_path))], clouds=limits)
    found = find_cloud_sites(parse_name(str(tmp_path / "a.gpkg")), request, AreaLimits(), 20)
    (one,) = found.result.outcomes
    # 15 x 15 squares, of which the inner ones of the left half are even.
    assert one.counts == {(13, 1): (225, 13 * 5)}
    assert one.sensor == "LANDSAT_8/OLI"
    assert any("thermal bands of LANDSAT_8/OLI are not read" in note for note in found.notes)
    (blue,) = [made for made in found.distributions if made.band == "B2"]
    assert max(blue.value.values()) == pytest.approx(0.9, abs=1e-3)
    assert {made.band for made in found.distributions} == {"B2", "B4", "B5", "B6", "B9"}
