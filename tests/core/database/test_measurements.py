# SPDX-License-Identifier: GPL-3.0-or-later
"""Measurements in and out of both kinds of databases: the same assertions for both."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_measurements import MERIS, assert_same, measurements

from calval_toolbox.core.calibration.types import Band, Sensor
from calval_toolbox.core.database import open_database
from calval_toolbox.core.database.measurements import (
    Counts,
    load_by_id,
    load_measurements,
    save_measurements,
)
from calval_toolbox.core.database.sensors import load_sensor, sensor_names
from calval_toolbox.core.database.sites import load_sites, shipped_site, site_names
from calval_toolbox.core.errors import Canceled, DatabaseError, InputError
from calval_toolbox.core.progress import Silent


def test_nothing_is_lost(database_name: str) -> None:
    made = measurements()
    with open_database(database_name, create=True) as db:
        assert save_measurements(db, made) == Counts(40, 0)
    with open_database(database_name) as db:
        found = load_measurements(db, "MERIS")
        assert_same(made, found)
        assert sorted(found.ids) == list(range(1, 41))
        assert_same(found.select(found.ids == 7), load_by_id(db, "MERIS", np.array([7])))
        assert sensor_names(db) == ("MERIS",)
        assert load_sensor(db, "MERIS") == MERIS
        assert site_names(db) == ('A "quoted"; site, with Ünicode', "DomeC", "Libya4")


def test_sites_get_the_shipped_outline(database_name: str) -> None:
    with open_database(database_name, create=True) as db:
        save_measurements(db, measurements())
        sites = {site.name: site for site in load_sites(db)}
    shipped = shipped_site("dome-c")
    assert shipped is not None
    assert sites["DomeC"] == replace(shipped, altitude_m=sites["DomeC"].altitude_m, group="")
    assert sites["DomeC"].type == "snow"
    other = sites['A "quoted"; site, with Ünicode']
    assert other.outline is None
    assert other.latitude == 3.0


def test_a_place_far_away_does_not_get_the_outline_of_its_namesake(database_name: str) -> None:
    made = measurements(3)
    made = made.with_columns(latitude=made["latitude"] + 20.0)
    with open_database(database_name, create=True) as db:
        save_measurements(db, made)
        assert all(site.outline is None for site in load_sites(db))


def test_the_same_again_is_known(database_name: str) -> None:
    made = measurements()
    with open_database(database_name, create=True) as db:
        assert save_measurements(db, made.select(np.arange(25))) == Counts(25, 0)
        shuffled = made.select(np.random.default_rng(0).permutation(40))
        assert save_measurements(db, shuffled) == Counts(15, 25)
        doubled = made.select(np.array([3, 3, 4]))
        assert save_measurements(db, doubled) == Counts(0, 3)
        assert_same(made, load_measurements(db, "MERIS"))


def test_twice_in_one_import(database_name: str) -> None:
    made = measurements(5)
    with open_database(database_name, create=True) as db:
        found = save_measurements(db, made.select(np.array([0, 1, 2, 3, 4, 2])))
        assert (found, found.repeated) == (Counts(5, 1), 1)
        assert_same(made, load_measurements(db, "MERIS"))


@pytest.mark.parametrize("column", ["mean", "std", "ozone_du", "quicklook"])
def test_other_values_under_the_same_key(database_name: str, column: str) -> None:
    made = measurements()
    changed = made[column].copy()
    changed[37] = "other" if column == "quicklook" else 0.25
    with open_database(database_name, create=True) as db:
        save_measurements(db, made.select(np.arange(38)))
        with pytest.raises(InputError) as told:
            save_measurements(db, made.with_columns(**{column: changed}))
        text = str(told.value)
        assert "MERIS 2nd at DomeC 2002-06-07" in text
        assert column in text
        assert "Nothing was written" in text
        assert len(load_measurements(db, "MERIS")) == 38, "the rows 38 and 39 are new: no part"


def test_a_value_that_became_known_is_another_one(database_name: str) -> None:
    made = measurements()
    gap = np.argwhere(np.isnan(made["mean"]))[3]
    filled = made["mean"].copy()
    filled[tuple(gap)] = 0.1
    with open_database(database_name, create=True) as db:
        save_measurements(db, made)
        with pytest.raises(InputError, match=r"is unknown there and 0\.1 here"):
            save_measurements(db, made.with_columns(mean=filled))
        fewer = Sensor("MERIS", MERIS.bands[:2])
        cut = replace(made, sensor=fewer, by_band={k: v[:, :2] for k, v in made.by_band.items()})
        with pytest.raises(InputError, match="of band 865 is 0.* there and unknown here"):
            save_measurements(db, cut)


def test_conflict_within_one_import(database_name: str) -> None:
    made = measurements(4, gaps=False).select(np.array([0, 1, 2, 3, 1]))
    changed = made["std"].copy()
    changed[4, 2] += 1e-12
    with open_database(database_name, create=True) as db:
        with pytest.raises(InputError, match="twice in what is to be added"):
            save_measurements(db, made.with_columns(std=changed))
        assert sensor_names(db) == site_names(db) == ()


def test_choice_of_rows(database_name: str) -> None:
    made = measurements()
    with open_database(database_name, create=True) as db:
        save_measurements(db, made)
        site = made.select(made["site"] == "DomeC")
        assert_same(site, load_measurements(db, "MERIS", ["DomeC"]))
        both = made.select((made["site"] != "DomeC") & (made["version"] == "2nd"))
        others = ["Libya4", 'A "quoted"; site, with Ünicode']
        assert_same(both, load_measurements(db, "MERIS", others, versions=["2nd"]))
        middle = made.select(slice(10, 20))
        assert_same(middle, load_measurements(db, "MERIS", period=(made.time[10], made.time[19])))
        late = load_measurements(
            db, "MERIS", period=(made.time[-1] + np.timedelta64(1, "ms"), None)
        )
        assert len(late) == 0
        assert late["mean"].shape == (0, 3)
        with pytest.raises(InputError, match="no site Libya5. There are: A .*DomeC, Libya4"):
            load_measurements(db, "MERIS", ["DomeC", "Libya5"])
        with pytest.raises(InputError, match="no sensor 'AATSR'. There are: MERIS"):
            load_measurements(db, "AATSR")


def test_bands_of_a_sensor_are_joined(database_name: str) -> None:
    first = Sensor("MODISA", (Band("412", 412.0), Band("865", 865.0)))
    second = Sensor("MODISA", (Band("865", 865.0), Band("443", 443.0)))
    with open_database(database_name, create=True) as db:
        one = measurements(5, 1, first)
        two = measurements(5, 2, second)
        two = replace(two, time=two.time + np.timedelta64(100, "D"))
        save_measurements(db, one)
        save_measurements(db, two)
        found = load_measurements(db, "MODISA")
        assert found.sensor.band_names == ("412", "865", "443")
        np.testing.assert_array_equal(found["mean"][:5, :2], one["mean"])
        assert np.isnan(found["mean"][:5, 2]).all()
        np.testing.assert_array_equal(found["mean"][5:, 1:], two["mean"])
        assert save_measurements(db, one) == Counts(0, 5)
        with pytest.raises(InputError, match="Band 412 of MODISA .* 412 nm .* 413 nm"):
            save_measurements(db, measurements(5, 3, Sensor("MODISA", (Band("412", 413.0),))))


def test_unknown_wavelengths_are_filled_in(database_name: str) -> None:
    made = measurements(700, gaps=False, sensor=Sensor("S2A", (Band("B8A", np.nan),)))
    known = replace(made, sensor=Sensor("S2A", (Band("B8A", 864.7),)))
    with open_database(database_name, create=True) as db:
        save_measurements(db, made)
        assert np.isnan(load_sensor(db, "S2A").wavelengths_nm).all()
        assert save_measurements(db, made) == Counts(0, 700)
        assert save_measurements(db, known) == Counts(0, 700)
        assert load_sensor(db, "S2A") == known.sensor
        assert save_measurements(db, made) == Counts(0, 700)
        assert load_sensor(db, "S2A") == known.sensor, "what is known stays known"


def test_incomplete_rows(database_name: str) -> None:
    made = measurements(5)
    with open_database(database_name, create=True) as db:
        time = made.time.copy()
        time[2] = np.datetime64("NaT")
        with pytest.raises(InputError, match="MERIS 3rd_Reprocessing at A .* has no time"):
            save_measurements(db, replace(made, time=time))
        site = made["site"].copy()
        site[3] = ""
        with pytest.raises(InputError, match=r"at no site 2002-05-04T08:53:00\.356Z .*\(SITE\)"):
            save_measurements(db, made.with_columns(site=site))


class StopsLate(Silent):
    def __init__(self) -> None:
        self.asked = 0

    def canceled(self) -> bool:
        self.asked += 1
        return self.asked > 1


def test_canceled_import_leaves_nothing(database_name: str) -> None:
    with open_database(database_name, create=True) as db:
        with pytest.raises(Canceled):
            save_measurements(db, measurements(12_000, gaps=False), progress=StopsLate())
        assert sensor_names(db) == ()
        assert db.value("SELECT COUNT(*) FROM measurements") == 0


def test_rows_need_what_they_refer_to(database_name: str) -> None:
    with open_database(database_name, create=True) as db:
        save_measurements(db, measurements(3))
        with pytest.raises(DatabaseError, match="(?i)foreign key"):
            db.run("DELETE FROM sites")
        assert len(load_measurements(db, "MERIS")) == 3
