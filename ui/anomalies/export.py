# SPDX-License-Identifier: GPL-3.0-or-later
"""What the plots show, as columns of a table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...core.types import AnyArray
from .model import SeriesModel
from .tracks import Track


def track_columns(model: SeriesModel, tracks: Sequence[Track]) -> dict[str, AnyArray]:
    """One row per observation and band that is drawn."""
    parts = [_of_track(model, track) for track in tracks]
    if not parts:
        return {}
    return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}


def _of_track(model: SeriesModel, track: Track) -> dict[str, AnyArray]:
    series, found = track.series, model.detection(track.series.site)
    clear, masked = model.drawn(series.site)
    values = track.values()
    rows = np.flatnonzero((clear | masked) & np.isfinite(values))
    columns: dict[str, AnyArray] = {
        "site": np.full(len(series), series.site, dtype=object),
        "time": series.times,
        "sensor": series.sensor.astype(object),
        "product": series.product.astype(object),
        "mask_state": series.mask_state.astype(object),
        "band": np.full(len(series), track.band, dtype=object),
        "value": values,
        "expected": track.of_spectra(found.expected),
        "z": track.z(found),
        "p_value": found.p_value,
        "flagged": found.flagged,
        "type": found.type,
        "verdict": model.entries[series.site].verdict,
    }
    return {key: column[rows] for key, column in columns.items()}
