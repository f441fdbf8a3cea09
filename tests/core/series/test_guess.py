# SPDX-License-Identifier: GPL-3.0-or-later
"""Foreign tables of real origin and made-up ones: which columns hold what."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.io.tables import read_table
from calval_toolbox.core.series.guess import guess_by_names, guess_reading, is_own
from calval_toolbox.core.series.table import series_from_table
from calval_toolbox.core.table import Table


def table(**columns: list[object]) -> Table:
    return Table({key: np.array(values, dtype=object) if isinstance(values[0], str)
                  else np.array(values) for key, values in columns.items()})  # fmt: skip


def test_landsat_series_with_ordinals_and_cfmask(shared_data: Path) -> None:
    path = shared_data / "anomalies" / "pyxccd_2_mpb_co_landsat.csv"
    found = guess_reading(read_table(path))
    assert found is not None
    columns = found.columns
    assert (columns.time, columns.time_format) == ("dates", "ordinal")
    assert columns.value == "blue,green,red,nir,swir1,swir2"
    assert (columns.site, columns.band, columns.mask) == ("", "", "qa")
    assert (columns.mask_clear, found.scale) == ("0,1", 0.0001)
    (series,) = series_from_table(read_table(path), columns, found.scale)
    assert str(series.times[0])[:10] == str(date.fromordinal(730496))
    assert 0 < series.clear.sum() < len(series)
    assert series.values[0, 0] == pytest.approx(0.0443)


def test_modis_series_with_american_dates(shared_data: Path) -> None:
    path = shared_data / "anomalies" / "pyxccd_5_greenning_modis.csv"
    found = guess_reading(read_table(path))
    assert found is not None
    assert (found.columns.time_format, found.columns.value) == ("%m/%d/%Y", "NDVI")
    assert found.scale == 1.0
    (series,) = series_from_table(read_table(path), found.columns, found.scale)
    assert str(series.times[0])[:10] == "2000-03-21"


def test_long_table_with_french_names() -> None:
    found = guess_reading(
        table(
            Parcelle=["a", "a"],
            Jour=["05/02/2020", "25/02/2020"],
            Bande=["B02", "B03"],
            Valeur=[0.1, 0.2],
            Masque=["non", "oui"],
        )  # fmt: skip
    )
    assert found is not None
    columns = found.columns
    assert (columns.site, columns.time, columns.band) == ("Parcelle", "Jour", "Bande")
    assert (columns.value, columns.mask, columns.time_format) == ("Valeur", "Masque", "%d/%m/%Y")


@pytest.mark.parametrize(
    ("times", "time_format"),
    [
        (["2020-01-05T10:00:00Z", "2020-01-09"], ""),
        (["05/13/2020", "06/01/2020"], "%m/%d/%Y"),
        (["13.05.2020", "01.06.2020"], "%d.%m.%Y"),
        ([20200105, 20200110], "%Y%m%d"),
        ([2020005, 2020010], "%Y%j"),
        ([737000, 737005], "ordinal"),
    ],
)
def test_formats_of_times(times: list[object], time_format: str) -> None:
    found = guess_reading(table(date=times, red=[0.1, 0.2]))
    assert found is not None
    assert found.columns.time_format == time_format


def test_time_is_found_by_what_a_column_holds() -> None:
    found = guess_reading(table(n=[1, 2], when=["2020-01-05", "2020-01-06"], value=[0.1, 0.2]))
    assert found is not None
    assert found.columns.time == "when"


@pytest.mark.parametrize(
    "columns",
    [
        {"a": [1, 2], "b": [2, 3]},
        {"date": ["2020-01-05", "2020-01-06"], "text": ["x", "y"]},
        {"date": ["monday", "tuesday"], "red": [0.1, 0.2]},
    ],
)
def test_tables_of_something_else_are_left_alone(columns: dict[str, list[object]]) -> None:
    assert guess_reading(table(**columns)) is None


def test_names_alone() -> None:
    assert is_own(["site", "time", "band", "value", "x"])
    assert not is_own(["site", "time", "band"])
    assert guess_by_names(["Date", "B02", "B8A"])
    assert guess_by_names(["timestamp", "station", "reflectance"])
    assert not guess_by_names(["Date", "name"])
    assert not guess_by_names(["B02", "name"])


def test_scene_classes_have_their_own_clear_values() -> None:
    found = guess_reading(table(date=["2020-01-05", "2020-01-06"], red=[100.0, 900.0], SCL=[4, 9]))
    assert found is not None
    assert (found.columns.mask, found.columns.mask_clear, found.scale) == ("SCL", "4,5,6", 0.0001)
