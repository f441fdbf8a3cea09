# SPDX-License-Identifier: GPL-3.0-or-later
"""Long, wide and foreign tables as time series, and what is wrong with them as sentences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.errors import CalValError
from calval_toolbox.core.io.tables import points, read_table
from calval_toolbox.core.series.long_table import SeriesColumns, rows_left_out
from calval_toolbox.core.series.table import series_from_table, table_from_series
from calval_toolbox.core.table import Table


def table(**columns: list) -> Table:
    arrays = {}
    for key, values in columns.items():
        text = any(isinstance(value, str) for value in values)
        arrays[key] = np.array(values, dtype=object if text else None)
    return Table(arrays, "series.csv")


def simple(**changes: list) -> Table:
    """Two dates of two bands, in the wrong order."""
    columns = {
        "site": ["A", "A", "A", "A"],
        "time": ["2020-01-11", "2020-01-11", "2020-01-01", "2020-01-01"],
        "band": ["B8", "B4", "B8", "B4"],
        "value": [0.31, 0.11, 0.30, 0.10],
        "mask_state": ["cloud", "cloud", "clear", "clear"],
        "sensor": ["MSI"] * 4,
    }
    return table(**{**columns, **changes})


def test_rows_are_sorted_by_time_and_bands_by_wavelength() -> None:
    (series,) = series_from_table(simple())
    assert series.bands == ("B4", "B8")
    assert series.wavelengths_nm == pytest.approx([664.6, 832.8])
    assert series.values == pytest.approx(np.array([[0.10, 0.30], [0.11, 0.31]]))
    assert list(series.mask_state) == ["clear", "cloud"]
    assert list(series.times.astype("datetime64[D]").astype(str)) == ["2020-01-01", "2020-01-11"]
    assert list(series.clear) == [True, False]


def test_bands_missing_on_some_dates_are_gaps() -> None:
    long = simple().select(np.array([0, 2, 3]))
    (series,) = series_from_table(long)
    assert np.isnan(series.values).tolist() == [[False, False], [True, False]]


def test_two_sensors_at_one_time_stay_two_observations() -> None:
    times = ["2020-01-01"] * 4
    (series,) = series_from_table(simple(time=times, sensor=["MSI", "MSI", "OLI", "OLI"]))
    assert len(series) == 2
    assert sorted(series.sensor) == ["MSI", "OLI"]
    assert len(set(series.times)) == 1


def test_repeated_rows_are_kept_with_a_tag() -> None:
    twice = simple(
        time=["2020-01-01"] * 4, product=["p"] * 4, mask_state=["cloud", "cloud", "clear", "clear"]
    )
    (series,) = series_from_table(twice)
    assert len(series) == 2
    assert sorted(series.product) == ["p", "p#2"]
    assert sorted(series.values[:, 0]) == pytest.approx([0.10, 0.11])
    same = simple(time=["2020-01-01"] * 4, value=[0.3, 0.1] * 2, mask_state=["clear"] * 4)
    assert len(series_from_table(same)[0]) == 2


def test_there_and_back() -> None:
    long = simple(product=["x", "x", "y", "y"], orbit=["51", "51", "8", "8"])
    long = Table(long.columns, "t", points(np.full(4, 1.5), np.full(4, 43.5)))
    (series,) = series_from_table(long)
    (again,) = series_from_table(table_from_series([series]))
    for name in ("times", "values", "mask_state", "sensor", "orbit", "product", "wavelengths_nm"):
        assert np.array_equal(getattr(series, name), getattr(again, name)), name
    assert (again.site, again.bands) == (series.site, series.bands)
    assert (again.longitude, again.latitude) == (1.5, 43.5)


def test_observation_without_any_value_survives() -> None:
    (series,) = series_from_table(simple(value=[np.nan, np.nan, 0.3, 0.1]))
    (again,) = series_from_table(table_from_series([series]))
    assert list(again.mask_state) == ["clear", "cloud"]


@pytest.mark.parametrize(
    ("cells", "clear", "states"),
    [
        ([1, 1, 0, 0], "0", ["clear", "code 1"]),
        ([1, 1, 0, 0], "1", ["code 0", "clear"]),
        ([8.0, 8.0, 4.0, 5.0], "4,5,6", ["clear", "code 8"]),
        (["Cloud", "Cloud", "good", "good"], "good", ["clear", "Cloud"]),
        ([True, True, False, False], "false", ["clear", "masked"]),
        (["x", "x", "", ""], "0", ["clear", "x"]),
    ],
)
def test_foreign_masks(cells: list, clear: str, states: list[str]) -> None:
    foreign = simple(quality=cells)
    columns = SeriesColumns(mask="quality", mask_clear=clear)
    assert list(series_from_table(foreign, columns)[0].mask_state) == states


def test_column_per_band() -> None:
    wide = table(day=[735600, 735632], red=[410, 430], nir=[1858, 1823], qa=[4, 0])
    columns = SeriesColumns(
        site="", time="day", band="", value="nir,red", mask="qa", time_format="ordinal"
    )
    (series,) = series_from_table(wide, columns, 1e-4)
    assert series.bands == ("red", "nir")
    assert series.values == pytest.approx(np.array([[0.041, 0.1858], [0.043, 0.1823]]))
    assert str(series.times[0])[:10] == "2015-01-02"
    assert list(series.mask_state) == ["code 4", "clear"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"value": ["a", "b", "c", "d"]}, "Column 'value' of series.csv is not numeric"),
        ({"value": [3100, 1100, 3000, 1000]}, "look like scaled integers.*VALUE_SCALE.*0.0001"),
        (
            {"value": [0.3, 0.1, 3000, 0.1], "mask_state": ["clear"] * 4},
            "mixes scales: 25 %.*row 3",
        ),
        ({"value": [31.0, 9.8, 30.0, 11.0]}, "look like percent.*VALUE_SCALE, for example 0.01"),
        ({"value": [0.3, 0.1, -9999, 0.1], "mask_state": ["clear"] * 4}, "fill value -9999.*row 3"),
        ({"value": [3e-5, 1e-5, 3e-5, 1e-5]}, "far too small"),
        ({"value": [3100, 1100, 3000, 0.1], "mask_state": ["clear"] * 4}, "mixes scales: 25 %"),
        (
            {
                "time": ["2020-01-11"] * 4,
                "band": ["B8"] * 4,
                "value": [0.3, 0.1, 0.3, 0.3],
                "mask_state": ["clear"] * 4,
                "product": ["P"] * 4,
                "sensor": ["S"] * 4,
            },
            "two values of the same observation.*row 1 and 0.1 in row 2",
        ),
        ({"value": [np.inf, 0.1, 0.3, 0.1]}, "holds infinite values, the first at 2020-01-11"),
        ({"value": [np.nan] * 4}, "holds no value"),
        ({"mask_state": ["cloud"] * 4}, "All observations of series.csv are masked"),
        ({"time": ["", "", "", ""]}, "no row with a time"),
        ({"time": ["yesterday"] * 4}, "'yesterday' in row 1 of column 'time'"),
    ],
)
def test_bad_tables_are_a_sentence(changes: dict, sentence: str) -> None:
    with pytest.raises(CalValError, match=sentence):
        series_from_table(simple(**changes))


def test_rows_without_a_time_or_a_site_are_left_out_and_counted() -> None:
    holes = simple(
        site=["A", " ", "", "A"], time=["2020-01-11", "2020-01-11", "2020-01-01", ""],
        mask_state=["clear"] * 4,
    )  # fmt: skip
    (series,) = series_from_table(holes)
    assert (series.site, series.bands, len(series)) == ("A", ("B8",), 1)
    assert rows_left_out(holes, SeriesColumns()) == (
        "1 of the 4 rows of series.csv have no time in 'time' and are left out, the first is "
        "row 4.",
        "2 of the 4 rows of series.csv have no site in 'site' and are left out, the first is "
        "row 2.",
    )
    assert rows_left_out(simple(), SeriesColumns()) == ()
    with pytest.raises(CalValError, match="no row with a time in 'time' and a site in 'site'"):
        series_from_table(simple(site=[""] * 4))


@pytest.mark.parametrize("key", ["site", "time", "band", "value", "mask"])
def test_absent_column_is_a_sentence(key: str) -> None:
    with pytest.raises(CalValError, match="has no column 'nothing'. Its columns are: site, time"):
        series_from_table(simple(), SeriesColumns(**{key: "nothing"}))


def test_scaled_integers_with_their_factor() -> None:
    (series,) = series_from_table(simple(value=[3100, 1100, 3000, 1000]), value_scale=1e-4)
    assert series.values[0] == pytest.approx([0.1, 0.3])


def test_no_scale_fits_a_mixed_table() -> None:
    mixed = simple(value=[3100, 1100, 3000, 0.1], mask_state=["clear"] * 4)
    with pytest.raises(CalValError, match="mixes scales: 25 %.*no one VALUE_SCALE fits both"):
        series_from_table(mixed, value_scale=1e-4)


def test_one_bright_glitch_is_no_other_scale() -> None:
    many = table(
        site=["A"] * 200,
        time=[f"20{n // 12 + 10:02d}-{n % 12 + 1:02d}-01" for n in range(200)],
        band=["red"] * 200,
        value=[0.1] * 199 + [6.5],
    )
    assert len(series_from_table(many)[0]) == 200


def test_real_series_of_pyxccd(shared_data: Path) -> None:
    """Published break of this pixel: 735040, which is 2013-06-21."""
    source = read_table(shared_data / "anomalies" / "pyxccd_spectral_336_3980_obs.csv")
    names = list(source.columns)
    columns = SeriesColumns(
        site="", time=names[0], band="", value=names[1], mask="", time_format="ordinal"
    )
    (series,) = series_from_table(source, columns, 1e-4)
    assert len(series) == len(source)
    ordinals = np.sort(source.floats(names[0]))
    days = (series.times - np.datetime64("2013-06-21")) / np.timedelta64(1, "D")
    assert np.array_equal(days + 735040, ordinals)


def test_real_hls_with_fmask_codes(shared_data: Path) -> None:
    source = read_table(shared_data / "anomalies" / "pyxccd_1_hls_sc.csv")
    bands = "blue,green,red,nir,swir1,swir2"
    columns = SeriesColumns(
        site="", time="dates", band="", value=bands, mask="qa", time_format="ordinal"
    )
    (series,) = series_from_table(source, columns, 1e-4)
    assert series.bands == tuple(bands.split(","))
    assert len(series) == 933
    # Two sensors see some of the days: the same order as that of the series.
    order = np.lexsort((source.floats("sensor"), source.floats("dates")))
    assert np.array_equal(series.clear, source.floats("qa")[order] == 0)


def test_a_masked_band_masks_an_observation_without_a_mask() -> None:
    states = ["unmasked", "unmasked", "unmasked", "cloud"]
    (series,) = series_from_table(simple(mask_state=states))
    assert list(series.mask_state) == ["cloud", "unmasked"]
    assert list(series.clear) == [False, True]
