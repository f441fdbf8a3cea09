# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites measured in made-up and real Sentinel-2 L1C products, with answers known by hand."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_extraction import LEFT_SITE, MIDDLE, RIGHT_SITE, SITES, extract, rows, site
from made_l1c import E0, SIZE, SPLIT, SUN, U, scene_of, write_l1c

from calval_toolbox.core.calibration.extraction.run import (
    METHOD,
    ExtractionRequest,
    extract_sites,
)
from calval_toolbox.core.database import open_database, parse_name
from calval_toolbox.core.database.products import load_products
from calval_toolbox.core.database.runs import list_runs
from calval_toolbox.core.database.sensors import load_responses
from calval_toolbox.core.database.sites import load_sites
from calval_toolbox.core.io.products.synthetic import SafeStyle
from calval_toolbox.core.progress import Silent


def test_numbers_are_those_of_the_pixels(
    product: Path, fields: dict[str, np.ndarray], database_name: str
) -> None:
    result = extract(database_name, [product])
    assert (result.added, result.skipped, result.failed) == (3, 0, 0)
    found = rows(database_name)
    assert found.sensor.band_names == ("B2", "B8A")
    assert set(found["version"]) == {"05.10"}
    for row, name in enumerate(found["site"]):
        left, top, right, bottom = dict(left=LEFT_SITE, middle=MIDDLE, right=RIGHT_SITE)[name]
        for column, (band, step) in enumerate((("B2", 1), ("B8A", 2))):
            pixels = np.rint(fields[band][::step, ::step] * 1e4) / 1e4
            pixels = pixels[top // step : bottom // step, left // step : right // step]
            assert found["count"][row, column] == pixels.size
            assert found["mean"][row, column] == pytest.approx(pixels.mean(), rel=1e-9)
            assert found["median"][row, column] == pytest.approx(np.median(pixels), rel=1e-9)
            assert found["std"][row, column] == pytest.approx(pixels.std(ddof=1), rel=1e-9)
        assert found["valid_fraction"][row] == 1.0
    assert str(found.time[0]) == "2024-01-01T08:19:19.284"


def test_angles_are_those_of_the_detectors(product: Path, database_name: str) -> None:
    extract(database_name, [product])
    found = rows(database_name)
    of = {name: row for row, name in enumerate(found["site"])}
    zenith, azimuth = found["view_zenith_deg"], found["view_azimuth_deg"]
    assert zenith[of["left"]] == pytest.approx([4.0, 5.0], abs=1e-6)
    assert azimuth[of["left"]] == pytest.approx([350.0, 100.0], abs=1e-6)
    assert zenith[of["right"]] == pytest.approx([2.0, 3.0], abs=1e-6)
    assert azimuth[of["right"]] == pytest.approx([20.0, 110.0], abs=1e-6)
    # One third of the site in the middle was seen by the left detector.
    share = (SPLIT - MIDDLE[0]) / (MIDDLE[2] - MIDDLE[0])
    assert zenith[of["middle"], 0] == pytest.approx(share * 4.0 + (1 - share) * 2.0, abs=0.02)
    parts = [(share, 4.0, 350.0), (1 - share, 2.0, 20.0)]
    east, north = (
        sum(w * np.tan(np.radians(z)) * f(np.radians(a)) for w, z, a in parts)
        for f in (np.sin, np.cos)
    )
    expected = np.degrees(np.arctan2(east, north))
    assert azimuth[of["middle"], 0] == pytest.approx(expected, abs=0.3)
    assert found["sun_zenith_deg"] == pytest.approx(SUN[0], abs=1e-6)
    assert found["sun_azimuth_deg"] == pytest.approx(SUN[1], abs=1e-6)


def test_without_footprints_the_nodes_tell_the_detector(
    tmp_path: Path, fields: dict[str, np.ndarray]
) -> None:
    path = write_l1c(tmp_path, scene_of(**fields), footprints=False)
    # The nodes at 4, 5 and 6 km are those of both detectors.
    away = (site("left", (100, 100, 340, 400)), SITES[1], site("right", (660, 100, 900, 400)))
    extract(tmp_path / "a.gpkg", [path], away)
    found = rows(tmp_path / "a.gpkg")
    of = {name: row for row, name in enumerate(found["site"])}
    assert found["view_zenith_deg"][of["left"]] == pytest.approx([4.0, 5.0], abs=1e-6)
    assert found["view_zenith_deg"][of["right"]] == pytest.approx([2.0, 3.0], abs=1e-6)
    assert 2.0 < found["view_zenith_deg"][of["middle"], 0] < 4.0


def test_clouds_are_those_of_the_mask(product: Path, database_name: str) -> None:
    extract(database_name, [product])
    found = rows(database_name)
    of = {name: row for row, name in enumerate(found["site"])}
    assert set(found["cloud_method"]) == {"raster mask CLASSI"}
    assert found["cloud_fraction"][of["left"]] == found["cloud_fraction"][of["right"]] == 0.0
    assert found["cloud_fraction"][of["middle"]] == pytest.approx(150**2 / 300**2, abs=0.01)


def test_without_a_mask_the_percentage_counts(
    tmp_path: Path, fields: dict[str, np.ndarray]
) -> None:
    extract(tmp_path / "a.gpkg", [write_l1c(tmp_path, scene_of(**fields))])
    found = rows(tmp_path / "a.gpkg")
    assert set(found["cloud_method"]) == {"cloud percentage of the product"}
    assert found["cloud_fraction"] == pytest.approx(0.125)


def test_what_the_product_states_is_kept(product: Path, database_name: str) -> None:
    extract(database_name, [product], record={"a": 1}, parameters={"B": 2})
    with open_database(database_name) as db:
        kept = load_products(db, "S2A/MSI")
        assert kept["u_earth_sun"].tolist() == [U]
        assert kept["quantification"].tolist() == [10000.0]
        assert kept["tile"].tolist() == ["T36RXU"]
        assert f'"B2": {E0["B2"]}' in kept["meta_json"][0]
        assert '"B2": -1000.0' in kept["offsets_json"][0]
        responses = load_responses(db, "S2A/MSI")
        assert [one.band for one in responses] == ["B2", "B8A"]
        assert responses[0].wavelengths_nm.tolist() == [490.0, 491.0, 492.0, 493.0]
        assert responses[0].response.tolist() == [0.1, 0.9, 1.0, 0.4]
        (run,) = list_runs(db)
        assert (run.method, run.record, run.parameters) == (METHOD, {"a": 1}, {"B": 2})
        assert db.rows("SELECT DISTINCT run_id FROM measurements") == [(run.id,)]
        linked = db.rows("SELECT COUNT(*) FROM measurements WHERE product_id IS NOT NULL")
        assert linked == [(3,)]
        assert {one.name: one.outline for one in load_sites(db)} == {
            one.name: one.outline for one in SITES
        }


def test_offset_comes_from_the_metadata_alone(tmp_path: Path) -> None:
    """Two products of one date: only one of them states an offset."""
    scene = scene_of(B2=np.full((SIZE, SIZE), 0.3))
    new = write_l1c(tmp_path / "new", scene, SafeStyle("L1C", "05.10", -1000))
    old = write_l1c(tmp_path / "old", scene, SafeStyle("L1C", "02.06", 0))
    extract(tmp_path / "a.gpkg", [new, old], SITES[:1])
    found = rows(tmp_path / "a.gpkg")
    assert sorted(found["version"]) == ["02.06", "05.10"]
    assert found["mean"][:, 0] == pytest.approx(0.3, abs=1e-9)


def test_known_measurements_are_not_read_again(
    product: Path, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert extract(database_name, [product], SITES[:2]).added == 2
    seen: list[str] = []
    from calval_toolbox.core.calibration.extraction import run as module

    kept = module.measure_scene

    def spy(product: Any, sites: Any, *rest: Any) -> Any:
        seen.extend(one.name for one in sites)
        return kept(product, sites, *rest)

    monkeypatch.setattr(module, "measure_scene", spy)
    log = Log()
    request = ExtractionRequest([str(product)], SITES)
    again = extract_sites(parse_name(database_name), request, log)
    assert (again.added, again.skipped, seen) == (1, 2, ["right"])
    assert log.lines == [
        "2 measurement(s) of 1 product(s) are in the database already, and were not read again: "
        f"{product.name.removesuffix('.SAFE')} (version 05.10)."
    ]
    third = extract(database_name, [product])
    assert (third.added, third.skipped, seen) == (0, 3, ["right"])
    with open_database(database_name) as db:
        assert len(list_runs(db)) == 2  # a run that adds nothing leaves no trace
    assert extract(database_name, [product], version="other").added == 3


def test_fast_mode_gives_the_mean_of_full_mode(product: Path, tmp_path: Path) -> None:
    extract(tmp_path / "a.gpkg", [product])
    result = extract(tmp_path / "a.gpkg", [product], fast=True)
    assert result.added == 3
    found = rows(tmp_path / "a.gpkg")
    fast = found["version"] == "05.10 fast"
    assert fast.sum() == 3
    full_mean, fast_mean = found["mean"][~fast], found["mean"][fast]
    assert np.abs(fast_mean / full_mean - 1.0).max() < 5e-4
    assert (found["count"][fast][:, 0] < found["count"][~fast][:, 0] / 15).all()
    assert found["view_zenith_deg"][fast] == pytest.approx(
        found["view_zenith_deg"][~fast], abs=0.05
    )


def test_several_sites_and_products_make_one_row_each(
    product: Path, tmp_path: Path, fields: dict[str, np.ndarray]
) -> None:
    other = write_l1c(tmp_path / "b", scene_of(B2=fields["B2"]), SafeStyle("L1C", "02.06", 0))
    archive = shutil.make_archive(str(tmp_path / other.name), "zip", other.parent, other.name)
    result = extract(tmp_path / "a.gpkg", [product, Path(archive), product], workers=2)
    assert (result.added, result.failed) == (6, 0)
    found = rows(tmp_path / "a.gpkg")
    assert len({(a, b) for a, b in zip(found["site"], found["version"], strict=True)}) == 6
    # The band that the second product lacks is empty, not zero.
    assert np.isnan(found["mean"][found["version"] == "02.06"][:, 1]).all()


class Log(Silent):
    """Keeps what is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def info(self, text: str) -> None:
        self.lines.append(text)


def test_real_product(shared_data: Path, tmp_path: Path) -> None:
    """Against a window of the decimated bands: rows 150 to 249, columns 200 to 299."""
    from osgeo import gdal

    (path,) = (shared_data / "calibration" / "s2_l1c").glob("*.SAFE")
    place = tuple(16 * one for one in (200, 150, 300, 250))
    result = extract(tmp_path / "a.gpkg", [path], (site("Negev", place),))
    assert result.added == 1
    found = rows(tmp_path / "a.gpkg")
    assert found.sensor.band_names == ("B2", "B3", "B4", "B8")
    for column, band in enumerate(("B02", "B03", "B04", "B08")):
        (image,) = path.glob(f"GRANULE/*/IMG_DATA/*{band}.jp2")
        dn = gdal.Open(str(image)).ReadAsArray(200, 150, 100, 100)
        assert found["count"][0, column] == 10_000
        assert found["mean"][0, column] == pytest.approx(dn.mean() / 1e4, rel=1e-9)
        assert found["median"][0, column] == pytest.approx(np.median(dn) / 1e4, rel=1e-9)
    # Between the sun's nodes around the middle of the site.
    assert 17.3 < found["sun_zenith_deg"][0] < 18.2
    # Bands look to the ground one after the other: blue nearest to the nadir, red farthest.
    blue, green, red, infrared = found["view_zenith_deg"][0]
    assert 0.4 < blue < infrared < green < red < 3.0
    assert found["meteo_source"][0] == "AUX_ECMWFT of the product, pressure at mean sea level"
    assert found["cloud_method"][0] == "vector mask MSK_CLOUDS"


def test_real_landsat_scene(shared_data: Path, tmp_path: Path) -> None:
    """Against the decimated bands, with the sun of the site instead of that of the scene."""
    from osgeo import gdal

    (path,) = (shared_data / "calibration" / "landsat8").glob("LC08*")
    left, top = 579285.0, 3469515.0
    columns, rows_ = slice(250, 300), slice(300, 340)
    west, north = (left + 480 * columns.start - 600000) / 10, (3400020 - top + 480 * 300) / 10
    place = (int(round(west)), int(round(north)), int(round(west + 48 * 50)),
             int(round(north + 48 * 40)))  # fmt: skip
    result = extract(tmp_path / "a.gpkg", [path], (site("Negev", place),))
    assert result.added == 1
    found = rows(tmp_path / "a.gpkg", "LANDSAT_8/OLI")
    assert found.sensor.band_names == ("B2", "B3", "B4", "B5")
    sun = found["sun_zenith_deg"][0]
    assert sun == pytest.approx(90.0 - 67.45934698, abs=1.0)
    assert sun != pytest.approx(90.0 - 67.45934698, abs=0.05)
    for column, number in enumerate((2, 3, 4, 5)):
        (image,) = path.glob(f"*_B{number}.TIF")
        dn = gdal.Open(str(image)).ReadAsArray()[rows_, columns].astype(float)
        truth = (2e-5 * dn - 0.1).mean() / np.cos(np.radians(sun))
        assert found["count"][0, column] == dn.size
        assert found["mean"][0, column] == pytest.approx(truth, rel=1e-9)
    assert ((found["view_zenith_deg"][0] > 0.5) & (found["view_zenith_deg"][0] < 7.0)).all()
    with open_database(str(tmp_path / "a.gpkg")) as db:
        kept = load_products(db, "LANDSAT_8/OLI")
    assert kept["u_earth_sun"][0] == pytest.approx(1.0 / 1.0108715**2)
