# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.aot.aeronet_import import import_files
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io.aeronet_write import write_aeronet

START = np.datetime64("2016-05-01T08:00:00")


def made(path: Path, site: str = "Site_A", aod: float = 0.2, **kwargs: object) -> Path:
    """Ten rows an hour apart, beginning on 1 May 2016; ``first`` shifts them by hours."""
    first, count = int(kwargs.pop("first", 0)), int(kwargs.pop("count", 10))
    times = START + (first + np.arange(count)) * np.timedelta64(3600, "s")
    spectrum = {c: np.full(count, aod * (c / 550.0) ** -1.2) for c in (440, 500, 675, 870)}
    spectrum |= kwargs.pop("spectrum", {})
    water = kwargs.pop("water", 1.5)
    given = {"lon": 1.374, "lat": 43.575, "elevation": 160.0, **kwargs}
    return write_aeronet(path, site, times, spectrum, {}, np.full(count, water), **given)


def reasons(result: object) -> dict[str, int]:
    out: dict[str, int] = {}
    for item in result.rejected:
        out[item.reason] = out.get(item.reason, 0) + item.count
    return out


def test_real_folder(shared_data: Path) -> None:
    result = import_files([shared_data / "aot" / "aeronet_v3"])
    table = result.table
    assert result.site_count == 5
    by_site = {name: int((table["site"] == name).sum()) for name in set(table["site"])}
    # One row each of 2016 and two of 2019 hold neither AOD around 550 nm nor water vapor.
    assert by_site == {
        "Itajuba": 5494, "Sao_Paulo": 3428 + 4781 + 3480, "SP-EACH": 3216,
        "Cachoeira_Paulista": 344 + 7035, "Mauna_Loa": 562,
    }  # fmt: skip
    assert result.rejected_count == 4
    assert any("inversion product" in item.reason for item in result.rejected)
    assert set(table["level"][table["site"] == "Cachoeira_Paulista"]) == {"1.5"}
    assert set(table["level"][table["site"] == "Sao_Paulo"]) == {"2.0"}
    assert set(table["instrument"][table["site"] == "Sao_Paulo"]) == {931, 90, 64, 195, 104}
    assert any("Marcelo de Paula Correa" in note for note in result.notes)
    counts = {m: int((table["aot_method"] == m).sum()) for m in set(table["aot_method"])}
    assert counts == {"quadratic": 28326, "none": 11, "linear_nonpositive": 3}
    assert set(table["site"][table["aot_method"] == "linear_nonpositive"]) == {"Mauna_Loa"}
    same_site = table["site"][1:] == table["site"][:-1]
    assert (np.diff(table["time"])[same_site] > np.timedelta64(0)).all()


def test_columns_are_the_contract(tmp_path: Path) -> None:
    table = import_files([made(tmp_path / "a.lev20", solar_zenith=np.full(10, 31.5))]).table
    assert list(table.columns) == [
        "site", "time", "aot", "aot_method", "angstrom_440_870", "water_vapor_cm", "level",
        "instrument", "longitude", "latitude", "elevation_m", "solar_zenith_deg", "source",
    ]  # fmt: skip
    row = {name: values[0] for name, values in table.columns.items()}
    assert row["aot"] == pytest.approx(0.2, abs=2e-6)
    assert row["angstrom_440_870"] == pytest.approx(1.2, abs=1e-4)
    assert (row["site"], row["time"], row["source"]) == ("Site_A", START, "a.lev20")
    assert (row["level"], row["instrument"], row["aot_method"]) == ("2.0", 999, "quadratic")
    assert (row["water_vapor_cm"], row["solar_zenith_deg"]) == (1.5, 31.5)
    assert (row["longitude"], row["latitude"], row["elevation_m"]) == (1.374, 43.575, 160.0)
    assert bytes(table.geometry[0])[5:] == np.array([1.374, 43.575]).tobytes()


def test_wavelength_and_method_are_used(tmp_path: Path) -> None:
    path = made(tmp_path / "a.lev20")
    red = import_files([path], 665.0, "linear").table
    assert red["aot"][0] == pytest.approx(0.2 * (665 / 550) ** -1.2, abs=2e-6)
    assert set(red["aot_method"]) == {"linear"}


def test_better_level_of_the_same_day_takes_the_place(tmp_path: Path) -> None:
    made(tmp_path / "a.lev15", aod=0.5, level="1.5", count=30)  # 16 h on day 1, 14 h on day 2
    made(tmp_path / "b.lev20", aod=0.2, count=6)
    made(tmp_path / "c.lev15", "Site_B", aod=0.3, level="1.5")
    result = import_files([tmp_path])
    table = result.table
    a = table["site"] == "Site_A"
    assert list(table["level"][a]) == ["2.0"] * 6 + ["1.5"] * 14
    assert (table["aot"][a][:6] < 0.3).all()
    assert list(table["level"][~a]) == ["1.5"] * 10
    assert reasons(result) == {"a better level of this site and day is there": 16}
    assert result.rejected[0].file == "a.lev15"


def test_asked_level_rejects_the_other(tmp_path: Path) -> None:
    made(tmp_path / "a.lev15", level="1.5", count=30)
    made(tmp_path / "b.lev20", count=6)
    only20 = import_files([tmp_path], level="2.0")
    assert set(only20.table["level"]) == {"2.0"}
    assert reasons(only20) == {"level 1.5, but only level 2.0 is asked for": 30}
    only15 = import_files([tmp_path], level="1.5")
    assert len(only15.table) == 30
    assert reasons(only15) == {"level 2.0, but only level 1.5 is asked for": 6}
    with pytest.raises(InputError, match=r"of level 1\.5 could be imported.*only level 1\.5"):
        import_files([tmp_path / "b.lev20"], level="1.5")


def test_equal_times_of_a_site_are_kept_once(tmp_path: Path) -> None:
    made(tmp_path / "a.lev20")
    made(tmp_path / "b.lev20", first=6)  # 4 of its hours are in the first file
    made(tmp_path / "c.lev20", "Site_B")
    result = import_files([tmp_path])
    assert (len(result.table), result.site_count) == (26, 2)
    assert reasons(result) == {"another row has the same site and time": 4}
    assert result.rejected[0].file == "b.lev20"


def test_all_points_take_the_place_of_daily_averages(tmp_path: Path) -> None:
    made(tmp_path / "a.lev20")
    made(tmp_path / "b.lev20", count=40, dialect="daily")
    result = import_files([tmp_path])
    assert len(result.table) == 11
    assert reasons(result) == {"all points of this site and day are there": 1}
    assert any("Daily averages (Site_A)" in note for note in result.notes)


def test_bad_files_do_not_spoil_good_ones(tmp_path: Path) -> None:
    good = made(tmp_path / "good.lev20")
    (tmp_path / "empty.lev20").write_bytes(b"")
    (tmp_path / "page.lev20").write_text("<html>404 not found</html>")
    text = made(tmp_path / "cut.lev20", "Site_B").read_text()
    (tmp_path / "cut.lev20").write_text(text[:-300])
    (tmp_path / "nothing").mkdir()
    names = [good, *(tmp_path / n for n in ("empty.lev20", "page.lev20", "cut.lev20", "nothing"))]
    result = import_files([*names, tmp_path / "missing.lev20", good])
    assert len(result.table) == 19
    assert result.rejected_count == 5
    by_file = {Path(item.file).name: item for item in result.rejected}
    assert set(by_file) == {"empty.lev20", "page.lev20", "cut.lev20", "nothing", "missing.lev20"}
    assert "no AERONET file is below" in by_file["nothing"].reason
    table = result.rejected_table()
    assert list(table.columns) == ["file", "line", "count", "reason"]
    assert table["line"][list(table["file"]).index("cut.lev20")] == "17"
    assert len(result.rejection_lines(2)) == 3
    assert "3 further reasons" in result.rejection_lines(2)[-1]


def test_nothing_usable_is_an_error_that_names_the_files(tmp_path: Path) -> None:
    (tmp_path / "empty.lev20").write_bytes(b"")
    with pytest.raises(InputError, match=r"empty\.lev20 cannot be used: the file is empty"):
        import_files([tmp_path])
    with pytest.raises(InputError, match="No AERONET file was given"):
        import_files([])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((2100.0,), "340 to 1640"),
        ((550.0, "cubic"), "interpolation"),
        ((550.0, "linear", "3"), "level"),
    ],
)
def test_wrong_settings_are_told_before_reading(
    arguments: tuple[object, ...], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        import_files(["missing"], *arguments)


def test_rows_without_aot_stay_for_their_water_vapor(tmp_path: Path) -> None:
    blind = np.full(10, np.nan)
    blind[5:] = 0.3
    spectrum = {440: blind, 500: blind}
    made(tmp_path / "a.lev20", spectrum=spectrum)
    kept = import_files([tmp_path / "a.lev20"])
    assert len(kept.table) == 10
    assert list(kept.table["aot_method"]) == ["none"] * 5 + ["quadratic"] * 5
    assert np.isnan(kept.table["aot"][:5]).all()
    assert "water vapor only: 5" in kept.notes[0]
    made(tmp_path / "b.lev20", spectrum=spectrum, water=np.nan)
    lost = import_files([tmp_path / "b.lev20"])
    assert len(lost.table) == 5
    assert reasons(lost) == {"no AOT at 550 nm: no channel on one side of the wavelength": 5}


def test_negative_aod_is_not_dropped(tmp_path: Path) -> None:
    clean = {
        c: np.full(10, v) for c, v in {440: 0.004, 500: 0.002, 675: -0.001, 870: 0.001}.items()
    }
    table = import_files([made(tmp_path / "a.lev20", spectrum=clean)]).table
    assert set(table["aot_method"]) == {"linear_nonpositive"}
    assert table["aot"][0] == pytest.approx(0.002 - 0.003 * 50 / 175)


def test_sda_stands_behind_direct_sun(tmp_path: Path) -> None:
    made(tmp_path / "a.lev20", count=3)
    names = (
        "Date_(dd:mm:yyyy),Time_(hh:mm:ss),Total_AOD_500nm[tau_a],"
        "Angstrom_Exponent(AE)-Total_500nm[alpha],AERONET_Site_Name,Data_Quality_Level"
    )
    rows = "".join(f"01:05:2016,{h:02}:00:00,0.3,1.0,Site_A,lev20\n" for h in (8, 9, 20))
    (tmp_path / "b.ONEILL_lev20").write_text(f"AERONET Version 3; SDA Version 4.1\n{names}\n{rows}")
    result = import_files([tmp_path / "b.ONEILL_lev20", tmp_path / "a.lev20"])
    assert list(result.table["aot_method"]) == ["quadratic"] * 3 + ["angstrom_sda"]
    assert result.table["aot"][3] == pytest.approx(0.3 / 1.1)
    assert np.isnan(result.table["angstrom_440_870"][3])
    assert reasons(result) == {"another row has the same site and time": 2}


def test_what_only_the_name_tells(tmp_path: Path) -> None:
    text = "Date(dd:mm:yyyy),Time(hh:mm:ss),AOD_440nm,AOD_500nm,AOD_675nm\n"
    (tmp_path / "Toulouse.lev15").write_text(text + "01:05:2016,10:00:00,0.3,0.25,0.2\n")
    table = import_files([tmp_path / "Toulouse.lev15"]).table
    assert (table["site"][0], table["level"][0]) == ("Toulouse", "1.5")
    assert table.geometry[0] is None
