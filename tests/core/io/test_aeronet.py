# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.errors import Canceled, InputError
from calval_toolbox.core.io import aeronet_text
from calval_toolbox.core.io.aeronet import AeronetFile, read_aeronet
from calval_toolbox.core.io.aeronet_members import find_aeronet_files, members
from calval_toolbox.core.io.aeronet_write import write_aeronet
from calval_toolbox.core.progress import Silent

REAL = {
    "20150101_20151231_Itajuba.lev20.gz": (5494, "Itajuba", "2.0", {812}),
    "20150101_20151231_Sao_Paulo.lev20.gz": (3428, "Sao_Paulo", "2.0", {931, 90}),
    "20160101_20161231_Sao_Paulo.lev20.gz": (4782, "Sao_Paulo", "2.0", {90, 64, 195}),
    "20170101_20171231_Sao_Paulo.lev20.gz": (3480, "Sao_Paulo", "2.0", {195, 104}),
    "20160801_20161231_SP-EACH.lev20.gz": (3216, "SP-EACH", "2.0", {828}),
    "20190101_20191231_Cachoeira_Paulista.lev15.gz": (7037, "Cachoeira_Paulista", "1.5", {310}),
    "20161001_20161222_Cachoeira_Paulista.lev15": (344, "Cachoeira_Paulista", "1.5", {310}),
    "webservice_AOD15_Mauna_Loa_2000.txt": (562, "Mauna_Loa", "1.5", {37, 101}),
}


def simulated(path: Path, site: str = "Site_A", count: int = 50, **kwargs: object) -> Path:
    """A small file of planted AOD: channel c has c / 10000 plus a share that grows with the row."""
    times = np.datetime64("2016-05-01T08:00:00") + np.arange(count) * np.timedelta64(600, "s")
    aod = {c: c / 10000.0 + np.arange(count) * 1e-5 for c in (340, 440, 500, 675, 870, 1020)}
    exact = {c: c / 1000.0 + 0.0007 for c in aod}
    given = {"instrument": 7, "lon": 1.374, "lat": 43.575, "elevation": 160.0, **kwargs}
    return write_aeronet(path, site, times, aod, exact, np.full(count, 1.5), **given)


def same(one: AeronetFile, other: AeronetFile) -> None:
    assert one.channels_nm == other.channels_nm
    np.testing.assert_array_equal(one.time, other.time)
    np.testing.assert_array_equal(one.aod, other.aod)
    np.testing.assert_array_equal(one.exact_um(), other.exact_um())
    np.testing.assert_array_equal(one.water_vapor_cm, other.water_vapor_cm)
    for name in ("site", "level", "instrument", "longitude", "latitude", "elevation_m"):
        np.testing.assert_array_equal(one.of_station(name), other.of_station(name))


@pytest.mark.parametrize("name", REAL)
def test_real_files_give_all_their_rows(shared_data: Path, name: str) -> None:
    file = read_aeronet(shared_data / "aot" / "aeronet_v3" / name)
    rows, site, level, instruments = REAL[name]
    assert len(file) == rows
    assert set(file.of_station("site")) == {site}
    assert set(file.of_station("level")) == {level}
    assert set(file.of_station("instrument")) == instruments
    assert file.rejected == ()
    assert (np.diff(file.time) > np.timedelta64(0)).all()


def test_every_value_of_a_real_file_is_what_a_plain_reading_gives(shared_data: Path) -> None:
    path = shared_data / "aot" / "aeronet_v3" / "20150101_20151231_Itajuba.lev20.gz"
    file = read_aeronet(path)
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    names = lines[6].split(",")
    cells = np.array([line.split(",") for line in lines[7:]])

    def column(name: str) -> np.ndarray:
        values = cells[:, names.index(name)].astype(float)
        return np.where(values <= -999.0, np.nan, values)

    assert file.channels_nm == (340, 380, 440, 500, 675, 870, 1020, 1640)
    exact = file.exact_um()
    for i, channel in enumerate(file.channels_nm):
        np.testing.assert_array_equal(file.aod[:, i], column(f"AOD_{channel}nm"))
        np.testing.assert_array_equal(
            exact[:, i], column(f"Exact_Wavelengths_of_AOD(um)_{channel}nm")
        )
    np.testing.assert_array_equal(file.angstrom, column("440-870_Angstrom_Exponent"))
    np.testing.assert_array_equal(file.water_vapor_cm, column("Precipitable_Water(cm)"))
    np.testing.assert_array_equal(file.solar_zenith_deg, column("Solar_Zenith_Angle(Degrees)"))
    assert file.time[1] == np.datetime64("2015-01-03T12:22:25")
    station = file.stations[0]
    assert (station.longitude, station.latitude, station.elevation_m) == (
        -45.452389,
        -22.413250,
        856.0,
    )
    assert station.pi == "Marcelo de Paula Correa"


@pytest.mark.parametrize("dialect", ["download", "webservice"])
def test_written_and_read_again(tmp_path: Path, dialect: str) -> None:
    file = read_aeronet(simulated(tmp_path / "a.lev20", dialect=dialect))
    assert file.channels_nm == (340, 440, 500, 675, 870, 1020)
    planted = np.array(file.channels_nm) / 10000.0 + np.arange(50)[:, None] * 1e-5
    np.testing.assert_allclose(file.aod, planted, atol=5.1e-7)
    np.testing.assert_allclose(file.exact_um()[3], np.array(file.channels_nm) / 1000 + 0.0007)
    assert file.stations[0].site == "Site_A"
    assert "Simulated" in file.stations[0].pi
    assert not file.stations[0].daily


def test_daily_averages_are_means_and_say_so(tmp_path: Path) -> None:
    file = read_aeronet(simulated(tmp_path / "a.lev20", count=120, dialect="daily"))
    assert file.stations[0].daily
    assert list(file.time) == [
        np.datetime64("2016-05-01T12:00:00"),
        np.datetime64("2016-05-02T12:00:00"),
    ]
    # 96 rows fall on the first day: their mean share is that of row 47.5
    assert file.aod[0, 1] == pytest.approx(0.044 + 47.5e-5, abs=1e-6)
    assert np.isnan(file.exact_um()).all()


def test_packed_files_give_the_same_as_plain_ones(tmp_path: Path) -> None:
    plain = read_aeronet(simulated(tmp_path / "a.lev20"))
    text = (tmp_path / "a.lev20").read_bytes()
    (tmp_path / "b.lev20.gz").write_bytes(gzip.compress(text))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("inside/a.lev20", text)
        archive.writestr("__MACOSX/._a.lev20", b"junk")
    with tarfile.open(tmp_path / "d.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo("AOD/a.lev20")
        info.size = len(text)
        archive.addfile(info, io.BytesIO(text))
    for name in ("b.lev20.gz", "c.zip", "d.tar.gz"):
        same(read_aeronet(tmp_path / name), plain)


def test_archive_with_several_members_keeps_the_good_ones(tmp_path: Path) -> None:
    simulated(tmp_path / "a.lev20", "Site_A")
    simulated(tmp_path / "b.lev15", "Site_B", level="1.5")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(tmp_path / "a.lev20", "a.lev20")
        archive.writestr("readme.txt", "nothing of interest\n")
        archive.write(tmp_path / "b.lev15", "b.lev15")
    file = read_aeronet(tmp_path / "all.zip")
    assert list(file.of_station("site")) == ["Site_A"] * 50 + ["Site_B"] * 50
    assert list(file.of_station("level")) == ["2.0"] * 50 + ["1.5"] * 50
    assert [item.file for item in file.rejected] == ["all.zip/readme.txt"]


def test_files_of_several_sites_one_after_the_other(tmp_path: Path) -> None:
    parts = [
        simulated(tmp_path / "a.lev20", "Site_A", 30),
        simulated(tmp_path / "b.lev20", "Site_B", 20, dialect="webservice", level="1.5"),
        simulated(tmp_path / "c.lev20", "Site_C", 10),
    ]
    joined = tmp_path / "joined.txt"
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))
    file = read_aeronet(joined)
    sites = file.of_station("site")
    assert [int((sites == f"Site_{name}").sum()) for name in "ABC"] == [30, 20, 10]
    assert set(file.of_station("level")[sites == "Site_B"]) == {"1.5"}
    assert file.rejected == ()


def test_blocks_of_any_size_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [simulated(tmp_path / f"{name}.lev20", name, 20) for name in ("A", "B")]
    joined = tmp_path / "joined.txt"
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))
    whole = read_aeronet(joined)
    assert len(whole) == 40
    for size in (100, 997, 4096, 20000):
        monkeypatch.setattr(aeronet_text, "BLOCK_BYTES", size)
        same(read_aeronet(joined), whole)


def test_web_page_around_the_data(tmp_path: Path) -> None:
    plain = read_aeronet(simulated(tmp_path / "a.txt", dialect="webservice"))
    lines = (tmp_path / "a.txt").read_text().splitlines()
    page = "<html><head><title>AERONET</title></head><body>\n" + "<br>\n".join(lines)
    (tmp_path / "b.html").write_text(page + "<br>\n</body></html>\n")
    one_line = "<HTML><BODY>" + "<BR>".join(lines) + "<BR></BODY></HTML>"
    (tmp_path / "c.html").write_text(one_line)
    for name in ("b.html", "c.html"):
        file = read_aeronet(tmp_path / name)
        same(file, plain)
        assert file.rejected == ()


@pytest.mark.parametrize("change", ["crlf", "bom", "no_last_newline", "blank_lines"])
def test_other_line_ends_and_marks(tmp_path: Path, change: str) -> None:
    plain = read_aeronet(simulated(tmp_path / "a.lev20"))
    text = (tmp_path / "a.lev20").read_bytes()
    changed = {
        "crlf": text.replace(b"\n", b"\r\n"),
        "bom": b"\xef\xbb\xbf" + text,
        "no_last_newline": text.rstrip(b"\n"),
        "blank_lines": text.replace(b"\nAll Points", b"\n\nAll Points") + b"\n\n",
    }[change]
    (tmp_path / "b.lev20").write_bytes(changed)
    file = read_aeronet(tmp_path / "b.lev20")
    same(file, plain)
    assert file.rejected == ()


def test_names_outside_ascii(tmp_path: Path) -> None:
    simulated(tmp_path / "a.lev20", pi="Jérôme_Vidot")
    assert b"J\xe9r\xf4me" in (tmp_path / "a.lev20").read_bytes()
    assert read_aeronet(tmp_path / "a.lev20").stations[0].pi == "Jérôme Vidot"


def edited(tmp_path: Path, edit: dict[int, tuple[str, str]]) -> AeronetFile:
    """A simulated file with (column name -> text) put into some data rows (counted from 0)."""
    lines = simulated(tmp_path / "a.lev20").read_text().splitlines()
    names = lines[6].split(",")
    for row, (column, text) in edit.items():
        cells = lines[7 + row].split(",")
        cells[names.index(column)] = text
        lines[7 + row] = ",".join(cells)
    (tmp_path / "b.lev20").write_text("\n".join(lines) + "\n")
    return read_aeronet(tmp_path / "b.lev20")


def test_negative_values_fill_values_and_odd_numbers(tmp_path: Path) -> None:
    texts = ["-0.001234", "-999.000000", "-999.", "-9999.", "0.1", "1e-3", "12.345678", "", "N/A"]
    file = edited(tmp_path, {i: ("AOD_500nm", text) for i, text in enumerate(texts)})
    column = file.aod[:, file.channels_nm.index(500)]
    nan = np.nan
    expected = [-0.001234, nan, nan, nan, 0.1, 0.001, 12.345678, nan, nan]
    np.testing.assert_array_equal(column[: len(texts)], expected)
    assert np.isfinite(column[len(texts) :]).all()
    assert file.rejected == ()


def test_digits_give_the_same_float_as_reading_the_text(tmp_path: Path) -> None:
    values = np.random.default_rng(1).normal(0.0, 10.0, 50)
    file = edited(tmp_path, {i: ("AOD_675nm", f"{v:.6f}") for i, v in enumerate(values)})
    expected = [float(f"{value:.6f}") for value in values]
    np.testing.assert_array_equal(file.aod[:, file.channels_nm.index(675)], expected)


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("AOD_440nm", "0.12x456", "column AOD_440nm does not hold a number: '0.12x456'"),
        ("AOD_440nm", "0.1-3456", "column AOD_440nm does not hold a number: '0.1-3456'"),
        ("Date(dd:mm:yyyy)", "31:02:2016", "not dd:mm:yyyy and hh:mm:ss: '31:02:2016'"),
        ("Date(dd:mm:yyyy)", "2016-05-01", "not dd:mm:yyyy and hh:mm:ss: '2016-05-01'"),
        ("Time(hh:mm:ss)", "24:00:00", "not dd:mm:yyyy and hh:mm:ss: '01:05:2016' and '24:00"),
    ],
)
def test_broken_rows_are_listed_and_the_rest_is_read(
    tmp_path: Path, column: str, text: str, reason: str
) -> None:
    file = edited(tmp_path, {3: (column, text)})
    assert len(file) == 49
    assert np.datetime64("2016-05-01T08:30:00") not in file.time
    (item,) = file.rejected
    assert (item.file, item.line, item.count) == ("b.lev20", 11, 1)
    assert reason in item.reason


def test_cut_off_last_line_is_rejected_and_counted(tmp_path: Path) -> None:
    text = simulated(tmp_path / "a.lev20").read_bytes()
    (tmp_path / "b.lev20").write_bytes(text[:-400])
    file = read_aeronet(tmp_path / "b.lev20")
    assert len(file) == 49
    (item,) = file.rejected
    assert item.line == 57
    assert "cut off" in item.reason
    assert "of 113 fields" in item.reason


def test_line_numbers_count_over_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aeronet_text, "BLOCK_BYTES", 5000)
    file = edited(tmp_path, {31: ("AOD_440nm", "?"), 44: ("Time(hh:mm:ss)", "noon")})
    assert [item.line for item in file.rejected] == [39, 52]


def test_many_broken_rows_are_counted_not_all_named(tmp_path: Path) -> None:
    lines = simulated(tmp_path / "a.lev20", count=400).read_text().splitlines()
    lines[8:] = [line.replace(":2016,", ":16,") for line in lines[8:]]
    (tmp_path / "b.lev20").write_text("\n".join(lines) + "\n")
    file = read_aeronet(tmp_path / "b.lev20")
    assert len(file) == 1
    assert sum(item.count for item in file.rejected) == 399
    assert len(file.rejected) == 101


def test_damaged_gzip_keeps_what_came_before(tmp_path: Path) -> None:
    plain = read_aeronet(simulated(tmp_path / "a.lev20", count=6000))
    packed = gzip.compress((tmp_path / "a.lev20").read_bytes())
    (tmp_path / "b.lev20.gz").write_bytes(packed[: len(packed) * 3 // 4])
    file = read_aeronet(tmp_path / "b.lev20.gz")
    assert 0 < len(file) < 6000
    np.testing.assert_array_equal(file.aod, plain.aod[: len(file)])
    assert "damaged or incomplete" in file.rejected[0].reason


SDA_NAMES = (
    "AERONET_Site,Date_(dd:mm:yyyy),Time_(hh:mm:ss),Day_of_Year,Total_AOD_500nm[tau_a],"
    "Fine_Mode_AOD_500nm[tau_f],Angstrom_Exponent(AE)-Total_500nm[alpha],"
    "Solar_Zenith_Angle(Degrees),AOD_Empty,AOD_Empty,Data_Quality_Level,"
    "AERONET_Instrument_Number,AERONET_Site_Name,Site_Latitude(Degrees),"
    "Site_Longitude(Degrees),Site_Elevation(m),Number_of_Wavelengths,"
    "Exact_Wavelengths_for_Input_AOD(um)"
)
SDA_ROW = (
    "Karlsruhe,21:03:2005,12:00:00,80,0.242882,0.050086,0.373355,41.500000,-999.,-999.,lev15,325,"
    "Karlsruhe,49.093300,8.427900,140.000000,2,0.8700,0.5001"
)


def test_sda_gives_its_total_aod_and_exponent(tmp_path: Path) -> None:
    header = (
        "AERONET Version 3; SDA Version 4.1\nKarlsruhe\nVersion 3: SDA Retrieval Level 1.5\nThe\n"
        "Contact: PI=A_B; PI Email=a@b\nAll Points,UNITS can be found at,,, x\n"
    )
    (tmp_path / "a.ONEILL_lev15").write_text(f"{header}{SDA_NAMES}\n{SDA_ROW}\n")
    file = read_aeronet(tmp_path / "a.ONEILL_lev15")
    assert file.channels_nm == (500,)
    assert file.aod[0, 0] == 0.242882
    assert file.angstrom[0] == 0.373355
    assert file.solar_zenith_deg[0] == 41.5
    assert file.stations[0].product == "SDA"
    assert (file.stations[0].level, file.stations[0].site) == ("1.5", "Karlsruhe")


def test_inversion_product_is_recognized(shared_data: Path) -> None:
    path = shared_data / "aot" / "aeronet_v3" / "webservice_INV_SIZ15_Cart_Site_2002.txt"
    with pytest.raises(InputError, match=r"inversion product, no AOD columns.*AOD Level 2\.0") as e:
        read_aeronet(path)
    assert path.name in str(e.value)


VERSION_2 = (
    "Level 2.0. Quality Assured Data.\nVersion 2 Direct Sun Algorithm\n"
    "Date(dd-mm-yy),Time(hh:mm:ss),Julian_Day,AOT_1640\n16:09:2006,00:00:00,259.0,-9999.\n"
)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty: download it again"),
        (b" \n\n", "is empty: download it again"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 20, "binary data"),
        ("AERONET Version 3;\n".encode("utf-16"), "binary data or UTF-16"),
        (b"<!DOCTYPE html><html><body>404 Not Found</body></html>", "error page of a web server"),
        (b"<html>AERONET Data Download (Version 3 Direct Sun)</html>", "answered without data"),
        (b"date,aod\n2016-05-01,0.2\n", "not an AERONET Version 3 text"),
        (VERSION_2.encode(), "Version 2 file: download the Version 3"),
        (b"Date(dd:mm:yyyy),Time(hh:mm:ss),CO2\n01:05:2016,10:00:00,400\n", "none of the columns"),
        (b"Date(dd:mm:yyyy),Time(hh:mm:ss),AOD_500nm\n", "no line of data"),
        (b"Date(dd:mm:yyyy),Time(hh:mm:ss),AOD_500nm\n,,\n,,\n", "not dd:mm:yyyy"),
        (gzip.compress(b"Date(dd:mm:yyyy)" * 99, mtime=0)[:40], "damaged or incomplete"),
        (b"PK\x03\x04 broken", "damaged or incomplete"),
    ],
)
def test_files_that_are_something_else(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "odd.lev20").write_bytes(content)
    with pytest.raises(InputError, match=sentence) as error:
        read_aeronet(tmp_path / "odd.lev20")
    assert "odd.lev20" in str(error.value)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.lev20 does not exist"):
        read_aeronet(tmp_path / "nowhere.lev20")


def test_few_columns_are_enough(tmp_path: Path) -> None:
    text = "Date(dd:mm:yyyy),Time(hh:mm:ss),AOD_500nm\n01:05:2016,10:00:00,0.2\n"
    (tmp_path / "a.lev20").write_text(text)
    file = read_aeronet(tmp_path / "a.lev20")
    assert file.aod.tolist() == [[0.2]]
    assert np.isnan(file.water_vapor_cm).all()
    assert file.stations[0].site == ""


def test_sections_with_columns_in_another_order(tmp_path: Path) -> None:
    names = ("Exact_Wavelengths_of_AOD(um)_440nm", "Exact_Wavelengths_of_AOD(um)_500nm")
    start = "Date(dd:mm:yyyy),Time(hh:mm:ss),AOD_440nm,AOD_500nm,"
    row = "01:05:2016,10:00:00,0.3,0.2,0.441,0.501\n"
    text = f"{start}{names[0]},{names[1]}\n{row}{start}{names[1]},{names[0]}\n{row}"
    (tmp_path / "a.lev20").write_text(text)
    file = read_aeronet(tmp_path / "a.lev20")
    assert file.exact_um().tolist() == [[0.441, 0.501], [0.501, 0.441]]


def test_first_of_equal_names_counts_and_windows_line_ends_are_no_part_of_a_field(
    tmp_path: Path,
) -> None:
    text = "AOD_500nm,AOD_Empty,AOD_500nm,AOD_Empty,Date(dd:mm:yyyy),Time(hh:mm:ss)\r\n"
    row = "0.200000,-999.,0.900000,-999.,01:05:2016,10:00:00\r\n"
    (tmp_path / "a.lev20").write_bytes((text + row).encode())
    file = read_aeronet(tmp_path / "a.lev20")
    assert file.aod.tolist() == [[0.2]]
    assert file.time[0] == np.datetime64("2016-05-01T10:00:00")


def test_folder_search_goes_by_name_and_by_first_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "er"
    folder.mkdir(parents=True)
    simulated(folder / "a.lev20")
    simulated(folder / "b.lev15.gz")
    simulated(tmp_path / "web.txt", dialect="webservice")
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as archive:
        archive.write(folder / "a.lev20", "a.lev20")
    (tmp_path / "README.md").write_text("Files of (AERONET Version 3)\n")
    (tmp_path / "table.csv").write_text("site,aod\n")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04")
    (tmp_path / ".hidden.lev20").write_text("")
    found = [path.relative_to(tmp_path).as_posix() for path in find_aeronet_files(tmp_path)]
    assert found == ["deep/er/a.lev20", "deep/er/b.lev15.gz", "pack.zip", "web.txt"]


def test_canceling_stops_the_reading(tmp_path: Path) -> None:
    class Impatient(Silent):
        def canceled(self) -> bool:
            return True

    with pytest.raises(Canceled):
        read_aeronet(simulated(tmp_path / "a.lev20"), Impatient())


def test_progress_goes_up_to_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aeronet_text, "BLOCK_BYTES", 10_000)
    fractions: list[float] = []

    class Watch(Silent):
        def report(self, fraction: float, text: str = "") -> None:
            fractions.append(fraction)

    read_aeronet(simulated(tmp_path / "a.lev20", count=300), Watch())
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert len(fractions) > 20


def test_a_path_below_a_file_does_not_exist(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match=r"file/x\.lev20 does not exist"):
        next(iter(members(tmp_path / "file" / "x.lev20")))
