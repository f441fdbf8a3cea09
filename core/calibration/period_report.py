# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report on a period needs, out of the runs in the database: coefficients of the period by
band and site, those of the period before, trends, budgets, and the measurements behind them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..database import Database
from ..database.coefficients import RunCoefficients, calibration_runs, load_coefficients
from ..database.runs import Run
from ..database.schema import ACCEPTED
from ..database.sites import site_types
from ..errors import InputError, InsufficientDataError
from ..progress import Part, Progress, Silent, check
from ..table import Table
from ..times import YEAR_DAYS
from ..types import FloatArray, TimeArray
from .doubts import period_doubts
from .drift import MIN_TREND, Noise, noise_of
from .period_changes import BandPeriod, Change, judged
from .period_runs import others, passed_note, passed_over, saturated, saturated_words
from .report_period import Span, coefficient_times, half_year_of, named_span, span_of_days
from .site_kinds import mixed_note
from .summary import Summary, summarize
from .trend_models import TrendChoice
from .trend_terms import LEAST_YEARS, terms, wave
from .trends import fit_trends


@dataclass(frozen=True)
class ReportRequest:
    """What to report on: a named ``period`` or two days ("": the half-year of the last
    coefficient); ``sensors``, ``sites``: empty for all; ``runs``: empty for the last of each
    sensor, reference and method; ``passed``: numbers of the other runs that could be taken, None
    to look them up.
    """

    period: str = ""
    first_day: str = ""
    last_day: str = ""
    sensors: Sequence[str] = ()
    sites: Sequence[str] = ()
    runs: Sequence[int] = ()
    passed: Sequence[int] | None = None

    def span(self) -> Span | None:
        """The period, None where none is named; raises ``InputError`` for what is none."""
        if self.period and (self.first_day or self.last_day):
            raise InputError("Give either PERIOD, or FIRST_DAY and LAST_DAY.")
        if self.period:
            return named_span(self.period)
        if self.first_day or self.last_day:
            return span_of_days(self.first_day, self.last_day)
        return None


@dataclass(frozen=True)
class BandHistory:
    """All coefficients (n,) of a band up to the end of the period, and their models (None where
    there are too few).
    """

    band: str
    wavelength_nm: float
    time: TimeArray
    values: FloatArray
    choice: TrendChoice | None


@dataclass(frozen=True)
class Chain:
    """A run in the report: ``bands`` of all sites, ``sites`` one by one (where there are several),
    ``histories``, and the rows of the period; ``doubts``: about bands, see ``doubts.doubt``.
    """

    source: RunCoefficients
    bands: tuple[BandPeriod, ...]
    sites: tuple[BandPeriod, ...]
    histories: tuple[BandHistory, ...]
    used: Table
    doubts: Mapping[str, str] = field(default_factory=dict)

    @property
    def run(self) -> Run:
        """The run without its rows."""
        return self.source.run

    @property
    def counted(self) -> str:
        """What a coefficient is made of: pairs, or single measurements without a reference."""
        return "pairs" if self.run.reference else "measurements"

    @property
    def systematic(self) -> bool:
        """Whether the run has a budget with a systematic part."""
        return self.source.systematic

    def uncertainty(self, one: BandPeriod) -> float:
        """Combined standard uncertainty of a mean, percent: systematic parts of the budget of the
        run (where it has one, see ``systematic``), and the standard error of the period.
        """
        given = self.source.contributions
        chosen = (given["band"] == one.band) & (given["kind"] == "systematic")
        systematic = np.sqrt(np.nansum(given.floats("value_percent")[chosen] ** 2))
        return float(np.hypot(100.0 * one.now.sem / one.now.mean, systematic))

    def half(self, one: BandPeriod) -> float:
        """Half the width of the interval of a mean A_k (k = 2); NaN where it is not known."""
        return 2.0 * self.uncertainty(one) / 100.0 * one.now.mean


@dataclass(frozen=True)
class PeriodReport:
    """What is reported; ``digest``: SHA-256 of the coefficients that were used, by run; ``passed``:
    runs of the same sensor, reference and method that were not taken; ``saturated``: sentences.
    """

    span: Span
    request: ReportRequest
    chains: tuple[Chain, ...]
    digest: Mapping[int, str]
    notes: tuple[str, ...]
    passed: tuple[Run, ...] = ()
    saturated: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Coefficients of the period."""
        return sum(len(chain.used) for chain in self.chains)


def gather(db: Database, request: ReportRequest, progress: Progress | None = None) -> PeriodReport:
    """Load and sum up.

    Raises ``InputError`` for runs, sensors, sites or periods that are not there,
    ``InsufficientDataError`` where the period holds no coefficient.
    """
    progress = progress or Silent()
    span = request.span()
    runs = _runs(db, request)
    sources = []
    for number, run in enumerate(runs):
        check(progress)
        sources.append(_of_sites(load_coefficients(db, run.id), request.sites))
        progress.report(0.3 * (number + 1) / len(runs))
    _check_sites(db, sources, request.sites)
    span = span or half_year_of(max(_last(one) for one in sources))
    passed = passed_over(db, runs, request.passed)
    notes = [passed_note(one, passed) for one in runs if others(one, passed)]
    chains, more = _chains(sources, span, site_types(db), progress)
    notes += more
    if not chains:
        known = coefficient_times([one.rows["time"] for one in sources])
        raise InsufficientDataError(
            f"There is no coefficient in {span.name}. {' '.join(notes)} {known} "
            "Choose another period, or calibrate first."
        )
    days = (request.first_day, request.last_day)
    found = ReportRequest(
        "" if any(days) else span.name, *days, request.sensors, request.sites,
        [one.id for one in runs], [one.id for one in passed],
    )  # fmt: skip
    digests = {one.run.id: _digest(one) for one in chains}
    dark = {
        sensor: saturated(db, sensor, span, request.sites)
        for sensor in dict.fromkeys(chain.run.sensor for chain in chains)
    }
    told = (saturated_words(sensor, *counts) for sensor, counts in dark.items())
    doubted = [
        replace(one, doubts=period_doubts(one.bands, *dark[one.run.sensor])) for one in chains
    ]
    return PeriodReport(
        span, found, _judged(doubted), digests, tuple(notes), passed,
        tuple(one for one in told if one),
    )  # fmt: skip


def _chains(
    sources: Sequence[RunCoefficients], span: Span, types: Mapping[str, str], progress: Progress
) -> tuple[list[Chain], list[str]]:
    """The runs with coefficients in the period, summed up; what is to be said of all of them."""
    chains: list[Chain] = []
    notes: list[str] = []
    told: dict[str, list[int]] = {}
    for number, source in enumerate(sources):
        begin, end = (0.3 + 0.7 * place / len(sources) for place in (number, number + 1))
        chain, run = _chain(source, span, Part(progress, begin, end)), source.run
        if not len(chain.used):
            notes.append(
                f"{run.sensor} against {run.reference} ({run.method}, run {run.id}) has no "
                f"coefficient in {span.name}."
            )
            continue
        chains.append(chain)
        mixed = mixed_note(source.rows["site"].tolist(), types)
        for note in (*run.notes, *((mixed,) if mixed else ())):
            told.setdefault(note, []).append(run.id)
    return chains, notes + [_of_runs(ids, note) for note, ids in told.items()]


def _of_runs(ids: Sequence[int], note: str) -> str:
    """What several runs told, said once."""
    names = ", ".join(str(one) for one in sorted(ids))
    return f"{'Run' if len(ids) == 1 else 'Runs'} {names}: {note}"


def _judged(chains: Sequence[Chain]) -> tuple[Chain, ...]:
    """The same with changes judged by how many bands, and bands of sites, there are in all."""
    bands = iter(judged([one for chain in chains for one in chain.bands]))
    sites = iter(judged([one for chain in chains for one in chain.sites]))
    return tuple(
        replace(
            chain, bands=tuple(next(bands) for _ in chain.bands),
            sites=tuple(next(sites) for _ in chain.sites),
        )
        for chain in chains
    )  # fmt: skip


def _runs(db: Database, request: ReportRequest) -> tuple[Run, ...]:
    runs = calibration_runs(db, request.sensors, numbers=request.runs)
    last = {one.id if request.runs else (one.sensor, one.reference, one.method): one
            for one in runs}  # fmt: skip
    if not last:
        raise InsufficientDataError(
            f"The database {db.name} has no run with coefficients. Run a calibration first, and "
            "keep its run."
        )
    return tuple(sorted(last.values(), key=lambda one: (one.sensor, one.method, one.id)))


def _of_sites(source: RunCoefficients, sites: Sequence[str]) -> RunCoefficients:
    rows = source.main()
    keep = (rows["flag"] == ACCEPTED) & np.isfinite(rows["a_k"])
    if sites:
        keep &= np.isin(rows["site"].astype(str), list(sites))
    return RunCoefficients(
        source.run, rows.select(keep), source.contributions, source.wavelengths_nm
    )


def _check_sites(db: Database, sources: Sequence[RunCoefficients], sites: Sequence[str]) -> None:
    known = db.ids("sites")
    unknown = [name for name in sites if name not in known]
    if unknown:
        raise InputError(
            f"The database {db.name} has no site {', '.join(unknown)}. There are: "
            f"{', '.join(sorted(known)) or 'none'}."
        )
    if not any(len(one.rows) for one in sources):
        where = f" over {', '.join(sites)}" if sites else ""
        raise InsufficientDataError(f"The runs hold no accepted coefficient{where}.")


def _last(source: RunCoefficients) -> np.datetime64:
    times = source.rows["time"]
    return times.max() if len(times) else np.datetime64("0001-01-01", "ms")


def _chain(source: RunCoefficients, span: Span, progress: Progress) -> Chain:
    rows = source.rows
    sites = sorted(set(rows["site"].tolist()))
    bands, by_site, histories = [], [], []
    order = sorted(source.bands, key=lambda band: source.wavelengths_nm[band])
    for number, band in enumerate(order):
        check(progress)
        own = rows.select(rows["band"] == band)
        history = _history(source, band, own, span)
        steady = _noise(history)
        bands.append(_summed(source, band, "", own, span, steady))
        if len(sites) > 1:
            by_site += [
                _summed(source, band, site, own.select(own["site"] == site), span, steady)
                for site in sites
            ]
        histories.append(history)
        progress.report((number + 1) / len(order))
    used = rows.select(span.holds(rows["time"]))
    return Chain(source, tuple(bands), tuple(by_site), tuple(histories), used)


def _summed(
    source: RunCoefficients, band: str, site: str, own: Table, span: Span, steady: Noise | None
) -> BandPeriod:
    """Means with the errors that ``cross_summaries`` states of them: by the noise of the whole
    series, whose season is in it; the change since the same months of another year, which is free
    of the season, by the ``steady`` noise.
    """
    time, values = own["time"], own["a_k"]
    inside = (span.holds(time), span.holds_before(time), span.holds_year_before(time))
    noise = noise_of(time, values)

    def means(which: Noise | None) -> list[Summary]:
        return [
            summarize(time[chosen], values[chosen], noise=which, trended=False) for chosen in inside
        ]

    now, before, year_before = means(noise)
    wavelength = source.wavelengths_nm[band]
    found = BandPeriod(band, wavelength, site, now, before, year_before)
    if steady is None or not year_before.count:
        return found
    this, _, then = means(steady)
    return replace(found, same_months=Change(this, then))


def _history(source: RunCoefficients, band: str, own: Table, span: Span) -> BandHistory:
    own = own.select(own["time"] < span.end)
    choice = None
    if len(own) >= MIN_TREND and np.ptp(own["time"]) > np.timedelta64(180, "D"):
        beside = terms(own["time"], own["site"], offsets=True, season=False)
        choice = fit_trends(own["time"], own["a_k"], terms=beside)
    values = own["a_k"] if choice is None else own["a_k"] - beside.columns @ choice.best.sizes
    return BandHistory(band, source.wavelengths_nm[band], own["time"], values, choice)


def _noise(history: BandHistory) -> Noise | None:
    """The noise about the model of a band, its levels of sites and a season: none of these makes
    the coefficients of one period worse to compare with those of the same months of another year.
    """
    if history.choice is None:
        return None
    rest = history.values - history.choice.best.at(history.time)[0]
    if np.ptp(history.time) >= LEAST_YEARS * YEAR_DAYS * np.timedelta64(1, "D"):
        columns = np.column_stack([np.ones(len(rest)), wave(history.time)])
        rest = rest - columns @ np.linalg.lstsq(columns, rest, rcond=None)[0]
    return noise_of(history.time, rest)


def _digest(chain: Chain) -> str:
    rows = chain.source.rows
    found = hashlib.sha256(chain.run.method.encode())
    for key in ("band", "site", "time", "a_k"):
        values = rows[key]
        plain = values.dtype.kind != "O"
        found.update(
            np.ascontiguousarray(values).tobytes() if plain else "\n".join(values).encode()
        )
    return found.hexdigest()
