# SPDX-License-Identifier: GPL-3.0-or-later
"""Formulas of bands: what they compute, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.errors import InputError
from calval_toolbox.core.series.formula import formula_of

BANDS = ("B4", "B8", "B8A", "SWIR", "b0", "2nd band")
WAVES = [664.6, 832.8, 864.7, 1613.7, np.nan, np.nan]
VALUES = {
    "B4": np.array([0.1, 0.2]), "B8": np.array([0.4, -0.2]), "B8A": np.array([0.3, 0.3]),
    "SWIR": np.array([0.2, 0.3]),
    "b0": np.array([2.0, 2.0]), "2nd band": np.array([7.0, 8.0]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "bands", "expected"),
    [
        ("(B8 - B4) / (B8 + B4)", ("B8", "B4"), [0.6, np.nan]),  # nothing is divided by 0
        ("NDVI", ("B8A", "B4"), [0.5, 0.2]),
        ("2.5*(B8-B4)/(B8+2.4*B4+1)", ("B8", "B4"), [0.75 / 1.64, -1.0 / 1.28]),
        ("-B4 + b0**2", ("B4", "b0"), [3.9, 3.8]),
        ("B8", ("B8",), [0.4, -0.2]),
        ("2nd band", ("2nd band",), [7.0, 8.0]),
        ("NDWI_GAO", ("B8A", "SWIR"), [0.2, 0.0]),
        ("NDMI", ("B8A", "SWIR"), [0.2, 0.0]),
        ("SAVI", ("B8A", "B4"), [1.5 * 0.2 / 0.9, 0.15]),
        ("BRIGHTNESS", ("B4", "B8", "B8A", "SWIR"), [np.sqrt(0.3), np.sqrt(0.26)]),
        ("max(B4, B8) - min(B4, B8, B8A)", ("B4", "B8", "B8A"), [0.3, 0.4]),
        ("sqrt(abs(B8)) + log10(b0 * 50)", ("B8", "b0"), [2 + 0.4**0.5, 2 + 0.2**0.5]),
        ("where(B8 > 0, B8, log(B8) - b0)", ("B8", "b0"), [0.4, np.nan]),
        ("where(sqrt(B8) > 0.5, 1, 2)", ("B8",), [1.0, np.nan]),  # unknown is neither
        ("exp(B4 - B4) * (B4 < B8)", ("B4", "B8"), [1.0, 0.0]),
        ("B4 / (B8A - B8A + 1e-7)", ("B4", "B8A"), [np.nan, np.nan]),
    ],
)
def test_value(text: str, bands: tuple[str, ...], expected: list[float]) -> None:
    formula = formula_of(text, BANDS, WAVES)
    assert set(formula.bands) == set(bands)
    assert formula.of(VALUES) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    "text",
    ["", "1 + 2", "B4 ** B8 if B4 else 1", "B4.real", "B4()", "B4[0]", "[B4]", "B4 and B8",
     "B4 //2", "(" * 300 + "B4" + ")" * 300, "True + B4", "'x' * B4", "eval(B4)",
     "min(B4)", "sqrt(B4, B8)", "max(B4, *B8)", "abs(x=B4)", "min.real(B4, B8)", "B4 < B8 < b0",
     "where(B4, B8)", "min", "(lambda: B4)()", "sqrt(B4)(B8)", "B4 if B8 else b0"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="cannot be computed|is no band"):
        formula_of(text, BANDS, WAVES)


def test_unknown_wavelengths_are_said() -> None:
    with pytest.raises(InputError, match="NBR needs a band near 2200 nm"):
        formula_of("NBR", BANDS, WAVES)
