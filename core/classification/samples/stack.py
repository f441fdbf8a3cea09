# SPDX-License-Identifier: GPL-3.0-or-later
"""The feature stack that samples are read from: one raster, or tiles with the same features, of one
year or of several.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import InputError
from ...io.grids import Grid, same_crs
from ...io.rasters import Rasters, short
from ...wording import listed
from ..date_order import features_by_order
from ..feature_names import feature_of, match_features
from ..sample_fields import is_reserved

MOST_FEATURES = 1900  # columns of a GeoPackage are limited to 2000


@dataclass(frozen=True)
class FeatureStack:
    """``uris`` of the tiles and their ``grids``; the names of the ``features``, as the first tile
    has them; the ``bands`` (from 1) of each tile that hold them, in this order; the ``years`` that
    most dates of each tile lie in ("": no dates); ``notes`` on dates that stand for others.
    """

    uris: tuple[str, ...]
    grids: tuple[Grid, ...]
    features: tuple[str, ...]
    bands: tuple[tuple[int, ...], ...]
    years: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def seasons(self) -> dict[str, list[int]]:
        """The places of the tiles of each year."""
        return {
            year: [place for place, one in enumerate(self.years) if one == year]
            for year in sorted(set(self.years))
        }


def open_stack(
    uris: Sequence[str], rasters: Rasters, field: str, by_order: bool = False
) -> FeatureStack:
    """The stack of one raster or several tiles, whose features are matched by name; ``by_order``:
    dates of other years stand for those of the first tile in their order (``date_order``).

    ``field``: name of the class column, which no feature may have. Bands without a description are
    called band_1, band_2 and so on. Raises ``InputError`` where tiles lie in different CRS, lack a
    feature, or names cannot be columns of one table.
    """
    grids = tuple(rasters.grid(uri) for uri in uris)
    same_system(uris, uris[0], grids[0], rasters)
    names = [_names(rasters.layer_names(uri)) for uri in uris]
    _check_names(names[0], short(uris[0]), field)
    bands: list[tuple[int, ...]] = []
    notes: list[str] = []
    for uri, other in zip(uris, names, strict=True):
        where, wanted = f"The tile {short(uri)}", tuple(names[0])
        if by_order:
            wanted, said = features_by_order(wanted, other, where, short(uris[0]))
            notes += said
        bands.append(tuple(place + 1 for place in match_features(wanted, other, where)))
    years = tuple(map(_year, names))
    return FeatureStack(tuple(uris), grids, tuple(names[0]), tuple(bands), years, tuple(notes))


def _year(names: Sequence[str]) -> str:
    """The year that most dates of the features lie in, the later one of two; "" without dates."""
    days = {feature_of(name).day for name in names} - {None}
    counts = Counter(str(day)[:4] for day in days)
    return max(counts, key=lambda year: (counts[year], year), default="")


def same_system(uris: Sequence[str], first: str, grid: Grid, rasters: Rasters) -> None:
    """Raises ``InputError`` where one of ``uris`` has another CRS than ``first``, on ``grid``."""
    for uri in uris:
        if not same_crs(rasters.grid(uri).wkt, grid.wkt):
            raise InputError(
                f"{short(uri)} lies in another coordinate system than {short(first)}: warp the "
                "rasters into one, or prepare the samples of each by itself."
            )


def _names(descriptions: Sequence[str]) -> list[str]:
    return [
        str(feature_of(text)) if text else f"band_{number}"
        for number, text in enumerate(descriptions, start=1)
    ]


def _check_names(names: Sequence[str], where: str, field: str) -> None:
    clash = [
        name for name in names if is_reserved(name) or name.casefold() == field.casefold()
    ]  # fmt: skip
    folded = [name.casefold() for name in names]
    twice = sorted({name for name in names if folded.count(name.casefold()) > 1})
    if clash or twice:
        raise InputError(
            f"{where}: the table of samples cannot have the features {listed(clash or twice, 5)}: "
            + ("the names stand for other columns. " if clash else "names differ by case at most. ")
            + "Rename the bands (band descriptions)."
        )
    if len(names) > MOST_FEATURES:
        raise InputError(
            f"{where} has {len(names)} features; a table of samples holds {MOST_FEATURES}. Leave "
            "dates or bands out."
        )
