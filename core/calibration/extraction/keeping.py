# SPDX-License-Identifier: GPL-3.0-or-later
"""What was measured in a product, kept in the calibration database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isfinite, isnan
from typing import Any

import numpy as np

from ...database import Database
from ...database.extracted import known_wavelengths
from ...database.measurements import Counts, save_measurements
from ...database.products import save_products
from ...database.sensors import SAME_NM, Response, load_responses, save_response, save_sensor
from ...database.sites import save_sites
from ...series.wavelengths import wavelength_of
from ...table import Table
from ...types import AnyArray
from ..types import BAND_NUMBERS, Band, Measurements, Sensor
from .naming import product_name
from .scene import SceneMeasurements, SiteMeasurement, as_json

RESPONSE_SOURCE = "metadata of the product"
_OF_BANDS = {"mean": "mean", "median": "median", "std": "std", "count": "count",
             "saturated_fraction": "saturated_fraction"}  # fmt: skip


def keep_scene(
    db: Database, scene: SceneMeasurements, sensor_name: str, version: str, run_id: int
) -> tuple[Counts, list[str]]:
    """Add all that was measured in one product, in the transaction that is open; what was added,
    and sentences for the log.
    """
    sensor, notes = _sensor(db, scene, sensor_name)
    save_sensor(db, sensor)
    save_products(db, sensor_name, _product_row(scene, version))
    save_sites(db, [one.site for one in scene.sites])
    counts = save_measurements(db, measurements_of(scene, sensor, version), run_id)
    _keep_responses(db, scene, sensor)
    return counts, notes


def keep_product(db: Database, scene: SceneMeasurements, sensor_name: str, version: str) -> None:
    """Add a product in which nothing was measured, so that it is known that it was read."""
    save_sensor(db, Sensor(sensor_name, ()))
    save_products(db, sensor_name, _product_row(scene, version))


def _sensor(db: Database, scene: SceneMeasurements, name: str) -> tuple[Sensor, list[str]]:
    """The sensor with the bands that were measured; wavelengths that the database has stay."""
    known, notes, bands = known_wavelengths(db, name), [], []
    measured = {band for one in scene.sites for band in one.bands}
    for band in scene.product.bands:
        if band not in measured:
            continue
        stated = scene.product.bands[band].wavelength_nm
        own = wavelength_of(band, scene.product.sensor) if stated is None else stated
        kept = known.get(band, float("nan"))
        if not isnan(kept) and not isnan(own) and abs(kept - own) > SAME_NM:
            notes.append(
                f"{product_name(scene.product)} gives {own:g} nm for {band} of {name}; the "
                f"database keeps {kept:g} nm."
            )
            own = kept
        bands.append(Band(band, own))
    return Sensor(name, tuple(bands)), notes


def measurements_of(scene: SceneMeasurements, sensor: Sensor, version: str) -> Measurements:
    """The measurements of one product as the database takes them, one row per site."""
    sites, product = scene.sites, scene.product
    name = product_name(product)
    rows: dict[str, AnyArray] = {
        "sun_zenith_deg": np.array([one.sun[0] for one in sites]),
        "sun_azimuth_deg": np.array([one.sun[1] for one in sites]),
        "latitude": np.array([one.site.latitude for one in sites]),
        "longitude": np.array([one.site.longitude for one in sites]),
        "ozone_du": np.array([one.weather.ozone_du for one in sites]),
        "water_vapor_g_cm2": np.array([one.weather.water_g_cm2 for one in sites]),
        "pressure_hpa": np.array([one.weather.pressure_hpa for one in sites]),
        "valid_fraction": np.array(
            [min(band.data_fraction for band in one.bands.values()) for one in sites]
        ),
        "cloud_fraction": np.array([one.cloud_fraction for one in sites]),
        "version": _texts([version] * len(sites)),
        "site": _texts([one.site.name for one in sites]),
        "product": _texts([name] * len(sites)),
        "meteo_source": _texts([weather_source(one) for one in sites]),
        "cloud_method": _texts([scene.cloud_method] * len(sites)),
    }
    by_band = {key: np.full((len(sites), len(sensor.bands)), np.nan) for key in BAND_NUMBERS}
    for row, one in enumerate(sites):
        for column, band in enumerate(sensor.band_names):
            if band not in one.bands:
                continue
            for key, field in _OF_BANDS.items():
                by_band[key][row, column] = getattr(one.bands[band], field)
            by_band["view_zenith_deg"][row, column] = one.views[band][0]
            by_band["view_azimuth_deg"][row, column] = one.views[band][1]
    time = np.array([product.time] * len(sites), dtype="datetime64[ms]")
    return Measurements(sensor, time, rows, by_band)


def weather_source(one: SiteMeasurement) -> str:
    """Where ozone, water vapor and pressure come from, and where the pressure holds."""
    level = one.weather.level
    return f"AUX_ECMWFT of the product, pressure at {level}" if level else ""


def _product_row(scene: SceneMeasurements, version: str) -> Table:
    product, details = scene.product, scene.details
    texts = {
        "name": product_name(product), "version": version, "uri": product.path,
        "level": product.level, "processing_baseline": product.baseline, "orbit": product.orbit,
        "tile": product.site, "offsets_json": _json(details.offsets),
        "meta_json": _json(as_json(scene)), "sha256": details.sha256,
    }  # fmt: skip
    columns: dict[str, AnyArray] = {key: _texts([value]) for key, value in texts.items()}
    columns["time"] = np.array([product.time], dtype="datetime64[ms]")
    columns["u_earth_sun"] = np.array([details.u_earth_sun])
    columns["quantification"] = np.array([details.quantification])
    return Table(columns, "products")


def _keep_responses(db: Database, scene: SceneMeasurements, sensor: Sensor) -> None:
    """Keep responses that the database does not have yet, whatever product they come from."""
    known = load_responses(db, sensor.name)
    for band in sensor.band_names:
        curve = scene.details.responses.get(band)
        own = [one for one in known if one.band == band and one.source == RESPONSE_SOURCE]
        if curve is None or any(_same(one, curve) for one in own):
            continue
        versions = {one.version for one in own}
        version = scene.product.baseline
        if version in versions:
            version = f"{version} {product_name(scene.product)}"
        save_response(db, sensor.name, Response(band, *curve, RESPONSE_SOURCE, version))


def _same(one: Response, curve: tuple[AnyArray, AnyArray]) -> bool:
    return np.array_equal(one.wavelengths_nm, curve[0]) and np.array_equal(one.response, curve[1])


def _json(value: Mapping[str, Any]) -> str:
    finite = {
        key: None if isinstance(number, float) and not isfinite(number) else number
        for key, number in value.items()
    }
    return json.dumps(finite, ensure_ascii=False) if finite else ""


def _texts(values: list[str]) -> AnyArray:
    return np.array([*values, None], dtype=object)[:-1]
