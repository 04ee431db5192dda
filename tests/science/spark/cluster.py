"""A Spark cluster of one master and two workers on the loopback address, each a process group that can be killed whole."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 300.0
"""Seconds after which a cluster that does not come up has failed: other tests may be using every core."""


def until(met: Callable[[], bool], what: str) -> None:
    """Wait until a condition is met."""
    end = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < end, what
        time.sleep(0.1)


class Cluster:
    """The processes, begun when it is made.

    Args:
        folder: for logs and what the workers write.
    """

    def __init__(self, folder: Path) -> None:
        import pyspark  # noqa: PLC0415  # absent where the extra is not installed

        self._folder = folder
        self._home = Path(pyspark.__file__).parent
        port = _free()
        self.address = f"spark://127.0.0.1:{port}"
        self.processes: list[subprocess.Popen[bytes]] = []
        self._begin("master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0")
        until(lambda: "I have been elected leader" in self.log("master"), "no master")
        for name in ("worker-1", "worker-2"):
            arguments = ("--cores", "1", "--memory", "1g", "--host", "127.0.0.1", "--webui-port", "0", "--work-dir", str(folder / name))
            self._begin(name, "org.apache.spark.deploy.worker.Worker", *arguments, self.address)
        until(lambda: self.log("master").count("Registering worker") >= 2, "no two workers")

    def log(self, name: str) -> str:
        """What a process has said so far."""
        return (self._folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def kill(self, place: int) -> None:
        """Kill a process and what it began, at once."""
        os.killpg(self.processes[place].pid, signal.SIGKILL)
        self.processes[place].wait()

    def close(self) -> None:
        """End what is still running."""
        for place, process in enumerate(self.processes):
            if process.poll() is None:
                self.kill(place)

    def _begin(self, name: str, *arguments: str) -> None:
        settings = "-Dspark.master.rest.enabled=false -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
        environment = os.environ | {
            "SPARK_HOME": str(self._home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_DAEMON_JAVA_OPTS": settings,
            "PYSPARK_PYTHON": sys.executable,
        }
        with (self._folder / f"{name}.log").open("wb") as log:
            command = [str(self._home / "bin" / "spark-class"), *arguments]
            process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment, start_new_session=True)
        self.processes.append(process)


def _free() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
