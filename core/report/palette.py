# SPDX-License-Identifier: GPL-3.0-or-later
"""One color, one meaning: in reports, panels and map styles alike.

The eight colors of Okabe and Ito (Color Universal Design, 2008) are told apart with every common
color vision; whatever needs more classes than colors adds a marker or a line style. Colors are
``#RRGGBB`` text, so that matplotlib, pyqtgraph, Qt and CSS all take them. This module imports
nothing heavy.
"""

from __future__ import annotations

import colorsys
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

ORANGE = "#E69F00"
SKY_BLUE = "#56B4E9"
BLUISH_GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILLION = "#D55E00"
REDDISH_PURPLE = "#CC79A7"

# Observations
ACCEPTED = BLUE  # a satellite observation that counts, and every figure computed from such ones
REFERENCE = ORANGE  # what it is compared with: photometer, reference image, ground truth
REJECTED = "#8C8C8C"  # compared, and left out by a filter; visible on light and dark backgrounds
MASKED = "#C0C0C0"  # never compared: cloud, shadow, edge, no data

# Verdicts and traffic lights
GOOD = BLUISH_GREEN
CAUTION = YELLOW
BAD = VERMILLION

# Lines and text that belong to no observation: axes, 1:1 line, envelopes, fitted lines (told apart
# by dashes)
INK = "#222222"
GRID = "#DDDDDD"
PAPER = "#FFFFFF"

# Lines fitted to accepted observations, and accuracy, precision, uncertainty: all are made of
# accepted observations and have a blue or the ink; line style and marker tell them apart, too.
FIT = "#003354"
APU = {"accuracy": ACCEPTED, "precision": "#7FB5D9", "uncertainty": INK}

# Rank tiers: from the best to the least; more tiers than shades repeat the last one.
TIERS = (BLUISH_GREEN, "#5FBFA3", "#A6DACB", "#DCEFEA")

# Shades of "how many accepted observations" and of "probability" (worse - equal - better)
DENSITY = ("#E8F1F8", "#7FB5D9", BLUE, "#003354")
HAZE = ("#FFF7E0", "#F9D98C", "#DDA63A", "#B5651D", "#6B2E0B", "#2B0F02")  # AOT from 0 to 1.3
WORSE_TO_BETTER = (BAD, "#FFFFFF", GOOD)
LOW_TO_HIGH = (BLUE, "#FFFFFF", VERMILLION)  # signed differences

# How heights of a reference elevation model came about: code, color, label
DEM_FILL = (
    (0, VERMILLION, "void"), (1, "#E4E4E4", "kept"), (2, YELLOW, "interpolated"),
    (3, BLUE, "delta surface"), (4, REDDISH_PURPLE, "pasted"), (5, SKY_BLUE, "lake"),
)  # fmt: skip

# Several series in one plot, which no other meaning sets apart
# Where a distribution lies, by the names of ``pdf_statistics.Statistic``.
STATISTICS = {
    "mode": BLUE, "median": BLUISH_GREEN, "mean": ORANGE, "inflection": VERMILLION,
}  # fmt: skip
TRACKS = (BLUE, BLUISH_GREEN, ORANGE, VERMILLION, "#7FB5D9", "#5FBFA3")

# Classes of land cover that have no color of their own; more classes take darker and lighter shades
CLASS_HUES = (BLUISH_GREEN, ORANGE, BLUE, YELLOW, VERMILLION, REDDISH_PURPLE, SKY_BLUE)
CLASS_SHADES = (1.0, 1.7, 0.65)
GOLDEN_TURN = 0.618034  # of a circle: hues that never come close to those before

# Covers whose color everybody expects: words of the label in English and French, without plural
_NATURAL = (
    (("water", "river", "lake", "sea", "ocean", "eau", "eaux", "riviere", "lac", "mer"), BLUE),
    (("forest", "wood", "woodland", "tree", "foret", "arbre"), "#00664A"),
    (("urban", "built", "buildings", "city", "town", "bati", "ville", "urbain"), VERMILLION),
    (("snow", "ice", "glacier", "neige", "glace"), "#BFE3F5"),
    (("grass", "grassland", "pasture", "meadow", "prairie", "pature"), "#A6D96A"),
    (("wheat", "cereal", "ble"), YELLOW),
    (("bare", "soil", "rock", "sand", "sol"), "#B08D57"),
)
_DENIALS = {"non", "not", "no", "sans"}  # of a label "not forest", which is not green

# Samples of a classifier
TRAINING, TESTING = BLUE, ORANGE


@dataclass(frozen=True)
class Mark:
    """How one class is drawn: color (of its family) and matplotlib marker."""

    color: str
    marker: str


_ATMOSPHERE, _INSTRUMENT, _SURFACE = SKY_BLUE, REDDISH_PURPLE, "#7A4B00"

# Anomaly types: the color says where the cause lies (atmosphere, instrument or processing,
# surface), the marker says which type it is.
ANOMALIES: dict[str, Mark] = {
    "cloud": Mark(_ATMOSPHERE, "o"),
    "thin_cloud": Mark(_ATMOSPHERE, "D"),
    "shadow": Mark(_ATMOSPHERE, "v"),
    "aot_under": Mark(_ATMOSPHERE, "^"),
    "aot_over": Mark(_ATMOSPHERE, "<"),
    "gain": Mark(_INSTRUMENT, "s"),
    "offset": Mark(_INSTRUMENT, "P"),
    "stripe": Mark(_INSTRUMENT, "d"),
    "shift": Mark(_INSTRUMENT, ">"),
    "wrong_date": Mark(_INSTRUMENT, "X"),
    "step": Mark(_SURFACE, "s"),
    "drift": Mark(_SURFACE, "^"),
    "unknown": Mark(INK, "x"),
}


# Where there are no markers, as on maps, types of a family are lighter or darker shades.
FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (_ATMOSPHERE, ("cloud", "thin_cloud", "shadow", "aot_under", "aot_over")),
    (_INSTRUMENT, ("gain", "offset", "stripes", "shift", "wrong_date")),
)


def anomaly_mark(name: str) -> Mark:
    """The mark of a type; that of ``unknown`` for words that are none."""
    return ANOMALIES.get("stripe" if name == "stripes" else name, ANOMALIES["unknown"])


def anomaly_shade(name: str) -> str:
    """The color of a type on maps."""
    for color, names in FAMILIES:
        if name in names:
            return _shaded(color, 0.65 + 0.3 * names.index(name))
    return INK


def _shaded(color: str, factor: float) -> str:
    """A color whose value (HSV) is divided by ``factor``; what is brighter than can be fades to
    white, as ``QColor.darker`` does.
    """
    red, green, blue = (int(color[at : at + 2], 16) / 255.0 for at in (1, 3, 5))
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    value /= factor
    if value > 1.0:
        saturation, value = max(0.0, saturation - (value - 1.0)), 1.0
    return _hex(colorsys.hsv_to_rgb(hue, saturation, value))


def _hex(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(255.0 * part):02X}" for part in parts)


def class_colors(count: int) -> tuple[str, ...]:
    """``count`` different colors of classes in a map: those of Okabe and Ito, then darker and
    lighter ones of the same hues, then further hues. The first ones do not depend on ``count``.
    """
    shades = [_shaded(color, factor) for factor in CLASS_SHADES for color in CLASS_HUES]
    found = list(dict.fromkeys(shades))[:count]
    turn = 0
    while len(found) < count:
        value = 0.5 + 0.4 * (turn % 3) / 2.0 + 0.1 * (turn % 2)
        parts = colorsys.hsv_to_rgb(turn * GOLDEN_TURN % 1.0, 0.45 + 0.25 * (turn % 3) / 2.0, value)
        color = _hex(parts)
        if color not in found:
            found.append(color)
        turn += 1
    return tuple(found)


def cover_colors(labels: Sequence[str]) -> tuple[str, ...]:
    """A color for each class of land cover, all different: what everybody expects of water, forests
    and the like (the first label of each), else the next of ``class_colors`` that is free.
    """
    natural: dict[int, str] = {}
    for place, label in enumerate(labels):
        color = _natural(label)
        if color and color not in natural.values():
            natural[place] = color
    free = iter(one for one in class_colors(2 * len(labels)) if one not in natural.values())
    return tuple(natural.get(place) or next(free) for place in range(len(labels)))


def _natural(label: str) -> str:
    plain = unicodedata.normalize("NFKD", label.casefold())
    words = re.findall(r"[a-z]+", "".join(one for one in plain if not unicodedata.combining(one)))
    if _DENIALS & set(words):
        return ""
    for known, color in _NATURAL:
        if any(word in known or word.removesuffix("s") in known for word in words):
            return color
    return ""


def tier_color(tier: int) -> str:
    """The color of a rank tier (1 is the best; 0 or less: not ranked)."""
    return REJECTED if tier < 1 else TIERS[min(tier, len(TIERS)) - 1]


def status_color(status: str) -> str:
    """The color of a verdict (``good``, ``caution``, ``bad``) or traffic light (``green``,
    ``amber``, ``red``).
    """
    colors = {
        "good": GOOD,
        "green": GOOD,
        "caution": CAUTION,
        "amber": CAUTION,
        "bad": BAD,
        "red": BAD,
    }
    return colors.get(status, MASKED)
