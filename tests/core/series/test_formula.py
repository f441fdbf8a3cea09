# SPDX-License-Identifier: GPL-3.0-or-later
"""Formulas of bands: what they compute, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.errors import InputError
from calval_toolbox.core.series.formula import formula_of

BANDS = ("B4", "B8", "B8A", "b0", "2nd band")
WAVES = [664.6, 832.8, 864.7, np.nan, np.nan]
VALUES = {
    "B4": np.array([0.1, 0.2]), "B8": np.array([0.4, -0.2]), "B8A": np.array([0.3, 0.3]),
    "b0": np.array([2.0, 2.0]), "2nd band": np.array([7.0, 8.0]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "bands", "expected"),
    [
        ("(B8 - B4) / (B8 + B4)", ("B8", "B4"), [0.6, -np.inf]),
        ("NDVI", ("B8A", "B4"), [0.5, 0.2]),
        ("2.5*(B8-B4)/(B8+2.4*B4+1)", ("B8", "B4"), [0.75 / 1.64, -1.0 / 1.28]),
        ("-B4 + b0**2", ("B4", "b0"), [3.9, 3.8]),
        ("B8", ("B8",), [0.4, -0.2]),
        ("2nd band", ("2nd band",), [7.0, 8.0]),
    ],
)
def test_value(text: str, bands: tuple[str, ...], expected: list[float]) -> None:
    formula = formula_of(text, BANDS, WAVES)
    assert set(formula.bands) == set(bands)
    assert formula.of(VALUES) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    ["", "1 + 2", "B4 ** B8 if B4 else 1", "B4.real", "B4()", "B4[0]", "[B4]", "B4 and B8",
     "B4 //2", "(" * 300 + "B4" + ")" * 300, "True + B4", "'x' * B4"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="cannot be computed|is no band"):
        formula_of(text, BANDS, WAVES)


def test_unknown_wavelengths_are_said() -> None:
    with pytest.raises(InputError, match="NBR needs a band near 2200 nm"):
        formula_of("NBR", BANDS, WAVES)
