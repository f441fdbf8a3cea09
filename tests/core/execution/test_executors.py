# SPDX-License-Identifier: GPL-3.0-or-later
"""Executors: what is allowed, what is refused with which sentence, and that none of them hangs."""

from __future__ import annotations

import builtins
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import Future, as_completed
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Cluster, environment, start_cluster, stop_cluster, wait_until

from calval_toolbox.core.errors import ExecutionError, InputError, MissingPackageError
from calval_toolbox.core.execution import dask_cluster, interpreter
from calval_toolbox.core.execution.executors import TileExecutor, cores, open_executor, parse_spec
from calval_toolbox.core.execution.threads import Threads


@pytest.mark.parametrize(
    "text",
    ["", "thread", "threads:0", "threads:-1", "threads:2.5", "threads:9999", "processes:x",
     "processes:0", "tcp://", "tcp://host", "tcp://host:0", "tcp://host:99999", "http://a:80",
     "tcp://ho st:80", "tcp://a:b:80", "threads:2;rm", "slurm:x"],
)  # fmt: skip
def test_bad_specs_say_what_is_allowed(text: str) -> None:
    with pytest.raises(InputError, match=r"executor '.*(threads:N, processes:N, or tcp|1 to 1024)"):
        open_executor(text)


def test_good_specs() -> None:
    assert parse_spec("threads").workers == cores() >= 1
    assert parse_spec(" threads:3 ").workers == 3
    assert parse_spec("processes:2").kind == "processes"
    assert parse_spec("tcp://[::1]:8786").address == "tcp://[::1]:8786"
    assert parse_spec("tcp://node-1.example.org:8786/").address == "tcp://node-1.example.org:8786"


@pytest.mark.parametrize("spec", ["threads:2", "processes:2"])
def test_it_is_an_executor(spec: str) -> None:
    with open_executor(spec) as executor:
        assert list(executor.map(abs, range(-20, 0))) == list(range(20, 0, -1))
        futures = [executor.submit(divmod, 7, divisor) for divisor in (0, 2)]
        assert len(list(as_completed(futures, timeout=120))) == 2
        assert isinstance(futures[0].exception(), ZeroDivisionError)
        assert futures[1].result() == (3, 1)
    with pytest.raises(RuntimeError):
        executor.submit(abs, 1)


def test_libraries_have_one_thread_in_each_of_ours() -> None:
    """A BLAS with several threads adds in an order that differs from run to run."""
    control = pytest.importorskip("threadpoolctl", reason="threadpoolctl is not installed")

    def counts() -> set[int]:
        return {pool["num_threads"] for pool in control.threadpool_info()}

    with control.threadpool_limits(limits=2):
        np.ones((2, 2)) @ np.ones((2, 2))
        assert 2 in counts()
        with open_executor("threads:2") as executor:
            assert executor.submit(counts).result() == {1}
        assert 2 in counts()


def test_it_is_an_executor_on_a_cluster(cluster: Cluster, tmp_path: Path) -> None:
    with open_executor(cluster.address, tmp_path) as executor:
        assert (executor.workers, executor.together) == (2, 2)
        futures = [executor.submit(abs, -number) for number in range(9)]
        assert [future.result() for future in futures] == list(range(9))
    assert list(tmp_path.iterdir()) == []
    with open_executor(cluster.address) as again:  # the cluster goes on
        assert again.submit(abs, -1).result() == 1


def test_canceled_threads_are_not_waited_for() -> None:
    queued: list[Future[Any]] = []

    def interrupted() -> None:
        with open_executor("threads:1") as executor:
            queued.extend(executor.submit(time.sleep, 3.0) for _ in range(3))
            wait_until(queued[0].running)
            raise KeyboardInterrupt

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - start < 1.0
    assert [future.cancelled() for future in queued] == [False, True, True]


def test_closing_twice_leaves_no_thread_behind() -> None:
    executor = Threads(4)
    wait_until(executor.submit(abs, 1).done)
    for _ in range(3):
        executor.kill()
    executor.join(5.0)
    assert not any(thread.is_alive() for thread in executor._threads)


def test_killed_processes_are_gone() -> None:
    pids: list[int] = []

    def interrupted() -> None:
        with open_executor("processes:1") as executor:
            pids.append(executor.submit(os.getpid).result(120))
            executor.submit(time.sleep, 60.0)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_workers_end_when_their_parent_is_killed() -> None:
    code = """
import os, sys, time
from calval_toolbox.core.execution.executors import open_executor
if __name__ == "__main__":
    executor = open_executor("processes:1")
    print(executor.submit(os.getpid).result(), flush=True)
    time.sleep(60)
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment()
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        os.kill(worker, 0)
        parent.kill()
    wait_until(lambda: not _alive(worker), 20)


def test_a_hung_thread_does_not_keep_the_program() -> None:
    code = """
import time
from calval_toolbox.core.execution import threads
threads._GRACE_S = 0.2
executor = threads.Threads(1)
future = executor.submit(time.sleep, 600)
while not future.running(): time.sleep(0.01)
executor.replace(future)
print(executor.submit(abs, -5).result())
executor.shutdown()
raise SystemExit(3)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(),
        timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, "5\n"), done.stderr


def test_a_thread_given_up_takes_no_more_work() -> None:
    executor = Threads(1)
    slow: Future[Any] = executor.submit(time.sleep, 0.3)
    wait_until(slow.running)
    executor.replace(slow)
    names = {executor.submit(_thread_name, 0.1).result() for _ in range(8)}
    executor.shutdown()
    assert len(names) == 1


def _thread_name(seconds: float) -> int:
    import threading

    time.sleep(seconds)
    return threading.get_ident()


def _alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stream:
            return stream.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


# -- the interpreter
# -----------------------------------------------------------------------------------------------


def script(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_the_interpreter_is_ours() -> None:
    found = interpreter.find_interpreter()
    version = subprocess.run([found, "-c", "import sys; print(sys.version)"], capture_output=True,
                             text=True, check=True)  # fmt: skip
    assert version.stdout.strip() == sys.version.replace("\n", " ").strip()


def test_another_program_is_never_started(tmp_path: Path) -> None:
    window = script(tmp_path, "qgis-bin", f"touch '{tmp_path}/opened'")
    with pytest.raises(ExecutionError, match=r"not named like a Python.*executor 'threads'"):
        interpreter.find_interpreter([window])
    assert not (tmp_path / "opened").exists()


def test_sys_executable_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = script(tmp_path, "qgis-bin", f"touch '{tmp_path}/opened'")
    monkeypatch.setattr(sys, "executable", window)
    found = interpreter.find_interpreter()
    assert found != window
    with open_executor("processes:1") as executor:
        assert executor.submit(abs, -1).result(120) == 1
    assert not (tmp_path / "opened").exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("echo no numpy here >&2; exit 1", "no numpy here"),
        ("exit 7", "ended with code 7"),
        ("echo hello", "no version"),
        ("""echo '{"python": "2.7", "numpy": "1.0"}'""", "numpy 1.0 instead of"),
    ],
)
def test_wrong_interpreters_are_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ExecutionError, match=reason):
        interpreter.find_interpreter([script(tmp_path, "python3", text)])


def test_a_silent_interpreter_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "LIMIT_S", 0.5)
    with pytest.raises(ExecutionError, match=r"did not answer within 0.5 s"):
        interpreter.find_interpreter([script(tmp_path, "python3", "exec sleep 20")])


# -- the cluster
# -----------------------------------------------------------------------------------------------


def test_without_distributed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def importing(name: str, *arguments: Any, **more: Any) -> Any:
        if name.split(".")[0] == "distributed":
            raise ImportError(name)
        return real(name, *arguments, **more)

    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setattr(builtins, "__import__", importing)
    with pytest.raises(MissingPackageError, match="pip install distributed"):
        open_executor("tcp://127.0.0.1:1")


def refused_in_time(address: str, match: str) -> None:
    start = time.monotonic()
    with pytest.raises(ExecutionError, match=match) as caught:
        open_executor(address)
    assert address in str(caught.value)
    assert time.monotonic() - start < 10.0


def test_closed_port(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(dask_cluster, "CONNECT_S", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    refused_in_time(f"tcp://127.0.0.1:{port}", "No Dask scheduler answers")


def test_port_of_another_program_that_says_nothing() -> None:
    pytest.importorskip("distributed")
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        refused_in_time(f"tcp://127.0.0.1:{mute.getsockname()[1]}", "No Dask scheduler answers")


def test_unknown_host(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(dask_cluster, "CONNECT_S", 0.5)
    refused_in_time("tcp://no-such-host.invalid:8786", "No Dask scheduler answers")


def test_cluster_without_workers_and_without_the_toolbox(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    cluster = start_cluster(tmp_path, 0, {"PYTHONPATH": ""})
    try:
        refused_in_time(cluster.address, "has no workers")
        worker = [sys.executable, "-m", "distributed.cli.dask_worker", cluster.address]
        with open(tmp_path / "worker.log", "wb") as log:
            cluster.workers.append(
                subprocess.Popen(
                    [*worker, "--nthreads", "1", "--no-dashboard", "--no-nanny"],
                    stdout=log, stderr=log, env={**environment(), "PYTHONPATH": ""}, cwd=tmp_path,
                )
            )  # fmt: skip
        from distributed import Client

        with Client(cluster.address, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=120)
        refused_in_time(cluster.address, "cannot import calval_toolbox.*PYTHONPATH")
    finally:
        stop_cluster(cluster)


def test_other_versions_on_the_workers(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = dask_cluster.core_versions
    asked = dask_cluster._ask

    def ours() -> dict[str, str]:
        return {**theirs(), "numpy": "9.9", "gdal": "9.8"}

    def ask(client: Any, function: Any, *arguments: Any) -> dict[str, Any]:
        return asked(client, theirs if function is ours else function, *arguments)

    monkeypatch.setattr(dask_cluster, "core_versions", ours)
    monkeypatch.setattr(dask_cluster, "_ask", ask)
    refused_in_time(cluster.address, "software: gdal .* instead of 9.8, numpy .* instead of 9.9")


def test_folder_that_workers_do_not_see(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "touch", lambda self: None)  # the file exists on no machine
    with pytest.raises(ExecutionError, match=r"does not see .*share under the same name"):
        open_executor(cluster.address, tmp_path)


def test_closing_a_cluster_that_has_died(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    cluster = start_cluster(tmp_path, 1)
    try:
        executor: TileExecutor = open_executor(cluster.address)
        cluster.scheduler.send_signal(signal.SIGKILL)
        start = time.monotonic()
        executor.kill()
        assert time.monotonic() - start < 5.0
    finally:
        stop_cluster(cluster)
