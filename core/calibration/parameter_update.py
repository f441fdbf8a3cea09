# SPDX-License-Identifier: GPL-3.0-or-later
"""A new version of calibration parameters out of the coefficients of a run, and its check on data
that it was not fitted to.

The convention: a parameter is A_k = measured / simulated reflectance of a band while it is valid,
so that **corrected reflectance = measured / A_k**. It replaces the older version, and is not to be
applied on top of it: the coefficients are of the reflectances that the database holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from ..database.coefficients import RunCoefficients
from ..database.schema import ACCEPTED
from ..errors import InputError, InsufficientDataError
from ..progress import Part, Progress, Silent, check
from ..table import Table
from ..times import parse_day
from ..types import AnyArray, BoolArray, FloatArray, TimeArray
from ..wording import signed
from .drift import MIN_TREND
from .parameter_intervals import Validity, drift_note, validities
from .summary import summarize
from .trend_models import ALL_KINDS, PIECEWISE, Kind, Trend, TrendChoice
from .trend_terms import SEASON, Terms, terms
from .trends import LEAST, fit_trends

CONVENTION = (
    "A parameter is A_k = measured / simulated reflectance: corrected reflectance = measured / A_k."
)
_LEAST_CHECKED = 3
_BLOCK = 4  # dates that are held out together: neighbors are alike


class Model(StrEnum):
    """Which models are tried."""

    AUTO = "auto"
    CONSTANT = "constant"
    LINEAR = "linear"
    EXPONENTIAL = "exponential"
    PIECEWISE = "piecewise"


KINDS = {
    Model.AUTO: ALL_KINDS, Model.CONSTANT: (Kind.CONSTANT,), Model.LINEAR: (Kind.LINEAR,),
    Model.EXPONENTIAL: (Kind.EXPONENTIAL,), Model.PIECEWISE: (*PIECEWISE, Kind.CONSTANT),
}  # fmt: skip


@dataclass(frozen=True)
class UpdateSettings:
    """``bands``: empty for all; ``holdout``: share of the dates that the fit does not see, in
    blocks; ``holdout_months``: the last months instead, where above 0; ``valid_from``: ISO date,
    "" for the first date with a coefficient; ``interval_months``: how long one value is valid where
    the model changes all the time; ``site_offsets``: each site has a level of its own, ``season``:
    a wave of one year is fitted besides.
    """

    bands: Sequence[str] = ()
    model: Model = Model.AUTO
    holdout: float = 0.2
    holdout_months: int = 0
    valid_from: str = ""
    interval_months: int = 6
    site_offsets: bool = True
    season: bool = False


@dataclass(frozen=True)
class Check:
    """The version on ``count`` coefficients that it was not fitted to, in percent: mean difference
    from 1 (with its standard error) and scatter, without and with the correction; ``bias_raw``:
    with the correction, and with the season left in (NaN where none was fitted), which a season
    that is wrong cannot make good.
    """

    count: int
    bias_before: float
    bias_before_se: float
    bias_after: float
    bias_after_se: float
    scatter_before: float
    scatter_after: float
    bias_raw: float = float("nan")
    bias_raw_se: float = float("nan")

    @property
    def holds(self) -> bool:
        """Whether what is left is within twice its error, with the season taken off or left in."""
        return bool(abs(self.bias_after) <= 2.0 * self.bias_after_se) and self.raw_holds

    @property
    def raw_holds(self) -> bool:
        """Whether what is left of the coefficients with their season is within twice its error."""
        return not abs(self.bias_raw) > 2.0 * self.bias_raw_se

    def words(self) -> str:
        """What the check says."""
        before, after = (f"{signed(value)} %" for value in (self.bias_before, self.bias_after))
        what = f"{before} before, {after} ± {2.0 * self.bias_after_se:.2f} % after"
        if np.isfinite(self.bias_raw):
            what += (
                f" ({signed(self.bias_raw)} ± {2.0 * self.bias_raw_se:.2f} % with the season left "
                "in)"
            )
        if self.holds:
            return f"The correction holds on data it was not fitted to: {what}."
        if not self.raw_holds:
            return (
                "The correction does not hold on the coefficients as they are, with their season: "
                f"{what}."
            )
        if abs(self.bias_after) < abs(self.bias_before):
            return f"Better, but more is left than its error explains: {what}."
        return f"The correction does not hold on data it was not fitted to: {what}."


@dataclass(frozen=True)
class BandUpdate:
    """The proposal for a band: accepted coefficients ``values`` (n,) at ``time`` (n,), less what
    the best model has beside its trend (levels of sites, season), which of them were ``held`` out
    (n,), the models, the values with their validity, the check (None where too little was held
    out). Where sites have levels, those whose coefficients are all held out are not among them.
    """

    band: str
    wavelength_nm: float
    time: TimeArray
    values: FloatArray
    held: BoolArray
    choice: TrendChoice
    validities: tuple[Validity, ...]
    check: Check | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Update:
    """The proposal for a sensor; ``source``: the run whose coefficients it is made of."""

    source: RunCoefficients
    settings: UpdateSettings
    bands: tuple[BandUpdate, ...]
    notes: tuple[str, ...]


def propose(
    source: RunCoefficients, settings: UpdateSettings, progress: Progress | None = None
) -> Update:
    """Fit, and make a version of parameters of it.

    Raises ``InputError`` for bands that the run does not have or a day that is none,
    ``InsufficientDataError`` where no band has enough coefficients.
    """
    start = parse_day(settings.valid_from, "VALID_FROM") if settings.valid_from else None
    unknown = [band for band in settings.bands if band not in source.bands]
    if unknown:
        raise InputError(
            f"Run {source.run.id} has no coefficients of {source.run.sensor} in the band "
            f"{', '.join(unknown)}. Its bands are: {', '.join(source.bands)}."
        )
    rows = source.main()
    rows = rows.select((rows["flag"] == ACCEPTED) & np.isfinite(rows["a_k"]))
    held = held_out(rows["time"], settings) if len(rows) else np.zeros(0, dtype=np.bool_)
    found, notes = [], []
    bands = settings.bands or source.bands
    for number, band in enumerate(bands):
        part_of = Part(progress or Silent(), number / len(bands), (number + 1) / len(bands))
        check(part_of)
        chosen = rows["band"] == band
        part = rows.select(chosen)
        try:
            found.append(_band(source, settings, band, part, held[chosen], start))
        except InsufficientDataError as error:
            notes.append(f"Band {band}: {error}")
        part_of.report(1.0)
    if not found:
        raise InsufficientDataError(
            f"Run {source.run.id} has too few coefficients for a new version. {' '.join(notes)}"
        )
    notes += _together(found)
    notes += [f"Run {source.run.id}: {note}" for note in source.run.notes]
    return Update(source, settings, tuple(found), tuple(notes))


def _together(found: Sequence[BandUpdate]) -> list[str]:
    """The notes of all bands, each once, with the bands where it is not for all of them."""
    bands: dict[str, list[str]] = {}
    for one in found:
        for note in one.notes:
            bands.setdefault(note, []).append(one.band)
    return [
        note if len(where) == len(found) else f"Band {', '.join(where)}: {note}"
        for note, where in bands.items()
    ]


def held_out(time: TimeArray, settings: UpdateSettings) -> BoolArray:
    """Which rows (n,) the fit does not see: the last months, or blocks of neighboring dates spread
    evenly over the series; all bands and sites of a date go together.
    """
    if settings.holdout_months > 0:
        last = time.max()
        month = last.astype("datetime64[M]")
        begin = (month - settings.holdout_months).astype("datetime64[ms]") + (last - month)
        return np.asarray(time > begin)
    if settings.holdout <= 0.0:
        return np.zeros(len(time), dtype=np.bool_)
    days, number = np.unique(time.astype("datetime64[D]"), return_inverse=True)
    block = np.arange(len(days)) // _BLOCK
    # The share is passed evenly: block n is held out where the running sum crosses a whole number.
    passed = np.floor((block + 1) * settings.holdout + 0.5) - np.floor(
        block * settings.holdout + 0.5
    )
    return np.asarray((passed > 0.0)[number])


def _band(
    source: RunCoefficients,
    settings: UpdateSettings,
    band: str,
    part: Table,
    held: BoolArray,
    start: np.datetime64 | None,
) -> BandUpdate:
    time, values = part["time"], part["a_k"]
    if (~held).sum() < max(LEAST, MIN_TREND):
        raise InsufficientDataError(
            f"{int((~held).sum())} coefficients are left for the fit, {MIN_TREND} are needed."
        )
    begin = start if start is not None else time.min().astype("datetime64[D]")
    site = part["site"].astype(str)
    notes: tuple[str, ...] = ()
    if settings.site_offsets:
        known, notes = _leveled(site, held)
        time, values, site, held = time[known], values[known], site[known], held[known]
    beside = terms(time, site, settings.site_offsets, settings.season, ~held)
    fitted = beside.select(~held)
    choice = fit_trends(time[~held], values[~held], KINDS[settings.model], terms=fitted)
    raw = _seasonal(values, beside, choice.best)
    values = values - beside.columns @ choice.best.sizes
    systematic = _systematic(source, band)
    valid = validities(choice.best, begin, settings.interval_months, systematic)
    left_in = None if raw is None else raw[held]
    check = _check(time[held], values[held], valid, choice.best, left_in)
    drift = drift_note(choice.best, valid[-1])
    notes = (*beside.notes, *notes, *([drift] if drift else []))
    return BandUpdate(
        band, source.wavelengths_nm[band], time, values, held, choice, valid, check, notes
    )  # fmt: skip


def _seasonal(values: FloatArray, beside: Terms, trend: Trend) -> FloatArray | None:
    """The coefficients (n,) less the levels of sites alone; None where no season was fitted."""
    wave = np.isin(beside.names, SEASON)
    if not wave.any():
        return None
    return np.asarray(values - beside.columns[:, ~wave] @ trend.sizes[~wave])


def _leveled(site: AnyArray, held: BoolArray) -> tuple[BoolArray, tuple[str, ...]]:
    """The rows (n,) of sites that the fit sees, and a note about the others: all of theirs are held
    out, so that nothing says what their level is.
    """
    known = np.isin(site, site[~held])
    unseen = np.unique(site[~known])
    if not len(unseen):
        return known, ()
    return known, (
        f"All coefficients of {', '.join(unseen)} are held out: the level there is not known to "
        "the fit, and they are left out of the check.",
    )


def _systematic(source: RunCoefficients, band: str) -> float:
    """The systematic part of the uncertainty of a band, relative; 0 without a budget."""
    given = source.contributions
    chosen = (given["band"] == band) & (given["kind"] == "systematic")
    sizes = given.floats("value_percent")[chosen]
    return float(np.sqrt(np.nansum(sizes**2))) / 100.0


def _check(
    time: TimeArray,
    values: FloatArray,
    valid: Sequence[Validity],
    trend: Trend,
    left_in: FloatArray | None = None,
) -> Check | None:
    """By the values that would be valid then, not by the curve: that is what users apply;
    ``left_in`` (n,): the coefficients with their season.
    """
    gains = gains_at(valid, time)
    known = np.isfinite(gains)
    if known.sum() < _LEAST_CHECKED:
        return None
    time, values, gains = time[known], values[known], gains[known]
    before, after = summarize(time, values), summarize(time, values / gains)
    model = float(np.mean(trend.at(time)[1] / gains))
    found = Check(
        len(values), 100.0 * (before.mean - 1.0), 100.0 * before.sem, 100.0 * (after.mean - 1.0),
        100.0 * float(np.hypot(after.sem, model)), 100.0 * before.sd / before.mean,
        100.0 * after.sd / after.mean,
    )  # fmt: skip
    if left_in is None:
        return found
    raw = summarize(time, left_in[known] / gains)
    error = 100.0 * float(np.hypot(raw.sem, model))
    return replace(found, bias_raw=100.0 * (raw.mean - 1.0), bias_raw_se=error)


def gains_at(valid: Sequence[Validity], time: TimeArray) -> FloatArray:
    """The value valid at each time (n,), NaN where there is none."""
    found = np.full(len(time), np.nan)
    for one in valid:
        inside = time >= one.begin
        if not np.isnat(one.end):
            inside &= time < one.end
        found[inside] = one.value
    return found


def parameter_rows(update: Update, name: str) -> Table:
    """The proposal as rows of ``database.parameters.ParameterVersion``."""
    rows = [(one, valid) for one in update.bands for valid in one.validities]
    texts = np.empty((2, len(rows)), dtype=object)
    texts[0] = [one.band for one, _ in rows]
    texts[1] = name
    return Table({
        "band": texts[0], "name": texts[1],
        "value": np.array([valid.value for _, valid in rows]),
        "uncertainty": np.array([valid.uncertainty for _, valid in rows]),
        "valid_from": np.array([valid.begin for _, valid in rows], dtype="datetime64[ms]"),
        "valid_to": np.array([valid.end for _, valid in rows], dtype="datetime64[ms]"),
    }, "parameters")  # fmt: skip
