# SPDX-License-Identifier: GPL-3.0-or-later
"""Rankings and comparisons of campaigns as tables; match-up tables with a check that they are some.

The column names are a contract between algorithms, styles, panels and models.
"""

from __future__ import annotations

import numpy as np

from ..errors import TableError
from ..io.tables import points
from ..table import Table, from_rows
from .matchup_tables import matchups_from_table
from .types import CampaignComparison, MatchUps, Ranking, SiteRank

NEEDED = ("site", "time", "satellite", "reference", "accepted")
RANKING = {
    "site": "text",
    "n": "int",
    "months": "int",
    "score": "float",
    "ci_low": "float",
    "ci_high": "float",
    "rank": "float",
    "rank_low": "float",
    "rank_high": "float",
    "tier": "int",
    "p_best": "float",
    "raw_score": "float",
    "bias": "float",
    "scatter": "float",
    "flags": "text",
    "flag_details": "text",
    "not_ranked": "text",
    "longitude": "float",
    "latitude": "float",
}
FLAGS = ("outliers", "drift", "instrument", "representativeness", "network", "products")
CAMPAIGNS = {
    "scope": "text",
    "quantity": "text",
    "count_a": "int",
    "count_b": "int",
    "value_a": "float",
    "value_b": "float",
    "difference": "float",
    "difference_low": "float",
    "difference_high": "float",
    "p_value": "float",
    "adjusted": "bool",
    "detectable": "float",
}


def read_matchups(table: Table) -> MatchUps:
    """Match-ups of a table made by ``compareaot``.

    Raises ``TableError`` for another table, or for one without rows.
    """
    missing = [name for name in NEEDED if name not in table]
    if missing:
        raise TableError(
            f"{table.name} is not a match-up table: it has no column '{missing[0]}'. Give the "
            "table MATCHUPS of the AOT comparison (compareaot)."
        )
    if not len(table):
        raise TableError(
            f"{table.name} holds no match-up. Compare satellite and photometer first (compareaot)."
        )
    return matchups_from_table(table)


def ranking_to_table(ranking: Ranking, name: str = "site_ranking") -> Table:
    """One point per site, ranked ones first.

    ``flags`` names the lights that are not green; each flag also has a column ``flag_NAME`` with
    its light, empty where it could not be tested.
    """
    fields = {**RANKING, **{f"flag_{flag}": "text" for flag in FLAGS}}
    table = from_rows([_row(site) for site in ranking.sites], fields, name)
    return Table(
        table.columns, name, points(table["longitude"], table["latitude"]), notes=ranking.notes
    )


def comparison_to_table(comparison: CampaignComparison, name: str = "campaigns") -> Table:
    """One row per scope and quantity, in the order of the comparison."""
    rows = [
        {
            **{key: getattr(one, key) for key in CAMPAIGNS if hasattr(one, key)},
            "difference": one.difference.value,
            "difference_low": one.difference.low,
            "difference_high": one.difference.high,
        }
        for one in comparison.differences
    ]
    table = from_rows(rows, CAMPAIGNS, name)
    count = len(table)
    names = {
        "campaign_a": np.full(count, comparison.name_a, dtype=object),
        "campaign_b": np.full(count, comparison.name_b, dtype=object),
    }
    return Table({**names, **table.columns}, name, notes=comparison.notes)


def _row(site: SiteRank) -> dict[str, object]:
    warned = [f"{name} {light}" for name, light in site.flags.items() if light != "green"]
    return {
        "site": site.site,
        "n": site.count,
        "months": site.months,
        "score": site.score.value,
        "ci_low": site.score.low,
        "ci_high": site.score.high,
        "rank": site.rank.value,
        "rank_low": site.rank.low,
        "rank_high": site.rank.high,
        "tier": site.tier,
        "p_best": site.p_best,
        "raw_score": site.raw_score,
        "bias": site.bias,
        "scatter": site.scatter,
        "flags": "; ".join(warned),
        "flag_details": "; ".join(f"{name}: {text}" for name, text in site.flag_details.items()),
        "not_ranked": site.not_ranked,
        "longitude": site.longitude,
        "latitude": site.latitude,
        **{f"flag_{name}": light for name, light in site.flags.items()},
    }
