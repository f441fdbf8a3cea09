# SPDX-License-Identifier: GPL-3.0-or-later
"""Times are UTC, whatever a table writes."""

import numpy as np
import pytest

from calval_toolbox.core.errors import TableError
from calval_toolbox.core.times import iso_texts, parse_times


def texts(*values):
    return np.array(values, dtype=object)


@pytest.mark.parametrize(
    ("text", "time_format", "expected"),
    [
        ("2016-05-01T10:56:00Z", "", "2016-05-01T10:56:00"),
        ("2016-05-01 10:56:00", "", "2016-05-01T10:56:00"),
        ("2016-05-01T12:56:00+02:00", "", "2016-05-01T10:56:00"),
        ("2016-05-01T10:56:00.250Z", "", "2016-05-01T10:56:00.250"),
        ("2016/05/01 10:56:00", "", "2016-05-01T10:56:00"),
        ("20150591240", "%Y%j%H%M", "2015-02-28T12:40:00"),
        ("23/2/2015 13:21", "%d/%m/%Y %H:%M", "2015-02-23T13:21:00"),
    ],
)
def test_one_time(text, time_format, expected):
    assert parse_times(texts(text), time_format)[0] == np.datetime64(expected, "ms")


def test_numbers_read_as_floats_are_times_too():
    parsed = parse_times(np.array([20150591240.0, np.nan]), "%Y%j%H%M")
    assert parsed[0] == np.datetime64("2015-02-28T12:40")
    assert np.isnat(parsed[1])


def test_empty_cells_are_not_a_time():
    assert np.isnat(parse_times(texts("", "NA", "null", "NaT", None))).all()


def test_a_time_that_does_not_fit_names_value_and_format():
    with pytest.raises(TableError, match="'yesterday' in column 'when'.*ISO 8601"):
        parse_times(texts("2016-01-01T00:00:00Z", "yesterday"), where="column 'when'")
    with pytest.raises(TableError, match="'31/31/2015'.*'%d/%m/%Y'"):
        parse_times(texts("31/31/2015"), "%d/%m/%Y")


def test_a_format_that_names_a_part_twice_is_refused():
    with pytest.raises(TableError, match=r"'%Y%j%H%M %Y' for column 'when' cannot be used"):
        parse_times(texts("20150591240 2015"), "%Y%j%H%M %Y", "column 'when'")


@pytest.mark.parametrize("text", ["0001-01-01T00:00+05:00", "9999-12-31T23:00-05:00"])
def test_a_time_beyond_the_calendar_is_refused(text):
    with pytest.raises(TableError, match=f"'{text[:10]}.*the time column.*years 1 to"):
        parse_times(texts(text))
    with pytest.raises(TableError, match="years 1 to 9999"):
        parse_times(texts(text), "%Y-%m-%dT%H:%M%z")


def test_a_wrong_calendar_day_is_refused_on_the_quick_way_too():
    with pytest.raises(TableError, match="2016-02-30"):
        parse_times(texts("2016-01-01T00:00:00Z", "2016-02-30T00:00:00Z"))


def test_texts_come_back_as_they_were():
    times = np.array(["2016-05-01T10:56:00", "NaT"], dtype="datetime64[ms]")
    assert iso_texts(times).tolist() == ["2016-05-01T10:56:00Z", ""]
    fine = np.array(["2016-05-01T10:56:00.125"], dtype="datetime64[ms]")
    assert iso_texts(fine).tolist() == ["2016-05-01T10:56:00.125Z"]
    assert parse_times(iso_texts(fine))[0] == fine[0]
