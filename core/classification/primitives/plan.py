# SPDX-License-Identifier: GPL-3.0-or-later
"""What a stack of features is made of, and how its layers are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...errors import InputError
from ...io.exogenous_files import Exogenous
from ...io.grids import Grid
from ...io.stacks import ImageStack
from ...names import split_list
from ...series.formula import Formula, formula_of, parse_formula
from ...series.indices import ALIASES as INDEX_ALIASES
from ...series.indices import BRIGHTNESS, INDICES, NAMES
from ...series.regularize import GapFilling
from ...types import FloatArray, TimeArray
from ...wording import listed
from ..feature_names import Feature

NONE = "none"
USUAL = ("NDVI", "NDWI_MCFEETERS", "NDWI_GAO", BRIGHTNESS)
RATIO = "VHVV"  # of radar: VH / VV, or the difference of their decibels
_LINE = re.compile(r"\s*([A-Za-z_]\w*)\s*=(?!=)\s*(\S.*)")
_NAMED = 12


@dataclass(frozen=True)
class Derived:
    """A feature ``name`` that is computed of others by a ``formula``: once for each date, or once
    (not ``dated``). ``floored``: negative values, which reflectance has by noise only, count as 0,
    so that a normalized difference stays within -1 and 1.
    """

    name: str
    formula: Formula
    dated: bool = True
    floored: bool = False


@dataclass(frozen=True)
class PrimitivePlan:
    """All that goes into the features on ``grid`` at ``times`` (m,): ``optical`` images, ``radar``
    images by direction of orbit (not all on ``grid``), ``exogenous`` bands, and what is computed of
    them. ``radar_unit``: of ``radar_files.UNITS``; ``ratio``: with VH / VV. ``hook``: see
    ``primitive_hooks``.
    """

    grid: Grid
    times: TimeArray
    settings: GapFilling
    optical: ImageStack | None = None
    radar: Mapping[str, ImageStack] = field(default_factory=dict)
    radar_unit: str = "linear"
    ratio: bool = False
    exogenous: tuple[Exogenous, ...] = ()
    indices: tuple[Derived, ...] = ()
    user: tuple[Derived, ...] = ()
    hook: str = ""

    @property
    def stacks(self) -> tuple[ImageStack, ...]:
        """The images, optical ones first."""
        return (*((self.optical,) if self.optical else ()), *self.radar.values())

    def radar_names(self, direction: str) -> list[str]:
        """Names of the features of one direction: ``VV_DES``, ``VH_DES``, ``VHVV_DES``."""
        bands = list(self.radar[direction].bands)
        if self.ratio and {"VV", "VH"} <= set(bands):
            bands.append(RATIO)
        return [f"{band}_{direction}" for band in bands]

    def layout(self) -> list[tuple[str, bool]]:
        """(name, whether it has a layer for each date) in the order of the layers."""
        found = [(band, True) for band in (self.optical.bands if self.optical else ())]
        found += [(one.name, True) for one in self.indices]
        for direction in self.radar:
            found += [(name, True) for name in self.radar_names(direction)]
        found += [(one.name, False) for one in self.exogenous]
        return found + [(one.name, one.dated) for one in self.user]


def feature_names(layout: Sequence[tuple[str, bool]], times: TimeArray) -> tuple[str, ...]:
    """The names of all layers: all dates of a feature follow each other."""
    days = times.astype("datetime64[D]")
    return tuple(
        str(Feature(name, day)) for name, dated in layout for day in (days if dated else (None,))
    )


def check_names(names: Sequence[str]) -> None:
    """Raise ``InputError`` where two layers would have one name."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(
            f"Several features would be called {listed(twice, 5)}. Rename the bands, the files or "
            "the features of your own: a model finds features by their names."
        )


def asked_indices(text: str) -> list[str]:
    """The names of indices in ``text``, in capitals; raises ``InputError`` for what is no index."""
    asked = [part.upper() for part in split_list(text)]
    unknown = [name for name in asked if name not in NAMES]
    if unknown and asked != [NONE.upper()]:
        raise InputError(
            f"There is no index {listed(unknown, 5)}. Choose of {', '.join(NAMES)}, or write it as "
            "a formula in USER_FEATURES."
        )
    return asked


def wanted_indices(
    text: str, bands: Sequence[str], wavelengths_nm: FloatArray
) -> tuple[Derived, ...]:
    """The indices named in ``text``, separated by commas, of ``bands`` at ``wavelengths_nm``.

    Empty: those of ``USUAL`` whose bands are there; ``none``: none. A band that has the name of an
    index is that index already. NDWI is McFeeters' and gets that name. Raises ``InputError`` for
    what is no index, and where its bands are not there.
    """
    asked = asked_indices(text)
    if asked == [NONE.upper()]:
        return ()
    if not asked:
        found = (_usual(name, bands, wavelengths_nm) for name in USUAL)
        return tuple(one for one in found if one is not None)
    names = ("NDWI_MCFEETERS" if name == "NDWI" else name for name in asked)
    try:
        return tuple(
            _index(name, bands, wavelengths_nm)
            for name in dict.fromkeys(names)
            if name not in bands
        )
    except InputError as error:
        raise InputError(
            f"{str(error).split('. ')[0]}. Take more bands (BANDS); where the images do not say "
            "their wavelengths or their sensor, call the bands by color (red, nir ...), or write "
            "the index in USER_FEATURES, as NDVI = (B8 - B4) / (B8 + B4)."
        ) from error


def _index(name: str, bands: Sequence[str], wavelengths_nm: FloatArray) -> Derived:
    floored = INDEX_ALIASES.get(name, name) in INDICES
    return Derived(name, formula_of(name, bands, wavelengths_nm), True, floored)


def _usual(name: str, bands: Sequence[str], wavelengths_nm: FloatArray) -> Derived | None:
    # A band may be called ndvi: no two layers are told apart by case in a table of samples.
    there = {band.upper() for band in bands} & {name, name.removesuffix("_MCFEETERS")}
    if there or (name == BRIGHTNESS and np.isfinite(wavelengths_nm).sum() < 2):
        return None
    try:
        return _index(name, bands, wavelengths_nm)
    except InputError:
        return None


def user_features(
    text: str, layout: Sequence[tuple[str, bool]], times: TimeArray
) -> tuple[Derived, ...]:
    """The features that users define, ``name = expression`` on lines of their own or separated by
    semicolons; see ``formula.parse_formula`` for expressions.

    They are made of the names in ``layout``, of single layers of it (``B8_20200701``), and of each
    other; where a dated name is used as it stands, they have a layer for each date. Raises
    ``InputError`` naming the line.
    """
    known = _single(layout, times) | dict(layout)
    found: list[Derived] = []
    for line in _lines(text):
        match = _LINE.fullmatch(line)
        if match is None:
            raise InputError(
                f"'{line}' in USER_FEATURES is not written as name = expression, for example "
                "SAVI = 1.5 * (B8 - B4) / (B8 + B4 + 0.5)."
            )
        name, expression = match[1], match[2].strip()
        if name in known:
            raise InputError(f"USER_FEATURES defines {name}, which is there already. Rename it.")
        formula = _parsed(expression, layout, known, line)
        dated = any(known[band] for band in formula.bands)
        found.append(Derived(name, formula, dated))
        known |= _single([(name, dated)], times) | {name: dated}
    return tuple(found)


def _single(layout: Sequence[tuple[str, bool]], times: TimeArray) -> dict[str, bool]:
    """Single layers, which have no further dates."""
    return dict.fromkeys(feature_names(layout, times), False)


def _parsed(
    expression: str, layout: Sequence[tuple[str, bool]], known: Mapping[str, bool], line: str
) -> Formula:
    try:
        return parse_formula(expression, list(known))
    except InputError as error:
        reason = str(error).split(". ")[0]
        names = listed([name for name, _ in layout], _NAMED)
        raise InputError(
            f"{reason} (USER_FEATURES: {line}). There are {names}, single dates "
            "of them (name_YYYYMMDD), numbers, + - * / **, comparisons, min, max, abs, sqrt, exp, "
            "log, log10 and where."
        ) from error


def _lines(text: str) -> Iterator[str]:
    for line in re.split(r"[\n;]", text.replace("\\n", "\n")):
        if line.strip() and not line.strip().startswith("#"):
            yield line.strip()
