# SPDX-License-Identifier: GPL-3.0-or-later
"""Local contrast tells gain from offset, and aerosol from thin cloud, over bright ground."""

from __future__ import annotations

import json

import numpy as np
import pytest

from calval_toolbox.core.anomalies.physics import haze_over, wrong_aot
from calval_toolbox.core.anomalies.spatial.image_laws import KINDS, fit, shape_errors, shapes
from calval_toolbox.core.anomalies.spatial.texture import pair_scatter, texture_of, texture_sums
from calval_toolbox.core.io.tile_files import to_json
from calval_toolbox.core.simulation.fields import smooth_noise

SIDE = 60
NM = np.array([490.0, 560.0, 665.0, 865.0, 1610.0, 2200.0])
SAND = np.array([0.14, 0.21, 0.30, 0.38, 0.46, 0.42])


def ground(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.stack([0.3 + 0.03 * smooth_noise((SIDE, SIDE), 3.0, rng) for _ in range(2)])


@pytest.mark.parametrize(("gain", "offset"), [(0.0, 0.0), (0.0, 0.05), (0.08, 0.0), (-0.2, 0.03)])
def test_contrast_follows_the_gain_alone(gain: float, offset: float) -> None:
    rng, parts = np.random.default_rng(1), []
    used = np.ones((SIDE, SIDE), bool)
    used[:, 40:] = False
    for seed in (3, 4):
        expected = ground(seed)
        quiet = [(rng.normal(0.0, 0.005, expected.shape), used) for _ in range(10)]
        residual = gain * expected + offset + rng.normal(0.0, 0.005, expected.shape)
        residual[:, :, 45:] += 5.0  # not used
        sums = texture_sums(residual, expected, used, pair_scatter(quiet))
        parts.append(json.loads(to_json(sums)))
    assert texture_of(parts) == pytest.approx([gain, gain], abs=0.01)


def test_noisy_pairs_count_less() -> None:
    rng, expected = np.random.default_rng(2), ground(5)
    used = np.ones((SIDE, SIDE), bool)
    noise = np.full((SIDE, SIDE), 0.002)
    noise[:, :30] = 0.2
    dates = [(rng.normal(0.0, 1.0, expected.shape) * noise, used) for _ in range(40)]
    scatter = pair_scatter(dates[:30])
    found = [texture_of([texture_sums(off, expected, used, scatter)]) for off, _ in dates[30:]]
    assert np.std(found) < 0.01
    even = tuple(np.ones_like(one) for one in scatter)
    plain = [texture_of([texture_sums(off, expected, used, even)]) for off, _ in dates[30:]]
    assert np.std(plain) > 5.0 * np.std(found)


def test_flat_ground_has_no_contrast() -> None:
    flat, used = np.full((1, 20, 20), 0.3), np.ones((20, 20), bool)
    sums = texture_sums(flat * 0.1, flat, used, pair_scatter([(flat * 0.0, used)]))
    assert np.isnan(texture_of([sums])).all()


@pytest.mark.parametrize(("kind", "amount"), [("aot_under", 0.3), ("thin_cloud", 0.3)])
def test_aerosol_and_thin_cloud_over_bright_ground(kind: str, amount: float) -> None:
    """By radiative transfer, which knows other spectra than the laws."""
    act = wrong_aot if kind == "aot_under" else haze_over

    def changed(rho: np.ndarray) -> np.ndarray:
        return act(rho[None], NM, np.array([amount]))[0] - rho

    textured = np.arange(len(NM))
    slope = (changed(SAND + 1e-3) - changed(SAND - 1e-3)) / 2e-3
    noise = np.concatenate((np.full(6, 0.006), np.full(6, 0.012)))
    residual = np.concatenate((changed(SAND), slope)) / noise
    law = shapes(SAND[None], NM, textured)[0] / noise
    errors = shape_errors(SAND[None], NM, textured)[0] / noise
    likelihood = [fit(residual, law[i], errors[i], name)[0] for i, name in enumerate(KINDS)]
    order = [KINDS[i] for i in np.argsort(likelihood)[::-1]]
    assert order[0] == kind
    assert likelihood[KINDS.index(kind)] > sorted(likelihood)[-2] + np.log(2.0)
