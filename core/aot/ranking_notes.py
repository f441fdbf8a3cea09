# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences that keep a ranking honest: what was used, and what the order cannot say."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .ranking_bootstrap import Estimate, Model
from .ranking_network import MIN_NETWORK
from .ranking_series import Network, RankSettings

ALWAYS = (
    "Reliable means: agrees with these products, in this period. A site that is bad for one "
    "product may only show that product's error over its surface, such as a bright desert.",
    "AERONET stands in cities and mountains: how well a site stands for its surroundings, not its "
    "photometer, decides most of the score.",
    "Level 2.0 arrives up to about a year late: recent sites look worse than they are, or are "
    "absent.",
    "Only clear skies are compared, on both sides, and at one hour of the day: errors beside "
    "clouds or at other hours stay unseen.",
    "Products that store AOT in 8 bits are clipped (MAJA at 1.275): thick haze is missing from the "
    "match-ups.",
    "Sites with low AOT have small errors and a poor correlation: correlation is not used.",
    "Pixels of one AOT window are not independent: the standard deviation in a window says how "
    "uniform it is, not how certain its mean is.",
    "Aerosol models may have been tuned with the same AERONET data: agreement is then partly "
    "built in.",
    "The order inside a tier means nothing: those sites cannot be told apart.",
)
ALONE = (
    "One product only: site and product effects cannot be separated. A large bias may be the "
    "product's error over the surface of that site."
)


def ranking_notes(
    model: Model | None,
    point: Estimate | None,
    network: Network,
    settings: RankSettings,
    by_year: Mapping[int, float] | None = None,
) -> tuple[str, ...]:
    """What was ranked and how, then the limits that hold for every ranking."""
    notes = [_gate(settings), *_selection(network, settings)]
    if model is not None and point is not None:
        notes += [*_bias(model), *_products(model, point), _outliers(model)]
        if model.ranked.any():
            notes.append(_intervals(settings))
    if by_year:
        worst = min(by_year, key=lambda year: by_year[year])
        notes.append(
            f"Without one of the years {min(by_year)} to {max(by_year)} the order stays alike with "
            f"a Kendall tau of {by_year[worst]:.2f} (without {worst}) or more; 1 is the same order."
        )
    return (*notes, *ALWAYS)


def _gate(settings: RankSettings) -> str:
    return (
        f"Ranked are sites with at least {settings.min_matchups} match-ups in "
        f"{settings.min_months} months and {settings.min_seasons} seasons."
    )


def _selection(network: Network, settings: RankSettings) -> list[str]:
    notes = []
    if np.isfinite(network.window_m):
        notes.append(f"Match-ups of the satellite window of {network.window_m:g} m are ranked.")
    if network.other_level:
        notes.append(
            f"{network.other_level} match-ups of another level than {settings.level} were left out."
        )
    return notes


def _bias(model: Model) -> list[str]:
    names = model.network.products
    without = [names[i] or "the product" for i, grid in enumerate(model.grids) if grid is None]
    notes = []
    if len(without) < len(names):
        notes.append(
            "Residuals are taken against the bias that the other sites show at the same AOT; "
            "scores are relative to this network."
        )
    if without:
        notes.append(
            f"Fewer than {MIN_NETWORK} sites have {', '.join(without)}: no bias common to all "
            "sites was taken off, so sites with high AOT may look worse than they are."
        )
    return notes


def _products(model: Model, point: Estimate) -> list[str]:
    names, sites = model.network.products, len(model.network.sites)
    if len(names) < 2:
        return [ALONE]
    count = [len(model.network.of_site(site)) for site in range(sites)]
    if max(count) < 2:
        return [f"No site has more than one of the {len(names)} products. {ALONE}"]
    effects = point.effects[0, :sites][np.array(count) > 1]
    return [
        f"{len(names)} products: the score of a site uses what they have in common there. "
        f"Over {len(effects)} sites with several products the site effects have a standard "
        f"deviation of {np.std(effects):.3f} AOT; what single products add at single sites has "
        f"{model.interaction_sd:.3f} AOT, widens the intervals, and is left to the flag 'products'."
    ]


def _outliers(model: Model) -> str:
    used = int(model.network.used.sum())
    kept = sum(len(part) for part in model.network.series)
    return (
        f"{used - kept} of {used} match-ups lie more than 3 scatters from the median of their "
        "site: they are counted by the flag 'outliers' and left out of bias and scatter."
    )


def _intervals(settings: RankSettings) -> str:
    return (
        f"Intervals ({100 * settings.confidence:g} %) and probabilities come from "
        f"{settings.n_bootstrap} draws of whole months and of the weights of the sites "
        f"(seed {settings.seed})."
    )
