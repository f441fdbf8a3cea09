# SPDX-License-Identifier: GPL-3.0-or-later
"""The four-site example on disk: reproducible, read back as products are, true to its truth."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, ogr

from calval_toolbox.core.anomalies.scenes import FourSites, plan_four_sites, write_four_sites
from calval_toolbox.core.anomalies.scenes.images import simulate
from calval_toolbox.core.anomalies.scenes.settings import SITES
from calval_toolbox.core.anomalies.scenes.targets import targets
from calval_toolbox.core.anomalies.scenes.write import write_image
from calval_toolbox.core.errors import Canceled, OutputError
from calval_toolbox.core.io.products import open_product
from calval_toolbox.core.io.products.masks import decode
from calval_toolbox.core.io.tables import positions, read_table
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.simulation.covers import BANDS
from calval_toolbox.core.types import Flag, Product

LAST = "2018-05-15"
SHORT = "2018-01-20"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> FourSites:
    return write_four_sites(tmp_path_factory.mktemp("four"), last_day=LAST)


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _products(example: FourSites, site: str) -> list[Product]:
    found = [open_product(str(path)) for path in example.products[site].iterdir()]
    return sorted(found, key=lambda product: product.time)


def _flags(product: Product, name: str) -> dict[Flag, np.ndarray]:
    mask = product.masks[name]
    return decode(gdal.Open(mask.uri).ReadAsArray(), mask)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    write_four_sites(tmp_path / "one", 5, last_day=SHORT)
    write_four_sites(tmp_path / "two", 5, last_day=SHORT, workers=1)
    write_four_sites(tmp_path / "other", 6, last_day=SHORT)
    one, two, other = (_hashes(tmp_path / name) for name in ("one", "two", "other"))
    assert len(one) > 100
    assert one == two
    assert one != other
    (tmp_path / "one" / "beijing" / "older.tif").write_text("of another version")
    write_four_sites(tmp_path / "one", 5, last_day=SHORT)  # over its own files
    assert _hashes(tmp_path / "one") == two
    write_four_sites(tmp_path / "part", 5, SITES[2:3], SHORT)  # a site by itself is the same
    part = _hashes(tmp_path / "part" / "ouarzazate")
    assert part
    assert part.items() <= _hashes(tmp_path / "one" / "ouarzazate").items()


def test_foreign_files_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "toulouse").mkdir()
    (tmp_path / "README.txt").write_text("precious")
    with pytest.raises(OutputError, match="already holds other files"):
        write_four_sites(tmp_path, last_day=SHORT)
    assert (tmp_path / "README.txt").read_text() == "precious"
    assert (tmp_path / "toulouse").is_dir()


def test_a_canceled_run_leaves_nothing_behind(tmp_path: Path) -> None:
    class Stop(Silent):
        asked = 0

        def canceled(self) -> bool:
            self.asked += 1
            return self.asked > 3

    with pytest.raises(Canceled):
        write_four_sites(tmp_path / "example", last_day=LAST, progress=Stop())
    assert list((tmp_path / "example").iterdir()) == []


@pytest.mark.parametrize("site", [site.name for site in SITES])
def test_products_are_read_back_as_planned(example: FourSites, site: str) -> None:
    plan = next(plan for plan in example.plans if plan.settings.name == site)
    products = _products(example, site)
    assert len(products) == len(plan.images) >= 6
    for planned, product in zip(plan.images, products, strict=True):
        assert (product.time, product.platform) == (planned.time, planned.platform)
        assert (product.reader, product.level, product.notes) == ("muscate", "L2A", ())
        assert product.site == plan.place.tile
        assert product.baseline == planned.version.replace("-", ".")
        assert product.sun_zenith_deg == pytest.approx(planned.sun_zenith_deg)
        assert product.sun_azimuth_deg == pytest.approx(planned.sun_azimuth_deg)
        assert set(product.bands) == set(BANDS)
        image = simulate(plan, planned.number)
        for number, name in enumerate(BANDS):
            source = product.bands[name]
            values = gdal.Open(source.uri).ReadAsArray()
            step = round(source.resolution_m / 10.0)
            expected = image.reflectance[number][::step, ::step]
            assert np.array_equal(values == source.nodata, np.isnan(expected))
            read = np.where(values == source.nodata, np.nan, values * source.scale)
            assert np.nanmax(np.abs(read - expected)) < 0.51e-4
        assert np.array_equal(_flags(product, "CLM_R1")[Flag.CLOUD], image.cloud)
        assert np.array_equal(_flags(product, "CLM_R1")[Flag.CLOUD_SHADOW], image.shadow)
        assert np.array_equal(_flags(product, "MG2_R1")[Flag.CLOUD], image.cloud)
        assert np.array_equal(_flags(product, "EDG_R1")[Flag.NODATA], image.outside)
        assert np.array_equal(_flags(product, "SAT_R1")[Flag.SATURATED], image.saturated)


def test_aot_is_there_and_lacks_what_the_correction_left(example: FourSites) -> None:
    plan = next(plan for plan in example.plans if plan.settings.name == "Beijing")
    left = next(one for one in plan.injections if one.type == "aot_under")
    number = left.date
    product = _products(example, "Beijing")[number]
    assert product.aot is not None
    read = gdal.Open(product.aot.uri).ReadAsArray()[product.aot.band - 1]
    delivered = float(read.mean()) * product.aot.scale
    assert delivered == pytest.approx(max(plan.images[number].aot - left.amplitude, 0.0), abs=0.03)


def test_products_after_the_step_are_of_another_version(tmp_path: Path) -> None:
    plan = plan_four_sites(settings=SITES[2:3])[0]
    step = next(one for one in plan.injections if one.type == "step")
    for number, baseline in ((step.date - 1, "3.0"), (step.date, "3.1")):
        rows, at_sites = write_image(tmp_path, plan, number, targets(plan))
        name = f"*{str(plan.images[number].time)[:10].replace('-', '')}*"
        product = open_product(str(next(tmp_path.glob(name))))
        assert product.baseline == baseline
        told = [row["type"] for row in rows if row.get("planted")]
        assert told == (["step"] if number == step.date else [])
        assert {row["site"] for row in at_sites if row["type"] == "step"} == (
            {target.name for target in targets(plan)} if told else set()
        )


def test_truth_names_products_that_are_there(example: FourSites) -> None:
    on_disk = {folder.name for path in example.products.values() for folder in path.iterdir()}
    assert set(example.truth["product"]) <= on_disk
    read = read_table(example.folder / "truth.csv")
    assert read["type"].tolist() == example.truth["type"].tolist()
    shares = example.truth["extent_share"]
    assert ((shares > 0.0) & (shares <= 1.0)).all()
    planted = example.truth["planted"] == 1
    assert np.isfinite(example.truth["amplitude"][planted]).all()
    at_sites = read_table(example.folder / "truth_sites.csv")
    assert set(at_sites["site"]) <= set(read_table(example.polygons)["site"])


def test_points_lie_in_their_polygons_and_in_the_images(example: FourSites) -> None:
    points, polygons = read_table(example.sites), read_table(example.polygons)
    longitude, latitude, _ = positions(points.geometry)
    outlines = dict(zip(polygons["site"], polygons.geometry, strict=True))
    whole = {name: outlines[f"{name} image"] for name in example.products}
    assert len(points) >= 19
    for row, site in enumerate(points["site"]):
        spot = ogr.CreateGeometryFromWkt(f"POINT ({longitude[row]} {latitude[row]})")
        assert ogr.CreateGeometryFromWkb(outlines[site]).Contains(spot), site
        assert ogr.CreateGeometryFromWkb(whole[points["place"][row]]).Contains(spot), site


def test_steady_ground_is_one_of_the_polygons_of_each_site(example: FourSites) -> None:
    steady, polygons = read_table(example.steady), read_table(example.polygons)
    assert sorted(steady["place"]) == sorted(example.products)
    outlines = dict(zip(polygons["site"], polygons.geometry, strict=True))
    for site, outline in zip(steady["site"], steady.geometry, strict=True):
        assert outline == outlines[site]


def test_the_whole_example_stays_small(example: FourSites) -> None:
    files = [path for path in example.folder.rglob("*") if path.is_file()]
    written = sum(len(plan.images) for plan in example.plans)
    planned = sum(len(plan.images) for plan in plan_four_sites())
    assert 300 <= planned <= 352
    assert sum(path.stat().st_size for path in files) * planned / written < 41e6
