# SPDX-License-Identifier: GPL-3.0-or-later
"""Hyperspectral reflectances of sites, from a table of the user."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..io.response_tables import read_spectral_table
from ..types import FloatArray
from .spectral import Spectrum

EVERY_SITE = ""
_MICROMETERS = 30.0  # wavelengths below are not in nanometers
_SITE, _WAVELENGTH = ("site", "name"), ("wavelength_nm", "wavelength", "wavelength_um", "nm", "wl")
_REFLECTANCE = ("reflectance", "rho", "value", "surface_reflectance")
# The A band of oxygen (nm): within it, and beside it, where the air is clear. Two-way it takes half
# or more of the light at a resolution of 10 nm; what correction leaves of it is a few percent.
_OXYGEN, _BESIDE = (758.0, 770.0), ((735.0, 756.0), (772.0, 795.0))
_DEEPEST = 0.1


def read_site_spectra(path: Path | str) -> dict[str, Spectrum]:
    """Spectra by site; under ``EVERY_SITE`` the one for sites without their own.

    Either a table with a header that names the columns ``site``, ``wavelength_nm`` (or
    ``wavelength``) and ``reflectance``, a row per site and wavelength (an empty site: all others);
    or a table of a wavelength and a reflectance (``read_spectral_table``: the layout of ECOSTRESS
    and of most other libraries), which holds for every site; further columns are not read.
    Wavelengths in nanometers, or in micrometers where all are below 30. Only the shape of a
    spectrum is used, so that reflectances may be in percent. Raises ``InputError`` for other files,
    for spectra that are not positive or have fewer than two wavelengths, and for those of the top
    of the atmosphere, which the A band of oxygen gives away (``oxygen_depth``).
    """
    path = Path(path)
    found = _by_site(path) or {EVERY_SITE: _plain(path)}
    return {
        site: _checked(*curve, f"{path.name}{f' ({site})' if site else ''}")
        for site, curve in found.items()
    }


def oxygen_depth(spectrum: Spectrum) -> float:
    """How deep the A band of oxygen (759 to 768 nm) is in a spectrum: 0 for a reflectance of the
    ground, whatever it is made of, and 0.3 or more for what is measured through the atmosphere. NaN
    where the spectrum has no sample within 758 to 770 nm, or none beside it on either side.
    """
    at, values = spectrum.wavelength_nm, spectrum.reflectance
    inside = (at >= _OXYGEN[0]) & (at <= _OXYGEN[1])
    beside = [(at >= first) & (at <= last) for first, last in _BESIDE]
    if not inside.any() or not all(one.any() for one in beside):
        return float("nan")
    ends = [(at[one].mean(), values[one].mean()) for one in beside]
    level = np.interp(at[inside], *np.transpose(ends))
    return float(1.0 - (values[inside] / level).min())


def unproven(spectra: Mapping[str, Spectrum]) -> tuple[str, ...]:
    """The names of the spectra that do not show whether they are of the ground."""
    names = (one.name for one in spectra.values() if np.isnan(oxygen_depth(one)))
    return tuple(dict.fromkeys(names))


def spectra_of(spectra: Mapping[str, Spectrum], sites: Iterable[str]) -> dict[str, Spectrum]:
    """The spectrum of each of some sites; without those that have none."""
    found = {site: spectra.get(site, spectra.get(EVERY_SITE)) for site in sites}
    return {site: spectrum for site, spectrum in found.items() if spectrum is not None}


def _plain(path: Path) -> tuple[FloatArray, FloatArray]:
    wavelength, values, _ = read_spectral_table(path)
    return wavelength, values[:, 0]


def _by_site(path: Path) -> dict[str, tuple[FloatArray, FloatArray]]:
    """The curves of a table with a column of sites; none of other files."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}  # what is wrong with it is said by the reader of plain tables
    rows = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not rows:
        return {}
    sign = max(";,\t", key=rows[0].count)
    header = [name.strip().lower() for name in rows[0].split(sign)]
    places = [_place(header, names) for names in (_SITE, _WAVELENGTH, _REFLECTANCE)]
    if places[0] is None or places[1] is None or places[2] is None:
        return {}
    curves: dict[str, list[tuple[float, float]]] = {}
    for number, cells in enumerate(csv.reader(rows[1:], delimiter=sign), 2):
        try:
            site, at, value = (cells[place].strip() for place in places if place is not None)
            curves.setdefault(site, []).append((float(at), float(value)))
        except (IndexError, ValueError) as error:
            raise InputError(
                f"Line {number} of {path.name} cannot be read: it needs a site, a wavelength and a "
                "reflectance."
            ) from error
    return {site: _rising(np.array(points)) for site, points in curves.items()}


def _place(header: list[str], names: tuple[str, ...]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _rising(points: FloatArray) -> tuple[FloatArray, FloatArray]:
    wavelength, order = np.unique(points[:, 0], return_index=True)
    scale = 1000.0 if wavelength.max() < _MICROMETERS else 1.0
    return wavelength * scale, points[order, 1]


def _checked(wavelength: FloatArray, reflectance: FloatArray, name: str) -> Spectrum:
    known = np.isfinite(wavelength) & np.isfinite(reflectance)
    wavelength, reflectance = wavelength[known], reflectance[known]
    if len(wavelength) < 2 or not (reflectance > 0.0).all():
        raise InputError(
            f"The spectrum {name} needs two or more wavelengths, each with a reflectance above 0. "
            "Remove the wavelengths at which it is not known."
        )
    made = Spectrum(wavelength, reflectance, name)
    if (depth := oxygen_depth(made)) > _DEEPEST:
        raise InputError(
            f"The spectrum {name} was taken through the atmosphere: {100.0 * depth:.0f} % are "
            "missing at 760 nm, where oxygen absorbs and no ground does. Give the reflectance of "
            "the ground (HYPERSPECTRUM): the air is put on top of it by the method itself."
        )
    return made
