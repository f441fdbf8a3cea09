# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on anomalies in words: its answer, what its chapters mean, limits and sources."""

from __future__ import annotations

import numpy as np

from ..anomalies.run import AnomalyRun
from ..anomalies.step_dates import SENSOR
from ..anomalies.summaries import type_counts
from ..wording import listed, plural
from .anomaly_names import type_name
from .document import Headline
from .numbers import SPACE, format_count, format_counted_share, format_number, format_p_value

SURE = 0.01  # chance of so many anomalies below which chance does not explain them

LIMITS = (
    "Each date is tested by itself against a seasonal model of the site: what lasts for a good "
    "part of the series becomes part of the model. Lasting changes are sought on their own.",
    "A type is the best of the known spectral shapes. Shadow and a loss of gain, thin cloud and "
    "under-corrected AOT look alike in one pixel: the confidence says how sure the choice is, "
    "given that it is one of the types. An amplitude is that of the type's shape.",
    "The number of false alarms expected is what there would be if every date followed its model "
    "with the noise that was estimated, alike over the year. Changes of the ground (harvests, "
    "floods, snow) and clouds that the mask misses come on top of it: they are real, and are "
    "anomalies all the same.",
    "The mask of the input is no truth: masks are dilated and miss clouds.",
    "A date that sites share is sought as one gain, one offset or one error of the aerosol for all "
    "bands, or as a gain of one band: a fault of the sensor of another kind is not seen. Sites of "
    "one product, or nearer than the distance among the parameters, have one vote together; dust "
    "or smoke that is larger than that can still look like an error of the aerosol.",
)
SOURCES = (
    "Rousseeuw & Van Driessen 1999, reweighted robust estimation: DOI "
    "10.1080/00401706.1999.10485670",
    "Cerioli 2010, laws of the distances of outliers: DOI 10.1198/jasa.2009.tm09147",
    "Kelly 1986, test along a known shape with an estimated covariance: DOI "
    "10.1109/TAES.1986.310745",
    "Zhu & Woodcock 2014, seasonal model and Tmask: DOI 10.1016/j.rse.2014.06.012",
    "Davies & Gather 1993, Hampel's filter: DOI 10.1080/01621459.1993.10476339",
    "Galwey 2009, effective number of tests: DOI 10.1002/gepi.20408",
    "Westfall & Young 1993, largest statistic of permutations: Resampling-based multiple testing, "
    "Wiley, ISBN 0-471-55761-7",
    "Phipson & Smyth 2010, p-values of permutations: DOI 10.2202/1544-6115.1585",
    "Benjamini & Heller 2008, effects in two places or more: DOI 10.1111/j.1541-0420.2007.00984.x",
    "Benjamini & Hochberg 1995, false discovery rate: DOI 10.1111/j.2517-6161.1995.tb02031.x",
    "Vermote & Kotchenova 2008, uncertainty of surface reflectance: DOI 10.1029/2007JD009662",
    "Wilson 1927, interval of a share: DOI 10.1080/01621459.1927.10502953",
)


def headline(run: AnomalyRun) -> list[Headline]:
    """Anomalies against what chance gives, types, and what sites share."""
    counted = f"n = {format_count(run.tested)} tested dates of {format_count(run.observations)}"
    return [
        Headline("Anomalies", format_count(run.anomalies), counted, *_verdict(run)),
        Headline(
            "Share of the tested dates",
            format_counted_share(run.anomalies / run.tested, run.tested),
            f"{format_number(run.false_alarm_expected, 1)} false ones expected",
            f"As many or more by chance alone: {_unbroken(run.chance)}.",
        ),
        *_types(run),
        *_shared(run),
        *_sensors(run),
    ]


def _verdict(run: AnomalyRun) -> tuple[str, str]:
    expected = format_number(run.false_alarm_expected, 1)
    if not run.anomalies:
        return "No date is off its model.", "good"
    if run.chance >= SURE:
        return f"No more than chance explains ({expected} expected).", "good"
    return (
        f"More than chance explains ({expected} expected): faults, changes of the ground or clouds "
        "that the mask misses. Look at these dates.", "caution",
    )  # fmt: skip


def _types(run: AnomalyRun) -> list[Headline]:
    counts = type_counts(run.detections)
    if not counts:
        return []
    first, *others = [f"{type_name(name)} {count}" for name, count in counts.items()]
    return [Headline("Most frequent type", first, "", ", ".join(others))]


def _sensors(run: AnomalyRun) -> list[Headline]:
    if not run.sensors:
        return []
    count = len(run.sensor_differences)
    text = f"of {plural(len(run.sensors), 'comparison')} of sensors at a site"
    if not count:
        return [Headline("Sensors that differ", "0", text, "No sensor differs from another.")]
    return [Headline("Sensors that differ", format_count(count), text, "", "caution")]


def _shared(run: AnomalyRun) -> list[Headline]:
    if len(run.series) < 2:
        return []
    steps = [one for one in run.steps if one.origin == SENSOR]
    count = len(run.dates) + len(steps)
    value = f"{plural(len(run.dates), 'date')}, {plural(len(steps), 'step')}"
    if not run.tests.steps:
        value = plural(len(run.dates), "date")
    if not count:
        nothing = "Nothing points to sensor or processor."
        if not run.tests.steps:
            nothing = "No date points to sensor or processor. Lasting changes were not sought."
        return [Headline("Shared by sites", value, "", nothing)]
    text = "Two places or more at once: rather sensor or processor than ground."
    if not run.tests.steps:
        text += " Lasting changes were not sought."
    return [Headline("Shared by sites", value, "", text, "caution")]


def notes(run: AnomalyRun) -> list[str]:
    """What has to be known before the numbers are read: notes of the sites, and lasting changes
    that one model was fitted through.
    """
    found = list(run.notes)
    for series in run.series:
        steps = [one for one in run.steps if series.site in one.sites]
        if steps:
            days = ", ".join(str(np.datetime_as_string(one.time, unit="D")) for one in steps)
            found.append(
                f"'{series.site}' has lasting changes of level ({days}). One model was fitted "
                "through all of it: where a changed part is short its dates count as anomalies, "
                "where it is long the noise is taken too large and anomalies are missed. Detect "
                "the parts by themselves."
            )
    return found


def method(run: AnomalyRun) -> list[str]:
    """How the dates were judged."""
    one = run.settings
    counts = sorted({found.harmonics for found in run.detections})
    return [
        f"Each band follows a trend and {_range(counts)} harmonics of the year, fitted robustly "
        "to the clear dates. The residuals of all bands together, with their correlation, give one "
        "p-value per date; what follows the spectral shape of a known anomaly needs less. Below "
        f"{one.threshold:g} the date is an anomaly. Its type is the shape that fits best.",
        *(
            ["The scale of the noise comes from the residuals below the model, for masks that let "
             "many clouds through."] if one.scale == "lower" else []
        ),
    ]  # fmt: skip


def steps_text(run: AnomalyRun) -> list[str]:
    """What was sought over time and sites."""
    if not run.tests.steps:
        return ["Lasting changes of level were not sought."]
    if run.steps:
        return []
    return ["No lasting change of level was found."]


def dates_text(run: AnomalyRun) -> list[str]:
    """Whether sites share dates."""
    places = run.places
    if len(places) < 2:
        what = "One site alone" if len(run.series) < 2 else "Sites of one place"
        return [f"{what} cannot tell the sensor from its ground or weather: add sites elsewhere."]
    votes = sum(one.effective for one in places)
    text = (
        f"{plural(len(run.series), 'site')} in {plural(len(places), 'place')}, worth "
        f"{format_number(votes, 1)} independent ones; each place has one vote."
    )
    how = (
        "A date is shared where one cause explains two places or more better than anomalies of "
        "their own, weather included. The p-value is the share of shuffles of the dates of each "
        "place, within seasons, in which any date has as much: it is corrected for all dates, and "
        f"below {run.tests.level:g} the date is listed."
    )
    none = [] if run.dates else ["No date has such a cause."]
    return [text, how, *none]


def subtitle(run: AnomalyRun) -> str:
    """Sites and period."""
    times = np.concatenate([one.times for one in run.series])
    first, last = (np.datetime_as_string(t, unit="D") for t in (times.min(), times.max()))
    names = [one.site for one in run.series]
    shown = listed(names, 6)
    return f"Surface reflectance at {shown}, {first} to {last}"


def _range(counts: list[int]) -> str:
    return str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"


def _unbroken(chance: float) -> str:
    """A p-value as a phrase that no end of a line breaks."""
    return f"p {_equals(format_p_value(chance))}".replace(" ", SPACE)


def _equals(text: str) -> str:
    return text if text.startswith(("<", ">")) else f"= {text}"
