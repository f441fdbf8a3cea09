# SPDX-License-Identifier: GPL-3.0-or-later
"""Random fields have the spread, the share and the size that are asked for."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.simulation.fields import enlarge, patches, smooth_noise


def test_smooth_noise_is_smooth_along_its_scale_only() -> None:
    noise = smooth_noise((200, 160), (12.0, 1.0), np.random.default_rng(3))
    assert noise.shape == (200, 160)
    assert (noise.mean(), noise.std()) == pytest.approx((0.0, 1.0))
    along = np.mean(noise[:-2] * noise[2:])
    across = np.mean(noise[:, :-2] * noise[:, 2:])
    assert along > 0.9
    assert abs(across) < 0.2


@pytest.mark.parametrize("share", [0.0, 0.07, 0.5, 1.0])
def test_patches_cover_their_share(share: float) -> None:
    covered = patches((100, 120), share, 9.0, np.random.default_rng(4))
    assert covered.mean() == pytest.approx(share, abs=0.001)


def test_cells_become_pixels() -> None:
    made = enlarge(np.array([[1, 2], [3, 4]]), 2, 3)
    assert made.tolist() == [[1, 1, 2], [1, 1, 2], [3, 3, 4]]
