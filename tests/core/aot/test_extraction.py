# SPDX-License-Identifier: GPL-3.0-or-later
"""Extraction from exact-name products whose AOT, water vapor and masks are planted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr

from calval_toolbox.core.aot.extraction import (
    ExtractionSettings,
    extract,
    extract_product,
    parse_windows,
    table_of,
)
from calval_toolbox.core.aot.status import NO_AOT, NO_PIXEL, TIME_UNKNOWN, remarks
from calval_toolbox.core.errors import Canceled, InputError
from calval_toolbox.core.io.products import open_product
from calval_toolbox.core.io.products.synthetic import (
    Scene,
    write_muscate,
    write_n2a,
    write_native,
    write_safe,
)
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.sites import Site
from calval_toolbox.core.types import Flag

LEFT, TOP, PIXEL, SIZE = 369000.0, 4826000.0, 20.0, 150
TIME = np.datetime64("2018-07-03T10:56:21.123", "ms")
WIDTHS = (400.0, 1000.0, 2000.0)


def _place(column: float, row: float) -> tuple[float, float]:
    """Longitude and latitude of a fractional pixel position on the 20 m grid."""
    utm, geographic = osr.SpatialReference(), osr.SpatialReference()
    utm.ImportFromEPSG(32631)
    geographic.ImportFromEPSG(4326)
    for reference in (utm, geographic):
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    transformation = osr.CoordinateTransformation(utm, geographic)
    point = transformation.TransformPoint(LEFT + column * PIXEL, TOP - row * PIXEL)
    return point[0], point[1]


def _site(column: float = 75.0, row: float = 75.0, name: str = "Here") -> Site:
    return Site(name, *_place(column, row))


def _scene(pixel: float = PIXEL, **changes: Any) -> Scene:
    """A tilted AOT with clouds, gaps and a border; the finest grid has pixels of ``pixel`` m."""
    step = round(PIXEL / pixel)
    rows, columns = np.mgrid[0:SIZE, 0:SIZE]
    dn = 40 + columns // 5 + 2 * (rows // 10) + (columns * 7 + rows * 3) % 4
    cloud = np.hypot(columns - 60, rows - 90) < 14
    shadow = np.hypot(columns - 66, rows - 84) < 9
    filled = (columns > 80) & (rows > 70)
    layers = {
        Flag.CLOUD: cloud,
        Flag.CLOUD_SHADOW: shadow,
        Flag.AOT_INTERPOLATED: filled,
        Flag.WATER: columns < 30,
        Flag.NODATA: columns + rows < 40,
    }
    scene = Scene(
        site="T31TCJ",
        time=TIME,
        epsg=32631,
        left=LEFT,
        top=TOP,
        pixel_m=pixel,
        aot=_fine(dn / 200.0, step),
        water_vapor=_fine((20.0 + rows // 30) / 20.0, step),
        flags={flag: _fine(layer, step) for flag, layer in layers.items()},
    )
    return replace(scene, **changes)


def _fine(layer: np.ndarray, step: int) -> np.ndarray:
    return np.repeat(np.repeat(layer, step, axis=0), step, axis=1)


def _sentinel2(folder: Path, **changes: Any) -> Path:
    return write_muscate(folder, _scene(10.0, **changes))


def _landsat8(folder: Path, **changes: Any) -> Path:
    return write_muscate(
        folder,
        _scene(**changes),
        "LANDSAT8",
        aot_quantification=0.005,
        water_vapor_quantification=0.05,
    )


def _venus(folder: Path, **changes: Any) -> Path:
    return write_muscate(folder, _scene(site="ARM", **changes), "VENUS")


def _spot4(folder: Path, **changes: Any) -> Path:
    return write_n2a(folder, _scene(site="JTanzanieD0000B0000", **changes), "SPOT4")


def _spot5_unlisted(folder: Path, **changes: Any) -> Path:
    scene = _scene(site="JTanzanieD0000B0000", **changes)
    return write_n2a(folder, scene, "SPOT5", aot_in_xml=False)


def _native(folder: Path, **changes: Any) -> Path:
    return write_native(folder, _scene(10.0, **changes))


def _sen2cor(folder: Path, **changes: Any) -> Path:
    return write_safe(folder, _scene(10.0, **changes))


WRITERS: dict[str, Callable[..., Path]] = {
    "sentinel2": _sentinel2,
    "landsat8": _landsat8,
    "venus": _venus,
    "spot4": _spot4,
    "spot5_unlisted": _spot5_unlisted,
    "native": _native,
    "sen2cor": _sen2cor,
}


def _expected(site: tuple[float, float], width: float, scene: Scene) -> dict[str, float]:
    """The truth of one window, pixel by pixel, from the planted layers on the 20 m grid."""
    step = round(PIXEL / scene.pixel_m)
    rows, columns = np.mgrid[0:SIZE, 0:SIZE]
    near = np.abs(columns + 0.5 - site[0]) * PIXEL <= width / 2 + 1e-6
    near &= np.abs(rows + 0.5 - site[1]) * PIXEL <= width / 2 + 1e-6
    flag = {key: layer[::step, ::step] for key, layer in scene.flags.items()}
    cloudy = flag[Flag.CLOUD] | flag[Flag.CLOUD_SHADOW]
    inside = near & ~flag[Flag.NODATA]
    used = inside & ~cloudy
    aot = scene.aot[::step, ::step]
    design = np.column_stack([np.ones(used.sum()), columns[used], rows[used]])
    plane = np.linalg.lstsq(design, aot[used], rcond=None)[0]
    assert scene.water_vapor is not None
    return {
        "aot_mean": aot[used].mean(),
        "aot_median": float(np.median(aot[used])),
        "aot_std": aot[used].std(ddof=1),
        "aot_gradient": float(np.hypot(plane[1], plane[2])) / (PIXEL / 1000),
        "valid_fraction": used.sum() / round(width / PIXEL) ** 2,
        "cloud_fraction": (cloudy & inside).sum() / inside.sum(),
        "gapfilled_fraction": (flag[Flag.AOT_INTERPOLATED] & used).sum() / used.sum(),
        "water_vapor_mean_cm": scene.water_vapor[::step, ::step][used].mean(),
    }


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("place", [(75.0, 75.0), (20.0, 30.0), (140.0, 130.0)])
def test_every_format_gives_the_planted_truth(
    form: str, place: tuple[float, float], tmp_path: Path
) -> None:
    product = open_product(WRITERS[form](tmp_path))
    found = extract_product(product, [_site(*place)], ExtractionSettings(WIDTHS))
    assert [row["window_m"] for row in found.rows] == list(WIDTHS)
    for row in found.rows:
        truth = _expected(place, row["window_m"], _scene())
        if form.startswith("spot"):  # the format has neither water vapor nor a gap-filling mask
            truth |= {"water_vapor_mean_cm": np.nan, "gapfilled_fraction": np.nan}
        if form in ("sen2cor", "native"):
            truth["gapfilled_fraction"] = np.nan
        for key, value in truth.items():
            assert row[key] == pytest.approx(value, abs=2e-6, nan_ok=True), key
        assert (row["saturated_count"], row["zero_count"], row["status"]) == (0, 0, "")


def test_rows_say_where_they_come_from(tmp_path: Path) -> None:
    path = _sentinel2(tmp_path)
    row = extract_product(open_product(path), [_site()], ExtractionSettings((1000.0,))).rows[0]
    assert row["site"] == "Here"
    assert row["time"] == TIME
    assert row["product"] == path.name
    assert row["sensor"] == "MSI"
    assert row["datatake"].startswith("SENTINEL2A_20180703")
    assert np.isnan(row["pixel_elevation_m"])


@pytest.mark.parametrize(
    ("policy", "left_out"),
    [
        ("none", ()),
        ("clouds", (Flag.CLOUD, Flag.CLOUD_SHADOW)),
        ("clear_land", (Flag.CLOUD, Flag.CLOUD_SHADOW, Flag.WATER)),
        ("strict", (Flag.CLOUD, Flag.CLOUD_SHADOW, Flag.WATER, Flag.AOT_INTERPOLATED)),
    ],
)
def test_mask_policies_leave_out_what_they_say(
    policy: str, left_out: tuple[Flag, ...], tmp_path: Path
) -> None:
    product = open_product(_sentinel2(tmp_path))
    settings = ExtractionSettings((3000.0,), policy)
    row = extract_product(product, [_site()], settings).rows[0]
    scene = _scene()
    used = ~scene.flags[Flag.NODATA]
    for flag in left_out:
        used = used & ~scene.flags[flag]
    assert row["aot_mean"] == pytest.approx(scene.aot[used].mean(), abs=1e-7)
    assert row["valid_fraction"] == pytest.approx(used.sum() / SIZE**2)
    assert row["zero_count"] == 0  # the border is no zero


def test_zero_inside_the_image_is_counted_and_left_out(tmp_path: Path) -> None:
    scene = _scene(10.0)
    aot = scene.aot.copy()
    aot[150:154, 150:160] = 0.0  # 2 x 5 pixels of 20 m beside the site
    aot[0:4, 0:4] = 0.0  # in the black border
    product = open_product(_sentinel2(tmp_path, aot=aot))
    row = extract_product(product, [_site()], ExtractionSettings((3000.0,), "none")).rows[0]
    used = ~scene.flags[Flag.NODATA][::2, ::2] & (aot[::2, ::2] > 0)
    assert row["zero_count"] == 10
    assert row["aot_mean"] == pytest.approx(aot[::2, ::2][used].mean(), abs=1e-7)


def test_haze_beyond_one_byte_is_counted_as_clipped(tmp_path: Path) -> None:
    aot = np.full((300, 300), 0.5)
    aot[140:160, 140:160] = 1.9
    product = open_product(_sentinel2(tmp_path, aot=aot))
    rows = extract_product(product, [_site()], ExtractionSettings((120.0, 400.0), "none")).rows
    assert rows[0]["saturated_count"] == 36
    assert rows[0]["aot_mean"] == pytest.approx(255 / 200)
    assert rows[1]["saturated_count"] == 100


def test_a_window_beyond_the_edge_counts_what_is_missing(tmp_path: Path) -> None:
    product = open_product(_landsat8(tmp_path, flags={}))
    row = extract_product(product, [_site(0.0, 75.0)], ExtractionSettings((1000.0,))).rows[0]
    assert row["valid_fraction"] == pytest.approx(0.5)
    assert row["cloud_fraction"] == 0.0


def test_sites_outside_give_no_row_but_are_counted(tmp_path: Path) -> None:
    product = open_product(_sentinel2(tmp_path))
    far = Site("Beijing", 116.4, 40.0)
    sites = [_site(), _site(-1.0, 75.0, "West"), far, _site(75.0, 151.0, "South")]
    found = extract_product(product, sites, ExtractionSettings(WIDTHS))
    assert {row["site"] for row in found.rows} == {"Here"}
    assert found.outside == 3


def test_a_product_without_aot_gives_rows_that_say_so(tmp_path: Path) -> None:
    scene = _scene(site="JTanzanieD0000B0000", reflectance={"XS1": np.full((SIZE, SIZE), 0.1)})
    product = open_product(write_n2a(tmp_path, scene, "SPOT4", aot_file=False))
    found = extract_product(product, [_site(), Site("Far", 0.0, 0.0)], ExtractionSettings(WIDTHS))
    assert [row["status"] for row in found.rows] == [NO_AOT] * 3
    assert found.outside == 1
    table = table_of(found)
    assert np.isnan(table["aot_mean"]).all()


def test_an_overcast_window_says_so(tmp_path: Path) -> None:
    flags = {Flag.CLOUD: np.ones((300, 300), dtype=bool)}
    product = open_product(_sentinel2(tmp_path, flags=flags))
    row = extract_product(product, [_site()], ExtractionSettings((1000.0,))).rows[0]
    assert row["status"] == NO_PIXEL
    assert (row["valid_fraction"], row["cloud_fraction"]) == (0.0, 1.0)


def test_heights_are_averaged_over_the_window(tmp_path: Path) -> None:
    path = str(tmp_path / "dem.tif")
    heights = np.add.outer(np.arange(150.0), np.zeros(150)).astype(np.float32)
    heights[:, :70] = -9999.0
    dataset = gdal.GetDriverByName("GTiff").Create(path, 150, 150, 1, gdal.GDT_Float32)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    dataset.SetProjection(reference.ExportToWkt())
    dataset.SetGeoTransform((LEFT, PIXEL, 0.0, TOP, 0.0, -PIXEL))
    dataset.GetRasterBand(1).SetNoDataValue(-9999.0)
    dataset.GetRasterBand(1).WriteArray(heights)
    dataset = None
    product = open_product(_sentinel2(tmp_path))
    settings = ExtractionSettings((100.0, 400.0), "clouds", path)
    rows = extract_product(product, [_site(75.0, 40.0)], settings).rows
    assert [row["pixel_elevation_m"] for row in rows] == pytest.approx([39.5, 39.5])
    far = extract_product(product, [_site(20.0, 75.0)], settings).rows
    assert np.isnan([row["pixel_elevation_m"] for row in far]).all()


def test_a_damaged_raster_is_listed_and_the_others_still_count(tmp_path: Path) -> None:
    good = open_product(_sentinel2(tmp_path))
    bad_path = _sentinel2(tmp_path, time=TIME + np.timedelta64(10, "D"))
    bad = open_product(bad_path)
    (bad_path / f"{bad_path.name}_ATB_R2.tif").write_bytes(b"broken")
    found = extract([good, bad], [_site()], ExtractionSettings((1000.0,)))
    assert [row["product"] for row in found.rows] == [Path(good.path).name]
    assert found.failed[0][0] == bad.path
    assert "ATB_R2.tif" in found.failed[0][1]


def test_the_table_has_a_point_per_row(tmp_path: Path) -> None:
    found = extract_product(
        open_product(_sentinel2(tmp_path)), [_site()], ExtractionSettings(WIDTHS)
    )
    table = table_of(found)
    assert len(table) == 3
    assert table.geometry is not None
    assert np.frombuffer(table.geometry[0][5:], "<f8") == pytest.approx(_place(75.0, 75.0))
    assert "longitude" not in table


def test_only_the_windows_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from calval_toolbox.core.io.rasters import Rasters

    sizes: list[int] = []
    original = Rasters.read

    def spy(self: Rasters, *where: Any) -> Any:
        sizes.append(where[4] * where[5])
        return original(self, *where)

    product = open_product(_sentinel2(tmp_path))
    monkeypatch.setattr(Rasters, "read", spy)
    extract_product(product, [_site()], ExtractionSettings((200.0, 400.0, 1000.0)))
    assert set(sizes) == {50 * 50}
    assert len(sizes) <= 7  # AOT, water vapor and five masks, each once for all windows


def test_window_lists() -> None:
    assert parse_windows("5000, 1000;20000,1000") == (1000.0, 5000.0, 20000.0)
    for text in ("", "wide", "-5", "1000,nan", "1e9"):
        with pytest.raises(InputError):
            parse_windows(text)


def test_windows_around_pixel_centers_lose_no_row(tmp_path: Path) -> None:
    """Centers lie on the border of the window here, where rounding decides."""
    product = open_product(_landsat8(tmp_path, flags={}))
    widths = tuple(40.0 * n for n in range(1, 11))
    rng = np.random.default_rng(21)
    sites = [
        _site(column + 0.5, row + 0.5, f"{column} {row}")
        for column, row in rng.integers(25, SIZE - 25, (60, 2))
    ]
    found = extract_product(product, sites, ExtractionSettings(widths, "none"))
    assert {row["valid_fraction"] for row in found.rows} == {1.0}
    truth = _scene().aot
    for row in found.rows:
        column, line = map(int, row["site"].split())
        reach = round(row["window_m"] / 40.0)
        part = truth[line - reach : line + reach + 1, column - reach : column + reach + 1]
        assert row["aot_mean"] == pytest.approx(part.mean(), abs=1e-6)


def test_a_window_smaller_than_a_pixel_is_the_pixel_of_the_site(tmp_path: Path) -> None:
    product = open_product(_landsat8(tmp_path, flags={}))
    rows = extract_product(
        product, [_site(70.02, 80.97)], ExtractionSettings((1.0, 5.0, 100.0), "none")
    ).rows
    assert rows[0]["aot_mean"] == rows[1]["aot_mean"] == pytest.approx(_scene().aot[80, 70])
    assert rows[0]["valid_fraction"] == 1.0


def test_an_unknown_time_of_day_is_said_in_every_row(tmp_path: Path) -> None:
    scene = _scene(site="JTanzanieD0000B0000")
    product = open_product(write_n2a(tmp_path, scene, "LANDSAT8", metadata=False))
    rows = extract_product(product, [_site()], ExtractionSettings(WIDTHS)).rows
    assert [row["status"] for row in rows] == [TIME_UNKNOWN] * 3
    cloudy = _scene(site="JKenyaD0000B0000", flags={Flag.CLOUD: np.ones((SIZE, SIZE), bool)})
    product = open_product(write_n2a(tmp_path, cloudy, "LANDSAT8", metadata=False))
    row = extract_product(product, [_site()], ExtractionSettings((1000.0,))).rows[0]
    assert row["status"] == f"{NO_PIXEL}; {TIME_UNKNOWN}"
    assert remarks(row["status"]) == (NO_PIXEL, TIME_UNKNOWN)
    known = open_product(write_n2a(tmp_path, scene, "SPOT5"))
    row = extract_product(known, [_site()], ExtractionSettings((1000.0,))).rows[0]
    assert row["status"] == ""


class Watch(Silent):
    """Counts what is told, and cancels after ``patience`` questions."""

    def __init__(self, patience: float = np.inf) -> None:
        self.fractions: list[float] = []
        self.patience = patience

    def report(self, fraction: float, text: str = "") -> None:
        self.fractions.append(fraction)

    def canceled(self) -> bool:
        self.patience -= 1
        return self.patience < 0


def test_every_site_tells_its_share_and_hears_cancel(tmp_path: Path) -> None:
    product = open_product(_landsat8(tmp_path, flags={}))
    sites = [_site(75.0 + n, 75.0, f"s{n}") for n in range(10)]
    settings, watch = ExtractionSettings((100.0,)), Watch()
    extract([product, product], sites, settings, watch)
    assert watch.fractions == sorted(watch.fractions)
    assert set(np.round(watch.fractions, 6)) == set(np.round(np.arange(21) / 20, 6))
    with pytest.raises(Canceled):
        extract([product], sites, settings, Watch(patience=4))
