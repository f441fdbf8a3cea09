# SPDX-License-Identifier: GPL-3.0-or-later
"""Extraction that is canceled, and products and sites that cannot be measured."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_extraction import SITES, extract, rows, site
from made_l1c import SIZE, scene_of, write_l1c, write_quality

from calval_toolbox.core.calibration.extraction.run import (
    ExtractionRequest,
    extract_sites,
)
from calval_toolbox.core.database import open_database, parse_name
from calval_toolbox.core.database.sensors import load_sensor
from calval_toolbox.core.errors import Canceled, InputError, InsufficientDataError, ProductError
from calval_toolbox.core.io.products.synthetic import SafeStyle
from calval_toolbox.core.progress import Silent


class StopAfter(Silent):
    """A user who cancels once something was added."""

    def __init__(self) -> None:
        self.stop = False

    def report(self, fraction: float, text: str = "") -> None:
        self.stop |= text == "Measuring products over sites"

    def canceled(self) -> bool:
        return self.stop


def test_canceled_run_keeps_what_is_complete(
    product: Path, tmp_path: Path, fields: dict[str, np.ndarray]
) -> None:
    older = [write_l1c(tmp_path / name, scene_of(**fields), SafeStyle("L1C", name, 0))
             for name in ("02.04", "02.05", "02.06")]  # fmt: skip
    database = tmp_path / "a.gpkg"
    request = ExtractionRequest([str(one) for one in (product, *older)], SITES, workers=1)
    with pytest.raises(Canceled):
        extract_sites(parse_name(str(database)), request, StopAfter())
    first = len(rows(database))
    assert first in (3, 6, 9)
    rest = extract_sites(parse_name(str(database)), request)
    assert (rest.added, rest.skipped) == (12 - first, first)


def test_saturated_site_is_kept_and_told(tmp_path: Path) -> None:
    values = np.full((SIZE, SIZE), 0.4)
    values[100:400, 100:250] = 10.0  # the left half of the first site
    values[100:400, 600:900] = 10.0  # all of the third
    extract(tmp_path / "a.gpkg", [write_l1c(tmp_path, scene_of(B2=values))])
    found = rows(tmp_path / "a.gpkg")
    of = {name: row for row, name in enumerate(found["site"])}
    assert found["saturated_fraction"][of["left"], 0] == pytest.approx(0.5)
    assert found["mean"][of["left"], 0] == pytest.approx(0.4)
    assert found["saturated_fraction"][of["right"], 0] == 1.0
    assert np.isnan(found["mean"][of["right"], 0])
    assert found["valid_fraction"].tolist() == [1.0, 1.0, 1.0]


def test_saturation_that_only_the_raster_mask_tells(tmp_path: Path) -> None:
    """The eighth layer of MSK_QUALIT: the DN of these pixels look like any other."""
    values = np.full((SIZE, SIZE), 0.4)
    values[100:400, 100:250] = 0.9  # the left half of the first site
    scene = scene_of(B2=values)
    product = write_l1c(tmp_path, scene)
    none, where = np.zeros((SIZE, SIZE)), values > 0.8
    elsewhere = np.ones((SIZE, SIZE))  # another kind, which says nothing of saturation
    write_quality(product, scene, "B2", *[none] * 6, elsewhere, where)
    extract(tmp_path / "a.gpkg", [product])
    found = rows(tmp_path / "a.gpkg")
    of = {name: row for row, name in enumerate(found["site"])}
    assert found["saturated_fraction"][of["left"], 0] == pytest.approx(0.5)
    assert found["mean"][of["left"], 0] == pytest.approx(0.4)
    assert found["saturated_fraction"][of["right"], 0] == 0.0
    # Reduced resolutions do not tell single pixels: the mask is not read there.
    extract(tmp_path / "b.gpkg", [product], fast=True)
    assert rows(tmp_path / "b.gpkg")["saturated_fraction"][of["left"], 0] == 0.0


def test_a_quality_mask_without_saturation_is_told(tmp_path: Path) -> None:
    scene = scene_of(B2=np.full((SIZE, SIZE), 0.4))
    product = write_l1c(tmp_path, scene)
    write_quality(product, scene, "B2", *[np.ones((SIZE, SIZE))] * 3)
    result = extract(tmp_path / "a.gpkg", [product])
    assert any("MSK_QUALIT_B02.jp2 has no layer of saturated" in note for note in result.notes)
    assert (rows(tmp_path / "a.gpkg")["saturated_fraction"][:, 0] == 0.0).all()


def test_part_without_data_is_not_valid(tmp_path: Path) -> None:
    values = np.full((SIZE, SIZE), 0.4)
    values[:, :250] = np.nan
    values[:, 600:] = np.nan
    result = extract(tmp_path / "a.gpkg", [write_l1c(tmp_path, scene_of(B2=values))])
    found = rows(tmp_path / "a.gpkg")
    assert dict(zip(found["site"], found["valid_fraction"], strict=True)) == {
        "left": pytest.approx(0.5), "middle": pytest.approx(2 / 3),
    }  # fmt: skip
    assert any("right lies where the product has no data" in note for note in result.notes)


def test_product_without_angles_is_left_out(
    product: Path, tmp_path: Path, fields: dict[str, np.ndarray]
) -> None:
    path = write_l1c(tmp_path, scene_of(**fields), SafeStyle("L1C", "02.06", 0))
    next(path.glob("GRANULE/*/MTD_TL.xml")).unlink()
    result = extract(tmp_path / "a.gpkg", [product, path])
    assert (result.added, result.failed) == (3, 1)
    assert any("states no direction of the sun" in note for note in result.notes)
    with pytest.raises(ProductError, match=r"MTD_TL\.xml is not there"):
        extract(tmp_path / "b.gpkg", [path])
    assert not (tmp_path / "b.gpkg").exists()


def test_damaged_band_leaves_nothing_of_its_product(
    product: Path, tmp_path: Path, fields: dict[str, np.ndarray]
) -> None:
    path = write_l1c(tmp_path, scene_of(**fields), SafeStyle("L1C", "02.06", 0))
    (band,) = path.glob("GRANULE/*/IMG_DATA/*B8A.jp2")
    band.write_bytes(band.read_bytes()[: band.stat().st_size // 2])
    result = extract(tmp_path / "a.gpkg", [product, path])
    assert (result.added, result.failed) == (3, 1)
    assert any("B8A.jp2 cannot be" in note for note in result.notes)
    assert set(rows(tmp_path / "a.gpkg")["version"]) == {"05.10"}


def test_damaged_angles_are_told(tmp_path: Path, fields: dict[str, np.ndarray]) -> None:
    path = write_l1c(tmp_path, scene_of(**fields))
    (tile,) = path.glob("GRANULE/*/MTD_TL.xml")
    tile.write_text(tile.read_text().replace("30 30 30", "30 x 30", 1))
    with pytest.raises(ProductError, match="grid of zenith angles is damaged"):
        extract(tmp_path / "a.gpkg", [path])


def test_site_outside_and_unknown_band_are_told(product: Path, tmp_path: Path) -> None:
    far = (site("far", (3000, 0, 3100, 100)),)
    with pytest.raises(InsufficientDataError, match="shows any of the 1 sites.*T36RXU.*far"):
        extract(tmp_path / "a.gpkg", [product], far)
    assert not (tmp_path / "a.gpkg").exists()
    assert extract(tmp_path / "a.gpkg", [product], (*far, SITES[0])).added == 1
    with pytest.raises(InputError, match="No product has a band B77. There are: B2, B8A"):
        extract(tmp_path / "a.gpkg", [product], bands=("B77",))


def test_unknown_sensor_is_asked_for(tmp_path: Path, fields: dict[str, np.ndarray]) -> None:
    from dataclasses import replace

    from calval_toolbox.core.calibration.extraction.naming import sensor_name
    from calval_toolbox.core.io.products import open_product

    found = open_product(write_l1c(tmp_path, scene_of(**fields)))
    assert sensor_name(found) == "S2A/MSI"
    assert sensor_name(replace(found, platform="LANDSAT8", sensor="OLI")) == "LANDSAT_8/OLI"
    assert sensor_name(found, "mine") == "mine"
    with pytest.raises(InputError, match=r"do not name its sensor. Give it \(SENSOR\)"):
        sensor_name(replace(found, platform="", sensor=""))


def test_wavelengths_of_the_database_stay(product: Path, tmp_path: Path) -> None:
    database = tmp_path / "a.gpkg"
    extract(database, [product], SITES[:1])
    with open_database(str(database)) as db, db.transaction():
        db.run("UPDATE bands SET wavelength_nm = 497 WHERE name = 'B2'")
    result = extract(database, [product], SITES[1:])
    assert result.added == 2
    assert any("gives 492.4 nm for B2" in note and "keeps 497 nm" in note for note in result.notes)
    with open_database(str(database)) as db:
        assert load_sensor(db, "S2A/MSI").bands[0].wavelength_nm == 497
