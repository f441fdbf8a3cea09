# SPDX-License-Identifier: GPL-3.0-or-later
"""Writer of AERONET Version 3 direct-sun files, for simulated photometers.

The layout (header lines, order and number of columns, fill values, decimals) is that of the files
that the AERONET download tool, its web service and its daily bulk archives give out; what is
written must be read by any program that reads those. The contact line says that the data are
simulated.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import OutputError
from ..types import AnyArray, FloatArray, TimeArray
from .aeronet_columns import ANGSTROM_PAIRS, CHANNELS_NM, EMPTY, daily_names, point_names
from .atomic import Staging

DIALECTS = ("download", "webservice", "daily")
SIMULATED_PI = "Simulated_by_CalVal_Toolbox"
_FILL, _SHORT_FILL = "-999.000000", "-999."
_SENTENCES = {
    "1.0": "The following data are not cloud cleared and may not have final calibration applied.",
    "1.5": (
        "The following data are cloud cleared and quality controls have been applied but these "
        "data may not have final calibration applied.  These data may change."
    ),
    "2.0": (
        "The following data are automatically cloud cleared and quality assured with pre-field "
        "and post-field calibration applied."
    ),
}
_UNITS = "UNITS can be found at,,, https://aeronet.gsfc.nasa.gov/new_web/units.html"


@dataclass(frozen=True)
class _Photometer:
    site: str
    level: str
    instrument: int
    longitude: float
    latitude: float
    elevation_m: float
    exact_um: Mapping[int, float]
    pi: str


@dataclass(frozen=True)
class _Series:
    """``n`` rows: times, AOD of every standard channel (n, 22) with NaN, water vapor and sun zenith
    (n,).
    """

    time: TimeArray
    aod: FloatArray
    water_vapor_cm: FloatArray
    zenith_deg: FloatArray
    count: AnyArray

    def __len__(self) -> int:
        return len(self.time)


def write_aeronet(
    path: str | Path,
    site: str,
    times: TimeArray,
    aod_by_wavelength: Mapping[int, FloatArray],
    exact_wavelengths: Mapping[int, float],
    water_vapor: FloatArray,
    level: str = "2.0",
    instrument: int = 999,
    lon: float = 0.0,
    lat: float = 0.0,
    elevation: float = 0.0,
    dialect: str = "download",
    pi: str = SIMULATED_PI,
    solar_zenith: FloatArray | None = None,
) -> Path:
    """Write one simulated photometer file; ``path`` ending in ``.gz`` is compressed. Returns the
    path.

    ``times`` (n,) UTC, sorted; ``aod_by_wavelength``: nominal wavelength in nm -> AOD (n,), NaN
    where the channel has no value; ``exact_wavelengths``: nominal nm -> exact wavelength in
    micrometers (nominal where absent); ``water_vapor`` (n,) cm; ``level`` 1.0, 1.5 or 2.0; ``lon``,
    ``lat`` degrees, ``elevation`` m; ``dialect``: ``download`` (all points, no site column),
    ``webservice`` (all points, site column first) or ``daily`` (daily means of the given rows, with
    the number of observations); ``solar_zenith`` (n,) degrees. Raises ``ValueError`` for an unknown
    dialect, level or channel, ``OutputError`` where it cannot be written.
    """
    if dialect not in DIALECTS or level not in _SENTENCES:
        raise ValueError(f"unknown dialect or level: {dialect}, {level}")
    unknown = set(aod_by_wavelength) - set(CHANNELS_NM)
    if unknown:
        raise ValueError(f"not channels of the AERONET Version 3 layout: {sorted(unknown)}")
    exact = {
        channel: exact_wavelengths.get(channel, channel / 1000.0) for channel in aod_by_wavelength
    }
    photometer = _Photometer(site, level, instrument, lon, lat, elevation, exact, pi)
    times = np.asarray(times, dtype="datetime64[s]")
    aod = np.full((len(times), len(CHANNELS_NM)), np.nan)
    for channel, values in aod_by_wavelength.items():
        aod[:, CHANNELS_NM.index(channel)] = values
    zenith = (
        np.full(len(times), np.nan)
        if solar_zenith is None
        else np.asarray(solar_zenith, dtype=float)
    )
    series = _Series(
        times, aod, np.asarray(water_vapor, dtype=float), zenith, np.ones(len(times), dtype=int)
    )
    _write(Path(path), _lines(photometer, series, dialect))
    return Path(path)


def _write(path: Path, lines: Iterator[str]) -> None:
    data = ("\n".join(lines) + "\n").encode("latin-1")
    with Staging() as staging:
        try:
            # A fixed time stamp in the gzip header keeps a seeded simulation identical byte by
            # byte.
            staging.stage(path).write_bytes(
                gzip.compress(data, mtime=0) if path.suffix == ".gz" else data
            )
        except OSError as error:
            raise OutputError(f"{path.name} could not be written: {error.strerror}.") from error


def _lines(photometer: _Photometer, series: _Series, dialect: str) -> Iterator[str]:
    yield from _header(photometer, dialect)
    if dialect == "daily":
        series = _daily_means(series)
    row: Callable[[_Photometer, _Series, int, FloatArray], list[str]] = (
        _daily_row if dialect == "daily" else _point_row
    )
    exponents = np.column_stack([_angstrom(photometer, series, *pair) for pair in ANGSTROM_PAIRS])
    leading = [] if dialect == "download" else [photometer.site]
    for index in range(len(series)):
        yield ",".join(leading + row(photometer, series, index, exponents[index]))


def _header(photometer: _Photometer, dialect: str) -> Iterator[str]:
    if dialect == "webservice":
        yield "AERONET Data Download (Version 3 Direct Sun)"
        yield "AERONET Version 3;"
    else:
        yield "AERONET Version 3; "
        yield photometer.site
    yield f"Version 3: AOD Level {photometer.level}"
    yield _SENTENCES[photometer.level]
    yield f"Contact: PI={photometer.pi}; PI Email=simulated"
    if dialect != "webservice":
        yield ("Daily Averages," if dialect == "daily" else "All Points,") + _UNITS
    names = daily_names() if dialect == "daily" else point_names()
    yield ",".join(names if dialect == "download" else ["AERONET_Site", *names])


def _point_row(
    photometer: _Photometer, series: _Series, index: int, exponents: FloatArray
) -> list[str]:
    day, fraction = _day_of_year(series.time[index])
    present = np.isfinite(series.aod[index])
    zenith = series.zenith_deg[index]
    air_mass = 1.0 / np.cos(np.radians(min(zenith, 85.0))) if np.isfinite(zenith) else np.nan
    exact = [
        f"{photometer.exact_um[channel]:.6f}" if there else _SHORT_FILL
        for channel, there in zip(CHANNELS_NM, present, strict=True)
    ]
    return [
        *_date_and_time(series.time[index]), str(day), f"{day + fraction:.6f}",
        *_values(series, index), *[_FILL] * (len(CHANNELS_NM) + 3 + EMPTY),
        *[_number(value) for value in exponents], _FILL, *_site_cells(photometer),
        _number(zenith), _number(air_mass), _FILL, _FILL, _FILL,
        "01:01:2020", str(int(present.sum()) + 1),
        *exact, "0.935000", *[_SHORT_FILL] * (2 + EMPTY),
    ]  # fmt: skip


def _daily_row(
    photometer: _Photometer, series: _Series, index: int, exponents: FloatArray
) -> list[str]:
    day, _ = _day_of_year(series.time[index])
    values = [*_values(series, index), *[_number(value) for value in exponents], _FILL]
    values = [_SHORT_FILL if value == _FILL else value for value in values]
    counts = ["0" if value == _SHORT_FILL else str(series.count[index]) for value in values]
    return [
        *_date_and_time(series.time[index]),
        str(day),
        *values,
        *counts,
        *_site_cells(photometer),
    ]


def _values(series: _Series, index: int) -> list[str]:
    aod = [_number(value) for value in series.aod[index]]
    return [*aod, _number(series.water_vapor_cm[index]), *[_FILL] * (2 + EMPTY)]


def _site_cells(photometer: _Photometer) -> list[str]:
    return [
        "lev" + photometer.level.replace(".", ""),
        str(photometer.instrument),
        photometer.site,
        f"{photometer.latitude:.6f}",
        f"{photometer.longitude:.6f}",
        f"{photometer.elevation_m:.6f}",
    ]


def _daily_means(series: _Series) -> _Series:
    days, inverse, counts = np.unique(
        series.time.astype("datetime64[D]"), return_inverse=True, return_counts=True
    )

    def mean(values: FloatArray) -> FloatArray:
        finite = np.isfinite(values)
        total = np.bincount(inverse, np.where(finite, values, 0.0), len(days))
        count = np.bincount(inverse, finite, len(days))
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    aod = np.column_stack([mean(column) for column in series.aod.T])
    noon = days.astype("datetime64[s]") + np.timedelta64(12, "h")
    return _Series(noon, aod, mean(series.water_vapor_cm), mean(series.zenith_deg), counts)


def _angstrom(photometer: _Photometer, series: _Series, short: int, long: int) -> FloatArray:
    """Minus the slope of ln(AOD) over ln(wavelength), by least squares on the channels from short
    to long (n,).
    """
    within = [i for i, channel in enumerate(CHANNELS_NM) if short <= channel <= long]
    within = [i for i in within if CHANNELS_NM[i] in photometer.exact_um]
    if len(within) < 2:
        return np.full(len(series), np.nan)
    x = np.log([photometer.exact_um[CHANNELS_NM[i]] for i in within])
    values = series.aod[:, within]
    y = np.log(np.where(values > 0, values, np.nan))
    x = np.where(np.isfinite(y), x, np.nan)
    count = np.isfinite(y).sum(axis=1)
    dx = x - (np.nansum(x, axis=1) / np.maximum(count, 1))[:, None]
    spread = np.nansum(dx**2, axis=1)
    slope = np.nansum(dx * y, axis=1) / np.where(count >= 2, spread, 1.0)
    return np.where(count >= 2, -slope, np.nan)


def _date_and_time(moment: np.datetime64) -> list[str]:
    text = str(moment.astype("datetime64[s]"))
    return [f"{text[8:10]}:{text[5:7]}:{text[:4]}", text[11:19]]


def _day_of_year(moment: np.datetime64) -> tuple[int, float]:
    start = moment.astype("datetime64[Y]").astype("datetime64[s]")
    days = (moment.astype("datetime64[s]") - start) / np.timedelta64(86400, "s")
    return int(days) + 1, float(days % 1.0)


def _number(value: float) -> str:
    return f"{value:.6f}" if np.isfinite(value) else _FILL
