"""Examples of the library are tests; in CI nothing that a tool is missing for passes unseen; Django has a city before it is imported."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from _pytest.doctest import DoctestModule

from tests import costs, once, shared, stores

SOURCE = Path(__file__).resolve().parent / "src" / "bilan"
SITE = ("web", "people")
REPLACED = "tested instead"
"""How the reason of a skip ends when another test covers the same where this one cannot run."""

if "PYTEST_XDIST_WORKER" not in os.environ:
    # Now, because the conftests below set the site up when they are imported.
    once.begin()
    stores.start()


def pytest_configure(config: pytest.Config) -> None:
    """Collect what the modules cost, when asked to."""
    costs.wanted(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL a test of many registers, addresses and roles tries a part of them, unless the whole is asked for."""
    left_out = [item for item in items if stores.is_left_out(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The examples in the docstrings of our own modules; those of the site need a city first."""
    if file_path.suffix != ".py" or not file_path.is_relative_to(SOURCE) or b">>> " not in file_path.read_bytes():
        return None
    if file_path.relative_to(SOURCE).parts[0] in SITE:
        from tests.web.running import site_of_process  # noqa: PLC0415

        site_of_process()
    module: pytest.Collector = DoctestModule.from_parent(parent, path=file_path)
    return module


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a test skipped for anything but measurements that are not published fails."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole module that skips itself."""
    report = yield
    _refuse_skip(report)
    return report


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if os.environ.get("CI") != "true" or report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if (shared.MISSING in reason and not shared.ROOT.exists()) or reason.endswith(REPLACED):
        return
    report.outcome = "failed"
    report.longrepr = f"In CI nothing may be skipped, but this was. {reason}"
