# SPDX-License-Identifier: GPL-3.0-or-later
"""Spectral indices as formulas of bands, such as ``(B8 - B4) / (B8 + B4)``, or by their name.

Formulas are parsed and their parts looked up in small tables; nothing of them is run as code.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import InputError
from ..types import AnyArray, FloatArray
from .indices import ALIASES, BRIGHTNESS, COLORS_NM, EXPRESSIONS, INDICES, NAMES, band_near

LEAST_DIVISOR = 1e-6  # what is nearer to 0 divides nothing: the result is NaN
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
        """The formula for arrays of one shape by band; NaN where it divides by what is nearer to 0
        than ``LEAST_DIVISOR``, and where a function has no value.
        """
        places = {_place(index): values[name] for index, name in enumerate(self.bands)}
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return np.asarray(_value(ast.parse(self.expression, mode="eval").body, places))


def formula_of(
    text: str, bands: Sequence[str], wavelengths_nm: FloatArray | Sequence[float]
) -> Formula:
    """Understand ``text``: the name of one of ``bands``, of an index (``indices.NAMES``; its bands
    are found by ``wavelengths_nm``), or a formula of bands (see ``parse_formula``).

    Raises ``InputError`` that names what is not known, or what cannot be computed.
    """
    text = text.strip()
    if text in bands:
        return Formula(text, (text,), _place(0))
    if text.upper() in NAMES:
        return _named(text, bands, np.asarray(wavelengths_nm, dtype=np.float64))
    return parse_formula(text, bands)


def parse_formula(text: str, bands: Sequence[str]) -> Formula:
    """Understand a formula of ``bands`` with numbers, + - * / ** and parentheses, the comparisons
    < <= > >= == != (1 where true, 0 where not), and the functions min, max, abs, sqrt, exp, log,
    log10 and where(condition, value, other value).

    Raises ``InputError`` that names what is not known, or what cannot be computed.
    """
    text = text.strip()
    try:
        tree = ast.parse(text if len(text) <= _LONGEST else "", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _unknown(text, bands) from error
    found: list[str] = []
    functions = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and id(node) not in functions:
            if node.id not in bands:
                raise _unknown(text, bands, node.id)
            found += [node.id] if node.id not in found else []
            node.id = _place(found.index(node.id))
    if not found or not _allowed(tree):
        raise _unknown(text, bands)
    return Formula(text, tuple(found), ast.unparse(tree))


def _named(text: str, bands: Sequence[str], waves: FloatArray) -> Formula:
    """An index by its name."""
    name = ALIASES.get(text.upper(), text.upper())
    if name == BRIGHTNESS:
        known = [band for band, nm in zip(bands, waves, strict=True) if np.isfinite(nm)]
        used = tuple(known or bands)
        squares = " + ".join(f"{_place(place)} ** 2" for place in range(len(used)))
        return Formula(text, used, f"sqrt({squares})")
    if name in INDICES:
        pair = (INDICES[name].first_nm, INDICES[name].second_nm)
        first, second = (_near(text, nm, bands, waves) for nm in pair)
        if first == second:
            raise InputError(f"{text} needs two bands, and {first} is the nearest to both.")
        return Formula(text, (first, second), "(b0 - b1) / (b0 + b1)")
    general = parse_formula(EXPRESSIONS[name], tuple(COLORS_NM))
    used = tuple(_near(text, COLORS_NM[color], bands, waves) for color in general.bands)
    return Formula(text, used, general.expression)


def _divided(first: Any, second: Any) -> Any:
    return first / np.where(np.abs(second) < LEAST_DIVISOR, np.nan, second)


def _compared(compare: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """A comparison that is 1, 0, or NaN where either side is no number."""

    def run(first: Any, second: Any) -> Any:
        known = ~(np.isnan(first) | np.isnan(second))
        return np.where(known, compare(first, second), np.nan)

    return run


def _where(condition: Any, value: Any, other: Any) -> Any:
    return np.where(np.isnan(condition), np.nan, np.where(condition != 0.0, value, other))


_BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: _divided,
    ast.Pow: operator.pow,
}  # fmt: skip
_UNARY: dict[type, Callable[[Any], Any]] = {ast.USub: operator.neg, ast.UAdd: operator.pos}
_COMPARED: dict[type, Callable[[Any, Any], Any]] = {
    ast.Lt: _compared(operator.lt), ast.LtE: _compared(operator.le),
    ast.Gt: _compared(operator.gt), ast.GtE: _compared(operator.ge),
    ast.Eq: _compared(operator.eq), ast.NotEq: _compared(operator.ne),
}  # fmt: skip
# Name: how many arguments at least and at most, and what is computed.
_FUNCTIONS: dict[str, tuple[int, int, Callable[..., Any]]] = {
    "min": (2, 20, lambda *values: np.minimum.reduce(np.broadcast_arrays(*values))),
    "max": (2, 20, lambda *values: np.maximum.reduce(np.broadcast_arrays(*values))),
    "abs": (1, 1, np.abs),
    "sqrt": (1, 1, np.sqrt),
    "exp": (1, 1, np.exp),
    "log": (1, 1, np.log),
    "log10": (1, 1, np.log10),
    "where": (3, 3, _where),
}


def _allowed(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return type(node.op) in _BINARY and _allowed(node.left) and _allowed(node.right)
    if isinstance(node, ast.UnaryOp):
        return type(node.op) in _UNARY and _allowed(node.operand)
    if isinstance(node, ast.Compare):
        one = len(node.ops) == 1 and type(node.ops[0]) in _COMPARED
        return one and _allowed(node.left) and _allowed(node.comparators[0])
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Name) or node.func.id not in _FUNCTIONS or node.keywords:
            return False
        least, most, _ = _FUNCTIONS[node.func.id]
        return least <= len(node.args) <= most and all(_allowed(one) for one in node.args)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float) and not isinstance(node.value, bool)
    return isinstance(node, ast.Name)


def _value(node: ast.expr, places: Mapping[str, AnyArray]) -> Any:
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, places), _value(node.right, places)
        return _BINARY[type(node.op)](left, right)
    if isinstance(node, ast.UnaryOp):
        return _UNARY[type(node.op)](_value(node.operand, places))
    if isinstance(node, ast.Compare):
        left, right = _value(node.left, places), _value(node.comparators[0], places)
        return _COMPARED[type(node.ops[0])](left, right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _FUNCTIONS[node.func.id][2](*(_value(one, places) for one in node.args))
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return np.float64(node.value)
    if isinstance(node, ast.Name):
        return places[node.id]
    raise TypeError(f"{ast.dump(node)} was not to be allowed")


def _place(index: int) -> str:
    return f"b{index}"


def _near(text: str, center: float, bands: Sequence[str], wavelengths_nm: FloatArray) -> str:
    place = band_near(center, wavelengths_nm)
    if place is None:
        raise InputError(
            f"{text} needs a band near {center:g} nm, and none is known among "
            f"{', '.join(bands) or '(none)'}. Give a formula of the bands, such as "
            "(B8 - B4) / (B8 + B4), or the name of one band, instead; or give a table a column "
            "'wavelength_nm' (in nm) or 'sensor' (such as MSI)."
        )
    return str(bands[place])


def _unknown(text: str, bands: Sequence[str], name: str = "") -> InputError:
    what = f"'{name}' in '{text}' is no band" if name else f"'{text}' cannot be computed"
    return InputError(
        f"{what}. Give a band, one of {', '.join(NAMES)}, or a formula of bands with numbers, "
        f"+ - * / **, parentheses, comparisons and {', '.join(_FUNCTIONS)}. The bands are: "
        f"{', '.join(bands) or '(none)'}."
    )
