# SPDX-License-Identifier: GPL-3.0-or-later
"""Coefficients and responses of sensors: the shipped list of files, and a folder of the user."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError, TableError
from ..io.response_tables import read_spectral_table
from ..io.smac_tables import read_smac_numbers
from ..wording import listed
from .sensor_models import BandModel
from .smac import SmacCoefficients, coefficients
from .spectral import Response
from .types import Sensor

LIST = "sensor_tables.csv"
SHIPPED = Path(__file__).resolve().parents[2] / "resources" / "calibration"
_COLUMNS = (
    "sensor", "band", "wavelength_nm", "smac", "smac_column", "response", "response_column",
)  # fmt: skip
_NAMED = 5  # how many absent files a sentence names


@dataclass(frozen=True)
class Entry:
    """Which files belong to a band; "" where there is none. Columns count from 1."""

    wavelength_nm: float
    smac: str
    smac_column: int
    response: str
    response_column: str


class SensorTables:
    """What is known of the bands of sensors.

    ``folder``: the user's folder, searched with all below it before the shipped tables; its
    ``sensor_tables.csv`` (columns as in the shipped one) takes precedence. ``notes`` collects
    sentences about bands that files are missing of. Raises ``InputError`` where there is no such
    folder, ``TableError`` for a list that cannot be used.
    """

    def __init__(self, folder: Path | str = "") -> None:
        self.notes: list[str] = []
        self._files: dict[str, Path] = {}
        self._entries: dict[tuple[str, str], Entry] = {}
        self._folder = Path(folder) if str(folder) else None
        if self._folder is not None and not self._folder.is_dir():
            raise InputError(
                f"{folder} is no folder. Give the one with the tables of SMAC coefficients and "
                "spectral responses, or none."
            )
        for place in (SHIPPED, self._folder):
            if place is None:
                continue
            for path in sorted(place.rglob("*")):
                if path.is_file():
                    self._files[path.name.lower()] = path
                    if path.name == LIST:
                        self._entries |= _read_list(path)

    def bands(
        self,
        sensor: Sensor,
        asked: Sequence[str] = (),
        responses: Mapping[str, Response] | None = None,
    ) -> tuple[BandModel, ...]:
        """The models of a sensor's bands, in their order; without what is not known. Notes are made
        of those that are ``asked`` for (empty: of all). ``responses``: those known from elsewhere
        (the products themselves), for bands of which there is no file.
        """
        other = responses or {}
        models = []
        for band in sensor.bands:
            entry = self._entry(sensor, band.name)
            if entry is None:
                models.append(BandModel(band.name, band.wavelength_nm))
                continue
            response = self._response(entry) or other.get(band.name)
            models.append(BandModel(band.name, entry.wavelength_nm, self._smac(entry), response))
        told = [one for one in models if not asked or one.name in asked]
        missing = [one.name for one in told if one.smac is None]
        if missing:
            files = self._absent(sensor, missing, lambda entry: entry.smac)
            self.notes.append(
                f"{sensor.name}: no SMAC coefficients of {', '.join(missing)}; these bands are "
                f"left out.{files}"
            )
        boxes = [one.name for one in told if one.smac is not None and one.response is None]
        if boxes:
            files = self._absent(sensor, boxes, lambda entry: entry.response)
            self.notes.append(
                f"{sensor.name}: no spectral response of {', '.join(boxes)}; they count as narrow "
                "bands at their nominal wavelength, which may be some nanometers off: a budget "
                "over deserts takes it for ten times as uncertain as a response (over clouds "
                f"nothing is read at the wavelength, and it is not).{files}"
            )
        return tuple(models)

    def _entry(self, sensor: Sensor, band: str) -> Entry | None:
        return self._entries.get((_key(sensor.name), _band_key(band)))

    def _absent(self, sensor: Sensor, bands: Sequence[str], file: Callable[[Entry], str]) -> str:
        """A sentence about the files that the list names for these bands and that are not there, ""
        where it names none.
        """
        entries = [entry for band in bands if (entry := self._entry(sensor, band)) is not None]
        names = dict.fromkeys(name for entry in entries if (name := file(entry)))
        absent = [name for name in names if name.lower() not in self._files]
        if not absent:
            return ""
        place = f"in {self._folder}" if self._folder else "shipped: give its folder (ATMOSPHERE)"
        return f" Not {place}: {listed(absent, _NAMED)}."

    def _smac(self, entry: Entry) -> SmacCoefficients | None:
        path = self._files.get(entry.smac.lower())
        if path is None:
            return None
        columns = read_smac_numbers(path)
        if not 1 <= entry.smac_column <= len(columns):
            raise TableError(f"{path.name} has {len(columns)} band(s), not {entry.smac_column}.")
        return coefficients(columns[entry.smac_column - 1])

    def _response(self, entry: Entry) -> Response | None:
        path = self._files.get(entry.response.lower())
        if path is None:
            return None
        wavelength, values, names = read_spectral_table(path)
        column = _column(entry.response_column, names, path.name)
        response = values[:, column].clip(min=0.0)
        return Response(wavelength, response, f"{path.name} ({names[column]})")


def _column(wanted: str, names: tuple[str, ...], file: str) -> int:
    if wanted in names:
        return names.index(wanted)
    if wanted.isdigit() and 1 <= int(wanted) <= len(names):
        return int(wanted) - 1
    raise TableError(f"{file} has no column '{wanted}'. Its columns are: {', '.join(names)}.")


def _read_list(path: Path) -> dict[tuple[str, str], Entry]:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        lacking = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
        if lacking:
            raise TableError(f"{path} lacks the column(s) {', '.join(lacking)}.")
        entries = {}
        for number, row in enumerate(reader, 2):
            try:
                entry = Entry(
                    float(row["wavelength_nm"]), row["smac"], int(row["smac_column"] or 1),
                    row["response"], row["response_column"] or "1",
                )  # fmt: skip
            except (TypeError, ValueError) as error:
                raise TableError(
                    f"Line {number} of {path} cannot be read: wavelength_nm and smac_column are "
                    "numbers."
                ) from error
            entries[_key(row["sensor"]), _band_key(row["band"])] = entry
    return entries


def _key(name: str) -> str:
    """Names as they are compared: without case, blanks, and signs such as / and _."""
    return "".join(sign for sign in name.lower() if sign.isalnum())


def _band_key(name: str) -> str:
    """Names of bands as they are compared: B02, as files call it, is the B2 of the metadata."""
    return re.sub(r"^([a-z]*)0+(?=\d)", r"\1", _key(name))
