# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading AERONET files: rows per CPU second beside pandas and pyaerocom, and memory for 1 M rows.

All read the same download-tool file of real width (113 columns), whose values come from real files
where ../shared/data is there and from our writer otherwise. Pandas reads the 22 columns that the
import needs and their dates; pyaerocom reads AOD at 550 nm with its own reader; ours reads all
channels that hold values. The peers run in build/bench-venv (tests/benchmarks/requirements.txt).
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
PEER_PYTHON = ROOT / "build" / "bench-venv" / "bin" / "python"
SHARED = ROOT.parent / "shared" / "data" / "aot" / "aeronet_v3"
ROWS, MANY_ROWS, REPEATS = 200_000, 1_000_000, 3
PANDAS_GOAL, PYAEROCOM_GOAL, MEMORY_GOAL_MB = 1.5, 5.0, 500.0

OURS = """
import sys, time
from calval_toolbox.core.io.aeronet import read_aeronet
for _ in range(int(sys.argv[2])):
    begin = time.process_time()
    count = len(read_aeronet(sys.argv[1]))
    print(count / (time.process_time() - begin))
"""

PANDAS = """
import sys, time
import pandas as pd
columns = ["Date(dd:mm:yyyy)", "Time(hh:mm:ss)", "Precipitable_Water(cm)",
           "440-870_Angstrom_Exponent", "Data_Quality_Level", "AERONET_Instrument_Number",
           "AERONET_Site_Name", "Site_Latitude(Degrees)", "Site_Longitude(Degrees)",
           "Site_Elevation(m)", "Solar_Zenith_Angle(Degrees)"]
columns += [f"AOD_{c}nm" for c in (340, 380, 440, 500, 675, 870, 1020)]
columns += [f"Exact_Wavelengths_of_AOD(um)_{c}nm" for c in (440, 500, 675, 870)]
for _ in range(int(sys.argv[2])):
    begin = time.process_time()
    frame = pd.read_csv(sys.argv[1], skiprows=6, usecols=columns, na_values=[-999.0])
    text = frame[columns[0]] + " " + frame[columns[1]]
    frame["time"] = pd.to_datetime(text, format="%d:%m:%Y %H:%M:%S")
    print(len(frame) / (time.process_time() - begin))
"""

PYAEROCOM = """
import sys, time
from pyaerocom.io import ReadAeronetSunV3
reader = ReadAeronetSunV3()
for _ in range(int(sys.argv[2])):
    begin = time.process_time()
    data = reader.read_file(sys.argv[1], vars_to_retrieve=["od550aer"])
    print(len(data["dtime"]) / (time.process_time() - begin))
"""

MEMORY = """
import resource, sys, time
from calval_toolbox.core.aot.aeronet_import import import_files
begin = time.process_time()
result = import_files([sys.argv[1]])
count = len(result.table) + result.rejected_count
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
print(count, time.process_time() - begin, peak)
"""


def lines_of_data() -> tuple[list[str], list[str]]:
    """The header and the lines of real level 2.0 files, or of a simulated one."""
    texts = [gzip.decompress(path.read_bytes()) for path in sorted(SHARED.glob("*Sao_P*.lev20.gz"))]
    if texts:
        lines = [text.decode().splitlines() for text in texts]
        return lines[0][:7], [line for part in lines for line in part[7:]]
    from calval_toolbox.core.io.aeronet_write import write_aeronet

    with tempfile.TemporaryDirectory() as folder:
        count, channels = 10_000, (340, 380, 440, 500, 675, 870, 1020)
        rng = np.random.default_rng(1)
        times = np.datetime64("2015-01-01") + np.arange(count) * np.timedelta64(900, "s")
        level = rng.lognormal(-1.7, 0.5, count)
        aod = {c: level * (c / 550.0) ** -1.3 for c in channels}
        zenith = rng.uniform(10.0, 75.0, count)
        path = write_aeronet(
            Path(folder) / "s.lev20", "Site", times, aod, {}, level, solar_zenith=zenith
        )
        lines = path.read_text(encoding="latin-1").splitlines()
    return lines[:7], lines[7:]


def write_file(path: Path, count: int) -> None:
    """Repeat the lines with new, ever later times, until there are ``count``."""
    header, lines = lines_of_data()
    times = np.datetime64("1995-01-01T00:00:00") + np.arange(count) * np.timedelta64(600, "s")
    rests = [line.split(",", 2)[2] for line in lines]
    with open(path, "w", encoding="latin-1") as stream:
        stream.write("\n".join(header) + "\n")
        for number, text in enumerate(np.datetime_as_string(times, unit="s")):
            date = f"{text[8:10]}:{text[5:7]}:{text[:4]},{text[11:]}"
            stream.write(f"{date},{rests[number % len(rests)]}\n")


def run(python: str | Path, code: str, *arguments: object) -> list[list[float]] | str:
    """The numbers that ``code`` prints in a process of its own, or the last line of its error."""
    done = subprocess.run(
        [str(python), "-W", "ignore", "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "build" / "plugins")},
    )
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
    return [[float(cell) for cell in line.split()] for line in done.stdout.strip().splitlines()]


def speed(name: str, python: str | Path, code: str, path: Path) -> float:
    """Print and return the best rows per CPU second of several readings; NaN where it fails."""
    found = run(python, code, path, REPEATS)
    if isinstance(found, str):
        print(f"{name:12s} could not be run: {found}")
        return float("nan")
    best = max(row[0] for row in found)
    print(f"{name:12s} {best:10,.0f} rows per CPU second")
    return best


def main() -> int:
    """Print the table; 1 where a goal is missed."""
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        path = Path(folder) / "19950101_19991231_Sao_Paulo.lev20"
        write_file(path, ROWS)
        print(f"{ROWS:,} rows x 113 columns, {path.stat().st_size / 1e6:.0f} MB, best of {REPEATS}")
        ours = speed("ours", sys.executable, OURS, path)
        pandas = speed("pandas", PEER_PYTHON, PANDAS, path)
        pyaerocom = speed("pyaerocom", PEER_PYTHON, PYAEROCOM, path)
        write_file(path, MANY_ROWS)
        memory = run(sys.executable, MEMORY, path)
    if isinstance(memory, str):
        print(f"import of {MANY_ROWS:,} rows failed: {memory}")
        return 1
    count, seconds, peak = memory[0]
    print(f"import of {count:,.0f} rows to a table: {seconds:.1f} CPU s, peak memory {peak:.0f} MB")
    print(f"ratio to pandas {ours / pandas:.2f} (goal {PANDAS_GOAL})")
    print(f"ratio to pyaerocom {ours / pyaerocom:.2f} (goal {PYAEROCOM_GOAL})")
    # A peer that is not installed gives NaN, and no comparison with NaN is true.
    missed = ours / pandas < PANDAS_GOAL or ours / pyaerocom < PYAEROCOM_GOAL
    return int(missed or peak > MEMORY_GOAL_MB or count != MANY_ROWS)


if __name__ == "__main__":
    sys.exit(main())
