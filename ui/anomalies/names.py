# SPDX-License-Identifier: GPL-3.0-or-later
"""What types, masks, verdicts and amplitudes are called, and which marks they have."""

from __future__ import annotations

from qgis.PyQt.QtGui import QColor

from ...core.anomalies.detect import Detection
from ...core.report import palette
from ..text import NOTHING, number, tr
from ..theme import Theme

# matplotlib's names of markers, as the palette has them, in those of pyqtgraph
SYMBOLS = {
    "o": "o", "D": "d", "v": "t", "^": "t1", "<": "t3", ">": "t2", "s": "s", "P": "+", "X": "x",
    "x": "x", "d": "d",
}  # fmt: skip


def type_name(kind: str) -> str:
    """A type of anomalies as people read it."""
    names = {
        "cloud": tr("Cloud"),
        "thin_cloud": tr("Thin cloud"),
        "shadow": tr("Shadow"),
        "aot_under": tr("AOT under-corrected"),
        "aot_over": tr("AOT over-corrected"),
        "gain": tr("Gain"),
        "offset": tr("Offset"),
        "wrong_date": tr("Wrong date"),
        "unknown": tr("Unknown"),
        "none": tr("None"),
    }
    return names.get(kind, kind)


def verdict_name(verdict: str) -> str:
    """A verdict as people read it: confirmed, rejected, or another type."""
    names = {"": "", "confirmed": tr("confirmed"), "rejected": tr("rejected")}
    return names.get(verdict) if verdict in names else tr("rather: {}").format(type_name(verdict))


def mask_name(state: str) -> str:
    """Why an observation is masked; words of foreign tables stay as they are."""
    names = {
        "nodata": tr("no data"),
        "saturated": tr("saturated"),
        "cloud": tr("cloud"),
        "thin_cloud": tr("thin cloud"),
        "cirrus": tr("cirrus"),
        "cloud_shadow": tr("cloud shadow"),
        "cloud_or_shadow": tr("cloud or shadow"),
        "snow": tr("snow"),
        "water": tr("water"),
        "terrain": tr("terrain shadow"),
        "masked": tr("masked"),
    }
    return names.get(state, state)


def status_text(status: str) -> str:
    """Why a date was not tested."""
    texts = {
        "tested": "",
        "masked": tr("masked"),
        "no_value": tr("no band has a value"),
        "duplicate": tr("occurs twice"),
        "leverage": tr("not tested: the model hangs on this date alone"),
        "too_few": tr("not tested: too few clear observations"),
        "constant": tr("not tested: the values never change"),
    }
    return texts.get(status, status)


def amplitude_text(detection: Detection, row: int) -> str:
    """The amplitude of an anomaly with its unit."""
    value, unit = float(detection.amplitude[row]), str(detection.unit[row])
    if unit == "percent":
        return NOTHING if value != value else f"{number(value, 1, True)} %"
    if unit == "days":
        return tr("{} days").format(number(value, 0, True))
    return number(value, 3, True)


def type_symbol(kind: str) -> str:
    """The mark of a type, in pyqtgraph's names."""
    mark = palette.ANOMALIES.get(kind, palette.ANOMALIES["unknown"])
    return SYMBOLS[mark.marker]


def type_color(kind: str, theme: Theme) -> QColor:
    """The color of a type; ink follows the theme."""
    mark = palette.ANOMALIES.get(kind, palette.ANOMALIES["unknown"])
    return theme.foreground if mark.color == palette.INK else QColor(mark.color)
