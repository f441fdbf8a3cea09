# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report on a period needs, out of the runs in the database: coefficients of the period by
band and site, those of the period before, trends, budgets, and the measurements behind them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..database import Database
from ..database.coefficients import RunCoefficients, calibration_runs, load_coefficients
from ..database.runs import Run
from ..database.schema import ACCEPTED
from ..errors import InputError, InsufficientDataError
from ..progress import Part, Progress, Silent, check
from ..table import Table
from ..types import FloatArray, TimeArray
from ..wording import signed
from .period_runs import others, passed_note, passed_over, saturated_words
from .report_period import Span, half_year_of, named_span, span_of_days
from .summary import MIN_TREND, Summary, inflation, summarize
from .trend_terms import terms
from .trends import TrendChoice, fit_trends

LEAST_USABLE = 5  # pairs in each period


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
class BandPeriod:
    """A band (of one site, or of all where ``site`` is ""): the period and the one before."""

    band: str
    wavelength_nm: float
    site: str
    now: Summary
    before: Summary

    @property
    def change_percent(self) -> float:
        """By how much the mean changed since the period before; NaN where one is missing."""
        return 100.0 * (self.now.mean / self.before.mean - 1.0)

    @property
    def change_error(self) -> float:
        """Its standard error: what is common to both periods cancels."""
        return 100.0 * float(
            np.hypot(self.now.sem / self.now.mean, self.before.sem / self.before.mean)
        )

    @property
    def change_half(self) -> float:
        """Half the width of the 95 % interval of the change: Student's t with the degrees of
        freedom of Welch (1947, 10.1093/biomet/34.1-2.28), since periods hold few coefficients.
        """
        from scipy.stats import t

        if not np.isfinite(self.change_error):
            return float("nan")
        parts = [(one.sem / one.mean) ** 2 for one in (self.now, self.before)]
        counts = (self.now.count, self.before.count)
        spread = sum(part**2 / (count - 1) for part, count in zip(parts, counts, strict=True))
        free = sum(parts) ** 2 / spread if spread > 0.0 else float(sum(counts) - 2)
        return float(t.ppf(0.975, free)) * self.change_error

    @property
    def clear(self) -> bool:
        """Whether the change is beyond its 95 % interval."""
        return bool(abs(self.change_percent) > self.change_half)

    @property
    def usable(self) -> bool:
        """Whether both periods have enough pairs for a change to say anything."""
        return min(self.now.count, self.before.count) >= LEAST_USABLE

    @property
    def weight(self) -> float:
        """How much the change says, to order by: in half widths; below 0 where not usable."""
        known = self.usable and np.isfinite(self.change_half) and self.change_half > 0.0
        return abs(self.change_percent) / self.change_half if known else -1.0

    def words(self, sensor: str) -> str:
        """The change in words, with its sign."""
        change, error = self.change_percent, self.change_half
        if not self.now.count:
            return "no coefficient in the period."
        if not np.isfinite(change):
            return "no coefficient in the period before."
        if not np.isfinite(error):
            said = f"{signed(change)} % since the period before"
            return f"{said}; too few coefficients for its error."
        if not self.usable:
            counts = f"{self.now.count} and {self.before.count}"
            return f"not usable (few pairs: {counts}): {signed(change)} ± {error:.2f} %."
        if not self.clear:
            return f"no change beyond its error: {signed(change)} ± {error:.2f} %."
        way = "more" if change > 0.0 else "less"
        return (
            f"{sensor} measures {abs(change):.2f} ± {error:.2f} % {way} than in the period before."
        )


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
    ``histories``, and the rows of the period.
    """

    source: RunCoefficients
    bands: tuple[BandPeriod, ...]
    sites: tuple[BandPeriod, ...]
    histories: tuple[BandHistory, ...]
    used: Table

    @property
    def run(self) -> Run:
        """The run without its rows."""
        return self.source.run

    def uncertainty(self, one: BandPeriod) -> float:
        """Combined standard uncertainty of a mean, percent: systematic parts of the budget of the
        run, and the standard error of the period.
        """
        given = self.source.contributions
        chosen = (given["band"] == one.band) & (given["kind"] == "systematic")
        systematic = np.sqrt(np.nansum(given.floats("value_percent")[chosen] ** 2))
        return float(np.hypot(100.0 * one.now.sem / one.now.mean, systematic))


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
    chains = []
    for number, source in enumerate(sources):
        part = Part(progress, 0.3 + 0.7 * number / len(runs), 0.3 + 0.7 * (number + 1) / len(runs))
        chain = _chain(source, span, part)
        if len(chain.used):
            chains.append(chain)
        else:
            notes.append(
                f"{source.run.sensor} against {source.run.reference} ({source.run.method}, run "
                f"{source.run.id}) has no coefficient in {span.name}."
            )
    if not chains:
        raise InsufficientDataError(
            f"There is no coefficient in {span.name}. {' '.join(notes)} Choose another period, or "
            "calibrate first."
        )
    days = (request.first_day, request.last_day)
    found = ReportRequest(
        "" if any(days) else span.name, *days, request.sensors, request.sites,
        [one.id for one in runs], [one.id for one in passed],
    )  # fmt: skip
    digests = {one.run.id: _digest(one) for one in chains}
    told = tuple(
        saturated_words(db, sensor, span, request.sites)
        for sensor in dict.fromkeys(chain.run.sensor for chain in chains)
    )
    return PeriodReport(
        span, found, tuple(chains), digests, tuple(notes), passed,
        tuple(one for one in told if one),
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
        bands.append(_summed(source, band, "", own, span))
        if len(sites) > 1:
            by_site += [
                _summed(source, band, site, own.select(own["site"] == site), span) for site in sites
            ]
        histories.append(_history(source, band, own, span))
        progress.report((number + 1) / len(order))
    used = rows.select(span.holds(rows["time"]))
    return Chain(source, tuple(bands), tuple(by_site), tuple(histories), used)


def _summed(source: RunCoefficients, band: str, site: str, own: Table, span: Span) -> BandPeriod:
    order = np.argsort(own["time"], kind="stable")
    values = own["a_k"][order]
    wider = inflation(values - values.mean()) if len(values) else 1.0
    now, before = (
        _few(summarize(own["time"][chosen], own["a_k"][chosen]), wider)
        for chosen in (span.holds(own["time"]), span.holds_before(own["time"]))
    )
    return BandPeriod(band, source.wavelengths_nm[band], site, now, before)


def _few(found: Summary, wider: float) -> Summary:
    """Too few coefficients to tell their autocorrelation: that of the whole series is taken."""
    return found if found.count >= MIN_TREND else replace(found, sem=found.sem * wider)


def _history(source: RunCoefficients, band: str, own: Table, span: Span) -> BandHistory:
    own = own.select(own["time"] < span.end)
    choice = None
    if len(own) >= MIN_TREND and np.ptp(own["time"]) > np.timedelta64(180, "D"):
        beside = terms(own["time"], own["site"], offsets=True, season=False)
        choice = fit_trends(own["time"], own["a_k"], terms=beside)
    values = own["a_k"] if choice is None else own["a_k"] - beside.columns @ choice.best.sizes
    return BandHistory(band, source.wavelengths_nm[band], own["time"], values, choice)


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
