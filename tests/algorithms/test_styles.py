# SPDX-License-Identifier: GPL-3.0-or-later
"""The layer styles: every one that an algorithm names exists, loads, and draws what it promises."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.anomalies.labels import ALL_TYPES
from calval_toolbox.core.report import palette

STYLES = Path("resources", "styles")
POINT_STYLES: dict[str, tuple[str, list[tuple[list[object], str]]]] = {
    "aot_matchups": (
        "field=accepted:integer",
        [([1], palette.ACCEPTED), ([0], palette.REJECTED)],
    ),
    "sites_ranking": (
        "field=tier:integer&field=site:string",
        [([1, ""], palette.TIERS[0]), ([9, ""], palette.TIERS[-1]), ([0, ""], palette.REJECTED)],
    ),
    "aeronet": ("field=level:string", [(["2.0"], palette.REFERENCE), (["1.5"], palette.REFERENCE)]),
    "satellite_aot": (
        "field=aot_mean:double",
        [([-0.01], palette.HAZE[0]), ([0.5], palette.HAZE[3]), ([None], palette.MASKED)],
    ),
    "site_residuals": (
        "field=z:double&field=flagged:integer&field=status:string&field=site:string",
        [
            ([-7.0, 1, "tested", ""], palette.BLUE),
            ([0.5, 0, "tested", ""], palette.PAPER),
            ([6.0, 0, "tested", ""], palette.VERMILLION),
            ([None, 0, "masked", ""], palette.REJECTED),
            ([None, 0, "no_date", ""], palette.MASKED),
        ],
    ),
    "anomaly_dates": (
        "field=verdict:string&field=layer:integer",
        [
            (["gain", 1], palette.BAD),
            (["none", 2], palette.CAUTION),
            (["none", 0], palette.REJECTED),
        ],
    ),
    "breaks": (
        "field=status:string",
        [(["break"], palette.BAD), (["begun"], palette.CAUTION), (["too_few"], palette.REJECTED)],
    ),
    "time_series": (
        "field=mask_state:string",
        [
            (["clear"], palette.ACCEPTED),
            (["unmasked"], palette.MASKED),
            (["cloud"], palette.REJECTED),
        ],
    ),
    "anomalies": (
        "field=type:string",
        [([name], palette.ANOMALIES[name].color) for name in ALL_TYPES]
        + [(["a word of an expert"], palette.ANOMALIES["unknown"].color)],
    ),
    "anomaly_observations": (
        "field=mask_state:string&field=flagged:integer&field=type:string",
        [
            (["clear", 1, "gain"], palette.ANOMALIES["gain"].color),
            (["clear", 0, "none"], palette.ACCEPTED),
            (["cloud", 0, "none"], palette.REJECTED),
        ],
    ),
    "anomaly_steps": (
        "field=concerned:integer&field=origin:string",
        [
            ([1, "sensor"], palette.ANOMALIES["gain"].color),
            ([1, "ground"], palette.ANOMALIES["step"].color),
            ([0, "sensor"], palette.REJECTED),
        ],
    ),
}

POLYGON_STYLES: dict[str, tuple[str, list[tuple[list[object], str]]]] = {
    "calibration_sites": (
        "field=site:string&field=type:string",
        [
            (["Libya4", "desert"], palette.ORANGE),
            (["DomeC", "snow"], palette.SKY_BLUE),
            (["ClimSPac1", "ocean"], palette.BLUE),
            (["Clouds_Africa", "cloud"], palette.REDDISH_PURPLE),
            (["Mine", None], palette.REJECTED),
        ],
    ),
    "calibration_results": (
        "field=a_k:double",
        [
            ([0.9699], palette.BLUE),
            ([0.97], "#7FB5D9"),
            ([1.0099], palette.PAPER),
            ([1.01], "#EBAA7A"),
            ([1.03], palette.VERMILLION),
            (["1.03"], palette.VERMILLION),
        ],
    ),
}


def render(layer: Any) -> np.ndarray[Any, Any]:
    """The layer drawn as (rows, columns, 3) bytes."""
    from qgis.core import QgsMapRendererParallelJob, QgsMapSettings
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QColor, QImage

    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setOutputSize(QSize(200, 200))
    settings.setBackgroundColor(QColor("#123456"))
    extent = layer.extent()
    extent.grow(0.0 if extent.width() > 0 else 1.0)
    settings.setExtent(extent)
    settings.setDestinationCrs(layer.crs())
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage().convertToFormat(QImage.Format.Format_RGB888)
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    rows = np.frombuffer(bytes(bits), np.uint8).reshape(200, image.bytesPerLine())
    return rows[:, :600].reshape(200, 200, 3)


def rgb(color: str) -> list[int]:
    return [int(color[place : place + 2], 16) for place in (1, 3, 5)]


def point(columns: str, values: list[object]) -> Any:
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    layer = QgsVectorLayer(f"Point?crs=EPSG:4326&{columns}", "points", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt("POINT (2 40)"))
    feature.setAttributes(values)
    layer.dataProvider().addFeature(feature)
    layer.updateExtents()
    return layer


def raster(folder: Path, bands: list[np.ndarray[Any, Any]]) -> Any:
    from osgeo import gdal
    from qgis.core import QgsRasterLayer

    path = str(folder / "raster.tif")
    rows, columns = bands[0].shape
    data = gdal.GetDriverByName("GTiff").Create(path, columns, rows, len(bands), gdal.GDT_Float32)
    data.SetGeoTransform((0.0, 1.0, 0.0, rows, 0.0, -1.0))
    for number, band in enumerate(bands, 1):
        data.GetRasterBand(number).WriteArray(band)
    data = None
    return QgsRasterLayer(path, "raster")


def style(layer: Any, root: Path, name: str) -> None:
    message, done = layer.loadNamedStyle(str(root / STYLES / f"{name}.qml"))
    assert done, message


@pytest.mark.parametrize("name", list(POLYGON_STYLES))
def test_polygons_have_a_mark_in_the_color_of_their_class(
    qgis_app: Any, repo_root: Path, name: str
) -> None:
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    columns, cases = POLYGON_STYLES[name]
    for values, color in cases:
        layer = QgsVectorLayer(f"Polygon?crs=EPSG:4326&{columns}", "polygons", "memory")
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt("POLYGON ((2 40, 3 40, 3 41, 2 41, 2 40))"))
        feature.setAttributes(values)
        layer.dataProvider().addFeature(feature)
        layer.updateExtents()
        style(layer, repo_root, name)
        middle = render(layer)[98:103, 98:103].reshape(-1, 3)
        assert rgb(color) in middle.tolist(), (values, color)


@pytest.mark.parametrize("name", list(POINT_STYLES))
def test_points_have_the_color_of_their_class(qgis_app: Any, repo_root: Path, name: str) -> None:
    columns, cases = POINT_STYLES[name]
    for values, color in cases:
        layer = point(columns, values)
        style(layer, repo_root, name)
        drawn = render(layer).reshape(-1, 3)
        assert (drawn == rgb(color)).all(axis=1).any(), (name, values, color)


def test_natural_colors_take_blue_green_red(qgis_app: Any, repo_root: Path, tmp_path: Path) -> None:
    flat = [np.full((4, 4), value) for value in (0.03, 0.06, 0.3)]
    layer = raster(tmp_path, flat)
    style(layer, repo_root, "reflectance_rgb")
    assert render(layer)[100, 100].tolist() == pytest.approx([255, 51, 25], abs=1)


def test_gray_and_haze(qgis_app: Any, repo_root: Path, tmp_path: Path) -> None:
    layer = raster(tmp_path, [np.full((4, 4), 0.25)])
    style(layer, repo_root, "reflectance_gray")
    assert render(layer)[100, 100].tolist() == pytest.approx([127, 127, 127], abs=1)
    style(layer, repo_root, "aot")
    low, high = np.array(rgb(palette.HAZE[2])), np.array(rgb(palette.HAZE[3]))
    expected = low + (high - low) * 0.25  # 0.25 lies a quarter of the way from 0.2 to 0.4
    assert render(layer)[100, 100].tolist() == pytest.approx(expected.tolist(), abs=1)


def test_days_to_clear_grow_darker(qgis_app: Any, repo_root: Path, tmp_path: Path) -> None:
    layer = raster(tmp_path, [np.full((4, 4), 20.0)])
    style(layer, repo_root, "days_to_clear")
    assert render(layer)[100, 100].tolist() == pytest.approx(rgb(palette.HAZE[3]), abs=1)


def test_anomalies_have_colors_of_their_own(qgis_app: Any, repo_root: Path, tmp_path: Path) -> None:
    layer = raster(tmp_path, [np.arange(12.0).reshape(1, 12)])
    style(layer, repo_root, "anomaly_types")
    middle = render(layer)[100]
    seen = {tuple(middle[int(200 * (code + 0.5) / 12)]) for code in range(12)}
    assert len(seen) == 12
    assert tuple(rgb("#123456")) in seen, "good pixels are clear as glass"


def test_mask_hides_only_what_is_left_out(qgis_app: Any, repo_root: Path, tmp_path: Path) -> None:
    layer = raster(tmp_path, [np.array([[0.0, 1.0]])])
    style(layer, repo_root, "product_mask")
    drawn = render(layer)
    assert drawn[100, 20].tolist() == rgb("#123456")
    assert (drawn[100, 180] > 120).all()


def test_every_style_that_is_named_exists(repo_root: Path) -> None:
    """The third argument of ``job.write_table`` and the second of ``job.stage`` name a style."""
    named = set()
    for path in (repo_root / "algorithms").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                place = {"write_table": 2, "stage": 1}.get(node.func.attr, 99)
                for argument in node.args[place : place + 1]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        named.add(argument.value)
    assert len(named) >= 3
    missing = [name for name in named if not (repo_root / STYLES / f"{name}.qml").is_file()]
    assert not missing
