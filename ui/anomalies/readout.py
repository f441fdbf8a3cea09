# SPDX-License-Identifier: GPL-3.0-or-later
"""One observation in two lines of text."""

from __future__ import annotations

from ...core.series.types import is_clear
from ..names import when
from ..text import MINUS, number, percent, tr
from .model import SeriesModel
from .names import amplitude_text, mask_name, status_text, type_name, verdict_name
from .tracks import Track

LEAST_CHANCE = 1e-8  # the lowest threshold that the panel offers


def describe(model: SeriesModel, site: str, row: int, track: Track | None = None) -> str:
    """Values of the ``track`` at a date, then what the date is, and its product."""
    series, found = model.series(site), model.detection(site)
    day = when(series.times[row])
    parts = [site, f"{day} UTC", str(series.sensor[row])]
    if track is not None:
        values = tr("{band} {value}, expected {expected}, z {z}").format(
            band=track.band,
            value=number(float(track.values()[row])),
            expected=number(float(track.of_spectra(found.expected[row : row + 1])[0])),
            z=number(float(track.z(found)[row]), 1, signed=True),
        )
        parts.append(values)
    second = [state_text(model, site, row), str(series.product[row])]
    return "\n".join(" · ".join(part for part in line if part) for line in (parts, second))


def state_text(model: SeriesModel, site: str, row: int) -> str:
    """What a date is: masked and why, an anomaly of which type and size, or in order."""
    series, found = model.series(site), model.detection(site)
    state, status = str(series.mask_state[row]), str(found.status[row])
    if not is_clear(series.mask_state[row : row + 1])[0]:
        return tr("masked: {}").format(mask_name(state))
    if not found.flagged[row]:
        return status_text(status) or tr("as expected (p {})").format(chance(found.p_value[row]))
    text = tr("{type} {amplitude} (confidence {confidence}, p {p})").format(
        type=type_name(str(found.type[row])),
        amplitude=amplitude_text(found, row),
        confidence=sureness(float(found.confidence[row])),
        p=chance(found.p_value[row]),
    )
    verdict = verdict_name(str(model.entries[site].verdict[row]))
    return f"{text} · {verdict}" if verdict else text


def chance(p_value: float) -> str:
    """A p-value in as few digits as it needs: below the lowest threshold only that it is below,
    because no model of the noise holds so far out.
    """
    if not p_value >= 0.0:
        return number(float("nan"))
    if p_value < LEAST_CHANCE:
        return f"<\N{NO-BREAK SPACE}{_power(LEAST_CHANCE)}"
    return number(p_value, 3) if p_value >= 0.001 else _power(p_value)


def sureness(share: float) -> str:
    """A confidence (0 to 1) in percent, never a false 100 %."""
    return f">\N{NO-BREAK SPACE}{percent(0.99)}" if share >= 0.995 else percent(share)


def _power(p_value: float) -> str:
    digit, _, exponent = f"{p_value:.0e}".partition("e")
    return f"{digit}e{MINUS}{abs(int(exponent))}"
