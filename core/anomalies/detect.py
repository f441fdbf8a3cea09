# SPDX-License-Identifier: GPL-3.0-or-later
"""Anomalies of single dates in the series of one site."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..errors import InputError
from ..progress import Progress, Silent, check
from ..series.duplicates import repeat_note, repeated
from ..series.types import TimeSeries, is_clear
from ..types import AnyArray, BoolArray, FloatArray, TimeArray
from .harmonics import MAX_HARMONICS, design, harmonics_for, years
from .labels import NONE, UNITS
from .law_chance import chance, follows_laws
from .naming import label_dates
from .opinions import OPINIONS
from .robust import SCALE_FLOOR, FitSettings
from .scores import FEWEST_CLEAR, MAX_LEVERAGE, Scores, fewest_clear, prior_correlation, score
from .small_samples import calibrated

SYMMETRIC, LOWER = "symmetric", "lower"
CONSTANT = "constant"
ROBUST = "robust"
# Why a date was not tested, for people.
REASONS = {
    "tested": "",
    "masked": "masked; scored, but neither used for the model nor reported",
    "no_value": "no band has a value",
    "duplicate": "the same time and the same values as another observation",
    "leverage": "the model hangs on this date alone (leverage above 0.5)",
    "too_few": f"fewer than {FEWEST_CLEAR} clear observations, or too few for bands or scale",
    CONSTANT: "the clear values are all the same: there is no noise to judge a date by",
}
_MOST_REFLECTANCE = 2.0


@dataclass(frozen=True)
class DetectionSettings:
    """How anomalies are sought.

    ``harmonics`` 0 to 3 (None: by the number of clear dates). ``threshold``: p-value (0 to 1) below
    which a date is an anomaly. ``methods``: ``robust`` is the joint score, which always runs; the
    others of ``OPINIONS`` are second opinions. ``scale``: ``symmetric``, or ``lower`` for masks
    that let a third of the clouds or more through; it asks for many more clear dates
    (``fewest_clear``), and tests none where there are fewer.
    """

    harmonics: int | None = None
    threshold: float = 0.001
    methods: tuple[str, ...] = (ROBUST, "hampel", "tmask")
    scale: str = SYMMETRIC

    def __post_init__(self) -> None:
        if self.harmonics is not None and self.harmonics not in range(MAX_HARMONICS + 1):
            raise InputError(f"HARMONICS must be 0 to {MAX_HARMONICS}, not {self.harmonics}.")
        if not 0.0 < self.threshold < 1.0:
            raise InputError(f"THRESHOLD is a p-value between 0 and 1, not {self.threshold}.")
        unknown = set(self.methods) - {ROBUST, *OPINIONS}
        if unknown:
            raise InputError(
                f"Unknown method: {', '.join(sorted(unknown))}. "
                f"There are: {', '.join((ROBUST, *OPINIONS))}."
            )
        if self.scale not in (SYMMETRIC, LOWER):
            raise InputError(f"The scale is '{SYMMETRIC}' or '{LOWER}', not '{self.scale}'.")


@dataclass(frozen=True)
class Detection:
    """What was found in the series of a site: n dates in the order of the series, k bands.

    ``expected``, ``residual`` (reflectance) and ``z`` (n, k) are NaN where unknown. ``score`` (n,)
    is the squared whitened distance of all bands together, made right for few dates (see
    ``small_samples``); ``p_value`` (n,) the chance that a good date is as odd, by it and by the
    laws of known anomalies (``law_chance``). ``status`` (n,) is ``tested`` or why not
    (``REASONS``). ``flagged`` (n,): tested, and below the threshold;
    those have a ``type`` (else ``none``), an ``amplitude`` in ``unit`` (reflectance, percent, days)
    and a ``confidence`` (0 to 1). ``opinions``: flags (n,) of the second opinions; ``agreement``
    (n,): how many methods, the joint score included, find the date odd. ``kept`` (n,): in the fit.
    ``noise`` (k,) reflectance; ``correlation`` (k, k); ``coefficients`` (p, k).
    ``false_alarm_expected`` is the threshold times the dates tested. ``notes`` are sentences.
    """

    site: str
    times: TimeArray
    bands: tuple[str, ...]
    settings: DetectionSettings
    expected: FloatArray
    residual: FloatArray
    z: FloatArray
    score: FloatArray
    p_value: FloatArray
    leverage: FloatArray
    status: AnyArray
    flagged: BoolArray
    type: AnyArray
    amplitude: FloatArray
    unit: AnyArray
    confidence: FloatArray
    opinions: dict[str, BoolArray]
    agreement: AnyArray
    kept: BoolArray
    harmonics: int
    noise: FloatArray
    correlation: FloatArray
    coefficients: FloatArray
    false_alarm_expected: float
    notes: tuple[str, ...] = field(default=())

    @property
    def tested(self) -> BoolArray:
        """Which dates (n,) were tested."""
        return np.asarray(self.status == "tested")


def detect(
    series: TimeSeries,
    settings: DetectionSettings | None = None,
    progress: Progress | None = None,
) -> Detection:
    """Find the dates of a site that are off its seasonal model, and name what they are.

    Dates need not be in order, and may occur twice. Masked dates are scored but never used in the
    fit. A series with fewer clear dates than ``fewest_clear`` gives a result without tests, and a
    note. Raises ``InputError`` for times that are missing and for values that are no reflectance.
    """
    settings, progress = settings or DetectionSettings(), progress or Silent()
    values = np.where(np.isfinite(series.values), series.values, np.nan).astype(np.float64)
    _check_input(series, values)
    double = repeated(series.times, values, ~is_clear(series.mask_state))
    seen = np.isfinite(values).any(axis=1)
    clear = is_clear(series.mask_state) & seen & ~double
    harmonics = settings.harmonics
    if harmonics is None:
        harmonics = harmonics_for(int(clear.sum()))
    check(progress)
    t = years(series.times)
    fit = FitSettings(lower=settings.scale == LOWER)
    prior = prior_correlation(series.wavelengths_nm)
    scores = score(design(t, harmonics), values, clear, prior, fit)
    check(progress)
    progress.report(0.5, "Naming anomalies")
    fewest = fewest_clear(int(np.isfinite(scores.noise).sum()), fit.lower)
    enough = bool(clear.sum() >= fewest)
    constant = enough and bool(_still(values[clear])[np.isfinite(scores.noise)].all())
    status = _status(series, scores, seen, double, enough, constant)
    tested = status == "tested"
    p_value = np.full(len(series), np.nan)
    if enough and not constant:
        laws = follows_laws(scores, series.wavelengths_nm)
        scores = calibrated(scores, clear, prior, settings.threshold, laws, fit.lower)
        p_value = chance(scores, series.wavelengths_nm)
    flagged = tested & (p_value < settings.threshold)
    opinions = _opinions(settings, t, values, clear, series.wavelengths_nm)
    with np.errstate(invalid="ignore"):
        agreement = np.sum([p_value < settings.threshold, *opinions.values()], axis=0)
    notes = _notes(series, values, double, clear, scores, fewest)
    if enough:
        notes += _still_notes(series, values[scores.kept], constant)
    progress.report(1.0)
    return Detection(
        series.site, series.times, series.bands, settings,
        scores.expected, scores.residual, scores.z, scores.distance, p_value, scores.leverage,
        status, flagged,
        *_label(scores, flagged, series.wavelengths_nm, t, harmonics),
        opinions, agreement, scores.kept, harmonics,
        scores.noise, scores.correlation, scores.coefficients,
        settings.threshold * float(tested.sum()), notes,
    )  # fmt: skip


def _label(
    scores: Scores, flagged: BoolArray, nm: FloatArray, t: FloatArray, harmonics: int
) -> tuple[AnyArray, FloatArray, AnyArray, FloatArray]:
    count = len(flagged)
    kind = np.full(count, NONE, dtype=object)
    unit = np.full(count, "", dtype=object)
    amplitude, confidence = np.full(count, np.nan), np.full(count, np.nan)
    if flagged.any():
        found, (index,) = label_dates(scores, flagged, nm, t, harmonics)
        kind[index], amplitude[index] = found.type, found.amplitude
        confidence[index] = found.confidence
        unit[index] = [UNITS.get(name, "reflectance") for name in found.type]
    return kind, amplitude, unit, confidence


def _check_input(series: TimeSeries, values: FloatArray) -> None:
    if not series.bands:
        raise InputError(f"'{series.site}' has no bands. Give it a column of reflectance.")
    if np.isnat(series.times).any():
        raise InputError(
            f"'{series.site}' has observations without a time. Remove them or give them their time."
        )
    finite = np.abs(values[np.isfinite(values)])
    if finite.size and np.median(finite) > _MOST_REFLECTANCE:
        raise InputError(
            f"The values of '{series.site}' are no reflectance (median {np.median(finite):.4g}). "
            "Divide them by their scale, for example 10000, first."
        )


def _still(values: FloatArray) -> BoolArray:
    """Which bands of ``values`` (n, k) are the same on all dates that have them."""
    low = np.where(np.isfinite(values), values, np.inf).min(axis=0, initial=np.inf)
    high = np.where(np.isfinite(values), values, -np.inf).max(axis=0, initial=-np.inf)
    return np.asarray(low == high)


def _still_notes(series: TimeSeries, kept: FloatArray, constant: bool) -> tuple[str, ...]:
    """What to say of bands that do not vary on the dates that are in order."""
    names = [
        name for name, still in zip(series.bands, _still(kept), strict=True) if still
    ]  # fmt: skip
    if constant:
        return (
            f"'{series.site}': the clear values never change, so that there is no noise to judge a "
            "date by; no date was tested. Check that the right columns were read.",
        )
    if names:
        return (
            f"'{series.site}': the values of {', '.join(names)} do not change on the dates in "
            f"order; their noise is unknown and was taken as {SCALE_FLOOR:g} (reflectance).",
        )
    return ()


def _status(
    series: TimeSeries,
    scores: Scores,
    seen: BoolArray,
    double: BoolArray,
    enough: bool,
    constant: bool,
) -> AnyArray:
    status = np.full(len(series), "tested", dtype=object)
    with np.errstate(invalid="ignore"):
        status[scores.leverage > MAX_LEVERAGE] = "leverage"
    if constant:
        status[:] = CONSTANT
    status[~np.isfinite(scores.p_value) | (not enough)] = "too_few"
    status[~is_clear(series.mask_state)] = "masked"
    status[~seen] = "no_value"
    status[double] = "duplicate"
    return status


def _opinions(
    settings: DetectionSettings, t: FloatArray, values: FloatArray, clear: BoolArray, nm: FloatArray
) -> dict[str, BoolArray]:
    order = np.argsort(t, kind="stable")
    found = {}
    for name in settings.methods:
        if name != ROBUST:
            flags = np.zeros(len(t), bool)
            if clear.any():
                flags[order] = OPINIONS[name](t[order], values[order], clear[order], nm)
            found[name] = flags
    return found


def _observations(count: int) -> str:
    return f"{count} clear observation{'s are' if count != 1 else ' is'}"


def _notes(
    series: TimeSeries,
    values: FloatArray,
    double: BoolArray,
    clear: BoolArray,
    scores: Scores,
    fewest: int,
) -> tuple[str, ...]:
    site, count = series.site, int(clear.sum())
    empty = [
        name for name, column in zip(series.bands, values.T, strict=True)
        if not np.isfinite(column).any()
    ]  # fmt: skip
    mute = [
        name for name, noise in zip(series.bands, scores.noise, strict=True)
        if not np.isfinite(noise) and name not in empty
    ]  # fmt: skip
    lower = " with the lower scale (the symmetric one needs fewer)" * (fewest > FEWEST_CLEAR)
    infinite = int(np.isinf(series.values).sum())
    notes = {
        f"'{site}': the dates were not in order; they were sorted for the second opinions.": bool(
            (np.diff(series.times) < np.timedelta64(0)).any()
        ),
        repeat_note(site, int(double.sum())): double.any(),
        f"'{site}': {series.unmasked_count} observations have no mask; they were used as if they "
        "were clear.": series.unmasked_count > 0,
        f"'{site}': {infinite} infinite values were taken for gaps.": infinite > 0,
        f"'{site}': no values in {', '.join(empty)}.": bool(empty),
        f"'{site}': too few clear values in {', '.join(mute)}.": bool(mute),
        f"'{site}': {_observations(count)} too few; {fewest} are needed"
        f"{lower}, and no date was tested.": count < fewest,
    }
    return tuple(text for text, true in notes.items() if true)
