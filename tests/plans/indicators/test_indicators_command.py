"""The command `bilan indicators`, over a tiny city."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bilan.plans.indicators.command import indicators
from bilan.plans.models import IndicatorValue
from bilan.problems import BilanError
from tests.pack.indicators.texts import put, text
from tests.web import years
from tests.web.running import Site


def run(site: Site, *words: str) -> Result:
    result = CliRunner().invoke(indicators, [*words, "--city", str(site.city.folder)])
    if isinstance(result.exception, BilanError):
        raise result.exception
    return result


@pytest.fixture
def own(site: Site) -> Path:
    years.fill(site.store, site.city)
    return put(site.city.pack, "fine.sql", text())


def test_indicators_are_listed_checked_and_their_tables_told(site: Site, own: Path) -> None:
    assert "Fine days" in run(site, "list").output or "晴天" in run(site, "list").output
    checked = run(site, "check")
    assert checked.exit_code == 0
    assert "✓ indicators/fine.sql" in checked.output
    own.write_text(text().replace("grade <=", "grad <="), encoding="utf-8")
    wrong = run(site, "check")
    assert wrong.exit_code == 1
    assert "grade" in wrong.output
    own.unlink()
    assert "pm25" in run(site, "tables", "air_days").output
    assert "history.bench" in run(site, "tables").output or "registers." in run(site, "tables").output
    with pytest.raises(BilanError, match="air_days"):
        run(site, "tables", "air_dayz")


def test_values_are_computed_kept_and_tried(site: Site, own: Path) -> None:
    done = run(site, "compute", "fine", "--period", "year")
    assert done.exit_code == 0
    count = IndicatorValue.objects.filter(indicator="fine").count()
    assert count
    assert done.output.splitlines()[-1] == f"{count} / {count}"
    assert run(site, "compute", "fine", "--period", "year").output.splitlines()[-1] == f"{count} / 0"
    tried = run(site, "try", str(own), "--rows")
    assert tried.output.startswith("district,day")
    assert "fine" in run(site, "try", "fine", "--district", "350502").output
    own.unlink()
    assert "where n.series = 'cod-emissions'" in run(site, "query", "cod-cut").output
    with pytest.raises(BilanError, match="good-days"):
        run(site, "try", "good-dayz")
