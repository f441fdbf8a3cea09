# SPDX-License-Identifier: GPL-3.0-or-later
"""What files of measurements do not say: sensor, site, version, names and wavelengths of bands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...calibration.types import ROW_NUMBERS, ROW_TEXTS, Band, Measurements, Sensor
from ...errors import InputError, TableError
from ...table import Table
from ...types import AnyArray, FloatArray

# The bands of lines that do not name them, in their order: DIMITRI's list of sensors.
KNOWN_BANDS: dict[str, tuple[str, ...]] = {
    "AATSR": ("555", "660", "865", "1610", "3700", "10850", "12000"),
    "ATSR2": ("555", "660", "865", "1610", "3700", "10850", "12000"),
    "MERIS": ("412", "443", "490", "510", "560", "620", "665", "681", "708", "753", "761", "778",
              "865", "885", "900"),
    "MODISA": ("412", "443", "487", "530", "547", "666lo", "666hi", "677lo", "677hi", "746", "866",
               "904", "936", "935", "1383", "466", "554", "1242", "1629", "2114", "646", "857"),
    "PARASOL": ("443", "490", "565", "670", "763", "765", "865", "910", "1020"),
    "VEGETATION": ("450", "645", "835", "1665"),
}  # fmt: skip
VIEW = re.compile(r" ?view (\d+)$")


@dataclass(frozen=True)
class Hints:
    """What to take where a file does not say it; "" = it has to say it itself.

    ``wavelengths``: of bands by name, in the order of the bands; they replace those that follow
    from the names. ``sensors``: those that are known already, by name.
    """

    site: str = ""
    sensor: str = ""
    version: str = ""
    wavelengths: Mapping[str, float] = field(default_factory=dict)
    sensors: Mapping[str, Sensor] = field(default_factory=dict)

    def make_sensor(self, name: str, bands: Sequence[str]) -> Sensor:
        """A sensor with these bands: wavelengths as given, as known, or from their names."""
        known = {band.name: band.wavelength_nm for band in self._known(name)}
        return Sensor(
            name,
            tuple(Band(band, self.wavelengths.get(band, known.get(band, nominal(band))))
                  for band in bands),
        )  # fmt: skip

    def bands_of(self, name: str, count: int, where: str) -> Sensor:
        """The sensor of a line of ``count`` bands that does not name them.

        Raises ``InputError`` where nothing tells their names.
        """
        known = tuple(band.name for band in self._known(name))
        for names in (tuple(self.wavelengths), known, KNOWN_BANDS.get(name, ())):
            if len(names) == count:
                return self.make_sensor(name, names)
        raise InputError(
            f"{where} has {count} bands of the sensor {name or '(unnamed)'}, and nothing tells "
            "which they are: give a table with their names and wavelengths in this order (BANDS)."
        )

    def _known(self, name: str) -> tuple[Band, ...]:
        return self.sensors[name].bands if name in self.sensors else ()


def nominal(band: str) -> float:
    """The wavelength (nm) that the name of a band begins with ("666lo" is at 666 nm), else NaN."""
    found = re.match(r"\d+(\.\d+)?", band)
    return float(found.group()) if found else np.nan


def bands_from_table(
    table: Table, sensor: str = ""
) -> tuple[dict[str, float], dict[str, tuple[FloatArray, FloatArray]]]:
    """Wavelengths (nm) of bands by name, and their responses (wavelengths, values) where given.

    Columns: ``band``, ``wavelength_nm``; with ``response`` there are several rows a band, and its
    wavelength is the center of gravity of the response. Of a column ``sensor`` only the rows of
    ``sensor`` count. Raises ``TableError`` where the columns cannot be used.
    """
    if "sensor" in table:
        sensors = sorted(set(table.texts("sensor").tolist()))
        if not sensor and len(sensors) > 1:
            raise TableError(
                f"{table.name} has the bands of several sensors ({', '.join(sensors)}). Say which "
                "one is meant (SENSOR)."
            )
        table = table.select(table.texts("sensor") == (sensor or sensors[0]))
    names, wavelengths = table.texts("band"), table.floats("wavelength_nm")
    responses = table.floats("response") if "response" in table else None
    centers: dict[str, float] = {}
    curves: dict[str, tuple[FloatArray, FloatArray]] = {}
    for name in dict.fromkeys(names.tolist()):
        own = np.flatnonzero(names == name)
        own = own[np.argsort(wavelengths[own], kind="stable")]
        if responses is None and len(own) > 1:
            raise TableError(
                f"{table.name} names band {name} {len(own)} times. Give each band once, or a "
                "column 'response'."
            )
        centers[str(name)] = float(wavelengths[own[0]])
        if responses is not None:
            curve = (wavelengths[own], responses[own])
            centers[str(name)], curves[str(name)] = _center(*curve, table.name, str(name)), curve
        if not centers[str(name)] > 0:
            raise TableError(f"{table.name} does not say the wavelength of band {name}.")
    return centers, curves


def _center(wavelengths: FloatArray, response: FloatArray, table: str, band: str) -> float:
    step = np.gradient(wavelengths) if len(wavelengths) > 1 else np.ones(1)
    total = float((response * step).sum())
    if not total > 0:
        raise TableError(f"The response of band {band} in {table} is zero or unknown everywhere.")
    return float((wavelengths * response * step).sum() / total)


def told_apart(measurements: Measurements) -> Measurements:
    """Views of one moment get different products: "view 2", "view 3", ... in the order of the rows.

    Sensors with several views of a site in one pass have rows that agree in all that tells
    measurements apart. Rows that are the same in all values stay the same.
    """
    keys = list(zip(*(measurements[key] for key in ("version", "site", "product")),
                    measurements.time.tolist(), strict=True))  # fmt: skip
    groups: dict[object, list[int]] = {}
    for row, key in enumerate(keys):
        groups.setdefault(key, []).append(row)
    product: AnyArray = measurements["product"].copy()
    for rows in groups.values():
        if len(rows) > 1:
            seen: dict[bytes, int] = {}
            for row in rows:
                view = seen.setdefault(_content(measurements, row), len(seen) + 1)
                if view > 1:
                    product[row] = f"{product[row]} view {view}".strip()
    return measurements.with_columns(product=product)


def _content(measurements: Measurements, row: int) -> bytes:
    numbers = [measurements[key][row : row + 1] for key in ROW_NUMBERS]
    numbers += [values[row] for values in measurements.by_band.values()]
    texts = "\0".join(str(measurements[key][row]) for key in ROW_TEXTS)
    return bytes(np.concatenate(numbers).tobytes()) + texts.encode()


def without_view(product: str) -> str:
    """A product without what ``told_apart`` has added."""
    return VIEW.sub("", product)


def required(name: str, value: str, key: str, where: str) -> str:
    """``value``, where it is there; raises ``InputError`` that asks for the parameter ``key``."""
    if not value:
        raise InputError(f"{where} does not say its {name}. Give it ({key}).")
    return value
