# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates and the names they give."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.anomalies.labels import ALL_TYPES, SHIFT_DAYS, label
from calval_toolbox.core.anomalies.templates import NODES_NM, TYPES, interpolate, templates

VEGETATION = np.array([[0.03, 0.06, 0.04, 0.35, 0.20, 0.10]])
SAND = np.array([[0.14, 0.22, 0.33, 0.42, 0.52, 0.47]])
NOISE = np.full((1, 6), 0.001)
PLAIN = np.eye(6)[None]


def name(change: np.ndarray, expected: np.ndarray, **options) -> tuple[str, float, float]:
    found = label(change, expected, NOISE, PLAIN, NODES_NM, **options)
    np.testing.assert_allclose(found.shares.sum(axis=1), 1.0)
    return str(found.type[0]), float(found.amplitude[0]), float(found.confidence[0])


@pytest.mark.parametrize("expected", [VEGETATION, SAND], ids=["vegetation", "sand"])
@pytest.mark.parametrize("kind", TYPES)
def test_each_template_is_called_by_its_name(kind: str, expected: np.ndarray) -> None:
    sign = TYPES[kind][0] or 1
    size = 0.3 if TYPES[kind][2] == "percent" else 0.08
    place = list(TYPES).index(kind)
    change = sign * size * templates(expected, NODES_NM)[:, place]
    found, amplitude, confidence = name(change, expected)
    assert found == kind
    factor = 100.0 if TYPES[kind][2] == "percent" else 1.0
    assert amplitude == pytest.approx(sign * size * factor, rel=1e-6)
    assert confidence > 0.5


def test_aerosol_reacts_to_the_brightness_of_the_ground() -> None:
    place = list(TYPES).index("aot_under")
    dark = templates(VEGETATION, NODES_NM)[0, place]
    bright = templates(SAND, NODES_NM)[0, place]
    assert dark[0] == 1.0
    assert (dark > -0.01).all()
    assert abs(dark[3]) < 0.05  # near infrared of vegetation is about critical
    assert (bright[3:] < -0.05).all()


def test_the_offset_of_the_baseline_is_an_offset() -> None:
    for value in (0.1, -0.1):
        found, amplitude, confidence = name(np.full((1, 6), value), SAND)
        assert found == "offset"
        assert amplitude == pytest.approx(value, rel=1e-6)
        assert confidence > 0.9


def test_a_zigzag_is_unknown() -> None:
    zigzag = np.array([[0.05, -0.05, 0.05, -0.05, 0.05, -0.05]])
    assert name(zigzag, VEGETATION)[0] == "unknown"


def test_a_date_of_another_season_is_a_wrong_date() -> None:
    days = np.arange(365)
    wave = np.array([0.01, 0.01, 0.03, -0.12, 0.04, 0.05])
    season = VEGETATION + 0.05 + np.cos(2 * np.pi * days / 365.0)[:, None] * wave
    at = 100
    shifted = season[(at + SHIFT_DAYS.astype(int)) % 365][None]
    change = season[at + 80] - season[at]
    found, amplitude, _ = name(change[None], season[at][None], shifted=shifted)
    assert found == "wrong_date"
    assert amplitude == pytest.approx(80.0, abs=10.0)


def test_missing_bands_are_left_out() -> None:
    change = np.full((1, 6), 0.1)
    change[0, [1, 4]] = np.nan
    assert name(change, SAND)[0] == "offset"


def test_tables_are_interpolated_and_constant_beyond() -> None:
    table = np.arange(6.0)
    values = interpolate(table, np.array([400.0, 560.0, 700.0, 3000.0]))
    assert values[0] == 0.0
    assert values[1] == 1.0
    assert 2.0 < values[2] < 3.0
    assert values[3] == 5.0
    unknown = templates(SAND, np.where(NODES_NM == 560.0, np.nan, NODES_NM))
    assert (unknown[0, :, 1] == 0.0).all()


def test_all_types_are_the_agreed_words() -> None:
    assert {*ALL_TYPES, "none"} == {
        "cloud", "thin_cloud", "shadow", "aot_over", "aot_under", "gain", "offset", "wrong_date",
        "unknown", "none",
    }  # fmt: skip
