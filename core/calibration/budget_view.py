# SPDX-License-Identifier: GPL-3.0-or-later
"""An uncertainty budget as it is looked at: out of a run of the database, or out of the tables of
``cross_tables.budget_table`` and ``correlation_table``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ..database.runs import Run
from ..errors import TableError
from ..table import Table
from ..types import FloatArray

COMBINED = "combined"
NEEDED = ("band", "contributor", "analytic_percent", "monte_carlo_percent")


@dataclass(frozen=True)
class BudgetView:
    """Standard uncertainties in percent of A_k.

    ``table``: a row per band and contributor: ``band``, ``contributor``, ``kind``,
    ``value_percent`` (Monte Carlo) and, where known, ``analytic_percent``; ``combined`` and
    ``combined_analytic``: all together, by band; ``correlation``: of the errors of two bands.
    """

    table: Table = field(default_factory=lambda: Table({}))
    combined: Mapping[str, float] = field(default_factory=dict)
    combined_analytic: Mapping[str, float] = field(default_factory=dict)
    correlation: Mapping[tuple[str, str], float] = field(default_factory=dict)

    @property
    def bands(self) -> tuple[str, ...]:
        """The bands in the order of the table."""
        names = self.table.texts("band").tolist() if len(self.table) else list(self.combined)
        return tuple(dict.fromkeys(names))

    def values(self, column: str = "value_percent") -> dict[tuple[str, str], float]:
        """A column by contributor and band, all together among them."""
        if not len(self.table) or column not in self.table:
            return {}
        names = zip(self.table.texts("contributor"), self.table.texts("band"), strict=True)
        found = dict(zip(names, self.table.floats(column).tolist(), strict=True))
        whole = self.combined if column == "value_percent" else self.combined_analytic
        return found | {(COMBINED, band): value for band, value in whole.items()}

    def correlation_range(self, bands: tuple[str, ...]) -> tuple[float, float] | None:
        """The least and the largest correlation between two different ones of ``bands``; None where
        none is known.
        """
        found = [
            value for (one, other), value in self.correlation.items()
            if one != other and one in bands and other in bands and np.isfinite(value)
        ]  # fmt: skip
        return (min(found), max(found)) if found else None


def is_budget(table: Table) -> bool:
    """Whether a table has the columns of ``cross_tables.budget_table``."""
    return all(key in table for key in NEEDED)


def budget_from_tables(table: Table, correlation: Table | None = None) -> BudgetView:
    """The budget in a table and, where there is one, that of the correlations between bands.

    Raises ``TableError`` where there are no rows.
    """
    if not len(table):
        raise TableError(f"{table.name} has no rows: there is no uncertainty to show.")
    whole = table.texts("contributor") == COMBINED
    parts = table.select(~whole)
    made = Table(
        {
            "band": parts.texts("band"), "contributor": parts.texts("contributor"),
            "kind": parts.texts("kind", ""), "value_percent": parts.floats("monte_carlo_percent"),
            "analytic_percent": parts.floats("analytic_percent"),
        },
        table.name,
    )  # fmt: skip
    rest = table.select(whole)
    return BudgetView(
        made, _by_band(rest, rest.floats("monte_carlo_percent")),
        _by_band(rest, rest.floats("analytic_percent")), _correlations(correlation),
    )  # fmt: skip


def budget_of_run(run: Run) -> BudgetView:
    """The budget that a run keeps (Monte Carlo), with the combined standard uncertainty of all
    sites and the whole time; correlations are not kept.
    """
    table, found = run.summaries, {}
    if len(table):
        whole = (table.texts("site") == "") & np.isfinite(table.floats("uncertainty"))
        for row in np.flatnonzero(whole):
            value = 100.0 * table.floats("uncertainty")[row] / table.floats("mean")[row]
            found[str(table["band"][row])] = float(value)
    return BudgetView(run.contributions, found)


def _by_band(table: Table, values: FloatArray) -> dict[str, float]:
    pairs = zip(table.texts("band").tolist(), values.tolist(), strict=True)
    return {band: value for band, value in pairs if np.isfinite(value)}


def _correlations(table: Table | None) -> dict[tuple[str, str], float]:
    if table is None or not all(key in table for key in ("band", "other", "correlation")):
        return {}
    names = zip(table.texts("band").tolist(), table.texts("other").tolist(), strict=True)
    return dict(zip(names, table.floats("correlation").tolist(), strict=True))
