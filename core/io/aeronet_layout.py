# SPDX-License-Identifier: GPL-3.0-or-later
"""What the header of an AERONET Version 3 text says: where the columns are, whose data they are,
which product.

Dialects differ in the number of header lines, in whether a site column comes first, and in the
spelling of some names. The only thing they share is a line of column names that holds
``Date(dd:mm:yyyy)`` (``Date_(dd:mm:yyyy)`` in SDA files) and ``Time``: everything starts from that
line, and no line is ever counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..errors import InputError

_CHANNEL = re.compile(r"aod_(\d+)nm$")
_EXACT = re.compile(r"exact_wavelengths_of_aod\(um\)_(\d+)nm$")
_LEVEL_IN_HEADER = re.compile(r"Level\s*([12]\.[05])")
_CONTACT = re.compile(r"PI=(.*?);\s*PI Email")
_NOT_A_SITE = re.compile(r"AERONET|Version 3|Level|[,;=<>]|data are", re.IGNORECASE)

# Column of the value -> the names it may have (lower case); the first one present is taken.
_STATION = {
    "level": ("data_quality_level",),
    "instrument": ("aeronet_instrument_number",),
    "site": ("aeronet_site_name", "aeronet_site"),
    "latitude": ("site_latitude(degrees)", "latitude(degrees)"),
    "longitude": ("site_longitude(degrees)", "longitude(degrees)"),
    "elevation": ("site_elevation(m)", "elevation(m)"),
}
_VALUES = {
    "water_vapor": ("precipitable_water(cm)",),
    "angstrom": ("440-870_angstrom_exponent",),
    "zenith": ("solar_zenith_angle(degrees)", "solar_zenith_angle"),
}
_SDA_AOD = "total_aod_500nm[tau_a]"
_SDA_ANGSTROM = "angstrom_exponent(ae)-total_500nm[alpha]"


@dataclass(frozen=True)
class Layout:
    """The columns of one section of a file, as positions counted from 0.

    ``channels``: nominal wavelength (nm) -> column of its AOD; ``exact``: nominal wavelength ->
    column of its exact wavelength (micrometers). ``values``: ``water_vapor``, ``angstrom``,
    ``zenith``; ``station``: ``site``, ``level``, ``instrument``, ``latitude``, ``longitude``,
    ``elevation``; absent columns have no entry. ``names`` are all column names. ``site``, ``level``
    ("1.0", "1.5", "2.0") and ``pi`` come from the lines above the names, and may be empty.
    """

    names: tuple[str, ...]
    date: int
    time: int
    channels: Mapping[int, int]
    exact: Mapping[int, int]
    values: Mapping[str, int]
    station: Mapping[str, int]
    product: str = "AOD"
    daily: bool = False
    site: str = ""
    level: str = ""
    pi: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def width(self) -> int:
        """How many fields a complete line has at least."""
        return len(self.names)


def is_name_line(line: bytes) -> bool:
    """Whether this is the line of column names."""
    return b"Time" in line and (b"Date(dd:mm:yyyy)" in line or b"Date_(dd:mm:yyyy)" in line)


def decode(data: bytes) -> str:
    """Bytes as text: UTF-8, or Latin-1 where that fails (as in older names of investigators)."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def parse_layout(preamble: Sequence[bytes], name_line: bytes) -> Layout:
    """The layout of a section from the lines above its column names and the names themselves.

    Raises ``InputError`` (a sentence without the file's name) where the section holds no AOD.
    """
    header = [decode(line).strip() for line in preamble]
    names = _names(name_line)
    where = _first_positions(names)
    product, channels, values = _quantities(where)
    if not channels:
        raise InputError(_why_no_aod(header, names))
    return Layout(
        names=names,
        date=_starting(names, "Date(", "Date_("),
        time=_starting(names, "Time"),
        channels=channels,
        exact=_numbered(where, _EXACT),
        values=values,
        station=_pick(where, _STATION),
        product=product,
        daily=_daily(header, names),
        site=_site(header),
        level=_first_match(_LEVEL_IN_HEADER, header),
        pi=_first_match(_CONTACT, header).replace("_", " "),
    )


def _names(line: bytes) -> tuple[str, ...]:
    """The column names, without empty ones at the end."""
    names = [name.strip() for name in decode(line).split(",")]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _quantities(where: Mapping[str, int]) -> tuple[str, dict[int, int], dict[str, int]]:
    """The product, the columns of its channels (nm) and of its other values."""
    channels, values = _numbered(where, _CHANNEL), _pick(where, _VALUES)
    if channels or _SDA_AOD not in where:
        return "AOD", channels, values
    values.pop("angstrom", None)
    if _SDA_ANGSTROM in where:
        values["angstrom"] = where[_SDA_ANGSTROM]
    return "SDA", {500: where[_SDA_AOD]}, values


def _starting(names: Sequence[str], *starts: str) -> int:
    """The place of the first name that starts so."""
    return next(place for place, name in enumerate(names) if name.startswith(starts))


def _daily(header: Sequence[str], names: Sequence[str]) -> bool:
    """Whether the rows are means of days."""
    counted = any(name.startswith("N[") for name in names)
    return counted or any(line.startswith("Daily Averages") for line in header)


def _first_positions(names: Sequence[str]) -> dict[str, int]:
    """Name in lower case -> its first position: some names (``AOD_Empty``) occur several times."""
    where: dict[str, int] = {}
    for position, name in enumerate(names):
        where.setdefault(name.lower(), position)
    return where


def _numbered(where: Mapping[str, int], pattern: re.Pattern[str]) -> dict[int, int]:
    found = ((pattern.match(name), position) for name, position in where.items())
    return {int(match.group(1)): position for match, position in found if match}


def _pick(where: Mapping[str, int], wanted: Mapping[str, Sequence[str]]) -> dict[str, int]:
    found = {key: [where[name] for name in names if name in where] for key, names in wanted.items()}
    return {key: positions[0] for key, positions in found.items() if positions}


def _first_match(pattern: re.Pattern[str], header: Sequence[str]) -> str:
    matches = (pattern.search(line) for line in header)
    return next((match.group(1).strip() for match in matches if match), "")


def _site(header: Sequence[str]) -> str:
    """The line after ``AERONET Version 3``, where it is a site's name."""
    for line, following in zip(header, header[1:], strict=False):
        if line.startswith("AERONET Version 3") and following and not _NOT_A_SITE.search(following):
            return following
    return ""


def _why_no_aod(header: Sequence[str], names: Sequence[str]) -> str:
    text = " ".join(header)
    if "nversion" in text or names[0].startswith("AERONET_AERONET"):
        return (
            "it is an inversion product, no AOD columns (AOD_440nm, AOD_500nm ...) are in it: "
            "download the direct-sun product 'AOD Level 1.5' or 'AOD Level 2.0' of the site instead"
        )
    return (
        "it has none of the columns AOD_<wavelength>nm (its columns begin with "
        f"{', '.join(names[:6])}): download the Version 3 direct-sun product 'AOD Level 1.5' or "
        "'AOD Level 2.0' instead"
    )
