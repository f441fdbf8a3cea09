# SPDX-License-Identifier: GPL-3.0-or-later
"""Types are decided strip by strip; where strips begin and how high they are changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.anomalies.spatial import neighbors, types_in_space
from calval_toolbox.core.anomalies.spatial.codes import CODES, UNTESTED
from calval_toolbox.core.anomalies.spatial.tiles import CLEAR_BIT, ODD
from calval_toolbox.core.anomalies.spatial.types_in_space import final_types, type_counts

ROWS, COLUMNS = 61, 43
CODES_SEEN = [CODES[name] for name in ("cloud", "thin_cloud", "shadow", "unknown")]


def planes() -> tuple[np.ndarray, np.ndarray]:
    """Patches of local types with unknown pixels at their edges, gaps, and edges of fields."""
    rng = np.random.default_rng(5)
    patch = rng.choice([0, *CODES_SEEN], (ROWS // 6 + 1, COLUMNS // 6 + 1), p=[0.84, *[0.04] * 4])
    best = patch.repeat(6, 0).repeat(6, 1)[:ROWS, :COLUMNS].astype(np.uint8)
    best[(best > 0) & (rng.random(best.shape) < 0.45)] = CODES["unknown"]
    best[rng.random(best.shape) < 0.03] = UNTESTED
    state = np.where(best == UNTESTED, 0, CLEAR_BIT + ODD * (rng.random(best.shape) < 0.3))
    made = np.stack([best, best, best, state.astype(np.uint8)])
    return made, rng.random(best.shape) < 0.02


@pytest.mark.parametrize("largest_side", [1500, 20])
@pytest.mark.parametrize("kind", ["none", "gain", "shift", "wrong_date"])
def test_any_height_of_strips(
    monkeypatch: pytest.MonkeyPatch, kind: str, largest_side: int
) -> None:
    monkeypatch.setattr(neighbors, "LARGEST_SIDE", largest_side)
    image, edges = planes()
    found = []
    for rows, cells in ((10_000, 10_000), (2, 1), (7, 2), (8, 3), (60, 5)):
        monkeypatch.setattr(types_in_space, "_STRIP", rows)
        monkeypatch.setattr(neighbors, "_CELLS_AT_ONCE", cells)
        found.append(final_types(image, edges, kind))
        assert sum(type_counts(found[0]).values()) == sum(type_counts(found[-1]).values())
    assert all(np.array_equal(one, found[0]) for one in found)
    assert (found[0] != image[1]).any()


def test_counts_of_types() -> None:
    types = np.zeros((600, 5), np.uint8)
    types[10:12], types[590:], types[300] = CODES["cloud"], CODES["shift"], UNTESTED
    assert type_counts(types) == {"cloud": 10, "shift": 50}
