# SPDX-License-Identifier: GPL-3.0-or-later
"""One curve of the time axis: a band or an index of one site, with its model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.anomalies.detect import Detection
from ...core.anomalies.views import expected_at
from ...core.series.indices import INDICES, index_bands, index_sigma, index_values
from ...core.series.types import TimeSeries
from ...core.types import FloatArray, TimeArray


@dataclass(frozen=True)
class Track:
    """A ``band`` (or index) of a ``series`` in ``row`` of the stack. ``places``: of the one or two
    bands that it is made of.
    """

    series: TimeSeries
    band: str
    row: int
    color: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, series: TimeSeries, band: str, row: int, color: str) -> Track | None:
        """The track, None where the series has no such band."""
        if band in series.bands:
            return cls(series, band, row, color, (series.bands.index(band),))
        index = INDICES.get(band)
        places = index_bands(index, series.wavelengths_nm) if index is not None else None
        return None if places is None else cls(series, band, row, color, places)

    def of_spectra(self, spectra: FloatArray) -> FloatArray:
        """The band or index (n,) of spectra (n, k)."""
        if len(self.places) == 1:
            return np.asarray(spectra[:, self.places[0]], dtype=np.float64)
        return index_values(spectra, (self.places[0], self.places[1]))

    def values(self) -> FloatArray:
        """What was observed (n,)."""
        return self.of_spectra(self.series.values)

    def sigma(self, detection: Detection, expected: FloatArray) -> FloatArray:
        """Standard deviation (m,) of the noise at expected spectra (m, k)."""
        if len(self.places) == 1:
            return np.full(len(expected), float(detection.noise[self.places[0]]))
        places = (self.places[0], self.places[1])
        return index_sigma(expected, places, detection.noise, detection.correlation)

    def z(self, detection: Detection) -> FloatArray:
        """Residual (n,) in standard deviations; that of the bands takes their leverage into
        account.
        """
        if len(self.places) == 1:
            return np.asarray(detection.z[:, self.places[0]])
        expected = self.of_spectra(detection.expected)
        return (self.values() - expected) / self.sigma(detection, detection.expected)

    def model(self, detection: Detection, times: TimeArray) -> tuple[FloatArray, FloatArray]:
        """The model (m,) at ``times`` and the standard deviation of the noise around it."""
        spectra = expected_at(detection, times)
        return self.of_spectra(spectra), self.sigma(detection, spectra)
