"""What each test module costs in processor time, its own processes included: ``BILAN_TEST_COSTS=file`` collects it, this file sums it up.

BILAN_TEST_COSTS=/tmp/costs.txt make test
python tests/costs.py /tmp/costs.txt
"""

from __future__ import annotations

import os
import resource
import sys
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest

COSTS = "BILAN_TEST_COSTS"


def _spent() -> float:
    """Processor time of this process and of those it has waited for [s]."""
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


class Collector:
    """Adds up what every module's tests spent."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._spent: Counter[str] = Counter()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        before = _spent()
        done = yield
        self._spent[item.nodeid.partition("::")[0]] += _spent() - before
        return done

    def pytest_sessionfinish(self) -> None:
        self._spent["(collection and set-up of the process)"] += _spent() - sum(self._spent.values())
        with self._file.open("a", encoding="utf-8") as file:
            file.writelines(f"{seconds:.2f} {name}\n" for name, seconds in self._spent.items())


def main(file: Path) -> str:
    """The modules by cost, dearest first, in seconds of processor time."""
    sums: Counter[str] = Counter()
    for line in file.read_text(encoding="utf-8").splitlines():
        seconds, _, name = line.partition(" ")
        sums[name] += float(seconds)
    return "\n".join([f"{sum(sums.values()):9.1f} all", *(f"{seconds:9.1f} {name}" for name, seconds in sums.most_common())])


def wanted(config: pytest.Config) -> None:
    """Collect when asked to; with workers, in each of them."""
    if COSTS in os.environ and ("PYTEST_XDIST_WORKER" in os.environ or not getattr(config.option, "numprocesses", None)):
        config.pluginmanager.register(Collector(Path(os.environ[COSTS])), "bilan-costs")


if __name__ == "__main__":
    sys.stdout.write(main(Path(sys.argv[1])) + "\n")
