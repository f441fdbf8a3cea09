# SPDX-License-Identifier: GPL-3.0-or-later
"""A date that was chosen, for those who look for it on the map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .model import SeriesModel


@dataclass(frozen=True)
class PickedDate:
    """Table ("" for a series of another origin), site, UTC time, place (degrees), product."""

    source: str
    site: str
    time: np.datetime64
    longitude: float
    latitude: float
    product: str

    def day(self) -> str:
        """The date as ISO 8601 text."""
        return str(self.time.astype("datetime64[D]"))

    def time_texts(self) -> list[str]:
        """The time as tables may write it: without and with milliseconds."""
        seconds = self.time.astype("datetime64[s]")
        texts = [f"{self.time.astype('datetime64[ms]')}Z"]
        return [f"{seconds}Z", *texts] if seconds == self.time else texts


def picked_date(model: SeriesModel, row: int | None = None) -> PickedDate | None:
    """The date that ``model`` looks at, or another ``row`` of its site; None without any."""
    if model.chosen is None:
        return None
    site, own = model.chosen
    return _picked(model, site, own if row is None else row)


def picked_dates(model: SeriesModel) -> list[PickedDate]:
    """The dates that are selected."""
    return [_picked(model, site, row) for site, row in model.selection]


def _picked(model: SeriesModel, site: str, row: int) -> PickedDate:
    series = model.series(site)
    # A second observation of the same product carries a number behind its name.
    product = str(series.product[row]).split("#")[0]
    return PickedDate(
        model.entries[site].source,
        site,
        series.times[row],
        series.longitude,
        series.latitude,
        product,
    )
