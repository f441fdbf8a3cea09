# SPDX-License-Identifier: GPL-3.0-or-later
"""SADE exchange lines: one observation a line, values separated by spaces, -999 for no value.

The order of the values is that in which DIMITRI reads them: sensor and version, time of acquisition
and of processing (DD/MM/YYYY-HH:MM:SS), site; reflectance, standard deviation, view zenith and view
azimuth of all bands; number of pixels, latitude, longitude, sun zenith and azimuth, water vapor
(g/cm2), ozone (Dobson units / 1000), pressure (hPa), wind (m/s), name of the quicklook. Texts with
spaces or quotation marks stand between quotation marks. A line names neither its bands nor its
product: the time of processing is kept as the product ("processed 2011-03-04T05:06:07Z").
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np

from ...calibration.types import Measurements
from ...errors import InputError, TableError
from ...progress import Progress, check
from ...times import fixed_texts
from ...types import AnyArray
from .hints import Hints, required, told_apart, without_view
from .text import number, open_text, written

HEAD, TAIL, PER_BAND = 4, 10, ("mean", "std", "view_zenith_deg", "view_azimuth_deg")
TAIL_NUMBERS = (
    "latitude", "longitude", "sun_zenith_deg", "sun_azimuth_deg", "water_vapor_g_cm2", "ozone_du",
    "pressure_hpa", "wind_m_s",
)  # fmt: skip
HELD = ("version", "site", "product", "quicklook", "count", *TAIL_NUMBERS, *PER_BAND)
MISSING = "-999"
_TIME = re.compile(r"(\d\d)/(\d\d)/(\d{4})-(\d\d:\d\d:\d\d(?:\.\d{1,3})?)")
_PROCESSED = re.compile(r"processed (\S+)")
_EVERY = 5000
Row = list[str]


def looks_like_sade(line: str) -> bool:
    """Whether a line begins like a SADE line."""
    row = next(csv.reader([line], delimiter=" ", skipinitialspace=True), [])
    return len(row) > HEAD + TAIL and _TIME.fullmatch(row[1]) is not None


def read_sade(path: Path, hints: Hints, progress: Progress) -> list[Measurements]:
    """The measurements of a file, by sensor; raises ``InputError`` or ``TableError`` naming the
    line that cannot be understood.
    """
    rows: dict[tuple[str, int], list[tuple[int, str, Row]]] = {}
    for line, row in _rows(path, progress):
        sensor, version = _sensor(row[0], hints)
        where = f"Line {line} of {path.name}"
        required("sensor", sensor, "SENSOR", where)
        bands, rest = divmod(len(row) - HEAD - TAIL, len(PER_BAND))
        if rest or bands < 1:
            raise TableError(
                f"{where} has {len(row)} values, which is no number of a SADE line (14 and 4 for "
                "each band). Texts with spaces have to stand between quotation marks."
            )
        rows.setdefault((sensor, bands), []).append((line, version, row))
    if not rows:
        raise InputError(f"{path.name} holds no SADE line.")
    return [_made(path.name, key, found, hints) for key, found in rows.items()]


def _rows(path: Path, progress: Progress) -> Iterator[tuple[int, Row]]:
    with open_text(path) as stream:
        reader = csv.reader(stream, delimiter=" ", skipinitialspace=True)
        for count, row in enumerate(reader):
            if count % _EVERY == 0:
                check(progress)
            while row and not row[-1]:
                row.pop()
            if row:
                yield reader.line_num, row


def _sensor(text: str, hints: Hints) -> tuple[str, str]:
    """Sensor and version of the first value of a line."""
    text = hints.sensor if text == MISSING else text
    if hints.sensor and f"{text}_".startswith(f"{hints.sensor}_"):
        sensor, version = hints.sensor, text[len(hints.sensor) + 1 :]
    else:
        sensor, _, version = text.partition("_")
    return sensor, version or hints.version


def _made(
    name: str, key: tuple[str, int], found: list[tuple[int, str, Row]], hints: Hints
) -> Measurements:
    sensor, bands = key
    of = hints.bands_of(sensor, bands, f"Line {found[0][0]} of {name}")
    numbers = np.array([_floats(row, line, name) for line, _, row in found])
    places = [slice(i * bands, (i + 1) * bands) for i in range(len(PER_BAND))]
    by_band = {key: numbers[:, place] for key, place in zip(PER_BAND, places, strict=True)}
    tail = numbers[:, len(PER_BAND) * bands :]
    by_band["count"] = np.repeat(tail[:, :1], bands, axis=1)
    rows: dict[str, AnyArray] = dict(zip(TAIL_NUMBERS, tail[:, 1:].T, strict=True))
    rows["version"] = _column([version for _, version, _ in found])
    rows["site"] = _column([_site(row[3], line, name, hints) for line, _, row in found])
    rows["product"] = _column([_product(row[2], line, name) for line, _, row in found])
    rows["quicklook"] = _column(["" if row[-1] == MISSING else row[-1] for _, _, row in found])
    times = np.array([_time(row[1], line, name) for line, _, row in found], dtype="datetime64[ms]")
    return told_apart(Measurements(of, times, rows, by_band))


def _column(cells: list[str]) -> AnyArray:
    out = np.empty(len(cells), dtype=object)
    out[:] = cells
    return out


def _site(text: str, line: int, name: str, hints: Hints) -> str:
    site = "" if text == MISSING else text
    return required("site", site or hints.site, "SITE", f"Line {line} of {name}")


def _product(text: str, line: int, name: str) -> str:
    return "" if text == MISSING else f"processed {_time(text, line, name)}Z"


def _time(text: str, line: int, name: str) -> str:
    found = _TIME.fullmatch(text)
    try:
        if found:
            day, month, year, clock = found.groups()
            return str(np.datetime64(f"{year}-{month}-{day}T{clock}"))
    except ValueError:
        pass
    raise TableError(
        f"'{text}' in line {line} of {name} is no time. SADE lines have them as "
        "31/12/2009-23:59:59."
    )


def _floats(row: Row, line: int, name: str) -> list[float]:
    """The numbers of a line; ozone in Dobson units, to the last digit of the text."""
    cells = row[HEAD:-1]
    ozone = len(cells) - 3
    try:
        values = [float(cell) for cell in cells]
        if values[ozone] != -999.0:
            values[ozone] = float(Decimal(cells[ozone]).scaleb(3))
    except (ValueError, ArithmeticError) as error:
        raise TableError(f"Line {line} of {name} has a value that is no number.") from error
    return [np.nan if value == -999.0 else value for value in values]


def write_sade(measurements: Measurements, path: Path, progress: Progress) -> None:
    """Write one line per measurement; raises ``OutputError`` where the disk does not take it."""
    with written(path) as stream:
        writer = csv.writer(stream, delimiter=" ", lineterminator="\n")
        bands = np.hstack([measurements[key] for key in PER_BAND]).tolist()
        counts = _counts(measurements).tolist()
        tail = np.column_stack([measurements[key] for key in TAIL_NUMBERS]).tolist()
        times = fixed_texts(measurements.time)
        for row in range(len(measurements)):
            if row % _EVERY == 0:
                check(progress)
                progress.report(row / len(measurements))
            writer.writerow(
                [
                    *_head(measurements, row, str(times[row])),
                    *map(_number, bands[row]), _number(counts[row]),
                    *_tail(tail[row]),
                    measurements["quicklook"][row] or MISSING,
                ]
            )  # fmt: skip


def _counts(measurements: Measurements) -> AnyArray:
    """The number of pixels of each row: the smallest of its bands, NaN where none is known."""
    counts = measurements["count"]
    smallest = np.where(np.isnan(counts), np.inf, counts).min(axis=1)
    return np.where(np.isinf(smallest), np.nan, smallest)


def _head(measurements: Measurements, row: int, time: str) -> list[str]:
    version = measurements["version"][row]
    sensor = measurements.sensor.name
    processed = _PROCESSED.fullmatch(without_view(measurements["product"][row]))
    when = _clock(processed.group(1)) if processed else MISSING
    name = f"{sensor}_{version}" if version else sensor
    return [name, _clock(time), when, measurements["site"][row] or MISSING]


def _clock(time: str) -> str:
    """ISO 8601 UTC text as SADE writes it."""
    day, _, clock = time.rstrip("Z").partition("T")
    year, month, date = day.split("-")
    return f"{date}/{month}/{year}-{clock.removesuffix('.000')}"


def _tail(values: list[float]) -> Iterator[str]:
    for name, value in zip(TAIL_NUMBERS, values, strict=True):
        if name == "ozone_du" and value == value:
            yield format(Decimal(repr(value)).scaleb(-3), "f")
        else:
            yield _number(value)


def _number(value: float) -> str:
    return MISSING if value != value else number(value)
