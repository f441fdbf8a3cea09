# SPDX-License-Identifier: GPL-3.0-or-later
"""Two sensors against each other: directly, band by band, and through a third one.

- ``SAME_BAND``: ratio of what both measured in bands of one name, for pairs of alike geometry: for
  twins and for versions of one sensor, whose bands and air are the same.
- ``CROSS``: the coefficient of one against the other with atmosphere and spectral responses.
- ``DOUBLE_RATIO``: the ratio of their coefficients against a third sensor; what is wrong with that
  one cancels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from ..errors import InputError, InsufficientDataError
from ..progress import Part, Progress, Silent
from ..table import Table, from_rows
from .cross_run import interpolation_note, one_sided_note, restless_bands
from .desert import Calibration, Settings, calibrate, match_sites
from .outliers import clipped_in_time
from .ratios import Ratio, Way, disagreement
from .screening import reasons
from .spectral import Spectrum
from .summary import Summary, summarize
from .transfer import Side

# Centers of bands that may be compared as they are, by their wavelength: those of twins differ by
# up to 0.8 % (the longest band of Sentinel-2A and 2B), those of different instruments by more.
_SAME_CENTER = 0.01
# Of coefficients, from which the spectrum of the ground is taken off: a neighbor will do.
_NEAR_CENTER = 0.03


@dataclass(frozen=True)
class Comparison:
    """All ratios of ``first`` by ``second``, and why a way could not be gone."""

    first: str
    second: str
    third: str
    ratios: tuple[Ratio, ...]
    notes: tuple[str, ...]

    def of(self, way: Way) -> tuple[Ratio, ...]:
        """The ratios of one way, by wavelength."""
        found = (one for one in self.ratios if one.way is way)
        return tuple(sorted(found, key=lambda one: one.wavelength_nm))

    @property
    def levels(self) -> dict[str, dict[str, float]]:
        """What each ratio is said to be (``Ratio.level``), by way and band."""
        return {way.value: {one.band: one.level for one in self.of(way)} for way in Way}


def compare(
    first: Side,
    second: Side,
    settings: Settings,
    third: Side | None = None,
    spectra: Mapping[str, Spectrum] | None = None,
    progress: Progress | None = None,
    told: Sequence[str] = (),
    third_bands: Sequence[str] = (),
) -> Comparison:
    """Compare two sensors in all ways that their data allow; ``third_bands``: those of the third
    that its spectrum passes through (empty: all that can be).

    A way without pairs or tables leaves a note beside those already ``told``. Raises
    ``InsufficientDataError`` where none is left, with the reasons.
    """
    progress = progress or Silent()
    ratios: list[Ratio] = []
    notes: list[str] = list(told)
    ways: list[tuple[Way, Callable[[], list[Ratio]]]] = [
        (Way.SAME_BAND, partial(same_band, first, second, settings, notes)),
        (
            Way.CROSS,
            partial(cross, first, second, settings, spectra, Part(progress, 0.1, 0.4), notes),
        ),
    ]
    if third is not None:
        part = Part(progress, 0.4, 1.0)
        own = replace(settings, reference_bands=tuple(third_bands))
        made_of = partial(double_ratio, first, second, third, own, spectra, part, notes)
        ways.append((Way.DOUBLE_RATIO, made_of))
    for way, made in ways:
        try:
            ratios += made()
        except (InputError, InsufficientDataError) as error:
            said = _of_third(str(error)) if way is Way.DOUBLE_RATIO else error
            notes.append(f"{way}: {said}")
    if not ratios:
        raise InsufficientDataError(" ".join(notes))
    notes += disagreement(ratios)
    names = [one.measurements.sensor.name for one in (first, second)]
    versions = [_versions(one) for one in (first, second)]
    if names[0] == names[1]:
        names = [f"{name} {version}" for name, version in zip(names, versions, strict=True)]
    other = third.measurements.sensor.name if third is not None else ""
    return Comparison(names[0], names[1], other, tuple(ratios), tuple(dict.fromkeys(notes)))


def same_band(
    first: Side, second: Side, settings: Settings, notes: list[str] | None = None
) -> list[Ratio]:
    """Ratios of reflectance in bands of the same name and center; errors as ``compare``.

    Bands of one name whose centers differ by more than 1 % see different things: they are left
    out, and told of in ``notes``. An unknown center is taken for the same.
    """
    names = [side.measurements.sensor.band_names for side in (first, second)]
    shared = [band for band in names[0] if band in names[1]]
    if settings.bands:
        shared = [band for band in shared if band in settings.bands]
    if not shared:
        raise InputError("The two sensors have no band of the same name.")
    if other := {band: said for band in shared if (said := _center(first, second, band))}:
        told = (
            "bands of one name whose wavelengths differ by more than "
            f"{100.0 * _SAME_CENTER:g} % are not compared as they are: {', '.join(other.values())}."
        )
        shared = [band for band in shared if band not in other]
        if not shared:
            raise InputError(told[0].upper() + told[1:])
        if notes is not None:
            notes.append(f"{Way.SAME_BAND}: {told}")
    columns = tuple(np.array([name.index(band) for band in shared]) for name in names)
    unused = tuple(
        reasons(side.measurements, own, settings.screening, 0.5)
        for side, own in zip((first, second), columns, strict=True)
    )
    pairs = match_sites(first, second, (columns[0], columns[1]), (unused[0], unused[1]),
                        settings.limits)  # fmt: skip
    if not len(pairs):
        raise InsufficientDataError("No observations of the two sensors form a pair.")
    one = first.measurements["mean"][pairs.target][:, columns[0]]
    theirs = second.measurements["mean"][pairs.reference][:, columns[1]]
    time = first.measurements.time[pairs.target]
    sites = first.measurements["site"][pairs.target]
    found = []
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = one / theirs
    for number, band in enumerate(shared):
        keep = clipped_in_time(time, quotient[:, number], sites, settings.clip_sigmas)
        if keep.any():
            at = float(first.bands[columns[0][number]].effective_nm)
            summary = summarize(time[keep], quotient[keep, number], sites[keep])
            found.append(_ratio(Way.SAME_BAND, band, at, summary))
    return found


def cross(
    first: Side,
    second: Side,
    settings: Settings,
    spectra: Mapping[str, Spectrum] | None = None,
    progress: Progress | None = None,
    notes: list[str] | None = None,
) -> list[Ratio]:
    """Coefficients of the first sensor with the second as reference; errors as ``calibrate``."""
    result = calibrate(first, second, settings, spectra, progress)
    if notes is not None:
        notes += [f"{Way.CROSS}: {note}" for note in (
            *restless_bands(result), *one_sided_note(result), *interpolation_note(result),
        )]  # fmt: skip
    found = []
    for band, (summary, wavelength) in _summaries(result).items():
        if summary.count:
            found.append(_ratio(Way.CROSS, band, wavelength, summary))
    return found


def double_ratio(
    first: Side,
    second: Side,
    third: Side,
    settings: Settings,
    spectra: Mapping[str, Spectrum] | None = None,
    progress: Progress | None = None,
    notes: list[str] | None = None,
) -> list[Ratio]:
    """Ratios of the coefficients of both against the third, each band with the one of the other
    sensor whose center is nearest, within 3 %: ``notes`` tell those of another name. The
    ``reference_bands`` of the settings are those of the third sensor.
    """
    progress = progress or Silent()
    parts = (Part(progress, 0.0, 0.5), Part(progress, 0.5, 1.0))
    results = [
        calibrate(side, third, replace(settings, bands=bands), spectra, part)
        for side, bands, part in zip(
            (first, second), (settings.bands, _partners(first, second, settings.bands)), parts,
            strict=True,
        )
    ]  # fmt: skip
    if notes is not None:
        restless = restless_bands(results[0])
        notes += [f"{Way.DOUBLE_RATIO}: {_of_third(note)}" for note in restless]
    one, other = (_summaries(result) for result in results)
    found, named = [], []
    for band, (mine, wavelength) in one.items():
        partner = _nearest(wavelength, other)
        if not partner or not mine.count:
            continue
        theirs, center = other[partner]
        if partner != band:
            named.append(f"{band} ({wavelength:.0f} nm) by {partner} ({center:.0f} nm)")
        ratio = mine.mean / theirs.mean
        error = ratio * np.hypot(mine.sem / mine.mean, theirs.sem / theirs.mean)
        scatter = ratio * np.hypot(mine.sd / mine.mean, theirs.sd / theirs.mean)
        slope = mine.slope_pct_per_year - theirs.slope_pct_per_year
        found.append(
            Ratio(
                Way.DOUBLE_RATIO, band, wavelength, ratio, float(error),
                mine.median / theirs.median, float(scatter),
                min(mine.count, theirs.count), slope,
                float(np.hypot(mine.slope_se, theirs.slope_se)),
            )
        )  # fmt: skip
    if not found:
        raise InsufficientDataError(
            "The two sensors have no calibrated bands against the third whose wavelengths agree "
            f"within {100.0 * _NEAR_CENTER:g} %."
        )
    if named and notes is not None:
        notes.append(f"{Way.DOUBLE_RATIO}: bands of different names: {', '.join(named)}.")
    return found


def _of_third(text: str) -> str:
    """What is said of the bands of a reference, for which the third sensor stands."""
    return text.replace("REFERENCE_BANDS", "THIRD_BANDS")


def _center(first: Side, second: Side, band: str) -> str:
    """The two wavelengths of a band in words where they are not the same, "" where they are."""
    own, other = (
        float(side.measurements.sensor.wavelengths_nm[
            side.measurements.sensor.band_names.index(band)])
        for side in (first, second)
    )  # fmt: skip
    apart = abs(own - other) > _SAME_CENTER * min(own, other)
    return f"{band} ({own:.0f} nm and {other:.0f} nm)" if apart else ""


def _partners(first: Side, second: Side, bands: Sequence[str]) -> tuple[str, ...]:
    """The bands of the second sensor that may stand for named ``bands`` of the first: of that name,
    or near in wavelength; empty (all) where none are named or none are near.
    """
    centers = [one.effective_nm for one in first.bands if one.name in bands]
    return tuple(
        one.name for one in second.bands
        if one.name in bands
        or any(abs(one.effective_nm - center) <= _NEAR_CENTER * center for center in centers)
    )  # fmt: skip


def _nearest(wavelength: float, bands: Mapping[str, tuple[Summary, float]]) -> str:
    """The band with values whose center is nearest, "" where none is near."""
    centers = {band: center for band, (summary, center) in bands.items() if summary.count}
    apart = {band: abs(center - wavelength) for band, center in centers.items()}
    best = min(apart, key=lambda band: apart[band], default="")
    return best if best and apart[best] <= _NEAR_CENTER * wavelength else ""


_FIELDS = {
    "method": "text", "band": "text", "wavelength_nm": "float", "ratio": "float",
    "median": "float", "level": "float", "level_standard_error_percent": "float",
    "standard_error_percent": "float", "pair_sd_percent": "float", "pairs": "int",
    "slope_percent_per_year": "float", "slope_standard_error": "float", "words": "text",
}  # fmt: skip


def comparison_table(found: Comparison, name: str = "comparison") -> Table:
    """One row per way and band: mean (``ratio``), ``median``, which of the two it is said to be
    (``level``, see ``Ratio.level``), and what it says in words.
    """
    rows = [
        {
            "method": one.way, "band": one.band, "wavelength_nm": one.wavelength_nm,
            "ratio": one.ratio, "median": one.median, "level": one.level,
            "level_standard_error_percent": 100.0 * one.level_error / one.level,
            "standard_error_percent": 100.0 * one.standard_error / one.ratio,
            "pair_sd_percent": 100.0 * one.pair_sd / one.ratio, "pairs": one.count,
            "slope_percent_per_year": one.slope_pct_per_year,
            "slope_standard_error": one.slope_se, "words": one.words(found.first, found.second),
        }
        for way in Way for one in found.of(way)
    ]  # fmt: skip
    return from_rows(rows, _FIELDS, name)


def _summaries(result: Calibration) -> dict[str, tuple[Summary, float]]:
    seen = result.way.target.measurements.select(result.pairs.target)
    times, sites = seen.time, seen["site"]
    found = {}
    for number, band in enumerate(result.bands):
        kept = result.kept(0, number)
        model = result.way.target.bands[int(result.way.mine[number])]
        summary = summarize(times[kept], result.a_k[0, kept, number], sites[kept])
        found[band] = (summary, model.effective_nm)
    return found


def _ratio(way: Way, band: str, wavelength: float, summary: Summary) -> Ratio:
    return Ratio(
        way, band, wavelength, summary.mean, summary.sem, summary.median, summary.sd,
        summary.count,
        summary.slope_pct_per_year, summary.slope_se,
    )  # fmt: skip


def _versions(side: Side) -> str:
    found: Sequence[str] = sorted(set(side.measurements["version"].astype(str)))
    return ", ".join(found)
