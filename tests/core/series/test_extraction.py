# SPDX-License-Identifier: GPL-3.0-or-later
"""Time series of known pixels and polygons out of made-up products of all formats."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from calval_toolbox.core.errors import InputError, InsufficientDataError
from calval_toolbox.core.io.products import open_product
from calval_toolbox.core.io.products.synthetic import (
    SafeStyle,
    Scene,
    write_landsat,
    write_muscate,
    write_safe,
)
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.series.extract_files import Source, extract_series_files
from calval_toolbox.core.series.extraction import (
    SeriesSettings,
    extract_product,
    extract_series,
    series_table,
)
from calval_toolbox.core.series.table import series_from_table, table_from_series
from calval_toolbox.core.sites import Site
from calval_toolbox.core.table import Table
from calval_toolbox.core.types import Flag

Make = Callable[..., Scene]


def point(land: SimpleNamespace, column: int, row: int, name: str = "P") -> Site:
    """A site in the middle of a pixel of the finest grid."""
    return Site(name, *land.place(column + 0.5, row + 0.5))


def polygon(land: SimpleNamespace, corners: list[tuple[float, float]], name: str = "F") -> Site:
    """A polygon with corners in pixels of the finest grid."""
    ring = [land.place(*corner) for corner in [*corners, corners[0]]]
    shape = struct.pack("<BIII", 1, 3, 1, len(ring)) + b"".join(
        struct.pack("<dd", *at) for at in ring
    )
    middle = land.place(*np.mean(corners, axis=0))
    return Site(name, *middle, shape)


def rows_of(product: Path, site: Site, **settings: object) -> dict[str, dict]:
    found = extract_product(open_product(product), [site], SeriesSettings(**settings)).rows
    return {row["band"]: row for row in found}


def flag(land: SimpleNamespace, rows: slice, columns: slice) -> np.ndarray:
    mask = np.zeros(land.shape, dtype=bool)
    mask[rows, columns] = True
    return mask


def test_the_pixel_of_a_point_with_all_columns(
    land: SimpleNamespace, scene: Make, tmp_path: Path
) -> None:
    product = write_muscate(tmp_path, scene(3))
    rows = rows_of(product, point(land, 20, 30))
    assert list(rows) == ["B2", "B4", "B8", "B11"]
    for band, base in (("B2", 0.05), ("B4", 0.1), ("B8", 0.3), ("B11", 0.2)):
        assert rows[band]["value"] == pytest.approx(base + 0.02 + 0.003, abs=5.1e-5)
    row = rows["B4"]
    assert row["wavelength_nm"] == pytest.approx(664.6)
    assert row["time"] == np.datetime64("2020-07-03T10:50:31.024")
    assert (row["mask_state"], row["valid_fraction"]) == ("clear", 1.0)
    assert (row["sensor"], row["orbit"], row["site"]) == ("S2A/MSI", "51", "P")
    assert row["product"] == product.name
    assert np.isnan(row["std"]), "one pixel has no spread"


def test_offset_of_baseline_0400_is_removed(
    land: SimpleNamespace, scene: Make, tmp_path: Path
) -> None:
    """The same ground in an old and a new baseline has the same reflectance, not 0.1 more."""
    old = write_safe(tmp_path, scene(3), SafeStyle(baseline="03.01", offset=0))
    new = write_safe(tmp_path, scene(13), SafeStyle(baseline="04.00", offset=-1000))
    products = [open_product(old), open_product(new)]
    settings = SeriesSettings(("B4",))
    rows = extract_series(products, [point(land, 20, 30)], settings).rows
    assert [row["value"] for row in rows] == pytest.approx([0.123, 0.123], abs=1e-6)
    assert [row["orbit"] for row in rows] == ["51", "51"]


def test_landsat_has_its_scale_path_and_wavelengths(
    land: SimpleNamespace, scene: Make, tmp_path: Path
) -> None:
    product = write_landsat(tmp_path, scene(3, site="198030"))
    row = rows_of(product, point(land, 20, 30))["B4"]
    assert row["value"] == pytest.approx(0.123, abs=2e-5)
    assert (row["orbit"], row["wavelength_nm"], row["sensor"]) == ("198", 654.5, "LANDSAT_8/OLI")


def test_window_around_a_point_is_averaged_or_ordered(
    land: SimpleNamespace, scene: Make, tmp_path: Path
) -> None:
    values = land.ramp(0.1)
    values[30, 20] = 0.9
    product = write_muscate(tmp_path, scene(3, reflectance={"B4": values}))
    expected = values[29:32, 19:22]
    mean = rows_of(product, point(land, 20, 30), window_m=30.0)["B4"]
    assert mean["value"] == pytest.approx(expected.mean(), abs=5e-5)
    assert mean["std"] == pytest.approx(expected.std(ddof=1), abs=5e-5)
    median = rows_of(product, point(land, 20, 30), window_m=30.0, statistic="median")["B4"]
    assert median["value"] == pytest.approx(np.median(expected), abs=5e-5)


def test_pixels_of_a_polygon_are_those_with_their_center_inside(
    land: SimpleNamespace, scene: Make, tmp_path: Path
) -> None:
    """A triangle: the truth comes from its three half-planes, not from a rasterizer."""
    product = write_muscate(tmp_path, scene(3))
    corners = [(10.2, 12.1), (33.7, 20.4), (15.3, 41.9)]
    rows, columns = np.indices(land.shape) + 0.5
    inside = np.ones(land.shape, dtype=bool)
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        inside &= (x1 - x0) * (rows - y0) - (y1 - y0) * (columns - x0) > 0
    assert inside.sum() > 300
    row = rows_of(product, polygon(land, corners))["B4"]
    truth = np.round(land.ramp(0.1)[inside], 4)
    assert row["value"] == pytest.approx(truth.mean(), abs=1e-6)
    assert row["std"] == pytest.approx(truth.std(ddof=1), abs=1e-6)
    assert row["valid_fraction"] == 1.0


def test_polygon_beyond_the_raster_counts_what_is_missing(
    land: SimpleNamespace, scene: Make, tmp_path: Path
) -> None:
    product = write_muscate(tmp_path, scene(3))
    half = polygon(land, [(50, 10), (70, 10), (70, 20), (50, 20)])
    row = rows_of(product, half, bands=("B4",), clear_fraction=0.4)["B4"]
    assert row["valid_fraction"] == pytest.approx(0.5)
    assert row["mask_state"] == "clear"
    most = polygon(land, [(55, 10), (75, 10), (75, 20), (55, 20)])
    assert rows_of(product, most, bands=("B4",))["B4"]["mask_state"] == "outside"


def test_polygon_smaller_than_a_pixel_takes_that_pixel_and_says_so(
    land: SimpleNamespace, scene: Make, tmp_path: Path
) -> None:
    product = open_product(write_muscate(tmp_path, scene(3)))
    tiny = polygon(land, [(20.1, 30.1), (20.3, 30.1), (20.3, 30.3), (20.1, 30.3)])
    found = extract_product(product, [tiny], SeriesSettings(("B4",)))
    assert found.rows[0]["value"] == pytest.approx(0.123, abs=1e-6)
    assert "holds no center of a pixel" in found.notes[0]


@pytest.mark.parametrize(
    ("set_flag", "state"),
    [
        (Flag.CLOUD, "cloud"),
        (Flag.CLOUD_SHADOW, "cloud_shadow"),
        (Flag.CIRRUS, "cirrus"),
        (Flag.THIN_CLOUD, "clear"),
        (Flag.NODATA, "nodata"),
    ],
)
def test_masked_observations_are_kept_and_say_why(
    set_flag: Flag, state: str, land: SimpleNamespace, scene: Make, tmp_path: Path
) -> None:
    flags = {set_flag: flag(land, slice(25, 35), slice(15, 25))}
    product = write_muscate(tmp_path, scene(3, flags=flags))
    row = rows_of(product, point(land, 20, 30))["B4"]
    assert row["mask_state"] == state
    assert row["valid_fraction"] == (state == "clear")
    if state != "nodata":
        assert row["value"] == pytest.approx(0.123, abs=1e-6), "what is masked keeps its value"


def test_partly_cloudy_site_uses_its_clear_pixels(
    land: SimpleNamespace, scene: Make, tmp_path: Path
) -> None:
    values = np.full(land.shape, 0.1)
    values[:, 24:] = 0.6  # the cloud
    flags = {Flag.CLOUD: flag(land, slice(None), slice(24, None))}
    product = write_muscate(tmp_path, scene(3, flags=flags, reflectance={"B4": values}))
    field = polygon(land, [(14, 20), (28, 20), (28, 30), (14, 30)])
    row = rows_of(product, field)["B4"]
    assert (row["mask_state"], row["value"]) == ("clear", pytest.approx(0.1, abs=1e-6))
    assert row["valid_fraction"] == pytest.approx(10 / 14)
    strict = rows_of(product, field, clear_fraction=0.9)["B4"]
    assert strict["mask_state"] == "cloud"
    assert strict["value"] == pytest.approx((10 * 0.1 + 4 * 0.6) / 14, abs=1e-6)
    assert strict["valid_fraction"] == pytest.approx(10 / 14)


def test_site_with_just_the_clear_share_asked_for_is_clear(
    land: SimpleNamespace, scene: Make, tmp_path: Path
) -> None:
    flags = {Flag.CLOUD: flag(land, slice(None), slice(20, None))}
    product = write_muscate(tmp_path, scene(3, flags=flags))
    half = polygon(land, [(10, 20), (30, 20), (30, 30), (10, 30)])
    row = rows_of(product, half, clear_fraction=0.5)["B4"]
    assert (row["valid_fraction"], row["mask_state"]) == (0.5, "clear")


def test_reason_is_that_of_most_pixels_not_the_union_of_clouds_and_shadows(
    land: SimpleNamespace, scene: Make, tmp_path: Path
) -> None:
    """MUSCATE marks clouds and shadows together in a bit of their own beside those of each."""
    flags = {
        Flag.CLOUD: flag(land, slice(None), slice(0, 20)),
        Flag.CLOUD_SHADOW: flag(land, slice(None), slice(20, None)),
    }
    product = write_muscate(tmp_path, scene(3, flags=flags))
    for right, state in ((28, "cloud"), (36, "cloud_shadow")):
        field = polygon(land, [(10, 20), (right, 20), (right, 30), (10, 30)])
        assert rows_of(product, field)["B4"]["mask_state"] == state
    union = {Flag.CLOUD_OR_SHADOW: np.ones(land.shape, dtype=bool)}
    product = write_muscate(tmp_path, scene(13, flags=union))
    assert rows_of(product, point(land, 20, 30))["B4"]["mask_state"] == "cloud_or_shadow"


def test_the_policy_none_masks_nothing(land: SimpleNamespace, scene: Make, tmp_path: Path) -> None:
    flags = {Flag.CLOUD: np.ones(land.shape, dtype=bool)}
    product = write_muscate(tmp_path, scene(3, flags=flags))
    assert rows_of(product, point(land, 20, 30), mask_policy="none")["B4"]["mask_state"] == "clear"


def test_site_outside_gives_no_row(land: SimpleNamespace, scene: Make, tmp_path: Path) -> None:
    product = open_product(write_muscate(tmp_path, scene(3)))
    assert extract_product(product, [Site("far", 5.0, 40.0)], SeriesSettings()).rows == ()


def test_order_of_rows_does_not_depend_on_threads(
    land: SimpleNamespace, scene: Make, tmp_path: Path
) -> None:
    products = [open_product(write_muscate(tmp_path, scene(day))) for day in range(1, 13)]
    sites = [point(land, 10 + n, 20, f"S{n}") for n in range(4)]
    one = extract_series(products, sites, SeriesSettings(), workers=1)
    many = extract_series(products, sites, SeriesSettings(), workers=6)
    assert repr(one.rows) == repr(many.rows)
    assert [row["time"] for row in one.rows] == sorted(row["time"] for row in one.rows)
    assert len(one.rows) == 12 * 4 * 4


def test_damaged_product_is_listed_and_the_others_count(
    land: SimpleNamespace, scene: Make, tmp_path: Path
) -> None:
    paths = [write_muscate(tmp_path, scene(day)) for day in (1, 2, 3)]
    products = [open_product(path) for path in paths]
    next(paths[1].glob("*_FRE_B4.tif")).write_bytes(b"II*\0 cut off")
    found = extract_series(products, [point(land, 20, 30)], SeriesSettings())
    assert {str(row["time"])[8:10] for row in found.rows} == {"01", "03"}
    assert [path for path, _ in found.failed] == [str(paths[1])]
    assert "FRE_B4.tif" in found.failed[0][1]


def test_cancel_is_heard(land: SimpleNamespace, scene: Make, tmp_path: Path) -> None:
    class Stops(Silent):
        def canceled(self) -> bool:
            return True

    products = [open_product(write_muscate(tmp_path, scene(3)))]
    with pytest.raises(Exception, match="Canceled"):
        extract_series(products, [point(land, 20, 30)], SeriesSettings(), Stops())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"bands": ("B99",)}, "No product has a band B99. There are: B2, B4"),
        ({"statistic": "mode"}, "no statistic 'mode'"),
        ({"mask_policy": "some"}, "no mask policy 'some'"),
    ],
)
def test_wrong_settings_are_a_sentence(
    change: dict, sentence: str, land: SimpleNamespace, scene: Make, tmp_path: Path
) -> None:
    products = [open_product(write_muscate(tmp_path, scene(3)))]
    settings = replace(SeriesSettings(), **change)
    with pytest.raises(InputError, match=sentence):
        extract_series(products, [point(land, 20, 30)], settings)


def test_table_has_points_and_the_contract_s_columns(
    land: SimpleNamespace, scene: Make, tmp_path: Path
) -> None:
    products = [open_product(write_muscate(tmp_path, scene(3)))]
    table = series_table(extract_series(products, [point(land, 20, 30)], SeriesSettings()).rows)
    assert list(table.columns) == [
        *("site", "time", "band", "wavelength_nm", "value", "std", "valid_fraction"),
        *("mask_state", "sensor", "orbit", "product"),
    ]
    assert table.geometry is not None
    assert len(table) == 4


@pytest.mark.parametrize(
    ("writer", "mask", "site"),
    [
        (write_muscate, "MASKS/*", "T31TCJ"),
        (write_safe, "GRANULE/*/IMG_DATA/R20m/*_SCL_20m.jp2", "T31TCJ"),
        (write_landsat, "*_QA_*", "198030"),
    ],
)
def test_without_a_mask_nothing_is_called_clear(
    land: SimpleNamespace, scene: Make, tmp_path: Path, writer: Callable, mask: str, site: str
) -> None:
    folder = writer(tmp_path, scene(3, site=site))
    where = point(land, 20, 30)
    assert {row["mask_state"] for row in rows_of(folder, where).values()} == {"clear"}
    values = {band: row["value"] for band, row in rows_of(folder, where).items()}
    for path in folder.glob(mask):
        path.unlink()
    blind = rows_of(folder, where)
    assert {row["mask_state"] for row in blind.values()} == {"unmasked"}
    assert {band: row["value"] for band, row in blind.items()} == values
    asked_for = rows_of(folder, where, mask_policy="none")
    assert {row["mask_state"] for row in asked_for.values()} == {"clear"}


def test_unmasked_observations_are_counted_apart(
    land: SimpleNamespace, scene: Make, tmp_path: Path
) -> None:
    clouds = {Flag.CLOUD: np.ones(land.shape, dtype=bool)}
    write_muscate(tmp_path, scene(3))
    write_muscate(tmp_path, scene(8, flags=clouds))
    for day in (13, 18):
        shutil.rmtree(write_muscate(tmp_path, scene(day, flags=clouds)) / "MASKS")
    site = point(land, 20, 30)
    sites = Table(
        {
            "site": np.array([site.name], dtype=object),
            "longitude": np.array([site.longitude]),
            "latitude": np.array([site.latitude]),
        },
        "sites",
    )
    found = extract_series_files(Source((str(tmp_path),)), sites, "", SeriesSettings())
    assert (found.masked_count, found.unmasked_count) == (1, 2)
    assert any(
        note.startswith("2 of 4 observations have no cloud mask") and "2 of 4 products" in note
        for note in found.notes
    )
    (series,) = series_from_table(found.table)
    assert list(series.mask_state) == ["clear", "cloud", "unmasked", "unmasked"]
    assert list(series.clear) == [True, False, True, True]
    assert series.unmasked_count == 2
    again = series_from_table(table_from_series([series]))[0]
    assert list(again.mask_state) == list(series.mask_state)


def test_products_of_aot_alone_have_no_reflectance(
    land: SimpleNamespace, scene: Make, tmp_path: Path
) -> None:
    product = write_muscate(tmp_path, scene(3))
    for path in product.glob("*_[FS]RE_*.tif"):
        path.unlink()
    site = point(land, 20, 30)
    places = {"longitude": np.array([site.longitude]), "latitude": np.array([site.latitude])}
    sites = Table({"site": np.array(["P"], dtype=object), **places}, "sites")
    with pytest.raises(InsufficientDataError, match=r"None.*reflectance band.*holds aot and water"):
        extract_series_files(Source((str(tmp_path),)), sites, "", SeriesSettings())
