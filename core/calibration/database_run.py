# SPDX-License-Identifier: GPL-3.0-or-later
"""A cross-calibration of what is in the calibration database, its results kept there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..database import Database
from ..database.measurements import load_measurements
from ..database.runs import save_run
from ..database.sensors import load_responses
from ..database.sites import load_sites
from ..errors import InputError, InsufficientDataError
from ..names import split_list
from ..progress import Part, Progress, Silent
from ..times import parse_day
from ..wording import listed
from .atmosphere import pressure_at
from .budget_types import Sizes
from .cross_run import CrossRun, cross_calibrate
from .cross_summaries import Period
from .cross_tables import database_run
from .desert import Settings
from .sensor_tables import SensorTables
from .site_kinds import SiteKind, contradiction, described, left_out, left_out_note, mixed_note
from .site_spectra import read_site_spectra, spectra_of, unproven
from .spectral import Response, Spectrum
from .transfer import Side
from .types import Measurements

UNNAMED = "(none)"  # how measurements without a version are called
_NAMED = 5  # sites that a sentence names


@dataclass(frozen=True)
class CrossRequest:
    """What to calibrate against what: names as in the database; empty ``sites`` are all; versions:
    one, or several separated by commas, empty where the database has one only; days as ISO dates,
    both included ("": no limit). ``altitude_m``: of sites whose altitude the database does not
    state; ``bands``: those of the target that notes about missing tables are for (empty: all);
    ``spectra``: file with the spectra of the sites ("": none); ``kind``: where no sites are named,
    only those whose type fits are taken.
    """

    target: str
    reference: str
    sites: Sequence[str] = ()
    target_version: str = ""
    reference_version: str = ""
    first_day: str = ""
    last_day: str = ""
    atmosphere: str = ""
    period: Period = Period.WHOLE
    draws: int = 200
    seed: int = 0
    altitude_m: float = 0.0
    bands: Sequence[str] = ()
    spectra: str = ""
    kind: SiteKind = SiteKind.ANY


def calibrate_from(
    db: Database,
    request: CrossRequest,
    settings: Settings,
    sizes: Sizes | None,
    progress: Progress | None = None,
) -> CrossRun:
    """Load what is asked for and calibrate; errors of the database, and as ``cross_calibrate``."""
    progress = progress or Silent()
    reader = SideReader(db, request)
    target, reference = reader.both()
    progress.report(0.2, "Measurements loaded")
    told = () if settings.meteo.measured_pressure else reader.altitude_notes
    spectra, notes = _spectra(request, settings, target, reference)
    try:
        return cross_calibrate(
            target,
            reference,
            settings,
            request.period,
            sizes,
            request.draws,
            request.seed,
            spectra,
            (*reader.notes, *told, *notes),
            Part(progress, 0.2, 1.0),
        )
    except (InputError, InsufficientDataError) as error:
        # Which file is missing is said where that may be why nothing can be calibrated.
        raise type(error)(" ".join((str(error), *reader.table_notes))) from error


def _spectra(
    request: CrossRequest, settings: Settings, target: Side, reference: Side
) -> tuple[dict[str, Spectrum], tuple[str, ...]]:
    """The spectra of the sites that both have seen, where a method takes them, and what is missing.

    Without a file the method says so itself.
    """
    if not request.spectra or not any(method.takes_spectrum for method in settings.methods):
        return {}, ()
    one, other = (side.measurements["site"].astype(str) for side in (target, reference))
    sites = np.intersect1d(one, other).tolist()
    found = spectra_of(read_site_spectra(request.spectra), sites)
    notes = []
    if lacking := [site for site in sites if site not in found]:
        notes.append(
            f"{request.spectra} has no spectrum of {', '.join(lacking)}: these sites have no "
            "coefficients by the methods that take one."
        )
    if names := unproven(found):
        notes.append(
            f"The spectrum {listed(names, _NAMED)} has no samples in and beside the oxygen band at "
            "760 nm, which would show whether the air is in it: it is taken as the reflectance of "
            "the ground. One of the top of the atmosphere would falsify the coefficients by "
            "percents."
        )
    return found, tuple(notes)


class SideReader:
    """Loads sensors for a ``request``; its tables and the sites of the database are read once."""

    def __init__(self, db: Database, request: CrossRequest) -> None:
        self._db, self._request = db, request
        self._tables = SensorTables(request.atmosphere)
        sites = load_sites(db)
        self._types = {site.name: site.type for site in sites}
        self._left_out: set[str] = set()
        self._contradiction = contradiction(request.kind, request.sites, self._types)
        self._stated = {site.name: site.altitude_m for site in sites}
        self._altitudes = {
            name: altitude if math.isfinite(altitude) else request.altitude_m
            for name, altitude in self._stated.items()
        }
        self._assumed: set[str] = set()
        self._seen: set[str] = set()

    def side(self, sensor: str, version: str, key: str, asked: Sequence[str] = ()) -> Side:
        """The measurements of a sensor with its bands; ``key``: the parameter that the version came
        by; notes are made of those ``asked`` for.
        """
        loaded = self._fitting(_load(self._db, self._request, sensor, version))
        if not version:
            _check_one_version(self._db, loaded, key)
        self._assumed |= {
            site for site in np.unique(loaded["site"].astype(str))
            if not math.isfinite(self._stated.get(site, math.nan))
        }  # fmt: skip
        models = self._tables.bands(loaded.sensor, asked, self._responses(loaded.sensor.name))
        return Side(loaded, models, self._altitudes)

    def _responses(self, sensor: str) -> dict[str, Response]:
        """The responses in the database by band, of several the last that was kept."""
        return {
            one.band: Response(one.wavelengths_nm, one.response, f"database, {one.source}")
            for one in load_responses(self._db, sensor)
        }

    def _fitting(self, loaded: Measurements) -> Measurements:
        """Those at sites that are named, or whose type fits."""
        sites = np.unique(loaded["site"].astype(str)).tolist()
        kind = self._request.kind
        out = () if self._request.sites else left_out(kind, sites, self._types)
        self._seen |= set(sites) - set(out)
        if not out:
            return loaded
        if len(out) == len(sites):
            raise InsufficientDataError(
                f"{loaded.sensor.name} has no measurements over {kind.value} sites in the database "
                f"{self._db.name}, only over {described(out, self._types)}. Name the sites "
                "(SITES), or state their types in its table 'sites'."
            )
        self._left_out |= set(out)
        return loaded.select(np.flatnonzero(~np.isin(loaded["site"].astype(str), out)))

    def target(self) -> Side:
        """The sensor that is to be calibrated."""
        asked = self._request
        return self.side(asked.target, asked.target_version, "TARGET_VERSION", asked.bands)

    def reference(self) -> Side:
        """The sensor that it is compared with."""
        asked = self._request
        return self.side(asked.reference, asked.reference_version, "REFERENCE_VERSION")

    def both(self) -> tuple[Side, Side]:
        """Target and reference; raises ``InputError`` where they share measurements."""
        target, reference = self.target(), self.reference()
        refuse_same(target, reference)
        return target, reference

    @property
    def table_notes(self) -> tuple[str, ...]:
        """Sentences about coefficients and responses that are missing."""
        return tuple(dict.fromkeys(self._tables.notes))

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about tables that are missing and sites that are left out, contradict the
        method or each other, of all sensors loaded so far.
        """
        told = [self._contradiction] if self._contradiction else []
        if self._left_out:
            told.append(left_out_note(self._request.kind, self._left_out, self._types))
        if not told and (mixed := mixed_note(self._seen, self._types)):
            told.append(mixed)
        return (*told, *self.table_notes)

    @property
    def altitude_notes(self) -> tuple[str, ...]:
        """A sentence about sites whose altitude is not known, of all sensors loaded so far."""
        if not self._assumed:
            return ()
        names, altitude = sorted(self._assumed), self._request.altitude_m
        return (
            f"The database states no altitude of {listed(names, _NAMED)}: "
            f"{altitude:g} m is taken (ALTITUDE_M), with a pressure of "
            f"{float(pressure_at(altitude)):.0f} hPa. State it by site in the column altitude_m of "
            "its table 'sites'.",
        )


def refuse_same(one: Side, other: Side) -> None:
    """Raise ``InputError`` where two sides hold the same measurements: that would say nothing."""
    shared = np.intersect1d(one.measurements.ids, other.measurements.ids)
    if len(shared):
        versions = ", ".join(_versions(one.measurements))
        raise InputError(
            f"{one.measurements.sensor.name} ({versions}) would be compared with itself: choose "
            "another sensor, or other versions of it (TARGET_VERSION, REFERENCE_VERSION)."
        )


def _versions(measurements: Measurements) -> list[str]:
    found = np.unique(measurements["version"].astype(str))
    return [str(one) or UNNAMED for one in found]


def _check_one_version(db: Database, loaded: Measurements, key: str) -> None:
    """Versions of one sensor disagree, and hold the same acquisitions: they are not mixed unasked.

    Raises ``InputError`` where there are several.
    """
    found = _versions(loaded)
    if len(found) > 1:
        raise InputError(
            f"The database {db.name} holds {len(found)} versions of {loaded.sensor.name} for this "
            f"choice: {', '.join(found)}. Say by {key} which one to use (several separated by "
            "commas are mixed)."
        )


def keep(db: Database, run: CrossRun, method: str, parameters: Mapping[str, Any]) -> int:
    """Keep a run in the database; returns its number."""
    return save_run(db, database_run(run, method, parameters))


def places_of(db: Database) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of the sites in the database."""
    return {site.name: (site.longitude, site.latitude) for site in load_sites(db)}


def _load(db: Database, request: CrossRequest, sensor: str, version: str) -> Measurements:
    first = parse_day(request.first_day, "FIRST_DAY") if request.first_day else None
    last = parse_day(request.last_day, "LAST_DAY") if request.last_day else None
    if last is not None:
        last = last + np.timedelta64(86_399_999, "ms")
    named = list(split_list(version))
    versions = ["" if one == UNNAMED else one for one in named]
    found = load_measurements(db, sensor, request.sites, (first, last), versions)
    if not len(found):
        if versions:
            known = _versions(load_measurements(db, sensor, request.sites, (first, last)))
            if known and not set(known) & set(named):
                raise InsufficientDataError(
                    f"The database {db.name} has no version {version} of {sensor} for this choice. "
                    f"There are: {', '.join(known)}."
                )
        limits = [*request.sites, *(text for text in (version, request.first_day) if text)]
        raise InsufficientDataError(
            f"The database {db.name} has no measurements of {sensor} for "
            f"{', '.join(limits) or 'any site'}. Import or extract them first, or widen sites, "
            "version and period."
        )
    return found
