# SPDX-License-Identifier: GPL-3.0-or-later
"""What heights are counted from: the ellipsoid, the geoids EGM96 and EGM2008, any grid of PROJ.

A height above the ellipsoid h and one above a geoid H differ by its undulation, h = H + N. N is
interpolated in PROJ's grids (bilinear, as PROJ does). A grid that is missing is an error, and a
grid that is there is first asked for values that are published: a file under the right name with
other content would put everything wrong by meters.

EGM96: Lemoine et al. (1998), NASA/TP-1998-206861. EGM2008: Pavlis et al. (2012), DOI
10.1029/2011JB008916. Test values of both: tables of test output that NGA publishes with them, and
nodes of its 15' grid (see ``core.io.vertical_crs``, which also finds references in coordinate
systems and writes them there).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from ..errors import InputError
from ..io.dem_warp import flat_wkt
from ..io.geoid_grids import GeoidGrid, find_grid, read_grid
from ..io.grids import Grid
from ..io.vertical_crs import ELLIPSOID, MODELS, Model, named
from ..types import FloatArray
from .placing import places
from .resample import Heights

_ROWS = 256  # rows whose undulations are held at once
_AGREED_M = 0.02


def undulation(reference: str, lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Height (m) of a vertical reference above the ellipsoid of WGS 84 at places (any shape;
    degrees): 0 for ``ellipsoid``, else ``EGM96``, ``EGM2008``, or a file of PROJ's.

    Raises ``InputError`` where the grid is missing, does not hold what is published, or does not
    reach a place. NaN for NaN.
    """
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    name = named(reference)
    if name == ELLIPSOID:
        return np.where(np.isfinite(lon) & np.isfinite(lat), 0.0, np.nan)
    found = _grid(name).at(lon, lat)
    lost = np.isnan(found) & np.isfinite(lon) & np.isfinite(lat)
    if lost.any():
        at = np.unravel_index(int(lost.argmax()), lost.shape)
        raise InputError(
            f"The vertical grid {name} has no value at longitude {lon[at]:.4f}, latitude "
            f"{lat[at]:.4f}. Take one that covers the elevation models."
        )
    return found


def check_reference(reference: str) -> str:
    """The name of a vertical reference that can be used; raises as ``undulation`` does."""
    name = named(reference)
    if name != ELLIPSOID:
        _grid(name)
    return name


def to_reference(heights: Heights, grid: Grid, source: str, target: str) -> Heights:
    """``heights`` (rows, columns; m, NaN = none) on ``grid`` (whose vertical part has no say),
    counted from ``source``, as counted from ``target``; of their own type. Raises ``InputError`` as
    ``undulation``.
    """
    one, other = named(source), named(target)
    if one == other:
        return heights
    grid = replace(grid, wkt=flat_wkt(grid))
    result = np.empty_like(heights)
    for row in range(0, grid.height, _ROWS):
        part = heights[row : row + _ROWS]
        lon, lat = places(grid, row, len(part))
        missing = ~np.isfinite(part)
        lon[missing] = np.nan
        result[row : row + _ROWS] = part + (undulation(one, lon, lat) - undulation(other, lon, lat))
    return result


@lru_cache(maxsize=4)
def _grid(name: str) -> GeoidGrid:
    """The grid of a reference, compared with what is published of it."""
    model = MODELS.get(name)
    path = find_grid(model.files if model else (name,))
    if not path:
        raise _missing(name, model)
    grid = read_grid(path)
    for lon, lat, published in model.known if model else ():
        here = float(grid.at(np.array(lon), np.array(lat)))
        if not abs(here - published) <= _AGREED_M:
            raise InputError(
                f"{path} is not the grid of {name}: at longitude {lon:g}, latitude {lat:g} it has "
                f"{here:.3f} m, published are {published:.3f} m. Install PROJ's own file again."
            )
    return grid


def _missing(name: str, model: Model | None) -> InputError:
    if model is None:
        return InputError(
            f"The vertical grid {name} is not there. Give the path of a grid, or the name of one "
            "in PROJ's folders (ellipsoid, EGM96 and EGM2008 are known by name)."
        )
    shown = " or ".join(model.files)
    where = (
        "the Debian package proj-data has it" if name == "EGM96"
        else f"get it by 'projsync --file {model.files[0]}' or from PROJ's data packages"
    )  # fmt: skip
    return InputError(
        f"Heights above {name} need PROJ's grid {shown}, which is in none of its folders; {where}. "
        "No height was changed."
    )
