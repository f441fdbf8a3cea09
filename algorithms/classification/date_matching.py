# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameter that says how features of other years are matched."""

from __future__ import annotations

from ..base import make, tr

DATE_MATCHING = "DATE_MATCHING"
BY_NAME, BY_ORDER = "name", "order"


def date_matching(text: str) -> make.Definition:
    """DATE_MATCHING; ``text`` says what it means here."""
    return make.choice(
        DATE_MATCHING, tr("Dates of features"), text, (BY_NAME, BY_ORDER), BY_NAME, advanced=True
    )
