# SPDX-License-Identifier: GPL-3.0-or-later
"""Styles of AOT validation: match-ups, ranked sites, photometers, satellite AOT."""

from __future__ import annotations

from pathlib import Path

from osgeo import gdal
from qgis.core import QgsMapLayer

from calval_toolbox.core.report import palette

from .rasters import graded
from .symbols import hollow, label, marker, points, rules

AOT_STEPS = (0.0, 0.1, 0.2, 0.4, 0.8, 1.3)
MATCHUP_TIP = (
    '<b>[% site %]</b><br>[% time %]<br>satellite [% round("satellite", 3) %], '
    'AERONET [% round("reference", 3) %], difference [% round("difference", 3) %]<br>'
    "[% if(\"accepted\" = 1, 'accepted', 'rejected: ' || \"reason\") %]"
)
RANKING_TIP = (
    "<b>[% site %]</b><br>[% coalesce('not ranked: ' || nullif(\"not_ranked\", ''), 'tier ' || "
    "\"tier\" || ', score ' || round(\"score\", 3) || ' [' || round(\"ci_low\", 3) || ', ' || "
    "round(\"ci_high\", 3) || ']') %]<br>n = [% n %]"
)
AERONET_TIP = (
    '<b>[% site %]</b><br>[% time %]<br>AOT [% round("aot", 3) %], level [% level %], '
    "instrument [% instrument %]"
)
SATELLITE_TIP = (
    '<b>[% site %]</b><br>[% time %]<br>AOT [% round("aot_mean", 3) %] ± '
    '[% round("aot_std", 3) %] over [% window_m %] m<br>[% product %]<br>[% status %]'
)


def aot_matchups() -> QgsMapLayer:
    """Match-ups: accepted ones filled, rejected ones as gray rings behind them."""
    layer = points(
        "site:string", "time:string", "satellite:double", "reference:double",
        "difference:double", "accepted:integer", "reason:string",
    )  # fmt: skip
    rules(
        layer,
        [
            ("Accepted", '"accepted" = 1', marker(palette.ACCEPTED, 2.6)),
            ("Rejected", '"accepted" = 0', hollow(palette.REJECTED, 3.4)),
        ],
    )
    layer.setMapTipTemplate(MATCHUP_TIP)
    return layer


def sites_ranking() -> QgsMapLayer:
    """Ranked sites: one color per tier, larger for the better; rings where a site has no rank."""
    layer = points(
        "site:string", "n:integer", "score:double", "ci_low:double", "ci_high:double",
        "tier:integer", "not_ranked:string",
    )  # fmt: skip
    last = len(palette.TIERS)
    choices = [
        (
            f"Tier {tier}" if tier < last else f"Tier {tier} and further",
            f'"tier" = {tier}' if tier < last else f'"tier" >= {tier}',
            marker(palette.tier_color(tier), 5.2 - 0.6 * tier, palette.INK),
        )
        for tier in range(1, last + 1)
    ]
    ring = hollow(palette.REJECTED, 2.6)
    rules(layer, [*choices, ("Not ranked", 'coalesce("tier", 0) < 1', ring)])
    label(layer, "site")
    layer.setMapTipTemplate(RANKING_TIP)
    return layer


def aeronet() -> QgsMapLayer:
    """Photometer observations: the reference color, a diamond as in the plots."""
    layer = points("site:string", "time:string", "aot:double", "level:string", "instrument:string")
    level_2 = marker(palette.REFERENCE, 3.2, palette.INK, "diamond")
    other = hollow(palette.REFERENCE, 3.2, "diamond")
    rules(
        layer,
        [("Level 2.0", 'to_real("level") >= 2', level_2), ("Other levels", "ELSE", other)],
    )
    layer.setMapTipTemplate(AERONET_TIP)
    return layer


def satellite_aot() -> QgsMapLayer:
    """Satellite AOT at the sites: color by AOT, a ring where there is none."""
    layer = points(
        "site:string", "time:string", "window_m:double", "aot_mean:double", "aot_std:double",
        "product:string", "status:string",
    )  # fmt: skip
    bounds = [*AOT_STEPS, 10.0]
    choices = [
        (
            f"AOT {low:g} to {high:g}" if high < 10.0 else f"AOT above {low:g}",
            f'"aot_mean" >= {low:g} AND "aot_mean" < {high:g}',
            marker(color, 3.0, palette.INK),
        )
        for low, high, color in zip(bounds, bounds[1:], palette.HAZE, strict=False)
    ]
    choices[0] = ("AOT up to 0.1", '"aot_mean" < 0.1', choices[0][2])
    none = marker(palette.MASKED, 2.0, palette.REJECTED)
    rules(layer, [*choices, ("No AOT", '"aot_mean" IS NULL', none)])
    layer.setMapTipTemplate(SATELLITE_TIP)
    return layer


def aot(folder: Path) -> QgsMapLayer:
    """AOT from clear (light) to thick haze (dark), the same colors as the points."""
    return graded(folder, gdal.GDT_Float32, AOT_STEPS, palette.HAZE)


VECTORS = (aot_matchups, sites_ranking, aeronet, satellite_aot)
RASTERS = (aot,)
