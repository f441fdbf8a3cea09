# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of names that users type, and periods."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.errors import InputError, OutputError
from calval_toolbox.core.io.measurements import chosen_format
from calval_toolbox.core.names import split_list, split_names
from calval_toolbox.core.times import fixed_texts, parse_period


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        (" , ", ()),
        ("Libya4", ("Libya4",)),
        (" Libya4 ,DomeC, Libya4", ("Libya4", "DomeC")),
        ('Libya4, "My ""old"" site, north; 2"', ("Libya4", 'My "old" site, north; 2')),
        ("Railroad Valley;x", ("Railroad Valley;x",)),
        ("Libya4,\n DomeC\r\nLibya4", ("Libya4", "DomeC")),
    ],
)
def test_split_names(text: str, names: tuple[str, ...]) -> None:
    assert split_names(text) == names


def test_days_of_a_period_count_as_a_whole() -> None:
    assert parse_period("", " ") == (None, None)
    assert parse_period("2010-01-31", "2010-01-31") == (
        np.datetime64("2010-01-31T00:00:00.000"), np.datetime64("2010-01-31T23:59:59.999"),
    )  # fmt: skip
    moment = np.datetime64("2010-01-31T08:00:00.000")
    assert parse_period("2010-01-31T10:00:00+02:00", "2010-01-31T08:00:00Z") == (moment, moment)
    with pytest.raises(InputError, match="before START"):
        parse_period("2010-02-01", "2010-01-31")
    with pytest.raises(InputError, match="END .'soon'. is no date. .* as in 2020-01-31"):
        parse_period("", "soon")
    with pytest.raises(InputError, match="START .'01/02/2017'. is no date"):
        parse_period("01/02/2017", "")


def test_fixed_texts_sort_as_times_do() -> None:
    times = np.array(["2010-01-31T08:00:00.5", "2010-01-31T08:00:00", "NaT"], "datetime64[ms]")
    texts = fixed_texts(times).tolist()
    assert texts == ["2010-01-31T08:00:00.500Z", "2010-01-31T08:00:00.000Z", ""]


def test_format_by_suffix() -> None:
    found = [chosen_format("auto", Path(f"a.{x}")) for x in ("csv", "NC", "txt", "sade")]
    assert found == ["csv", "netcdf", "sade", "sade"]
    assert chosen_format("dimitri", Path("a.csv")) == "dimitri"
    with pytest.raises(OutputError, match=r"a\.csv is no name .* netcdf: let it end with \.nc"):
        chosen_format("netcdf", Path("a.csv"))


def test_lists_keep_what_comes_twice() -> None:
    assert split_list(" EGM96, ellipsoid;EGM96\n,, ") == ("EGM96", "ellipsoid", "EGM96")
    assert split_list("") == ()
