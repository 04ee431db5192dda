"""Whatever stands in the cells: every row is accounted for, nothing escapes, and what is accepted changes nothing the second time."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.registers.importing.helping import HEADS, emptied, plants, tried, written
from tests.web.running import Site

CELLS = st.one_of(
    st.none(),
    st.text("甲乙丙=+-@'\"\\/0123456789.,；、°′ -—ANE\n", max_size=12),
    st.integers(-(10**12), 10**12),
    st.floats(-1e9, 1e9),
    st.booleans(),
    st.dates(),
    st.sampled_from(["甲区", "C26", "118.512", "24.861", "是", "2026年1月5日", "13812345678", "#N/A"]),
)


@given(rows=st.lists(st.lists(CELLS, min_size=7, max_size=7), min_size=1, max_size=8))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_cells(site: Site, tmp_path: Path, rows: list[list[object]]) -> None:
    emptied()
    administrator = site.person("administrator")
    path = plants(tmp_path / "a.xlsx", [["示范厂", "甲区", "C26", 1, 1, 118.512, 24.861], *rows], HEADS)
    planned = tried(path, administrator)
    numbers = planned.sheet.row.to_list() + [note.row for note in planned.sheet.notes]
    filled = {at for at, row in enumerate(rows, 3) if any(str(cell).strip() for cell in row if cell is not None)}
    assert filled <= set(numbers)
    assert [result.row for result in planned.results] == planned.sheet.row.to_list()
    assert all(problem.text("en") and problem.text() for found in planned.refused.values() for problem in found)
    applied = written(path, administrator)
    assert applied.counts == planned.counts
    assert tried(path, administrator).counts.keys() <= {"unchanged", "refused"}
