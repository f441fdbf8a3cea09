# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of ``cloud_impact.impact_table`` as curves over the threshold, to be looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import TableError
from ..table import Table
from ..types import AnyArray, FloatArray

NEEDED = ("test", "threshold", "band", "pairs", "a_k", "change_percent")


@dataclass(frozen=True)
class ImpactCurve:
    """One band under one test, by ascending ``threshold`` (t,).

    ``pairs``: how many are left; ``a_k``: their mean, ``error_percent`` its standard error,
    ``sd_percent`` and ``robust_sd_percent`` the scatter of one pair, ``change_percent`` of the mean
    against the screening as set, all in percent of A_k and NaN where no pair is left;
    ``target_passed``, ``reference_passed``: observations of either sensor that pass (NaN: not
    known).
    """

    test: str
    band: str
    threshold: FloatArray
    pairs: AnyArray
    a_k: FloatArray
    error_percent: FloatArray
    sd_percent: FloatArray
    robust_sd_percent: FloatArray
    change_percent: FloatArray
    target_passed: FloatArray
    reference_passed: FloatArray

    @property
    def as_set(self) -> float:
        """The mean A_k with the screening as set, which all changes are against; NaN for none."""
        known = np.isfinite(self.a_k + self.change_percent)
        if not known.any():
            return float("nan")
        return float(np.median(self.a_k[known] / (1.0 + self.change_percent[known] / 100.0)))


@dataclass(frozen=True)
class ImpactCurves:
    """All curves: ``tests`` and ``bands`` in the order of the table."""

    tests: tuple[str, ...]
    bands: tuple[str, ...]
    curves: tuple[ImpactCurve, ...]

    def of(self, test: str) -> tuple[ImpactCurve, ...]:
        """The curves of one test, by band."""
        return tuple(one for one in self.curves if one.test == test)


def is_impact(table: Table) -> bool:
    """Whether a table has the columns of ``cloud_impact.impact_table``."""
    return all(key in table for key in NEEDED)


def impact_curves(table: Table) -> ImpactCurves:
    """The curves in a table; raises ``TableError`` where it has no rows or other columns."""
    missing = [key for key in NEEDED if key not in table]
    if missing:
        raise TableError(
            f"{table.name} is no table of the impact of clouds: it has no column '{missing[0]}'. "
            "Open the output of 'Study the impact of clouds on Antarctic calibration'."
        )
    if not len(table):
        raise TableError(f"{table.name} has no rows: there is no threshold to show.")
    test, band = table.texts("test"), table.texts("band")
    tests, bands = (tuple(dict.fromkeys(one.tolist())) for one in (test, band))
    made = []
    for name in tests:
        for of_band in bands:
            rows = np.flatnonzero((test == name) & (band == of_band))
            if len(rows):
                made.append(_curve(table, name, of_band, rows))
    return ImpactCurves(tests, bands, tuple(made))


def _curve(table: Table, test: str, band: str, rows: AnyArray) -> ImpactCurve:
    threshold = table.floats("threshold")
    rows = rows[np.argsort(threshold[rows], kind="stable")]
    pairs = np.nan_to_num(table.floats("pairs")[rows]).astype(np.int64)
    numbers = {
        key: table.floats(column, np.nan)[rows]
        for key, column in (
            ("a_k", "a_k"), ("error_percent", "standard_error_percent"),
            ("sd_percent", "pair_sd_percent"), ("robust_sd_percent", "robust_sd_percent"),
            ("change_percent", "change_percent"), ("target_passed", "target_passed"),
            ("reference_passed", "reference_passed"),
        )
    }  # fmt: skip
    return ImpactCurve(test, band, threshold[rows], pairs, **numbers)
