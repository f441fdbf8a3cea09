# SPDX-License-Identifier: GPL-3.0-or-later
"""Spectral indices as formulas of bands, such as ``(B8 - B4) / (B8 + B4)``, or by their name."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError
from ..types import AnyArray, FloatArray

# Normalized differences (first - second) / (first + second), by wavelength in nm: Tucker 1979
# (10.1016/0034-4257(79)90013-0), Key & Benson 2006, Gao 1996 (10.1016/S0034-4257(96)00067-3),
# McFeeters 1996 (10.1080/01431169608948714).
INDICES: dict[str, tuple[float, float]] = {
    "NDVI": (860.0, 660.0),
    "NBR": (860.0, 2200.0),
    "NDMI": (860.0, 1610.0),
    "NDWI": (560.0, 860.0),
}
_TOLERANCE = 0.08  # of the wavelength
_BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}  # fmt: skip
_UNARY: dict[type, Callable[[Any], Any]] = {ast.USub: operator.neg, ast.UAdd: operator.pos}
_LONGEST = 500


@dataclass(frozen=True)
class Formula:
    """What is computed of bands: ``text`` as it was given, ``bands`` that it takes (in order of
    their first use).
    """

    text: str
    bands: tuple[str, ...]
    expression: str

    def of(self, values: Mapping[str, AnyArray]) -> AnyArray:
        """The formula for arrays of one shape by band; NaN or infinite where it divides by 0."""
        places = {_place(index): values[name] for index, name in enumerate(self.bands)}
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return np.asarray(_value(ast.parse(self.expression, mode="eval").body, places))


def formula_of(
    text: str, bands: Sequence[str], wavelengths_nm: FloatArray | Sequence[float]
) -> Formula:
    """Understand ``text``: the name of one of ``bands``, of an index (``INDICES``; its bands are
    found by ``wavelengths_nm``), or a formula of bands with numbers, + - * / ** and parentheses.

    Raises ``InputError`` that names what is not known, or what cannot be computed.
    """
    text = text.strip()
    if text in bands:
        return Formula(text, (text,), _place(0))
    if text.upper() in INDICES:
        first, second = (_near(text, nm, bands, wavelengths_nm) for nm in INDICES[text.upper()])
        return Formula(text, (first, second), "(b0 - b1) / (b0 + b1)")
    return _parsed(text, bands)


def _parsed(text: str, bands: Sequence[str]) -> Formula:
    try:
        tree = ast.parse(text if len(text) <= _LONGEST else "", mode="eval").body
    except (SyntaxError, ValueError, RecursionError) as error:
        raise _unknown(text, bands) from error
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            if node.id not in bands:
                raise _unknown(text, bands, node.id)
            found += [node.id] if node.id not in found else []
            node.id = _place(found.index(node.id))
    if not found or not _allowed(tree):
        raise _unknown(text, bands)
    return Formula(text, tuple(found), ast.unparse(tree))


def _allowed(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return type(node.op) in _BINARY and _allowed(node.left) and _allowed(node.right)
    if isinstance(node, ast.UnaryOp):
        return type(node.op) in _UNARY and _allowed(node.operand)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float) and not isinstance(node.value, bool)
    return isinstance(node, ast.Name)


def _value(node: ast.expr, places: Mapping[str, AnyArray]) -> Any:
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, places), _value(node.right, places)
        return _BINARY[type(node.op)](left, right)
    if isinstance(node, ast.UnaryOp):
        return _UNARY[type(node.op)](_value(node.operand, places))
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return np.float64(node.value)
    if isinstance(node, ast.Name):
        return places[node.id]
    raise TypeError(f"{ast.dump(node)} was not to be allowed")


def _place(index: int) -> str:
    return f"b{index}"


def _near(
    text: str, center: float, bands: Sequence[str], wavelengths_nm: FloatArray | Sequence[float]
) -> str:
    waves = np.asarray(wavelengths_nm, dtype=np.float64)
    away = np.where(np.isfinite(waves), np.abs(waves - center), np.inf)
    if not len(away) or away.min() > _TOLERANCE * center:
        raise InputError(
            f"{text} needs a band near {center:g} nm, and none is known among "
            f"{', '.join(bands) or '(none)'}. Give a formula of the bands, such as "
            "(B8 - B4) / (B8 + B4), or the name of one band, as INDEX; or give a table a column "
            "'wavelength_nm' (in nm) or 'sensor' (such as MSI)."
        )
    return str(bands[int(away.argmin())])


def _unknown(text: str, bands: Sequence[str], name: str = "") -> InputError:
    what = f"'{name}' in '{text}' is no band" if name else f"'{text}' cannot be computed"
    return InputError(
        f"{what}. Give a band, one of {', '.join(INDICES)}, or a formula of bands with numbers, "
        f"+ - * / ** and parentheses. The bands are: {', '.join(bands) or '(none)'}."
    )
