# SPDX-License-Identifier: GPL-3.0-or-later
"""Breaks on the first dates that are monitored, which are most often none.

The window of the moving sum then still lies in the history. Where the history drifts, or holds an
older change, its last residuals are off already, and the first dates from the start on are a break
whatever they hold. The cumulative sum begins anew at the start, but the same residuals go on.
"""

from __future__ import annotations

from ...types import BoolArray
from ...wording import plural
from .monitor import MonitorResult, MonitorSettings

_MOST = 0.5  # of the sum: more than that as before the start, and that is what broke
_TOLD = 0.05  # of the breaks: fewer are not worth a warning
_CHANCE = 0.002  # of what is tested; simulated white noise had 0.0004 at most, at LEVEL 0.05


def early_breaks(result: MonitorResult) -> BoolArray:
    """Which pixels (p,) have a break whose sum is mostly what the history explains."""
    found: BoolArray = (result.break_index >= 0) & (result.share_before > _MOST)
    return found


def early_note(
    early: int, broken: int, tested: int, settings: MonitorSettings | None, what: str
) -> str:
    """A sentence where more than 5 % of the pixels or sites (``what``) that are ``broken`` are so
    ``early`` that it is their history which broke, and more of those ``tested`` than by chance;
    empty otherwise.
    """
    if settings is None or not early > max(_TOLD * broken, _CHANCE * tested):
        return ""
    start = str(settings.start.astype("datetime64[D]"))
    return (
        f"{plural(early, what)} of {broken:,} with a break ({100.0 * early / broken:.0f} %) broke "
        f"on the first dates from START ({start}) on, {_WHY[settings.process]}: it is that which "
        "drifts or has changed, and the date says nothing of a change after START. "
        f"{_advice(settings)}."
    )


_WHY = {
    "mosum": "when most of the moving sum still was of the history",
    "cusum": "with residuals of which more than half were there at the end of the history",
}


def _advice(settings: MonitorSettings) -> str:
    if settings.history == "all":
        return (
            "HISTORY=roc learns only from the part before START that is stable; METHOD=joint dates "
            "older changes too"
        )
    window = " a smaller WINDOW," if settings.process == "mosum" else ""
    return f"Give HISTORY_START,{window} or METHOD=joint, which dates older changes too"
