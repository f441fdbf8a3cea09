# SPDX-License-Identifier: GPL-3.0-or-later
"""Planted shifts are found, with errors that cover them, or a sentence says why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.dem.cells import cell_sides, square
from calval_toolbox.core.dem.coregister import coregister
from calval_toolbox.core.dem.shift import Pair
from calval_toolbox.core.dem.spikes import without_spikes
from calval_toolbox.core.errors import InsufficientDataError
from calval_toolbox.core.io.dem_files import read_dem

SIZE, WHOLE = 300, 432


def ground(rng: np.random.Generator) -> Any:
    """Fractal relief (432, 432), std 100 m, smooth below six cells, as waves: exact anywhere."""
    frequency = np.fft.fftfreq(WHOLE)
    k = np.hypot(frequency[:, None], frequency[None, :])
    k[0, 0] = 1.0
    waves = np.fft.fft2(rng.normal(size=(WHOLE, WHOLE))) * k**-2.0 * np.exp(-((k / 0.1) ** 2))
    return waves * (100.0 / np.fft.ifft2(waves).real.std())


def cut(waves: Any, columns: float = 0.0, rows: float = 0.0) -> Any:
    """The relief moved by so many cells (300, 300)."""
    frequency = np.fft.fftfreq(WHOLE)
    turn = np.exp(-2j * np.pi * (frequency[:, None] * rows + frequency[None, :] * columns))
    edge = (WHOLE - SIZE) // 2
    return np.fft.ifft2(waves * turn).real[edge : edge + SIZE, edge : edge + SIZE]


def pair(seed: int, columns: float, rows: float, noise: float = 1.0) -> tuple[Any, Any]:
    """Model, displaced by minus the shift and 4 m too high, and reference."""
    rng = np.random.default_rng(seed)
    waves = ground(rng)
    model = cut(waves, -columns, -rows) + 4.0 + rng.normal(0.0, noise, (SIZE, SIZE))
    return model.astype(np.float32), cut(waves).astype(np.float32)


@pytest.mark.parametrize(("columns", "rows"), [(0.31, -0.47), (2.5, 1.25), (-17.3, 11.8)])
def test_planted_shift(columns: float, rows: float) -> None:
    model, reference = pair(1, columns, rows)
    found = coregister(Pair(model, reference, square(10.0)))
    assert found.columns == pytest.approx(columns, abs=0.01)
    assert found.rows == pytest.approx(rows, abs=0.01)
    assert found.east == pytest.approx(10.0 * columns, abs=0.1)
    assert found.north == pytest.approx(-10.0 * rows, abs=0.1)
    assert found.up == pytest.approx(-4.0, abs=0.03)
    assert 0.6 < found.after < 1.1  # interpolation smooths the noise of the model
    assert found.before > 2.0 * found.after
    longer = [one for one in found.steps if abs(one.before - one.after) > 0.05]
    assert all(one.after < one.before for one in longer)


def test_steps_are_shifts_and_no_offsets_of_the_grids() -> None:
    model, reference = pair(1, 0.31, -0.47)
    found = coregister(Pair(model[7:, 5:], reference, square(10.0), columns=5.0, rows=7.0))
    assert (found.columns, found.rows) == pytest.approx((0.31, -0.47), abs=0.01)
    last = found.steps[-1]
    assert (last.columns, last.rows) == pytest.approx((found.columns, found.rows), abs=1e-6)


def test_changed_ground_and_holes() -> None:
    model, reference = pair(2, 1.4, -0.6)
    model[60:110, 40:160] += np.random.default_rng(5).exponential(30.0, (50, 120))
    model[200:230, 200:230] = np.nan
    reference[10:20, 250:290] = np.nan
    found = coregister(Pair(model, reference, square(1.0)))
    assert (found.columns, found.rows) == pytest.approx((1.4, -0.6), abs=0.01)
    assert found.up == pytest.approx(-4.0, abs=0.04)


def test_spikes_do_no_harm() -> None:
    """Single cells 40 m too high, in 5 % of the model: they spoil slopes, not only heights."""
    model, reference = pair(3, -2.37, 1.6, noise=1.0)
    spikes = np.random.default_rng(4).random((SIZE, SIZE)) < 0.05
    spoiled = model + np.where(spikes, 40.0, 0.0).astype(np.float32)
    found = coregister(Pair(spoiled, reference, square(1.0)), forgiving=True)
    assert (found.columns, found.rows) == pytest.approx((-2.37, 1.6), abs=0.02)
    assert found.up == pytest.approx(-4.0, abs=0.04)
    assert "4.6 % of the model, 0.0 % of the reference" in found.notes[-1]


def test_what_is_a_spike() -> None:
    y, x = np.mgrid[0:40, 0:40].astype(np.float32)
    height = 3.0 * x - 2.0 * y  # a slope has none, nor has a house, its corners included
    height[10:14, 20:26] += 15.0
    clean = height.copy()
    height[20, 20] += 9.0
    height[30, 5:7] -= 12.0
    height[5, 5] = clean[5, 5] = np.nan
    made, count = without_spikes(height)
    assert count == 3
    np.testing.assert_allclose(made, clean, atol=1e-3)
    assert without_spikes(clean)[1] == 0


def test_excluded_cells_do_not_count() -> None:
    model, reference = pair(3, 0.8, 0.4)
    # More than half of the ground has moved elsewhere: only the mask can tell which.
    model[:, 120:] = np.roll(model[:, 120:], 6, axis=0)
    excluded = np.zeros((SIZE, SIZE), dtype=bool)
    excluded[:, 110:] = True
    found = coregister(Pair(model, reference, square(1.0), excluded=excluded))
    assert (found.columns, found.rows) == pytest.approx((0.8, 0.4), abs=0.02)
    with pytest.raises(InsufficientDataError, match="exclude what has changed"):
        coregister(Pair(model, reference, square(1.0)))


def test_tilt() -> None:
    model, reference = pair(4, 0.5, 0.5, noise=0.3)
    place = np.arange(SIZE) - 0.5 * (SIZE - 1)
    # Too low by 2 m per km to the east, too high by 3 m per km to the north; cells of 10 m.
    model -= (2e-3 * 10.0 * place[None, :] + 3e-3 * 10.0 * place[:, None]).astype(np.float32)
    found = coregister(Pair(model, reference, square(10.0)), tilt=True)
    assert (found.tilt.east, found.tilt.north) == pytest.approx((2.0, -3.0), abs=0.02)
    assert (found.columns, found.rows) == pytest.approx((0.5, 0.5), abs=0.01)
    assert 0.15 < found.after < 0.33


def test_vertical_shift_alone() -> None:
    model, reference = pair(5, 0.0, 0.0)
    found = coregister(Pair(model, reference, square(1.0)), horizontal=False)
    assert (found.columns, found.rows) == (0.0, 0.0)
    assert found.up == pytest.approx(-4.0, abs=0.02)
    assert np.isnan(found.east_error)
    assert 0.001 < found.up_error < 0.03


def test_errors_cover_the_truth() -> None:
    """Noise correlated over ten cells: errors of independent cells would be far too small."""
    from scipy.ndimage import gaussian_filter

    scores = []
    for seed in range(30):
        rng = np.random.default_rng(seed + 10_000)
        columns, rows = rng.uniform(-1.5, 1.5, 2)
        model, reference = pair(seed, columns, rows, noise=0.1)
        noise = gaussian_filter(rng.normal(size=(SIZE, SIZE)), 4.0)
        found = coregister(Pair(model + 2.0 * noise / noise.std(), reference, square(1.0)))
        scores.append(
            (
                (found.columns - columns) / found.east_error,
                (found.rows - rows) / found.north_error,
                (found.up + 4.0) / found.up_error,
            )
        )
    inside = np.abs(np.array(scores)) < 2.0
    assert (inside.mean(axis=0) >= 0.8).all()
    spread = np.sqrt((np.array(scores) ** 2).mean(axis=0))
    assert (spread > 0.5).all()
    assert (spread < 1.6).all()


def test_identical_models() -> None:
    _, reference = pair(6, 0.0, 0.0)
    found = coregister(Pair(reference, reference, square(1.0)))
    assert (found.columns, found.rows, found.up, found.after) == (0.0, 0.0, 0.0, 0.0)
    assert "identical" in found.notes[0]


@pytest.mark.parametrize("noise", [1.0, 5.0])
@pytest.mark.parametrize("tilt", [False, True])
def test_noisy_models_that_lie_on_each_other(noise: float, tilt: bool) -> None:
    """Every move to the side smooths noise or adds to the spread: neither is a reason to fail."""
    rng = np.random.default_rng(11)
    model, reference = pair(1, 0.0, 0.0, noise)
    reference = reference + rng.normal(0.0, noise, reference.shape).astype(np.float32)
    found = coregister(Pair(model, reference, square(10.0)), tilt=tilt)
    assert abs(found.east) <= max(2.5 * found.east_error, 0.02)
    assert abs(found.north) <= max(2.5 * found.north_error, 0.02)
    assert 0.0 < found.east_error < 0.5
    assert 0.0 < found.north_error < 0.5
    assert found.up == pytest.approx(-4.0, abs=0.03 * noise)
    assert any("each other already" in note for note in found.notes)


@pytest.mark.parametrize("noise", [1.0, 5.0])
def test_shift_of_whole_cells_between_noisy_models(noise: float) -> None:
    """At the true shift nothing is smoothed: beside it NMAD may be smaller, the shift is not."""
    model, reference = pair(2, 3.0, 5.0, noise)
    found = coregister(Pair(model, reference, square(1.0)))
    assert (found.columns, found.rows) == pytest.approx((3.0, 5.0), abs=0.01 * noise)
    assert not any("already" in note for note in found.notes)


def test_whole_meters_at_a_part_of_a_cell() -> None:
    """Rounded alike, most cells agree to the meter: no interpolation brings NMAD below 0."""
    waves = ground(np.random.default_rng(1))
    model = np.round(cut(waves, -0.2)).astype(np.float32) + np.float32(4.0)
    reference = np.round(cut(waves)).astype(np.float32)
    found = coregister(Pair(model, reference, square(1.0)), forgiving=True)
    assert (found.columns, found.rows) == pytest.approx((0.2, 0.0), abs=0.005)
    assert found.before == 0.0 < found.after < 0.5
    assert any("NMAD does not fall" in note for note in found.notes)


def test_ground_that_tells_nothing() -> None:
    flat = np.full((100, 100), 12.0, dtype=np.float32)
    with pytest.raises(InsufficientDataError, match="flat"):
        coregister(Pair(flat + np.float32(1.0), flat, square(1.0)))
    few = flat.copy()
    few[10:] = np.nan
    few[:, 15:] = np.nan
    with pytest.raises(InsufficientDataError, match="Only 150 cells"):
        coregister(Pair(few, flat, square(1.0)))


def test_other_ground_is_refused() -> None:
    model, _ = pair(7, 0.0, 0.0)
    _, reference = pair(8, 0.0, 0.0)
    with pytest.raises(InsufficientDataError, match="do not show the same ground"):
        coregister(Pair(model, reference, square(1.0)))


def test_real_pair(shared_data: Path) -> None:
    folder = shared_data / "dem" / "srtm_coregistration"
    model = read_dem(str(folder / "srtm_blurred_and_shifted.tif"))
    reference = read_dem(str(folder / "srtm_ref.tif"))
    found = coregister(Pair(model.height, reference.height, cell_sides(reference.grid)))
    assert found.columns == pytest.approx(3.0, abs=0.005)
    assert found.rows == pytest.approx(5.0, abs=0.005)
    # 3 and 5 cells of 3 seconds of arc at 39.6 N, as another tool measured: 222.14, 459.08.
    assert found.up == pytest.approx(0.0, abs=0.1)
    assert found.before == pytest.approx(80.06, abs=0.01)
    assert found.after < 4.5
