# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on sensitivity in words: its answer, what the ingredients do, limits and sources."""

from __future__ import annotations

import numpy as np

from ..anomalies.ingredients import ALONE, BOTH, JOINT, SHARED, Change, Rule
from ..anomalies.sensitivity import EQUAL_FAR, Cell
from ..anomalies.study import Study
from .anomaly_names import type_name
from .document import Headline
from .numbers import SPACE, format_count, format_counted_share, format_number

REFLECTANCE = ("cloud", "thin_cloud", "aot_under", "aot_over", "offset")
_WHAT = {
    "least_squares": "Without the robust fit (least squares through all clear dates)",
    "any_band": "Without the joint score (the band that is farthest off decides)",
    "not_whitened": "Without whitening (bands taken as independent)",
    "no_laws": "Without the laws of known anomalies (all deviations count alike)",
    "lower_scale": "With the scale from below the model (for bad masks)",
}

LIMITS = (
    "The sites are simulated: means, seasons and noise of a desert, crops, a city and a savanna "
    "are orders of magnitude, and the noise is normal and alike over the year. Real series have "
    "heavier tails and events of the ground: expect more false alarms there.",
    "Anomalies are planted by simple radiative transfer in single pixels; votes over an image, "
    "which tell shadow from gain and AOT from thin cloud, are not part of this study.",
    "Amplitudes of shadow and gain are relative; all others are the largest change over the bands, "
    "in reflectance.",
    "Precision and average precision depend on the share of planted dates.",
)
SOURCES = (
    "Berens 1989, curves of detection: ASM Handbook 17, 689-701",
    "Wilson 1927, interval of a share: DOI 10.1080/01621459.1927.10502953",
    "Coakley & Chylek 1975, two-stream approximation: DOI "
    "10.1175/1520-0469(1975)032<0409:TTSAIR>2.0.CO;2",
    "Tanre et al. 1990, coupling of atmosphere and ground: DOI 10.1080/01431169008955048",
    "Fraser & Kaufman 1985, critical reflectance: DOI 10.1109/TGRS.1985.289380",
    "Rousseeuw & Van Driessen 1999, reweighted robust estimation: DOI "
    "10.1080/00401706.1999.10485670",
    "Kelly 1986, test along a known shape with an estimated covariance: DOI "
    "10.1109/TAES.1986.310745",
    "Benjamini & Heller 2008, effects in two places or more: DOI 10.1111/j.1541-0420.2007.00984.x",
)


def headline(found: Study) -> list[Headline]:
    """MDA90 by site, false alarms, names, best configuration: of the first configuration."""
    first = found.first
    return [
        *_mda_lines(found, first),
        _alarms(found),
        _names(first),
        *_best(found),
    ]


def _mda_lines(found: Study, first: list[Cell]) -> list[Headline]:
    lines = []
    for site in found.settings.sites:
        cells = [c for c in first if c.site == site and c.kind in REFLECTANCE]
        if not cells:
            continue
        values = [cell.curve.mda90 for cell in cells]
        worst = cells[int(np.argmax(values))]
        middle = float(np.median(values))
        most = 2.0 * float(worst.amplitudes.max())
        value = format_number(middle, 3) if middle <= most else f"> {most:g}"
        top = format_number(max(values), 3) if max(values) <= most else f"more than {most:g}"
        text = f"Median over types; the hardest is {type_name(worst.kind)} with {top}."
        shares = {c.kind: None for c in first if c.site == site and c.kind not in REFLECTANCE}
        if shares:
            names = ", ".join(type_name(kind) for kind in shares)
            text += f" Without {names}, not measured in reflectance: see the table."
        planted = sum(int(cell.counts.sum()) for cell in cells)
        counted = f"n = {format_count(planted)} planted here"
        lines.append(Headline(f"MDA90, {site}", f"{value} (reflectance)", counted, text))
    return lines


def _alarms(found: Study) -> Headline:
    tested, far = sum(cell.clear_tested for cell in found.first), found.far
    good = far <= EQUAL_FAR
    text = f"{'No more' if good else 'More'} than {1000 * EQUAL_FAR:g} in a thousand."
    return Headline(
        "False alarms", f"{format_number(1000 * far, 2)} per 1000",
        f"n = {format_count(tested)} clear dates", text, "good" if good else "caution",
    )  # fmt: skip


def _names(first: list[Cell]) -> Headline:
    right = sum(cell.confusion.get(cell.kind, 0) for cell in first)
    detected = sum(sum(cell.confusion.values()) for cell in first)
    if not detected:
        return Headline("Named right", "none detected", "", "", "bad")
    by_type: dict[str, tuple[float, int]] = {}
    for kind in dict.fromkeys(cell.kind for cell in first):
        cells = [cell for cell in first if cell.kind == kind]
        total = sum(sum(cell.confusion.values()) for cell in cells)
        if total:
            by_type[kind] = sum(cell.confusion.get(kind, 0) for cell in cells) / total, total
    worst = min(by_type, key=lambda kind: by_type[kind])
    text = f"The least sure is {type_name(worst)} with {format_counted_share(*by_type[worst])}."
    return Headline(
        "Named right", format_counted_share(right / detected, detected),
        f"n = {format_count(detected)} detected", text,
    )  # fmt: skip


def _best(found: Study) -> list[Headline]:
    worst = max(one.contamination for one in found.changes)
    these = [one for one in found.changes if one.contamination == worst]
    if len(these) < 2:
        return []
    best = max(these, key=lambda one: one.pod_equal_far)
    reference = found.changes[0].configuration
    mine = next(one for one in these if one.configuration == reference)
    if best is mine:
        text, state = "No other configuration finds more at equal false alarms.", "good"
        equal = [one.configuration for one in these if one is not mine and one.gain_high >= 0.0]
        text += f" Not to be told from it: {', '.join(equal)}." if equal else ""
    elif best.gain_low > 0.0:
        text = f"Finds more than '{reference}': {_signed(best.gain)} POD at equal false alarms."
        state = "caution"
    else:
        text = f"Not to be told from '{reference}' ({_signed(best.gain)} POD, interval holds 0)."
        state = "good"
    count = f"at {100 * worst:g}{SPACE}% missed clouds"
    return [Headline("Best configuration", best.configuration, count, text, state)]


def improvements(found: Study) -> list[str]:
    """What each ingredient changes, in sentences made of the measured figures."""
    sentences = [
        "Each row below is the detector without one ingredient (or with another choice), measured "
        "on the same planted anomalies. A rule that raises more alarms finds more: the fair "
        f"comparison is at equal false alarms ({1000 * EQUAL_FAR:g} per 1000 clear dates)."
    ]
    reference = found.changes[0].configuration
    base = {one.contamination: one for one in found.changes if one.configuration == reference}
    for name in dict.fromkeys(one.configuration for one in found.changes):
        if name != reference:
            these = [one for one in found.changes if one.configuration == name]
            sentences.append(_sentence(name, these, base))
    return sentences + _shared(found.shared) + _opinions(found.opinions)


def _sentence(name: str, these: list[Change], base: dict[float, Change]) -> str:
    parts = []
    for one in these:
        sure = "" if one.gain_low > 0 or one.gain_high < 0 else ", not significant"
        parts.append(
            f"at {100 * one.contamination:g}{SPACE}% missed clouds POD changes by "
            f"{_signed(one.gain)}{sure}, {_alarms_beside(one.far, base[one.contamination].far)}"
        )
    return f"{_WHAT.get(name, name)}: {'; '.join(parts)}."


def _alarms_beside(far: float, reference: float) -> str:
    """False alarms beside those of the reference, of which no multiple is where it has none."""
    own = "false alarms at the own threshold"
    if not np.isfinite([far, reference]).all():
        return f"{own} could not be counted"
    if reference > 0.0:
        return f"{own} are {format_number(far / reference, 1)} times as many"
    if far == 0.0:
        return f"there are no {own}, with it or without"
    return f"{own} are {format_number(1000.0 * far, 2)} per 1000, where the first has none"


def _shared(rules: tuple[Rule, ...]) -> list[str]:
    if not rules:
        return []
    alone, shared = (next(r for r in rules if r.rule == name) for name in (ALONE, SHARED))
    return [
        f"Test over sites: an offset of all sites on the same date is found with a POD of "
        f"{_mean(shared)} by the test of all together, of {_mean(alone)} at one site by itself "
        f"(means over amplitudes), with {format_number(1000 * shared.far, 2)} and "
        f"{format_number(1000 * alone.far, 2)} false alarms per 1000. It says that the cause is "
        "not the ground, for which two sites at least have to be off: with two sites it finds less "
        "than one site by itself, with more it gains."
    ]


def _opinions(rules: tuple[Rule, ...]) -> list[str]:
    if not rules:
        return []
    joint, both = (next(r for r in rules if r.rule == name) for name in (JOINT, BOTH))
    return [
        f"Second opinions: asking for the agreement of one of them lowers false alarms from "
        f"{format_number(1000 * joint.far, 2)} to {format_number(1000 * both.far, 2)} per 1000, "
        f"and POD from {_mean(joint)} to {_mean(both)}. By themselves they have "
        + ", ".join(
            f"{format_number(1000 * one.far, 2)} ({one.rule})"
            for one in rules
            if one.rule in ("hampel", "tmask")
        )
        + " false alarms per 1000: they raise none in the detector."
    ]


def _mean(rule: Rule) -> str:
    return format_number(float(np.nanmean(rule.pod)), 2)


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{format_number(value, 3)}"


def subtitle(found: Study) -> str:
    """The grid in one line."""
    one = found.settings
    gaps = ", ".join(f"{100 * gap:g}" for gap in one.gaps)
    missed = ", ".join(f"{100 * share:g}" for share in one.contamination)
    return (
        f"Simulated sites {', '.join(one.sites)}; {gaps}{SPACE}% gaps, {missed}{SPACE}% clouds "
        f"that the mask misses; {format_count(one.pixels)} pixels per cell"
    )
