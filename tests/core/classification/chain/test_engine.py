# SPDX-License-Identifier: GPL-3.0-or-later
"""What is made again, and what is kept, when anything changes, fails or is stopped."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from calval_toolbox.core.classification.chain.plan import Standing, duration
from calval_toolbox.core.classification.chain.run import ChainRun, Request, run_units
from calval_toolbox.core.classification.chain.units import Cost, Unit, Work
from calval_toolbox.core.errors import Canceled, ExecutionError, InputError, OutputError
from calval_toolbox.core.execution.lock import RunLock
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.progress import Silent

STEPS = ("read", "double", "sum")


class Chain:
    """Two tiles are read and doubled, and the sum of both is taken."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.source = folder / "out", folder
        self.factor: dict[str, int] = {"a": 2, "b": 2}
        self.calls: list[str] = []
        self.broken: Callable[[Work], None] | None = None
        for name, number in (("a", 1), ("b", 10)):
            (folder / f"{name}.txt").write_text(str(number))

    def units(self) -> list[Unit]:
        made = []
        for tile in ("a", "b"):
            source = self.source / f"{tile}.txt"
            made += [
                Unit(
                    f"read {tile}", "read", {}, {"value": f"{tile}/value.txt"},
                    self._work(f"read {tile}", lambda _, s=source: int(s.read_text()) // 1),
                    files=(str(source),), cost=Cost(2.0, 50.0),
                ),
                Unit(
                    f"double {tile}", "double", {"FACTOR": self.factor[tile]},
                    {"value": f"{tile}/double.txt"},
                    self._work(
                        f"double {tile}",
                        lambda w, t=tile: self.factor[t] * number(w.result(f"read {t}", "value")),
                    ),
                    uses=(f"read {tile}",),
                ),
            ]  # fmt: skip
        total = Unit(
            "sum", "sum", {}, {"value": "sum.txt"},
            self._work("sum", lambda w: sum(
                number(w.result(f"double {t}", "value")) for t in ("a", "b"))),
            uses=("double a", "double b"),
        )  # fmt: skip
        return sorted([*made, total], key=lambda one: STEPS.index(one.step))

    def _work(self, name: str, value: Callable[[Work], int]) -> Callable[[Work], dict[str, Any]]:
        def work(given: Work) -> dict[str, Any]:
            self.calls.append(name)
            found = value(given)
            given.output("value").write_text(str(found))
            if name == "sum" and self.broken:
                self.broken(given)
            return {"value": found}

        return work

    def run(self, first: str = "read", last: str = "sum", resume: bool = True, **more: Any
            ) -> ChainRun:  # fmt: skip
        self.calls.clear()
        request = Request(self.units(), STEPS, first, last, {"runs": 1}, **more)
        return run_units(request, self.folder, ExecutionSettings(resume=resume))

    @property
    def total(self) -> str:
        return (self.folder / "sum.txt").read_text()


def number(path: Path) -> int:
    return int(path.read_text())


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    return Chain(tmp_path)


ALL = ["read a", "read b", "double a", "double b", "sum"]


def test_a_second_run_does_nothing(chain: Chain) -> None:
    run = chain.run()
    assert chain.calls == ALL
    assert chain.total == "22"
    assert run.steps(chain.units()) == (3, 0)
    before = (chain.folder / "sum.txt").stat().st_mtime_ns
    again = chain.run()
    assert chain.calls == []
    assert again.steps(chain.units()) == (0, 3)
    assert (chain.folder / "sum.txt").stat().st_mtime_ns == before
    assert again.plan.lines()[-1] == "Everything that is asked for is up to date."


def test_only_what_a_change_concerns_is_made_again(chain: Chain) -> None:
    chain.run()
    chain.factor["b"] = 3
    run = chain.run()
    assert chain.calls == ["double b", "sum"]
    assert chain.total == "32"
    reasons = {one.unit.name: one.reason for one in run.plan.planned}
    assert reasons["double b"] == "FACTOR: 2 before, 3 now"
    assert reasons["sum"] == "after double b"
    (chain.source / "a.txt").write_text("100")
    chain.run()
    assert chain.calls == ["read a", "double a", "sum"]


def test_the_same_result_of_changed_input_stops_the_change(chain: Chain) -> None:
    chain.run()
    (chain.source / "a.txt").write_text("01")  # another file, the same number
    run = chain.run()
    assert chain.calls == ["read a"]
    assert run.steps(chain.units()) == (1, 2)
    standings = [one.standing for one in run.plan.planned]
    assert standings.count(Standing.DEPENDS) == 2


@pytest.mark.parametrize("harm", ["removed", "changed"])
def test_a_harmed_result_is_made_again(chain: Chain, harm: str) -> None:
    chain.run()
    path = chain.folder / "b" / "double.txt"
    path.unlink()
    if harm == "changed":
        path.write_text("21")
    chain.run()
    assert chain.calls == ["double b"]
    assert path.read_text() == "20"


def test_a_copied_file_with_the_same_bytes_is_good(chain: Chain) -> None:
    chain.run()
    path = chain.folder / "b" / "double.txt"
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data)
    chain.run()
    assert chain.calls == []


def test_first_and_last_step(chain: Chain) -> None:
    with pytest.raises(InputError, match="double a needs read a.*FIRST_STEP=read"):
        chain.run(first="double")
    run = chain.run(last="double")
    assert chain.calls == ALL[:-1]
    assert not (chain.folder / "sum.txt").exists()
    assert run.plan.planned[-1].standing is Standing.LATER
    (chain.source / "a.txt").write_text("5")
    run = chain.run(first="double")
    assert chain.calls == ["sum"]  # earlier steps are taken as they are
    assert "but" in run.plan.planned[0].reason
    assert chain.total == "22"
    with pytest.raises(InputError, match="comes after"):
        chain.run(first="sum", last="read")


def test_starting_again_makes_all(chain: Chain) -> None:
    chain.run()
    chain.run(resume=False)
    assert chain.calls == ALL
    chain.run(first="sum", resume=False)
    assert chain.calls == ["sum"]


def test_a_plan_makes_nothing(chain: Chain) -> None:
    run = chain.run(plan_only=True)
    assert chain.calls == []
    assert not (chain.folder / "chain.json").exists()
    assert run.plan.seconds == pytest.approx(7.0 / run.plan.workers)
    assert run.plan.megabytes == 100.0
    assert run.plan.lines()[0].split("  ")[1:] == ["read a  ".strip(), "", "to do (not made yet)"]
    # Parts are what is made as a whole; steps are what is counted after the run.
    assert run.plan.lines()[-1].startswith("To do: 5 parts of 5, in 3 steps; about ")


@pytest.mark.parametrize(
    ("error", "said"),
    [(Canceled(), "Canceled by the user. 4 finished parts"),
     (ExecutionError("Tile 3 is missing."), "sum: Tile 3 is missing. 4 finished parts")],
)  # fmt: skip
def test_a_failed_unit_leaves_all_others_and_its_old_result(
    chain: Chain, error: Exception, said: str
) -> None:
    chain.run()
    chain.factor["a"] = 5

    def fail(_: Work) -> None:
        raise error

    chain.broken = fail
    with pytest.raises(type(error), match=said):
        chain.run()
    assert chain.total == "22"
    assert sorted(one.name for one in chain.folder.iterdir()) == ["a", "b", "chain.json", "sum.txt"]
    chain.broken = None
    chain.run()
    assert chain.calls == ["sum"]
    assert chain.total == "25"


def test_a_crash_between_files_and_manifest_is_made_up_for(chain: Chain) -> None:
    chain.run()
    path = chain.folder / "chain.json"
    manifest = json.loads(path.read_text())
    del manifest["units"]["double a"]
    path.write_text(json.dumps(manifest))
    chain.run()
    assert chain.calls == ["double a"]


def test_one_run_at_a_time_and_a_damaged_manifest(chain: Chain) -> None:
    chain.run()
    with RunLock(chain.folder), pytest.raises(OutputError, match="Another run is working"):
        chain.run()
    (chain.folder / "chain.json").write_text("{")
    with pytest.raises(InputError, match="damaged"):
        chain.run()


def test_a_unit_reads_only_what_it_says(chain: Chain) -> None:
    units = [Unit("x", "read", {}, {"value": "x"}, lambda w: {"p": str(w.result("sum", "value"))})]
    with pytest.raises(ValueError, match="does not say"):
        run_units(Request(units, STEPS, "read", "sum", {}), chain.folder, progress=Silent())


def test_times_in_words() -> None:
    assert [duration(value) for value in (0.2, 59.0, 90.0, 5400.0)] == [
        "1 s", "59 s", "2 min", "1.5 h",
    ]  # fmt: skip


def test_files_that_only_the_work_knows_of_count_too(chain: Chain) -> None:
    def work(given: Work) -> dict[str, Any]:
        for name in ("north", "south"):
            given.output(name, f"zones/{name}.txt").write_text(name)
        return {}

    def after(given: Work) -> dict[str, Any]:
        found = given.results("zones")
        given.output("value").write_text(" ".join(path.name for path in found.values()))
        return {}

    units = [
        Unit("zones", "read", {}, {}, work),
        Unit("after", "sum", {}, {"value": "after.txt"}, after, uses=("zones",)),
    ]
    request = Request(units, STEPS, "read", "sum", {})
    run_units(request, chain.folder)
    assert (chain.folder / "after.txt").read_text() == "north.txt south.txt"
    (chain.folder / "zones" / "south.txt").write_text("changed")
    assert run_units(request, chain.folder).made == ("zones",)
    assert (chain.folder / "zones" / "south.txt").read_text() == "south"


def test_a_change_of_a_file_shows_though_a_layer_of_it_is_named(tmp_path: Path) -> None:
    source = tmp_path / "a.gpkg"
    source.write_text("1")

    def work(given: Work) -> dict[str, Any]:
        given.output("value").write_text(source.read_text())
        return {}

    unit = Unit("read", "read", {}, {"value": "v.txt"}, work, files=(f"{source}|layername=b",))
    request = Request([unit], STEPS, "read", "sum", {})
    assert run_units(request, tmp_path / "out").made == ("read",)
    assert run_units(request, tmp_path / "out").made == ()
    source.write_text("22")
    assert run_units(request, tmp_path / "out").made == ("read",)
    assert (tmp_path / "out" / "v.txt").read_text() == "22"
