# SPDX-License-Identifier: GPL-3.0-or-later
"""The list from which pages take the band or index that they show."""

from __future__ import annotations

import math

from qgis.PyQt.QtWidgets import QComboBox

from ..text import tr
from ..widgets import choice_box, offer_bands
from .model import SeriesModel
from .tracks import Track


def band_box() -> QComboBox:
    """The list, empty as yet."""
    return choice_box(tr("Band or index"), tr("Band or index"))


def offer_own_bands(box: QComboBox, model: SeriesModel) -> None:
    """Offer what the picked site has; the current one stays, else the first that is shown comes."""
    series = model.series()
    known = dict(zip(series.bands, map(float, series.wavelengths_nm), strict=True))
    names = [one for one in model.offered_bands() if Track.of(series, one, 0, "") is not None]
    wanted = (str(box.currentData()), *model.bands)
    chosen = next((one for one in wanted if one in names), "")
    offer_bands(box, names, lambda name: known.get(name, math.nan), chosen)
