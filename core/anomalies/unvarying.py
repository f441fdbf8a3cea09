# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that never vary: they have no noise, so that no test can judge them."""

from __future__ import annotations

import numpy as np

from ..types import AnyArray, BoolArray
from ..wording import plural


def constant_pixels(values: AnyArray, clear: BoolArray | None = None) -> BoolArray:
    """Which pixels (...) of ``values`` (n, b, ...), NaN where there is no observation, have one
    value in each band on all dates; False where there is none. ``clear`` (n, ...): what counts.
    """
    where = True if clear is None else clear[:, None]
    with np.errstate(invalid="ignore"):
        low = np.fmin.reduce(values, axis=0, initial=np.nan, where=where)
        high = np.fmax.reduce(values, axis=0, initial=np.nan, where=where)
    known = np.isfinite(low)
    found: BoolArray = known.any(axis=0) & ((low == high) | ~known).all(axis=0)
    return found


def constant_count(values: AnyArray, clear: BoolArray, least: int) -> dict[str, int]:
    """How many pixels of ``values`` (n, b, rows, columns) never vary, of those that have a value on
    ``least`` dates that are ``clear`` (n, rows, columns): as ``constant``, empty for none.
    """
    places = constant_pixels(values, clear)
    if not places.any():
        return {}
    # Their values are all the same: few have to be looked at.
    seen = np.isfinite(values[:, :, places]).any(axis=1) & clear[:, places]
    count = int(np.count_nonzero(seen.sum(axis=0) >= least))
    return {"constant": count} if count else {}


def constant_note(constant: int, tested: int, what: str = "pixel") -> str:
    """A sentence where ``constant`` of ``tested`` pixels or sites do not vary; empty for none."""
    if not constant:
        return ""
    of = plural(constant, what)
    who = f"all {of}" if constant == tested > 1 else f"{of} of {tested:,}"
    return (
        f"The values of {who} do not vary over time: they are the same on all clear dates, and "
        "nothing can be judged there, although no change is told. Check the bands, SCALE and the "
        "files."
    )
