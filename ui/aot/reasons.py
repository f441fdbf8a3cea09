# SPDX-License-Identifier: GPL-3.0-or-later
"""Why match-ups were rejected, in the language of the user interface."""

from __future__ import annotations

from ...core.aot.filters import REASONS
from ..text import tr


def reason_text(reason: str) -> str:
    """The sentence behind the key ``reason``; the key itself where it is not known."""
    return _texts().get(reason) or REASONS.get(reason, reason)


def _texts() -> dict[str, str]:
    """The sentences of ``core.aot.filters.REASONS``, where the translation tool finds them."""
    return {
        "no_retrieval": tr("The satellite table has no value (or no time) here"),
        "implausible": tr(
            "The satellite value lies outside the plausible range (fill value, other unit)"
        ),
        "time_unknown": tr("The time of day of the overpass is not known"),
        "no_site": tr("No photometer has this site's name"),
        "no_reference_in_window": tr("No photometer observation within the time window"),
        "level": tr("Photometer observations of another quality level only"),
        "too_few_observations": tr("Fewer photometer observations than asked for"),
        "default_aot": tr("The product holds a default AOT here, not a retrieved one"),
        "saturated": tr("The satellite value is clipped at the product's upper bound"),
        "gap_filled": tr("Too large a share of the window is gap-filled"),
        "cloudy": tr("Too large a share of the window is cloudy"),
        "unstable": tr("The photometer's AOT varies too much around the overpass"),
        "altitude": tr("Pixel and photometer differ too much in altitude"),
        "duplicate": tr("Another tile or product of the same overpass is used for this site"),
    }
