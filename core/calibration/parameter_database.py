# SPDX-License-Identifier: GPL-3.0-or-later
"""Proposed calibration parameters as tables, beside the older version, and into the database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..database import Database
from ..database.parameters import ParameterVersion, load_parameters, save_parameters
from ..database.runs import Run, save_run
from ..errors import InputError
from ..table import Table, from_rows
from ..times import iso_texts
from ..types import BoolArray
from ..version import plugin_version
from .parameter_update import CONVENTION, Update, parameter_rows

METHOD = "updatecalibration"
_FIELDS = {
    "band": "text", "wavelength_nm": "float", "name": "text", "version": "text", "model": "text",
    "valid_from": "text", "valid_to": "text", "value": "float", "standard_error": "float",
    "uncertainty": "float", "previous_version": "text", "previous_value": "float",
    "change_percent": "float",
}  # fmt: skip
_CHECK_FIELDS = {
    "band": "text", "wavelength_nm": "float", "model": "text", "fitted": "int", "held_out": "int",
    "bias_before_percent": "float", "bias_before_se": "float", "bias_after_percent": "float",
    "bias_after_se": "float", "bias_season_left_in_percent": "float",
    "bias_season_left_in_se": "float", "scatter_before_percent": "float",
    "scatter_after_percent": "float", "words": "text",
}  # fmt: skip


def previous_version(db: Database, sensor: str, name: str, version: str) -> Table:
    """The rows of ``name`` of the newest version other than ``version``; empty where there is
    none.
    """
    known = load_parameters(db, sensor)
    chosen = (known["name"] == name) & (known["version"] != version)
    known = known.select(chosen)
    return known.select(known["version"] == known["version"][-1]) if len(known) else known


def parameters_table(update: Update, name: str, version: str, previous: Table) -> Table:
    """One row per band and interval: the value with its errors (standard), and the older value at
    the same moment; ``valid_to`` "": until further notice.
    """
    rows = []
    for one in update.bands:
        for valid in one.validities:
            begin, end = iso_texts(np.array([valid.begin, valid.end]))
            old = _valid_then(previous, one.band, valid.begin)
            value = float(previous["value"][old]) if old >= 0 else None
            rows.append({
                "band": one.band, "wavelength_nm": one.wavelength_nm, "name": name,
                "version": version, "model": one.choice.best.kind, "valid_from": begin,
                "valid_to": end, "value": valid.value, "standard_error": valid.standard_error,
                "uncertainty": valid.uncertainty,
                "previous_version": previous["version"][old] if old >= 0 else "",
                "previous_value": value,
                "change_percent": None if value is None else 100.0 * (valid.value / value - 1.0),
            })  # fmt: skip
    return from_rows(rows, _FIELDS, "parameters")


def _valid_then(previous: Table, band: str, moment: np.datetime64) -> int:
    """The row of the older version that is valid at a moment, -1 where there is none."""
    for row in np.flatnonzero(previous["band"] == band) if len(previous) else ():
        begin, end = (previous[key][row].rstrip("Z") for key in ("valid_from", "valid_to"))
        if np.datetime64(begin, "ms") <= moment and (not end or moment < np.datetime64(end, "ms")):
            return int(row)
    return -1


def check_table(update: Update) -> Table:
    """One row per band: how the version does on what it was not fitted to."""
    rows = []
    for one in update.bands:
        row: dict[str, Any] = {
            "band": one.band, "wavelength_nm": one.wavelength_nm, "model": one.choice.best.kind,
            "fitted": int((~one.held).sum()), "held_out": int(one.held.sum()),
        }  # fmt: skip
        if one.check is not None:
            row |= {
                "bias_before_percent": one.check.bias_before,
                "bias_before_se": one.check.bias_before_se,
                "bias_after_percent": one.check.bias_after,
                "bias_after_se": one.check.bias_after_se,
                "bias_season_left_in_percent": one.check.bias_raw,
                "bias_season_left_in_se": one.check.bias_raw_se,
                "scatter_before_percent": one.check.scatter_before,
                "scatter_after_percent": one.check.scatter_after,
                "words": one.check.words(),
            }
        rows.append(row)
    return from_rows(rows, _CHECK_FIELDS, "check")


def as_json(table: Table) -> str:
    """The parameters by band, as JSON can hold them: ``value``, ``uncertainty``, ``valid_from``,
    ``valid_to`` of each interval.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    keys = ("value", "uncertainty", "valid_from", "valid_to")
    for row in range(len(table)):
        cells = {key: table[key][row] for key in keys}
        plain = {key: cell.item() if hasattr(cell, "item") else cell for key, cell in cells.items()}
        found.setdefault(str(table["band"][row]), []).append(plain)
    return json.dumps(found)


def write_version(
    db: Database, update: Update, name: str, version: str, parameters: Mapping[str, Any]
) -> int:
    """Keep a proposal as a version with the run that made it, or nothing of it; returns how many
    rows are new (0: the same version is there already).

    Raises ``InputError`` where the version is there with other values, ``DatabaseError`` where
    another program is writing.
    """
    sensor = update.source.run.sensor
    rows = parameter_rows(update, name)
    with db.transaction():
        known = load_parameters(db, sensor, version)
        known = known.select(known["name"] == name)
        rows = rows.select(_new(rows, known, f"{version} of {name} of {sensor}", db))
        if not len(rows):
            return 0
        run = Run(
            METHOD, dict(parameters), plugin_version(), sensor, update.source.run.reference,
            record={"source_run": update.source.run.id, "convention": CONVENTION},
        )  # fmt: skip
        number = save_run(db, run)
        comment = f"{CONVENTION} From run {update.source.run.id}."
        return save_parameters(db, ParameterVersion(sensor, version, rows, number, comment))


def _new(rows: Table, known: Table, what: str, db: Database) -> BoolArray:
    """Which rows are of bands that the version does not have yet."""
    new = np.ones(len(rows), dtype=np.bool_)
    begins, ends = (iso_texts(rows[key]) for key in ("valid_from", "valid_to"))
    for band in dict.fromkeys(rows["band"].tolist()):
        mine, theirs = rows["band"] == band, known["band"] == band
        if not theirs.any():
            continue
        same = [_moments(known["valid_from"][theirs]), _moments(known["valid_to"][theirs])] == [
            _moments(begins[mine]), _moments(ends[mine]),
        ]  # fmt: skip
        if not same or not np.allclose(known["value"][theirs], rows["value"][mine], rtol=1e-9):
            raise InputError(
                f"Version {what} is in the database {db.name} since "
                f"{known['created'][theirs][0]} with other values for band {band}. Old versions "
                "are kept as they are: give the new values a new version (VERSION)."
            )
        new[mine] = False
    return new


def _moments(texts: Any) -> list[str]:
    return [str(np.datetime64(text.rstrip("Z"), "ms")) if text else "" for text in texts]
